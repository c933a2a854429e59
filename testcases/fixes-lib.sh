# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# fixes-lib.sh - a small kernel tree with a git history for the tests of make fixes; to be sourced after tap.sh

if [ "$build" != "$top/build" ] || [ ! -e "$build/kmapcheck.so" ]; then
	skip_all "the scripts are tested with the default compiler's plugin"
fi
command -v git >/dev/null || skip_all "git is not installed"
unset CC MAKEFLAGS MAKELEVEL MAKEOVERRIDES MFLAGS srctree objtree KMAPCHECK_OPTIONS GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
GIT_CONFIG_GLOBAL=$tmp/gitconfig
GIT_CONFIG_NOSYSTEM=1
TMPDIR=$tmp
export GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM TMPDIR
git config --global user.name "A Developer"
git config --global user.email "developer@example.org"
git config --global init.defaultBranch main
fixes=$top/scripts/kmapcheck-fixes
src=$tmp/linux
obj=$tmp/obj
out=

make_tree()
{
	mkdir -p "$src/scripts/kconfig" "$src/include/linux" "$src/mm" "$src/fs" "$obj/include/config" "$obj/include/generated"
	printf '#\n# Automatically generated\n# Linux/x86 6.12.0 Kernel Configuration\n#\nCONFIG_CC_VERSION_TEXT="gcc (X) 12"\n' \
		> "$obj/.config"
	echo 'CONFIG_CC_IS_GCC=y' > "$obj/include/config/auto.conf"
	: > "$obj/include/generated/autoconf.h"
	: > "$obj/include/generated/bounds.h"
	: > "$src/scripts/kconfig/keep"
	echo 'all:' > "$src/Makefile"
	cat > "$src/include/linux/highmem.h" <<-END_OF_HEADER
	struct page;
	struct folio;
	typedef unsigned long size_t;
	void *kmap_local_page(struct page *page);
	void *kmap_local_folio(struct folio *folio, size_t offset);
	void kunmap_local(const void *addr);
	void *kmap(struct page *page);
	void kunmap(struct page *page);
	void put_page(struct page *page);
	void *kmap_atomic(struct page *page);
	void kunmap_atomic(const void *addr);
	void folio_release_kmap(struct folio *folio, void *addr);
	void flush_dcache_folio(struct folio *folio);
	void flush_dcache_page(struct page *page);
	void folio_mark_uptodate(struct folio *folio);
	void SetPageUptodate(struct page *page);
	void *memcpy(void *to, const void *from, size_t n);
	void *memset(void *to, int c, size_t n);
	int use(const void *p);
	int read_it(const void *p, int n);
	void note(const char *text);
	END_OF_HEADER
}

# c_file NAME: a C file from the standard input, and its kbuild command
c_file()
{
	{ echo '#include <linux/highmem.h>'; echo; cat; } > "$src/$1"
	mkdir -p "$obj/${1%/*}"
	printf 'savedcmd_%s := gcc -Wp,-MMD,%s.d -I%s/include -O2 -Wall -DNAME='\''"a b"'\'' -c -o %s %s  ; true\n' "${1%.c}.o" "$1" "$src" \
		"${1%.c}.o" "$src/$1" > "$obj/${1%/*}/.$(basename "$1" .c).o.cmd"
}

# commit SUBJECT FILE…
commit()
{
	subject=$1
	shift
	git -C "$src" add -- "$@"
	git -C "$src" commit -q -m "$subject"
}

# Everything of both trees but git's own, with sizes and times
tree()
{
	find "$src" "$obj" -path "$src/.git" -prune -o -printf '%p %y %s %C@\n' | sort
}

mend()	# ARGUMENT…
{
	run "$fixes" KDIR="$src" O="$obj" PATCHES="$tmp/patches" JOBS=2 "$@"
}

# What the patch of a file changes, tabs as ">"
changes()	# FILE
{
	patch=$(grep -l "^--- a/$1\$" "$tmp"/patches/*.patch)
	# shellcheck disable=SC2086
	out=$(sed -n '/^diff /,/^-- $/p' $patch | sed -e 1,4d -e '/^-- $/d' | grep '^[-+]' | tr '\t' '>')
}

# The same, where several patches of a file change it
shown()	# FILE
{
	changes "$1"
	out=$(printf '%s\n' "$out" | grep -v '^[-+][-+][-+] ')
}
