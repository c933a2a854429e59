// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * translate-call.c - calls: of functions, through pointers, of builtins and of GCC's own
 */
#include "translate.h"

static unsigned char flag_of(const_tree type)
{
	if (!POINTER_TYPE_P(type))
		return AGGREGATE_TYPE_P(type) ? FLOW_ARG_MUT : FLOW_ARG_INT;
	return TYPE_READONLY(TREE_TYPE(type)) ? FLOW_ARG_CONST : FLOW_ARG_MUT;
}

/* The value of the call, if there is one, goes where the statement puts it. */
static void set_result(struct tr *t, gcall *call, struct flow_val *v, unsigned int mark, struct flow_loc loc)
{
	tree lhs = gimple_call_lhs(call);

	if (!lhs)
		return;
	if (TREE_CODE(lhs) == SSA_NAME)
		tr_define(t, lhs, v, mark);
	else
		tr_store(t, lhs, v, loc);
}

/* Arguments are values; a struct is the load of it. */
static void arguments(struct tr *t, gcall *call, struct flow_val **args, unsigned char *flags, bool only_reads)
{
	tree fntype = gimple_call_fntype(call), param = fntype ? TYPE_ARG_TYPES(fntype) : NULL_TREE;
	unsigned int i;

	for (i = 0; i < gimple_call_num_args(call); i++) {
		tree arg = gimple_call_arg(call, i), type = TREE_TYPE(arg);

		if (param && TREE_VALUE(param) && !VOID_TYPE_P(TREE_VALUE(param)))
			type = TREE_VALUE(param);
		args[i] = tr_value(t, arg);
		flags[i] = flag_of(type);
		if (only_reads && flags[i] == FLOW_ARG_MUT)
			flags[i] = FLOW_ARG_CONST;
		param = param ? TREE_CHAIN(param) : NULL_TREE;
	}
}

static bool is_noreturn(gcall *call)
{
	basic_block bb = gimple_bb(call);

	if (gimple_call_flags(call) & ECF_NORETURN)
		return true;
	return EDGE_COUNT(bb->succs) == 0 && tr_last(bb) == call;
}

static void emit_call(struct tr *t, gcall *call, const char *name, unsigned int mark, struct flow_loc loc)
{
	unsigned int n = gimple_call_num_args(call);
	struct flow_val **args = XNEWVEC(struct flow_val *, n + 1), *fn = NULL, *v;
	unsigned char *flags = XNEWVEC(unsigned char, n + 1);
	int ecf = gimple_call_flags(call);
	tree type = gimple_call_fntype(call) ? gimple_call_return_type(call) : NULL_TREE;

	if (!type && gimple_call_lhs(call))
		type = TREE_TYPE(gimple_call_lhs(call));
	arguments(t, call, args, flags, ecf & (ECF_PURE | ECF_CONST));
	if (!name)
		fn = tr_value(t, gimple_call_fn(call));
	if (name && (ecf & ECF_CONST) && gimple_call_lhs(call) && !kc_is_modelled(t->k->kc, name)) {
		v = flow_pure(t->b, name, n, args);
	} else {
		v = flow_call(t->b, name, fn, n, args, flags, tr_type(type), loc);
		v->noreturn = is_noreturn(call);
	}
	set_result(t, call, v, mark, loc);
	free(args);
	free(flags);
}

/* GCC's own functions: checks, hints and arithmetic that tells of overflow. */
static void internal_call(struct tr *t, gcall *call, unsigned int mark, struct flow_loc loc)
{
	const char *name = internal_fn_name(gimple_call_internal_fn(call));
	tree lhs = gimple_call_lhs(call);

	if (!strcmp(name, "DEFERRED_INIT")) {
		/* A pattern that no source line writes: the variable is still uninitialised. */
		if (lhs && TREE_CODE(lhs) == SSA_NAME)
			t->ssa[SSA_NAME_VERSION(lhs)] = flow_undef(t->f);
		return;
	}
	if (!strcmp(name, "BUILTIN_EXPECT")) {
		set_result(t, call, flow_unary(t->b, FLOW_COPY, tr_value(t, gimple_call_arg(call, 0))), mark, loc);
		return;
	}
	if (!lhs)
		return;
	emit_call(t, call, name, mark, loc);
}

/*
 * What the optimisers have not got to yet, as they would find it; and what stands for no call.
 * Return: true if that is all there is to the call.
 */
static bool builtin_call(struct tr *t, gcall *call, tree fndecl, unsigned int mark, struct flow_loc loc)
{
	struct flow_val *v = NULL;
	tree arg = gimple_call_num_args(call) ? gimple_call_arg(call, 0) : NULL_TREE;

	if (kp_is_object_size(DECL_FUNCTION_CODE(fndecl))) {
		set_result(t, call, tr_const(t, tr_int(gimple_call_arg(call, 1), false) & 2 ? 0 : -1), mark, loc);
		return true;
	}
	switch (DECL_FUNCTION_CODE(fndecl)) {
	case BUILT_IN_EXPECT:
	case BUILT_IN_EXPECT_WITH_PROBABILITY:
	case BUILT_IN_ASSUME_ALIGNED:
		v = flow_unary(t->b, FLOW_COPY, tr_value(t, arg));
		break;
	case BUILT_IN_CONSTANT_P:
		v = tr_const(t, CONSTANT_CLASS_P(arg));
		break;
	case BUILT_IN_UNREACHABLE:
	case BUILT_IN_PREFETCH:
	case BUILT_IN_STACK_SAVE:
	case BUILT_IN_STACK_RESTORE:
	case BUILT_IN_VA_START:
	case BUILT_IN_VA_END:
		if (gimple_call_lhs(call))
			v = flow_undef(t->f);
		break;
	default:
		return false;
	}
	if (v)
		set_result(t, call, v, mark, loc);
	return true;
}

/**
 * tr_call() - a call statement
 */
void tr_call(struct tr *t, gcall *call)
{
	struct flow_loc loc = tr_place(t, call);
	unsigned int mark = t->f->nvals;
	const char *name = NULL;
	tree fndecl;

	if (gimple_call_internal_p(call)) {
		internal_call(t, call, mark, loc);
		return;
	}
	fndecl = gimple_call_fndecl(call);
	if (fndecl && fndecl_built_in_p(fndecl, BUILT_IN_NORMAL) && builtin_call(t, call, fndecl, mark, loc))
		return;
	if (fndecl)
		name = kp_callee_name(t->k, fndecl);
	if (name && kc_is_modelled(t->k->kc, name))
		kp_layout_of_call(t->k, TREE_TYPE(fndecl));
	emit_call(t, call, name, mark, loc);
}
