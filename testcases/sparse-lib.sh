# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# For the tests of the sparse checker: ". testcases/sparse-lib.sh" from the project's top folder
#
# $check is the checker, $plain sparse as it is, $tool the engine's command.
. testcases/tap.sh

check=$build/kmapcheck-sparse
plain=$build/sparse-obj/sparse-plain
tool=$build/kmapcheck
[ -x "$check" ] && [ -x "$plain" ] || skip_all 'no kmapcheck-sparse'
cd "$tmp" || exit 1

# Declarations that the sources of these tests begin with, on one line.
decls='struct page; struct folio; void *kmap_local_page(struct page *p); void kunmap_local(const void *a); int use(void *a); '

# source NAME: the input is a file of C
source_file()
{
	{ printf '%s' "$decls"; cat; } > "$1"
}

# holds FILE PATTERN NAME: a line of the file matches
holds()
{
	if grep -q -e "$2" "$1"; then
		ok 0 "$3"
	else
		status=-
		out=$(cat "$1" 2>&1)
		ok 1 "$3 (no $2)"
	fi
}
