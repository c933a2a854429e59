/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faults for the random test to find
 *
 * testcases/random builds the engine with KMAP_SEED_BUGS and switches on one fault at a time, to see that the test would
 * notice it. In every other build SEED_BUG() is false and nothing is left of it.
 */
#ifndef KMAPCHECK_SEED_H
#define KMAPCHECK_SEED_H

#ifdef KMAP_SEED_BUGS
extern unsigned int kmap_seed_bug;
#define SEED_BUG(n) (kmap_seed_bug == (n))
#else
#define SEED_BUG(n) 0
#endif

#endif
