#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# scripts/mutants, on a tree of one small file that is compiled as kbuild would.
. testcases/tap.sh

if [ "$build" != "$top/build" ] || [ ! -e "$build/kmapcheck.so" ]; then
	skip_all "the harness is tested with the default compiler's plugin"
fi
unset CC MAKEFLAGS MAKELEVEL MAKEOVERRIDES MFLAGS srctree objtree
src=$tmp/linux
obj=$tmp/obj
mkdir -p "$src/mm" "$src/include" "$obj/mm" "$tmp/work"

cat > "$src/include/highmem.h" <<'END'
struct page;
void *kmap_local_page(struct page *page);
void kunmap_local(const void *addr);
void *kmap_atomic(struct page *page);
void kunmap_atomic(const void *addr);
int use(void *p);
END
cat > "$src/mm/local.h" <<'END'
#include "../include/highmem.h"
END
cat > "$src/mm/sample.c" <<'END'
#include "local.h"
#define put(p) kunmap_local(p)

/* kunmap_local(comment) is no place, nor is "kunmap_local(string)". */
int two(struct page *a, struct page *b);
int two(struct page *a, struct page *b)
{
	char *from = kmap_local_page(a);
	char *to = kmap_local_page(b);
	int err = use("kunmap_local(\"from\")");

	*to = *from;
	kunmap_local(to);	/* the newer one */
	kunmap_local(from);
	return err;
}

void unused(struct page *page, int *seen);
void unused(struct page *page, int *seen)
{
	void *p = kmap_atomic(page);

	*seen = 1;
#ifdef NEVER
	kunmap_atomic(p);
#else
	kunmap_atomic(
		p);
#endif
}

void given(void *p);
void given(void *p)
{
	if (p)
		kunmap_local(p);
}

void macro(struct page *page);
void macro(struct page *page)
{
	put(kmap_local_page(page));
}
END
printf 'savedcmd_mm/sample.o := gcc -Wp,-MMD,mm/.sample.o.d -Wall -O2 -DNAME='\''"a b"'\'' -c -o mm/sample.o %s  ; true\n' \
	"$src/mm/sample.c" > "$obj/mm/.sample.o.cmd"
before=$(cksum "$src"/*/* "$obj"/*/.*.cmd)

tab=$(printf '\t')

places()	# KIND: line and callee of each
{
	out=$(awk -v kind="$1" -f scripts/mutants-scan.awk -f scripts/mutants.awk engine/kernel.api "$src/mm/sample.c" | cut -f 2,3,4,5 | tr '\t' ' ')
}

mutant()	# KIND NUMBER: what differs
{
	out=$(awk -v kind="$1" -v want="$2" -v name=x.c -f scripts/mutants-scan.awk -f scripts/mutants.awk engine/kernel.api "$src/mm/sample.c" |
		tail -n +2 | diff "$src/mm/sample.c" - | grep '^[<>]' | tr -d '\t')
}

places unmap-deleted
same "13 two kunmap_local -
14 two kunmap_local -
25 unused kunmap_atomic -
27 unused kunmap_atomic -
36 given kunmap_local -
2 - kunmap_local in-a-macro" "each call in a function is a place, those in comments and strings are none"
places unmaps-swapped
same "13 two kunmap_local -" "two unmaps side by side are a place"
places unmap-moved
same "13 two kunmap_local -
14 two kunmap_local -
25 unused kunmap_atomic equivalent
27 unused kunmap_atomic equivalent
36 given kunmap_local no-map-in-function
2 - kunmap_local in-a-macro" "an unmap is moved where the address is used in between"

mutant unmap-deleted 4
same "< kunmap_atomic(
< p);
> ((void)0)
> ;" "an unmap is deleted, and lines keep their numbers"
mutant unmap-doubled 1
same "< kunmap_local(to);/* the newer one */
> ({ kunmap_local(to); kunmap_local(to); });/* the newer one */" "an unmap is doubled"
mutant unmaps-swapped 1
same "< kunmap_local(to);/* the newer one */
< kunmap_local(from);
> kunmap_local(from);/* the newer one */
> kunmap_local(to);" "unmaps are swapped"
mutant unmap-moved 2
same "< char *from = kmap_local_page(a);
> char *from = kmap_local_page(a); kunmap_local(from);
< kunmap_local(from);
> ((void)0);" "an unmap is moved behind its map"
mutant wrong-family 2
same "< kunmap_local(from);
> kunmap_atomic(from);" "an unmap becomes that of another family"
mutant page-for-address 2
same "< kunmap_local(from);
> kunmap_local((void *)(a));" "the page is given for the address"
mutant return-inserted 5
same "< kunmap_local(p);
> ({ extern int kmapcheck_mutant; if (kmapcheck_mutant) return; kunmap_local(p); });" "a return is inserted"

