// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * facts-narrow.c - an interval is cut: what a value is, or is not
 */
#include "facts-priv.h"

#include <stdlib.h>
#include <string.h>

static struct fact *fact_for(struct facts *f, struct sym *key)
{
	struct fact *fact = facts_find(f, key);

	if (fact)
		return fact;
	/* The oldest makes room. */
	if (f->n >= (f->all ? ALL_FACTS : MAX_FACTS)) {
		facts_drop(f, 0);
		f->lost = f->all;
	}
	return facts_add(f, &(struct fact){ .sym = key, .range = leaf_range(key) });
}

/* Adds what lies in no case; neighbours become one, and a half-line is an end of the range. */
void add_hole(struct fact *fact, struct range r)
{
	unsigned int i;

	if (r.lo == FACT_MIN || r.hi == FACT_MAX) {
		fact->range = range_and(fact->range, r.lo == FACT_MIN ? (struct range){ r.hi + 1, FACT_MAX } :
					(struct range){ FACT_MIN, r.lo - 1 });
		return;
	}
	for (i = 0; i < fact->nholes;) {
		struct range h = fact->holes[i];

		if (h.lo > r.hi + 1 || h.hi < r.lo - 1) {
			i++;
			continue;
		}
		r = (struct range){ h.lo < r.lo ? h.lo : r.lo, h.hi > r.hi ? h.hi : r.hi };
		fact->holes[i] = fact->holes[--fact->nholes];
		i = 0;
	}
	if (fact->nholes < FACT_HOLES)
		fact->holes[fact->nholes++] = r;
}

/* Shrink a range whose ends lie in holes. */
static void trim(struct fact *fact)
{
	bool again = true;
	unsigned int i;

	while (again && fact->range.lo <= fact->range.hi) {
		again = false;
		for (i = 0; i < fact->nholes; i++) {
			struct range h = fact->holes[i];

			if (fact->range.lo >= h.lo && fact->range.lo <= h.hi) {
				if (h.hi == FACT_MAX)
					fact->range = (struct range){ 1, 0 };
				else
					fact->range.lo = h.hi + 1;
				again = true;
			}
			if (fact->range.lo <= fact->range.hi && fact->range.hi >= h.lo && fact->range.hi <= h.hi) {
				if (h.lo == FACT_MIN)
					fact->range = (struct range){ 1, 0 };
				else
					fact->range.hi = h.lo - 1;
				again = true;
			}
			if (fact->range.lo > fact->range.hi)
				break;
		}
	}
	/* What lies outside says nothing and takes room. */
	for (i = 0; i < fact->nholes;)
		if (fact->holes[i].hi < fact->range.lo || fact->holes[i].lo > fact->range.hi)
			fact->holes[i] = fact->holes[--fact->nholes];
		else
			i++;
}

static bool opaque(const struct sym *s)
{
	return (s->has & (SYM_HAS_VAGUE | SYM_HAS_UNDEF)) != 0;
}

/* Give up a weak fact that the new one contradicts. */
static bool refresh(struct fact *fact, struct range r, bool inside, bool *doubt)
{
	struct range x = fact->range;
	bool against;

	if (!fact->weak)
		return false;
	if (inside)
		against = x.lo > r.hi || x.hi < r.lo || in_hole(fact, r);
	else
		against = x.lo >= r.lo && x.hi <= r.hi;
	if (against)
		*doubt = true;
	*fact = (struct fact){ .sym = fact->sym, .range = leaf_range(fact->sym) };
	return true;
}

/* "k * x + c", of which a fact says something about x. */
static bool is_scaled(const struct sym *s)
{
	return s->kind == SYM_SUM && s->nargs == 1 && s->coefs[0] > 1;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b && a < 0);
}

static struct range unscale(struct range r, const struct sym *s)
{
	int64_t k = s->coefs[0];

	r = (struct range){ sat_add(r.lo, -s->num), sat_add(r.hi, -s->num) };
	if (r.lo != FACT_MIN)
		r.lo = -floor_div(-r.lo, k);
	if (r.hi != FACT_MAX)
		r.hi = floor_div(r.hi, k);
	return r;
}

bool facts_assume_range(struct facts *f, struct symtab *t, struct sym *s, struct range r, bool *doubt)
{
	struct fact *fact;
	struct sym *key;
	int64_t c;
	int sign;

	switch (facts_may_lie(f, t, s, r)) {
	case T_NO: return false;
	case T_YES: return true;
	default:
		break;
	}
	if (opaque(s))
		return true;
	if (is_scaled(s)) {
		struct range x = unscale(r, s);
		bool wraps = may_wrap(f, s->args[0], s->coefs[0]);

		/* What was lost of it made it smaller. */
		if (wraps)
			x.hi = FACT_MAX;
		if (!facts_assume_range(f, t, s->args[0], x, doubt))
			return false;
		if (!wraps)
			return true;
	}
	key = fact_key(t, s, &sign, &c);
	r = range_scale((struct range){ sat_add(r.lo, -c), sat_add(r.hi, -c) }, sign);
	fact = fact_for(f, key);
	refresh(fact, r, true, doubt);
	fact->range = range_and(fact->range, r);
	trim(fact);
	if (fact->range.lo == fact->range.hi && !bits_agree(f, key, fact->range.lo))
		return false;
	return fact->range.lo <= fact->range.hi;
}

bool facts_exclude(struct facts *f, struct symtab *t, struct sym *s, struct range r, bool *doubt)
{
	struct fact *fact;
	struct sym *key;
	int64_t c;
	int sign;

	switch (facts_may_lie(f, t, s, r)) {
	case T_NO: return true;
	case T_YES: return false;
	default:
		break;
	}
	if (opaque(s))
		return true;
	key = fact_key(t, s, &sign, &c);
	r = range_scale((struct range){ sat_add(r.lo, -c), sat_add(r.hi, -c) }, sign);
	fact = fact_for(f, key);
	refresh(fact, r, false, doubt);
	if (!in_hole(fact, r))
		add_hole(fact, r);
	trim(fact);
	return fact->range.lo <= fact->range.hi;
}

