#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make fixes: styles of code that an edit has to fit in, and several findings at once.
. testcases/tap.sh
. testcases/fixes-lib.sh
make_tree

# Branches on one line
c_file fs/oneline.c <<'EOT'
int oneline(struct page *page, int n);
int oneline(struct page *page, int n)
{
	char *p = kmap_local_page(page);

	if (read_it(p, n)) return -5;
	if (n > 7) { note("big"); return -7; }
	kunmap_local(p);
	return 0;
}
EOT

# Three mappings, lost on two ways
c_file fs/three.c <<'EOT'
int three(struct page *a, struct page *b, struct page *c, int n);
int three(struct page *a, struct page *b, struct page *c, int n)
{
	char *x, *y, *z;
	int ret = 0;

	x = kmap_local_page(a);
	y = kmap_local_page(b);
	z = kmap_local_page(c);
	switch (n) {
	case 0:
		ret = read_it(x, n);
		break;
	case 1:
		ret = -22;
		goto out;
	case 2:
		return read_it(z, 4);
	default:
		memcpy(x, y, 8);
		memcpy(y, z, 8);
	}
	kunmap_local(z);
	kunmap_local(y);
	kunmap_local(x);
out:
	note("out");
	return ret;
}
EOT

# What is returned is read through the address
c_file fs/retuse.c <<'EOT'
int retuse(struct page *page, int n);
int retuse(struct page *page, int n)
{
	char *p = kmap_local_page(page);

	return p[n];
}

int retcall(struct page *page, int n);
int retcall(struct page *page, int n)
{
	char *p = kmap_local_page(page);
	int ret = p[0];

	if (ret)
		return read_it(p, n);
	kunmap_local(p);
	return ret;
}
EOT

c_file fs/afteruse.c <<'EOT'
int afteruse(struct page *page, int n);
int afteruse(struct page *page, int n)
{
	char *p = kmap_local_page(page);
	int sum = 0, i;

	kunmap_local(p);
	for (i = 0; i < n; i++)
		sum += p[i];
	if (sum > 3) {
		note("much");
		return -1;
	}
	return sum;
}

int afterarm(struct page *page, int n);
int afterarm(struct page *page, int n)
{
	char *p = kmap_local_page(page);
	int ret = read_it(p, n);

	kunmap_local(p);
	if (ret < 0)
		return ret;
	else if (ret == 3)
		n = p[3];
	return n;
}

int afterret(struct page *page, int n);
int afterret(struct page *page, int n)
{
	char *p = kmap_local_page(page);

	if (read_it(p, n)) {
		kunmap_local(p);
		return 1;
	}
	kunmap_local(p);
	return p[n];
}
EOT

# Two functions that lose what one helper maps
c_file fs/helper.c <<'EOT'
static char *grab(struct page *page, int n)
{
	char *p;

	p = kmap_local_page(page);
	if (p[0] != n)
		return (void *)0;
	return p;
}

int user_a(struct page *page);
int user_a(struct page *page)
{
	char *p = grab(page, 1);
	int ret;

	if (!p)
		return -5;
	ret = p[3];
	kunmap_local(p);
	return ret;
}

int user_b(struct page *page);
int user_b(struct page *page)
{
	char *p = grab(page, 2);

	if (!p)
		return -5;
	if (p[2])
		return -7;
	kunmap_local(p);
	return 0;
}
EOT

c_file fs/args.c <<'EOT'
int arg_addr(struct page *page);
int arg_addr(struct page *page)
{
	char *p = kmap_local_page(page);
	int n = p[3];

	kunmap_local(&p);
	return n;
}

int arg_folio(struct folio *folio);
int arg_folio(struct folio *folio)
{
	char *p = kmap_local_folio(folio, 0);
	int n = p[3];

	kunmap_local(folio);
	return n;
}

