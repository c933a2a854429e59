/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kmap-case.h - the extern shape: every function of the API is only declared
 */
#ifndef KMAP_CASE_H
#define KMAP_CASE_H

#include "outofline.h"

/* error pointers */
void *ERR_PTR(long error);
long PTR_ERR(const void *ptr);
bool IS_ERR(const void *ptr);
bool IS_ERR_OR_NULL(const void *ptr);
void *ERR_CAST(const void *ptr);
int PTR_ERR_OR_ZERO(const void *ptr);

void case_bug(void) __noreturn;
#define BUG() case_bug()
#define BUG_ON(cond) do { if (unlikely(cond)) BUG(); } while (0)
#define might_sleep() __might_sleep(__FILE__, __LINE__)

/* mappings */
void *kmap_local_page(struct page *page);
void *kmap_local_page_prot(struct page *page, pgprot_t prot);
void *kmap_local_folio(struct folio *folio, size_t offset);
void *kmap_local_pfn(unsigned long pfn);
void kunmap_local(const void *addr);
void *kmap_atomic(struct page *page);
void *kmap_atomic_pfn(unsigned long pfn);
void kunmap_atomic(const void *addr);
void *kmap(struct page *page);
void kunmap(struct page *page);
void folio_release_kmap(struct folio *folio, void *addr);
void unmap_and_put_page(struct page *page, void *addr);

/* objects */
struct folio *page_folio(struct page *page);
struct page *folio_page(struct folio *folio, size_t n);
struct page *folio_file_page(struct folio *folio, pgoff_t index);
struct page *nth_page(struct page *page, size_t n);
struct page *compound_head(struct page *page);
void *page_address(const struct page *page);
void *folio_address(const struct folio *folio);
bool PageHighMem(const struct page *page);
bool folio_test_highmem(const struct folio *folio);
size_t folio_size(const struct folio *folio);
long folio_nr_pages(const struct folio *folio);
size_t folio_pos(const struct folio *folio);
size_t offset_in_folio(const struct folio *folio, unsigned long long p);
size_t page_size(struct page *page);

/* state */
void folio_lock(struct folio *folio);
bool folio_trylock(struct folio *folio);
void lock_page(struct page *page);
bool folio_test_locked(const struct folio *folio);
void folio_mark_uptodate(struct folio *folio);
void folio_clear_uptodate(struct folio *folio);
bool folio_test_uptodate(const struct folio *folio);
void SetPageUptodate(struct page *page);
bool PageUptodate(const struct page *page);
void folio_get(struct folio *folio);
void folio_put(struct folio *folio);
void get_page(struct page *page);
void put_page(struct page *page);
void flush_dcache_page(struct page *page);
void flush_dcache_folio(struct folio *folio);

/* helpers that map inside */
void memcpy_page(struct page *dst, size_t doff, struct page *src, size_t soff, size_t len);
void memmove_page(struct page *dst, size_t doff, struct page *src, size_t soff, size_t len);
void memset_page(struct page *page, size_t offset, int val, size_t len);
void memcpy_from_page(char *to, struct page *page, size_t offset, size_t len);
void memcpy_to_page(struct page *page, size_t offset, const char *from, size_t len);
void memzero_page(struct page *page, size_t offset, size_t len);
void memcpy_to_folio(struct folio *folio, size_t offset, const char *from, size_t len);
void memcpy_from_folio(char *to, struct folio *folio, size_t offset, size_t len);
void *folio_zero_tail(struct folio *folio, size_t offset, void *kaddr);
void folio_fill_tail(struct folio *folio, size_t offset, const char *from, size_t len);
size_t memcpy_from_file_folio(char *to, struct folio *folio, loff_t pos, size_t len);
void zero_user_segments(struct page *page, unsigned int s1, unsigned int e1, unsigned int s2, unsigned int e2);
void zero_user(struct page *page, unsigned int start, unsigned int size);
void folio_zero_segments(struct folio *folio, size_t s1, size_t e1, size_t s2, size_t e2);
void folio_zero_segment(struct folio *folio, size_t start, size_t end);
void folio_zero_range(struct folio *folio, size_t start, size_t len);
void copy_highpage(struct page *to, struct page *from);
void clear_highpage(struct page *page);
void copy_user_highpage(struct page *to, struct page *from, unsigned long vaddr, struct vm_area_struct *vma);
void clear_user_highpage(struct page *page, unsigned long vaddr);
size_t copy_folio_from_iter_atomic(struct folio *folio, size_t offset, size_t bytes, struct iov_iter *i);
size_t copy_folio_to_iter(struct folio *folio, size_t offset, size_t bytes, struct iov_iter *i);

/* bvecs, scatterlists, buffer heads, page cache, user copies */
void *bvec_kmap_local(struct bio_vec *bvec);
void memcpy_from_bvec(char *to, struct bio_vec *bvec);
void memcpy_to_bvec(struct bio_vec *bvec, const char *from);
void memzero_bvec(struct bio_vec *bvec);
struct page *sg_page(struct scatterlist *sg);
struct buffer_head *sb_bread(struct super_block *sb, sector_t block);
struct buffer_head *sb_getblk(struct super_block *sb, sector_t block);
void brelse(struct buffer_head *bh);
void set_buffer_uptodate(struct buffer_head *bh);
bool buffer_uptodate(const struct buffer_head *bh);
size_t bh_offset(const struct buffer_head *bh);
struct page *read_mapping_page(struct address_space *mapping, pgoff_t index, struct file *file);
struct folio *read_mapping_folio(struct address_space *mapping, pgoff_t index, struct file *file);
struct folio *filemap_get_folio(struct address_space *mapping, pgoff_t index);
struct folio *filemap_lock_folio(struct address_space *mapping, pgoff_t index);
unsigned long copy_from_user(void *to, const void __user *from, unsigned long n);
unsigned long copy_to_user(void __user *to, const void *from, unsigned long n);
loff_t i_size_read(const struct inode *inode);
pte_t mk_pte(struct page *page, pgprot_t prot);

#include "walk.h"

#endif
