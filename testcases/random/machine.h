/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine that programs run on: choices, memory, mappings
 */
#ifndef KMAPCHECK_RANDOM_MACHINE_H
#define KMAPCHECK_RANDOM_MACHINE_H

#include "random.h"

#define MAX_CHOICES 48
#define MAX_INSTS 64
#define MAX_CELLS 64
#define MAX_TRACE 5000
#define MAX_FAULTS 64

/*
 * Values are numbers; where one lies says what it is. Mapping number i is at MAP_BASE + i * MAP_STEP, and reaches half a step to
 * either side, so that no wrong offset ends in another one.
 */
#define EXT_BASE 0x1000000000LL		/* pointers from outside */
#define EXT_STEP 0x10000LL		/* from one to the next */
#define VAR_BASE 0x2000000000LL		/* variables in memory */
#define MAP_BASE 0x4000000000LL
#define MAP_STEP 0x100000LL
#define UNDEF (INT64_MIN + 12345)	/* not initialised */
#define UNSET (INT64_MIN + 54321)	/* a parameter whose value nobody needed yet */

/**
 * struct inst - one mapping that was made
 * @released: correctly, once
 * @bad: something was wrong with it, so that its site is not to be proved
 * @blurred: its page was given where an address is wanted, which some take for its release
 * @leaked: nobody holds its address any more
 * @escaped: somebody out of sight may hold it
 */
struct inst {
	unsigned int line;
	enum family family;
	int64_t page;
	bool live, released, bad, escaped, blurred, leaked;
};

struct cell {
	int64_t addr, val;
};

struct fault {
	enum kc_rule rule;
	unsigned int line;
};

/**
 * struct machine - one run, and the choices that make the next one another
 * @dubious: it depends on a value that is not initialised
 * @changed: something out of sight changed memory: such a run may disprove, but a finding must not count on it
 * @over: it ended without a return of the root
 */
struct machine {
	struct observed *o;
	unsigned char choice[MAX_CHOICES], limit[MAX_CHOICES];
	unsigned int nchoices, chosen, ngone, nshown;
	unsigned int ninsts, ncells, ntrace, nfaults, steps, next_ext, next_frame, ext_calls;
	struct inst insts[MAX_INSTS];
	int64_t shown[MAX_CELLS];			/* what from outside was handed out */
	int64_t gone[MAX_INSTS];			/* addresses from outside that were released */
	unsigned int order[MAX_INSTS], norder;	/* live local and atomic mappings, the newest last */
	struct cell cells[MAX_CELLS];
	unsigned int trace[MAX_TRACE];
	struct fault faults[MAX_FAULTS];
	bool dubious, changed, over;
};

void machine_start(struct machine *m);
/* Set up the next run. False where there is none. */
bool machine_next(struct machine *m);
unsigned int choose(struct machine *m, unsigned int n);
int64_t choose_int(struct machine *m);

int64_t do_load(struct machine *m, int64_t addr, bool is_int, unsigned int line);
void do_store(struct machine *m, int64_t addr, int64_t val, unsigned int line);
/*
 * The call on @line hands @addr to somebody out of sight. do_outside(): then that ran, and what lies where such an address points to
 * may have changed. What nobody out of sight was handed stays: the engine takes it to be the function's own to change.
 */
void do_hand_out(struct machine *m, int64_t addr, unsigned int line);
void do_outside(struct machine *m);

int64_t do_map(struct machine *m, enum family family, int64_t page, unsigned int line);
void do_unmap(struct machine *m, enum family family, int64_t arg, unsigned int line);
/* A function returns @val: what it mapped, from number @first on, and what neither @val nor memory holds, is lost. */
void do_return(struct machine *m, unsigned int frame, unsigned int first, int64_t val);
int64_t frame_base(unsigned int frame);
/* The root returns @val. */
void do_end(struct machine *m, int64_t val);

#endif
