// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dcache-prepare.c - what the data-cache rule wants to know of a unit before it is simulated
 *
 * Which parameters may get an address inside a mapping: writes through them are writes of the caller's object, all others are of no
 * interest. And which loops flush one page of a folio after the other: such a loop flushes the folio.
 */
#include <stdlib.h>

#include "dcache.h"

/**
 * struct taint - values that may be addresses inside a mapping
 * @vals: by function and value
 * @fields: names of fields that such a value is stored to
 */
struct taint {
	struct ctx *c;
	bool **vals;
	const char **fields;
	unsigned int nfields, cfields;
	bool changed;
};

static void mark(struct taint *t, const struct flow_val *v)
{
	bool *flag = &t->vals[fn_of(v->func) - t->c->fns][v->id];

	t->changed |= !*flag;
	*flag = true;
}

static bool is_marked(const struct taint *t, const struct flow_val *v)
{
	return t->vals[fn_of(v->func) - t->c->fns][v->id];
}

static bool has_field(const struct taint *t, const char *name)
{
	unsigned int i;

	for (i = 0; i < t->nfields; i++)
		if (t->fields[i] == name)
			return true;
	return false;
}

static void mark_field(struct taint *t, const char *name)
{
	name = flow_intern(t->c->unit, name);
	if (has_field(t, name))
		return;
	GROW(t->fields, t->nfields, t->cfields);
	t->fields[t->nfields++] = name;
	t->changed = true;
}

static void taint_model(struct taint *t, const struct flow_val *v, const struct api_fn *f)
{
	unsigned int i;

	for (i = 0; i < f->neffects; i++) {
		const struct api_effect *e = &f->effects[i];

		if (e->kind <= API_MAPS_OR_ERR && e->to.root == API_RET && !e->to.deref)
			mark(t, v);
		else if (e->kind <= API_MAPS_OR_ERR && e->to.field)
			mark_field(t, e->to.field);
		else if ((e->kind == API_RETURNS || e->kind == API_RETURNS_INSIDE) &&
			 (unsigned int)e->object.arg < v->nargs && is_marked(t, v->args[e->object.arg]))
			mark(t, v);
	}
}

static struct fn *body_of(const struct ctx *c, const struct flow_val *call)
{
	struct flow_func *f = call->str ? flow_find_func(c->unit, call->str) : NULL;

	return f && f->nblocks ? fn_of(f) : NULL;
}

static void taint_call(struct taint *t, const struct flow_val *v)
{
	const struct api_fn *f = v->str ? api_find(t->c->api, v->str) : NULL;
	struct fn *callee = f ? NULL : body_of(t->c, v);
	unsigned int i;

	if (f)
		taint_model(t, v, f);
	if (!callee)
		return;
	for (i = 0; i < v->nargs && i < callee->func->nparams && i < 64; i++) {
		if (!is_marked(t, v->args[i]))
			continue;
		mark(t, callee->func->params[i]);
		callee->mapped |= 1ull << i;
	}
	for (i = 0; i < callee->func->nblocks; i++) {
		const struct flow_block *b = callee->func->blocks[i];

		if (b->term == FLOW_RET && b->cond && is_marked(t, b->cond))
			mark(t, v);
	}
}

/* The name that memory at this address goes by; NULL where it has none. */
static const char *field_of(const struct flow_val *addr)
{
	return addr->op == FLOW_FIELD ? addr->str : NULL;
}

