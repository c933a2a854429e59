// SPDX-License-Identifier: GPL-2.0-or-later
/* Two families at once, three mappings, cursors to the end of a page, folios page by page. */
#include "kmap-case.h"

struct chunk {
	u32 len;
	u8 data[];
};

int hash_more(void *ctx, const void *p, size_t n);
bool is_last(const struct chunk *c);
size_t emit(const u8 *p);
size_t emit_const(const u8 *p) __attribute__((const));

/* kmap_atomic inside kmap_local */
void mixed_good(struct page *dst, struct page *src)
{
	u8 *d = kmap_local_page(dst);			/* verdict: map=proved */
	u8 *s = kmap_atomic(src);			/* verdict: map=proved */

	memcpy(d, s, PAGE_SIZE);
	kunmap_atomic(s);				/* verdict: unmap=proved */
	kunmap_local(d);				/* verdict: unmap=proved */
}

void mixed_cross_bad(struct page *dst, struct page *src)
{
	u8 *d = kmap_local_page(dst);
	u8 *s = kmap_atomic(src);

	memcpy(d, s, PAGE_SIZE);
	kunmap_local(s);				/* expect: kmap-wrong-arg */
	kunmap_atomic(d);				/* expect: kmap-wrong-arg */
}

void mixed_order_bad(struct page *dst, struct page *src)
{
	u8 *d = kmap_local_page(dst);
	u8 *s = kmap_atomic(src);

	memcpy(d, s, PAGE_SIZE);
	kunmap_local(d);				/* expect: kmap-order */
	kunmap_atomic(s);
}

/* the long-lived kmap is no part of the stack */
void kmap_around_good(struct page *dst, struct page *src)
{
	u8 *s = kmap_local_page(src);			/* verdict: map=proved */
	u8 *d = kmap(dst);				/* verdict: map=proved */

	memcpy(d, s, PAGE_SIZE);
	kunmap_local(s);				/* verdict: unmap=proved */
	kunmap(dst);					/* verdict: unmap=proved */
}

void kmap_page_bad(struct page *page)
{
	u8 *p = kmap_local_page(page);

	p[0] = 1;
	kunmap(page);					/* expect: kmap-wrong-arg */
}

/* three at once */
void three_good(struct page *a, struct page *b, struct page *c)
{
	u64 *x = kmap_local_page(a), *y = kmap_local_page(b), *z = kmap_local_page(c);	/* verdict: map=proved */
	unsigned int i;

	for (i = 0; i < PAGE_SIZE / 8; i++)
		x[i] = y[i] ^ z[i];
	kunmap_local(z);				/* verdict: unmap=proved */
	kunmap_local(y);				/* verdict: unmap=proved */
	kunmap_local(x);				/* verdict: unmap=proved */
}

void three_bad(struct page *a, struct page *b, struct page *c)
{
	u64 *x = kmap_local_page(a), *y = kmap_local_page(b), *z = kmap_local_page(c);
	unsigned int i;

	for (i = 0; i < PAGE_SIZE / 8; i++)
		x[i] = y[i] ^ z[i];
	kunmap_local(z);
	kunmap_local(x);				/* expect: kmap-order */
	kunmap_local(y);
}

/* swapped under the feet */
void swapped_bad(struct page *a, struct page *b, bool rev)
{
	u8 *x = kmap_local_page(a), *y = kmap_local_page(b);

	if (rev)
		swap(x, y);
	memcpy(x, y, 64);
	kunmap_local(y);				/* expect: kmap-order */
	kunmap_local(x);
}

void swapped_good(struct page *a, struct page *b, bool rev)
{
	u8 *x, *y;

	if (rev)
		swap(a, b);
	x = kmap_local_page(a);				/* verdict: map=proved */
	y = kmap_local_page(b);				/* verdict: map=proved */
	memcpy(x, y, 64);
	kunmap_local(y);				/* verdict: unmap=proved */
	kunmap_local(x);				/* verdict: unmap=proved */
}

/* cursor that runs to the end of the page */
void cursor_end_bad(struct page *page, const u8 *from)
{
	u8 *p = kmap_local_page(page);
	u8 *end = p + PAGE_SIZE;

	while (p < end)
		*p++ = *from++;
	kunmap_local(p);				/* expect: kmap-wrong-arg */
}

void cursor_end_good(struct page *page, const u8 *from)
{
	u8 *p = kmap_local_page(page);			/* verdict: map=proved */
	u8 *end = p + PAGE_SIZE;

	while (p < end)
		*p++ = *from++;
	kunmap_local(p - 1);				/* verdict: unmap=proved */
}

void cursor_base_good(struct page *page, const u8 *from)
{
	u8 *base = kmap_local_page(page), *p = base;	/* verdict: map=proved */

	do {
		p += emit(from);
	} while (p < base + PAGE_SIZE);
	kunmap_local(base);				/* verdict: unmap=proved */
}

