#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make fixes: releases and flushes that are there and wrong, in several styles of code, and several in one function.
. testcases/tap.sh
. testcases/fixes-lib.sh
make_tree

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

# One finding for the same two on two ways
c_file fs/ways.c <<'EOT'
int swapped_if(struct page *a, struct page *b, int n);
int swapped_if(struct page *a, struct page *b, int n)
{
	char *x = kmap_local_page(a);
	char *y = kmap_local_page(b);

	if (read_it(x, n)) {
		kunmap_local(x);
		kunmap_local(y);
		return -5;
	}
	memcpy(y, x, n);
	flush_dcache_page(b);
	kunmap_local(x);
	kunmap_local(y);
	return 0;
}
EOT

c_file fs/cases.c <<'EOT'
int flush_switch(struct page *page, int n);
int flush_switch(struct page *page, int n)
{
	int *p = kmap_local_page(page);

	switch (n) {
	case 0:
		p[0] = 1;
		flush_dcache_page(page);
		break;
	case 1:
		p[1] = 2;
		break;
	default:
		kunmap_local(p);
		return -22;
	}
	kunmap_local(p);
	SetPageUptodate(page);
	return 0;
}
EOT

# Released too early for a condition
c_file fs/condition.c <<'EOT'
void fallthrough(int n);
int condition(struct page *page, int n);
int condition(struct page *page, int n)
{
	char *p = kmap_local_page(page);

	note(p);
	kunmap_local(p);
	if (p[0] == 'x')
		return 1;
	return 0;
}

int loopcond(struct page *page, int n);
int loopcond(struct page *page, int n)
{
	char *p = kmap_local_page(page);
	int i = 0;

	kunmap_local(p);
	while (p[i])
		i++;
	note("counted");
	return i;
}

int switchuse(struct page *page, int n);
int switchuse(struct page *page, int n)
{
	char *p = kmap_local_page(page);

	kunmap_local(p);
	switch (p[0]) {
	case 'a':
		return 1;
	case 'b':
		n++;
		fallthrough(n);
	default:
		n += p[1];
	}
	return n;
}
EOT

# A flush of what an earlier turn wrote
c_file fs/again.c <<'EOT'
void flush_early_loop(struct page **pages, int n, const void *from);
void flush_early_loop(struct page **pages, int n, const void *from)
{
	int i;

	for (i = 0; i < n; i++) {
		struct page *page = pages[i];
		char *p = kmap_local_page(page);

		flush_dcache_page(page);
		memcpy(p, from, 4096);
		kunmap_local(p);
		SetPageUptodate(page);
	}
}
EOT

mend
exits 0 "everything has a patch"

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
shown fs/condition.c
same "->kunmap_local(p);
->if (p[0] == 'x')
+>if (p[0] == 'x') {
+>>kunmap_local(p);
+>}
+>kunmap_local(p);
->kunmap_local(p);
+>kunmap_local(p);
->kunmap_local(p);
+>>kunmap_local(p);
+>>kunmap_local(p);" "a release moves behind a condition, on both of its ways, or behind a loop or switch"
shown fs/again.c
same "->>flush_dcache_page(page);
+>>flush_dcache_page(page);" "an early flush moves, in a loop as well"
shown fs/ways.c
same "->>kunmap_local(x);
+>>kunmap_local(x);
->kunmap_local(x);
+>kunmap_local(x);" "the same wrong order on two ways is mended on both"
shown fs/cases.c
same "+>>flush_dcache_page(page);" "a flush in the case that lacks one, where another case has its own"
finish
