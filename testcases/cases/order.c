// SPDX-License-Identifier: GPL-2.0-or-later
/* Two and more mappings live at once: they are released newest first. */
#include "kmap-case.h"

struct dirent_pos {
	struct page *page;
	void *kaddr;
	unsigned int off;
};

/* the plain pair */
void copy_block_good(struct page *dst, struct page *src, size_t len)
{
	char *d = kmap_local_page(dst);		/* verdict: map=proved */
	char *s = kmap_local_page(src);		/* verdict: map=proved */

	memcpy(d, s, len);
	kunmap_local(s);			/* verdict: unmap=proved */
	kunmap_local(d);			/* verdict: unmap=proved */
}

void copy_block_bad(struct page *dst, struct page *src, size_t len)
{
	char *d = kmap_local_page(dst);
	char *s = kmap_local_page(src);

	memcpy(d, s, len);
	kunmap_local(d);			/* expect: kmap-order */
	kunmap_local(s);
}

void copy_block_one_at_a_time(struct page *dst, struct page *src, char *bounce)
{
	char *p = kmap_local_page(src);		/* verdict: map=proved */

	memcpy(bounce, p, PAGE_SIZE);
	kunmap_local(p);			/* verdict: unmap=proved */
	p = kmap_local_page(dst);		/* verdict: map=proved */
	memcpy(p, bounce, PAGE_SIZE);
	kunmap_local(p);			/* verdict: unmap=proved */
}

/* folios, at an offset into them */
void copy_folio_range_good(struct folio *dst, size_t dpos, struct folio *src, size_t spos, size_t len)
{
	void *to = kmap_local_folio(dst, dpos);	/* verdict: map=proved */
	void *from = kmap_local_folio(src, spos);	/* verdict: map=proved */

	memcpy(to, from, len);
	kunmap_local(from);			/* verdict: unmap=proved */
	kunmap_local(to);			/* verdict: unmap=proved */
}

void copy_folio_range_bad(struct folio *dst, size_t dpos, struct folio *src, size_t spos, size_t len)
{
	void *from = kmap_local_folio(src, spos);
	void *to = kmap_local_folio(dst, dpos);

	memcpy(to, from, len);
	kunmap_local(from);			/* expect: kmap-order */
	kunmap_local(to);
}

/* only the error path has the order wrong */
int compare_pages_good(struct page *a, struct page *b, const u32 *csum)
{
	u8 *pa = kmap_local_page(a);		/* verdict: map=proved */
	u8 *pb = kmap_local_page(b);		/* verdict: map=proved */
	int ret = 0;

	if (crc32_le(~0u, pa, PAGE_SIZE) != *csum)
		ret = -EIO;
	else if (memcmp(pa, pb, PAGE_SIZE))
		ret = 1;
	kunmap_local(pb);			/* verdict: unmap=proved */
	kunmap_local(pa);			/* verdict: unmap=proved */
	return ret;
}

int compare_pages_bad(struct page *a, struct page *b, const u32 *csum)
{
	u8 *pa = kmap_local_page(a);
	u8 *pb = kmap_local_page(b);
	int ret;

	if (crc32_le(~0u, pa, PAGE_SIZE) != *csum) {
		kunmap_local(pa);		/* expect: kmap-order */
		kunmap_local(pb);
		return -EIO;
	}
	ret = memcmp(pa, pb, PAGE_SIZE);
	kunmap_local(pb);			/* verdict: unmap=proved */
	kunmap_local(pa);			/* verdict: unmap=proved */
	return !!ret;
}

/* three live: released 3 2 1, 3 1 2, 1 2 3 */
void xor_three_good(struct page *a, struct page *b, struct page *c)
{
	u8 *x = kmap_local_page(a);		/* verdict: map=proved */
	u8 *y = kmap_local_page(b);		/* verdict: map=proved */
	u8 *z = kmap_local_page(c);		/* verdict: map=proved */
	unsigned int i;

	for (i = 0; i < PAGE_SIZE; i++)
		x[i] = y[i] ^ z[i];
	kunmap_local(z);			/* verdict: unmap=proved */
	kunmap_local(y);			/* verdict: unmap=proved */
	kunmap_local(x);			/* verdict: unmap=proved */
}

