// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sym.c - symbolic values
 */
#include "sym.h"

#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 40		/* deeper expressions become opaque */
#define MAX_TERMS 12
#define MAX_SIZE 1000000

const char sym_at_object[] = "@object", sym_at_page[] = "@page", sym_address_of[] = "address of",
	   sym_answer_of[] = "answer of";

#define SMALL_MIN (-64)	/* constants looked up without a hash */
#define SMALL_MAX 4096

struct symtab {
	struct arena *arena;
	unsigned int n, cap;
	struct sym **buckets;
	struct sym *small[SMALL_MAX - SMALL_MIN + 1];
};

struct symtab *symtab_new(struct arena *a)
{
	struct symtab *t = xcalloc(1, sizeof(*t));

	t->arena = a;
	t->cap = 1024;
	t->buckets = xcalloc(t->cap, sizeof(*t->buckets));
	return t;
}

void symtab_free(struct symtab *t)
{
	if (!t)
		return;
	free(t->buckets);
	free(t);
}

static unsigned int mix(unsigned int h, uint64_t x)
{
	uint64_t y = (h ^ x) * 0x9e3779b97f4a7c15u;

	return (unsigned int)(y >> 32 ^ y);
}

static unsigned int hash_sym(const struct sym *s)
{
	unsigned int h = mix(s->kind * 8u + s->gen, (uint64_t)s->num), i;

	h = mix(h, (uintptr_t)s->str);
	h = mix(h, (uintptr_t)s->val);
	h = mix(h, (uintptr_t)s->block);
	h = mix(h, (uintptr_t)s->inner);
	for (i = 0; i < s->nargs; i++) {
		h = mix(h, s->args[i]->id);
		if (s->coefs)
			h = mix(h, (uint64_t)s->coefs[i]);
	}
	return h;
}

static unsigned int hash_terms(const struct sym *s)
{
	unsigned int h = s->nargs, i;

	for (i = 0; i < s->nargs; i++)
		h = mix(mix(h, s->args[i]->id), s->coefs[i] < 0 ? -(uint64_t)s->coefs[i] : (uint64_t)s->coefs[i]);
	return h;
}

static bool same_shape(const struct sym *a, const struct sym *b)
{
	return a->hash == b->hash && a->kind == b->kind && a->gen == b->gen && a->num == b->num && a->str == b->str &&
	       a->val == b->val && a->block == b->block && a->inner == b->inner && a->nargs == b->nargs &&
	       !memcmp(a->args, b->args, a->nargs * sizeof(*a->args)) &&
	       (!a->coefs || !memcmp(a->coefs, b->coefs, a->nargs * sizeof(*a->coefs)));
}

static void grow(struct symtab *t)
{
	unsigned int cap = t->cap * 2, i;
	struct sym **buckets = xcalloc(cap, sizeof(*buckets)), *s, *next;

	for (i = 0; i < t->cap; i++) {
		for (s = t->buckets[i]; s; s = next) {
			next = s->next;
			s->next = buckets[s->hash & (cap - 1)];
			buckets[s->hash & (cap - 1)] = s;
		}
	}
	free(t->buckets);
	t->buckets = buckets;
	t->cap = cap;
}

static struct sym *find_root(struct sym *addr)
{
	struct sym *best = NULL;
	unsigned int i;

	if (addr->kind == SYM_AND)
		return addr->args[addr->args[0]->kind == SYM_CONST]->root;
	if (addr->kind != SYM_SUM)
		return addr;
	for (i = 0; i < addr->nargs; i++) {
		struct sym *s = addr->args[i];

		if (addr->coefs[i] != 1)
			continue;
		if (s->is_map || s->kind == SYM_LOCAL || s->kind == SYM_GLOBAL ||
		    (s->kind == SYM_PURE && s->str == sym_address_of))
			return s;
		if (!best || (best->type != FLOW_T_PTR && s->type == FLOW_T_PTR))
			best = s;
	}
	return best ? best : addr;
}

