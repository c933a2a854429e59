// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pair.c - the pairing rules: every mapping is released once, in reverse order, by an address of its page
 *
 * Documentation/mm/highmem.rst: local and atomic mappings share one stack per task, and are released in the reverse order of
 * their making; kmap() has no order and is undone by page. kunmap_local() rounds its argument down to the page.
 */
#include "pair-priv.h"
#include "run.h"
#include "seed.h"

bool pair_is_stacked(enum api_family f)
{
	return f == API_LOCAL || f == API_ATOMIC;
}

void pair_map(struct ctx *c, struct state *s, const struct flow_val *v, struct site *site, enum api_family family,
	      struct sym *base, struct sym *object)
{
	struct mapping m = { .base = base, .object = object, .family = family, .site = site, .via = v };

	site_seen(c, site);
	state_push(s, &m);
	trace_add(c, s, (struct trace){ .kind = TRACE_MAP, .val = v, .site = site, .sym = base });
}

/* The newest live mapping above @m that it may not be released before. */
struct mapping *pair_newer_live(struct state *s, const struct mapping *m)
{
	unsigned int i;

	for (i = s->nmaps; i-- > 0 && &s->maps[i] != m;) {
		struct mapping *n = &s->maps[i];

		if (!n->foreign && n->status == MAP_LIVE && n->family != API_KMAP)
			return n;
	}
	return NULL;
}

static void release(struct ctx *c, struct state *s, struct mapping *m, const struct flow_val *v, struct site *site)
{
	m->status = MAP_RELEASED;
	if (m->via->func == v->func)
		m->site->released_by = c->fn;
	m->gone = v;
	m->gone_site = site;
	trace_add(c, s, (struct trace){ .kind = TRACE_UNMAP, .val = v, .site = site, .sym = m->base });
}

bool right_family(enum api_family mapped, enum api_family released)
{
	return mapped == released || mapped == API_UNORDERED || released == API_UNORDERED;
}

enum place {
	INSIDE, OUTSIDE, SOMEWHERE,
};

/* Is it one value that the function was given or read, not one that paths or turns were joined to? */
static bool is_given(const struct sym *d)
{
	return d->kind == SYM_PARAM || d->kind == SYM_INIT ||
	       (d->kind == SYM_VAL && (!d->inner || d->inner->kind == SYM_CONST) &&
		(d->val->op == FLOW_CALL || d->val->op == FLOW_LOAD));
}

/* The page's first byte less one such value. */
static bool is_taken_off(const struct sym *d)
{
	return d->kind == SYM_SUM && d->nargs == 1 && d->coefs[0] == -1 && d->num <= 0 && is_given(d->args[0]);
}

static bool may_be(struct ctx *c, struct state *s, struct sym *d, int64_t n)
{
	struct facts facts;
	bool doubt = false, ok;

	facts_copy(&facts, &s->facts);
	ok = facts_assume_range(&facts, c->syms, d, (struct range){ n, n }, &doubt);
	facts_free(&facts);
	return ok && !doubt;
}

/* Does @sum have the terms of @d and others, so that it says how much @d is at most, by what the others are? */
static bool limits(const struct fact *f, const struct sym *d)
{
	unsigned int i, j, n = d->kind == SYM_SUM ? d->nargs : 1;
	const struct sym *sum = f->sym;
	int64_t sign = 0;

	if (f->weak || sum->kind != SYM_SUM || sum->nargs <= n)
		return false;
	for (i = 0; i < n; i++) {
		const struct sym *term = d->kind == SYM_SUM ? d->args[i] : d;
		int64_t coef = d->kind == SYM_SUM ? d->coefs[i] : 1;

		for (j = 0; j < sum->nargs && sum->args[j] != term; j++)
			;
		if (j == sum->nargs || (sum->coefs[j] != coef && sum->coefs[j] != -coef))
			return false;
		if (sign && sum->coefs[j] != sign * coef)
			return false;
		sign = sum->coefs[j] == coef ? 1 : -1;
	}
	return sign > 0 ? f->range.hi != FACT_MAX : f->range.lo != FACT_MIN;
}

static bool has_limit(const struct facts *facts, const struct sym *d)
{
	unsigned int i;

	for (i = 0; i < facts->n; i++)
		if (limits(&facts->v[i], d))
			return true;
	return false;
}

/*
 * A distance that was only compared, "p == end", and compared before with something that nothing is known of, "p <= last":
 * whether that lets it come so far is left open.
 */
