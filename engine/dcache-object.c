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

/* Does the condition of an effect hold, whatever the path? */
static bool always_holds(const struct api_effect *e, const struct flow_val *call)
{
	const struct flow_val *x = e->if_arg >= 0 && (unsigned int)e->if_arg < call->nargs ? call->args[e->if_arg] : NULL;

	if (e->if_arg < 0)
		return true;
	return x && x->op == FLOW_CONST && !(e->if_bits ? x->imm & e->if_bits : x->imm) == e->if_not;
}

/* What says that user space never sees the result of the call. Of what is new only its later use can tell. */
static const struct api_effect *exempting_effect(const struct api_fn *f, const struct flow_val *call)
{
	unsigned int i;

	for (i = 0; f && i < f->neffects; i++) {
		const struct api_effect *e = &f->effects[i];

		if (e->kind == API_FRESH)
			return NULL;
		if ((e->kind == API_PRIVATE || e->kind == API_METADATA || e->kind == API_DIRECTORY) &&
		    e->object.root == API_RET && !e->object.deref && always_holds(e, call))
			return e;
	}
	return NULL;
}

/* Did the call that gave it say that user space never sees it? A callee's symbol stands inside. */
static bool given_exempt(const struct ctx *c, const struct sym *s)
{
	for (; s; s = s->inner) {
		if (s->kind == SYM_VAL && s->val->op == FLOW_CALL && s->val->str &&
		    exempting_effect(api_find(c->api, s->val->str), s->val))
			return true;
		if ((s->kind == SYM_VAL || s->kind == SYM_PARAM) && role_exempts(s->val))
			return true;
	}
	return false;
}

bool given_locked(const struct ctx *c, const struct sym *s)
{
	const struct api_fn *f;
	unsigned int i;

	for (; s; s = s->inner) {
		f = s->kind == SYM_VAL && s->val->op == FLOW_CALL && s->val->str ? api_find(c->api, s->val->str) : NULL;
		for (i = 0; f && i < f->neffects; i++)
			if (f->effects[i].kind == API_LOCKS && f->effects[i].object.root == API_RET &&
			    always_holds(&f->effects[i], s->val))
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

/* The array of all pages, of which a variable holds the address: an index in it makes another page, not one of the same folio. */
static bool is_of_all_pages(const struct sym *root)
{
	return root->kind == SYM_INIT && root->args[0]->kind == SYM_GLOBAL;
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
		if (root == s || is_of_all_pages(root))
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
		p->map = m->site->val;
		return true;
	}
	if (is_wrapper(root, sym_address_of)) {
		*p = place_of(c, root->args[0]);
		p->linear = root->nargs < 2;
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

/* Has the address an index in it? Then what lies there is an element of an array. */
static bool is_indexed(const struct sym *addr)
{
	return addr->kind == SYM_AND || (addr->kind == SYM_SUM && addr->nargs > 1);
}

/* @a and @b as addresses: the same one, or of elements of one array. */
static bool is_one_array(struct sym *a, struct sym *b)
{
	struct sym *x = sym_root(a), *y = sym_root(b);

	if (!is_indexed(a) && !is_indexed(b) && (a->kind == SYM_SUM ? a->num : 0) != (b->kind == SYM_SUM ? b->num : 0))
		return false;
	return is_of_one_source(x, y);
}

/*
 * Do both come from one place: what one instruction gave in several turns of a loop, elements of one array, or one
 * field, before and after a call that may have changed it?
 */
bool is_of_one_source(const struct sym *a, const struct sym *b)
{
	if (a == b)
		return true;
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case SYM_VAL:
		return a->val == b->val && !a->inner == !b->inner && (!a->inner || is_of_one_source(a->inner, b->inner));
	case SYM_INIT:
		return is_one_array(a->args[0], b->args[0]);
	default:
		return false;
	}
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

bool is_for_kernel(const struct ctx *c, const struct sym *s)
{
	const struct flow_val *call;
	const struct api_fn *f;
	unsigned int i;

	if (!is_fresh(c, s))
		return false;
	while (s->inner)
		s = s->inner;
	call = s->val;
	f = api_find(c->api, call->str);
	for (i = 0; i < f->neffects; i++) {
		if (f->effects[i].kind == API_PRIVATE && always_holds(&f->effects[i], call))
			return true;
	}
	return false;
}

/* Is it always the same element that is read here, whatever the turn of a loop? */
static bool is_fixed(const struct flow_val *v)
{
	for (;; v = v->args[0]) {
		switch (v->op) {
		case FLOW_ADD:
			if (v->args[1]->op != FLOW_CONST)
				return false;
			break;
		case FLOW_LOAD:
		case FLOW_COPY:
		case FLOW_FIELD:
			break;
		default:
			return v->op == FLOW_PARAM || v->op == FLOW_GLOBAL || v->op == FLOW_LOCAL;
		}
	}
}

/* p[0] is flushed by that name, and p[i] was written: by the names that the source gives them they are two. */
static bool is_other_element(const struct ctx *c, const struct flow_val *via, const struct sym *written,
			     const struct sym *flushed)
{
	return is_indexed(written) && !is_indexed(flushed) && !((written->has | flushed->has) & SYM_HAS_VAGUE) &&
	       via->nargs && !callee_of(c, via) && is_fixed(via->args[0]);
}

bool may_be_same(const struct ctx *c, const struct flow_val *via, const struct sym *a, const struct sym *b)
{
	int64_t n;

	if (a == b)
		return true;
	if (is_fresh(c, a) || is_fresh(c, b))
		return false;
	/* By the names that the source gives them they are two. */
	if (a->kind == SYM_PARAM && b->kind == SYM_PARAM)
		return false;
	if (a->kind == SYM_VAL && b->kind == SYM_VAL && a->val == b->val && a->inner == b->inner)
		return (a->has | b->has) & SYM_HAS_VAGUE;
	if (a->kind != SYM_INIT || b->kind != SYM_INIT || sym_root(a->args[0]) != sym_root(b->args[0]))
		return true;
	/* Fields of one struct, or elements of one array: two where so many bytes lie between them. */
	if (sym_distance(a->args[0], b->args[0], &n))
		return !n;
	return !is_other_element(c, via, a->args[0], b->args[0]);
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
