/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * inlines.h - the inline functions that kernels with and without HIGHMEM share
 *
 * The header of the shape has declared or defined the mapping functions themselves before this one is read.
 */
#ifndef CASE_INLINES_H
#define CASE_INLINES_H

#include "outofline.h"

static inline void folio_put(struct folio *folio)
{
	if (--folio->_refcount == 0)
		__free_pages(&folio->page, 0);
}

static inline void put_page(struct page *page)
{
	folio_put(page_folio(page));
}

static inline void folio_get(struct folio *folio)
{
	folio->_refcount++;
}

static inline void get_page(struct page *page)
{
	folio_get(page_folio(page));
}

static inline void folio_release_kmap(struct folio *folio, void *addr)
{
	kunmap_local(addr);
	folio_put(folio);
}

static inline void unmap_and_put_page(struct page *page, void *addr)
{
	folio_release_kmap(page_folio(page), addr);
}

/* state */
void __folio_lock(struct folio *folio);

static inline bool folio_trylock(struct folio *folio)
{
	return !(__sync_fetch_and_or(&folio->flags, 1UL) & 1);
}

static inline void folio_lock(struct folio *folio)
{
	might_sleep();
	if (!folio_trylock(folio))
		__folio_lock(folio);
}

static inline void lock_page(struct page *page)
{
	folio_lock(page_folio(page));
}

static inline bool folio_test_locked(const struct folio *folio)
{
	return folio->flags & 1;
}

static inline void folio_mark_uptodate(struct folio *folio)
{
	__sync_synchronize();
	__sync_fetch_and_or(&folio->flags, 8UL);
}

static inline void folio_clear_uptodate(struct folio *folio)
{
	__sync_fetch_and_and(&folio->flags, ~8UL);
}

static inline bool folio_test_uptodate(const struct folio *folio)
{
	bool ret = READ_ONCE(folio->flags) & 8;

	if (ret)
		__sync_synchronize();
	return ret;
}

static inline void SetPageUptodate(struct page *page)
{
	folio_mark_uptodate(page_folio(page));
}

static inline bool PageUptodate(const struct page *page)
{
	return folio_test_uptodate((const struct folio *)page);
}

/* helpers that map inside */
static inline void memcpy_page(struct page *dst, size_t doff, struct page *src, size_t soff, size_t len)
{
	char *to = kmap_local_page(dst);
	char *from = kmap_local_page(src);

	memcpy(to + doff, from + soff, len);
	kunmap_local(from);
	kunmap_local(to);
}

static inline void memmove_page(struct page *dst, size_t doff, struct page *src, size_t soff, size_t len)
{
	char *to = kmap_local_page(dst);
	char *from = kmap_local_page(src);

	memmove(to + doff, from + soff, len);
	kunmap_local(from);
	kunmap_local(to);
}

static inline void memset_page(struct page *page, size_t offset, int val, size_t len)
{
	char *addr = kmap_local_page(page);

	memset(addr + offset, val, len);
	kunmap_local(addr);
}

static inline void memcpy_from_page(char *to, struct page *page, size_t offset, size_t len)
{
	char *from = kmap_local_page(page);

	memcpy(to, from + offset, len);
	kunmap_local(from);
}

static inline void memcpy_to_page(struct page *page, size_t offset, const char *from, size_t len)
{
	char *to = kmap_local_page(page);

	memcpy(to + offset, from, len);
	flush_dcache_page(page);
	kunmap_local(to);
}

static inline void memzero_page(struct page *page, size_t offset, size_t len)
{
	char *addr = kmap_local_page(page);

	memset(addr + offset, 0, len);
	flush_dcache_page(page);
	kunmap_local(addr);
}

static inline void memcpy_to_folio(struct folio *folio, size_t offset, const char *from, size_t len)
{
	while (len) {
		size_t chunk = folio_test_highmem(folio) ? min(len, PAGE_SIZE - offset_in_page(offset)) : len;
		char *to = kmap_local_folio(folio, offset);

		memcpy(to, from, chunk);
		kunmap_local(to);
		from += chunk;
		offset += chunk;
		len -= chunk;
	}
	flush_dcache_folio(folio);
}

