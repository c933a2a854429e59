#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# scripts/bench: what it makes of figures, the functions of growing size, and a run on a tree of one small file.
. testcases/tap.sh

{
	echo 'a.c 1 cc 1.0 10 0 - -'
	echo 'a.c 1 plugin 1.5 10 0 0.1 1.1'
	echo 'a.c 2 cc 9.0 10 0 - -'
	echo 'a.c 2 plugin 1.1 10 0 0.3 1.3'
	echo 'a.c 3 cc 1.0 10 0 - -'
	echo 'a.c 3 plugin 1.3 10 0 0.2 1.2'
	echo 'b.c 1 cc 2.0 10 0 - -'
	echo 'b.c 1 plugin 2.0 10 1 - -'
} > "$tmp/runs"
run awk -f scripts/bench.awk "$tmp/runs"
has '2 files' 'files are counted, not runs'
has '| compile with the plugin / without | 1.150 | 1.075 to 1.225 | 1.000 to 1.300 | 1.100 |' \
	'the median of a file stands for it, and the ratio of sums is apart'
has "| plugin in a compile / the rest of it, by its own clock | 0.200 | 0.200 to 0.200 | 0.200 to 0.200 | 0.200 |" \
	'what the report tells is held against the rest of the compile'
has '| plugin (1 runs failed) | 1.650 |' 'a run that fails is told'
lacks 'sparse' 'what was not run is not in the table'

{
	echo 'pairs 10 0.1 10 0 0.010 0.1 20 20 0 0 one after the other'
	echo 'pairs 20 0.1 10 0 0.040 0.1 40 0 1 1 one after the other'
} > "$tmp/grown"
run awk -v grown=1 -f scripts/bench.awk "$tmp/grown"
has '| pairs: one after the other | 10 | 10.00 | 100.0 |  | 20 of 20 |' 'a size'
has '|  | 20 | 40.00 | 100.0 | n^2.0 | 0 of 40, bounded, 1 findings |' 'the next, and how it grew'

awk -f scripts/bench-grow.awk > "$tmp/forms"
while read -r form most _; do
	awk -v form="$form" -v n=5 -f scripts/bench-grow.awk > "$tmp/f.c" &&
		gcc -O1 -Wall -Wextra -Werror -Wno-unused-parameter -Wno-misleading-indentation -c -o "$tmp/f.o" "$tmp/f.c" &&
		[ "$most" -ge 8 ]
	ok $? "the function '$form' is C"
done < "$tmp/forms"
run awk -v form=none -v n=5 -f scripts/bench-grow.awk
exits 2 'a form that is none'

if [ "$build" = "$top/build" ] && [ -e "$build/kmapcheck.so" ] && [ -e "$build/cputime" ]; then
	unset CC MAKEFLAGS MAKELEVEL MAKEOVERRIDES MFLAGS srctree objtree
	mkdir -p "$tmp/linux/mm" "$tmp/obj/mm"
	: > "$tmp/obj/.config"
	cat > "$tmp/linux/mm/one.c" <<-'END'
	struct page;
	void *kmap_local_page(struct page *page);
	void kunmap_local(const void *addr);
	const char *one(struct page *page);
	const char *one(struct page *page)
	{
		kunmap_local(kmap_local_page(page));
		return TEXT;
	}
	END
	echo "savedcmd_mm/one.o := gcc -Wp,-MMD,mm/.one.o.d -O2 -DTEXT='\"of two\"' -c -o mm/one.o ../linux/mm/one.c ; true" \
		> "$tmp/obj/mm/.one.o.cmd"
	run scripts/bench KDIR="$tmp/linux" O="$tmp/obj" RUNS=2 GROW=no WORK="$tmp/work" \
		TOOLS='cc plugin check-only analyzer sparse sparse-checker scripts'
	exits 0 'a run'
	lacks 'failed' '... in which nothing fails'
	has '| check-only / compile |' '... has its table'
	[ "$(grep -c '^mm/one.c . plugin [0-9.]* [0-9]* 0 0\.[0-9]* ' "$tmp/work/runs")" = 2 ]
	ok $? '... and the figures of each run'
	[ -z "$(find "$tmp/obj" "$tmp/linux" -name '*.o' -o -name '*.d')" ]
	ok $? '... with nothing written to the trees'
	run scripts/bench KDIR="$tmp/linux" O="$tmp/obj" TOOLS=bogus GROW=no WORK="$tmp/work"
	exits 2 'a tool that is none'
	has 'valid are cc plugin' '... is said, with those there are'
	run scripts/bench KDIR="$tmp/nothing"
	exits 2 'no such tree'
	run "$build/cputime" "$tmp/log" sh -c 'echo said; exit 3'
	same "$(echo "$out" | awk '$1 >= 0 && $2 > 100 { print $1, $2, 3 }')" 'cputime tells time, size and exit status'
	[ "$(cat "$tmp/log")" = said ]
	ok $? '... and keeps the output'
	run "$build/cputime" "$tmp/log" sh -c 'kill -9 $$'
	has ' 137' '... and a signal'
fi
finish
