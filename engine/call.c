// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * call.c - what a call does: by its line in the model, by its body's summary, or by nothing but its arguments
 */
#include <string.h>

#include "dcache.h"
#include "seed.h"

#define MAX_ERRNO 4095
#define RESULT_BESIDES (-2)	/* which result of a call a symbol stands for */

static struct sym *arg_sym(struct ctx *c, struct state *s, const struct flow_val *v, int n)
{
	if (n < 0 || (unsigned int)n >= v->nargs)
		return sym_val(c->syms, v, 0, sym_const(c->syms, n));
	return facts_resolve(&s->facts, c->syms, eval(c, s, v->args[n]));
}

/* The address of the memory that a place names, or NULL where the layout is not known. */
static struct sym *place_addr(struct ctx *c, struct state *s, const struct flow_val *v, const struct api_place *p)
{
	struct sym *base = p->root == API_RET ? env_get(s, v->id) : arg_sym(c, s, v, p->arg);
	int64_t offset = 0;

	if (!base)
		base = sym_val(c->syms, v, 0, NULL);
	if (p->field && !layout_of(c, p->field, &offset))
		return NULL;
	return sym_add_const(c->syms, base, offset);
}

static struct sym *place_value(struct ctx *c, struct state *s, const struct flow_val *v, const struct api_place *p)
{
	struct sym *x;

	if (p->root == API_UNKNOWN)
		return sym_val(c->syms, v, 0, sym_const(c->syms, -1));
	if (p->deref) {
		x = place_addr(c, s, v, p);
		if (x)
			return mem_peek(c, s, v, facts_resolve(&s->facts, c->syms, x));
		x = arg_sym(c, s, v, p->arg);
		return sym_pure(c->syms, p->field, 1, &x);
	}
	if (p->root == API_RET) {
		x = env_get(s, v->id);
		return x ? x : sym_val(c->syms, v, 0, NULL);
	}
	return arg_sym(c, s, v, p->arg);
}

/* What part of the page the address of a new mapping lies at. */
static struct sym *map_offset(struct ctx *c, struct state *s, const struct flow_val *v, const struct api_effect *e)
{
	struct sym *x;
	bool doubt = false;

	if (e->whole)
		return sym_const(c->syms, 0);
	if (e->offset_arg >= 0) {
		x = arg_sym(c, s, v, e->offset_arg);
		if (x->kind == SYM_CONST)
			return sym_const(c->syms, x->num & (int64_t)(c->unit->pagesize - 1));
		if (facts_range(&s->facts, x).lo >= 0 && facts_range(&s->facts, x).hi < (int64_t)c->unit->pagesize)
			return x;
		return sym_and(c->syms, x, sym_const(c->syms, (int64_t)c->unit->pagesize - 1));
	}
	x = sym_val(c->syms, v, 0, sym_pure(c->syms, "offset in page", 0, NULL));
	facts_assume_range(&s->facts, c->syms, x, (struct range){ 0, (int64_t)c->unit->pagesize - 1 }, &doubt);
	return x;
}

/* A flag that an earlier call was given may say that it is one of those that lie on the stack. */
static enum api_family map_family(struct ctx *c, struct state *s, const struct flow_val *v, const struct api_effect *e)
{
	struct sym *flags = e->stacked_bits ? place_value(c, s, v, &e->flags) : NULL;

	return flags && flags->kind == SYM_CONST && (flags->num & e->stacked_bits) ? API_LOCAL : e->family;
}

static void do_map(struct ctx *c, struct state *s, const struct flow_val *v, const struct api_effect *e)
{
	struct site *site = site_of(c, v, KC_SITE_MAP);
	struct sym *object = sym_object(place_value(c, s, v, &e->object));
	struct sym *base = sym_map(c->syms, v, NULL), *addr, *to;
	bool doubt = false;

	if (!site->object)
		site->object = object_text(c, v, &e->object);
	facts_exclude(&s->facts, c->syms, object, (struct range){ -MAX_ERRNO, 0 }, &doubt);
	pair_map(c, s, v, site, map_family(c, s, v, e), base, object);
	addr = sym_add(c->syms, base, map_offset(c, s, v, e));
	if (e->to.root == API_RET && !e->to.deref) {
		env_set(s, v->id, addr);
		return;
	}
	to = place_addr(c, s, v, &e->to);
	if (to)
		mem_store(c, s, facts_resolve(&s->facts, c->syms, to), addr, 0);
}

