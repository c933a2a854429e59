// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random programs: statements, conditions, functions
 */
#include "random.h"

#include <stdlib.h>
#include <string.h>

#include "scopes.h"

unsigned int rnd(struct rng *r, unsigned int n)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (unsigned int)((z ^ z >> 31) >> 32) % n;
}

bool chance(struct rng *r, unsigned int percent)
{
	return rnd(r, 100) < percent;
}

struct node *new_node(struct program *p, enum stmt kind)
{
	/* A full program goes on with nodes that stand nowhere. */
	struct node *n = &p->nodes[p->nnodes < MAX_NODES - 1 ? p->nnodes++ : p->nnodes];

	memset(n, 0, sizeof(*n));
	n->kind = kind;
	n->var = n->var2 = n->var3 = -1;
	return n;
}

struct node **append_node(struct node **end, struct node *n)
{
	*end = n;
	return &n->next;
}

int new_var(struct function *f)
{
	return f->nvars < MAX_VARS - 1 ? f->nvars++ : f->nvars;
}

/* A condition on a parameter that is an integer, or on a field of the struct. */
struct cond gen_cond(struct program *p, struct function *f)
{
	static const enum flow_cmp ops[] = {
		FLOW_EQ, FLOW_NE, FLOW_SLT, FLOW_SLE, FLOW_SGT, FLOW_SGE, FLOW_ULT, FLOW_UGT, FLOW_ULE, FLOW_UGE,
	};
	static const enum cond_kind kinds[] = {
		C_CMP, C_CMP, C_CMP, C_CMP, C_TRUTH, C_TRUTH, C_NOT, C_AND, C_OR, C_ANDIF, C_ORIF, C_FIELD,
	};
	struct rng *r = &p->rng;
	struct cond c = { .kind = kinds[rnd(r, ARRAY_SIZE(kinds))] };
	int ints[6], n = 0, i;

	for (i = 0; i < f->nparams; i++)
		if (f->params[i] == FLOW_T_INT)
			ints[n++] = i;
	/* eq and ne are what code mostly has */
	c.op = ops[rnd(r, chance(r, 50) ? 2 : ARRAY_SIZE(ops))];
	c.op2 = ops[rnd(r, chance(r, 50) ? 2 : ARRAY_SIZE(ops))];
	c.var = ints[rnd(r, n)];
	c.var2 = ints[rnd(r, n)];
	c.n = (int)rnd(r, 3);
	c.n2 = (int)rnd(r, 3);
	if (c.kind == C_FIELD) {
		if (f->ctx < 0)
			c.kind = C_CMP;
		else
			c.n2 = (int)rnd(r, 2);
	}
	return c;
}

static enum flow_cmp inverse(enum flow_cmp op)
{
	static const enum flow_cmp inv[] = {
		[FLOW_EQ] = FLOW_NE, [FLOW_NE] = FLOW_EQ, [FLOW_SLT] = FLOW_SGE, [FLOW_SLE] = FLOW_SGT,
		[FLOW_SGT] = FLOW_SLE, [FLOW_SGE] = FLOW_SLT, [FLOW_ULT] = FLOW_UGE, [FLOW_ULE] = FLOW_UGT,
		[FLOW_UGT] = FLOW_ULE, [FLOW_UGE] = FLOW_ULT,
	};

	return inv[op];
}

struct cond negate(struct cond c)
{
	static const enum cond_kind dual[] = {
		[C_CMP] = C_CMP, [C_TRUTH] = C_NOT, [C_NOT] = C_TRUTH, [C_AND] = C_OR, [C_OR] = C_AND,
		[C_ANDIF] = C_ORIF, [C_ORIF] = C_ANDIF, [C_FIELD] = C_FIELD,
	};

	c.kind = dual[c.kind];
	c.op = inverse(c.op);
	c.op2 = inverse(c.op2);
	return c;
}

static void gen_root(struct program *p, int number)
{
	struct rng *r = &p->rng;
	struct function *f = &p->funcs[p->nfuncs];
	struct node *body = NULL, *ret, **end = &body;
	int i, scopes = 0, ints = 1 + (int)rnd(r, 2);

	snprintf(f->name, sizeof(f->name), "root%d", number);
	f->ctx = -1;
	/* two pages, then integers, then perhaps a struct */
	f->params[f->nparams++] = FLOW_T_PTR;
	f->params[f->nparams++] = FLOW_T_PTR;
	for (i = 0; i < ints; i++)
		f->params[f->nparams++] = FLOW_T_INT;
	if (chance(r, 35)) {
		f->ctx = f->nparams;
		f->params[f->nparams++] = FLOW_T_PTR;
	}
	f->nvars = f->nparams;
	p->nfuncs++;
	for (i = 0; i < 8 && (scopes < 1 || p->maps < 2 || (i < 3 && chance(r, 40))); i++) {
		end = gen_scope(p, f, end, 0);
		scopes++;
	}
	ret = new_node(p, S_RET);
	ret->n = 0;
	append_node(end, ret);
	f->body = body;
}

struct calls {
	bool called[MAX_FUNCS];
};

static void note_call(struct node *n, void *data)
{
	struct calls *c = data;

	if (n->kind == S_CALL)
		c->called[n->n] = true;
}

/* A static function that nobody calls says nothing. */
static void drop_unused(struct program *p)
{
	struct calls c = { { false } };
	int i;

	for (i = 0; i < p->nfuncs; i++)
		each_node(p->funcs[i].body, note_call, &c);
	for (i = 0; i < p->nfuncs; i++)
		if (p->funcs[i].is_static && !c.called[i])
			p->funcs[i].body = NULL;
}

void gen_program(struct program *p, uint64_t seed)
{
	int i, roots;

	memset(p, 0, offsetof(struct program, nodes));
	p->nlabels = 0;
	p->maps = p->loops = p->pairs = p->helpers = p->depth = p->mutations = p->memory = 0;
	p->seed = seed;
	p->rng.state = seed * 0x2545f4914f6cdd1du + 1;
	rnd(&p->rng, 2);
	if (chance(&p->rng, 40))
		gen_helpers(p);
	roots = chance(&p->rng, 15) ? 2 : 1;
	for (i = 0; i < roots; i++)
		gen_root(p, i);
	mutate(p);
	drop_unused(p);
}
