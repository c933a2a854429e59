/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * body.h - translating the body of one function
 */
#ifndef KMAPCHECK_BODY_H
#define KMAPCHECK_BODY_H

#include "front.h"
#include "flowgraph.h"
/* The mark of visited blocks; "flow.h" is the engine's here. */
extern unsigned long bb_generation;

struct made_phi {
	struct flow_val *val;
	struct instruction *insn;
};

/**
 * struct body - the state
 * @f: being built
 * @generation: marks the blocks that are reached
 * @order: the blocks reached, in postorder
 * @more: by the number of a block, the first of those that its end was split into, which are next to each other
 * @phis: made so far
 * @nasm: results of inline assembly so far, each a value of its own
 */
struct body {
	struct place_map *places;
	const struct fn *fn;
	struct entrypoint *ep;
	struct flow_func *f;
	unsigned long generation;
	unsigned int norder, corder;
	struct basic_block **order;
	unsigned int *more;
	unsigned int nphis, cphis;
	struct made_phi *phis;
	unsigned int nasm;
};

/* insn.c */
int64_t sp_constant(long long v, struct symbol *type);
bool is_truth(const struct flow_val *v);
struct flow_val *sp_value(struct body *b, pseudo_t p, struct symbol *type);
void translate_insn(struct body *b, struct flow_block *at, struct instruction *insn);

/* address.c */
struct flow_val *sp_variable(struct body *b, pseudo_t p);
struct flow_val *sp_string(struct body *b, const struct expression *x);
struct flow_val *sp_address(struct body *b, struct flow_block *at, pseudo_t base, long long offset,
			 struct symbol *leaf);
struct flow_val *sp_add_constant(struct body *b, struct flow_block *at, struct instruction *insn);

#endif
