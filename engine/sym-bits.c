// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sym-bits.c - symbolic values of which some bits are known: flags that are set, cleared and tested, tags kept in an address
 *
 * "(x | 4) & 4" is 4 and "(x & ~4 | 1) & 2" is "x & 2", whatever x is. Bits of fields, which the front ends put into their word by a
 * "set-bits" (word, value, first bit, width), are flags like others.
 */
#include "sym.h"

#include <string.h>

#define LOW_BITS 4095ll		/* of the smallest page */

static const char set_bits[] = "set-bits";

/* The bits below the page size of an address with something kept in them: those of a page are 0. */
static bool low_bits(const struct sym *s, int64_t *bits)
{
	int64_t x, y;

	switch (s->kind) {
	case SYM_CONST:
		*bits = s->num & LOW_BITS;
		return true;
	case SYM_VAL:
		*bits = 0;
		return s->is_map;
	case SYM_OR: case SYM_AND:
		if (!low_bits(s->args[0], &x) || !low_bits(s->args[1], &y))
			return false;
		*bits = s->kind == SYM_OR ? x | y : x & y;
		return true;
	default:
		return false;
	}
}

/* An address without the bits that are kept in it: "(p | flags) & ~mask". */
static struct sym *strip_bits(struct sym *s, int64_t mask)
{
	while (s->kind == SYM_OR) {
		int i = s->args[0]->kind == SYM_CONST ? 0 : 1;

		if (s->args[i]->kind != SYM_CONST || (s->args[i]->num & mask))
			return NULL;
		s = s->args[!i];
	}
	return s->is_map ? s : NULL;
}

/* A sum without what lies above the bits of the mask. */
static struct sym *low_terms(struct symtab *t, const struct sym *s, int64_t mask)
{
	struct sym *r = sym_const(t, s->num & mask);
	unsigned int i;

	for (i = 0; i < s->nargs; i++)
		if (s->coefs[i] & mask)
			r = sym_add(t, r, sym_scale(t, s->args[i], s->coefs[i]));
	return r;
}

/* base & keep | set */
struct word {
	struct sym *base;
	int64_t keep, set;
};

/* The field that a "set-bits" puts into its word, where both are constants. */
static bool field_mask(const struct sym *s, int64_t *mask)
{
	const struct sym *first, *width;

	if (s->kind != SYM_PURE || !s->str || s->nargs != 4 || strcmp(s->str, set_bits))
		return false;
	first = s->args[2];
	width = s->args[3];
	if (first->kind != SYM_CONST || width->kind != SYM_CONST || first->num < 0 || width->num < 1 ||
	    first->num + width->num > 62)
		return false;
	*mask = ((1ll << width->num) - 1) << first->num;
	return true;
}

/* One truth, at the place of some bit of a word. */
static bool one_truth(const struct sym *s, int64_t *mask)
{
	*mask = 1;
	if (s->kind == SYM_SUM && s->nargs == 1 && !s->num && s->coefs[0] > 0 && !(s->coefs[0] & (s->coefs[0] - 1))) {
		*mask = s->coefs[0];
		s = s->args[0];
	}
	return s->kind != SYM_CONST && sym_is_truth(s);
}

/* What is put into the bits @mask of the rest of a word: a constant, or not asked for, or all that is asked for. */
static bool put(struct word *w, struct sym *val, int64_t mask, struct sym *rest)
{
	int64_t at;

	if (val->kind == SYM_CONST) {
		w->set |= val->num & mask & w->keep;
	} else if (w->keep & mask) {
		if (w->keep == mask && one_truth(val, &at) && at == mask) {
			w->base = val;
			w->keep = -1;
		}
		return false;
	}
	w->keep &= ~mask;
	w->base = rest;
	return true;
}

/* Look through one operation that sets or clears bits that are constants, or others than are asked for. */
static bool step(struct symtab *t, struct word *w)
{
	struct sym *s = w->base;
	struct word rest;
	int64_t mask;
	int i;

	if (field_mask(s, &mask))
		return put(w, sym_scale(t, s->args[1], 1ll << s->args[2]->num), mask, s->args[0]);
	if (s->kind != SYM_AND && s->kind != SYM_OR)
		return false;
	for (i = 0; i < 2 && s->kind == SYM_OR; i++) {
		if (!one_truth(s->args[i], &mask))
			continue;
		rest = (struct word){ s->args[!i], mask & w->keep, 0 };
		while (rest.keep && step(t, &rest))
			;
		return !rest.keep && !rest.set && put(w, s->args[i], mask, s->args[!i]);
	}
	i = s->args[0]->kind == SYM_CONST ? 0 : 1;
	if (s->args[i]->kind != SYM_CONST)
		return false;
	mask = s->args[i]->num;
	if (s->kind == SYM_OR) {
		w->set |= mask & w->keep;
		w->keep &= ~mask;
	} else {
		w->keep &= mask;
	}
	w->base = s->args[!i];
	return true;
}

