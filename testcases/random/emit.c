// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From statements to flow: control. Variables become values as in any translation of structured code: where paths meet,
 * those that differ get a phi, and a loop's header has one for each variable that the loop sets.
 */
#include "emit.h"

#include <string.h>

struct flow_loc emit_loc(struct emit *e)
{
	return (struct flow_loc){ 1, ++*e->line, 2 };
}

void jump_to(struct emit *e, struct target *t)
{
	struct jump *j = &t->jumps[t->n];

	if (!e->b)
		return;
	if (t->n == MAX_JUMPS) {
		/* too many for the table: as good as a stop, and no program of this size has them */
		e->b = NULL;
		return;
	}
	t->n++;
	j->from = e->b;
	memcpy(j->env, e->env, sizeof(j->env));
	e->b = NULL;
}

static struct flow_val *meet(struct emit *e, const struct target *t, int var)
{
	struct flow_val *first = t->jumps[0].env[var], *phi;
	unsigned int i;

	for (i = 1; i < t->n && t->jumps[i].env[var] == first; i++)
		;
	if (i >= t->n)
		return first;
	phi = flow_phi(e->b);
	for (i = 0; i < t->n; i++)
		flow_phi_add(phi, t->jumps[i].from, t->jumps[i].env[var]);
	return phi;
}

void land(struct emit *e, struct target *t)
{
	unsigned int i;
	int v;

	e->b = NULL;
	if (!t->n)
		return;
	e->b = flow_block_new(e->f);
	for (i = 0; i < t->n; i++)
		flow_goto(t->jumps[i].from, e->b, emit_loc(e));
	for (v = 0; v < e->src->nvars; v++)
		e->env[v] = meet(e, t, v);
}

static void emit_list(struct emit *e, const struct node *n);

static void emit_if(struct emit *e, const struct node *n)
{
	struct target yes = { 0 }, no = { 0 }, end = { 0 };

	emit_cond(e, &n->cond, &yes, &no);
	land(e, &yes);
	emit_list(e, n->body);
	jump_to(e, &end);
	land(e, &no);
	emit_list(e, n->els);
	jump_to(e, &end);
	land(e, &end);
}

static void emit_switch(struct emit *e, const struct node *n)
{
	struct flow_block *head = e->b, *one = flow_block_new(e->f), *two = flow_block_new(e->f);
	struct flow_block *rest = flow_block_new(e->f);
	struct flow_val *env[MAX_VARS];
	struct target end = { 0 };

	memcpy(env, e->env, sizeof(env));
	flow_switch(head, e->env[n->var], emit_loc(e));
	flow_case(head, one, n->n, n->n);
	if (n->n2 != n->n)
		flow_case(head, two, n->n2, n->n2);
	flow_default(head, rest);
	e->b = one;
	emit_list(e, n->body);
	jump_to(e, &end);
	memcpy(e->env, env, sizeof(env));
	e->b = two;
	if (n->n2 != n->n)
		emit_list(e, n->els);
	else
		e->b = NULL;
	jump_to(e, &end);
	memcpy(e->env, env, sizeof(env));
	e->b = rest;
	jump_to(e, &end);
	land(e, &end);
}

struct set_vars {
	bool set[MAX_VARS];
};

static void note_set(struct node *n, void *data)
{
	struct set_vars *s = data;

	if (n->var >= 0 && n->kind != S_UNMAP && n->kind != S_IF && n->kind != S_SWITCH && n->kind != S_RET)
		s->set[n->var] = true;
}