void xor_three_bad_inner(struct page *a, struct page *b, struct page *c)
{
	u8 *x = kmap_local_page(a);
	u8 *y = kmap_local_page(b);
	u8 *z = kmap_local_page(c);
	unsigned int i;

	for (i = 0; i < PAGE_SIZE; i++)
		x[i] = y[i] ^ z[i];
	kunmap_local(z);			/* verdict: unmap=proved */
	kunmap_local(x);			/* expect: kmap-order */
	kunmap_local(y);
}

/* one pair the wrong way round, then a mapping that has nothing to do with it */
void xor_pair_bad(struct page *a, struct page *b, struct page *c)
{
	u8 *x = kmap_local_page(a);
	u8 *z = kmap_local_page(c);
	unsigned int i;

	for (i = 0; i < PAGE_SIZE; i++)
		x[i] ^= z[i];
	z[0] = crc32_le(0, z, PAGE_SIZE);
	kunmap_local(x);			/* expect: kmap-order */
	kunmap_local(z);
	x = kmap_local_page(b);			/* verdict: map=proved */
	x[0] = 0;
	kunmap_local(x);			/* verdict: unmap=proved */
}

/* rename of a directory entry: the entry itself, then "..", and what to do with them at the end */
int rename_dotdot_good(struct page *old_page, struct page *dir_page, u32 ino, bool cross)
{
	u32 *dotdot = NULL;
	u32 *old_de = kmap_local_page(old_page);	/* verdict: map=proved */

	if (cross) {
		dotdot = kmap_local_page(dir_page);	/* verdict: map=proved */
		if (dotdot[1] == 0) {
			kunmap_local(dotdot);		/* verdict: unmap=proved */
			kunmap_local(old_de);		/* verdict: unmap=proved */
			return -EUCLEAN;
		}
		dotdot[1] = ino;
	}
	old_de[0] = ino;
	if (dotdot)
		kunmap_local(dotdot);			/* verdict: unmap=proved */
	kunmap_local(old_de);				/* verdict: unmap=proved */
	return 0;
}

int rename_dotdot_bad(struct page *old_page, struct page *dir_page, u32 ino, bool cross)
{
	u32 *dotdot = NULL;
	u32 *old_de = kmap_local_page(old_page);

	if (cross) {
		dotdot = kmap_local_page(dir_page);
		dotdot[1] = ino;
	}
	old_de[0] = ino;
	kunmap_local(old_de);				/* expect: kmap-order */
	if (dotdot)
		kunmap_local(dotdot);
	return 0;
}

/* with the positions in structs, as callers of a directory search hold them */
void swap_entries_good(struct dirent_pos *a, struct dirent_pos *b)
{
	u32 tmp, *x, *y;

	a->kaddr = kmap_local_page(a->page);
	b->kaddr = kmap_local_page(b->page);
	x = a->kaddr + a->off;
	y = b->kaddr + b->off;
	tmp = *x;
	*x = *y;
	*y = tmp;
	kunmap_local(b->kaddr);
	kunmap_local(a->kaddr);
}

void swap_entries_bad(struct dirent_pos *a, struct dirent_pos *b)
{
	u32 *x, *y;

	a->kaddr = kmap_local_page(a->page);
	x = a->kaddr + a->off;
	b->kaddr = kmap_local_page(b->page);
	y = b->kaddr + b->off;
	*x = *y;
	kunmap_local(a->kaddr);			/* expect: kmap-order */
	kunmap_local(b->kaddr);
}

/* kmap_atomic() shares the stack with kmap_local_page() */
void mixed_stack_good(struct page *dst, struct page *src)
{
	void *d = kmap_local_page(dst);		/* verdict: map=proved */
	void *s = kmap_atomic(src);		/* verdict: map=proved */

	memcpy(d, s, PAGE_SIZE);
	kunmap_atomic(s);			/* verdict: unmap=proved */
	kunmap_local(d);			/* verdict: unmap=proved */
}

