// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * exec.c - what instructions and edges do to a state
 */
#include <stdlib.h>
#include <string.h>

#include "analysis.h"
#include "run.h"
#include "seed.h"

#define FEW_IN_BLOCK STATE_LIMIT(6u)	/* states after a call that stay apart until the block ends */
#define MAX_IN_BLOCK STATE_LIMIT(8u)

void trace_add(struct ctx *c, struct state *s, struct trace t)
{
	struct trace *n = arena_alloc(c->scratch, sizeof(*n));

	*n = t;
	n->prev = s->trace;
	s->trace = n;
}

static struct sym *eval_binary(struct ctx *c, struct state *s, const struct flow_val *v)
{
	struct sym *x = eval(c, s, v->args[0]), *y = eval(c, s, v->args[1]);

	switch (v->op) {
	case FLOW_ADD:
		return sym_add(c->syms, x, y);
	case FLOW_SUB:
		return sym_sub(c->syms, x, y);
	case FLOW_AND:
		return sym_and(c->syms, facts_resolve(&s->facts, c->syms, x), facts_resolve(&s->facts, c->syms, y));
	case FLOW_OR:
		return sym_or(c->syms, facts_resolve(&s->facts, c->syms, x), facts_resolve(&s->facts, c->syms, y));
	case FLOW_MUL:
		if (y->kind == SYM_CONST)
			return facts_resolve(&s->facts, c->syms, sym_scale(c->syms, x, y->num));
		x = facts_resolve(&s->facts, c->syms, x);
		y = facts_resolve(&s->facts, c->syms, y);
		if (x->kind == SYM_CONST)
			return sym_scale(c->syms, y, x->num);
		if (y->kind == SYM_CONST)
			return sym_scale(c->syms, x, y->num);
		return sym_pure(c->syms, "mul", 2, (struct sym *[]){ x, y });
	default:
		return sym_cmp(c->syms, v->imm, x, y);
	}
}

/* A value cut to so many bits: itself, where it has no more. */
static struct sym *low_bits(struct ctx *c, struct state *s, const struct flow_val *v, struct sym **args)
{
	int64_t max = (1ll << args[1]->num) - 1;
	struct range r = facts_range(&s->facts, args[0]);
	struct sym *x;

	if (args[0]->kind == SYM_CONST)
		return sym_const(c->syms, args[0]->num & max);
	if ((r.lo >= 0 && r.hi <= max) || sym_is_truth(args[0]))
		return args[0];
	x = sym_low_bits(c->syms, args[0], args[1]->num);
	return x ? x : sym_pure(c->syms, v->str, v->nargs, args);
}

/* So many bits with the topmost as the sign: itself, where that is 0. */
static struct sym *signed_bits(struct ctx *c, struct state *s, const struct flow_val *v, struct sym **args)
{
	int64_t top = 1ll << (args[1]->num - 1);
	struct range r = facts_range(&s->facts, args[0]);

	if (args[0]->kind == SYM_CONST)
		return sym_const(c->syms, ((args[0]->num & (2 * top - 1)) ^ top) - top);
	if (r.lo >= -top && r.hi < top)
		return args[0];
	return sym_pure(c->syms, v->str, v->nargs, args);
}

static struct sym *eval_pure(struct ctx *c, struct state *s, const struct flow_val *v)
{
	struct sym *args[8];
	unsigned int i;

	if (v->nargs > ARRAY_SIZE(args))
		return sym_val(c->syms, v, 0, NULL);
	for (i = 0; i < v->nargs; i++)
		args[i] = facts_resolve(&s->facts, c->syms, eval(c, s, v->args[i]));
	if (!strcmp(v->str, "low-bits") && v->nargs == 2 && args[1]->kind == SYM_CONST && args[1]->num < 63)
		return low_bits(c, s, v, args);
	if (!strcmp(v->str, "signed-bits") && v->nargs == 2 && args[1]->kind == SYM_CONST && args[1]->num < 63)
		return signed_bits(c, s, v, args);
	/* Nothing is left of 0, whatever it is divided by. */
	if ((!strncmp(v->str, "trunc_mod", 9) || !strncmp(v->str, "trunc_div", 9)) && v->nargs == 2 && sym_is(args[0], 0))
		return args[0];
	return sym_pure(c->syms, v->str, v->nargs, args);
}

/**
 * eval() - the symbol of a value in a state
 *
 * Only phis, selects, loads and calls are bound in the state; everything else follows from its operands.
 */
struct sym *eval(struct ctx *c, struct state *s, const struct flow_val *v)
{
	struct sym *x;

