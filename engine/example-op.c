// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * example-op.c - operations on the numbers of an example, and back: what an operand has to be for the result to be that
 *
 * Numbers have 64 bits and wrap. An inverse need not be exact: what comes nearer will do.
 */
#include <string.h>

#include "example.h"
#include "facts-priv.h"

static const struct {
	const char *name;
	unsigned int nargs;
	enum example_op op;
} operations[] = {
	{ "mul", 2, EX_MUL }, { "trunc_div", 2, EX_DIV }, { "trunc_div.u", 2, EX_DIV }, { "exact_div", 2, EX_DIV },
	{ "trunc_mod", 2, EX_MOD }, { "trunc_mod.u", 2, EX_MOD }, { "rshift", 2, EX_RSHIFT }, { "rshift.u", 2, EX_RSHIFT },
	{ "lshift", 2, EX_LSHIFT }, { "bit_xor", 2, EX_XOR }, { "low-bits", 2, EX_LOW_BITS },
	{ "signed-bits", 2, EX_SIGNED_BITS }, { "bits", 3, EX_FIELD }, { "set-bits", 4, EX_SET_FIELD },
	{ "abs", 1, EX_ABS },
	{ "bswap16", 1, EX_SWAP }, { "bswap32", 1, EX_SWAP }, { "bswap64", 1, EX_SWAP },
};

static enum example_op pure_op(const struct sym *s)
{
	unsigned int i;

	if (s->str == sym_address_of)
		return EX_FIXED;
	for (i = 0; s->str && i < ARRAY_SIZE(operations); i++)
		if (s->nargs == operations[i].nargs && !strcmp(s->str, operations[i].name))
			return operations[i].op;
	return EX_FREE;
}

enum example_op example_op_of(const struct sym *s)
{
	switch (s->kind) {
	case SYM_CONST: case SYM_GLOBAL: case SYM_LOCAL:
		return EX_FIXED;
	case SYM_VAL:
		return s->is_map || (s->inner && s->inner->kind == SYM_LOCAL) ? EX_FIXED : EX_FREE;
	case SYM_SUM:
		return s->nargs <= EXAMPLE_ARGS ? EX_SUM : EX_FREE;
	case SYM_CMP:
		/* Whether a sum wraps depends on its width, which is not known here. */
		return cmp_asks_for_wrapping(s) ? EX_FREE : EX_CMP;
	case SYM_NOT: return EX_NOT;
	case SYM_AND: return EX_AND;
	case SYM_OR: return EX_OR;
	case SYM_PURE: return pure_op(s);
	default: return EX_FREE;
	}
}

static int64_t arg(const struct example *e, const struct number *x, unsigned int i)
{
	return e->v[x->args[i]].val;
}

/* Constants of 32 bits are given with their sign; where there is to be none they are meant without. */
static int64_t first(const struct example *e, const struct number *x)
{
	int64_t n = arg(e, x, 0);

	return x->is_unsigned && e->v[x->args[0]].sym->kind == SYM_CONST && n < 0 && n >= INT32_MIN ?
	       (int64_t)(uint32_t)n : n;
}

static int64_t add(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a + (uint64_t)b);
}

static int64_t mul(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a * (uint64_t)b);
}

static int64_t shift_left(int64_t a, int64_t by)
{
	return by < 0 || by > 63 ? 0 : (int64_t)((uint64_t)a << by);
}

static int64_t shift_right(int64_t a, int64_t by, bool is_unsigned)
{
	if (by < 0 || by > 63)
		return 0;
	return is_unsigned ? (int64_t)((uint64_t)a >> by) : a >> by;
}

/* The lowest @width bits. */
static int64_t low_mask(int64_t width)
{
	return width < 1 ? 0 : width > 62 ? -1 : (1ll << width) - 1;
}

static int64_t divide(int64_t a, int64_t b, bool is_unsigned, bool rest)
{
	if (!b)
		return 0;
	if (is_unsigned)
		return (int64_t)(rest ? (uint64_t)a % (uint64_t)b : (uint64_t)a / (uint64_t)b);
	if (b == -1)
		return rest ? 0 : mul(a, -1);
	return rest ? a % b : a / b;
}

static int64_t swap_bytes(const struct sym *s, int64_t n)
{
	if (!strcmp(s->str, "bswap16"))
		return __builtin_bswap16((uint16_t)n);
	if (!strcmp(s->str, "bswap32"))
		return __builtin_bswap32((uint32_t)n);
	return (int64_t)__builtin_bswap64((uint64_t)n);
}

