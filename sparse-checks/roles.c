// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * roles.c - what functions are there for: the structs that they are handed, and the fields of tables that their address stands in
 *
 * The model says which of both it wants to know.
 */
#include "walk.h"

#include <stdlib.h>
#include <string.h>

static void params(struct place_map *m, const struct fn *fn)
{
	struct symbol *arg, *type;

	FOR_EACH_PTR(fn->sym->ctype.base_type->arguments, arg) {
		char *name;

		type = type_pointee(arg);
		if (!type || !type_is_aggregate(type) || !type->ident)
			continue;
		name = xasprintf("%.*s", type->ident->len, type->ident->name);
		if (kc_wants_role(m->kc, name))
			flow_role(m->unit, fn->name, name);
		free(name);
	} END_FOR_EACH_PTR(arg);
}

/* Nothing is evaluated yet: a function stands there by its name, or behind an "&". */
static void entry(struct place_map *m, const struct ident *tag, struct expression *expr)
{
	struct expression *value = expr->ident_expression;
	char *name, *func;

	if (value && value->type == EXPR_PREOP && value->op == '&')
		value = value->unop;
	if (!value || value->type != EXPR_SYMBOL || !value->symbol || !is_function_symbol(value->symbol) || !value->symbol->ident)
		return;
	name = xasprintf("%.*s.%.*s", tag->len, tag->name, expr->expr_ident->len, expr->expr_ident->name);
	func = xasprintf("%.*s", value->symbol->ident->len, value->symbol->ident->name);
	if (kc_wants_role(m->kc, name))
		flow_role(m->unit, func, name);
	free(name);
	free(func);
}

static void table(struct place_map *m, struct symbol *sym)
{
	struct symbol *type = type_strip(sym);
	struct expression *expr;

	if (!sym->initializer || sym->initializer->type != EXPR_INITIALIZER || !type || type->type != SYM_STRUCT || !type->ident)
		return;
	FOR_EACH_PTR(sym->initializer->expr_list, expr) {
		if (expr->type == EXPR_IDENTIFIER)
			entry(m, type->ident, expr);
	} END_FOR_EACH_PTR(expr);
}

/**
 * sp_roles() - add the roles of functions to the unit, before anything is evaluated
 */
void sp_roles(struct place_map *m, const struct scan *s, struct symbol_list *list)
{
	struct symbol *sym;
	unsigned int i;

	for (i = 0; i < s->nfns; i++)
		if (s->fns[i]->chosen)
			params(m, s->fns[i]);
	FOR_EACH_PTR(list, sym) {
		if (!is_function_symbol(sym))
			table(m, sym);
	} END_FOR_EACH_PTR(sym);
}
