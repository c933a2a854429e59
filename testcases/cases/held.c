// SPDX-License-Identifier: GPL-2.0-or-later
/* What a variable, a field or an array holds is released by no call that undoes what was put there. This file maps by three families. */
#include "kmap-case.h"

void use(const void *p);
void *bounce_of(struct page *page);
void fill_row(void **row, unsigned int n);

/* two families fill a field, which of them is noted beside it */
struct seg {
	struct page *page;
	void *at;
	bool quick;
};

void seg_map(struct seg *s, bool quick)
{
	s->quick = quick;
	s->at = quick ? kmap_atomic(s->page) : kmap(s->page);
}

void seg_unmap_good(struct seg *s)
{
	if (!s->at)
		return;
	if (s->quick)
		kunmap_atomic(s->at);
	else
		kunmap(s->page);
	s->at = NULL;
}

void seg_unmap_bad(struct seg *s)
{
	if (!s->at)
		return;
	if (s->quick)
		kunmap_local(s->at);		/* expect: kmap-wrong-arg */
	else
		kunmap(s->page);
	s->at = NULL;
}

/* a helper puts what it is given */
struct place {
	void *vaddr;
};

static void place_set(struct place *p, void *vaddr)
{
	p->vaddr = vaddr;
}

void place_map(struct place *p, struct page *page)
{
	place_set(p, kmap_local_page(page));
}

void place_unmap_good(struct place *p)
{
	kunmap_local(p->vaddr);
}

void place_unmap_bad(struct place *p)
{
	kunmap_atomic(p->vaddr);		/* expect: kmap-wrong-arg */
}

/* a field gets what another field holds */
struct source {
	void *base;
	struct page *page;
};

struct request {
	void *private;
};

void source_map(struct source *s, struct request *r)
{
	if (!s->base)
		s->base = kmap_local_page(s->page);
	r->private = s->base;
}

void source_end_good(struct request *r)
{
	kunmap_local(r->private);
}

void source_end_bad(struct request *r)
{
	kunmap_atomic(r->private);		/* expect: kmap-wrong-arg */
}

/* what lies there may be somebody else's, who maps as this file does too */
struct lent {
	void *addr;
	struct page *page;
};

void lent_map(struct lent *l, void *given)
{
	l->addr = given ? given : kmap_local_page(l->page);
}

void lent_unmap(struct lent *l, bool given)
{
	if (given)
		kunmap_atomic(l->addr);
	else
		kunmap_local(l->addr);
}

/* a helper out of sight lies between, and decides whether it is to be released at all */
int decode(const void *from, void *to);

static void *input_of(struct page *page, void *mapped, int *kind)
{
	void *copy = bounce_of(page);

	if (!copy) {
		*kind = 0;
		return mapped;
	}
	kunmap_local(mapped);
	*kind = 1;
	return copy;
}

int decode_good(struct page *page, void *to)
{
	u8 *head = kmap_local_page(page), *src;
	int kind, err;

	src = input_of(page, head, &kind);
	err = decode(src, to);
	if (!kind)
		kunmap_local(head);
	return err;
}

static void *other_input_of(struct page *page, void *mapped, int *kind)
{
	void *copy = bounce_of(page);

	if (!copy) {
		*kind = 0;
		return mapped;
	}
	kunmap_atomic(mapped);			/* expect: kmap-wrong-arg */
	*kind = 1;
	return copy;
}

int decode_bad(struct page *page, void *to)
{
	u8 *head = kmap_local_page(page), *src;
	int kind, err;

	src = other_input_of(page, head, &kind);
	err = decode(src, to);
	if (!kind)
		kunmap_atomic(head);		/* expect: kmap-wrong-arg */
	return err;
}
