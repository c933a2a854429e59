/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * outofline.h - what is out of line in every kernel, so in every header shape
 */
#ifndef CASE_OUTOFLINE_H
#define CASE_OUTOFLINE_H

#include "types.h"

/* strings */
void *memcpy(void *to, const void *from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *s, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *s, int c, size_t n);
void *memchr_inv(const void *s, int c, size_t n);
size_t strlen(const char *s);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
ssize_t strscpy(char *to, const char *from, size_t n);
int snprintf(char *to, size_t n, const char *fmt, ...);
u32 crc32_le(u32 crc, const u8 *p, size_t n);

/* the rest of lib/ and kernel/ */
int _printk(const char *fmt, ...);
#define pr_err(...) _printk(__VA_ARGS__)
#define pr_debug(...) _printk(__VA_ARGS__)
void panic(const char *fmt, ...) __noreturn;
void case_warn(void);
void __might_sleep(const char *file, int line);
int __cond_resched(void);
#define cond_resched() __cond_resched()
void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
void _raw_spin_lock(spinlock_t *lock);
void _raw_spin_unlock(spinlock_t *lock);
#define spin_lock(l) _raw_spin_lock(l)
#define spin_unlock(l) _raw_spin_unlock(l)
void *__kmalloc(size_t size, gfp_t flags);
#define kmalloc(size, flags) __kmalloc(size, flags)
#define kzalloc(size, flags) __kmalloc(size, (flags) | 0x100u)
void kfree(const void *p);
void *vmap(struct page **pages, unsigned int count, unsigned long flags, pgprot_t prot);
void vunmap(const void *addr);
bool signal_pending_now(void);
unsigned long _copy_from_user(void *to, const void __user *from, unsigned long n);
unsigned long _copy_to_user(void __user *to, const void *from, unsigned long n);
unsigned long __copy_from_user_inatomic(void *to, const void __user *from, unsigned long n);

/* scatterlists */
struct scatterlist *sg_next(struct scatterlist *sg);
void sg_miter_start(struct sg_mapping_iter *miter, struct scatterlist *sgl, unsigned int nents, unsigned int flags);
bool sg_miter_skip(struct sg_mapping_iter *miter, long offset);
bool sg_miter_next(struct sg_mapping_iter *miter);
void sg_miter_stop(struct sg_mapping_iter *miter);
size_t sg_copy_from_buffer(struct scatterlist *sgl, unsigned int nents, const void *buf, size_t len);

/* pages and folios */
struct page *alloc_pages(gfp_t gfp, unsigned int order);
struct folio *folio_alloc(gfp_t gfp, unsigned int order);
void __free_pages(struct page *page, unsigned int order);
#define alloc_page(gfp) alloc_pages(gfp, 0)
#define __free_page(page) __free_pages(page, 0)
void folio_unlock(struct folio *folio);
void unlock_page(struct page *page);
void folio_end_read(struct folio *folio, bool success);
void folio_end_writeback(struct folio *folio);
void folio_wait_writeback(struct folio *folio);
bool folio_mark_dirty(struct folio *folio);
bool set_page_dirty(struct page *page);
int filemap_add_folio(struct address_space *mapping, struct folio *folio, pgoff_t index, gfp_t gfp);
struct folio *read_cache_folio(struct address_space *mapping, pgoff_t index,
			       int (*filler)(struct file *, struct folio *), struct file *file);
struct page *read_cache_page(struct address_space *mapping, pgoff_t index,
			     int (*filler)(struct file *, struct folio *), struct file *file);
struct folio *__filemap_get_folio(struct address_space *mapping, pgoff_t index, unsigned int fgp, gfp_t gfp);
#define FGP_LOCK 2u
#define FGP_CREAT 4u
struct page *grab_cache_page_write_begin(struct address_space *mapping, pgoff_t index);
struct page *vmalloc_to_page(const void *addr);
struct page *pfn_to_page(unsigned long pfn);
size_t copy_page_from_iter_atomic(struct page *page, size_t offset, size_t bytes, struct iov_iter *i);
size_t copy_page_to_iter(struct page *page, size_t offset, size_t bytes, struct iov_iter *i);
size_t copy_page_from_iter(struct page *page, size_t offset, size_t bytes, struct iov_iter *i);
size_t _copy_to_iter(const void *addr, size_t bytes, struct iov_iter *i);
size_t _copy_from_iter(void *addr, size_t bytes, struct iov_iter *i);
#define copy_to_iter(addr, bytes, i) _copy_to_iter(addr, bytes, i)
#define copy_from_iter(addr, bytes, i) _copy_from_iter(addr, bytes, i)

/* bios */
struct bio_vec bio_iter_iovec(struct bio *bio, struct bvec_iter iter);
void bio_advance_iter(struct bio *bio, struct bvec_iter *iter, unsigned int bytes);
void bio_endio(struct bio *bio);

/* buffer heads */
struct buffer_head *__bread(void *bdev, sector_t block, unsigned int size);
struct buffer_head *__getblk(void *bdev, sector_t block, unsigned int size);
void __brelse(struct buffer_head *bh);
void mark_buffer_dirty(struct buffer_head *bh);

/* page tables */
void set_pte_at(struct mm_struct *mm, unsigned long addr, pte_t *ptep, pte_t pte);
int vm_insert_page(struct vm_area_struct *vma, unsigned long addr, struct page *page);

/* decompressors, crypto */
int LZ4_decompress_safe(const char *source, char *dest, int csize, int osize);
int lzo1x_decompress_safe(const unsigned char *src, size_t src_len, unsigned char *dst, size_t *dst_len);
struct crypto_comp;
int crypto_comp_decompress(struct crypto_comp *tfm, const u8 *src, unsigned int slen, u8 *dst, unsigned int *dlen);

#endif
