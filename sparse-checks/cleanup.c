// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cleanup.c - __attribute__((cleanup(fn))): calls where variables go out of scope
 *
 * Sparse passes over the attribute (0.6.4) or keeps it for a check (0.6.5), and linearizes no call. So the attribute is noted
 * down while the parser comes by, by the variable's name and its place, and the calls are put into the tree.
 */
#include "walk.h"

#include <stdlib.h>
#include <string.h>

/**
 * struct note - the parser saw "VAR __attribute__((cleanup(FN)))" at @pos
 */
struct note {
	struct note *next;
	struct ident *var;
	struct position pos;
	struct symbol *fn;
};

static struct note *notes[256];
static struct symbol_op watch_op, *own_op;

static struct note **bucket(const struct ident *var)
{
	return &notes[((uintptr_t)var >> 4) % ARRAY_SIZE(notes)];
}

static struct token *watch(struct token *token, struct symbol *attr, struct decl_state *ctx)
{
	struct token *name = token->next;
	struct note *n;

	if (match_op(token, '(') && token_type(name) == TOKEN_IDENT && ctx->ident && *ctx->ident) {
		n = xcalloc(1, sizeof(*n));
		*n = (struct note){ *bucket(*ctx->ident), *ctx->ident, name->pos, NULL };
		n->fn = lookup_symbol(name->ident, NS_SYMBOL);
		*bucket(n->var) = n;
	}
	return own_op->attribute ? own_op->attribute(token, attr, ctx) : token;
}

/**
 * cleanup_watch() - from now on note the attribute; what sparse makes of it stays the same
 */
void cleanup_watch(void)
{
	static const char *const names[] = { "cleanup", "__cleanup__" };
	struct symbol *sym;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		for (sym = built_in_ident(names[i])->symbols; sym; sym = sym->next_id) {
			if (sym->namespace != NS_KEYWORD || !sym->op || !sym->op->attribute || sym->op == &watch_op)
				continue;
			own_op = sym->op;
			watch_op = *own_op;
			watch_op.attribute = watch;
			sym->op = &watch_op;
		}
	}
}

static bool is_before(struct position a, struct position b)
{
	return a.line < b.line || (a.line == b.line && a.pos <= b.pos);
}

/**
 * cleanup_of() - the function that a local variable is cleaned up with, or NULL
 *
 * The attribute stands behind the name, on its line or at least before its initializer.
 */
struct symbol *cleanup_of(struct symbol *var)
{
	struct note *n;

	for (n = *bucket(var->ident); n; n = n->next)
		if (n->var == var->ident && n->fn && n->pos.stream == var->pos.stream && is_before(var->pos, n->pos) &&
		    (n->pos.line == var->pos.line || (var->initializer && is_before(n->pos, var->initializer->pos))))
			return n->fn;
	return NULL;
}

/* @order counts declarations, labels and jumps as they come. */
struct scope {
	struct scope *up;
	struct statement *stmt;
	bool is_value;		/* a statement expression, whose last statement is its value */
};

struct var {
	struct scope *scope;
	struct symbol *sym, *fn;
	unsigned int order;
};

struct label {
	struct scope *scope;
	struct symbol *sym;
	unsigned int order;
};

struct jump {
	struct scope *scope;
	struct statement *stmt;
	unsigned int order;
};

struct lower {
	struct symbol *fn;
	struct scope *scope;
	unsigned int order;
	unsigned int nscopes, cscopes, nvars, cvars, nlabels, clabels, njumps, cjumps;
	struct scope **scopes;
	struct var *vars;
	struct label *labels;
	struct jump *jumps;
};

/**
 * lower_new() - begin to collect what there is in a function's body
 */
struct lower *lower_new(struct symbol *fn)
{
	struct lower *l = xcalloc(1, sizeof(*l));

	l->fn = fn;
	return l;
}

void lower_enter(struct lower *l, struct statement *stmt, bool is_value)
{
	struct scope *s = xcalloc(1, sizeof(*s));

	*s = (struct scope){ l->scope, stmt, is_value };
	l->scope = s;
	GROW(l->scopes, l->nscopes, l->cscopes);
	l->scopes[l->nscopes++] = s;
}

void lower_leave(struct lower *l)
{
	l->scope = l->scope->up;
}

void lower_declare(struct lower *l, struct symbol *sym)
{
	struct symbol *fn = cleanup_of(sym);

	if (!fn)
		return;
	GROW(l->vars, l->nvars, l->cvars);
	l->vars[l->nvars++] = (struct var){ l->scope, sym, fn, ++l->order };
}

void lower_label(struct lower *l, struct symbol *sym)
{
	GROW(l->labels, l->nlabels, l->clabels);
	l->labels[l->nlabels++] = (struct label){ l->scope, sym, ++l->order };
}

