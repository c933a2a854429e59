// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * join.c - which states merge, and what is left of them
 *
 * The rule of property simulation (Das, Lerner, Seigle: ESP, PLDI 2002): states that agree on the property (the stack of
 * mappings, who holds their addresses, what is dirty) merge, the others stay apart. Counters are followed through merges: where
 * every difference between the turn before and this one is a phi's step times the same number, the phi becomes "start +
 * step * turns" (SYM_ITER) and keeps its relation to the other counters of the loop.
 */
#include <stdlib.h>
#include <string.h>

#include "analysis.h"
#include "relate.h"
#include "run.h"
#include "seed.h"

#define MAX_NARROWED 12		/* merges at a loop header in which a widened bound may come down again */
#define KC_PAGE_SIZE 4096	/* the smallest there is */

/* @t: at a loop's header, where the pages of several kmap()s may become one; else NULL. */
static bool same_maps(const struct state *a, const struct state *b, struct symtab *t)
{
	unsigned int i;

	if (a->nmaps != b->nmaps)
		return false;
	for (i = 0; i < a->nmaps; i++) {
		const struct mapping *x = &a->maps[i], *y = &b->maps[i];

		if (x->base != y->base || (x->status != y->status && !SEED_BUG(1)) || x->foreign != y->foreign || x->site != y->site ||
		    x->jumped != y->jumped)
			return false;
		if (x->object != y->object && x->status == MAP_LIVE && x->family == API_KMAP &&
		    !(t && objects_related(a, b, t, x->object, y->object)))
			return false;
	}
	return true;
}

static bool same_dirty(const struct state *a, const struct state *b)
{
	unsigned int i;

	if (a->ndirty != b->ndirty)
		return false;
	for (i = 0; i < a->ndirty; i++)
		if (!dirty_agrees(&a->dirty[i], &b->dirty[i]))
			return false;
	return true;
}

enum where {
	W_INSIDE, W_ANYWHERE, W_END,
};

/* Where in the page does the address lie? */
static enum where where_in_page(const struct state *s, struct symtab *t, struct sym *addr, struct sym *base)
{
	struct range r = facts_range(&s->facts, sym_sub(t, addr, base));

	if (r.lo >= KC_PAGE_SIZE || r.hi < 0)
		return W_END;
	return r.lo >= 0 && r.hi < KC_PAGE_SIZE ? W_INSIDE : W_ANYWHERE;
}

/* May two values of the same thing become one, without losing sight of a mapping? */
bool state_joinable(const struct state *a, const struct state *b, struct symtab *t, struct sym *x, struct sym *y,
		     bool header)
{
	struct sym *m;

	if (x == y || !((x->has | y->has) & SYM_HAS_MAP))
		return true;
	m = sym_root(x);
	if (m != sym_root(y) || !m->is_map)
		return false;
	return header || (where_in_page(a, t, x, m) == W_INSIDE && where_in_page(b, t, y, m) == W_INSIDE) ||
	       (where_in_page(a, t, x, m) == W_ANYWHERE && where_in_page(b, t, y, m) == W_ANYWHERE);
}

struct cell *state_cell(const struct state *s, const struct sym *addr)
{
	unsigned int i;

	for (i = 0; i < s->ncells; i++)
		if (s->cells[i].addr == addr)
			return &s->cells[i];
	return NULL;
}

/* Does memory that holds the address of a live mapping in the one hold it in the other? */
static bool same_holders(const struct state *a, const struct state *b, struct symtab *t, bool header)
{
	unsigned int i;

	for (i = 0; i < a->ncells; i++) {
		const struct cell *x = &a->cells[i], *y;
		struct sym *base = sym_find_map(x->val);
		struct mapping *m = base ? state_find_map((struct state *)a, base) : NULL;

		if (!m || m->status != MAP_LIVE)
			continue;
		y = state_cell(b, x->addr);
		if (!y || !state_joinable(a, b, t, x->val, y->val, header))
			return false;
	}
	return true;
}

