// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * types.c - what sparse's types say: pointers, signs, names of fields
 *
 * Sparse lowers "p->a.b" to an address and one offset. The names are found again by the type that the address points
 * to, the offset, and the member (or the type of the member) that was accessed, which tells the members of a union apart.
 */
#include "front.h"

#include <stdlib.h>
#include <string.h>

/* The type under declarations and typedefs. */
struct symbol *type_strip(struct symbol *type)
{
	while (type && (type->type == SYM_NODE || type->type == SYM_ENUM || type->type == SYM_BITFIELD ||
			type->type == SYM_RESTRICT)) {
		if (!type->ctype.base_type)
			return NULL;
		type = type->ctype.base_type;
	}
	return type;
}

bool type_is_pointer(struct symbol *type)
{
	type = type_strip(type);
	return type && (type->type == SYM_PTR || type->type == SYM_ARRAY || type->type == SYM_FN);
}

/* What a pointer points to, stripped; NULL for what is no pointer. */
struct symbol *type_pointee(struct symbol *type)
{
	type = type_strip(type);
	if (!type || (type->type != SYM_PTR && type->type != SYM_ARRAY))
		return NULL;
	return type_strip(type->ctype.base_type);
}

bool type_is_aggregate(struct symbol *type)
{
	type = type_strip(type);
	return type && (type->type == SYM_STRUCT || type->type == SYM_UNION || type->type == SYM_ARRAY);
}

bool type_is_signed(struct symbol *type)
{
	while (type) {
		if (type->ctype.modifiers & MOD_SIGNED)
			return true;
		if (type->ctype.modifiers & MOD_UNSIGNED)
			return false;
		if (type->type != SYM_NODE && type->type != SYM_ENUM && type->type != SYM_BITFIELD &&
		    type->type != SYM_RESTRICT)
			return false;
		type = type->ctype.base_type;
	}
	return false;
}

enum flow_type type_of(struct symbol *type)
{
	if (!type)
		return FLOW_T_INT;
	if (type_is_pointer(type))
		return FLOW_T_PTR;
	type = type_strip(type);
	if (type == &void_ctype)
		return FLOW_T_VOID;
	if (type == &bool_ctype)
		return FLOW_T_BOOL;
	if (type && (type->ctype.modifiers & MOD_UNSIGNED) && type->bit_size > 0 && type->bit_size <= 32)
		return FLOW_T_UINT;
	return FLOW_T_INT;
}

/**
 * struct search - looking for a field
 * @leaf: the member accessed, or NULL
 * @want: else the type wanted at that offset, or NULL
 * @loose: any member will do that is no aggregate and begins there
 */
struct search {
	struct flow_unit *unit;
	struct symbol *leaf, *want;
	bool loose;
	unsigned int n;
	struct step *steps;
};

static bool search_in(struct search *s, struct symbol *agg, const struct ident *tag, long long base,
		      long long offset);

static bool add_step(struct search *s, const struct ident *tag, struct symbol *member, long long offset)
{
	char *name;

	if (s->n == MAX_STEPS)
		return false;
	name = xasprintf("%.*s.%.*s", tag ? tag->len : 0, tag ? tag->name : "",
			 member->ident->len, member->ident->name);
	s->steps[s->n].offset = offset;
	s->steps[s->n++].name = flow_intern(s->unit, name);
	free(name);
	return true;
}

/* Is it the member that was accessed? Sparse copies members to add qualifiers, so the name decides. */
static bool is_leaf(const struct search *s, struct symbol *member)
{
	struct symbol *type = type_strip(member);

	if (s->leaf)
		return s->leaf == member ||
		       (s->leaf->ident == member->ident && type_strip(s->leaf) == type);
	if (s->want && (type == s->want || (type && type->type == SYM_ARRAY && type_pointee(type) == s->want)))
		return true;
	return s->loose && !type_is_aggregate(member);
}

/* Inside an array: pass over whole elements. */
static bool search_array(struct search *s, struct symbol *array, long long base, long long offset)
{
	struct symbol *elem = type_strip(array->ctype.base_type);
	long long size;

	if (!elem || elem->bit_size <= 0)
		return false;
	size = elem->bit_size / 8;
	if (elem->type == SYM_ARRAY)
		return search_array(s, elem, base + offset / size * size, offset % size);
	if (elem->type != SYM_STRUCT && elem->type != SYM_UNION)
		return false;
	return search_in(s, elem, elem->ident, base + offset / size * size, offset % size);
}