static struct sym *masked(struct symtab *t, struct sym *a, struct sym *mask)
{
	struct word w = { a, mask->num, 0 };
	struct sym *r;

	while (w.keep && step(t, &w))
		;
	if (!w.keep)
		return sym_const(t, w.set);
	if (w.base == a)
		return sym_pair(t, SYM_AND, a, mask);
	r = w.keep == -1 ? w.base : sym_and(t, w.base, sym_const(t, w.keep));
	return w.set ? sym_or(t, r, sym_const(t, w.set)) : r;
}

struct sym *sym_and(struct symtab *t, struct sym *a, struct sym *b)
{
	struct sym *x;
	int64_t low;

	if (a->kind == SYM_CONST && b->kind != SYM_CONST) {
		x = a;
		a = b;
		b = x;
	}
	if (b->kind == SYM_CONST && (a->has & SYM_HAS_MAP)) {
		if (b->num >= 0 && b->num <= LOW_BITS && low_bits(a, &low))
			return sym_const(t, low & b->num);
		x = (b->num & ~LOW_BITS) == ~LOW_BITS ? strip_bits(a, b->num) : NULL;
		if (x)
			return x;
	}
	if (b->kind == SYM_CONST && a->kind == SYM_SUM && b->num > 0 && !(b->num & (b->num + 1)))
		a = low_terms(t, a, b->num);
	if (a->kind == SYM_CONST && b->kind == SYM_CONST)
		return sym_const(t, a->num & b->num);
	if (sym_is(a, 0) || sym_is(b, 0))
		return sym_const(t, 0);
	if (sym_is(a, -1) || (sym_is(a, 1) && sym_is_truth(b)) || sym_same(a, b))
		return b;
	if (sym_is(b, -1) || (sym_is(b, 1) && sym_is_truth(a)))
		return a;
	return b->kind == SYM_CONST ? masked(t, a, b) : sym_pair(t, SYM_AND, a, b);
}

struct sym *sym_or(struct symtab *t, struct sym *a, struct sym *b)
{
	int i;

	if (a->kind == SYM_CONST && b->kind == SYM_CONST)
		return sym_const(t, a->num | b->num);
	if (sym_is(a, 0) || sym_same(a, b))
		return b;
	if (sym_is(b, 0))
		return a;
	if (a->kind == SYM_CONST) {
		struct sym *x = a;

		a = b;
		b = x;
	}
	/* "x | 4 | 4": what a loop does again changes nothing */
	if (b->kind == SYM_CONST && a->kind == SYM_OR) {
		i = a->args[0]->kind == SYM_CONST ? 0 : 1;
		if (a->args[i]->kind == SYM_CONST)
			return sym_pair(t, SYM_OR, a->args[!i], sym_const(t, a->args[i]->num | b->num));
	}
	return sym_pair(t, SYM_OR, a, b);
}

/* Shifted to the right by a constant. */
static bool is_shift(const struct sym *s)
{
	return s->kind == SYM_PURE && s->str && s->nargs == 2 && s->args[1]->kind == SYM_CONST && s->args[1]->num >= 0 &&
	       s->args[1]->num < 62 && !strncmp(s->str, "rshift", 6);
}

struct sym *sym_low_bits(struct symtab *t, struct sym *s, unsigned int width)
{
	struct sym *word = s;
	struct word w;
	int64_t by = 0, mask;

	if (is_shift(s)) {
		word = s->args[0];
		by = s->args[1]->num;
	}
	if (by < 0 || by + width > 62)
		return NULL;
	w = (struct word){ word, ((1ll << width) - 1) << by, 0 };
	while (w.keep && step(t, &w))
		;
	if (!w.keep)
		return sym_const(t, w.set >> by);
	if (w.keep == -1 && one_truth(w.base, &mask) && mask == 1ll << by)
		return by ? w.base->args[0] : w.base;
	return NULL;
}

static bool disjoint(const struct sym *s, int64_t mask)
{
	unsigned int i;

	for (i = 0; s->kind == SYM_AND && i < 2; i++)
		if (s->args[i]->kind == SYM_CONST)
			return !(s->args[i]->num & mask);
	return false;
}

