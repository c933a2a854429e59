// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fix-form.c - which call releases the address: the one that the file uses for mappings that are made the same way
 */
#include <string.h>

#include "api.h"
#include "fix.h"
#include "util.h"

static bool add_form(const char **forms, unsigned int *n, unsigned int max, const char *text)
{
	unsigned int i;

	for (i = 0; i < *n; i++)
		if (!strcmp(forms[i], text))
			return false;
	if (*n < max)
		forms[(*n)++] = text;
	return true;
}

/* How the function itself releases it elsewhere; the address as it is kept before one that is computed from it. */
static void from_function(struct view *v, const char **forms, unsigned int *n, unsigned int max)
{
	unsigned int i, first, last;

	for (i = 0; i < v->f->nstmts; i++) {
		struct src_stmt *st = v->f->stmts[i];
		const struct releaser *r;

		if (!is_call_statement(v->s, st) || !releases(v, st))
			continue;
		r = releaser_at(v, st->first);
		if (r && call_arg(v->s, st->first, r->arg, &first, &last) && last - first + 1 > v->var.n &&
		    src_same(v->s, first, v->var.toks, 1, v->var.n))
			add_form(forms, n, max, arena_printf(v->s->arena, "%s%s", src_text(v->s, st->first, first + v->var.n - 1),
							     src_text(v->s, last + 1, st->last)));
		add_form(forms, n, max, src_text(v->s, st->first, st->last));
	}
}

/* One way to make a mapping: the call, and what keeps its result. */
struct made {
	unsigned int call, first, last;
};

static bool made_by(const struct src *s, const struct src_stmt *st, struct made *m)
{
	m->call = call_kept(s, st);
	if (!assigned(s, st, &m->first, &m->last))
		m->first = m->last = 0;
	return m->call;
}

/* What stands in @to where the tokens stand in @from: the result, or an argument, passed by address or not. */
static const char *counterpart(const struct src *s, unsigned int first, unsigned int last, const struct made *from,
			       const struct made *to)
{
	unsigned int a, b, c, d;
	bool by_address;
	int n;

	if (from->first && to->first && last - first == from->last - from->first &&
	    src_same(s, first, s, from->first, last - first + 1))
		return src_text(s, to->first, to->last);
	for (n = 0; call_arg(s, from->call, n, &a, &b); n++) {
		if (!call_arg(s, to->call, n, &c, &d))
			return NULL;
		by_address = src_is(s, a, "&");
		if (!by_address && src_is(s, c, "&"))
			continue;
		a += by_address;
		if (last - first != b - a || !src_same(s, first, s, a, b - a + 1))
			continue;
		if (by_address && !src_is(s, c, "&"))
			return arena_printf(s->arena, "*%s", src_text(s, c, d));
		return src_text(s, c + by_address, d);
	}
	return NULL;
}

/* The release @st of a mapping made as @from, said of one made as @to. */
static const char *translate(const struct src *s, const struct src_stmt *st, const struct made *from, const struct made *to)
{
	unsigned int first, last;
	const char *text = src_text(s, st->first, st->first + 1), *arg;
	int n;

	for (n = 0; call_arg(s, st->first, n, &first, &last); n++) {
		arg = counterpart(s, first, last, from, to);
		if (!arg)
			return NULL;
		text = arena_printf(s->arena, "%s%s%s", text, n ? ", " : "", arg);
	}
	return n ? arena_printf(s->arena, "%s);", text) : NULL;
}

static void from_one(struct view *v, const struct src_func *g, const struct made *ours, const char **forms, unsigned int *n,
		     unsigned int max)
{
	unsigned int i, k;
	struct made m;

	for (i = 0; i < g->nstmts; i++) {
		if (!made_by(v->s, g->stmts[i], &m) || !src_same(v->s, m.call, v->s, ours->call, 1))
			continue;
		for (k = 0; k < g->nstmts; k++) {
			const char *text;

			if (!is_call_statement(v->s, g->stmts[k]) || !releaser_at(v, g->stmts[k]->first))
				continue;
			text = translate(v->s, g->stmts[k], &m, ours);
			if (text)
				add_form(forms, n, max, text);
		}
	}
}

/* Is it the model's own way to map one page, which the call named by the finding undoes? */
static bool maps_plainly(const struct view *v, unsigned int call)
{
	const struct api_fn *f = api_find(v->api, src_text(v->s, call, call));

	return f && f->neffects && f->effects[0].kind <= API_MAPS_OR_ERR;
}

