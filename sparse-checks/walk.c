// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * walk.c - through the syntax tree of a function, as the parser left it, before sparse evaluates types
 *
 * Calls of functions whose bodies are in sight stay calls: sparse would expand the inline ones into their callers, but
 * the engine has summaries, and a mapping call that is expanded on a 64-bit kernel is gone.
 */
#include "walk.h"

#include <stdlib.h>
#include <string.h>

/* Functions and what is declared like one. */
bool is_function_symbol(struct symbol *sym)
{
	return sym->type == SYM_NODE && sym->namespace == NS_SYMBOL && sym->ctype.base_type &&
	       sym->ctype.base_type->type == SYM_FN;
}

/**
 * find_fn() - the function in sight that a symbol declares or defines, or NULL
 *
 * The aux of the definition is ours.
 */
struct fn *find_fn(struct scan *s, struct symbol *sym)
{
	struct symbol *def = sym->definition ? sym->definition : sym;
	struct fn *fn;

	if (!is_function_symbol(def) || !def->ident || !(def->ctype.base_type->stmt || def->ctype.base_type->inline_stmt))
		return NULL;
	if (def->aux)
		return def->aux;
	fn = xcalloc(1, sizeof(*fn));
	fn->sym = def;
	fn->name = show_ident(def->ident);
	fn->name = xstrdup(fn->name);
	fn->endline = def->pos.line;
	fn->modelled = kc_is_modelled(s->kc, fn->name);
	fn->skipped = fn->modelled && strcmp(stream_name(def->pos.stream), s->file);
	def->aux = fn;
	GROW(s->fns, s->nfns, s->cfns);
	s->fns[s->nfns++] = fn;
	return fn;
}

static void walk_exprs(struct walk *w, struct expression_list *list)
{
	struct expression *expr;

	FOR_EACH_PTR(list, expr) {
		walk_expr(w, expr);
	} END_FOR_EACH_PTR(expr);
}


static void add_callee(struct fn *fn, struct fn *callee)
{
	unsigned int i;

	for (i = 0; i < fn->ncallees; i++)
		if (fn->callees[i] == callee)
			return;
	GROW(fn->callees, fn->ncallees, fn->ccallees);
	fn->callees[fn->ncallees++] = callee;
}

/* A call by name; @sym is NULL where nothing of that name is declared. */
static void note_call(struct walk *w, struct ident *ident, struct symbol *sym)
{
	const char *name = show_ident(ident);
	struct fn *callee;

	if (kc_wants(w->scan->kc, name))
		w->fn->wants = true;
	if (!sym || !is_function_symbol(sym))
		return;
	sym->ctype.modifiers &= ~MOD_INLINE;
	callee = find_fn(w->scan, sym);
	if (callee)
		add_callee(w->fn, callee);
}

static void declare(struct walk *w, struct symbol *sym)
{
	struct symbol *cleanup;

	if (!w->fn || !sym->ident)
		return;
	if (w->lower) {
		lower_declare(w->lower, sym);
		return;
	}
	cleanup = cleanup_of(sym);
	if (!cleanup)
		return;
	w->fn->cleanups = true;
	note_call(w, cleanup->ident, cleanup);
}

static void walk_symbols(struct walk *w, struct symbol_list *list)
{
	struct symbol *sym;

	FOR_EACH_PTR(list, sym) {
		walk_expr(w, sym->initializer);
		declare(w, sym);
	} END_FOR_EACH_PTR(sym);
}

static bool asks_size(const struct expression *f)
{
	const char *name = f && f->type == EXPR_SYMBOL && f->symbol_name ? show_ident(f->symbol_name) : "";

	return !strcmp(name, "__builtin_object_size") || !strcmp(name, "__builtin_dynamic_object_size");
}

static void walk_call(struct walk *w, struct expression *expr)
{
	struct expression *f = expr->fn;

	while (f && f->type == EXPR_PREOP && f->op == '(')
		f = f->unop;
	if (asks_size(f)) {
		tree_unknown_size(expr);
		return;
	}
	walk_exprs(w, expr->args);
	if (!f || f->type != EXPR_SYMBOL) {
		walk_expr(w, f);
		return;
	}
	/* The place of a call is that of the name, not of the parenthesis behind it. */
	expr->pos = f->pos;
	if (w->fn && !w->lower && (f->symbol_name || f->symbol))
		note_call(w, f->symbol_name ? f->symbol_name : f->symbol->ident, f->symbol);
}

static void walk_generic(struct walk *w, struct expression *expr)
{
	struct type_expression *map;

	walk_expr(w, expr->def);
	for (map = expr->map; map; map = map->next)
		walk_expr(w, map->expr);
}

/**
 * walk_expr() - through an expression and all in it; may be NULL
 */
