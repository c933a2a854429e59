// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * defer.c - functions that nothing can come of are analysed only where a caller wants to know how they end
 *
 * A front end translates what reaches a call of the model. Most of these functions call others whose mappings begin and end in
 * them, or that only decide branches: there is no site in such a function, nothing is mapped or written when it is left,
 * and it was given nothing that is. How it ends matters only to a function of which something can come.
 */
#include "dcache.h"

static bool matters(const struct ctx *c, const struct api_fn *f)
{
	unsigned int i;

	for (i = 0; i < f->neffects; i++) {
		switch (f->effects[i].kind) {
		case API_MAPS: case API_MAPS_OR_NULL: case API_MAPS_OR_ERR: case API_UNMAPS: case API_UNMAPS_LIVE:
		case API_WRITES_OBJECT: case API_FLUSHES: case API_FLUSHES_PAGE: case API_ADDRESS_OF:
			return true;
		case API_SHARED:
			if (c->opt->dcache == KC_DCACHE_STRICT)
				return true;
			break;
		default:
			break;
		}
	}
	return false;
}

/* Does it map, release, write or flush itself, or may it get hold of what is mapped? */
static bool does_something(const struct ctx *c, const struct fn *fn)
{
	const struct api_field *field;
	const struct api_fn *f;
	unsigned int i;

	if (fn->mapped || fn->loads_mapped)
		return true;
	for (i = 0; i < fn->func->nvals; i++) {
		const struct flow_val *v = fn->func->vals[i];

		f = v->op == FLOW_CALL && v->str ? api_find(c->api, v->str) : NULL;
		field = v->op == FLOW_FIELD && v->str ? api_find_field(c->api, v->str) : NULL;
		if ((f && matters(c, f)) || (field && (field->kinds & 1ull << API_ADDRESS_OF)))
			return true;
	}
	return false;
}

/* Does it leave anything mapped, released or unflushed to its callers, other than what they gave it the address of? */
static bool leaves_something(const struct fn *fn)
{
	unsigned int i, j;

	for (i = 0; i < fn->noutcomes; i++) {
		const struct state *s = fn->outcomes[i].state;

		if (s->nmaps)
			return true;
		for (j = 0; j < s->ndirty; j++)
			if (s->dirty[j].dirt != DIRT_CLEAN && !is_pointee(s->dirty[j].object))
				return true;
	}
	return false;
}

bool fn_can_wait(const struct ctx *c, const struct fn *fn)
{
	unsigned int i;

	if (fn->recursive || does_something(c, fn))
		return false;
	for (i = 0; i < fn->func->nvals; i++) {
		const struct flow_val *v = fn->func->vals[i];
		const struct fn *callee = v->op == FLOW_CALL ? direct_callee(c, v) : NULL;

		if (callee && !callee->waits && (!callee->summarised || leaves_something(callee)))
			return false;
	}
	return true;
}

bool fn_hands_through(const struct ctx *c, const struct fn *fn)
{
	bool any = false;
	unsigned int i;

	for (i = 0; i < fn->func->nvals; i++) {
		const struct flow_val *v = fn->func->vals[i];
		const struct api_fn *f = v->op == FLOW_CALL && v->str ? api_find(c->api, v->str) : NULL;
		const struct fn *callee = v->op == FLOW_CALL ? callee_of(c, v) : NULL;

		if (f && matters(c, f))
			return false;
		any |= callee && fn_passes_on(callee);
	}
	return any;
}

struct fn *fn_next_wanted(const struct ctx *c, const struct fn *fn)
{
	unsigned int i;

	for (i = 0; i < fn->func->nvals; i++) {
		const struct flow_val *v = fn->func->vals[i];
		struct fn *callee = v->op == FLOW_CALL ? direct_callee(c, v) : NULL;

		if (callee && callee->waits)
			return callee;
	}
	return NULL;
}
