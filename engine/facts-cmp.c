// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * facts-cmp.c - comparisons and truth values: what is known of them, and what follows from them
 */
#include "facts-priv.h"

static enum truth truth_not(enum truth t)
{
	return t == T_MAYBE ? t : t == T_NO ? T_YES : T_NO;
}

/* The address of a page is a kernel address: neither NULL nor an ERR_PTR. */
bool is_valid_pointer(const struct sym *s)
{
	const struct sym *root = sym_root((struct sym *)s);

	return root->is_map || root->kind == SYM_LOCAL || root->kind == SYM_GLOBAL ||
	       (root->kind == SYM_PURE && root->str == sym_address_of);
}

/* The values of a with "a c n", as an interval or as the outside of one. */
static bool cmp_interval(enum flow_cmp c, int64_t n, struct range *r)
{
	switch (c) {
	case FLOW_EQ:
		*r = (struct range){ n, n };
		return true;
	case FLOW_NE:
		*r = (struct range){ n, n };
		return false;
	case FLOW_SLT:
		*r = (struct range){ n, FACT_MAX };
		return false;
	case FLOW_SLE:
		*r = (struct range){ FACT_MIN, n };
		return true;
	case FLOW_SGT:
		*r = (struct range){ FACT_MIN, n };
		return false;
	case FLOW_SGE:
		*r = (struct range){ n, FACT_MAX };
		return true;
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

/* "a + b < a": whether a sum wraps is asked, and not to be answered by saying that none does. */
static bool asks_for_wrapping(const struct sym *a, const struct sym *b)
{
	unsigned int i;

	if (b->kind == SYM_SUM) {
		const struct sym *x = a;

		a = b;
		b = x;
	}
	for (i = 0; a->kind == SYM_SUM && i < a->nargs; i++)
		if (a->args[i] == b)
			return true;
	return false;
}

bool cmp_asks_for_wrapping(const struct sym *s)
{
	return s->num >= FLOW_ULT && asks_for_wrapping(s->args[0], s->args[1]);
}

/* An unsigned comparison as a signed one, where both sides are known not to be negative. */
static enum flow_cmp as_signed(const struct facts *f, enum flow_cmp c, struct sym *a, struct sym *b)
{
	struct sym *root = sym_root(a);

	if (c < FLOW_ULT)
		return c;
	/* Addresses that are compared lie in one object, and differ by less than would overflow. */
	if (root->type == FLOW_T_PTR && sym_root(b)->type == FLOW_T_PTR)
		return c - FLOW_ULT + FLOW_SLT;
	if (facts_range(f, a).lo < 0 || facts_range(f, b).lo < 0 || asks_for_wrapping(a, b))
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
	case FLOW_ULT: case FLOW_ULE:
		return n == 0 ? T_NO : T_YES;
	case FLOW_UGT: case FLOW_UGE:
		return n == 0 ? T_YES : T_NO;
	default: return T_MAYBE;
	}
}

/* Front ends give constants of 32 bits with their sign; beside an unsigned value they are meant without. */
int64_t as_unsigned(const struct sym *a, int64_t n)
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
	return inside ? facts_may_lie(f, t, a, r) : truth_not(facts_may_lie(f, t, a, r));
}

/* Each mapping has an address of its own, where the calls do anything at all. */
static bool two_mappings(struct sym *a, struct sym *b)
{
	return sym_root(a)->is_map && sym_root(b)->is_map && sym_root(a) != sym_root(b);
}

/* A pointer gone on from by so much: nobody does that to NULL. A difference of two is no pointer. */
static bool is_gone_on_from(const struct sym *a)
{
	const struct sym *root = sym_root((struct sym *)a);
	unsigned int i;

	if (a->kind != SYM_SUM || a->nargs < 2 || root->type != FLOW_T_PTR)
		return false;
	for (i = 0; i < a->nargs; i++)
		if (a->coefs[i] < 0 || (a->args[i] != root && a->args[i]->type == FLOW_T_PTR))
			return false;
	return true;
}

/* Of unsigned numbers "a > b", "a >= b" and "a <= b" are kept as what they say of "a < b" or "b < a". */
static struct sym *kept_form(struct symtab *t, struct sym *s, bool *yes)
{
	bool turned = s->num == FLOW_UGT || s->num == FLOW_ULE;

