// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * flow.c - building the flow IR
 */
#include "flow.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

#define MAX_STRING 40		/* shown as it is */

struct flow_unit *flow_unit_new(const char *name, unsigned int pagesize)
{
	struct arena *arena = arena_new();
	struct flow_unit *u = arena_alloc(arena, sizeof(*u));

	u->arena = arena;
	u->strings = strtab_new(arena);
	u->name = flow_intern(u, name);
	u->pagesize = pagesize;
	GROW(u->files, u->nfiles, u->cfiles);
	u->files[u->nfiles++] = flow_intern(u, "");
	return u;
}

void flow_unit_free(struct flow_unit *u)
{
	unsigned int i, j;

	if (!u)
		return;
	for (i = 0; i < u->nfuncs; i++) {
		struct flow_func *f = u->funcs[i];

		for (j = 0; j < f->nblocks; j++) {
			free(f->blocks[j]->vals);
			free(f->blocks[j]->edges);
		}
		for (j = 0; j < f->nvals; j++) {
			if (f->vals[j]->op != FLOW_PHI)
				continue;
			free(f->vals[j]->args);
			free(f->vals[j]->preds);
		}
		free(f->blocks);
		free(f->vals);
		free(f->params);
	}
	free(u->funcs);
	free(u->files);
	free(u->layouts);
	free(u->roles);
	strtab_free(u->strings);
	arena_free(u->arena);
}

const char *flow_intern(struct flow_unit *u, const char *s)
{
	return s ? strtab_intern(u->strings, s) : NULL;
}

unsigned int flow_file(struct flow_unit *u, const char *name)
{
	unsigned int i;

	name = flow_intern(u, name);
	for (i = 0; i < u->nfiles; i++)
		if (u->files[i] == name)
			return i;
	GROW(u->files, u->nfiles, u->cfiles);
	u->files[u->nfiles] = name;
	return u->nfiles++;
}

void flow_layout(struct flow_unit *u, const char *field, int64_t offset)
{
	unsigned int i;

	field = flow_intern(u, field);
	for (i = 0; i < u->nlayouts; i++)
		if (u->layouts[i].field == field)
			return;
	GROW(u->layouts, u->nlayouts, u->clayouts);
	u->layouts[u->nlayouts++] = (struct flow_layout){ field, offset };
}

void flow_role(struct flow_unit *u, const char *func, const char *name)
{
	unsigned int i;

	func = flow_intern(u, func);
	name = flow_intern(u, name);
	for (i = 0; i < u->nroles; i++)
		if (u->roles[i].func == func && u->roles[i].name == name)
			return;
	GROW(u->roles, u->nroles, u->croles);
	u->roles[u->nroles++] = (struct flow_role){ func, name };
}

struct flow_func *flow_func_new(struct flow_unit *u, const char *name, struct flow_loc loc)
{
	struct flow_func *f = arena_alloc(u->arena, sizeof(*f));

	f->name = flow_intern(u, name);
	f->unit = u;
	f->loc = loc;
	GROW(u->funcs, u->nfuncs, u->cfuncs);
	u->funcs[u->nfuncs++] = f;
	return f;
}

struct flow_func *flow_find_func(struct flow_unit *u, const char *name)
{
	unsigned int i;

	name = flow_intern(u, name);
	for (i = 0; i < u->nfuncs; i++)
		if (u->funcs[i]->name == name)
			return u->funcs[i];
	return NULL;
}

static struct flow_val *new_val(struct flow_func *f, enum flow_op op, unsigned int nargs)
{
	struct flow_val *v = arena_alloc(f->unit->arena, sizeof(*v));

	v->op = op;
	v->id = f->nvals;
	v->func = f;
	v->nargs = nargs;
	if (nargs)
		v->args = arena_alloc(f->unit->arena, nargs * sizeof(*v->args));
	GROW(f->vals, f->nvals, f->cvals);
	f->vals[f->nvals++] = v;
	return v;
}

struct flow_val *flow_param(struct flow_func *f, const char *name, enum flow_type type)
{
	struct flow_val *v = new_val(f, FLOW_PARAM, 0);

	v->imm = f->nparams;
	v->type = type;
	f->params = xrealloc(f->params, (f->nparams + 1) * sizeof(*f->params));
	f->params[f->nparams++] = v;
	if (name)
		flow_name(v, name);
	return v;
}

struct flow_block *flow_block_new(struct flow_func *f)
{
	struct flow_block *b = arena_alloc(f->unit->arena, sizeof(*b));

	b->id = f->nblocks;
	b->func = f;
	GROW(f->blocks, f->nblocks, f->cblocks);
	f->blocks[f->nblocks++] = b;
	return b;
}

struct flow_val *flow_const(struct flow_func *f, int64_t imm)
{
	struct flow_val *v = new_val(f, FLOW_CONST, 0);

	v->imm = imm;
	v->type = FLOW_T_INT;
	return v;
}

struct flow_val *flow_undef(struct flow_func *f)
{
	return new_val(f, FLOW_UNDEF, 0);
}

