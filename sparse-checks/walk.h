/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * walk.h - through the syntax tree
 */
#ifndef KMAPCHECK_WALK_H
#define KMAPCHECK_WALK_H

#include "front.h"

/**
 * struct walk - the state of a walk
 * @fn: the function, NULL in an initializer outside
 * @lower: on a second walk, through functions with cleanups: takes what it meets; nothing is counted again then
 * @depth: of blocks
 * @is_value: the next compound statement is a statement expression's
 */
struct walk {
	struct scan *scan;
	struct fn *fn;
	struct lower *lower;
	unsigned int depth;
	bool is_value;
};

void walk_stmt(struct walk *w, struct statement *stmt);
void walk_expr(struct walk *w, struct expression *expr);
bool is_function_symbol(struct symbol *sym);
struct fn *find_fn(struct scan *s, struct symbol *sym);

/* tree.c */
struct expression *tree_name(struct position pos, struct symbol *sym);
void tree_call(struct statement_list **list, struct position pos, struct symbol *fn, struct symbol *var);
void tree_assign(struct statement_list **list, struct position pos, struct symbol *var, struct symbol *value);
void tree_asm_goto(struct statement *stmt);
void tree_keep_return(struct statement *stmt);
void tree_unknown_size(struct expression *call);

/* life.c */
void life_note_address(struct expression *expr);
void life_note_declaration(struct fn *fn, struct statement *stmt);
void life_put_marks(struct fn *fn);

/* cleanup.c */
struct lower *lower_new(struct symbol *fn);
void lower_enter(struct lower *l, struct statement *stmt, bool is_value);
void lower_leave(struct lower *l);
void lower_declare(struct lower *l, struct symbol *sym);
void lower_label(struct lower *l, struct symbol *sym);
void lower_jump(struct lower *l, struct statement *stmt);
void lower_end(struct lower *l);

#endif
