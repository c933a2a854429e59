// SPDX-License-Identifier: GPL-2.0-or-later
/* Unmapping the wrong thing: the page, another family's address, NULL, an ERR_PTR, what was never mapped. */
#include "kmap-case.h"

struct sector_buf {
	struct page *page;
	void *data;
	bool highmem;
};

int read_sector(void *to);
void *lookup_cached(struct page *page);

/* the page instead of the address */
int page_for_address_bad(struct page *page)
{
	void *p = kmap_local_page(page);
	int err = read_sector(p);

	kunmap_local(page);			/* expect: kmap-wrong-arg */
	return err;
}

int page_for_address_good(struct page *page)
{
	void *p = kmap_local_page(page);	/* verdict: map=proved */
	int err = read_sector(p);

	kunmap_local(p);			/* verdict: unmap=proved */
	return err;
}

int folio_for_address_bad(struct folio *folio)
{
	void *p = kmap_local_folio(folio, 0);
	int err = read_sector(p);

	kunmap_local(folio);			/* expect: kmap-wrong-arg */
	return err;
}

void atomic_page_bad(struct page *page)
{
	void *p = kmap_atomic(page);

	memset(p, 0, PAGE_SIZE);
	kunmap_atomic(page);			/* expect: kmap-wrong-arg */
}

/* kunmap() left behind by a conversion */
int left_behind_bad(struct page *page)
{
	void *p = kmap_local_page(page);
	int err = read_sector(p);

	kunmap(page);				/* expect: kmap-wrong-arg */
	return err;
}

/* and only on the error path */
int left_behind_once_bad(struct page *page)
{
	void *p = kmap_local_page(page);
	int err = read_sector(p);

	if (err) {
		kunmap(page);			/* expect: kmap-wrong-arg */
		return err;
	}
	kunmap_local(p);			/* verdict: unmap=proved */
	return 0;
}

/* the address to kunmap(), which takes the page */
void address_for_page_bad(struct page *page)
{
	void *p = kmap(page);

	memset(p, 0, PAGE_SIZE);
	kunmap(p);				/* expect: kmap-wrong-arg */
}

void address_for_page_good(struct page *page)
{
	void *p = kmap(page);			/* verdict: map=proved */

	memset(p, 0, PAGE_SIZE);
	kunmap(page);				/* verdict: unmap=proved */
}

/* families crossed */
void atomic_on_local_bad(struct page *page)
{
	void *p = kmap_local_page(page);

	memset(p, 0, PAGE_SIZE);
	kunmap_atomic(p);			/* expect: kmap-wrong-arg */
}

void local_on_atomic_bad(struct page *page)
{
	void *p = kmap_atomic(page);

	memset(p, 0, PAGE_SIZE);
	kunmap_local(p);			/* expect: kmap-wrong-arg */
}

void local_on_kmap_bad(struct page *page)
{
	void *p = kmap(page);

	memset(p, 0, PAGE_SIZE);
	kunmap_local(p);			/* expect: kmap-wrong-arg */
}

void families_good(struct page *a, struct page *b, struct page *c)
{
	char *x = kmap(a);			/* verdict: map=proved */
	char *y = kmap_local_page(b);		/* verdict: map=proved */
	char *z = kmap_atomic(c);		/* verdict: map=proved */

	x[0] = y[0] = z[0];
	kunmap_atomic(z);			/* verdict: unmap=proved */
	kunmap_local(y);			/* verdict: unmap=proved */
	kunmap(a);				/* verdict: unmap=proved */
}

/* NULL */
void null_bad(struct page *page, bool wanted)
{
	char *p = NULL;

	if (wanted) {
		p = kmap_local_page(page);
		*p = 0;
	}
	kunmap_local(p);			/* expect: kmap-wrong-arg */
}

void null_good(struct page *page, bool wanted)
{
	char *p = NULL;

	if (wanted) {
		p = kmap_local_page(page);	/* verdict: map=proved */
		*p = 0;
	}
	if (p)
		kunmap_local(p);		/* verdict: unmap=proved */
}

/* not initialised on one path */
int uninit_bad(struct page *page, int kind)
{
	void *p;
	int err = -EINVAL;

	if (kind < 0)
		goto out;
	p = kmap_local_page(page);
	err = read_sector(p);
out:
	kunmap_local(p);			/* expect: kmap-wrong-arg */
	return err;
}

int uninit_good(struct page *page, int kind)
{
	void *p;
	int err = -EINVAL;

	if (kind < 0)
		goto out;
	p = kmap_local_page(page);		/* verdict: map=proved */
	err = read_sector(p);
	kunmap_local(p);			/* verdict: unmap=proved */
out:
	return err;
}

/* an error pointer */
int err_ptr_bad(struct page *page)
{
	void *p = page ? kmap_local_page(page) : ERR_PTR(-ENOENT);
	int err = -ENOENT;

	if (!IS_ERR(p))
		err = read_sector(p);
	kunmap_local(p);			/* expect: kmap-wrong-arg */
	return err;
}

