// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * analyse.c - one unit: functions bottom up, findings, the ledger
 */
#include <stdlib.h>
#include <string.h>

#include "analysis.h"

struct kc {
	const struct kc_options *opt;
	struct api *api;
};

struct kc *kc_new(const struct kc_options *o, char **err)
{
	struct kc *k = xcalloc(1, sizeof(*k));
	unsigned int i;

	k->opt = o;
	k->api = api_new();
	for (i = 0; i < o->napi; i++) {
		if (!api_add_file(k->api, o->api[i], err)) {
			kc_free(k);
			return NULL;
		}
	}
	return k;
}

void kc_free(struct kc *k)
{
	if (!k)
		return;
	api_free(k->api);
	free(k);
}

/* A write by an address for which nothing was mapped: only where every write is asked about. */
static bool gives_address(const struct api_fn *f)
{
	unsigned int i;

	for (i = 0; i < f->neffects; i++)
		if (f->effects[i].kind == API_ADDRESS_OF)
			return true;
	return false;
}

bool kc_wants(const struct kc *k, const char *callee)
{
	const struct api_fn *f = api_find(k->api, callee);

	return f && (api_is_interesting(f) || (k->opt->dcache == KC_DCACHE_STRICT && gives_address(f)));
}

bool kc_wants_role(const struct kc *k, const char *name)
{
	return api_find_role(k->api, name) != NULL;
}

bool kc_is_modelled(const struct kc *k, const char *callee)
{
	return api_find(k->api, callee) != NULL;
}

struct each {
	void (*fn)(const char *name, void *data);
	void *data;
};

static void each_name(const struct api_fn *f, void *data)
{
	struct each *e = data;

	e->fn(f->name, e->data);
}

void kc_each_modelled(const struct kc *k, void (*fn)(const char *name, void *data), void *data)
{
	struct each e = { fn, data };

	api_each(k->api, each_name, &e);
}

struct fn *fn_of(const struct flow_func *f)
{
	return f->priv;
}

const char *callee_name(const struct flow_val *call)
{
	const struct flow_val *fn = call->fn;

	while (fn && fn->op == FLOW_COPY)
		fn = fn->args[0];
	return fn && fn->op == FLOW_GLOBAL ? fn->str : call->str;
}

struct fn *direct_callee(const struct ctx *c, const struct flow_val *call)
{
	const char *name = callee_name(call);
	struct flow_func *f;

	if (!name || api_find(c->api, name))
		return NULL;
	f = flow_find_func(c->unit, name);
	return f && f->nblocks ? fn_of(f) : NULL;
}

struct fn *callee_of(const struct ctx *c, const struct flow_val *call)
{
	struct fn *callee = direct_callee(c, call);

	/* Of a recursion nothing is known before it has been analysed. */
	return callee && callee->summarised && callee->rank < fn_of(call->func)->rank ? callee : NULL;
}

bool layout_of(const struct ctx *c, const char *field, int64_t *offset)
{
	unsigned int i;

	field = flow_intern(c->unit, field);
	for (i = 0; i < c->unit->nlayouts; i++) {
		if (c->unit->layouts[i].field == field) {
			*offset = c->unit->layouts[i].offset;
			return true;
		}
	}
	return false;
}

/* What the instructions say of fields is a fact of the layout. */
static void learn_layout(struct ctx *c)
{
	unsigned int i, j;

	for (i = 0; i < c->unit->nfuncs; i++) {
		const struct flow_func *f = c->unit->funcs[i];

		for (j = 0; j < f->nvals; j++)
			if (f->vals[j]->op == FLOW_FIELD && f->vals[j]->str && f->vals[j]->str[0] != '.')
				flow_layout(c->unit, f->vals[j]->str, f->vals[j]->imm);
	}
}

/* What is added to a phi before it comes back to it: one constant, on every way round. */
static int64_t phi_step(const struct fn *fn, const struct flow_val *phi)
{
	int64_t step = 0, n;
	unsigned int i, depth;

	for (i = 0; i < phi->nargs; i++) {
		const struct flow_val *v = phi->args[i];

		if (!dom_in_loop(fn->dom, phi->preds[i]->id, phi->block->id))
			continue;
		for (n = 0, depth = 0; v != phi && depth < 16; depth++) {
			if (v->op == FLOW_COPY) {
				v = v->args[0];
			} else if (v->op == FLOW_FIELD) {
				n += v->imm;
				v = v->args[0];
			} else if ((v->op == FLOW_ADD || v->op == FLOW_SUB) && v->args[1]->op == FLOW_CONST) {
				n += v->op == FLOW_ADD ? v->args[1]->imm : -v->args[1]->imm;
				v = v->args[0];
			} else {
				return 0;
			}
		}
		if (v != phi || (step && n != step))
			return 0;
		step = n;
	}
	return step;
}

