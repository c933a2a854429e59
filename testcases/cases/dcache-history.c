// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The flushes that were missing or misplaced in Linux's history, re-created from an understanding of what went wrong: other
 * file systems, other names, the same mistake; each beside what it should have been.
 */
#include "kmap-case.h"

struct cpool {
	struct crypto_comp *tfm;
	struct mutex lock;
	u8 *bounce;
};

struct centry {
	struct cpool *pool;
	const u8 *data;
	unsigned int length;
	bool incompressible;
};

struct fs_block {
	const char *data;
	size_t bytes;
	int error;
};

int transport_recv(struct inode *inode, loff_t pos, struct iov_iter *iter);
struct centry *find_centry(struct folio *folio);
const char *inline_data_of(struct inode *inode, size_t *len);
struct fs_block *cached_block(struct inode *inode, pgoff_t index);

/*
 * 1. A compressed swap cache: one branch decompresses into a bounce buffer and copies with a helper that flushes, the other
 * maps the folio and lets the decompressor write into it. Two callers mark the folio up to date.
 */
static int centry_unpack_bad(struct centry *ent, struct folio *folio)
{
	unsigned int dlen = PAGE_SIZE;
	u8 *dst;
	int err;

	mutex_lock(&ent->pool->lock);
	if (ent->incompressible) {
		memcpy_to_folio(folio, 0, (const char *)ent->data, PAGE_SIZE);	/* verdict: write=proved, flush=proved */
		err = 0;
	} else {
		dst = kmap_local_folio(folio, 0);	/* verdict: map=proved */
		err = crypto_comp_decompress(ent->pool->tfm, ent->data, ent->length, dst, &dlen);	/* expect: dcache-missing-flush */
		kunmap_local(dst);
	}
	mutex_unlock(&ent->pool->lock);
	return err;
}

int centry_load_bad(struct folio *folio)
{
	struct centry *ent = find_centry(folio);
	int err;

	if (!ent)
		return -ENOENT;
	err = centry_unpack_bad(ent, folio);
	if (err) {
		folio_unlock(folio);
		return -EIO;
	}
	folio_mark_uptodate(folio);
	folio_unlock(folio);
	return 0;
}

int centry_writeback_bad(struct centry *ent, struct folio *folio)
{
	int err = centry_unpack_bad(ent, folio);

	if (err)
		return err;
	folio_mark_uptodate(folio);
	return 0;
}

static int centry_unpack_good(struct centry *ent, struct folio *folio)
{
	unsigned int dlen = PAGE_SIZE;
	u8 *dst;
	int err;

	mutex_lock(&ent->pool->lock);
	if (ent->incompressible) {
		memcpy_to_folio(folio, 0, (const char *)ent->data, PAGE_SIZE);	/* verdict: write=proved, flush=proved */
		err = 0;
	} else {
		dst = kmap_local_folio(folio, 0);	/* verdict: map=proved */
		err = crypto_comp_decompress(ent->pool->tfm, ent->data, ent->length, dst, &dlen);	/* verdict: write=proved */
		kunmap_local(dst);
		flush_dcache_folio(folio);	/* verdict: flush=proved */
	}
	mutex_unlock(&ent->pool->lock);
	return err;
}

int centry_load_good(struct folio *folio)
{
	struct centry *ent = find_centry(folio);

	if (!ent)
		return -ENOENT;
	if (centry_unpack_good(ent, folio)) {
		folio_unlock(folio);
		return -EIO;
	}
	folio_mark_uptodate(folio);
	folio_unlock(folio);
	return 0;
}

/* 2. Small files kept in the inode: copied out, the tail zeroed, no flush. */
int read_inline_bad(struct inode *inode, struct folio *folio)
{
	size_t len;
	const char *data = inline_data_of(inode, &len);
	char *p;

	if (!data)
		return -EIO;
	p = kmap_local_folio(folio, 0);
	memcpy(p, data, len);			/* expect: dcache-missing-flush */
	kunmap_local(p);
	folio_end_read(folio, true);
	return 0;
}