static struct sym *intern(struct symtab *t, const struct sym *key)
{
	struct sym tmp = *key, *s;
	unsigned int i;

	if (!tmp.args)
		tmp.args = (struct sym *[]){ NULL };
	tmp.hash = hash_sym(&tmp);
	for (s = t->buckets[tmp.hash & (t->cap - 1)]; s; s = s->next)
		if (same_shape(s, &tmp))
			return s;
	s = arena_alloc(t->arena, sizeof(*s));
	*s = tmp;
	s->id = t->n++;
	s->args = arena_alloc(t->arena, (tmp.nargs + 1) * sizeof(*s->args));
	memcpy(s->args, tmp.args, tmp.nargs * sizeof(*s->args));
	if (tmp.coefs) {
		s->coefs = arena_alloc(t->arena, tmp.nargs * sizeof(*s->coefs));
		memcpy(s->coefs, tmp.coefs, tmp.nargs * sizeof(*s->coefs));
	}
	for (i = 0; i < s->nargs; i++) {
		s->has |= s->args[i]->has;
		s->vals |= s->args[i]->vals;
		s->size += s->args[i]->size;
		if (s->args[i]->depth >= s->depth)
			s->depth = s->args[i]->depth + 1;
	}
	/* What lies at a mapped address, or a comparison of it, is no address of the mapping. */
	if (s->kind == SYM_INIT || s->kind == SYM_CMP || s->kind == SYM_NOT)
		s->has &= ~SYM_HAS_MAP;
	s->size += 1 + (s->inner ? s->inner->size : 0);
	if (s->size > MAX_SIZE)
		s->size = MAX_SIZE;
	if (s->inner && s->inner->depth >= s->depth)
		s->depth = s->inner->depth + 1;
	s->root = find_root(s);
	s->terms = s->kind == SYM_SUM ? hash_terms(s) : 0;
	s->next = t->buckets[s->hash & (t->cap - 1)];
	t->buckets[s->hash & (t->cap - 1)] = s;
	if (t->n > t->cap)
		grow(t);
	return s;
}

struct sym *sym_const(struct symtab *t, int64_t n)
{
	struct sym key = { .kind = SYM_CONST, .num = n, .type = FLOW_T_INT }, **small;

	if (n < SMALL_MIN || n > SMALL_MAX)
		return intern(t, &key);
	small = &t->small[n - SMALL_MIN];
	if (!*small)
		*small = intern(t, &key);
	return *small;
}

struct sym *sym_undef(struct symtab *t, const struct flow_val *v)
{
	return intern(t, &(struct sym){ .kind = SYM_UNDEF, .val = v, .has = SYM_HAS_OWN | SYM_HAS_UNDEF });
}

struct sym *sym_param(struct symtab *t, const struct flow_val *v)
{
	return intern(t, &(struct sym){ .kind = SYM_PARAM, .val = v, .type = v->type, .has = SYM_HAS_OWN });
}

struct sym *sym_global(struct symtab *t, const char *name)
{
	return intern(t, &(struct sym){ .kind = SYM_GLOBAL, .str = name, .type = FLOW_T_PTR });
}

struct sym *sym_local(struct symtab *t, const struct flow_val *v)
{
	return intern(t, &(struct sym){ .kind = SYM_LOCAL, .val = v, .type = FLOW_T_PTR, .has = SYM_HAS_OWN });
}

struct sym *sym_init(struct symtab *t, struct sym *addr, enum flow_type type)
{
	struct sym *a[] = { addr };

	return intern(t, &(struct sym){ .kind = SYM_INIT, .nargs = 1, .args = a, .type = type });
}

struct sym *sym_late(struct symtab *t, struct sym *addr, enum flow_type type)
{
	struct sym *a[] = { addr };

	return intern(t, &(struct sym){ .kind = SYM_INIT, .gen = 1, .nargs = 1, .args = a, .type = type, .has = SYM_HAS_LATE });
}

