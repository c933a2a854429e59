// SPDX-License-Identifier: GPL-2.0-or-later
/* Data-cache flushes: what the kernel wrote is flushed before it is marked up to date, unlocked or mapped. */
#include "kmap-case.h"

int fetch_status(struct inode *inode);

/* memcpy() through the mapping */
void fill_copy_good(struct folio *folio, const void *data)
{
	void *kaddr = kmap_local_folio(folio, 0);	/* verdict: map=proved */

	memcpy(kaddr, data, PAGE_SIZE);		/* verdict: write=proved */
	flush_dcache_folio(folio);		/* verdict: flush=proved */
	kunmap_local(kaddr);			/* verdict: unmap=proved */
	folio_mark_uptodate(folio);
}

void fill_copy_bad(struct folio *folio, const void *data)
{
	void *kaddr = kmap_local_folio(folio, 0);	/* verdict: map=proved */

	memcpy(kaddr, data, PAGE_SIZE);		/* expect: dcache-missing-flush; verdict: write=violated */
	kunmap_local(kaddr);			/* verdict: unmap=proved */
	folio_mark_uptodate(folio);
}

/* plain stores */
void fill_store_good(struct page *page, u32 val)
{
	u32 *p = kmap_local_page(page);
	unsigned int i;

	for (i = 0; i < PAGE_SIZE / sizeof(u32); i++)
		p[i] = val + i;			/* verdict: write=proved */
	kunmap_local(p);
	flush_dcache_page(page);		/* verdict: flush=proved */
	SetPageUptodate(page);
}

void fill_store_bad(struct page *page, u32 val)
{
	u32 *p = kmap_local_page(page);
	unsigned int i;

	for (i = 0; i < PAGE_SIZE / sizeof(u32); i++)
		p[i] = val + i;			/* expect: dcache-missing-flush; verdict: write=violated */
	kunmap_local(p);
	SetPageUptodate(page);
}

void one_store_bad(struct page *page, u32 generation)
{
	u32 *p = kmap_local_page(page);

	p[3] = generation;			/* expect: dcache-missing-flush */
	kunmap_local(p);
	SetPageUptodate(page);
}

/* memset() of a hole */
void hole_good(struct page *page)
{
	void *p = kmap_local_page(page);

	memset(p, 0, PAGE_SIZE);		/* verdict: write=proved */
	flush_dcache_page(page);
	kunmap_local(p);
	SetPageUptodate(page);
	unlock_page(page);
}

void hole_bad(struct page *page)
{
	void *p = kmap_local_page(page);

	memset(p, 0, PAGE_SIZE);		/* expect: dcache-missing-flush */
	kunmap_local(p);
	SetPageUptodate(page);
	unlock_page(page);
}

/* folio_end_read() publishes and unlocks */
int end_read_good(struct inode *inode, struct folio *folio)
{
	void *p = kmap_local_folio(folio, 0);
	int err = fetch_status(inode);

	if (!err) {
		memset(p, 0xff, PAGE_SIZE);	/* verdict: write=proved */
		flush_dcache_folio(folio);
	}
	kunmap_local(p);
	folio_end_read(folio, err == 0);
	return err;
}

int end_read_bad(struct inode *inode, struct folio *folio)
{
	void *p = kmap_local_folio(folio, 0);
	int err = fetch_status(inode);

	if (!err)
		memset(p, 0xff, PAGE_SIZE);	/* expect: dcache-missing-flush */
	kunmap_local(p);
	folio_end_read(folio, err == 0);
	return err;
}

/* filled under the lock, then unlocked */
void fill_locked_good(struct folio *folio, const void *data, size_t len)
{
	void *p;

	folio_lock(folio);
	p = kmap_local_folio(folio, 0);
	memcpy(p, data, len);			/* verdict: write=proved */
	kunmap_local(p);
	flush_dcache_folio(folio);
	folio_unlock(folio);
}

void fill_locked_bad(struct folio *folio, const void *data, size_t len)
{
	void *p;

	folio_lock(folio);
	p = kmap_local_folio(folio, 0);
	memcpy(p, data, len);			/* expect: dcache-missing-flush */
	kunmap_local(p);
	folio_unlock(folio);
}

