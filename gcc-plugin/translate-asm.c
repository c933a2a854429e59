// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * translate-asm.c - inline assembly
 *
 * Assembly without a text computes nothing: an output that is tied to an input is a copy of it (that is how a value is
 * hidden from the optimisers). Any other output is unknown.
 */
#include "translate.h"

static const char *constraint(tree operand)
{
	return TREE_STRING_POINTER(TREE_VALUE(TREE_PURPOSE(operand)));
}

static bool is_empty(gasm *stmt)
{
	return !gimple_asm_string(stmt)[strspn(gimple_asm_string(stmt), " \t\n#")];
}

/* The input that output @n is tied to, or NULL. */
static tree tied_input(gasm *stmt, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < gimple_asm_ninputs(stmt); i++) {
		const char *c = constraint(gimple_asm_input_op(stmt, i));

		c += strspn(c, "%");
		if (ISDIGIT(*c) && strtoul(c, NULL, 10) == n)
			return TREE_VALUE(gimple_asm_input_op(stmt, i));
	}
	return NULL_TREE;
}

static struct flow_val *operand(struct tr *t, tree x)
{
	return is_gimple_val(x) || TREE_CODE(x) == ADDR_EXPR ? tr_value(t, x) : tr_addr(t, x);
}

static struct flow_val *emit_asm(struct tr *t, gasm *stmt, struct flow_loc loc)
{
	unsigned int i, n = 0, most = gimple_asm_noutputs(stmt) + gimple_asm_ninputs(stmt);
	struct flow_val **args = XNEWVEC(struct flow_val *, most + 1), *v;

	for (i = 0; i < gimple_asm_noutputs(stmt); i++) {
		tree x = TREE_VALUE(gimple_asm_output_op(stmt, i));

		if (TREE_CODE(x) != SSA_NAME)
			args[n++] = tr_addr(t, x);
	}
	for (i = 0; i < gimple_asm_ninputs(stmt); i++)
		args[n++] = operand(t, TREE_VALUE(gimple_asm_input_op(stmt, i)));
	v = flow_asm(t->b, n, args, loc);
	free(args);
	return v;
}

/**
 * tr_asm() - an asm statement
 */
void tr_asm(struct tr *t, gasm *stmt)
{
	struct flow_loc loc = tr_place(t, stmt);
	bool empty = is_empty(stmt);
	struct flow_val *v = NULL;
	unsigned int i, mark;

	if (!empty)
		v = emit_asm(t, stmt, loc);
	for (i = 0; i < gimple_asm_noutputs(stmt); i++) {
		tree x = TREE_VALUE(gimple_asm_output_op(stmt, i)), tied = tied_input(stmt, i);

		mark = v && !i ? v->id : t->f->nvals;
		if (empty && tied) {
			v = flow_unary(t->b, FLOW_COPY, operand(t, tied));
			if (TREE_CODE(x) != SSA_NAME)
				tr_store(t, x, v, loc);
		} else if (empty || i || !v) {
			/* Each output is a value of its own. */
			v = flow_asm(t->b, 0, NULL, loc);
			if (empty && TREE_CODE(x) != SSA_NAME && *constraint(gimple_asm_output_op(stmt, i)) == '=')
				tr_store(t, x, v, loc);
		}
		if (TREE_CODE(x) == SSA_NAME)
			tr_define(t, x, v, mark);
	}
}

static bool has_constant_inputs(gasm *stmt)
{
	unsigned int i;

	for (i = 0; i < gimple_asm_ninputs(stmt); i++)
		if (!is_gimple_min_invariant(TREE_VALUE(gimple_asm_input_op(stmt, i))))
			return false;
	return true;
}

static uint32_t text_hash(const char *s)
{
	uint32_t h = 2166136261u;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return h;
}

/**
 * tr_asm_goto_condition() - what decides where an asm goto goes
 *
 * One that has nothing but constants to look at (a static key, a CPU feature) goes the same way each time.
 */
struct flow_val *tr_asm_goto_condition(struct tr *t, gasm *stmt)
{
	struct flow_loc loc = tr_place(t, stmt);
	unsigned int i, n = gimple_asm_ninputs(stmt);
	struct flow_val **args, *v;
	char name[32];

	if (gimple_asm_noutputs(stmt) || !has_constant_inputs(stmt))
		return flow_asm(t->b, 0, NULL, loc);
	args = XNEWVEC(struct flow_val *, n + 1);
	for (i = 0; i < n; i++)
		args[i] = tr_value(t, TREE_VALUE(gimple_asm_input_op(stmt, i)));
	snprintf(name, sizeof(name), "asm-goto.%08x", text_hash(gimple_asm_string(stmt)));
	v = flow_pure(t->b, name, n, args);
	free(args);
	return v;
}
