// SPDX-License-Identifier: GPL-2.0-or-later
/* options: dcache=strict */
/* The read side: the flush is there for what user space may have written, and never comes too early for a write of the kernel's. */
#include "kmap-case.h"

int mapping_writably_mapped(struct address_space *mapping);
void digest(const void *data, size_t len, void *sum);
void look_at(void *data);

/* out of the page cache of a file, and read without a flush */
int sum_page_bad(struct address_space *mapping, pgoff_t index, u32 *sum)
{
	struct folio *folio = filemap_get_folio(mapping, index);
	u8 *p;

	if (IS_ERR(folio))
		return PTR_ERR(folio);
	p = kmap_local_folio(folio, 0);
	*sum = crc32_le(0, p, PAGE_SIZE);		/* expect: dcache-missing-flush */
	kunmap_local(p);
	folio_put(folio);
	return 0;
}

int sum_page_good(struct address_space *mapping, pgoff_t index, u32 *sum)
{
	struct folio *folio = filemap_get_folio(mapping, index);
	u8 *p;

	if (IS_ERR(folio))
		return PTR_ERR(folio);
	flush_dcache_folio(folio);			/* verdict: flush=unproved(no-write) */
	p = kmap_local_folio(folio, 0);
	*sum = crc32_le(0, p, PAGE_SIZE);
	kunmap_local(p);
	folio_put(folio);
	return 0;
}

/* by a load, of a page; one note for the page */
u32 first_word_bad(struct address_space *mapping, pgoff_t index)
{
	struct folio *folio = filemap_lock_folio(mapping, index);
	u32 *p, word;

	if (IS_ERR(folio))
		return 0;
	p = kmap_local_page(folio_page(folio, 0));
	word = p[0];					/* expect: dcache-missing-flush */
	if (!word)
		word = p[1];
	kunmap_local(p);
	folio_unlock(folio);
	folio_put(folio);
	return word;
}

/* by a helper that maps inside */
size_t to_iter_bad(struct address_space *mapping, pgoff_t index, size_t off, size_t len, struct iov_iter *to)
{
	struct folio *folio = filemap_get_folio(mapping, index);
	size_t done;

	if (IS_ERR(folio))
		return 0;
	done = copy_folio_to_iter(folio, off, len, to);	/* expect: dcache-missing-flush */
	folio_put(folio);
	return done;
}

/* as the generic read does: only where somebody may write through a mapping */
size_t to_iter_good(struct address_space *mapping, pgoff_t index, size_t off, size_t len, struct iov_iter *to)
{
	struct folio *folio = filemap_get_folio(mapping, index);
	size_t done;

	if (IS_ERR(folio))
		return 0;
	if (mapping_writably_mapped(mapping))
		flush_dcache_folio(folio);
	done = copy_folio_to_iter(folio, off, len, to);
	folio_put(folio);
	return done;
}

/* the other way round */
size_t to_iter_asked_bad(struct address_space *mapping, pgoff_t index, size_t off, size_t len, struct iov_iter *to)
{
	struct folio *folio = filemap_get_folio(mapping, index);
	size_t done;

	if (IS_ERR(folio))
		return 0;
	if (!mapping_writably_mapped(mapping))
		flush_dcache_folio(folio);
	done = copy_folio_to_iter(folio, off, len, to);	/* expect: dcache-missing-flush */
	folio_put(folio);
	return done;
}

/* read after the kernel wrote it itself: nothing to flush for that */
int fill_and_check_good(struct address_space *mapping, pgoff_t index, const char *data)
{
	struct folio *folio = filemap_lock_folio(mapping, index);
	u8 *p;

	if (IS_ERR(folio))
		return PTR_ERR(folio);
	p = kmap_local_folio(folio, 0);
	memcpy(p, data, PAGE_SIZE);
	crc32_le(0, p, PAGE_SIZE);
	kunmap_local(p);
	flush_dcache_folio(folio);
	folio_unlock(folio);
	folio_put(folio);
	return 0;
}

/* a page that the function is handed: whether user space has it mapped nobody says */
u32 handed_good(struct page *page)
{
	u32 *p = kmap_local_page(page), word = p[0];

	kunmap_local(p);
	return word;
}

/* a flush for the read, and none for the write: it is missing, not early */
void read_then_write_bad(struct page *page)
{
	u32 *p;

	flush_dcache_page(page);
	p = kmap_local_page(page);
	p[0] = p[1] + 1;				/* expect: dcache-missing-flush */
	kunmap_local(p);
}

void asked_then_write_bad(struct address_space *mapping, struct folio *folio, const char *data)
{
	u8 *p;

	if (mapping_writably_mapped(mapping))
		flush_dcache_folio(folio);
	p = kmap_local_folio(folio, 0);
	memcpy(p, data, 64);				/* expect: dcache-missing-flush */
	kunmap_local(p);
}

void asked_then_write_good(struct address_space *mapping, struct folio *folio, const char *data)
{
	u8 *p;

	if (mapping_writably_mapped(mapping))
		flush_dcache_folio(folio);
	p = kmap_local_folio(folio, 0);
	memcpy(p, data, 64);				/* verdict: write=proved */
	kunmap_local(p);
	flush_dcache_folio(folio);
}

/* the flush and the read are in a helper */
static u32 read_flushed(struct page *page)
{
	u32 *p, word;

	flush_dcache_page(page);
	p = kmap_local_page(page);
	word = p[0];
	kunmap_local(p);
	return word;
}

void helper_then_write_bad(struct page *page)
{
	u32 word = read_flushed(page), *p = kmap_local_page(page);

	p[1] = word;					/* expect: dcache-missing-flush */
	kunmap_local(p);
}

/* what was written before the helper's flush is flushed by it, though it reads afterwards */
u32 write_then_helper_good(struct page *page, u32 word)
{
	u32 *p = kmap_local_page(page);

	p[1] = word;					/* verdict: write=proved */
	kunmap_local(p);
	return read_flushed(page);
}

/* what a call out of sight does with it may be a read */
void looked_at_then_write_bad(struct page *page)
{
	u32 *p;

	flush_dcache_page(page);
	p = kmap_local_page(page);
	look_at(p);
	p[1] = 5;					/* expect: dcache-missing-flush */
	kunmap_local(p);
}

/* nobody reads it: too early */
void early_bad(struct page *page)
{
	u32 *p;

	flush_dcache_page(page);
	p = kmap_local_page(page);
	p[1] = 5;					/* expect: dcache-early-flush */
	kunmap_local(p);
}
