/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kmap-case.h - the highmem shape: 32-bit kernels with HIGHMEM, inline functions over the ones that do the work
 */
#ifndef KMAP_CASE_H
#define KMAP_CASE_H

#include "objects.h"

void *__kmap_local_page_prot(struct page *page, pgprot_t prot);
void *__kmap_local_pfn_prot(unsigned long pfn, pgprot_t prot);
void kunmap_local_indexed(const void *vaddr);
void *kmap_high(struct page *page);
void kunmap_high(struct page *page);
void flush_dcache_page(struct page *page);
void flush_dcache_folio(struct folio *folio);
void case_pagefault_disable(void);
void case_pagefault_enable(void);
extern pgprot_t kmap_prot;

static inline bool PageHighMem(const struct page *page)
{
	return page->flags >> 28 == 2;
}

static inline bool folio_test_highmem(const struct folio *folio)
{
	return PageHighMem(&folio->page);
}

static inline void *kmap_local_page(struct page *page)
{
	return __kmap_local_page_prot(page, kmap_prot);
}

static inline void *kmap_local_page_prot(struct page *page, pgprot_t prot)
{
	return __kmap_local_page_prot(page, prot);
}

static inline void *kmap_local_folio(struct folio *folio, size_t offset)
{
	struct page *page = folio_page(folio, offset / PAGE_SIZE);

	return (char *)__kmap_local_page_prot(page, kmap_prot) + offset % PAGE_SIZE;
}

static inline void *kmap_local_pfn(unsigned long pfn)
{
	return __kmap_local_pfn_prot(pfn, kmap_prot);
}

static inline void __kunmap_local(const void *vaddr)
{
	kunmap_local_indexed(vaddr);
}

static inline void *kmap_atomic(struct page *page)
{
	case_pagefault_disable();
	return __kmap_local_page_prot(page, kmap_prot);
}

static inline void *kmap_atomic_pfn(unsigned long pfn)
{
	case_pagefault_disable();
	return __kmap_local_pfn_prot(pfn, kmap_prot);
}

static inline void __kunmap_atomic(const void *addr)
{
	kunmap_local_indexed(addr);
	case_pagefault_enable();
}

static inline void *kmap(struct page *page)
{
	might_sleep();
	if (!PageHighMem(page))
		return page_address(page);
	return kmap_high(page);
}

static inline void kunmap(struct page *page)
{
	might_sleep();
	if (PageHighMem(page))
		kunmap_high(page);
}

#define kunmap_local(__addr) do { __kunmap_local(__addr); } while (0)
#define kunmap_atomic(__addr) do { __kunmap_atomic(__addr); } while (0)

#include "inlines.h"

#include "walk.h"

#endif