	if (s->num == FLOW_UGE || s->num == FLOW_ULE)
		*yes = !*yes;
	return sym_cmp(t, FLOW_ULT, s->args[turned], s->args[!turned]);
}

static enum truth kept_truth(const struct facts *f, struct symtab *t, struct sym *s)
{
	bool yes = true;
	struct sym *k = kept_form(t, s, &yes);
	const struct fact *fact = facts_find(f, k);

	if (fact && !fact->weak && fact->range.lo == fact->range.hi)
		return !fact->range.lo == !yes ? T_YES : T_NO;
	fact = facts_find(f, sym_cmp(t, FLOW_ULT, k->args[1], k->args[0]));
	if (fact && !fact->weak && fact->range.lo == 1)
		return yes ? T_NO : T_YES;
	/* Not the same, and the other is not below: it is above. */
	if (fact && !fact->weak && fact->range.hi == 0 &&
	    interval_truth(f, t, FLOW_EQ, sym_sub(t, k->args[0], k->args[1]), 0) == T_NO)
		return yes ? T_YES : T_NO;
	return T_MAYBE;
}

static enum truth cmp_truth(const struct facts *f, struct symtab *t, struct sym *s)
{
	struct sym *a = s->args[0], *b = s->args[1], *d;
	enum flow_cmp c = s->num;

	if (b->kind == SYM_CONST) {
		if (is_valid_pointer(a)) {
			enum truth x = valid_pointer_truth(c, b->num);

			if (x != T_MAYBE)
				return x;
		}
		if (!b->num && (c == FLOW_EQ || c == FLOW_NE) && is_gone_on_from(a))
			return c == FLOW_NE ? T_YES : T_NO;
		return interval_truth(f, t, c, a, b->num);
	}
	c = as_signed(f, c, a, b);
	if (c >= FLOW_ULT)
		return kept_truth(f, t, s);
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
		return truth_not(facts_truth(f, t, s->args[0]));
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
	return truth_not(facts_may_lie(f, t, s, (struct range){ 0, 0 }));
}

static bool assume_interval(struct facts *f, struct symtab *t, enum flow_cmp c, struct sym *a, int64_t n, bool *doubt)
{
	struct range r, x = facts_bounds(f, a);
	bool inside = cmp_interval(c, as_unsigned(a, n), &r);

	if (inside ? x.lo > r.hi || x.hi < r.lo : x.lo >= r.lo && x.hi <= r.hi)
		return false;
	if (r.lo > r.hi)
		return !inside;
	return inside ? facts_assume_range(f, t, a, r, doubt) : facts_exclude(f, t, a, r, doubt);
}

/* What is more than something that is not negative is so by itself, whatever is learnt of the two. */
static bool above(struct facts *f, struct symtab *t, enum flow_cmp c, struct sym *a, struct sym *b, bool *doubt)
{
	int64_t lo;

	if (c == FLOW_SGT || c == FLOW_SGE) {
		struct sym *x = a;

		a = b;
		b = x;
		c = cmp_swap(c);
	}
	if (c != FLOW_SLT && c != FLOW_SLE)
		return true;
	lo = facts_range(f, a).lo;
	if (lo < 0 || lo == FACT_MAX || (b->has & SYM_HAS_MAP))
		return true;
	lo += c == FLOW_SLT;
	return facts_range(f, b).lo >= lo || facts_assume_range(f, t, b, (struct range){ lo, FACT_MAX }, doubt);
}

/* Of unsigned numbers: what is above another is not 0, nor is what is not below one that is not 0. */
static bool above_zero(struct facts *f, struct symtab *t, struct sym *s, bool yes, bool *doubt)
{
	static const struct range zero = { 0, 0 };
	enum flow_cmp c = yes ? s->num : cmp_negate(s->num);
	bool rising = c == FLOW_ULT || c == FLOW_ULE;
	struct sym *low = s->args[!rising], *high = s->args[rising];

	if (asks_for_wrapping(low, high) || facts_may_lie(f, t, high, zero) == T_NO)
		return true;
	return !(c == FLOW_ULT || c == FLOW_UGT || facts_may_lie(f, t, low, zero) == T_NO) ||
	       facts_exclude(f, t, high, zero, doubt);
}