static void taint_val(struct taint *t, const struct flow_val *v)
{
	const char *field;
	unsigned int i;

	switch (v->op) {
	case FLOW_CALL:
		taint_call(t, v);
		break;
	case FLOW_LOAD:
		field = field_of(v->args[0]);
		if (((v->args[0]->op == FLOW_LOCAL || v->args[0]->op == FLOW_PARAM) && is_marked(t, v->args[0])) ||
		    (field && has_field(t, field))) {
			mark(t, v);
			fn_of(v->func)->loads_mapped |= v->args[0]->op != FLOW_LOCAL;
		}
		break;
	case FLOW_STORE:
		field = field_of(v->args[0]);
		if (!is_marked(t, v->args[1]))
			break;
		if (v->args[0]->op == FLOW_LOCAL)
			mark(t, v->args[0]);
		else if (field)
			mark_field(t, field);
		break;
	case FLOW_COPY: case FLOW_ADD: case FLOW_SUB: case FLOW_FIELD: case FLOW_AND: case FLOW_PHI: case FLOW_SELECT:
		for (i = 0; i < v->nargs; i++)
			if (is_marked(t, v->args[i]) && v->args[i]->op != FLOW_LOCAL)
				mark(t, v);
		break;
	default:
		break;
	}
}

static void taint_all(struct taint *t)
{
	unsigned int i, j, k;

	for (i = 0; i < t->c->nfns; i++) {
		const struct flow_func *f = t->c->fns[i].func;

		for (j = 0; j < f->nblocks; j++)
			for (k = 0; k < f->blocks[j]->nvals; k++)
				taint_val(t, f->blocks[j]->vals[k]);
	}
}

/* Does the value change from turn to turn by a step of its own? The part that does not is in @base. */
static bool counts(const struct fn *fn, const struct flow_val *v, const struct flow_block *header,
		   const struct flow_val **base, unsigned int depth)
{
	const struct flow_val *x;
	unsigned int i;

	*base = v;
	if (!v->block || !dom_in_loop(fn->dom, v->block->id, header->id) || depth > 8)
		return false;
	switch (v->op) {
	case FLOW_PHI:
		for (i = 0; i < v->nargs; i++)
			if (!dom_in_loop(fn->dom, v->preds[i]->id, header->id))
				*base = v->args[i];
		return v->block == header && fn->step[v->id];
	case FLOW_COPY: case FLOW_FIELD:
		return counts(fn, v->args[0], header, base, depth + 1);
	case FLOW_MUL: case FLOW_PURE:
		for (i = 0; i < v->nargs; i++)
			if (counts(fn, v->args[i], header, &x, depth + 1))
				return true;
		return false;
	case FLOW_ADD:
		for (i = 0; i < 2; i++) {
			if (!counts(fn, v->args[i], header, &x, depth + 1))
				continue;
			counts(fn, v->args[1 - i], header, base, depth + 1);
			/* A pointer that counts upwards by itself: the other operand is no pointer. */
			if ((*base)->op == FLOW_CONST)
				*base = x;
			return true;
		}
		return false;
	default:
		return false;
	}
}

static const struct flow_val *counted_page(const struct ctx *c, const struct fn *fn, const struct flow_val *v,
					   const struct flow_block *header)
{
	const struct api_fn *f = v->op == FLOW_CALL && v->str ? api_find(c->api, v->str) : NULL;
	const struct flow_val *base, *x;
	unsigned int i, j;

	for (i = 0; f && i < f->neffects; i++) {
		int arg = f->effects[i].object.arg;

		if (f->effects[i].kind != API_PAGE_OF || (unsigned int)arg >= v->nargs)
			continue;
		counts(fn, v->args[arg], header, &base, 0);
		for (j = 0; j < v->nargs; j++)
			if ((int)j != arg && counts(fn, v->args[j], header, &x, 0))
				return base;
		return NULL;
	}
	return counts(fn, v, header, &base, 0) ? base : NULL;
}

static void find_flush_loop(struct ctx *c, struct fn *fn, const struct flow_val *v, unsigned int arg)
{
	const struct dom *dom = fn->dom;
	struct flush_loop *l;
	unsigned int h;

	h = dom->is_header[v->block->id] ? v->block->id : dom->header[v->block->id];
	for (; h != DOM_NONE; h = dom->header[h]) {
		const struct flow_val *base = counted_page(c, fn, v->args[arg], fn->func->blocks[h]);

		if (!base || (base->block && dom_in_loop(dom, base->block->id, h)))
			continue;
		l = arena_alloc(c->scratch, sizeof(*l));
		*l = (struct flush_loop){ fn->func->blocks[h], v, base, fn->flush_loops };
		fn->flush_loops = l;
	}
}

