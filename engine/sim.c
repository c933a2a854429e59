// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sim.c - property simulation of one function, to a fixed point
 *
 * Blocks are taken in reverse postorder, so that what can merge has arrived. Work is bounded: a function that goes over a
 * bound is said to be bounded, and its sites are unproved for that reason.
 */
#include <stdlib.h>

#include "analysis.h"
#include "seed.h"

#define MAX_STATES STATE_LIMIT(16u)		/* per block, that do not agree */
#define MANY_UNITED 200		/* of a function: more states do not help it, and fewer take less time */
#define FEW_STATES STATE_LIMIT(4u)
#define MAX_DIRTY_STATES 4	/* that agree on the mappings, and differ in what is dirty */
#define MAX_STRICT_STATES 12	/* the same, where every write is asked about */
#define FLAG_VARIANTS 5		/* states that agree but for constants */
#define MAX_WALKS 3		/* through a function with loops that wait for others */
#define STEPS_PER_VALUE 100
#define MIN_STEPS 8000

struct sim {
	struct ctx *c;
	struct fn *fn;
	unsigned int united;		/* how often two states were, for want of room */
	unsigned int variants;
	bool *pending;			/* by rpo number */
	unsigned int cursor;
	unsigned int limit;
	unsigned int serials;
	bool *left;			/* by loop header: some state left the loop */
	bool telling;			/* the second walk, through the fixed point */
};

static unsigned int max_states(const struct sim *m)
{
	return m->united > MANY_UNITED ? FEW_STATES : MAX_STATES;
}

static unsigned int max_dirty(const struct ctx *c)
{
	return c->opt->dcache == KC_DCACHE_STRICT ? MAX_STRICT_STATES : MAX_DIRTY_STATES;
}

static void wake(struct sim *m, unsigned int block)
{
	unsigned int rpo = m->fn->dom->rpo[block];

	m->pending[rpo] = true;
	if (rpo < m->cursor)
		m->cursor = rpo;
}

/* How many values are one constant in the one and another in the other: flags that remember what was done? */
static unsigned int differing_flags(const struct state *a, const struct state *b)
{
	unsigned int i = 0, j = 0, n = 0;

	while (i < a->nenv && j < b->nenv) {
		const struct binding *x = &a->env[i], *y = &b->env[j];

		if (x->id == y->id)
			n += x->sym != y->sym && x->sym->kind == SYM_CONST && y->sym->kind == SYM_CONST;
		i += x->id <= y->id;
		j += y->id <= x->id;
	}
	return n;
}

/* So many that differ only in what is written and flushed: two of them become one that is not certain of it. */
static struct state *find_blurred(struct sim *m, struct state **list, struct state *s, bool header, unsigned int most)
{
	struct state *t, *blurred, **at, *last = NULL;
	unsigned int n = 0;

	for (t = *list; t; t = t->next) {
		if (!state_agrees_but_dirt(t, s, m->c->syms, header))
			continue;
		n++;
		last = t;
	}
	if (n < most || !n)
		return NULL;
	blurred = state_clone(last);
	blurred->merges = last->merges;
	blurred->done = last->done;
	state_blur(m->c, blurred, s);
	for (at = list; *at != last; at = &(*at)->next)
		;
	blurred->next = last->next;
	*at = blurred;
	if (!state_equal(blurred, last))
		blurred->done = false;
	state_free(last);
	return blurred;
}

/* What is written and flushed makes way first: two states that differ in that alone become one. */
static bool make_room(struct sim *m, struct state **list, const struct flow_block *b, bool header)
{
	struct state *t, **at, *gone, *both;

	for (; *list; list = &(*list)->next) {
		t = *list;
		for (at = &t->next; *at && !state_agrees_but_dirt(t, *at, m->c->syms, header); at = &(*at)->next)
			;
		if (!*at)
			continue;
		gone = *at;
		*at = gone->next;
		both = state_clone(t);
		both->merges = t->merges;
		if (!header && t->serial != gone->serial)
			both->serial = 0;
		state_blur(m->c, both, gone);
		state_join(both, gone, m->fn, m->c->syms, m->fn->meets[b->id], header ? b : NULL);
		both->next = t->next;
		*list = both;
		state_free(t);
		state_free(gone);
		return true;
	}
	return false;
}

/* States that were united in the last walk only: what is doubtful since then is not doubted in the fixed point. */
static void tell_united(struct ctx *c, const struct state *s)
{
	unsigned int i;

	for (i = 0; i < s->nmaps; i++)
		if (s->maps[i].doubt.reason == KC_R_BOUND)
			site_doubt(c, s->maps[i].site, s->maps[i].doubt);
}

