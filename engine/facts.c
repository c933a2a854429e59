// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * facts.c - what is known of the values of symbols on a path: keeping it and asking for it
 */
#include "facts-priv.h"

#include <stdlib.h>
#include <string.h>

static const struct range all = { FACT_MIN, FACT_MAX };
static const struct range truth_values = { 0, 1 };

void facts_copy(struct facts *to, const struct facts *from)
{
	*to = *from;
	to->cap = from->n;
	to->v = NULL;
	if (!from->n)
		return;
	to->v = xmalloc(from->n * sizeof(*to->v));
	memcpy(to->v, from->v, from->n * sizeof(*to->v));
}

void facts_free(struct facts *f)
{
	free(f->v);
	f->v = NULL;
	f->n = f->cap = 0;
}

static unsigned int filter_bit(unsigned int x)
{
	return (x * 0x9e3779b9u) >> 24;
}

static void note(struct facts *f, unsigned int x)
{
	f->may[filter_bit(x) / 64] |= 1ull << (filter_bit(x) & 63);
}

static bool may_have(const struct facts *f, unsigned int x)
{
	return f->may[filter_bit(x) / 64] >> (filter_bit(x) & 63) & 1;
}

struct fact *facts_add(struct facts *f, const struct fact *fact)
{
	const struct sym *s = fact->sym;

	note(f, s->id);
	if (s->kind == SYM_SUM) {
		note(f, s->terms);
		f->sums = true;
	}
	f->masks |= s->kind == SYM_AND;
	f->late |= !!(s->has & SYM_HAS_LATE);
	GROW(f->v, f->n, f->cap);
	f->v[f->n] = *fact;
	return &f->v[f->n++];
}

struct fact *facts_find(const struct facts *f, const struct sym *s)
{
	unsigned int i;

	if (!may_have(f, s->id))
		return NULL;
	for (i = 0; i < f->n; i++)
		if (f->v[i].sym == s)
			return &f->v[i];
	return NULL;
}

void facts_drop(struct facts *f, unsigned int i)
{
	f->n--;
	memmove(&f->v[i], &f->v[i + 1], (f->n - i) * sizeof(*f->v));
}

int64_t sat_add(int64_t a, int64_t b)
{
	int64_t r;

	/* The ends stand for "no bound" and stay. */
	if (a == FACT_MIN || a == FACT_MAX)
		return a;
	if (__builtin_add_overflow(a, b, &r))
		return b < 0 ? FACT_MIN : FACT_MAX;
	return r;
}

static int64_t sat_mul(int64_t a, int64_t k)
{
	int64_t r;

	if (a == FACT_MIN || a == FACT_MAX)
		return (a < 0) == (k < 0) ? FACT_MAX : FACT_MIN;
	if (__builtin_mul_overflow(a, k, &r))
		return (a < 0) == (k < 0) ? FACT_MAX : FACT_MIN;
	return r;
}

struct range range_scale(struct range r, int64_t k)
{
	struct range x = { sat_mul(r.lo, k), sat_mul(r.hi, k) };

	if (k < 0)
		x = (struct range){ x.hi, x.lo };
	return x;
}

static struct range range_add(struct range a, struct range b)
{
	struct range r;

	r.lo = a.lo == FACT_MIN || b.lo == FACT_MIN ? FACT_MIN : sat_add(a.lo, b.lo);
	r.hi = a.hi == FACT_MAX || b.hi == FACT_MAX ? FACT_MAX : sat_add(a.hi, b.hi);
	return r;
}

struct range range_and(struct range a, struct range b)
{
	return (struct range){ a.lo > b.lo ? a.lo : b.lo, a.hi < b.hi ? a.hi : b.hi };
}

/* The symbol a fact is kept for: s == *sign * key + *c */
struct sym *fact_key(struct symtab *t, struct sym *s, int *sign, int64_t *c)
{
	*sign = 1;
	*c = 0;
	if (s->kind != SYM_SUM)
		return s;
	*c = s->num;
	s = s->num ? sym_add_const(t, s, -s->num) : s;
	if (s->kind == SYM_SUM && s->coefs[0] < 0) {
		*sign = -1;
		s = sym_scale(t, s, -1);
	}
	return s;
}

/* Without a symbol table: only a fact that is there can be found, by its terms. */
static const struct fact *find_sum(const struct facts *f, const struct sym *s, int *sign)
{
	unsigned int i, j;

	if (!f->sums || !may_have(f, s->terms))
		return NULL;
	for (i = 0; i < f->n; i++) {
		const struct sym *k = f->v[i].sym;

		if (k->terms != s->terms || k->kind != SYM_SUM || k->nargs != s->nargs)
			continue;
		*sign = k->coefs[0] == s->coefs[0] ? 1 : -1;
		for (j = 0; j < k->nargs; j++)
			if (k->args[j] != s->args[j] || k->coefs[j] != *sign * s->coefs[j])
				break;
		if (j == k->nargs)
			return &f->v[i];
	}
	return NULL;
}

