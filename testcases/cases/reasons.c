// SPDX-License-Identifier: GPL-2.0-or-later
/* Each reason why a site is neither proved nor violated; nothing is reported here. */
#include "kmap-case.h"

struct holder {
	struct page *page;
	void *addr;
	unsigned int flags;
};

void *pick(void *a, void *b);
void consume(const void *p);
int produce(void *p);
void kick(struct holder *h);

void *saved_addr;

/* escapes-return */
void *reason_return(struct page *page)
{
	return kmap_local_page(page);		/* verdict: map=unproved(escapes-return) */
}

/* escapes-field: a field of the caller's struct, a global variable */
void reason_field(struct holder *h)
{
	h->addr = kmap_local_page(h->page);	/* verdict: map=unproved(escapes-field) */
}

void reason_global(struct page *page)
{
	saved_addr = kmap_local_page(page);	/* verdict: map=unproved(escapes-field) */
}

/* escapes-arg */
void reason_arg(struct page *page, void **out)
{
	*out = kmap_local_page(page);		/* verdict: map=unproved(escapes-arg) */
}

/* caller */
void reason_caller(void *addr)
{
	kunmap_local(addr);			/* verdict: unmap=unproved(caller) */
}

void reason_caller_field(struct holder *h)
{
	kunmap_local(h->addr);			/* verdict: unmap=unproved(caller) */
}

void reason_caller_page(struct page *page)
{
	kunmap(page);				/* verdict: unmap=unproved(caller) */
}

/* memory: a call may have changed the field that holds the address */
void reason_memory(struct holder *h)
{
	h->addr = kmap_local_page(h->page);	/* verdict: map=unproved(memory) */
	kick(h);
	kunmap_local(h->addr);			/* verdict: unmap=unproved(memory) */
}

/* memory: or the flag that decides */
void reason_memory_flag(struct holder *h)
{
	void *p = NULL;

	if (h->flags & 1)
		p = kmap_local_page(h->page);	/* verdict: map=unproved(memory) */
	kick(h);
	if (h->flags & 1)
		kunmap_local(p);
}

/* unknown-address: a call out of sight chose it */
void reason_unknown_address(struct page *a, struct page *b)
{
	char *x = kmap_local_page(a);
	char *y = kmap_local_page(b);

	kunmap_local(pick(x, y));		/* verdict: unmap=unproved(unknown-address), write=unproved(may-write) */
	kunmap_local(pick(y, x));		/* verdict: unmap=unproved(unknown-address), write=unproved(may-write) */
}

/* order: what the iterator maps with depends on flags that were set elsewhere, and kmap() has no order */
void reason_order(struct sg_mapping_iter *it, struct page *page)
{
	char *p = kmap_local_page(page);

	if (sg_miter_next(it))
		memcpy(p, it->addr, 16);
	kunmap_local(p);			/* verdict: unmap=unproved(order) */
	sg_miter_stop(it);
}

/* loop: as many as there are pages, by turns in two arrays */
void reason_loop(struct page **pages, void **from, void **to, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		from[i] = kmap_local_page(pages[2 * i]);	/* verdict: map=unproved(loop) */
		to[i] = kmap_local_page(pages[2 * i + 1]);
	}
	while (i--) {
		kunmap_local(to[i]);
		kunmap_local(from[i]);
	}
}

struct drop_flags {
	int own, last;
};

/* correlation: which of two flags a helper went by is forgotten where its paths meet */
static void drop_by_flags(const struct drop_flags *f, void *p)
{
	if (f->own || f->last)
		kunmap_local(p);
}

u32 reason_correlation(struct page *page, const struct drop_flags *f)
{
	u32 *p = kmap_local_page(page);		/* verdict: map=unproved(correlation) */
	u32 first = p[0];

	drop_by_flags(f, p);
	if (!f->own && !f->last)
		kunmap_local(p);		/* verdict: unmap=unproved(correlation) */
	return first;
}

/* bound: too many combinations of what is mapped */
#define MAP_IF(n) void *p##n = (set & BIT(n)) ? kmap_local_page(pages[n]) : NULL
#define UNMAP_IF(n) do { if (set & BIT(n)) kunmap_local(p##n); } while (0)

int reason_bound(struct page **pages, unsigned int set)
{
	MAP_IF(0);
	MAP_IF(1);
	MAP_IF(2);
	MAP_IF(3);
	MAP_IF(4);
	MAP_IF(5);
	MAP_IF(6);
	MAP_IF(7);
	MAP_IF(8);				/* verdict: map=unproved(bound) */
	MAP_IF(9);
	MAP_IF(10);
	MAP_IF(11);
	MAP_IF(12);
	MAP_IF(13);
	MAP_IF(14);
	MAP_IF(15);
	int err = produce(pages);

	UNMAP_IF(15);
	UNMAP_IF(14);
	UNMAP_IF(13);
	UNMAP_IF(12);
	UNMAP_IF(11);
	UNMAP_IF(10);
	UNMAP_IF(9);
	UNMAP_IF(8);				/* verdict: unmap=unproved(bound) */
	UNMAP_IF(7);
	UNMAP_IF(6);
	UNMAP_IF(5);
	UNMAP_IF(4);
	UNMAP_IF(3);
	UNMAP_IF(2);
	UNMAP_IF(1);
	UNMAP_IF(0);
	return err;
}

/* may-write */
int reason_may_write(struct folio *folio)
{
	void *p = kmap_local_folio(folio, 0);
	int err = produce(p);			/* verdict: write=unproved(may-write) */

	kunmap_local(p);
	folio_mark_uptodate(folio);
	return err;
}

/* not-published */
void reason_not_published(struct page *page, const void *data)
{
	void *p = kmap_local_page(page);

	memcpy(p, data, 64);			/* verdict: write=unproved(not-published) */
	kunmap_local(p);
}

/* unknown-object */
void reason_unknown_object(unsigned long pfn, const void *data)
{
	void *p = kmap_local_pfn(pfn);

	memcpy(p, data, 64);			/* verdict: write=unproved(unknown-object) */
	kunmap_local(p);
}

/* no-write */
void reason_no_write(struct page *page)
{
	flush_dcache_page(page);		/* verdict: flush=unproved(no-write) */
}

/* unreached: a mapping is never NULL */
int reason_unreached(struct page *page, struct page *other)
{
	u32 *p = kmap_local_page(page);		/* verdict: map=proved */
	u32 *q;

	if (!p) {
		q = kmap_local_page(other);	/* verdict: map=unproved(unreached) */
		consume(q);
		kunmap_local(q);		/* verdict: unmap=unproved(unreached) */
		return -ENOMEM;
	}
	consume(p);
	kunmap_local(p);			/* verdict: unmap=proved */
	return 0;
}