int err_ptr_good(struct page *page)
{
	void *p = page ? kmap_local_page(page) : ERR_PTR(-ENOENT);	/* verdict: map=proved */
	int err;

	if (IS_ERR(p))
		return PTR_ERR(p);
	err = read_sector(p);
	kunmap_local(p);			/* verdict: unmap=proved */
	return err;
}

/* memory of another origin */
int heap_bad(struct page *page)
{
	char *buf = kmalloc(512, GFP_KERNEL);
	int err;

	if (!buf)
		return -ENOMEM;
	err = read_sector(buf);
	memcpy_to_page(page, 0, buf, 512);
	kunmap_local(buf);			/* expect: kmap-wrong-arg */
	return err;
}

int stack_bad(struct page *page)
{
	char buf[64];
	int err = read_sector(buf);

	memcpy_to_page(page, 0, buf, sizeof(buf));
	kunmap_local(buf);			/* expect: kmap-wrong-arg */
	return err;
}

/* either a mapping or the heap, and a flag that says which */
int bounce_good(struct page *page, bool direct)
{
	void *p;
	int err;

	if (direct)
		p = kmap_local_page(page);	/* verdict: map=proved */
	else
		p = kmalloc(PAGE_SIZE, GFP_NOFS);
	if (!p)
		return -ENOMEM;
	err = read_sector(p);
	if (direct)
		kunmap_local(p);		/* verdict: unmap=proved */
	else
		kfree(p);
	return err;
}

int bounce_bad(struct page *page, bool direct)
{
	void *p;
	int err;

	if (direct)
		p = kmap_local_page(page);
	else
		p = kmalloc(PAGE_SIZE, GFP_NOFS);
	if (!p)
		return -ENOMEM;
	err = read_sector(p);
	kunmap_local(p);			/* expect: kmap-wrong-arg */
	if (!direct)
		kfree(p);
	return err;
}

/* kunmap_local() passes over the linear address of a low page, which kmap_local_page() may give as well */
void lowmem_silent(struct sector_buf *sb)
{
	char *p = page_address(sb->page);

	p[0] = 0;
	kunmap_local(p);
}

void lowmem_good(struct sector_buf *sb)
{
	char *p;

	if (PageHighMem(sb->page)) {
		p = kmap_local_page(sb->page);	/* verdict: map=proved */
		p[0] = 0;
		kunmap_local(p);		/* verdict: unmap=proved */
	} else {
		p = page_address(sb->page);
		p[0] = 0;
	}
}

/* an address that came from elsewhere may be a mapping; who knows */
int cached_or_unknown(struct page *page)
{
	void *p = lookup_cached(page);
	int err = read_sector(p);

	kunmap_local(p);			/* verdict: unmap=unproved(caller) */
	return err;
}

/* released after the page has changed under the variable */
void kunmap_next_bad(struct page **pages)
{
	struct page *page = pages[0];
	char *p = kmap(page);			/* expect: kmap-leak */

	p[0] = 0;
	page = pages[1];
	kunmap(page);
}

void kunmap_saved_good(struct page **pages)
{
	struct page *page = pages[0], *first = page;
	char *p = kmap(page);			/* verdict: map=proved */

	p[0] = 0;
	page = pages[1];
	(void)page;
	kunmap(first);				/* verdict: unmap=proved */
}

struct page *page_behind(struct page *page);

/* pages one after the other, a loop over each: the page is another on every turn */
bool chain_is_zero_bad(struct page *page, int words)
{
	for (; page; page = page_behind(page)) {
		long *p = kmap_local_page(page);

		for (int i = 0; i < words; i++) {
			if (p[i]) {
				kunmap_local(page);	/* expect: kmap-wrong-arg */
				return false;
			}
		}
		kunmap_local(p);		/* verdict: unmap=proved */
	}
	return true;
}

bool chain_is_zero_good(struct page *page, int words)
{
	for (; page; page = page_behind(page)) {
		long *p = kmap_local_page(page);	/* verdict: map=proved */

		for (int i = 0; i < words; i++) {
			if (p[i]) {
				kunmap_local(p);	/* verdict: unmap=proved */
				return false;
			}
		}
		kunmap_local(p);		/* verdict: unmap=proved */
	}
	return true;
}

/* the pages of metadata, block after block */
int sum_blocks_bad(struct super_block *sb, int blocks, int words)
{
	int sum = 0;

	for (int n = 0; n < blocks; n++) {
		struct buffer_head *bh = sb_bread(sb, n);
		struct page *page;
		int *p;

		if (!bh)
			return -EIO;
		page = bh->b_page;
		p = kmap_local_page(page);
		for (int i = 0; i < words; i++)
			sum += p[i];
		kunmap_local(page);		/* expect: kmap-wrong-arg */
		brelse(bh);
	}
	return sum;
}

int sum_blocks_good(struct super_block *sb, int blocks, int words)
{
	int sum = 0;

	for (int n = 0; n < blocks; n++) {
		struct buffer_head *bh = sb_bread(sb, n);
		int *p;

		if (!bh)
			return -EIO;
		p = kmap_local_page(bh->b_page);	/* verdict: map=proved */
		for (int i = 0; i < words; i++)
			sum += p[i];
		kunmap_local(p);		/* verdict: unmap=proved */
		brelse(bh);
	}
	return sum;
}