/* a page table entry */
void map_new_good(struct vm_area_struct *vma, unsigned long addr, pte_t *ptep, struct page *page, const void *src)
{
	void *p = kmap_local_page(page);

	memcpy(p, src, PAGE_SIZE);		/* verdict: write=proved */
	kunmap_local(p);
	flush_dcache_page(page);
	set_pte_at(vma->vm_mm, addr, ptep, mk_pte(page, vma->vm_page_prot));
}

void map_new_bad(struct vm_area_struct *vma, unsigned long addr, pte_t *ptep, struct page *page, const void *src)
{
	void *p = kmap_local_page(page);

	memcpy(p, src, PAGE_SIZE);		/* expect: dcache-missing-flush */
	kunmap_local(p);
	set_pte_at(vma->vm_mm, addr, ptep, mk_pte(page, vma->vm_page_prot));
}

/* insertion into the page cache */
int insert_good(struct address_space *mapping, struct folio *folio, const void *data)
{
	void *p = kmap_local_folio(folio, 0);

	memcpy(p, data, PAGE_SIZE);		/* verdict: write=proved */
	kunmap_local(p);
	flush_dcache_folio(folio);
	return filemap_add_folio(mapping, folio, 0, GFP_NOFS);
}

int insert_bad(struct address_space *mapping, struct folio *folio, const void *data)
{
	void *p = kmap_local_folio(folio, 0);

	memcpy(p, data, PAGE_SIZE);		/* expect: dcache-missing-flush */
	kunmap_local(p);
	return filemap_add_folio(mapping, folio, 0, GFP_NOFS);
}

/* flushed before it was written */
void early_bad(struct page *page, const void *data)
{
	void *p = kmap_local_page(page);

	flush_dcache_page(page);
	memcpy(p, data, 512);			/* expect: dcache-early-flush */
	kunmap_local(p);
	SetPageUptodate(page);
}

/* between two writes: only the second one is not flushed */
void early_second_bad(struct page *page, const void *data, size_t len)
{
	char *p = kmap_local_page(page);

	memcpy(p, data, len);			/* verdict: write=proved */
	flush_dcache_page(page);
	memset(p + len, 0, PAGE_SIZE - len);	/* expect: dcache-early-flush */
	kunmap_local(p);
	SetPageUptodate(page);
}

void early_second_good(struct page *page, const void *data, size_t len)
{
	char *p = kmap_local_page(page);

	memcpy(p, data, len);			/* verdict: write=proved */
	memset(p + len, 0, PAGE_SIZE - len);	/* verdict: write=proved */
	flush_dcache_page(page);		/* verdict: flush=proved */
	kunmap_local(p);
	SetPageUptodate(page);
}

/* the other folio */
void other_bad(struct folio *dst, struct folio *src)
{
	void *to = kmap_local_folio(dst, 0);
	void *from = kmap_local_folio(src, 0);

	memcpy(to, from, PAGE_SIZE);		/* expect: dcache-wrong-folio */
	kunmap_local(from);
	kunmap_local(to);
	flush_dcache_folio(src);
	folio_mark_uptodate(dst);
}

void other_good(struct folio *dst, struct folio *src)
{
	void *to = kmap_local_folio(dst, 0);
	void *from = kmap_local_folio(src, 0);

	memcpy(to, from, PAGE_SIZE);		/* verdict: write=proved */
	kunmap_local(from);
	kunmap_local(to);
	flush_dcache_folio(dst);		/* verdict: flush=proved */
	folio_mark_uptodate(dst);
}

/* in one arm only */
void one_arm_bad(struct folio *folio, const void *data, bool packed)
{
	void *p = kmap_local_folio(folio, 0);

	if (packed) {
		LZ4_decompress_safe(data, p, 100, PAGE_SIZE);	/* verdict: write=proved */
		flush_dcache_folio(folio);
	} else {
		memcpy(p, data, PAGE_SIZE);	/* expect: dcache-missing-flush */
	}
	kunmap_local(p);
	folio_mark_uptodate(folio);
}