/* a fixed piece */
u32 inside_good(struct page *page)
{
	u8 *p = kmap_local_page(page);			/* verdict: map=proved */
	u32 v;

	p += 128;
	v = *(u32 *)p;
	p += sizeof(u32);
	v ^= *(u32 *)p;
	kunmap_local(p);				/* verdict: unmap=proved */
	return v;
}

/* flexible chunks */
int chunk_walk_good(struct page *page, void *ctx)
{
	struct chunk *c, *start = kmap_local_page(page);	/* verdict: map=proved */
	int err = 0;

	for (c = start; !is_last(c); c = (void *)c + sizeof(*c) + c->len) {
		err = hash_more(ctx, c->data, c->len);
		if (err)
			break;
	}
	kunmap_local(start);				/* verdict: unmap=proved */
	return err;
}

/* fills a page from the end, with an unsigned countdown */
void backwards_good(struct page *page, u8 v)
{
	u8 *p = kmap_local_page(page);			/* verdict: map=proved */
	size_t i = PAGE_SIZE;

	while (i--)
		p[i] = v;
	kunmap_local(p);				/* verdict: unmap=proved */
}

void copy_folios_good(struct folio *dst, struct folio *src, size_t off, size_t len)
{
	while (len) {
		size_t n = min_t(size_t, len, PAGE_SIZE - offset_in_page(off));
		u8 *d = kmap_local_folio(dst, off);	/* verdict: map=proved */
		const u8 *s = kmap_local_folio(src, off);	/* verdict: map=proved */

		memcpy(d, s, n);
		kunmap_local(s);			/* verdict: unmap=proved */
		kunmap_local(d);			/* verdict: unmap=proved */
		off += n;
		len -= n;
	}
}

void copy_folios_bad(struct folio *dst, struct folio *src, size_t off, size_t len)
{
	u8 *d = kmap_local_folio(dst, off);

	while (len) {
		size_t n = min_t(size_t, len, PAGE_SIZE - offset_in_page(off));
		const u8 *s = kmap_local_folio(src, off);

		memcpy(d, s, n);
		kunmap_local(d);			/* expect: kmap-order*2 -- mapped before the loop and in it */
		kunmap_local(s);
		off += n;
		len -= n;
		d = kmap_local_folio(dst, off);
	}
	kunmap_local(d);
}

/* the offset may cross into the next page: address from the remainder only */
u32 entry_at_good(struct folio *folio, unsigned int n)
{
	size_t off = n * 24;
	u32 *e = kmap_local_folio(folio, PAGE_ALIGN_DOWN(off)) + offset_in_page(off);	/* verdict: map=proved */
	u32 v = *e;

	kunmap_local(e);				/* verdict: unmap=proved */
	return v;
}

/* unmapped by a pointer that was derived through integers */
u32 rounded_good(struct page *page, u32 n)
{
	u8 *p = kmap_local_page(page) + (n & 0xfff);	/* verdict: map=proved */
	u32 v = *p;

	kunmap_local((void *)((unsigned long)p & PAGE_MASK));	/* verdict: unmap=proved */
	return v;
}

/* minus one too many */
u32 before_bad(struct page *page)
{
	u32 *p = kmap_local_page(page);
	u32 v = *p--;

	kunmap_local(p);				/* expect: kmap-wrong-arg */
	return v;
}

void folio_arg_bad(struct folio *folio)
{
	u8 *p = kmap_local_folio(folio, 0);

	p[0] = 0;
	kunmap_local(folio);				/* expect: kmap-wrong-arg */
}

/* remapped over itself: the first is lost */
void remap_bad(struct page *a, struct page *b)
{
	u8 *p = kmap_local_page(a);			/* expect: kmap-leak */

	p[1] = 0;
	p = kmap_local_page(b);
	p[2] = 0;
	kunmap_local(p);
}

/* nested with early end, wrongly nested by condition */
void cond_nest_bad(struct page *a, struct page *b, u32 n)
{
	u8 *x = NULL, *y;

	if (n > 4)
		x = kmap_local_page(a);
	y = kmap_local_page(b);
	y[0] = x ? x[0] : 0;
	if (n > 4)
		kunmap_local(x);			/* expect: kmap-order */
	kunmap_local(y);
}

void cond_nest_good(struct page *a, struct page *b, u32 n)
{
	u8 *x = NULL, *y;

	if (n > 4)
		x = kmap_local_page(a);			/* verdict: map=proved */
	y = kmap_local_page(b);				/* verdict: map=proved */
	y[0] = x ? x[0] : 0;
	kunmap_local(y);				/* verdict: unmap=proved */
	if (n > 4)
		kunmap_local(x);			/* verdict: unmap=proved */
}
