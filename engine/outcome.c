// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * outcome.c - summaries: the ways in which a function ends, and what each means to a caller
 *
 * An outcome is the state at a return, in terms of the parameters and the memory that they lead to. Applying it puts the caller's
 * values in the place of these; an outcome whose conditions the caller's facts contradict cannot be.
 */
#include <stdlib.h>
#include <string.h>

#include "analysis.h"
#include "run.h"
#include "seed.h"

#define MAX_OUTCOMES 12u
#define MANY_OUTCOMES 6		/* of which it is hard to say that all of them can be */
#define MAX_PLAIN 4		/* of a function that does nothing to mappings or objects */
#define MAX_DIRTY_OUTCOMES 4	/* that differ in what is written and flushed */
#define MAX_STRICT_OUTCOMES 8	/* the same, where every write is asked about */
#define STEPS_OF_OUTCOME 3	/* what applying one takes, in instructions */

enum ret_class {
	RET_ANY, RET_ZERO, RET_NEGATIVE, RET_POSITIVE,
};

static enum ret_class class_of(const struct state *s, const struct sym *ret)
{
	struct range r;

	if (!ret)
		return RET_ANY;
	r = facts_range(&s->facts, ret);
	if (r.lo == 0 && r.hi == 0)
		return RET_ZERO;
	return r.hi < 0 ? RET_NEGATIVE : r.lo > 0 ? RET_POSITIVE : RET_ANY;
}

static bool is_own(const struct fn *fn, const struct sym *root)
{
	return root->kind == SYM_LOCAL && root->val->func == fn->func;
}

/* Can a caller have to do with it: release it, or see that it was released? */
static bool means_something(struct ctx *c, const struct fn *fn, struct state *s, const struct mapping *m, const struct sym *ret)
{
	unsigned int i;

	if (m->foreign)
		return !m->here && (from_entry(m->base) || (m->base->has & SYM_HAS_VAGUE));
	if (m->status == MAP_LIVE)
		return pair_escape(c, s, m, ret) != KC_R_NONE;
	if (ret && sym_mentions(ret, m->base))
		return true;
	/* Its address was left where the caller finds it. */
	for (i = 0; i < s->ncells; i++)
		if (!is_own(fn, sym_root(s->cells[i].addr)) && (s->cells[i].val->has & SYM_HAS_MAP) &&
		    sym_mentions(s->cells[i].val, m->base))
			return true;
	return false;
}

/* Memory that is named by what an instruction gave, and that nothing a caller gets leads to, is of no use to it. */
static bool is_reached(const struct sym *root, uint64_t known)
{
	return !(root->has & SYM_HAS_VAL) || (root->vals & known);
}

static void strip_unreached(struct state *s, const struct sym *ret)
{
	uint64_t known = ret ? ret->vals : 0, before;
	unsigned int i, n = 0;

	for (i = 0; i < s->nmaps; i++)
		known |= s->maps[i].base->vals | s->maps[i].object->vals;
	for (i = 0; i < s->ndirty; i++)
		known |= s->dirty[i].object->vals;
	do {
		before = known;
		for (i = 0; i < s->ncells; i++)
			if ((s->cells[i].val->has & SYM_HAS_MAP) || is_reached(sym_root(s->cells[i].addr), known))
				known |= s->cells[i].val->vals;
	} while (known != before);
	for (i = 0; i < s->ncells; i++)
		if ((s->cells[i].val->has & SYM_HAS_MAP) || is_reached(sym_root(s->cells[i].addr), known))
			s->cells[n++] = s->cells[i];
	s->ncells = n;
	for (i = n = 0; i < s->nhavoc; i++)
		if (is_reached(s->havoc[i], known))
			s->havoc[n++] = s->havoc[i];
	s->nhavoc = n;
}