static bool search_member(struct search *s, struct symbol *member, const struct ident *tag, long long base,
			  long long offset)
{
	struct symbol *type = type_strip(member);
	unsigned int n = s->n;

	if (!type)
		return false;
	if (!member->ident)
		return (type->type == SYM_STRUCT || type->type == SYM_UNION) &&
		       search_in(s, type, tag, base, offset - member->offset);
	if (!add_step(s, tag, member, base + member->offset))
		return false;
	if (offset == (long long)member->offset && is_leaf(s, member))
		return true;
	if (type->type == SYM_ARRAY && search_array(s, type, 0, offset - member->offset))
		return true;
	if ((type->type == SYM_STRUCT || type->type == SYM_UNION) &&
	    search_in(s, type, type->ident, 0, offset - member->offset))
		return true;
	s->n = n;
	return false;
}

/* @base: what has been passed over since the last step; it goes into the next step's offset. */
static bool search_in(struct search *s, struct symbol *agg, const struct ident *tag, long long base,
		      long long offset)
{
	struct symbol *member;

	FOR_EACH_PTR(agg->symbol_list, member) {
		long long start = member->offset;
		long long size = member->bit_size > 0 ? (member->bit_size + 7) / 8 : 0;

		if (type_strip(member) && type_strip(member)->type == SYM_ARRAY && !size)
			size = 1LL << 40;	/* flexible */
		if (offset < start || offset > start + size)
			continue;
		if (offset == start + size && size)
			continue;
		if (search_member(s, member, tag, member->ident ? base : base + start, offset))
			return true;
	} END_FOR_EACH_PTR(member);
	return false;
}

static void examine(struct symbol *type)
{
	type = type_strip(type);
	if (type)
		examine_symbol_type(type);
}

/**
 * type_steps() - the fields that an offset into a type goes through
 * @type: of the object, stripped or not
 * @leaf: the member accessed, or NULL where only its address is taken
 * @want: then the type that the address points to, or NULL
 * @steps: room for MAX_STEPS; their offsets add up to at most @offset
 *
 * Return: the number of steps, 0 where the fields are not known.
 */
unsigned int type_steps(struct flow_unit *u, struct symbol *type, long long offset, struct symbol *leaf,
			struct symbol *want, struct step *steps)
{
	struct search s = { .unit = u, .want = type_strip(want), .steps = steps };

	if (leaf && leaf->ident && leaf->type == SYM_NODE)
		s.leaf = leaf;
	type = type_strip(type);
	if (!type || offset < 0)
		return 0;
	examine(type);
	if (type->type == SYM_ARRAY ? search_array(&s, type, 0, offset) :
	    (type->type == SYM_STRUCT || type->type == SYM_UNION) && search_in(&s, type, type->ident, 0, offset))
		return s.n;
	s.leaf = NULL;
	s.n = 0;
	s.loose = true;
	if ((type->type == SYM_STRUCT || type->type == SYM_UNION) && search_in(&s, type, type->ident, 0, offset))
		return s.n;
	return 0;
}

/* Structs inside structs are followed this deep. */
enum { LAYOUT_DEPTH = 4 };

static void lay_out(struct flow_unit *u, struct symbol *agg, const struct ident *tag, long long base, unsigned int depth)
{
	struct symbol *member, *type;
	char *name;

	FOR_EACH_PTR(agg->symbol_list, member) {
		long long at = base + member->offset;

		if (member->ident && tag) {
			name = xasprintf("%.*s.%.*s", tag->len, tag->name, member->ident->len, member->ident->name);
			flow_layout(u, name, at);
			free(name);
		}
		type = type_strip(member);
		if (!type || (type->type != SYM_STRUCT && type->type != SYM_UNION) || depth >= LAYOUT_DEPTH)
			continue;
		if (!member->ident) {
			lay_out(u, type, tag, at, depth + 1);
		} else if (!type->aux) {
			type->aux = type;	/* done */
			lay_out(u, type, type->ident, 0, depth + 1);
		}
	} END_FOR_EACH_PTR(member);
}

/**
 * type_layout() - say where the fields of the struct lie that a pointer points to
 *
 * The model names fields that no instruction of the caller needs to name.
 */
void type_layout(struct flow_unit *u, struct symbol *type)
{
	type = type_pointee(type);
	if (!type || (type->type != SYM_STRUCT && type->type != SYM_UNION) || type->aux)
		return;
	examine(type);
	type->aux = type;
	lay_out(u, type, type->ident, 0, 0);
}