void one_arm_good(struct folio *folio, const void *data, bool have)
{
	if (have) {
		void *p = kmap_local_folio(folio, 0);

		memcpy(p, data, PAGE_SIZE);	/* verdict: write=proved */
		flush_dcache_folio(folio);
		kunmap_local(p);
	}
	folio_mark_uptodate(folio);
}

void flush_one_arm_bad(struct folio *folio, const void *data, bool big)
{
	void *p = kmap_local_folio(folio, 0);

	memcpy(p, data, 512);			/* expect: dcache-missing-flush */
	kunmap_local(p);
	if (big)
		flush_dcache_folio(folio);
	folio_mark_uptodate(folio);
}

/* a loop writes again after the flush */
void loop_flush_bad(struct page *page, const u8 *data, unsigned int nr)
{
	u8 *p = kmap_local_page(page);
	unsigned int i;

	for (i = 0; i < nr; i++) {
		flush_dcache_page(page);
		memcpy(p + i * 64, data, 64);	/* expect: dcache-early-flush */
	}
	kunmap_local(p);
	SetPageUptodate(page);
}

void loop_flush_good(struct page *page, const u8 *data, unsigned int nr)
{
	u8 *p = kmap_local_page(page);
	unsigned int i;

	for (i = 0; i < nr; i++) {
		memcpy(p + i * 64, data, 64);	/* verdict: write=proved */
		flush_dcache_page(page);
	}
	kunmap_local(p);
	SetPageUptodate(page);
}

/* the error path is not flushed and need not be */
int error_unflushed_good(struct inode *inode, struct folio *folio, pgoff_t index)
{
	void *p = kmap_local_folio(folio, 0);
	int err;

	memset(p, 0, PAGE_SIZE);		/* verdict: write=proved */
	err = fetch_status(inode);
	if (err) {
		kunmap_local(p);
		return err;
	}
	((u32 *)p)[0] = index;			/* verdict: write=proved */
	flush_dcache_folio(folio);
	kunmap_local(p);
	folio_mark_uptodate(folio);
	return 0;
}

/* failed: unlocked without being up to date */
int error_unlock_good(struct inode *inode, struct folio *folio)
{
	void *p = kmap_local_folio(folio, 0);
	int err;

	memset(p, 0, PAGE_SIZE);
	err = fetch_status(inode);
	if (!err)
		flush_dcache_folio(folio);
	kunmap_local(p);
	if (!err)
		folio_mark_uptodate(folio);
	folio_unlock(folio);
	return err;
}

/* the pages of a folio, one by one, and the folio at the end */
void each_page_good(struct folio *folio, const char *data)
{
	long i, nr = folio_nr_pages(folio);

	for (i = 0; i < nr; i++) {
		void *p = kmap_local_folio(folio, i * PAGE_SIZE);

		memcpy(p, data + i * PAGE_SIZE, PAGE_SIZE);	/* verdict: write=proved */
		kunmap_local(p);
	}
	flush_dcache_folio(folio);		/* verdict: flush=proved */
	folio_mark_uptodate(folio);
}

void each_page_bad(struct folio *folio, const char *data)
{
	long i, nr = folio_nr_pages(folio);

	for (i = 0; i < nr; i++) {
		void *p = kmap_local_folio(folio, i * PAGE_SIZE);

		memcpy(p, data + i * PAGE_SIZE, PAGE_SIZE);	/* expect: dcache-missing-flush */
		kunmap_local(p);
	}
	folio_mark_uptodate(folio);
}

/* a loop that flushes all pages of the folio */
void flush_loop_good(struct folio *folio, size_t offset, const char *data, size_t len)
{
	char *p = kmap_local_folio(folio, offset);
	long i, nr = folio_nr_pages(folio);

	memcpy(p, data, len);			/* verdict: write=proved */
	kunmap_local(p);
	for (i = 0; i < nr; i++)
		flush_dcache_page(folio_page(folio, i));
	folio_mark_uptodate(folio);
}

/* only the head page of a folio that may be larger */
void head_only_bad(struct folio *folio, size_t offset, const char *data, size_t len)
{
	char *p = kmap_local_folio(folio, offset);

	memcpy(p, data, len);			/* expect: dcache-missing-flush */
	kunmap_local(p);
	flush_dcache_page(&folio->page);
	folio_mark_uptodate(folio);
}