int read_inline_good(struct inode *inode, struct folio *folio)
{
	size_t len;
	const char *data = inline_data_of(inode, &len);

	if (!data)
		return -EIO;
	folio_fill_tail(folio, 0, data, len);	/* verdict: write=proved, flush=proved */
	folio_end_read(folio, true);
	return 0;
}

/* 3. A helper that does not flush took the place of one that did. */
int read_stripe_bad(struct page *page, struct page *cache, size_t off)
{
	memcpy_page(page, off, cache, off, 512);	/* expect: dcache-missing-flush */
	SetPageUptodate(page);
	unlock_page(page);
	return 0;
}

int read_stripe_good(struct page *page, const char *cache, size_t off)
{
	memcpy_to_page(page, off, cache, 512);	/* verdict: write=proved, flush=proved */
	SetPageUptodate(page);
	unlock_page(page);
	return 0;
}

/* 4. A read beyond the end of the file: zeroed by hand. */
int read_past_end_bad(struct inode *inode, struct page *page)
{
	void *p;

	if (page->index < (pgoff_t)(i_size_read(inode) >> PAGE_SHIFT))
		return -EAGAIN;
	p = kmap_local_page(page);
	memset(p, 0, PAGE_SIZE);		/* expect: dcache-missing-flush */
	kunmap_local(p);
	SetPageUptodate(page);
	unlock_page(page);
	return 0;
}

int read_past_end_good(struct inode *inode, struct page *page)
{
	if (page->index < (pgoff_t)(i_size_read(inode) >> PAGE_SHIFT))
		return -EAGAIN;
	zero_user(page, 0, PAGE_SIZE);		/* verdict: write=proved, flush=proved */
	SetPageUptodate(page);
	unlock_page(page);
	return 0;
}

/* 5. Filled from an iterator by the helper that leaves the flush to its caller. */
size_t write_iter_bad(struct folio *folio, size_t off, size_t len, struct iov_iter *i)
{
	size_t copied;

	folio_lock(folio);
	copied = copy_folio_from_iter_atomic(folio, off, len, i);	/* expect: dcache-missing-flush */
	if (copied == len)
		folio_mark_uptodate(folio);
	folio_unlock(folio);
	return copied;
}

size_t write_iter_good(struct folio *folio, size_t off, size_t len, struct iov_iter *i)
{
	size_t copied;

	folio_lock(folio);
	copied = copy_folio_from_iter_atomic(folio, off, len, i);	/* verdict: write=proved */
	flush_dcache_folio(folio);
	if (copied == len)
		folio_mark_uptodate(folio);
	folio_unlock(folio);
	return copied;
}

/* 6. Copy on write with the highmem helper that knows of no user address. */
int cow_copy_bad(struct vm_fault *vmf, struct page *old, struct page *new)
{
	copy_highpage(new, old);		/* expect: dcache-missing-flush */
	set_pte_at(vmf->vma->vm_mm, vmf->address, vmf->pte, mk_pte(new, vmf->vma->vm_page_prot));
	return 0;
}

int cow_copy_good(struct vm_fault *vmf, struct page *old, struct page *new)
{
	copy_highpage(new, old);		/* verdict: write=proved */
	flush_dcache_page(new);
	set_pte_at(vmf->vma->vm_mm, vmf->address, vmf->pte, mk_pte(new, vmf->vma->vm_page_prot));
	return 0;
}

/* 7. The source is flushed, not the destination. */
int migrate_copy_bad(struct folio *dst, struct folio *src)
{
	void *to = kmap_local_folio(dst, 0);
	void *from = kmap_local_folio(src, 0);

	memcpy(to, from, PAGE_SIZE);		/* expect: dcache-wrong-folio */
	flush_dcache_folio(src);
	kunmap_local(from);
	kunmap_local(to);
	folio_mark_uptodate(dst);
	return 0;
}

