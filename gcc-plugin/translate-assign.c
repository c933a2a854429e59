// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * translate-assign.c - assignments and the expressions on their right
 */
#include "translate.h"

static bool is_bool(const_tree type)
{
	return TREE_CODE(type) == BOOLEAN_TYPE || (INTEGRAL_TYPE_P(type) && TYPE_PRECISION(type) == 1);
}

static bool is_number(const_tree type)
{
	return INTEGRAL_TYPE_P(type) || POINTER_TYPE_P(type);
}

/* "trunc_mod" for TRUNC_MOD_EXPR, "trunc_mod.u" where it is of unsigned numbers: of a negative one that is something else. */
static struct flow_val *pure_of_code(struct tr *t, enum tree_code code, const_tree type, unsigned int n,
				     struct flow_val **args)
{
	bool by_sign = code == TRUNC_DIV_EXPR || code == TRUNC_MOD_EXPR || code == RSHIFT_EXPR;
	char name[64];
	size_t len;

	snprintf(name, sizeof(name), "%s", get_tree_code_name(code));
	len = strlen(name);
	if (len > 5 && !strcmp(name + len - 5, "_expr"))
		name[len - 5] = '\0';
	if (by_sign && TYPE_UNSIGNED(type))
		strcat(name, ".u");
	return flow_pure(t->b, name, n, args);
}

static bool flow_comparison(enum tree_code code, bool is_unsigned, enum flow_cmp *c)
{
	static const struct {
		enum tree_code code;
		enum flow_cmp as_signed, as_unsigned;
	} codes[] = {
		{ EQ_EXPR, FLOW_EQ, FLOW_EQ },
		{ NE_EXPR, FLOW_NE, FLOW_NE },
		{ LT_EXPR, FLOW_SLT, FLOW_ULT },
		{ LE_EXPR, FLOW_SLE, FLOW_ULE },
		{ GT_EXPR, FLOW_SGT, FLOW_UGT },
		{ GE_EXPR, FLOW_SGE, FLOW_UGE },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(codes); i++) {
		if (codes[i].code != code)
			continue;
		*c = is_unsigned ? codes[i].as_unsigned : codes[i].as_signed;
		return true;
	}
	return false;
}

/**
 * tr_compare() - 1 or 0
 */
struct flow_val *tr_compare(struct tr *t, enum tree_code code, tree x, tree y)
{
	struct flow_val *args[] = { tr_value(t, x), tr_value(t, y) };
	tree type = TREE_TYPE(x);
	enum flow_cmp c;

	if (is_number(type) && flow_comparison(code, POINTER_TYPE_P(type) || TYPE_UNSIGNED(type), &c))
		return flow_cmp(t->b, c, args[0], args[1]);
	return pure_of_code(t, code, type, 2, args);
}

/* Is the top bit of few a sign now? "x & 0x80" is folded to a test of that. */
static bool gets_sign(const_tree to, const_tree from)
{
	return TYPE_PRECISION(to) <= 16 && TYPE_PRECISION(from) == TYPE_PRECISION(to) && !TYPE_UNSIGNED(to) &&
	       TYPE_UNSIGNED(from) && !is_bool(from);
}

/* A cast keeps the value, but for one to a few bits. */
static struct flow_val *convert(struct tr *t, tree to, tree x)
{
	struct flow_val *v = tr_value(t, x), *args[2];
	tree from = TREE_TYPE(x);

	if (INTEGRAL_TYPE_P(to) && INTEGRAL_TYPE_P(from) && TYPE_PRECISION(to) < 8 &&
	    TYPE_PRECISION(from) > TYPE_PRECISION(to) && !is_bool(from)) {
		args[0] = v;
		args[1] = tr_const(t, TYPE_PRECISION(to));
		return flow_pure(t->b, "low-bits", 2, args);
	}
	if (INTEGRAL_TYPE_P(to) && INTEGRAL_TYPE_P(from) && gets_sign(to, from)) {
		args[0] = v;
		args[1] = tr_const(t, TYPE_PRECISION(to));
		return flow_pure(t->b, "signed-bits", 2, args);
	}
	return flow_unary(t->b, FLOW_COPY, v);
}

