// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * state.c - states: making, copying, rewriting
 */
#include "state.h"

#include <stdlib.h>
#include <string.h>

#include "analysis.h"

#define MAX_HAVOC 16

#define COPY(to, from, v, n, cap) do {						\
	(to)->cap = (to)->n = (from)->n;					\
	(to)->v = NULL;								\
	if ((from)->n) {							\
		(to)->v = xmalloc((from)->n * sizeof(*(from)->v));		\
		memcpy((to)->v, (from)->v, (from)->n * sizeof(*(from)->v));	\
	}									\
} while (0)

struct state *state_new(void)
{
	return xcalloc(1, sizeof(struct state));
}

struct state *state_clone(const struct state *s)
{
	struct state *c = xmalloc(sizeof(*c));

	*c = *s;
	COPY(c, s, maps, nmaps, cmaps);
	COPY(c, s, env, nenv, cenv);
	COPY(c, s, cells, ncells, ccells);
	COPY(c, s, zero, nzero, czero);
	COPY(c, s, havoc, nhavoc, chavoc);
	COPY(c, s, escaped, nescaped, cescaped);
	COPY(c, s, dirty, ndirty, cdirty);
	COPY(c, s, stale, nstale, cstale);
	facts_copy(&c->facts, &s->facts);
	c->next = NULL;
	c->merges = 0;
	c->done = false;
	return c;
}

void state_free(struct state *s)
{
	if (!s)
		return;
	free(s->maps);
	free(s->env);
	free(s->cells);
	free(s->zero);
	free(s->havoc);
	free(s->escaped);
	free(s->dirty);
	free(s->stale);
	facts_free(&s->facts);
	free(s);
}

void state_free_list(struct state *s)
{
	struct state *next;

	for (; s; s = next) {
		next = s->next;
		state_free(s);
	}
}