/* 8. The flush stands before the copy. */
int pull_block_bad(struct inode *inode, struct page *page)
{
	struct fs_block *blk = cached_block(inode, page->index);
	void *p;

	if (!blk || blk->error)
		return -EIO;
	p = kmap_local_page(page);
	flush_dcache_page(page);
	memcpy(p, blk->data, PAGE_SIZE);	/* expect: dcache-early-flush */
	kunmap_local(p);
	SetPageUptodate(page);
	return 0;
}

int pull_block_good(struct inode *inode, struct page *page)
{
	struct fs_block *blk = cached_block(inode, page->index);
	void *p;

	if (!blk || blk->error)
		return -EIO;
	p = kmap_local_page(page);
	memcpy(p, blk->data, PAGE_SIZE);	/* verdict: write=proved */
	kunmap_local(p);
	flush_dcache_page(page);
	SetPageUptodate(page);
	return 0;
}

/* 9. A block spread over several pages: flushed once, after the loop, and only the last. */
void spread_block_bad(struct page **pages, unsigned int nr, const char *data)
{
	struct page *page = NULL;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		void *p;

		page = pages[i];
		p = kmap_local_page(page);
		memcpy(p, data + i * PAGE_SIZE, PAGE_SIZE);	/* expect: dcache-missing-flush */
		kunmap_local(p);
		SetPageUptodate(page);
	}
	if (page)
		flush_dcache_page(page);
}

void spread_block_good(struct page **pages, unsigned int nr, const char *data)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		struct page *page = pages[i];
		void *p = kmap_local_page(page);

		memcpy(p, data + i * PAGE_SIZE, PAGE_SIZE);	/* verdict: write=proved */
		kunmap_local(p);
		flush_dcache_page(page);
		SetPageUptodate(page);
		unlock_page(page);
	}
}

/* 10. A page of a compound one: only its head is flushed. */
void compound_fill_bad(struct folio *folio, const char *data)
{
	long i;

	for (i = 0; i < folio_nr_pages(folio); i++) {
		void *p = kmap_local_page(folio_page(folio, i));

		memcpy(p, data, PAGE_SIZE);	/* expect: dcache-missing-flush */
		kunmap_local(p);
	}
	flush_dcache_page(folio_page(folio, 0));
	folio_mark_uptodate(folio);
}

void compound_fill_good(struct folio *folio, const char *data)
{
	long i;

	for (i = 0; i < folio_nr_pages(folio); i++) {
		struct page *page = folio_page(folio, i);
		void *p = kmap_local_page(page);

		memcpy(p, data, PAGE_SIZE);	/* verdict: write=proved */
		flush_dcache_page(page);
		kunmap_local(p);
	}
	folio_mark_uptodate(folio);
}

/* 11. Already in the cache: that path skips the flush with everything else. */
int refill_bad(struct page *page, const char *fresh, bool cached)
{
	char *p = kmap_local_page(page);

	if (cached) {
		p[0] = fresh[0];		/* expect: dcache-missing-flush */
		goto done;
	}
	memcpy(p, fresh, PAGE_SIZE);		/* verdict: write=proved */
	flush_dcache_page(page);
done:
	kunmap_local(p);
	SetPageUptodate(page);
	return 0;
}

/* 12. Decompressed in place of a copy, by a library that knows nothing of pages. */
int lzo_page_bad(struct page *page, const u8 *src, size_t slen)
{
	size_t dlen = PAGE_SIZE;
	u8 *p = kmap_local_page(page);
	int err = lzo1x_decompress_safe(src, slen, p, &dlen);	/* expect: dcache-missing-flush */

	kunmap_local(p);
	if (err)
		return -EIO;
	SetPageUptodate(page);
	return 0;
}