/* Elsewhere than at the loops that make and release them, other places mean that other things were done. */
static bool same_runs(const struct state *a, const struct state *b, struct symtab *t, bool header)
{
	unsigned int i;

	for (i = 0; i < a->nmaps; i++)
		if (header ? !run_comparable(t, a, b, i) : !run_same(&a->maps[i], &b->maps[i]))
			return false;
	return true;
}

bool state_agrees_but_dirt(const struct state *a, const struct state *b, struct symtab *t, bool header)
{
	unsigned int i = 0, j = 0;

	if (!same_maps(a, b, header ? t : NULL))
		return false;
	while (i < a->nenv && j < b->nenv) {
		if (a->env[i].id < b->env[j].id) {
			i++;
		} else if (a->env[i].id > b->env[j].id) {
			j++;
		} else {
			if (!state_joinable(a, b, t, a->env[i].sym, b->env[j].sym, header))
				return false;
			i++;
			j++;
		}
	}
	return same_runs(a, b, t, header) && same_holders(a, b, t, header) && same_holders(b, a, t, header);
}

bool state_agrees(const struct state *a, const struct state *b, struct symtab *t, bool header)
{
	return same_dirty(a, b) && state_agrees_but_dirt(a, b, t, header);
}

/**
 * struct iv - the counting of one loop header's turns, while two states are joined
 * @turns: what the incoming state is ahead of the resident one, 0 where not yet known
 * @range: the turns that both have made; @used: some counter needs it
 */
struct iv {
	struct symtab *t;
	struct sym *iter;
	int64_t turns;
	bool used, in_a, in_b;
};

static struct sym *iter_zero(struct sym *s, void *data)
{
	struct iv *iv = data;

	return s == iv->iter ? sym_const(iv->t, 0) : s;
}

/* "start + step * turns" for both values of a counter, or NULL. */
static struct sym *join_counter(struct iv *iv, struct sym *x, struct sym *y, int64_t step)
{
	bool in_x = sym_mentions(x, iv->iter), in_y = sym_mentions(y, iv->iter);
	struct sym *d;

	if (!step || !iv->iter)
		return NULL;
	if (in_x && in_y)
		return NULL;
	if (in_x || in_y) {
		struct sym *with = in_x ? x : y, *without = in_x ? y : x;

		if (sym_rewrite(iv->t, with, iter_zero, iv) != without)
			return NULL;
		iv->used = true;
		return with;
	}
	d = sym_sub(iv->t, y, x);
	if (d->kind != SYM_CONST || !d->num || d->num % step)
		return NULL;
	if (iv->turns && iv->turns != d->num / step)
		return NULL;
	iv->turns = d->num / step;
	iv->used = true;
	return sym_add(iv->t, x, sym_scale(iv->t, iv->iter, step));
}

static bool mentions_iter(const struct state *s, const struct sym *iter)
{
	unsigned int i;

	for (i = 0; i < s->nenv; i++)
		if (sym_mentions(s->env[i].sym, iter))
			return true;
	return false;
}

static void set_range(struct state *s, struct symtab *t, struct sym *sym, struct range r)
{
	bool doubt = false;

	if (r.lo <= r.hi && (r.lo != FACT_MIN || r.hi != FACT_MAX))
		facts_assume_range(&s->facts, t, sym, r, &doubt);
}

static struct range hull(struct range x, struct range y)
{
	return (struct range){ x.lo < y.lo ? x.lo : y.lo, x.hi > y.hi ? x.hi : y.hi };
}

const struct flow_val *value_of(const struct fn *fn, unsigned int id)
{
	return id < fn->func->nvals ? fn->func->vals[id] : fn->result;
}

/* Does a function get the address of a page in it, or take it from the page? */
static bool leads_to_page(const struct sym *root)
{
	return (root->kind == SYM_PARAM && root->type == FLOW_T_PTR) ||
	       (root->kind == SYM_PURE && root->str == sym_address_of);
}

/* The value that a phi or load has where two states disagree on it. */
static struct sym *fresh(struct symtab *t, const struct fn *fn, unsigned int id, const struct sym *x,
			 const struct sym *y)
{
	struct sym *s = sym_val(t, value_of(fn, id), 0, NULL);

	/* The call that maps stands for the page's first byte itself. */
	if (s->is_map)
		s = sym_val(t, value_of(fn, id), 0, sym_pure(t, "offset joined", 0, NULL));
	/* Somewhere in the same page: the base and an offset that is not known. */
	if (((x->has | y->has) & SYM_HAS_MAP) || (x != y && sym_root((struct sym *)x) == sym_root((struct sym *)y) && leads_to_page(sym_root((struct sym *)x))))
		s = sym_add(t, sym_root((struct sym *)x), s);
	return s;
}

