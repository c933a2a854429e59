// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * anyway.c - what goes wrong whichever conditions hold together
 *
 * Where the outcomes of a callee were merged, it is not known which conditions go together on a path behind the call, so that nothing
 * is told of it. But whether a mapping is released, or released again, depends on no condition where no branch in between decides it.
 */
#include <stdlib.h>

#include "analysis.h"

/* Does every path from the one instruction of the function to its end come to the other? */
static bool leads_to_always(const struct fn *fn, const struct flow_val *from, const struct flow_val *to)
{
	const struct flow_block *b = from->block;
	unsigned int i;

	if (!b || !to->block || from->func != fn->func || to->func != fn->func)
		return false;
	if (b != to->block)
		return dom_postdominates(fn->dom, to->block->id, b->id);
	for (i = 0; b->vals[i] != from; i++)
		if (b->vals[i] == to)
			return false;
	return from != to;
}

bool comes_anyway(const struct ctx *c, const struct mapping *m, const struct flow_val *at)
{
	return m->gone && leads_to_always(c->fn, m->gone, at);
}

/* May the call release a mapping that it does not make itself? What is out of sight never does. */
static bool may_release(const struct ctx *c, const struct flow_val *v, enum api_family family)
{
	const struct api_fn *f = v->op == FLOW_CALL && v->str ? api_find(c->api, v->str) : NULL;
	const struct fn *callee = v->op == FLOW_CALL ? direct_callee(c, v) : NULL;
	unsigned int i, j;

	for (i = 0; f && i < f->neffects; i++)
		if ((f->effects[i].kind == API_UNMAPS || f->effects[i].kind == API_UNMAPS_LIVE) && right_family(family, f->effects[i].family))
			return true;
	if (!callee || callee->waits)
		return false;
	if (!callee->summarised || callee->bounded || callee->recursive || callee->releases_some)
		return true;
	for (i = 0; i < callee->noutcomes; i++)
		for (j = 0; j < callee->outcomes[i].state->nmaps; j++)
			if (callee->outcomes[i].state->maps[j].foreign)
				return true;
	return false;
}

static bool block_may_release(const struct ctx *c, const struct flow_block *b, unsigned int first, enum api_family family)
{
	unsigned int i;

	for (i = first; i < b->nvals; i++)
		if (may_release(c, b->vals[i], family))
			return true;
	return false;
}

/* Behind the call that maps it, is there nothing in the function that may release it? */
bool is_left_anyway(const struct ctx *c, const struct mapping *m)
{
	const struct flow_func *f = c->fn->func;
	const struct flow_block *b = m->via->block;
	const struct flow_block **todo;
	bool *seen, found;
	unsigned int n = 0, i;

	if (!b || m->via->func != f)
		return false;
	seen = xcalloc(f->nblocks, sizeof(*seen));
	todo = xmalloc((f->nblocks + 1) * sizeof(*todo));
	for (i = 0; b->vals[i] != m->via; i++)
		;
	found = block_may_release(c, b, i + 1, m->family);
	todo[n++] = b;
	while (n && !found) {
		b = todo[--n];
		for (i = 0; i < b->nedges && !found; i++) {
			const struct flow_block *to = b->edges[i].to;

			if (seen[to->id])
				continue;
			seen[to->id] = true;
			todo[n++] = to;
			found = block_may_release(c, to, 0, m->family);
		}
	}
	free(seen);
	free(todo);
	return !found;
}
