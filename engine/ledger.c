// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ledger.c - a verdict for every site
 *
 * A run over a function says of each site that a path was in order, or could not be decided; what it says counts when the run
 * does. Violations are candidates until one path has shown them (witness.c).
 */
#include <string.h>

#include "analysis.h"

#define ROUNDS_PER_STEP 24	/* of the search for an example: what takes as long as an instruction */

struct site *site_of(struct ctx *c, const struct flow_val *v, enum kc_site_kind kind)
{
	struct fn *fn = fn_of(v->func);
	struct site *site;

	for (site = fn->sites[v->id]; site; site = site->next)
		if (site->kind == kind)
			return site;
	site = arena_alloc(c->scratch, sizeof(*site));
	site->kind = kind;
	site->val = v;
	site->callee = v->str;
	site->next = fn->sites[v->id];
	fn->sites[v->id] = site;
	return site;
}

static struct log_entry *log_add(struct ctx *c, struct site *site, bool always)
{
	struct log_entry *e;

	/* The search for a witness asks about one violation, nothing else. */
	if (c->target || (c->quiet && !always))
		return NULL;
	GROW(c->log, c->nlog, c->clog);
	e = &c->log[c->nlog++];
	*e = (struct log_entry){ .site = site };
	return e;
}

void site_seen(struct ctx *c, struct site *site)
{
	log_add(c, site, false);
}

void site_proved(struct ctx *c, const struct state *s, struct site *site)
{
	struct log_entry *e = log_add(c, site, false);

	(void)s;
	if (e)
		e->proved = true;
}

void site_doubt(struct ctx *c, struct site *site, struct doubt d)
{
	/* What was given up on the way to the fixed point does not come up again. */
	struct log_entry *e = log_add(c, site, d.reason == KC_R_BOUND);

	if (e)
		e->doubt = d;
}

void log_reset(struct ctx *c)
{
	c->nlog = 0;
}

void log_commit(struct ctx *c)
{
	unsigned int i;

	for (i = 0; i < c->nlog; i++) {
		struct log_entry *e = &c->log[i];

		e->site->seen = true;
		e->site->proved |= e->proved;
		if (e->doubt.reason && !e->site->doubt.reason)
			e->site->doubt = e->doubt;
	}
	c->nlog = 0;
}

static enum kc_rule sort_of(enum kc_rule rule)
{
	/* Which of the data-cache rules it is only a single path tells. */
	return rule < KC_DCACHE_MISSING ? rule : KC_DCACHE_MISSING;
}

bool same_violation(const struct violation *a, const struct violation *b)
{
	return sort_of(a->rule) == sort_of(b->rule) && a->map == b->map && a->site == b->site && a->access == b->access;
}

/* Does it show what is looked for? What leaves unflushed does, whoever sees it on the way. */
static bool shows(const struct violation *target, const struct violation *v)
{
	struct violation x = *v;

	if (target->rule >= KC_DCACHE_MISSING && !target->access)
		x.access = NULL;
	return same_violation(target, &x);
}

/* Can the single path be taken? Each one that cannot takes some of the time that is left for others. */
static bool is_possible(struct ctx *c, const struct state *s)
{
	unsigned int rounds = 0;

	if (!c->examples)
		c->examples = example_memo_new(c->scratch);
	if (facts_have_example(c->examples, &s->facts, &rounds))
		return true;
	c->steps += 1 + rounds / ROUNDS_PER_STEP;
	c->impossible = true;
	return false;
}