struct joined {
	struct sym *sym;
	struct known known;
};

/* Inside of the page, wherever that is. */
const struct known inside_page = { .range = { 0, KC_PAGE_SIZE - 1 } };

bool both_inside(const struct state *a, const struct state *b, struct symtab *t, struct sym *x, struct sym *y)
{
	struct sym *base = sym_root(x);

	return base->is_map && where_in_page(a, t, x, base) == W_INSIDE && where_in_page(b, t, y, base) == W_INSIDE;
}

/* Make one of the values that an entry has in the two states; @x has that of @a. */
static void join_binding(struct state *a, const struct state *b, const struct fn *fn, struct iv *iv, struct relation *r,
			 struct binding *x, struct sym *y, bool wider, struct joined *known, unsigned int *nknown)
{
	struct sym *old = x->sym, *base = sym_root(old);
	bool address = ((old->has | y->has) & SYM_HAS_MAP) != 0;

	x->sym = join_counter(iv, old, y, fn->step[x->id]);
	if (x->sym) {
		relation_add(r, old, y, x->sym);
		return;
	}
	x->sym = relation_find(r, old, y);
	if (!x->sym) {
		x->sym = fresh(iv->t, fn, x->id, old, y);
		relation_add(r, old, y, x->sym);
	}
	if (address && both_inside(a, b, iv->t, old, y)) {
		known[*nknown].sym = sym_sub(iv->t, x->sym, base);
		known[(*nknown)++].known = inside_page;
	}
	if (!address) {
		known[*nknown].sym = x->sym;
		known_join(&known[(*nknown)++].known, iv->t, &a->facts, old, &b->facts, y, wider && y != x->sym);
	}
}

static void join_env(struct state *a, const struct state *b, const struct fn *fn, struct iv *iv, struct relation *r,
		     bool wider)
{
	struct joined *known = xmalloc((a->nenv + 1) * sizeof(*known));
	struct sym **others = xmalloc((a->nenv + 1) * sizeof(*others));
	unsigned int i, j = 0, n = 0, k = 0, parts;

	for (i = 0; i < a->nenv; i++) {
		while (j < b->nenv && b->env[j].id < a->env[i].id)
			j++;
		if (j == b->nenv || b->env[j].id != a->env[i].id)
			continue;
		others[n] = b->env[j].sym;
		a->env[n++] = a->env[i];
	}
	a->nenv = n;
	/* What others are made of comes first. */
	for (parts = 1; parts < 3; parts++)
		for (i = 0; i < n; i++)
			if (others[i] != a->env[i].sym && (parts == 1) == !(a->env[i].sym->nargs && others[i]->nargs)) {
				join_binding(a, b, fn, iv, r, &a->env[i], others[i], wider, known, &k);
				others[i] = a->env[i].sym;
			}
	facts_join(&a->facts, &b->facts, wider);
	for (i = 0; i < k; i++)
		known_set(&a->facts, iv->t, known[i].sym, &known[i].known);
	free(others);
	free(known);
}


/* Does it speak of what lies in a page that was released here? That decides nothing about mappings elsewhere. */
static bool is_content(const struct state *s, const struct sym *sym)
{
	unsigned int i;

	for (i = 0; i < s->nmaps; i++)
		if (s->maps[i].foreign && sym != s->maps[i].base && sym_mentions(sym, s->maps[i].base))
			return true;
	return false;
}


/* Is there something about the caller's values that was known and is not any more? @other: what is known on the other side. */
static bool lost_facts(const struct state *s, const struct facts *before, const struct facts *after,
		       const struct facts *other)
{
	unsigned int i;

	for (i = 0; i < before->n; i++) {
		const struct fact *x = &before->v[i], *y;

		if (x->weak || !sym_is_callers(x->sym) || is_content(s, x->sym) ||
		    (fact_is_followed(x) && !facts_find(other, x->sym)))
			continue;
		y = facts_find(after, x->sym);
		if (!y || y->range.lo != x->range.lo || y->range.hi != x->range.hi || y->nholes < x->nholes)
			return true;
	}
	return false;
}

