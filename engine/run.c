// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * run.c - a row of mappings that a loop made, one for each element of an array
 *
 * "for (i = 0; i < n; i++) a[i] = kmap_local_page(p[i])": after some turns the single mappings can no longer be told apart, but what is known of
 * all of them can be said in one: they lie in the elements from @first up to and without @end, and were made in that order. The loop that
 * releases them takes one off the end (or, wrongly, off the start) each turn. Where that is not known, the run is lost: a mapping of
 * which is only known that there are some.
 */
#include <string.h>

#include "pair-priv.h"
#include "relate.h"

#define MIN_ELEMENTS 3		/* fewer are followed one by one */
#define MAX_STRIDE_DEPTH 6

void run_lose(struct mapping *m, enum kc_reason reason)
{
	m->end = m->first = NULL;
	if (!m->doubt.reason)
		m->doubt = (struct doubt){ reason, NULL };
}

/* A distance in elements: what is known of counters is known of that, not of so many times eight. NULL where it is no whole number. */
static struct sym *in_elements(struct symtab *t, const struct sym *d, int64_t stride)
{
	struct sym *sum;
	unsigned int i;

	if (d->num % stride || (d->kind != SYM_CONST && d->kind != SYM_SUM))
		return NULL;
	sum = sym_const(t, d->num / stride);
	for (i = 0; i < d->nargs; i++) {
		if (d->coefs[i] % stride)
			return NULL;
		sum = sym_add(t, sum, sym_scale(t, d->args[i], d->coefs[i] / stride));
	}
	return sum;
}

/* How many elements @to lies behind @from, in the direction in which the run grows. */
static struct range ahead(struct ctx *c, const struct state *s, const struct mapping *m, struct sym *from, struct sym *to)
{
	struct sym *n = in_elements(c->syms, sym_sub(c->syms, to, from), m->stride);

	return n ? facts_bounds(&s->facts, n) : (struct range){ FACT_MIN, FACT_MAX };
}

static bool is_at(struct range r)
{
	return !r.lo && !r.hi;
}

enum truth run_has_some(struct ctx *c, const struct state *s, const struct mapping *m)
{
	struct range r = ahead(c, s, m, m->first, m->end);

	return r.lo > 0 ? T_YES : r.hi <= 0 ? T_NO : T_MAYBE;
}

struct doubt run_doubt(struct ctx *c, const struct state *s, const struct mapping *m)
{
	struct doubt d = doubt_of(m);

	if (!d.reason && m->end && run_has_some(c, s, m) != T_YES)
		d = (struct doubt){ KC_R_LOOP, NULL };
	return d;
}

struct replaced {
	struct symtab *syms;
	struct sym *from, *to;
};

static struct sym *replace_leaf(struct sym *s, void *data)
{
	struct replaced *r = data;

	if (s == r->from)
		return r->to;
	if (s->kind == SYM_INIT && sym_mentions(s, r->from))
		return (s->gen ? sym_late : sym_init)(r->syms, sym_rewrite(r->syms, s->args[0], replace_leaf, data), s->type);
	return s;
}

/* Does the fact say how many turns a loop made that does not hold @b? By something that is no count itself: "n - 3". */
static bool counts_turns(struct ctx *c, const struct fact *f, const struct flow_block *b, struct replaced *r)
{
	const struct sym *s = f->sym;
	unsigned int i;

	if (f->weak || f->range.lo != f->range.hi || s->kind != SYM_SUM || s->nargs != 2 || s->coefs[0] != -s->coefs[1] ||
	    s->coefs[0] * s->coefs[0] != 1)
		return false;
	i = s->args[1]->kind == SYM_ITER;
	r->from = s->args[i];
	if (r->from->kind != SYM_ITER || s->args[!i]->kind == SYM_ITER || r->from->block->func != c->fn->func ||
	    dom_in_loop(c->fn->dom, b->id, r->from->block->id))
		return false;
	r->to = sym_add_const(c->syms, s->args[!i], (f->range.lo - s->num) * s->coefs[i]);
	return true;
}

static bool has_run(const struct state *s)
{
	unsigned int i;

	for (i = 0; i < s->nmaps; i++)
		if (s->maps[i].end)
			return true;
	return false;
}

