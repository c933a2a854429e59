// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pair-foreign.c - the pairing rules for addresses that are released without being seen mapped: a caller's, or what memory held
 */
#include "pair-priv.h"
#include "run.h"

#define MAX_CALLS_BACK 4	/* through which a result is followed to the address that was given */

struct mapping *pair_find_foreign(struct state *s, struct sym *addr)
{
	unsigned int i;

	for (i = s->nmaps; i-- > 0;)
		if (s->maps[i].foreign && !s->maps[i].if_live && sym_same(s->maps[i].base, addr))
			return &s->maps[i];
	return NULL;
}

/* What an address that no path maps was before the function ran: a caller's, older than anything mapped here. */
bool from_entry(const struct sym *addr)
{
	const struct sym *root = sym_root((struct sym *)addr);

	/* A page as the model names it by what the caller gave: that of a buffer head. */
	while (root->kind == SYM_INIT || (root->kind == SYM_PURE && root->str && root->str[0] == '@'))
		root = sym_root(root->args[0]);
	return root->kind == SYM_PARAM || root->kind == SYM_GLOBAL;
}

/* Where states were united over the bound, that is why it is not known. */
static void may_be_it(struct mapping *m, struct doubt d, struct doubt *why)
{
	if (!m->doubt.reason)
		m->doubt = d;
	else if (m->doubt.reason == KC_R_BOUND)
		*why = m->doubt;
}

/* Some mapping may be the one: those whose address lies in memory. */
static bool doubt_stored(struct ctx *c, struct state *s, struct site *site, enum kc_reason reason)
{
	struct doubt d = { reason, NULL }, why = d;
	bool any = false;
	unsigned int i, j;

	for (i = 0; i < s->nmaps; i++) {
		struct mapping *m = &s->maps[i];

		if (m->foreign || m->status != MAP_LIVE)
			continue;
		for (j = 0; j < s->ncells; j++)
			if (sym_mentions(s->cells[j].val, m->base))
				break;
		if (j == s->ncells && !m->doubt.reason && !m->end)
			continue;
		may_be_it(m, d, &why);
		any = true;
	}
	if (any)
		site_doubt(c, site, why);
	return any;
}

/* Was it read from memory that a call out of sight may have changed? */
bool is_late(const struct sym *addr)
{
	const struct sym *root = sym_root((struct sym *)addr);

	for (; root->kind == SYM_INIT; root = sym_root(root->args[0]))
		if (root->gen)
			return true;
	return false;
}

static bool doubt_given(struct ctx *c, struct state *s, struct site *site, const struct sym *addr, unsigned int depth);

/* Is it the result of a call that was given the address of a live mapping, or of another such call, or joined from one? */
static bool doubt_result(struct ctx *c, struct state *s, struct site *site, const struct sym *root, unsigned int depth)
{
	struct doubt d = { KC_R_UNKNOWN_ADDRESS, NULL }, why;
	bool any = false;
	unsigned int i;

	if (root->kind != SYM_VAL || (root->val->op != FLOW_CALL && root->val->op != FLOW_PHI) ||
	    root->val->func != c->fn->func || !depth)
		return false;
	d.name = root->val->str;
	why = d;
	for (i = 0; i < root->val->nargs; i++) {
		struct sym *arg = eval(c, s, root->val->args[i]), *base = sym_find_map(arg);
		struct mapping *m = base ? state_find_map(s, base) : NULL;

		if (!base)
			any |= doubt_given(c, s, site, arg, depth - 1);
		if (!m || m->status != MAP_LIVE)
			continue;
		may_be_it(m, d, &why);
		any = true;
	}
	if (any)
		site_doubt(c, site, why);
	return any;
}

/* Is any part of the address? A distance in the page may be what it gave. */
static bool doubt_given(struct ctx *c, struct state *s, struct site *site, const struct sym *addr, unsigned int depth)
{
	bool any = false;
	unsigned int i;

	if (addr->kind != SYM_SUM)
		return doubt_result(c, s, site, addr, depth);
	for (i = 0; i < addr->nargs; i++)
		any |= doubt_result(c, s, site, addr->args[i], depth);
	return any;
}