int arg_atomic(struct page *page, int n);
int arg_atomic(struct page *page, int n)
{
	char *p = kmap_atomic(page);

	if (read_it(p, n)) {
		kunmap_local(p);
		return -5;
	}
	kunmap_atomic(page);
	return 0;
}

int arg_end(struct page *page);
int arg_end(struct page *page)
{
	char *p = kmap_local_page(page);
	int n = p[3];

	p += 4096;
	kunmap_local(p);
	return n;
}
EOT

c_file fs/orders.c <<'EOT'
void order3(struct page *a, struct page *b, struct page *c);
void order3(struct page *a, struct page *b, struct page *c)
{
	char *x = kmap_local_page(a);
	char *y = kmap_local_page(b);
	char *z = kmap_local_page(c);

	memcpy(x, y, 4);
	memcpy(y, z, 4);
	kunmap_local(x);
	kunmap_local(y);
	kunmap_local(z);
}

int order_apart(struct page *a, struct page *b, int n);
int order_apart(struct page *a, struct page *b, int n)
{
	char *src = kmap_local_page(a);
	char *dst = kmap_local_page(b);

	memcpy(dst, src, n);
	kunmap_local(src);
	if (n > 4)
		note("long");
	n = dst[3];
	kunmap_local(dst);
	return n;
}

int order_label(struct page *a, struct page *b, int n);
int order_label(struct page *a, struct page *b, int n)
{
	char *src, *dst;
	int err = 0;

	src = kmap_local_page(a);
	dst = kmap_local_page(b);
	if (read_it(src, n)) {
		err = -5;
		goto out;
	}
	memcpy(dst, src, n);
out:
	kunmap_local(src);
	kunmap_local(dst);
	return err;
}
EOT

c_file fs/doubles.c <<'EOT'
int double_label(struct page *page, int n);
int double_label(struct page *page, int n)
{
	char *p = kmap_local_page(page);
	int err = 0;

	if (n < 0) {
		err = -22;
		kunmap_local(p);
		goto unmap;
	}
	note(p);
unmap:
	kunmap_local(p);
	return err;
}

int double_loop(struct page **pages, int n);
int double_loop(struct page **pages, int n)
{
	int i, ret = 0;
	char *p;

	for (i = 0; i < n; i++) {
		p = kmap_local_page(pages[i]);
		ret = read_it(p, i);
		if (ret) {
			kunmap_local(p);
			break;
		}
		kunmap_local(p);
	}
	if (ret)
		kunmap_local(p);
	return ret;
}

void double_straight(struct page *page);
void double_straight(struct page *page)
{
	void *p = kmap_local_page(page);

	memset(p, 0, 16);
	flush_dcache_page(page);
	kunmap_local(p);
	note("x");

	/* free it */
	kunmap_local(p);
}
EOT

c_file fs/flushes.c <<'EOT'
int flush_loop(struct page **pages, int n, const void *from);
int flush_loop(struct page **pages, int n, const void *from)
{
	int i;

	for (i = 0; i < n; i++) {
		char *p = kmap_local_page(pages[i]);

		memcpy(p, from, 4096);
		kunmap_local(p);
		SetPageUptodate(pages[i]);
	}
	return 0;
}

void flush_arm(struct folio *folio, const void *from, int n);
void flush_arm(struct folio *folio, const void *from, int n)
{
	char *p = kmap_local_folio(folio, 0);

	if (n == 4096)
		memcpy(p, from, n);
	else {
		memset(p, 0, 4096);
		flush_dcache_folio(folio);
	}
	kunmap_local(p);
	folio_mark_uptodate(folio);
}

void flush_early(struct folio *folio, const void *from, int n);
void flush_early(struct folio *folio, const void *from, int n)
{
	char *p = kmap_local_folio(folio, 0);

	memcpy(p, from, n);
	flush_dcache_folio(folio);
	memset(p + n, 0, 4096 - n);
	kunmap_local(p);
	folio_mark_uptodate(folio);
}

