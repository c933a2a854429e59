// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * life.c - where the life of an inner variable begins, its content of the time before is gone
 *
 * Sparse's linearized code knows no lives of variables: what a loop's body declares would keep over its rounds what calls
 * may have put there. So each time that a declaration is reached, a mark is. Variables whose address nobody takes are set
 * to a value that nothing is known of instead, which the conversion to SSA sees to.
 */
#include "walk.h"

#include <string.h>

/**
 * life_mark() - the function that stands for the mark, given the address of the variable
 */
struct symbol *life_mark(void)
{
	static struct symbol *sym;
	struct symbol *fn;

	if (sym)
		return sym;
	fn = alloc_symbol((struct position){ 0 }, SYM_FN);
	fn->ctype.base_type = &void_ctype;
	fn->variadic = 1;
	sym = alloc_symbol((struct position){ 0 }, SYM_NODE);
	sym->ident = built_in_ident("life begins");
	sym->namespace = NS_SYMBOL;
	sym->ctype.base_type = fn;
	sym->ctype.modifiers = MOD_EXTERN | MOD_TOPLEVEL;
	return sym;
}

static struct ident *unset_name(void)
{
	static struct ident *name;

	if (!name)
		name = built_in_ident("not set");
	return name;
}

/**
 * life_note_address() - the address of what @expr names is taken
 */
void life_note_address(struct expression *expr)
{
	while (expr && (expr->type == EXPR_DEREF || (expr->type == EXPR_PREOP && expr->op == '(')))
		expr = expr->type == EXPR_DEREF ? expr->deref : expr->unop;
	if (expr && expr->type == EXPR_SYMBOL && expr->symbol && !is_function_symbol(expr->symbol))
		expr->symbol->aux = expr->symbol;
}

/**
 * life_note_declaration() - keep in mind a declaration inside the body of a function
 */
void life_note_declaration(struct fn *fn, struct statement *stmt)
{
	GROW(fn->inner, fn->ninner, fn->cinner);
	fn->inner[fn->ninner++] = stmt;
}

/* An initializer overwrites it all; and sparse would put it in front of the mark, the first use of the name. */
static bool begins_empty(const struct symbol *sym)
{
	const struct symbol *type = sym->ctype.base_type;

	if (sym->type != SYM_NODE || sym->namespace != NS_SYMBOL || !sym->ident || !type || type->type == SYM_FN)
		return false;
	return !sym->initializer && !(sym->ctype.modifiers & (MOD_STATIC | MOD_EXTERN | MOD_REGISTER));
}

static bool needs_mark(const struct symbol *sym)
{
	return sym->aux || sym->ctype.base_type->type == SYM_ARRAY;
}

static bool is_scalar(struct symbol *sym)
{
	struct symbol *type = type_strip(sym);

	return type && (type->type == SYM_BASETYPE || type->type == SYM_PTR) &&
	       !(sym->ctype.modifiers & (MOD_CONST | MOD_VOLATILE));
}

/**
 * life_is_unset() - does this symbol stand for the value of a variable that nothing was put into yet?
 */
bool life_is_unset(const struct symbol *sym)
{
	return sym->ident && sym->ident == unset_name();
}

/* What is read of it has the variable's type. */
static struct symbol *unset_value(const struct symbol *var)
{
	struct symbol *sym = alloc_symbol(var->pos, SYM_NODE);

	sym->ident = unset_name();
	sym->namespace = NS_SYMBOL;
	sym->ctype = var->ctype;
	sym->ctype.modifiers |= MOD_EXTERN | MOD_TOPLEVEL;
	return sym;
}

static void mark(struct statement *stmt)
{
	struct statement_list *list = NULL;
	struct statement *decl;
	struct symbol *sym;

	FOR_EACH_PTR(stmt->declaration, sym) {
		if (!begins_empty(sym))
			continue;
		if (needs_mark(sym))
			tree_call(&list, stmt->pos, life_mark(), sym);
		else if (is_scalar(sym))
			tree_assign(&list, stmt->pos, sym, unset_value(sym));
	} END_FOR_EACH_PTR(sym);
	if (!list)
		return;
	decl = alloc_statement(stmt->pos, STMT_DECLARATION);
	*decl = *stmt;
	add_statement(&list, decl);
	memset(stmt, 0, sizeof(*stmt));
	stmt->type = STMT_COMPOUND;
	stmt->pos = decl->pos;
	stmt->stmts = list;
}

/**
 * life_put_marks() - put the marks in front of the declarations noted, once the function has been walked through
 */
void life_put_marks(struct fn *fn)
{
	unsigned int i;

	for (i = 0; i < fn->ninner; i++)
		if (fn->inner[i]->type == STMT_DECLARATION)
			mark(fn->inner[i]);
}
