#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# scripts/peers: how it judges, and a short run.
. testcases/tap.sh

cat > "$tmp/case.c" <<'END'
/* a comment */
int broken(struct page *page)
{
	mistake();
	return other_line();
}

static void
fine(void)
{
	nothing();
}

int two(int a, int b)
{
	mistake();
}
END
tab=$(printf '\t')
judge()	# WHAT IS SAID, words for tabs, one argument a line
{
	{
		printf 'bug\textern\t%s\t4\tkmap-leak\t1\n' "$tmp/case.c"
		printf 'bug\textern\t%s\t16\tkmap-order\t2\n' "$tmp/case.c"
		for line; do
			printf 'said\textern\t%s\n' "$line" | sed "s/ /$tab/g; s,FILE,$tmp/case.c,"
		done
	} > "$tmp/all"
	run awk -v tools='plugin other' -v shapes=extern -v results="$tmp/results" -f scripts/peers.awk "$tmp/all" "$tmp/case.c"
}

judge 'plugin FILE 5 x' 'plugin FILE 16 x' 'other FILE broken x'
exits 0 'ahead of the other'
has '| kmap-leak | 1 | 1 | 1 |' 'what is said of the function, by line or name, is the mistake found'
has '| kmap-order | 2 | 2 | 0 |' 'what nothing is said of is missed'
has '| good functions with a report | 1 | 0 | 0 |' 'nothing false'
has '| case.c | 3 | 3/0/0 | 1/2/0 |' 'the case has its line'
judge 'plugin FILE 5 x' 'other FILE 16 x' 'other FILE 11 x' 'other FILE 11 y' 'other include/some.h 3 x'
exits 1 'behind the other'
has 'The plugin is behind at: kmap-order/extern/other' '... where it is'
has '| good functions with a report | 1 | 0 | 2 |' 'a good function counts once, and a header does'
judge 'plugin FILE 5 x' 'plugin FILE 16 x' 'plugin FILE 11 x'
exits 1 'something false of our own'
has 'false/extern' '... is said'
grep -q "false${tab}extern${tab}plugin${tab}$tmp/case.c${tab}fine" "$tmp/results"
ok $? '... and named in the results'

run scripts/peers TOOLS=no-such-tool
exits 2 'a tool that is none'
has 'valid are plugin' '... is said, with those there are'
run scripts/peers SHAPES=round
exits 2 'a shape that is none'
run scripts/peers testcases/cases/no-such-file.c
exits 2 'a file that is none'
mkdir "$tmp/full"
: > "$tmp/full/kept"
run scripts/peers WORK="$tmp/full" TOOLS=gcc-O2
exits 2 'a folder that holds something of its own'
run test -f "$tmp/full/kept"
exits 0 '... which stays'

if [ -e "$build/kmapcheck.so" ] && [ "$build" = "$top/build" ]; then
	run scripts/peers WORK="$tmp/work" TOOLS='plugin gcc-O2 gcc-O0 clang sparse cppcheck' SHAPES='extern highmem' JOBS=2 \
		testcases/cases/double.c
	exits 0 'a run'
	has '| found, highmem | of | plugin |' '... in two shapes'
	# Each of the others, where it is installed, is asked in a way that it understands.
	for t in gcc-O2 gcc-O0 clang sparse cppcheck; do
		case $out in
		*"$t is not installed"*) ;;
		*)
			n=$(awk -F '\t' -v t="$t" '$1 == "found" && $3 == t && $2 == "extern"' "$tmp/work/results" | wc -l)
			[ "$n" -gt 0 ]
			ok $? "... $t finds something" ;;
		esac
	done
fi
finish
