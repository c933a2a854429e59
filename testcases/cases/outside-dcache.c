// SPDX-License-Identifier: GPL-2.0-or-later
/* Filled pages of all sorts: how they are written, which of them is flushed, and by what they become visible. */
#include "kmap-case.h"

struct chunk {
	struct folio *folio;
	size_t off, len;
	bool inline_data, hole, last;
	u8 *data;
};


struct req {
	struct page **pages;
	unsigned int nr, done, flags;
	size_t off;
	struct file *file;
	int (*fill)(struct req *req, void *to, size_t n);
	void (*complete)(struct req *req, int err);
};

struct fbatch {
	unsigned int nr;
	struct folio *folios[15];
};

struct pixel {
	u8 r, g, b, a;
};

#define REQ_ZERO_TAIL 1u
#define REQ_RAW 2u

int net_recv(struct req *req, u32 *seq);
int checksum_ok(const void *p, size_t n);
struct page *pool_page(unsigned int n);
bool want_flush(const struct folio *folio);
void swab_words(u32 *p, size_t n);
void note_filled(pgoff_t index);

/* an extent: inline, hole or data, each flushed in its own way */
int chunk_fill_good(struct chunk *c)
{
	size_t off = offset_in_folio(c->folio, c->off);
	u8 *p;

	if (c->hole) {
		folio_zero_range(c->folio, off, c->len);
	} else if (c->inline_data) {
		memcpy_to_folio(c->folio, off, (const char *)c->data, c->len);
	} else {
		p = kmap_local_folio(c->folio, off);
		memcpy(p, c->data, c->len);
		flush_dcache_folio(c->folio);
		kunmap_local(p);
	}
	if (c->last)
		folio_end_read(c->folio, true);
	return 0;
}

int chunk_fill_bad(struct chunk *c)
{
	size_t off = offset_in_folio(c->folio, c->off);
	u8 *p;

	if (c->hole) {
		folio_zero_range(c->folio, off, c->len);
	} else {
		p = kmap_local_folio(c->folio, off);
		memcpy(p, c->data, c->len);		/* expect: dcache-missing-flush */
		kunmap_local(p);
		if (c->inline_data)
			flush_dcache_folio(c->folio);
	}
	if (c->last)
		folio_end_read(c->folio, true);
	return 0;
}

/* written by structure members and by a loop over pixels */
void draw_good(struct page *page, const struct pixel *from, unsigned int n)
{
	struct pixel *p = kmap_local_page(page);
	unsigned int i;

	for (i = 0; i < n; i++) {
		p[i].r = from->r;
		p[i].a = 255;
	}
	kunmap_local(p);
	flush_dcache_page(page);
	SetPageUptodate(page);
}

void draw_bad(struct page *page, const struct pixel *from)
{
	struct pixel *p = kmap_local_page(page);

	flush_dcache_page(page);
	*p = *from;					/* expect: dcache-early-flush */
	kunmap_local(p);
	SetPageUptodate(page);
}

/* the words are turned round in place by somebody in sight */
static void turn_words(u32 *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		p[i] = p[i] << 24 | p[i] >> 24 | (p[i] & 0xff00) << 8 | (p[i] >> 8 & 0xff00);
}

void turn_good(struct folio *folio)
{
	u32 *p = kmap_local_folio(folio, 0);

	turn_words(p, PAGE_SIZE / 4);
	flush_dcache_folio(folio);
	kunmap_local(p);
	folio_mark_uptodate(folio);
}

static void turn_words2(u32 *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		p[i] ^= 0xff00ff;			/* expect: dcache-missing-flush */
}

void turn_bad(struct folio *folio)
{
	u32 *p = kmap_local_folio(folio, 0);

	turn_words2(p, PAGE_SIZE / 4);
	kunmap_local(p);
	folio_mark_uptodate(folio);
}

/* several pages, marked after all of them are there */
int req_pages_good(struct req *req, const u8 *data)
{
	unsigned int i;

	for (i = 0; i < req->nr; i++) {
		u8 *p = kmap_local_page(req->pages[i]);

		memcpy(p, data + i * PAGE_SIZE, PAGE_SIZE);
		kunmap_local(p);
		flush_dcache_page(req->pages[i]);
	}
	for (i = 0; i < req->nr; i++) {
		SetPageUptodate(req->pages[i]);
		unlock_page(req->pages[i]);
	}
	return 0;
}

int req_pages_bad(struct req *req, const u8 *data)
{
	unsigned int i;

	for (i = 0; i < req->nr; i++) {
		struct page *page = req->pages[i];
		u8 *p = kmap_local_page(page);

		memcpy(p, data, PAGE_SIZE);		/* expect: dcache-missing-flush */
		kunmap_local(p);
		if (req->flags & REQ_RAW)
			flush_dcache_page(page);
		SetPageUptodate(page);
		unlock_page(page);
		data += PAGE_SIZE;
	}
	return 0;
}

