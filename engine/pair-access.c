// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pair-access.c - the pairing rules where an address is followed
 */
#include "pair-priv.h"

/* A pointer that is followed is neither NULL nor an error: those crash first. */
static void not_null(struct ctx *c, struct state *s, const struct flow_val *v, struct sym *root, struct sym *addr)
{
	static const struct range errors = { -4095, 0 };
	bool doubt = false;
	struct sym *d;

	if (root->type != FLOW_T_PTR || (root->kind != SYM_VAL && root->kind != SYM_INIT && root->kind != SYM_PARAM) ||
	    root->is_map)
		return;
	d = sym_sub(c->syms, addr, root);
	if (d->kind == SYM_CONST && d->num >= 0 && d->num < 4096)
		facts_exclude(&s->facts, c->syms, root, errors, &doubt);
	/* A variable that leads into an array. */
	else if (d->kind != SYM_CONST && v->nargs && v->args[0]->name)
		facts_exclude(&s->facts, c->syms, addr, errors, &doubt);
}

/* What is accessed lies in the page: beyond it would be another mistake. */
static void inside(struct ctx *c, struct state *s, const struct mapping *m, struct sym *addr, bool followed)
{
	struct sym *d = sym_sub(c->syms, addr, m->base);
	bool doubt = false;

	/* Mostly it is a path that nobody takes: nothing that comes after is told as a fact. */
	if (followed && d->kind == SYM_CONST && (d->num < 0 || d->num >= c->unit->pagesize))
		state_doubt(s, (struct doubt){ KC_R_UNKNOWN_ADDRESS, NULL });
	if (d->kind != SYM_CONST && !(d->has & SYM_HAS_MAP))
		facts_assume_range(&s->facts, c->syms, d, (struct range){ 0, c->unit->pagesize - 1 }, &doubt);
}

/* The first access through a parameter is where a caller that passes a stale address goes wrong. */
static void note_access(struct fn *fn, const struct flow_val *param, const struct flow_val *access)
{
	if (param->func == fn->func && !fn->access[param->imm])
		fn->access[param->imm] = access;
}

void pair_access(struct ctx *c, struct state *s, const struct flow_val *v, const struct flow_val *access,
		 struct sym *addr)
{
	struct violation x = { .rule = KC_USE_AFTER_UNMAP, .at = v, .access = access };
	struct sym *base = sym_find_map(addr);
	struct mapping *m = base ? state_find_map(s, base) : pair_find_foreign(s, sym_root(addr));
	/* What a callee follows it may follow on some of its paths only, and one that is not known not at all. */
	bool followed = v == access && (v->op != FLOW_CALL || (v->str && api_find(c->api, v->str)));

	if (m && m->status == MAP_LIVE && !m->foreign)
		inside(c, s, m, addr, followed);
	if (followed)
		not_null(c, s, v, sym_root(addr), addr);
	if (sym_root(addr)->kind == SYM_PARAM)
		note_access(c->fn, sym_root(addr)->val, access);
	if (!m || m->status != MAP_RELEASED ||
	    (m->family == API_KMAP && pair_find_object(s, m->object, API_KMAP, MAP_LIVE, true)))
		return;
	/* Of a kmap() of somebody else only the page is known, and that stays. */
	if (m->foreign && (m->family == API_KMAP || (sym_root(addr) != m->base && addr != m->base)))
		return;
	x.map = m->foreign ? NULL : m->site;
	x.site = m->site;
	x.other = m->gone_site;
	x.sym = m->base;
	x.object = m->object;
	x.via = m->via;
	x.doubt = doubt_of(m);
	report_violation(c, s, &x);
}
