// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * story.c - findings: the message, and the path as a story
 */
#include <stdlib.h>
#include <string.h>

#include "analysis.h"

#define MAX_EVENTS 24

struct story {
	struct ctx *c;
	struct kc_finding *f;
	unsigned int cap;
	const struct violation *v;
	const char *var;		/* the address, as the source has it */
};

void story_event(struct ctx *c, struct kc_finding *f, struct flow_loc loc, const struct flow_func *func, const char *text)
{
	if (!loc.line)
		return;
	if (f->nevents >= MAX_EVENTS) {
		/* The latest are those that matter: the first stays, the second goes. */
		memmove(&f->events[1], &f->events[2], (f->nevents - 2) * sizeof(*f->events));
		f->nevents--;
	}
	if (!f->events)
		f->events = arena_alloc(c->arena, MAX_EVENTS * sizeof(*f->events));
	f->events[f->nevents++] = (struct kc_event){ loc, function_at(c, loc, func), text };
}

static void event(struct story *s, struct flow_loc loc, const struct flow_func *func, const char *text)
{
	story_event(s->c, s->f, loc, func, text);
}

static void branch_event(struct story *s, const struct trace *t)
{
	const struct flow_block *b = t->block;
	const struct flow_edge *e = &b->edges[t->n];
	struct arena *a = s->c->arena;

	switch (e->guard) {
	case FLOW_IF:
		event(s, b->loc, b->func, arena_printf(a, "where '%s' is true", expr_of(s->c, b->cond)));
		break;
	case FLOW_ELSE:
		event(s, b->loc, b->func, arena_printf(a, "where '%s' is false", expr_of(s->c, b->cond)));
		break;
	case FLOW_CASE:
		event(s, b->loc, b->func,
		      e->ranges[0].lo == e->ranges[0].hi && e->nranges == 1 ?
		      arena_printf(a, "where '%s' is %lld", expr_of(s->c, b->cond), (long long)e->ranges[0].lo) :
		      arena_printf(a, "in a case of '%s'", expr_of(s->c, b->cond)));
		break;
	case FLOW_DEFAULT:
		event(s, b->loc, b->func, arena_printf(a, "in no case of '%s'", expr_of(s->c, b->cond)));
		break;
	default:
		break;
	}
}

void story_edge(struct ctx *c, struct kc_finding *f, const struct trace *t)
{
	struct story s = { .c = c, .f = f };

	branch_event(&s, t);
}

static const char *through_text(struct story *s, const struct flow_val *call)
{
	return arena_printf(s->c->arena, "through this call of %s()", call->str ? call->str : "a function");
}

static void map_event(struct story *s, const struct trace *t)
{
	const struct site *site = t->site;
	struct arena *a = s->c->arena;

	event(s, site->val->loc, site->val->func,
	      arena_printf(a, "'%s' is mapped here: %s", s->var, story_mapping(s->c, site)));
	if (t->val != site->val)
		event(s, t->val->loc, t->val->func, through_text(s, t->val));
}

/* What a call makes or releases, by the struct that it is kept in where that is an argument: "view" of view_end(&view). */
static const char *held_by(struct story *s, const struct flow_val *call, const struct site *site)
{
	const char *text;

	if (site && call == site->val && site->object)
		return site->object;
	if (!call || call->op != FLOW_CALL || !call->nargs)
		return NULL;
	text = expr_of(s->c, call->args[0]);
	return text + (*text == '&');
}

static const char *newer_name(struct story *s)
{
	const struct violation *v = s->v;
	const char *name = story_result(s->c, v->other_via);

	if (!name && v->map == v->other && v->other_via != v->other->val)
		name = held_by(s, v->other_via, NULL);
	if (!name)
		name = name_of(s->c, v->other->val);
	return name ? name : "another address";
}

static void other_map_event(struct story *s, const struct trace *t)
{
	const char *name = newer_name(s);

	event(s, t->site->val->loc, t->site->val->func,
	      arena_printf(s->c->arena, "'%s' is mapped here: %s", name,
			   story_mapping(s->c, t->site)));
	if (t->val != t->site->val)
		event(s, t->val->loc, t->val->func, through_text(s, t->val));
}

