// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tree.c - pieces of syntax tree that say what sparse's linearized code would leave out
 */
#include "walk.h"

#include <string.h>

/**
 * tree_name() - the expression that a symbol's name is
 */
struct expression *tree_name(struct position pos, struct symbol *sym)
{
	struct expression *expr = alloc_expression(pos, EXPR_SYMBOL);

	expr->symbol = sym;
	expr->symbol_name = sym->ident;
	return expr;
}

/**
 * tree_call() - append "fn(&var);"
 */
void tree_call(struct statement_list **list, struct position pos, struct symbol *fn, struct symbol *var)
{
	struct statement *stmt = alloc_statement(pos, STMT_EXPRESSION);
	struct expression *call = alloc_expression(pos, EXPR_CALL), *addr = alloc_expression(pos, EXPR_PREOP);

	addr->op = '&';
	addr->unop = tree_name(pos, var);
	call->fn = tree_name(pos, fn);
	add_expression(&call->args, addr);
	stmt->expression = call;
	add_statement(list, stmt);
}

/**
 * tree_assign() - append "var = value;"
 */
void tree_assign(struct statement_list **list, struct position pos, struct symbol *var, struct symbol *value)
{
	struct statement *stmt = alloc_statement(pos, STMT_EXPRESSION);
	struct expression *expr = alloc_expression(pos, EXPR_ASSIGNMENT);

	expr->op = '=';
	expr->left = tree_name(pos, var);
	expr->right = tree_name(pos, value);
	stmt->expression = expr;
	add_statement(list, stmt);
}

/* Stands for a condition that nothing is known of. */
static struct symbol *unknown_condition(void)
{
	static struct symbol *sym;

	if (sym)
		return sym;
	sym = alloc_symbol((struct position){ 0 }, SYM_NODE);
	sym->ident = built_in_ident("asm_goto");
	sym->namespace = NS_SYMBOL;
	sym->ctype.base_type = &int_ctype;
	sym->ctype.modifiers = MOD_VOLATILE | MOD_EXTERN | MOD_TOPLEVEL;
	sym->bit_size = int_ctype.bit_size;
	sym->ctype.alignment = int_ctype.ctype.alignment;
	sym->examined = sym->evaluated = 1;
	return sym;
}

static struct statement *maybe_goto(struct position pos, struct symbol *label)
{
	struct statement *jump = alloc_statement(pos, STMT_GOTO);
	struct statement *stmt = alloc_statement(pos, STMT_IF);
	struct expression *addr = alloc_expression(pos, EXPR_SYMBOL);
	struct expression *cond = alloc_expression(pos, EXPR_PREOP);

	addr->symbol = unknown_condition();
	addr->symbol_name = addr->symbol->ident;
	addr->ctype = &lazy_ptr_ctype;
	cond->op = '*';
	cond->unop = addr;
	cond->ctype = addr->symbol;
	jump->goto_label = label;
	stmt->if_conditional = cond;
	stmt->if_true = jump;
	return stmt;
}

/**
 * tree_asm_goto() - sparse's IR has no edges from an "asm goto" to its labels: make it "asm; if (unknown) goto label; …"
 */
void tree_asm_goto(struct statement *stmt)
{
	struct statement *only = alloc_statement(stmt->pos, STMT_ASM);
	struct symbol_list *labels = stmt->asm_labels;
	struct symbol *label;

	*only = *stmt;
	only->asm_labels = NULL;
	memset(stmt, 0, sizeof(*stmt));
	stmt->type = STMT_COMPOUND;
	stmt->pos = only->pos;
	add_statement(&stmt->stmts, only);
	FOR_EACH_PTR(labels, label) {
		add_statement(&stmt->stmts, maybe_goto(only->pos, label));
	} END_FOR_EACH_PTR(label);
}

/**
 * tree_keep_return() - put a statement without effect in front of a "return;"
 *
 * A block that says nothing else is passed over by sparse, and the place is lost.
 */
void tree_keep_return(struct statement *stmt)
{
	struct statement *nothing = alloc_statement(stmt->pos, STMT_CONTEXT);
	struct statement *ret = alloc_statement(stmt->pos, STMT_RETURN);

	nothing->expression = alloc_const_expression(stmt->pos, 0);
	*ret = *stmt;
	memset(stmt, 0, sizeof(*stmt));
	stmt->type = STMT_COMPOUND;
	stmt->pos = ret->pos;
	add_statement(&stmt->stmts, nothing);
	add_statement(&stmt->stmts, ret);
}


/**
 * tree_unknown_size() - what asks for the size of an object does not compute it: "kmap(page)" there is no call
 *
 * Sparse would call it. The size is that of what nothing is known of: 0 if the least is asked for, else the most.
 */
void tree_unknown_size(struct expression *call)
{
	struct expression *type = ptr_list_nth_entry((struct ptr_list *)call->args, 1);
	bool least = type && type->type == EXPR_VALUE && (type->value & 2);
	struct position pos = call->pos;

	memset(call, 0, sizeof(*call));
	call->type = EXPR_VALUE;
	call->pos = pos;
	call->ctype = size_t_ctype;
	call->value = least ? 0 : bits_mask(size_t_ctype->bit_size);
}
