// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dcache-story.c - findings of the data-cache rule: the path from the write to who sees it, and why the flushes there are do not help
 */
#include <stdlib.h>
#include <string.h>

#include "dcache.h"

#define MAX_NAMED 3		/* flushes that one finding explains */

static const char *const aliasing[] = {
#define ALIASES(name) (#name),
#include "arches.def"
#undef ALIASES
};

void story_flush(struct ctx *c, const struct flow_val *via, struct site *site, struct sym *folio)
{
	struct flushed *f;

	if (c->target)
		return;
	for (f = c->fn->flushed; f; f = f->next)
		if (f->via == via && f->site == site && f->folio == folio)
			return;
	f = arena_alloc(c->scratch, sizeof(*f));
	*f = (struct flushed){ via, site, folio, c->fn->flushed };
	c->fn->flushed = f;
}

/* "arc, arm, csky and mips" */
static const char *aliasing_text(struct ctx *c)
{
	struct strbuf b = { 0 };
	const char *s;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(aliasing); i++)
		strbuf_addf(&b, "%s%s", !i ? "" : i + 1 < ARRAY_SIZE(aliasing) ? ", " : " and ", aliasing[i]);
	s = arena_strdup(c->arena, b.buf);
	free(b.buf);
	return s;
}

static const char *call_name(const struct flow_val *v)
{
	return v && v->op == FLOW_CALL && v->str ? v->str : NULL;
}

/* "by memcpy()", "by a store" */
static const char *writer(struct ctx *c, const struct site *site, const char *other)
{
	const char *name = call_name(site->val);

	return name ? arena_printf(c->arena, "%s()", name) : arena_printf(c->arena, "a %s", other);
}

struct release {
	enum api_effect_kind kind;
	const char *name;
};

static void find_flush(const struct api_fn *f, void *data)
{
	struct release *r = data;

	if (f->neffects == 1 && f->effects[0].kind == r->kind && f->effects[0].object.root == API_ARG &&
	    !f->effects[0].object.deref && !f->effects[0].object.arg && f->name[0] != '_' && !r->name)
		r->name = f->name;
}

/* The function that flushes what the write was mapped as: a folio, or one page. */
static const char *flush_name(struct ctx *c, const struct violation *v)
{
	struct release r = { v->flush, NULL };

	if (v->flush)
		api_each(c->api, find_flush, &r);
	return r.name;
}

static void write_event(struct ctx *c, struct kc_finding *f, const struct trace *t)
{
	const struct site *site = t->site;

	story_event(c, f, site->val->loc, site->val->func,
		    arena_printf(c->arena, "'%s' is written here by %s", story_object(site), writer(c, site, "store")));
	if (t->val != site->val)
		story_event(c, f, t->val->loc, t->val->func,
			    arena_printf(c->arena, "through this call of %s()",
					 call_name(t->val) ? call_name(t->val) : "a function"));
}

static void flush_event(struct ctx *c, struct kc_finding *f, const struct trace *t, const struct violation *v)
{
	const struct site *site = t->site;
	const char *what = t->sym != v->object ? "which is another object" : "which comes before the write";

	if (t->sym == v->object && v->what)
		what = "which is only the first page of it";
	story_event(c, f, site->val->loc, site->val->func,
		    arena_printf(c->arena, "%s() flushes '%s' here, %s", call_name(site->val), story_object(site), what));
}

static bool is_written(const struct trace *t, const struct violation *v)
{
	return t->kind == TRACE_WRITE && t->sym == v->object;
}

