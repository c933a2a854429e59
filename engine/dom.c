// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The shape of a flow graph: orders, dominators, post-dominators, loops
 */
#include "dom.h"

/* A graph in two arrays: the targets of node v are to[start[v]] .. to[start[v + 1] - 1]. */
struct adjacency {
	unsigned int *start, *to;
};

struct graph {
	unsigned int n, root;
	struct adjacency succ, pred;
};

static unsigned int *new_array(struct arena *a, size_t n, unsigned int fill)
{
	unsigned int *p = arena_alloc(a, (n + 1) * sizeof(*p));
	size_t i;

	for (i = 0; i <= n; i++)
		p[i] = fill;
	return p;
}

/* The same edges the other way round. */
static struct adjacency reverse(struct arena *a, unsigned int n, const struct adjacency *g)
{
	struct adjacency r = { new_array(a, n + 1, 0), new_array(a, g->start[n], 0) };
	unsigned int *fill = new_array(a, n, 0);
	unsigned int v, i;

	for (i = 0; i < g->start[n]; i++)
		r.start[g->to[i] + 1]++;
	for (v = 0; v < n; v++)
		r.start[v + 1] += r.start[v];
	for (v = 0; v < n; v++) {
		for (i = g->start[v]; i < g->start[v + 1]; i++) {
			unsigned int t = g->to[i];

			r.to[r.start[t] + fill[t]++] = v;
		}
	}
	return r;
}

/* The function's graph; node n is the virtual exit, after each return. */
static void build_graph(struct graph *g, const struct flow_func *f, struct arena *a)
{
	unsigned int b, i, m = 0;

	g->n = f->nblocks + 1;
	g->root = 0;
	for (b = 0; b < f->nblocks; b++)
		m += f->blocks[b]->nedges + 1;
	g->succ.start = new_array(a, g->n + 1, 0);
	g->succ.to = new_array(a, m, 0);
	for (m = 0, b = 0; b < f->nblocks; b++) {
		const struct flow_block *blk = f->blocks[b];

		g->succ.start[b] = m;
		for (i = 0; i < blk->nedges; i++)
			g->succ.to[m++] = blk->edges[i].to->id;
		if (blk->term == FLOW_RET)
			g->succ.to[m++] = f->nblocks;
	}
	g->succ.start[f->nblocks] = m;
	g->succ.start[f->nblocks + 1] = m;
	g->pred = reverse(a, g->n, &g->succ);
}

/* Hangs block @b, and the headers around it, under header @h; a nearer header stays the inner one. @pos: depth in the walk. */
static void tag_header(unsigned int *header, const unsigned int *pos, unsigned int b, unsigned int h)
{
	while (b != h && h != DOM_NONE) {
		unsigned int outer = header[b];

		if (outer == DOM_NONE) {
			header[b] = h;
			return;
		}
		if (outer == h)
			return;
		if (pos[outer] < pos[h]) {
			header[b] = h;
			b = h;
			h = outer;
		} else {
			b = outer;
		}
	}
}

/*
 * A walk that meets finished block @t from @b: the loops of @t that are no longer on the path are entered besides their
 * headers; the first one still on the path holds @b too.
 */
static void meet_finished(struct dom *d, const unsigned int *pos, unsigned int b, unsigned int t)
{
	unsigned int h = d->header[t];

	while (h != DOM_NONE && !pos[h]) {
		d->is_irreducible[h] = true;
		h = d->header[h];
	}
	tag_header(d->header, pos, b, h);
}

/*
 * Depth first from the root, the last successor first, so that the reverse postorder keeps the order of the source.
 * Fills order and rpo; with @d also the loops, for which the virtual exit is left out.
 */
static unsigned int walk(const struct graph *g, struct arena *a, unsigned int *order, unsigned int *rpo, struct dom *d)
{
	unsigned int *stack = new_array(a, g->n, 0), *next = new_array(a, g->n, 0);
	unsigned int *pos = new_array(a, g->n, 0);
	bool *seen = arena_alloc(a, g->n + 1);
	unsigned int depth = 0, post = 0, i;

	stack[depth++] = g->root;
	seen[g->root] = true;
	pos[g->root] = 1;
	while (depth) {
		unsigned int b = stack[depth - 1];
		unsigned int first = g->succ.start[b], count = g->succ.start[b + 1] - first;

		if (next[b] < count) {
			unsigned int t = g->succ.to[first + count - 1 - next[b]++];

			if (d && t == d->n)
				continue;
			if (!seen[t]) {
				seen[t] = true;
				stack[depth++] = t;
				pos[t] = depth;
			} else if (d && pos[t]) {
				d->is_header[t] = true;
				tag_header(d->header, pos, b, t);
			} else if (d) {
				meet_finished(d, pos, b, t);
			}
			continue;
		}
		depth--;
		pos[b] = 0;
		order[post++] = b;
		/* All loops around b but its own are still on the path. */
		if (d && depth)
			tag_header(d->header, pos, stack[depth - 1], d->header[b]);
	}
	for (i = 0; i < post / 2; i++) {
		unsigned int tmp = order[i];

		order[i] = order[post - 1 - i];
		order[post - 1 - i] = tmp;
	}
	for (i = 0; i < post; i++)
		rpo[order[i]] = i;
	return post;
}

static unsigned int intersect(const unsigned int *idom, const unsigned int *rpo, unsigned int x, unsigned int y)
{
	while (x != y) {
		while (rpo[x] > rpo[y])
			x = idom[x];
		while (rpo[y] > rpo[x])
			y = idom[y];
	}
	return x;
}


