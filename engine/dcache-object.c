// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dcache-object.c - which page or folio an expression or an address is of
 *
 * The model's calls and fields give symbols that wrap what they are of: "@object" (the same object), "@page" (a page of it),
 * "@exempt" (never mapped into user space). "page + i" is a page of what page is of. A flush works on any of them.
 */
#include <string.h>

#include "dcache.h"

static const char exempt_mark[] = "@exempt";
static const char pointee[] = "@pointee";

static bool is_wrapper(const struct sym *s, const char *what)
{
	return s->kind == SYM_PURE && s->nargs && s->str == what;
}

static const struct api_effect *exempting_effect(const struct api_fn *f)
{
	unsigned int i;

	for (i = 0; f && i < f->neffects; i++) {
		const struct api_effect *e = &f->effects[i];

		if ((e->kind == API_PRIVATE || e->kind == API_METADATA || e->kind == API_DIRECTORY) &&
		    e->object.root == API_RET && !e->object.deref)
			return e;
	}
	return NULL;
}

/* Did the call that gave it say that user space never sees it? A callee's symbol stands inside. */
static bool given_exempt(const struct ctx *c, const struct sym *s)
{
	for (; s; s = s->inner) {
		if (s->kind == SYM_VAL && s->val->op == FLOW_CALL && s->val->str &&
		    exempting_effect(api_find(c->api, s->val->str)))
			return true;
		if ((s->kind == SYM_VAL || s->kind == SYM_PARAM) && role_exempts(s->val))
			return true;
	}
	return false;
}

bool is_pointee(const struct sym *object)
{
	return is_wrapper(object, pointee);
}

struct sym *pointee_of(struct ctx *c, struct sym *addr)
{
	struct sym *args[] = { addr };

	return sym_pure(c->syms, pointee, 1, args);
}

struct place place_of(const struct ctx *c, struct sym *object)
{
	struct place p = { .part = sym_object(object) };
	struct sym *s = object, *root;

	for (;;) {
		if (s->kind == SYM_PURE && s->nargs && s->str && s->str[0] == '@' && !is_pointee(s)) {
			p.exempt |= is_wrapper(s, exempt_mark);
			s = s->args[0];
			continue;
		}
		root = sym_root(s);
		if (root == s)
			break;
		s = root;
	}
	p.folio = s;
	p.exempt |= given_exempt(c, s);
	return p;
}

bool place_known(const struct place *p)
{
	const struct sym *s = p->folio;

	if (s->has & (SYM_HAS_VAGUE | SYM_HAS_UNDEF))
		return false;
	/* A page frame number that nothing is known of, an error, NULL. */
	return s->kind != SYM_CONST && !(s->kind == SYM_PARAM && (s->type == FLOW_T_INT || s->type == FLOW_T_UINT));
}

/* Where in its folio a mapping lies is known for those of one page, and for the first page of a folio. */
static bool maps_one_page(const struct ctx *c, const struct mapping *m, bool *folio)
{
	const struct flow_val *call = m->site->val, *off;
	const struct api_fn *f = call->str ? api_find(c->api, call->str) : NULL;
	unsigned int i;

	*folio = false;
	for (i = 0; f && i < f->neffects; i++) {
		const struct api_effect *e = &f->effects[i];

		if (e->kind > API_MAPS_OR_ERR)
			continue;
		*folio = e->offset_arg >= 0;
		if (e->offset_arg < 0)
			return true;
		off = (unsigned int)e->offset_arg < call->nargs ? call->args[e->offset_arg] : NULL;
		return off && off->op == FLOW_CONST && off->imm >= 0 && off->imm < c->unit->pagesize;
	}
	return true;
}

