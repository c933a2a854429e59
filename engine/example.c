// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * example.c - is there an example: numbers for all that is not known on a path, with which everything that was assumed holds?
 *
 * Facts are intervals of single expressions, and two of them can contradict each other without anybody seeing it: "n / 4096 != 0" and
 * "n < 4096". So before something is reported, numbers are tried that show that the path can be taken. One condition that does
 * not hold is picked, and a value it depends on changed so that it does, going down through the operations by their inverse (A. Niemetz,
 * M. Preiner, A. Biere: "Precise and complete propagation based local search for satisfiability modulo theories", CAV 2016). What
 * finds none in so many rounds says nothing for certain; but a path that nobody can show an example of is not told.
 */
#include <stdlib.h>
#include <string.h>

#include "example.h"
#include "facts-priv.h"

#define MAX_NUMBERS 4000
#define MEMO 1024u
#define MAX_ROUNDS 1200
#define FRESH_START 400		/* rounds after which other numbers are tried */
#define ADDRESS_SPACE (-0x778000000000ll)	/* where the kernel's memory lies */
#define ADDRESS_STEP 0x100000ll

/* A fact that has to hold, of number @at. */
struct demand {
	const struct fact *fact;
	unsigned int at;
};

struct demands {
	unsigned int n;
	struct demand *v;
};

/* What was found for facts that have to do with each other: an example, or none. */
struct example_memo {
	struct {
		uint64_t key;
		bool ok;
	} v[MEMO];
};

struct example_memo *example_memo_new(struct arena *a)
{
	return arena_alloc(a, sizeof(struct example_memo));
}

unsigned int example_random(struct example *e, unsigned int n)
{
	e->seed ^= e->seed << 13;
	e->seed ^= e->seed >> 17;
	e->seed ^= e->seed << 5;
	return e->seed % n;
}

/* Its index, operands first; @e->n where there are too many. */
static unsigned int add_number(struct example *e, const struct sym *s)
{
	struct number x = { .sym = s, .op = example_op_of(s), .own = leaf_range(s) };
	unsigned int i;

	for (i = 0; i < e->n; i++)
		if (e->v[i].sym == s)
			return i;
	x.is_unsigned = s->kind == SYM_PURE && s->str && strstr(s->str, ".u");
	x.nargs = x.op <= EX_FIXED ? 0 : s->nargs;
	for (i = 0; i < x.nargs; i++) {
		x.args[i] = add_number(e, s->args[i]);
		if (x.args[i] == e->n)
			return e->n;
	}
	if (e->n == MAX_NUMBERS)
		return e->n;
	GROW(e->v, e->n, e->cap);
	e->v[e->n++] = x;
	return e->n - 1;
}

static bool holds(const struct fact *f, int64_t n)
{
	return n >= f->range.lo && n <= f->range.hi && !in_hole(f, (struct range){ n, n });
}

static int64_t nearest(struct range r, int64_t n)
{
	return n < r.lo ? r.lo : n > r.hi ? r.hi : n;
}

/* A number that the fact allows: near to @n, or at an end, or any. */
static int64_t pick(struct example *e, const struct fact *f, int64_t n)
{
	unsigned int how = example_random(e, 4), i, j;
	struct range r = f->range;

	if (how == 1 && r.lo != FACT_MIN)
		n = r.lo + example_random(e, 2);
	else if (how == 2 && r.hi != FACT_MAX)
		n = r.hi - example_random(e, 2);
	else if (how == 3)
		n = (r.lo == FACT_MIN ? 0 : r.lo) + example_random(e, 1u << example_random(e, 31));
	n = nearest(r, n);
	for (i = 0; i <= FACT_HOLES && !holds(f, n); i++)
		for (j = 0; j < f->nholes; j++) {
			struct range h = f->holes[j];

			if (n < h.lo || n > h.hi)
				continue;
			if (h.hi < r.hi && (h.lo <= r.lo || example_random(e, 2)))
				n = h.hi + 1;
			else
				n = h.lo - 1;
		}
	return nearest(r, n);
}

static void eval_all(struct example *e)
{
	unsigned int i;

	for (i = 0; i < e->n; i++)
		if (e->v[i].op > EX_FIXED)
			e->v[i].val = example_eval(e, i);
}

/* How many do not hold? @which: one of them, by chance. */
static unsigned int count_broken(struct example *e, const struct demands *d, unsigned int *which)
{
	unsigned int i, n = 0;

	for (i = 0; i < d->n; i++)
		if (!holds(d->v[i].fact, e->v[d->v[i].at].val) && !example_random(e, ++n))
			*which = i;
	return n;
}

static void start(struct example *e, const struct demands *d, bool anew)
{
	unsigned int i;

	for (i = 0; i < e->n; i++) {
		struct number *x = &e->v[i];
		bool address = x->sym->type == FLOW_T_PTR || x->sym->kind == SYM_PURE;

		if (x->sym->kind == SYM_CONST)
			x->val = x->sym->num;
		else if (x->op == EX_FIXED || (x->op == EX_FREE && address && !anew))
			x->val = ADDRESS_SPACE + ADDRESS_STEP * (int64_t)x->sym->id;
		else if (x->op == EX_FREE)
			x->val = nearest(x->own, anew ? (int64_t)example_random(e, 1u << example_random(e, 16)) : 0);
	}
	for (i = 0; i < d->n; i++)
		if (e->v[d->v[i].at].op == EX_FREE && !holds(d->v[i].fact, e->v[d->v[i].at].val))
			e->v[d->v[i].at].val = pick(e, d->v[i].fact, 0);
	eval_all(e);
}

