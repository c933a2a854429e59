// SPDX-License-Identifier: GPL-2.0-or-later
/* kmap_local_flush.cocci */
#include "kmap-case.h"

int lzo1x_decompress_safe(const unsigned char *src, size_t src_len, unsigned char *dst, size_t *dst_len);

void copied_bad(struct folio *folio, const void *data, size_t n)
{
	char *p = kmap_local_folio(folio, 0);

	memcpy(p, data, n);
	memset(p + n, 0, PAGE_SIZE - n);
	kunmap_local(p);
	folio_mark_uptodate(folio);
}

void stored_bad(struct page *page)
{
	u32 *p = kmap_local_page(page);

	p[0] = 1;
	kunmap_local(p);
	SetPageUptodate(page);
}

/* behind the last write, where there is no release */
int unpacked_bad(struct page *page, const u8 *src, size_t n)
{
	size_t len = PAGE_SIZE;
	u8 *p = kmap_local_page(page);
	int err;

	err = lzo1x_decompress_safe(src, n, p, &len);
	kunmap_local(p);
	if (!err)
		SetPageUptodate(page);
	return err;
}

void early_bad(struct page *page, const void *data)
{
	char *p = kmap_local_page(page);

	flush_dcache_page(page);
	memcpy(p, data, 64);
	kunmap_local(p);
	SetPageUptodate(page);
}

/* the other branch flushes */
void branch_bad(struct folio *folio, const void *data, int n)
{
	char *p;

	if (n) {
		memcpy_to_folio(folio, 0, data, n);
		return;
	}
	p = kmap_local_folio(folio, 0);
	memset(p, 0, PAGE_SIZE);
	kunmap_local(p);
}

void helper_report(struct page *page, struct page *from)
{
	memcpy_page(page, 0, from, 0, PAGE_SIZE);
	SetPageUptodate(page);
}

void flushed_good(struct folio *folio, const void *data)
{
	char *p = kmap_local_folio(folio, 0);

	memcpy(p, data, 64);
	flush_dcache_folio(folio);
	kunmap_local(p);
	folio_mark_uptodate(folio);
}

void flushed_after_good(struct page *page, const void *data)
{
	char *p = kmap_atomic(page);

	memcpy(p, data, 64);
	kunmap_atomic(p);
	flush_dcache_page(page);
	SetPageUptodate(page);
}

/* nobody says that user space will see it */
void private_good(struct page *page, const void *data)
{
	char *p = kmap_local_page(page);

	memcpy(p, data, 64);
	kunmap_local(p);
}

void read_good(struct page *page, void *data)
{
	const char *p = kmap_local_page(page);

	memcpy(data, p, 64);
	kunmap_local(p);
	SetPageUptodate(page);
}

void other_page_good(struct page *page, struct page *seen, const void *data)
{
	char *p = kmap_local_page(page);

	memcpy(p, data, 64);
	kunmap_local(p);
	SetPageUptodate(seen);
}
