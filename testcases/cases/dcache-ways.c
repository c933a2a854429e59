// SPDX-License-Identifier: GPL-2.0-or-later
/* Filled pages: failures that show nothing, wrappers, several pages, conditions, users. */
#include "kmap-case.h"

struct dev {
	struct mutex lock;
	u8 *store;
	u32 blksz;
	int (*read)(struct dev *d, sector_t s, void *to, size_t n);
};

int dev_read(struct dev *d, sector_t s, void *to, size_t n);
int dev_status(struct dev *d);
void dev_log(struct dev *d, const char *fmt, ...);

/* folio over several pages, filled page by page */
int big_fill_bad(struct dev *d, struct folio *folio)
{
	size_t off;

	for (off = 0; off < folio_size(folio); off += PAGE_SIZE) {
		u8 *p = kmap_local_folio(folio, off);

		memcpy(p, d->store + off, PAGE_SIZE);	/* expect: dcache-missing-flush */
		kunmap_local(p);
	}
	folio_mark_uptodate(folio);
	folio_unlock(folio);
	return 0;
}

int big_fill_good(struct dev *d, struct folio *folio)
{
	size_t off;

	for (off = 0; off < folio_size(folio); off += PAGE_SIZE) {
		u8 *p = kmap_local_folio(folio, off);

		memcpy(p, d->store + off, PAGE_SIZE);
		kunmap_local(p);
	}
	flush_dcache_folio(folio);
	folio_mark_uptodate(folio);
	folio_unlock(folio);
	return 0;
}

int big_fill_each_good(struct dev *d, struct folio *folio)
{
	long i;

	for (i = 0; i < folio_nr_pages(folio); i++) {
		struct page *page = folio_page(folio, i);
		u8 *p = kmap_local_page(page);

		memcpy(p, d->store + i * PAGE_SIZE, PAGE_SIZE);
		flush_dcache_page(page);
		kunmap_local(p);
	}
	folio_end_read(folio, true);
	return 0;
}

/* the block read through the address: out of sight, may write */
int may_good(struct dev *d, struct folio *folio)
{
	void *p = kmap_local_folio(folio, 0);
	int err = dev_read(d, folio->index, p, PAGE_SIZE);

	kunmap_local(p);
	folio_end_read(folio, !err);
	return err;
}

/* only the success way flushes, and only it marks */
int success_only_good(struct dev *d, struct page *page)
{
	u8 *p = kmap_local_page(page);
	int err = dev_read(d, page->index, p, d->blksz);

	if (err) {
		memset(p, 0, PAGE_SIZE);
		kunmap_local(p);
		unlock_page(page);
		return err;
	}
	memset(p + d->blksz, 0, PAGE_SIZE - d->blksz);
	flush_dcache_page(page);
	kunmap_local(p);
	SetPageUptodate(page);
	unlock_page(page);
	return 0;
}

int success_only_bad(struct dev *d, struct page *page)
{
	u8 *p = kmap_local_page(page);
	int err = dev_read(d, page->index, p, d->blksz);

	if (err) {
		memset(p, 0, PAGE_SIZE);		/* expect: dcache-missing-flush */
		goto done;
	}
	memset(p + d->blksz, 0, PAGE_SIZE - d->blksz);
	flush_dcache_page(page);
done:
	kunmap_local(p);
	SetPageUptodate(page);
	unlock_page(page);
	return 0;
}

/* a wrapper that flushes */
static void put_bytes(struct page *page, size_t off, const void *from, size_t n)
{
	u8 *p = kmap_local_page(page);

	memcpy(p + off, from, n);
	kunmap_local(p);
	flush_dcache_page(page);
}

int wrapper_good(struct dev *d, struct page *page)
{
	put_bytes(page, 0, d->store, 512);
	put_bytes(page, 512, d->store + 512, PAGE_SIZE - 512);
	SetPageUptodate(page);
	return 0;
}

/* a wrapper that does not, behind a macro */
static void put_raw(struct page *page, size_t off, const void *from, size_t n)
{
	u8 *p = kmap_local_page(page);

	memcpy(p + off, from, n);			/* expect: dcache-missing-flush */
	kunmap_local(p);
}

