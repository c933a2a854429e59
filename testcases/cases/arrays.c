// SPDX-License-Identifier: GPL-2.0-or-later
/* An array of mappings, one for each page, that a loop makes and another releases. */
#include "kmap-case.h"

#define NR_PAGES 16

void consume(const void *p);
int start_io(struct page *page);
void parity(void **blocks, int nr);

struct gathered {
	int nr;
	struct {
		struct page *page;
		u8 *data;
	} block[NR_PAGES];
};

void rising_good(struct page **pages, int nr)
{
	void *addrs[NR_PAGES];
	int i;

	for (i = 0; i < nr; i++)
		addrs[i] = kmap_local_page(pages[i]);	/* verdict: map=proved */
	consume(addrs[0]);
	for (i = nr - 1; i >= 0; i--)
		kunmap_local(addrs[i]);			/* verdict: unmap=proved */
}

/* the first is left out */
void rising_bad(struct page **pages, int nr)
{
	void *addrs[NR_PAGES];
	int i;

	for (i = 0; i < nr; i++)
		addrs[i] = kmap_local_page(pages[i]);	/* expect: kmap-leak */
	consume(addrs[0]);
	for (i = nr - 1; i > 0; i--)
		kunmap_local(addrs[i]);
}

/* nobody releases them */
void forgotten_bad(struct page **pages)
{
	void *addrs[NR_PAGES];
	int i;

	for (i = 0; i < NR_PAGES; i++)
		addrs[i] = kmap_local_page(pages[i]);	/* expect: kmap-leak */
	consume(addrs[0]);
}

/* the first one mapped is the first released */
void forwards_bad(struct page **pages)
{
	void *addrs[NR_PAGES];
	int i;

	for (i = 0; i < NR_PAGES; i++)
		addrs[i] = kmap_local_page(pages[i]);
	consume(addrs[0]);
	for (i = 0; i < NR_PAGES; i++)
		kunmap_local(addrs[i]);			/* expect: kmap-order */
}

/* the same with as many as the caller says */
void forwards_many_bad(struct page **pages, unsigned int nr)
{
	void *addrs[NR_PAGES];
	unsigned int i;

	for (i = 0; i < nr; i++)
		addrs[i] = kmap_local_page(pages[i]);
	consume(addrs[0]);
	for (i = 0; i < nr; i++)
		kunmap_local(addrs[i]);			/* expect: kmap-order */
}

/* filled from the end, so released from the start */
void falling_good(struct page **pages)
{
	void *addrs[NR_PAGES];
	int i;

	for (i = NR_PAGES - 1; i >= 0; i--)
		addrs[i] = kmap_local_page(pages[i]);	/* verdict: map=proved */
	consume(addrs[0]);
	for (i = 0; i < NR_PAGES; i++)
		kunmap_local(addrs[i]);			/* verdict: unmap=proved */
}

/* one of them fails: those before it are released */
int unwound_good(struct page **pages, unsigned int nr)
{
	void *addrs[NR_PAGES];
	unsigned int i;
	int err = 0;

	for (i = 0; i < nr; i++) {
		err = start_io(pages[i]);
		if (err)
			goto out;
		addrs[i] = kmap_local_page(pages[i]);	/* verdict: map=proved */
	}
	consume(addrs[0]);
out:
	while (i--)
		kunmap_local(addrs[i]);			/* verdict: unmap=proved */
	return err;
}

/* those before it are not */
int unwound_bad(struct page **pages)
{
	void *addrs[NR_PAGES];
	int i, err;

	for (i = 0; i < NR_PAGES; i++) {
		err = start_io(pages[i]);
		if (err)
			return err;
		addrs[i] = kmap_local_page(pages[i]);	/* expect: kmap-leak */
	}
	consume(addrs[0]);
	while (--i >= 0)
		kunmap_local(addrs[i]);
	return 0;
}

/* worked on in a loop between */
void each_good(struct page **pages, u8 fill)
{
	u8 *addrs[NR_PAGES];
	int i;

	for (i = 0; i < NR_PAGES; i++)
		addrs[i] = kmap_local_page(pages[i]);	/* verdict: map=proved */
	for (i = 0; i < NR_PAGES; i++)
		addrs[i][0] = fill;
	for (i = NR_PAGES; i-- > 0;)
		kunmap_local(addrs[i]);			/* verdict: unmap=proved */
}