/*
 * The reached predecessors of each block, the one furthest in @order first. Meeting in this order, the finger that stands
 * on what they have in common only moves up; the other way round, a label at the end of a long function to which every
 * block jumps costs the square of their number.
 */
static unsigned int *sorted_preds(const struct graph *g, struct arena *a, const unsigned int *order, unsigned int count,
				  unsigned int *npreds)
{
	unsigned int *preds = new_array(a, g->succ.start[g->n], 0);
	unsigned int i, j;

	for (i = count; i-- > 0;) {
		for (j = g->succ.start[order[i]]; j < g->succ.start[order[i] + 1]; j++) {
			unsigned int t = g->succ.to[j];

			preds[g->pred.start[t] + npreds[t]++] = order[i];
		}
	}
	return preds;
}

static void iterate(const struct graph *g, struct arena *a, const unsigned int *order, const unsigned int *rpo,
		    unsigned int count, unsigned int *idom)
{
	unsigned int *npreds = new_array(a, g->n, 0);
	unsigned int *preds = sorted_preds(g, a, order, count, npreds);
	bool changed = true;
	unsigned int i, j;

	idom[g->root] = g->root;
	while (changed) {
		changed = false;
		for (i = 1; i < count; i++) {
			unsigned int b = order[i], best = DOM_NONE;

			for (j = 0; j < npreds[b]; j++) {
				unsigned int p = preds[g->pred.start[b] + j];

				if (idom[p] == DOM_NONE)
					continue;
				best = best == DOM_NONE ? p : intersect(idom, rpo, p, best);
			}
			if (idom[b] != best) {
				idom[b] = best;
				changed = true;
			}
		}
	}
	idom[g->root] = DOM_NONE;
}

/* Numbers the tree so that x is above y exactly if y's interval lies in x's. Parents come before children in @order. */
static void number_tree(struct arena *a, unsigned int n, const unsigned int *order, unsigned int count,
			const unsigned int *idom, unsigned int *in, unsigned int *out)
{
	unsigned int *size = new_array(a, n, 0), *used = new_array(a, n, 0);
	unsigned int i;

	for (i = count; i-- > 0;) {
		size[order[i]]++;
		if (idom[order[i]] != DOM_NONE)
			size[idom[order[i]]] += size[order[i]];
	}
	for (i = 0; i < count; i++) {
		unsigned int b = order[i], up = idom[b];

		in[b] = up == DOM_NONE ? 0 : in[up] + 1 + used[up];
		out[b] = in[b] + size[b];
		if (up != DOM_NONE)
			used[up] += size[b];
	}
}

static void compute_exits(struct dom *d, const struct graph *g, struct arena *a)
{
	struct graph r = { g->n, d->n, g->pred, g->succ };
	unsigned int *order = new_array(a, r.n, DOM_NONE), *rpo = new_array(a, r.n, DOM_NONE);
	unsigned int count = walk(&r, a, order, rpo, NULL);

	iterate(&r, a, order, rpo, count, d->pidom);
	number_tree(a, r.n, order, count, d->pidom, d->pdom_in, d->pdom_out);
}

struct dom *dom_compute(const struct flow_func *f, struct arena *a)
{
	struct dom *d = arena_alloc(a, sizeof(*d));
	unsigned int n = f->nblocks;
	struct graph g;

	d->func = f;
	d->n = n;
	d->order = new_array(a, n, DOM_NONE);
	d->rpo = new_array(a, n, DOM_NONE);
	d->idom = new_array(a, n, DOM_NONE);
	d->pidom = new_array(a, n, DOM_NONE);
	d->header = new_array(a, n, DOM_NONE);
	d->is_header = arena_alloc(a, n + 1);
	d->is_irreducible = arena_alloc(a, n + 1);
	d->dom_in = new_array(a, n, DOM_NONE);
	d->dom_out = new_array(a, n, 0);
	d->pdom_in = new_array(a, n, DOM_NONE);
	d->pdom_out = new_array(a, n, 0);
	build_graph(&g, f, a);
	d->pred_start = g.pred.start;
	d->preds = g.pred.to;
	if (!n)
		return d;
	d->nreached = walk(&g, a, d->order, d->rpo, d);
	iterate(&g, a, d->order, d->rpo, d->nreached, d->idom);
	number_tree(a, n, d->order, d->nreached, d->idom, d->dom_in, d->dom_out);
	compute_exits(d, &g, a);
	return d;
}

bool dom_dominates(const struct dom *d, unsigned int a, unsigned int b)
{
	return d->dom_in[b] != DOM_NONE && d->dom_in[a] <= d->dom_in[b] && d->dom_out[b] <= d->dom_out[a];
}

bool dom_postdominates(const struct dom *d, unsigned int a, unsigned int b)
{
	return d->pdom_in[b] != DOM_NONE && d->pdom_in[a] <= d->pdom_in[b] && d->pdom_out[b] <= d->pdom_out[a];
}

bool dom_is_retreating(const struct dom *d, unsigned int from, unsigned int to)
{
	return d->rpo[to] <= d->rpo[from];
}

bool dom_in_loop(const struct dom *d, unsigned int b, unsigned int h)
{
	if (!d->is_header[h])
		return false;
	while (b != h && b != DOM_NONE)
		b = d->header[b];
	return b == h;
}

unsigned int dom_common(const struct dom *d, unsigned int a, unsigned int b)
{
	return intersect(d->idom, d->rpo, a, b);
}
