// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fix-leak.c - a release that is missing: where people put it
 *
 * Behind the last use where one place serves all ways; at an existing cleanup label where the way out leads past one; else
 * before the statement that leaves, on each way.
 */
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "fix.h"
#include "report.h"
#include "util.h"

/* How a place on a branch is taken: before what leaves, by way of a label that releases, or at the branch's begin. */
enum manner { LEAVING, BY_LABEL, AT_BEGIN, MANNERS };

struct putter {
	struct view *v;
	struct edits es;
	const char *text;
	enum manner manner;
	bool flush_last;		/* the file flushes behind the release */
	unsigned int labels;		/* places that a label served */
};

static bool is_flush(const struct view *v, const struct src_stmt *st)
{
	const struct api_fn *f;

	if (!is_call_statement(v->s, st))
		return false;
	f = api_find(v->api, src_text(v->s, st->first, st->first));
	return f && f->neffects == 1 && (f->effects[0].kind == API_FLUSHES || f->effects[0].kind == API_FLUSHES_PAGE);
}

static bool is_release(const struct view *v, const struct src_stmt *st)
{
	return is_call_statement(v->s, st) && releaser_at(v, st->first);
}

/* Does the file flush behind the release more often than before it? */
static bool flushes_last(const struct view *v)
{
	unsigned int i, k;
	int n = 0;

	for (i = 0; i < v->s->nfuncs; i++)
		for (k = 0; k < v->s->funcs[i].nstmts; k++) {
			const struct src_stmt *st = v->s->funcs[i].stmts[k];

			if (is_flush(v, st) && st->prev && is_release(v, st->prev))
				n++;
			if (is_flush(v, st) && st->next && is_release(v, st->next))
				n--;
		}
	return n > 0;
}

/* Does @st release what was mapped after our mapping? */
static bool is_inner(const struct view *v, const struct src_stmt *st)
{
	unsigned int first, last, a, b, i;
	const struct src_stmt *made = NULL;
	struct name name;

	if (!is_release(v, st) || releases(v, st) || !call_arg(v->s, st->first, releaser_at(v, st->first)->arg, &first, &last))
		return false;
	name = name_make(v->s, src_text(v->s, first, last));
	for (i = 0; i < st->serial; i++)
		if (assigned(v->s, v->f->stmts[i], &a, &b) && name_find(v->s, a, b, &name))
			made = v->f->stmts[i];
	src_free(name.toks);
	return made && made->serial > v->map->serial;
}

static bool is_passed_over(const struct putter *p, const struct src_stmt *st)
{
	return is_inner(p->v, st) || (is_flush(p->v, st) && !p->flush_last);
}

static void put_after(struct putter *p, struct src_stmt *at)
{
	struct src_stmt *next = at->next;

	while (next && (next->kind == SRC_LABEL || is_passed_over(p, next))) {
		if (next->kind == SRC_LABEL && at->kind != SRC_LABEL)
			break;
		at = next;
		next = next->next;
	}
	edit_after(&p->es, at, p->text);
}

static void put_before(struct putter *p, struct src_stmt *at)
{
	if (at->kind == SRC_LABEL || at->kind == SRC_CASE || (is_passed_over(p, at) && at->next)) {
		put_after(p, at);
		return;
	}
	edit_before(&p->es, at, p->text);
}

static bool leaves(const struct src_stmt *st)
{
	return st->kind == SRC_GOTO || st->kind == SRC_RETURN || st->kind == SRC_BREAK || st->kind == SRC_CONTINUE;
}

/* From @st straight on in its block: the statement that leaves it, NULL where none does or there are branches before. */
static struct src_stmt *leaving(struct src_stmt *st)
{
	while (st && !leaves(st)) {
		if (st->kind != SRC_EXPR && st->kind != SRC_DECL && st->kind != SRC_CASE)
			return NULL;
		st = st->next;
	}
	return st;
}

static struct src_stmt *past_labels(struct src_stmt *st)
{
	while (st && (st->kind == SRC_LABEL || st->kind == SRC_CASE))
		st = src_succ(st, 0);
	return st;
}

/* Behind the releases of the address that a label begins with; NULL where it does not begin so. */
static struct src_stmt *past_releases(const struct view *v, struct src_stmt *label)
{
	struct src_stmt *st = past_labels(label);
	bool any = false;

	while (st && is_call_statement(v->s, st) && releases(v, st)) {
		any = true;
		st = past_labels(src_succ(st, 0));
	}
	return any ? st : NULL;
}