static struct flow_val *unary(struct tr *t, enum tree_code code, tree type, tree x)
{
	struct flow_val *v;

	if (CONVERT_EXPR_CODE_P(code))
		return convert(t, type, x);
	v = tr_value(t, x);
	if (code == PAREN_EXPR || code == NON_LVALUE_EXPR)
		return flow_unary(t->b, FLOW_COPY, v);
	if (code == TRUTH_NOT_EXPR || (code == BIT_NOT_EXPR && is_bool(type)))
		return flow_unary(t->b, FLOW_NOT, v);
	if (code == NEGATE_EXPR && is_number(type))
		return flow_binary(t->b, FLOW_SUB, tr_const(t, 0), v);
	if (code == BIT_NOT_EXPR && is_number(type))
		return flow_binary(t->b, FLOW_SUB, tr_const(t, -1), v);
	return pure_of_code(t, code, type, 1, &v);
}

static struct flow_val *extreme(struct tr *t, bool least, tree x, tree y)
{
	struct flow_val *c = tr_compare(t, least ? LT_EXPR : GT_EXPR, x, y);

	return flow_select(t->b, c, tr_value(t, x), tr_value(t, y));
}

static struct flow_val *binary(struct tr *t, enum tree_code code, tree type, tree x, tree y)
{
	struct flow_val *args[2];

	if (TREE_CODE_CLASS(code) == tcc_comparison)
		return tr_compare(t, code, x, y);
	if (!is_number(type)) {
		args[0] = tr_value(t, x);
		args[1] = tr_value(t, y);
		return pure_of_code(t, code, type, 2, args);
	}
	switch (code) {
	case POINTER_PLUS_EXPR:
	case PLUS_EXPR:
		return flow_binary(t->b, FLOW_ADD, tr_offset(t, x), tr_offset(t, y));
	case MINUS_EXPR:
	case POINTER_DIFF_EXPR:
		return flow_binary(t->b, FLOW_SUB, tr_offset(t, x), tr_offset(t, y));
	case MULT_EXPR:
		return flow_binary(t->b, FLOW_MUL, tr_offset(t, x), tr_offset(t, y));
	case BIT_AND_EXPR:
	case TRUTH_AND_EXPR:
		return flow_binary(t->b, FLOW_AND, tr_value(t, x), tr_value(t, y));
	case BIT_IOR_EXPR:
	case TRUTH_OR_EXPR:
		return flow_binary(t->b, FLOW_OR, tr_value(t, x), tr_value(t, y));
	case MIN_EXPR:
	case MAX_EXPR:
		return extreme(t, code == MIN_EXPR, x, y);
	case BIT_XOR_EXPR:
	case TRUTH_XOR_EXPR:
		if (is_bool(type))
			return flow_cmp(t->b, FLOW_NE, tr_value(t, x), tr_value(t, y));
		break;
	case LSHIFT_EXPR:
		if (TREE_CODE(y) == INTEGER_CST && tr_int(y, false) >= 0 && tr_int(y, false) < 62)
			return flow_binary(t->b, FLOW_MUL, tr_value(t, x),
					   tr_const(t, (int64_t)1 << tr_int(y, false)));
		break;
	default:
		break;
	}
	args[0] = tr_value(t, x);
	args[1] = tr_value(t, y);
	return pure_of_code(t, code, type, 2, args);
}

static struct flow_val *ternary(struct tr *t, enum tree_code code, tree x, tree y, tree z)
{
	struct flow_val *args[3];

	/* GCC up to 12 may have the comparison itself as the first operand. */
	if (COMPARISON_CLASS_P(x))
		args[0] = tr_compare(t, TREE_CODE(x), TREE_OPERAND(x, 0), TREE_OPERAND(x, 1));
	else
		args[0] = tr_value(t, x);
	args[1] = tr_value(t, y);
	args[2] = tr_value(t, z);
	if (code == COND_EXPR)
		return flow_select(t->b, args[0], args[1], args[2]);
	return pure_of_code(t, code, TREE_TYPE(y), 3, args);
}

/* A vector is of no interest: it depends on its elements. */
static struct flow_val *constructor(struct tr *t, tree x)
{
	unsigned HOST_WIDE_INT i;
	struct flow_val *args[16];
	unsigned int n = 0;
	tree value;

