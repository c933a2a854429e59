// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Is a function well formed?
 */
#include "flow.h"

#include <stdlib.h>
#include <string.h>

#include "dom.h"
#include "util.h"

/**
 * struct check - the state of one flow_check()
 * @pos: by value id, where it stands in its block, from 1; 0: nowhere
 * @stamp: by block id, for sets of blocks; a block is in the current set if it holds the current @mark
 * @err: the first fault
 */
struct check {
	struct flow_func *f;
	struct dom *dom;
	unsigned int *pos, *stamp, mark;
	const char *err;
};

__attribute__((format(printf, 3, 4)))
static void fault(struct check *c, const struct flow_block *b, const char *fmt, ...)
{
	struct arena *a = c->f->unit->arena;
	va_list ap;
	char *s;

	if (c->err)
		return;
	va_start(ap, fmt);
	s = xvasprintf(fmt, ap);
	va_end(ap);
	c->err = b ? arena_printf(a, "in @%u %s", b->id, s) : arena_printf(a, "%s", s);
	free(s);
}

static bool is_leaf(const struct flow_val *v)
{
	return v->op <= FLOW_UNDEF;
}

static bool has_result(const struct flow_val *v)
{
	return v->op != FLOW_STORE && v->op != FLOW_MOVE && v->op != FLOW_KILL;
}

static bool is_block(const struct check *c, const struct flow_block *b)
{
	return b && b->id < c->f->nblocks && c->f->blocks[b->id] == b;
}

static const char *shown(const struct flow_val *v)
{
	return v->name ? v->name : v->str ? v->str : "a value without a name";
}

/* Every value and block knows where it is, every instruction stands in one place. */
static void check_places(struct check *c)
{
	struct flow_func *f = c->f;
	unsigned int i, j;

	if (!f->nblocks)
		fault(c, NULL, "no block");
	for (i = 0; i < f->nvals; i++)
		if (f->vals[i]->id != i || f->vals[i]->func != f)
			fault(c, NULL, "value %u with the id %u or of another function", i, f->vals[i]->id);
	for (i = 0; i < f->nblocks && !c->err; i++) {
		struct flow_block *b = f->blocks[i];

		if (b->id != i || b->func != f)
			fault(c, NULL, "block %u with the id %u or of another function", i, b->id);
		for (j = 0; j < b->nvals && !c->err; j++) {
			struct flow_val *v = b->vals[j];

			if (v->id >= f->nvals || f->vals[v->id] != v || v->block != b || is_leaf(v))
				fault(c, b, "instruction %u that does not belong there", j);
			else if (c->pos[v->id])
				fault(c, b, "%s a second time", shown(v));
			else if (v->op == FLOW_PHI && j && b->vals[j - 1]->op != FLOW_PHI)
				fault(c, b, "phi %s behind other instructions", shown(v));
			else
				c->pos[v->id] = j + 1;
		}
	}
}

static int compare_names(const void *x, const void *y)
{
	const char *a = *(const char *const *)x, *b = *(const char *const *)y;

	return a < b ? -1 : a > b;
}

/* Names are interned, so that equal ones lie side by side when pointers are sorted. */
static void check_names(struct check *c)
{
	const char **names = xcalloc(c->f->nvals, sizeof(*names));
	unsigned int i, n = 0;

	for (i = 0; i < c->f->nvals; i++)
		if (c->f->vals[i]->name && c->f->vals[i]->op != FLOW_CONST && c->f->vals[i]->op != FLOW_UNDEF)
			names[n++] = c->f->vals[i]->name;
	qsort(names, n, sizeof(*names), compare_names);
	for (i = 1; i < n; i++)
		if (names[i] == names[i - 1])
			fault(c, NULL, "two values named %s", names[i]);
	free(names);
}

static void check_edges(struct check *c, struct flow_block *b)
{
	static const unsigned int least[] = { 0, 1, 2, 1, 0 }, most[] = { 0, 1, 2, ~0u, 0 };
	static const enum flow_guard guards[][2] = {
		{ FLOW_ALWAYS, FLOW_ALWAYS }, { FLOW_ALWAYS, FLOW_ALWAYS }, { FLOW_IF, FLOW_ELSE },
		{ FLOW_CASE, FLOW_DEFAULT }, { FLOW_ALWAYS, FLOW_ALWAYS },
	};
	unsigned int i, defaults = 0;

	if (b->term > FLOW_RET || b->nedges < least[b->term] || b->nedges > most[b->term]) {
		fault(c, b, "%u edges at the end", b->nedges);
		return;
	}
	if ((b->term == FLOW_BRANCH || b->term == FLOW_SWITCH) != !!b->cond && b->term != FLOW_RET)
		fault(c, b, "a branch without a condition, or a condition without a branch");
	c->mark++;
	for (i = 0; i < b->nedges && !c->err; i++) {
		struct flow_edge *e = &b->edges[i];

		defaults += e->guard == FLOW_DEFAULT;
		if (!is_block(c, e->to))
			fault(c, b, "an edge out of the function");
		else if (c->stamp[e->to->id] == c->mark)
			fault(c, b, "two edges to @%u", e->to->id);
		else if (b->term == FLOW_BRANCH ? e->guard != guards[FLOW_BRANCH][i] :
			 e->guard != guards[b->term][0] && e->guard != guards[b->term][1])
			fault(c, b, "the wrong guard of the edge to @%u", e->to->id);
		else if (defaults > 1 || (e->guard == FLOW_CASE && !e->nranges))
			fault(c, b, "a switch with two defaults or an empty case");
		else
			c->stamp[e->to->id] = c->mark;
	}
}

