#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Other compilers say the same as the default one: findings and verdicts of all test cases, in the three header shapes.
. testcases/tap.sh

if [ "$build" != "$top/build" ] || [ ! -e build/kmapcheck.so ]; then
	skip_all "compared is with the default compiler's plugin"
fi

# What a compiler says of a case, without columns, paths of findings and times, one line a finding or site.
verdicts()	# COMPILER PLUGIN SHAPE FILE
{
	set -- "$@" $(sed -n '1,3s|.*/\* options: \(.*\) \*/.*|\1|p' "$4" | sed 's/[^ ]*/-fplugin-arg-kmapcheck-&/g')
	cc=$1 plugin=$2 shape=$3 file=$4
	shift 4
	rm -f "$tmp/report"
	"$cc" -O2 -w -I "testcases/include/$shape" -I testcases/include "-fplugin=$plugin" -fplugin-arg-kmapcheck-check-only \
		"-fplugin-arg-kmapcheck-report=$tmp/report" "-fplugin-arg-kmapcheck-root=$top" "$@" -S -o /dev/null "$file" \
		> "$tmp/log" 2>&1 || cat "$tmp/log"
	sed -n 's/"column":[0-9]*,//g
		s/,"object":.*,"verdict"/,"verdict"/
		s/,"function":.*,"verdict"/,"verdict"/
		/"type":"site"/p
		s/,"function":.*//
		/"type":"finding"/p' "$tmp/report" | sort -u
}

n=0
for plugin in build/*/kmapcheck.so; do
	[ -e "$plugin" ] || continue
	read -r tag < "${plugin%/*}/tag"
	cc=
	for c in "${tag%-*}-gcc-${tag##*-}" "gcc-${tag##*-}" "${tag%-*}-gcc"; do
		if [ "$("$c" -dumpmachine 2>/dev/null)-$("$c" -dumpversion 2>/dev/null | sed 's/\..*//')" = "$tag" ]; then
			cc=$c
			break
		fi
	done
	[ -n "$cc" ] || continue
	n=$((n + 1))
	for file in testcases/cases/*.c; do
		for shape in extern inline highmem; do
			verdicts gcc build/kmapcheck.so "$shape" "$file" > "$tmp/expected"
			verdicts "$cc" "$plugin" "$shape" "$file" > "$tmp/found"
			run diff "$tmp/expected" "$tmp/found"
			exits 0 "$cc $file $shape"
		done
	done
done
[ "$n" -gt 0 ] || skip_all "no plugin for another compiler; make CC=... plugin"
[ -s "$tmp/expected" ]
ok $? "there is something to compare"
finish