static bool search(struct example *e, const struct demands *d, unsigned int *rounds)
{
	int64_t *kept = xmalloc((e->n + 1) * sizeof(*kept));
	unsigned int round, broken, now, which = 0, other = 0, i;

	start(e, d, false);
	broken = count_broken(e, d, &which);
	for (round = 1; broken && round < MAX_ROUNDS; round++) {
		const struct demand *x = &d->v[which];

		if (round % FRESH_START == 0) {
			start(e, d, true);
			broken = count_broken(e, d, &which);
			continue;
		}
		for (i = 0; i < e->n; i++)
			kept[i] = e->v[i].val;
		example_aim(e, x->at, pick(e, x->fact, e->v[x->at].val));
		eval_all(e);
		now = count_broken(e, d, &other);
		if (now <= broken || !example_random(e, 6)) {
			broken = now;
			which = other;
			continue;
		}
		for (i = 0; i < e->n; i++)
			e->v[i].val = kept[i];
		count_broken(e, d, &which);
	}
	free(kept);
	*rounds += round;
	return !broken;
}

static uint64_t mix(uint64_t h, uint64_t x)
{
	h = (h ^ x) * 0x9e3779b97f4a7c15u;
	return h ^ h >> 29;
}

static uint64_t hash_fact(const struct fact *f)
{
	uint64_t h = mix(mix(mix(1, f->sym->id), (uint64_t)f->range.lo), (uint64_t)f->range.hi);
	unsigned int i;

	for (i = 0; i < f->nholes; i++)
		h = mix(mix(h, (uint64_t)f->holes[i].lo), (uint64_t)f->holes[i].hi);
	return h;
}

/* Those facts alone. */
static bool have_example(struct example_memo *memo, const struct demands *facts, unsigned int *rounds)
{
	struct example e = { .seed = 2463534242u };
	struct demands d = { 0, xmalloc((facts->n + 1) * sizeof(*d.v)) };
	uint64_t key = 1;
	unsigned int i;
	bool ok = true;

	for (i = 0; i < facts->n; i++)
		key += hash_fact(facts->v[i].fact);
	if (memo->v[key % MEMO].key == key) {
		free(d.v);
		return memo->v[key % MEMO].ok;
	}
	for (i = 0; i < facts->n && ok; i++) {
		d.v[d.n].fact = facts->v[i].fact;
		d.v[d.n].at = add_number(&e, facts->v[i].fact->sym);
		ok = d.v[d.n++].at < e.n;
	}
	ok = !ok || search(&e, &d, rounds);
	memo->v[key % MEMO].key = key;
	memo->v[key % MEMO].ok = ok;
	free(e.v);
	free(d.v);
	return ok;
}

static unsigned int top_of(unsigned int *group, unsigned int i)
{
	while (group[i] != i)
		i = group[i] = group[group[i]];
	return i;
}

/* Numbers that one of them is computed from belong together. */
static unsigned int *group_numbers(const struct example *e)
{
	unsigned int *group = xmalloc((e->n + 1) * sizeof(*group)), i, j;

	for (i = 0; i < e->n; i++) {
		group[i] = i;
		for (j = 0; j < e->v[i].nargs; j++)
			if (e->v[e->v[i].args[j]].op != EX_FIXED)
				group[top_of(group, e->v[i].args[j])] = i;
	}
	return group;
}

/* Take the facts with which the first of @all has to do out of it. */
static void take_group(struct demands *all, struct demands *some, unsigned int *group)
{
	unsigned int top = top_of(group, all->v[0].at), i, n = 0;

	some->n = 0;
	for (i = 0; i < all->n; i++)
		if (top_of(group, all->v[i].at) == top)
			some->v[some->n++] = all->v[i];
		else
			all->v[n++] = all->v[i];
	all->n = n;
}

/**
 * facts_have_example() - are there numbers for all that is not known, with which all facts hold?
 * @memo: what was found before; @rounds: how long the search was, is added to
 *
 * Return: false where none were found. Facts of too many expressions are taken to have some.
 */
bool facts_have_example(struct example_memo *memo, const struct facts *f, unsigned int *rounds)
{
	struct example e = { 0 };
	struct demands all = { 0, xmalloc((f->n + 1) * sizeof(*all.v)) }, some = { 0, xmalloc((f->n + 1) * sizeof(*all.v)) };
	unsigned int *group, i;
	bool few = true, ok;

	for (i = 0; i < f->n && few; i++) {
		const struct fact *x = &f->v[i];

		/* One that nothing fits was found to be so where nobody cared. */
		if (x->weak || x->range.lo > x->range.hi || (x->sym->has & (SYM_HAS_VAGUE | SYM_HAS_UNDEF)))
			continue;
		all.v[all.n].fact = x;
		all.v[all.n].at = add_number(&e, x->sym);
		few = all.v[all.n++].at < e.n;
	}
	group = group_numbers(&e);
	for (ok = true; ok && few && all.n;) {
		take_group(&all, &some, group);
		ok = have_example(memo, &some, rounds);
	}
	free(e.v);
	free(group);
	free(all.v);
	free(some.v);
	return ok;
}