	switch (v->op) {
	case FLOW_CONST:
		return sym_const(c->syms, v->imm);
	case FLOW_PARAM:
		return sym_param(c->syms, v);
	case FLOW_GLOBAL:
		return sym_global(c->syms, v->str);
	case FLOW_LOCAL:
		return sym_local(c->syms, v);
	case FLOW_UNDEF:
		return sym_undef(c->syms, v);
	case FLOW_COPY:
		return eval(c, s, v->args[0]);
	case FLOW_ADD: case FLOW_SUB: case FLOW_MUL: case FLOW_AND: case FLOW_OR: case FLOW_CMP:
		return eval_binary(c, s, v);
	case FLOW_NOT:
		return sym_not(c->syms, eval(c, s, v->args[0]));
	case FLOW_PURE:
		return eval_pure(c, s, v);
	case FLOW_FIELD:
		return sym_add_const(c->syms, eval(c, s, v->args[0]), v->imm);
	default:
		x = env_get(s, v->id);
		return x ? x : sym_val(c->syms, v, 0, NULL);
	}
}

static struct sym *address(struct ctx *c, struct state *s, const struct flow_val *v)
{
	return facts_resolve(&s->facts, c->syms, eval(c, s, v));
}

static void exec_load(struct ctx *c, struct state *s, const struct flow_val *v)
{
	struct sym *addr = address(c, s, v->args[0]);

	pair_access(c, s, v, v, addr);
	dcache_read_addr(c, s, v, addr);
	if (v->size > sizeof(int64_t))
		mem_take_whole(s, addr, v->size);
	env_set(s, v->id, dcache_load(c, s, v, mem_load(c, s, addr, v)));
}

static void exec_store(struct ctx *c, struct state *s, const struct flow_val *v)
{
	struct sym *addr = address(c, s, v->args[0]);

	pair_access(c, s, v, v, addr);
	dcache_write_addr(c, s, v, addr, NULL);
	mem_store(c, s, addr, eval(c, s, v->args[1]), v->size);
}

static void exec_move(struct ctx *c, struct state *s, const struct flow_val *v)
{
	struct sym *to = address(c, s, v->args[0]), *from = address(c, s, v->args[1]);

	pair_access(c, s, v, v, from);
	pair_access(c, s, v, v, to);
	dcache_write_addr(c, s, v, to, NULL);
	mem_move(c, s, to, from, v->size);
}

static void exec_asm(struct ctx *c, struct state *s, const struct flow_val *v)
{
	struct sym *roots[8];
	unsigned int i, n = 0;

	for (i = 0; i < v->nargs && n < ARRAY_SIZE(roots); i++)
		roots[n++] = eval(c, s, v->args[i]);
	/* Inline assembly changes what it is given, and nothing that could not be seen from here. */
	for (i = 0; i < n; i++)
		if (sym_root(roots[i])->kind == SYM_LOCAL)
			mem_clobber(s, roots[i], -1);
	env_set(s, v->id, sym_val(c->syms, v, 0, NULL));
}

/* Either arm, where it is not known which and one of them is an address or both are constants. */
static struct state *exec_select(struct ctx *c, struct state *s, const struct flow_val *v)
{
	struct sym *cond = eval(c, s, v->args[0]), *x = eval(c, s, v->args[1]), *y = eval(c, s, v->args[2]);
	enum truth t = facts_truth(&s->facts, c->syms, cond);
	struct state *other;
	bool doubt = false;

	if (t != T_MAYBE || x == y) {
		env_set(s, v->id, t == T_NO ? y : x);
		return s;
	}
	other = state_clone(s);
	env_set(s, v->id, x);
	env_set(other, v->id, y);
	if (!facts_assume(&other->facts, c->syms, cond, false, &doubt)) {
		state_free(other);
		other = NULL;
	}
	if (!facts_assume(&s->facts, c->syms, cond, true, &doubt)) {
		state_free(s);
		return other;
	}
	s->next = other;
	return s;
}

/* One instruction; gives the states after it, none where control does not get past it. */
static struct state *exec_one(struct ctx *c, struct state *s, const struct flow_val *v)
{
	c->steps++;
	if (v->op > FLOW_PHI || v->op == FLOW_SELECT)
		loop_redefine(c, s, v);
	switch (v->op) {
	case FLOW_LOAD:
		exec_load(c, s, v);
		return s;
	case FLOW_STORE:
		exec_store(c, s, v);
		return s;
	case FLOW_MOVE:
		exec_move(c, s, v);
		return s;
	case FLOW_KILL:
		mem_kill(s, address(c, s, v->args[0]));
		return s;
	case FLOW_ASM:
		exec_asm(c, s, v);
		return s;
	case FLOW_SELECT:
		return exec_select(c, s, v);
	case FLOW_CALL:
		s = exec_call(c, s, v);
		if (!v->noreturn)
			return s;
		state_free_list(s);
		return NULL;
	default:
		return s;
	}
}