/* The path: from the flush before the write, where that is the point, or from the first write that nothing flushed. */
static void tell_path(struct ctx *c, struct kc_finding *f, const struct candidate *k)
{
	const struct trace **path, *t;
	unsigned int n = 0, i, first;

	for (t = k->trace; t; t = t->prev)
		n++;
	path = xmalloc((n + 1) * sizeof(*path));
	i = n;
	for (t = k->trace; t; t = t->prev)
		path[--i] = t;
	for (first = n; first > 0; first--) {
		t = path[first - 1];
		if (t->kind == TRACE_FLUSH && t->sym == k->v.object && !k->v.what)
			break;
	}
	if (first && k->v.rule == KC_DCACHE_EARLY)
		first--;
	while (first < n && !is_written(path[first], &k->v) && path[first]->kind != TRACE_FLUSH)
		first++;
	for (i = first; i < n; i++) {
		t = path[i];
		if (is_written(t, &k->v)) {
			write_event(c, f, t);
			t->site->violated = true;
		} else if (t->kind == TRACE_FLUSH && (k->v.rule != KC_DCACHE_MISSING || t->sym == k->v.object)) {
			flush_event(c, f, t, &k->v);
		} else if (t->kind == TRACE_EDGE) {
			story_edge(c, f, t);
		}
	}
	free(path);
}

/* Why a flush that there is does not help, in terms of the graph: is it on every way out of the write, or into the end? */
static void explain_flush(struct ctx *c, struct kc_finding *f, const struct candidate *k, const struct flushed *x,
			  const struct flow_block *end)
{
	const struct dom *dom = k->fn->dom;
	unsigned int w = k->v.via ? k->v.via->block->id : 0, x_block = x->via->block->id;
	const char *why;

	if (k->v.via && x_block == w) {
		why = "it runs before the write";
		for (unsigned int i = 0, seen = 0; i < x->via->block->nvals; i++) {
			seen |= x->via->block->vals[i] == k->v.via;
			if (x->via->block->vals[i] == x->via && seen)
				why = "it comes after the publication";
		}
	} else if (k->v.via && dom_dominates(dom, x_block, w)) {
		why = "it dominates the write, and does not post-dominate it: nothing flushes what is written after it";
	} else if (!dom_postdominates(dom, x_block, w) && !dom_dominates(dom, x_block, end->id)) {
		why = "it does not post-dominate the write, nor dominate the publication: this path goes around it";
	} else if (!dom_dominates(dom, x_block, end->id)) {
		why = "it post-dominates the write, and does not dominate the publication, which comes first";
	} else {
		why = "it does not post-dominate the write: this path goes around it";
	}
	story_event(c, f, x->via->loc, x->via->func,
		    arena_printf(c->arena, "the flush here is not enough: %s", why));
}

static void explain(struct ctx *c, struct kc_finding *f, const struct candidate *k)
{
	const struct flow_block *end = k->v.at ? k->v.at->block : k->v.block;
	const struct flushed *x;
	unsigned int n = 0;

	/* One that this path takes has been told of. */
	if (k->v.rule != KC_DCACHE_MISSING || k->v.what)
		return;
	for (x = k->fn->flushed; x && n < MAX_NAMED; x = x->next) {
		if (x->folio != k->v.object)
			continue;
		explain_flush(c, f, k, x, end);
		n++;
	}
}

static const char *sees(const struct ctx *c, const struct flow_val *seen)
{
	const struct api_fn *f = call_name(seen) ? api_find(c->api, call_name(seen)) : NULL;
	unsigned int i;

	for (i = 0; f && i < f->neffects; i++)
		if (f->effects[i].kind == API_PUBLISHES)
			return "makes it visible";
	return f ? "unlocks it" : "makes it visible";
}

/* "before SetPageUptodate() publishes it at line 12" */
static const char *until(struct ctx *c, const struct candidate *k)
{
	const struct flow_val *seen = k->v.access;
	const char *name = call_name(seen);

	if (!seen)
		return arena_printf(c->arena, "where %s() returns", k->fn->func->name);
	return arena_printf(c->arena, "before %s() %s at line %u", name ? name : "a call",
			    sees(c, seen), seen->loc.line);
}

