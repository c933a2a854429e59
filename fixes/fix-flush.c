// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fix-flush.c - a flush that is missing, comes too early or is of another object
 *
 * It goes behind the last write, before the address that was written through is released, unless the file's own flushes
 * stand behind the release; else right behind the write; else before what makes the object visible.
 */
#include <string.h>

#include "api.h"
#include "fix.h"
#include "report.h"
#include "util.h"

struct flush {
	struct fix *x;
	struct view v;
	struct src_stmt *write, *drop, *seen;
	const char *forms[6];
	unsigned int nforms;
};

static void add_form(struct flush *f, const char *text)
{
	unsigned int i;

	for (i = 0; i < f->nforms; i++)
		if (!strcmp(f->forms[i], text))
			return;
	if (f->nforms < ARRAY_SIZE(f->forms))
		f->forms[f->nforms++] = text;
}

/* The finding has no words for the object ("*pages[...]"): what the function maps, as it says it. */
static void forms_of_maps(struct flush *f)
{
	struct src *s = f->x->s;
	unsigned int i, call, first, last;
	const struct api_fn *fn;

	for (i = 0; i < f->v.f->nstmts; i++) {
		call = call_kept(s, f->v.f->stmts[i]);
		fn = call ? api_find(f->x->api, src_text(s, call, call)) : NULL;
		if (fn && fn->neffects && fn->effects[0].kind <= API_MAPS_OR_ERR && fn->effects[0].object.root == API_ARG &&
		    call_arg(s, call, fn->effects[0].object.arg, &first, &last))
			add_form(f, arena_printf(s->arena, "flush_dcache_%s(%s);", strstr(fn->name, "folio") ? "folio" : "page",
						 src_text(s, first, last)));
	}
}

static void find_forms(struct flush *f)
{
	const struct json *about = json_get(f->x->finding, "about");
	const char *call = json_get_str(about, "call"), *object = json_get_str(about, "object");
	unsigned int i;

	if (*call && !strstr(call, "..."))
		add_form(f, arena_printf(f->x->s->arena, "%s;", call));
	else
		forms_of_maps(f);
	/* What the function flushes elsewhere may be it as well. */
	for (i = 0; i < f->v.f->nstmts; i++)
		if (flush_call(&f->v, f->v.f->stmts[i]))
			add_form(f, src_text(f->x->s, f->v.f->stmts[i]->first, f->v.f->stmts[i]->last));
	if (*object && !strstr(object, "...")) {
		add_form(f, arena_printf(f->x->s->arena, "flush_dcache_folio(%s);", object));
		add_form(f, arena_printf(f->x->s->arena, "flush_dcache_page(%s);", object));
	}
}

/* The first release behind the write, in its block or further out, no further than the statement that publishes. */
static struct src_stmt *release_behind(const struct flush *f)
{
	struct src_stmt *st, *up;

	for (up = f->write; up; up = up->parent)
		for (st = up->next; st && up->parent && up->parent->kind == SRC_BLOCK; st = st->next) {
			if (is_release(&f->v, st))
				return st;
			if (st == f->seen)
				return NULL;
		}
	return NULL;
}

static void put(struct flush *f, struct src_stmt *at, bool behind, const char *text, const char *what)
{
	struct edits es = { .s = f->x->s };

	if (f->drop)
		edit_delete(&es, f->drop);
	if (behind)
		edit_after(&es, at, text);
	else
		edit_before(&es, at, text);
	fix_add(f->x, &es, what);
}

static bool is_plain(const struct src_stmt *st)
{
	return st->kind == SRC_EXPR || st->kind == SRC_DECL;
}

static bool case_between(const struct view *v, const struct src_stmt *a, const struct src_stmt *b)
{
	unsigned int i = a->serial < b->serial ? a->serial : b->serial, end = a->serial + b->serial - i;

	while (i < end && v->f->stmts[i]->kind != SRC_CASE)
		i++;
	return i < end;
}

/* Is the object flushed on another arm of what the write is on one of, and on its own not? Then each arm flushes for itself. */
static bool flushed_beside(const struct flush *f, const char *text)
{
	const struct src_stmt *up, *arm = f->write;
	unsigned int i;

	for (up = arm->parent; up && up->kind != SRC_LOOP && up->kind != SRC_DO; arm = up, up = up->parent)
		for (i = 0; (up->kind == SRC_IF || up->kind == SRC_SWITCH) && i < f->v.f->nstmts; i++) {
			const struct src_stmt *st = f->v.f->stmts[i];

			if (flush_call(&f->v, st) && !strcmp(text, src_text(f->x->s, st->first, st->last)) && src_within(st, up) &&
			    (up->kind == SRC_IF ? !src_within(st, arm) : case_between(&f->v, st, f->write)))
				return true;
		}
	return false;
}

