// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pair-return.c - the pairing rules where a function returns: what is still mapped, and who else could release it
 */
#include "analysis.h"
#include "run.h"

#define MAX_OWNERS 4		/* from a page to the buffer head that it is read from, and on */

/* Does the value name the object, or what it was read from: the buffer head whose page it is? */
static bool names(struct ctx *c, struct state *s, const struct sym *val, const struct sym *object)
{
	unsigned int i;

	for (i = 0; i < MAX_OWNERS && !sym_mentions(val, object); i++) {
		if (object->kind == SYM_INIT && !from_entry(object))
			object = sym_root(object->args[0]);
		else if (object->kind == SYM_VAL && object->val->op == FLOW_LOAD && object->val->func == c->fn->func)
			object = sym_root(eval(c, s, object->val->args[0]));
		else if (object->kind == SYM_PURE && object->nargs == 1)
			object = object->args[0];
		else
			return false;
	}
	return i < MAX_OWNERS;
}

/* kmap() is undone by page: who has the page can do it. */
static enum kc_reason page_escape(struct ctx *c, struct state *s, const struct mapping *m, const struct sym *ret)
{
	unsigned int i;

	if (ret && (names(c, s, ret, m->object) || facts_range(&s->facts, ret).hi < 0))
		return names(c, s, ret, m->object) ? KC_R_ESCAPES_RETURN : KC_R_NONE;
	for (i = 0; i < s->ncells; i++)
		if (sym_root(s->cells[i].addr)->kind != SYM_LOCAL && names(c, s, s->cells[i].val, m->object) &&
		    !is_initial(&s->cells[i]))
			return KC_R_ESCAPES_FIELD;
	return from_entry(m->object) || sym_root(m->object)->kind == SYM_GLOBAL ? KC_R_ESCAPES_ARG : KC_R_NONE;
}

/* Who else has an address that lies at ? */
static enum kc_reason place_escape(const struct sym *addr)
{
	const struct sym *root = sym_root((struct sym *)addr);

	if (root->kind == SYM_LOCAL)
		return KC_R_NONE;
	return root->kind != SYM_PARAM || addr != root ? KC_R_ESCAPES_FIELD : KC_R_ESCAPES_ARG;
}

/* May the result be a pointer to what the call reads, as that of strchr() is? Nothing is known of those without a line. */
static bool may_lead_on(const struct ctx *c, const struct flow_val *call)
{
	const struct api_fn *f = call->str ? api_find(c->api, call->str) : NULL;
	bool reads = !f;
	unsigned int i;

	for (i = 0; f && i < f->neffects; i++) {
		if (f->effects[i].kind == API_FRESH)
			return false;
		reads |= f->effects[i].kind == API_READS;
	}
	return reads && call->type == FLOW_T_PTR && !callee_of(c, call);
}

/* Is it a pointer that a call out of sight made of the address? It may lead into the page, and be what releases it. */
static bool is_made_of(struct ctx *c, struct state *s, const struct sym *val, const struct mapping *m)
{
	const struct sym *root = sym_root((struct sym *)val);
	const struct flow_val *v = root->val;
	unsigned int i;

	if (root->kind != SYM_VAL || root->inner || v->op != FLOW_CALL || v->func != c->fn->func || !may_lead_on(c, v))
		return false;
	for (i = 0; i < v->nargs; i++)
		if (sym_mentions(eval(c, s, v->args[i]), m->base))
			return true;
	return false;
}

/* Who else has the address? */
static enum kc_reason address_escape(struct ctx *c, struct state *s, const struct mapping *m, const struct sym *ret)
{
	enum kc_reason reason = KC_R_NONE, there;
	unsigned int i;

	if (ret && (((ret->has & SYM_HAS_MAP) && sym_keeps(ret, m->base)) || is_made_of(c, s, ret, m)))
		return KC_R_ESCAPES_RETURN;
	if (m->end)
		return place_escape(m->first);
	for (i = 0; i < s->ncells; i++) {
		const struct cell *cell = &s->cells[i];

		if (!(cell->val->has & SYM_HAS_MAP) || !sym_keeps(cell->val, m->base))
			continue;
		there = place_escape(cell->addr);
		if (there == KC_R_ESCAPES_FIELD)
			return there;
		reason = there ? there : reason;
	}
	return reason;
}