/* short reads are padded; an error leaves the page as it is */
int req_read_good(struct req *req, struct folio *folio)
{
	size_t size = folio_size(folio);
	void *p;
	int n;

	p = kmap_local_folio(folio, 0);
	n = req->fill(req, p, PAGE_SIZE);
	if (n < 0)
		goto out;
	if ((size_t)n < size)
		memset(p + n, 0, PAGE_SIZE - n);
	flush_dcache_folio(folio);
out:
	kunmap_local(p);
	folio_end_read(folio, n >= 0);
	return n < 0 ? n : 0;
}

int req_read_bad(struct req *req, struct folio *folio)
{
	void *p = kmap_local_folio(folio, 0);
	int n = req->fill(req, p, PAGE_SIZE);

	if (n >= 0)
		flush_dcache_folio(folio);
	if (n < (int)PAGE_SIZE)
		memset(p + max(n, 0), 0, PAGE_SIZE - max(n, 0));	/* expect: dcache-early-flush */
	kunmap_local(p);
	folio_end_read(folio, n >= 0);
	return n < 0 ? n : 0;
}

/* a batch of folios, one of them is skipped */
void batch_good(struct fbatch *b, const void *data)
{
	unsigned int i;

	for (i = 0; i < b->nr; i++) {
		struct folio *folio = b->folios[i];

		if (folio_test_uptodate(folio))
			continue;
		folio_lock(folio);
		memcpy_to_folio(folio, 0, data, PAGE_SIZE);
		folio_mark_uptodate(folio);
		folio_unlock(folio);
	}
}

void batch_bad(struct fbatch *b, const void *data)
{
	unsigned int i;

	for (i = 0; i < b->nr; i++) {
		struct folio *folio = b->folios[i];
		void *p;

		if (folio_test_uptodate(folio))
			continue;
		folio_lock(folio);
		p = kmap_local_folio(folio, 0);
		memcpy(p, data, PAGE_SIZE);		/* expect: dcache-missing-flush */
		kunmap_local(p);
		flush_dcache_folio(b->folios[0]);
		folio_mark_uptodate(folio);
		folio_unlock(folio);
	}
}

/* a fault: the page is filled and put into the page table at once */
int fault_in_good(struct vm_area_struct *vma, unsigned long addr, pte_t *pte, const void *data)
{
	struct page *page = alloc_page(GFP_HIGHUSER);
	void *p;

	if (!page)
		return -ENOMEM;
	clear_user_highpage(page, addr);
	p = kmap_local_page(page);
	memcpy(p, data, 100);
	kunmap_local(p);
	flush_dcache_page(page);
	set_pte_at(vma->vm_mm, addr, pte, mk_pte(page, vma->vm_page_prot));
	return 0;
}

int fault_inserted_good(struct vm_area_struct *vma, unsigned long addr, const void *data)
{
	struct page *page = alloc_page(GFP_HIGHUSER);
	int err;
	void *p;

	if (!page)
		return -ENOMEM;
	p = kmap_local_page(page);
	memcpy(p, data, PAGE_SIZE);
	kunmap_local(p);
	err = vm_insert_page(vma, addr, page);
	if (err)
		__free_page(page);
	return err;
}

/* a page that is the kernel's own until it is entered into the page cache */
int new_folio_good(struct address_space *mapping, pgoff_t index, const void *data, size_t n)
{
	struct folio *folio = folio_alloc(GFP_HIGHUSER, 0);
	int err;

	if (!folio)
		return -ENOMEM;
	folio_fill_tail(folio, 0, data, n);
	folio_mark_uptodate(folio);
	err = filemap_add_folio(mapping, folio, index, GFP_KERNEL);
	if (err)
		folio_put(folio);
	return err;
}

int new_folio_bad(struct address_space *mapping, pgoff_t index, const void *data, size_t n)
{
	struct folio *folio = folio_alloc(GFP_HIGHUSER, 0);
	int err;
	void *p;

	if (!folio)
		return -ENOMEM;
	p = kmap_local_folio(folio, 0);
	memcpy(p, data, n);				/* expect: dcache-missing-flush */
	kunmap_local(p);
	err = filemap_add_folio(mapping, folio, index, GFP_KERNEL);
	if (err)
		folio_put(folio);
	return err;
}

/* the flush is asked of a helper that has two ways */
static void finish_folio(struct folio *folio, bool written)
{
	if (written)
		flush_dcache_folio(folio);
	folio_mark_uptodate(folio);
	folio_unlock(folio);
}

void finish_good(struct folio *folio, const void *data)
{
	void *p;

	if (!data) {
		finish_folio(folio, false);
		return;
	}
	p = kmap_local_folio(folio, 0);
	memcpy(p, data, PAGE_SIZE);
	kunmap_local(p);
	finish_folio(folio, true);
}

static void finish_folio2(struct folio *folio, bool written)
{
	if (written)
		flush_dcache_folio(folio);
	folio_mark_uptodate(folio);
}

void finish_bad(struct folio *folio, const void *data)
{
	void *p = kmap_local_folio(folio, 0);

	memcpy(p, data, PAGE_SIZE);			/* expect: dcache-missing-flush */
	kunmap_local(p);
	finish_folio2(folio, false);
}

