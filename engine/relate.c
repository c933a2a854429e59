// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * relate.c - what two states that become one say of values that differ in the same way
 *
 * Where a pointer is P in the one and Q in the other, it becomes a value of its own. What was computed from it, P->offset here
 * and Q->offset there, is then still the offset of that value. And what is P and Q in two places is one value in both of them.
 */
#include <stdlib.h>

#include "analysis.h"
#include "relate.h"

#define MAX_RELATED 48		/* nodes: of more involved expressions it is not asked */

void relation_free(struct relation *r)
{
	free(r->v);
	r->v = NULL;
	r->n = r->cap = 0;
}

void relation_add(struct relation *r, struct sym *x, struct sym *y, struct sym *both)
{
	if ((x->has | y->has | both->has) & (SYM_HAS_VAGUE | SYM_HAS_UNDEF))
		return;
	GROW(r->v, r->n, r->cap);
	r->v[r->n++] = (struct related){ x, y, both };
}

static struct sym *find(const struct relation *r, const struct sym *x, const struct sym *y)
{
	unsigned int i;

	for (i = 0; i < r->n; i++)
		if (r->v[i].x == x && r->v[i].y == y)
			return r->v[i].both;
	return NULL;
}

/* Does memory of that root hold what it held at the entry? */
static bool is_untouched(const struct state *s, struct sym *root)
{
	unsigned int i;

	for (i = 0; i < s->nhavoc; i++)
		if (sym_mentions(root, s->havoc[i]))
			return false;
	for (i = 0; i < s->nzero; i++)
		if (sym_root(s->zero[i].addr) == root)
			return false;
	for (i = 0; i < s->ncells; i++)
		if (sym_root(s->cells[i].addr) == root && (s->cells[i].weak || !is_initial(&s->cells[i])))
			return false;
	return true;
}

static struct sym *relate(struct relation *r, struct sym *x, struct sym *y);

/* Terms with the same factor belong together: those that are the same first. */
static struct sym *relate_sums(struct relation *r, const struct sym *x, const struct sym *y)
{
	struct sym *sum = sym_const(r->syms, x->num), *term;
	uint64_t used = 0, done = 0;
	unsigned int i, j;

	for (i = 0; i < x->nargs; i++)
		for (j = 0; j < y->nargs; j++)
			if (x->args[i] == y->args[j] && x->coefs[i] == y->coefs[j]) {
				done |= 1ull << i;
				used |= 1ull << j;
				sum = sym_add(r->syms, sum, sym_scale(r->syms, x->args[i], x->coefs[i]));
			}
	for (i = 0; i < x->nargs; i++) {
		if (done & 1ull << i)
			continue;
		for (term = NULL, j = 0; j < y->nargs && !term; j++) {
			if (used & 1ull << j || x->coefs[i] != y->coefs[j])
				continue;
			term = relate(r, x->args[i], y->args[j]);
			if (term)
				used |= 1ull << j;
		}
		if (!term)
			return NULL;
		sum = sym_add(r->syms, sum, sym_scale(r->syms, term, x->coefs[i]));
	}
	return sum;
}

/* What two places held at the entry is what the place that stands for both held: where neither was written since. */
static struct sym *relate_content(struct relation *r, const struct sym *x, const struct sym *y)
{
	struct sym *addr = x->gen || y->gen || x->type != y->type ? NULL : relate(r, x->args[0], y->args[0]);

	if (!addr || (sym_root(x->args[0]) != sym_root(y->args[0]) &&
		      (!is_untouched(r->a, sym_root(x->args[0])) || !is_untouched(r->b, sym_root(y->args[0])))))
		return NULL;
	return sym_init(r->syms, addr, x->type);
}

static struct sym *relate(struct relation *r, struct sym *x, struct sym *y)
{
	struct sym *both = x == y ? x : find(r, x, y), *args[2];
	unsigned int i;

