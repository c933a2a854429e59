// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fix-return.c - "return p[n];": what is returned is read through the address, and has to be kept before that is released
 */
#include <string.h>

#include "fix.h"
#include "util.h"

/* The tokens of the function's type, but for storage and attributes: [*first, name). Pointers are addresses themselves. */
static bool value_type(const struct view *v, unsigned int *first)
{
	static const char *const words[] = { "static", "inline", "extern", "noinline", "__init", "__exit", "__always_inline" };
	unsigned int i = v->f->name, k;

	while (i > 1 && v->s->toks[i - 1].kind == TOK_WORD) {
		for (k = 0; k < ARRAY_SIZE(words) && !src_is(v->s, i - 1, words[k]); k++)
			;
		if (k < ARRAY_SIZE(words) || src_text(v->s, i - 1, i - 1)[0] == '_')
			break;
		i--;
	}
	*first = i;
	return i < v->f->name && !src_is(v->s, i, "void") && !src_is(v->s, v->f->name - 1, "*");
}

bool returns_value(const struct view *v, const struct src_stmt *st)
{
	unsigned int first;

	return st->kind == SRC_RETURN && st->last > st->first + 1 && value_type(v, &first);
}

/* Is @name declared in @st, with just the function's type? */
static bool declares(const struct view *v, const struct src_stmt *st, unsigned int type, const char *name)
{
	unsigned int i, n = v->f->name - type;

	if (st->kind != SRC_DECL || st->last < st->first + n || !src_same(v->s, st->first, v->s, type, n))
		return false;
	for (i = st->first + n; i < st->last; i++) {
		if (src_is(v->s, i, name))
			return !src_is(v->s, i - 1, "*") && !src_is(v->s, i + 1, "[");
		while (v->s->toks[i].match > i)
			i = v->s->toks[i].match;
	}
	return false;
}

/* A variable of the function for its result: one of the usual names, or one that another return gives back. */
static const char *result_variable(const struct view *v, unsigned int type)
{
	static const char *const usual[] = { "ret", "err", "error", "rc", "res", "retval", "result", "status" };
	const struct src_stmt *decl = v->f->stmts[0], *st;
	unsigned int i, k;

	for (; decl && decl->kind == SRC_DECL; decl = decl->next) {
		for (i = 0; i < ARRAY_SIZE(usual); i++)
			if (declares(v, decl, type, usual[i]))
				return usual[i];
		for (k = 0; k < v->f->nstmts; k++) {
			st = v->f->stmts[k];
			if (st->kind == SRC_RETURN && st->last == st->first + 2 &&
			    declares(v, decl, type, src_text(v->s, st->first + 1, st->first + 1)))
				return src_text(v->s, st->first + 1, st->first + 1);
		}
	}
	return NULL;
}

/* None: "ret" becomes one, behind the function's declarations. */
static const char *declare_result(struct edits *es, const struct view *v, unsigned int type)
{
	struct src_stmt *st = v->f->stmts[0];
	struct name ret = name_make(v->s, "ret");
	bool taken = name_find(v->s, v->f->params, v->f->body->last, &ret);

	src_free(ret.toks);
	if (taken || st->kind != SRC_DECL || es->declared)
		return taken || st->kind != SRC_DECL ? NULL : "ret";
	while (st->next && st->next->kind == SRC_DECL)
		st = st->next;
	edit_line_behind(es, st, arena_printf(v->s->arena, "%s ret;", src_text(v->s, type, v->f->name - 1)));
	es->declared = true;
	return "ret";
}

void edit_return(struct edits *es, const struct view *v, struct src_stmt *st, const char *release)
{
	const char *name, *value = src_text(v->s, st->first + 1, st->last - 1);
	unsigned int type;

	if (!value_type(v, &type)) {
		es->failed = true;
		return;
	}
	name = result_variable(v, type);
	name = name ? name : declare_result(es, v, type);
	if (!name) {
		es->failed = true;
		return;
	}
	edit_before(es, st, arena_printf(v->s->arena, "%s = %s;", name, value));
	edit_before(es, st, release);
	edit_replace(es, st->first, st->last, arena_printf(v->s->arena, "return %s;", name));
}
