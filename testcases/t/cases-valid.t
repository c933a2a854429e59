#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The cases themselves: valid C in every shape and for every compiler at hand; every rule and every reason has its case.
. testcases/tap.sh

# The one thing that cases may be warned of is what they are about: a variable that is not initialised on some path.
compiles()
{
	for f in testcases/cases/*.c; do
		"$1" -std=gnu11 -O2 -Wall -Wextra -Werror -Wno-maybe-uninitialized -Wno-sometimes-uninitialized \
			-Wno-unknown-warning-option -S -o /dev/null -I"testcases/include/$2" -Itestcases/include "$f" || return 1
	done
}

for cc in gcc-12 gcc-11 clang arm-linux-gnueabihf-gcc; do
	command -v "$cc" >/dev/null || continue
	for shape in extern inline highmem; do
		run compiles "$cc" "$shape"
		exits 0 "$cc takes all cases, shape $shape"
	done
done

for rule in $("$build/kmapcheck" rules | sed -n 's/^  \(\(kmap\|dcache\)-[a-z-]*\) .*/\1/p'); do
	run grep -l "expect: .*$rule" -r testcases/cases
	exits 0 "a case expects $rule"
	run grep -l "expect: .*$rule" -r testcases/flow
	exits 0 "a flow text expects $rule"
done
for reason in $(sed -n 's/^REASON([A-Z_]*, "\([a-z-]*\)".*/\1/p' engine/reasons.def); do
	run grep -l "verdict: .*($reason)" -r testcases/cases
	exits 0 "a case gets the reason $reason"
done

functions=$(cat testcases/cases/*.c | awk '/^[a-z].*\(.*\)$/ || /^[a-z].*,$/ { head = 1 } /^{/ { n += head; head = 0 } END { print n }')
run test "$functions" -ge 250
exits 0 "at least 250 functions ($functions)"
quiet=$(cat testcases/cases/patterns*.c | grep -c '[^a-z]expect[a-z, ]*[:[]')
run test "$quiet" -eq 0
exits 0 'the patterns expect nothing'
finish