static unsigned int env_slot(const struct state *s, unsigned int id)
{
	unsigned int lo = 0, hi = s->nenv;

	while (lo < hi) {
		unsigned int mid = (lo + hi) / 2;

		if (s->env[mid].id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

struct sym *env_get(const struct state *s, unsigned int id)
{
	unsigned int i = env_slot(s, id);

	return i < s->nenv && s->env[i].id == id ? s->env[i].sym : NULL;
}

void env_set(struct state *s, unsigned int id, struct sym *sym)
{
	unsigned int i = env_slot(s, id);

	if (i < s->nenv && s->env[i].id == id) {
		s->env[i].sym = sym;
		return;
	}
	GROW(s->env, s->nenv, s->cenv);
	memmove(&s->env[i + 1], &s->env[i], (s->nenv - i) * sizeof(*s->env));
	s->env[i] = (struct binding){ id, sym };
	s->nenv++;
}

struct mapping *state_push(struct state *s, const struct mapping *m)
{
	GROW(s->maps, s->nmaps, s->cmaps);
	s->maps[s->nmaps] = *m;
	return &s->maps[s->nmaps++];
}

struct mapping *state_find_map(struct state *s, const struct sym *base)
{
	unsigned int i;

	for (i = s->nmaps; i-- > 0;)
		if (!s->maps[i].foreign && s->maps[i].base == base)
			return &s->maps[i];
	return NULL;
}

bool has_root(struct sym *const *v, unsigned int n, const struct sym *root)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (v[i] == root)
			return true;
	return false;
}

void add_root(struct sym ***v, unsigned int *n, unsigned int *cap, struct sym *root)
{
	if (has_root(*v, *n, root))
		return;
	GROW(*v, *n, *cap);
	(*v)[(*n)++] = root;
}

/* All memory that others see may have changed since the entry. */
/* Memory that is known by name, whatever else has changed: a parameter may be the address of a variable of the caller. */
static bool is_named(const struct sym *root)
{
	return root->kind == SYM_LOCAL || root->kind == SYM_PARAM;
}

void havoc_everything(struct state *s)
{
	unsigned int i, n = 0;

	s->havoc_all = true;
	for (i = 0; i < s->nhavoc; i++)
		if (is_named(s->havoc[i]))
			s->havoc[n++] = s->havoc[i];
	s->nhavoc = n;
}

void havoc_root(struct state *s, struct sym *root)
{
	/* That an answer is not remembered is no change of memory. */
	if (sym_is_answer(root))
		return;
	if (s->havoc_all && !is_named(root))
		return;
	if (s->nhavoc < MAX_HAVOC || is_named(root)) {
		add_root(&s->havoc, &s->nhavoc, &s->chavoc, root);
		return;
	}
	/* So many that all may have changed. */
	havoc_everything(s);
}

static bool is_referred(const struct state *s, const struct sym *base)
{
	unsigned int i, has = base->has & SYM_HAS_MAP;

	for (i = 0; i < s->nenv; i++)
		if ((s->env[i].sym->has & has) == has && sym_mentions(s->env[i].sym, base))
			return true;
	for (i = 0; i < s->ncells; i++)
		if ((s->cells[i].val->has & has) == has && sym_mentions(s->cells[i].val, base))
			return true;
	return false;
}

/* The page of the last kunmap() is remembered, so that a second one is seen. */
static bool is_last_kmap(const struct state *s, const struct mapping *m)
{
	const struct mapping *n;

	if (m->family != API_KMAP)
		return false;
	for (n = m + 1; n < s->maps + s->nmaps; n++)
		if (n->family == API_KMAP && !n->foreign)
			return false;
	return true;
}

void state_prune(struct state *s, const struct fn *fn, const struct flow_block *b)
{
	unsigned int i, j;

	for (i = j = 0; i < s->nenv; i++)
		if (!fn->live || live_is(fn->live, b, s->env[i].id))
			s->env[j++] = s->env[i];
	s->nenv = j;
	for (i = j = 0; i < s->nmaps; i++) {
		const struct mapping *m = &s->maps[i];

		if (m->status == MAP_LIVE || (m->foreign && !m->here) || is_last_kmap(s, m) ||
		    is_referred(s, m->foreign ? sym_root(m->base) : m->base))
			s->maps[j++] = *m;
	}
	s->nmaps = j;
}

struct rewrite {
	struct symtab *t;
	uint64_t vals;
	struct sym *(*leaf)(struct sym *s, void *data);
	void *data;
	bool changed;
};

static void rewrite(struct rewrite *r, struct sym **s)
{
	struct sym *x = sym_rewrite_of(r->t, r->vals, *s, r->leaf, r->data);

	r->changed |= x != *s;
	*s = x;
}

static bool facts_change(const struct rewrite *r, const struct facts *f)
{
	unsigned int i;

	for (i = 0; i < f->n; i++)
		if (sym_rewrite_of(r->t, r->vals, f->v[i].sym, r->leaf, r->data) != f->v[i].sym)
			return true;
	return false;
}

static void rewrite_facts(struct rewrite *r, struct facts *facts)
{
	struct facts old = *facts;
	bool doubt = false;
	unsigned int i, j;

	if (!facts_change(r, facts))
		return;
	r->changed = true;
	*facts = (struct facts){ .all = old.all, .lost = old.lost };
	for (i = 0; i < old.n; i++) {
		struct fact *f = &old.v[i], *g;
		struct sym *key = sym_rewrite_of(r->t, r->vals, f->sym, r->leaf, r->data);

		if (key->kind == SYM_CONST || (key->has & SYM_HAS_VAGUE))
			continue;
		if (key == f->sym) {
			facts_add(facts, f);
			continue;
		}
		facts_assume_range(facts, r->t, key, f->range, &doubt);
		for (j = 0; j < f->nholes; j++)
			facts_exclude(facts, r->t, key, f->holes[j], &doubt);
		g = f->weak ? facts_find(facts, key) : NULL;
		if (g)
			g->weak = true;
	}
	facts_free(&old);
}

bool state_rewrite(struct state *s, struct symtab *t, uint64_t vals, struct sym *(*leaf)(struct sym *s, void *data),
		   void *data)
{
	struct rewrite r = { t, vals, leaf, data, false };
	unsigned int i;

	for (i = 0; i < s->nmaps; i++) {
		rewrite(&r, &s->maps[i].base);
		rewrite(&r, &s->maps[i].object);
		if (s->maps[i].gone_addr)
			rewrite(&r, &s->maps[i].gone_addr);
		if (s->maps[i].end) {
			rewrite(&r, &s->maps[i].first);
			rewrite(&r, &s->maps[i].end);
		}
	}
	for (i = 0; i < s->nenv; i++)
		rewrite(&r, &s->env[i].sym);
	for (i = 0; i < s->ncells; i++) {
		rewrite(&r, &s->cells[i].addr);
		rewrite(&r, &s->cells[i].val);
	}
	for (i = 0; i < s->nzero; i++)
		rewrite(&r, &s->zero[i].addr);
	for (i = 0; i < s->nhavoc; i++)
		rewrite(&r, &s->havoc[i]);
	for (i = 0; i < s->nstale; i++) {
		rewrite(&r, &s->stale[i].root);
		if (s->stale[i].addr)
			rewrite(&r, &s->stale[i].addr);
	}
	for (i = 0; i < s->ndirty; i++) {
		rewrite(&r, &s->dirty[i].object);
		if (s->dirty[i].part)
			rewrite(&r, &s->dirty[i].part);
		if (s->dirty[i].flush_part)
			rewrite(&r, &s->dirty[i].flush_part);
	}
	rewrite_facts(&r, &s->facts);
	return r.changed;
}

void age_released(struct state *s)
{
	unsigned int i;

	for (i = 0; i < s->nmaps; i++)
		s->maps[i].aged |= s->maps[i].status == MAP_RELEASED;
}

void state_doubt(struct state *s, struct doubt d)
{
	unsigned int i;

	if (!s->doubt.reason)
		s->doubt = d;
	for (i = 0; i < s->nmaps; i++)
		if (!s->maps[i].path.reason)
			s->maps[i].path = d;
}

void lose_holder(struct state *s, const struct cell *cell, enum kc_reason reason)
{
	struct sym *base = sym_find_map(cell->val);
	struct mapping *m = base ? state_find_map(s, base) : NULL;

	if (m && m->status == MAP_LIVE && !m->doubt.reason)
		m->doubt = (struct doubt){ reason, NULL };
}
