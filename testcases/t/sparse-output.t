#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Sparse's own output stays its own, ours comes on top of it.
. testcases/sparse-lib.sh

# Leak on line 5. What sparse itself says of this file is much: contexts, types, address spaces, a shift.
source_file leak.c <<'END'

#define __acquires(x) __attribute__((context(x, 0, 1)))
#define __user __attribute__((noderef, address_space(__user)))
extern void lock(int *l) __acquires(l);
int leak(struct page *page) { char *addr = kmap_local_page(page); return addr[0] ? 1 : 2; }
int undeclared;
int imbalance(int x, int *l) { if (x) lock(l); return x << 40; }
int spaces(int __user *p, int *q) { return p == q; }
static inline int never(void) { return sizeof(int) / 0; }
int wrong(void) { return never() + no_such_thing; }
END
cat > clean.c <<'END'
static int clean(int x) { return x + 1; }
int user(int x); int user(int x) { return clean(x); }
END

# own NAME OPTION…: what is left of our output without our lines is what sparse prints, on each stream, with its status
own()
{
	name=$1
	shift
	st=0
	"$plain" "$@" >plain.out 2>plain.err || st=$?
	st2=0
	"$check" "$@" >check.out 2>check.err || st2=$?
	# All that is ours comes when sparse is done.
	awk '/\[kmap-[a-z-]*\]$|: kmapcheck: / { exit } { print }' check.err >rest.err
	out=$(diff plain.out check.out && diff plain.err rest.err && echo "$st $st2")
	[ "$out" = "$st $st" ]
	ok $? "$name"
}

own 'a file without findings' clean.c
own 'a file with a finding' leak.c
own 'with -Wsparse-all' -Wsparse-all leak.c
own 'with -Wsparse-error, which makes sparse exit with 1' -Wsparse-error leak.c
own 'with -fdump-ir' -fdump-ir clean.c
own '-E' -E leak.c
own '-dM -E' -dM -E clean.c
own 'two files' clean.c leak.c
own 'no file at all' -Wall
own '-fdiagnostic-prefix' -fdiagnostic-prefix=sparse clean.c
own 'options that it passes over' -O2 -fno-such-thing -Wno-such-thing -include clean.c -pipe -o /dev/null leak.c

run "$check" leak.c
has "leak.c:5:44: warning: 'addr', mapped by kmap_local_page(page), is still mapped" 'the finding is a warning at its place'
has '[kmap-leak]' 'it names its rule'
has 'leak.c:5:44:    ' 'the path is indented lines'
exits 0 'a finding is not in the exit status'
run "$check" --kmap-only leak.c
has '[kmap-leak]' '--kmap-only prints the finding'
lacks 'undeclared' "... and nothing of sparse's"
exits 0 '... and exits with 0'
run "$check" --kmap-only clean.c
same '' '--kmap-only prints nothing of a clean file'
run "$check" --kmap-werror leak.c
has 'leak.c:5:44: error: ' '--kmap-werror makes it an error'
exits 1 '... and shows in the exit status'
run "$check" -Wsparse-error leak.c
has '[kmap-leak]' 'with -Wsparse-error what sparse warns of keeps no function from being analysed'
run "$check" --kmap-werror clean.c
exits 0 '--kmap-werror passes a clean file'
run "$check" -fdiagnostic-prefix=sparse --kmap-only leak.c
has 'leak.c:5:44: sparse: warning: ' "sparse's prefix is ours too"

# kbuild checks what is written there
run "$check" -D__KERNEL__ --arch=x86 -m64 -mlittle-endian -nostdinc -Wbitwise -Wno-return-void --kmap-only leak.c
has '[kmap-leak]' 'options as kbuild gives them'
run sh -c "cat leak.c | '$check' --kmap-only -"
status=0
out=$("$check" --kmap-only - <leak.c 2>&1) || status=$?
has '[kmap-leak]' 'a file from standard input'
# scripts/compare-sparse says so too, for whole trees
if [ "$build" = "$top/build" ]; then
	COMPARE=$tmp/compare
	export COMPARE
	run "$top/scripts/compare-sparse" --kmap-rules=kmap-leak -Wsparse-error leak.c
	has '[kmap-leak]' 'compare-sparse prints what the checker prints'
	exits 1 '... and has its exit status'
	run "$top/scripts/compare-sparse" clean.c
	run "$top/scripts/compare-sparse" --summary "$COMPARE"
	has '2 files, 0 with other output than sparse' '... and finds the output to be the same'
	exits 0 '... which is no failure'
	: >empty.c
	run "$top/scripts/compare-sparse" empty.c
	run "$top/scripts/compare-sparse" --summary "$COMPARE"
	has 'empty.c: the output differs' 'another exit status is a difference'
	exits 1 '... and a failure'
fi
finish
