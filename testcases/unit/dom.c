// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Unit tests: dominators, post-dominators and loops of random graphs against what their definitions say
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dom.h"

#define MOST 14

static const struct flow_loc nowhere;
static uint64_t seed;

static unsigned int rnd(unsigned int n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned int)(seed >> 33) % n;
}

/* @shape makes some graphs sparse, some forward only, some with many switches. */
static struct flow_func *random_func(struct flow_unit *u, unsigned int n, unsigned int shape)
{
	struct flow_func *f = flow_func_new(u, "f", nowhere);
	struct flow_val *p = flow_param(f, "p", FLOW_T_INT);
	unsigned int i, j;

	for (i = 0; i < n; i++)
		flow_block_new(f);
	for (i = 0; i < n; i++) {
		struct flow_block *b = f->blocks[i];
		unsigned int span = shape & 1 && i + 1 < n ? n - i - 1 : n, base = span == n ? 0 : i + 1;

		switch (rnd(shape & 2 ? 12 : 8)) {
		case 0:
			flow_ret(b, NULL, nowhere);
			break;
		case 1:
			if (shape & 4)
				break; /* a stop */
			/* fall through */
		case 2:
		case 3:
			flow_goto(b, f->blocks[base + rnd(span)], nowhere);
			break;
		case 4:
			flow_switch(b, p, nowhere);
			for (j = 0; j < 3; j++)
				flow_case(b, f->blocks[base + rnd(span)], j, j);
			break;
		default:
			flow_branch(b, p, f->blocks[base + rnd(span)], f->blocks[base + rnd(span)], nowhere);
		}
	}
	return f;
}

/* The blocks that a walk from @from reaches that never enters @without. @back: against the edges. */
static void reach(const struct flow_func *f, unsigned int from, unsigned int without, const bool *within, bool *set)
{
	unsigned int stack[MOST], depth = 0, i;

	memset(set, 0, MOST);
	if (from == without)
		return;
	set[from] = true;
	stack[depth++] = from;
	while (depth) {
		const struct flow_block *b = f->blocks[stack[--depth]];

		for (i = 0; i < b->nedges; i++) {
			unsigned int t = b->edges[i].to->id;

			if (set[t] || t == without || (within && !within[t]))
				continue;
			set[t] = true;
			stack[depth++] = t;
		}
	}
}

static bool reaches_return(const struct flow_func *f, unsigned int from, unsigned int without)
{
	bool set[MOST];
	unsigned int i;

	reach(f, from, without, NULL, set);
	for (i = 0; i < f->nblocks; i++)
		if (set[i] && f->blocks[i]->term == FLOW_RET)
			return true;
	return false;
}

static void check_dominators(const struct flow_func *f, const struct dom *d)
{
	bool reached[MOST], left[MOST];
	unsigned int a, b, n = 0;

	reach(f, 0, DOM_NONE, NULL, reached);
	for (b = 0; b < f->nblocks; b++) {
		n += reached[b];
		assert_int_equal(reached[b], d->rpo[b] != DOM_NONE);
		if (reached[b])
			assert_int_equal(d->order[d->rpo[b]], b);
	}
	assert_int_equal(n, d->nreached);
	for (a = 0; a < f->nblocks; a++) {
		reach(f, 0, a, NULL, left);
		for (b = 0; b < f->nblocks; b++)
			assert_int_equal(dom_dominates(d, a, b), reached[a] && reached[b] && !left[b]);
	}
	for (b = 0; b < f->nblocks; b++) {
		unsigned int i = d->idom[b];

		assert_int_equal(i != DOM_NONE, reached[b] && b);
		if (i == DOM_NONE)
			continue;
		/* immediate: strictly above b, and all others above b are above it */
		assert_true(i != b && dom_dominates(d, i, b));
		for (a = 0; a < f->nblocks; a++)
			if (a != b && dom_dominates(d, a, b))
				assert_true(dom_dominates(d, a, i));
	}
}

static void check_postdominators(const struct flow_func *f, const struct dom *d)
{
	unsigned int a, b;

	for (b = 0; b < f->nblocks; b++) {
		bool returns = reaches_return(f, b, DOM_NONE);
		unsigned int i = d->pidom[b];

		assert_int_equal(i != DOM_NONE, returns);
		for (a = 0; a < f->nblocks; a++) {
			bool expected = returns && reaches_return(f, a, DOM_NONE) && !reaches_return(f, b, a);

			assert_int_equal(dom_postdominates(d, a, b), expected);
			if (expected && a != b)
				assert_true(i < d->n && dom_postdominates(d, a, i));
		}
		if (returns && i < d->n)
			assert_true(i != b && dom_postdominates(d, i, b));
	}
}

/*
 * The loop of header h: the blocks that lie below h in the depth-first tree and go to h without leaving that. The tree is
 * that of a walk that takes the last edge first, as dom_compute() does.
 */