/* Many states: those that agree merge, as they would at the end of the block; on single paths the last are left out. */
static struct state *fewer(struct ctx *c, struct state *list, const struct flow_block *b)
{
	struct state *out = NULL, *s, *t, *next;
	unsigned int n = 0;

	for (s = list; s; s = next) {
		next = s->next;
		s->next = NULL;
		for (t = c->target ? NULL : out; t; t = t->next)
			if (state_agrees(t, s, c->syms, false))
				break;
		if (!t && n >= MAX_IN_BLOCK && !c->target) {
			t = state_nearest(out, s);
			state_unite(c, t, s, false);
		}
		if (t) {
			state_join(t, s, c->fn, c->syms, c->fn->meets[b->id], NULL);
			state_free(s);
		} else if (n >= MAX_IN_BLOCK) {
			state_free(s);
		} else {
			s->next = out;
			out = s;
			n++;
		}
	}
	return out;
}

struct state *exec_block(struct ctx *c, struct state *s, const struct flow_block *b)
{
	struct state *list = s, *next, *out, **end;
	unsigned int i, n;

	for (i = 0; i < b->nvals && list && !c->found; i++) {
		const struct flow_val *v = b->vals[i];

		if (v->op == FLOW_PHI)
			continue;
		out = NULL;
		end = &out;
		n = 0;
		for (s = list; s; s = next) {
			next = s->next;
			s->next = NULL;
			*end = exec_one(c, s, v);
			for (; *end; end = &(*end)->next)
				n++;
		}
		list = n > FEW_IN_BLOCK && (v->op == FLOW_CALL || v->op == FLOW_SELECT) ? fewer(c, out, b) : out;
	}
	return list;
}

static int compare_ranges(const void *a, const void *b)
{
	const struct flow_range *x = a, *y = b;

	return x->lo < y->lo ? -1 : x->lo > y->lo;
}

/* In one of several ranges: in their hull, and not in between. */
static bool assume_cases(struct ctx *c, struct state *s, struct sym *x, const struct flow_edge *e, bool *doubt)
{
	struct flow_range *r = xmalloc(e->nranges * sizeof(*r));
	struct range hull;
	unsigned int i;
	bool ok;

	memcpy(r, e->ranges, e->nranges * sizeof(*r));
	qsort(r, e->nranges, sizeof(*r), compare_ranges);
	hull = (struct range){ r[0].lo, r[e->nranges - 1].hi };
	ok = facts_assume_range(&s->facts, c->syms, x, hull, doubt);
	for (i = 0; ok && i + 1 < e->nranges; i++)
		if (r[i].hi + 1 < r[i + 1].lo)
			ok = facts_exclude(&s->facts, c->syms, x, (struct range){ r[i].hi + 1, r[i + 1].lo - 1 },
					   doubt);
	free(r);
	return ok;
}

static bool assume_switch(struct ctx *c, struct state *s, const struct flow_block *b, const struct flow_edge *e,
			  bool *doubt)
{
	struct sym *x = eval(c, s, b->cond);
	struct range r;
	unsigned int i, j;

	if (e->guard == FLOW_CASE)
		return assume_cases(c, s, x, e, doubt);
	for (i = 0; i < b->nedges; i++)
		for (j = 0; j < b->edges[i].nranges; j++) {
			r = (struct range){ b->edges[i].ranges[j].lo, b->edges[i].ranges[j].hi };
			if (!facts_exclude(&s->facts, c->syms, x, r, doubt))
				return false;
		}
	return true;
}

/* Did this path take another edge of the block before? */
static bool went_otherwise(const struct state *s, const struct flow_block *b, const struct flow_edge *e)
{
	const struct trace *t;

	for (t = s->trace; t; t = t->prev)
		if (t->kind == TRACE_EDGE && t->block == b && &b->edges[t->n] != e)
			return true;
	return false;
}

/*
 * The loop that went on by this condition in an earlier turn ends by it: that is what was known of it, and that a call out of sight
 * changed it since is how the loop ends at all.
 */
static bool ends_loop(const struct ctx *c, const struct state *s, const struct flow_block *b, const struct flow_edge *e)
{
	const struct dom *dom = c->fn->dom;
	unsigned int header = dom->is_header[b->id] ? b->id : dom->header[b->id];

	return header != DOM_NONE && !dom_in_loop(dom, e->to->id, header) && went_otherwise(s, b, e);
}

static bool is_answer(const struct sym *s)
{
	return s->kind == SYM_VAL && s->type == FLOW_T_PTR && s->val && s->val->op == FLOW_CALL;
}