struct sym *sym_val(struct symtab *t, const struct flow_val *v, unsigned int gen, struct sym *inner)
{
	struct sym key = { .kind = SYM_VAL, .val = v, .gen = gen, .inner = inner, .type = v->type,
			   .has = SYM_HAS_OWN | SYM_HAS_VAL };

	/* What stands for a callee's own mapping is a mapping. */
	if (inner) {
		key.type = inner->type;
		key.is_map = inner->is_map;
		if (inner->depth > MAX_DEPTH)
			key.inner = NULL;
	}
	if (gen < SYM_GEN_VAGUE) {
		key.vals = 1ull << (v->id & 63);
		((struct flow_val *)v)->named = true;
	}
	if (key.is_map)
		key.has |= SYM_HAS_MAP;
	if (gen >= SYM_GEN_VAGUE) {
		key.gen = SYM_GEN_VAGUE;
		key.has |= SYM_HAS_VAGUE;
	}
	return intern(t, &key);
}

struct sym *sym_map(struct symtab *t, const struct flow_val *v, struct sym *inner)
{
	struct sym *s = sym_val(t, v, 0, inner);

	s->is_map = true;
	s->has |= SYM_HAS_MAP;
	s->type = FLOW_T_PTR;
	return s;
}

/* The same result, @gen turns of the loop ago. */
struct sym *sym_age(struct symtab *t, struct sym *s, unsigned int gen)
{
	struct sym *r = sym_val(t, s->val, gen, s->inner);

	if (s->is_map && !r->is_map) {
		r->is_map = true;
		r->has |= SYM_HAS_MAP;
		r->type = s->type;
	}
	return r;
}

uint64_t sym_iter_bit(const struct flow_block *header)
{
	return 1ull << (header->id & 63);
}

struct sym *sym_iter(struct symtab *t, const struct flow_block *header, unsigned int gen)
{
	struct sym key = { .kind = SYM_ITER, .block = header, .gen = gen, .type = FLOW_T_INT,
			   .has = SYM_HAS_OWN | SYM_HAS_VAL };

	if (gen < SYM_GEN_VAGUE) {
		key.vals = sym_iter_bit(header);
	} else {
		key.gen = SYM_GEN_VAGUE;
		key.has |= SYM_HAS_VAGUE;
	}
	return intern(t, &key);
}

struct sym *sym_pure(struct symtab *t, const char *what, unsigned int n, struct sym **args)
{
	struct sym *x, *own[4];
	unsigned int i;

	if (n == 3 || n == 4) {
		memcpy(own, args, n * sizeof(*own));
		x = sym_field(t, what, n, own);
		if (x)
			return x;
		args = own;
	}
	for (i = 0; i < n; i++)
		if (args[i]->depth > MAX_DEPTH)
			n = 0;
	return intern(t, &(struct sym){ .kind = SYM_PURE, .str = what, .nargs = n, .args = args });
}

struct sum {
	int64_t num;
	unsigned int n;
	struct sym *args[MAX_TERMS];
	int64_t coefs[MAX_TERMS];
	bool full;
};

static int64_t wrap_add(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a + (uint64_t)b);
}

static int64_t wrap_sub(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a - (uint64_t)b);
}

static int64_t wrap_mul(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a * (uint64_t)b);
}

static void sum_term(struct sum *m, struct sym *s, int64_t coef)
{
	unsigned int i, j;

	for (i = 0; i < m->n && m->args[i]->id < s->id; i++)
		;
	if (i < m->n && m->args[i] == s && !(s->has & (SYM_HAS_VAGUE | SYM_HAS_UNDEF))) {
		m->coefs[i] = wrap_add(m->coefs[i], coef);
		if (m->coefs[i])
			return;
		for (m->n--; i < m->n; i++) {
			m->args[i] = m->args[i + 1];
			m->coefs[i] = m->coefs[i + 1];
		}
		return;
	}
	if (m->n == MAX_TERMS) {
		m->full = true;
		return;
	}
	for (j = m->n++; j > i; j--) {
		m->args[j] = m->args[j - 1];
		m->coefs[j] = m->coefs[j - 1];
	}
	m->args[i] = s;
	m->coefs[i] = coef;
}