/* Did paths, or a callee's, meet in the address? What it was before is lost: it may have been the newest mapping's. */
static bool doubt_joined(struct ctx *c, struct state *s, struct site *site, struct sym *addr)
{
	const struct sym *root = sym_root(addr);
	struct mapping *m = pair_newer_live(s, NULL);
	struct doubt d = { KC_R_UNKNOWN_ADDRESS, NULL };

	if (root->kind != SYM_VAL || !m || (!root->inner && root->val->op != FLOW_PHI))
		return false;
	if (!m->doubt.reason)
		m->doubt = d;
	site_doubt(c, site, d);
	return true;
}

/* Two parameters, or what two places held at the entry: nobody means the same page by them. */
static bool two_pages(struct ctx *c, const struct sym *a, const struct sym *b)
{
	struct sym *d;

	if (a->kind != b->kind || a->gen || b->gen || a == b)
		return false;
	if (a->kind == SYM_PARAM)
		return true;
	if (a->kind != SYM_INIT)
		return false;
	d = sym_sub(c->syms, a->args[0], b->args[0]);
	return d->kind == SYM_CONST && d->num;
}

/* kunmap() of a page that may be the one of a live mapping: shown to be another only where both were there at the entry. */
static bool doubt_pages(struct ctx *c, struct state *s, struct site *site, const struct sym *page)
{
	struct doubt d = { KC_R_UNKNOWN_OBJECT, NULL };
	bool any = false;
	unsigned int i;

	for (i = 0; i < s->nmaps; i++) {
		struct mapping *m = &s->maps[i];

		if (m->foreign || m->status != MAP_LIVE || m->family != API_KMAP ||
		    two_pages(c, page, m->object))
			continue;
		if (!m->doubt.reason)
			m->doubt = d;
		any = true;
	}
	if (any)
		site_doubt(c, site, d);
	return any;
}

const struct flow_val *pair_holder_of_another(const struct ctx *c, const struct flow_val *v, const struct site *site, enum api_family family)
{
	const struct api_fn *f = site->val == v && v->op == FLOW_CALL && v->str ? api_find(c->api, v->str) : NULL;
	const struct api_place *p;
	unsigned int i;

	/* kunmap() takes the page. */
	for (i = 0; family != API_KMAP && f && i < f->neffects; i++) {
		p = &f->effects[i].object;
		if (f->effects[i].kind == API_UNMAPS && p->root == API_ARG && !p->deref && p->arg >= 0 && (unsigned int)p->arg < v->nargs)
			return held_by_another(c, v->args[p->arg], family);
	}
	return NULL;
}

static bool is_held_by_another(struct ctx *c, struct state *s, const struct flow_val *v, struct site *site,
			       enum api_family family, struct sym *addr)
{
	struct violation x = { .rule = KC_WRONG_ARG, .site = site, .at = v, .sym = addr, .what = "held", .whichever = true };
	const struct flow_val *map = pair_holder_of_another(c, v, site, family);

	if (!map)
		return false;
	x.other = site_of(c, map, KC_SITE_MAP);
	report_violation(c, s, &x);
	return true;
}

/* A loop put addresses into the same field of several structs, a list of them: the other pointer may lead to one of these. */
static bool is_field_of_many(const struct state *s, const struct cell *cell, const struct sym *place)
{
	const struct sym *root = sym_root(cell->addr);
	int64_t a, b;

	return s->turned && root->kind != SYM_LOCAL && sym_distance(cell->addr, root, &a) &&
	       sym_distance(place, sym_root((struct sym *)place), &b) && a == b;
}

/* Was it read at some index of an array in which mappings of ours lie at others that are known? */
static bool may_be_stored(struct ctx *c, const struct state *s, const struct sym *addr)
{
	const struct sym *root = sym_root((struct sym *)addr);
	unsigned int i;

	if (root->kind != SYM_INIT)
		return false;
	if (run_is_at(s, sym_root(root->args[0])))
		return true;
	for (i = 0; i < s->ncells; i++) {
		const struct cell *cell = &s->cells[i];

		if (!(cell->val->has & SYM_HAS_MAP))
			continue;
		if (is_field_of_many(s, cell, root->args[0]) ||
		    (sym_root(cell->addr) == sym_root(root->args[0]) && sym_sub(c->syms, cell->addr, root->args[0])->kind != SYM_CONST))
			return true;
	}
	return false;
}