/* moved inside the page, and from one page to another */
void shift_good(struct page *page, unsigned int by)
{
	memmove_page(page, 0, page, by, PAGE_SIZE - by);
	memzero_page(page, PAGE_SIZE - by, by);
	SetPageUptodate(page);
}

void shift_bad(struct page *page, struct page *from, unsigned int by)
{
	memzero_page(page, 0, by);
	memcpy_page(page, by, from, 0, PAGE_SIZE - by);	/* expect: dcache-early-flush */ /* expect[cocci]: dcache-missing-flush -- sees no other flush */
	SetPageUptodate(page);
}

/* a page of a big folio, found by its index in the file */
int tail_page_good(struct folio *folio, pgoff_t index, const void *data)
{
	struct page *page = folio_file_page(folio, index);
	void *p = kmap_local_page(page);

	memcpy(p, data, PAGE_SIZE);
	kunmap_local(p);
	flush_dcache_page(page);
	folio_mark_uptodate(folio);
	return 0;
}

int tail_page_bad(struct folio *folio, size_t n, const void *data)
{
	void *p = kmap_local_page(folio_page(folio, n));

	memcpy(p, data, PAGE_SIZE);			/* expect: dcache-missing-flush */
	kunmap_local(p);
	flush_dcache_page(&folio->page);
	folio_mark_uptodate(folio);
	return 0;
}

/* locked here, filled, unlocked: whoever waits sees it */
int refill_good(struct inode *inode, pgoff_t index, const void *data)
{
	struct folio *folio = filemap_lock_folio(inode->i_mapping, index);
	void *p;

	if (IS_ERR(folio))
		return PTR_ERR(folio);
	p = kmap_local_folio(folio, 128);
	memcpy(p, data, 64);
	kunmap_local(p);
	flush_dcache_folio(folio);
	folio_mark_dirty(folio);
	folio_unlock(folio);
	folio_put(folio);
	return 0;
}

int refill_bad(struct inode *inode, pgoff_t index, const void *data)
{
	struct folio *folio = filemap_lock_folio(inode->i_mapping, index);
	void *p;

	if (IS_ERR(folio))
		return PTR_ERR(folio);
	p = kmap_local_folio(folio, 128);
	memcpy(p, data, 64);				/* expect: dcache-missing-flush */
	kunmap_local(p);
	folio_mark_dirty(folio);
	folio_unlock(folio);
	folio_put(folio);
	return 0;
}

/* the checksum is looked at before the page is shown */
int verified_good(struct page *page, const void *data, size_t n)
{
	void *p = kmap_local_page(page);
	int ok;

	memcpy(p, data, n);
	ok = checksum_ok(p, n);
	kunmap_local(p);
	if (!ok) {
		unlock_page(page);
		return -EIO;
	}
	flush_dcache_page(page);
	SetPageUptodate(page);
	unlock_page(page);
	return 0;
}

int verified_bad(struct page *page, const void *data, size_t n)
{
	void *p = kmap_local_page(page);
	int err = 0;

	memcpy(p, data, n);				/* expect: dcache-missing-flush */
	if (!checksum_ok(p, n)) {
		err = -EIO;
		goto out;
	}
	SetPageUptodate(page);
out:
	kunmap_local(p);
	unlock_page(page);
	return err;
}

/* a buffer on the stack is written, the page only read */
u32 local_copy_good(struct folio *folio)
{
	u32 buf[16], sum = 0;
	u32 *p = kmap_local_folio(folio, 0);
	unsigned int i;

	memcpy(buf, p, sizeof(buf));
	kunmap_local(p);
	swab_words(buf, 16);
	for (i = 0; i < 16; i++)
		sum += buf[i];
	folio_mark_uptodate(folio);
	return sum;
}

/* read into by a user's copy, published only if something came */
ssize_t user_fill_good(struct address_space *mapping, pgoff_t index, struct iov_iter *from)
{
	struct folio *folio = __filemap_get_folio(mapping, index, FGP_LOCK | FGP_CREAT, GFP_KERNEL);
	size_t n;

	if (IS_ERR(folio))
		return PTR_ERR(folio);
	n = copy_folio_from_iter_atomic(folio, 0, PAGE_SIZE, from);
	flush_dcache_folio(folio);
	if (n == PAGE_SIZE)
		folio_mark_uptodate(folio);
	folio_unlock(folio);
	folio_put(folio);
	return n;
}

ssize_t user_fill_bad(struct address_space *mapping, pgoff_t index, struct iov_iter *from)
{
	struct folio *folio = __filemap_get_folio(mapping, index, FGP_LOCK | FGP_CREAT, GFP_KERNEL);
	size_t n;

	if (IS_ERR(folio))
		return PTR_ERR(folio);
	n = copy_folio_from_iter_atomic(folio, 0, PAGE_SIZE, from);	/* expect: dcache-missing-flush */
	if (n < PAGE_SIZE)
		flush_dcache_folio(folio);
	folio_mark_uptodate(folio);
	folio_unlock(folio);
	folio_put(folio);
	return n;
}
