// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fields.c - what a unit puts into the fields of its structs
 *
 * Who maps and who releases are often different functions that only callers out of sight tie together. Where all that a unit ever
 * puts into a field are addresses that one family of calls mapped, what is taken from the field is of that family.
 */
#include "analysis.h"

#define MAX_DEPTH 8

struct held {
	const struct ctx *c;
	const char *field;
	const struct flow_val *map;	/* the first call that maps what is put there */
	enum api_family family;
	bool open;			/* something else is put there, or something that is not known */
};

static const struct flow_val *skip_copies(const struct flow_val *v)
{
	while (v->op == FLOW_COPY)
		v = v->args[0];
	return v;
}

static bool is_field(const struct flow_val *v, const char *field)
{
	v = skip_copies(v);
	return v->op == FLOW_FIELD && v->str == field;
}

static const struct api_effect *map_effect(const struct ctx *c, const struct flow_val *v)
{
	const struct api_fn *f = v->op == FLOW_CALL && v->str ? api_find(c->api, v->str) : NULL;
	unsigned int i;

	for (i = 0; f && i < f->neffects; i++)
		if (f->effects[i].kind <= API_MAPS_OR_ERR && f->effects[i].to.root == API_RET && !f->effects[i].to.deref)
			return &f->effects[i];
	return NULL;
}

static void put(struct held *h, const struct flow_val *v, unsigned int depth)
{
	const struct api_effect *e;
	unsigned int i;

	v = skip_copies(v);
	if (!depth) {
		h->open = true;
		return;
	}
	switch (v->op) {
	case FLOW_CONST:
		return;
	case FLOW_ADD: case FLOW_SUB: case FLOW_FIELD:
		put(h, v->args[0], depth - 1);
		return;
	case FLOW_PHI:
		for (i = 0; i < v->nargs; i++)
			put(h, v->args[i], depth - 1);
		return;
	case FLOW_SELECT:
		put(h, v->args[1], depth - 1);
		put(h, v->args[2], depth - 1);
		return;
	case FLOW_LOAD:
		h->open |= !is_field(v->args[0], h->field);
		return;
	default:
		break;
	}
	e = map_effect(h->c, v);
	if (!e || (h->map && h->family != e->family)) {
		h->open = true;
		return;
	}
	h->map = v;
	h->family = e->family;
}

static void look_at(struct held *h, const struct flow_val *v)
{
	unsigned int i;

	if (v->op == FLOW_STORE && is_field(v->args[0], h->field)) {
		put(h, v->args[1], MAX_DEPTH);
		return;
	}
	/* Who gets the field's address may put anything there. */
	for (i = 0; i < v->nargs; i++)
		if (v->op != FLOW_LOAD && v->op != FLOW_COPY && is_field(v->args[i], h->field))
			h->open = true;
}

const struct flow_val *field_holds(const struct ctx *c, const struct flow_val *value, enum api_family *family)
{
	struct held h = { .c = c };
	const struct flow_val *addr;
	unsigned int i, j;

	value = skip_copies(value);
	if (value->op != FLOW_LOAD)
		return NULL;
	addr = skip_copies(value->args[0]);
	if (addr->op != FLOW_FIELD || !addr->str || addr->str[0] == '.')
		return NULL;
	h.field = addr->str;
	for (i = 0; i < c->unit->nfuncs && !h.open; i++)
		for (j = 0; j < c->unit->funcs[i]->nvals && !h.open; j++)
			look_at(&h, c->unit->funcs[i]->vals[j]);
	*family = h.family;
	return h.open ? NULL : h.map;
}