static bool is_limited(const struct facts *facts, const struct sym *d)
{
	unsigned int i;

	if (d->kind != SYM_CONST)
		return has_limit(facts, d);
	for (i = 0; i < facts->n; i++)
		if (facts->v[i].range.lo == d->num && facts->v[i].range.hi == d->num && has_limit(facts, facts->v[i].sym))
			return true;
	return false;
}

/* Where does the address lie? @offset: where it is shown to be, outside. */
static enum place place_of(struct ctx *c, struct state *s, const struct mapping *m, struct sym *addr, int64_t *offset)
{
	struct sym *root = sym_root(addr), *d = sym_sub(c->syms, addr, m->base);
	int64_t size = c->unit->pagesize;
	struct range r;

	/* Masked to an alignment: no further from the start than before. */
	if (addr->kind == SYM_AND && root == m->base)
		return place_of(c, s, m, addr->args[addr->args[0]->kind == SYM_CONST], offset);
	if (d->has & SYM_HAS_MAP)
		return SOMEWHERE;
	if (SEED_BUG(6))
		return INSIDE;
	r = facts_range(&s->facts, d);
	*offset = r.lo >= size ? r.lo : r.hi;
	if (r.lo >= size && is_limited(&s->facts, d))
		return SOMEWHERE;
	if (r.lo >= size || (r.hi < 0 && (r.lo == r.hi || is_taken_off(d))))
		return OUTSIDE;
	/* A value that was checked to be at most the page size may be it. */
	if (r.lo >= 0 && r.hi == size && is_given(d) && may_be(c, s, d, size)) {
		*offset = size;
		return OUTSIDE;
	}
	r = facts_bounds(&s->facts, d);
	return r.lo >= 0 && r.hi < size ? INSIDE : SOMEWHERE;
}

static void jump(struct mapping *newer, const struct mapping *older, struct site *site, const struct flow_val *v)
{
	if (newer->jumped)
		return;
	newer->jumped = site;
	newer->jumped_at = v;
	newer->jumped_via = older->via;
	newer->jumped_map = older->site;
	newer->jumped_sym = older->base;
	newer->jumped_object = older->object;
}

/* The newer of two is released, or handed on, after the older: the mistake stands where the older was released. */
static void tell_jumped(struct ctx *c, struct state *s, const struct flow_val *v, struct mapping *m)
{
	struct violation x = { .rule = KC_ORDER, .map = m->jumped_map, .site = m->jumped, .other = m->site, .at = v, .site_at = m->jumped_at, .other_via = m->via,
			       .sym = m->jumped_sym, .object = m->jumped_object, .via = m->jumped_via };

	if (!m->jumped)
		return;
	x.doubt = doubt_of(m);
	report_violation(c, s, &x);
	m->jumped = NULL;
}

/* A page that was taken out of memory twice need not be the same, where a call may have changed the memory in between. */
bool pair_may_be_another(const struct mapping *m, enum api_family family)
{
	return family == API_KMAP && m->family == API_KMAP && m->aged && sym_root(m->object)->kind != SYM_PARAM;
}

static void unmap_known(struct ctx *c, struct state *s, const struct flow_val *v, struct site *site,
			enum api_family family, struct sym *addr, struct mapping *m)
{
	struct violation x = { .map = m->site, .site = site, .at = v, .sym = m->base, .object = m->object,
			       .via = m->via };
	struct doubt doubt = m->doubt;
	struct mapping *newer;
	enum place place;
	bool wrong = false;