/* A count of turns is called by the bound that the loop ended at, wherever it is: then what the next loop is bound by compares. */
static void name_counts(struct ctx *c, struct state *s, const struct flow_block *b)
{
	struct replaced r = { .syms = c->syms };
	unsigned int i;

	for (i = 0; i < s->facts.n; i++)
		if (counts_turns(c, &s->facts.v[i], b, &r)) {
			state_rewrite(s, c->syms, sym_iter_bit(r.from->block), replace_leaf, &r);
			i = (unsigned int)-1;
		}
}

void run_settle(struct ctx *c, struct state *s, const struct flow_block *b)
{
	unsigned int i, n = 0;

	if (!has_run(s))
		return;
	name_counts(c, s, b);

	for (i = 0; i < s->nmaps; i++) {
		struct mapping *m = &s->maps[i];

		if (m->end) {
			m->first = facts_resolve(&s->facts, c->syms, m->first);
			m->end = facts_resolve(&s->facts, c->syms, m->end);
			if (run_has_some(c, s, m) == T_NO)
				continue;
		}
		s->maps[n++] = *m;
	}
	s->nmaps = n;
}

void run_check(struct state *s)
{
	unsigned int i;

	for (i = 0; i < s->nmaps; i++) {
		struct mapping *m = &s->maps[i];

		if (m->end && ((m->first->has | m->end->has) & (SYM_HAS_VAGUE | SYM_HAS_UNDEF)))
			run_lose(m, KC_R_LOOP);
	}
}

/* The one place that holds the address, if nothing else refers to it. */
static struct cell *only_holder(struct state *s, const struct mapping *m)
{
	struct cell *found = NULL;
	unsigned int i;

	for (i = 0; i < s->nenv; i++)
		if (sym_mentions(s->env[i].sym, m->base))
			return NULL;
	for (i = 0; i < s->ncells; i++) {
		if (!sym_mentions(s->cells[i].val, m->base))
			continue;
		if (found)
			return NULL;
		found = &s->cells[i];
	}
	return found && sym_root(found->val) == m->base && !(found->addr->has & (SYM_HAS_VAGUE | SYM_HAS_UNDEF)) ? found : NULL;
}

static bool is_single(const struct mapping *m)
{
	return !m->foreign && m->status == MAP_LIVE && !m->end && pair_is_stacked(m->family) && !m->jumped && !m->doubt.reason &&
	       !(m->base->has & SYM_HAS_VAGUE);
}

static bool is_in_page(struct ctx *c, const struct state *s, struct sym *addr, struct sym *base)
{
	struct range r = facts_bounds(&s->facts, sym_sub(c->syms, addr, base));

	return r.lo >= 0 && r.hi < c->unit->pagesize;
}

/* By how much a value grows with each turn of the loops around it. */
static int64_t step_of(const struct fn *fn, const struct flow_val *v, unsigned int depth)
{
	if (!depth)
		return 0;
	switch (v->op) {
	case FLOW_PHI:
		return fn->step[v->id];
	case FLOW_COPY: case FLOW_FIELD:
		return step_of(fn, v->args[0], depth - 1);
	case FLOW_ADD:
		return step_of(fn, v->args[0], depth - 1) + step_of(fn, v->args[1], depth - 1);
	case FLOW_MUL:
		return v->args[1]->op == FLOW_CONST ? step_of(fn, v->args[0], depth - 1) * v->args[1]->imm : 0;
	default:
		return 0;
	}
}

/* The next element, by the instruction that stores the address; 0 where it is not seen. */
static int64_t stride_of(const struct fn *fn, const struct flow_val *map)
{
	unsigned int i;

	for (i = 0; i < fn->func->nvals; i++) {
		const struct flow_val *v = fn->func->vals[i], *x;

		if (v->op != FLOW_STORE)
			continue;
		for (x = v->args[1]; x->op == FLOW_COPY || x->op == FLOW_ADD || x->op == FLOW_FIELD; x = x->args[0])
			;
		if (x == map)
			return step_of(fn, v->args[0], MAX_STRIDE_DEPTH);
	}
	return 0;
}

/* The newest mapping below @i that has an order. */
static struct mapping *below(struct state *s, unsigned int i)
{
	while (i-- > 0) {
		struct mapping *m = &s->maps[i];

		if (!m->foreign && m->status == MAP_LIVE && m->family != API_KMAP)
			return m;
	}
	return NULL;
}

static void remove_map(struct state *s, struct mapping *m)
{
	unsigned int i = (unsigned int)(m - s->maps);

	memmove(m, m + 1, (s->nmaps - i - 1) * sizeof(*m));
	s->nmaps--;
}

