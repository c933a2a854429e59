// SPDX-License-Identifier: GPL-2.0-or-later
/* Loops: a mapping on each turn, one kept over the loop, remapping walks, retries. */
#include "kmap-case.h"

int process(const void *data, size_t len);
int retry_needed(void);
bool block_is_hole(unsigned int i);
bool entry_matches(const void *de, const char *name);

/* map and unmap on each turn */
int sum_pages_good(struct page **pages, unsigned int nr, u32 *sum)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		u8 *p = kmap_local_page(pages[i]);	/* verdict: map=proved */

		*sum = crc32_le(*sum, p, PAGE_SIZE);
		kunmap_local(p);			/* verdict: unmap=proved */
	}
	return 0;
}

int sum_pages_bad_break(struct page **pages, unsigned int nr, u32 *sum)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		u8 *p = kmap_local_page(pages[i]);	/* expect: kmap-leak */

		if (process(p, PAGE_SIZE))
			break;
		*sum += p[0];
		kunmap_local(p);
	}
	return i == nr ? 0 : -EIO;
}

int sum_pages_bad_continue(struct page **pages, unsigned int nr, u32 *sum)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		u8 *p = kmap_local_page(pages[i]);	/* expect: kmap-leak */

		if (p[0] == 0)
			continue;
		*sum += p[0];
		kunmap_local(p);
	}
	return 0;
}

int sum_pages_good_continue(struct page **pages, unsigned int nr, u32 *sum)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		u8 *p;

		if (block_is_hole(i))
			continue;
		p = kmap_local_page(pages[i]);		/* verdict: map=proved */
		if (p[0] == 0) {
			kunmap_local(p);		/* verdict: unmap=proved */
			continue;
		}
		*sum += p[0];
		kunmap_local(p);			/* verdict: unmap=proved */
	}
	return 0;
}

/* one leaked on each turn: only the last is released */
void clear_all_bad(struct page **pages, unsigned int nr)
{
	void *p = NULL;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		p = kmap_local_page(pages[i]);		/* expect: kmap-leak */
		memset(p, 0, PAGE_SIZE);
	}
	if (p)
		kunmap_local(p);
}

void clear_all_good(struct page **pages, unsigned int nr)
{
	unsigned int i;
	void *p;

	for (i = 0; i < nr; i++) {
		p = kmap_local_page(pages[i]);		/* verdict: map=proved */
		memset(p, 0, PAGE_SIZE);
		kunmap_local(p);			/* verdict: unmap=proved */
	}
}

/* mapped on each turn, unmapped on some */
int scan_blocks_bad(struct folio *folio, unsigned int nr)
{
	unsigned int i, used = 0;

	for (i = 0; i < nr; i++) {
		const u32 *blk = kmap_local_folio(folio, i * 512);	/* expect: kmap-leak */

		if (*blk) {
			used++;
			kunmap_local(blk);
		}
	}
	return used;
}

int scan_blocks_good(struct folio *folio, unsigned int nr)
{
	unsigned int i, used = 0;

	for (i = 0; i < nr; i++) {
		const u32 *blk = kmap_local_folio(folio, i * 512);	/* verdict: map=proved */

		if (*blk)
			used++;
		kunmap_local(blk);			/* verdict: unmap=proved */
	}
	return used;
}

/* one mapping kept over the loop */
int walk_entries_good(struct page *page, unsigned int nr)
{
	const u8 *base = kmap_local_page(page);	/* verdict: map=proved */
	unsigned int i;
	int err = 0;

	for (i = 0; i < nr && !err; i++)
		err = process(base + i * 64, 64);
	kunmap_local(base);			/* verdict: unmap=proved */
	return err;
}

int walk_entries_bad(struct page *page, unsigned int nr)
{
	const u8 *base = kmap_local_page(page);	/* expect: kmap-leak */
	unsigned int i;

	for (i = 0; i < nr; i++) {
		int err = process(base + i * 64, 64);

		if (err)
			return err;
	}
	kunmap_local(base);
	return 0;
}

/* unmapped inside the loop, mapped before it: the second turn unmaps again */
void drain_bad(struct page *page, unsigned int nr)
{
	const u8 *p = kmap_local_page(page);	/* expect: kmap-leak */
	unsigned int i;

	for (i = 0; i < nr; i++) {
		pr_debug("turn %u of %u\n", i, nr);
		kunmap_local(p);		/* expect: kmap-double-unmap */
	}
}

/* remapped when the page changes, as directory walks do */
int find_name_good(struct page **pages, unsigned int nr, const char *name)
{
	unsigned int n = 0, off = 0;
	const char *kaddr;
	int ret = -ENOENT;

	if (!nr)
		return ret;
	kaddr = kmap_local_page(pages[0]);		/* verdict: map=proved */
	for (;;) {
		if (entry_matches(kaddr + off, name)) {
			ret = n;
			break;
		}
		off += 32;
		if (off < PAGE_SIZE)
			continue;
		off = 0;
		if (++n == nr)
			break;
		kunmap_local(kaddr);			/* verdict: unmap=proved */
		kaddr = kmap_local_page(pages[n]);	/* verdict: map=proved */
	}
	kunmap_local(kaddr);				/* verdict: unmap=proved */
	return ret;
}

