// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fields.c - which families of calls mapped what a variable, a field or an array holds, by all that the unit puts there
 *
 * Who maps and who releases are often different functions that only callers out of sight tie together, or the way from the one to the other is
 * not followed. Where all that a unit ever puts there are addresses that some families of calls mapped, what is taken from there is of one of them,
 * on whichever path.
 */
#include "analysis.h"

#define MAX_SOURCES 64		/* values that are looked at, of one question */
#define MAX_HOLDERS 8
#define MAX_CHAIN 16		/* steps from an address to what it begins at */

/**
 * struct holder - memory, by what all addresses of it have in common
 * @field: "tag.field": that field of all such structs; NULL where it is none
 * @root: else the variable, parameter or result that the address begins at
 * @led: it is not that, but what the pointer in it leads to
 */
struct holder {
	const char *field;
	const struct flow_val *root;
	bool led;
};

struct held {
	const struct ctx *c;
	const struct flow_val *map[API_UNORDERED + 1];	/* by family: the first call that maps what is put there */
	bool open;			/* something else is put there, or something that is not known */
	const struct flow_val *values[MAX_SOURCES];
	struct holder holders[MAX_HOLDERS];
	unsigned int nvalues, nholders;
};

static const struct flow_val *skip_copies(const struct flow_val *v)
{
	while (v->op == FLOW_COPY)
		v = v->args[0];
	return v;
}

/* What the address begins at: a field that has a name, or what no offset leads to. */
static const struct flow_val *start_of(const struct flow_val *v)
{
	unsigned int i;

	for (i = 0; i < MAX_CHAIN; i++) {
		if (v->op == FLOW_FIELD && v->str && v->str[0] != '.')
			return v;
		if (v->op != FLOW_COPY && v->op != FLOW_ADD && v->op != FLOW_FIELD)
			return v;
		v = v->args[0];
	}
	return v;
}

/* Where an address leads to; false where that has no name. */
static bool holder_of(const struct flow_val *addr, struct holder *h)
{
	const struct flow_val *v = start_of(addr);

	*h = (struct holder){ .led = v->op == FLOW_LOAD };
	if (h->led)
		v = start_of(v->args[0]);
	if (v->op == FLOW_FIELD)
		h->field = v->str;
	else if (v->op == FLOW_LOCAL || v->op == FLOW_GLOBAL || v->op == FLOW_PARAM || v->op == FLOW_CALL)
		h->root = v;
	return h->field || h->root;
}

static bool same_holder(const struct holder *a, const struct holder *b)
{
	if (a->led != b->led || a->field != b->field)
		return false;
	return a->root == b->root ||
	       (a->root && b->root && a->root->op == FLOW_GLOBAL && b->root->op == FLOW_GLOBAL && a->root->str == b->root->str);
}

static bool leads_to_holder(const struct flow_val *addr, const struct holder *h)
{
	struct holder x;

	return holder_of(addr, &x) && same_holder(&x, h);
}

static const struct api_effect *map_effect(const struct ctx *c, const struct flow_val *v)
{
	const struct api_fn *f = v->op == FLOW_CALL && v->str ? api_find(c->api, v->str) : NULL;
	unsigned int i;

	for (i = 0; f && i < f->neffects; i++)
		if (f->effects[i].kind <= API_MAPS_OR_ERR)
			return &f->effects[i];
	return NULL;
}

/* One more value that is put there. */
static void put(struct held *h, const struct flow_val *v)
{
	unsigned int i;

	for (i = 0; i < h->nvalues && h->values[i] != v; i++)
		;
	if (i < h->nvalues)
		return;
	if (i == MAX_SOURCES)
		h->open = true;
	else
		h->values[h->nvalues++] = v;
}

/* What another holder holds is put there. */
static void put_holder(struct held *h, const struct flow_val *addr)
{
	struct holder x;
	unsigned int i;

	if (!holder_of(addr, &x) || h->nholders == MAX_HOLDERS) {
		h->open = true;
		return;
	}
	for (i = 0; i < h->nholders; i++)
		if (same_holder(&h->holders[i], &x))
			return;
	h->holders[h->nholders++] = x;
}

/* All that callers give for a parameter. */
static void put_given(struct held *h, const struct flow_val *param)
{
	const struct flow_unit *u = h->c->unit;
	unsigned int i, j;

	if (!fn_of(param->func)->closed) {
		h->open = true;
		return;
	}
	for (i = 0; i < u->nfuncs; i++)
		for (j = 0; j < u->funcs[i]->nvals; j++) {
			const struct flow_val *v = u->funcs[i]->vals[j];
			struct fn *callee = v->op == FLOW_CALL ? direct_callee(h->c, v) : NULL;

			if (!callee || callee->func != param->func)
				continue;
			if ((uint64_t)param->imm < v->nargs)
				put(h, v->args[param->imm]);
			else
				h->open = true;
		}
}