/* A variable that is only loaded, stored and handed to calls: those fill it in, and nobody keeps the address of such a one. */
static void find_kept(struct ctx *c, struct fn *fn)
{
	const struct flow_func *f = fn->func;
	unsigned int i, j;

	fn->kept = arena_alloc(c->scratch, (f->nvals + 1) * sizeof(*fn->kept));
	for (i = 0; i < f->nvals; i++) {
		const struct flow_val *v = f->vals[i];
		bool address = v->op == FLOW_LOAD || v->op == FLOW_STORE || v->op == FLOW_CALL || v->op == FLOW_KILL;

		for (j = 0; j < v->nargs; j++)
			if (!address || (v->op == FLOW_STORE && j))
				fn->kept[v->args[j]->id] = true;
	}
}

static void prepare(struct ctx *c, struct fn *fn, struct flow_func *f)
{
	struct flow_val *result = arena_alloc(c->scratch, sizeof(*result));
	unsigned int i;

	fn->func = f;
	f->priv = fn;
	fn->dom = dom_compute(f, c->scratch);
	fn->sites = arena_alloc(c->scratch, (f->nvals + 1) * sizeof(*fn->sites));
	find_kept(c, fn);
	answer_count(c, f);
	fn->plain = arena_alloc(c->scratch, f->nblocks + 1);
	fn->plain_ways = arena_alloc(c->scratch, (f->nvals + 1) * sizeof(*fn->plain_ways));
	fn->step = arena_alloc(c->scratch, (f->nvals + 1) * sizeof(*fn->step));
	fn->meets = arena_alloc(c->scratch, (f->nblocks + 1) * sizeof(*fn->meets));
	for (i = 0; i < f->nblocks; i++) {
		fn->meets[i] = arena_alloc(c->scratch, sizeof(**fn->meets));
		fn->meets[i]->op = FLOW_PHI;
		fn->meets[i]->id = f->nvals + 1 + i;
		fn->meets[i]->func = f;
		fn->meets[i]->block = f->blocks[i];
	}
	result->op = FLOW_PHI;
	result->id = f->nvals;
	result->func = f;
	result->block = f->blocks[0];
	fn->result = result;
	for (i = 0; i < f->nvals; i++) {
		const struct flow_val *v = f->vals[i];

		if (v->op == FLOW_PHI && v->block && fn->dom->is_header[v->block->id])
			fn->step[i] = phi_step(fn, v);
	}
}

/* Callees first. A function that is met again on the way down is part of a recursion. */
struct order {
	struct ctx *c;
	unsigned char *mark;		/* 1: under way, 2: done */
	struct fn **v;
	unsigned int n;
};

static void visit(struct order *o, struct fn *fn)
{
	unsigned int i;

	o->mark[fn - o->c->fns] = 1;
	for (i = 0; i < fn->func->nvals; i++) {
		struct fn *callee;

		if (fn->func->vals[i]->op != FLOW_CALL)
			continue;
		callee = direct_callee(o->c, fn->func->vals[i]);
		if (!callee)
			continue;
		callee->called = true;
		if (!o->mark[callee - o->c->fns])
			visit(o, callee);
		else if (o->mark[callee - o->c->fns] == 1)
			callee->recursive = true;
	}
	o->mark[fn - o->c->fns] = 2;
	fn->rank = o->n;
	o->v[o->n++] = fn;
}