#define put_head(page, d) put_raw(page, 0, (d)->store, 512)

int wrapper_bad(struct dev *d, struct page *page)
{
	put_head(page, d);
	SetPageUptodate(page);
	return 0;
}

/* flush, then one more byte */
int late_byte_bad(struct dev *d, struct folio *folio)
{
	u8 *p = kmap_local_folio(folio, 0);

	memcpy(p, d->store, d->blksz);
	flush_dcache_folio(folio);
	p[d->blksz] = 0;				/* expect: dcache-early-flush */
	kunmap_local(p);
	folio_mark_uptodate(folio);
	return 0;
}

/* copy_from_user fails: the page is not shown */
int user_fail_good(struct page *page, const void __user *from, size_t n)
{
	u8 *p = kmap_local_page(page);
	int err = 0;

	if (copy_from_user(p, from, n))
		err = -EFAULT;
	kunmap_local(p);
	if (err)
		return err;
	flush_dcache_page(page);
	SetPageUptodate(page);
	return 0;
}

int user_bad(struct page *page, const void __user *from, size_t n)
{
	u8 *p = kmap_local_page(page);
	unsigned long left = copy_from_user(p, from, n);	/* expect: dcache-missing-flush */

	kunmap_local(p);
	if (left)
		return -EFAULT;
	SetPageUptodate(page);
	return 0;
}

/* page fault: fresh page handed to the mm by the return value */
vm_fault_t fault_page_good(struct vm_fault *vmf, struct dev *d)
{
	struct page *page = alloc_page(GFP_HIGHUSER);
	void *p;

	if (!page)
		return 1;
	p = kmap_local_page(page);
	memcpy(p, d->store, PAGE_SIZE);
	kunmap_local(p);
	flush_dcache_page(page);
	vmf->page = page;
	return 0;
}

void bio_read_good(struct dev *d, struct bio *bio)
{
	struct bvec_iter iter;
	struct bio_vec bv;

	bio_for_each_segment(bv, bio, iter) {
		void *p = bvec_kmap_local(&bv);

		memcpy(p, d->store + (iter.bi_sector << 9), bv.bv_len);
		flush_dcache_page(bv.bv_page);
		kunmap_local(p);
	}
	bio_endio(bio);
}

void bio_write_good(struct dev *d, struct bio *bio)
{
	struct bvec_iter iter;
	struct bio_vec bv;

	bio_for_each_segment(bv, bio, iter) {
		void *p = bvec_kmap_local(&bv);

		memcpy(d->store + (iter.bi_sector << 9), p, bv.bv_len);
		kunmap_local(p);
	}
	bio_endio(bio);
}

/* the kernel's own */
struct page *private_good(struct dev *d)
{
	struct page *page = alloc_page(GFP_KERNEL);
	u8 *p;

	if (!page)
		return NULL;
	p = kmap_local_page(page);
	memset(p, 0, PAGE_SIZE);
	memcpy(p, d->store, 16);
	kunmap_local(p);
	return page;
}

/* conditional flush under the condition of the write */
int cond_flush_good(struct dev *d, struct folio *folio, bool fill)
{
	if (fill) {
		u8 *p = kmap_local_folio(folio, 0);

		memcpy(p, d->store, PAGE_SIZE);
		kunmap_local(p);
	}
	dev_log(d, "filled %d\n", fill);
	if (fill)
		flush_dcache_folio(folio);
	folio_mark_uptodate(folio);
	return 0;
}

int cond_flush_bad(struct dev *d, struct folio *folio, bool fill)
{
	bool shown = false;

	if (fill) {
		u8 *p = kmap_local_folio(folio, 0);

		memcpy(p, d->store, PAGE_SIZE);		/* expect: dcache-missing-flush */
		kunmap_local(p);
	}
	if (shown && fill)
		flush_dcache_folio(folio);
	folio_mark_uptodate(folio);
	return 0;
}

