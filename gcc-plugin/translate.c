// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * translate.c - a function: parameters, blocks, control flow
 */
#include "translate.h"

/* The last statement that does something, or NULL. */
gimple *tr_last(basic_block bb)
{
	gimple_stmt_iterator gsi = gsi_last_nondebug_bb(bb);

	return gsi_end_p(gsi) ? NULL : gsi_stmt(gsi);
}

/* The place of the nearest statement of the block, from @stmt on, that is code and has one. */
static struct flow_loc nearest_place(struct tr *t, gimple *stmt, bool onward)
{
	struct flow_loc loc = { 0, 0, 0 };
	gimple_stmt_iterator gsi = gsi_for_stmt(stmt);

	while (!gsi_end_p(gsi) && !loc.line) {
		if (!is_gimple_debug(gsi_stmt(gsi)) && gimple_code(gsi_stmt(gsi)) != GIMPLE_LABEL)
			loc = kp_place(t->k, gimple_location(gsi_stmt(gsi)));
		if (onward)
			gsi_next(&gsi);
		else
			gsi_prev(&gsi);
	}
	return loc;
}

/**
 * tr_place() - the place of a statement
 *
 * GCC 10 gives none to what it puts before a statement that it folds (the load that a memcpy() begins with): it has the place
 * of what follows, else of what comes before it in the block, else of the function.
 */
struct flow_loc tr_place(struct tr *t, gimple *stmt)
{
	struct flow_loc loc = nearest_place(t, stmt, true);

	if (!loc.line)
		loc = nearest_place(t, stmt, false);
	return loc.line ? loc : t->f->loc;
}

static bool is_computed_goto(gimple *stmt)
{
	return stmt && gimple_code(stmt) == GIMPLE_GOTO;
}

/* A call of what must be in no object, __attribute__((error)): an assertion about constants, which the optimisers have yet to decide. */
static bool is_refused(gimple *stmt)
{
	tree fndecl = gimple_code(stmt) == GIMPLE_CALL ? gimple_call_fndecl(stmt) : NULL_TREE;

	return fndecl && lookup_attribute("error", DECL_ATTRIBUTES(fndecl));
}

/* Control does not get here in what is compiled without that error. */
static bool is_refusal(basic_block bb)
{
	gimple_stmt_iterator gsi;

	if (bb->index < NUM_FIXED_BLOCKS)
		return false;
	for (gsi = gsi_start_bb(bb); !gsi_end_p(gsi); gsi_next(&gsi))
		if (is_refused(gsi_stmt(gsi)))
			return true;
	return false;
}

/* Control takes this edge as far as C goes: no exceptions, no return from setjmp() a second time. */
static bool is_kept(edge e)
{
	if (e->flags & (EDGE_EH | EDGE_FAKE))
		return false;
	if (EDGE_COUNT(e->src->succs) > 1 && is_refusal(e->dest))
		return false;
	if (e->flags & EDGE_ABNORMAL)
		return is_computed_goto(tr_last(e->src));
	return true;
}

static bool is_return_block(basic_block bb)
{
	gimple *last = bb->index >= NUM_FIXED_BLOCKS ? tr_last(bb) : NULL;

	return last && gimple_code(last) == GIMPLE_RETURN;
}

/* The place of the goto, break, continue or return that a block ends in: GIMPLE has no statement for it any more. */
static location_t hint_location(basic_block bb)
{
	gimple *last = tr_last(bb);

	if (!last || gimple_code(last) != GIMPLE_PREDICT)
		return UNKNOWN_LOCATION;
	switch (gimple_predict_predictor(last)) {
	case PRED_TREE_EARLY_RETURN:
	case PRED_GOTO:
	case PRED_CONTINUE:
		return gimple_location(last);
	default:
		return UNKNOWN_LOCATION;
	}
}

static location_t phi_location(edge e)
{
	gphi_iterator gsi;

	for (gsi = gsi_start_phis(e->dest); !gsi_end_p(gsi); gsi_next(&gsi))
		if (!virtual_operand_p(gimple_phi_result(gsi.phi())))
			return gimple_phi_arg_location_from_edge(gsi.phi(), e);
	return UNKNOWN_LOCATION;
}

static struct flow_loc edge_place(struct tr *t, edge e)
{
	struct flow_loc loc = kp_place(t->k, e->goto_locus);

