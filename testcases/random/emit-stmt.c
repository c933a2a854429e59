// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From statements to flow: conditions, and statements that are no control
 */
#include "emit.h"

#include <string.h>

static struct flow_val *compare(struct emit *e, enum flow_cmp op, int var, int n)
{
	return flow_cmp(e->b, op, e->env[var], flow_const(e->f, n));
}

static struct flow_val *field_addr(struct emit *e, int field)
{
	/* the two integers lie before the addresses */
	static const char *const names[] = { "ctx.count", "ctx.state", "ctx.a", "ctx.b", "ctx.c", "ctx.d" };

	if (e->src->ctx < 0)
		return NULL;
	return flow_field(e->b, e->env[e->src->ctx], field * 8, names[field]);
}

struct flow_val *emit_truth(struct emit *e, const struct cond *c)
{
	struct flow_val *x, *y, *addr;

	switch (c->kind) {
	case C_CMP:
		return compare(e, c->op, c->var, c->n);
	case C_TRUTH:
		return e->env[c->var];
	case C_NOT:
		return flow_unary(e->b, FLOW_NOT, e->env[c->var]);
	case C_FIELD:
		addr = field_addr(e, c->n2 & 1);
		if (!addr)
			return compare(e, c->op, c->var, c->n);
		x = flow_load(e->b, addr, 4, emit_loc(e));
		x->type = FLOW_T_INT;
		return flow_cmp(e->b, c->op, x, flow_const(e->f, c->n));
	default:
		x = compare(e, c->op, c->var, c->n);
		y = compare(e, c->op2, c->var2, c->n2);
		return flow_binary(e->b, c->kind == C_AND || c->kind == C_ANDIF ? FLOW_AND : FLOW_OR, x, y);
	}
}

/* Splits on a value into two new blocks. */
static void split(struct emit *e, struct flow_val *v, struct flow_block **yes, struct flow_block **no)
{
	*yes = flow_block_new(e->f);
	*no = flow_block_new(e->f);
	flow_branch(e->b, v, *yes, *no, emit_loc(e));
}

void emit_cond(struct emit *e, const struct cond *c, struct target *yes, struct target *no)
{
	bool and = c->kind == C_ANDIF;
	struct flow_block *t, *f;

	if (c->kind == C_ANDIF || c->kind == C_ORIF) {
		split(e, compare(e, c->op, c->var, c->n), &t, &f);
		e->b = and ? f : t;
		jump_to(e, and ? no : yes);
		e->b = and ? t : f;
		split(e, compare(e, c->op2, c->var2, c->n2), &t, &f);
	} else {
		split(e, emit_truth(e, c), &t, &f);
	}
	e->b = t;
	jump_to(e, yes);
	e->b = f;
	jump_to(e, no);
}

static struct flow_val *memory(struct emit *e, int mem, int pointer)
{
	char name[8];

	if (mem == MEM_DEREF)
		return e->env[pointer];
	if (mem >= MEM_FIELD && e->src->ctx >= 0)
		return field_addr(e, mem - MEM_FIELD + 2);
	mem %= MEM_FIELD;
	if (!e->mem[mem]) {
		snprintf(name, sizeof(name), "m%d", mem);
		e->mem[mem] = flow_local(e->f, name);
	}
	return e->mem[mem];
}

static struct flow_val *offset(struct emit *e, struct flow_val *v, int n)
{
	if (!n)
		return v;
	return flow_binary(e->b, FLOW_ADD, v, flow_const(e->f, n));
}

static struct flow_val *call(struct emit *e, const char *name, unsigned int n, struct flow_val **args,
			     enum flow_type type)
{
	unsigned char flags[4] = { 0 };
	unsigned int i;

	for (i = 0; i < n; i++)
		flags[i] = args[i]->op == FLOW_CONST || args[i]->type == FLOW_T_INT ? FLOW_ARG_INT : FLOW_ARG_MUT;
	return flow_call(e->b, name, NULL, n, args, flags, type, emit_loc(e));
}

static void emit_call(struct emit *e, const struct node *n)
{
	const struct function *callee = &e->p->funcs[n->n];
	struct flow_val *args[4], *v;
	int i;

	for (i = 0; i < n->nargs; i++) {
		if (n->args[i] >= ADDRESS_OF)
			args[i] = memory(e, n->args[i] - ADDRESS_OF, -1);
		else if (callee->params[i] == FLOW_T_INT && e->src->params[n->args[i]] != FLOW_T_INT)
			args[i] = flow_const(e->f, 1);
		else
			args[i] = e->env[n->args[i]];
	}
	v = call(e, callee->name, n->nargs, args, callee->helper == H_MAP || callee->helper == H_MAP_NULL ?
		 FLOW_T_PTR : FLOW_T_INT);
	if (n->var >= 0)
		e->env[n->var] = v;
}

static void emit_unmap(struct emit *e, const struct node *n)
{
	static const char *const names[] = { "kunmap_local", "kunmap_atomic", "kunmap" };
	struct flow_val *addr = offset(e, e->env[n->var], n->n);

	call(e, names[n->n2], 1, &addr, FLOW_T_VOID);
}

static void emit_access(struct emit *e, const struct node *n)
{
	struct flow_val *addr = offset(e, e->env[n->var], n->n);

	if (n->n2)
		flow_store(e->b, addr, flow_const(e->f, 0), 4, emit_loc(e));
	else
		flow_load(e->b, addr, 4, emit_loc(e))->type = FLOW_T_INT;
}

static struct flow_val *emit_select(struct emit *e, const struct node *n)
{
	struct flow_val *c = emit_truth(e, &n->cond);

	return flow_select(e->b, c, e->env[n->var2], e->env[n->var3]);
}

void emit_stmt(struct emit *e, const struct node *n)
{
	static const char *const maps[] = { "kmap_local_page", "kmap_atomic", "kmap" };
	struct flow_val *v = NULL;

	switch (n->kind) {
	case S_MAP:
		v = call(e, maps[n->n], 1, &e->env[n->var2], FLOW_T_PTR);
		break;
	case S_UNMAP:
		emit_unmap(e, n);
		break;
	case S_SET:
		v = flow_const(e->f, n->n);
		break;
	case S_UNDEF:
		v = e->undef;
		break;
	case S_COPY:
		v = n->n ? offset(e, e->env[n->var2], n->n) : flow_unary(e->b, FLOW_COPY, e->env[n->var2]);
		break;
	case S_ADD:
		v = flow_binary(e->b, FLOW_ADD, e->env[n->var2], e->env[n->var3]);
		break;
	case S_SELECT:
		v = emit_select(e, n);
		break;
	case S_FLAG:
		v = emit_truth(e, &n->cond);
		break;
	case S_PUT:
		flow_store(e->b, memory(e, n->n, n->var3), e->env[n->var2], 8, emit_loc(e));
		break;
	case S_GET:
		v = flow_load(e->b, memory(e, n->n, n->var3), 8, emit_loc(e));
		v->type = FLOW_T_PTR;
		break;
	case S_ACCESS:
		emit_access(e, n);
		break;
	case S_EXT:
		v = call(e, n->n ? "ext_number" : "ext", 0, NULL, FLOW_T_INT);
		break;
	case S_EXT_USE:
		call(e, "ext_use", 1, &e->env[n->var], FLOW_T_VOID);
		break;
	case S_CALL:
		emit_call(e, n);
		break;
	case S_BUG:
		call(e, "panic", 0, NULL, FLOW_T_VOID)->noreturn = true;
		e->b = NULL;
		break;
	default:
		break;
	}
	if (v && n->var >= 0)
		e->env[n->var] = v;
}
