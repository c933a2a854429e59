// SPDX-License-Identifier: GPL-2.0-or-later
/* options: dcache=strict */
/* Strict: a write that leaves the outermost function in sight unflushed is told of, whoever publishes it. */
#include "kmap-case.h"

struct log_super {
	__le32 magic;
	__le32 seq;
};

int fetch_status(struct inode *inode);

void leaves_dirty_bad(struct page *page, const void *data, size_t len)
{
	void *p = kmap_local_page(page);

	memcpy(p, data, len);			/* expect: dcache-missing-flush */
	kunmap_local(p);
}

void leaves_clean_good(struct page *page, const void *data, size_t len)
{
	void *p = kmap_local_page(page);

	memcpy(p, data, len);			/* verdict: write=proved */
	flush_dcache_page(page);
	kunmap_local(p);
}

void helper_dirty_bad(struct page *page, struct page *from)
{
	memcpy_page(page, 0, from, 0, 512);	/* expect: dcache-missing-flush */
}

void helper_clean_good(struct page *page, const char *from)
{
	memcpy_to_page(page, 0, from, 512);	/* verdict: write=proved, flush=proved */
}

/* success leaves it dirty, failure does not count */
int status_bad(struct inode *inode, struct page *page)
{
	u32 *p = kmap_local_page(page);
	int err;

	p[0] = 1;				/* expect: dcache-missing-flush */
	kunmap_local(p);
	err = fetch_status(inode);
	return err;
}

int failure_only_good(struct inode *inode, struct page *page)
{
	u32 *p = kmap_local_page(page);
	int err;

	p[0] = 1;				/* verdict: write=proved */
	kunmap_local(p);
	err = fetch_status(inode);
	if (err)
		return -EIO;
	flush_dcache_page(page);
	return 0;
}

/* the outermost function decides, not the helper */
static void store_seq(struct page *page, u32 seq)
{
	struct log_super *ls = kmap_local_page(page);

	ls->seq = seq;				/* verdict: write=proved */
	kunmap_local(ls);
}

void outer_good(struct page *page)
{
	store_seq(page, 1);
	flush_dcache_page(page);
}

static void store_seq_dirty(struct page *page, u32 seq)
{
	struct log_super *ls = kmap_local_page(page);

	ls->seq = seq;				/* expect: dcache-missing-flush */
	kunmap_local(ls);
}

void outer_bad(struct page *page)
{
	store_seq_dirty(page, 2);
}

/* early and wrong are told apart here as well */
void early_bad(struct page *page, const void *data)
{
	void *p = kmap_local_page(page);

	flush_dcache_page(page);
	memcpy(p, data, 64);			/* expect: dcache-early-flush */
	kunmap_local(p);
}

void wrong_bad(struct page *to, struct page *from)
{
	void *d = kmap_local_page(to);
	void *s = kmap_local_page(from);

	memcpy(d, s, 64);			/* expect: dcache-wrong-folio */
	kunmap_local(s);
	kunmap_local(d);
	flush_dcache_page(from);
}

/* about to read what user space may have written: the flush comes first, and no write follows */
u32 read_side_good(struct page *page)
{
	const u32 *p;
	u32 sum;

	flush_dcache_page(page);
	p = kmap_local_page(page);
	sum = crc32_le(0, (const u8 *)p, PAGE_SIZE);
	kunmap_local(p);
	return sum;
}

size_t read_side_iter_good(struct folio *folio, size_t off, size_t len, struct iov_iter *to)
{
	flush_dcache_folio(folio);
	return copy_folio_to_iter(folio, off, len, to);
}

/* read with a flush before, written with one after */
void read_write_good(struct page *page)
{
	u32 *p;

	flush_dcache_page(page);
	p = kmap_local_page(page);
	p[0] = p[1] + 1;			/* verdict: write=proved */
	kunmap_local(p);
	flush_dcache_page(page);
}

/* metadata through buffer heads is never mapped into user space */
int super_write_good(struct super_block *sb, u32 seq)
{
	struct buffer_head *bh = sb_bread(sb, 1);
	struct log_super *ls;

	if (!bh)
		return -EIO;
	ls = (struct log_super *)bh->b_data;
	ls->seq = seq;
	mark_buffer_dirty(bh);
	brelse(bh);
	return 0;
}

void bh_folio_good(struct buffer_head *bh, u32 magic)
{
	struct log_super *ls = (void *)((char *)kmap_local_folio(bh->b_folio, 0) + bh_offset(bh));

	ls->magic = magic;
	kunmap_local(ls);
	mark_buffer_dirty(bh);
}

void bh_page_good(struct buffer_head *bh)
{
	void *p = kmap_local_page(bh->b_page);

	memset((char *)p + bh_offset(bh), 0, 128);
	set_buffer_uptodate(bh);
	kunmap_local(p);
	mark_buffer_dirty(bh);
}