static void try_form(struct flush *f, const char *text)
{
	struct src_stmt *release = release_behind(f), *up;

	if (is_plain(f->write) && flushed_beside(f, text))
		put(f, f->write, true, text, "behind the write, as the other branch does");
	if (release)
		put(f, release, flushes_last(&f->v), text, "between the write and the release");
	if (is_plain(f->write))
		put(f, f->write, true, text, "behind the write");
	if (f->seen && f->seen != f->write)
		put(f, f->seen, false, text, "before it becomes visible");
	if (release)
		put(f, release, !flushes_last(&f->v), text, "beside the release");
	for (up = f->write->parent; up; up = up->parent)
		if (up->kind == SRC_LOOP || up->kind == SRC_DO || up->kind == SRC_IF)
			put(f, up, true, text, "behind the loop or branch that writes");
}

static struct src_stmt *event_stmt(const struct flush *f, const struct json *e)
{
	unsigned int line = json_get_num(e, "line");

	if (strcmp(json_get_str(e, "file"), f->x->file) || src_func_at(f->x->s, line) != f->v.f)
		return NULL;
	return src_stmt_at(f->x->s, f->v.f, line);
}

/* Of the function that ends up with the object written: the last write that the path names, and what makes it visible. */
static bool find_write(struct flush *f, unsigned int line)
{
	const struct json *e = json_get(f->x->finding, "events"), *last = NULL;

	f->v.f = src_func_at(f->x->s, line);
	if (!f->v.f)
		return false;
	f->write = src_stmt_at(f->x->s, f->v.f, line);
	for (e = e ? e->first : NULL; e; e = e->next) {
		last = e;
		if (strstr(json_get_str(e, "text"), "is written here") || strstr(json_get_str(e, "text"), "through this call"))
			f->write = event_stmt(f, e) ? event_stmt(f, e) : f->write;
	}
	f->seen = last ? event_stmt(f, last) : NULL;
	return f->write;
}

/* A flush of the same right above the write, in its block: is it the one that is missing behind? */
static struct src_stmt *flush_above(const struct flush *f)
{
	struct src_stmt *st;
	unsigned int i;

	for (st = f->write->prev; st && st->kind != SRC_CASE && st->kind != SRC_LABEL; st = st->prev)
		for (i = 0; flush_call(&f->v, st) && i < f->nforms; i++)
			if (!strcmp(f->forms[i], src_text(f->x->s, st->first, st->last)))
				return st;
	return NULL;
}

static void try_flushes(struct fix *x, unsigned int line, bool drop)
{
	struct flush f = { .x = x, .v = { .s = x->s, .api = x->api } };
	const struct json *other = json_get(json_get(x->finding, "about"), "other");
	unsigned int i;

	if (!line || !find_write(&f, line))
		return;
	find_releasers(&f.v);
	find_forms(&f);
	if (drop && other)
		f.drop = event_stmt(&f, other);
	if (drop && (!f.drop || !flush_call(&f.v, f.drop)))
		f.drop = flush_above(&f);
	if (!drop || (f.drop && flush_call(&f.v, f.drop)))
		for (i = 0; i < f.nforms; i++)
			try_form(&f, f.forms[i]);
	view_end(&f.v);
}

/* A flush of another object: let it be of this one. */
static void try_other_object(struct fix *x)
{
	const struct json *about = json_get(x->finding, "about"), *other = json_get(about, "other");
	struct flush f = { .x = x, .v = { .s = x->s, .api = x->api } };
	struct edits es = { .s = x->s };
	const char *call = json_get_str(about, "call");
	struct src_stmt *st;

	f.v.f = other ? src_func_at(x->s, json_get_num(other, "line")) : NULL;
	st = f.v.f ? event_stmt(&f, other) : NULL;
	if (!st || !flush_call(&f.v, st) || !*call)
		return;
	edit_replace(&es, st->first, st->last, arena_printf(x->s->arena, "%s;", call));
	fix_add(x, &es, "the flush is of what was written");
}

static unsigned int line_through(const struct fix *x)
{
	const struct json *e = json_get(x->finding, "events");

	for (e = e ? e->first : NULL; e; e = e->next)
		if (strstr(json_get_str(e, "text"), "through this call") && !strcmp(json_get_str(e, "file"), x->file))
			return json_get_num(e, "line");
	return 0;
}

void fix_flush(struct fix *x)
{
	unsigned int line = strcmp(json_get_str(x->finding, "file"), x->file) ? 0 : json_get_num(x->finding, "line");
	const char *rule = json_get_str(x->finding, "rule");

	if (!strcmp(rule, "dcache-wrong-folio"))
		try_other_object(x);
	try_flushes(x, line, true);
	try_flushes(x, line, false);
	/* Where the write is in a helper: behind the call of that. */
	try_flushes(x, line_through(x), false);
}