int find_name_bad(struct page **pages, unsigned int nr, const char *name)
{
	unsigned int n = 0, off = 0;
	const char *kaddr;
	int ret = -ENOENT;

	if (!nr)
		return ret;
	kaddr = kmap_local_page(pages[0]);
	for (;;) {
		if (entry_matches(kaddr + off, name)) {
			ret = n;
			break;
		}
		off += 32;
		if (off < PAGE_SIZE)
			continue;
		off = 0;
		kunmap_local(kaddr);
		if (++n == nr)
			break;
		kaddr = kmap_local_page(pages[n]);
	}
	kunmap_local(kaddr);			/* expect: kmap-double-unmap */
	return ret;
}

/* NULL says that nothing is mapped */
int lazy_remap_good(struct page **pages, const u32 *index, unsigned int nr, u32 *out)
{
	unsigned int i, cur = 0;
	u32 *kaddr = NULL;

	for (i = 0; i < nr; i++) {
		if (kaddr && index[i] / 1024 != cur) {
			kunmap_local(kaddr);		/* verdict: unmap=proved */
			kaddr = NULL;
		}
		if (!kaddr) {
			cur = index[i] / 1024;
			kaddr = kmap_local_page(pages[cur]);	/* verdict: map=proved */
		}
		out[i] = kaddr[index[i] % 1024];
	}
	if (kaddr)
		kunmap_local(kaddr);			/* verdict: unmap=proved */
	return 0;
}

int lazy_remap_bad(struct page **pages, const u32 *index, unsigned int nr, u32 *out)
{
	unsigned int i, cur = ~0u;
	u32 *kaddr = NULL;

	for (i = 0; i < nr; i++) {
		if (index[i] / 1024 != cur) {
			cur = index[i] / 1024;
			kaddr = kmap_local_page(pages[cur]);	/* expect: kmap-leak */
		}
		out[i] = kaddr[index[i] % 1024];
	}
	if (kaddr)
		kunmap_local(kaddr);
	return 0;
}

/* retry from the top */
int retry_good(struct page *page)
{
	u32 *p;
	int err;

again:
	p = kmap_local_page(page);		/* verdict: map=proved */
	err = process(p, PAGE_SIZE);
	kunmap_local(p);			/* verdict: unmap=proved */
	if (err == -EAGAIN)
		goto again;
	return err;
}

int retry_bad(struct page *page)
{
	u32 *p;
	int err;

again:
	p = kmap_local_page(page);		/* expect: kmap-leak */
	err = process(p, PAGE_SIZE);
	if (err == -EAGAIN)
		goto again;
	kunmap_local(p);
	return err;
}

int retry_after_fault_good(struct page *page, const char __user *buf, size_t len)
{
	unsigned long left;
	void *p;

	do {
		p = kmap_atomic(page);		/* verdict: map=proved */
		left = __copy_from_user_inatomic(p, buf, len);
		kunmap_atomic(p);		/* verdict: unmap=proved */
		if (!left)
			return 0;
		if (signal_pending_now())
			return -EAGAIN;
	} while (retry_needed());
	return -EFAULT;
}

int retry_after_fault_bad(struct page *page, const char __user *buf, size_t len)
{
	unsigned long left;
	void *p;

	do {
		p = kmap_atomic(page);		/* expect: kmap-leak */
		left = __copy_from_user_inatomic(p, buf, len);
		if (signal_pending_now())
			return -EAGAIN;
		kunmap_atomic(p);
		if (!left)
			return 0;
	} while (retry_needed());
	return -EFAULT;
}

/* a walk over the pages of a folio */
void zero_folio_good(struct folio *folio)
{
	long i, nr = folio_nr_pages(folio);

	for (i = 0; i < nr; i++) {
		void *p = kmap_local_folio(folio, i << PAGE_SHIFT);	/* verdict: map=proved */

		memset(p, 0, PAGE_SIZE);
		kunmap_local(p);			/* verdict: unmap=proved */
	}
}

size_t copy_out_folio_good(struct folio *folio, size_t offset, char *to, size_t len)
{
	size_t left = len;

	while (left) {
		size_t n = min_t(size_t, left, PAGE_SIZE - offset_in_page(offset));
		const char *from = kmap_local_folio(folio, offset);	/* verdict: map=proved */

		memcpy(to, from, n);
		kunmap_local(from);			/* verdict: unmap=proved */
		to += n;
		offset += n;
		left -= n;
	}
	return len;
}