static const char *label_text(const struct view *v, const struct src_stmt *label)
{
	return src_text(v->s, label->first, label->first);
}

/* "return X;" where the label ends in "return ret;": set ret and go there. */
static bool return_by_label(struct putter *p, struct src_stmt *jump, const struct src_stmt *label, const struct src_stmt *end)
{
	struct src *s = p->v->s;
	unsigned int n = jump->last - jump->first;

	if (end->kind != SRC_RETURN)
		return false;
	if (end->last - end->first == n && src_same(s, jump->first, s, end->first, n)) {
		edit_replace(&p->es, jump->first, jump->last, arena_printf(s->arena, "goto %s;", label_text(p->v, label)));
		return true;
	}
	if (end->last != end->first + 2 || s->toks[end->first + 1].kind != TOK_WORD || n < 2)
		return false;
	edit_before(&p->es, jump, arena_printf(s->arena, "%s = %s;", src_text(s, end->first + 1, end->first + 1),
					       src_text(s, jump->first + 1, jump->last - 1)));
	edit_replace(&p->es, jump->first, jump->last, arena_printf(s->arena, "goto %s;", label_text(p->v, label)));
	return true;
}

/* Is there a label that releases the address and then does what @jump leads to? */
static bool put_by_label(struct putter *p, struct src_stmt *jump)
{
	const struct view *v = p->v;
	struct src_stmt *to, *end;
	unsigned int i;

	if (!jump || (jump->kind != SRC_GOTO && jump->kind != SRC_RETURN))
		return false;
	to = jump->kind == SRC_GOTO ? past_labels(src_succ(jump, 0)) : NULL;
	for (i = 0; i < v->f->nstmts; i++) {
		struct src_stmt *label = v->f->stmts[i];

		if (label->kind != SRC_LABEL)
			continue;
		end = past_releases(v, label);
		if (!end)
			continue;
		if (jump->kind == SRC_GOTO && end == to) {
			edit_replace(&p->es, jump->first + 1, jump->first + 1, label_text(v, label));
			return true;
		}
		if (jump->kind == SRC_RETURN && return_by_label(p, jump, label, end))
			return true;
	}
	return false;
}

/* The statement that ends behind what @at governs, where that is where edge @k leads; else NULL. */
static struct src_stmt *ends_behind(struct src_stmt *at, unsigned int k)
{
	struct src_stmt *top = at;

	if ((at->kind == SRC_LOOP || at->kind == SRC_DO) && k == 1)
		return at;
	if (at->kind == SRC_SWITCH && (!src_succ(at, k) || src_succ(at, k)->kind != SRC_CASE))
		return at;
	if (at->kind != SRC_IF || k != 1 || at->other)
		return NULL;
	while (top->parent && top->parent->kind == SRC_IF && top->parent->other == top)
		top = top->parent;
	return top;
}

/* The last release of a newer mapping in the straight run that begins with @st. */
static struct src_stmt *last_inner(const struct view *v, struct src_stmt *st)
{
	struct src_stmt *last = NULL;

	for (st = past_labels(st); st && st->kind == SRC_EXPR; st = st->next)
		if (is_inner(v, st))
			last = st;
	return last;
}

static void put_on_edge(struct putter *p, struct src_stmt *at, unsigned int k)
{
	struct src_stmt *to = src_succ(at, k), *behind = ends_behind(at, k), *jump;
	bool branches = at->kind == SRC_IF || at->kind == SRC_SWITCH || at->kind == SRC_LOOP || at->kind == SRC_DO;

	jump = behind ? leaving(behind->next) : branches ? leaving(to) : leaving(at->next);
	if (p->manner == BY_LABEL && put_by_label(p, jump)) {
		p->labels++;
		return;
	}
	if (behind)
		put_after(p, behind);
	else if (!branches)
		put_after(p, at);
	else if (p->manner != AT_BEGIN && jump)
		put_before(p, jump);
	else if (last_inner(p->v, to))
		put_after(p, last_inner(p->v, to));
	else
		edit_enter(&p->es, at, k, p->text);
}

static void put_at_end(struct putter *p, struct src_stmt *loop)
{
	struct src_stmt *st = loop->body;

	while (st && st->kind == SRC_BLOCK)
		st = st->body;
	while (st && st->next)
		st = st->next;
	if (!st)
		p->es.failed = true;
	else if (leaves(st))
		put_before(p, st);
	else
		edit_after(&p->es, st, p->text);
}