/* Does the file release a mapping of that family at all? */
static bool file_releases(const struct ctx *c, enum api_family family)
{
	unsigned int i, j, k;

	for (i = 0; i < c->nfns; i++) {
		const struct flow_func *f = c->fns[i].func;

		if (f->loc.file != c->fn->func->loc.file)
			continue;
		for (j = 0; j < f->nvals; j++) {
			const struct flow_val *v = f->vals[j];
			const struct api_fn *a = v->op == FLOW_CALL && v->str ? api_find(c->api, v->str) : NULL;

			for (k = 0; a && k < a->neffects; k++)
				if ((a->effects[k].kind == API_UNMAPS || a->effects[k].kind == API_UNMAPS_LIVE) &&
				    right_family(family, a->effects[k].family))
					return true;
		}
	}
	return false;
}

/* Was a struct that holds it handed out of sight, by a file that leaves releasing to others? */
static bool is_handed_on(const struct ctx *c, const struct mapping *m)
{
	return m->handed && !file_releases(c, m->family);
}

/**
 * pair_escape() - who else can release a live mapping when the function returns?
 */
enum kc_reason pair_escape(struct ctx *c, struct state *s, const struct mapping *m, const struct sym *ret)
{
	enum kc_reason reason = address_escape(c, s, m, ret);

	if (!reason && m->family == API_KMAP)
		reason = page_escape(c, s, m, ret);
	return reason || !is_handed_on(c, m) ? reason : KC_R_ESCAPES_ARG;
}

/* Is the address used where it is made? If not, someone takes it from the page, and may be the one to release it. */
static bool is_used(const struct flow_val *call)
{
	const struct flow_func *f = call->func;
	unsigned int i, j;

	for (i = 0; i < f->nvals; i++)
		for (j = 0; j < f->vals[i]->nargs; j++)
			if (f->vals[i]->args[j] == call)
				return true;
	return false;
}

/*
 * Nobody has the address, but somebody the page. That a function of this unit undoes it shows that nobody else does; and where
 * nobody in this unit undoes the kmap() of others, nobody is there to undo this one.
 */
static bool is_page_forgotten(struct ctx *c, struct state *s, const struct mapping *m, const struct sym *ret,
			      enum kc_reason reason, bool *unless_others)
{
	if (m->family != API_KMAP || reason == KC_R_ESCAPES_RETURN || address_escape(c, s, m, ret))
		return false;
	*unless_others = !(reason == KC_R_ESCAPES_ARG && m->site->released_by == c->fn);
	if (!*unless_others)
		return true;
	return !c->fn->closed && is_used(m->site->val) && !has_root(s->escaped, s->nescaped, m->object);
}

static void tell_jumped_at(struct ctx *c, struct state *s, const struct flow_block *b, struct mapping *m)
{
	struct violation x = { .rule = KC_ORDER, .map = m->jumped_map, .site = m->jumped, .other = m->site, .block = b, .site_at = m->jumped_at, .other_via = m->via,
			       .sym = m->jumped_sym, .object = m->jumped_object, .via = m->jumped_via };

	x.doubt = run_doubt(c, s, m);
	if (m->jumped)
		report_violation(c, s, &x);
	m->jumped = NULL;
}

void pair_return(struct ctx *c, struct state *s, const struct flow_block *b, struct sym *ret)
{
	unsigned int i;

	for (i = 0; i < s->nmaps; i++) {
		struct mapping *m = &s->maps[i];
		struct violation x = { .rule = KC_LEAK, .map = m->site, .site = m->site, .block = b, .sym = m->base,
				       .object = m->object, .via = m->via, .doubt = run_doubt(c, s, m) };
		enum kc_reason reason;

		if (m->foreign || m->status != MAP_LIVE)
			continue;
		reason = pair_escape(c, s, m, ret);
		if (!reason) {
			x.whichever = s->blurred && is_left_anyway(c, m);
			report_violation(c, s, &x);
			continue;
		}
		tell_jumped_at(c, s, b, m);
		if (is_page_forgotten(c, s, m, ret, reason, &x.unless_others))
			report_violation(c, s, &x);
		if (!c->fn->closed)
			site_doubt(c, m->site, (struct doubt){ reason, NULL });
	}
}
