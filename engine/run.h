/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run.h - mappings of which one lies in each element of an array; see run.c
 */
#ifndef KMAPCHECK_RUN_H
#define KMAPCHECK_RUN_H

#include "facts.h"
#include "state.h"

struct relation;

/* The loop of @header turns: what the turns before put into an array one after the other becomes a run. */
void run_collect(struct ctx *c, struct state *s, const struct flow_block *header);
struct sym *run_take(struct ctx *c, struct state *s, const struct flow_val *v, struct sym *addr);
/* Are there mappings in it? */
enum truth run_has_some(struct ctx *c, const struct state *s, const struct mapping *m);
/* What keeps a mistake with the mapping from being certain; of a run, that it may be empty, too. */
struct doubt run_doubt(struct ctx *c, const struct state *s, const struct mapping *m);
/* @b is entered: leave out the runs that are known to be empty by now. */
void run_settle(struct ctx *c, struct state *s, const struct flow_block *b);
/* Symbols were replaced: are the places still known? */
void run_check(struct state *s);
/* Which mappings there are is no longer known. */
void run_lose(struct mapping *m, enum kc_reason reason);
bool run_is_at(const struct state *s, const struct sym *root);
/* @size bytes at @addr are written; all that @root leads to may be; the call @name got the array. */
void run_overwrite(struct ctx *c, struct state *s, struct sym *addr, unsigned int size);
void run_clobber(struct state *s, const struct sym *root);
void run_lend(struct mapping *m, const char *name);
/* Do they lie in the same places? Make one of what the same mapping is in two states that are joined to @s: is it a run? */
bool run_same(const struct mapping *a, const struct mapping *b);
/* At the loop that makes or releases them: may mapping number @i of both states be the same one some turns apart? */
bool run_comparable(struct symtab *t, const struct state *s, const struct state *o, unsigned int i);
bool run_join(struct state *s, struct mapping *a, const struct mapping *b, struct relation *r);

#endif