/* Who undoes another page than the one that was mapped just now mistakes one for the other; that is no sign of more who do it on purpose. */
static bool has_live_kmap(const struct state *s)
{
	unsigned int i;

	for (i = 0; i < s->nmaps; i++)
		if (s->maps[i].family == API_KMAP && s->maps[i].status == MAP_LIVE && !s->maps[i].foreign)
			return true;
	return false;
}

/* It is not known which mapping was released, but what a second release of the same value, or an access by it, is. */
static void note_here(struct state *s, const struct mapping *foreign)
{
	struct mapping m = *foreign;

	m.here = true;
	if (m.family != API_KMAP && !(m.base->has & (SYM_HAS_VAGUE | SYM_HAS_UNDEF)))
		state_push(s, &m);
}

void pair_unmap_foreign(struct ctx *c, struct state *s, const struct flow_val *v, struct site *site,
			  enum api_family family, struct sym *addr)
{
	struct violation x = { .site = site, .at = v, .sym = addr };
	struct mapping *m = pair_find_foreign(s, addr), *newer;
	struct mapping foreign = { .base = addr, .object = addr, .family = family, .status = MAP_RELEASED,
				   .foreign = true, .site = site, .gone_site = site, .via = v, .gone = v };

	if (m) {
		x.rule = KC_DOUBLE_UNMAP;
		x.other = m->gone_site;
		x.other_via = m->gone;
		x.doubt = doubt_of(m);
		if (pair_may_be_another(m, family) && !x.doubt.reason)
			x.doubt = (struct doubt){ KC_R_UNKNOWN_OBJECT, NULL };
		report_violation(c, s, &x);
		m->twice = true;
		return;
	}
	stale_release(c, s, site, addr);
	/* That is told; as what it was mapped, it is released. */
	if (is_held_by_another(c, s, v, site, family, addr)) {
		foreign.family = family = API_UNORDERED;
		foreign.told = true;
	}
	if (family == API_KMAP ? doubt_pages(c, s, site, addr) :
	    doubt_given(c, s, site, addr, MAX_CALLS_BACK) || doubt_joined(c, s, site, addr)) {
		note_here(s, &foreign);
		return;
	}
	/* Someone took the address out of memory that a mapping of ours is kept in: it may be that one. */
	if ((!from_entry(addr) || may_be_stored(c, s, addr)) &&
	    doubt_stored(c, s, site, addr->has & SYM_HAS_VAGUE ? KC_R_LOOP : KC_R_UNKNOWN_ADDRESS)) {
		note_here(s, &foreign);
		return;
	}
	if (addr->has & (SYM_HAS_VAGUE | SYM_HAS_UNDEF)) {
		site_doubt(c, site, (struct doubt){ KC_R_UNKNOWN_ADDRESS, NULL });
		return;
	}
	if (family == API_KMAP && !c->fn->closed && !has_live_kmap(s))
		c->undoes_others = true;
	if (is_late(addr))
		foreign.doubt = (struct doubt){ KC_R_MEMORY, NULL };
	newer = pair_is_stacked(family) && from_entry(addr) && !is_late(addr) ? pair_newer_live(s, NULL) : NULL;
	if (newer) {
		x.rule = KC_ORDER;
		x.map = newer->site;
		x.other = newer->site;
		x.doubt = run_doubt(c, s, newer);
		report_violation(c, s, &x);
	} else if (!c->fn->closed || !from_entry(addr)) {
		site_doubt(c, site, (struct doubt){ KC_R_CALLER, NULL });
	}
	state_push(s, &foreign);
	trace_add(c, s, (struct trace){ .kind = TRACE_UNMAP, .val = v, .site = site, .sym = addr });
}

void pair_note_if_live(struct state *s, const struct flow_val *v, struct site *site, enum api_family family, struct sym *addr)
{
	struct mapping foreign = { .base = addr, .object = addr, .family = family, .status = MAP_RELEASED, .foreign = true,
				   .if_live = true, .site = site, .gone_site = site, .via = v, .gone = v };
	unsigned int i;

	for (i = 0; i < s->nmaps; i++)
		if (s->maps[i].foreign && s->maps[i].base == addr)
			return;
	state_push(s, &foreign);
}