/* What a call that maps gives besides an address: a symbol of its own, since its plain one stands for the mapped page. */
static struct sym *other_result(struct ctx *c, const struct flow_val *v)
{
	struct sym *x = sym_val(c->syms, v, 0, sym_const(c->syms, RESULT_BESIDES));

	x->type = v->type;
	return x;
}

/* The other outcome of a mapping that may fail. */
static struct state *map_failed(struct ctx *c, struct state *s, const struct flow_val *v, const struct api_effect *e)
{
	bool doubt = false;
	struct sym *ret = other_result(c, v);

	/* NULL or an ERR_PTR in place of the address; false or an error beside it. */
	if (e->kind == API_MAPS_OR_NULL)
		ret = sym_const(c->syms, 0);
	else
		facts_assume_range(&s->facts, c->syms, ret, (struct range){ -MAX_ERRNO, -1 }, &doubt);
	env_set(s, v->id, ret);
	return s;
}

static void map_succeeded(struct ctx *c, struct state *s, const struct flow_val *v, const struct api_effect *e)
{
	struct sym *ret = other_result(c, v);
	bool doubt = false;

	if (e->to.root == API_RET && !e->to.deref)
		return;
	env_set(s, v->id, ret);
	if (e->kind == API_MAPS_OR_NULL)
		facts_exclude(&s->facts, c->syms, ret, (struct range){ 0, 0 }, &doubt);
	else if (e->kind == API_MAPS_OR_ERR)
		facts_assume_range(&s->facts, c->syms, ret, (struct range){ 0, 0 }, &doubt);
}

static void do_unmap(struct ctx *c, struct state *s, const struct flow_val *v, const struct api_effect *e)
{
	struct site *site = site_of(c, v, KC_SITE_UNMAP);

	if (!site->object)
		site->object = object_text(c, v, &e->object);
	pair_unmap(c, s, v, site, e->family, place_value(c, s, v, &e->object), e->kind == API_UNMAPS_LIVE);
}

static void set_result(struct ctx *c, struct state *s, const struct flow_val *v, const struct api_effect *e)
{
	struct symtab *t = c->syms;
	struct sym *x = e->object.root == API_ARG ? arg_sym(c, s, v, e->object.arg) : NULL, *ret;
	struct sym *args[4] = { x };
	unsigned int i, n = 1;
	bool doubt = false;

	switch (e->kind) {
	case API_SAME_OBJECT:
		ret = sym_pure(t, sym_at_object, 1, args);
		break;
	case API_PAGE_OF:
		for (i = 0; i < v->nargs && n < ARRAY_SIZE(args); i++)
			if ((int)i != e->object.arg)
				args[n++] = arg_sym(c, s, v, (int)i);
		ret = sym_pure(t, sym_at_page, n, args);
		break;
	case API_OBJECT_AT:
		ret = place_value(c, s, v, &e->object);
		break;
	case API_OBJECT_OF:
		ret = object_at_addr(s, x);
		if (!ret)
			ret = sym_pure(t, "object of", 1, args);
		break;
	case API_ADDRESS_OF:
		args[0] = sym_object(place_value(c, s, v, &e->object));
		/* A second argument says that what is written there is told of. */
		args[1] = sym_const(t, 1);
		ret = sym_pure(t, sym_address_of, linear_is_told(c, v) ? 2 : 1, args);
		break;
	case API_RETURNS:
		ret = x;
		break;
	case API_RETURNS_INSIDE:
		ret = sym_val(t, v, 0, NULL);
		if (sym_find_map(x)) {
			facts_assume_range(&s->facts, t, ret, (struct range){ 0, c->unit->pagesize - 1 }, &doubt);
			ret = sym_add(t, sym_find_map(x), ret);
		}
		break;
	case API_IS_ERR:
		ret = sym_cmp(t, FLOW_UGE, x, sym_const(t, -MAX_ERRNO));
		break;
	case API_IS_ERR_OR_NULL:
		ret = sym_or(t, sym_cmp(t, FLOW_EQ, x, sym_const(t, 0)),
			     sym_cmp(t, FLOW_UGE, x, sym_const(t, -MAX_ERRNO)));
		break;
	default:
		return;
	}
	env_set(s, v->id, ret);
}

static void constrain_result(struct ctx *c, struct state *s, const struct flow_val *v, enum api_effect_kind kind)
{
	struct sym *ret = env_get(s, v->id);
	bool doubt = false;

	if (!ret)
		ret = sym_val(c->syms, v, 0, NULL);
	if (kind == API_NONNULL)
		facts_exclude(&s->facts, c->syms, ret, (struct range){ 0, 0 }, &doubt);
	else
		facts_assume_range(&s->facts, c->syms, ret, (struct range){ -MAX_ERRNO, 0 }, &doubt);
}