void mixed_stack_bad(struct page *dst, struct page *src)
{
	void *d = kmap_local_page(dst);
	void *s = kmap_atomic(src);

	memcpy(d, s, PAGE_SIZE);
	kunmap_local(d);			/* expect: kmap-order */
	kunmap_atomic(s);
}

void atomic_pair_good(struct page *dst, struct page *src)
{
	void *s = kmap_atomic(src);		/* verdict: map=proved */
	void *d = kmap_atomic(dst);		/* verdict: map=proved */

	memcpy(d, s, 512);
	kunmap_atomic(d);			/* verdict: unmap=proved */
	kunmap_atomic(s);			/* verdict: unmap=proved */
}

void atomic_pair_bad(struct page *dst, struct page *src)
{
	void *s = kmap_atomic(src);
	void *d = kmap_atomic(dst);

	memcpy(d, s, 512);
	kunmap_atomic(s);			/* expect: kmap-order */
	kunmap_atomic(d);
}

/* kmap() has no order, neither among itself nor with the others */
void kmap_pair_any_order(struct page *dst, struct page *src)
{
	void *d = kmap(dst);			/* verdict: map=proved */
	void *s = kmap(src);			/* verdict: map=proved */

	memcpy(d, s, PAGE_SIZE);
	kunmap(dst);				/* verdict: unmap=proved */
	kunmap(src);				/* verdict: unmap=proved */
}

void kmap_around_local(struct page *dst, struct page *src)
{
	void *d = kmap_local_page(dst);		/* verdict: map=proved */
	void *s = kmap(src);			/* verdict: map=proved */

	memcpy(d, s, PAGE_SIZE);
	kunmap_local(d);			/* verdict: unmap=proved */
	kunmap(src);				/* verdict: unmap=proved */
}

/* the same page twice is still two mappings; which address it is decides */
void same_page_twice_good(struct page *page)
{
	char *lo = kmap_local_page(page);	/* verdict: map=proved */
	char *hi = kmap_local_page(page);	/* verdict: map=proved */

	lo[0] = hi[2048];
	kunmap_local(hi);			/* verdict: unmap=proved */
	kunmap_local(lo);			/* verdict: unmap=proved */
}

void same_page_twice_bad(struct page *page)
{
	char *lo = kmap_local_page(page);
	char *hi = kmap_local_page(page);

	lo[0] = hi[2048];
	kunmap_local(lo);			/* expect: kmap-order */
	kunmap_local(hi);
}

/* through aliases and after arithmetic the order is still that of the mappings */
void alias_order_bad(struct page *dst, struct page *src, unsigned int n)
{
	char *to = kmap_local_page(dst);
	char *from = kmap_local_page(src);
	char *first = to;

	n &= 1023;
	memcpy(to + n, from + n, 16);
	to += n;
	from += n;
	kunmap_local(first);			/* expect: kmap-order */
	kunmap_local(from);
}

void alias_order_good(struct page *dst, struct page *src, unsigned int n)
{
	char *to = kmap_local_page(dst);	/* verdict: map=proved */
	char *from = kmap_local_page(src);	/* verdict: map=proved */

	n &= 1023;
	memcpy(to + n, from + n, 16);
	to += n;
	from += n;
	kunmap_local(from);			/* verdict: unmap=proved */
	kunmap_local(to);			/* verdict: unmap=proved */
}

/* swapped by the code itself: the names say nothing */
void swapped_names_good(struct page *a, struct page *b, bool back)
{
	char *x = kmap_local_page(a);
	char *y = kmap_local_page(b);

	if (back)
		memcpy(x, y, PAGE_SIZE);
	swap(x, y);
	kunmap_local(x);			/* verdict: unmap=proved */
	kunmap_local(y);			/* verdict: unmap=proved */
}

void swapped_names_bad(struct page *a, struct page *b)
{
	char *x = kmap_local_page(a);
	char *y = kmap_local_page(b);

	memcpy(x, y, PAGE_SIZE);
	swap(x, y);
	kunmap_local(y);			/* expect: kmap-order */
	kunmap_local(x);
}

