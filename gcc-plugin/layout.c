// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * layout.c - what fields are called, and where they lie in the structs that a modelled call is given
 *
 * The model names fields that no instruction of the caller needs to name.
 */
#include "plugin.h"

/* Structs inside structs are followed this deep. */
enum { LAYOUT_DEPTH = 4 };

/**
 * kp_field_name() - "tag.field"
 * @tag_type: the struct or union, by its tag or, where it has none, its typedef
 *
 * Return: the name, to be freed; ".field" in a struct that has no name.
 */
char *kp_field_name(tree tag_type, tree field)
{
	tree name = TYPE_NAME(TYPE_MAIN_VARIANT(tag_type));

	if (name && TREE_CODE(name) == TYPE_DECL)
		name = DECL_NAME(name);
	return concat(name ? IDENTIFIER_POINTER(name) : "", ".",
		      DECL_NAME(field) ? IDENTIFIER_POINTER(DECL_NAME(field)) : "", NULL);
}

static void lay_out(struct kp_unit *k, tree tag_type, tree type, HOST_WIDE_INT base, unsigned int depth)
{
	tree field;

	for (field = TYPE_FIELDS(type); field; field = DECL_CHAIN(field)) {
		tree ft = TREE_TYPE(field);
		HOST_WIDE_INT at;
		char *name;

		if (TREE_CODE(field) != FIELD_DECL || !tree_fits_shwi_p(DECL_FIELD_OFFSET(field)))
			continue;
		at = base + int_bit_position(field) / BITS_PER_UNIT;
		if (DECL_NAME(field)) {
			name = kp_field_name(tag_type, field);
			flow_layout(k->flow, name, at);
			free(name);
		}
		if (!RECORD_OR_UNION_TYPE_P(ft) || depth >= LAYOUT_DEPTH)
			continue;
		if (!DECL_NAME(field))
			lay_out(k, tag_type, ft, at, depth + 1);
		else if (!k->laid_out->add(TYPE_MAIN_VARIANT(ft)))
			lay_out(k, ft, ft, 0, depth + 1);
	}
}

static void lay_out_pointee(struct kp_unit *k, tree type)
{
	if (!type || !POINTER_TYPE_P(type))
		return;
	type = TYPE_MAIN_VARIANT(TREE_TYPE(type));
	if (RECORD_OR_UNION_TYPE_P(type) && COMPLETE_TYPE_P(type) && !k->laid_out->add(type))
		lay_out(k, type, type, 0, 0);
}

/**
 * kp_layout_of_call() - add the layouts of the structs that a function takes or returns pointers to
 */
void kp_layout_of_call(struct kp_unit *k, tree fntype)
{
	tree arg;

	lay_out_pointee(k, TREE_TYPE(fntype));
	for (arg = TYPE_ARG_TYPES(fntype); arg && arg != void_list_node; arg = TREE_CHAIN(arg))
		lay_out_pointee(k, TREE_VALUE(arg));
}