static void unmap_event(struct story *s, const struct trace *t)
{
	event(s, t->site->val->loc, t->site->val->func,
	      arena_printf(s->c->arena, "'%s' is released here by %s()", s->var, story_call(t->site)));
}

/* What is still mapped was mapped last, if it is of the last turn: what the turns before did is another story. */
static unsigned int story_begin(const struct story *s, const struct trace *const *path, unsigned int n)
{
	unsigned int i;

	for (i = n; s->v->rule == KC_LEAK && i-- > 0;)
		if (path[i]->kind == TRACE_MAP && path[i]->site == s->v->map && path[i]->sym == s->v->sym)
			return i;
	return 0;
}

/* Of two mappings that one call of a helper made: is it the newer one? */
static bool is_newer(const struct violation *v, const struct flow_val *call)
{
	return v->rule == KC_ORDER && v->map == v->other && call == v->other_via && call != v->via;
}

static void tell_path(struct story *s, const struct trace *last)
{
	const struct trace **path, *t;
	unsigned int n = 0, i;
	bool begun = !s->v->map, *keep;

	for (t = last; t; t = t->prev)
		n++;
	path = xmalloc((n + 1) * sizeof(*path));
	i = n;
	for (t = last; t; t = t->prev)
		path[--i] = t;
	keep = xcalloc(n + 1, sizeof(*keep));
	story_branches(s->c, s->v, path, n, keep);
	for (i = story_begin(s, path, n); i < n; i++) {
		t = path[i];
		if (t->kind == TRACE_MAP && t->site == s->v->map && !(begun && is_newer(s->v, t->val))) {
			begun = true;
			map_event(s, t);
		} else if (!begun) {
			continue;
		} else if (t->kind == TRACE_MAP && t->site == s->v->other) {
			other_map_event(s, t);
		} else if (s->v->rule == KC_ORDER && t->kind == TRACE_UNMAP && t->site == s->v->site) {
			/* Here it goes wrong; that the newer one is released at all comes later. */
			break;
		} else if (t->kind == TRACE_UNMAP && t->site == s->v->other && t->val != s->v->at) {
			unmap_event(s, t);
		} else if (t->kind == TRACE_EDGE && keep[i]) {
			branch_event(s, t);
		}
	}
	free(keep);
	free(path);
}

static bool does_something(const struct flow_block *b)
{
	unsigned int i;

	for (i = 0; i < b->nvals; i++)
		if (b->vals[i]->op == FLOW_CALL || b->vals[i]->op == FLOW_STORE)
			return true;
	return false;
}

/* Where a path leaves: the return statement that its last edge comes from, else the return block's. */
static struct flow_loc return_loc(const struct violation *v, const struct trace *last)
{
	const struct trace *t;

	for (t = last; t; t = t->prev) {
		const struct flow_edge *e;

		if (t->kind != TRACE_EDGE)
			continue;
		e = &t->block->edges[t->n];
		if (e->to == v->block && e->loc.line && !does_something(v->block))
			return e->loc;
		break;
	}
	return v->block->loc;
}

/* The call that releases the mapping, as the source would have it. */
static const char *release_call(struct story *s, const char *address)
{
	const char *call = story_release(s->c, s->v->map, address);

	return call ? call : "its release";
}

/* What goes wrong inside of a header's inline is the mistake of the file that calls it. */
static const struct flow_val *told_at(const struct flow_val *v, const struct flow_val *call)
{
	return v->func->is_inline && call && !call->func->is_inline ? call : v;
}

/* The line of the other call of the story, in the file that is told of. */
static unsigned int other_line(const struct story *s)
{
	return s->v->other ? told_at(s->v->other->val, s->v->other_via)->loc.line : 0;
}

/* Can it be written down as it is? An index may have another value where the path leaves. */
static bool is_whole(const char *call)
{
	return strchr(call, '(') && !strchr(call, '[') && !strstr(call, "...") && !strstr(call, STORY_NO_NAME);
}