	if (!loc.line && single_succ_p(e->src))
		loc = kp_place(t->k, hint_location(e->src));
	if (!loc.line && is_return_block(e->dest))
		loc = kp_place(t->k, phi_location(e));
	return loc;
}

static struct flow_block *target(struct tr *t, basic_block bb)
{
	return t->blocks[bb->index];
}

/* Several ways on, none of them known to be taken for a reason. */
static void any_of(struct tr *t, basic_block bb, struct flow_val *cond, struct flow_loc loc)
{
	struct flow_block *first = NULL;
	edge_iterator ei;
	int n = 0;
	edge e;

	flow_switch(t->b, cond, loc);
	FOR_EACH_EDGE(e, ei, bb->succs) {
		if (!is_kept(e))
			continue;
		n++;
		if (!first)
			first = target(t, e->dest);
		else if (target(t, e->dest) != first)
			flow_case(t->b, target(t, e->dest), n, n);
	}
	if (first)
		flow_default(t->b, first);
}

static void condition(struct tr *t, basic_block bb, gcond *stmt, struct flow_loc loc)
{
	tree x = gimple_cond_lhs(stmt), y = gimple_cond_rhs(stmt);
	enum tree_code code = gimple_cond_code(stmt);
	struct flow_val *v;
	edge yes, no;

	extract_true_false_edges_from_block(bb, &yes, &no);
	if (!target(t, yes->dest) || !target(t, no->dest)) {
		yes = target(t, yes->dest) ? yes : no;
		if (target(t, yes->dest))
			flow_goto(t->b, target(t, yes->dest), edge_place(t, yes));
		return;
	}
	if (TREE_CODE(TREE_TYPE(x)) == BOOLEAN_TYPE && integer_zerop(y) && (code == NE_EXPR || code == EQ_EXPR)) {
		v = tr_value(t, x);
		if (code == EQ_EXPR)
			v = flow_unary(t->b, FLOW_NOT, v);
	} else {
		v = tr_compare(t, code, x, y);
	}
	flow_branch(t->b, v, target(t, yes->dest), target(t, no->dest), loc);
}

static void add_case(struct tr *t, struct flow_block *to, tree low, tree high)
{
	int64_t lo = tr_int(low, false), hi = high ? tr_int(high, false) : lo;

	/* A range of unsigned numbers may cross the place where they turn negative. */
	if (lo > hi) {
		flow_case(t->b, to, lo, INT64_MAX);
		lo = INT64_MIN;
	}
	flow_case(t->b, to, lo, hi);
}

static void switch_statement(struct tr *t, gswitch *stmt, struct flow_loc loc)
{
	unsigned int i, n = gimple_switch_num_labels(stmt);
	struct flow_block *other, *to;
	tree label;

	other = target(t, label_to_block(t->fn, CASE_LABEL(gimple_switch_default_label(stmt))));
	flow_switch(t->b, tr_value(t, gimple_switch_index(stmt)), loc);
	for (i = 1; i < n; i++) {
		label = gimple_switch_label(stmt, i);
		to = target(t, label_to_block(t->fn, CASE_LABEL(label)));
		if (to && to != other)
			add_case(t, to, CASE_LOW(label), CASE_HIGH(label));
	}
	if (other)
		flow_default(t->b, other);
}

static void return_statement(struct tr *t, greturn *stmt)
{
	struct flow_loc loc = kp_place(t->k, gimple_location(stmt));
	tree x = gimple_return_retval(stmt);

	if (!loc.line)
		loc = kp_place(t->k, t->fn->function_end_locus);
	flow_ret(t->b, x ? tr_value(t, x) : NULL, loc);
}

static void asm_goto(struct tr *t, basic_block bb, gasm *stmt, struct flow_loc loc)
{
	struct flow_val *cond = tr_asm_goto_condition(t, stmt);

	tr_asm(t, stmt);
	any_of(t, bb, cond, loc);
}

static void set_edge_places(struct tr *t, basic_block bb)
{
	unsigned int i;
	edge_iterator ei;
	edge e;

	FOR_EACH_EDGE(e, ei, bb->succs) {
		if (!is_kept(e))
			continue;
		for (i = 0; i < t->b->nedges; i++)
			if (t->b->edges[i].to == target(t, e->dest))
				t->b->edges[i].loc = edge_place(t, e);
	}
}