bool place_at(struct ctx *c, struct state *s, struct sym *addr, struct place *p)
{
	struct sym *base = sym_find_map(addr), *root = sym_root(addr);
	const struct mapping *m = base ? state_find_map(s, base) : NULL;
	bool folio;

	if (m) {
		*p = place_of(c, m->object);
		/* Whoever releases it flushes, or does not, as a flag says that it was given. */
		if (m->family == API_UNORDERED)
			p->folio = sym_val(c->syms, m->site->val, SYM_GEN_VAGUE, NULL);
		if (!maps_one_page(c, m, &folio))
			p->part = NULL;
		p->flush = folio ? API_FLUSHES : API_FLUSHES_PAGE;
		p->text = m->site->object;
		return true;
	}
	if (is_wrapper(root, sym_address_of)) {
		*p = place_of(c, root->args[0]);
		p->linear = true;
		return true;
	}
	if ((root->kind == SYM_PARAM && root->val->func == c->fn->func && (c->fn->mapped & 1ull << (root->val->imm & 63))) ||
	    (root->kind == SYM_INIT && c->fn->called && c->fn->loads_mapped && from_entry(root))) {
		*p = (struct place){ .folio = pointee_of(c, root) };
		p->part = p->folio;
		return true;
	}
	return false;
}

struct sym *object_at_addr(struct state *s, struct sym *addr)
{
	struct sym *base = sym_find_map(addr), *root = sym_root(addr);
	const struct mapping *m = base ? state_find_map(s, base) : NULL;

	if (m)
		return m->object;
	return is_wrapper(root, sym_address_of) ? root->args[0] : NULL;
}

bool is_head(struct sym *page, const struct sym *folio)
{
	if (page == folio)
		return true;
	return is_wrapper(page, sym_at_page) && page->nargs > 1 && sym_is(page->args[1], 0) && page->args[0] == folio;
}

bool is_fresh(const struct ctx *c, const struct sym *s)
{
	const struct api_fn *f;
	unsigned int i;

	while (s->inner)
		s = s->inner;
	f = s->kind == SYM_VAL && s->val->op == FLOW_CALL && s->val->str ? api_find(c->api, s->val->str) : NULL;
	for (i = 0; f && i < f->neffects; i++)
		if (f->effects[i].kind == API_FRESH)
			return true;
	return false;
}

bool may_be_same(const struct ctx *c, const struct sym *a, const struct sym *b)
{
	if (a == b)
		return true;
	if (is_fresh(c, a) || is_fresh(c, b))
		return false;
	/* By the names that the source gives them they are two. */
	if (a->kind == SYM_PARAM && b->kind == SYM_PARAM)
		return false;
	if (a->kind == SYM_VAL && b->kind == SYM_VAL && a->val == b->val && a->inner == b->inner)
		return (a->has | b->has) & SYM_HAS_VAGUE;
	return a->kind != SYM_INIT || b->kind != SYM_INIT || sym_root(a->args[0]) != sym_root(b->args[0]);
}

static struct sym *wrap(struct ctx *c, const char *what, struct sym *s)
{
	struct sym *args[] = { s };

	return sym_pure(c->syms, what, 1, args);
}

struct sym *dcache_load(struct ctx *c, struct state *s, const struct flow_val *v, struct sym *x)
{
	const struct flow_val *addr = v->args[0];
	const struct api_field *field;
	struct sym *base;

	if (addr->op != FLOW_FIELD || !addr->str)
		return x;
	field = api_find_field(c->api, addr->str);
	/* Only what the memory held at the entry, or may have been anything: not what was stored in sight. */
	if (!field || field->kinds == 1ull << API_KIN || !(x->kind == SYM_INIT || (x->kind == SYM_VAL && x->val == v)))
		return x;
	base = facts_resolve(&s->facts, c->syms, eval(c, s, addr->args[0]));
	if (field->kinds & (1ull << API_PRIVATE | 1ull << API_METADATA | 1ull << API_DIRECTORY))
		base = wrap(c, exempt_mark, field->kinds & (1ull << API_SAME_OBJECT | 1ull << API_PAGE_OF |
							     1ull << API_ADDRESS_OF) ? base : x);
	if (field->kinds & 1ull << API_ADDRESS_OF)
		return wrap(c, sym_address_of, base);
	if (field->kinds & 1ull << API_PAGE_OF)
		return wrap(c, sym_at_page, base);
	return wrap(c, sym_at_object, base);
}