/* Not negative, where it comes from outside: what paths join to may be a constant that is given with its sign. */
static struct range uint_range(const struct sym *s)
{
	if (s->kind == SYM_VAL && s->inner)
		return s->inner->type == FLOW_T_UINT ? uint_range(s->inner) : all;
	if (s->kind == SYM_VAL ? s->val->op == FLOW_CALL || s->val->op == FLOW_LOAD :
	    s->kind == SYM_INIT || s->kind == SYM_PARAM)
		return (struct range){ 0, UINT32_MAX };
	return all;
}

/* Of a value that is not negative: shifted to the right by a constant. */
static struct range computed_range(const struct sym *s)
{
	struct range x;
	int64_t by;

	if (s->nargs != 2 || s->args[1]->kind != SYM_CONST)
		return all;
	by = s->args[1]->num;
	x = leaf_range(s->args[0]);
	if (x.lo < 0 || by < 0)
		return all;
	if (!strncmp(s->str, "rshift", 6) && by < 63)
		return (struct range){ x.lo >> by, x.hi >> by };
	return all;
}

struct range leaf_range(const struct sym *s)
{
	if (s->kind == SYM_CONST)
		return (struct range){ s->num, s->num };
	if (s->kind == SYM_CMP || s->kind == SYM_NOT || s->type == FLOW_T_BOOL)
		return truth_values;
	if (s->kind == SYM_ITER)
		return (struct range){ 0, FACT_MAX };
	if (s->type == FLOW_T_UINT)
		return uint_range(s);
	if (s->kind == SYM_AND) {
		unsigned int i;

		for (i = 0; i < 2; i++)
			if (s->args[i]->kind == SYM_CONST && s->args[i]->num >= 0)
				return (struct range){ 0, s->args[i]->num };
	}
	return s->kind == SYM_PURE && s->str ? computed_range(s) : all;
}

/* The bits of a value that are masked: @x & mask. */
static bool masked(const struct sym *s, const struct sym **x, int64_t *mask)
{
	unsigned int i;

	if (s->kind != SYM_AND)
		return false;
	for (i = 0; i < 2; i++) {
		if (s->args[i]->kind == SYM_CONST) {
			*mask = s->args[i]->num;
			*x = s->args[!i];
			return true;
		}
	}
	return false;
}

/* Where more bits of the same value are known, these are. */
static bool known_bits(const struct facts *f, const struct sym *s, int64_t *bits)
{
	const struct sym *x, *y;
	int64_t mask, more;
	unsigned int i;

	if (!f->masks || !masked(s, &x, &mask))
		return false;
	for (i = 0; i < f->n; i++) {
		const struct fact *g = &f->v[i];

		if (g->weak || g->range.lo != g->range.hi || !masked(g->sym, &y, &more) || x != y ||
		    (mask & more) != mask)
			continue;
		*bits = g->range.lo & mask;
		return true;
	}
	return false;
}

/* Do the bits @n of a masked value go with what is known of fewer of them? */
bool bits_agree(const struct facts *f, const struct sym *s, int64_t n)
{
	const struct sym *x, *y;
	int64_t mask, fewer;
	unsigned int i, j;

	if (!f->masks)
		return true;
	/* A value that is known as a whole is known by all of its bits. */
	if (!masked(s, &x, &mask)) {
		x = s;
		mask = -1;
	}
	for (i = 0; i < f->n; i++) {
		const struct fact *g = &f->v[i];

		if (g->weak || !masked(g->sym, &y, &fewer) || x != y || (mask & fewer) != fewer)
			continue;
		if ((n & fewer) < g->range.lo || (n & fewer) > g->range.hi)
			return false;
		for (j = 0; j < g->nholes; j++)
			if ((n & fewer) >= g->holes[j].lo && (n & fewer) <= g->holes[j].hi)
				return false;
	}
	return true;
}

bool may_wrap(const struct facts *f, const struct sym *x, int64_t by)
{
	return by > 1 && x->type == FLOW_T_UINT && facts_range(f, x).hi > (int64_t)UINT32_MAX / by;
}

/* A term of a sum. Of 32 bits something may be lost, and nobody says whether the product has more. */
static struct range term_range(const struct facts *f, struct range r, const struct sym *x, int64_t by)
{
	r = range_scale(r, by);
	if (may_wrap(f, x, by))
		r.lo = 0;
	else if (by != FACT_MIN && may_wrap(f, x, -by))
		r.hi = 0;
	return r;
}

struct range facts_range(const struct facts *f, const struct sym *s)
{
	struct range r = leaf_range(s), x;
	int64_t bits;
	const struct fact *fact;
	unsigned int i;
	int sign = 1;

