// SPDX-License-Identifier: GPL-2.0-or-later
/* Accesses through an address whose mapping is gone, and what only looks like one. */
#include "kmap-case.h"

struct record {
	u32 len;
	u32 data[3];
};

void *vmap_copy(const void *p);

struct dinode {
	__le32 mode;
	__le32 size;
	__le32 blocks[15];
};

struct name_ref {
	const char *name;
	u32 len;
};

void consume(const void *p, size_t len);
void update(void *p);
int parse_name(struct name_ref *ref);

/* a load */
u32 load_bad(struct page *page)
{
	struct dinode *di = kmap_local_page(page);

	kunmap_local(di);
	return di->size;			/* expect: kmap-use-after-unmap */
}

u32 load_good(struct page *page)
{
	struct dinode *di = kmap_local_page(page);	/* verdict: map=proved */
	u32 size = di->size;

	kunmap_local(di);			/* verdict: unmap=proved */
	return size;
}

/* only in a debug message */
int load_late_bad(struct page *page)
{
	struct dinode *di = kmap_local_page(page);
	int err = 0;

	if (!di->mode)
		err = -EUCLEAN;
	kunmap_local(di);
	if (err)
		pr_err("bad mode %u\n", di->mode);	/* expect: kmap-use-after-unmap */
	return err;
}

/* a store */
void store_bad(struct page *page, u32 val)
{
	struct dinode *di = kmap_local_page(page);

	di->mode = val;
	kunmap_local(di);
	di->size = 0;				/* expect: kmap-use-after-unmap */
}

/* several accesses: the first one is told of */
void first_of_many_bad(struct page *page, u32 *out)
{
	u32 *p = kmap_local_page(page);

	kunmap_local(p);
	out[0] = p[0];				/* expect: kmap-use-after-unmap */
	out[1] = p[1];
	out[2] = p[2];
}

/* memcpy() from and to */
void memcpy_from_bad(struct page *page, void *out)
{
	void *p = kmap_local_page(page);

	kunmap_local(p);
	memcpy(out, p, 64);			/* expect: kmap-use-after-unmap */
}

void memcpy_to_bad(struct page *page, const void *in)
{
	void *p = kmap_local_page(page);

	kunmap_local(p);
	memcpy(p, in, 64);			/* expect: kmap-use-after-unmap */
}

void memcpy_from_good(struct page *page, void *out)
{
	void *p = kmap_local_page(page);	/* verdict: map=proved */

	memcpy(out, p, 64);
	kunmap_local(p);			/* verdict: unmap=proved */
}

/* passed on */
void pass_bad(struct page *page)
{
	void *p = kmap_local_page(page);

	memset(p, 0, 16);
	kunmap_local(p);
	update(p);				/* expect: kmap-use-after-unmap */
}

void pass_const_bad(struct page *page)
{
	char *p = kmap_local_page(page);

	kunmap_local(p);
	consume(p + 16, 16);			/* expect: kmap-use-after-unmap */
}

/* an address derived before the unmapping */
u32 derived_bad(struct page *page, unsigned int n)
{
	struct dinode *di = kmap_local_page(page);
	__le32 *blk = &di->blocks[n & 7];

	kunmap_local(di);
	return *blk;				/* expect: kmap-use-after-unmap */
}

/* through a struct copy */
void copied_ref_bad(struct page *page)
{
	struct name_ref ref = { .len = 8 }, copy;

	ref.name = kmap_local_page(page);
	copy = ref;
	kunmap_local(ref.name);
	consume(copy.name, copy.len);		/* expect: kmap-use-after-unmap */
}

/* a field still points into the page: nothing in sight follows it */
int field_left_silent(struct page *page, struct name_ref *ref)
{
	char *p = kmap_local_page(page);
	int err;

	ref->name = p + 8;
	ref->len = p[0];
	err = parse_name(ref);
	kunmap_local(p);
	return err;
}

/* the comparison of a stale address, or printing it, is no access */
bool compare_stale_good(struct page *page, const void *other)
{
	void *p = kmap_local_page(page);	/* verdict: map=proved */

	memset(p, 0, 4);
	kunmap_local(p);			/* verdict: unmap=proved */
	return p == other;
}

unsigned long offset_of_stale_good(struct page *page, unsigned int n)
{
	char *p = kmap_local_page(page);	/* verdict: map=proved */
	char *q = p + (n & 255);

	*q = 0;
	kunmap_local(p);			/* verdict: unmap=proved */
	return q - p;
}

