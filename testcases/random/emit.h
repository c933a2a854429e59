/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From statements to flow: what emit.c (control) and emit-stmt.c (the rest) share
 */
#ifndef KMAPCHECK_RANDOM_EMIT_H
#define KMAPCHECK_RANDOM_EMIT_H

#include "random.h"

/**
 * struct jump - an end of a block that is to go to a place that has no block yet
 */
struct jump {
	struct flow_block *from;
	struct flow_val *env[MAX_VARS];
};

#define MAX_JUMPS 24

struct target {
	unsigned int n;
	struct jump jumps[MAX_JUMPS];
};

/**
 * struct emit - the state of the translation of one function
 * @b: where instructions go, NULL where nothing gets
 * @env: the value of each variable
 * @labels: of S_GOTO; NULL outside of the label's body; @brk, @cont: of the innermost loop
 */
struct emit {
	const struct program *p;
	const struct function *src;
	struct flow_func *f;
	struct flow_block *b;
	struct flow_val *env[MAX_VARS], *undef, *mem[MEM_FIELD];
	struct target *labels[MAX_LABELS], *brk, *cont;
	unsigned int *line;
};

struct flow_loc emit_loc(struct emit *e);
/* Branches on the condition; each of the two targets gets one jump or more. */
void emit_cond(struct emit *e, const struct cond *c, struct target *yes, struct target *no);
/* The condition as a value. */
struct flow_val *emit_truth(struct emit *e, const struct cond *c);
/* Statements that are no control. False where @n is of another kind. */
void emit_stmt(struct emit *e, const struct node *n);

/* Ends the block in a jump to the target. */
void jump_to(struct emit *e, struct target *t);
/* Goes on behind all the jumps to the target, with phis where they differ. */
void land(struct emit *e, struct target *t);

#endif