static const char *cause(struct ctx *c, const struct violation *v)
{
	const struct site *other = v->other;

	if (v->rule == KC_DCACHE_EARLY)
		return arena_printf(c->arena, "%s() at line %u flushes what was there before the write; ",
				    call_name(other->val), other->val->loc.line);
	if (v->rule == KC_DCACHE_WRONG)
		return arena_printf(c->arena, "%s() at line %u flushes '%s' instead; ", call_name(other->val),
				    other->val->loc.line, story_object(other));
	return v->what ? "only its first page is flushed; " : "";
}

static void end_event(struct ctx *c, struct kc_finding *f, const struct candidate *k)
{
	const struct flow_val *seen = k->v.access;
	struct flow_loc loc = seen ? seen->loc : k->v.block->loc;
	const char *name = call_name(seen), *text;

	if (!seen)
		text = arena_printf(c->arena, "returns here, and nothing flushed '%s'", story_object(k->v.map));
	else
		text = arena_printf(c->arena, "%s() %s here: '%s' is not flushed", name ? name : "a call", sees(c, seen),
				    story_object(k->v.map));
	story_event(c, f, loc.line ? loc : k->v.map->val->loc, seen ? seen->func : k->fn->func, text);
}

bool dcache_is_one(const struct candidate *a, const struct candidate *b)
{
	const struct flow_val *map = a->v.map->mapped;

	if (a->v.access || b->v.access || a->v.map->kind != b->v.map->kind)
		return false;
	/* Through one mapping, in one function; or of one object. */
	if (map && map == b->v.map->mapped && a->v.map->val->func == b->v.map->val->func)
		return true;
	return a->fn == b->fn && is_of_one_source(a->v.object, b->v.object);
}

/* What is read is not flushed. */
static void tell_read(struct ctx *c, struct kc_finding *f, const struct candidate *k)
{
	const struct sym *from = k->v.object;
	const struct site *site = k->v.map;
	const char *object = story_object(site);

	f->loc = site->val->loc;
	if (from->kind == SYM_VAL && call_name(from->val))
		story_event(c, f, from->val->loc, from->val->func,
			    arena_printf(c->arena, "%s() gives '%s' here, which user space may have mapped", call_name(from->val), object));
	story_event(c, f, site->val->loc, site->val->func, arena_printf(c->arena, "'%s' is read here by %s, and nothing flushed it", object,
										writer(c, site, "load")));
	f->message = arena_printf(c->arena,
				  "'%s' is read by %s and not flushed before: a flush is missing for what user space may have written; on %s the kernel can read stale data",
				  object, writer(c, site, "load"), aliasing_text(c));
	f->about = (struct kc_about){ object, site->object, NULL, { 0 } };
}

void dcache_tell(struct ctx *c, struct kc_finding *f, const struct candidate *k)
{
	const struct violation *v = &k->v;
	const struct site *site = v->map;
	const char *flush = flush_name(c, v), *object = story_object(site), *missing;

	if (site->kind == KC_SITE_READ) {
		tell_read(c, f, k);
		return;
	}
	missing = flush ? arena_printf(c->arena, "%s(%s)", flush, object) : "a flush";
	f->loc = site->val->loc;
	tell_path(c, f, k);
	explain(c, f, k);
	end_event(c, f, k);
	f->message = arena_printf(c->arena, "'%s' is written by %s and not flushed %s: %s%s is missing after the write; "
				  "on %s user space can read stale data", object, writer(c, site, "store"), until(c, k),
				  cause(c, v), missing, aliasing_text(c));
	f->about = (struct kc_about){ object, site->object, flush ? missing : NULL, { 0 } };
	if (v->other)
		f->about.other = v->other->val->loc;
	/* In the function that writes, before the call that makes it visible. */
	if (flush && site->object && v->at && v->access && v->access->func == site->val->func && v->via == site->val)
		f->fix = (struct kc_fix){ KC_FIX_INSERT, v->access->loc,
					  arena_printf(c->arena, "%s(%s);", flush, object) };
}