static void put(struct putter *p, const struct places *places)
{
	unsigned int i;

	for (i = 0; i < places->n; i++) {
		const struct place *pl = &places->p[i];

		if (pl->kind == PLACE_EDGE)
			put_on_edge(p, pl->at, pl->k);
		else if (pl->kind == PLACE_BEFORE)
			put_before(p, pl->at);
		else if (pl->kind == PLACE_AFTER)
			put_after(p, pl->at);
		else if (pl->kind == PLACE_ELSE)
			edit_else(&p->es, pl->at, p->text);
		else if (pl->kind == PLACE_RETURN)
			edit_return(&p->es, p->v, pl->at, p->text);
		else
			put_at_end(p, pl->at);
	}
	if (!places->n)
		p->es.failed = true;
}

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

static void begin(struct putter *p, struct view *v, const char *text, enum manner manner, struct src_stmt *drop)
{
	*p = (struct putter){ .v = v, .text = text, .manner = manner };
	p->es.s = v->s;
	p->flush_last = flushes_last(v);
	if (drop)
		edit_delete(&p->es, drop);
}

/* Behind the last use, of an address that is kept for that. */
static void try_kept(struct fix *x, struct view *v, const char *form, struct src_stmt *drop)
{
	const char *keep = keep_name(v), *text = keep ? keep_form(v, form, keep) : NULL;
	struct places places;
	struct putter p;

	if (!text)
		return;
	find_places(v, WHERE_MEETING, &places);
	begin(&p, v, text, AT_BEGIN, drop);
	edit_keep(&p.es, v, keep);
	put(&p, &places);
	fix_add(x, &p.es, "by the address as it was mapped");
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
		begin(&p, v, form, order[i], drop);
		put(&p, &places);
		if (order[i] != BY_LABEL || p.labels)
			fix_add(x, &p.es, names[spot]);
	}
}

/* Where the finding's path ends. */
static void try_exit(struct fix *x, struct view *v, const char *form, struct src_stmt *drop)
{
	const struct json *e = json_get(x->finding, "events"), *last = NULL;
	struct src_stmt *st;
	struct putter p;

	for (e = e ? e->first : NULL; e; e = e->next)
		last = e;
	st = last && !strcmp(json_get_str(last, "file"), x->file) ? src_stmt_at(v->s, v->f, json_get_num(last, "line")) : NULL;
	if (!st || (!leaves(st) && st->kind != SRC_EXPR))
		return;
	begin(&p, v, form, LEAVING, drop);
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

/* "if (page) { put(page); }": does @st ask for the address or what is mapped, and release nothing? */
static bool is_guard(const struct view *v, const struct src_stmt *st, const struct name *object)
{
	unsigned int n = st->head - st->first - 2;

	if (st->kind != SRC_IF || src_within(v->map, st->body) || releases_within(v, st->body))
		return false;
	return (n == v->var.n && src_same(v->s, st->first + 2, v->var.toks, 1, n)) ||
	       (object->n && n == object->n && src_same(v->s, st->first + 2, object->toks, 1, n));
}

static void put_in_guard(struct putter *p, struct src_stmt *guard)
{
	struct src_stmt *st = guard->body->kind == SRC_BLOCK ? guard->body->body : guard->body;

	if (st && is_passed_over(p, st))
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
		begin(&p, v, form, AT_BEGIN, drop);
		put_in_guard(&p, guard[i]);
		fix_add(x, &p.es, "where the function asks for it");
	}
	begin(&p, v, form, AT_BEGIN, drop);
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

	if (text) {
		begin(&p, v, text, AT_BEGIN, drop);
		put_after(&p, behind);
		fix_add(x, &p.es, "under the condition of the mapping");
	}
	find_places(v, WHERE_ASKED, &places);
	begin(&p, v, arena_printf(v->s->arena, "if (%s)\n\t%s", src_text(v->var.toks, 1, v->var.n), form), AT_BEGIN, drop);
	put(&p, &places);
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
	const struct json *e = json_get(x->finding, "events"), *last = NULL;

	for (e = e ? e->first : NULL; e; e = e->next)
		last = e;
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
	free(v->rel);
}

void fix_leak(struct fix *x)
{
	struct view v;

	if (view_begin(x, &v))
		add_leak_candidates(x, &v, NULL);
	view_end(&v);
}