int lzo_page_good(struct page *page, const u8 *src, size_t slen)
{
	size_t dlen = PAGE_SIZE;
	u8 *p = kmap_local_page(page);
	int err = lzo1x_decompress_safe(src, slen, p, &dlen);	/* verdict: write=proved */

	kunmap_local(p);
	if (err)
		return -EIO;
	flush_dcache_page(page);
	SetPageUptodate(page);
	return 0;
}

/* 13. A fresh page for a fault handler: cleared by the helper for kernel use. */
int fault_zero_bad(struct vm_fault *vmf, struct page *page)
{
	clear_highpage(page);			/* expect: dcache-missing-flush */
	set_pte_at(vmf->vma->vm_mm, vmf->address, vmf->pte, mk_pte(page, vmf->vma->vm_page_prot));
	return 0;
}

/* 14. kmap_atomic() days: copied under it and published, the conversion kept the omission. */
void atomic_fill_bad(struct page *page, const void *data, unsigned int len)
{
	char *p = kmap_atomic(page);

	memcpy(p, data, len);			/* expect: dcache-missing-flush */
	kunmap_atomic(p);
	SetPageUptodate(page);
	unlock_page(page);
}

void atomic_fill_good(struct page *page, const void *data, unsigned int len)
{
	char *p = kmap_atomic(page);

	memcpy(p, data, len);			/* verdict: write=proved */
	flush_dcache_page(page);
	kunmap_atomic(p);
	SetPageUptodate(page);
	unlock_page(page);
}

/* 15. The write is two helpers down, the publication in the caller. */
static void put_chunk(char *to, const char *from, size_t len)
{
	memcpy(to, from, len);			/* expect: dcache-missing-flush */
}

static void put_into_page(struct page *page, size_t off, const char *from, size_t len)
{
	char *p = kmap_local_page(page);

	put_chunk(p + off, from, len);
	kunmap_local(p);
}

int assemble_bad(struct page *page, const char *a)
{
	put_into_page(page, 0, a, 2048);
	SetPageUptodate(page);
	return 0;
}

/* 16. Swapped in from a device that is memory: the copy is the whole of the I/O. */
int ram_read_bad(struct folio *folio, const void *store)
{
	void *p = kmap_local_folio(folio, 0);

	memcpy(p, store, PAGE_SIZE);		/* expect: dcache-missing-flush */
	kunmap_local(p);
	folio_mark_uptodate(folio);
	folio_unlock(folio);
	return 0;
}

int ram_read_good(struct folio *folio, const void *store)
{
	void *p = kmap_local_folio(folio, 0);

	memcpy(p, store, PAGE_SIZE);		/* verdict: write=proved */
	kunmap_local(p);
	flush_dcache_folio(folio);
	folio_mark_uptodate(folio);
	folio_unlock(folio);
	return 0;
}

/* 17. A retry fills the page again after the flush of the first try. */
int refetch_bad(struct page *page, const char *a, const char *b)
{
	char *p = kmap_local_page(page);

	memcpy(p, a, PAGE_SIZE);		/* verdict: write=proved */
	flush_dcache_page(page);
	if (p[0] != a[0])
		memcpy(p, b, PAGE_SIZE);	/* expect: dcache-early-flush */
	kunmap_local(p);
	SetPageUptodate(page);
	return 0;
}

/* 18. The page of the next element is flushed. */
int bvec_fill_bad(struct bio_vec *bv, const char *data)
{
	char *p = bvec_kmap_local(bv);

	memcpy(p, data, bv->bv_len);		/* expect: dcache-wrong-folio */
	kunmap_local(p);
	flush_dcache_page(bv[1].bv_page);
	SetPageUptodate(bv->bv_page);
	return 0;
}

int bvec_fill_good(struct bio_vec *bv, const char *data)
{
	struct page *page = bv->bv_page;
	char *p = bvec_kmap_local(bv);

	memcpy(p, data, 64);			/* verdict: write=proved */
	kunmap_local(p);
	flush_dcache_page(page);
	SetPageUptodate(page);
	return 0;
}