void flush_store(struct folio *folio, int n);
void flush_store(struct folio *folio, int n)
{
	int *p = kmap_local_folio(folio, 0), i;

	for (i = 0; i < n; i++)
		p[i] = i;
	kunmap_local(p);
	if (n == 3)
		return;
	folio_mark_uptodate(folio);
}

void flush_wrong(struct folio *folio, struct folio *other, const void *from);
void flush_wrong(struct folio *folio, struct folio *other, const void *from)
{
	char *p = kmap_local_folio(folio, 0);

	memcpy(p, from, 4096);
	flush_dcache_folio(other);
	kunmap_local(p);
	folio_mark_uptodate(folio);
}
EOT

# Blanks for tabs, and an arm without braces
c_file fs/spaces.c <<'EOT'
int spaces(struct page *page, int n);
int spaces(struct page *page, int n)
{
    char *p = kmap_local_page(page);

    if (n)
    {
        note("odd style");
        return 1;
    }
    else
        n = p[0];
    return n;
}
EOT

c_file fs/comments.c <<'EOT'
int comments(struct page *page, int n);
int comments(struct page *page, int n)
{
	char *p = kmap_local_page(page); /* map it */

	if (n > 3)	// too much
		return -5; // give up
	/*
	 * The last use.
	 */
	n = p[n]; /* kunmap_local(p); is missing */

	/* done */
	return n;
}
EOT

c_file fs/nested.c <<'EOT'
int nested(struct page *page, struct page *other, int n);
int nested(struct page *page, struct page *other, int n)
{
	char *p, *q;
	int ret = -12;

	if (n) {
		p = kmap_local_page(page);
		if (p[0]) {
			q = kmap_local_page(other);
			if (q[0]) {
				if (read_it(p, 1))
					goto fail;
				ret = 1;
			} else {
				ret = 2;
				kunmap_local(q);
			}
		}
		kunmap_local(p);
	}
	return ret;
fail:
	note("fail");
	return ret;
}
EOT

c_file fs/crlf.c <<'EOT'
int crlf(struct page *page, int n);
int crlf(struct page *page, int n)
{
	char *p = kmap_local_page(page);

	if (n)
		return -5;
	n = p[0];
	kunmap_local(p);
	return n;
}
EOT
sed -i "s/\$/$(printf '\r')/" "$src/fs/crlf.c"

c_file fs/noend.c <<'EOT'
void noend(struct page *page, int n);
void noend(struct page *page, int n)
{
	char *p = kmap_local_page(page);

	memset(p, n, 16);
}
EOT
printf '%s' "$(cat "$src/fs/noend.c")" > "$src/fs/noend.new" && mv "$src/fs/noend.new" "$src/fs/noend.c"

# Mapped on some ways only
c_file fs/some.c <<'EOT'
int some(struct page *page, char *to, int n);
int some(struct page *page, char *to, int n)
{
	char *p = to;

	if (page)
		p = kmap_local_page(page);
	memset(p, 0, n);

	note("done");
	return 0;
}

int other_branch(struct page *page, int n);
int other_branch(struct page *page, int n)
{
	char *p = kmap_local_page(page);

	if (read_it(p, n)) {
		memset(p, 0, n);
		kunmap_local(p);
		note("found");
	}
	return n;
}
EOT

mend
exits 0 "everything has a patch"

