// SPDX-License-Identifier: GPL-2.0-or-later
/* kmap_atomic() and kmap(): the older families, with the same mistakes. */
#include "kmap-case.h"

struct segment {
	struct page *page;
	unsigned int off, len;
};

int chew(const void *p, unsigned int len);
int sleepy(struct page *page);

int atomic_good(struct segment *seg, u32 *sum)
{
	u8 *p = kmap_atomic(seg->page);		/* verdict: map=proved */

	*sum = crc32_le(*sum, p + seg->off, seg->len);
	kunmap_atomic(p);			/* verdict: unmap=proved */
	return 0;
}

int atomic_bad(struct segment *seg, u32 *sum)
{
	u8 *p = kmap_atomic(seg->page);		/* expect: kmap-leak */

	if (seg->off + seg->len > PAGE_SIZE)
		return -EINVAL;
	*sum = crc32_le(*sum, p + seg->off, seg->len);
	kunmap_atomic(p);
	return 0;
}

int kmap_good(struct segment *seg)
{
	u8 *p = kmap(seg->page);		/* verdict: map=proved */
	u8 first = p[0];

	kunmap(seg->page);			/* verdict: unmap=proved */
	return first;
}

int kmap_bad(struct segment *seg)
{
	u8 *p = kmap(seg->page);		/* expect: kmap-leak */

	if (!p[0])
		return -EIO;
	kunmap(seg->page);
	return 0;
}

/* kmap() by a local variable that names the page */
int kmap_var_good(struct page *page)
{
	const u8 *p = kmap(page);		/* verdict: map=proved */
	int err = chew(p, PAGE_SIZE);

	if (err) {
		kunmap(page);			/* verdict: unmap=proved */
		return err;
	}
	err = chew(p + 64, 64);
	kunmap(page);				/* verdict: unmap=proved */
	return err;
}

int kmap_var_bad(struct page *page)
{
	const u8 *p = kmap(page);		/* expect: kmap-leak */
	int err = chew(p, PAGE_SIZE);

	if (!err)
		kunmap(page);
	return err;
}

/* the address is not kept: kunmap() does not need it */
void kmap_discard_good(struct page *page)
{
	memset(kmap(page), 0, PAGE_SIZE);
	kunmap(page);				/* verdict: unmap=proved */
}

int kmap_loop_good(struct page **pages, int nr)
{
	int i, err = 0;

	for (i = 0; i < nr && !err; i++) {
		err = chew(kmap(pages[i]), PAGE_SIZE);
		kunmap(pages[i]);
	}
	return err;
}

int kmap_loop_bad(struct page **pages, int nr)
{
	int i;

	for (i = 0; i < nr; i++) {
		struct page *page = pages[i];
		void *p = kmap(page);		/* expect: kmap-leak */

		if (chew(p, PAGE_SIZE))
			return -EIO;
		kunmap(page);
	}
	return 0;
}

/* goto chain over both kinds */
int chain_good(struct page *meta, struct page *data)
{
	const u8 *m, *d;
	int err;

	m = kmap(meta);				/* verdict: map=proved */
	err = chew(m, 64);
	if (err)
		goto out_meta;
	d = kmap_atomic(data);			/* verdict: map=proved */
	if (d[0] != m[0])
		err = -EIO;
	kunmap_atomic(d);			/* verdict: unmap=proved */
out_meta:
	kunmap(meta);				/* verdict: unmap=proved */
	return err;
}

int chain_bad(struct page *meta, struct page *data)
{
	const u8 *m, *d;
	int err;

	m = kmap(meta);				/* expect: kmap-leak */
	err = chew(m, 64);
	if (err)
		goto out;
	d = kmap_atomic(data);
	if (d[0] != m[0])
		err = -EIO;
	kunmap_atomic(d);
	kunmap(meta);
out:
	return err;
}

/* swapped for one another by an incomplete conversion */
int half_converted_bad(struct page *page)
{
	const u8 *p = kmap_local_page(page);
	int err = chew(p, 16);

	if (err)
		goto fail;
	kunmap_local(p);			/* verdict: unmap=proved */
	return 0;
fail:
	kunmap_atomic(p);			/* expect: kmap-wrong-arg */
	return err;
}