/* zero the tail by the helper, the head by hand */
int tail_helper_bad(struct dev *d, struct folio *folio, size_t len)
{
	u8 *p;

	folio_zero_range(folio, len, folio_size(folio) - len);
	p = kmap_local_folio(folio, 0);
	memcpy(p, d->store, len);			/* expect: dcache-early-flush */
	kunmap_local(p);
	folio_end_read(folio, true);
	return 0;
}

int tail_helper_good(struct dev *d, struct folio *folio, size_t len)
{
	u8 *p = kmap_local_folio(folio, 0);

	memcpy(p, d->store, len);
	kunmap_local(p);
	folio_zero_range(folio, len, folio_size(folio) - len);
	folio_end_read(folio, true);
	return 0;
}

/* two folios, the flush of the one that was read */
void wrong_one_bad(struct folio *from, struct folio *to)
{
	u8 *d = kmap_local_folio(to, 0), *s = kmap_local_folio(from, 0);
	unsigned int i;

	for (i = 0; i < PAGE_SIZE; i++)
		d[i] = s[i] ^ 0x55;			/* expect: dcache-wrong-folio */
	kunmap_local(s);
	kunmap_local(d);
	flush_dcache_folio(from);
	folio_mark_uptodate(to);
}

/* the page of the folio is flushed under another name */
void other_name_good(struct folio *folio, const void *data)
{
	struct page *page = &folio->page;
	u8 *p = kmap_local_page(page);

	memcpy(p, data, 100);
	kunmap_local(p);
	flush_dcache_folio(page_folio(page));
	SetPageUptodate(page);
}

/* set by pte after copy */
void cow_bad(struct vm_area_struct *vma, unsigned long addr, pte_t *ptep, struct page *old, struct page *new)
{
	copy_highpage(new, old);			/* expect: dcache-missing-flush */
	set_pte_at(vma->vm_mm, addr, ptep, mk_pte(new, vma->vm_page_prot));
}

void cow_good(struct vm_area_struct *vma, unsigned long addr, pte_t *ptep, struct page *old, struct page *new)
{
	copy_highpage(new, old);
	flush_dcache_page(new);
	set_pte_at(vma->vm_mm, addr, ptep, mk_pte(new, vma->vm_page_prot));
}

/* only read */
u32 read_only_good(struct folio *folio)
{
	u32 *p = kmap_local_folio(folio, 0);
	u32 v = *p;

	kunmap_local(p);
	folio_mark_uptodate(folio);
	return v;
}

/* written by write_begin's way, then dirty: the end unlocks after flush */
int write_good(struct address_space *mapping, pgoff_t idx, const void *data, size_t n)
{
	struct page *page = grab_cache_page_write_begin(mapping, idx);
	u8 *p;

	if (!page)
		return -ENOMEM;
	p = kmap_local_page(page);
	memcpy(p, data, n);
	kunmap_local(p);
	flush_dcache_page(page);
	SetPageUptodate(page);
	set_page_dirty(page);
	unlock_page(page);
	put_page(page);
	return 0;
}

int write_bad(struct address_space *mapping, pgoff_t idx, const void *data, size_t n)
{
	struct page *page = grab_cache_page_write_begin(mapping, idx);
	u8 *p;

	if (!page)
		return -ENOMEM;
	p = kmap_local_page(page);
	memcpy(p, data, n);				/* expect: dcache-missing-flush */
	kunmap_local(p);
	SetPageUptodate(page);
	set_page_dirty(page);
	unlock_page(page);
	put_page(page);
	return 0;
}

/* what a fault handler hands back is put into a page table by its caller: not followed, the field says nothing by itself */
vm_fault_t fault_page_bad(struct vm_fault *vmf, struct dev *d)
{
	struct page *page = alloc_page(GFP_HIGHUSER);
	void *p;

	if (!page)
		return 1;
	p = kmap_local_page(page);
	memcpy(p, d->store, PAGE_SIZE);			/* missed: dcache-missing-flush */
	kunmap_local(p);
	vmf->page = page;
	return 0;
}
