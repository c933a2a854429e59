// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stale.c - addresses that were released, in memory that is no longer followed
 *
 * A variable keeps an address after it was released. Where states meet, or a loop turns, what it holds may be forgotten; who then
 * releases what lies there may release that address a second time, so that its mapping is not proved.
 */
#include "analysis.h"

/* Return: whether that is new. */
static bool add(struct state *s, const struct stale *x)
{
	unsigned int i;

	for (i = 0; i < s->nstale; i++) {
		struct stale *y = &s->stale[i];

		if (y->root != x->root || y->base->val != x->base->val)
			continue;
		if (!y->addr || y->addr == x->addr)
			return false;
		y->addr = NULL;
		return true;
	}
	GROW(s->stale, s->nstale, s->cstale);
	s->stale[s->nstale++] = *x;
	return true;
}

/* Is it still mapped, or may it be: one of many that the same call made? */
static bool may_be_live(const struct state *s, const struct sym *base)
{
	unsigned int i;

	for (i = 0; i < s->nmaps; i++) {
		const struct mapping *m = &s->maps[i];

		if (!m->foreign && m->status == MAP_LIVE &&
		    (m->base == base || (m->base->val == base->val && (m->base->has & SYM_HAS_VAGUE))))
			return true;
	}
	return false;
}

void stale_note(struct state *s, const struct cell *cell)
{
	struct sym *base = sym_find_map(cell->val);

	if (base && !may_be_live(s, base))
		add(s, &(struct stale){ sym_root(cell->addr), base, cell->addr });
}

bool stale_join(struct state *a, const struct state *b)
{
	bool more = false;
	unsigned int i;

	for (i = 0; i < b->nstale; i++)
		more |= add(a, &b->stale[i]);
	return more;
}

void stale_apply(struct state *s, const struct state *callee, struct sym *(*leaf)(struct sym *s, void *data), void *data,
		 struct symtab *t)
{
	unsigned int i;

	for (i = 0; i < callee->nstale; i++) {
		struct stale x = callee->stale[i];

		x.root = sym_root(sym_rewrite(t, x.root, leaf, data));
		if (x.addr)
			x.addr = sym_rewrite(t, x.addr, leaf, data);
		add(s, &x);
	}
}

void stale_overwrite(struct state *s, const struct sym *addr)
{
	unsigned int i, n = 0;

	for (i = 0; i < s->nstale; i++)
		if (s->stale[i].addr != addr)
			s->stale[n++] = s->stale[i];
	s->nstale = n;
}

/* Where a value was taken from, as far as that can be told. */
static struct sym *memory_of(struct ctx *c, struct state *s, struct sym *addr)
{
	struct sym *root = sym_root(addr);

	if (root->kind == SYM_INIT)
		return sym_root(root->args[0]);
	if (root->kind != SYM_VAL || root->val->func != c->fn->func)
		return NULL;
	if (root->val->op == FLOW_LOAD)
		return sym_root(eval(c, s, root->val->args[0]));
	return root->val->op == FLOW_PHI && root->inner ? sym_root(root->inner) : NULL;
}

void stale_doubt_maps(struct ctx *c, const struct sym *base, struct doubt d)
{
	struct site *site;

	for (; base; base = base->inner) {
		if (!base->val || base->val->id >= base->val->func->nvals)
			continue;
		for (site = fn_of(base->val->func)->sites[base->val->id]; site; site = site->next)
			if (site->kind == KC_SITE_MAP)
				site_doubt(c, site, d);
	}
}

void stale_release(struct ctx *c, struct state *s, struct site *site, struct sym *addr)
{
	struct sym *root = memory_of(c, s, addr);
	struct doubt d = { addr->has & SYM_HAS_VAGUE ? KC_R_LOOP : KC_R_UNKNOWN_ADDRESS, NULL };
	unsigned int i;

	for (i = 0; root && i < s->nstale; i++) {
		if (s->stale[i].root != root)
			continue;
		if (s->stale[i].base->has & SYM_HAS_VAGUE)
			d.reason = KC_R_LOOP;
		site_doubt(c, site, d);
		stale_doubt_maps(c, s->stale[i].base, d);
	}
}