/* for (var = 0; var < var2; var++) or while (ext()) */
static void emit_loop(struct emit *e, const struct node *n)
{
	struct target *brk = e->brk, *cont = e->cont, exit = { 0 }, next = { 0 }, body = { 0 };
	struct flow_val *phis[MAX_VARS] = { NULL }, *test;
	struct flow_block *before = e->b, *head;
	struct set_vars s = { { false } };
	int v;

	each_node(n->body, note_set, &s);
	s.set[n->var] = true;
	if (n->kind == S_FOR)
		e->env[n->var] = flow_const(e->f, 0);
	head = flow_block_new(e->f);
	flow_goto(before, head, emit_loc(e));
	e->b = head;
	for (v = 0; v < e->src->nvars; v++) {
		if (!s.set[v])
			continue;
		phis[v] = flow_phi(head);
		flow_phi_add(phis[v], before, e->env[v]);
		e->env[v] = phis[v];
	}
	if (n->kind == S_FOR)
		test = flow_cmp(head, FLOW_SLT, e->env[n->var], e->env[n->var2]);
	else
		test = flow_call(head, "ext", NULL, 0, NULL, NULL, FLOW_T_INT, emit_loc(e));
	e->b = flow_block_new(e->f);
	jump_to(e, &body);
	e->b = flow_block_new(e->f);
	jump_to(e, &exit);
	flow_branch(head, test, body.jumps[0].from, exit.jumps[0].from, emit_loc(e));
	land(e, &body);
	e->brk = &exit;
	e->cont = &next;
	emit_list(e, n->body);
	jump_to(e, &next);
	land(e, &next);
	e->brk = brk;
	e->cont = cont;
	if (e->b) {
		if (n->kind == S_FOR)
			e->env[n->var] = flow_binary(e->b, FLOW_ADD, e->env[n->var], flow_const(e->f, 1));
		for (v = 0; v < e->src->nvars; v++)
			if (phis[v])
				flow_phi_add(phis[v], e->b, e->env[v]);
		flow_goto(e->b, head, emit_loc(e));
	}
	land(e, &exit);
}

static void emit_label(struct emit *e, const struct node *n)
{
	struct target end = { 0 }, *outer = e->labels[n->n % MAX_LABELS];

	e->labels[n->n % MAX_LABELS] = &end;
	emit_list(e, n->body);
	e->labels[n->n % MAX_LABELS] = outer;
	jump_to(e, &end);
	land(e, &end);
}

static void emit_return(struct emit *e, const struct node *n)
{
	flow_ret(e->b, n->var >= 0 ? e->env[n->var] : flow_const(e->f, n->n), emit_loc(e));
	e->b = NULL;
}

static void emit_list(struct emit *e, const struct node *n)
{
	for (; n && e->b; n = n->next) {
		switch (n->kind) {
		case S_IF:
			emit_if(e, n);
			break;
		case S_SWITCH:
			emit_switch(e, n);
			break;
		case S_FOR:
		case S_WHILE:
			emit_loop(e, n);
			break;
		case S_LABEL:
			emit_label(e, n);
			break;
		case S_GOTO:
			/* one that a change took out of its label does nothing */
			if (e->labels[n->n % MAX_LABELS])
				jump_to(e, e->labels[n->n % MAX_LABELS]);
			break;
		case S_BREAK:
			if (e->brk)
				jump_to(e, e->brk);
			break;
		case S_CONTINUE:
			if (e->cont)
				jump_to(e, e->cont);
			break;
		case S_RET:
			emit_return(e, n);
			break;
		default:
			emit_stmt(e, n);
		}
	}
}

static void emit_function(struct flow_unit *u, const struct program *p, const struct function *src, unsigned int *line)
{
	struct emit e = { .p = p, .src = src, .line = line };
	char name[16];
	int i;

	e.f = flow_func_new(u, src->name, emit_loc(&e));
	e.f->is_static = src->is_static;
	for (i = 0; i < src->nparams; i++) {
		snprintf(name, sizeof(name), "%c%d", src->params[i] == FLOW_T_INT ? 'n' : 'p', i);
		e.env[i] = flow_param(e.f, name, src->params[i]);
	}
	e.undef = flow_undef(e.f);
	for (; i < MAX_VARS; i++)
		e.env[i] = e.undef;
	e.b = flow_block_new(e.f);
	emit_list(&e, src->body);
	if (e.b)
		flow_ret(e.b, flow_const(e.f, 0), emit_loc(&e));
	e.f->endline = ++*line;
}

struct flow_unit *emit_program(const struct program *p)
{
	struct flow_unit *u = flow_unit_new("random.c", PAGE);
	unsigned int line = 0;
	int i;

	flow_file(u, "random.c");
	for (i = 0; i < p->nfuncs; i++)
		if (p->funcs[i].body)		/* else nobody needs it */
			emit_function(u, p, &p->funcs[i], &line);
	return u;
}
