// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pair.c - the pairing rules: every mapping is released once, in reverse order, by an address of its page
 *
 * Documentation/mm/highmem.rst: local and atomic mappings share one stack per task, and are released in the reverse order of
 * their making; kmap() has no order and is undone by page. kunmap_local() rounds its argument down to the page.
 */
#include "analysis.h"
#include "seed.h"

#define MAX_CALLS_BACK 4	/* through which a result is followed to the address that was given */

static bool is_stacked(enum api_family f)
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
static struct mapping *newer_live(struct state *s, const struct mapping *m)
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
static bool may_be_another(const struct mapping *m, enum api_family family)
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

	if (m->status == MAP_RELEASED && may_be_another(m, family)) {
		site_doubt(c, site, (struct doubt){ KC_R_UNKNOWN_OBJECT, NULL });
		return;
	}
	if (m->status == MAP_RELEASED) {
		x.rule = KC_DOUBLE_UNMAP;
		x.other = m->gone_site;
		x.doubt = doubt_of(m);
		report_violation(c, s, &x);
		return;
	}
	place = place_of(c, s, m, addr, &x.offset);
	newer = is_stacked(m->family) && is_stacked(family) && !SEED_BUG(2) ? newer_live(s, m) : NULL;
	x.rule = KC_WRONG_ARG;
	if (!right_family(m->family, family)) {
		x.what = "family";
		wrong = true;
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
	} else if (newer && (doubt_of(newer).reason || newer->family == API_UNORDERED)) {
		doubt = newer->doubt.reason ? newer->doubt : (struct doubt){ KC_R_ORDER, NULL };
	} else if (newer) {
		/* If the newer one is never released, that is the mistake, not the order. */
		jump(newer, m, site, v);
		site_doubt(c, site, (struct doubt){ KC_R_ORDER, NULL });
		site_doubt(c, m->site, (struct doubt){ KC_R_ORDER, NULL });
		release(c, s, m, v, site);
		return;
	}
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
static struct mapping *find_object(struct state *s, struct sym *object, enum api_family family,
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

static struct mapping *find_foreign(struct state *s, struct sym *addr)
{
	unsigned int i;

	for (i = s->nmaps; i-- > 0;)
		if (s->maps[i].foreign && sym_same(s->maps[i].base, addr))
			return &s->maps[i];
	return NULL;
}

/* What an address that no path maps was before the function ran: a caller's, older than anything mapped here. */
bool from_entry(const struct sym *addr)
{
	const struct sym *root = sym_root((struct sym *)addr);

	while (root->kind == SYM_INIT)
		root = sym_root(root->args[0]);
	return root->kind == SYM_PARAM || root->kind == SYM_GLOBAL;
}

/* Where states were united over the bound, that is why it is not known. */
static void may_be_it(struct mapping *m, struct doubt d, struct doubt *why)
{
	if (!m->doubt.reason)
		m->doubt = d;
	else if (m->doubt.reason == KC_R_BOUND)
		*why = m->doubt;
}

/* Some mapping may be the one: those whose address lies in memory. */
static bool doubt_stored(struct ctx *c, struct state *s, struct site *site, enum kc_reason reason)
{
	struct doubt d = { reason, NULL }, why = d;
	bool any = false;
	unsigned int i, j;

	for (i = 0; i < s->nmaps; i++) {
		struct mapping *m = &s->maps[i];

		if (m->foreign || m->status != MAP_LIVE)
			continue;
		for (j = 0; j < s->ncells; j++)
			if (sym_mentions(s->cells[j].val, m->base))
				break;
		if (j == s->ncells && !m->doubt.reason)
			continue;
		may_be_it(m, d, &why);
		any = true;
	}
	if (any)
		site_doubt(c, site, why);
	return any;
}

/* Was it read from memory that a call out of sight may have changed? */
bool is_late(const struct sym *addr)
{
	const struct sym *root = sym_root((struct sym *)addr);

	for (; root->kind == SYM_INIT; root = sym_root(root->args[0]))
		if (root->gen)
			return true;
	return false;
}

static bool doubt_given(struct ctx *c, struct state *s, struct site *site, const struct sym *addr, unsigned int depth);

/* Is it the result of a call that was given the address of a live mapping, or of another such call, or joined from one? */
static bool doubt_result(struct ctx *c, struct state *s, struct site *site, const struct sym *root, unsigned int depth)
{
	struct doubt d = { KC_R_UNKNOWN_ADDRESS, NULL }, why;
	bool any = false;
	unsigned int i;

	if (root->kind != SYM_VAL || (root->val->op != FLOW_CALL && root->val->op != FLOW_PHI) ||
	    root->val->func != c->fn->func || !depth)
		return false;
	d.name = root->val->str;
	why = d;
	for (i = 0; i < root->val->nargs; i++) {
		struct sym *arg = eval(c, s, root->val->args[i]), *base = sym_find_map(arg);
		struct mapping *m = base ? state_find_map(s, base) : NULL;

		if (!base)
			any |= doubt_given(c, s, site, arg, depth - 1);
		if (!m || m->status != MAP_LIVE)
			continue;
		may_be_it(m, d, &why);
		any = true;
	}
	if (any)
		site_doubt(c, site, why);
	return any;
}

/* Is any part of the address? A distance in the page may be what it gave. */
static bool doubt_given(struct ctx *c, struct state *s, struct site *site, const struct sym *addr, unsigned int depth)
{
	bool any = false;
	unsigned int i;

	if (addr->kind != SYM_SUM)
		return doubt_result(c, s, site, addr, depth);
	for (i = 0; i < addr->nargs; i++)
		any |= doubt_result(c, s, site, addr->args[i], depth);
	return any;
}

/* Did paths, or a callee's, meet in the address? What it was before is lost: it may have been the newest mapping's. */
static bool doubt_joined(struct ctx *c, struct state *s, struct site *site, struct sym *addr)
{
	const struct sym *root = sym_root(addr);
	struct mapping *m = newer_live(s, NULL);
	struct doubt d = { KC_R_UNKNOWN_ADDRESS, NULL };

	if (root->kind != SYM_VAL || !m || (!root->inner && root->val->op != FLOW_PHI))
		return false;
	if (!m->doubt.reason)
		m->doubt = d;
	site_doubt(c, site, d);
	return true;
}

/* Two parameters, or what two places held at the entry: nobody means the same page by them. */
static bool two_pages(struct ctx *c, const struct sym *a, const struct sym *b)
{
	struct sym *d;

	if (a->kind != b->kind || a->gen || b->gen || a == b)
		return false;
	if (a->kind == SYM_PARAM)
		return true;
	if (a->kind != SYM_INIT)
		return false;
	d = sym_sub(c->syms, a->args[0], b->args[0]);
	return d->kind == SYM_CONST && d->num;
}

/* kunmap() of a page that may be the one of a live mapping: shown to be another only where both were there at the entry. */
static bool doubt_pages(struct ctx *c, struct state *s, struct site *site, const struct sym *page)
{
	struct doubt d = { KC_R_UNKNOWN_OBJECT, NULL };
	bool any = false;
	unsigned int i;

	for (i = 0; i < s->nmaps; i++) {
		struct mapping *m = &s->maps[i];

		if (m->foreign || m->status != MAP_LIVE || m->family != API_KMAP ||
		    two_pages(c, page, m->object))
			continue;
		if (!m->doubt.reason)
			m->doubt = d;
		any = true;
	}
	if (any)
		site_doubt(c, site, d);
	return any;
}

/* Taken from a field that holds nothing but what another family's call mapped? */
static bool is_held_by_another(struct ctx *c, struct state *s, const struct flow_val *v, struct site *site,
			       enum api_family family, struct sym *addr)
{
	struct violation x = { .rule = KC_WRONG_ARG, .site = site, .at = v, .sym = addr, .what = "held" };
	const struct flow_val *map;
	enum api_family held;

	map = family != API_KMAP && site->val == v ? field_holds(c, v->args[0], &held) : NULL;
	if (!map || right_family(held, family))
		return false;
	x.other = site_of(c, map, KC_SITE_MAP);
	report_violation(c, s, &x);
	return true;
}

/* Was it read at some index of an array in which mappings of ours lie at others that are known? */
static bool may_be_stored(struct ctx *c, const struct state *s, const struct sym *addr)
{
	const struct sym *root = sym_root((struct sym *)addr);
	unsigned int i;

	if (root->kind != SYM_INIT)
		return false;
	for (i = 0; i < s->ncells; i++) {
		const struct cell *cell = &s->cells[i];

		if ((cell->val->has & SYM_HAS_MAP) && sym_root(cell->addr) == sym_root(root->args[0]) &&
		    sym_sub(c->syms, cell->addr, root->args[0])->kind != SYM_CONST)
			return true;
	}
	return false;
}

static void unmap_foreign(struct ctx *c, struct state *s, const struct flow_val *v, struct site *site,
			  enum api_family family, struct sym *addr)
{
	struct violation x = { .site = site, .at = v, .sym = addr };
	struct mapping *m = find_foreign(s, addr), *newer;
	struct mapping foreign = { .base = addr, .object = addr, .family = family, .status = MAP_RELEASED,
				   .foreign = true, .site = site, .gone_site = site, .via = v, .gone = v };

	if (m) {
		x.rule = KC_DOUBLE_UNMAP;
		x.other = m->gone_site;
		x.doubt = doubt_of(m);
		if (may_be_another(m, family) && !x.doubt.reason)
			x.doubt = (struct doubt){ KC_R_UNKNOWN_OBJECT, NULL };
		report_violation(c, s, &x);
		m->twice = true;
		return;
	}
	if (is_held_by_another(c, s, v, site, family, addr))
		return;
	if (family == API_KMAP ? doubt_pages(c, s, site, addr) :
	    doubt_given(c, s, site, addr, MAX_CALLS_BACK) || doubt_joined(c, s, site, addr))
		return;
	/* Someone took the address out of memory that a mapping of ours is kept in: it may be that one. */
	if ((!from_entry(addr) || may_be_stored(c, s, addr)) &&
	    doubt_stored(c, s, site, addr->has & SYM_HAS_VAGUE ? KC_R_LOOP : KC_R_UNKNOWN_ADDRESS))
		return;
	if (addr->has & (SYM_HAS_VAGUE | SYM_HAS_UNDEF)) {
		site_doubt(c, site, (struct doubt){ KC_R_UNKNOWN_ADDRESS, NULL });
		return;
	}
	if (family == API_KMAP && !c->fn->closed)
		c->undoes_others = true;
	if (is_late(addr))
		foreign.doubt = (struct doubt){ KC_R_MEMORY, NULL };
	newer = is_stacked(family) && from_entry(addr) && !is_late(addr) ? newer_live(s, NULL) : NULL;
	if (newer) {
		x.rule = KC_ORDER;
		x.map = newer->site;
		x.other = newer->site;
		x.doubt = doubt_of(newer);
		report_violation(c, s, &x);
	} else if (!c->fn->closed || !from_entry(addr)) {
		site_doubt(c, site, (struct doubt){ KC_R_CALLER, NULL });
	}
	state_push(s, &foreign);
	trace_add(c, s, (struct trace){ .kind = TRACE_UNMAP, .val = v, .site = site, .sym = addr });
}

/* A variable whose address a call gets may have been set by it, whatever became of that knowledge. */
static bool is_given_away(const struct flow_func *f, const struct flow_val *load)
{
	const struct flow_val *var = load->args[0];
	unsigned int i, j;

	while (var->op == FLOW_FIELD || var->op == FLOW_COPY)
		var = var->args[0];
	for (i = 0; i < f->nvals; i++) {
		const struct flow_val *v = f->vals[i];

		if (v->op != FLOW_CALL && v->op != FLOW_ASM)
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
		 !(v->nargs && v->args[0]->op == FLOW_LOAD && is_given_away(c->fn->func, v->args[0])))
		*what = "undefined";
	else if (is_allocated(c, root))
		*what = "allocated";
	else if (root->kind == SYM_LOCAL || root->kind == SYM_GLOBAL)
		*what = "variable";
	else if (facts_range(&s->facts, addr).lo >= -4095 && facts_range(&s->facts, addr).hi < 0)
		*what = "error";
	return *what != NULL;
}

void pair_unmap(struct ctx *c, struct state *s, const struct flow_val *v, struct site *site, enum api_family family,
		struct sym *addr, bool if_live)
{
	struct violation x = { .rule = KC_WRONG_ARG, .site = site, .at = v, .sym = addr };
	struct sym *base = sym_find_map(addr);
	struct mapping *m = base ? state_find_map(s, base) : NULL;

	site_seen(c, site);
	if (if_live && (!m || m->status != MAP_LIVE)) {
		site_proved(c, s, site);
		return;
	}
	if (m && family == API_KMAP && m->family == API_KMAP) {
		/* kunmap() takes the page. */
		x.map = m->site;
		x.object = m->object;
		x.via = m->via;
		x.what = "address";
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
		return;
	}
	m = find_object(s, sym_object(addr), family, MAP_LIVE, true);
	if (!m && family == API_KMAP)
		m = find_object(s, sym_object(addr), family, MAP_RELEASED, true);
	if (m && family == API_KMAP) {
		unmap_known(c, s, v, site, family, addr, m);
		return;
	}
	if (!m)
		m = find_object(s, sym_object(addr), family, MAP_LIVE, false);
	if (m) {
		x.map = m->site;
		x.object = m->object;
		x.via = m->via;
		x.what = family == API_KMAP ? "family" : "object";
		report_violation(c, s, &x);
		release(c, s, m, v, site);
		return;
	}
	if (is_never_mapped(c, s, v, addr, &x.what) && (family != API_KMAP || !sym_root(addr)->nargs)) {
		report_violation(c, s, &x);
		return;
	}
	unmap_foreign(c, s, v, site, family, addr);
}

/* A pointer that is followed is neither NULL nor an error: those crash first. */
static void not_null(struct ctx *c, struct state *s, const struct flow_val *v, struct sym *root, struct sym *addr)
{
	static const struct range errors = { -4095, 0 };
	bool doubt = false;
	struct sym *d;

	if (root->type != FLOW_T_PTR || (root->kind != SYM_VAL && root->kind != SYM_INIT && root->kind != SYM_PARAM) ||
	    root->is_map)
		return;
	d = sym_sub(c->syms, addr, root);
	if (d->kind == SYM_CONST && d->num >= 0 && d->num < 4096)
		facts_exclude(&s->facts, c->syms, root, errors, &doubt);
	/* A variable that leads into an array. */
	else if (d->kind != SYM_CONST && v->nargs && v->args[0]->name)
		facts_exclude(&s->facts, c->syms, addr, errors, &doubt);
}

/* What is accessed lies in the page: beyond it would be another mistake. */
static void inside(struct ctx *c, struct state *s, const struct mapping *m, struct sym *addr, bool followed)
{
	struct sym *d = sym_sub(c->syms, addr, m->base);
	bool doubt = false;

	/* Mostly it is a path that nobody takes: nothing that comes after is told as a fact. */
	if (followed && d->kind == SYM_CONST && (d->num < 0 || d->num >= c->unit->pagesize))
		state_doubt(s, (struct doubt){ KC_R_UNKNOWN_ADDRESS, NULL });
	if (d->kind != SYM_CONST && !(d->has & SYM_HAS_MAP))
		facts_assume_range(&s->facts, c->syms, d, (struct range){ 0, c->unit->pagesize - 1 }, &doubt);
}

/* The first access through a parameter is where a caller that passes a stale address goes wrong. */
static void note_access(struct fn *fn, const struct flow_val *param, const struct flow_val *access)
{
	if (param->func == fn->func && !fn->access[param->imm])
		fn->access[param->imm] = access;
}

void pair_access(struct ctx *c, struct state *s, const struct flow_val *v, const struct flow_val *access,
		 struct sym *addr)
{
	struct violation x = { .rule = KC_USE_AFTER_UNMAP, .at = v, .access = access };
	struct sym *base = sym_find_map(addr);
	struct mapping *m = base ? state_find_map(s, base) : find_foreign(s, sym_root(addr));
	/* What a callee follows it may follow on some of its paths only, and one that is not known not at all. */
	bool followed = v == access && (v->op != FLOW_CALL || (v->str && api_find(c->api, v->str)));

	if (m && m->status == MAP_LIVE && !m->foreign)
		inside(c, s, m, addr, followed);
	if (followed)
		not_null(c, s, v, sym_root(addr), addr);
	if (sym_root(addr)->kind == SYM_PARAM)
		note_access(c->fn, sym_root(addr)->val, access);
	if (!m || m->status != MAP_RELEASED ||
	    (m->family == API_KMAP && find_object(s, m->object, API_KMAP, MAP_LIVE, true)))
		return;
	/* Of a kmap() of somebody else only the page is known, and that stays. */
	if (m->foreign && (m->family == API_KMAP || (sym_root(addr) != m->base && addr != m->base)))
		return;
	x.map = m->foreign ? NULL : m->site;
	x.site = m->site;
	x.other = m->gone_site;
	x.sym = m->base;
	x.object = m->object;
	x.via = m->via;
	x.doubt = doubt_of(m);
	report_violation(c, s, &x);
}
