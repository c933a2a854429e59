// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * body.c - linearized IR to flow: blocks, edges, phis
 *
 * Blocks are visited in reverse postorder, so that every definition is made before its uses; phis are made empty and
 * filled at the end. A sparse phi names no blocks: its sources are instructions that stand in the predecessors.
 */
#include "body.h"

#include <stdlib.h>
#include <string.h>

static bool is_plain_return(struct body *b, struct basic_block *bb);

/* "switch (sizeof(x))": where it goes is known, and the rest is not there. NULL for any other end of a block. */
static struct basic_block *known_target(struct instruction *last)
{
	struct basic_block *other = NULL;
	struct multijmp *jmp;

	if (last->opcode != OP_SWITCH || last->cond->type != PSEUDO_VAL)
		return NULL;
	FOR_EACH_PTR(last->multijmp_list, jmp) {
		if (jmp->begin > jmp->end)
			other = jmp->target;
		else if (last->cond->value >= jmp->begin && last->cond->value <= jmp->end)
			return jmp->target;
	} END_FOR_EACH_PTR(jmp);
	return other;
}

/* Where a block goes to. A jump to a plain return is a return. */
static struct basic_block **targets(struct body *b, struct basic_block *bb, unsigned int *n)
{
	static struct basic_block **list;
	static unsigned int cap;
	struct instruction *last = last_instruction(bb->insns);
	struct basic_block *known;
	struct multijmp *jmp;

	*n = 0;
	if (!last)
		return list;
	known = known_target(last);
	if (known) {
		GROW(list, *n, cap);
		list[(*n)++] = known;
		return list;
	}
	switch (last->opcode) {
	case OP_CBR:
		GROW(list, *n, cap);
		list[(*n)++] = last->bb_false;
		GROW(list, *n, cap);
		list[(*n)++] = last->bb_true;
		break;
	case OP_BR:
		if (is_plain_return(b, last->bb_true))
			break;
		GROW(list, *n, cap);
		list[(*n)++] = last->bb_true;
		break;
	case OP_SWITCH: case OP_COMPUTEDGOTO:
		FOR_EACH_PTR(last->multijmp_list, jmp) {
			GROW(list, *n, cap);
			list[(*n)++] = jmp->target;
		} END_FOR_EACH_PTR(jmp);
		break;
	}
	return list;
}

/* A block that only returns: "phi; ret". Its predecessors return instead, each with its own value and place. */
static bool is_plain_return(struct body *b, struct basic_block *bb)
{
	struct instruction *ret = last_instruction(bb->insns), *insn;

	if (bb == b->ep->entry->bb || !ret || ret->opcode != OP_RET)
		return false;
	FOR_EACH_PTR(bb->insns, insn) {
		if (!insn->bb || insn == ret || insn->opcode == OP_NOP)
			continue;
		/* A phi without sources is one that nobody uses. */
		if (insn->opcode != OP_PHI || (insn->phi_list && insn->target != ret->src))
			return false;
	} END_FOR_EACH_PTR(insn);
	return true;
}

static void visit(struct body *b, struct basic_block *bb)
{
	struct todo {
		struct basic_block *bb;
		unsigned int next;
	} *stack = NULL;
	unsigned int n = 0, cap = 0, ntargets, i;

	GROW(stack, n, cap);
	stack[n++] = (struct todo){ bb, 0 };
	bb->generation = b->generation;
	while (n) {
		struct todo *t = &stack[n - 1];
		struct basic_block **list = targets(b, t->bb, &ntargets);
		struct basic_block *to = NULL;

		for (i = t->next; i < ntargets && !to; i++)
			if (list[i]->generation != b->generation)
				to = list[i];
		t->next = i;
		if (!to) {
			GROW(b->order, b->norder, b->corder);
			b->order[b->norder++] = t->bb;
			n--;
			continue;
		}
		to->generation = b->generation;
		GROW(stack, n, cap);
		stack[n++] = (struct todo){ to, 0 };
	}
	free(stack);
}

/* The last source of a phi in a block, or NULL. */
static struct instruction *source_in(struct basic_block *bb, const struct instruction *phi)
{
	struct instruction *insn, *found = NULL;

	FOR_EACH_PTR(bb->insns, insn) {
		if (insn->bb && insn->opcode == OP_PHISOURCE && insn->phi_node == phi)
			found = insn;
	} END_FOR_EACH_PTR(insn);
	return found;
}

