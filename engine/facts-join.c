// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * facts-join.c - what is left of the facts of two paths, and what a call out of sight leaves of them
 */
#include "facts-priv.h"

#include <stdlib.h>
#include <string.h>

/* What of the hole lies outside of the range. */
static void add_outside(struct fact *fact, struct range hole, struct range r)
{
	if (hole.hi < r.lo || hole.lo > r.hi) {
		add_hole(fact, hole);
		return;
	}
	if (hole.lo < r.lo)
		add_hole(fact, (struct range){ hole.lo, r.lo - 1 });
	if (hole.hi > r.hi)
		add_hole(fact, (struct range){ r.hi + 1, hole.hi });
}

/* In neither lies what is a hole of both, or a hole of one and outside of the other. */
static void join_holes(struct fact *x, const struct fact *old, const struct fact *y, struct range other)
{
	unsigned int i, j;

	x->nholes = 0;
	/* Two ranges that do not touch leave a hole between them. */
	if (old->range.hi != FACT_MAX && other.lo != FACT_MIN && old->range.hi + 1 < other.lo)
		add_hole(x, (struct range){ old->range.hi + 1, other.lo - 1 });
	else if (other.hi != FACT_MAX && old->range.lo != FACT_MIN && other.hi + 1 < old->range.lo)
		add_hole(x, (struct range){ other.hi + 1, old->range.lo - 1 });
	for (i = 0; i < old->nholes; i++) {
		add_outside(x, old->holes[i], other);
		for (j = 0; y && j < y->nholes; j++) {
			struct range both = range_and(old->holes[i], y->holes[j]);

			if (both.lo <= both.hi)
				add_hole(x, both);
		}
	}
	for (j = 0; y && j < y->nholes; j++)
		add_outside(x, y->holes[j], old->range);
}

void facts_join(struct facts *a, const struct facts *b, bool wider)
{
	unsigned int i;

	for (i = 0; i < a->n;) {
		struct fact *x = &a->v[i];
		struct range r = facts_range(b, x->sym);
		struct fact old = *x;
		const struct fact *y = facts_find(b, x->sym);

		if (r.lo < x->range.lo)
			x->range.lo = wider ? FACT_MIN : r.lo;
		if (r.hi > x->range.hi)
			x->range.hi = wider ? FACT_MAX : r.hi;
		x->range = range_and(x->range, leaf_range(x->sym));
		join_holes(x, &old, y && !y->weak ? y : NULL, r);
		x->weak |= y && y->weak;
		if (!x->nholes && x->range.lo == leaf_range(x->sym).lo && x->range.hi == leaf_range(x->sym).hi)
			facts_drop(a, i);
		else
			i++;
	}
}

void facts_weaken(struct facts *f, bool (*hit)(const struct sym *s, void *data), void *data)
{
	unsigned int i;

	for (i = 0; i < f->n; i++)
		if (hit(f->v[i].sym, data))
			f->v[i].weak = true;
}

struct transfer {
	struct symtab *t;
	struct sym *from, *to;
	bool behind;		/* only of what lies in memory there */
};

static struct sym *transfer_leaf(struct sym *s, void *data)
{
	struct transfer *x = data, all = *x;

	if (!x->behind)
		return s == x->from ? x->to : s;
	if (s->kind != SYM_INIT || s->gen || !sym_mentions(s, x->from))
		return s;
	all.behind = false;
	return sym_init(x->t, sym_rewrite(x->t, s->args[0], transfer_leaf, &all), s->type);
}