static void tree_below(const struct flow_func *f, bool below[MOST][MOST])
{
	unsigned int stack[MOST], next[MOST] = { 0 }, depth = 1, i;
	bool seen[MOST] = { true };

	memset(below, 0, sizeof(bool) * MOST * MOST);
	below[0][0] = true;
	stack[0] = 0;
	while (depth) {
		const struct flow_block *b = f->blocks[stack[depth - 1]];
		unsigned int t;

		if (next[b->id] == b->nedges) {
			depth--;
			continue;
		}
		t = b->edges[b->nedges - 1 - next[b->id]++].to->id;
		if (seen[t])
			continue;
		seen[t] = true;
		stack[depth++] = t;
		for (i = 0; i < depth; i++)
			below[stack[i]][t] = true;
	}
}

static void check_loops(const struct flow_func *f, const struct dom *d, unsigned int *irreducible)
{
	bool below[MOST][MOST], loop[MOST][MOST] = { { false } }, header[MOST] = { false }, set[MOST];
	unsigned int b, h, i;

	tree_below(f, below);
	for (b = 0; b < f->nblocks; b++)
		for (i = 0; d->rpo[b] != DOM_NONE && i < f->blocks[b]->nedges; i++) {
			h = f->blocks[b]->edges[i].to->id;
			header[h] |= below[h][b];
			assert_int_equal(dom_is_retreating(d, b, h), below[h][b]);
		}
	for (h = 0; h < f->nblocks; h++) {
		bool elsewhere = false;

		assert_int_equal(d->is_header[h], header[h]);
		for (b = 0; b < f->nblocks && header[h]; b++) {
			reach(f, b, DOM_NONE, below[h], set);
			loop[h][b] = below[h][b] && set[h];
		}
		for (b = 0; b < f->nblocks; b++) {
			assert_int_equal(d->rpo[b] != DOM_NONE && dom_in_loop(d, b, h), loop[h][b]);
			elsewhere |= loop[h][b] && !dom_dominates(d, h, b);
		}
		if (header[h])
			assert_int_equal(d->is_irreducible[h], elsewhere);
		*irreducible += elsewhere;
	}
	for (b = 0; b < f->nblocks; b++) {
		unsigned int inner = DOM_NONE;

		/* of the loops around b, but its own, the one that all others hold */
		for (h = 0; h < f->nblocks; h++)
			if (h != b && loop[h][b] && (inner == DOM_NONE || loop[inner][h]))
				inner = h;
		assert_int_equal(d->header[b], inner);
	}
}

static void random_graphs(void **state)
{
	unsigned int i, n, irreducible = 0, loops = 0;

	(void)state;
	for (i = 0; i < 20000; i++) {
		struct flow_unit *u = flow_unit_new("d.c", 4096);
		struct flow_func *f;
		struct dom *d;

		seed = i;
		rnd(1);
		n = 1 + rnd(MOST);
		f = random_func(u, n, rnd(8));
		d = dom_compute(f, u->arena);
		check_dominators(f, d);
		check_postdominators(f, d);
		check_loops(f, d, &irreducible);
		for (n = 0; n < f->nblocks; n++)
			loops += d->is_header[n];
		flow_unit_free(u);
	}
	print_message("# %u graphs, %u loops, %u of them irreducible\n", i, loops, irreducible);
	assert_true(loops > 5000 && irreducible > 500);
}

/* Preds list every edge, that of a block which is not reached included. */
static void predecessors(void **state)
{
	struct flow_unit *u = flow_unit_new("d.c", 4096);
	struct flow_func *f = flow_func_new(u, "f", nowhere);
	struct flow_block *a = flow_block_new(f), *b = flow_block_new(f), *dead = flow_block_new(f);
	struct dom *d;

	(void)state;
	d = dom_compute(flow_func_new(u, "empty", nowhere), u->arena);
	assert_int_equal(d->nreached, 0);
	flow_goto(a, b, nowhere);
	flow_ret(b, NULL, nowhere);
	flow_goto(dead, b, nowhere);
	d = dom_compute(f, u->arena);
	assert_int_equal(d->pred_start[b->id + 1] - d->pred_start[b->id], 2);
	assert_int_equal(d->preds[d->pred_start[b->id]], a->id);
	assert_int_equal(d->preds[d->pred_start[b->id] + 1], dead->id);
	assert_int_equal(d->idom[b->id], a->id);
	assert_int_equal(d->pidom[dead->id], b->id);
	assert_int_equal(d->pidom[b->id], d->n);
	assert_int_equal(dom_common(d, a->id, b->id), a->id);
	flow_unit_free(u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(predecessors),
		cmocka_unit_test(random_graphs),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("dom", tests, NULL, NULL);
}