	if (both || x->kind != y->kind || x->nargs != y->nargs || !x->nargs || x->num != y->num || x->str != y->str)
		return both;
	if (x->kind == SYM_SUM)
		return relate_sums(r, x, y);
	if (x->kind == SYM_INIT)
		return relate_content(r, x, y);
	if (x->nargs > ARRAY_SIZE(args))
		return NULL;
	for (i = 0; i < x->nargs; i++) {
		args[i] = relate(r, x->args[i], y->args[i]);
		if (!args[i])
			return NULL;
	}
	switch (x->kind) {
	case SYM_AND:
		return sym_and(r->syms, args[0], args[1]);
	case SYM_OR:
		return sym_or(r->syms, args[0], args[1]);
	case SYM_PURE:
		return sym_pure(r->syms, x->str, x->nargs, args);
	default:
		return NULL;
	}
}

struct sym *relation_find(struct relation *r, struct sym *x, struct sym *y)
{
	if ((x->has | y->has) & (SYM_HAS_VAGUE | SYM_HAS_UNDEF) || !r->n || x->size > MAX_RELATED)
		return NULL;
	return relate(r, x, y);
}

struct replace {
	const struct relation *r;
	bool other, any;		/* by what it is in @b; in both otherwise */
};

static struct sym *replace_leaf(struct sym *s, void *data)
{
	struct replace *p = data;
	unsigned int i;

	for (i = 0; i < p->r->n; i++) {
		if (p->r->v[i].x != s)
			continue;
		p->any = true;
		return p->other ? p->r->v[i].y : p->r->v[i].both;
	}
	return s;
}

/* A bound that moves with the counter : "3 <= n" where it is 3, "4 <= n" where it is 4. */
static void keep_distance(struct relation *r, struct state *s, const struct related *p, const struct fact *f)
{
	const struct fact *g = facts_find(&r->b->facts, f->sym);
	struct range d = { FACT_MIN, FACT_MAX };
	int64_t step = p->y->num - p->x->num;
	bool doubt = false;

	if (!g || g->weak || f->weak)
		return;
	if (f->range.lo != FACT_MIN && g->range.lo != FACT_MIN && g->range.lo - f->range.lo == step)
		d.lo = f->range.lo - p->x->num;
	if (f->range.hi != FACT_MAX && g->range.hi != FACT_MAX && g->range.hi - f->range.hi == step)
		d.hi = f->range.hi - p->x->num;
	if (d.lo != FACT_MIN || d.hi != FACT_MAX)
		facts_assume_range(&s->facts, r->syms, sym_sub(r->syms, f->sym, p->both), d, &doubt);
}

void relation_keep_distances(struct relation *r, struct state *s)
{
	unsigned int i, j;

	for (i = 0; i < r->n; i++) {
		const struct related *p = &r->v[i];

		if (p->x->kind != SYM_CONST || p->y->kind != SYM_CONST || p->x == p->y || p->both->kind != SYM_SUM)
			continue;
		for (j = 0; j < r->a->facts.n; j++)
			if (sym_is_callers(r->a->facts.v[j].sym) || r->a->facts.v[j].sym->kind == SYM_VAL)
				keep_distance(r, s, p, &r->a->facts.v[j]);
	}
}

void relation_keep_facts(struct relation *r, struct state *s, bool wider)
{
	const struct facts *facts = &r->a->facts;
	struct replace other = { r, true, false }, both = { r, false, false };
	unsigned int i, j;
	bool doubt = false;

	for (i = 0; i < facts->n && r->n; i++) {
		struct sym *x = facts->v[i].sym, *y, *joined;
		struct known k;

		if (facts->v[i].weak || !x->nargs || x->kind == SYM_INIT || x->size > MAX_RELATED ||
		    (x->has & (SYM_HAS_MAP | SYM_HAS_VAGUE | SYM_HAS_UNDEF)))
			continue;
		other.any = false;
		y = sym_rewrite(r->syms, x, replace_leaf, &other);
		if (!other.any)
			continue;
		joined = sym_rewrite(r->syms, x, replace_leaf, &both);
		if (joined->kind == SYM_CONST || ((y->has | joined->has) & (SYM_HAS_MAP | SYM_HAS_VAGUE | SYM_HAS_UNDEF)))
			continue;
		known_join(&k, r->syms, facts, x, &r->b->facts, y, wider && y != joined);
		if (k.weak)
			continue;
		if (k.range.lo != FACT_MIN || k.range.hi != FACT_MAX)
			facts_assume_range(&s->facts, r->syms, joined, k.range, &doubt);
		for (j = 0; j < k.nholes; j++)
			facts_exclude(&s->facts, r->syms, joined, k.holes[j], &doubt);
	}
}
