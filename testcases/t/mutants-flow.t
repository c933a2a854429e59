#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# scripts/mutants-flow: each kind on flow texts whose mutants are all reported, and one that nobody can tell from right.
set -u
: "${OUT:=build}"
export KMAPCHECK="$PWD/$OUT/kmapcheck"
case $OUT in /*) KMAPCHECK=$OUT/kmapcheck ;; esac
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
n=0
is()	# WHAT EXPECTED GOT
{
	n=$((n + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		printf '%s\n' "expected: $2" "got: $3" | sed 's/^/# /'
	fi
}
flows="testcases/flow/kmap-page.flow testcases/flow/pair-proved.flow testcases/flow/summary.flow"
for kind in unmap-deleted:4 unmap-doubled:4 unmap-moved:1 wrong-family:4; do
	# shellcheck disable=SC2086 # words of a list
	is "${kind%:*}" "${kind%:*}: ${kind#*:} right, 0 other, 0 missed of ${kind#*:} judged (100.0 %); 0 already, 0 broken" \
		"$(scripts/mutants-flow "${kind%:*}" $flows | tail -n 1)"
done
cat >"$tmp/put.flow" <<'END'
unit "put.c" pagesize 4096
file 1 "put.c"
func put(%addr) !1:1-4 {
@0:
	call kunmap_local(const %addr) !1:3:2
	ret !1:4:1
}
END
is "a release whose mapping is out of sight is missed" "missed put.c:3 kunmap_local() put" \
	"$(scripts/mutants-flow unmap-deleted "$tmp/put.flow" | head -n 1)"
is "a kind that is none" 2 "$(scripts/mutants-flow nonsense x.flow >/dev/null 2>&1; echo $?)"
is "no file" 2 "$(scripts/mutants-flow unmap-deleted >/dev/null 2>&1; echo $?)"
echo "1..$n"
