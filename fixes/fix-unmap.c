// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fix-unmap.c - releases that are there and wrong: twice, in the wrong order, of the wrong argument, too early
 */
#include <string.h>

#include "fix.h"
#include "report.h"
#include "util.h"

/* The statement of the finding's file on that line. */
static struct src_stmt *stmt_on(const struct fix *x, const struct json *place, struct src_func **f)
{
	unsigned int line = json_get_num(place, "line");

	if (!place || strcmp(json_get_str(place, "file"), x->file))
		return NULL;
	*f = src_func_at(x->s, line);
	return *f ? src_stmt_at(x->s, *f, line) : NULL;
}

static struct src_stmt *found_at(const struct fix *x, struct src_func **f)
{
	return stmt_on(x, x->finding, f);
}

static struct src_stmt *other_at(const struct fix *x, struct src_func **f)
{
	return stmt_on(x, json_get(json_get(x->finding, "about"), "other"), f);
}

static void try_delete(struct fix *x, struct src_stmt *st, const char *what)
{
	struct edits es = { .s = x->s, .comments = true };

	if (!st || !is_call_statement(x->s, st))
		return;
	edit_delete(&es, st);
	fix_add(x, &es, what);
}

void fix_double(struct fix *x)
{
	struct src_stmt *again, *first;
	struct src_func *f;

	again = found_at(x, &f);
	first = other_at(x, &f);
	try_delete(x, again, "the second release goes");
	if (first != again)
		try_delete(x, first, "the first release goes");
}

/* Can control leave @st for elsewhere than what follows it, or come into it? */
static bool has_jump(const struct view *v, const struct src_stmt *st)
{
	unsigned int i;

	for (i = 0; i < v->f->nstmts; i++) {
		const struct src_stmt *in = v->f->stmts[i];

		if ((src_leaves(in) || in->kind == SRC_LABEL || in->kind == SRC_CASE) && src_within(in, st))
			return true;
	}
	return false;
}

/* The next release in the block behind @st, over what goes straight on. */
static struct src_stmt *next_release(const struct view *v, struct src_stmt *st)
{
	for (st = st->next; st; st = st->next) {
		if (is_release(v, st))
			return st;
		if (has_jump(v, st))
			return NULL;
	}
	return NULL;
}

/* The function may have the same two, in the same wrong order, on other ways: one finding stands for all. */
static void swap(struct fix *x, const struct view *v, struct src_stmt *a, struct src_stmt *b)
{
	const char *first = src_text(x->s, a->first, a->last), *second = src_text(x->s, b->first, b->last);
	struct edits es = { .s = x->s }, all = { .s = x->s };
	unsigned int i;

	edit_replace(&es, a->first, a->last, second);
	edit_replace(&es, b->first, b->last, first);
	fix_add(x, &es, "the releases change places");
	for (i = 0; i < v->f->nstmts; i++) {
		struct src_stmt *st = v->f->stmts[i], *to = st->next;

		if (!to || strcmp(src_text(x->s, st->first, st->last), first) || strcmp(src_text(x->s, to->first, to->last), second))
			continue;
		edit_replace(&all, st->first, st->last, second);
		edit_replace(&all, to->first, to->last, first);
	}
	fix_add(x, &all, "the releases change places everywhere");
}

/* Where the address that is released was made: the last assignment to it above; 0 where there is none. */
static unsigned int made_at(const struct view *v, const struct src_stmt *release)
{
	unsigned int i, first, last, a, b, made = 0;

	if (!call_arg(v->s, release->first, releaser_at(v, release->first)->arg, &first, &last))
		return 0;
	for (i = 0; i < release->serial; i++)
		if (assigned(v->s, v->f->stmts[i], &a, &b) && last - first <= b - a &&
		    src_same(v->s, first, v->s, b - (last - first), last - first + 1))
			made = i + 1;
	return made;
}

/* Three and more releases that follow each other: the newest mapping's first. */
static void sort_releases(struct fix *x, const struct view *v, struct src_stmt *first)
{
	struct src_stmt *run[8], *order[8], *st;
	struct edits es = { .s = x->s };
	unsigned int n = 0, i, k;

	for (st = first; st && is_release(v, st) && n < ARRAY_SIZE(run); st = st->next) {
		if (!made_at(v, st))
			return;
		for (i = n; i && made_at(v, order[i - 1]) < made_at(v, st); i--)
			order[i] = order[i - 1];
		order[i] = run[n++] = st;
	}
	for (k = 0; n > 2 && k < n; k++)
		if (order[k] != run[k])
			edit_replace(&es, run[k]->first, run[k]->last, src_text(x->s, order[k]->first, order[k]->last));
	fix_add(x, &es, "the releases are reversed");
}

static void move_behind(struct fix *x, struct src_stmt *st, struct src_stmt *to)
{
	struct edits es = { .s = x->s };

	edit_delete(&es, st);
	edit_after(&es, to, src_text(x->s, st->first, st->last));
	fix_add(x, &es, "the release goes behind that of the newer mapping");
}