static void sum_add(struct sum *m, struct sym *s, int64_t by)
{
	unsigned int i;

	if (s->kind == SYM_CONST) {
		m->num = wrap_add(m->num, wrap_mul(s->num, by));
	} else if (s->kind == SYM_SUM) {
		m->num = wrap_add(m->num, wrap_mul(s->num, by));
		for (i = 0; i < s->nargs; i++)
			sum_term(m, s->args[i], wrap_mul(s->coefs[i], by));
	} else {
		sum_term(m, s, by);
	}
}

static struct sym *sum_sym(struct symtab *t, struct sum *m)
{
	if (!m->n)
		return sym_const(t, m->num);
	if (m->n == 1 && m->coefs[0] == 1 && !m->num)
		return m->args[0];
	return intern(t, &(struct sym){ .kind = SYM_SUM, .num = m->num, .nargs = m->n, .args = m->args,
					.coefs = m->coefs });
}

static struct sym *combine(struct symtab *t, struct sym *a, int64_t ka, struct sym *b, int64_t kb)
{
	struct sum m = { 0 };

	if (a->depth > MAX_DEPTH || b->depth > MAX_DEPTH)
		m.full = true;
	sum_add(&m, a, ka);
	sum_add(&m, b, kb);
	if (m.full)
		return sym_pure(t, "sum", 2, (struct sym *[]){ a, b });
	return sum_sym(t, &m);
}

struct sym *sym_add(struct symtab *t, struct sym *a, struct sym *b)
{
	return combine(t, a, 1, b, 1);
}

struct sym *sym_sub(struct symtab *t, struct sym *a, struct sym *b)
{
	return combine(t, a, 1, b, -1);
}

struct sym *sym_scale(struct symtab *t, struct sym *a, int64_t by)
{
	return combine(t, a, by, sym_const(t, 0), 1);
}

struct sym *sym_add_const(struct symtab *t, struct sym *a, int64_t n)
{
	int64_t one = 1;
	struct sym key = { .kind = SYM_SUM, .num = n, .nargs = 1, .args = &a, .coefs = &one };

	if (a->kind == SYM_CONST || a->depth > MAX_DEPTH)
		return combine(t, a, 1, sym_const(t, n), 1);
	if (!n)
		return a;
	if (a->kind == SYM_SUM) {
		key.num = wrap_add(a->num, n);
		key.nargs = a->nargs;
		key.args = a->args;
		key.coefs = a->coefs;
		if (!key.num && a->nargs == 1 && a->coefs[0] == 1)
			return a->args[0];
	}
	return intern(t, &key);
}

static bool same_terms(const struct sym *a, const struct sym *b)
{
	unsigned int i;

	for (i = 0; i < a->nargs; i++)
		if (a->args[i] != b->args[i] || a->coefs[i] != b->coefs[i])
			return false;
	return true;
}

bool sym_distance(const struct sym *a, const struct sym *b, int64_t *d)
{
	const struct sym *sum = a->kind == SYM_SUM ? a : b, *other = sum == a ? b : a;

	if ((a->has | b->has) & (SYM_HAS_VAGUE | SYM_HAS_UNDEF))
		return false;
	*d = wrap_sub(a->num, b->num);
	if (a->kind == SYM_CONST && b->kind == SYM_CONST)
		return true;
	if (a->kind == SYM_SUM && b->kind == SYM_SUM)
		return a->nargs == b->nargs && same_terms(a, b);
	if (sum->kind == SYM_SUM) {
		*d = sum == a ? sum->num : wrap_sub(0, sum->num);
		return sum->nargs == 1 && sum->coefs[0] == 1 && sum->args[0] == other;
	}
	*d = 0;
	return a == b;
}