/* structs in an array, more of them mapped after the loop */
void with_parity_good(struct gathered *g, struct page *p, struct page *q, bool two)
{
	int i;

	for (i = 0; i < g->nr; i++)
		g->block[i].data = kmap_local_page(g->block[i].page);
	g->block[i++].data = kmap_local_page(p);
	if (two)
		g->block[i++].data = kmap_local_page(q);
	consume(g->block[0].data);
	while (--i >= 0)
		kunmap_local(g->block[i].data);
}

/* somebody else may have put something else there */
void lent_good(struct page **pages, int nr)
{
	void *addrs[NR_PAGES];
	int i;

	for (i = 0; i < nr; i++)
		addrs[i] = kmap_local_page(pages[i]);	/* verdict: map=unproved(memory) */
	parity(addrs, nr);
	while (i-- > 0)
		kunmap_local(addrs[i]);
}

/* one is replaced, which its place is released for */
void replaced_good(struct page **pages, struct page *other)
{
	void *addrs[NR_PAGES];
	int i;

	for (i = 0; i < NR_PAGES; i++)
		addrs[i] = kmap_local_page(pages[i]);	/* verdict: map=proved */
	kunmap_local(addrs[NR_PAGES - 1]);		/* verdict: unmap=proved */
	addrs[NR_PAGES - 1] = kmap_local_page(other);	/* verdict: map=proved */
	consume(addrs[0]);
	for (i = NR_PAGES - 1; i >= 0; i--)
		kunmap_local(addrs[i]);			/* verdict: unmap=proved */
}

/* released twice, and mapped once */
void last_twice_bad(struct page **pages)
{
	void *addrs[NR_PAGES];
	int i;

	for (i = 0; i < NR_PAGES; i++)
		addrs[i] = kmap_local_page(pages[i]);
	consume(addrs[0]);
	kunmap_local(addrs[NR_PAGES - 1]);
	for (i = NR_PAGES - 1; i >= 0; i--)
		kunmap_local(addrs[i]);			/* missed: kmap-double-unmap */
}

/* a list of structs, released from its other end */
struct linked_page {
	struct linked_page *next, *prev;
	struct page *page;
	void *addr;
};

void list_good(struct linked_page *head, struct linked_page *tail)
{
	struct linked_page *l;

	for (l = head; l; l = l->next)
		l->addr = kmap_local_page(l->page);
	for (l = tail; l; l = l->prev)
		kunmap_local(l->addr);
}

/* once for each round of an outer loop */
void rounds_good(struct page **pages, int nr, int rounds)
{
	void *addrs[NR_PAGES];
	int i;

	while (rounds--) {
		for (i = 0; i < nr; i++)
			addrs[i] = kmap_local_page(pages[i]);	/* verdict: map=proved */
		consume(addrs[0]);
		for (i = nr - 1; i >= 0; i--)
			kunmap_local(addrs[i]);			/* verdict: unmap=proved */
	}
}

/* only some of them, which have a count of their own */
void some_good(struct page **pages, int nr)
{
	void *addrs[NR_PAGES];
	int i, n = 0;

	for (i = 0; i < nr; i++) {
		if (start_io(pages[i]))
			continue;
		addrs[n++] = kmap_local_page(pages[i]);		/* verdict: map=proved */
	}
	while (n > 0)
		kunmap_local(addrs[--n]);			/* verdict: unmap=proved */
}

void some_bad(struct page **pages, int nr)
{
	void *addrs[NR_PAGES];
	int i, n = 0;

	for (i = 0; i < nr; i++) {
		if (start_io(pages[i]))
			continue;
		addrs[n++] = kmap_local_page(pages[i]);
	}
	for (i = 0; i < n; i++)
		kunmap_local(addrs[i]);				/* expect: kmap-order */
}

/* each with what else is known of its page, filled in turn by turn */
void described_good(struct gathered *g, struct page **pages, int nr)
{
	int i;

	for (i = 0; i < nr; i++) {
		g->block[i].page = pages[i];
		g->block[i].data = kmap_local_page(pages[i]);	/* verdict: map=proved */
	}
	for (i = nr - 1; i >= 0; i--)
		kunmap_local(g->block[i].data);			/* verdict: unmap=proved */
}

void described_bad(struct gathered *g, struct page **pages, int nr)
{
	int i;

	for (i = 0; i < nr; i++) {
		g->block[i].page = pages[i];
		g->block[i].data = kmap_local_page(pages[i]);
	}
	for (i = nr - 1; i >= 0; i--)
		kunmap_atomic(g->block[i].data);		/* expect: kmap-wrong-arg */
}