void lower_jump(struct lower *l, struct statement *stmt)
{
	GROW(l->jumps, l->njumps, l->cjumps);
	l->jumps[l->njumps++] = (struct jump){ l->scope, stmt, ++l->order };
}

static bool is_inside(const struct scope *s, const struct scope *outer)
{
	for (; s; s = s->up)
		if (s == outer)
			return true;
	return false;
}

static const struct label *target_of(const struct lower *l, const struct jump *j)
{
	unsigned int i;

	for (i = 0; i < l->nlabels; i++)
		if (l->labels[i].sym == j->stmt->goto_label)
			return &l->labels[i];
	return NULL;
}

/* Does the jump leave the scope of the variable? @to: NULL for a return */
static bool leaves(const struct jump *j, const struct label *to, const struct var *v)
{
	if (v->order > j->order || !is_inside(j->scope, v->scope))
		return false;
	return !to || !is_inside(to->scope, v->scope) || to->order < v->order;
}

/* "return x;" becomes "T value = x; …; return value;" */
static void keep_value(const struct lower *l, struct statement_list **list, struct statement *ret)
{
	struct symbol *type = l->fn->ctype.base_type->ctype.base_type, *tmp;
	struct statement *stmt;

	if (type_strip(type) == &void_ctype) {
		stmt = alloc_statement(ret->pos, STMT_EXPRESSION);
		stmt->expression = ret->ret_value;
		ret->ret_value = NULL;
	} else {
		tmp = alloc_symbol(ret->pos, SYM_NODE);
		tmp->ident = built_in_ident("value");
		tmp->namespace = NS_SYMBOL;
		tmp->ctype.base_type = type;
		tmp->initializer = ret->ret_value;
		stmt = alloc_statement(ret->pos, STMT_DECLARATION);
		add_symbol(&stmt->declaration, tmp);
		ret->ret_value = tree_name(ret->pos, tmp);
	}
	add_statement(list, stmt);
}

static void rewrite_jump(const struct lower *l, const struct jump *j)
{
	const struct label *to = j->stmt->type == STMT_GOTO ? target_of(l, j) : NULL;
	struct statement_list *list = NULL;
	struct statement *jump;
	unsigned int i;
	bool any = false;

	if (j->stmt->type == STMT_GOTO && !to)	/* computed */
		return;
	for (i = 0; i < l->nvars; i++)
		any |= leaves(j, to, &l->vars[i]);
	if (!any)
		return;
	jump = alloc_statement(j->stmt->pos, j->stmt->type);
	*jump = *j->stmt;
	if (jump->type == STMT_RETURN && jump->ret_value)
		keep_value(l, &list, jump);
	for (i = l->nvars; i-- > 0; )
		if (leaves(j, to, &l->vars[i]))
			tree_call(&list, jump->pos, l->vars[i].fn, l->vars[i].sym);
	add_statement(&list, jump);
	memset(j->stmt, 0, sizeof(*j->stmt));
	j->stmt->type = STMT_COMPOUND;
	j->stmt->pos = jump->pos;
	j->stmt->stmts = list;
}

/* Where a scope is left at its end. */
static void rewrite_end(const struct lower *l, const struct scope *s)
{
	struct statement *stmt = s->stmt, *last, *loop;
	struct statement_list *list = NULL;
	struct position pos = stmt->pos;
	unsigned int i;

	if (stmt->type == STMT_COMPOUND) {
		last = last_ptr_list((struct ptr_list *)stmt->stmts);
		if (s->is_value && last && last->type == STMT_EXPRESSION)
			return;
		pos = last ? last->pos : pos;
	}
	for (i = l->nvars; i-- > 0; )
		if (l->vars[i].scope == s)
			tree_call(&list, pos, l->vars[i].fn, l->vars[i].sym);
	if (!list)
		return;
	if (stmt->type != STMT_COMPOUND) {	/* a variable of "for (…" */
		loop = alloc_statement(stmt->pos, stmt->type);
		*loop = *stmt;
		memset(stmt, 0, sizeof(*stmt));
		stmt->type = STMT_COMPOUND;
		stmt->pos = loop->pos;
		add_statement(&stmt->stmts, loop);
	}
	concat_ptr_list((struct ptr_list *)list, (struct ptr_list **)&stmt->stmts);
}

/**
 * lower_end() - put the calls in, and free @l
 */
void lower_end(struct lower *l)
{
	unsigned int i;

	for (i = 0; i < l->njumps && l->nvars; i++)
		rewrite_jump(l, &l->jumps[i]);
	for (i = 0; i < l->nscopes; i++) {
		if (l->nvars)
			rewrite_end(l, l->scopes[i]);
	}
	for (i = 0; i < l->nscopes; i++)
		free(l->scopes[i]);
	free(l->scopes);
	free(l->vars);
	free(l->labels);
	free(l->jumps);
	free(l);
}