static void finding(struct ctx *c, struct candidate *k)
{
	struct candidate *seen;

	if (k->v.map && k->v.rule != KC_USE_AFTER_UNMAP)
		k->v.map->violated = true;
	if (k->v.site && k->v.rule != KC_USE_AFTER_UNMAP)
		k->v.site->violated = true;
	/* One finding per mapping and rule; what two callers of a helper do wrong are two mappings, but a write is one. */
	for (seen = c->confirmed; seen; seen = seen->next) {
		if (k->v.rule >= KC_DCACHE_MISSING && seen->v.rule >= KC_DCACHE_MISSING &&
		    (seen->v.map == k->v.map || dcache_is_one(seen, k)))
			return;
		if (seen->v.rule == k->v.rule && seen->v.map == k->v.map && seen->fn == k->fn &&
		    (seen->v.site == k->v.site || k->v.rule == KC_ORDER || k->v.rule == KC_USE_AFTER_UNMAP))
			return;
	}
	story_tell(c, k);
	k->next = c->confirmed;
	c->confirmed = k;
}

static void confirm(struct ctx *c, struct candidate *k)
{
	struct doubt d = k->doubt;

	if (!k->confirmed) {
		if (!d.reason)
			d.reason = KC_R_CORRELATION;
		if (k->v.map)
			site_doubt(c, k->v.map, d);
		if (k->v.site && k->v.site != k->v.map)
			site_doubt(c, k->v.site, d);
		return;
	}
	if (k->v.unless_others) {
		k->next = c->waiting;
		c->waiting = k;
		return;
	}
	finding(c, k);
}

/* What is wrong unless the unit undoes what others did: by now that is known. */
static void settle_waiting(struct ctx *c)
{
	struct candidate *k, *next;

	for (k = c->waiting; k; k = next) {
		next = k->next;
		if (!c->undoes_others && !k->v.map->violated)
			finding(c, k);
	}
}

bool call_does(const struct ctx *c, const struct flow_val *v, uint64_t kinds)
{
	const struct api_fn *f = v->op == FLOW_CALL && v->str ? api_find(c->api, v->str) : NULL;
	unsigned int i;

	for (i = 0; f && i < f->neffects; i++)
		if (kinds & 1ull << f->effects[i].kind)
			return true;
	return false;
}

/* Does a caller have to do with mappings through it? Then it matters what goes together in an outcome. */
bool fn_passes_on(const struct fn *fn)
{
	unsigned int i;

	for (i = 0; i < fn->noutcomes; i++)
		if (fn->outcomes[i].state->nmaps)
			return true;
	return false;
}

static void analyse_function(struct ctx *c, struct fn *fn)
{
	static const unsigned int variants[] = { 1, 6 };
	struct candidate *k, *next, *known = NULL;
	bool last, all;
	unsigned int i;

	/* Such a function most likely passes on mappings itself, and is run closely in any case. */
	for (i = fn_hands_through(c, fn), last = false; !last; i++) {
		outcome_free(fn);
		log_reset(c);
		c->candidates = NULL;
		fn->bounded = false;
		simulate(c, fn, variants[i]);
		last = i + 1 == ARRAY_SIZE(variants) || fn->bounded;
		all = witness_candidates(c, fn, known, last);
		last |= all && !fn_passes_on(fn);
		known = c->candidates;
	}
	if (fn->bounded)
		witness_scout(c, fn);
	for (k = c->candidates; k; k = next) {
		next = k->next;
		confirm(c, k);
	}
	log_commit(c);
	outcome_finish(c, fn);
	witness_singles(c, fn);
	c->result->bounded += fn->bounded;
}

/* A function, after those that it calls and that have waited. */
static void analyse_with_callees(struct ctx *c, struct fn *fn)
{
	struct fn *callee;

	fn->waits = false;
	while ((callee = fn_next_wanted(c, fn)))
		analyse_with_callees(c, callee);
	analyse_function(c, fn);
}

static int compare_locs(struct flow_loc a, struct flow_loc b)
{
	if (a.file != b.file)
		return a.file < b.file ? -1 : 1;
	if (a.line != b.line)
		return a.line < b.line ? -1 : 1;
	return a.column < b.column ? -1 : a.column > b.column;
}

static int compare_findings(const void *a, const void *b)
{
	const struct kc_finding *x = a, *y = b;
	int r = compare_locs(x->loc, y->loc);

	return r ? r : (int)x->rule - (int)y->rule;
}

static int compare_sites(const void *a, const void *b)
{
	const struct kc_site *x = a, *y = b;
	int r = compare_locs(x->loc, y->loc);

	return r ? r : (int)x->kind - (int)y->kind;
}

