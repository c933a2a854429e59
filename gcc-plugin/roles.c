// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * roles.c - what functions are there for: the structs that they are handed, and the fields of constant tables that their address stands in
 *
 * The model says which of both it wants to know.
 */
#include "plugin.h"

static void params(struct kp_unit *k, tree fndecl)
{
	tree parm;

	for (parm = DECL_ARGUMENTS(fndecl); parm; parm = DECL_CHAIN(parm)) {
		tree type = TREE_TYPE(parm), name;

		if (!POINTER_TYPE_P(type) || !RECORD_OR_UNION_TYPE_P(TREE_TYPE(type)))
			continue;
		name = TYPE_NAME(TYPE_MAIN_VARIANT(TREE_TYPE(type)));
		if (name && TREE_CODE(name) == TYPE_DECL)
			name = DECL_NAME(name);
		if (name && kc_wants_role(k->kc, IDENTIFIER_POINTER(name)))
			flow_role(k->flow, IDENTIFIER_POINTER(DECL_NAME(fndecl)), IDENTIFIER_POINTER(name));
	}
}

static void table(struct kp_unit *k, tree init)
{
	unsigned HOST_WIDE_INT i;
	tree field, value;

	FOR_EACH_CONSTRUCTOR_ELT(CONSTRUCTOR_ELTS(init), i, field, value) {
		char *name;

		STRIP_NOPS(value);
		if (TREE_CODE(value) != ADDR_EXPR || TREE_CODE(TREE_OPERAND(value, 0)) != FUNCTION_DECL || !field ||
		    TREE_CODE(field) != FIELD_DECL)
			continue;
		name = kp_field_name(TREE_TYPE(init), field);
		if (kc_wants_role(k->kc, name))
			flow_role(k->flow, IDENTIFIER_POINTER(DECL_NAME(TREE_OPERAND(value, 0))), name);
		free(name);
	}
}

/**
 * kp_roles() - add the roles of functions to the unit
 * @chosen: the functions that it has
 */
void kp_roles(struct kp_unit *k, const struct kp_nodes *chosen)
{
	varpool_node *var;
	unsigned int i;

	for (i = 0; i < chosen->n; i++)
		params(k, chosen->list[i]->decl);
	if (!chosen->n)
		return;
	FOR_EACH_VARIABLE(var) {
		tree init = DECL_INITIAL(var->decl);

		if (init && TREE_CODE(init) == CONSTRUCTOR && TREE_CODE(TREE_TYPE(init)) == RECORD_TYPE)
			table(k, init);
	}
}