static void tell_leak(struct story *s, const struct candidate *k)
{
	struct arena *a = s->c->arena;
	struct flow_loc end = return_loc(s->v, k->trace);
	const struct flow_val *at = told_at(s->v->map->val, s->v->via);
	const char *call = release_call(s, s->var);

	s->f->loc = at->loc;
	event(s, end.line ? end : s->v->block->loc, k->fn->func,
	      arena_printf(a, "returns here with '%s' still mapped: %s is missing", s->var, call));
	s->f->message = arena_printf(a, "'%s', mapped by %s, is still mapped where %s() returns at line %u: "
				     "%s is missing before it", s->var, story_mapping(s->c, s->v->map),
				     k->fn->func->name, end.line, call);
	if (end.line && is_whole(call) && (s->v->map->val->func == k->fn->func || story_own_name(s->c, s->v)))
		s->f->fix = (struct kc_fix){ KC_FIX_INSERT, end, arena_printf(a, "%s;", call) };
}

/* What the address is called where it is released. */
static const char *given_name(const struct story *s)
{
	const struct violation *v = s->v;
	bool here = v->map && v->map->val->func == v->site->val->func;

	return here || !v->site->object || story_takes_page(s->c, v->site) ? s->var : v->site->object;
}

static void tell_wrong_arg(struct story *s)
{
	const struct violation *v = s->v;
	struct arena *a = s->c->arena;
	const char *what = v->what ? v->what : "", *arg = v->site->object ? v->site->object : "this argument";
	const char *unmap = story_call(v->site), *text;

	if (!strcmp(what, "family"))
		text = arena_printf(a, "%s(%s) releases a mapping made by %s, which takes %s", unmap, arg,
				    story_mapping(s->c, v->map), release_call(s, given_name(s)));
	else if (!strcmp(what, "outside"))
		text = arena_printf(a, "%s(%s): the address is %lld byte%s %s the start of the page that %s "
				    "mapped, outside of its %u bytes; pass an address inside of it", unmap, arg,
				    llabs(v->offset), llabs(v->offset) == 1 ? "" : "s", v->offset < 0 ? "or more before" : "from",
				    story_mapping(s->c, v->map), s->c->unit->pagesize);
	else if (!strcmp(what, "object"))
		text = arena_printf(a, "%s() is given the page or folio '%s' instead of the address '%s' that %s() "
				    "gave: %s is meant", unmap, arg, s->var, story_call(v->map), release_call(s, s->var));
	else if (!strcmp(what, "address"))
		text = arena_printf(a, "%s() is given the address '%s' instead of the page '%s'", unmap, arg,
				    story_object(v->map));
	else if (!strcmp(what, "held"))
		text = arena_printf(a, "%s(%s): what lies there is mapped by %s() at line %u, which %s() does not undo", unmap, arg,
				    story_call(v->other), v->other->val->loc.line, unmap);
	else if (!strcmp(what, "null"))
		text = arena_printf(a, "%s(%s): the argument is NULL on this path, nothing was mapped", unmap, arg);
	else if (!strcmp(what, "error"))
		text = arena_printf(a, "%s(%s): the argument is an error, not an address, on this path", unmap, arg);
	else if (!strcmp(what, "allocated"))
		text = arena_printf(a, "%s(%s): the argument is allocated memory, which was never mapped", unmap, arg);
	else if (!strcmp(what, "undefined"))
		text = arena_printf(a, "%s(%s): the argument is uninitialised on this path", unmap, arg);
	else
		text = arena_printf(a, "%s(%s): the argument is the address of a variable, which was never mapped",
				    unmap, arg);
	s->f->message = text;
	event(s, s->f->loc, v->site->val->func, text);
}

