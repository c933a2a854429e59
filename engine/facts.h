/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * facts.h - what is known of the values of symbols on a path: intervals and excluded intervals
 *
 * A fact about a sum is kept for the sum without its constant and with a positive first coefficient, so that "a < b",
 * "b > a + 1" and "a - b == -1" speak of the same thing.
 */
#ifndef KMAPCHECK_FACTS_H
#define KMAPCHECK_FACTS_H

#include "sym.h"

#define FACT_MIN INT64_MIN
#define FACT_MAX INT64_MAX
#define FACT_HOLES 6
#define FACT_FILTER 4u		/* words */

struct range {
	int64_t lo, hi;
};

/**
 * struct fact - the values that @sym may have
 * @range: inclusive
 * @holes: values in the range that it has not, @nholes intervals
 * @weak: held before a call out of sight may have changed it; what contradicts it is possible, but doubtful
 */
struct fact {
	struct sym *sym;
	struct range range;
	unsigned char nholes;
	bool weak;
	struct range holes[FACT_HOLES];
};

/**
 * struct facts - what is known on a path
 * @all: of a single path, where nothing may be forgotten: much more room; @lost: and still something was
 * @sums, @masks, @late: some are of sums, of some bits of a value, or mention what memory held some time after the entry
 * @may: bits by the symbols that there are, or were, facts of, and by the terms of sums (a Bloom filter): most questions are about others
 */
struct facts {
	unsigned int n, cap;
	bool all, lost, sums, masks, late;
	uint64_t may[FACT_FILTER];
	struct fact *v;
};

enum truth {
	T_NO, T_YES, T_MAYBE,
};

/* Is it of a pointer that was followed, and that is neither NULL nor an error for that? Nothing was decided by it. */
static inline bool fact_is_followed(const struct fact *f)
{
	return f->sym->type == FLOW_T_PTR && f->range.lo == FACT_MIN && f->range.hi == FACT_MAX && f->nholes == 1 &&
	       f->holes[0].lo == -4095 && f->holes[0].hi == 0;
}

void facts_copy(struct facts *to, const struct facts *from);
void facts_free(struct facts *f);
struct fact *facts_find(const struct facts *f, const struct sym *s);
/* One more; it stays where it is until another is added or dropped. */
struct fact *facts_add(struct facts *f, const struct fact *fact);
void facts_drop(struct facts *f, unsigned int i);

/* The interval that a symbol's value lies in; weak facts do not count. */
struct range facts_range(const struct facts *f, const struct sym *s);
/* Likewise, by what is known of sums that it is a term of, too. */
struct range facts_bounds(const struct facts *f, const struct sym *s);
/* Replace what facts pin down by its constant. */
struct sym *facts_resolve(const struct facts *f, struct symtab *t, struct sym *s);
/* Does @s lie in @r? Weak facts do not count. */
enum truth facts_may_lie(const struct facts *f, struct symtab *t, struct sym *s, struct range r);
/* Is @s (as a condition) known to be true or false? */
enum truth facts_truth(const struct facts *f, struct symtab *t, struct sym *s);

/**
 * facts_assume() - add what follows from the condition @s being true (or not)
 * @doubt: set when a weak fact contradicts it
 *
 * Return: false when the facts contradict it: the path cannot be taken.
 */
bool facts_assume(struct facts *f, struct symtab *t, struct sym *s, bool yes, bool *doubt);
/* Likewise that the value of @s lies in @r. */
bool facts_assume_range(struct facts *f, struct symtab *t, struct sym *s, struct range r, bool *doubt);
/* Likewise that it does not. */
bool facts_exclude(struct facts *f, struct symtab *t, struct sym *s, struct range r, bool *doubt);
/* Keep what holds by both, @a and @b. @wider: an interval that would grow is given up, so that loops end. */
void facts_join(struct facts *a, const struct facts *b, bool wider);
/* What is known of @from probably holds of @to as well: weak facts. @behind: of what lies in memory there, and nothing else. */
void facts_transfer(struct facts *f, struct symtab *t, struct sym *from, struct sym *to, bool behind);
/* What is known of a value that is @x by the facts @a, or @y by @b. */
struct known {
	struct range range, holes[FACT_HOLES];
	unsigned int nholes;
	bool weak;			/* only probably */
};

void known_join(struct known *k, struct symtab *t, const struct facts *a, struct sym *x, const struct facts *b,
		struct sym *y, bool wider);
void known_set(struct facts *f, struct symtab *t, struct sym *s, const struct known *k);
/* Make every fact that @hit accepts a weak one. */
void facts_weaken(struct facts *f, bool (*hit)(const struct sym *s, void *data), void *data);

/* Are there numbers for all that is not known, with which all facts hold? That none were found is no proof that there are none: example.c */
struct example_memo;
struct example_memo *example_memo_new(struct arena *a);
bool facts_have_example(struct example_memo *memo, const struct facts *f, unsigned int *rounds);

#endif
