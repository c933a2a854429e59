// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * facts.c - what is known of the values of symbols on a path
 */
#include "facts.h"

#include <stdlib.h>
#include <string.h>

#define MAX_FACTS 64
#define MAX_ERRNO 4095

static const struct range all = { FACT_MIN, FACT_MAX };
static const struct range truth_values = { 0, 1 };

void facts_copy(struct facts *to, const struct facts *from)
{
	to->n = from->n;
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

struct fact *facts_find(const struct facts *f, const struct sym *s)
{
	unsigned int i;

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

static int64_t sat_add(int64_t a, int64_t b)
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

static struct range range_scale(struct range r, int64_t k)
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

static struct range range_and(struct range a, struct range b)
{
	return (struct range){ a.lo > b.lo ? a.lo : b.lo, a.hi < b.hi ? a.hi : b.hi };
}

/* The symbol a fact is kept for: s == *sign * key + *c */
static struct sym *fact_key(struct symtab *t, struct sym *s, int *sign, int64_t *c)
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

	for (i = 0; i < f->n; i++) {
		const struct sym *k = f->v[i].sym;

		if (k->kind != SYM_SUM || k->nargs != s->nargs)
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

static struct range leaf_range(const struct sym *s)
{
	if (s->kind == SYM_CONST)
		return (struct range){ s->num, s->num };
	if (s->kind == SYM_CMP || s->kind == SYM_NOT || s->type == FLOW_T_BOOL)
		return truth_values;
	if (s->kind == SYM_ITER)
		return (struct range){ 0, FACT_MAX };
	if (s->kind == SYM_AND) {
		unsigned int i;

		for (i = 0; i < 2; i++)
			if (s->args[i]->kind == SYM_CONST && s->args[i]->num >= 0)
				return (struct range){ 0, s->args[i]->num };
	}
	return all;
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

	if (!masked(s, &x, &mask))
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
static bool bits_agree(const struct facts *f, const struct sym *s, int64_t n)
{
	const struct sym *x, *y;
	int64_t mask, fewer;
	unsigned int i, j;

	if (!masked(s, &x, &mask))
		return true;
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
			x = range_add(x, range_scale(facts_range(f, s->args[i]), s->coefs[i]));
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

static bool in_hole(const struct fact *fact, struct range x)
{
	unsigned int i;

	for (i = 0; i < fact->nholes; i++)
		if (x.lo >= fact->holes[i].lo && x.hi <= fact->holes[i].hi)
			return true;
	return false;
}

/* Can the symbol's value lie in r? */
static enum truth may_lie(const struct facts *f, struct symtab *t, struct sym *s, struct range r)
{
	struct range x = facts_range(f, s);
	const struct fact *fact;
	struct sym *key;
	int64_t c;
	int sign;

	if (x.lo > r.hi || x.hi < r.lo)
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

static enum truth not(enum truth t)
{
	return t == T_MAYBE ? t : t == T_NO ? T_YES : T_NO;
}

/* A mapped address is a kernel address: neither NULL nor an ERR_PTR. */
static bool is_valid_pointer(const struct sym *s)
{
	const struct sym *root = sym_root((struct sym *)s);

	return root->is_map || root->kind == SYM_LOCAL || root->kind == SYM_GLOBAL;
}

/* The values of a with "a c n", as an interval or as the outside of one. */
static bool cmp_interval(enum flow_cmp c, int64_t n, struct range *r)
{
	switch (c) {
	case FLOW_EQ: *r = (struct range){ n, n }; return true;
	case FLOW_NE: *r = (struct range){ n, n }; return false;
	case FLOW_SLT: *r = (struct range){ n, FACT_MAX }; return false;
	case FLOW_SLE: *r = (struct range){ FACT_MIN, n }; return true;
	case FLOW_SGT: *r = (struct range){ FACT_MIN, n }; return false;
	case FLOW_SGE: *r = (struct range){ n, FACT_MAX }; return true;
	case FLOW_ULT:
		*r = n > 0 ? (struct range){ 0, n - 1 } : (struct range){ n, -1 };
		return n >= 0;
	case FLOW_ULE:
		*r = n >= 0 ? (struct range){ 0, n } : (struct range){ n + 1, -1 };
		return n >= 0;
	case FLOW_UGT:
		*r = n >= 0 ? (struct range){ 0, n } : (struct range){ n + 1, -1 };
		return n < 0;
	case FLOW_UGE:
		*r = n > 0 ? (struct range){ 0, n - 1 } : (struct range){ n, -1 };
		return n < 0;
	}
	return true;
}

/* An unsigned comparison as a signed one, where both sides are known not to be negative. */
static enum flow_cmp as_signed(const struct facts *f, enum flow_cmp c, struct sym *a, struct sym *b)
{
	struct sym *root = sym_root(a);

	if (c < FLOW_ULT)
		return c;
	/* Addresses in the same object differ by less than would overflow. */
	if (root == sym_root(b) && (root->is_map || root->type == FLOW_T_PTR))
		return c - FLOW_ULT + FLOW_SLT;
	if (facts_range(f, a).lo < 0 || facts_range(f, b).lo < 0)
		return c;
	return c - FLOW_ULT + FLOW_SLT;
}

static enum truth valid_pointer_truth(enum flow_cmp c, int64_t n)
{
	if (n < -MAX_ERRNO || n > 0)
		return T_MAYBE;
	switch (c) {
	case FLOW_EQ: return T_NO;
	case FLOW_NE: return T_YES;
	case FLOW_ULT: case FLOW_ULE: return n == 0 ? T_NO : T_YES;
	case FLOW_UGT: case FLOW_UGE: return n == 0 ? T_YES : T_NO;
	default: return T_MAYBE;
	}
}

/* Front ends give constants of 32 bits with their sign; beside an unsigned value they are meant without. */
static int64_t as_unsigned(const struct sym *a, int64_t n)
{
	return a->type == FLOW_T_UINT && n < 0 && n >= INT32_MIN ? n + (1ll << 32) : n;
}

static enum truth interval_truth(const struct facts *f, struct symtab *t, enum flow_cmp c, struct sym *a, int64_t n)
{
	struct range r;
	bool inside = cmp_interval(c, as_unsigned(a, n), &r);

	/* "a > MAX" and the like are empty, or all there is. */
	if (r.lo > r.hi)
		return inside ? T_NO : T_YES;
	return inside ? may_lie(f, t, a, r) : not(may_lie(f, t, a, r));
}

/* Each mapping has an address of its own, where the calls do anything at all. */
static bool two_mappings(struct sym *a, struct sym *b)
{
	return sym_root(a)->is_map && sym_root(b)->is_map && sym_root(a) != sym_root(b);
}

static enum truth cmp_truth(const struct facts *f, struct symtab *t, struct sym *s)
{
	struct sym *a = s->args[0], *b = s->args[1], *d;
	enum flow_cmp c = s->num;
	struct fact *fact;

	if (b->kind == SYM_CONST) {
		if (is_valid_pointer(a)) {
			enum truth x = valid_pointer_truth(c, b->num);

			if (x != T_MAYBE)
				return x;
		}
		return interval_truth(f, t, c, a, b->num);
	}
	c = as_signed(f, c, a, b);
	if (c >= FLOW_ULT) {
		fact = facts_find(f, s);
		return fact && !fact->weak && fact->range.lo == fact->range.hi ?
		       (fact->range.lo ? T_YES : T_NO) : T_MAYBE;
	}
	if ((c == FLOW_EQ || c == FLOW_NE) && two_mappings(a, b))
		return c == FLOW_NE ? T_YES : T_NO;
	d = sym_sub(t, a, b);
	if (d->has & (SYM_HAS_VAGUE | SYM_HAS_UNDEF))
		return T_MAYBE;
	return interval_truth(f, t, c, d, 0);
}

enum truth facts_truth(const struct facts *f, struct symtab *t, struct sym *s)
{
	enum truth a, b;

	s = facts_resolve(f, t, s);
	switch (s->kind) {
	case SYM_CONST:
		return s->num ? T_YES : T_NO;
	case SYM_NOT:
		return not(facts_truth(f, t, s->args[0]));
	case SYM_CMP:
		return cmp_truth(f, t, s);
	case SYM_AND:
		if (leaf_range(s->args[0]).hi != 1 || leaf_range(s->args[1]).hi != 1)
			break;
		a = facts_truth(f, t, s->args[0]);
		b = facts_truth(f, t, s->args[1]);
		if (a == T_NO || b == T_NO)
			return T_NO;
		if (a == T_YES && b == T_YES)
			return T_YES;
		break;
	case SYM_OR:
		a = facts_truth(f, t, s->args[0]);
		b = facts_truth(f, t, s->args[1]);
		if (a == T_YES || b == T_YES)
			return T_YES;
		if (a == T_NO && b == T_NO)
			return T_NO;
		break;
	default:
		if (is_valid_pointer(s))
			return T_YES;
		break;
	}
	return not(may_lie(f, t, s, (struct range){ 0, 0 }));
}

static struct fact *fact_for(struct facts *f, struct sym *key)
{
	struct fact *fact = facts_find(f, key);

	if (fact)
		return fact;
	/* The oldest makes room. */
	if (f->n >= MAX_FACTS)
		facts_drop(f, 0);
	GROW(f->v, f->n, f->cap);
	fact = &f->v[f->n++];
	*fact = (struct fact){ .sym = key, .range = leaf_range(key) };
	return fact;
}

/* Adds what lies in no case; neighbours become one, and a half-line is an end of the range. */
static void add_hole(struct fact *fact, struct range r)
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

	switch (may_lie(f, t, s, r)) {
	case T_NO: return false;
	case T_YES: return true;
	default: break;
	}
	if (opaque(s))
		return true;
	if (is_scaled(s))
		return facts_assume_range(f, t, s->args[0], unscale(r, s), doubt);
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

	switch (may_lie(f, t, s, r)) {
	case T_NO: return true;
	case T_YES: return false;
	default: break;
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

static bool assume_interval(struct facts *f, struct symtab *t, enum flow_cmp c, struct sym *a, int64_t n, bool *doubt)
{
	struct range r;
	bool inside = cmp_interval(c, as_unsigned(a, n), &r);

	if (r.lo > r.hi)
		return !inside;
	return inside ? facts_assume_range(f, t, a, r, doubt) : facts_exclude(f, t, a, r, doubt);
}

static bool assume_cmp(struct facts *f, struct symtab *t, struct sym *s, bool yes, bool *doubt)
{
	struct sym *a = s->args[0], *b = s->args[1], *d;
	enum flow_cmp c = yes ? s->num : cmp_negate(s->num);

	switch (cmp_truth(f, t, s)) {
	case T_YES: return yes;
	case T_NO: return !yes;
	default: break;
	}
	if (b->kind == SYM_CONST)
		return assume_interval(f, t, c, a, b->num, doubt);
	/* That the address of a mapping is that of something else is possible, but nobody means it. */
	if (c == FLOW_EQ && sym_root(a)->is_map != sym_root(b)->is_map)
		*doubt = true;
	if (as_signed(f, c, a, b) >= FLOW_ULT) {
		/* As unsigned numbers: what is below something that is not negative is neither. */
		if ((c == FLOW_ULT || c == FLOW_ULE) && facts_range(f, b).lo >= 0) {
			int64_t hi = facts_range(f, b).hi;

			if (!facts_assume_range(f, t, a, (struct range){ 0, hi }, doubt))
				return false;
		} else if ((c == FLOW_UGT || c == FLOW_UGE) && facts_range(f, a).lo >= 0) {
			int64_t hi = facts_range(f, a).hi;

			if (!facts_assume_range(f, t, b, (struct range){ 0, hi }, doubt))
				return false;
		} else {
			return facts_assume_range(f, t, s, (struct range){ yes, yes }, doubt);
		}
	}
	d = sym_sub(t, a, b);
	return assume_interval(f, t, as_signed(f, c, a, b), d, 0, doubt);
}

static bool assume_one(struct facts *f, struct symtab *t, struct sym *s, bool yes, bool *doubt);

/* One of the two operands is as said: what holds either way holds. */
static bool assume_either(struct facts *f, struct symtab *t, struct sym *s, bool yes, bool *doubt)
{
	struct facts other;
	bool a, b;

	facts_copy(&other, f);
	a = assume_one(f, t, s->args[0], yes, doubt);
	b = assume_one(&other, t, s->args[1], yes, doubt);
	if (a && b) {
		facts_join(f, &other, false);
	} else if (b) {
		struct facts tmp = *f;

		*f = other;
		other = tmp;
	}
	facts_free(&other);
	return a || b;
}

static bool is_truth(const struct sym *s)
{
	struct range r = leaf_range(s);

	return r.lo == 0 && r.hi == 1;
}

static bool assume_one(struct facts *f, struct symtab *t, struct sym *s, bool yes, bool *doubt)
{
	enum truth x;

	s = facts_resolve(f, t, s);
	if (s->kind == SYM_AND || s->kind == SYM_OR) {
		x = facts_truth(f, t, s);
		if (x != T_MAYBE)
			return (x == T_YES) == yes;
	}
	switch (s->kind) {
	case SYM_CONST:
		return !s->num == !yes;
	case SYM_NOT:
		return assume_one(f, t, s->args[0], !yes, doubt);
	case SYM_CMP:
		return assume_cmp(f, t, s, yes, doubt);
	case SYM_AND:
		if (!is_truth(s->args[0]) || !is_truth(s->args[1]))
			break;
		if (yes)
			return assume_one(f, t, s->args[0], true, doubt) &&
			       assume_one(f, t, s->args[1], true, doubt);
		if (!assume_either(f, t, s, false, doubt))
			return false;
		break;
	case SYM_OR:
		if (!yes)
			return assume_one(f, t, s->args[0], false, doubt) &&
			       assume_one(f, t, s->args[1], false, doubt);
		if (!assume_either(f, t, s, true, doubt))
			return false;
		break;
	default:
		break;
	}
	x = facts_truth(f, t, s);
	if (x != T_MAYBE)
		return (x == T_YES) == yes;
	if (yes)
		return facts_exclude(f, t, s, (struct range){ 0, 0 }, doubt);
	return facts_assume_range(f, t, s, (struct range){ 0, 0 }, doubt);
}

/*
 * "a and b" known to be false says more once a is known to be true; "a or b" known to be true likewise. Each round decides one
 * operand or is the last.
 */
static bool propagate(struct facts *f, struct symtab *t, bool *doubt)
{
	bool again = true;
	unsigned int i, k;

	while (again) {
		again = false;
		for (i = 0; i < f->n && !again; i++) {
			struct sym *s = f->v[i].sym;
			bool yes = s->kind == SYM_OR;

			if (f->v[i].weak || (s->kind != SYM_OR && s->kind != SYM_AND) || leaf_range(s->args[0]).hi != 1 ||
			    leaf_range(s->args[1]).hi != 1)
				continue;
			/* The fact itself, not what its operands say. */
			if (not(may_lie(f, t, s, (struct range){ 0, 0 })) != (yes ? T_YES : T_NO))
				continue;
			for (k = 0; k < 2 && !again; k++) {
				if (facts_truth(f, t, s->args[k]) != (yes ? T_NO : T_YES))
					continue;
				if (facts_truth(f, t, s->args[!k]) == (yes ? T_YES : T_NO))
					continue;
				if (!assume_one(f, t, s->args[!k], yes, doubt))
					return false;
				again = facts_truth(f, t, s->args[!k]) != T_MAYBE;
			}
		}
	}
	return true;
}

bool facts_assume(struct facts *f, struct symtab *t, struct sym *s, bool yes, bool *doubt)
{
	return assume_one(f, t, s, yes, doubt) && propagate(f, t, doubt);
}

/* What of the hole lies outside of . */
static void add_outside(struct fact *fact, struct range hole, struct range r)
{
	if (hole.hi < r.lo || hole.lo > r.hi) {
		add_hole(fact, hole);
		return;
	}
	if (hole.lo < r.lo)
		add_hole(fact, (struct range){ hole.lo, r.lo - 1 });
	if (hole.hi > r.hi)
		add_hole(fact, (struct range){ r.hi + 1, hole.hi });
}

/* In neither lies what is a hole of both, or a hole of one and outside of the other. */
static void join_holes(struct fact *x, const struct fact *old, const struct fact *y, struct range other)
{
	unsigned int i, j;

	x->nholes = 0;
	/* Two ranges that do not touch leave a hole between them. */
	if (old->range.hi != FACT_MAX && other.lo != FACT_MIN && old->range.hi + 1 < other.lo)
		add_hole(x, (struct range){ old->range.hi + 1, other.lo - 1 });
	else if (other.hi != FACT_MAX && old->range.lo != FACT_MIN && other.hi + 1 < old->range.lo)
		add_hole(x, (struct range){ other.hi + 1, old->range.lo - 1 });
	for (i = 0; i < old->nholes; i++) {
		add_outside(x, old->holes[i], other);
		for (j = 0; y && j < y->nholes; j++) {
			struct range both = range_and(old->holes[i], y->holes[j]);

			if (both.lo <= both.hi)
				add_hole(x, both);
		}
	}
	for (j = 0; y && j < y->nholes; j++)
		add_outside(x, y->holes[j], old->range);
}

void facts_join(struct facts *a, const struct facts *b, bool wider)
{
	unsigned int i;

	for (i = 0; i < a->n;) {
		struct fact *x = &a->v[i];
		struct range r = facts_range(b, x->sym);
		struct fact old = *x;
		const struct fact *y = facts_find(b, x->sym);

		if (r.lo < x->range.lo)
			x->range.lo = wider ? FACT_MIN : r.lo;
		if (r.hi > x->range.hi)
			x->range.hi = wider ? FACT_MAX : r.hi;
		x->range = range_and(x->range, leaf_range(x->sym));
		join_holes(x, &old, y && !y->weak ? y : NULL, r);
		x->weak |= y && y->weak;
		if (!x->nholes && x->range.lo == leaf_range(x->sym).lo && x->range.hi == leaf_range(x->sym).hi)
			facts_drop(a, i);
		else
			i++;
	}
}

void facts_weaken(struct facts *f, bool (*hit)(const struct sym *s, void *data), void *data)
{
	unsigned int i;

	for (i = 0; i < f->n; i++)
		if (hit(f->v[i].sym, data))
			f->v[i].weak = true;
}

struct transfer {
	struct sym *from, *to;
};

static struct sym *transfer_leaf(struct sym *s, void *data)
{
	struct transfer *x = data;

	return s == x->from ? x->to : s;
}

void facts_transfer(struct facts *f, struct symtab *t, struct sym *from, struct sym *to)
{
	struct transfer x = { from, to };
	struct fact *old, *g;
	unsigned int i, j, n = f->n;
	bool doubt = false;
	struct sym *key;

	if (from == to || !n)
		return;
	old = xmalloc(n * sizeof(*old));
	memcpy(old, f->v, n * sizeof(*old));
	for (i = 0; i < n; i++) {
		if (!sym_mentions(old[i].sym, from))
			continue;
		key = sym_rewrite(t, old[i].sym, transfer_leaf, &x);
		if (key == old[i].sym || key->kind == SYM_CONST || facts_find(f, key))
			continue;
		facts_assume_range(f, t, key, old[i].range, &doubt);
		for (j = 0; j < old[i].nholes; j++)
			facts_exclude(f, t, key, old[i].holes[j], &doubt);
		g = facts_find(f, key);
		if (g)
			g->weak = true;
	}
	free(old);
}

static bool avoids(const struct facts *f, struct symtab *t, struct sym *s, struct range r)
{
	if (is_valid_pointer(s))
		return r.lo >= -MAX_ERRNO && r.hi <= 0;
	return may_lie(f, t, s, r) == T_NO;
}

void known_join(struct known *k, struct symtab *t, const struct facts *a, struct sym *x, const struct facts *b,
		struct sym *y, bool wider)
{
	static const struct range pointers[] = { { -MAX_ERRNO, 0 }, { 0, 0 } };
	const struct fact *facts[] = { facts_find(a, x), facts_find(b, y) };
	struct range ra = facts_range(a, x), rb = facts_range(b, y);
	unsigned int i, j;

	k->nholes = 0;
	k->range.lo = ra.lo < rb.lo ? ra.lo : wider && rb.lo < ra.lo ? FACT_MIN : rb.lo;
	k->range.hi = ra.hi > rb.hi ? ra.hi : wider && rb.hi > ra.hi ? FACT_MAX : rb.hi;
	for (i = 0; i < ARRAY_SIZE(pointers) && !k->nholes; i++)
		if (avoids(a, t, x, pointers[i]) && avoids(b, t, y, pointers[i]))
			k->holes[k->nholes++] = pointers[i];
	for (i = 0; i < 2; i++) {
		for (j = 0; facts[i] && j < facts[i]->nholes && k->nholes < FACT_HOLES; j++) {
			struct range h = facts[i]->holes[j];

			if (h.lo >= -MAX_ERRNO && h.hi <= 0 && k->nholes)
				continue;
			if (avoids(a, t, x, h) && avoids(b, t, y, h))
				k->holes[k->nholes++] = h;
		}
	}
}

void known_set(struct facts *f, struct symtab *t, struct sym *s, const struct known *k)
{
	struct fact *old = facts_find(f, s);
	bool doubt = false;
	unsigned int i;

	if (old)
		facts_drop(f, (unsigned int)(old - f->v));
	if (k->range.lo <= k->range.hi && (k->range.lo != FACT_MIN || k->range.hi != FACT_MAX))
		facts_assume_range(f, t, s, k->range, &doubt);
	for (i = 0; i < k->nholes; i++)
		facts_exclude(f, t, s, k->holes[i], &doubt);
}
