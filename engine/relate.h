/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * relate.h - which values of two states stand for each other while the states are joined
 */
#ifndef KMAPCHECK_RELATE_H
#define KMAPCHECK_RELATE_H

#include "state.h"
#include "sym.h"

/* What is @x in the one state and @y in the other is @both in the one they become. */
struct related {
	struct sym *x, *y, *both;
};

/**
 * struct relation - the values found so far that differ in two states
 * @a, @b: the states as they were
 */
struct relation {
	struct symtab *syms;
	const struct state *a, *b;
	struct related *v;
	unsigned int n, cap;
};

void relation_add(struct relation *r, struct sym *x, struct sym *y, struct sym *both);
/**
 * relation_find() - the value that is @x in the one state and @y in the other, by what is known of their parts
 *
 * Return: it, or NULL where the parts say nothing.
 */
struct sym *relation_find(struct relation *r, struct sym *x, struct sym *y);
/*
 * What is known of expressions, where what they are made of stands for other values in the two states: "x & 4 is not 0" of either,
 * and of both then. @s: gets it.
 */
void relation_keep_facts(struct relation *r, struct state *s, bool wider);
/* How far bounds are from counters that move with them. */
void relation_keep_distances(struct relation *r, struct state *s);
void relation_free(struct relation *r);

/* join.c: that an address lies in the page; do both addresses, of one mapping? */
extern const struct known inside_page;
bool both_inside(const struct state *a, const struct state *b, struct symtab *t, struct sym *x, struct sym *y);

/* join-mem.c: memory, and what the facts say of its content; @meet: names what lies there where both meet */
void join_memory(struct state *a, struct relation *r, const struct flow_val *meet, bool wider);

/* join-object.c: may what two kmap()s are of, @x in @a and @y in @b, become one page? */
bool objects_related(const struct state *a, const struct state *b, struct symtab *t, const struct sym *x, const struct sym *y);
/* That page, after all else of the states was joined in @both; NULL where it has none. */
struct sym *join_objects(struct state *both, const struct relation *r, struct sym *x, struct sym *y);

#endif