/* A pure function of its arguments: the same call gives the same value. */
static void pure_result(struct ctx *c, struct state *s, const struct flow_val *v)
{
	struct sym *args[6];
	unsigned int i;

	if (v->nargs > ARRAY_SIZE(args))
		return;
	for (i = 0; i < v->nargs; i++)
		args[i] = arg_sym(c, s, v, (int)i);
	env_set(s, v->id, sym_pure(c->syms, v->str, v->nargs, args));
}

/* How many bytes a call writes, -1 where that is not known. */
static int64_t write_size(struct ctx *c, struct state *s, const struct flow_val *v, const struct api_effect *e)
{
	struct sym *x;

	if (e->size_arg < 0)
		return e->size ? (int64_t)e->size : -1;
	x = arg_sym(c, s, v, e->size_arg);
	return x->kind == SYM_CONST ? x->num : -1;
}

/* A value of its own for each effect of a call that leaves one. */
static struct sym *effect_value(struct ctx *c, const struct flow_val *v, unsigned int n)
{
	return sym_val(c->syms, v, 0, sym_const(c->syms, 1000 + n));
}

/* A field has another value afterwards. */
static void set_place(struct ctx *c, struct state *s, const struct flow_val *v, const struct api_effect *e,
		      unsigned int n)
{
	struct sym *addr = place_addr(c, s, v, &e->object), *val;

	if (!addr)
		return;
	if (e->zero)
		val = sym_const(c->syms, 0);
	else if (e->value_arg >= 0)
		val = arg_sym(c, s, v, e->value_arg);
	else
		val = effect_value(c, v, n);
	addr = facts_resolve(&s->facts, c->syms, addr);
	/* A position that moves stays in the mapping that it is in. */
	if (val->kind == SYM_VAL && val->val == v && sym_find_map(mem_peek(c, s, v, addr)))
		val = sym_add(c->syms, sym_find_map(mem_peek(c, s, v, addr)), val);
	mem_store(c, s, addr, val, 0);
}

/* A position goes on through what it has left. */
static void advance_place(struct ctx *c, struct state *s, const struct flow_val *v, const struct api_effect *e,
			  unsigned int n)
{
	struct sym *by = effect_value(c, v, n), *pos, *left;
	struct sym *at = place_addr(c, s, v, &e->object), *count = place_addr(c, s, v, &e->to);
	int64_t most;
	bool doubt = false;

	if (!at || !count)
		return;
	at = facts_resolve(&s->facts, c->syms, at);
	count = facts_resolve(&s->facts, c->syms, count);
	pos = mem_peek(c, s, v, at);
	left = mem_peek(c, s, v, count);
	most = facts_range(&s->facts, left).hi;
	facts_assume_range(&s->facts, c->syms, by, (struct range){ 0, most < 0 ? FACT_MAX : most }, &doubt);
	mem_store(c, s, at, sym_add(c->syms, pos, by), 0);
	mem_store(c, s, count, sym_sub(c->syms, left, by), 0);
}

/* A count becomes larger by at most an argument: by nothing where the call fails. */
static void grow_place(struct ctx *c, struct state *s, const struct flow_val *v, const struct api_effect *e,
		       unsigned int n)
{
	struct sym *addr = place_addr(c, s, v, &e->object), *by = effect_value(c, v, n);
	struct range most = facts_range(&s->facts, arg_sym(c, s, v, e->value_arg));
	bool doubt = false;

	if (!addr)
		return;
	addr = facts_resolve(&s->facts, c->syms, addr);
	facts_assume_range(&s->facts, c->syms, by, (struct range){ 0, most.hi < 0 ? 0 : most.hi }, &doubt);
	mem_store(c, s, addr, sym_add(c->syms, mem_peek(c, s, v, addr), by), 0);
}

static void access_place(struct ctx *c, struct state *s, const struct flow_val *v, const struct api_effect *e)
{
	struct sym *addr = place_value(c, s, v, &e->object);

	pair_access(c, s, v, v, addr);
	if (e->kind == API_WRITES) {
		if (!c->unwritten)
			dcache_write_addr(c, s, v, addr, NULL);
		mem_clobber(s, addr, write_size(c, s, v, e));
	} else {
		dcache_read_addr(c, s, v, addr);
	}
}