/* The value that a phi has when its block is entered from @pred. */
static struct flow_val *phi_value(struct body *b, struct instruction *phi, struct basic_block *pred)
{
	struct instruction *source;
	unsigned int i;

	/* Sources may stand further up where sparse merged or passed over blocks. */
	for (i = 0; pred && i < 32; i++) {
		source = source_in(pred, phi);
		if (source)
			return sp_value(b, source->phi_src, source->type);
		if (bb_list_size(pred->parents) != 1)
			break;
		pred = first_basic_block(pred->parents);
	}
	return flow_undef(b->f);
}

static bool goes_to(const struct flow_block *from, const struct flow_block *to)
{
	unsigned int i;

	for (i = 0; i < from->nedges; i++)
		if (from->edges[i].to == to)
			return true;
	return false;
}

/* Sparse lists a predecessor once for each edge, and jumps to a plain return are no edges of ours. */
static void fill_phi_from(struct body *b, struct flow_val *v, struct instruction *phi, struct basic_block *pred,
			  struct flow_block *from)
{
	unsigned int i;

	if (!goes_to(from, v->block))
		return;
	for (i = 0; i < v->nargs; i++)
		if (v->preds[i] == from)
			return;
	flow_phi_add(v, from, phi_value(b, phi, pred));
}

static void fill_phi(struct body *b, struct flow_val *v, struct instruction *phi)
{
	struct basic_block *bb = phi->bb, *pred;
	struct flow_block *from;
	unsigned int i;

	FOR_EACH_PTR(bb->parents, pred) {
		if (pred->generation != b->generation)
			continue;
		from = pred->priv;
		fill_phi_from(b, v, phi, pred, from);
		for (i = b->more[from->id]; i < b->more[from->id + 1]; i++)
			fill_phi_from(b, v, phi, pred, b->f->blocks[i]);
	} END_FOR_EACH_PTR(pred);
}

static struct flow_loc loc_of(struct body *b, const struct instruction *insn)
{
	return sp_place(b->places, insn->pos);
}

static bool is_at(struct position a, struct position b)
{
	return a.stream == b.stream && a.line == b.line && a.pos == b.pos;
}

/*
 * Where a return is: the statement, or the closing brace. What sparse says is the last thing that it looked at, which for
 * a return of a value lies inside the statement, and for one without is the statement itself.
 */
static struct flow_loc return_loc(struct body *b, struct position pos, bool has_value)
{
	const struct position *found = NULL, *r;
	unsigned int i;

	for (i = 0; i < b->fn->nreturns; i++) {
		r = &b->fn->returns[i];
		if (has_value ? r->stream == pos.stream && r->line <= pos.line && (!found || r->line >= found->line) :
				is_at(*r, pos))
			found = r;
	}
	if (found)
		return sp_place(b->places, *found);
	pos = b->fn->sym->pos;
	pos.line = b->f->endline;
	pos.pos = 1;
	return sp_place(b->places, pos);
}

static void end_return(struct flow_block *at, struct instruction *ret, struct flow_val *v,
		       struct flow_loc loc)
{
	bool void_type = !ret->type || type_strip(ret->type) == &void_ctype;

	flow_ret(at, void_type ? NULL : v, loc);
}

static void end_goto(struct body *b, struct flow_block *at, struct basic_block *from, struct instruction *br)
{
	struct basic_block *to = br->bb_true;
	struct instruction *ret, *phi, *source;

	if (!is_plain_return(b, to)) {
		flow_goto(at, to->priv, loc_of(b, br));
		return;
	}
	ret = last_instruction(to->insns);
	phi = ret->src && ret->src->type == PSEUDO_REG ? ret->src->def : NULL;
	if (phi && phi->opcode == OP_PHI && phi->bb == to) {
		source = source_in(from, phi);
		end_return(at, ret, phi_value(b, phi, from),
			   return_loc(b, source ? source->pos : br->pos, source && source->phi_src->type != PSEUDO_UNDEF));
	} else {
		end_return(at, ret, ret->src ? sp_value(b, ret->src, ret->type) : NULL,
			   return_loc(b, br->pos, ret->src));
	}
}