/* Nobody releases the newer mapping: do that first. */
static void release_newer(struct fix *x, struct src_stmt *wrong)
{
	struct edits es = { .s = x->s }, guarded = { .s = x->s };
	struct src_stmt *made;
	unsigned int first, last;
	struct src_func *f;
	const char *call, *var;

	made = other_at(x, &f);
	if (!made || !src_within(wrong, f->body) || !assigned(x->s, made, &first, &last))
		return;
	var = src_text(x->s, first, last);
	call = arena_printf(x->s->arena, "%s(%s);", src_text(x->s, wrong->first, wrong->first), var);
	edit_before(&es, wrong, call);
	fix_add(x, &es, "the newer mapping is released first");
	edit_before(&guarded, wrong, arena_printf(x->s->arena, "if (%s)\n\t%s", var, call));
	fix_add(x, &guarded, "the newer mapping is released first, where there is one");
}

void fix_order(struct fix *x)
{
	struct src_stmt *wrong, *newer;
	struct view v = { .s = x->s, .api = x->api };

	wrong = found_at(x, &v.f);
	if (!wrong || !is_call_statement(x->s, wrong))
		return;
	find_releasers(&v);
	newer = next_release(&v, wrong);
	sort_releases(x, &v, wrong);
	if (newer && newer == wrong->next)
		swap(x, &v, wrong, newer);
	for (; newer; newer = next_release(&v, newer))
		move_behind(x, wrong, newer);
	release_newer(x, wrong);
	view_end(&v);
}

static void try_call(struct fix *x, struct src_stmt *st, const char *call, const char *what)
{
	struct edits es = { .s = x->s };

	if (!*call)
		return;
	edit_replace(&es, st->first, st->last, arena_printf(x->s->arena, "%s;", call));
	fix_add(x, &es, what);
}

/* The argument of a release at @st, changed by a printf() format that takes its text. */
static void try_argument(struct fix *x, const struct view *v, struct src_stmt *st, const char *format, const char *with,
			 const char *what)
{
	const struct releaser *r = releaser_at(v, st->first);
	struct edits es = { .s = x->s };
	unsigned int first, last;

	if (!r || !call_arg(x->s, st->first, r->arg, &first, &last))
		return;
	if (!with)
		with = src_text(x->s, first, last);
	edit_replace(&es, first, last, arena_printf(x->s->arena, "%s%s", with, format));
	fix_add(x, &es, what);
}

static void try_guard(struct fix *x, const struct view *v, struct src_stmt *st)
{
	const struct releaser *r = releaser_at(v, st->first);
	struct edits es = { .s = x->s };
	unsigned int first, last;

	if (!r || !call_arg(x->s, st->first, r->arg, &first, &last) || st->parent->kind != SRC_BLOCK)
		return;
	edit_add(&es, x->s->toks[st->first].off, 0,
		 arena_printf(x->s->arena, "if (%s)\n%s\t", src_text(x->s, first, last), edit_indent(&es, st)));
	fix_add(x, &es, "only where something is mapped");
}

/* The address as it was mapped, kept for that. */
static void try_kept(struct fix *x)
{
	unsigned int k;
	struct view v;
	const char *keep;
	bool own;

	keep = view_begin(x, &v) ? keep_name(&v, &own) : NULL;
	for (k = 0; keep && k < 2; k++) {
		struct edits es = { .s = x->s };

		if (own)
			edit_keep(&es, &v, keep, !k);
		keep_elsewhere(&es, &v, keep, !k);
		fix_add(x, &es, "all by the address as it was mapped");
	}
	view_end(&v);
}

void fix_wrong_arg(struct fix *x)
{
	const struct json *about = json_get(x->finding, "about");
	const char *call = json_get_str(about, "call"), *var = json_get_str(about, "variable");
	struct view v = { .s = x->s, .api = x->api };
	struct src_stmt *st;
	unsigned int i;

	st = found_at(x, &v.f);
	if (!st || !is_call_statement(x->s, st))
		return;
	find_releasers(&v);
	try_call(x, st, call, "the call that is meant");
	if (*var)
		try_argument(x, &v, st, "", var, "the address");
	/* An address at the page's end: one byte before it will do; or the variable that was mapped to. */
	for (i = 0; i < st->serial; i++) {
		unsigned int first, last;

		if (assigned(x->s, v.f->stmts[i], &first, &last) &&
		    strstr(src_text(x->s, v.f->stmts[i]->first, v.f->stmts[i]->head), "map"))
			try_argument(x, &v, st, "", src_text(x->s, first, last), "the address as it was mapped");
	}
	try_argument(x, &v, st, " - 1", NULL, "inside the page");
	try_guard(x, &v, st);
	view_end(&v);
	try_kept(x);
}

void fix_use_after(struct fix *x)
{
	struct src_stmt *early, *use;
	struct src_func *f, *g;
	struct view v;

	early = other_at(x, &f);
	use = found_at(x, &g);
	if (view_begin(x, &v) && early && use && f == v.f && is_call_statement(x->s, early)) {
		struct edits es = { .s = x->s };

		/* Right behind the use, where that is in the same block; then wherever else it is used. */
		add_leak_candidates(x, &v, early);
		if (use->kind == SRC_EXPR) {
			edit_delete(&es, early);
			edit_after(&es, use, src_text(x->s, early->first, early->last));
			fix_add(x, &es, "behind the use");
		}
	}
	view_end(&v);
}