static void remove_cell(struct state *s, struct cell *cell)
{
	havoc_root(s, sym_root(cell->addr));
	*cell = s->cells[--s->ncells];
}

/* Into the run go @m and what @m's holder knows of it. */
static void note_element(struct ctx *c, struct state *s, struct mapping *run, const struct mapping *m, struct cell *cell)
{
	run->loose |= !is_in_page(c, s, cell->val, m->base);
	if (cell->weak && !run->lent.reason)
		run->lent = cell->doubt;
	if (!run->path.reason)
		run->path = m->path;
	run->handed |= m->handed;
	remove_cell(s, cell);
}

static bool begin_run(struct ctx *c, struct state *s, struct mapping *m, struct cell *cell, int64_t stride)
{
	if (!stride || !cell->size || (stride < 0 ? -stride : stride) < cell->size)
		return false;
	m->stride = stride;
	m->width = cell->size;
	m->first = cell->addr;
	m->end = sym_add_const(c->syms, cell->addr, stride);
	note_element(c, s, m, m, cell);
	m->base = sym_age(c->syms, m->base, SYM_GEN_VAGUE);
	m->object = sym_pure(c->syms, "object mapped", 1, &m->base);
	return true;
}

/* Is @m the next element of the run? */
static bool join_run(struct ctx *c, struct state *s, struct mapping *run, struct mapping *m, struct cell *cell)
{
	int64_t d;

	if (!run->end || run->site != m->site || run->family != m->family || !sym_distance(cell->addr, run->end, &d) || d)
		return false;
	run->end = sym_add_const(c->syms, run->end, run->stride);
	note_element(c, s, run, m, cell);
	remove_map(s, m);
	return true;
}

/* Three mappings of one call on top of each other, in places that are equally far apart, are the start of one. */
static bool find_start(struct ctx *c, struct state *s, unsigned int i)
{
	struct mapping *m[MIN_ELEMENTS] = { &s->maps[i] };
	struct cell *cell[MIN_ELEMENTS];
	int64_t d, stride = 0;
	unsigned int j;

	for (j = 0; j < MIN_ELEMENTS; j++) {
		if (j)
			m[j] = below(s, (unsigned int)(m[j - 1] - s->maps));
		if (!m[j] || !is_single(m[j]) || m[j]->site != m[0]->site)
			return false;
		cell[j] = only_holder(s, m[j]);
		if (!cell[j] || (j && !sym_distance(cell[j - 1]->addr, cell[j]->addr, &d)) || (j > 1 && d != stride))
			return false;
		stride = j ? d : 0;
	}
	return begin_run(c, s, m[MIN_ELEMENTS - 1], cell[MIN_ELEMENTS - 1], stride);
}

/*
 * Few elements are followed one by one where it is known how many there are. On a single path that is searched for a fault there are few
 * turns, and one has to show the next.
 */
static bool starts_at_once(struct ctx *c, struct state *s, const struct flow_block *header)
{
	if (c->target)
		return c->target->rule < KC_DCACHE_MISSING;
	return header->term == FLOW_BRANCH && facts_truth(&s->facts, c->syms, eval(c, s, header->cond)) == T_MAYBE;
}

void run_collect(struct ctx *c, struct state *s, const struct flow_block *header)
{
	unsigned int i;

	for (i = 0; i < s->nmaps; i++) {
		struct mapping *m = &s->maps[i], *run;
		struct cell *cell;

		if (!is_single(m) || !m->site->val || m->via->func != c->fn->func)
			continue;
		cell = only_holder(s, m);
		if (!cell)
			continue;
		run = below(s, i);
		if (run && join_run(c, s, run, m, cell)) {
			i--;
			continue;
		}
		if (starts_at_once(c, s, header) && begin_run(c, s, m, cell, stride_of(c->fn, m->via)))
			continue;
		if (find_start(c, s, i))
			i = (unsigned int)-1;
	}
}

static void replace_all(struct state *s, struct replaced *r)
{
	unsigned int i;

	for (i = 0; i < s->nenv; i++)
		if (sym_mentions(s->env[i].sym, r->from))
			s->env[i].sym = sym_rewrite(r->syms, s->env[i].sym, replace_leaf, r);
	for (i = 0; i < s->ncells; i++)
		if (sym_mentions(s->cells[i].val, r->from))
			s->cells[i].val = sym_rewrite(r->syms, s->cells[i].val, replace_leaf, r);
}