void walk_expr(struct walk *w, struct expression *expr)
{
	struct fn *fn;

	if (!expr)
		return;
	if (w->fn && !w->lower)
		w->fn->nodes++;
	switch (expr->type) {
	case EXPR_CALL:
		walk_call(w, expr);
		break;
	case EXPR_SYMBOL:
		if (!expr->symbol || !is_function_symbol(expr->symbol))
			break;
		fn = find_fn(w->scan, expr->symbol);
		if (fn)
			fn->taken = true;
		break;
	case EXPR_BINOP: case EXPR_COMMA: case EXPR_COMPARE: case EXPR_LOGICAL: case EXPR_ASSIGNMENT:
		walk_expr(w, expr->left);
		walk_expr(w, expr->right);
		break;
	case EXPR_DEREF:
		walk_expr(w, expr->deref);
		break;
	case EXPR_PREOP: case EXPR_POSTOP:
		if (expr->op == '&' && expr->type == EXPR_PREOP)
			life_note_address(expr->unop);
		walk_expr(w, expr->unop);
		break;
	case EXPR_CAST: case EXPR_FORCE_CAST: case EXPR_IMPLIED_CAST:
		walk_expr(w, expr->cast_expression);
		break;
	case EXPR_CONDITIONAL: case EXPR_SELECT:
		walk_expr(w, expr->conditional);
		walk_expr(w, expr->cond_true);
		walk_expr(w, expr->cond_false);
		break;
	case EXPR_STATEMENT:
		w->is_value = true;
		walk_stmt(w, expr->statement);
		break;
	case EXPR_INITIALIZER:
		walk_exprs(w, expr->expr_list);
		break;
	case EXPR_IDENTIFIER:
		walk_expr(w, expr->ident_expression);
		break;
	case EXPR_INDEX:
		walk_expr(w, expr->idx_expression);
		break;
	case EXPR_POS:
		walk_expr(w, expr->init_expr);
		break;
	case EXPR_SLICE:
		walk_expr(w, expr->base);
		break;
	case EXPR_GENERIC:
		walk_generic(w, expr);
		break;
	default:		/* leaves, and what is not evaluated */
		break;
	}
}

static void walk_asm(struct walk *w, struct statement *stmt)
{
	struct asm_operand *op;

	FOR_EACH_PTR(stmt->asm_inputs, op) {
		walk_expr(w, op->expr);
	} END_FOR_EACH_PTR(op);
	FOR_EACH_PTR(stmt->asm_outputs, op) {
		walk_expr(w, op->expr);
	} END_FOR_EACH_PTR(op);
	if (stmt->asm_labels)
		tree_asm_goto(stmt);
}

static void walk_iterator(struct walk *w, struct statement *stmt)
{
	if (w->lower)
		lower_enter(w->lower, stmt, false);
	walk_symbols(w, stmt->iterator_syms);
	if (w->lower) {
		lower_label(w->lower, stmt->iterator_break);
		lower_label(w->lower, stmt->iterator_continue);
	}
	walk_stmt(w, stmt->iterator_pre_statement);
	walk_expr(w, stmt->iterator_pre_condition);
	walk_stmt(w, stmt->iterator_statement);
	walk_stmt(w, stmt->iterator_post_statement);
	/* The same expression may stand in both places. */
	if (stmt->iterator_post_condition != stmt->iterator_pre_condition)
		walk_expr(w, stmt->iterator_post_condition);
	if (w->lower)
		lower_leave(w->lower);
}

static void walk_compound(struct walk *w, struct statement *stmt)
{
	struct statement *s;

	if (w->lower)
		lower_enter(w->lower, stmt, w->is_value);
	w->is_value = false;
	w->depth++;
	FOR_EACH_PTR(stmt->stmts, s) {
		walk_stmt(w, s);
	} END_FOR_EACH_PTR(s);
	w->depth--;
	if (w->lower)
		lower_leave(w->lower);
}

static void add_return(struct fn *fn, struct position pos)
{
	if (!fn)
		return;
	GROW(fn->returns, fn->nreturns, fn->creturns);
	fn->returns[fn->nreturns++] = pos;
}

static void count(struct fn *fn, const struct statement *stmt)
{
	fn->nodes++;
	if (stmt->pos.stream == fn->sym->pos.stream && stmt->pos.line > fn->endline)
		fn->endline = stmt->pos.line;
}

static void walk_return(struct walk *w, struct statement *stmt)
{
	walk_expr(w, stmt->ret_value);
	if (w->lower) {
		lower_jump(w->lower, stmt);
		return;
	}
	add_return(w->fn, stmt->pos);
	if (!stmt->ret_value)
		tree_keep_return(stmt);
}

static void walk_switch(struct walk *w, struct statement *stmt)
{
	walk_expr(w, stmt->switch_expression);
	if (w->lower)
		lower_label(w->lower, stmt->switch_break);
	walk_stmt(w, stmt->switch_statement);
}

/**
 * walk_stmt() - through a statement and all in it; may be NULL
 */
void walk_stmt(struct walk *w, struct statement *stmt)
{
	if (!stmt)
		return;
	if (w->fn && !w->lower)
		count(w->fn, stmt);
	switch (stmt->type) {
	case STMT_DECLARATION:
		walk_symbols(w, stmt->declaration);
		if (w->fn && !w->lower && w->depth > 1)
			life_note_declaration(w->fn, stmt);
		break;
	case STMT_EXPRESSION:
		walk_expr(w, stmt->expression);
		break;
	case STMT_COMPOUND:
		walk_compound(w, stmt);
		break;
	case STMT_IF:
		walk_expr(w, stmt->if_conditional);
		walk_stmt(w, stmt->if_true);
		walk_stmt(w, stmt->if_false);
		break;
	case STMT_RETURN:
		walk_return(w, stmt);
		break;
	case STMT_CASE:
		walk_stmt(w, stmt->case_statement);
		break;
	case STMT_SWITCH:
		walk_switch(w, stmt);
		break;
	case STMT_ITERATOR:
		walk_iterator(w, stmt);
		break;
	case STMT_LABEL:
		if (w->lower)
			lower_label(w->lower, stmt->label_identifier);
		walk_stmt(w, stmt->label_statement);
		break;
	case STMT_GOTO:
		walk_expr(w, stmt->goto_expression);
		if (w->lower)
			lower_jump(w->lower, stmt);
		break;
	case STMT_ASM:
		walk_asm(w, stmt);
		break;
	default:
		break;
	}
}

