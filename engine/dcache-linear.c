// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dcache-linear.c - writes by an address for which nothing was mapped (page_address()), under dcache=strict
 *
 * Most of what is written so is the kernel's own, and nothing says so. What says that user space sees a page is that the unit flushes its
 * like: another one out of the same field, or of the same accessor.
 */
#include <string.h>

#include "dcache.h"

#define MAX_STEPS 16

/* The field or accessor that a value comes out of, through loads, copies and indices; NULL where it is none. */
static const char *source_of(const struct flow_val *v)
{
	unsigned int i;

	for (i = 0; i < MAX_STEPS; i++) {
		switch (v->op) {
		case FLOW_COPY: case FLOW_LOAD: case FLOW_ADD:
			v = v->args[0];
			break;
		case FLOW_FIELD: case FLOW_CALL:
			return v->str;
		default:
			return NULL;
		}
	}
	return NULL;
}

static const struct api_effect *find_effect(const struct ctx *c, const struct flow_val *v, uint64_t kinds)
{
	const struct api_fn *f = v->op == FLOW_CALL && v->str ? api_find(c->api, v->str) : NULL;
	unsigned int i;

	for (i = 0; f && i < f->neffects; i++)
		if (kinds & 1ull << f->effects[i].kind && f->effects[i].object.root == API_ARG &&
		    (unsigned int)f->effects[i].object.arg < v->nargs)
			return &f->effects[i];
	return NULL;
}

void linear_prepare(struct ctx *c, const struct fn *fn)
{
	unsigned int i;

	for (i = 0; c->opt->dcache == KC_DCACHE_STRICT && i < fn->func->nvals; i++) {
		const struct flow_val *v = fn->func->vals[i];
		const struct api_effect *e = find_effect(c, v, 1ull << API_FLUSHES | 1ull << API_FLUSHES_PAGE);
		const char *source = e ? source_of(v->args[e->object.arg]) : NULL;

		if (source && c->nflushed < ARRAY_SIZE(c->flushed))
			c->flushed[c->nflushed++] = source;
	}
}

bool linear_is_told(const struct ctx *c, const struct flow_val *call)
{
	const struct api_effect *e = find_effect(c, call, 1ull << API_ADDRESS_OF);
	const char *source = e ? source_of(call->args[e->object.arg]) : NULL;
	unsigned int i;

	for (i = 0; source && i < c->nflushed; i++)
		if (c->flushed[i] == source)
			return true;
	return false;
}
