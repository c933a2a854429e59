// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * unite.c - two states that do not agree become one that is certain of neither
 *
 * Where there are more states than can be followed, none is dropped: the two that are nearest to each other are united. A mapping
 * that only one of them has, or that is live in one and released in the other, is doubtful from then on, and so is what held
 * its address. What both agree on stays certain.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "analysis.h"
#include "run.h"

static const struct doubt too_many = { KC_R_BOUND, NULL };

static void doubt(struct mapping *m)
{
	if (!m->doubt.reason)
		m->doubt = too_many;
}

static bool is_same(const struct mapping *a, const struct mapping *b)
{
	return a->base == b->base && a->foreign == b->foreign && a->site == b->site;
}

static struct mapping *find_same(struct mapping *v, unsigned int n, const struct mapping *m)
{
	for (; n; n--, v++)
		if (is_same(v, m))
			return v;
	return NULL;
}

static unsigned int missing(const struct state *a, const struct state *b)
{
	unsigned int i, n = 0;

	for (i = 0; i < a->nmaps; i++) {
		const struct mapping *m = find_same(b->maps, b->nmaps, &a->maps[i]);

		n += !m || m->status != a->maps[i].status;
	}
	return n;
}

unsigned int state_difference(const struct state *a, const struct state *b)
{
	return missing(a, b) + missing(b, a);
}

struct state *state_nearest(struct state *list, const struct state *s)
{
	struct state *t, *best = NULL;
	unsigned int n, least = UINT_MAX;

	for (t = list; t; t = t->next) {
		n = state_difference(t, s);
		if (n <= least) {
			least = n;
			best = t;
		}
	}
	return best;
}

static struct mapping of_both(struct symtab *t, const struct mapping *x, const struct mapping *y)
{
	struct mapping m = x->status == MAP_LIVE ? *x : *y;

	if (x->status != y->status || x->jumped != y->jumped) {
		m.jumped = NULL;
		doubt(&m);
	}
	if (x->object != y->object) {
		m.object = sym_pure(t, "object mapped", 1, &m.base);
		if (m.family == API_KMAP)
			doubt(&m);
	}
	m.twice = x->twice || y->twice;
	if (!run_same(x, y))
		run_lose(&m, KC_R_BOUND);
	if (!m.doubt.reason)
		m.doubt = x->doubt.reason ? x->doubt : y->doubt;
	if (!x->path.reason || !y->path.reason)
		m.path = (struct doubt){ 0 };
	return m;
}

static unsigned int add_one_sided(struct mapping *all, unsigned int n, const struct mapping *m)
{
	struct mapping *before = find_same(all, n, m);

	if (before) {
		doubt(before);
		return n;
	}
	all[n] = *m;
	doubt(&all[n]);
	return n + 1;
}

/* Which of two is the newer one is not known where the states do not agree on that: releasing either may be out of order. */
static void doubt_order(struct mapping *all, unsigned int n, struct mapping *v, unsigned int nv)
{
	unsigned int i, j;

	for (i = 0; i < n; i++) {
		const struct mapping *x = find_same(v, nv, &all[i]);

		for (j = i + 1; x && j < n; j++) {
			const struct mapping *y = find_same(v, nv, &all[j]);

			if (!y || y > x || all[i].foreign || all[j].foreign)
				continue;
			doubt(&all[i]);
			doubt(&all[j]);
		}
	}
}

static void unite_maps(struct symtab *t, struct state *a, struct state *b)
{
	struct mapping *all = xmalloc((a->nmaps + b->nmaps + 1) * sizeof(*all));
	unsigned int i = 0, j = 0, n = 0;

	while (i < a->nmaps || j < b->nmaps) {
		const struct mapping *x = i < a->nmaps ? &a->maps[i] : NULL, *y = j < b->nmaps ? &b->maps[j] : NULL;

		if (x && y && is_same(x, y) && !find_same(all, n, x)) {
			all[n++] = of_both(t, x, y);
			i++;
			j++;
		} else if (x && !(y && find_same(b->maps + j, b->nmaps - j, x))) {
			n = add_one_sided(all, n, x);
			i++;
		} else {
			n = add_one_sided(all, n, y);
			j++;
		}
	}
	doubt_order(all, n, a->maps, a->nmaps);
	doubt_order(all, n, b->maps, b->nmaps);
	free(a->maps);
	free(b->maps);
	a->maps = all;
	a->nmaps = a->cmaps = n;
	b->maps = xmalloc((n + 1) * sizeof(*all));
	memcpy(b->maps, all, n * sizeof(*all));
	b->nmaps = n;
	b->cmaps = n + 1;
}

/* What was released may be released again by the address that is no longer known. */
static void forget(struct ctx *c, struct state *s, struct binding *x, struct sym *either)
{
	struct sym *base = sym_find_map(x->sym);
	struct mapping *m = base ? state_find_map(s, base) : NULL;
	struct fact *f = facts_find(&s->facts, either);

	if (m)
		doubt(m);
	if (m && m->status == MAP_RELEASED)
		site_doubt(c, m->site, too_many);
	if (f)
		facts_drop(&s->facts, (unsigned int)(f - s->facts.v));
	x->sym = either;
}

/* What is an address in one and something else in the other is not known. */
static void unite_env(struct ctx *c, struct state *a, struct state *b, bool header)
{
	struct symtab *t = c->syms;
	unsigned int i = 0, j = 0;

	while (i < a->nenv && j < b->nenv) {
		struct binding *x = &a->env[i], *y = &b->env[j];

		i += x->id <= y->id;
		j += y->id <= x->id;
		if (x->id == y->id && !state_joinable(a, b, t, x->sym, y->sym, header)) {
			struct sym *either = sym_val(t, value_of(c->fn, x->id), 0, sym_pure(t, "either", 0, NULL));

			either->type = FLOW_T_PTR;
			forget(c, a, x, either);
			forget(c, b, y, either);
		}
	}
}

static void drop_cell(struct state *s, struct cell *cell)
{
	lose_holder(s, cell, KC_R_BOUND);
	stale_note(s, cell);
	s->ncells--;
	memmove(cell, cell + 1, (size_t)(s->cells + s->ncells - cell) * sizeof(*cell));
}

/* Memory that holds the address of a live mapping in @a and not the same in @b. */
static void unite_cells(struct symtab *t, struct state *a, struct state *b, bool header)
{
	unsigned int i;

	for (i = 0; i < a->ncells;) {
		struct cell *x = &a->cells[i], *y;
		struct sym *base = sym_find_map(x->val), *addr = x->addr;
		struct mapping *m = base ? state_find_map(a, base) : NULL;

		y = state_cell(b, addr);
		if (!m || m->status != MAP_LIVE || (y && state_joinable(a, b, t, x->val, y->val, header))) {
			i++;
			continue;
		}
		drop_cell(a, x);
		if (y)
			drop_cell(b, y);
		havoc_root(a, sym_root(addr));
		havoc_root(b, sym_root(addr));
	}
}

void state_unite(struct ctx *c, struct state *a, struct state *b, bool header)
{
	unite_maps(c->syms, a, b);
	unite_env(c, a, b, header);
	unite_cells(c->syms, a, b, header);
	unite_cells(c->syms, b, a, header);
	state_blur(c, a, b);
	a->blurred = b->blurred = true;
}