mutants()
{
	run scripts/mutants KDIR="$src" O="$obj" FILES=mm/sample.c WORK="$tmp/work" JOBS=1 "$@"
}

mutants KIND=unmap-deleted
exits 0 "deleted unmaps are tried"
has "  3 reported under the right rule (75.0 %)" "all are reported of which the mapping is in sight"
has "  1 missed" "that of the caller is not"
has "  of those whose mapping is proved 3 reported (100.0 %), 0 missed" "soundness stands beside"
has "mm/sample.c:36: missed: kunmap_local() in given(); as it is: unproved(caller)" "and is named"
has " 1 equivalent," "what is not compiled is equivalent"
has "  1 apart: in-a-macro" "macros are counted apart"
mutants KIND=unmap-deleted ONLY=proved
exits 0 "unmaps of proved mappings are tried"
has "3 reported under the right rule (100.0 %)" "all of them are reported"
mutants KIND=unmap-doubled,unmaps-swapped,unmap-moved
has "unmap-doubled-gcc
  5 places, of which 5 tried
  1 apart: in-a-macro
  4 reported under the right rule (100.0 %)" "doubled unmaps are reported"
has "unmaps-swapped-gcc
  1 places, of which 1 tried
  1 reported under the right rule (100.0 %)" "swapped unmaps are reported"
has "unmap-moved-gcc
  2 places, of which 2 tried" "moved unmaps are tried"
mutants KIND=return-inserted SAMPLE=2 SEED=3
has "  5 places, of which 2 tried" "a sample is taken"
chosen=$(cat "$tmp/work/return-inserted-2-3-gcc/chosen")
mutants KIND=return-inserted SAMPLE=2 SEED=3
[ "$chosen" = "$(cat "$tmp/work/return-inserted-2-3-gcc/chosen")" ]
ok $? "the same seed chooses the same"

if command -v spatch > /dev/null; then
	mutants KIND=unmap-deleted,unmaps-swapped FRONTEND=cocci
	exits 0 "the semantic patches are measured"
	has "unmaps-swapped-cocci
  1 places, of which 1 tried
  1 reported under the right rule (100.0 %)" "and report a swap"
	has "unmap-deleted-cocci" "or a deletion"
	grep -q "${tab}right$tab.*kunmap_local" "$tmp/work/unmap-deleted-cocci/results"
	ok $? "under its rule"
fi

# Interrupted: what was done is kept, the rest is done.
dir=$tmp/work/unmap-doubled-gcc
rm "$dir/finished"
sed -n 1p "$dir/results" | sed 's/\tright\t/\tmissed\t/' > "$dir/results.new"
mv "$dir/results.new" "$dir/results"
mutants KIND=unmap-doubled
has "going on with" "an interrupted run goes on"
has "  1 missed" "from where it was"

# What is already reported is no miss.
sed -i 's/^	kunmap_local(from);$/	if (err)\n		return err;\n	kunmap_local(from);/' "$src/mm/sample.c"
before=$(cksum "$src"/*/* "$obj"/*/.*.cmd)
mutants KIND=unmap-deleted OPTIONS=--dcache=off
has "  1 already reported as they are" "what was reported before is counted apart"

# By the sparse checker, which calls the copy by its own name.
if [ -x "$build/kmapcheck-sparse" ]; then
	echo CONFIG_X86_64=y > "$obj/.config"
	mutants KIND=unmap-deleted FRONTEND=sparse
	exits 0 "the sparse checker is measured"
	has "  1 already reported as they are" "what it reported before is counted apart"
	has "; as it is: unproved(caller)" "its ledger is known"
	rm "$obj/.config"
fi

[ "$before" = "$(cksum "$src"/*/* "$obj"/*/.*.cmd)" ] && [ "$(cd "$tmp" && ls obj/mm linux/mm)" = "linux/mm:
local.h
sample.c

obj/mm:" ]
ok $? "the trees stay as they are"

run scripts/mutants KDIR="$src" O="$obj" KIND=nothing
exits 2 "an unknown kind is refused"
has "KIND=nothing: valid are unmap-deleted" "and the kinds named"
run scripts/mutants
exits 2 "a missing KDIR= is refused"
run scripts/mutants KDIR="$src" O="$obj" SAMPLE=x
exits 2 "a sample that is no number is refused"
run scripts/mutants KDIR="$src" O="$src" FILES=mm/sample.c WORK="$tmp/work"
exits 2 "a tree that is not built is refused"
has "build it first" "and what to do is said"
finish
