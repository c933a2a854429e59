// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * translate-memory.c - access paths, loads and stores
 *
 * A reference becomes the address of its root (a variable or a pointer's value) and one step per field or index. Fields
 * that are not whole bytes are loaded as the bytes that hold them, and a "bits" of these; storing one loads, changes and
 * stores the bytes. So two bit fields of one byte are never taken for one another.
 */
#include "translate.h"

/**
 * struct bits - where a bit field lies in the bytes that hold it
 */
struct bits {
	unsigned int first, width, bytes;
};

/* 0 where the size is not known at compile time, or beyond what anybody asks about. */
unsigned int tr_size(const_tree type)
{
	tree size = TYPE_SIZE_UNIT(type);

	if (!size || !tree_fits_uhwi_p(size) || tree_to_uhwi(size) > UINT_MAX)
		return 0;
	return tree_to_uhwi(size);
}

/* A name that is one's own in the unit: statics of two functions may be called the same. */
static const char *unique_name(struct kp_unit *k, tree decl, const char *scope, const char *name)
{
	const char **known = k->names->get(decl), *unique;
	char *s;

	if (known)
		return *known;
	s = xasprintf("%s.%s.%u", scope, name, k->nnames++);
	unique = flow_intern(k->flow, s);
	free(s);
	k->names->put(decl, unique);
	return unique;
}

static struct flow_val *global_address(struct tr *t, tree decl)
{
	const char *name = NULL, *scope = "";

	if (TREE_CODE(decl) == STRING_CST && TREE_STRING_LENGTH(decl) > 0)
		return flow_string(t->f, TREE_STRING_POINTER(decl), TREE_STRING_LENGTH(decl) - 1);
	if (DECL_P(decl) && DECL_NAME(decl))
		name = IDENTIFIER_POINTER(DECL_NAME(decl));
	if (TREE_CODE(decl) == FUNCTION_DECL && name)
		return flow_global(t->f, name);
	if (VAR_P(decl) && name && (!DECL_CONTEXT(decl) || TREE_CODE(DECL_CONTEXT(decl)) == TRANSLATION_UNIT_DECL ||
				    DECL_EXTERNAL(decl)))
		return flow_global(t->f, name);
	if (DECL_P(decl) && DECL_CONTEXT(decl) && TREE_CODE(DECL_CONTEXT(decl)) == FUNCTION_DECL)
		scope = t->f->name;
	return flow_global(t->f, unique_name(t->k, decl, scope, name ? name : "constant"));
}

/* The address of a variable, a function, a string. */
static struct flow_val *base_address(struct tr *t, tree base)
{
	struct flow_val **known = t->vars->get(base), *made;

	if (known)
		return *known;
	if ((VAR_P(base) && !is_global_var(base)) || TREE_CODE(base) == PARM_DECL || TREE_CODE(base) == RESULT_DECL)
		made = flow_local(t->f, DECL_NAME(base) ? IDENTIFIER_POINTER(DECL_NAME(base)) : "tmp");
	else
		made = global_address(t, base);
	t->vars->put(base, made);
	return made;
}

static struct flow_val *step(struct tr *t, struct flow_val *base, HOST_WIDE_INT offset)
{
	return offset ? flow_field(t->b, base, offset, NULL) : base;
}

/*
 * One step for a field and for the anonymous structs around it, named after the first of them that has a name.
 */
static struct flow_val *field_address(struct tr *t, tree ref)
{
	tree field = TREE_OPERAND(ref, 1);
	HOST_WIDE_INT bit = 0;
	struct flow_val *v;
	bool known = true;
	char *name;
	tree in;

	for (in = ref; ; in = TREE_OPERAND(in, 0)) {
		tree f = TREE_OPERAND(in, 1);

		if (TREE_OPERAND(in, 2) || !tree_fits_shwi_p(DECL_FIELD_OFFSET(f)))
			known = false;
		else
			bit += int_bit_position(f);
		if (TREE_CODE(TREE_OPERAND(in, 0)) != COMPONENT_REF ||
		    DECL_NAME(TREE_OPERAND(TREE_OPERAND(in, 0), 1)))
			break;
	}
	v = tr_addr(t, TREE_OPERAND(in, 0));
	name = kp_field_name(TREE_TYPE(TREE_OPERAND(in, 0)), field);
	if (known)
		v = flow_field(t->b, v, bit / BITS_PER_UNIT, name);
	else
		v = flow_pure(t->b, name, 1, &v);
	free(name);
	return v;
}

static struct flow_val *element_address(struct tr *t, tree ref)
{
	tree index = TREE_OPERAND(ref, 1), low = TREE_OPERAND(ref, 2);
	struct flow_val *base = tr_addr(t, TREE_OPERAND(ref, 0)), *args[2];
	unsigned int size = tr_size(TREE_TYPE(ref));

	if (!low || integer_zerop(low)) {
		/* The element type of an array may be smaller than its stride only where operand 3 says so. */
		if (size && !TREE_OPERAND(ref, 3) && TREE_CODE(index) == INTEGER_CST)
			return step(t, base, tr_int(index, true) * size);
		if (size == 1 && !TREE_OPERAND(ref, 3))
			return flow_binary(t->b, FLOW_ADD, base, tr_offset(t, index));
		if (size && !TREE_OPERAND(ref, 3))
			return flow_binary(t->b, FLOW_ADD, base,
					   flow_binary(t->b, FLOW_MUL, tr_offset(t, index), tr_const(t, size)));
	}
	args[0] = base;
	args[1] = tr_value(t, index);
	return flow_pure(t->b, "element", 2, args);
}

static struct flow_val *memory_address(struct tr *t, tree ref)
{
	return step(t, tr_value(t, TREE_OPERAND(ref, 0)), tr_int(TREE_OPERAND(ref, 1), true));
}

static struct flow_val *odd_address(struct tr *t, tree ref)
{
	struct flow_val *v = NULL;

	if (TREE_CODE(ref) == TARGET_MEM_REF)
		v = tr_value(t, TREE_OPERAND(ref, 0));
	return flow_pure(t->b, get_tree_code_name(TREE_CODE(ref)), !!v, &v);
}

/**
 * tr_addr() - the address of a reference to memory
 *
 * For a bit field, of the first byte that holds some of it.
 */
struct flow_val *tr_addr(struct tr *t, tree ref)
{
	switch (TREE_CODE(ref)) {
	case COMPONENT_REF:
		return field_address(t, ref);
	case ARRAY_REF:
		return element_address(t, ref);
	case MEM_REF:
		return memory_address(t, ref);
	case BIT_FIELD_REF:
		return step(t, tr_addr(t, TREE_OPERAND(ref, 0)), tr_int(TREE_OPERAND(ref, 2), true) / BITS_PER_UNIT);
	case IMAGPART_EXPR:
		return step(t, tr_addr(t, TREE_OPERAND(ref, 0)), tr_size(TREE_TYPE(ref)));
	case REALPART_EXPR:
	case VIEW_CONVERT_EXPR:
	case WITH_SIZE_EXPR:
		return tr_addr(t, TREE_OPERAND(ref, 0));
	case SSA_NAME:
		/* A part of a value is no memory: the caller has looked, so this is its address by name only. */
		return tr_value(t, ref);
	default:
		if (DECL_P(ref) || CONSTANT_CLASS_P(ref))
			return base_address(t, ref);
		return odd_address(t, ref);
	}
}

/* Is the reference to a part of a value in a register? */
static tree value_inside(tree ref)
{
	while (handled_component_p(ref))
		ref = TREE_OPERAND(ref, 0);
	return TREE_CODE(ref) == SSA_NAME ? ref : NULL_TREE;
}

static bool is_bits(tree ref, struct bits *b)
{
	HOST_WIDE_INT first, width;
	tree field;

	if (TREE_CODE(ref) == BIT_FIELD_REF) {
		width = tr_int(TREE_OPERAND(ref, 1), true);
		first = tr_int(TREE_OPERAND(ref, 2), true);
	} else if (TREE_CODE(ref) == COMPONENT_REF && DECL_BIT_FIELD(TREE_OPERAND(ref, 1))) {
		field = TREE_OPERAND(ref, 1);
		if (!tree_fits_uhwi_p(DECL_SIZE(field)))
			return false;
		width = tree_to_uhwi(DECL_SIZE(field));
		first = tree_to_uhwi(DECL_FIELD_BIT_OFFSET(field));
	} else {
		return false;
	}
	b->first = first % BITS_PER_UNIT;
	b->width = width;
	b->bytes = (b->first + b->width + BITS_PER_UNIT - 1) / BITS_PER_UNIT;
	return b->first || b->width % BITS_PER_UNIT;
}

static struct flow_val *extract(struct tr *t, struct flow_val *whole, const struct bits *b)
{
	struct flow_val *args[] = { whole, tr_const(t, b->first), tr_const(t, b->width) };

	return flow_pure(t->b, "bits", 3, args);
}

static struct flow_val *part_of_value(struct tr *t, tree ref, tree inside)
{
	struct flow_val *v = tr_value(t, inside);
	struct flow_val *args[] = { v, NULL, NULL };
	unsigned int n = 1;

	if (TREE_CODE(ref) == VIEW_CONVERT_EXPR && TREE_OPERAND(ref, 0) == inside)
		return flow_unary(t->b, FLOW_COPY, v);
	if (TREE_CODE(ref) == BIT_FIELD_REF) {
		args[n++] = tr_offset(t, TREE_OPERAND(ref, 1));
		args[n++] = tr_offset(t, TREE_OPERAND(ref, 2));
	}
	return flow_pure(t->b, get_tree_code_name(TREE_CODE(ref)), n, args);
}

/**
 * tr_load() - the value that a reference to memory has now
 */
struct flow_val *tr_load(struct tr *t, tree ref, struct flow_loc loc)
{
	tree inside = value_inside(ref);
	struct flow_val *v;
	struct bits b;

	if (inside)
		return part_of_value(t, ref, inside);
	v = tr_addr(t, ref);
	if (is_bits(ref, &b)) {
		v = flow_load(t->b, v, b.bytes, loc);
		v->type = FLOW_T_INT;
		v->is_volatile = TREE_THIS_VOLATILE(ref);
		return extract(t, v, &b);
	}
	v = flow_load(t->b, v, tr_size(TREE_TYPE(ref)), loc);
	v->type = tr_type(TREE_TYPE(ref));
	v->is_volatile = TREE_THIS_VOLATILE(ref);
	return v;
}

/**
 * tr_store() - store a value where a reference to memory points
 */
void tr_store(struct tr *t, tree ref, struct flow_val *v, struct flow_loc loc)
{
	struct flow_val *addr = tr_addr(t, ref), *args[4];
	struct bits b;

	if (!is_bits(ref, &b)) {
		flow_store(t->b, addr, v, tr_size(TREE_TYPE(ref)), loc);
		return;
	}
	args[0] = flow_load(t->b, addr, b.bytes, loc);
	args[1] = v;
	args[2] = tr_const(t, b.first);
	args[3] = tr_const(t, b.width);
	flow_store(t->b, addr, flow_pure(t->b, "set-bits", 4, args), b.bytes, loc);
}
