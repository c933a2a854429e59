#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What the cases hold that the engine does not find yet: "missed: RULE" on the line where the finding should stand.
# Each is a TODO of TAP; one that is found is to become an "expect".
set -u
: "${OUT:=build}"
plugin=$OUT/kmapcheck.so
[ -f "$plugin" ] || { echo "1..0 # SKIP no $plugin"; exit 0; }
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
n=0
for file in $(grep -l 'missed: [a-z]' testcases/cases/*.c testcases/held-out/*.c); do
	sed -n 's,.*/\* options: \(.*\) \*/.*,\1,p' "$file" | head -n 1 >"$tmp/options"
	set --
	for option in $(cat "$tmp/options"); do
		set -- "$@" "-fplugin-arg-kmapcheck-$option"
	done
	${CC:-gcc} -O2 -w -S -o /dev/null -Itestcases/include/extern -Itestcases/include -fplugin="$plugin" \
		"-fplugin-arg-kmapcheck-report=$tmp/report" "$@" "$file" 2>"$tmp/err" || {
		n=$((n + 1))
		echo "not ok $n - $file compiles"
		sed 's/^/# /' "$tmp/err"
		continue
	}
	grep -n 'missed: [a-z]' "$file" | sed 's,^\([0-9]*\):.*missed: \([a-z-]*\).*,\1 \2,' >"$tmp/missed"
	while read -r line rule; do
		n=$((n + 1))
		if grep -q "\"rule\":\"$rule\".*\"line\":$line,\"column\":[0-9]*,\"function\":[^}]*\"message\"" "$tmp/report"; then
			echo "ok $n - $file:$line $rule # TODO found by now: make it an expectation"
		else
			echo "not ok $n - $file:$line $rule # TODO not found yet"
		fi
	done <"$tmp/missed"
done
echo "1..$n"
