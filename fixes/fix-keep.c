// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fix-keep.c - releases that need more than a place: of the address as it was mapped, where the variable has been moved on since; and
 * under the condition under which it was mapped
 *
 * "p = map(); while (…) p += n; release(p);" releases whatever page p has come to. Nobody can prove that, and at the end of a page
 * it is wrong; so it may be for "p = map() + n". The address is kept in a variable of its own, and that is released.
 */
#include <stdlib.h>
#include <string.h>

#include "fix.h"
#include "util.h"

static bool is_step(const struct src *s, unsigned int i)
{
	return src_is(s, i, "+=") || src_is(s, i, "-=") || src_is(s, i, "++") || src_is(s, i, "--");
}

/* Is the variable given anything but what is mapped? */
static bool is_moved(const struct view *v)
{
	unsigned int i = v->f->params, end = v->f->body->last, n = v->var.n, first, last;

	while ((i = name_find(v->s, i, end, &v->var))) {
		if (is_step(v->s, i + n) || is_step(v->s, i - 1))
			return true;
		i += n;
	}
	for (i = 0; i < v->f->nstmts; i++)
		if (v->f->stmts[i]->kind == SRC_EXPR && !maps(v, v->f->stmts[i]) &&
		    assigned(v->s, v->f->stmts[i], &first, &last) && last - first + 1 == n &&
		    src_same(v->s, first, v->var.toks, 1, n) && !src_is(v->s, last + 2, "NULL"))
			return true;
	return false;
}

enum kept { NOT_KEPT, AS_IT_IS, OF_A_SUM };

/* How the address of the mapping that @st makes can be kept: behind "p = map(…);", or before "p = map(…) + n;". @call: "map" */
static enum kept kept_how(const struct view *v, const struct src_stmt *st, unsigned int *call)
{
	unsigned int first, last, end, i;

	*call = call_kept(v->s, st);
	if ((st->kind != SRC_EXPR && st->kind != SRC_DECL) || !*call || !assigned(v->s, st, &first, &last) ||
	    (*call != last + 2 && v->s->toks[last + 2].match + 1 != *call))
		return NOT_KEPT;
	end = v->s->toks[*call + 1].match;
	if (end + 1 == st->last)
		return AS_IT_IS;
	for (i = end + 1; i < st->last; i++)
		if (src_is(v->s, i, ","))
			return NOT_KEPT;
		else if (v->s->toks[i].match > i)
			i = v->s->toks[i].match;
	return src_is(v->s, end + 1, "+") ? OF_A_SUM : NOT_KEPT;
}

const char *keep_name(const struct view *v, bool *own)
{
	static const char *const names[] = { "start", "base", "mapped" };
	unsigned int k, call;
	enum kept how = kept_how(v, v->map, &call);
	struct name name;
	bool taken;

	/* A member may be moved by whoever gets the structure. */
	*own = how == OF_A_SUM || v->var.n > 1 || is_moved(v);
	if (!*own)
		return src_text(v->var.toks, 1, v->var.n);
	if (v->f->stmts[0]->kind != SRC_DECL || how == NOT_KEPT || handed_out(v))
		return NULL;
	for (k = 0; k < ARRAY_SIZE(names); k++) {
		name = name_make(v->s, names[k]);
		taken = name_find(v->s, v->f->params, v->f->body->last, &name);
		src_free(name.toks);
		if (!taken)
			return names[k];
	}
	return NULL;
}

static void keep_of(struct edits *es, const struct view *v, struct src_stmt *st, const char *keep)
{
	unsigned int call, end, first, last;

	switch (kept_how(v, st, &call)) {
	case AS_IT_IS:
		assigned(v->s, st, &first, &last);
		edit_after(es, st, arena_printf(v->s->arena, "%s = %s;", keep, src_text(v->s, first, last)));
		break;
	case OF_A_SUM:
		end = v->s->toks[call + 1].match;
		edit_before(es, st, arena_printf(v->s->arena, "%s = %s;", keep, src_text(v->s, call, end)));
		edit_replace(es, call, end, keep);
		break;
	default:
		es->failed = true;
	}
}

