// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tested.c - does a function ask whether a call failed?
 */
#include <stdlib.h>

#include "analysis.h"

enum use {
	USE_NONE,	/* as an address */
	USE_ON,		/* what comes of it is one as well */
	USE_TEST,
};

/* What the instruction makes of its operand number @n. */
static enum use use_of(const struct ctx *c, const struct flow_val *u, unsigned int n)
{
	switch (u->op) {
	case FLOW_COPY: case FLOW_PHI:
		return USE_ON;
	/* Who goes on from it takes it for one; that the sum is not 0 says nothing. */
	case FLOW_ADD: case FLOW_SUB: case FLOW_FIELD: case FLOW_LOAD: case FLOW_MOVE:
		return USE_NONE;
	case FLOW_STORE:
		return n ? USE_TEST : USE_NONE;
	case FLOW_CALL:
		if (callee_of(c, u) || call_does(c, u, 1ull << API_IS_ERR | 1ull << API_IS_ERR_OR_NULL))
			return USE_TEST;
		return call_does(c, u, 1ull << API_RETURNS | 1ull << API_PURE) ? USE_ON : USE_NONE;
	default:
		return USE_TEST;
	}
}

bool is_tested(const struct ctx *c, const struct flow_val *v)
{
	const struct flow_func *f = v->func;
	bool *from = xcalloc(f->nvals, sizeof(*from)), more = true, tested = false;
	unsigned int i, j;

	from[v->id] = true;
	while (more && !tested) {
		more = false;
		for (i = 0; i < f->nvals; i++) {
			const struct flow_val *u = f->vals[i];

			for (j = 0; j < u->nargs; j++) {
				enum use use = from[u->args[j]->id] ? use_of(c, u, j) : USE_NONE;

				tested |= use == USE_TEST;
				more |= use == USE_ON && !from[i];
				from[i] |= use == USE_ON;
			}
		}
	}
	for (i = 0; i < f->nblocks; i++)
		tested |= f->blocks[i]->cond && from[f->blocks[i]->cond->id];
	free(from);
	return tested;
}