struct flow_val *flow_global(struct flow_func *f, const char *name)
{
	struct flow_val *v;
	unsigned int i;

	name = flow_intern(f->unit, name);
	for (i = 0; i < f->nvals; i++)
		if (f->vals[i]->op == FLOW_GLOBAL && f->vals[i]->str == name)
			return f->vals[i];
	v = new_val(f, FLOW_GLOBAL, 0);
	v->str = name;
	v->type = FLOW_T_PTR;
	flow_name(v, name);
	return v;
}

/* FNV-1a */
static uint32_t hash_bytes(const char *s, size_t len)
{
	uint32_t h = 2166136261u;

	while (len--)
		h = (h ^ (unsigned char)*s++) * 16777619u;
	return h;
}

struct flow_val *flow_string(struct flow_func *f, const char *s, size_t len)
{
	struct flow_val *v;
	size_t n = 0;
	char *name;

	while (n < len && s[n] >= ' ' && s[n] <= '~')
		n++;
	name = n == len && len <= MAX_STRING ? xasprintf("\"%.*s\"", (int)len, s) : xasprintf("string.%08x", hash_bytes(s, len));
	v = flow_global(f, name);
	free(name);
	return v;
}

struct flow_val *flow_local(struct flow_func *f, const char *name)
{
	struct flow_val *v = new_val(f, FLOW_LOCAL, 0);

	v->str = flow_intern(f->unit, name);
	v->type = FLOW_T_PTR;
	if (name)
		flow_name(v, name);
	return v;
}

static void append(struct flow_block *b, struct flow_val *v)
{
	v->block = b;
	GROW(b->vals, b->nvals, b->cvals);
	b->vals[b->nvals++] = v;
}

static struct flow_val *new_insn(struct flow_block *b, enum flow_op op, unsigned int nargs,
				 struct flow_val *x, struct flow_val *y)
{
	struct flow_val *v = new_val(b->func, op, nargs);

	if (nargs > 0)
		v->args[0] = x;
	if (nargs > 1)
		v->args[1] = y;
	append(b, v);
	return v;
}

struct flow_val *flow_unary(struct flow_block *b, enum flow_op op, struct flow_val *x)
{
	return new_insn(b, op, 1, x, NULL);
}

struct flow_val *flow_binary(struct flow_block *b, enum flow_op op, struct flow_val *x, struct flow_val *y)
{
	return new_insn(b, op, 2, x, y);
}

struct flow_val *flow_cmp(struct flow_block *b, enum flow_cmp c, struct flow_val *x, struct flow_val *y)
{
	struct flow_val *v = new_insn(b, FLOW_CMP, 2, x, y);

	v->imm = c;
	return v;
}

struct flow_val *flow_select(struct flow_block *b, struct flow_val *c, struct flow_val *x, struct flow_val *y)
{
	struct flow_val *v = new_insn(b, FLOW_SELECT, 3, c, x);

	v->args[2] = y;
	return v;
}

struct flow_val *flow_pure(struct flow_block *b, const char *what, unsigned int n, struct flow_val **args)
{
	struct flow_val *v = new_insn(b, FLOW_PURE, 0, NULL, NULL);

	v->str = flow_intern(b->func->unit, what);
	v->nargs = n;
	v->args = arena_alloc(b->func->unit->arena, (n + 1) * sizeof(*args));
	if (n)
		memcpy(v->args, args, n * sizeof(*args));
	return v;
}

struct flow_val *flow_field(struct flow_block *b, struct flow_val *base, int64_t offset, const char *field)
{
	struct flow_val *v = new_insn(b, FLOW_FIELD, 1, base, NULL);

	v->imm = offset;
	v->str = flow_intern(b->func->unit, field);
	v->type = FLOW_T_PTR;
	return v;
}

struct flow_val *flow_load(struct flow_block *b, struct flow_val *addr, unsigned int size, struct flow_loc loc)
{
	struct flow_val *v = new_insn(b, FLOW_LOAD, 1, addr, NULL);

	v->size = size;
	v->loc = loc;
	return v;
}

struct flow_val *flow_store(struct flow_block *b, struct flow_val *addr, struct flow_val *x, unsigned int size,
			    struct flow_loc loc)
{
	struct flow_val *v = new_insn(b, FLOW_STORE, 2, addr, x);

	v->size = size;
	v->loc = loc;
	return v;
}

struct flow_val *flow_move(struct flow_block *b, struct flow_val *to, struct flow_val *from, unsigned int size,
			   struct flow_loc loc)
{
	struct flow_val *v = new_insn(b, FLOW_MOVE, 2, to, from);

	v->size = size;
	v->loc = loc;
	return v;
}

struct flow_val *flow_call(struct flow_block *b, const char *name, struct flow_val *fn, unsigned int n,
			   struct flow_val **args, const unsigned char *argflags, enum flow_type type,
			   struct flow_loc loc)
{
	struct flow_val *v = flow_asm(b, n, args, loc);

