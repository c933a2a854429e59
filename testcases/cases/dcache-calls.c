// SPDX-License-Identifier: GPL-2.0-or-later
/* Data-cache flushes across calls: helpers that flush and that do not, callees and callers in sight, calls out of sight. */
#include "kmap-case.h"

int fetch_block(struct inode *inode, pgoff_t index, void *to);
void wake_readers(struct inode *inode);

/* helpers that flush */
void helper_good(struct page *page, const char *data, size_t len)
{
	memcpy_to_page(page, 0, data, len);	/* verdict: write=proved, flush=proved */
	memzero_page(page, len, PAGE_SIZE - len);	/* verdict: write=proved, flush=proved */
	SetPageUptodate(page);
}

void folio_helper_good(struct folio *folio, const char *data, size_t len)
{
	memcpy_to_folio(folio, 0, data, len);	/* verdict: write=proved, flush=proved */
	folio_zero_segment(folio, len, folio_size(folio));	/* verdict: write=proved, flush=proved */
	folio_mark_uptodate(folio);
}

void tail_helper_good(struct folio *folio, const char *data, size_t len)
{
	char *p = kmap_local_folio(folio, 0);

	memcpy(p, data, len);			/* verdict: write=proved */
	p = folio_zero_tail(folio, len, p + len);
	kunmap_local(p);
	folio_mark_uptodate(folio);
}

/* helpers that do not */
void quiet_helper_bad(struct page *page, struct page *src)
{
	memcpy_page(page, 0, src, 0, PAGE_SIZE);	/* expect: dcache-missing-flush */
	SetPageUptodate(page);
}

void quiet_helper_good(struct page *page, struct page *src)
{
	memcpy_page(page, 0, src, 0, PAGE_SIZE);	/* verdict: write=proved */
	flush_dcache_page(page);		/* verdict: flush=proved */
	SetPageUptodate(page);
}

void quiet_memset_bad(struct page *page)
{
	memset_page(page, 0, 0x5a, PAGE_SIZE);	/* expect: dcache-missing-flush */
	SetPageUptodate(page);
}

/* the caller publishes, the caller flushes */
static void fill_pattern(struct page *page, u8 val)
{
	u8 *p = kmap_local_page(page);

	memset(p, val, PAGE_SIZE);		/* verdict: write=proved */
	kunmap_local(p);
}

void caller_flushes_good(struct page *page)
{
	fill_pattern(page, 1);
	flush_dcache_page(page);
	SetPageUptodate(page);
}

static void fill_pattern_dirty(struct page *page, u8 val)
{
	u8 *p = kmap_local_page(page);

	memset(p, val, PAGE_SIZE);		/* expect: dcache-missing-flush */
	kunmap_local(p);
}

void caller_forgets_bad(struct page *page)
{
	fill_pattern_dirty(page, 2);
	SetPageUptodate(page);
}

/* a callee flushes */
static void finish_page(struct page *page, bool ok)
{
	if (ok) {
		flush_dcache_page(page);
		SetPageUptodate(page);
	}
	unlock_page(page);
}

void callee_flushes_good(struct page *page, const void *data)
{
	void *p = kmap_local_page(page);

	memcpy(p, data, PAGE_SIZE);		/* verdict: write=proved */
	kunmap_local(p);
	finish_page(page, true);
}

/* a callee publishes */
static void publish_page(struct page *page)
{
	SetPageUptodate(page);
	unlock_page(page);
}

void callee_publishes_bad(struct page *page, const void *data)
{
	void *p = kmap_local_page(page);

	memcpy(p, data, PAGE_SIZE);		/* expect: dcache-missing-flush */
	kunmap_local(p);
	publish_page(page);
}

/* a callee writes through the pointer */
static void encode_header(u32 *to, u32 magic)
{
	to[0] = magic;				/* verdict: write=proved */
}

void callee_writes_good(struct page *page)
{
	u32 *p = kmap_local_page(page);

	encode_header(p, 0x1234);
	kunmap_local(p);
	flush_dcache_page(page);
	SetPageUptodate(page);
}

static void encode_trailer(u32 *to, u32 magic)
{
	to[0] = magic;				/* expect: dcache-missing-flush */
}

void callee_writes_bad(struct page *page)
{
	u32 *p = kmap_local_page(page);

	encode_trailer(p, 0x4321);
	kunmap_local(p);
	SetPageUptodate(page);
}

/* a call out of sight may write: nothing is said, but nothing is proved either */
int may_write_silent(struct inode *inode, struct folio *folio)
{
	void *p = kmap_local_folio(folio, 0);
	int err = fetch_block(inode, 0, p);	/* verdict: write=unproved(may-write) */

	kunmap_local(p);
	if (!err)
		folio_mark_uptodate(folio);
	return err;
}

/* written, and who publishes it is out of sight */
void not_published_silent(struct page *page, const void *data, size_t len)
{
	void *p = kmap_local_page(page);

	memcpy(p, data, len);			/* verdict: write=unproved(not-published) */
	kunmap_local(p);
}

/* the flush comes after the publication: too late for the one who looks at once */
void late_bad(struct folio *folio, const void *data)
{
	void *p = kmap_local_folio(folio, 0);

	memcpy(p, data, PAGE_SIZE);		/* expect: dcache-missing-flush */
	kunmap_local(p);
	folio_mark_uptodate(folio);
	flush_dcache_folio(folio);
}

/* user data */
int user_copy_good(struct folio *folio, const char __user *buf, size_t len)
{
	void *p = kmap_local_folio(folio, 0);
	int err = 0;

	if (copy_from_user(p, buf, len))	/* verdict: write=proved */
		err = -EFAULT;
	kunmap_local(p);
	if (err)
		return err;
	flush_dcache_folio(folio);
	folio_mark_uptodate(folio);
	return 0;
}

int user_copy_bad(struct folio *folio, const char __user *buf, size_t len)
{
	void *p = kmap_local_folio(folio, 0);
	int err = 0;

	if (copy_from_user(p, buf, len))	/* expect: dcache-missing-flush */
		err = -EFAULT;
	kunmap_local(p);
	if (err)
		return err;
	folio_mark_uptodate(folio);
	return 0;
}

/* reading only */
u32 read_only_good(struct folio *folio)
{
	const u32 *p = kmap_local_folio(folio, 0);
	u32 val = p[0];

	kunmap_local(p);
	folio_mark_uptodate(folio);
	wake_readers(folio->mapping->host);
	return val;
}

/* each way out of a callee has a flush of its own: all of them are of what the caller wrote */
static bool put_written(struct inode *inode, struct folio *folio, size_t copied, unsigned int how)
{
	if (how == 1) {
		flush_dcache_folio(folio);	/* verdict: flush=proved */
		wake_readers(inode);
	} else if (how == 2) {
		flush_dcache_folio(folio);	/* verdict: flush=proved */
	} else {
		flush_dcache_folio(folio);	/* verdict: flush=proved */
		folio_mark_uptodate(folio);
	}
	return copied;
}

size_t put_each_way_good(struct inode *inode, struct folio *folio, struct iov_iter *iter, unsigned int how)
{
	size_t copied = copy_folio_from_iter_atomic(folio, 0, 512, iter);	/* verdict: write=proved */

	put_written(inode, folio, copied, how);
	folio_unlock(folio);
	return copied;
}