	FOR_EACH_CONSTRUCTOR_VALUE(CONSTRUCTOR_ELTS(x), i, value)
		if (n < ARRAY_SIZE(args))
			args[n++] = tr_value(t, value);
	if (CONSTRUCTOR_NELTS(x) > n)
		return flow_asm(t->b, n, args, { 0, 0, 0 });
	return flow_pure(t->b, "vector", n, args);
}

static struct flow_val *single(struct tr *t, tree x, struct flow_loc loc)
{
	if (is_gimple_val(x))
		return tr_value(t, x);
	if (TREE_CODE(x) == CONSTRUCTOR)
		return constructor(t, x);
	if (TREE_CODE(x) == ADDR_EXPR)
		return tr_addr(t, TREE_OPERAND(x, 0));
	if (TREE_CODE(x) == OBJ_TYPE_REF || TREE_CODE(x) == ASSERT_EXPR)
		return tr_value(t, TREE_OPERAND(x, 0));
	return tr_load(t, x, loc);
}

static struct flow_val *right_side(struct tr *t, gassign *a, struct flow_loc loc)
{
	enum tree_code code = gimple_assign_rhs_code(a);

	switch (gimple_assign_rhs_class(a)) {
	case GIMPLE_UNARY_RHS:
		return unary(t, code, TREE_TYPE(gimple_assign_lhs(a)), gimple_assign_rhs1(a));
	case GIMPLE_BINARY_RHS:
		return binary(t, code, TREE_TYPE(gimple_assign_lhs(a)), gimple_assign_rhs1(a), gimple_assign_rhs2(a));
	case GIMPLE_TERNARY_RHS:
		return ternary(t, code, gimple_assign_rhs1(a), gimple_assign_rhs2(a), gimple_assign_rhs3(a));
	default:
		return single(t, gimple_assign_rhs1(a), loc);
	}
}

/* "= {}" of what is too large for one store is the memset() that it compiles to. */
static void store_zero(struct tr *t, tree lhs, struct flow_loc loc)
{
	static const unsigned char flags[] = { FLOW_ARG_MUT, FLOW_ARG_INT, FLOW_ARG_INT };
	unsigned int size = tr_size(TREE_TYPE(lhs));
	struct flow_val *args[3];

	if (size && size <= 8) {
		flow_store(t->b, tr_addr(t, lhs), tr_const(t, 0), size, loc);
		return;
	}
	args[0] = tr_addr(t, lhs);
	args[1] = tr_const(t, 0);
	args[2] = tr_const(t, size);
	flow_call(t->b, "memset", NULL, 3, args, flags, FLOW_T_PTR, loc);
}

static void assign_struct(struct tr *t, tree lhs, tree rhs, struct flow_loc loc)
{
	struct flow_val *from;

	if (TREE_CODE(rhs) == CONSTRUCTOR) {
		store_zero(t, lhs, loc);
		return;
	}
	while (TREE_CODE(rhs) == VIEW_CONVERT_EXPR)
		rhs = TREE_OPERAND(rhs, 0);
	if (TREE_CODE(rhs) == SSA_NAME) {
		tr_store(t, lhs, tr_value(t, rhs), loc);
		return;
	}
	from = tr_addr(t, rhs);
	flow_move(t->b, tr_addr(t, lhs), from, tr_size(TREE_TYPE(lhs)), loc);
}

/**
 * tr_assign() - an assignment statement
 */
void tr_assign(struct tr *t, gimple *stmt)
{
	gassign *a = (gassign *)stmt;
	tree lhs = gimple_assign_lhs(a);
	struct flow_loc loc = tr_place(t, a);
	unsigned int mark = t->f->nvals;

	if (TREE_CLOBBER_P(gimple_assign_rhs1(a)))
		flow_unary(t->b, FLOW_KILL, tr_addr(t, lhs));
	else if (TREE_CODE(lhs) == SSA_NAME)
		tr_define(t, lhs, right_side(t, a, loc), mark);
	else if (is_gimple_reg_type(TREE_TYPE(lhs)))
		tr_store(t, lhs, right_side(t, a, loc), loc);
	else
		assign_struct(t, lhs, gimple_assign_rhs1(a), loc);
}