	if (s->kind == SYM_CONST)
		return r;
	if (known_bits(f, s, &bits))
		return (struct range){ bits, bits };
	if (s->kind == SYM_SUM) {
		x = (struct range){ 0, 0 };
		for (i = 0; i < s->nargs; i++)
			x = range_add(x, term_range(f, facts_range(f, s->args[i]), s->args[i], s->coefs[i]));
		r = x;
		fact = find_sum(f, s, &sign);
	} else {
		fact = facts_find(f, s);
	}
	if (fact && !fact->weak)
		r = range_and(r, range_scale(fact->range, sign));
	if (s->kind == SYM_SUM)
		r = (struct range){ sat_add(r.lo, s->num), sat_add(r.hi, s->num) };
	return r;
}

/* What a sum that is known, and its other terms, say of one term. */
static struct range from_sum(const struct facts *f, const struct fact *sum, const struct sym *s)
{
	const struct sym *k = sum->sym;
	struct range rest = { 0, 0 };
	int64_t coef = 0;
	unsigned int i;

	for (i = 0; i < k->nargs && !coef; i++)
		coef = k->args[i] == s ? k->coefs[i] : 0;
	if (coef != 1 && coef != -1)
		return all;
	for (i = 0; i < k->nargs; i++)
		if (k->args[i] != s)
			rest = range_add(rest, term_range(f, facts_range(f, k->args[i]), k->args[i], -k->coefs[i]));
	return range_scale(range_add(sum->range, rest), coef);
}

struct range facts_bounds(const struct facts *f, const struct sym *s)
{
	struct range r = facts_range(f, s), x = { 0, 0 };
	unsigned int i;

	if (s->kind == SYM_SUM) {
		for (i = 0; i < s->nargs; i++)
			x = range_add(x, term_range(f, facts_bounds(f, s->args[i]), s->args[i], s->coefs[i]));
		return range_and(r, (struct range){ sat_add(x.lo, s->num), sat_add(x.hi, s->num) });
	}
	for (i = 0; f->sums && i < f->n; i++)
		if (!f->v[i].weak && f->v[i].sym->kind == SYM_SUM)
			r = range_and(r, from_sum(f, &f->v[i], s));
	return r;
}

struct resolve {
	const struct facts *f;
	struct symtab *t;
};

static struct sym *resolve_leaf(struct sym *s, void *data)
{
	struct resolve *r = data;
	const struct fact *fact = facts_find(r->f, s);

	if (fact && !fact->weak && fact->range.lo == fact->range.hi)
		return sym_const(r->t, fact->range.lo);
	return s;
}

struct sym *facts_resolve(const struct facts *f, struct symtab *t, struct sym *s)
{
	struct resolve r = { f, t };
	struct range x;

	if (s->kind == SYM_CONST || !f->n)
		return s;
	/* An address stays an address, whatever it was compared with. */
	if (!(s->has & SYM_HAS_MAP)) {
		x = facts_range(f, s);
		if (x.lo == x.hi)
			return sym_const(t, x.lo);
	}
	return sym_rewrite(t, s, resolve_leaf, &r);
}

bool in_hole(const struct fact *fact, struct range x)
{
	unsigned int i;

	for (i = 0; i < fact->nholes; i++)
		if (x.lo >= fact->holes[i].lo && x.hi <= fact->holes[i].hi)
			return true;
	return false;
}

/*
 * Is it the distance of two addresses in different pieces of memory? A mapped page is no variable, and each mapping and variable lies
 * elsewhere: it is not 0, whatever is added to either.
 */
static bool is_distance(const struct sym *s)
{
	const struct sym *from = NULL, *to = NULL;
	unsigned int i;

	for (i = 0; s->kind == SYM_SUM && i < s->nargs; i++) {
		const struct sym *x = s->args[i], **end = s->coefs[i] > 0 ? &to : &from;

		if (is_valid_pointer(x) && (s->coefs[i] == 1 || s->coefs[i] == -1) && !*end)
			*end = x;
		else if (is_valid_pointer(x) || x->type == FLOW_T_PTR)
			return false;
	}
	return from && to && (from->is_map || to->is_map);
}

/* Can the symbol's value lie in r? */
enum truth facts_may_lie(const struct facts *f, struct symtab *t, struct sym *s, struct range r)
{
	struct range x = facts_range(f, s);
	const struct fact *fact;
	struct sym *key;
	int64_t c;
	int sign;

	if (x.lo > r.hi || x.hi < r.lo)
		return T_NO;
	if (r.lo == 0 && r.hi == 0 && is_distance(s))
		return T_NO;
	if (x.lo >= r.lo && x.hi <= r.hi)
		return T_YES;
	key = fact_key(t, s, &sign, &c);
	fact = facts_find(f, key);
	if (!fact || fact->weak)
		return T_MAYBE;
	r = range_and(r, x);
	r = range_scale((struct range){ sat_add(r.lo, -c), sat_add(r.hi, -c) }, sign);
	return in_hole(fact, r) ? T_NO : T_MAYBE;
}

