// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * story-branch.c - which branches of a path belong to its story
 *
 * A branch whose arms meet again without having mapped or released anything decides nothing, unless a value that differs by it does
 * so later: a control dependence of the events that are told, found backwards from the end (a slice of the path).
 */
#include <stdlib.h>

#include "analysis.h"

struct slice {
	struct ctx *c;
	const struct violation *v;
	bool *needed;			/* by value: a phi of the function at hand that a branch depends on */
	bool *seen;			/* by block */
};

static bool is_event(const struct ctx *c, const struct flow_val *v)
{
	const struct api_fn *f;
	const struct fn *callee;
	unsigned int i;

	if (v->op != FLOW_CALL)
		return false;
	f = v->str ? api_find(c->api, v->str) : NULL;
	for (i = 0; f && i < f->neffects; i++)
		if (f->effects[i].kind <= API_UNMAPS_LIVE)
			return true;
	callee = f ? NULL : callee_of(c, v);
	return callee && fn_passes_on(callee);
}

static bool has_event(const struct slice *s, const struct flow_block *b)
{
	unsigned int i;

	if (b->term == FLOW_RET || b == s->v->block)
		return true;
	for (i = 0; i < b->nvals; i++)
		if (b->vals[i] == s->v->at || is_event(s->c, b->vals[i]))
			return true;
	return false;
}

/* Is there an event between the branch and the block where its arms meet? */
static bool region_has_event(struct slice *s, const struct flow_block *b, unsigned int end)
{
	const struct flow_func *f = b->func;
	const struct flow_block **stack = xmalloc((f->nblocks + 1) * sizeof(*stack));
	unsigned int n = 0, i;
	bool found = false;

	for (i = 0; i < f->nblocks; i++)
		s->seen[i] = false;
	s->seen[b->id] = true;
	stack[n++] = b;
	while (n && !found) {
		const struct flow_block *x = stack[--n];

		found = x != b && has_event(s, x);
		for (i = 0; i < x->nedges; i++) {
			const struct flow_block *to = x->edges[i].to;

			if (to->id == end || s->seen[to->id])
				continue;
			s->seen[to->id] = true;
			stack[n++] = to;
		}
	}
	free(stack);
	return found;
}

static bool merges_needed(const struct slice *s, const struct flow_block *b)
{
	unsigned int i;

	for (i = 0; i < b->nvals && b->vals[i]->op == FLOW_PHI; i++)
		if (s->needed[b->vals[i]->id])
			return true;
	return false;
}

static void need(struct slice *s, const struct flow_val *v)
{
	unsigned int i;

	if (!v || s->needed[v->id])
		return;
	s->needed[v->id] = true;
	for (i = 0; i < v->nargs; i++)
		need(s, v->args[i]);
}

static bool matters(struct slice *s, const struct flow_block *b)
{
	const struct dom *dom = fn_of(b->func)->dom;
	unsigned int end = dom->pidom[b->id];

	if (end == DOM_NONE || end >= dom->n)
		return true;
	return merges_needed(s, b->func->blocks[end]) || region_has_event(s, b, end);
}

/**
 * story_branches() - mark the branches of a path that its story needs
 * @path: the path, oldest first, of @n steps
 * @keep: by step; set for the branches that matter
 */
void story_branches(struct ctx *c, const struct violation *v, const struct trace *const *path, unsigned int n, bool *keep)
{
	struct slice s = { .c = c, .v = v };
	const struct flow_func *f = NULL;
	unsigned int i;

	for (i = 0; i < n && !f; i++)
		f = path[i]->kind == TRACE_EDGE ? path[i]->block->func : NULL;
	if (!f)
		return;
	s.needed = xcalloc(f->nvals + 1, sizeof(*s.needed));
	s.seen = xcalloc(f->nblocks + 1, sizeof(*s.seen));
	for (i = 0; v->at && v->at->func == f && i < v->at->nargs; i++)
		need(&s, v->at->args[i]);
	for (i = n; i-- > 0;) {
		keep[i] = path[i]->kind == TRACE_EDGE && path[i]->block->func == f && matters(&s, path[i]->block);
		if (keep[i])
			need(&s, path[i]->block->cond);
	}
	free(s.needed);
	free(s.seen);
}