/* One bit of a word, in whichever way it was taken out: that bit as it is in the word. */
static bool one_bit(const struct sym *s, struct sym **word, int64_t *mask)
{
	int64_t first = 0, width = 1;
	const struct sym *x;
	int i;

	if (s->kind == SYM_PURE && s->str && s->nargs == 3 && !strcmp(s->str, "bits")) {
		x = s->args[0];
		first = s->args[1]->kind == SYM_CONST ? s->args[1]->num : -1;
		width = s->args[2]->kind == SYM_CONST ? s->args[2]->num : 0;
	} else if (s->kind == SYM_PURE && s->str && s->nargs == 2 && !strcmp(s->str, "low-bits")) {
		x = s->args[0];
		width = s->args[1]->kind == SYM_CONST ? s->args[1]->num : 0;
	} else if (s->kind == SYM_AND) {
		i = sym_is(s->args[0], 1) ? 0 : 1;
		x = sym_is(s->args[i], 1) ? s->args[!i] : s;
	} else {
		return false;
	}
	if (width != 1 || x == s)
		return false;
	if (is_shift(x)) {
		first += x->args[1]->num;
		x = x->args[0];
	} else if (s->kind == SYM_AND) {
		return false;
	}
	*word = (struct sym *)x;
	*mask = first >= 0 && first < 62 ? 1ll << first : 0;
	return *mask != 0;
}

struct sym *sym_equals_bits(struct symtab *t, const struct sym *a, int64_t num)
{
	struct sym *word;
	int64_t set;
	int i;

	if (a->kind == SYM_SUM && one_truth(a, &set))
		return !num ? sym_not(t, a->args[0]) : num == set ? a->args[0] : sym_const(t, 0);
	if (!num && one_bit(a, &word, &set))
		return sym_cmp(t, FLOW_EQ, sym_and(t, word, sym_const(t, set)), sym_const(t, 0));
	if (a->kind != SYM_OR)
		return NULL;
	/* What compilers make of "!a && !b". */
	if (!num && a->args[0]->kind != SYM_CONST && a->args[1]->kind != SYM_CONST)
		return sym_and(t, sym_cmp(t, FLOW_EQ, a->args[0], sym_const(t, 0)),
			       sym_cmp(t, FLOW_EQ, a->args[1], sym_const(t, 0)));
	i = a->args[0]->kind == SYM_CONST ? 0 : 1;
	if (a->args[i]->kind != SYM_CONST)
		return NULL;
	set = a->args[i]->num;
	if (set & ~num)
		return sym_const(t, 0);
	if (!disjoint(a->args[!i], set))
		return NULL;
	return sym_cmp(t, FLOW_EQ, a->args[!i], sym_const(t, num & ~set));
}

/* The field of a constant. With its top bit set it may be a negative number. */
static bool const_field(const struct sym *w, const struct sym *first, const struct sym *width, int64_t *n)
{
	if (w->kind != SYM_CONST || first->kind != SYM_CONST || width->kind != SYM_CONST || first->num < 0 || width->num < 1 ||
	    first->num + width->num > 62)
		return false;
	*n = w->num >> first->num & ((1ll << width->num) - 1);
	return !(*n >> (width->num - 1));
}

/* A word into which a field was put whose place is known. */
static bool is_put(const struct sym *w)
{
	return w->kind == SYM_PURE && w->nargs == 4 && w->str && !strcmp(w->str, set_bits) && w->args[2]->kind == SYM_CONST &&
	       w->args[3]->kind == SYM_CONST;
}

/* Bits first, width of a word into which they, or others, were put just now. */
static struct sym *get_field(struct symtab *t, struct sym **args)
{
	struct sym *w = args[0];
	int64_t n;

	while (is_put(w) && args[1]->kind == SYM_CONST) {
		int64_t first = w->args[2]->num, width = w->args[3]->num;

		if (w->args[2] == args[1] && w->args[3] == args[2])
			return w->args[1];
		if (args[2]->kind != SYM_CONST || (args[1]->num < first + width && first < args[1]->num + args[2]->num))
			break;
		w = w->args[0];
	}
	args[0] = w;
	return const_field(w, args[1], args[2], &n) ? sym_const(t, n) : NULL;
}

/*
 * A word with a value put into its bits first, width: one form for what loops put there again and again. Each field once, the last one
 * outermost, and nothing where a constant has it already.
 */
static struct sym *put_field(struct symtab *t, const char *what, struct sym **args)
{
	struct sym *w = args[0], *inner[4] = { NULL, args[1], args[2], args[3] };
	int64_t n;

	if (const_field(w, args[2], args[3], &n) && sym_is(args[1], n))
		return w;
	if (!is_put(w) || args[2]->kind != SYM_CONST || args[3]->kind != SYM_CONST)
		return NULL;
	inner[0] = w->args[0];
	if (w->args[2] == args[2] && w->args[3] == args[3])
		return sym_pure(t, what, 4, inner);
	if (w->args[2]->num < args[2]->num + args[3]->num)
		return NULL;
	args[0] = sym_pure(t, what, 4, inner);
	memcpy(args + 1, w->args + 1, 3 * sizeof(*args));
	return NULL;
}

struct sym *sym_field(struct symtab *t, const char *what, unsigned int n, struct sym **args)
{
	if (n == 3 && !strcmp(what, "bits"))
		return get_field(t, args);
	if (n == 4 && !strcmp(what, set_bits))
		return put_field(t, what, args);
	return NULL;
}