static inline void memcpy_from_folio(char *to, struct folio *folio, size_t offset, size_t len)
{
	while (len) {
		size_t chunk = folio_test_highmem(folio) ? min(len, PAGE_SIZE - offset_in_page(offset)) : len;
		const char *from = kmap_local_folio(folio, offset);

		memcpy(to, from, chunk);
		kunmap_local(from);
		to += chunk;
		offset += chunk;
		len -= chunk;
	}
}

static inline __must_check void *folio_zero_tail(struct folio *folio, size_t offset, void *kaddr)
{
	size_t left = folio_size(folio) - offset;

	if (folio_test_highmem(folio)) {
		size_t room = PAGE_SIZE - offset_in_page(offset);

		for (; left > room; room = PAGE_SIZE) {
			memset(kaddr, 0, room);
			kunmap_local(kaddr);
			left -= room;
			offset += room;
			kaddr = kmap_local_folio(folio, offset);
		}
	}
	memset(kaddr, 0, left);
	flush_dcache_folio(folio);
	return kaddr;
}

static inline void folio_fill_tail(struct folio *folio, size_t offset, const char *from, size_t len)
{
	char *to = kmap_local_folio(folio, offset);

	if (folio_test_highmem(folio)) {
		size_t room = PAGE_SIZE - offset_in_page(offset);

		for (; len > room; room = PAGE_SIZE) {
			memcpy(to, from, room);
			kunmap_local(to);
			len -= room;
			from += room;
			offset += room;
			to = kmap_local_folio(folio, offset);
		}
	}
	memcpy(to, from, len);
	to = folio_zero_tail(folio, offset + len, to + len);
	kunmap_local(to);
}

static inline size_t memcpy_from_file_folio(char *to, struct folio *folio, loff_t pos, size_t len)
{
	size_t offset = offset_in_folio(folio, pos);
	char *from = kmap_local_folio(folio, offset);

	if (folio_test_highmem(folio))
		len = min_t(size_t, len, PAGE_SIZE - offset_in_page(offset));
	else
		len = min_t(size_t, len, folio_size(folio) - offset);
	memcpy(to, from, len);
	kunmap_local(from);
	return len;
}

static inline void zero_user_segments(struct page *page, unsigned int s1, unsigned int e1, unsigned int s2,
				      unsigned int e2)
{
	char *kaddr = kmap_local_page(page);

	if (e1 > s1)
		memset(kaddr + s1, 0, e1 - s1);
	if (e2 > s2)
		memset(kaddr + s2, 0, e2 - s2);
	kunmap_local(kaddr);
	flush_dcache_page(page);
}

static inline void zero_user(struct page *page, unsigned int start, unsigned int size)
{
	zero_user_segments(page, start, start + size, 0, 0);
}

static inline void folio_zero_segments(struct folio *folio, size_t s1, size_t e1, size_t s2, size_t e2)
{
	zero_user_segments(&folio->page, s1, e1, s2, e2);
}

static inline void folio_zero_segment(struct folio *folio, size_t start, size_t end)
{
	zero_user_segments(&folio->page, start, end, 0, 0);
}

static inline void folio_zero_range(struct folio *folio, size_t start, size_t len)
{
	zero_user_segments(&folio->page, start, start + len, 0, 0);
}

static inline void copy_highpage(struct page *to, struct page *from)
{
	char *vfrom = kmap_local_page(from);
	char *vto = kmap_local_page(to);

	memcpy(vto, vfrom, PAGE_SIZE);
	kunmap_local(vto);
	kunmap_local(vfrom);
}

static inline void clear_highpage(struct page *page)
{
	void *kaddr = kmap_local_page(page);

	memset(kaddr, 0, PAGE_SIZE);
	kunmap_local(kaddr);
}