const char *form_with(const struct view *v, const char *form, const char *address, const struct name *only)
{
	struct name toks = name_make(v->s, form);
	unsigned int i, first, last;
	const struct releaser *r;
	const char *text = NULL;
	struct view w = *v;

	w.s = toks.toks;
	for (i = 1; i <= toks.n && !text; i++) {
		r = releaser_at(&w, i);
		if (r && call_arg(w.s, i, r->arg, &first, &last) &&
		    (!only || (last - first + 1 == only->n && src_same(w.s, first, only->toks, 1, only->n))))
			text = arena_printf(v->s->arena, "%.*s%s%s", (int)w.s->toks[first].off, form, address,
					    src_text(w.s, last + 1, toks.n));
	}
	src_free(toks.toks);
	return text;
}

static void add_with(struct view *v, const char *like, const char *address, const char **forms, unsigned int *n, unsigned int max)
{
	const char *text = form_with(v, like, address, &v->var);

	if (text)
		add_form(forms, n, max, text);
}

/* "for (i = 0; …; i++, p++)": behind the loop the mapping begins at p - i. */
static void from_steps(struct view *v, const char **forms, unsigned int *n, unsigned int max)
{
	unsigned int i, k, at;

	for (i = 0; *n && i < v->f->nstmts; i++) {
		const struct src_stmt *st = v->f->stmts[i];

		at = st->kind == SRC_LOOP ? name_find(v->s, st->first, st->head, &v->var) : 0;
		while (at && !src_is(v->s, at + v->var.n, "++"))
			at = name_find(v->s, at + 1, st->head, &v->var);
		for (k = st->first; at && k < st->head; k++)
			if (v->s->toks[k].kind == TOK_WORD && src_is(v->s, k + 1, "++") && k + 1 != at + v->var.n)
				add_with(v, forms[0], arena_printf(v->s->arena, "%s - %s", src_text(v->s, at, at + v->var.n - 1),
								   src_text(v->s, k, k)), forms, n, max);
	}
}

/* "start = p = map(…)": of two variables the one that stays as it is will do whatever became of the other. */
static void from_chain(struct view *v, const char **forms, unsigned int *n, unsigned int max)
{
	unsigned int first, last;

	if (!*n || !assigned(v->s, v->map, &first, &last) || !src_is(v->s, last + 3, "=") ||
	    v->s->toks[last + 2].kind != TOK_WORD)
		return;
	/* The name that is not the one in the form */
	if (last - first + 1 == v->var.n && src_same(v->s, first, v->var.toks, 1, v->var.n))
		first = last = last + 2;
	add_with(v, forms[0], src_text(v->s, first, last), forms, n, max);
}

/* The call as the finding has it; an argument that it could not name in full is taken from the source. */
static const char *as_written(const struct view *v, const char *call)
{
	const struct name *arg = v->object.n ? &v->object : &v->var;

	if (!strstr(call, "..."))
		return call;
	return arena_printf(v->s->arena, "%.*s(%s)", (int)strcspn(call, "("), call, src_text(arg->toks, 1, arg->n));
}

unsigned int release_forms(struct view *v, const char *call, const char **forms, unsigned int max)
{
	unsigned int n = 0, i;
	struct made ours;

	from_function(v, forms, &n, max);
	if (made_by(v->s, v->map, &ours) && !maps_plainly(v, ours.call))
		for (i = 0; i < v->s->nfuncs; i++)
			if (v->s->funcs[i].nstmts)
				from_one(v, &v->s->funcs[i], &ours, forms, &n, max);
	call = as_written(v, call);
	if (call && *call)
		add_form(forms, &n, max, arena_printf(v->s->arena, "%s;", call));
	from_chain(v, forms, &n, max);
	from_steps(v, forms, &n, max);
	return n;
}

struct name form_also(const struct view *v, const char *form)
{
	struct name toks = name_make(v->s, form), also = { NULL, 0 };
	unsigned int i, first, last;
	const struct releaser *r;
	struct view w = *v;

	w.s = toks.toks;
	for (i = 1; i <= toks.n && !also.n; i++) {
		r = releaser_at(&w, i);
		if (r && (call_arg(w.s, i, !r->arg, &first, &last)) && w.s->toks[last].kind == TOK_WORD)
			also = name_make(v->s, src_text(w.s, last, last));
	}
	src_free(toks.toks);
	return also;
}