void report_violation(struct ctx *c, struct state *s, const struct violation *v)
{
	static const struct trace start = { .kind = TRACE_START };
	struct candidate *k, **end = &c->candidates;
	struct doubt doubt = v->doubt.reason || v->map || v->whichever ? v->doubt : s->doubt;

	if (c->scouting && (doubt.reason || s->blurred || s->facts.lost || v->rule >= KC_DCACHE_MISSING || !is_possible(c, s)))
		return;
	if (c->target && !c->scouting) {
		if (!doubt.reason && (!s->blurred || v->whichever) && !s->facts.lost && !c->found && shows(c->target, v) &&
		    is_possible(c, s)) {
			c->found = s->trace ? s->trace : &start;
			c->found_violation = *v;
		}
		return;
	}
	if (c->quiet || !(c->opt->rules & 1u << v->rule))
		return;
	for (k = *end; k && !same_violation(&k->v, v); k = *end)
		end = &k->next;
	if (!k) {
		k = arena_alloc(c->scratch, sizeof(*k));
		k->v = *v;
		k->fn = c->fn;
		k->next = NULL;
		k->doubt = doubt;
		k->trace = s->trace;
		*end = k;
	} else if ((k->doubt.reason && !doubt.reason) || (c->scouting && !k->confirmed)) {
		k->v = *v;
		k->doubt = doubt;
		k->trace = s->trace;
	}
	k->confirmed |= c->scouting;
}

/* A wrapper's name for its inner function, "__kunmap_local", is not what the source says. */
static const char *source_name(const struct ctx *c, const char *callee)
{
	if (callee && callee[0] == '_' && callee[1] == '_' && api_find(c->api, callee + 2))
		return callee + 2;
	return callee;
}

static void add_site(struct ctx *c, const struct fn *fn, const struct site *site)
{
	struct kc_result *r = c->result;
	struct kc_site *k;

	/* A store through a pointer that no caller in sight gives the address of a mapping is no write of a page. */
	if (site->kind == KC_SITE_WRITE && !site->seen)
		return;
	if (site->kind == KC_SITE_READ)
		return;
	GROW(r->sites, r->nsites, c->csites);
	k = &r->sites[r->nsites++];
	*k = (struct kc_site){
		.kind = site->kind, .callee = source_name(c, site->callee), .loc = site->val->loc,
		.function = function_at(c, site->val->loc, fn->func),
		.object = site->object,
	};
	if (site->violated) {
		k->verdict = KC_VIOLATED;
		k->besides = site->doubt.reason;
	} else if (fn->bounded) {
		k->verdict = KC_UNPROVED;
		k->reason = KC_R_BOUND;
	} else if (site->doubt.reason || !site->proved) {
		k->verdict = KC_UNPROVED;
		k->reason = site->doubt.reason ? site->doubt.reason : fn->closed && r->bounded ? KC_R_BOUND : KC_R_UNREACHED;
		k->name = site->doubt.name;
		if (site->kind == KC_SITE_FLUSH && site->seen && !site->doubt.reason)
			k->reason = KC_R_NO_WRITE;
	}
}

/* Sites that no path came to have a line as well. */
static void add_unreached(struct ctx *c, const struct flow_val *v)
{
	const struct api_fn *f = v->op == FLOW_CALL && v->str ? api_find(c->api, v->str) : NULL;
	unsigned int i;

	for (i = 0; f && i < f->neffects; i++) {
		switch (f->effects[i].kind) {
		case API_MAPS: case API_MAPS_OR_NULL: case API_MAPS_OR_ERR:
			site_of(c, v, KC_SITE_MAP);
			break;
		case API_UNMAPS: case API_UNMAPS_LIVE:
			site_of(c, v, KC_SITE_UNMAP);
			break;
		default:
			break;
		}
	}
}

void ledger_collect(struct ctx *c)
{
	unsigned int i, j;

	for (i = 0; i < c->nfns; i++) {
		struct fn *fn = &c->fns[i];

		for (j = 0; j < fn->func->nvals; j++) {
			struct site *site;

			add_unreached(c, fn->func->vals[j]);
			for (site = fn->sites[j]; site; site = site->next)
				add_site(c, fn, site);
		}
	}
}

/* The function whose source text holds a place; front ends expand inlines and macros elsewhere. */
const char *function_at(const struct ctx *c, struct flow_loc loc, const struct flow_func *f)
{
	unsigned int i;

	if (loc.file == f->loc.file && loc.line >= f->loc.line && loc.line <= f->endline)
		return f->name;
	for (i = 0; i < c->unit->nfuncs; i++) {
		const struct flow_func *g = c->unit->funcs[i];

		if (loc.file == g->loc.file && loc.line >= g->loc.line && loc.line <= g->endline)
			return g->name;
	}
	return f->name;
}