static void run_all(struct ctx *c)
{
	struct order o = { .c = c };
	unsigned int i, n = 0;

	c->fns = arena_alloc(c->scratch, (c->unit->nfuncs + 1) * sizeof(*c->fns));
	for (i = 0; i < c->unit->nfuncs; i++) {
		c->unit->funcs[i]->priv = NULL;
		if (c->unit->funcs[i]->nblocks)
			prepare(c, &c->fns[n++], c->unit->funcs[i]);
	}
	c->nfns = n;
	o.mark = arena_alloc(c->scratch, n + 1);
	o.v = arena_alloc(c->scratch, (n + 1) * sizeof(*o.v));
	for (i = 0; i < n; i++)
		if (!o.mark[i])
			visit(&o, &c->fns[i]);
	for (i = 0; i < n; i++) {
		struct fn *fn = &c->fns[i];

		fn->closed = fn->func->is_static && !fn->func->taken && fn->called && !fn->recursive;
	}
	dcache_prepare(c);
	for (i = 0; i < o.n; i++) {
		o.v[i]->waits = fn_can_wait(c, o.v[i]);
		if (!o.v[i]->waits)
			analyse_with_callees(c, o.v[i]);
	}
	c->result->analysed = o.n;
	settle_waiting(c);
}

static bool has_body(const char *name, void *data)
{
	const struct flow_func *f = flow_find_func(data, name);

	return f && f->nblocks;
}

static struct kc_result *analyse(struct kc *k, struct flow_unit *u, const struct kc_options *opt, struct arena *arena)
{
	struct kc_result *r = arena_alloc(arena, sizeof(*r));
	struct ctx c = { .kc = k, .opt = opt, .api = k->api, .unit = u, .arena = arena, .result = r };
	unsigned int i;

	r->arena = arena;
	api_set_bodies(k->api, has_body, u);
	c.scratch = arena_new();
	c.syms = symtab_new(c.scratch);
	learn_layout(&c);
	run_all(&c);
	ledger_collect(&c);
	r->lines = opt->learn ? learn_lines(&c) : NULL;
	for (i = 0; i < c.nfns; i++) {
		outcome_free(&c.fns[i]);
		accesses_free(&c.fns[i]);
		c.fns[i].func->priv = NULL;
	}
	if (r->nfindings)
		qsort(r->findings, r->nfindings, sizeof(*r->findings), compare_findings);
	if (r->nsites)
		qsort(r->sites, r->nsites, sizeof(*r->sites), compare_sites);
	free(c.log);
	symtab_free(c.syms);
	arena_free(c.scratch);
	return r;
}

static bool is_at(struct flow_loc a, struct flow_loc b)
{
	return !compare_locs(a, b);
}

/* What is found where only publications count is a note where every write is asked about, and tells more of the same write. */
static void take_published(struct kc_result *r, const struct kc_result *p)
{
	unsigned int i, j, cap = r->nfindings;

	for (i = 0; i < p->nfindings; i++) {
		struct kc_finding *f = &p->findings[i];

		if (f->rule < KC_DCACHE_MISSING)
			continue;
		f->severity = KC_NOTE;
		for (j = 0; j < r->nfindings; j++)
			if (r->findings[j].rule >= KC_DCACHE_MISSING && is_at(r->findings[j].loc, f->loc))
				break;
		if (j == r->nfindings)
			GROW(r->findings, r->nfindings, cap);
		r->nfindings += j == r->nfindings;
		r->findings[j] = *f;
		for (j = 0; j < r->nsites; j++)
			if (r->sites[j].kind == KC_SITE_WRITE && is_at(r->sites[j].loc, f->loc))
				r->sites[j].verdict = KC_VIOLATED;
	}
}

struct kc_result *kc_analyse(struct kc *k, struct flow_unit *u)
{
	struct kc_options published = *k->opt;
	struct arena *arena = arena_new();
	struct kc_result *r = analyse(k, u, k->opt, arena), *p;

	if (k->opt->dcache != KC_DCACHE_STRICT || !dcache_publishes(k->api, u))
		return r;
	published.dcache = KC_DCACHE_PUBLISHED;
	p = analyse(k, u, &published, arena);
	take_published(r, p);
	if (r->nfindings)
		qsort(r->findings, r->nfindings, sizeof(*r->findings), compare_findings);
	free(p->findings);
	free(p->sites);
	return r;
}

void kc_result_free(struct kc_result *r)
{
	if (!r)
		return;
	free(r->findings);
	free(r->sites);
	arena_free(r->arena);
}