/*
 * The state @header at a loop is about to be replaced by what is known by now: what came of the old one and has not been gone on
 * from comes of the new one again. Else a bound that was widened on the way would outlive its coming down.
 */
static void forget_children(struct sim *m, const struct state *header)
{
	unsigned int i;

	for (i = 0; i < m->fn->func->nblocks; i++) {
		struct state **at = &m->fn->in[i], *gone;

		while (*at && !m->fn->dom->is_header[i]) {
			if ((*at)->serial != header->serial) {
				at = &(*at)->next;
				continue;
			}
			gone = *at;
			*at = gone->next;
			state_free(gone);
		}
	}
}

/* Put a state where it belongs; it is used up. */
static void arrive(struct sim *m, struct state *s, const struct flow_block *b)
{
	bool header = m->fn->dom->is_header[b->id], unite;
	struct state **list = &m->fn->in[b->id], *t, *last = NULL, *joined;
	unsigned int n = 0, same = 0, best = UINT32_MAX, flags, serial = s->serial;

	if (m->telling && header) {
		/* It is part of the fixed point already. */
		tell_united(m->c, s);
		state_free(s);
		return;
	}
	for (t = *list; t; t = t->next) {
		n++;
		if (!state_agrees(t, s, m->c->syms, header))
			continue;
		if (state_equal(t, s)) {
			if (!header && t->serial != s->serial)
				t->serial = 0;
			if (stale_join(t, s)) {
				t->done = false;
				wake(m, b->id);
			}
			state_free(s);
			return;
		}
		same++;
		flags = header ? 0 : differing_flags(t, s);
		if (flags <= best) {
			best = flags;
			last = t;
		}
	}
	if (!last)
		last = find_blurred(m, list, s, header, n >= max_states(m) ? 1 : max_dirty(m->c));
	unite = !last && n >= max_states(m) && !make_room(m, list, b, header);
	m->united += unite;
	if (unite)
		last = state_nearest(*list, s);
	if (last && (header || unite || same >= m->variants + (best ? FLAG_VARIANTS : 0) || n >= max_states(m) / 2)) {
		joined = state_clone(last);
		joined->merges = last->merges;
		if (unite)
			state_unite(m->c, joined, s, header);
		state_join(joined, s, m->fn, m->c->syms, m->fn->meets[b->id], header ? b : NULL);
		state_free(s);
		if (state_equal(joined, last) && !stale_join(last, joined)) {
			last->merges = joined->merges;
			state_free(joined);
			return;
		}
		/* In the place of the old one. */
		if (header)
			forget_children(m, last);
		else if (last->serial != serial)
			joined->serial = 0;
		for (; *list != last; list = &(*list)->next)
			;
		joined->next = last->next;
		*list = joined;
		state_free(last);
	} else {
		s->next = *list;
		s->done = false;
		if (header)
			s->serial = ++m->serials;
		*list = s;
	}
	wake(m, b->id);
}

/* The loops that an edge leads out of, from the innermost. */
static void mark_left(struct sim *m, const struct flow_block *from, unsigned int to)
{
	const struct dom *dom = m->fn->dom;
	unsigned int h = dom->is_header[from->id] ? from->id : dom->header[from->id];

	for (; h != DOM_NONE && to != h && !dom_in_loop(dom, to, h); h = dom->header[h])
		m->left[h] = true;
}

static bool has_exit(const struct fn *fn, unsigned int h)
{
	unsigned int i, j;

	for (i = 0; i < fn->func->nblocks; i++) {
		const struct flow_block *b = fn->func->blocks[i];

		for (j = 0; j < b->nedges && (i == h || dom_in_loop(fn->dom, i, h)); j++)
			if (b->edges[j].to->id != h && !dom_in_loop(fn->dom, b->edges[j].to->id, h))
				return true;
	}
	return false;
}

/*
 * Could the loop be left, and never is? It waits for somebody else to change the memory that it looks at.
 */
static bool is_waiting(const struct sim *m, unsigned int h)
{
	const struct fn *fn = m->fn;

	return fn->dom->is_header[h] && fn->in[h] && !m->left[h] && !(fn->idles && fn->idles[h]) && has_exit(fn, h);
}

/* Of waiting loops in each other it is the innermost, as far as is known. Return: is there a new one? */
static bool find_waiting(const struct sim *m)
{
	struct fn *fn = m->fn;
	bool any = false;
	unsigned int i, j;

	for (i = 0; i < fn->func->nblocks; i++) {
		if (!is_waiting(m, i))
			continue;
		for (j = 0; j < fn->func->nblocks && !(j != i && dom_in_loop(fn->dom, j, i) && is_waiting(m, j)); j++)
			;
		if (j < fn->func->nblocks)
			continue;
		if (!fn->idles)
			fn->idles = arena_alloc(m->c->scratch, fn->func->nblocks * sizeof(*fn->idles));
		fn->idles[i] = any = true;
	}
	return any;
}