/* The element becomes a mapping of its own, above the run or (@first) below it. */
static struct sym *split_off(struct ctx *c, struct state *s, struct mapping *run, const struct flow_val *v, struct sym *value, bool first)
{
	struct sym *base = sym_map(c->syms, v, run->base), *to = base;
	struct replaced r = { c->syms, value, NULL };
	struct mapping m = *run;
	unsigned int i = (unsigned int)(run - s->maps) + !first;

	if (state_find_map(s, base)) {
		run_lose(run, KC_R_LOOP);
		return NULL;
	}
	if (first)
		run->first = sym_add_const(c->syms, run->first, run->stride);
	else
		run->end = sym_add_const(c->syms, run->end, -run->stride);
	/* Where in its page the address lies was not known of all of them. */
	if (run->loose)
		to = sym_add(c->syms, base, sym_pure(c->syms, "offset of", 1, &value));
	m.base = base;
	m.object = sym_pure(c->syms, "object mapped", 1, &base);
	m.first = m.end = NULL;
	m.doubt = run->lent;
	state_push(s, &m);
	memmove(&s->maps[i + 1], &s->maps[i], (s->nmaps - 1 - i) * sizeof(m));
	s->maps[i] = m;
	r.to = to;
	replace_all(s, &r);
	return to;
}

static struct sym *place_of_value(const struct state *s, const struct sym *value)
{
	unsigned int i;

	for (i = 0; i < s->ncells; i++)
		if (s->cells[i].val == value)
			return s->cells[i].addr;
	return NULL;
}

/**
 * run_take() - an address is about to be released that may be one of a run
 * @addr: not known to be a mapping's
 *
 * Return: the address as one of the mapping that it is, taken out of the run; @addr itself where that is not known.
 */
struct sym *run_take(struct ctx *c, struct state *s, const struct flow_val *v, struct sym *addr)
{
	struct sym *value = sym_root(addr), *place = NULL, *after, *to;
	struct replaced r = { c->syms, value, NULL };
	unsigned int i;

	for (i = 0; i < s->nmaps; i++) {
		struct mapping *m = &s->maps[i];
		struct range from, left;

		if (!m->end || m->foreign)
			continue;
		if (!place)
			place = place_of_value(s, value);
		if (!place || sym_root(place) != sym_root(m->first))
			continue;
		after = sym_add_const(c->syms, place, m->stride);
		from = ahead(c, s, m, m->first, place);
		left = ahead(c, s, m, after, m->end);
		if (from.hi < 0 || left.hi < 0)
			continue;
		if (from.lo < 0 || left.lo < 0 || (!is_at(from) && !is_at(left))) {
			run_lose(m, KC_R_LOOP);
			continue;
		}
		to = split_off(c, s, m, v, value, !is_at(left));
		if (!to)
			continue;
		r.to = to;
		return sym_rewrite(c->syms, addr, replace_leaf, &r);
	}
	return addr;
}

bool run_is_at(const struct state *s, const struct sym *root)
{
	unsigned int i;

	for (i = 0; i < s->nmaps; i++)
		if (s->maps[i].end && sym_root(s->maps[i].first) == root)
			return true;
	return false;
}

/* Do @size bytes at @addr lie between the elements, in another field of the structs that they are part of? */
static bool is_between(struct ctx *c, const struct mapping *m, struct sym *addr, unsigned int size)
{
	const struct sym *d = sym_sub(c->syms, addr, m->first);
	int64_t stride = m->stride > 0 ? m->stride : -m->stride, at = (d->num % stride + stride) % stride;
	unsigned int i;

	if (d->kind != SYM_CONST && d->kind != SYM_SUM)
		return false;
	for (i = 0; i < d->nargs; i++)
		if (d->coefs[i] % stride)
			return false;
	return at >= m->width && at + size <= stride;
}