enum flow_cmp cmp_negate(enum flow_cmp c)
{
	static const enum flow_cmp neg[] = {
		[FLOW_EQ] = FLOW_NE, [FLOW_NE] = FLOW_EQ,
		[FLOW_SLT] = FLOW_SGE, [FLOW_SLE] = FLOW_SGT, [FLOW_SGT] = FLOW_SLE, [FLOW_SGE] = FLOW_SLT,
		[FLOW_ULT] = FLOW_UGE, [FLOW_ULE] = FLOW_UGT, [FLOW_UGT] = FLOW_ULE, [FLOW_UGE] = FLOW_ULT,
	};

	return neg[c];
}

enum flow_cmp cmp_swap(enum flow_cmp c)
{
	static const enum flow_cmp swap[] = {
		[FLOW_EQ] = FLOW_EQ, [FLOW_NE] = FLOW_NE,
		[FLOW_SLT] = FLOW_SGT, [FLOW_SLE] = FLOW_SGE, [FLOW_SGT] = FLOW_SLT, [FLOW_SGE] = FLOW_SLE,
		[FLOW_ULT] = FLOW_UGT, [FLOW_ULE] = FLOW_UGE, [FLOW_UGT] = FLOW_ULT, [FLOW_UGE] = FLOW_ULE,
	};

	return swap[c];
}

bool cmp_const(enum flow_cmp c, int64_t a, int64_t b)
{
	uint64_t ua = (uint64_t)a, ub = (uint64_t)b;

	switch (c) {
	case FLOW_EQ: return a == b;
	case FLOW_NE: return a != b;
	case FLOW_SLT: return a < b;
	case FLOW_SLE: return a <= b;
	case FLOW_SGT: return a > b;
	case FLOW_SGE: return a >= b;
	case FLOW_ULT: return ua < ub;
	case FLOW_ULE: return ua <= ub;
	case FLOW_UGT: return ua > ub;
	case FLOW_UGE: return ua >= ub;
	}
	return false;
}

bool sym_is_truth(const struct sym *s)
{
	return s->kind == SYM_CMP || s->kind == SYM_NOT || s->type == FLOW_T_BOOL ||
	       (s->kind == SYM_CONST && (s->num == 0 || s->num == 1)) ||
	       ((s->kind == SYM_AND || s->kind == SYM_OR) && sym_is_truth(s->args[0]) && sym_is_truth(s->args[1]));
}

struct sym *sym_cmp(struct symtab *t, enum flow_cmp c, struct sym *a, struct sym *b)
{
	struct sym *args[2];

	if (a->kind == SYM_CONST && b->kind == SYM_CONST)
		return sym_const(t, cmp_const(c, a->num, b->num));
	if (a->kind == SYM_CONST) {
		struct sym *x = a;

		a = b;
		b = x;
		c = cmp_swap(c);
	}
	/* "truth != 0", "truth == 0": what lowering makes of conditions */
	if (b->kind == SYM_CONST && sym_is_truth(a) && (c == FLOW_EQ || c == FLOW_NE) && (b->num == 0 || b->num == 1))
		return (c == FLOW_NE) == (b->num == 0) ? a : sym_not(t, a);
	if (b->kind == SYM_CONST && (c == FLOW_EQ || c == FLOW_NE)) {
		struct sym *x = sym_equals_bits(t, a, b->num);

		if (x)
			return c == FLOW_EQ ? x : sym_not(t, x);
	}
	if (sym_same(a, b))
		return sym_const(t, cmp_const(c, 0, 0));
	args[0] = a;
	args[1] = b;
	return intern(t, &(struct sym){ .kind = SYM_CMP, .num = c, .nargs = 2, .args = args, .type = FLOW_T_BOOL });
}

struct sym *sym_not(struct symtab *t, struct sym *a)
{
	struct sym *args[] = { a };

	if (a->kind == SYM_CONST)
		return sym_const(t, !a->num);
	if (a->kind == SYM_NOT && sym_is_truth(a->args[0]))
		return a->args[0];
	if (a->kind == SYM_CMP)
		return sym_cmp(t, cmp_negate(a->num), a->args[0], a->args[1]);
	return intern(t, &(struct sym){ .kind = SYM_NOT, .nargs = 1, .args = args, .type = FLOW_T_BOOL });
}

