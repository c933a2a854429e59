/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faults for the random test to find
 *
 * testcases/random builds the engine with KMAP_SEED_BUGS and switches on one fault at a time, to see that the test would
 * notice it, or limits of two states, so that small programs hit the bounds. In every other build SEED_BUG() is false, limits
 * are as they stand, and nothing is left of either.
 */
#ifndef KMAPCHECK_SEED_H
#define KMAPCHECK_SEED_H

#ifdef KMAP_SEED_BUGS
extern unsigned int kmap_seed_bug, kmap_few_states;
#define SEED_BUG(n) (kmap_seed_bug == (n))
#define STATE_LIMIT(n) (kmap_few_states ? kmap_few_states : (n))
#else
#define SEED_BUG(n) 0
#define STATE_LIMIT(n) (n)
#endif

#endif
