// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * address.c - addresses: of variables, of fields, of what a load or store accesses
 */
#include "body.h"

#include <stdlib.h>
#include <string.h>

/* The type that a pseudo was declared or computed with. */
static struct symbol *pseudo_type(struct body *b, pseudo_t p)
{
	struct symbol_list *args;

	switch (p->type) {
	case PSEUDO_ARG:
		args = b->fn->sym->ctype.base_type->arguments;
		return ptr_list_nth(args, p->nr - 1);
	case PSEUDO_REG:
		return p->def ? p->def->type : NULL;
	default:
		return NULL;
	}
}

/*
 * "&p->a.b" comes as additions of constants, of which only the last one has a type: go back to where they start, the
 * variable itself where it is one.
 * @offset: what was added on the way is added to it
 */
static pseudo_t start_of(pseudo_t p, long long *offset)
{
	struct instruction *def;

	while (p->type == PSEUDO_REG) {
		def = p->def;
		if (def && def->opcode == OP_SYMADDR)
			return def->src;
		if (!def || def->opcode != OP_ADD || def->type != &lazy_ptr_ctype || def->src2->type != PSEUDO_VAL)
			break;
		*offset += def->src2->value;
		p = def->src1;
	}
	return p;
}

/* What lies at the address that a pseudo holds. */
static struct symbol *target_type(struct body *b, pseudo_t p)
{
	if (p->type == PSEUDO_SYM)
		return type_strip(p->sym);
	return type_pointee(pseudo_type(b, p));
}

/**
 * sp_string() - the address of a string
 */
struct flow_val *sp_string(struct body *b, const struct expression *x)
{
	return flow_string(b->f, x->string->data, x->string->length ? x->string->length - 1 : 0);
}

/**
 * sp_variable() - the address of the variable or function of a symbol pseudo
 */
struct flow_val *sp_variable(struct body *b, pseudo_t p)
{
	const unsigned long outside = MOD_EXTERN | MOD_STATIC | MOD_TOPLEVEL;
	struct symbol *sym = p->sym;
	const char *name = sym->ident ? show_ident(sym->ident) : NULL;

	if (p->priv)
		return p->priv;
	if (!sym->ident && sym->initializer && sym->initializer->type == EXPR_STRING)
		p->priv = sp_string(b, sym->initializer);
	else if ((sym->ctype.modifiers & outside) || (sym->ctype.base_type && sym->ctype.base_type->type == SYM_FN))
		p->priv = flow_global(b->f, name ? name : "constant");
	else
		p->priv = flow_local(b->f, name ? name : "unnamed");
	return p->priv;
}

static struct flow_val *add_steps(struct flow_block *at, struct flow_val *v, long long offset,
				  const struct step *steps, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		v = flow_field(at, v, steps[i].offset, steps[i].name);
		offset -= steps[i].offset;
	}
	if (offset)
		v = flow_field(at, v, offset, NULL);
	return v;
}

/**
 * sp_address() - the address that a load or store accesses
 * @leaf: the type of the access, the member's where it is one
 */
struct flow_val *sp_address(struct body *b, struct flow_block *at, pseudo_t base, long long offset,
			 struct symbol *leaf)
{
	pseudo_t start = start_of(base, &offset);
	struct flow_val *v = sp_value(b, start, NULL);
	struct symbol *target = target_type(b, start);
	struct step steps[MAX_STEPS];
	unsigned int n = 0;

	/* A whole object of that type is no field of itself. */
	if (type_is_aggregate(target) && (offset || type_strip(leaf) != target))
		n = type_steps(b->f->unit, target, offset, leaf, leaf, steps);
	return add_steps(at, v, offset, steps, n);
}

/**
 * sp_add_constant() - "address + constant": a field's address where the types say so, else an addition
 * Return: NULL if it is neither.
 */
struct flow_val *sp_add_constant(struct body *b, struct flow_block *at, struct instruction *insn)
{
	struct symbol *target, *result = type_pointee(insn->type);
	long long offset = insn->src2->value;
	pseudo_t start;
	struct step steps[MAX_STEPS];
	unsigned int n;

	if (insn->src2->type != PSEUDO_VAL || !type_is_pointer(insn->type) || offset < 0)
		return NULL;
	if (insn->type == &lazy_ptr_ctype)
		return flow_field(at, sp_value(b, insn->src1, NULL), offset, NULL);
	start = start_of(insn->src1, &offset);
	target = target_type(b, start);
	if (!target || target->type == SYM_ARRAY || !type_is_aggregate(target) || result == target)
		return NULL;
	n = type_steps(b->f->unit, target, offset, NULL, result, steps);
	if (!n)
		return NULL;
	return add_steps(at, sp_value(b, start, NULL), offset, steps, n);
}
