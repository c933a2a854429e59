#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make fixes: what the semantic patches propose where no other edit is known.
. testcases/tap.sh
. testcases/fixes-lib.sh
command -v "${SPATCH:-spatch}" >/dev/null || skip_all "spatch is not installed"
make_tree

# A condition that conditional compilation chooses: no braces fit. Two mappings are lost on that way.
c_file fs/split.c <<'EOT'
int split(struct page *page, struct page *other, int n);
int split(struct page *page, struct page *other, int n)
{
	char *p = kmap_local_page(page);
	char *q = kmap_local_page(other);

#ifdef CONFIG_SPLIT
	if (n > 3)
#else
	if (n > 5)
#endif
		return -5;
	memcpy(p, q, 8);
	kunmap_local(q);
	kunmap_local(p);
	return 0;
}

/* This one is mended as usual. */
int plain(struct page *page, int n);
int plain(struct page *page, int n)
{
	char *p = kmap_local_page(page);

	if (read_it(p, n)) {
		note("found");
		return -5;
	}
	kunmap_local(p);
	return 0;
}
EOT

run sh -c 'SPATCH=$1 "$2" KDIR="$3" O="$4" PATCHES="$5" JOBS=1' - "$tmp/none" "$fixes" "$src" "$obj" "$tmp/without"
exits 1 "without spatch it is as if that said nothing"
has "fs/split.c:6: kmap-leak in split(): no edit is known for it" "and a function that no edit is known for has no patch"
mend
exits 0 "with it everything has a patch"
shown fs/split.c
same "->>return -5;
+>>{
+>>>kunmap_local(q);
+>>>kunmap_local(p);
+>>>return -5;
+>>}
+>>kunmap_local(p);" "both mappings, and the other function as without it"
run sh -c "grep -h '^Subject' $tmp/patches/*.patch"
has "add missing kunmap_local() in split()" "one patch for the function"
has "add missing kunmap_local() in plain()" "and one for the other"

# Only the function, and only what names the mapping or releases nothing
cat > "$tmp/text.c" <<'EOT'
int one(void)
{
	a();
	return 1;
}

int two(void);
int two(void)
{
	a();
	b();
	return 2;
}
EOT
cat > "$tmp/diff" <<'EOT'
--- a/text.c
+++ b/text.c
@@ -1,13 +1,17 @@
 int one(void)
 {
 	a();
+	kunmap_local(p);
 	return 1;
 }
 
 int two(void);
 int two(void)
 {
+	kunmap_local(pp);
 	a();
+	kunmap_local(p);
+	kunmap_local(q);
-	b();
+	c();
 	return 2;
 }
EOT
run sh -c ". scripts/fixes-cocci; confine $tmp/diff $tmp/text.c two p '' | diff $tmp/text.c -"
same "11c11,12
< 	b();
---
> 	kunmap_local(p);
> 	c();" "confined to the function and the mapping"
finish