/* A phi has one operand for each block that it can be come to from. */
static void check_phi(struct check *c, struct flow_val *v)
{
	const struct dom *d = c->dom;
	unsigned int b = v->block->id, i;

	if (!b)
		fault(c, v->block, "phi %s in the first block", shown(v));
	if (v->nargs != d->pred_start[b + 1] - d->pred_start[b])
		fault(c, v->block, "phi %s with %u operands for %u edges", shown(v), v->nargs,
		      d->pred_start[b + 1] - d->pred_start[b]);
	c->mark++;
	for (i = d->pred_start[b]; i < d->pred_start[b + 1]; i++)
		c->stamp[d->preds[i]] = c->mark;
	for (i = 0; i < v->nargs && !c->err; i++) {
		if (!is_block(c, v->preds[i]) || c->stamp[v->preds[i]->id] != c->mark)
			fault(c, v->block, "phi %s with an operand for a block that is not before it", shown(v));
		else
			c->stamp[v->preds[i]->id] = 0;
	}
}

/* @x is used in block @b before instruction number @pos (from 1). */
static void check_use(struct check *c, const struct flow_val *x, const struct flow_block *b, unsigned int pos)
{
	struct flow_func *f = c->f;

	if (!x || x->id >= f->nvals || f->vals[x->id] != x)
		fault(c, b, "an operand that is none, or of another function");
	else if (!is_leaf(x) && !c->pos[x->id])
		fault(c, b, "the use of %s, which stands in no block", shown(x));
	else if (!has_result(x))
		fault(c, b, "the use of an instruction without a result");
	else if (is_leaf(x) || c->dom->rpo[b->id] == DOM_NONE)
		return;
	else if (x->block == b ? c->pos[x->id] >= pos : !dom_dominates(c->dom, x->block->id, b->id))
		fault(c, b, "the use of %s before it is made", shown(x));
}

static const signed char arity[] = {
	[FLOW_COPY] = 1, [FLOW_ADD] = 2, [FLOW_SUB] = 2, [FLOW_MUL] = 2, [FLOW_AND] = 2, [FLOW_OR] = 2, [FLOW_NOT] = 1,
	[FLOW_PURE] = -1, [FLOW_CMP] = 2, [FLOW_SELECT] = 3, [FLOW_FIELD] = 1, [FLOW_PHI] = -1, [FLOW_LOAD] = 1,
	[FLOW_STORE] = 2, [FLOW_MOVE] = 2, [FLOW_KILL] = 1, [FLOW_CALL] = -1, [FLOW_ASM] = -1,
};

static void check_insn(struct check *c, struct flow_val *v)
{
	unsigned int i;

	if (arity[v->op] >= 0 && v->nargs != (unsigned int)arity[v->op])
		fault(c, v->block, "%s with %u operands", shown(v), v->nargs);
	if (v->op == FLOW_CMP && (v->imm < FLOW_EQ || v->imm > FLOW_UGE))
		fault(c, v->block, "an unknown comparison");
	if (v->op == FLOW_CALL && !v->str == !v->fn)
		fault(c, v->block, "a call of no function, or of two");
	if (v->op == FLOW_PURE && !v->str)
		fault(c, v->block, "a pure operation without a name");
	if (v->op == FLOW_PHI)
		check_phi(c, v);
	for (i = 0; i < v->nargs && !c->err; i++)
		check_use(c, v->args[i], v->op == FLOW_PHI ? v->preds[i] : v->block,
			  v->op == FLOW_PHI ? ~0u : c->pos[v->id]);
	if (v->fn)
		check_use(c, v->fn, v->block, c->pos[v->id]);
}

static void check_insns(struct check *c)
{
	unsigned int i, j;

	for (i = 0; i < c->f->nblocks && !c->err; i++) {
		struct flow_block *b = c->f->blocks[i];

		for (j = 0; j < b->nvals && !c->err; j++)
			check_insn(c, b->vals[j]);
		if (b->cond && !c->err)
			check_use(c, b->cond, b, ~0u);
	}
}

const char *flow_check(struct flow_func *f)
{
	struct check c = { .f = f };
	struct arena *a = arena_new();
	unsigned int i;

	c.pos = arena_alloc(a, (f->nvals + 1) * sizeof(*c.pos));
	c.stamp = arena_alloc(a, (f->nblocks + 1) * sizeof(*c.stamp));
	check_places(&c);
	if (!c.err)
		check_names(&c);
	for (i = 0; i < f->nblocks && !c.err; i++)
		check_edges(&c, f->blocks[i]);
	if (!c.err) {
		c.dom = dom_compute(f, a);
		check_insns(&c);
	}
	arena_free(a);
	return c.err;
}
