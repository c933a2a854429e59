// SPDX-License-Identifier: GPL-2.0-or-later
/* kmap_local_arg.cocci */
#include "kmap-case.h"

void page_bad(struct page *page)
{
	u8 *p = kmap_local_page(page);

	p[0] = 1;
	kunmap_local(page);
}

void folio_bad(struct folio *folio)
{
	u8 *p = kmap_local_folio(folio, 0);

	p[0] = 1;
	kunmap_local(folio);
}

void atomic_of_local_bad(struct page *page)
{
	u8 *p = kmap_local_page(page);

	p[0] = 1;
	kunmap_atomic(p);
}

void local_of_atomic_bad(struct page *page)
{
	u8 *p = kmap_atomic(page);

	p[0] = 1;
	kunmap_local(p);
}

void kunmap_of_local_bad(struct page *page)
{
	u8 *p = kmap_local_page(page);

	p[0] = 1;
	kunmap(page);
}

void local_of_kmap_bad(struct page *page)
{
	u8 *p = kmap(page);

	p[0] = 1;
	kunmap_local(p);
}

void vector_bad(struct bio_vec bv)
{
	u8 *p = bvec_kmap_local(&bv);

	p[0] = 1;
	kunmap(bv.bv_page);
}

void address_of_bad(struct page *page)
{
	u8 *p = kmap_local_page(page);

	p[0] = 1;
	kunmap_local(&p);
}

/* reported only */
void typed_report(struct page *page)
{
	kunmap_local(page);
}

void whole_page_report(struct page *page)
{
	u8 *p = kmap_local_page(page);

	p[0] = 1;
	p += PAGE_SIZE;
	kunmap_local(p);
}

void walked_report(struct page *page)
{
	u32 *p = kmap_local_page(page);
	unsigned int i;

	for (i = 0; i < PAGE_SIZE / sizeof(u32); i++)
		*p++ = i;
	kunmap_local(p);
}

void backed_report(struct page *page)
{
	u32 *p = kmap_local_page(page);

	p--;
	kunmap_local(p);
}

void thrown_report(struct page *page)
{
	(void)kmap_local_page(page);
}

void allocated_report(void)
{
	u8 *p = kmalloc(64, GFP_KERNEL);

	kunmap_local(p);
}

void array_report(void)
{
	u8 buf[64];

	memset(buf, 0, sizeof(buf));
	kunmap_local(buf);
}

void plain_good(struct page *page)
{
	u8 *p = kmap_local_page(page);

	p += 64;
	p[0] = 1;
	kunmap_local(p);
}

/* either family may get there */
void either_good(struct page *page, int atomic)
{
	u8 *p;

	if (atomic)
		p = kmap_atomic(page);
	else
		p = kmap_local_page(page);
	p[0] = 1;
	if (atomic)
		kunmap_atomic(p);
	else
		kunmap_local(p);
}

void kmap_good(struct page *page)
{
	u8 *p = kmap(page);

	p[0] = 1;
	kunmap(page);
}

void flush_bad(struct page *page)
{
	void *p = kmap_local_page(page);

	memset(p, 0, 64);
	flush_dcache_page(p);
	kunmap_local(p);
}

/* stepped until it meets the end */
void reached_report(struct page *page)
{
	u8 *p = kmap_local_page(page);
	u8 *end = p + PAGE_SIZE;

	while (p < end)
		*p++ = 0;
	kunmap_local(p);
}

void found_good(struct page *page)
{
	u8 *p = kmap_local_page(page);
	u8 *end = p + PAGE_SIZE;

	while (p < end) {
		if (*p)
			break;
		p++;
	}
	kunmap_local(p < end ? p : p - 1);
}

/* as much as a page holds */
void filled_report(struct page *page, const void *src, size_t len)
{
	size_t n = min_t(size_t, len, PAGE_SIZE);
	u8 *p = kmap_local_page(page);

	memcpy(p, src, n);
	kunmap_local(p + n);
}

void not_filled_good(struct page *page, const void *src, size_t len)
{
	size_t n = min_t(size_t, len, PAGE_SIZE - 1);
	u8 *p = kmap_local_page(page);

	memcpy(p, src, n);
	kunmap_local(p + n);
}