static void end_switch(struct body *b, struct flow_block *at, struct instruction *sw)
{
	bool computed = sw->opcode == OP_COMPUTEDGOTO;
	struct flow_val *cond;
	struct basic_block *known = known_target(sw);
	struct multijmp *jmp;
	int64_t nr = 0;

	if (known) {
		flow_goto(at, known->priv, loc_of(b, sw));
		return;
	}
	cond = sp_value(b, computed ? sw->src : sw->cond, computed ? NULL : sw->type);
	if (computed)
		cond = flow_pure(at, "computed goto", 1, &cond);
	flow_switch(at, cond, loc_of(b, sw));
	FOR_EACH_PTR(sw->multijmp_list, jmp) {
		struct flow_block *to = jmp->target->priv;

		if (computed) {
			flow_case(at, to, nr, nr);
			nr++;
		} else if (jmp->begin > jmp->end) {
			flow_default(at, to);
		} else {
			flow_case(at, to, sp_constant(jmp->begin, sw->type), sp_constant(jmp->end, sw->type));
		}
	} END_FOR_EACH_PTR(jmp);
}

/*
 * "a && b" where b does nothing is one condition to sparse. Each half decides by itself, as the source has it: to be false,
 * one of both would say nothing of either.
 */
static void end_branch(struct flow_block *at, struct flow_val *cond, struct flow_block *yes, struct flow_block *no,
		       struct flow_loc loc)
{
	struct flow_block *next;

	if (cond->op == FLOW_NOT) {
		end_branch(at, cond->args[0], no, yes, loc);
		return;
	}
	if ((cond->op != FLOW_AND && cond->op != FLOW_OR) || !is_truth(cond)) {
		flow_branch(at, cond, yes, no, loc);
		return;
	}
	next = flow_block_new(at->func);
	end_branch(at, cond->args[0], cond->op == FLOW_AND ? next : yes, cond->op == FLOW_AND ? no : next, loc);
	end_branch(next, cond->args[1], yes, no, loc);
}

static void end_block(struct body *b, struct flow_block *at, struct basic_block *bb)
{
	struct instruction *last = last_instruction(bb->insns);

	if (!last)
		return;
	switch (last->opcode) {
	case OP_RET:
		end_return(at, last, last->src ? sp_value(b, last->src, last->type) : NULL,
			   return_loc(b, last->pos, last->src));
		break;
	case OP_BR:
		end_goto(b, at, bb, last);
		break;
	case OP_CBR:
		end_branch(at, sp_value(b, last->cond, NULL), last->bb_true->priv, last->bb_false->priv, loc_of(b, last));
		break;
	case OP_SWITCH: case OP_COMPUTEDGOTO:
		end_switch(b, at, last);
		break;
	default:		/* not reached */
		break;
	}
}

static void make_params(struct body *b)
{
	struct symbol *fntype = b->fn->sym->ctype.base_type, *arg;

	FOR_EACH_PTR(fntype->arguments, arg) {
		flow_param(b->f, arg->ident ? show_ident(arg->ident) : NULL, type_of(arg));
	} END_FOR_EACH_PTR(arg);
	b->f->varargs = fntype->variadic;
}

static void make_blocks(struct body *b)
{
	struct instruction *insn;
	unsigned int i;

	for (i = b->norder; i-- > 0; )
		b->order[i]->priv = flow_block_new(b->f);
	for (i = b->norder; i-- > 0; ) {
		struct basic_block *bb = b->order[i];

		FOR_EACH_PTR(bb->insns, insn) {
			if (insn->bb)
				translate_insn(b, bb->priv, insn);
		} END_FOR_EACH_PTR(insn);
	}
	b->more = xcalloc(b->norder + 1, sizeof(*b->more));
	for (i = b->norder; i-- > 0; ) {
		struct flow_block *at = b->order[i]->priv;

		b->more[at->id] = b->f->nblocks;
		end_block(b, at, b->order[i]);
		b->more[at->id + 1] = b->f->nblocks;
	}
	for (i = 0; i < b->nphis; i++)
		fill_phi(b, b->phis[i].val, b->phis[i].insn);
}

/**
 * translate_body() - the linearized function as flow
 */
struct flow_func *translate_body(struct place_map *m, const struct fn *fn, struct entrypoint *ep)
{
	struct body b = { .places = m, .fn = fn, .ep = ep };
	struct symbol *sym = fn->sym;

	b.generation = ++bb_generation;
	b.f = flow_func_new(m->unit, fn->name, sp_place(m, sym->pos));
	b.f->endline = source_brace(sym->pos, fn->endline);
	b.f->is_static = sym->ctype.modifiers & MOD_STATIC;
	b.f->taken = fn->taken;
	b.f->is_inline = b.f->loc.file != m->main;
	make_params(&b);
	visit(&b, ep->entry->bb);
	make_blocks(&b);
	free(b.order);
	free(b.more);
	free(b.phis);
	return b.f;
}