/* Leave out what means nothing outside of the function. */
static void strip(struct ctx *c, struct state *s, const struct fn *fn, const struct sym *ret)
{
	unsigned int i, j;

	for (i = j = 0; i < s->nmaps; i++) {
		const struct mapping *m = &s->maps[i];

		if (!means_something(c, fn, s, m, ret))
			continue;
		s->maps[j++] = *m;
		if (m->end)
			run_lose(&s->maps[j - 1], KC_R_LOOP);
	}
	s->nmaps = j;
	s->nenv = 0;
	for (i = j = 0; i < s->ncells; i++) {
		const struct cell *cell = &s->cells[i];
		struct sym *base = sym_find_map(cell->val);

		if (is_own(fn, sym_root(cell->addr)) ||
		    (!cell->weak && is_initial(cell)))
			continue;
		/* The address of what was released here is of no use to anyone. */
		if (base && !state_find_map(s, base)) {
			havoc_root(s, sym_root(cell->addr));
			continue;
		}
		s->cells[j++] = *cell;
	}
	s->ncells = j;
	for (i = j = 0; i < s->nhavoc; i++)
		if (!is_own(fn, s->havoc[i]))
			s->havoc[j++] = s->havoc[i];
	s->nhavoc = j;
	for (i = j = 0; i < s->nzero; i++)
		if (!is_own(fn, sym_root(s->zero[i].addr)))
			s->zero[j++] = s->zero[i];
	s->nzero = j;
	for (i = j = 0; i < s->nescaped; i++)
		if (!is_own(fn, s->escaped[i]))
			s->escaped[j++] = s->escaped[i];
	s->nescaped = j;
	for (i = j = 0; i < s->nstale; i++)
		if (!is_own(fn, s->stale[i].root))
			s->stale[j++] = s->stale[i];
	s->nstale = j;
	strip_unreached(s, ret);
}

static void add_outcome(struct fn *fn, struct state *s, struct sym *ret)
{
	fn->outcomes = xrealloc(fn->outcomes, (fn->noutcomes + 1) * sizeof(*fn->outcomes));
	fn->outcomes[fn->noutcomes++] = (struct outcome){ .state = s, .ret = ret };
}

static bool join_outcome(struct ctx *c, struct fn *fn, struct state *s, bool any_class,
			 bool blur)
{
	unsigned int id = fn->func->nvals, i;

	for (i = 0; i < fn->noutcomes; i++) {
		struct outcome *o = &fn->outcomes[i];

		if (!o->ret != !env_get(s, id))
			continue;
		if (!any_class && class_of(o->state, o->ret) != class_of(s, env_get(s, id)))
			continue;
		if (!(blur ? state_agrees_but_dirt : state_agrees)(o->state, s, c->syms, false))
			continue;
		if (blur)
			state_blur(c, o->state, s);
		state_join(o->state, s, fn, c->syms, fn->result, NULL);
		o->ret = env_get(o->state, id);
		return true;
	}
	return false;
}

/* With the one whose mappings are most alike. */
static void unite_outcome(struct ctx *c, struct fn *fn, struct state *s)
{
	struct outcome *best = NULL;
	unsigned int i;

	for (i = 0; i < fn->noutcomes; i++) {
		struct outcome *o = &fn->outcomes[i];

		if (!o->ret == !env_get(s, fn->func->nvals) &&
		    (!best || state_difference(o->state, s) < state_difference(best->state, s)))
			best = o;
	}
	if (!best) {
		fn->bounded = true;
		return;
	}
	state_unite(c, best->state, s, false);
	state_join(best->state, s, fn, c->syms, fn->result, NULL);
	best->ret = env_get(best->state, fn->func->nvals);
}

/**
 * outcome_add() - one more state at a return; @s is used up
 */
void outcome_add(struct ctx *c, struct fn *fn, struct state *s, struct sym *ret)
{
	unsigned int most = c->opt->dcache == KC_DCACHE_STRICT ? MAX_STRICT_OUTCOMES : MAX_DIRTY_OUTCOMES;

	strip(c, s, fn, ret);
	if (ret)
		env_set(s, fn->func->nvals, ret);
	if (join_outcome(c, fn, s, false, false) ||
	    (fn->noutcomes >= most && s->ndirty &&
	     join_outcome(c, fn, s, false, true))) {
		state_free(s);
		return;
	}
	if (fn->noutcomes < STATE_LIMIT(MAX_OUTCOMES)) {
		add_outcome(fn, s, ret);
		return;
	}
	if (!join_outcome(c, fn, s, true, true))
		unite_outcome(c, fn, s);
	state_free(s);
}

