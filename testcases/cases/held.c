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

/* two windows that move over two lists of pages, each mapped anew where it comes to another page */
struct windows {
	struct page **from_pages, **to_pages;
	u8 *from, *to;
	u32 from_nr, to_nr, limit;
	int (*step)(struct windows *w, u8 *to, const u8 *from, u32 n);
};

static int move_line(struct windows *w, u32 to, u32 from, u32 left)
{
	while (left) {
		u32 n = left, at = to >> PAGE_SHIFT, in = from >> PAGE_SHIFT;
		bool leave_to = w->to && at != w->to_nr;
		bool leave_from = w->from && (in != w->from_nr || leave_to);

		if (n > PAGE_SIZE - (to & ~PAGE_MASK))
			n = PAGE_SIZE - (to & ~PAGE_MASK);
		if (n > PAGE_SIZE - (from & ~PAGE_MASK))
			n = PAGE_SIZE - (from & ~PAGE_MASK);
		if (leave_from) {
			kunmap_atomic(w->from);
			w->from = NULL;
		}
		if (leave_to) {
			kunmap_atomic(w->to);
			w->to = NULL;
		}
		if (!w->to) {
			if (at >= w->limit)
				return -EINVAL;
			w->to = kmap_atomic(w->to_pages[at]);
			w->to_nr = at;
		}
		if (!w->from) {
			if (in >= w->limit)
				return -EINVAL;
			w->from = kmap_atomic(w->from_pages[in]);
			w->from_nr = in;
		}
		w->step(w, w->to + (to & ~PAGE_MASK), w->from + (from & ~PAGE_MASK), n);
		left -= n;
		to += n;
		from += n;
	}
	return 0;
}

int move_lines_good(struct windows *given, u32 to, u32 from, u32 len, u32 lines)
{
	struct windows w = *given;
	int err = 0;

	w.from = NULL;
	w.to = NULL;
	w.from_nr = 0;
	w.to_nr = 0;
	while (lines-- && !err) {
		err = move_line(&w, to, from, len);
		to += len;
		from += len;
	}
	if (w.from)
		kunmap_atomic(w.from);
	if (w.to)
		kunmap_atomic(w.to);
	return err;
}

int move_lines_bad(struct windows *given, u32 to, u32 from, u32 len, u32 lines)
{
	struct windows w = *given;
	int err = 0;

	w.from = NULL;
	w.to = NULL;
	w.from_nr = 0;
	w.to_nr = 0;
	while (lines-- && !err) {
		err = move_line(&w, to, from, len);
		to += len;
		from += len;
	}
	if (w.from)
		kunmap_atomic(w.from);
	if (w.to)
		kunmap_local(w.to);		/* expect: kmap-wrong-arg */
	return err;
}