	if (m->status == MAP_RELEASED && pair_may_be_another(m, family)) {
		site_doubt(c, site, (struct doubt){ KC_R_UNKNOWN_OBJECT, NULL });
		return;
	}
	if (m->status == MAP_RELEASED) {
		x.rule = KC_DOUBLE_UNMAP;
		x.other = m->gone_site;
		x.other_via = m->gone;
		/* The same value once more: whichever mapping it is, it is released twice. */
		x.doubt = m->gone_addr && !m->aged && sym_same(addr, m->gone_addr) && m->doubt.reason != KC_R_BOUND ? m->path :
			  doubt_of(m);
		x.whichever = s->blurred && comes_anyway(c, m, v);
		report_violation(c, s, &x);
		return;
	}
	place = place_of(c, s, m, addr, &x.offset);
	newer = pair_is_stacked(m->family) && (pair_is_stacked(family) || family == API_UNORDERED) && !SEED_BUG(2) ?
		pair_newer_live(s, m) : NULL;
	x.rule = KC_WRONG_ARG;
	if (!right_family(m->family, family)) {
		x.what = "family";
		wrong = true;
		/* Whichever mapping it is. */
		if (pair_holder_of_another(c, v, site, family)) {
			x.whichever = true;
			doubt.reason = KC_R_NONE;
		}
	} else if (family != API_KMAP && place == OUTSIDE) {
		x.what = "outside";
		wrong = true;
	} else if (family != API_KMAP && place == SOMEWHERE) {
		/* One path may show what all of them together leave open. */
		x.what = "outside";
		x.doubt = doubt.reason ? doubt : (struct doubt){ KC_R_UNKNOWN_ADDRESS, NULL };
		report_violation(c, s, &x);
		if (!doubt.reason)
			doubt = (struct doubt){ KC_R_UNKNOWN_ADDRESS, NULL };
		if (newer)
			jump(newer, m, site, v);
	} else if (newer && (run_doubt(c, s, newer).reason || newer->family == API_UNORDERED)) {
		doubt = newer->doubt.reason ? newer->doubt : (struct doubt){ KC_R_ORDER, NULL };
		/* Where an element is released later, the run was not empty. */
		if (newer->end && !doubt_of(newer).reason)
			jump(newer, m, site, v);
	} else if (newer) {
		/* If the newer one is never released, that is the mistake, not the order. One that comes of another has been told. */
		if (m->jumped)
			tell_jumped(c, s, v, m);
		else
			jump(newer, m, site, v);
		site_doubt(c, site, (struct doubt){ KC_R_ORDER, NULL });
		site_doubt(c, m->site, (struct doubt){ KC_R_ORDER, NULL });
		release(c, s, m, v, site);
		return;
	}
	m->gone_addr = family == API_KMAP ? NULL : addr;
	tell_jumped(c, s, v, m);
	x.doubt = doubt.reason ? doubt : m->path;
	if (wrong) {
		report_violation(c, s, &x);
	} else if (doubt.reason) {
		site_doubt(c, site, doubt);
		site_doubt(c, m->site, doubt);
	} else {
		site_proved(c, s, site);
		site_proved(c, s, m->site);
	}
	release(c, s, m, v, site);
}

/* The newest mapping of the object, of that family if there is one. */
struct mapping *pair_find_object(struct state *s, struct sym *object, enum api_family family,
				   enum map_status status, bool same)
{
	unsigned int i;

	for (i = s->nmaps; i-- > 0;) {
		struct mapping *m = &s->maps[i];

		if (!m->foreign && m->status == status && sym_same(m->object, object) &&
		    right_family(m->family, family) == same)
			return m;
	}
	return NULL;
}

/* Is it known all that the call does? */
static bool is_followed(const struct ctx *c, const struct flow_val *call)
{
	const struct fn *callee = call->op == FLOW_CALL && call->str ? callee_of(c, call) : NULL;

	return callee && !callee->bounded && !callee->recursive;
}

/* A variable whose address a call out of sight gets may have been set by it, whatever became of that knowledge. */
static bool is_given_away(const struct ctx *c, const struct flow_func *f, const struct flow_val *load)
{
	const struct flow_val *var = load->args[0];
	unsigned int i, j;

	while (var->op == FLOW_FIELD || var->op == FLOW_COPY)
		var = var->args[0];
	for (i = 0; i < f->nvals; i++) {
		const struct flow_val *v = f->vals[i];

		if ((v->op != FLOW_CALL && v->op != FLOW_ASM) || is_followed(c, v))
			continue;
		for (j = 0; j < v->nargs; j++) {
			const struct flow_val *x = v->args[j];

			while (x->op == FLOW_FIELD || x->op == FLOW_COPY)
				x = x->args[0];
			if (x == var)
				return true;
		}
	}
	return false;
}

/* Memory that an allocator gave is no mapping. */
static bool is_allocated(const struct ctx *c, const struct sym *root)
{
	const struct api_fn *f = root->kind == SYM_VAL && !root->inner && root->val->op == FLOW_CALL && root->val->str ?
				 api_find(c->api, root->val->str) : NULL;
	unsigned int i;

	for (i = 0; f && i < f->neffects; i++)
		if (f->effects[i].kind == API_FRESH)
			return true;
	return false;
}