static void do_object(struct ctx *c, struct state *s, const struct flow_val *v, const struct api_effect *e)
{
	struct sym *object = sym_object(place_value(c, s, v, &e->object));
	struct site *site;

	switch (e->kind) {
	case API_WRITES_OBJECT:
		site = site_of(c, v, KC_SITE_WRITE);
		if (!site->object)
			site->object = object_text(c, v, &e->object);
		dcache_write(c, s, v, site, object, e->any_page);
		break;
	case API_FLUSHES: case API_FLUSHES_PAGE:
		site = site_of(c, v, KC_SITE_FLUSH);
		if (!site->object)
			site->object = object_text(c, v, &e->object);
		dcache_flush(c, s, v, site, place_value(c, s, v, &e->object), e->kind == API_FLUSHES_PAGE);
		break;
	case API_PUBLISHES: case API_UNLOCKS:
		dcache_publish(c, s, v, object, e->kind == API_UNLOCKS);
		break;
	case API_DROPS:
		dcache_drop(c, s, object);
		break;
	case API_PUTS:
		dcache_put(c, s, object);
		break;
	case API_LOCKS:
		/* Of what it gives the unlocking asks: given_locked(). */
		if (e->object.root == API_RET)
			break;
		dcache_lock(c, s, object);
		break;
	case API_READS_OBJECT:
		dcache_read(c, s, v, object, object_text(c, v, &e->object));
		break;
	default:
		break;
	}
}

static struct state *effects(struct ctx *c, struct state *s, const struct flow_val *v, const struct api_fn *f,
			     unsigned int i);

/* Does the effect's condition hold? Where it is not known, another state goes on without the effect. */
static bool effect_applies(struct ctx *c, struct state *s, const struct flow_val *v, const struct api_fn *f,
			   unsigned int i, struct state **others)
{
	const struct api_effect *e = &f->effects[i];
	struct state *other;
	bool doubt = false;
	struct sym *x;

	if (e->if_arg < 0)
		return true;
	x = arg_sym(c, s, v, e->if_arg);
	if (e->if_bits)
		return x->kind == SYM_CONST && !(x->num & e->if_bits) == e->if_not;
	switch (facts_truth(&s->facts, c->syms, x)) {
	case T_YES: return !e->if_not;
	case T_NO: return e->if_not;
	default:
		break;
	}
	other = state_clone(s);
	facts_assume(&other->facts, c->syms, x, e->if_not, &doubt);
	facts_assume(&s->facts, c->syms, x, !e->if_not, &doubt);
	*others = effects(c, other, v, f, i + 1);
	return true;
}

static struct state *append(struct state *list, struct state *more)
{
	struct state *s;

	if (!list)
		return more;
	for (s = list; s->next; s = s->next)
		;
	s->next = more;
	return list;
}

/*
 * The result says how much was left unwritten. Where it is not 0 the page is given up or filled again, so that only the other way counts as a
 * write; it is only worth two states where every write is asked about.
 */
static struct state *leave_over(struct ctx *c, struct state *s, const struct flow_val *v, const struct api_fn *f,
				unsigned int i)
{
	struct sym *ret = sym_val(c->syms, v, 0, NULL);
	struct state *other;
	bool doubt = false;
	unsigned int j;

	for (j = i + 1; j < f->neffects; j++)
		if (f->effects[j].kind == API_WRITES && sym_find_map(place_value(c, s, v, &f->effects[j].object)))
			break;
	if (c->opt->dcache != KC_DCACHE_STRICT || j == f->neffects)
		return NULL;
	other = state_clone(s);
	facts_exclude(&other->facts, c->syms, ret, (struct range){ 0, 0 }, &doubt);
	facts_assume_range(&s->facts, c->syms, ret, (struct range){ 0, 0 }, &doubt);
	c->unwritten = true;
	other = effects(c, other, v, f, i + 1);
	c->unwritten = false;
	return other;
}

/*
 * A line that was learnt says that it may fail. Where a caller goes by it that it does not, as callers do where that is a mistake which the
 * function warns of, it does not.
 */
static bool may_fail(const struct ctx *c, const struct flow_val *v, const struct api_fn *f, const struct api_effect *e)
{
	return !f->weak || (e->to.root != API_RET || e->to.deref) || is_tested(c, v);
}