/* nothing was written on the path that returns */
int nothing_written_good(struct page *page, u32 key)
{
	u32 *p = kmap_local_page(page);
	int ret = 0;

	if (p[0] == key) {
		p[0] = 0;			/* verdict: write=proved */
		flush_dcache_page(page);
		ret = 1;
	}
	kunmap_local(p);
	return ret;
}

/* a loop of pages, each flushed in its turn */
void each_good(struct page **pages, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		struct page *page = pages[i];
		void *p = kmap_local_page(page);

		memset(p, 0, PAGE_SIZE);	/* verdict: write=proved */
		kunmap_local(p);
		flush_dcache_page(page);
	}
}

void each_bad(struct page **pages, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		struct page *page = pages[i];
		void *p = kmap_local_page(page);

		memset(p, 0, PAGE_SIZE);	/* expect: dcache-missing-flush */
		kunmap_local(p);
	}
}

/* what could not be copied in full is given up */
long from_user_good(struct folio *folio, const void *from)
{
	long i, nr = folio_nr_pages(folio);
	unsigned long left = 0;

	for (i = 0; i < nr; i++) {
		struct page *page = folio_page(folio, i);
		void *p = kmap_local_page(page);

		left = copy_from_user(p, from, PAGE_SIZE);	/* verdict: write=proved */
		kunmap_local(p);
		if (left)
			break;
		flush_dcache_page(page);
	}
	return left;
}

long from_user_bad(struct page *page, const void *from)
{
	void *p = kmap_local_page(page);
	unsigned long left = copy_from_user(p, from, PAGE_SIZE);	/* expect: dcache-missing-flush */

	kunmap_local(p);
	if (left)
		flush_dcache_page(page);
	return left;
}

/* one name, two pages: each is left unflushed, whatever the variable is called */
void two_pages_bad(struct page **pages, unsigned int nr, const void *data)
{
	unsigned int i;

	for (i = 0; i < nr; i += 2) {
		struct page *page = pages[i];
		void *p = kmap_local_page(page);

		memcpy(p, data, 64);			/* expect: dcache-missing-flush */
		kunmap_local(p);
		page = pages[i + 1];
		p = kmap_local_page(page);
		memset(p, 0, 64);			/* expect: dcache-missing-flush */
		kunmap_local(p);
	}
}

/* elements of one array are one source: one note */
void array_bad(struct page **pages, unsigned int from, unsigned int to, const void *data)
{
	void *p = kmap_local_page(pages[from]);

	memcpy(p, data, 64);			/* expect: dcache-missing-flush */
	kunmap_local(p);
	p = kmap_local_page(pages[to]);
	memset(p, 0, 64);
	kunmap_local(p);
}

void array_good(struct page **pages, unsigned int from, unsigned int to, const void *data)
{
	void *p = kmap_local_page(pages[from]);

	memcpy(p, data, 64);
	kunmap_local(p);
	p = kmap_local_page(pages[to]);
	memset(p, 0, 64);
	kunmap_local(p);
	flush_dcache_page(pages[to]);
	flush_dcache_page(pages[from]);
}

/* allocated for the kernel itself */
struct page *own_page_good(const void *data)
{
	struct page *page = alloc_page(GFP_KERNEL);
	void *p;

	if (!page)
		return NULL;
	p = kmap_local_page(page);
	memcpy(p, data, 64);			/* verdict: write=unproved(not-published) */
	kunmap_local(p);
	return page;
}

/* allocated for user space */
struct page *user_page_bad(const void *data)
{
	struct page *page = alloc_page(GFP_HIGHUSER);
	void *p;

	if (!page)
		return NULL;
	p = kmap_local_page(page);
	memcpy(p, data, 64);			/* expect: dcache-missing-flush */
	kunmap_local(p);
	return page;
}

/* seen by user space all the same */
void own_page_bad(struct mm_struct *mm, unsigned long addr, pte_t *ptep, const void *data)
{
	struct page *page = alloc_page(GFP_KERNEL);
	void *p;

	if (!page)
		return;
	p = kmap_local_page(page);
	memcpy(p, data, 64);			/* expect: dcache-missing-flush */
	kunmap_local(p);
	set_pte_at(mm, addr, ptep, mk_pte(page, 0));
}

/* by the kernel's own address of the page: told of where the file flushes other pages out of the same field */
struct ring {
	struct folio **folios;
	struct page *scratch;
};

void ring_seq_bad(struct ring *ring, u32 seq)
{
	u32 *p = folio_address(ring->folios[0]);

	p[1] = seq;				/* expect: dcache-missing-flush */
}

void ring_seq_good(struct ring *ring, u32 seq)
{
	u32 *p = folio_address(ring->folios[0]);

	p[1] = seq;				/* verdict: write=proved */
	flush_dcache_folio(ring->folios[0]);
}

/* nobody flushes such a page: nothing says that user space sees it */
void ring_scratch_good(struct ring *ring, u32 seq)
{
	u32 *p = page_address(ring->scratch);

	p[1] = seq;				/* verdict: write=unproved(not-published) */
}