void edit_keep(struct edits *es, const struct view *v, const char *keep, bool here)
{
	struct src_stmt *decl = v->f->stmts[0];
	unsigned int i, call, end;

	/* No statement comes before a declaration. */
	if (v->map->kind == SRC_DECL && kept_how(v, v->map, &call) == OF_A_SUM) {
		end = v->s->toks[call + 1].match;
		edit_before(es, v->map, arena_printf(v->s->arena, "void *%s = %s;", keep, src_text(v->s, call, end)));
		edit_replace(es, call, end, keep);
		return;
	}
	while (decl->next && decl->next->kind == SRC_DECL)
		decl = decl->next;
	edit_line_behind(es, decl, arena_printf(v->s->arena, "void *%s;", keep));
	for (i = 0; i < v->f->nstmts; i++)
		if (here ? v->f->stmts[i] == v->map : maps(v, v->f->stmts[i]))
			keep_of(es, v, v->f->stmts[i], keep);
}

/* What follows the mapping, up to where another is kept in the variable. */
static void mark_on(const struct view *v, const struct src_stmt *st, bool *seen)
{
	unsigned int k;

	for (k = 0; k < src_nsucc(st); k++) {
		const struct src_stmt *to = src_succ(st, k);

		if (!to || seen[to->serial] || maps(v, to))
			continue;
		seen[to->serial] = true;
		mark_on(v, to, seen);
	}
}

void keep_elsewhere(struct edits *es, const struct view *v, const char *keep, bool here)
{
	bool *seen = xcalloc(v->f->nstmts, sizeof(*seen));
	unsigned int i, call, first, last;

	mark_on(v, v->map, seen);
	for (i = 0; i < v->f->nstmts; i++) {
		call = !here || seen[i] ? releases(v, v->f->stmts[i]) : 0;
		if (call && call_arg(v->s, call, releaser_at(v, call)->arg, &first, &last) &&
		    strcmp(src_text(v->s, first, last), keep))
			edit_replace(es, first, last, keep);
	}
	free(seen);
}

/* The condition of @st, of which @in is an arm, or what is asked in its other arm: a short text without calls, or NULL. */
static const char *condition(const struct src *s, const struct src_stmt *st, const struct src_stmt *in)
{
	unsigned int i;

	if (st->head > st->first + 8)
		return NULL;
	for (i = st->first + 2; i < st->head; i++)
		if (src_is(s, i, "(") || src_is(s, i, "=") || src_is(s, i, "++") || src_is(s, i, "--"))
			return NULL;
	if (st->body == in)
		return src_text(s, st->first + 2, st->head - 1);
	if (src_is(s, st->first + 2, "!"))
		return src_text(s, st->first + 3, st->head - 1);
	return st->head == st->first + 3 ? arena_printf(s->arena, "!%s", src_text(s, st->first + 2, st->first + 2)) : NULL;
}

static bool uses_within(const struct view *v, const struct src_stmt *st)
{
	unsigned int i;

	for (i = 0; i < v->f->nstmts; i++)
		if (src_within(v->f->stmts[i], st) && uses(v, v->f->stmts[i]))
			return true;
	return false;
}

bool keeps_it_here(const struct view *v)
{
	unsigned int i, first, last;

	own_range(v->map, &first, &last);
	for (i = last; i > first && !src_is(v->s, i, "="); i--)
		;
	for (; i > first; i--)
		if (src_is(v->s, i, "->") || src_is(v->s, i, "[") ||
		    (src_is(v->s, i, "*") && (v->map->kind != SRC_DECL || src_is(v->s, i - 1, "="))))
			return false;
	return !src_is(v->s, first, "*") && !src_is(v->s, first + 1, "->") && !src_is(v->s, first + 1, "[");
}

const char *asking_form(const struct view *v, const char *form, struct src_stmt **behind)
{
	struct src_stmt *in = v->map, *st = in->parent;
	const char *cond;

	for (; st && st->kind != SRC_IF; in = st, st = st->parent)
		;
	cond = st ? condition(v->s, st, in) : NULL;
	if (!cond)
		return NULL;
	*behind = st;
	for (st = st->next; st; st = st->next)
		if (uses_within(v, st))
			*behind = st;
	return arena_printf(v->s->arena, "if (%s)\n\t%s", cond, form);
}