static inline void copy_user_highpage(struct page *to, struct page *from, unsigned long vaddr,
				      struct vm_area_struct *vma)
{
	(void)vaddr;
	(void)vma;
	copy_highpage(to, from);
}

static inline void clear_user_highpage(struct page *page, unsigned long vaddr)
{
	(void)vaddr;
	clear_highpage(page);
}

static inline size_t copy_folio_from_iter_atomic(struct folio *folio, size_t offset, size_t bytes, struct iov_iter *i)
{
	return copy_page_from_iter_atomic(&folio->page, offset, bytes, i);
}

static inline size_t copy_folio_to_iter(struct folio *folio, size_t offset, size_t bytes, struct iov_iter *i)
{
	return copy_page_to_iter(&folio->page, offset, bytes, i);
}

/* bvecs, scatterlists, buffer heads, page cache, user copies */
static inline void *bvec_kmap_local(struct bio_vec *bvec)
{
	return (char *)kmap_local_page(bvec->bv_page) + bvec->bv_offset;
}

static inline void memcpy_from_bvec(char *to, struct bio_vec *bvec)
{
	memcpy_from_page(to, bvec->bv_page, bvec->bv_offset, bvec->bv_len);
}

static inline void memcpy_to_bvec(struct bio_vec *bvec, const char *from)
{
	memcpy_to_page(bvec->bv_page, bvec->bv_offset, from, bvec->bv_len);
}

static inline void memzero_bvec(struct bio_vec *bvec)
{
	memzero_page(bvec->bv_page, bvec->bv_offset, bvec->bv_len);
}

static inline struct page *sg_page(struct scatterlist *sg)
{
	return (struct page *)(sg->page_link & ~3UL);
}

static inline struct buffer_head *sb_bread(struct super_block *sb, sector_t block)
{
	return __bread(sb->s_fs_info, block, sb->s_blocksize);
}

static inline struct buffer_head *sb_getblk(struct super_block *sb, sector_t block)
{
	return __getblk(sb->s_fs_info, block, sb->s_blocksize);
}

static inline void brelse(struct buffer_head *bh)
{
	if (bh)
		__brelse(bh);
}

static inline void set_buffer_uptodate(struct buffer_head *bh)
{
	__sync_fetch_and_or(&bh->b_state, 1UL);
}

static inline bool buffer_uptodate(const struct buffer_head *bh)
{
	return READ_ONCE(bh->b_state) & 1;
}

static inline size_t bh_offset(const struct buffer_head *bh)
{
	return (unsigned long)bh->b_data & (PAGE_SIZE - 1);
}

static inline struct page *read_mapping_page(struct address_space *mapping, pgoff_t index, struct file *file)
{
	return read_cache_page(mapping, index, NULL, file);
}

static inline struct folio *read_mapping_folio(struct address_space *mapping, pgoff_t index, struct file *file)
{
	return read_cache_folio(mapping, index, NULL, file);
}

static inline struct folio *filemap_get_folio(struct address_space *mapping, pgoff_t index)
{
	return __filemap_get_folio(mapping, index, 0, 0);
}

static inline struct folio *filemap_lock_folio(struct address_space *mapping, pgoff_t index)
{
	return __filemap_get_folio(mapping, index, FGP_LOCK, 0);
}

static inline unsigned long copy_from_user(void *to, const void __user *from, unsigned long n)
{
	might_sleep();
	if (n > PAGE_SIZE * 1024)
		return n;
	return _copy_from_user(to, from, n);
}

static inline unsigned long copy_to_user(void __user *to, const void *from, unsigned long n)
{
	might_sleep();
	if (n > PAGE_SIZE * 1024)
		return n;
	return _copy_to_user(to, from, n);
}

static inline loff_t i_size_read(const struct inode *inode)
{
	return READ_ONCE(inode->i_size);
}

static inline pte_t mk_pte(struct page *page, pgprot_t prot)
{
	pte_t pte = { (unsigned long)page | (unsigned long)prot };

	return pte;
}

#endif