static void leave(struct sim *m, struct state *s, const struct flow_block *b)
{
	struct ctx *c = m->c;
	struct state *t;
	unsigned int i;

	if (b->term == FLOW_RET) {
		if (c->quiet) {
			state_free(s);
			return;
		}
		exec_return(c, s, b);
		outcome_add(c, m->fn, s, b->cond ? facts_resolve(&s->facts, c->syms, eval(c, s, b->cond)) : NULL);
		return;
	}
	for (i = 0; i < b->nedges; i++) {
		t = i + 1 < b->nedges ? state_clone(s) : s;
		t = exec_edge(c, t, b, i);
		if (!t)
			continue;
		mark_left(m, b, b->edges[i].to->id);
		arrive(m, t, b->edges[i].to);
	}
	if (!b->nedges)
		state_free(s);
}

static void run_block(struct sim *m, const struct flow_block *b)
{
	bool header = m->fn->dom->is_header[b->id];
	struct state *list = NULL, *s, *t, *next, *more;

	if (header) {
		/* The states stay, for later ones to be compared with. */
		for (s = m->fn->in[b->id]; s; s = s->next) {
			if (s->done)
				continue;
			s->done = true;
			t = state_clone(s);
			t->next = list;
			list = t;
		}
	} else {
		list = m->fn->in[b->id];
		m->fn->in[b->id] = NULL;
	}
	for (s = list; s; s = next) {
		next = s->next;
		s->next = NULL;
		for (t = exec_block(m->c, s, b); t; t = more) {
			more = t->next;
			t->next = NULL;
			leave(m, t, b);
		}
	}
}

static void walk_blocks(struct sim *m)
{
	while (m->cursor < m->fn->dom->nreached) {
		if (!m->pending[m->cursor]) {
			m->cursor++;
			continue;
		}
		m->pending[m->cursor] = false;
		if (m->c->steps > m->limit) {
			m->fn->bounded = true;
			break;
		}
		run_block(m, m->fn->func->blocks[m->fn->dom->order[m->cursor]]);
	}
}

static bool has_loops(const struct fn *fn)
{
	unsigned int i;

	for (i = 0; i < fn->func->nblocks; i++)
		if (fn->dom->is_header[i])
			return true;
	return false;
}

/* What was found on the way to the fixed point need not hold in it: walk once more, through the states that stayed. */
static void tell(struct sim *m)
{
	const struct dom *dom = m->fn->dom;
	struct state *s;
	unsigned int i;

	m->telling = true;
	m->c->quiet = false;
	for (i = 0; i < m->fn->func->nblocks; i++) {
		if (dom->rpo[i] == DOM_NONE || !dom->is_header[i])
			continue;
		for (s = m->fn->in[i]; s; s = s->next)
			s->done = false;
		m->pending[dom->rpo[i]] = m->fn->in[i] != NULL;
	}
	if (!dom->is_header[0])
		m->fn->in[0] = state_new();
	m->pending[0] = true;
	m->cursor = 0;
	m->limit += m->c->steps + MIN_STEPS;
	walk_blocks(m);
}

/* Return: whether it is to be done once more. */
static bool walk(struct ctx *c, struct fn *fn, unsigned int variants, bool last)
{
	struct sim m = { .c = c, .fn = fn, .variants = variants };
	bool again = false;
	unsigned int i;

	if (!fn->live)
		fn->live = live_new(c->scratch, fn);
	fn->in = xcalloc(fn->func->nblocks, sizeof(*fn->in));
	m.pending = xcalloc(fn->func->nblocks + 1, sizeof(*m.pending));
	m.left = xcalloc(fn->func->nblocks + 1, sizeof(*m.left));
	m.limit = fn->func->nvals * STEPS_PER_VALUE + MIN_STEPS;
	c->fn = fn;
	c->steps = 0;
	c->quiet = has_loops(fn);
	fn->in[0] = state_new();
	m.pending[0] = true;
	walk_blocks(&m);
	if (!last && !fn->bounded)
		again = find_waiting(&m);
	if (c->quiet && !again)
		tell(&m);
	for (i = 0; i < fn->func->nblocks; i++)
		state_free_list(fn->in[i]);
	free(fn->in);
	fn->in = NULL;
	free(m.pending);
	free(m.left);
	return again;
}

void simulate(struct ctx *c, struct fn *fn, unsigned int variants)
{
	unsigned int i;

	for (i = 1; walk(c, fn, variants, i == MAX_WALKS); i++)
		;
}