static int64_t sum(const struct example *e, const struct number *x)
{
	int64_t n = x->sym->num;
	unsigned int i;

	for (i = 0; i < x->nargs; i++)
		n = add(n, mul(arg(e, x, i), x->sym->coefs[i]));
	return n;
}

static int64_t compared_with(const struct example *e, const struct number *x)
{
	const struct sym *b = x->sym->args[1];

	return b->kind == SYM_CONST ? as_unsigned(x->sym->args[0], b->num) : arg(e, x, 1);
}

int64_t example_eval(const struct example *e, unsigned int i)
{
	const struct number *x = &e->v[i];
	int64_t a = x->nargs ? first(e, x) : 0, b = x->nargs > 1 ? arg(e, x, 1) : 0, mask;

	switch (x->op) {
	case EX_SUM: return sum(e, x);
	case EX_MUL: return mul(a, b);
	case EX_DIV: return divide(a, b, x->is_unsigned, false);
	case EX_MOD: return divide(a, b, x->is_unsigned, true);
	case EX_RSHIFT: return shift_right(a, b, x->is_unsigned);
	case EX_LSHIFT: return shift_left(a, b);
	case EX_AND: return a & b;
	case EX_OR: return a | b;
	case EX_XOR: return a ^ b;
	case EX_NOT: return !a;
	case EX_ABS:
		return a < 0 ? mul(a, -1) : a;
	case EX_CMP: return cmp_const(x->sym->num, a, compared_with(e, x));
	case EX_LOW_BITS: return a & low_mask(b);
	case EX_SIGNED_BITS:
		mask = low_mask(b);
		return ((a & mask) ^ (mask ^ (mask >> 1))) - (mask ^ (mask >> 1));
	case EX_FIELD: return shift_right(a, b, true) & low_mask(arg(e, x, 2));
	case EX_SET_FIELD:
		mask = shift_left(low_mask(arg(e, x, 3)), arg(e, x, 2));
		return (a & ~mask) | (shift_left(b, arg(e, x, 2)) & mask);
	case EX_SWAP: return swap_bytes(x->sym, a);
	default: return x->val;
	}
}

static unsigned int some(struct example *e)
{
	return 1 + example_random(e, 1u << example_random(e, 14));
}

/* For "a c b" an @a, near to @b or further off. */
static int64_t aim_compare(struct example *e, enum flow_cmp c, int64_t a, int64_t b)
{
	int64_t by = example_random(e, 2) ? 1 : some(e);

	if (cmp_const(c, a, b))
		return a;
	switch (c) {
	case FLOW_EQ: return b;
	case FLOW_NE:
		return add(b, example_random(e, 2) ? by : -by);
	case FLOW_SLT: case FLOW_ULT: return add(b, -by);
	case FLOW_SGT: case FLOW_UGT: return add(b, by);
	case FLOW_SLE: case FLOW_ULE: return add(b, 1 - by);
	default: return add(b, by - 1);
	}
}

/* Which operand is changed, and what is wanted of it then. */
static int64_t aim_cmp(struct example *e, const struct number *x, int64_t want, unsigned int *which)
{
	enum flow_cmp c = want ? x->sym->num : cmp_negate(x->sym->num);
	int64_t a = arg(e, x, 0), b = compared_with(e, x);

	*which = e->v[x->args[1]].op != EX_FIXED && example_random(e, 2);
	return *which ? aim_compare(e, cmp_swap(c), b, a) : aim_compare(e, c, a, b);
}

static int64_t aim_sum(struct example *e, const struct number *x, int64_t want, unsigned int *which)
{
	unsigned int i = example_random(e, x->nargs);
	int64_t k = x->sym->coefs[i], rest, n;

	*which = i;
	rest = add(want, -add(sum(e, x), -mul(k, arg(e, x, i))));
	if (k == -1)
		return mul(rest, -1);
	n = rest / k;
	return rest % k && example_random(e, 2) ? add(n, (rest < 0) == (k < 0) ? 1 : -1) : n;
}