/* A static variable of a function: front ends give it a name that no other function can say. */
static bool is_private(const struct sym *root)
{
	return root->kind == SYM_GLOBAL && strchr(root->str, '.');
}

/* Or about memory that the caller sees? */
static bool lost_cells(const struct state *a, const struct state *b, const struct state *after)
{
	unsigned int i;

	for (i = 0; i < a->ncells; i++) {
		const struct cell *x = &a->cells[i], *y = state_cell(b, x->addr), *z = state_cell(after, x->addr);

		if (sym_root(x->addr)->kind == SYM_LOCAL || is_private(sym_root(x->addr)) || is_initial(x) || sym_is_answer(x->addr))
			continue;
		if (!y || y->val != x->val || !z || z->val != x->val)
			return true;
	}
	return false;
}

/* The page that is @x in the one state and @y in the other, where a value of the states stands for both. */
static struct sym *object_of_both(struct relation *r, struct sym *x, struct sym *y)
{
	struct sym *both = NULL;
	unsigned int i;

	for (i = 0; i < r->n && !both; i++)
		if (sym_object(r->v[i].x) == x && sym_object(r->v[i].y) == y)
			both = sym_object(r->v[i].both);
	if (!both)
		both = relation_find(r, x, y);
	return both && !(both->has & (SYM_HAS_VAGUE | SYM_HAS_UNDEF)) ? both : NULL;
}

static void join_object(struct state *a, struct relation *r, struct mapping *m, struct sym *other)
{
	bool by_page = m->family == API_KMAP && m->status == MAP_LIVE;
	struct sym *both = by_page ? join_objects(a, r, m->object, other) : object_of_both(r, m->object, other);

	if (!both && by_page && !m->doubt.reason)
		m->doubt = (struct doubt){ KC_R_UNKNOWN_OBJECT, NULL };
	m->object = both ? both : sym_pure(r->syms, "object mapped", 1, &m->base);
}