/* They are too large for an interval: the comparison itself is a fact. */
static bool keep_unsigned(struct facts *f, struct symtab *t, struct sym *s, bool yes, bool *doubt)
{
	struct sym *k = kept_form(t, s, &yes);

	if (!facts_assume_range(f, t, k, (struct range){ yes, yes }, doubt))
		return false;
	/* One below the other: not the same. */
	if (yes && !facts_exclude(f, t, sym_sub(t, k->args[0], k->args[1]), (struct range){ 0, 0 }, doubt))
		return false;
	return above_zero(f, t, k, yes, doubt);
}

static bool assume_cmp(struct facts *f, struct symtab *t, struct sym *s, bool yes, bool *doubt)
{
	struct sym *a = s->args[0], *b = s->args[1], *d;
	enum flow_cmp c = yes ? s->num : cmp_negate(s->num);

	switch (cmp_truth(f, t, s)) {
	case T_YES: return yes;
	case T_NO: return !yes;
	default:
		break;
	}
	if (b->kind == SYM_CONST)
		return assume_interval(f, t, c, a, b->num, doubt);
	/* That the address of a mapping is that of something else is possible, but nobody means it. */
	if (c == FLOW_EQ && sym_root(a)->is_map != sym_root(b)->is_map)
		*doubt = true;
	if (as_signed(f, c, a, b) >= FLOW_ULT) {
		if (asks_for_wrapping(a, b))
			return keep_unsigned(f, t, s, yes, doubt);
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
			return keep_unsigned(f, t, s, yes, doubt);
		}
	}
	d = sym_sub(t, a, b);
	if (!assume_interval(f, t, as_signed(f, c, a, b), d, 0, doubt))
		return false;
	return above(f, t, as_signed(f, c, a, b), a, b, doubt);
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

/* A comparison that was kept, once more is known of what it compares. */
static bool look_again(struct facts *f, struct symtab *t, struct sym *s, bool yes, bool *doubt)
{
	struct sym *a = facts_resolve(f, t, s->args[0]), *b = facts_resolve(f, t, s->args[1]), *now;
	enum truth x;

	if (a == s->args[0] && b == s->args[1])
		return above_zero(f, t, s, yes, doubt);
	now = sym_cmp(t, s->num, a, b);
	x = facts_truth(f, t, now);
	return x == T_MAYBE ? assume_one(f, t, now, yes, doubt) : (x == T_YES) == yes;
}

/* Is a sum, now that all of its terms are known, what was known of it? */
static bool is_right_sum(const struct facts *f, const struct fact *fact)
{
	const struct sym *s = fact->sym;
	int64_t n = s->num, x;
	unsigned int i;

	for (i = 0; i < s->nargs; i++) {
		struct range r = facts_range(f, s->args[i]);

		if (r.lo != r.hi || may_wrap(f, s->args[i], s->coefs[i]) || __builtin_mul_overflow(r.lo, s->coefs[i], &x) || __builtin_add_overflow(n, x, &n))
			return true;
	}
	return n >= fact->range.lo && n <= fact->range.hi && !in_hole(fact, (struct range){ n, n });
}

static bool propagate_kept(struct facts *f, struct symtab *t, bool *doubt)
{
	unsigned int i;

	for (i = 0; i < f->n; i++) {
		struct sym *s = f->v[i].sym;
		struct range r = f->v[i].range;

		if (s->kind == SYM_SUM && !f->v[i].weak && !is_right_sum(f, &f->v[i]))
			return false;
		if (s->kind == SYM_CMP && s->num >= FLOW_ULT && !f->v[i].weak && r.lo == r.hi &&
		    !look_again(f, t, s, r.lo, doubt))
			return false;
	}
	return true;
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
			if (truth_not(facts_may_lie(f, t, s, (struct range){ 0, 0 })) != (yes ? T_YES : T_NO))
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
	return assume_one(f, t, s, yes, doubt) && propagate(f, t, doubt) && propagate_kept(f, t, doubt);
}

