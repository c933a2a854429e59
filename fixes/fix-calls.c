// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fix-calls.c - which calls of the source text release, and which flush
 */
#include "api.h"
#include "fix.h"
#include "util.h"

static void add_releaser(struct view *v, const char *name, int arg)
{
	GROW(v->rel, v->nrel, v->crel);
	v->rel[v->nrel++] = (struct releaser){ name, arg };
}

static void from_model(const struct api_fn *f, void *data)
{
	unsigned int i;

	for (i = 0; i < f->neffects; i++)
		if ((f->effects[i].kind == API_UNMAPS || f->effects[i].kind == API_UNMAPS_LIVE) &&
		    f->effects[i].object.root == API_ARG) {
			add_releaser(data, f->name, f->effects[i].object.arg);
			break;
		}
}

const struct releaser *releaser_at(const struct view *v, unsigned int tok)
{
	unsigned int i;

	if (v->s->toks[tok].kind != TOK_WORD || !src_is(v->s, tok + 1, "("))
		return NULL;
	for (i = 0; i < v->nrel; i++)
		if (src_is(v->s, tok, v->rel[i].name))
			return &v->rel[i];
	return NULL;
}

/* Which parameter of @f does a release in its body name? -1 if none. */
static int releases_param(struct view *v, const struct src_func *f)
{
	unsigned int i, k, first, last, end = f->stmts[f->nstmts - 1]->last;
	const struct releaser *r;
	int n;

	for (i = f->stmts[0]->first; i < end; i++) {
		r = releaser_at(v, i);
		if (!r || !call_arg(v->s, i, r->arg, &first, &last))
			continue;
		for (n = 0; call_arg(v->s, f->name, n, &k, &last); n++)
			if (v->s->toks[last].kind == TOK_WORD && src_same(v->s, first, v->s, last, 1))
				return n;
	}
	return -1;
}

void find_releasers(struct view *v)
{
	unsigned int i, round;

	api_each(v->api, from_model, v);
	/* Wrappers of the file, and wrappers of those. */
	for (round = 0; round < 2; round++)
		for (i = 0; i < v->s->nfuncs; i++) {
			const struct src_func *f = &v->s->funcs[i];
			int n = f->nstmts && f->nstmts <= 8 ? releases_param(v, f) : -1;

			if (n >= 0)
				add_releaser(v, src_text(v->s, f->name, f->name), n);
		}
}

bool is_release(const struct view *v, const struct src_stmt *st)
{
	return is_call_statement(v->s, st) && releaser_at(v, st->first);
}

const struct api_fn *flush_call(const struct view *v, const struct src_stmt *st)
{
	const struct api_fn *f;

	if (!is_call_statement(v->s, st))
		return NULL;
	f = api_find(v->api, src_text(v->s, st->first, st->first));
	return f && f->neffects == 1 && (f->effects[0].kind == API_FLUSHES || f->effects[0].kind == API_FLUSHES_PAGE) ? f : NULL;
}

bool flushes_last(const struct view *v)
{
	unsigned int i, k;
	int n = 0;

	for (i = 0; i < v->s->nfuncs; i++)
		for (k = 0; k < v->s->funcs[i].nstmts; k++) {
			const struct src_stmt *st = v->s->funcs[i].stmts[k];

			if (!flush_call(v, st))
				continue;
			n += st->prev && is_release(v, st->prev);
			n -= st->next && is_release(v, st->next);
		}
	return n > 0;
}
