/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * objects.h - error pointers and how pages and folios name each other, inline; read before the mapping functions
 */
#ifndef CASE_OBJECTS_H
#define CASE_OBJECTS_H

#include "outofline.h"

#define IS_ERR_VALUE(x) unlikely((unsigned long)(x) >= (unsigned long)-MAX_ERRNO)

static inline void * __must_check ERR_PTR(long error)
{
	return (void *)error;
}

static inline long __must_check PTR_ERR(const void *ptr)
{
	return (long)ptr;
}

static inline bool __must_check IS_ERR(const void *ptr)
{
	return IS_ERR_VALUE(ptr);
}

static inline bool __must_check IS_ERR_OR_NULL(const void *ptr)
{
	return unlikely(!ptr) || IS_ERR_VALUE(ptr);
}

static inline void * __must_check ERR_CAST(const void *ptr)
{
	return (void *)ptr;
}

static inline int __must_check PTR_ERR_OR_ZERO(const void *ptr)
{
	return IS_ERR(ptr) ? PTR_ERR(ptr) : 0;
}

/* As where the architecture traps: an asm statement, and nothing after it. */
#define BUG() do { __asm__ __volatile__("" : : "i" (0)); __builtin_unreachable(); } while (0)
#define BUG_ON(cond) do { if (unlikely(cond)) BUG(); } while (0)
#define might_sleep() do { __might_sleep(__FILE__, __LINE__); __cond_resched(); } while (0)

extern char *case_linear_map;
extern struct page *case_mem_map;

static inline struct page *compound_head(struct page *page)
{
	unsigned long head = READ_ONCE(page->private);

	return unlikely(head & 1) ? (struct page *)(head - 1) : page;
}

static inline struct folio *page_folio(struct page *page)
{
	return (struct folio *)compound_head(page);
}

#define nth_page(page, n) ((page) + (n))
#define folio_page(folio, n) nth_page(&(folio)->page, n)

static inline struct page *folio_file_page(struct folio *folio, pgoff_t index)
{
	return folio_page(folio, index & 15);
}

static inline void *page_address(const struct page *page)
{
	return case_linear_map + (((unsigned long)(page - case_mem_map)) << PAGE_SHIFT);
}

static inline void *folio_address(const struct folio *folio)
{
	return page_address(&folio->page);
}

static inline long folio_nr_pages(const struct folio *folio)
{
	return folio->flags & 64 ? 1L << (folio->flags >> 8 & 15) : 1;
}

static inline size_t folio_size(const struct folio *folio)
{
	return PAGE_SIZE * folio_nr_pages(folio);
}

static inline size_t page_size(struct page *page)
{
	return folio_size(page_folio(page));
}

static inline size_t folio_pos(const struct folio *folio)
{
	return (size_t)folio->index << PAGE_SHIFT;
}

#define offset_in_folio(folio, p) ((unsigned long)(p) & (folio_size(folio) - 1))

#endif