static void find_flush_loops(struct ctx *c, struct fn *fn)
{
	unsigned int i, j;

	for (i = 0; i < fn->func->nvals; i++) {
		const struct flow_val *v = fn->func->vals[i];
		const struct api_fn *f = v->op == FLOW_CALL && v->str && v->block ? api_find(c->api, v->str) : NULL;

		for (j = 0; f && j < f->neffects; j++) {
			const struct api_place *p = &f->effects[j].object;

			if (f->effects[j].kind == API_FLUSHES_PAGE && p->root == API_ARG && !p->deref &&
			    (unsigned int)p->arg < v->nargs)
				find_flush_loop(c, fn, v, (unsigned int)p->arg);
		}
	}
}

/* Does it map anything, write an object by a helper, or get one whose reading matters? */
static bool writes_itself(const struct ctx *c, const struct fn *fn)
{
	unsigned int i, j;

	for (i = 0; i < fn->func->nvals; i++) {
		const struct flow_val *v = fn->func->vals[i];
		const struct api_fn *f = v->op == FLOW_CALL && v->str ? api_find(c->api, v->str) : NULL;

		for (j = 0; f && j < f->neffects; j++)
			if (f->effects[j].kind <= API_MAPS_OR_ERR || f->effects[j].kind == API_WRITES_OBJECT ||
			    f->effects[j].kind == API_ADDRESS_OF ||
			    (f->effects[j].kind == API_SHARED && c->opt->dcache == KC_DCACHE_STRICT))
				return true;
	}
	return false;
}

/* Pass "may write" on to callers, and "matters" to callees; true if anything changed. */
static bool spread(struct ctx *c)
{
	bool changed = false;
	unsigned int i, j;

	for (i = 0; i < c->nfns; i++) {
		struct fn *fn = &c->fns[i];

		for (j = 0; j < fn->func->nvals; j++) {
			const struct flow_val *v = fn->func->vals[j];
			struct fn *callee = v->op == FLOW_CALL && v->str && !api_find(c->api, v->str) ? body_of(c, v) : NULL;

			if (!callee)
				continue;
			if (callee->dirties && !fn->dirties)
				changed = fn->dirties = fn->relevant = true;
			if (fn->relevant && !callee->relevant)
				changed = callee->relevant = true;
		}
	}
	return changed;
}

void dcache_prepare(struct ctx *c)
{
	struct taint t = { .c = c };
	unsigned int i, rounds = 0;

	if (c->opt->dcache == KC_DCACHE_OFF)
		return;
	t.vals = arena_alloc(c->scratch, (c->nfns + 1) * sizeof(*t.vals));
	for (i = 0; i < c->nfns; i++) {
		t.vals[i] = arena_alloc(c->scratch, c->fns[i].func->nvals + 1);
		find_flush_loops(c, &c->fns[i]);
		read_prepare(c, &c->fns[i]);
		linear_prepare(c, &c->fns[i]);
		c->fns[i].dirties = c->fns[i].relevant = writes_itself(c, &c->fns[i]);
	}
	roles_find(c);
	do {
		t.changed = false;
		taint_all(&t);
	} while (t.changed && ++rounds < 32);
	free(t.fields);
	while (spread(c))
		;
}

static bool publishes(const struct api *api, const struct flow_val *v)
{
	const struct api_fn *f = (v->op == FLOW_CALL || v->op == FLOW_GLOBAL) && v->str ? api_find(api, v->str) : NULL;
	unsigned int i;

	for (i = 0; f && i < f->neffects; i++)
		if (f->effects[i].kind == API_PUBLISHES || f->effects[i].kind == API_UNLOCKS)
			return true;
	return false;
}

bool dcache_publishes(const struct api *api, const struct flow_unit *u)
{
	unsigned int i, j;

	for (i = 0; i < u->nfuncs; i++)
		for (j = 0; j < u->funcs[i]->nvals; j++)
			if (publishes(api, u->funcs[i]->vals[j]))
				return true;
	return false;
}