/* Is it an outcome of that kind, of a single path on which nothing is in doubt? */
static bool is_single(struct ctx *c, const struct outcome *o, const struct state *s, const struct sym *ret)
{
	unsigned int i;

	if (s->blurred || s->doubt.reason || s->facts.lost || !o->ret != !ret || class_of(o->state, o->ret) != class_of(s, ret))
		return false;
	for (i = 0; i < s->nmaps; i++)
		if (s->maps[i].doubt.reason)
			return false;
	return state_agrees(o->state, s, c->syms, false);
}

/**
 * outcome_try() - a search for what ends like c->single_of has come to a return: keep that, and end the search, if it does
 */
void outcome_try(struct ctx *c, struct fn *fn, const struct state *at, struct sym *ret)
{
	static const struct trace start = { .kind = TRACE_START };
	struct outcome *o = c->single_of;
	struct state *s = state_clone(at);

	strip(c, s, fn, ret);
	if (ret)
		env_set(s, fn->func->nvals, ret);
	if (o->single || !is_single(c, o, s, ret)) {
		state_free(s);
		return;
	}
	o->single = s;
	o->single_ret = ret;
	c->found = &start;
}

void outcome_free(struct fn *fn)
{
	unsigned int i;

	for (i = 0; i < fn->noutcomes; i++) {
		state_free(fn->outcomes[i].state);
		state_free(fn->outcomes[i].single);
	}
	free(fn->outcomes);
	fn->outcomes = NULL;
	fn->noutcomes = 0;
}

/**
 * outcome_finish() - the function has been simulated: bring its outcomes into the form for callers
 */
void outcome_finish(struct ctx *c, struct fn *fn)
{
	unsigned int i, j;
	bool plain = true;

	fn->summarised = true;
	for (i = 0; i < fn->noutcomes; i++) {
		const struct state *s = fn->outcomes[i].state;

		plain = plain && !s->nmaps && !s->ndirty;
		for (j = 0; j < s->nmaps; j++)
			fn->releases_some |= s->maps[j].foreign && (s->maps[j].base->has & SYM_HAS_VAGUE);
	}
	if (!plain || fn->noutcomes <= MAX_PLAIN)
		return;
	for (i = 1, j = 1; i < fn->noutcomes; i++) {
		struct outcome *o = &fn->outcomes[0], *p = &fn->outcomes[i];

		if (!o->ret != !p->ret || !state_agrees(o->state, p->state, c->syms, false)) {
			fn->outcomes[j++] = *p;
			continue;
		}
		state_join(o->state, p->state, fn, c->syms, fn->result, NULL);
		o->ret = env_get(o->state, fn->func->nvals);
		state_free(p->state);
	}
	fn->noutcomes = j;
}

#define MEMO 128

/**
 * struct subst - one call of a callee, whose symbols are replaced by the caller's
 * @before: the caller's state at the call; gets the cells of what the callee read
 * @possible: a bit for each outcome that can be
 * @memo: replacements found so far, by the symbol's id
 */
struct subst {
	struct ctx *c;
	struct state *before;
	const struct flow_val *call;
	const struct flow_func *callee;
	unsigned int possible;
	struct {
		struct sym *from, *to;
	} memo[MEMO];
};

static struct sym *subst_leaf(struct sym *s, void *data);

static struct sym *leaf_of(struct subst *u, struct sym *s)
{
	struct symtab *t = u->c->syms;
	struct sym *addr, *x;

	switch (s->kind) {
	case SYM_PARAM:
		if (s->val->func != u->callee || s->val->imm >= u->call->nargs)
			return sym_val(t, u->call, 0, s);
		return facts_resolve(&u->before->facts, t, eval(u->c, u->before, u->call->args[s->val->imm]));
	case SYM_INIT:
		addr = sym_rewrite(t, s->args[0], subst_leaf, u);
		return mem_peek(u->c, u->before, u->call, addr);
	case SYM_LOCAL: case SYM_VAL: case SYM_ITER:
		x = sym_val(t, u->call, 0, s);
		if (s->kind == SYM_LOCAL)
			x->type = FLOW_T_PTR;
		return x;
	default:
		return s;
	}
}