static int64_t aim_bits(struct example *e, const struct number *x, int64_t want, unsigned int *which)
{
	int64_t a, b;
	bool fixed;

	*which = e->v[x->args[0]].op == EX_FIXED || (e->v[x->args[1]].op != EX_FIXED && example_random(e, 2));
	a = arg(e, x, *which);
	b = arg(e, x, !*which);
	if (x->op == EX_XOR)
		return want ^ b;
	if (x->op == EX_OR)
		return (want & ~b) | (want & (example_random(e, 2) ? a : -1));
	fixed = e->v[x->args[!*which]].op == EX_FIXED;
	/* Some bit is wanted that the mask has not: any that it has, or the mask gets it afterwards. */
	if (want && !(want & b) && !fixed && example_random(e, 2))
		return a | want;
	if (want && !(want & b))
		want = example_random(e, 2) ? b : b & -b;
	return (want & b) | ((example_random(e, 4) ? a : some(e)) & ~b);
}

static int64_t aim_arithmetic(struct example *e, const struct number *x, int64_t want, unsigned int *which)
{
	int64_t a, b;

	*which = e->v[x->args[0]].op == EX_FIXED || (e->v[x->args[1]].op != EX_FIXED && !example_random(e, 4));
	a = arg(e, x, 0);
	b = arg(e, x, 1);
	switch (x->op) {
	case EX_MUL:
		b = arg(e, x, !*which);
		return !b || b == -1 ? mul(want, -1) : want / b;
	case EX_DIV:
		if (*which)
			return want && want != -1 ? a / want : 1;
		return add(mul(want, b), b > 1 && example_random(e, 2) ? (int64_t)example_random(e, (unsigned int)(b > 9999 ? 9999 : b)) : 0);
	case EX_MOD:
		if (*which)
			return add(want, some(e));
		a = example_random(e, 4) ? add(a, -divide(a, b, x->is_unsigned, true)) : mul(b, some(e));
		return add(a, want);
	case EX_RSHIFT:
		if (*which)
			return example_random(e, 32);
		return shift_left(want, b) | (a & low_mask(b));
	default:
		return *which ? example_random(e, 32) : shift_right(want, b, true);
	}
}

static int64_t aim_field(struct example *e, const struct number *x, int64_t want, unsigned int *which)
{
	int64_t a = example_random(e, 4) ? arg(e, x, 0) : some(e), mask;

	if (x->op == EX_LOW_BITS || x->op == EX_SIGNED_BITS) {
		mask = low_mask(arg(e, x, 1));
		return (a & ~mask) | (want & mask);
	}
	if (x->op == EX_FIELD) {
		mask = shift_left(low_mask(arg(e, x, 2)), arg(e, x, 1));
		return (a & ~mask) | (shift_left(want, arg(e, x, 1)) & mask);
	}
	*which = example_random(e, 2);
	return *which ? shift_right(want, arg(e, x, 2), true) & low_mask(arg(e, x, 3)) : want;
}

/* A number that was found by its bits: where it may have 32 of them and a sign, the topmost is that. */
static int64_t with_sign(const struct number *x, int64_t n)
{
	return x->sym->type == FLOW_T_INT && n <= UINT32_MAX && n >= -(int64_t)UINT32_MAX ? (int32_t)n : n;
}

bool example_aim(struct example *e, unsigned int i, int64_t want)
{
	struct number *x = &e->v[i];
	unsigned int which = 0;

	switch (x->op) {
	case EX_FIXED:
		return false;
	case EX_FREE:
		x->val = want < x->own.lo ? x->own.lo : want > x->own.hi ? x->own.hi : want;
		return true;
	case EX_SUM:
		want = aim_sum(e, x, want, &which);
		break;
	case EX_CMP:
		want = aim_cmp(e, x, want, &which);
		break;
	case EX_NOT:
		want = !want;
		break;
	case EX_ABS:
		want = example_random(e, 2) ? want : mul(want, -1);
		break;
	case EX_AND: case EX_OR: case EX_XOR:
		want = aim_bits(e, x, want, &which);
		break;
	case EX_SWAP:
		want = swap_bytes(x->sym, want);
		break;
	case EX_MUL: case EX_DIV: case EX_MOD: case EX_RSHIFT: case EX_LSHIFT:
		want = aim_arithmetic(e, x, want, &which);
		break;
	default:
		want = aim_field(e, x, want, &which);
		break;
	}
	x = &e->v[x->args[which]];
	return example_aim(e, (unsigned int)(x - e->v), x->op == EX_FREE ? with_sign(x, want) : want);
}