struct sym *sym_pair(struct symtab *t, enum sym_kind kind, struct sym *a, struct sym *b)
{
	struct sym *args[] = { a, b };

	if (a->depth > MAX_DEPTH || b->depth > MAX_DEPTH)
		return sym_pure(t, "bits", 2, args);
	if (a->id > b->id) {
		args[0] = b;
		args[1] = a;
	}
	return intern(t, &(struct sym){ .kind = kind, .nargs = 2, .args = args });
}

/* A factor becomes known: of 32 bits something may be lost, and nobody says whether the product has more. */
static struct sym *product(struct symtab *t, const struct sym *was, struct sym *is, int64_t by)
{
	struct sym *args[] = { is, sym_const(t, by) };
	int64_t n;

	if (is == was || was->type != FLOW_T_UINT || is->kind != SYM_CONST || (by >= -1 && by <= 1) ||
	    (!__builtin_mul_overflow(is->num, by, &n) && n <= UINT32_MAX && n >= -(int64_t)UINT32_MAX))
		return sym_scale(t, is, by);
	return sym_pure(t, "product", 2, args);
}

struct sym *sym_rewrite(struct symtab *t, struct sym *s, struct sym *(*leaf)(struct sym *s, void *data), void *data)
{
	struct sym *args[MAX_TERMS + 1], *r;
	bool same = true;
	unsigned int i;

	switch (s->kind) {
	case SYM_CONST:
		return s;
	case SYM_UNDEF: case SYM_PARAM: case SYM_GLOBAL: case SYM_LOCAL: case SYM_VAL: case SYM_ITER: case SYM_INIT:
		return leaf(s, data);
	default:
		break;
	}
	if (!s->nargs || s->nargs > MAX_TERMS)
		return s;
	for (i = 0; i < s->nargs; i++) {
		args[i] = sym_rewrite(t, s->args[i], leaf, data);
		same = same && args[i] == s->args[i];
	}
	if (same)
		return s;
	switch (s->kind) {
	case SYM_SUM:
		r = sym_const(t, s->num);
		for (i = 0; i < s->nargs; i++)
			r = sym_add(t, r, product(t, s->args[i], args[i], s->coefs[i]));
		return r;
	case SYM_CMP:
		return sym_cmp(t, s->num, args[0], args[1]);
	case SYM_NOT:
		return sym_not(t, args[0]);
	case SYM_AND:
		return sym_and(t, args[0], args[1]);
	case SYM_OR:
		return sym_or(t, args[0], args[1]);
	default:
		return sym_pure(t, s->str, s->nargs, args);
	}
}

bool sym_mentions(const struct sym *s, const struct sym *leaf)
{
	unsigned int i;

	if (s == leaf)
		return true;
	for (i = 0; i < s->nargs; i++)
		if (sym_mentions(s->args[i], leaf))
			return true;
	return false;
}

bool sym_keeps(const struct sym *s, const struct sym *leaf)
{
	unsigned int i;

	if (s == leaf)
		return true;
	if (s->kind == SYM_CMP || s->kind == SYM_NOT)
		return false;
	for (i = 0; i < s->nargs; i++)
		if ((!s->coefs || s->coefs[i] > 0) && sym_keeps(s->args[i], leaf))
			return true;
	return false;
}

struct sym *sym_find_map(struct sym *s)
{
	struct sym *r;
	unsigned int i;

	if (!(s->has & SYM_HAS_MAP))
		return NULL;
	if (s->kind == SYM_VAL)
		return s->is_map ? s : NULL;
	for (i = 0; i < s->nargs; i++) {
		/* What is taken off leaves a distance, no address. */
		if (s->coefs && s->coefs[i] < 0)
			continue;
		r = sym_find_map(s->args[i]);
		if (r)
			return r;
	}
	return NULL;
}

struct sym *sym_object(struct sym *s)
{
	while (s->kind == SYM_PURE && s->nargs && s->str && s->str == sym_at_object)
		s = s->args[0];
	return s;
}