static struct sym *subst_leaf(struct sym *s, void *data)
{
	struct subst *u = data;
	struct sym *to;

	if (u->memo[s->id % MEMO].from == s)
		return u->memo[s->id % MEMO].to;
	to = leaf_of(u, s);
	u->memo[s->id % MEMO].from = s;
	u->memo[s->id % MEMO].to = to;
	return to;
}

static struct sym *subst(struct subst *u, struct sym *s)
{
	struct sym *to;

	if (u->memo[s->id % MEMO].from == s)
		return u->memo[s->id % MEMO].to;
	to = sym_rewrite(u->c->syms, s, subst_leaf, u);
	u->memo[s->id % MEMO].from = s;
	u->memo[s->id % MEMO].to = to;
	return to;
}

/*
 * Is the fact about an address that is known, @key here? It is neither NULL nor an error, and nothing else is said of pointers. What the callee
 * knows as a sum may be the distance of two.
 */
static bool is_address(const struct fact *f, struct sym *key)
{
	struct sym *root = sym_root(key);

	return (f->sym->kind != SYM_SUM || key->kind != SYM_SUM || key->nargs == 1) &&
	       (root->is_map || root->kind == SYM_LOCAL || root->kind == SYM_GLOBAL);
}

/* What a fact of the callee is about. */
static struct sym *key_of(struct subst *u, const struct fact *f)
{
	struct sym *key = subst(u, f->sym);

	/* A constant that the caller gives with its sign. */
	if (key->kind == SYM_CONST && f->sym->type == FLOW_T_UINT && key->num < 0 && key->num >= INT32_MIN)
		key = sym_const(u->c->syms, key->num + (1ll << 32));
	return key;
}

/* Does what the caller knows leave room for what the callee knows? What it reads is read here, before anything changes. */
static bool can_be(struct subst *u, const struct facts *known, const struct facts *callee)
{
	struct symtab *t = u->c->syms;
	unsigned int i, j;

	for (i = 0; i < callee->n; i++) {
		const struct fact *f = &callee->v[i];
		struct sym *key;

		if (f->weak)
			continue;
		key = key_of(u, f);
		if (is_address(f, key)) {
			if (f->range.lo >= -4095 && f->range.hi <= 0)
				return false;
			continue;
		}
		if (facts_may_lie(known, t, key, f->range) == T_NO)
			return false;
		for (j = 0; j < f->nholes; j++)
			if (facts_may_lie(known, t, key, f->holes[j]) == T_YES)
				return false;
	}
	return true;
}

static void read_all(struct subst *u, const struct outcome *o)
{
	const struct state *s = o->state;
	unsigned int i;

	for (i = 0; i < s->nmaps; i++) {
		subst(u, s->maps[i].base);
		subst(u, s->maps[i].object);
	}
	for (i = 0; i < s->ncells; i++) {
		subst(u, s->cells[i].addr);
		subst(u, s->cells[i].val);
	}
	for (i = 0; i < s->ndirty; i++)
		subst(u, s->dirty[i].object);
	if (o->ret)
		subst(u, o->ret);
}

/* What the callee asked somebody out of sight, and the caller had asked before: probably the answer is the same. */
static void apply_answers(struct subst *u, struct state *s, const struct state *o)
{
	unsigned int i;

	for (i = 0; i < o->ncells; i++) {
		const struct cell *cell = &o->cells[i], *own;

		if (!sym_is_answer(cell->addr))
			continue;
		own = state_cell(s, subst(u, cell->addr));
		if (own)
			answer_transfer(u->c, s, own->val, subst(u, cell->val));
	}
}

