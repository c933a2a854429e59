/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The shape of a flow graph: orders, dominators, post-dominators, loops
 *
 * The trees are computed by the iteration of Cooper, Harvey and Kennedy ("A Simple, Fast Dominance Algorithm", 2001), the
 * loop nest in one depth-first walk after Wei, Mao, Zou and Chen ("A New Algorithm for Identifying Loops in
 * Decompilation", 2007), which copes with irreducible graphs. Nothing here recurses.
 */
#ifndef KMAPCHECK_DOM_H
#define KMAPCHECK_DOM_H

#include "flow.h"
#include "util.h"

#ifdef __cplusplus
extern "C" {
#endif

/* No block: the idom of the entry, anything of a block that is not reached. */
#define DOM_NONE (~0u)

/**
 * struct dom - what is known of the graph of one function; all arrays are indexed by block id unless said
 * @n: number of blocks; also the id of the virtual exit in @pidom
 * @nreached: number of blocks that the entry reaches
 * @order: the ids of the reached blocks in reverse postorder, @nreached of them (index: rpo number)
 * @rpo: the rpo number, DOM_NONE for blocks not reached
 * @idom: the immediate dominator, DOM_NONE for the entry and blocks not reached
 * @pidom: the immediate post-dominator, @n where only the virtual exit is left, DOM_NONE for blocks from which no return
 *	is reached (they end in a FLOW_STOP or turn for ever)
 * @header: the target of the innermost retreating edge whose loop holds the block; of a loop's header itself that of the loop
 *	around it; DOM_NONE outside of loops. In an irreducible loop it is the first block reached by the walk.
 * @is_header: is the block the target of a retreating edge?
 * @is_irreducible: of a header: is the loop entered elsewhere too?
 * @pred_start: the incoming edges of block b are preds[pred_start[b]] .. preds[pred_start[b + 1] - 1], the block each
 *	comes from; edges from blocks not reached included
 */
struct dom {
	const struct flow_func *func;
	unsigned int n, nreached;
	unsigned int *order, *rpo;
	unsigned int *idom, *pidom;
	unsigned int *header;
	bool *is_header, *is_irreducible;
	unsigned int *pred_start, *preds;
	/* intervals of the walks over the two trees, for the queries; [n] is the virtual exit */
	unsigned int *dom_in, *dom_out, *pdom_in, *pdom_out;
};

/**
 * dom_compute() - compute all of it for one function
 * @a: where the memory comes from
 *
 * The graph must not change while the result is used. A function without blocks gives empty arrays.
 */
struct dom *dom_compute(const struct flow_func *f, struct arena *a);

/**
 * dom_dominates() - does every path from the entry to block @b pass block @a?
 *
 * True for a == b; false where one of them is not reached.
 */
bool dom_dominates(const struct dom *d, unsigned int a, unsigned int b);

/**
 * dom_postdominates() - does every path from block @b to a return pass block @a?
 *
 * True for a == b; false where no return is reached from one of them.
 */
bool dom_postdominates(const struct dom *d, unsigned int a, unsigned int b);

/* Is the edge a retreating one (of a reducible graph: a back edge)? Both blocks must be reached. */
bool dom_is_retreating(const struct dom *d, unsigned int from, unsigned int to);

/* Does the loop of header @h hold block @b? The header is part of its loop. */
bool dom_in_loop(const struct dom *d, unsigned int b, unsigned int h);

/* The block that closes both: the nearest common dominator of two reached blocks. */
unsigned int dom_common(const struct dom *d, unsigned int a, unsigned int b);

#ifdef __cplusplus
}
#endif
#endif