/* several pages live under kmap_atomic() */
void atomic_three_good(struct page *a, struct page *b, struct page *c)
{
	u8 *x = kmap_atomic(a);			/* verdict: map=proved */
	u8 *y = kmap_atomic(b);			/* verdict: map=proved */
	u8 *z = kmap_atomic(c);			/* verdict: map=proved */

	x[0] = y[0] ^ z[0];
	kunmap_atomic(z);			/* verdict: unmap=proved */
	kunmap_atomic(y);			/* verdict: unmap=proved */
	kunmap_atomic(x);			/* verdict: unmap=proved */
}

/* by page frame number */
u32 pfn_good(unsigned long pfn)
{
	u32 *p = kmap_local_pfn(pfn);		/* verdict: map=proved */
	u32 val = p[3];

	kunmap_local(p);			/* verdict: unmap=proved */
	return val;
}

u32 pfn_bad(unsigned long pfn, unsigned int idx)
{
	u32 *p = kmap_local_pfn(pfn);		/* expect: kmap-leak */

	if (idx > 1023)
		return 0;
	idx = p[idx];
	kunmap_local(p);
	return idx;
}

u32 pfn_atomic_bad(unsigned long pfn, unsigned int idx)
{
	u32 *p = kmap_atomic_pfn(pfn);		/* expect: kmap-leak */

	return p[idx & 1023];
}

/* with protection bits */
void prot_good(struct page *page, pgprot_t prot)
{
	u32 *p = kmap_local_page_prot(page, prot);	/* verdict: map=proved */

	p[0] = 0;
	kunmap_local(p);			/* verdict: unmap=proved */
}

void prot_bad(struct page *page, pgprot_t prot, u32 val)
{
	u32 *p = kmap_local_page_prot(page, prot);	/* expect: kmap-leak */

	if (!val)
		return;
	p[0] = val;
	kunmap_local(p);
}

/* kmap() of the page that a folio holds, released by the other name of it */
void folio_names_good(struct folio *folio)
{
	char *p = kmap(folio_page(folio, 0));

	p[0] = 0;
	kunmap(&folio->page);
}

void bvec_names_good(struct bio_vec *bv)
{
	struct page *page = bv->bv_page;
	char *p = kmap(page);

	p[bv->bv_offset] = 0;
	kunmap(bv->bv_page);
}

/* sleeping between does no harm to kmap() */
int kmap_sleep_good(struct page *page)
{
	char *p = kmap(page);			/* verdict: map=proved */
	int err = sleepy(page);

	p[0] = err;
	kunmap(page);				/* verdict: unmap=proved */
	return err;
}

/* one function fills a field, another releases what it holds: all that is ever put there is of one family */
struct held_page {
	struct page *page;
	void *addr;
	void *either;
};

void held_fill(struct held_page *h)
{
	h->addr = kmap_atomic(h->page);
}

void held_drop_bad(struct held_page *h)
{
	kunmap_local(h->addr);			/* expect: kmap-wrong-arg */
	h->addr = NULL;
}

void held_drop_good(struct held_page *h)
{
	kunmap_atomic(h->addr);
	h->addr = NULL;
}

void either_fill(struct held_page *h, bool atomic)
{
	if (atomic)
		h->either = kmap_atomic(h->page);
	else
		h->either = kmap_local_page(h->page);
}

void either_drop_good(struct held_page *h, bool atomic)
{
	if (atomic)
		kunmap_atomic(h->either);
	else
		kunmap_local(h->either);
}

/* in one function, and a call in between gets the struct that holds it: whatever that puts there is of the field's family */
struct sent_page {
	struct page *page;
	void *base;
};

int send_page(struct sent_page *s);

int sent_bad(struct sent_page *s)
{
	int err;

	s->base = kmap_local_page(s->page);
	err = send_page(s);
	kunmap_atomic(s->base);			/* expect: kmap-wrong-arg */
	return err;
}

int sent_good(struct sent_page *s)
{
	int err;

	s->base = kmap_local_page(s->page);
	err = send_page(s);
	kunmap_local(s->base);
	return err;
}
