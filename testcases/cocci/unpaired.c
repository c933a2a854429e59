// SPDX-License-Identifier: GPL-2.0-or-later
/* kmap_local_unpaired.cocci: what it must find and mend (…_bad), only report (…_report), and leave alone (…_good) */
#include "kmap-case.h"

struct table {
	u32 magic;
	u32 entries[64];
	void *kept;
};

int check(const void *p);
void consume(const void *p);
void later(struct page *page);

/* out of an if, without braces */
int early_return_bad(struct page *page)
{
	struct table *t = kmap_local_page(page);

	if (t->magic != 1)
		return -EINVAL;
	consume(t);
	kunmap_local(t);
	return 0;
}

/* the release is missing on the good path only */
int good_path_bad(struct page *page)
{
	struct table *t = kmap_local_page(page);
	int err = check(t);

	if (err) {
		kunmap_local(t);
		return err;
	}
	later(page);
	return 0;
}

/* no release anywhere, one use in a nested if: behind all of them */
void never_bad(struct page *page, int n)
{
	u8 *p;

	later(page);
	p = kmap_local_page(page);
	p[0] = 1;
	if (n)
		p[1] = n;
	later(page);
}

/* out of nested loops and a switch */
int loops_bad(struct page **pages, int n, int how)
{
	int i, j, err = 0;

	for (i = 0; i < n; i++) {
		u8 *p = kmap_local_page(pages[i]);

		for (j = 0; j < 16; j++) {
			if (p[j] == 0)
				break;
			switch (how) {
			case 1:
				consume(p + j);
				break;
			case 2:
				return -EIO;
			default:
				err = -EINVAL;
				goto out;
			}
		}
		if (j == 16)
			continue;
		consume(p);
		kunmap_local(p);
	}
out:
	return err;
}

/* two live mappings: the newest first */
int two_bad(struct page *a, struct page *b)
{
	u8 *x = kmap_local_page(a);
	u8 *y = kmap_local_page(b);

	if (check(x))
		return -EINVAL;
	memcpy(x, y, 64);
	kunmap_local(y);
	kunmap_local(x);
	return 0;
}

/* three */
int three_bad(struct page *a, struct page *b, struct page *c)
{
	u8 *x = kmap_local_page(a);
	u8 *y = kmap_local_page(b);
	u8 *z = kmap_atomic(c);

	if (check(x)) {
		later(a);
		return -EINVAL;
	}
	memcpy(x, y, 64);
	memcpy(x + 64, z, 64);
	kunmap_atomic(z);
	kunmap_local(y);
	kunmap_local(x);
	return 0;
}

/* a label that releases is there already */
int label_bad(struct page *page)
{
	struct table *t = kmap_local_page(page);
	int err;

	err = check(t);
	if (err)
		goto out;
	err = check(t + 1);
	if (err)
		goto out_unmap;
	consume(t);
out_unmap:
	kunmap_local(t);
out:
	later(page);
	return err;
}

/* a ladder of two: the goto has to enter it higher up */
int ladder_bad(struct page *a, struct page *b)
{
	u8 *x, *y;
	int err;

	x = kmap_local_page(a);
	err = check(x);
	if (err)
		goto out_x;
	y = kmap_local_page(b);
	err = check(y);
	if (err)
		goto out;
	err = check(y + 1);
	if (err)
		goto out_y;
	consume(x);
out_y:
	kunmap_local(y);
out_x:
	kunmap_local(x);
out:
	return err;
}

/* the other branch only */
int branch_bad(struct folio *folio, int n)
{
	u8 *p = kmap_local_folio(folio, 0);

	if (n) {
		consume(p);
		kunmap_local(p);
	} else {
		consume(p + 8);
	}
	return 0;
}

/* the pair of the function is folio_release_kmap() */
int release_bad(struct folio *folio)
{
	u8 *p = kmap_local_folio(folio, 0);

	if (p[0])
		return -EIO;
	consume(p);
	folio_release_kmap(folio, p);
	return 0;
}

/* an error behind the mapping that is returned later */
void *handed_bad(struct page *page)
{
	u8 *p = kmap_local_page(page);

	if (p[0])
		return NULL;
	return p + 16;
}

/* reported without a patch: the release can stand in no single place */
u32 value_report(struct page *page)
{
	struct table *t = kmap_local_page(page);

	return t->magic;
}

void half_bad(struct page *page, int n)
{
	u8 *p = kmap_local_page(page);

	if (n) {
		consume(p);
		kunmap_local(p);
	}
	later(page);
}

void turns_report(struct page **pages, int n)
{
	u8 *p = NULL;
	int i;

	for (i = 0; i < n; i++) {
		p = kmap_local_page(pages[i]);
		consume(p);
	}
	kunmap_local(p);
}

/* correlated conditions, aliases, holders: no word */
int correlated_good(struct page *page, int need)
{
	u8 *p;

	if (need)
		p = kmap_local_page(page);
	later(page);
	if (need)
		kunmap_local(p);
	return 0;
}

int tested_good(struct page *page, int need)
{
	u8 *p = need ? kmap_local_page(page) : NULL;

	if (!need)
		return 0;
	if (p)
		kunmap_local(p);
	return 1;
}

int alias_good(struct page *page)
{
	u8 *p = kmap_local_page(page), *q = p + 16;

	if (q[0])
		p = NULL;
	kunmap_local(q);
	return 0;
}

void stored_good(struct table *t, struct page *page)
{
	u8 *p = kmap_local_page(page);

	t->kept = p;
}

void out_argument_good(struct page *page, void **out)
{
	u8 *p = kmap_local_page(page);

	*out = p;
}

void *returned_good(struct page *page)
{
	u8 *p = kmap_local_page(page);

	p[0] = 0;
	return p;
}

static void put_block(void *p)
{
	kunmap_local(p);
}

void helper_good(struct page *page)
{
	u8 *p = kmap_local_page(page);

	consume(p);
	put_block(p);
}

int dead_end_good(struct page *page)
{
	u8 *p = kmap_local_page(page);

	if (!p[0])
		BUG();
	kunmap_local(p);
	return 0;
}

int loop_good(struct page **pages, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		u8 *p = kmap_local_page(pages[i]);
		int bad = p[0];

		kunmap_local(p);
		if (bad)
			return -EIO;
	}
	return 0;
}

struct slot {
	void *addr;
};

void use_slot(struct slot *s);
void set_address(void **p);

void holder_good(struct page *page)
{
	u8 *p = kmap_local_page(page);
	struct slot s = { .addr = p };

	use_slot(&s);
}

void address_taken_good(struct page *page)
{
	void *p = kmap_local_page(page);

	set_address(&p);
}

static inline void unmap_at_end(void *p)
{
	kunmap_local(*(void **)p);
}

int attribute_good(struct page *page)
{
	u8 *p __attribute__((__cleanup__(unmap_at_end))) = kmap_local_page(page);

	if (p[0])
		return -EIO;
	return 0;
}

/* the address that is released is none of this function's variables */
void stray_good(struct slot *s, struct page *page)
{
	u8 *p = kmap_local_page(page);

	consume(p);
	kunmap_local(s->addr);
}

/* the release goes behind the last use of what was made from the address */
void derived_bad(struct page *page)
{
	u8 *p = kmap_local_page(page);
	u32 *count;

	count = (u32 *)(p + 16);
	count[0] = 1;
	count[1] = 2;
	later(page);
}