/* mapped again into the same variable */
u32 remapped_good(struct page *a, struct page *b)
{
	u32 *p = kmap_local_page(a);		/* verdict: map=proved */
	u32 val = *p;

	kunmap_local(p);			/* verdict: unmap=proved */
	p = kmap_local_page(b);			/* verdict: map=proved */
	val += *p;
	kunmap_local(p);			/* verdict: unmap=proved */
	return val;
}

/* the old alias after a remap */
u32 old_alias_bad(struct page *a, struct page *b)
{
	u32 *p = kmap_local_page(a);
	u32 *first = p;
	u32 val;

	kunmap_local(p);
	p = kmap_local_page(b);
	val = p[0] + first[0];			/* expect: kmap-use-after-unmap */
	kunmap_local(p);
	return val;
}

/* in a loop: the access stands before the unmapping, and comes after it in time */
u32 loop_order_bad(struct page **pages, unsigned int nr)
{
	u32 *p = NULL;
	u32 sum = 0;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (p)
			sum += *p;		/* expect: kmap-use-after-unmap */
		p = kmap_local_page(pages[i]);
		kunmap_local(p);
	}
	return sum;
}

/* one branch releases early */
u32 early_bad(struct page *page, bool skip)
{
	u32 *p = kmap_local_page(page);
	u32 val = 0;

	if (skip)
		kunmap_local(p);
	else
		val = p[1];
	val += p[0];				/* expect: kmap-use-after-unmap */
	if (!skip)
		kunmap_local(p);
	return val;
}

/* kmap_atomic() and kmap() in the same way */
u32 atomic_bad(struct page *page)
{
	u32 *p = kmap_atomic(page);
	u32 val = p[0];

	kunmap_atomic(p);
	return val + p[1];			/* expect: kmap-use-after-unmap */
}

u32 kmap_bad(struct page *page)
{
	u32 *p = kmap(page);
	u32 val = p[0];

	kunmap(page);
	return val + p[1];			/* expect: kmap-use-after-unmap */
}

/* the copy that was made in time */
int copied_name_good(struct page *page, char *buf)
{
	const char *p = kmap_local_page(page);	/* verdict: map=proved */
	ssize_t len = strscpy(buf, p, 32);

	kunmap_local(p);			/* verdict: unmap=proved */
	if (len < 0)
		pr_err("name %s is too long\n", buf);
	return 0;
}

/* a callee in sight does the access */
static u32 read_size(const struct dinode *di)
{
	return di->size;			/* expect: kmap-use-after-unmap */
}

u32 callee_bad(struct page *page)
{
	struct dinode *di = kmap_local_page(page);

	kunmap_local(di);
	return read_size(di);
}

static u32 read_mode(const struct dinode *di)
{
	return di->mode;
}

u32 callee_good(struct page *page)
{
	struct dinode *di = kmap_local_page(page);	/* verdict: map=proved */
	u32 mode = read_mode(di);

	kunmap_local(di);			/* verdict: unmap=proved */
	return mode;
}

/* released by a helper, then used */
static void done_with(struct page *page, void *addr)
{
	kunmap_local(addr);
	put_page(page);
}

u32 helper_then_use_bad(struct page *page)
{
	u32 *p = kmap_local_page(page);
	u32 val = p[0];

	done_with(page, p);
	if (val)
		val = p[1];			/* expect: kmap-use-after-unmap */
	return val;
}

/* a helper's loop leads to another place in the same page */
static const struct record *skip_empty(const void *base, unsigned int n)
{
	const struct record *r = base;

	while (n-- && !r->len)
		r++;
	return r;
}

u32 found_then_use_bad(struct page *page)
{
	void *p = kmap_local_page(page);
	const struct record *r = skip_empty(p, 16);

	kunmap_local(p);
	return r->len;				/* expect: kmap-use-after-unmap */
}

u32 found_then_use_good(struct page *page)
{
	void *p = kmap_local_page(page);	/* verdict: map=proved */
	const struct record *r = skip_empty(p, 16);
	u32 len = r->len;

	kunmap_local(p);			/* verdict: unmap=proved */
	return len;
}

/* the helper may release it, and then returns another address, with an offset that was taken from the old one */
static void *take_over(void *p, bool copy)
{
	void *other;

	if (!copy)
		return p;
	other = vmap_copy(p);
	kunmap_local(p);
	return other;
}

u32 other_address_good(struct page *page, bool copy)
{
	char *p = kmap_local_page(page);
	char *at = memchr_inv(p, 0, 64);
	size_t offset = at ? at - p : 0;
	char *q = take_over(p, copy);
	u32 val = *(u32 *)(q + offset);

	if (!copy)
		kunmap_local(p);
	return val;
}
