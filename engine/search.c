// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * search.c - one path that shows a data-cache violation, by the shortest way to the write and from there to the end
 *
 * The walk of witness.c keeps to the recorded path and turns back near its end first. Where much lies between a write and the return, it
 * never gets to the branches that matter. Here the next block is the one that is nearest to the write, and once that is
 * done nearest to the end, past no flush if that can be; and a path may leave that order in so many places, one more in every round
 * (W. Harvey, M. Ginsberg: "Limited discrepancy search", IJCAI 1995).
 */
#include <stdlib.h>
#include <string.h>

#include "analysis.h"

#define MAX_ROUNDS 6
#define MAX_VISITS 3		/* of one block on one path */
#define MAX_DEPTH 4000
#define FLUSH_WEIGHT 40		/* so many blocks are shorter than one that flushes */
#define FAR UINT32_MAX

/**
 * struct search - the state of a search
 * @near: by block, the way to the write, and to the end
 * @spare: in how many places the path may still leave the nearest way; @cut: it would have left it once more
 */
struct search {
	struct ctx *c;
	const struct fn *fn;
	unsigned int *near[2];
	unsigned char *visits;
	unsigned int limit, spare;
	bool cut;
};

static bool flushes(const struct ctx *c, const struct flow_block *b)
{
	unsigned int i, j;

	for (i = 0; i < b->nvals; i++) {
		const struct flow_val *v = b->vals[i];
		const struct api_fn *f = v->op == FLOW_CALL && v->str ? api_find(c->api, v->str) : NULL;

		for (j = 0; f && j < f->neffects; j++)
			if (f->effects[j].kind == API_FLUSHES || f->effects[j].kind == API_FLUSHES_PAGE)
				return true;
	}
	return false;
}

/* Shortest ways to @target, backwards; few blocks have another weight than 1, so that a plain work list will do. */
static unsigned int *ways_to(const struct ctx *c, const struct fn *fn, unsigned int target)
{
	const struct dom *dom = fn->dom;
	unsigned int *way = xmalloc((dom->n + 1) * sizeof(*way)), i, b, p, weight;
	bool changed = true;

	for (i = 0; i < dom->n; i++)
		way[i] = FAR;
	way[target] = 0;
	while (changed) {
		changed = false;
		for (i = dom->nreached; i-- > 0;) {
			b = dom->order[i];
			if (way[b] == FAR)
				continue;
			weight = flushes(c, fn->func->blocks[b]) ? FLUSH_WEIGHT : 1;
			for (p = dom->pred_start[b]; p < dom->pred_start[b + 1]; p++) {
				if (way[dom->preds[p]] <= way[b] + weight)
					continue;
				way[dom->preds[p]] = way[b] + weight;
				changed = true;
			}
		}
	}
	return way;
}

/* Was what the violation is about written on this path, and not flushed since? */
static bool is_written(const struct search *w, const struct state *s)
{
	unsigned int i, j;

	for (i = 0; w->c->target->rule < KC_DCACHE_MISSING && i < s->nmaps; i++)
		if (s->maps[i].site == w->c->target->map)
			return true;
	for (i = 0; i < s->ndirty; i++)
		for (j = 0; s->dirty[i].dirt == DIRT_WRITTEN && j < s->dirty[i].nwrites; j++)
			if (s->dirty[i].writes[j].site == w->c->target->map)
				return true;
	return false;
}

static void walk(struct search *w, struct state *s, const struct flow_block *b, unsigned int depth);

/* The nearest block that an edge leads to and that was not tried; the number of edges where there is none. */
static unsigned int next_edge(const struct search *w, const struct flow_block *b, const unsigned int *near,
			      const bool *tried)
{
	unsigned int i, n = b->nedges, best = FAR;

	for (i = 0; i < b->nedges; i++) {
		unsigned int to = b->edges[i].to->id;

		if (!tried[i] && near[to] < best && w->visits[to] < MAX_VISITS) {
			best = near[to];
			n = i;
		}
	}
	return n;
}

static void walk_edges(struct search *w, struct state *s, const struct flow_block *b, unsigned int depth)
{
	const unsigned int *near = w->near[is_written(w, s)];
	bool *tried = xcalloc(b->nedges + 1, sizeof(*tried));
	unsigned int n, cost = 0;

	while (!w->c->found) {
		struct state *t;

		n = next_edge(w, b, near, tried);
		if (n == b->nedges)
			break;
		if (cost > w->spare) {
			w->cut = true;
			break;
		}
		tried[n] = true;
		t = exec_edge(w->c, state_clone(s), b, n);
		/* One that cannot be taken is no choice. */
		if (!t)
			continue;
		w->spare -= cost;
		walk(w, t, b->edges[n].to, depth + 1);
		w->spare += cost;
		cost++;
	}
	free(tried);
}

/* Those that wrote come first, and those that depend on nothing that is not certain. */
static unsigned int rank_of(const struct search *w, const struct state *s)
{
	return 2 * !is_written(w, s) + !!s->doubt.reason;
}

static struct state *take_best(const struct search *w, struct state **list)
{
	struct state **at, **best = list, *s;

	for (at = list; *at; at = &(*at)->next)
		if (rank_of(w, *at) < rank_of(w, *best))
			best = at;
	s = *best;
	*best = s->next;
	s->next = NULL;
	return s;
}

/* Go on from the start of @b; @s is used up. */
static void walk(struct search *w, struct state *s, const struct flow_block *b, unsigned int depth)
{
	struct state *list, *t;
	unsigned int cost = 0;

	if (w->c->steps > w->limit || depth > MAX_DEPTH) {
		state_free(s);
		return;
	}
	w->visits[b->id]++;
	for (list = exec_block(w->c, s, b); list; state_free(t)) {
		t = take_best(w, &list);
		w->cut |= cost > w->spare;
		if (w->c->found || cost > w->spare)
			continue;
		w->spare -= cost;
		if (b->term == FLOW_RET)
			exec_return(w->c, t, b);
		else
			walk_edges(w, t, b, depth);
		w->spare += cost++;
	}
	w->visits[b->id]--;
}

bool search_path(struct ctx *c, struct fn *fn, const struct violation *v, unsigned int limit)
{
	struct search w = { .c = c, .fn = fn, .limit = c->steps + limit };
	const struct flow_block *end = v->at ? v->at->block : v->block;
	unsigned int round, before;
	struct state *entry;

	w.near[0] = ways_to(c, fn, v->via->block->id);
	w.near[1] = ways_to(c, fn, end->id);
	w.visits = xcalloc(fn->func->nblocks, sizeof(*w.visits));
	c->target = v;
	c->found = NULL;
	for (round = 0; round < MAX_ROUNDS && !c->found && c->steps < w.limit; round++) {
		w.spare = round;
		w.cut = false;
		before = c->steps;
		entry = state_new();
		entry->facts.all = v->rule < KC_DCACHE_MISSING;
		walk(&w, entry, fn->func->blocks[0], 0);
		if (w.cut || c->found)
			continue;
		/* The rounds to come would do the same once more: they count as done. */
		c->steps += (MAX_ROUNDS - 1 - round) * (c->steps - before);
		break;
	}
	if (c->steps > w.limit && !c->found)
		c->steps = w.limit;
	c->target = NULL;
	free(w.near[0]);
	free(w.near[1]);
	free(w.visits);
	return c->found;
}