void run_overwrite(struct ctx *c, struct state *s, struct sym *addr, unsigned int size)
{
	unsigned int i;

	for (i = 0; i < s->nmaps; i++) {
		struct mapping *m = &s->maps[i];
		struct sym *low, *high;

		if (!m->end || sym_root(m->first) != sym_root(addr) || is_between(c, m, addr, size))
			continue;
		low = m->stride > 0 ? m->first : sym_add_const(c->syms, m->end, -m->stride);
		high = m->stride > 0 ? m->end : sym_add_const(c->syms, m->first, -m->stride);
		if (facts_bounds(&s->facts, sym_sub(c->syms, addr, high)).lo < 0 &&
		    facts_bounds(&s->facts, sym_sub(c->syms, low, addr)).lo < (int64_t)size)
			run_lose(m, KC_R_UNKNOWN_ADDRESS);
	}
}

void run_clobber(struct state *s, const struct sym *root)
{
	unsigned int i;

	for (i = 0; i < s->nmaps; i++)
		if (s->maps[i].end && sym_root(s->maps[i].first) == root)
			run_lose(&s->maps[i], KC_R_UNKNOWN_ADDRESS);
}

void run_lend(struct mapping *m, const char *name)
{
	m->handed = true;
	if (!m->lent.reason)
		m->lent = (struct doubt){ KC_R_MEMORY, name };
}

bool run_same(const struct mapping *a, const struct mapping *b)
{
	return a->first == b->first && a->end == b->end && a->stride == b->stride && a->loose == b->loose &&
	       a->lent.reason == b->lent.reason;
}

/*
 * Does the place move with a counter, or pointer, that is @x in the one state and @y in the other? Return: by how much it does each time, 0 where
 * it does not.
 */
static int64_t moves_with(struct symtab *t, struct sym *a, struct sym *b, struct sym *x, struct sym *y, int64_t stride)
{
	int64_t by[] = { stride, -stride, 1 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(by); i++)
		if (sym_sub(t, a, sym_scale(t, x, by[i])) == sym_sub(t, b, sym_scale(t, y, by[i])))
			return by[i];
	return 0;
}

static bool is_comparable(struct symtab *t, const struct state *s, const struct state *o, struct sym *a, struct sym *b, int64_t stride)
{
	unsigned int i, j = 0;
	int64_t d;

	if (sym_distance(a, b, &d))
		return true;
	for (i = 0; i < s->nenv; i++) {
		while (j < o->nenv && o->env[j].id < s->env[i].id)
			j++;
		if (j < o->nenv && o->env[j].id == s->env[i].id && s->env[i].sym != o->env[j].sym &&
		    moves_with(t, a, b, s->env[i].sym, o->env[j].sym, stride))
			return true;
	}
	return false;
}

bool run_comparable(struct symtab *t, const struct state *s, const struct state *o, unsigned int i)
{
	const struct mapping *a = &s->maps[i], *b = &o->maps[i];

	return !a->end || !b->end ||
	       (is_comparable(t, s, o, a->first, b->first, a->stride) && is_comparable(t, s, o, a->end, b->end, a->stride));
}

/* What is @x in the one and @y in the other. */
static struct sym *join_place(struct relation *r, struct sym *x, struct sym *y, int64_t stride)
{
	unsigned int i;
	int64_t by;

	if (x == y)
		return x;
	for (i = 0; i < r->n; i++) {
		const struct related *p = &r->v[i];

		by = moves_with(r->syms, x, y, p->x, p->y, stride);
		if (by)
			return sym_add(r->syms, x, sym_scale(r->syms, sym_sub(r->syms, p->both, p->x), by));
	}
	return relation_find(r, x, y);
}

/* Elements are only taken out where they are known to be there: what is left is none at least. */
static void not_negative(struct relation *r, struct state *s, const struct mapping *m)
{
	struct sym *n = in_elements(r->syms, sym_sub(r->syms, m->end, m->first), m->stride);
	bool doubt = false;

	if (n && n->kind != SYM_CONST)
		facts_assume_range(&s->facts, r->syms, n, (struct range){ 0, FACT_MAX }, &doubt);
}

bool run_join(struct state *s, struct mapping *a, const struct mapping *b, struct relation *r)
{
	struct sym *first, *end;

	if (!a->end && !b->end)
		return false;
	first = a->end && b->end && a->stride == b->stride ? join_place(r, a->first, b->first, a->stride) : NULL;
	end = first ? join_place(r, a->end, b->end, a->stride) : NULL;
	if (!end) {
		run_lose(a, KC_R_LOOP);
		return false;
	}
	a->first = first;
	a->end = end;
	a->loose |= b->loose;
	if (!a->lent.reason)
		a->lent = b->lent;
	not_negative(r, s, a);
	return true;
}
