/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dcache.h - what the parts of the data-cache rule share
 *
 * dcache.c follows writes, flushes and publications along a path; dcache-object.c says which object an expression or an address is
 * of; dcache-state.c keeps struct dirty; dcache-prepare.c and dcache-role.c look at a unit once before it is simulated; dcache-return.c judges what is
 * left at a return, and applies a callee's outcome; dcache-read.c is the read side, dcache-linear.c what is written without a mapping; dcache-story.c tells a finding.
 */
#ifndef KMAPCHECK_DCACHE_H
#define KMAPCHECK_DCACHE_H

#include "analysis.h"

/**
 * struct place - the object that an expression or an address is of
 * @folio: the folio, or the page that no folio is known of
 * @part: the one page of it that is meant; NULL: some, or all of it
 * @exempt: never mapped into user space, by the model
 * @linear: reached by an address for which nothing was mapped
 * @text: in the words of the source, or NULL
 * @map: the call that mapped it, NULL where it is no address in a mapping in sight
 * @flush: what flushes it: API_FLUSHES of what was mapped as a folio, API_FLUSHES_PAGE of a page; 0 where not known
 */
struct place {
	struct sym *folio, *part;
	const struct flow_val *map;
	bool exempt, linear;
	const char *text;
	enum api_effect_kind flush;
};

/* dcache-object.c */
struct place place_of(const struct ctx *c, struct sym *object);
/* False where the address is not known to lie in the mapping of an object. */
bool place_at(struct ctx *c, struct state *s, struct sym *addr, struct place *p);
/* Is it an object that can be told from others at all? */
bool place_known(const struct place *p);
/* May the folio that was written and the one that @via flushes be the same, for all that is known? */
bool may_be_same(const struct ctx *c, const struct flow_val *via, const struct sym *written, const struct sym *flushed);
bool is_fresh(const struct ctx *c, const struct sym *s);
/* Is it newly allocated, for the kernel itself? Only a publication in sight says that user space gets to see it. */
bool is_for_kernel(const struct ctx *c, const struct sym *s);
/* Did the call that gave it take its lock? */
bool given_locked(const struct ctx *c, const struct sym *s);
/* Do both come from one place: one instruction in several turns of a loop, elements of one array, one field? */
bool is_of_one_source(const struct sym *a, const struct sym *b);
/* Is @page the first page of @folio? */
bool is_head(struct sym *page, const struct sym *folio);
/* "what the pointer points to", for writes through a parameter */
bool is_pointee(const struct sym *object);
struct sym *pointee_of(struct ctx *c, struct sym *addr);

/* dcache-state.c */
struct dirty *dirty_find(struct state *s, const struct sym *folio);
struct dirty *dirty_get(struct ctx *c, struct state *s, struct sym *folio);
void dirty_remove(struct state *s, unsigned int i);
/* Forget the writes: they are flushed, or nobody will see them. */
void dirty_clean(struct dirty *d);
void dirty_add_write(struct dirty *d, struct site *site, const struct flow_val *via, bool last);
void dirty_prove(struct ctx *c, const struct state *s, const struct dirty *d);
void dirty_doubt(struct ctx *c, const struct dirty *d, struct doubt doubt);
/* Every last write of it is a violation, seen by @seen or at the return of @b. */
void dirty_violates(struct ctx *c, struct state *s, struct dirty *d, const struct flow_val *at,
		    const struct flow_block *b, const struct flow_val *seen);

/* The same where states were merged: it is one if a single path shows it. True if that can be asked at all. */
bool dirty_suspect(struct ctx *c, struct state *s, struct dirty *d, const struct flow_block *b,
		   const struct flow_val *seen);

/* dcache.c: the same as the functions of analysis.h, of an object that is known; @via: the call in the function at hand */
void do_write(struct ctx *c, struct state *s, const struct flow_val *via, struct site *site, const struct place *p,
	      const char *unsure);
void do_flush(struct ctx *c, struct state *s, const struct flow_val *via, struct site *site, const struct place *p,
	      bool page);
/* @seen: the call that publishes, where @via leads to it */
void do_publish(struct ctx *c, struct state *s, const struct flow_val *via, const struct flow_val *seen,
		const struct place *p, bool unlock);

/* dcache-linear.c: find what the unit flushes; is a write by the address that the call gives told of? */
void linear_prepare(struct ctx *c, const struct fn *fn);
bool linear_is_told(const struct ctx *c, const struct flow_val *call);

/* dcache-read.c: is a flush here one for a read, by what the path knows? */
bool flush_is_for_read(const struct ctx *c, const struct state *s);
/* Before the simulation: find the calls that say so. */
void read_prepare(struct ctx *c, struct fn *fn);

/* dcache-prepare.c */
struct flush_loop {
	const struct flow_block *header;
	const struct flow_val *call, *base;	/* the flush, and the page it counts from */
	struct flush_loop *next;
};

/**
 * struct flushed - a flush that some path of the function at hand comes to
 * @via: the call there, itself or one that leads to it
 */
struct flushed {
	const struct flow_val *via;
	struct site *site;
	struct sym *folio;
	struct flushed *next;
};

/* dcache-role.c: which values belong to a directory or symlink, by what their functions are there for; sets fn->kin. */
void roles_find(struct ctx *c);
bool role_exempts(const struct flow_val *v);
/* Does the call copy something of theirs? */
bool role_copies(const struct ctx *c, const struct flow_val *call);

/* dcache-story.c: a flush of @folio in the function at hand, for the explanation */
void story_flush(struct ctx *c, const struct flow_val *via, struct site *site, struct sym *folio);

#endif