/* two scatterlist iterators */
int sg_copy_good(struct scatterlist *dst, struct scatterlist *src, unsigned int nents)
{
	struct sg_mapping_iter in, out;
	int ret = -EINVAL;

	sg_miter_start(&in, src, nents, SG_MITER_ATOMIC | SG_MITER_FROM_SG);
	sg_miter_start(&out, dst, nents, SG_MITER_ATOMIC | SG_MITER_TO_SG);
	if (sg_miter_next(&in) && sg_miter_next(&out)) {
		memcpy(out.addr, in.addr, min(in.length, out.length));
		ret = 0;
	}
	sg_miter_stop(&out);
	sg_miter_stop(&in);
	return ret;
}

int sg_copy_bad(struct scatterlist *dst, struct scatterlist *src, unsigned int nents)
{
	struct sg_mapping_iter in, out;
	int ret = -EINVAL;

	sg_miter_start(&in, src, nents, SG_MITER_ATOMIC | SG_MITER_FROM_SG);
	sg_miter_start(&out, dst, nents, SG_MITER_ATOMIC | SG_MITER_TO_SG);
	if (sg_miter_next(&in) && sg_miter_next(&out)) {
		memcpy(out.addr, in.addr, min(in.length, out.length));
		ret = 0;
	}
	sg_miter_stop(&in);			/* expect: kmap-order */
	sg_miter_stop(&out);
	return ret;
}

/* released through helpers of the file */
static void put_block(void *addr)
{
	kunmap_local(addr);			/* verdict: unmap=proved */
}

void helper_order_good(struct page *a, struct page *b)
{
	u32 *x = kmap_local_page(a);		/* verdict: map=proved */
	u32 *y = kmap_local_page(b);		/* verdict: map=proved */

	*x = *y;
	put_block(y);
	put_block(x);
}

static void put_both(void *older, void *newer)
{
	kunmap_local(newer);
	kunmap_local(older);
}

void helper_both_good(struct page *a, struct page *b)
{
	u32 *x = kmap_local_page(a);		/* verdict: map=proved */
	u32 *y = kmap_local_page(b);		/* verdict: map=proved */

	*x = *y;
	put_both(x, y);
}

static void put_first_two(void *first, void *second)
{
	kunmap_local(first);			/* expect: kmap-order */
	kunmap_local(second);
}

void helper_both_bad(struct page *a, struct page *b)
{
	u32 *x = kmap_local_page(a);
	u32 *y = kmap_local_page(b);

	*x = *y;
	put_first_two(x, y);
}

/* without one of the flags it is kmap(), which knows no order */
int sg_copy_sleeping_good(struct scatterlist *dst, struct scatterlist *src, unsigned int nents)
{
	struct sg_mapping_iter in, out;
	int ret = -EINVAL;

	sg_miter_start(&in, src, nents, SG_MITER_FROM_SG);
	sg_miter_start(&out, dst, nents, SG_MITER_TO_SG);
	if (sg_miter_next(&in) && sg_miter_next(&out)) {
		memcpy(out.addr, in.addr, min(in.length, out.length));
		ret = 0;
	}
	sg_miter_stop(&in);
	sg_miter_stop(&out);
	return ret;
}

/* stepping on releases, too */
int sg_step_bad(struct scatterlist *dst, struct scatterlist *src, unsigned int nents)
{
	struct sg_mapping_iter in, out;
	size_t n = 0;

	sg_miter_start(&in, src, nents, SG_MITER_LOCAL | SG_MITER_FROM_SG);
	sg_miter_start(&out, dst, nents, SG_MITER_LOCAL | SG_MITER_TO_SG);
	if (sg_miter_next(&in)) {
		if (sg_miter_next(&out)) {
			n = min(in.length, out.length);
			memcpy(out.addr, in.addr, n);
			if (n < out.length && sg_miter_next(&in))	/* expect: kmap-order */
				memcpy((char *)out.addr + n, in.addr, 16);
		}
		sg_miter_stop(&out);
	}
	sg_miter_stop(&in);
	return n;
}