/* Two mappings that one call made are told apart by what its callers keep them in, or by the calls that release them. */
static const char *older_name(struct story *s)
{
	const struct violation *v = s->v;
	const char *older = story_result(s->c, v->via), *newer = story_result(s->c, v->other_via);

	if (v->map != v->other || (older && newer && strcmp(older, newer)))
		return s->var;
	older = held_by(s, v->site_at ? v->site_at : v->at, v->site);
	return older ? older : s->var;
}

static void tell_site(struct story *s)
{
	const struct violation *v = s->v;
	struct arena *a = s->c->arena;
	const char *unmap = story_call(v->site);

	s->f->loc = told_at(v->site->val, v->site_at ? v->site_at : v->at)->loc;
	switch (v->rule) {
	case KC_DOUBLE_UNMAP:
		s->f->message = arena_printf(a, "'%s' is released again by %s(): it was released by %s() at line %u and "
					     "not mapped since; drop one of them", s->var, unmap, story_call(v->other),
					     other_line(s));
		event(s, s->f->loc, v->site->val->func, arena_printf(a, "'%s' is released again here", s->var));
		break;
	case KC_ORDER:
		s->f->message = arena_printf(a, "'%s' is released by %s() while the newer mapping '%s' (%s, line %u) is "
					     "live: mappings are released in the reverse order of their making",
					     older_name(s), unmap,
					     newer_name(s),
					     story_call(v->other), other_line(s));
		event(s, s->f->loc, v->site->val->func, arena_printf(a, "released here, before the newer one"));
		break;
	default:
		tell_wrong_arg(s);
		break;
	}
}

static void tell_access(struct story *s)
{
	const struct violation *v = s->v;
	struct arena *a = s->c->arena;

	s->f->loc = told_at(v->access, v->at)->loc;
	s->f->message = arena_printf(a, "'%s' is used after %s() released it at line %u: move the release behind the last "
				     "use", s->var, story_call(v->other), other_line(s));
	event(s, s->f->loc, v->access->func, arena_printf(a, "'%s' is used here", s->var));
}

static enum kc_severity severity_of(const struct ctx *c, enum kc_rule rule)
{
	if (rule < KC_DCACHE_MISSING)
		return KC_ERROR;
	return c->opt->dcache == KC_DCACHE_STRICT ? KC_NOTE : KC_WARNING;
}

static const struct flow_func *text_function(const struct candidate *k)
{
	if (k->v.rule == KC_USE_AFTER_UNMAP)
		return k->v.access->func;
	return k->v.site ? k->v.site->val->func : k->fn->func;
}

static void tell_about(struct story *s)
{
	const struct violation *v = s->v;
	struct kc_about *about = &s->f->about;

	if (strcmp(s->var, STORY_NO_NAME))
		about->variable = s->var;
	about->object = v->map ? v->map->object : NULL;
	if (v->map)
		about->call = story_release(s->c, v->map, s->var);
	if (v->other)
		about->other = v->other->val->loc;
}

void story_tell(struct ctx *c, struct candidate *k)
{
	struct kc_result *r = c->result;
	struct story s = { .c = c, .v = &k->v };

	GROW(r->findings, r->nfindings, c->cfindings);
	s.f = &r->findings[r->nfindings++];
	*s.f = (struct kc_finding){ .rule = k->v.rule, .severity = severity_of(c, k->v.rule) };
	s.var = story_address(c, &k->v);
	if (k->v.rule < KC_DCACHE_MISSING)
		tell_path(&s, k->trace);
	switch (k->v.rule) {
	case KC_LEAK:
		tell_leak(&s, k);
		break;
	case KC_USE_AFTER_UNMAP:
		tell_access(&s);
		break;
	case KC_DCACHE_MISSING: case KC_DCACHE_EARLY: case KC_DCACHE_WRONG:
		dcache_tell(c, s.f, k);
		break;
	default:
		tell_site(&s);
		break;
	}
	if (k->v.rule < KC_DCACHE_MISSING)
		tell_about(&s);
	s.f->function = function_at(c, s.f->loc, text_function(k));
	s.f->message = arena_printf(c->arena, "%s [%s]", s.f->message, kc_rule_name(k->v.rule));
}