static void put_result(struct held *h, const struct flow_val *call)
{
	const struct api_effect *e = map_effect(h->c, call);
	const struct fn *callee = direct_callee(h->c, call);
	unsigned int i;

	if (e && e->to.root == API_RET && !e->to.deref) {
		if (!h->map[e->family])
			h->map[e->family] = call;
	} else if (callee) {
		for (i = 0; i < callee->func->nblocks; i++)
			if (callee->func->blocks[i]->term == FLOW_RET && callee->func->blocks[i]->cond)
				put(h, callee->func->blocks[i]->cond);
	} else {
		h->open = true;
	}
}

static void look_at_value(struct held *h, const struct flow_val *v)
{
	unsigned int i;

	switch (v->op) {
	case FLOW_CONST: case FLOW_UNDEF:
		return;
	case FLOW_COPY: case FLOW_ADD: case FLOW_SUB: case FLOW_AND: case FLOW_FIELD:
		put(h, v->args[0]);
		return;
	case FLOW_PHI: case FLOW_SELECT:
		for (i = v->op == FLOW_SELECT; i < v->nargs; i++)
			put(h, v->args[i]);
		return;
	case FLOW_LOAD:
		put_holder(h, v->args[0]);
		return;
	case FLOW_PARAM:
		put_given(h, v);
		return;
	case FLOW_CALL:
		put_result(h, v);
		return;
	default:
		h->open = true;
	}
}

/* Who gets the holder's address may put anything there. */
static bool gives_away(const struct flow_val *v, const struct holder *x)
{
	unsigned int i;

	if (v->op == FLOW_LOAD || v->op == FLOW_COPY || v->op == FLOW_ADD || v->op == FLOW_FIELD)
		return false;
	for (i = v->op == FLOW_STORE; i < v->nargs; i++)
		if (start_of(v->args[i])->op != FLOW_LOAD && leads_to_holder(v->args[i], x))
			return true;
	return false;
}

static void look_at_func(struct held *h, const struct flow_func *f, const struct holder *x, bool *any)
{
	unsigned int i;

	for (i = 0; i < f->nvals; i++) {
		const struct flow_val *v = f->vals[i];

		if (v->op == FLOW_STORE && leads_to_holder(v->args[0], x)) {
			*any |= skip_copies(v->args[1])->op != FLOW_CONST;
			put(h, v->args[1]);
		} else if (gives_away(v, x)) {
			h->open = true;
		}
	}
}

/* What functions out of sight put there is not seen of an array that a pointer leads to, nor of what a parameter leads to. */
static void look_at_holder(struct held *h, const struct holder *x)
{
	const struct flow_unit *u = h->c->unit;
	bool any = false;
	unsigned int i;

	h->open |= x->led || (x->root && x->root->op != FLOW_LOCAL);
	if (x->root && x->root->op != FLOW_GLOBAL)
		look_at_func(h, x->root->func, x, &any);
	else
		for (i = 0; i < u->nfuncs; i++)
			look_at_func(h, u->funcs[i], x, &any);
	h->open |= !any;
}

static void look_at_all(struct held *h)
{
	unsigned int v = 0, x = 0;

	while (v < h->nvalues || x < h->nholders) {
		if (v < h->nvalues)
			look_at_value(h, h->values[v++]);
		else
			look_at_holder(h, &h->holders[x++]);
	}
}

/* Does any call of the unit map so that the family may release it? */
static bool unit_maps(const struct ctx *c, enum api_family family)
{
	const struct flow_unit *u = c->unit;
	const struct api_effect *e;
	unsigned int i, j;

	for (i = 0; i < u->nfuncs; i++)
		for (j = 0; j < u->funcs[i]->nvals; j++) {
			e = map_effect(c, u->funcs[i]->vals[j]);
			if (e && right_family(e->family, family))
				return true;
		}
	return false;
}

/**
 * held_by_another() - is what @value was taken from filled by calls that map, but by none of @family?
 *
 * Where something that is not known is put there as well, nothing in the unit may map by that family either.
 *
 * Return: such a call, or NULL
 */
const struct flow_val *held_by_another(const struct ctx *c, const struct flow_val *value, enum api_family family)
{
	struct held h = { .c = c };
	const struct flow_val *map = NULL;
	unsigned int i;

	put(&h, value);
	look_at_all(&h);
	for (i = 0; i <= API_UNORDERED; i++) {
		if (h.map[i] && right_family((enum api_family)i, family))
			return NULL;
		if (!map)
			map = h.map[i];
	}
	return map && h.open && unit_maps(c, family) ? NULL : map;
}