static edge only_way_on(basic_block bb)
{
	edge_iterator ei;
	edge e, only = NULL;

	FOR_EACH_EDGE(e, ei, bb->succs)
		if (is_kept(e) && e->dest->index != EXIT_BLOCK)
			only = e;
	return only;
}

static void end_block(struct tr *t, basic_block bb)
{
	gimple *last = tr_last(bb);
	struct flow_loc loc = { 0, 0, 0 };
	edge e;

	if (last)
		loc = kp_place(t->k, gimple_location(last));
	switch (last ? gimple_code(last) : GIMPLE_NOP) {
	case GIMPLE_COND:
		condition(t, bb, (gcond *)last, loc);
		break;
	case GIMPLE_SWITCH:
		switch_statement(t, (gswitch *)last, loc);
		break;
	case GIMPLE_GOTO:
		any_of(t, bb, tr_value(t, gimple_goto_dest(last)), loc);
		break;
	case GIMPLE_RETURN:
		return_statement(t, (greturn *)last);
		break;
	case GIMPLE_ASM:
		if (gimple_asm_nlabels((gasm *)last)) {
			asm_goto(t, bb, (gasm *)last, loc);
			break;
		}
		/* FALLTHRU */
	default:
		e = only_way_on(bb);
		if (e)
			flow_goto(t->b, target(t, e->dest), edge_place(t, e));
		return;
	}
	set_edge_places(t, bb);
}

static void statement(struct tr *t, gimple *stmt)
{
	switch (gimple_code(stmt)) {
	case GIMPLE_ASSIGN:
		tr_assign(t, stmt);
		break;
	case GIMPLE_CALL:
		tr_call(t, (gcall *)stmt);
		break;
	case GIMPLE_ASM:
		if (!gimple_asm_nlabels((gasm *)stmt))
			tr_asm(t, (gasm *)stmt);
		break;
	default:
		/* Labels, hints, debug statements; and what ends a block, which end_block() sees to. */
		break;
	}
}

static void block(struct tr *t, basic_block bb)
{
	gimple_stmt_iterator gsi;
	gphi_iterator phis;

	t->b = target(t, bb);
	for (phis = gsi_start_phis(bb); !gsi_end_p(phis); gsi_next(&phis)) {
		tree result = gimple_phi_result(phis.phi());
		unsigned int mark = t->f->nvals;

		if (!virtual_operand_p(result))
			tr_define(t, result, flow_phi(t->b), mark);
	}
	for (gsi = gsi_start_bb(bb); !gsi_end_p(gsi); gsi_next(&gsi))
		statement(t, gsi_stmt(gsi));
	end_block(t, bb);
}

/* Once all blocks are there: what comes into the phis, from where. */
static void fill_phis(struct tr *t, basic_block bb)
{
	gphi_iterator phis;
	edge_iterator ei;
	edge e;

	for (phis = gsi_start_phis(bb); !gsi_end_p(phis); gsi_next(&phis)) {
		tree result = gimple_phi_result(phis.phi());

		if (virtual_operand_p(result))
			continue;
		FOR_EACH_EDGE(e, ei, bb->preds) {
			if (!target(t, e->src) || !is_kept(e))
				continue;
			t->b = target(t, e->src);
			flow_phi_add(t->ssa[SSA_NAME_VERSION(result)], t->b,
				     tr_value(t, PHI_ARG_DEF_FROM_EDGE(phis.phi(), e)));
		}
	}
}

/* The blocks that control gets to, each after those that dominate it. Return: how many; @order to be freed. */
static unsigned int reverse_postorder(function *fn, basic_block **order)
{
	unsigned int n = last_basic_block_for_fn(fn), sp = 0, left = n, i;
	struct frame { basic_block bb; unsigned int next; } *stack = XNEWVEC(struct frame, n + 1);
	basic_block *list = XNEWVEC(basic_block, n + 1);
	char *seen = XCNEWVEC(char, n + 1);

	stack[sp++] = { ENTRY_BLOCK_PTR_FOR_FN(fn), 0 };
	while (sp) {
		struct frame *top = &stack[sp - 1];
		edge e;

		if (top->next == EDGE_COUNT(top->bb->succs)) {
			list[--left] = top->bb;
			sp--;
			continue;
		}
		e = EDGE_SUCC(top->bb, top->next++);
		if (!is_kept(e) || e->dest->index == EXIT_BLOCK || seen[e->dest->index])
			continue;
		seen[e->dest->index] = 1;
		stack[sp++] = { e->dest, 0 };
	}
	for (i = left; i < n; i++)
		list[i - left] = list[i];
	free(stack);
	free(seen);
	*order = list;
	return n - left;
}

