// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pair-access.c - the pairing rules where an address is followed
 */
#include <stdlib.h>

#include "pair-priv.h"

#define MAX_ACCESSES 32		/* of a function, by what its callers give */
#define MAX_ROOT 8		/* nodes: what is kept further away is not followed */
#define FEW_BYTES 512

/* A pointer that is followed is neither NULL nor an error: those crash first. */
static void not_null(struct ctx *c, struct state *s, const struct flow_val *v, struct sym *root, struct sym *addr)
{
	static const struct range errors = { -4095, 0 };
	bool doubt = false;
	struct sym *d;

	/* Of what paths were joined to the type is not known, but it is followed. */
	if ((root->type != FLOW_T_PTR && !(root->kind == SYM_VAL && root->val->op == FLOW_PHI)) ||
	    (root->kind != SYM_VAL && root->kind != SYM_INIT && root->kind != SYM_PARAM) || root->is_map)
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

void accesses_free(struct fn *fn)
{
	unsigned int i;

	for (i = 0; i < fn->naccesses; i++)
		facts_free(&fn->accesses[i].guard);
	free(fn->accesses);
}

/* Does the fact decide anything that the caller knows of? */
static bool is_guard(const struct fact *f)
{
	return !f->weak && sym_is_callers(f->sym) && !fact_is_followed(f);
}

static unsigned int count_guards(const struct state *s)
{
	unsigned int i, n = 0;

	for (i = 0; i < s->facts.n; i++)
		n += is_guard(&s->facts.v[i]);
	return n;
}

static bool is_from_caller(const struct fn *fn, const struct sym *root)
{
	if (root->kind == SYM_PARAM)
		return root->val->func == fn->func;
	return root->kind == SYM_INIT && root->size <= MAX_ROOT && !is_late(root) && from_entry(root);
}

/* A caller that passes a stale address goes wrong here; of several ways to come to it the one that takes least is kept. */
static void note_access(struct fn *fn, const struct state *s, struct sym *root, const struct flow_val *access)
{
	bool sure = !s->blurred && !s->doubt.reason;
	struct access *a = NULL;
	unsigned int i, n;

	if (!is_from_caller(fn, root))
		return;
	for (i = 0; i < fn->naccesses && !a; i++)
		if (fn->accesses[i].root == root && fn->accesses[i].at == access)
			a = &fn->accesses[i];
	if (a ? a->sure && (!sure || !a->guard.n) : fn->naccesses >= MAX_ACCESSES)
		return;
	n = count_guards(s);
	if (a && a->sure >= sure && a->guard.n <= n)
		return;
	if (!a) {
		GROW(fn->accesses, fn->naccesses, fn->caccesses);
		a = &fn->accesses[fn->naccesses++];
		*a = (struct access){ .root = root, .at = access };
	}
	a->sure = sure;
	facts_free(&a->guard);
	a->guard = (struct facts){ .cap = n, .v = n ? xmalloc(n * sizeof(*a->guard.v)) : NULL };
	for (i = 0; i < s->facts.n; i++)
		if (is_guard(&s->facts.v[i]))
			facts_add(&a->guard, &s->facts.v[i]);
}

/* What was released of the page that @addr lies in, by an address that a caller mapped. */
static struct mapping *find_stale(struct ctx *c, struct state *s, struct sym *addr)
{
	struct sym *root = sym_root(addr), *d;
	struct mapping *m = pair_find_foreign(s, root);
	unsigned int i;

	for (i = s->nmaps; i-- > 0 && !m;) {
		struct mapping *n = &s->maps[i];

		if (!n->foreign || n->if_live || n->base == root || sym_root(n->base) != root ||
		    (n->base->has & (SYM_HAS_VAGUE | SYM_HAS_UNDEF)))
			continue;
		/* It lies a few bytes from the place that was given to the release. */
		d = sym_sub(c->syms, addr, n->base);
		if (d->kind == SYM_CONST && d->num > -FEW_BYTES && d->num < FEW_BYTES)
			m = n;
	}
	return m;
}

void pair_access(struct ctx *c, struct state *s, const struct flow_val *v, const struct flow_val *access,
		 struct sym *addr)
{
	struct violation x = { .rule = KC_USE_AFTER_UNMAP, .at = v, .access = access };
	struct sym *base = sym_find_map(addr);
	struct mapping *m = base ? state_find_map(s, base) : find_stale(c, s, addr);
	/* What a callee follows it may follow on some of its paths only, and one that is not known not at all. */
	bool followed = v == access && (v->op != FLOW_CALL || (v->str && api_find(c->api, v->str)));

	if (m && m->status == MAP_LIVE && !m->foreign)
		inside(c, s, m, addr, followed);
	if (followed)
		not_null(c, s, v, sym_root(addr), addr);
	note_access(c->fn, s, sym_root(addr), access);
	if (!m || m->status != MAP_RELEASED ||
	    (m->family == API_KMAP && pair_find_object(s, m->object, API_KMAP, MAP_LIVE, true)))
		return;
	/* Of a kmap() of somebody else only the page is known, and that stays. */
	if (m->foreign && m->family == API_KMAP)
		return;
	x.map = m->foreign ? NULL : m->site;
	x.site = m->site;
	x.other = m->gone_site;
	x.other_via = m->gone;
	x.sym = m->base;
	x.object = m->object;
	x.via = m->via;
	x.doubt = doubt_of(m);
	x.whichever = s->blurred && comes_anyway(c, m, v);
	report_violation(c, s, &x);
}
