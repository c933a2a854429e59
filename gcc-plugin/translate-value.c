// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * translate-value.c - constants, SSA names and the names that the source has for them
 */
#include "translate.h"

struct flow_val *tr_const(struct tr *t, int64_t v)
{
	struct flow_val **slot;

	if (v < KP_SMALL_LOW || v >= KP_SMALL_HIGH)
		return flow_const(t->f, v);
	slot = &t->consts[v - KP_SMALL_LOW];
	if (!*slot)
		*slot = flow_const(t->f, v);
	return *slot;
}

/**
 * tr_int() - the signed 64-bit number that stands for an integer constant
 * @offset: it is added, so that a large unsigned number means a small negative one whatever its width
 *
 * Unsigned types of 32 bits and more are extended by their top bit as well: -1 is the same number then whether a cast
 * made it unsigned or not, and the order among the numbers of one type is kept, read as signed or as unsigned.
 */
int64_t tr_int(const_tree cst, bool offset)
{
	unsigned int prec = TYPE_PRECISION(TREE_TYPE(cst));
	uint64_t v = wi::to_wide(cst).elt(0);
	bool extend = !TYPE_UNSIGNED(TREE_TYPE(cst)) || (prec >= 32) || (offset && prec > 1);

	if (prec >= 64)
		return (int64_t)v;
	v &= ((uint64_t)1 << prec) - 1;
	if (extend && prec && v >> (prec - 1))
		v -= (uint64_t)1 << prec;
	return (int64_t)v;
}

enum flow_type tr_type(const_tree type)
{
	if (!type || VOID_TYPE_P(type))
		return FLOW_T_VOID;
	if (POINTER_TYPE_P(type))
		return FLOW_T_PTR;
	if (TREE_CODE(type) == BOOLEAN_TYPE)
		return FLOW_T_BOOL;
	if (TREE_CODE(type) == INTEGER_TYPE && TYPE_UNSIGNED(type) && TYPE_PRECISION(type) <= 32)
		return FLOW_T_UINT;
	return FLOW_T_INT;
}

/* Numbers of other kinds are equal only to themselves, as far as anybody needs to know. */
static struct flow_val *opaque_constant(struct tr *t, tree x)
{
	char name[32];

	if (TREE_CODE(x) == REAL_CST)
		snprintf(name, sizeof(name), "real.%x", real_hash(TREE_REAL_CST_PTR(x)));
	else
		snprintf(name, sizeof(name), "constant.%u", t->k->nnames++);
	return flow_pure(t->b, name, 0, NULL);
}

static bool is_small_integer(const_tree x)
{
	return TREE_CODE(x) == INTEGER_CST && (wi::fits_shwi_p(wi::to_wide(x)) || wi::fits_uhwi_p(wi::to_wide(x)));
}

/* The name of a variable that the source declares, or NULL. */
const char *tr_user_name(tree decl)
{
	if (!decl || !DECL_P(decl) || !DECL_NAME(decl) || DECL_ARTIFICIAL(decl) || DECL_IGNORED_P(decl))
		return NULL;
	return IDENTIFIER_POINTER(DECL_NAME(decl));
}

static struct flow_val *ssa_value(struct tr *t, tree ssa)
{
	struct flow_val **slot = &t->ssa[SSA_NAME_VERSION(ssa)];

	/* What is still without a value here has no definition that control gets to. */
	if (!*slot)
		*slot = flow_undef(t->f);
	return *slot;
}

/**
 * tr_value() - the value of a GIMPLE operand that needs no statement: an SSA name, a constant, an address
 */
struct flow_val *tr_value(struct tr *t, tree x)
{
	if (TREE_CODE(x) == SSA_NAME)
		return ssa_value(t, x);
	if (is_small_integer(x))
		return tr_const(t, tr_int(x, false));
	if (TREE_CODE(x) == ADDR_EXPR)
		return tr_addr(t, TREE_OPERAND(x, 0));
	if (CONSTANT_CLASS_P(x) && TREE_CODE(x) != STRING_CST)
		return opaque_constant(t, x);
	return tr_load(t, x, { 0, 0, 0 });
}

/* The same for something that is added. */
struct flow_val *tr_offset(struct tr *t, tree x)
{
	return is_small_integer(x) ? tr_const(t, tr_int(x, true)) : tr_value(t, x);
}

/**
 * tr_define() - @v is the value of @ssa from here on, under the variable's name
 * @mark: t->f->nvals before @v was made; what is older belongs to another name
 */
void tr_define(struct tr *t, tree ssa, struct flow_val *v, unsigned int mark)
{
	const char *name = tr_user_name(SSA_NAME_VAR(ssa));

	if (name) {
		if (v->id < mark || !v->block)
			v = flow_unary(t->b, FLOW_COPY, v);
		flow_name(v, name);
	}
	t->ssa[SSA_NAME_VERSION(ssa)] = v;
}
