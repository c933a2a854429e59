// SPDX-License-Identifier: GPL-2.0-or-later
/* Which object it is: pages of a bio, all pages by number, one page or any page of a folio, a folio that comes locked. */
#include "kmap-case.h"

void folio_copy(struct folio *dst, struct folio *src);

extern struct page *case_all_pages;

/* a bio_vec that was stored as a whole: its first member is the page that was mapped */
void fill_bio_bad(struct bio *bio, const char *data)
{
	struct bvec_iter iter;
	struct bio_vec bv;

	bio_for_each_segment(bv, bio, iter) {
		char *p = bvec_kmap_local(&bv);

		memcpy(p, data, bv.bv_len);		/* expect: dcache-missing-flush */
		kunmap_local(p);
		SetPageUptodate(bv.bv_page);
		unlock_page(bv.bv_page);
	}
}

void fill_bio_good(struct bio *bio, const char *data)
{
	struct bvec_iter iter;
	struct bio_vec bv;

	bio_for_each_segment(bv, bio, iter) {
		char *p = bvec_kmap_local(&bv);

		memcpy(p, data, bv.bv_len);		/* verdict: write=proved */
		kunmap_local(p);
		flush_dcache_page(bv.bv_page);
		SetPageUptodate(bv.bv_page);
		unlock_page(bv.bv_page);
	}
}

/* two numbers are two pages, though both are counted from the start of the same array */
void by_number_bad(unsigned long a, unsigned long b, const char *data)
{
	struct page *one = case_all_pages + a, *other = case_all_pages + b;
	char *p = kmap_local_page(one);

	memcpy(p, data, 100);				/* expect: dcache-missing-flush */
	kunmap_local(p);
	SetPageUptodate(one);
	flush_dcache_page(other);
	unlock_page(one);
}

void by_number_good(unsigned long a, const char *data)
{
	char *p = kmap_local_page(case_all_pages + a);

	memcpy(p, data, 100);				/* verdict: write=proved */
	kunmap_local(p);
	flush_dcache_page(case_all_pages + a);
	SetPageUptodate(case_all_pages + a);
	unlock_page(case_all_pages + a);
}

/* mapped at a place in the first page, and that page is flushed */
void first_page_good(struct folio *folio, const char *data)
{
	char *p = kmap_local_folio(folio, 64);

	memcpy(p, data, 100);				/* verdict: write=proved */
	kunmap_local(p);
	flush_dcache_page(folio_page(folio, 0));
	folio_mark_uptodate(folio);
}

/* all of it is written, the first page is flushed */
void any_page_bad(struct folio *dst, struct folio *src)
{
	folio_copy(dst, src);				/* expect: dcache-missing-flush */
	flush_dcache_page(&dst->page);
	folio_mark_uptodate(dst);
}

void any_page_iter_bad(struct folio *folio, size_t off, struct iov_iter *iter)
{
	copy_folio_from_iter_atomic(folio, off, 512, iter);	/* expect: dcache-missing-flush */
	flush_dcache_page(folio_page(folio, 0));
	folio_mark_uptodate(folio);
}

void any_page_good(struct folio *dst, struct folio *src)
{
	folio_copy(dst, src);				/* verdict: write=proved */
	flush_dcache_folio(dst);
	folio_mark_uptodate(dst);
}

/* it comes locked, and who waits for the lock sees it */
int comes_locked_bad(struct address_space *mapping, pgoff_t index, const char *data, size_t len)
{
	struct folio *folio = filemap_lock_folio(mapping, index);
	char *p;

	if (IS_ERR(folio))
		return PTR_ERR(folio);
	p = kmap_local_folio(folio, 0);
	memcpy(p, data, len);				/* expect: dcache-missing-flush */
	kunmap_local(p);
	folio_unlock(folio);
	folio_put(folio);
	return 0;
}

int comes_locked_good(struct address_space *mapping, pgoff_t index, const char *data, size_t len)
{
	struct folio *folio = filemap_lock_folio(mapping, index);
	char *p;

	if (IS_ERR(folio))
		return PTR_ERR(folio);
	p = kmap_local_folio(folio, 0);
	memcpy(p, data, len);				/* verdict: write=proved */
	kunmap_local(p);
	flush_dcache_folio(folio);
	folio_unlock(folio);
	folio_put(folio);
	return 0;
}

/* not locked: whoever holds the lock makes it visible */
int comes_unlocked_good(struct address_space *mapping, pgoff_t index, const char *data, size_t len)
{
	struct folio *folio = filemap_get_folio(mapping, index);
	char *p;

	if (IS_ERR(folio))
		return PTR_ERR(folio);
	p = kmap_local_folio(folio, 0);
	memcpy(p, data, len);				/* verdict: write=unproved(not-published) */
	kunmap_local(p);
	folio_put(folio);
	return 0;
}

/* all filled, all flushed in a helper, all published: which element of the array it is nobody can tell, but it is none that is missing */
static void flush_all(struct page **pages, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		flush_dcache_page(pages[i]);
}

void fill_all_good(struct page **pages, unsigned int nr, const char *data)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		char *p = kmap_local_page(pages[i]);

		memcpy(p, data, PAGE_SIZE);		/* verdict: write=unproved(unknown-object) */
		kunmap_local(p);
	}
	flush_all(pages, nr);
	for (i = 0; i < nr; i++) {
		SetPageUptodate(pages[i]);
		unlock_page(pages[i]);
	}
}

void next_one_bad(struct page **pages, unsigned int i, const char *data)
{
	char *p = kmap_local_page(pages[i]);

	memcpy(p, data, PAGE_SIZE);			/* expect: dcache-wrong-folio */
	kunmap_local(p);
	flush_dcache_page(pages[i + 1]);
	SetPageUptodate(pages[i]);
	unlock_page(pages[i]);
}

/* the first of them is flushed, whichever was written */
void first_one_bad(struct page **pages, unsigned int i, const char *data)
{
	char *p = kmap_local_page(pages[i]);

	memcpy(p, data, PAGE_SIZE);			/* expect: dcache-wrong-folio */
	kunmap_local(p);
	flush_dcache_page(pages[0]);
	SetPageUptodate(pages[i]);
	unlock_page(pages[i]);
}

/* a helper that knows one object by two names: it wrote first and flushed then */
static void copy_and_flush(struct folio *folio, struct page *page, const char *data)
{
	char *p = kmap_local_page(page);

	memcpy(p, data, PAGE_SIZE);
	kunmap_local(p);
	flush_dcache_folio(folio);
}

void two_names_good(struct page *page, const char *data)
{
	struct folio *folio = page_folio(page);

	copy_and_flush(folio, page, data);
	folio_mark_uptodate(folio);
	folio_unlock(folio);
}

/* the same, but the flush came first */
static void flush_and_copy(struct page *page, struct folio *folio, const char *data)
{
	char *p;

	flush_dcache_folio(folio);
	p = kmap_local_page(page);
	memcpy(p, data, PAGE_SIZE);			/* expect: dcache-early-flush */
	kunmap_local(p);
}

void two_names_bad(struct page *page, const char *data)
{
	struct folio *folio = page_folio(page);

	flush_and_copy(page, folio, data);
	folio_mark_uptodate(folio);
	folio_unlock(folio);
}
