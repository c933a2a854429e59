// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is not known is put there as well: as nothing in this file maps by kmap_atomic(), what kunmap_atomic() is given is none of its
 * mappings in any case.
 */
#include "kmap-case.h"

void use(const void *p);
void combine(void **row, int n);
void *bounce_of(struct page *page);

/* one element of a vector each, some of them no mappings */
static void vec_drop(struct kvec *vec, unsigned long mapped, int n)
{
	while (--n >= 0)
		if (mapped & (1ul << n))
			kunmap_local(vec[n].iov_base);
}

static void vec_drop_other(struct kvec *vec, unsigned long mapped, int n)
{
	while (--n >= 0)
		if (mapped & (1ul << n))
			kunmap_atomic(vec[n].iov_base);	/* expect: kmap-wrong-arg */
}

void vec_good(struct page **pages, char *head, int n)
{
	struct kvec vec[8];
	unsigned long mapped = 0;
	int i;

	for (i = 0; i < n && i < 8; i++) {
		if (pages[i]) {
			vec[i].iov_base = kmap_local_page(pages[i]);
			mapped |= 1ul << i;
		} else {
			vec[i].iov_base = head;
		}
		use(vec[i].iov_base);
	}
	vec_drop(vec, mapped, i);
}

void vec_bad(struct page **pages, char *head, int n)
{
	struct kvec vec[8];
	unsigned long mapped = 0;
	int i;

	for (i = 0; i < n && i < 8; i++) {
		if (pages[i]) {
			vec[i].iov_base = kmap_local_page(pages[i]);
			mapped |= 1ul << i;
		} else {
			vec[i].iov_base = head;
		}
		use(vec[i].iov_base);
	}
	vec_drop_other(vec, mapped, i);
}

/* an array that a field leads to */
struct stripes {
	struct page **pages;
	void **row;
	int nr, extra;
};

void stripes_good(struct stripes *s)
{
	void **row = s->row;
	int i;

	for (i = 0; i < s->nr; i++)
		row[i] = kmap_local_page(s->pages[i]);
	if (s->extra) {
		row[i] = kmap_local_page(s->pages[i]);
		i++;
	}
	combine(row, i);
	for (i = i - 1; i >= 0; i--)
		kunmap_local(row[i]);
}

void stripes_bad(struct stripes *s)
{
	void **row = s->row;
	int i;

	for (i = 0; i < s->nr; i++)
		row[i] = kmap_local_page(s->pages[i]);
	if (s->extra) {
		row[i] = kmap_local_page(s->pages[i]);
		i++;
	}
	combine(row, i);
	for (i = i - 1; i >= 0; i--)
		kunmap_atomic(row[i]);		/* expect: kmap-wrong-arg*2 */
}

/* an array that a caller gives */
void row_bad(struct page **pages, void **row, void **kept, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		row[i] = kmap_local_page(pages[i]);
		kept[i] = row[i];
	}
	combine(row, n);
	while (--i >= 0)
		kunmap_atomic(kept[i]);		/* expect: kmap-wrong-arg */
}

/* either a mapping or something that somebody else gave */
int either_bad(struct page *page, bool fast)
{
	int kind = !fast;
	void *dst = fast ? kmap_local_page(page) : bounce_of(page);

	combine(&dst, 1);
	if (!kind)
		kunmap_atomic(dst);		/* expect: kmap-wrong-arg */
	return 0;
}

/* nothing is known of what is released: somebody else's, and he knows */
struct foreign {
	void *addr;
};

void foreign_good(struct foreign *f)
{
	kunmap_atomic(f->addr);
}

void given_good(void *addr)
{
	kunmap_atomic(addr);
}