static bool apply_facts(struct subst *u, struct state *s, const struct state *o, unsigned int n)
{
	struct symtab *t = u->c->syms;
	bool doubt = false;
	uint16_t *plain = &u->c->fn->plain_ways[u->call->id];
	unsigned int i, j;

	for (i = 0; i < o->facts.n; i++) {
		const struct fact *f = &o->facts.v[i];
		struct sym *key;

		if (f->weak)
			continue;
		key = key_of(u, f);
		if (is_address(f, key))
			continue;
		if (!facts_assume_range(&s->facts, t, key, f->range, &doubt))
			return false;
		for (j = 0; j < f->nholes; j++)
			if (!facts_exclude(&s->facts, t, key, f->holes[j], &doubt))
				return false;
	}
	if (!doubt && !u->c->target)
		*plain |= 1u << n;
	/* A way that only a call out of sight opens is meant, as that of a branch is. */
	if (doubt && (!u->c->target || (*plain & 1u << n)))
		state_doubt(s, (struct doubt){ KC_R_MEMORY, NULL });
	return true;
}

/* What the callee did not know for certain to be that address, is not certain here. */
static void apply_doubt(struct ctx *c, struct state *s, const struct mapping *foreign, struct sym *addr)
{
	struct sym *base = sym_find_map(addr);
	struct mapping *m = base ? state_find_map(s, base) : NULL;

	if (!foreign->doubt.reason)
		return;
	site_doubt(c, foreign->gone_site, foreign->doubt);
	if (m && !m->doubt.reason)
		m->doubt = foreign->doubt;
}

/* The callee's release of it was told to be wrong: it is no mapping that is released as it should be, nor is one of a caller further up. */
static void apply_told(struct ctx *c, struct state *s, const struct sym *base)
{
	struct mapping *own = state_find_map(s, sym_find_map((struct sym *)base));
	unsigned int i;

	if (own && !c->quiet && !c->target && (c->opt->rules & 1u << KC_WRONG_ARG))
		own->site->violated = true;
	for (i = 0; i < s->nmaps; i++)
		if (s->maps[i].foreign && s->maps[i].base == base)
			s->maps[i].told = true;
}

static void apply_maps(struct subst *u, struct state *s, const struct state *o)
{
	unsigned int i;

	for (i = 0; i < o->nmaps; i++) {
		const struct mapping *m = &o->maps[i];
		struct sym *base = subst(u, m->base), *object;
		struct mapping *own;

		if (m->foreign) {
			/* What memory held some time during the call is only known where it is still a mapping of ours. */
			if (is_late(m->base) && !sym_find_map(base))
				continue;
			apply_doubt(u->c, s, m, base);
			pair_unmap(u->c, s, u->call, m->gone_site, m->family, base, m->if_live);
			if (m->told)
				apply_told(u->c, s, base);
			own = m->twice ? state_find_map(s, sym_find_map(base)) : NULL;
			if (own)
				site_doubt(u->c, own->site, (struct doubt){ KC_R_CORRELATION, NULL });
			continue;
		}
		object = sym_object(subst(u, m->object));
		pair_map(u->c, s, u->call, m->site, m->family, base, object);
		s->maps[s->nmaps - 1].doubt = m->doubt;
		s->maps[s->nmaps - 1].path = m->path;
		if (m->status == MAP_RELEASED) {
			s->maps[s->nmaps - 1].status = MAP_RELEASED;
			s->maps[s->nmaps - 1].gone = u->call;
			s->maps[s->nmaps - 1].gone_site = m->gone_site;
		}
	}
}

static void apply_memory(struct subst *u, struct state *s, const struct state *o)
{
	struct sym *roots[32];
	unsigned int i, n = 0;

	for (i = 0; i < o->nescaped && n < ARRAY_SIZE(roots); i++)
		roots[n++] = subst(u, o->escaped[i]);
	if (o->havoc_all)
		mem_havoc_all(s, u->call->str);
	if (n)
		mem_havoc(s, roots, n, u->call->str);
	for (i = 0; i < o->nzero; i++)
		mem_zero(s, subst(u, o->zero[i].addr), o->zero[i].size);
	if (o->nhavoc)
		age_released(s);
	for (i = 0; i < o->nhavoc; i++)
		mem_lose(s, sym_root(subst(u, o->havoc[i])), u->call->str);
	for (i = 0; i < o->ncells; i++) {
		const struct cell *cell = &o->cells[i];
		struct sym *addr = subst(u, cell->addr);
		struct cell *own;

		if (!cell->read)
			mem_store(u->c, s, addr, subst(u, cell->val), cell->size);
		else if (!(addr->has & (SYM_HAS_VAGUE | SYM_HAS_UNDEF)))
			mem_note(s, addr, subst(u, cell->val), cell->size);
		own = cell->weak ? state_cell(s, addr) : NULL;
		if (own) {
			own->weak = true;
			own->doubt = cell->doubt;
		}
	}
}