static bool is_never_mapped(const struct ctx *c, const struct state *s, const struct flow_val *v,
			    const struct sym *addr, const char **what)
{
	const struct sym *root = sym_root((struct sym *)addr);

	*what = NULL;
	if (addr->kind == SYM_CONST)
		*what = addr->num ? "error" : "null";
	else if (addr->kind == SYM_UNDEF && addr->val->func == c->fn->func &&
		 !(v->nargs && v->args[0]->op == FLOW_LOAD && is_given_away(c, c->fn->func, v->args[0])))
		*what = "undefined";
	else if (is_allocated(c, root))
		*what = "allocated";
	else if (root->kind == SYM_LOCAL || root->kind == SYM_GLOBAL)
		*what = "variable";
	else if (facts_range(&s->facts, addr).lo >= -4095 && facts_range(&s->facts, addr).hi < 0)
		*what = "error";
	return *what != NULL;
}

/* kunmap() of a page whose newest mapping may have been released already releases another mapping of it. */
static void doubt_others(struct state *s, const struct mapping *m)
{
	unsigned int i;

	for (i = 0; i < s->nmaps && m->doubt.reason; i++) {
		struct mapping *other = &s->maps[i];

		if (!other->foreign && other->status == MAP_LIVE && !other->doubt.reason && sym_same(other->object, m->object))
			other->doubt = m->doubt;
	}
}

/* The page of an array that a counter leads to, where the counter is known by now: addresses are resolved as they are read. */
static void resolve_objects(struct ctx *c, struct state *s)
{
	unsigned int i;

	for (i = 0; i < s->nmaps; i++) {
		struct sym *x = s->maps[i].object, *addr;

		if (s->maps[i].family != API_KMAP || s->maps[i].foreign || x->kind != SYM_INIT || !(x->has & SYM_HAS_VAL))
			continue;
		addr = facts_resolve(&s->facts, c->syms, x->args[0]);
		if (addr != x->args[0])
			s->maps[i].object = (x->gen ? sym_late : sym_init)(c->syms, addr, x->type);
	}
}

void pair_unmap(struct ctx *c, struct state *s, const struct flow_val *v, struct site *site, enum api_family family,
		struct sym *addr, bool if_live)
{
	struct violation x = { .rule = KC_WRONG_ARG, .site = site, .at = v, .sym = addr };
	struct sym *base;
	struct mapping *m;

	if (!(addr->has & SYM_HAS_MAP))
		x.sym = addr = run_take(c, s, v, addr);
	base = sym_find_map(addr);
	m = base ? state_find_map(s, base) : NULL;
	site_seen(c, site);
	if (if_live && (!m || m->status != MAP_LIVE)) {
		site_proved(c, s, site);
		if (!base && from_entry(addr))
			pair_note_if_live(s, v, site, family, addr);
		return;
	}
	if (m && family == API_KMAP && m->family == API_KMAP) {
		/* kunmap() takes the page. */
		x.map = m->site;
		x.object = m->object;
		x.via = m->via;
		x.what = "address";
		x.doubt = doubt_of(m);
		report_violation(c, s, &x);
		release(c, s, m, v, site);
		return;
	}
	if (m) {
		unmap_known(c, s, v, site, family, addr, m);
		return;
	}
	if (base && (base->has & SYM_HAS_VAGUE)) {
		site_doubt(c, site, (struct doubt){ KC_R_LOOP, NULL });
		stale_doubt_maps(c, base, (struct doubt){ KC_R_LOOP, NULL });
		return;
	}
	if (family == API_KMAP)
		resolve_objects(c, s);
	m = pair_find_object(s, sym_object(addr), family, MAP_LIVE, true);
	if (!m && family == API_KMAP)
		m = pair_find_object(s, sym_object(addr), family, MAP_RELEASED, true);
	if (m && family == API_KMAP) {
		doubt_others(s, m);
		unmap_known(c, s, v, site, family, addr, m);
		return;
	}
	if (!m)
		m = pair_find_object(s, sym_object(addr), family, MAP_LIVE, false);
	if (m) {
		doubt_others(s, m);
		x.map = m->site;
		x.object = m->object;
		x.via = m->via;
		x.what = family == API_KMAP ? "family" : "object";
		x.doubt = doubt_of(m);
		report_violation(c, s, &x);
		release(c, s, m, v, site);
		return;
	}
	if (is_never_mapped(c, s, v, addr, &x.what) && (family != API_KMAP || !sym_root(addr)->nargs)) {
		report_violation(c, s, &x);
		return;
	}
	pair_unmap_foreign(c, s, v, site, family, addr);
}
