#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# api.t - the built-in model, its manual, and model files on the command line
#
# KDIR: kernel trees (several are separated by spaces) to compare the model's names and arguments with.

LC_ALL=C
export LC_ALL
model=engine/kernel.api
manual=docs/kernel-api.md
data=testcases/unit-api
kmapcheck=${OUT:-build}/kmapcheck
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
n=0

# report STATUS NAME: prints $tmp/out as comment where STATUS is not 0
report() {
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		sed 's/^/# /' "$tmp/out"
	fi
}

# empty NAME: ok where $tmp/out is empty
empty() {
	[ ! -s "$tmp/out" ]
	report $? "$1"
}

awk -f $data/join-lines.awk $model >"$tmp/kernel.api"

echo 1..10

"$kmapcheck" api >"$tmp/names" 2>"$tmp/out" && grep -qx kmap_local_folio "$tmp/names" && [ ! -s "$tmp/out" ]
report $? "the built-in model is read"

awk '/^#/ || !NF { next }
     $1 == "field" || $1 == "role" { if (seen[$1 " " $2]++) print FNR ": " $2; next }
     { k = split($1, a, "|"); for (i = 1; i <= k; i++) if (seen[a[i]]++) print FNR ": " a[i] }' "$tmp/kernel.api" >"$tmp/out"
empty "no name has two lines"

awk '/^# == .* ==/ { under = 1 } !/^#/ && NF && !under { print FNR ": " $1 }
     /[ \t]$/ || /[^[:print:]\t]/ && !/^#/ { print FNR ": stray characters" }' "$tmp/kernel.api" >"$tmp/out"
empty "every line stands under a heading"

# The words of the table in api-effect.c, and those that the manual's tables explain.
sed -n 's/^\t{ "\([a-z-]*\)", API_.*/\1/p' engine/api-effect.c | sort >"$tmp/words"
sed -n 's/^| \(`.*`\) | .*/\1/p' $manual | tr ',|' '\n\n' | sed -n 's/^ *`\([a-z-]*\).*/\1/p' | sort -u >"$tmp/explained"
comm -23 "$tmp/words" "$tmp/explained" | sed 's/$/: not in the manual/' >"$tmp/out"
[ -s "$tmp/words" ] || echo "no effect found in api-effect.c" >>"$tmp/out"
empty "the manual explains every effect"

awk '/^```api/ { on = 1; next } /^```/ { on = 0 } on' $manual >"$tmp/manual.api"
"$kmapcheck" api "$tmp/manual.api" >"$tmp/names" 2>"$tmp/out" && grep -qx my_end_read "$tmp/names"
report $? "the manual's examples are right"

printf 'good neutral\nbad maps(local)\n' >"$tmp/bad.api"
"$kmapcheck" api "$tmp/bad.api" >"$tmp/stdout" 2>"$tmp/out"
[ $? -eq 2 ] && [ ! -s "$tmp/stdout" ] && grep -q "^$tmp/bad.api:2:15: expected \",\" and an object, found \")\"$" "$tmp/out"
report $? "a wrong file: file:line:column, what was expected, status 2"

"$kmapcheck" api "$tmp/missing.api" >"$tmp/stdout" 2>"$tmp/out"
[ $? -eq 2 ] && [ ! -s "$tmp/stdout" ] && grep -q "missing.api: cannot read the model file: No such file" "$tmp/out"
report $? "a missing file"

"$kmapcheck" api "$tmp" >"$tmp/stdout" 2>"$tmp/out"
[ $? -eq 2 ] && [ ! -s "$tmp/stdout" ] && [ -s "$tmp/out" ]
report $? "a folder in place of a file"

# Random bytes end in a message, not in a crash.
ok=0
for i in 1 2 3 4 5 6 7 8; do
	awk -v i=$i 'BEGIN { srand(i); w = "maps unmaps writes(arg0) ( ) , local arg1 arg0->a.b *arg2 field a.b | # nonnull size(4) if(!arg1)"
		k = split(w, a, " "); for (j = 0; j < 300; j++) printf "%s%s", a[1 + int(rand() * k)], rand() < .1 ? "\n" : " " }' >"$tmp/random.api"
	timeout 10 "$kmapcheck" api "$tmp/random.api" >/dev/null 2>"$tmp/out"
	[ $? -le 2 ] || ok=1
done
report $ok "random words"

if [ -z "$KDIR" ]; then
	echo "ok 10 - names and arguments are those of kernel trees # SKIP KDIR is not set"
	exit 0
fi
for tree in $KDIR; do
	(cd "$tree" && find include arch/x86/include arch/arm/include arch/arc/include arch/x86/lib arch/x86/mm arch/arm/mm \
		arch/x86/kernel mm lib crypto block kernel net/core virt drivers/gpu/drm/drm_cache.c -name '*.[ch]'; ls "$tree"/fs/*.c) |
		sed "s,^[^/],$tree/&," >"$tmp/files"
	# shellcheck disable=SC2046 # the trees' file names hold no spaces
	(cat "$tmp/files" | xargs awk -f $data/prototypes.awk "$tmp/kernel.api") >>"$tmp/found"
done
awk -f $data/check-arguments.awk "$tmp/found" $data/other-kernels.txt "$tmp/kernel.api" >"$tmp/out" 2>&1
empty "names and arguments are those of kernel trees"