static void apply_accesses(struct subst *u, struct state *s, const struct fn *callee)
{
	unsigned int i;

	for (i = 0; i < callee->naccesses; i++) {
		const struct access *a = &callee->accesses[i];

		if ((a->sure || a->root->kind == SYM_PARAM) && can_be(u, &s->facts, &a->guard))
			pair_access(u->c, s, u->call, a->at, facts_resolve(&s->facts, u->c->syms, subst(u, a->root)));
	}
}

/* @o: outcome @n, or the single path that ends like it */
static struct state *apply_one(struct subst *u, struct fn *callee, unsigned int n, const struct outcome *o)
{
	struct state *s = state_clone(u->before);
	bool merged;

	if (callee->noutcomes > 1)
		trace_add(u->c, s, (struct trace){ .kind = TRACE_OUTCOME, .val = u->call, .n = n });
	apply_answers(u, s, o->state);
	if (!apply_facts(u, s, o->state, n)) {
		state_free(s);
		return NULL;
	}
	merged = o->state != callee->outcomes[n].single &&
		 (o->state->blurred || callee->bounded || (callee->releases_some && o->state->turned) || callee->noutcomes > MANY_OUTCOMES) &&
		 fn_passes_on(callee);
	s->blurred |= merged;
	apply_accesses(u, s, callee);
	/* Paths of which all end alike: what it maps and releases it does on each of them. */
	if (callee->noutcomes == 1 && !callee->bounded && !callee->releases_some)
		s->blurred = u->before->blurred;
	apply_maps(u, s, o->state);
	s->blurred |= merged;
	apply_memory(u, s, o->state);
	stale_apply(s, o->state, subst_leaf, u, u->c->syms);
	dcache_apply(u->c, s, u->call, o->state, u->possible, subst_leaf, u);
	if (o->state->doubt.reason)
		state_doubt(s, o->state->doubt);
	env_set(s, u->call->id, o->ret ? subst(u, o->ret) : sym_val(u->c->syms, u->call, 0, NULL));
	return s;
}

struct state *outcome_apply(struct ctx *c, struct state *s, const struct flow_val *v, struct fn *callee)
{
	struct subst u = { .c = c, .before = s, .call = v, .callee = callee->func };
	struct outcome single;
	struct state *out = NULL, **end = &out;
	unsigned int i;

	for (i = 0; i < callee->naccesses; i++)
		if (can_be(&u, &s->facts, &callee->accesses[i].guard))
			subst(&u, callee->accesses[i].root);
	for (i = 0; i < callee->noutcomes; i++) {
		if (!can_be(&u, &s->facts, &callee->outcomes[i].state->facts))
			continue;
		u.possible |= 1u << i;
		read_all(&u, &callee->outcomes[i]);
	}
	for (i = 0; i < callee->noutcomes; i++) {
		if (!(u.possible & 1u << i))
			continue;
		c->steps += STEPS_OF_OUTCOME;
		if (c->target && callee->outcomes[i].single) {
			single = (struct outcome){ .state = callee->outcomes[i].single, .ret = callee->outcomes[i].single_ret };
			read_all(&u, &single);
			*end = apply_one(&u, callee, i, &single);
			if (*end)
				end = &(*end)->next;
		}
		*end = apply_one(&u, callee, i, &callee->outcomes[i]);
		if (*end)
			end = &(*end)->next;
	}
	state_free(s);
	return out;
}