static struct state *effects(struct ctx *c, struct state *s, const struct flow_val *v, const struct api_fn *f,
			     unsigned int i)
{
	struct state *others = NULL, *failed;

	for (; i < f->neffects; i++) {
		const struct api_effect *e = &f->effects[i];
		struct state *more = NULL;

		if (!effect_applies(c, s, v, f, i, &more))
			continue;
		others = append(others, more);
		switch (e->kind) {
		case API_MAPS_OR_NULL: case API_MAPS_OR_ERR:
			if (!may_fail(c, v, f, e)) {
				do_map(c, s, v, e);
				break;
			}
			failed = map_failed(c, state_clone(s), v, e);
			trace_add(c, failed, (struct trace){ .kind = TRACE_OUTCOME, .val = v, .n = 1 });
			others = append(others, effects(c, failed, v, f, i + 1));
			trace_add(c, s, (struct trace){ .kind = TRACE_OUTCOME, .val = v, .n = 0 });
			do_map(c, s, v, e);
			map_succeeded(c, s, v, e);
			break;
		case API_MAPS:
			do_map(c, s, v, e);
			break;
		case API_UNMAPS: case API_UNMAPS_LIVE:
			do_unmap(c, s, v, e);
			break;
		case API_WRITES: case API_READS:
			access_place(c, s, v, e);
			break;
		case API_LEFTOVER:
			others = append(others, leave_over(c, s, v, f, i));
			break;
		case API_NONNULL: case API_NEGATIVE_OR_ZERO:
			constrain_result(c, s, v, e->kind);
			break;
		case API_PURE:
			pure_result(c, s, v);
			break;
		case API_WRITES_OBJECT: case API_READS_OBJECT: case API_FLUSHES: case API_FLUSHES_PAGE:
		case API_PUBLISHES: case API_UNLOCKS: case API_LOCKS: case API_DROPS: case API_PUTS:
			do_object(c, s, v, e);
			break;
		case API_ZEROES:
			mem_zero(s, place_value(c, s, v, &e->object), write_size(c, s, v, e));
			break;
		case API_FREES:
			mem_free(s, place_value(c, s, v, &e->object));
			break;
		case API_SETS:
			set_place(c, s, v, e, i);
			break;
		case API_ADVANCES:
			advance_place(c, s, v, e, i);
			break;
		case API_GROWS:
			grow_place(c, s, v, e, i);
			break;
		case API_NORETURN:
			state_free(s);
			return others;
		default:
			set_result(c, s, v, e);
			break;
		}
	}
	return append(s, others);
}

/* Nothing is known but what it gets: it may change what its pointers lead to. It never releases a mapping. */
static struct state *unknown_call(struct ctx *c, struct state *s, const struct flow_val *v)
{
	struct sym *roots[16], *x;
	unsigned int i, n = 0;

	for (i = 0; i < v->nargs; i++) {
		if (v->argflags[i] == FLOW_ARG_INT)
			continue;
		x = arg_sym(c, s, v, (int)i);
		pair_access(c, s, v, v, x);
		dcache_unknown(c, s, v, x);
		if (v->argflags[i] != FLOW_ARG_MUT)
			continue;
		dcache_write_addr(c, s, v, x, v->str ? v->str : "a function pointer");
		if (n < ARRAY_SIZE(roots) && x->kind != SYM_CONST)
			roots[n++] = x;
	}
	mem_havoc(s, roots, n, v->str ? v->str : "a function pointer");
	env_set(s, v->id, sym_val(c->syms, v, 0, NULL));
	answer_remember(c, s, v);
	return s;
}

/* strcmp(), test_bit(): what looks at memory and does nothing else; what is mapped changes too often */
static bool only_reads(struct ctx *c, struct state *s, const struct flow_val *v, const struct api_fn *f)
{
	unsigned int i;

	for (i = 0; i < f->neffects; i++)
		if (f->effects[i].kind != API_READS)
			return false;
	for (i = 0; i < v->nargs; i++)
		if (sym_find_map(arg_sym(c, s, v, (int)i)))
			return false;
	return f->neffects;
}

struct state *exec_call(struct ctx *c, struct state *s, const struct flow_val *v)
{
	const char *name = callee_name(v);
	const struct api_fn *f = name ? api_find(c->api, name) : NULL;
	struct fn *callee;

	if (f) {
		env_set(s, v->id, sym_val(c->syms, v, 0, NULL));
		if (only_reads(c, s, v, f))
			answer_remember(c, s, v);
		return effects(c, s, v, f, 0);
	}
	callee = SEED_BUG(4) ? NULL : callee_of(c, v);
	if (callee && callee->summarised && callee->noutcomes)
		return outcome_apply(c, s, v, callee);
	if (callee && callee->summarised && !callee->bounded) {
		state_free(s);
		return NULL;
	}
	return unknown_call(c, s, v);
}