/* That two calls gave the same page is possible, but where it decides on what becomes of a mapping nobody means it. */
static void doubt_same_page(struct ctx *c, struct state *s, struct sym *cond, bool yes)
{
	struct sym *a, *b;
	unsigned int i;

	for (; cond->kind == SYM_NOT; cond = cond->args[0])
		yes = !yes;
	if (cond->kind != SYM_CMP || (yes ? (enum flow_cmp)cond->num : cmp_negate(cond->num)) != FLOW_EQ)
		return;
	a = cond->args[0];
	b = cond->args[1];
	if (!is_answer(a) || !is_answer(b) || facts_truth(&s->facts, c->syms, cond) != T_MAYBE)
		return;
	for (i = 0; i < s->nmaps; i++) {
		struct mapping *m = &s->maps[i];

		if (m->status == MAP_LIVE && !m->path.reason && (m->object == sym_object(a) || m->object == sym_object(b)))
			m->path = (struct doubt){ KC_R_CORRELATION, NULL };
	}
}

/*
 * A way that only a call out of sight opens, by changing what was known: were it not to change that, nobody would ask. Of single paths only, when
 * it is known which ways the others take.
 */
static bool is_opened(const struct ctx *c, const struct flow_block *b, unsigned int n)
{
	return c->target && n < 8 && !(c->fn->plain[b->id] & 1u << n);
}

static bool assume_guard(struct ctx *c, struct state *s, const struct flow_block *b, unsigned int n)
{
	const struct flow_edge *e = &b->edges[n];
	struct sym *cond;
	bool doubt = false, ok = true;

	switch (e->guard) {
	case FLOW_ALWAYS:
		return true;
	case FLOW_IF: case FLOW_ELSE:
		if (SEED_BUG(3) && e->guard == FLOW_ELSE)
			break;
		cond = eval(c, s, b->cond);
		doubt_same_page(c, s, cond, e->guard == FLOW_IF);
		ok = facts_assume(&s->facts, c->syms, cond, e->guard == FLOW_IF, &doubt);
		break;
	default:
		ok = assume_switch(c, s, b, e, &doubt);
		break;
	}
	if (ok && !doubt && !c->target && n < 8)
		c->fn->plain[b->id] |= (unsigned char)(1u << n);
	if (ok && doubt && !ends_loop(c, s, b, e) && !is_opened(c, b, n))
		state_doubt(s, (struct doubt){ KC_R_MEMORY, NULL });
	return ok;
}

static void enter_phis(struct ctx *c, struct state *s, const struct flow_block *from, const struct flow_block *to)
{
	struct sym *small[32], **vals = small;
	unsigned int i, j, n;

	for (n = 0; n < to->nvals && to->vals[n]->op == FLOW_PHI; n++)
		;
	if (n > ARRAY_SIZE(small))
		vals = xmalloc(n * sizeof(*vals));
	/* All at once: a phi may name another of the same block. */
	for (i = 0; i < n; i++) {
		const struct flow_val *phi = to->vals[i];

		vals[i] = NULL;
		for (j = 0; j < phi->nargs; j++)
			if (phi->preds[j] == from)
				vals[i] = facts_resolve(&s->facts, c->syms, eval(c, s, phi->args[j]));
	}
	for (i = 0; i < n; i++)
		env_set(s, to->vals[i]->id, vals[i] ? vals[i] : sym_val(c->syms, to->vals[i], 0, NULL));
	for (i = 0; i < n; i++)
		loop_redefine(c, s, to->vals[i]);
	if (vals != small)
		free(vals);
}

struct state *exec_edge(struct ctx *c, struct state *s, const struct flow_block *b, unsigned int n)
{
	const struct flow_edge *e = &b->edges[n];

	if (!assume_guard(c, s, b, n)) {
		state_free(s);
		return NULL;
	}
	if (b->nedges > 1)
		run_settle(c, s, e->to);
	if (b->nedges > 1 || e->loc.line)
		trace_add(c, s, (struct trace){ .kind = TRACE_EDGE, .block = b, .n = n });
	loop_redefine(c, s, c->fn->meets[e->to->id]);
	if (!SEED_BUG(5) || !dom_is_retreating(c->fn->dom, b->id, e->to->id))
		enter_phis(c, s, b, e->to);
	if (c->fn->dom->is_header[e->to->id]) {
		bool turn = dom_is_retreating(c->fn->dom, b->id, e->to->id);

		if (turn && c->fn->idles && c->fn->idles[e->to->id])
			mem_havoc_all(s, NULL);
		loop_enter(c, s, e->to, turn);
		dcache_loop(c, s, e->to, turn);
	}
	state_prune(s, c->fn, e->to);
	return s;
}

void exec_return(struct ctx *c, struct state *s, const struct flow_block *b)
{
	struct sym *ret = b->cond ? facts_resolve(&s->facts, c->syms, eval(c, s, b->cond)) : NULL;

	if (c->single_of) {
		outcome_try(c, c->fn, s, ret);
		return;
	}
	pair_return(c, s, b, ret);
	dcache_return(c, s, b, ret);
}