# The lines that change, whichever of the file's patches does
shown()	# FILE
{
	changes "$1"
	out=$(printf '%s\n' "$out" | grep -v '^[-+][-+][-+] ')
}
shown fs/oneline.c
same "->if (read_it(p, n)) return -5;
->if (n > 7) { note(\"big\"); return -7; }
+>if (read_it(p, n)) {
+>>kunmap_local(p);
+>>return -5;
+>}
+>if (n > 7) { kunmap_local(p); note(\"big\"); return -7; }" "a branch on the line of its if gets lines of its own"
shown fs/three.c
same "+>>kunmap_local(z);
+>>kunmap_local(y);
+>>kunmap_local(x);
->>return read_it(z, 4);
+>>ret = read_it(z, 4);
+>>kunmap_local(z);
+>>kunmap_local(y);
+>>kunmap_local(x);
+>>return ret;" "three mappings, the newest first, at the begin and at the end of a case"
shown fs/retuse.c
same "+>int ret;
->return p[n];
+>ret = p[n];
+>kunmap_local(p);
+>return ret;
->if (ret)
->>return read_it(p, n);
+>if (ret) {
+>>ret = read_it(p, n);
+>>kunmap_local(p);
+>>return ret;
+>}" "a result that is read through the address is kept first, in a new variable or in the function's"
shown fs/afteruse.c
same "->kunmap_local(p);
+>kunmap_local(p);
->kunmap_local(p);
->if (ret < 0)
+>if (ret < 0) {
+>>kunmap_local(p);
->else if (ret == 3)
+>} else if (ret == 3) {
+>}
+>kunmap_local(p);
+>int ret;
+>ret = p[n];
->return p[n];
+>return ret;" "a release that comes too early goes where each way is done with the address"
shown fs/helper.c
same "->if (p[0] != n)
+>if (p[0] != n) {
+>>kunmap_local(p);
+>}
->if (p[2])
+>if (p[2]) {
+>>kunmap_local(p);
+>}" "each function that loses what a helper maps gets its patch"
shown fs/args.c
same "->kunmap_local(&p);
+>kunmap_local(p);
->kunmap_local(folio);
+>kunmap_local(p);
->>kunmap_local(p);
+>>kunmap_atomic(p);
->kunmap_atomic(page);
+>kunmap_atomic(p);
->kunmap_local(p);
+>kunmap_local(p - 1);" "each kind of wrong argument, also twice in one function, and none gets a second release"
shown fs/orders.c
same "->kunmap_local(x);
->kunmap_local(y);
+>kunmap_local(y);
+>kunmap_local(x);
->kunmap_local(src);
+>kunmap_local(src);
->kunmap_local(src);
+>kunmap_local(src);" "three releases are reversed, others move over branches, and under a label"
shown fs/doubles.c
same "->>kunmap_local(p);
->if (ret)
->>kunmap_local(p);
-
->/* free it */
->kunmap_local(p);" "a surplus release goes with its condition, or with the comment that is about it alone"
shown fs/flushes.c
same "+>>flush_dcache_page(pages[i]);
->if (n == 4096)
+>if (n == 4096) {
->else {
+>>flush_dcache_folio(folio);
+>} else {
->flush_dcache_folio(folio);
+>flush_dcache_folio(folio);
+>flush_dcache_folio(folio);
->flush_dcache_folio(other);
+>flush_dcache_folio(folio);" "in a loop, on one arm, behind the last write, of the right object"
shown fs/spaces.c
same "+        kunmap_local(p);
+    kunmap_local(p);" "the file's indentation; behind an arm without braces rather than in it"
shown fs/comments.c
same "->if (n > 3)>// too much
+>if (n > 3) {>// too much
+>>kunmap_local(p);
+>}
+>kunmap_local(p);" "comments at the ends of lines stay where they are"
shown fs/nested.c
same "+>>>>kunmap_local(q);
+>kunmap_local(p);" "of nested mappings each where it is needed no more"
shown fs/some.c
same "+>if (page)
+>>kunmap_local(p);
+>} else {
+>>kunmap_local(p);" "where it is mapped on some ways, and on a branch that is not there"
shown fs/crlf.c
printf "%s" "$out" | grep -qv "$(printf "\r")\$" && out="$out (a line ends otherwise)"
out=$(printf "%s" "$out" | tr -d "\r")
same "->if (n)
+>if (n) {
+>>kunmap_local(p);
+>}" "lines that end in CR LF"
shown fs/noend.c
same "+>kunmap_local(p);" "a file whose last line does not end"
finish