/* A parameter whose address is taken, or a struct, lives in memory, where the caller's value is stored first. */
static void parameters(struct tr *t, tree decl)
{
	struct flow_val *v;
	tree parm, ssa;

	for (parm = DECL_ARGUMENTS(decl); parm; parm = DECL_CHAIN(parm)) {
		v = flow_param(t->f, DECL_NAME(parm) ? IDENTIFIER_POINTER(DECL_NAME(parm)) : NULL,
			       tr_type(TREE_TYPE(parm)));
		if (is_gimple_reg(parm)) {
			ssa = ssa_default_def(t->fn, parm);
			if (ssa)
				t->ssa[SSA_NAME_VERSION(ssa)] = v;
		} else if (tr_size(TREE_TYPE(parm))) {
			flow_store(t->b, tr_addr(t, parm), v, tr_size(TREE_TYPE(parm)), { 0, 0, 0 });
		}
	}
}

static bool address_is_taken(cgraph_node *node)
{
	ipa_ref *ref = NULL;
	unsigned int i;

	if (node->address_taken || node->ifunc_resolver || DECL_PRESERVE_P(node->decl) || node->force_output ||
	    DECL_STATIC_CONSTRUCTOR(node->decl) || DECL_STATIC_DESTRUCTOR(node->decl))
		return true;
	for (i = 0; node->iterate_referring(i, ref); i++)
		if (ref->use == IPA_REF_ADDR || ref->use == IPA_REF_ALIAS)
			return true;
	return false;
}

static struct flow_func *make_function(struct kp_unit *k, cgraph_node *node)
{
	tree decl = node->decl;
	function *fn = DECL_STRUCT_FUNCTION(decl);
	struct flow_func *f;

	f = flow_func_new(k->flow, IDENTIFIER_POINTER(DECL_NAME(decl)), kp_place(k, DECL_SOURCE_LOCATION(decl)));
	f->endline = kp_place(k, fn->function_end_locus).line;
	f->is_static = !TREE_PUBLIC(decl);
	f->taken = address_is_taken(node);
	f->is_inline = f->loc.file && !kp_in_main_file(DECL_SOURCE_LOCATION(decl));
	f->varargs = stdarg_p(TREE_TYPE(decl));
	return f;
}

/**
 * kp_translate() - add a function to the unit
 *
 * Return: false if what came out is not well formed: a bug here, and the function is left out.
 */
bool kp_translate(struct kp_unit *k, cgraph_node *node)
{
	function *fn = DECL_STRUCT_FUNCTION(node->decl);
	kp_value_map vars;
	basic_block *order;
	unsigned int i, n;
	const char *wrong;
	struct tr t = {};

	t.k = k;
	t.fn = fn;
	t.vars = &vars;
	t.f = make_function(k, node);
	t.blocks = XCNEWVEC(struct flow_block *, last_basic_block_for_fn(fn) + 1);
	t.ssa = XCNEWVEC(struct flow_val *, SSANAMES(fn)->length() + 1);
	n = reverse_postorder(fn, &order);
	for (i = 0; i < n; i++)
		t.blocks[order[i]->index] = flow_block_new(t.f);
	t.b = t.blocks[ENTRY_BLOCK];
	parameters(&t, node->decl);
	end_block(&t, order[0]);
	for (i = 1; i < n; i++)
		block(&t, order[i]);
	for (i = 1; i < n; i++)
		fill_phis(&t, order[i]);
	free(order);
	free(t.ssa);
	free(t.blocks);
	wrong = flow_check(t.f);
	if (wrong && getenv("KMAPCHECK_DEBUG"))
		inform(DECL_SOURCE_LOCATION(node->decl), "kmapcheck: %qD: %s", node->decl, wrong);
	return !wrong;
}
