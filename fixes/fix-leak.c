// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fix-leak.c - a release that is missing: which, and where it may stand, the likeliest first
 */
#include <stdlib.h>
#include <string.h>

#include "fix-put.h"
#include "report.h"
#include "util.h"

void fix_add(struct fix *x, struct edits *es, const char *what)
{
	char *text = edit_apply(es);
	unsigned int i;

	for (i = 0; text && i < x->n; i++)
		if (!strcmp(x->text[i], text))
			break;
	if (!text || i < x->n || x->n == FIX_MAX || !strcmp(text, x->s->text)) {
		free(text);
		return;
	}
	x->what[x->n] = what;
	x->text[x->n++] = text;
}

/* Behind the last use, of an address that is kept for that; then also where it is released already. */
static void try_kept(struct fix *x, struct view *v, const char *form, struct src_stmt *drop)
{
	bool own;
	const char *keep = keep_name(v, &own), *text = keep ? form_with(v, form, keep, NULL) : NULL;
	struct places places;
	struct putter p;
	unsigned int k;

	if (!text)
		return;
	find_places(v, WHERE_MEETING, &places);
	for (k = 0; k < 4; k++) {
		bool all = k & 2, here = !(k & 1);

		put_begin(&p, v, text, AT_BEGIN, drop);
		if (own)
			edit_keep(&p.es, v, keep, here);
		if (all)
			keep_elsewhere(&p.es, v, keep, here);
		put_places(&p, &places);
		fix_add(x, &p.es, all ? "all by the address as it was mapped" : "by the address as it was mapped");
	}
}

static void try_places(struct fix *x, struct view *v, const char *form, enum spot spot, struct src_stmt *drop)
{
	static const enum manner order[] = { BY_LABEL, AT_BEGIN, LEAVING };
	static const char *const names[] = { "where the ways meet", "on each way", "before the way branches" };
	struct places places;
	struct putter p;
	unsigned int i;

	find_places(v, spot, &places);
	for (i = 0; i < ARRAY_SIZE(order); i++) {
		put_begin(&p, v, form, order[i], drop);
		put_places(&p, &places);
		if (order[i] != BY_LABEL || p.labels)
			fix_add(x, &p.es, names[spot]);
	}
}

static bool released_behind(const struct view *v, unsigned int i)
{
	while (i < v->f->nstmts && !releases(v, v->f->stmts[i]))
		i++;
	return i < v->f->nstmts;
}

/* Where the finding's path ends. */
static void try_exit(struct fix *x, struct view *v, const char *form, struct src_stmt *drop)
{
	const struct json *last = fix_last_event(x->finding);
	struct src_stmt *st;
	struct putter p;
	unsigned int i;

	st = last && !strcmp(json_get_str(last, "file"), x->file) ? src_stmt_at(v->s, v->f, json_get_num(last, "line")) : NULL;
	if (!st || (!src_leaves(st) && st->kind != SRC_EXPR))
		return;
	/* To a label behind which it is released, maybe only where it is mapped */
	for (i = 0; src_leaves(st) && i < v->f->nstmts; i++) {
		if (v->f->stmts[i]->kind != SRC_LABEL || !released_behind(v, i))
			continue;
		put_begin(&p, v, form, BY_LABEL, drop);
		if (put_turn(&p, st, v->f->stmts[i]))
			fix_add(x, &p.es, "by way of a label");
	}
	put_begin(&p, v, form, LEAVING, drop);
	put_before(&p, st);
	fix_add(x, &p.es, "where the path leaves");
}

static bool releases_within(const struct view *v, const struct src_stmt *x)
{
	unsigned int i;

	for (i = 0; i < v->f->nstmts; i++)
		if (src_within(v->f->stmts[i], x) && releases(v, v->f->stmts[i]))
			return true;
	return false;
}

/* The if whose branch maps; NULL where none does. */
static const struct src_stmt *condition_of_map(const struct view *v)
{
	const struct src_stmt *in = v->map, *st = in->parent;

	for (; st && st->kind != SRC_IF; in = st, st = st->parent)
		;
	return st && st->body == in ? st : NULL;
}

/* "if (page) { put(page); }": does @st ask for the address, for what is mapped, or what was asked before mapping, and release nothing? */
static bool is_guard(const struct view *v, const struct src_stmt *st, const struct name *object)
{
	unsigned int n = st->head - st->first - 2;
	const struct src_stmt *asked = condition_of_map(v);

	if (st->kind != SRC_IF || src_within(v->map, st->body) || releases_within(v, st->body))
		return false;
	return (asked && asked->head - asked->first == n + 2 && src_same(v->s, st->first, v->s, asked->first, n + 2)) ||
	       (n == v->var.n && src_same(v->s, st->first + 2, v->var.toks, 1, n)) ||
	       (object->n && n == object->n && src_same(v->s, st->first + 2, object->toks, 1, n));
}

static void put_in_guard(struct putter *p, struct src_stmt *guard)
{
	struct src_stmt *st = guard->body->kind == SRC_BLOCK ? guard->body->body : guard->body;

	if (st && put_passes_over(p, st))
		put_after(p, st);
	else
		edit_enter(&p->es, guard, 0, p->text);
}

/* Where it is mapped on some ways, and the function asks for that: in all places that ask, and in each. */
static void try_guards(struct fix *x, struct view *v, const char *form, struct src_stmt *drop)
{
	struct name object = name_make(v->s, json_get_str(json_get(x->finding, "about"), "object"));
	struct src_stmt *guard[4];
	unsigned int i, n = 0;
	struct putter p;

	for (i = 0; i < v->f->nstmts && n < ARRAY_SIZE(guard); i++)
		if (is_guard(v, v->f->stmts[i], &object))
			guard[n++] = v->f->stmts[i];
	for (i = 0; i < n; i++) {
		put_begin(&p, v, form, AT_BEGIN, drop);
		put_in_guard(&p, guard[i]);
		fix_add(x, &p.es, "where the function asks for it");
	}
	put_begin(&p, v, form, AT_BEGIN, drop);
	for (i = 0; i < n; i++)
		put_in_guard(&p, guard[i]);
	if (n > 1)
		fix_add(x, &p.es, "wherever the function asks for it");
	if (object.toks)
		src_free(object.toks);
}

