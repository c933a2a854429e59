// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * translate.c - one function: from sparse's tree to its linearized IR, in SSA form, not optimized
 *
 * Sparse's optimizer would fold branches away that the engine wants to see, so of its passes only the conversion to SSA
 * runs. Names of variables are taken down before that, from the stores to them that it removes.
 */
#include "front.h"

#include <stdlib.h>
#include <string.h>

#include "ssa.h"

/**
 * sp_place() - a position of sparse's as one of the unit's
 */
struct flow_loc sp_place(struct place_map *m, struct position pos)
{
	struct flow_loc loc = { 0, pos.line, pos.pos };
	int n = m->n;

	if (!pos.line)
		return (struct flow_loc){ 0, 0, 0 };
	if ((int)pos.stream >= n) {
		m->n = pos.stream + 64;
		m->files = xrealloc(m->files, m->n * sizeof(*m->files));
		memset(m->files + n, 0, (m->n - n) * sizeof(*m->files));
	}
	if (!m->files[pos.stream])
		m->files[pos.stream] = flow_file(m->unit, stream_name(pos.stream));
	loc.file = m->files[pos.stream];
	return loc;
}

/* The variables of macros begin with an underscore; the one that the macro's value goes to has the better name. */
static bool is_better_name(struct ident *old, struct ident *new)
{
	return !old || (old->name[0] == '_' && new && new->name[0] != '_');
}

/* "x = ({ … _x; })": what is read of the macro's variable for that store is what was stored there before. */
static void name_variable(const struct instruction *store)
{
	pseudo_t value = store->target;
	struct symbol *var;

	while (value && value->type == PSEUDO_REG && value->def && value->def->opcode == OP_PTRCAST)
		value = value->def->src;
	if (!value || value->type != PSEUDO_REG || !value->def || value->def->opcode != OP_LOAD ||
	    value->def->src->type != PSEUDO_SYM)
		return;
	var = value->def->src->sym;
	if (var->ident && !(var->ctype.modifiers & (MOD_TOPLEVEL | MOD_STATIC | MOD_EXTERN)) &&
	    is_better_name(var->ident, store->src->sym->ident))
		var->ident = store->src->sym->ident;
}

/* A value stored to a variable goes by its name, and so does what it was cast from. */
static void name_value(pseudo_t value, struct ident *ident)
{
	while (value && value->type == PSEUDO_REG && is_better_name(value->ident, ident)) {
		struct instruction *def = value->def;

		value->ident = ident;
		if (!def)
			break;
		switch (def->opcode) {
		case OP_PTRCAST: case OP_UTPTR: case OP_PTRTU: case OP_ZEXT: case OP_SEXT: case OP_TRUNC:
			value = def->src;
			break;
		default:
			return;
		}
	}
}

/* Each store to a variable. */
static void each_named_store(struct entrypoint *ep, void (*fn)(const struct instruction *store))
{
	struct instruction *insn;
	struct basic_block *bb;

	FOR_EACH_PTR(ep->bbs, bb) {
		FOR_EACH_PTR(bb->insns, insn) {
			if (insn->bb && insn->opcode == OP_STORE && insn->src->type == PSEUDO_SYM)
				fn(insn);
		} END_FOR_EACH_PTR(insn);
	} END_FOR_EACH_PTR(bb);
}

static void name_stored(const struct instruction *store)
{
	name_value(store->target, store->src->sym->ident);
}

/* Variables outlive a function, their pseudos must not: sparse does the same in its optimizer. */
static void forget_variables(struct entrypoint *ep)
{
	pseudo_t pseudo;

	FOR_EACH_PTR(ep->accesses, pseudo) {
		pseudo->sym->pseudo = NULL;
	} END_FOR_EACH_PTR(pseudo);
}

/**
 * sp_translate() - add a function to the unit
 *
 * Return: false where sparse finds errors in it; nothing is added then.
 */
bool sp_translate(struct place_map *m, const struct fn *fn)
{
	struct symbol_list *list = NULL;
	struct entrypoint *ep;

	add_symbol(&list, fn->sym);
	evaluate_symbol_list(list);
	if (has_error & ERROR_CURR_PHASE)
		return false;
	expand_symbol(fn->sym);
	fpasses &= ~(PASS_MEM2REG | PASS_OPTIM);
	ep = linearize_symbol(fn->sym);
	if (!ep || !ep->entry)
		return false;
	each_named_store(ep, name_variable);
	each_named_store(ep, name_stored);
	ssa_convert(ep);
	translate_body(m, fn, ep);
	forget_variables(ep);
	return true;
}
