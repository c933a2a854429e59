/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kmap-case.h - the inline shape: 64-bit kernels, where a mapping is arithmetic and an unmapping nothing at all
 */
#ifndef KMAP_CASE_H
#define KMAP_CASE_H

#include "objects.h"

static inline bool PageHighMem(const struct page *page)
{
	(void)page;
	return false;
}

static inline bool folio_test_highmem(const struct folio *folio)
{
	return PageHighMem(&folio->page);
}

/* Data caches do not alias. */
static inline void flush_dcache_page(struct page *page)
{
	(void)page;
}

static inline void flush_dcache_folio(struct folio *folio)
{
	(void)folio;
}

static inline void *kmap_local_page(struct page *page)
{
	return page_address(page);
}

static inline void *kmap_local_page_prot(struct page *page, pgprot_t prot)
{
	(void)prot;
	return kmap_local_page(page);
}

static inline void *kmap_local_folio(struct folio *folio, size_t offset)
{
	return (char *)folio_address(folio) + offset;
}

static inline void *kmap_local_pfn(unsigned long pfn)
{
	return kmap_local_page(pfn_to_page(pfn));
}

static inline void __kunmap_local(const void *addr)
{
	(void)addr;
}

static inline void *kmap_atomic(struct page *page)
{
	__sync_synchronize();
	return page_address(page);
}

static inline void *kmap_atomic_pfn(unsigned long pfn)
{
	return kmap_atomic(pfn_to_page(pfn));
}

static inline void __kunmap_atomic(const void *addr)
{
	(void)addr;
	__sync_synchronize();
}

static inline void *kmap(struct page *page)
{
	might_sleep();
	return page_address(page);
}

static inline void kunmap(struct page *page)
{
	(void)page;
}

#define kunmap_local(__addr) do { __kunmap_local(__addr); } while (0)
#define kunmap_atomic(__addr) do { __kunmap_atomic(__addr); } while (0)

#include "inlines.h"

#include "walk.h"

#endif
