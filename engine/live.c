// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * live.c - which values are still used from a block on
 *
 * What nobody uses any more need not keep states apart. A state binds phis, selects, loads and calls; everything else is computed from them where it
 * is used, so that a use of it is one of them.
 */
#include <stdlib.h>
#include <string.h>

#include "analysis.h"

#define NONE UINT32_MAX

/**
 * struct live - the values of a function, by block
 * @index: by value: its bit, NONE where no state binds it
 * @in: by block, @words each: what is used from there on, the block's own phis included
 */
struct live {
	unsigned int *index;
	unsigned int words;
	uint64_t *in;
};

/**
 * struct sets - while they are made, @words of each a block
 * @uses: used in the block before it is defined there; @defs: defined in it; @phis: by its phis
 * @seen: by value: the last block that asked what it is made of
 */
struct sets {
	struct live *live;
	uint64_t *uses, *defs, *phis, *out;
	unsigned int *seen;
};

static bool is_bound(const struct flow_val *v)
{
	return v->op == FLOW_PHI || v->op == FLOW_LOAD || v->op == FLOW_CALL || v->op == FLOW_SELECT || v->op == FLOW_ASM;
}

static bool is_done(const struct flow_val *v)
{
	return is_bound(v) || v->op == FLOW_STORE || v->op == FLOW_MOVE || v->op == FLOW_KILL;
}

static void put(uint64_t *set, unsigned int bit, bool on)
{
	if (on)
		set[bit / 64] |= 1ull << (bit & 63);
	else
		set[bit / 64] &= ~(1ull << (bit & 63));
}

static void use(struct sets *s, uint64_t *set, const struct flow_val *v, unsigned int block)
{
	unsigned int i;

	if (s->live->index[v->id] != NONE) {
		put(set, s->live->index[v->id], true);
		return;
	}
	if (s->seen[v->id] == block + 1)
		return;
	s->seen[v->id] = block + 1;
	for (i = 0; i < v->nargs; i++)
		use(s, set, v->args[i], block);
}

static void use_in_phis(struct sets *s, uint64_t *set, const struct flow_block *from, const struct flow_block *to)
{
	unsigned int i, j;

	for (i = 0; i < to->nvals && to->vals[i]->op == FLOW_PHI; i++)
		for (j = 0; j < to->vals[i]->nargs; j++)
			if (to->vals[i]->preds[j] == from)
				use(s, set, to->vals[i]->args[j], from->id);
}

static void scan(struct sets *s, const struct flow_block *b)
{
	size_t at = (size_t)b->id * s->live->words;
	uint64_t *uses = s->uses + at;
	unsigned int i, k;

	for (i = 0; i < b->nedges; i++)
		use_in_phis(s, uses, b, b->edges[i].to);
	if (b->cond)
		use(s, uses, b->cond, b->id);
	for (i = b->nvals; i-- > 0;) {
		const struct flow_val *v = b->vals[i];

		if (v->op == FLOW_PHI) {
			put(s->phis + at, s->live->index[v->id], true);
			continue;
		}
		if (is_bound(v)) {
			put(uses, s->live->index[v->id], false);
			put(s->defs + at, s->live->index[v->id], true);
		}
		if (!is_done(v))
			continue;
		for (k = 0; k < v->nargs; k++)
			use(s, uses, v->args[k], b->id);
		if (v->fn)
			use(s, uses, v->fn, b->id);
	}
}

/* Return: did it change? */
static bool pass_back(struct sets *s, const struct flow_block *b)
{
	unsigned int words = s->live->words, i, w;
	uint64_t *in = s->live->in + (size_t)b->id * words, x;
	bool changed = false;

	memset(s->out, 0, words * sizeof(*s->out));
	for (i = 0; i < b->nedges; i++) {
		size_t to = (size_t)b->edges[i].to->id * words;

		for (w = 0; w < words; w++)
			s->out[w] |= s->live->in[to + w] & ~s->phis[to + w];
	}
	for (w = 0; w < words; w++) {
		x = s->uses[(size_t)b->id * words + w] | (s->out[w] & ~s->defs[(size_t)b->id * words + w]);
		changed |= x != in[w];
		in[w] = x;
	}
	return changed;
}

struct live *live_new(struct arena *arena, const struct fn *fn)
{
	const struct flow_func *f = fn->func;
	struct live *live = arena_alloc(arena, sizeof(*live));
	struct sets s = { .live = live };
	unsigned int i, n = 0;
	bool again = true;
	size_t all;

	live->index = arena_alloc(arena, (f->nvals + 1) * sizeof(*live->index));
	for (i = 0; i < f->nvals; i++)
		live->index[i] = is_bound(f->vals[i]) ? n++ : NONE;
	live->index[f->nvals] = NONE;
	live->words = n / 64 + 1;
	all = (size_t)f->nblocks * live->words;
	live->in = arena_alloc(arena, all * sizeof(*live->in));
	s.uses = xcalloc(all * 3 + live->words, sizeof(*s.uses));
	s.defs = s.uses + all;
	s.phis = s.defs + all;
	s.out = s.phis + all;
	s.seen = xcalloc(f->nvals + 1, sizeof(*s.seen));
	for (i = 0; i < f->nblocks; i++)
		scan(&s, f->blocks[i]);
	while (again) {
		again = false;
		for (i = fn->dom->nreached; i-- > 0;)
			again |= pass_back(&s, f->blocks[fn->dom->order[i]]);
	}
	free(s.uses);
	free(s.seen);
	return live;
}

bool live_is(const struct live *live, const struct flow_block *b, unsigned int id)
{
	unsigned int bit = live->index[id];

	return bit == NONE || (live->in[(size_t)b->id * live->words + bit / 64] >> (bit & 63) & 1);
}
