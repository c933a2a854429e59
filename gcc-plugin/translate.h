/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * translate.h - what the files of the translation share: the state of one function's
 *
 * Everything here reads GCC's data and makes no tree, declaration or statement: the object code must not change.
 */
#ifndef KP_TRANSLATE_H
#define KP_TRANSLATE_H

#include "plugin.h"

enum { KP_SMALL_LOW = -16, KP_SMALL_HIGH = 64 };

/**
 * struct tr - the translation of one function
 * @fn: GCC's function, @f: the flow's
 * @blocks: by basic block index; NULL for what is not reached
 * @ssa: by SSA version; NULL for what is not defined yet
 * @vars: addresses of variables, functions, strings by declaration
 * @consts: the small constants, made once
 * @b: instructions go here
 */
struct tr {
	struct kp_unit *k;
	function *fn;
	struct flow_func *f;
	struct flow_block **blocks;
	struct flow_val **ssa;
	kp_value_map *vars;
	struct flow_val *consts[KP_SMALL_HIGH - KP_SMALL_LOW];
	struct flow_block *b;
};

/* translate-value.c: what stands for a value */
struct flow_val *tr_const(struct tr *t, int64_t v);
int64_t tr_int(const_tree cst, bool offset);
enum flow_type tr_type(const_tree type);
struct flow_val *tr_value(struct tr *t, tree x);
struct flow_val *tr_offset(struct tr *t, tree x);
void tr_define(struct tr *t, tree ssa, struct flow_val *v, unsigned int mark);
const char *tr_user_name(tree decl);

/* translate-memory.c: access paths, loads and stores */
unsigned int tr_size(const_tree type);
struct flow_val *tr_addr(struct tr *t, tree ref);
struct flow_val *tr_load(struct tr *t, tree ref, struct flow_loc loc);
void tr_store(struct tr *t, tree ref, struct flow_val *v, struct flow_loc loc);

/* translate-assign.c: assignments */
void tr_assign(struct tr *t, gimple *stmt);
struct flow_val *tr_compare(struct tr *t, enum tree_code code, tree x, tree y);

/* translate.c */
gimple *tr_last(basic_block bb);
struct flow_loc tr_place(struct tr *t, gimple *stmt);

/* translate-call.c, translate-asm.c: statements that end what is known */
void tr_call(struct tr *t, gcall *call);
void tr_asm(struct tr *t, gasm *stmt);
struct flow_val *tr_asm_goto_condition(struct tr *t, gasm *stmt);

#endif