	v->op = FLOW_CALL;
	v->str = flow_intern(b->func->unit, name);
	v->fn = fn;
	v->type = type;
	v->argflags = arena_alloc(b->func->unit->arena, n + 1);
	if (n && argflags)
		memcpy(v->argflags, argflags, n);
	return v;
}

struct flow_val *flow_asm(struct flow_block *b, unsigned int n, struct flow_val **args, struct flow_loc loc)
{
	struct flow_val *v = flow_pure(b, NULL, n, args);

	v->op = FLOW_ASM;
	v->loc = loc;
	return v;
}

struct flow_val *flow_phi(struct flow_block *b)
{
	struct flow_val *v = new_insn(b, FLOW_PHI, 0, NULL, NULL);
	unsigned int i;

	/* Phis come first, in the order in which they were made. */
	for (i = b->nvals - 1; i > 0 && b->vals[i - 1]->op != FLOW_PHI; i--)
		b->vals[i] = b->vals[i - 1];
	b->vals[i] = v;
	return v;
}

void flow_phi_add(struct flow_val *phi, struct flow_block *pred, struct flow_val *v)
{
	unsigned int n = phi->nargs;

	/* A power of two is full. */
	if (!(n & (n - 1))) {
		unsigned int cap = n ? n * 2 : 1;

		phi->args = xrealloc(phi->args, cap * sizeof(*phi->args));
		phi->preds = xrealloc(phi->preds, cap * sizeof(*phi->preds));
	}
	phi->args[n] = v;
	phi->preds[n] = pred;
	phi->nargs++;
}

void flow_name(struct flow_val *v, const char *name)
{
	struct flow_func *f = v->func;
	bool taken = v->op != FLOW_PARAM;
	unsigned int i;
	char *s;

	name = flow_intern(f->unit, name);
	for (i = 0; i < f->nparams && !taken; i++)
		taken = f->params[i] != v && f->params[i]->name == name;
	if (taken) {
		s = xasprintf("%s.%u", name, v->id);
		name = flow_intern(f->unit, s);
		free(s);
	}
	v->name = name;
}

void flow_set_copy(struct flow_val *v, struct flow_val *x)
{
	if (v->op == FLOW_PHI) {
		free(v->args);
		free(v->preds);
		v->preds = NULL;
	}
	v->op = FLOW_COPY;
	v->nargs = 1;
	v->args = NULL;
	v->args = arena_alloc(v->func->unit->arena, sizeof(*v->args));
	v->args[0] = x;
}

static struct flow_edge *add_edge(struct flow_block *b, struct flow_block *to, enum flow_guard guard)
{
	struct flow_edge *e;

	b->edges = xrealloc(b->edges, (b->nedges + 1) * sizeof(*b->edges));
	e = &b->edges[b->nedges++];
	*e = (struct flow_edge){ .to = to, .guard = guard };
	return e;
}

void flow_goto(struct flow_block *b, struct flow_block *to, struct flow_loc loc)
{
	b->term = FLOW_GOTO;
	b->loc = loc;
	add_edge(b, to, FLOW_ALWAYS)->loc = loc;
}

void flow_branch(struct flow_block *b, struct flow_val *cond, struct flow_block *yes, struct flow_block *no,
		 struct flow_loc loc)
{
	if (yes == no) {
		flow_goto(b, yes, loc);
		return;
	}
	b->term = FLOW_BRANCH;
	b->cond = cond;
	b->loc = loc;
	add_edge(b, yes, FLOW_IF);
	add_edge(b, no, FLOW_ELSE);
}

void flow_switch(struct flow_block *b, struct flow_val *cond, struct flow_loc loc)
{
	b->term = FLOW_SWITCH;
	b->cond = cond;
	b->loc = loc;
}

static struct flow_edge *edge_to(struct flow_block *b, struct flow_block *to)
{
	unsigned int i;

	for (i = 0; i < b->nedges; i++)
		if (b->edges[i].to == to)
			return &b->edges[i];
	return NULL;
}

void flow_case(struct flow_block *b, struct flow_block *to, int64_t lo, int64_t hi)
{
	struct arena *a = b->func->unit->arena;
	struct flow_edge *e = edge_to(b, to);
	struct flow_range *r;

	if (!e)
		e = add_edge(b, to, FLOW_CASE);
	if (e->guard == FLOW_DEFAULT)
		return;
	r = arena_alloc(a, (e->nranges + 1) * sizeof(*r));
	if (e->nranges)
		memcpy(r, e->ranges, e->nranges * sizeof(*r));
	r[e->nranges++] = (struct flow_range){ lo, hi };
	e->ranges = r;
}

void flow_default(struct flow_block *b, struct flow_block *to)
{
	struct flow_edge *e = edge_to(b, to);

	/* Cases that go where the default goes add nothing to it. */
	if (!e)
		e = add_edge(b, to, FLOW_DEFAULT);
	e->guard = FLOW_DEFAULT;
	e->nranges = 0;
}

void flow_ret(struct flow_block *b, struct flow_val *v, struct flow_loc loc)
{
	b->term = FLOW_RET;
	b->cond = v;
	b->loc = loc;
}