/* Mapped on some ways only, and released where it is: as it was asked when it was mapped, or if there is an address. */
static void try_asking(struct fix *x, struct view *v, const char *form, struct src_stmt *drop)
{
	struct src_stmt *behind = NULL;
	const char *text = asking_form(v, form, &behind);
	struct places places;
	struct putter p;

	if (!keeps_it_here(v))
		return;
	if (text) {
		put_begin(&p, v, text, AT_BEGIN, drop);
		put_after(&p, behind);
		fix_add(x, &p.es, "under the condition of the mapping");
	}
	find_places(v, WHERE_ASKED, &places);
	put_begin(&p, v, arena_printf(v->s->arena, "if (%s)\n\t%s", src_text(v->var.toks, 1, v->var.n), form), AT_BEGIN, drop);
	put_places(&p, &places);
	fix_add(x, &p.es, "if there is an address");
}

enum tier { MEETING, EACH, LATE, NO_ALIAS, GUARD, ASKING, KEPT, EXIT, TIERS };

static void try_tier(struct fix *x, struct view *v, const char *form, enum tier tier, struct src_stmt *drop)
{
	unsigned int aliases = v->nalias;

	switch (tier) {
	case MEETING: case EACH: case LATE:
		try_places(x, v, form, (enum spot)tier, drop);
		break;
	case NO_ALIAS:
		v->nalias = 0;
		if (!v->stored)
			try_places(x, v, form, WHERE_MEETING, drop);
		v->nalias = aliases;
		break;
	case GUARD:
		try_guards(x, v, form, drop);
		break;
	case ASKING:
		try_asking(x, v, form, drop);
		break;
	case KEPT:
		try_kept(x, v, form, drop);
		break;
	default:
		try_exit(x, v, form, drop);
		break;
	}
}

/* All forms at the likelier place before any at the next one. */
void add_leak_candidates(struct fix *x, struct view *v, struct src_stmt *drop)
{
	const char *forms[4];
	unsigned int n, i;
	enum tier tier;

	v->gone = drop;
	n = release_forms(v, json_get_str(json_get(x->finding, "about"), "call"), forms, ARRAY_SIZE(forms));
	for (tier = MEETING; tier < TIERS; tier++)
		for (i = 0; i < n; i++) {
			if (tier != NO_ALIAS)
				v->also = form_also(v, forms[i]);
			try_tier(x, v, forms[i], tier, drop);
			if (v->also.toks)
				src_free(v->also.toks);
			v->also = (struct name){ NULL, 0 };
		}
}

/* The first statement of @f that the path names. */
static struct src_stmt *first_event(const struct fix *x, const struct src_func *f)
{
	const struct json *e = json_get(x->finding, "events");
	unsigned int line;

	for (e = e ? e->first : NULL; e; e = e->next) {
		line = json_get_num(e, "line");
		if (!strcmp(json_get_str(e, "file"), x->file) && src_func_at(x->s, line) == f)
			return src_stmt_at(x->s, f, line);
	}
	return NULL;
}

static struct src_func *last_function(const struct fix *x)
{
	const struct json *last = fix_last_event(x->finding);

	if (!last || strcmp(json_get_str(last, "file"), x->file))
		return NULL;
	return src_func_at(x->s, json_get_num(last, "line"));
}

/* What is released by its page or folio: that, as the call that maps has it. */
static void name_object(struct view *v, const struct json *about)
{
	const char *call = json_get_str(about, "call"), *object = json_get_str(about, "object");
	unsigned int kept = call_kept(v->s, v->map), first, last;
	size_t n = strcspn(call, "(");

	if (!*object || strlen(call) != n + strlen(object) + 2 || strncmp(call + n + 1, object, strlen(object)))
		return;
	if (kept && call_arg(v->s, kept, 0, &first, &last))
		object = src_text(v->s, first, last);
	v->object = name_make(v->s, object);
}

bool view_begin(struct fix *x, struct view *v)
{
	const struct json *about = json_get(x->finding, "about");
	unsigned int first, last;

	memset(v, 0, sizeof(*v));
	v->s = x->s;
	v->api = x->api;
	v->f = last_function(x);
	v->map = v->f ? first_event(x, v->f) : NULL;
	if (!v->map)
		return false;
	v->var = name_make(x->s, json_get_str(about, "variable"));
	if (!v->var.n || !name_find(x->s, v->f->params, v->f->body->last, &v->var)) {
		if (!assigned(x->s, v->map, &first, &last))
			return false;
		v->var = name_make(x->s, src_text(x->s, first, last));
	}
	name_object(v, about);
	find_releasers(v);
	find_aliases(v);
	return true;
}

void view_end(struct view *v)
{
	unsigned int i;

	if (v->var.toks)
		src_free(v->var.toks);
	if (v->object.toks)
		src_free(v->object.toks);
	for (i = 0; i < v->nalias; i++)
		src_free(v->alias[i].toks);
	for (i = 0; i < v->nalias; i++)
		if (v->member[i].n)
			src_free(v->member[i].toks);
	free(v->rel);
}

void fix_leak(struct fix *x)
{
	struct view v;

	if (view_begin(x, &v))
		add_leak_candidates(x, &v, NULL);
	view_end(&v);
}
