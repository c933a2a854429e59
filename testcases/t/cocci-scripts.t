#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# cocci-scripts.t - every semantic patch on its file of testcases/cocci: what is reported, the lines that the other modes
# name, and the result of patch mode, which has to compile and to leave nothing for the script and for the plugin to find
#
# A function named …_bad or …_old must be reported and mended, …_report only reported, …_good and …_kept left alone.

LC_ALL=C
export LC_ALL
data=testcases/cocci
rules=scripts/coccinelle/highmem
plugin=${OUT:-build}/kmapcheck.so
if ! command -v spatch >/dev/null; then
	echo "1..0 # SKIP no spatch"
	exit 0
fi
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

# spatch_in MODE SCRIPT FILE: with the options that the script asks for
spatch_in() {
	# shellcheck disable=SC2046
	spatch -D "$1" --very-quiet --cocci-file "$rules/$2.cocci" $(sed -n 's|^// Options:||p' "$rules/$2.cocci") \
		$([ "$1" = report ] || [ "$1" = org ] && echo --no-show-diff) "$3"
}

# functions FILE: the line of each function's name, and the name
functions() {
	awk '/^[a-z].*\(.*\)$/ { f = $0; sub(/\(.*/, "", f); sub(/.*[ *]/, "", f); print FNR, f }' "$1"
}

# within FILE: line numbers to the names of the functions that hold them
within() {
	functions "$1" >"$tmp/functions"
	awk 'NR == FNR { line[NR] = $1; name[NR] = $2; n = NR; next }
	     { for (i = n; i > 0; i--) if (line[i] <= $1) { print name[i]; break } }' "$tmp/functions" - | sort -u
}

echo 1..45
for pair in unpaired:kmap_local_unpaired flush:kmap_local_flush order:kmap_local_order arg:kmap_local_arg \
	convert:kmap_to_kmap_local; do
	file=$data/${pair%%:*}
	script=${pair##*:}

	spatch_in report "$script" "$file.c" >"$tmp/raw" 2>"$tmp/err"
	report $? "$script: report mode ends well" <"$tmp/err"
	sort -t: -k2,2n -k3 "$tmp/raw" >"$tmp/report"
	diff "$file.report" "$tmp/report" >"$tmp/out"
	report $? "$script: the reports"

	awk -F: '{ print $2 }' "$tmp/report" | within "$file.c" >"$tmp/reported"
	functions "$file.c" | awk '{ print $2 }' | grep -E '_(bad|old|report)$' | sort -u >"$tmp/wanted"
	diff "$tmp/wanted" "$tmp/reported" >"$tmp/out"
	report $? "$script: just the functions that are meant to be"

	spatch_in org "$script" "$file.c" 2>&1 | sed -n 's/^\* TODO .*::linb=\([0-9]*\)::.*/\1/p' | sort -n >"$tmp/org"
	awk -F: '{ print $2 }' "$tmp/report" | sort -n >"$tmp/lines"
	diff "$tmp/lines" "$tmp/org" >"$tmp/out"
	report $? "$script: org mode names the same lines"

	spatch_in context "$script" "$file.c" 2>"$tmp/out" |
		awk '/^@@/ { split($2, a, /[-,]/); line = a[2] - 1; next } /^---|^\+\+\+/ { next }
		     { line++ } /^-/ { print line }' | within "$file.c" >"$tmp/starred"
	grep -E '_(bad|old)$' "$tmp/wanted" | comm -23 - "$tmp/starred" >"$tmp/out"
	comm -13 "$tmp/wanted" "$tmp/starred" >>"$tmp/out"
	[ ! -s "$tmp/out" ]
	report $? "$script: context mode marks them"

	scripts/kmapcheck-cocci --quiet --mode patch --script "$script" "$file.c" >"$tmp/patch" 2>"$tmp/out"
	[ $? -eq 1 ] && [ ! -s "$tmp/out" ]
	report $? "$script: patch mode makes a patch"
	mkdir -p "$tmp/w/$data"
	cp "$file.c" "$tmp/w/$data/"
	patch -s -p1 -d "$tmp/w" <"$tmp/patch" >"$tmp/out" && diff "$file.patched" "$tmp/w/$file.c" >"$tmp/out"
	report $? "$script: the result"

	spatch_in report "$script" "$tmp/w/$file.c" 2>&1 | awk -F: '{ print $2 }' | within "$tmp/w/$file.c" |
		grep -Ev '_report$' >"$tmp/out"
	[ ! -s "$tmp/out" ]
	report $? "$script: nothing is left for it in what it mended"

	if [ ! -f "$plugin" ]; then
		n=$((n + 1))
		echo "ok $n - $script # SKIP no plugin"
		continue
	fi
	gcc -std=gnu11 -O1 -w -fsyntax-only -Itestcases/include/extern -Itestcases/include "$tmp/w/$file.c" >"$tmp/out" 2>&1 &&
	gcc -std=gnu11 -O1 -w -c -o /dev/null -Itestcases/include/extern -Itestcases/include -fplugin="$plugin" \
		-fplugin-arg-kmapcheck-report="$tmp/json" "$tmp/w/$file.c" 2>"$tmp/out"
	status=$?
	sed -n 's/.*"type":"finding".*"function":"\([^"]*_\(bad\|old\)\)","message":"\([^"]*\)".*/\1: \3/p' "$tmp/json" >>"$tmp/out"
	grep -Eq '_(bad|old): ' "$tmp/out" && status=1
	report $status "$script: it compiles, and the plugin finds nothing in what was mended"
done