void state_join(struct state *a, const struct state *b, const struct fn *fn, struct symtab *t,
		const struct flow_val *meet, const struct flow_block *header)
{
	struct iv iv = { .t = t };
	struct state *old, entered;
	struct relation related = { .syms = t };
	struct range ra = { 0, 0 }, rb = { 0, 0 };
	bool wider = header && a->merges >= 3, has_run = false;
	unsigned int i;

	if (header) {
		iv.iter = sym_iter(t, header, 0);
		iv.in_a = mentions_iter(a, iv.iter);
		iv.in_b = mentions_iter(b, iv.iter);
		if (iv.in_a)
			ra = facts_range(&a->facts, iv.iter);
		if (iv.in_b)
			rb = facts_range(&b->facts, iv.iter);
	}
	entered = *b;
	if (iv.in_a && !iv.in_b) {
		/* The loop is entered anew: no turns yet, by which what is known of their count holds or does not. */
		facts_copy(&entered.facts, &b->facts);
		set_range(&entered, t, iv.iter, rb);
		b = &entered;
	}
	related.b = b;
	old = state_clone(a);
	related.a = old;
	join_env(a, b, fn, &iv, &related, wider);
	join_memory(a, &related, meet, wider);
	relation_keep_facts(&related, a, wider);
	for (i = 0; i < a->nmaps; i++)
		has_run |= run_join(a, &a->maps[i], &b->maps[i], &related);
	if (has_run)
		relation_keep_distances(&related, a);
	stale_join(a, b);
	mem_weaken(a);
	a->turned |= b->turned;
	a->blurred |= b->blurred || lost_facts(a, &old->facts, &a->facts, &b->facts) ||
		      lost_facts(a, &b->facts, &a->facts, &old->facts) ||
		      lost_cells(old, b, a) || lost_cells(b, old, a);
	if (iv.iter && (iv.used || iv.in_a)) {
		struct fact *f = facts_find(&a->facts, iv.iter);

		if (!iv.in_b && iv.turns)
			rb = (struct range){ iv.turns, iv.turns };
		if (iv.turns < 0)
			ra = rb = (struct range){ FACT_MIN, FACT_MAX };
		if (wider && rb.hi > ra.hi)
			rb.hi = FACT_MAX;
		if (f)
			facts_drop(&a->facts, (unsigned int)(f - a->facts.v));
		/*
		 * What comes back out of a state that was widened is a bound: no turn goes beyond it (a decreasing
		 * iteration; given up when several ways back keep changing it).
		 */
		if (iv.in_a && iv.in_b && ra.hi == FACT_MAX && rb.hi != FACT_MAX && a->merges < MAX_NARROWED)
			ra = (struct range){ 0, 0 };
		set_range(a, t, iv.iter, hull(ra, rb));
	}
	for (i = 0; i < a->nmaps; i++) {
		if (a->maps[i].gone_addr != b->maps[i].gone_addr)
			a->maps[i].gone_addr = NULL;
		a->maps[i].twice |= b->maps[i].twice;
		a->maps[i].handed |= b->maps[i].handed;
		a->maps[i].aged |= b->maps[i].aged;
		if (!a->maps[i].doubt.reason)
			a->maps[i].doubt = b->maps[i].doubt;
		if (!b->maps[i].path.reason)
			a->maps[i].path = b->maps[i].path;
		if (a->maps[i].object != b->maps[i].object)
			join_object(a, &related, &a->maps[i], b->maps[i].object);
	}
	relation_free(&related);
	state_free(old);
	if (b == &entered)
		facts_free(&entered.facts);
	for (i = 0; i < a->ndirty; i++)
		dirty_join(&a->dirty[i], &b->dirty[i]);
	/* Doubtful is only what all paths are; one that is not may show a fault. */
	if (!b->doubt.reason)
		a->doubt = b->doubt;
	a->merges++;
}

static bool same_facts(const struct facts *a, const struct facts *b)
{
	unsigned int i, j;

	if (a->n != b->n)
		return false;
	for (i = 0; i < a->n; i++) {
		const struct fact *x = &a->v[i], *y = facts_find(b, x->sym);

		if (!y || x->range.lo != y->range.lo || x->range.hi != y->range.hi || x->nholes != y->nholes ||
		    x->weak != y->weak)
			return false;
		for (j = 0; j < x->nholes; j++)
			if (x->holes[j].lo != y->holes[j].lo || x->holes[j].hi != y->holes[j].hi)
				return false;
	}
	return true;
}

bool state_equal(const struct state *a, const struct state *b)
{
	unsigned int i, j;

	if (!same_maps(a, b, NULL) || !same_runs(a, b, NULL, false))
		return false;
	if (a->nenv != b->nenv || a->ncells != b->ncells || a->nhavoc != b->nhavoc || a->nzero != b->nzero || a->havoc_all != b->havoc_all || a->blurred != b->blurred || a->turned != b->turned ||
	    a->nescaped != b->nescaped || a->doubt.reason != b->doubt.reason || !same_dirty(a, b))
		return false;
	for (i = 0; i < a->nenv; i++)
		if (a->env[i].id != b->env[i].id || a->env[i].sym != b->env[i].sym)
			return false;
	for (i = 0; i < a->nmaps; i++)
		if (a->maps[i].doubt.reason != b->maps[i].doubt.reason ||
		    a->maps[i].path.reason != b->maps[i].path.reason)
			return false;
	for (i = 0; i < a->nhavoc; i++)
		if (!has_root(b->havoc, b->nhavoc, a->havoc[i]))
			return false;
	for (i = 0; i < a->ncells; i++) {
		for (j = 0; j < b->ncells && b->cells[j].addr != a->cells[i].addr; j++)
			;
		if (j == b->ncells || a->cells[i].val != b->cells[j].val || a->cells[i].weak != b->cells[j].weak)
			return false;
	}
	for (i = 0; i < a->ndirty; i++)
		if (!dirty_equal(&a->dirty[i], &b->dirty[i]))
			return false;
	return same_facts(&a->facts, &b->facts);
}