size_t copy_out_folio_bad(struct folio *folio, size_t offset, char *to, size_t len)
{
	const char *from = kmap_local_folio(folio, offset);
	size_t left = len;

	while (left) {
		size_t n = min_t(size_t, left, PAGE_SIZE - offset_in_page(offset));

		memcpy(to, from, n);
		to += n;
		offset += n;
		left -= n;
		if (!left)
			break;
		kunmap_local(from);
		from = kmap_local_folio(folio, offset);	/* expect: kmap-leak */
		if (*from == 0)
			return len - left;
	}
	kunmap_local(from);
	return len;
}

/* the address moves with the loop and the mapping with it */
void fill_stream_good(struct page **pages, unsigned int nr, const u8 *in)
{
	unsigned int i, j;

	for (i = 0; i < nr; i++) {
		u8 *kaddr = kmap_local_page(pages[i]);	/* verdict: map=proved */

		for (j = 0; j < PAGE_SIZE; j++)
			kaddr[j] = *in++;
		kunmap_local(kaddr);			/* verdict: unmap=proved */
	}
}

/* nested loops, inner mapping inside outer mapping */
int match_all_good(struct page **a, struct page **b, unsigned int nr)
{
	unsigned int i, j, hits = 0;

	for (i = 0; i < nr; i++) {
		const u32 *x = kmap_local_page(a[i]);		/* verdict: map=proved */

		for (j = 0; j < nr; j++) {
			const u32 *y = kmap_local_page(b[j]);	/* verdict: map=proved */

			if (*x == *y)
				hits++;
			kunmap_local(y);		/* verdict: unmap=proved */
		}
		kunmap_local(x);			/* verdict: unmap=proved */
	}
	return hits;
}

int match_all_bad(struct page **a, struct page **b, unsigned int nr)
{
	unsigned int i, j;

	for (i = 0; i < nr; i++) {
		const u32 *x = kmap_local_page(a[i]);		/* expect: kmap-leak */

		for (j = 0; j < nr; j++) {
			const u32 *y = kmap_local_page(b[j]);
			bool same = *x == *y;

			kunmap_local(y);
			if (same)
				return i;
		}
		kunmap_local(x);
	}
	return -ENOENT;
}

/* a list of extents */
struct extent_rec {
	struct list_head list;
	struct page *page;
	u32 len;
};

int flush_list_bad(struct list_head *head, char *out)
{
	struct extent_rec *rec;

	list_for_each_entry(rec, head, list) {
		const char *p = kmap_local_page(rec->page);	/* expect: kmap-leak */

		if (rec->len > PAGE_SIZE)
			return -EINVAL;
		memcpy(out, p, rec->len);
		out += rec->len;
		kunmap_local(p);
	}
	return 0;
}

int flush_list_good(struct list_head *head, char *out)
{
	struct extent_rec *rec;

	list_for_each_entry(rec, head, list) {
		const char *p;

		if (rec->len > PAGE_SIZE)
			return -EINVAL;
		p = kmap_local_page(rec->page);		/* verdict: map=proved */
		memcpy(out, p, rec->len);
		out += rec->len;
		kunmap_local(p);			/* verdict: unmap=proved */
	}
	return 0;
}

/* two pages at least, word by word: one turn of the outer loop is not all that there is */
void copy_words_bad(struct page **pages, u64 *to)
{
	unsigned int done = 0, i;

	while (done < 2 * PAGE_SIZE) {
		u64 *p = kmap_local_page(*pages++);	/* expect: kmap-leak */

		for (i = 0; i < PAGE_SIZE; i += sizeof(*p))
			*to++ ^= *p++;
		done += PAGE_SIZE;
	}
}

void copy_words_good(struct page **pages, u64 *to)
{
	unsigned int done = 0, i;

	while (done < 2 * PAGE_SIZE) {
		u64 *base = kmap_local_page(*pages++), *p = base;	/* verdict: map=proved */

		for (i = 0; i < PAGE_SIZE; i += sizeof(*p))
			*to++ ^= *p++;
		kunmap_local(base);			/* verdict: unmap=proved */
		done += PAGE_SIZE;
	}
}

/* a loop that waits for somebody else to change what it looks at does end, and what comes behind it counts */
struct waiter {
	int waiting;
	struct page *page;
};

void let_others_run(void);

int waits_bad(struct waiter *w, int skip)
{
	char *p = kmap_local_page(w->page);	/* expect: kmap-leak */

	w->waiting = 1;
	while (w->waiting)
		let_others_run();
	if (skip)
		return -1;
	p[0] = 0;
	kunmap_local(p);
	return 0;
}

static void wait_for_others(struct waiter *w)
{
	w->waiting = 1;
	do {
		let_others_run();
	} while (w->waiting);
}

int waits_in_helper_bad(struct waiter *w, struct page *page, int skip)
{
	char *p;

	wait_for_others(w);
	p = kmap_local_page(page);		/* expect: kmap-leak */
	if (skip)
		return -1;
	p[0] = 0;
	kunmap_local(p);
	return 0;
}

int waits_good(struct waiter *w, struct page *page)
{
	char *p;

	wait_for_others(w);
	p = kmap_local_page(page);
	p[0] = 0;
	kunmap_local(p);
	return 0;
}
