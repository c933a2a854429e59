#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# `kmapcheck arch`: on a small tree made here, and, where KDIR names a Linux 6.12 tree, docs/architectures.md and the
# architectures that findings name against that tree.

engine=${OUT:-build}/kmapcheck
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
trap 'exit 2' HUP INT TERM
n=0
failed=0

result()
{
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		failed=1
	fi
}

# row ARCH: its row of the table, without the spaces that fill the columns
row()
{
	sed -n "s/ *| */|/g; s/^|$1|/$1|/p" "$tmp/table"
}

mkdir -p "$tmp/k/arch/plain/include/asm" "$tmp/k/arch/odd/include/asm" "$tmp/k/arch/odd/mm" "$tmp/k/arch/notes"
echo 'config PLAIN' >"$tmp/k/arch/plain/Kconfig"
echo '#define ARCH_IMPLEMENTS_FLUSH_DCACHE_PAGE 0' >"$tmp/k/arch/plain/include/asm/cacheflush.h"
printf 'config ODD\n\tselect ARCH_HAS_CPU_CACHE_ALIASING\nconfig HIGHMEM\n' >"$tmp/k/arch/odd/Kconfig"
cat >"$tmp/k/arch/odd/include/asm/cacheflush.h" <<'END'
#define ARCH_IMPLEMENTS_FLUSH_DCACHE_PAGE 1
#define cpu_dcache_is_aliasing()	(odd_vivt() || \
					 odd_way_size > PAGE_SIZE)
#define arch_kmap_local_pre_unmap(vaddr)	\
do {						\
	if (odd_vivt())				\
		odd_flush(vaddr, PAGE_SIZE);	\
} while (0)
#define ARCH_HAS_FLUSH_ON_KUNMAP
END
echo 'clear_bit(PG_arch_1, &folio->flags);' >"$tmp/k/arch/odd/mm/cache.c"

"$engine" arch "$tmp/k" >"$tmp/table" 2>"$tmp/err"
result $? "a small tree is read"
[ "$(row plain)" = "plain|no|nothing|no|-|-|nothing|" ]
result $? "an architecture that does nothing"
[ "$(row odd)" = "odd|odd_vivt() or odd_way_size > PAGE_SIZE|may defer|yes|odd_vivt, odd_flush|-|flushes|" ]
result $? "an architecture that does everything"
[ "$(grep -c '^|' "$tmp/table")" = 4 ]
result $? "a folder without Kconfig is no architecture"

sed -i '/ALIASING/d' "$tmp/k/arch/odd/Kconfig"
"$engine" arch "$tmp/k" >"$tmp/table" 2>"$tmp/err"
[ "$(row plain)" = "plain|not told|nothing|no|-|-|nothing|" ]
result $? "a kernel that does not tell what aliases"

"$engine" arch "$tmp" >"$tmp/out" 2>"$tmp/err"
[ $? = 2 ] && [ ! -s "$tmp/out" ] && grep -q 'not a kernel source tree' "$tmp/err"
result $? "a folder that is no kernel tree"
"$engine" arch >"$tmp/out" 2>"$tmp/err"
[ $? = 2 ] && grep -q '^usage: kmapcheck arch KDIR' "$tmp/err"
result $? "no tree given"
"$engine" arch --help | grep -q '^usage: kmapcheck arch KDIR'
result $? "help"

tree=
for k in $KDIR; do
	if grep -qs '^VERSION = 6$' "$k/Makefile" && grep -qs '^PATCHLEVEL = 12$' "$k/Makefile"; then
		tree=$k
	fi
done
if [ -n "$tree" ]; then
	"$engine" arch "$tree" >"$tmp/table"
	grep '^|' docs/architectures.md | cmp -s - "$tmp/table"
	result $? "docs/architectures.md has the table of Linux 6.12"
	sed -n 's/^ALIASES(\(.*\))$/\1/p' engine/arches.def >"$tmp/named"
	sed 's/ *| */|/g' "$tmp/table" | awk -F'|' 'NR > 2 && $3 != "no" { print $2 }' | cmp -s - "$tmp/named"
	result $? "findings name the architectures that alias"
else
	for i in "docs/architectures.md has the table of Linux 6.12" "findings name the architectures that alias"; do
		n=$((n + 1))
		echo "ok $n - $i # SKIP KDIR names no Linux 6.12 tree"
	done
fi
echo "1..$n"
exit $failed