void facts_transfer(struct facts *f, struct symtab *t, struct sym *from, struct sym *to, bool behind)
{
	struct transfer x = { t, from, to, behind };
	struct fact *old, *g;
	unsigned int i, j, n = f->n;
	bool doubt = false;
	struct sym *key;

	if (from == to || !n)
		return;
	old = xmalloc(n * sizeof(*old));
	memcpy(old, f->v, n * sizeof(*old));
	for (i = 0; i < n; i++) {
		if (!sym_mentions(old[i].sym, from))
			continue;
		key = sym_rewrite(t, old[i].sym, transfer_leaf, &x);
		if (key == old[i].sym || key->kind == SYM_CONST || facts_find(f, key))
			continue;
		facts_assume_range(f, t, key, old[i].range, &doubt);
		for (j = 0; j < old[i].nholes; j++)
			facts_exclude(f, t, key, old[i].holes[j], &doubt);
		g = facts_find(f, key);
		if (g)
			g->weak = true;
	}
	free(old);
}

static bool avoids(const struct facts *f, struct symtab *t, struct sym *s, struct range r)
{
	if (is_valid_pointer(s))
		return r.lo >= -MAX_ERRNO && r.hi <= 0;
	return facts_may_lie(f, t, s, r) == T_NO;
}

static void join_known(struct known *k, struct symtab *t, const struct facts *a, struct sym *x, const struct facts *b,
		       struct sym *y, bool wider)
{
	static const struct range pointers[] = { { -MAX_ERRNO, 0 }, { 0, 0 } };
	const struct fact *facts[] = { facts_find(a, x), facts_find(b, y) };
	struct range ra = facts_range(a, x), rb = facts_range(b, y);
	unsigned int i, j;

	k->nholes = 0;
	k->range.lo = ra.lo < rb.lo ? ra.lo : wider && rb.lo < ra.lo ? FACT_MIN : rb.lo;
	k->range.hi = ra.hi > rb.hi ? ra.hi : wider && rb.hi > ra.hi ? FACT_MAX : rb.hi;
	for (i = 0; i < ARRAY_SIZE(pointers) && !k->nholes; i++)
		if (avoids(a, t, x, pointers[i]) && avoids(b, t, y, pointers[i]))
			k->holes[k->nholes++] = pointers[i];
	for (i = 0; i < 2; i++) {
		for (j = 0; facts[i] && j < facts[i]->nholes && k->nholes < FACT_HOLES; j++) {
			struct range h = facts[i]->holes[j];

			if (h.lo >= -MAX_ERRNO && h.hi <= 0 && k->nholes)
				continue;
			if (avoids(a, t, x, h) && avoids(b, t, y, h))
				k->holes[k->nholes++] = h;
		}
	}
}

static bool says_nothing(const struct known *k)
{
	return !k->nholes && k->range.lo == FACT_MIN && k->range.hi == FACT_MAX;
}

void known_join(struct known *k, struct symtab *t, const struct facts *a, struct sym *x, const struct facts *b,
		struct sym *y, bool wider)
{
	struct fact *fx = facts_find(a, x), *fy = facts_find(b, y);
	bool weak_x = fx && fx->weak, weak_y = fy && fy->weak;

	join_known(k, t, a, x, b, y, wider);
	k->weak = false;
	if (!says_nothing(k) || (!weak_x && !weak_y))
		return;
	/* What probably holds of both probably holds of what they become. */
	if (weak_x)
		fx->weak = false;
	if (weak_y)
		fy->weak = false;
	join_known(k, t, a, x, b, y, wider);
	if (weak_x)
		fx->weak = true;
	if (weak_y)
		fy->weak = true;
	k->weak = true;
}

void known_set(struct facts *f, struct symtab *t, struct sym *s, const struct known *k)
{
	struct fact *old = facts_find(f, s);
	bool doubt = false;
	unsigned int i;

	if (old)
		facts_drop(f, (unsigned int)(old - f->v));
	if (k->range.lo <= k->range.hi && (k->range.lo != FACT_MIN || k->range.hi != FACT_MAX))
		facts_assume_range(f, t, s, k->range, &doubt);
	for (i = 0; i < k->nholes; i++)
		facts_exclude(f, t, s, k->holes[i], &doubt);
	old = k->weak ? facts_find(f, s) : NULL;
	if (old)
		old->weak = true;
}
