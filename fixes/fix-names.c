// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fix-names.c - what statements do to a variable: use it, assign to it, release what it addresses
 */
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "fix.h"
#include "util.h"

struct name name_make(struct src *s, const char *text)
{
	struct name name = { NULL, 0 };
	const char *copy = arena_strdup(s->arena, text);

	if (!*copy)
		return name;
	name.toks = src_read(copy, strlen(copy));
	name.n = name.toks->ntoks - 2;
	return name;
}

unsigned int name_find(const struct src *s, unsigned int first, unsigned int last, const struct name *name)
{
	unsigned int i;

	for (i = first < 3 ? 3 : first; name->n && i + name->n <= last + 1; i++) {
		if (!src_same(s, i, name->toks, 1, name->n))
			continue;
		if (src_is(s, i - 1, "->") || src_is(s, i - 1, ".") || src_is(s, i - 2, "sizeof") || src_is(s, i - 3, "sizeof"))
			continue;
		return i;
	}
	return 0;
}

void own_range(const struct src_stmt *st, unsigned int *first, unsigned int *last)
{
	*first = st->kind == SRC_DO ? st->tail : st->first;
	*last = st->kind == SRC_DO ? st->last : st->head;
}

bool call_arg(const struct src *s, unsigned int call, int n, unsigned int *first, unsigned int *last)
{
	unsigned int i, end = s->toks[call + 1].match;

	if (!src_is(s, call + 1, "(") || !end)
		return false;
	*first = call + 2;
	for (i = call + 2; i <= end; i++) {
		if (i == end || src_is(s, i, ",")) {
			*last = i - 1;
			if (!n--)
				return *last >= *first;
			*first = i + 1;
		} else if (s->toks[i].match > i) {
			i = s->toks[i].match;
		}
	}
	return false;
}

/* The first token of "a->b[i].c", of which @last is the last; 0 where it is none. */
static unsigned int chain_start(const struct src *s, unsigned int last)
{
	unsigned int i = last;

	for (;;) {
		while (src_is(s, i, "]") && s->toks[i].match)
			i = s->toks[i].match - 1;
		if (s->toks[i].kind != TOK_WORD)
			return 0;
		if (!src_is(s, i - 1, "->") && !src_is(s, i - 1, "."))
			return i;
		i -= 2;
	}
}

bool assigned(const struct src *s, const struct src_stmt *st, unsigned int *first, unsigned int *last)
{
	unsigned int i, from, end;

	own_range(st, &from, &end);
	for (i = from; i < end; i++) {
		if (src_is(s, i, "=")) {
			*last = i - 1;
			*first = chain_start(s, i - 1);
			return *first && (st->kind == SRC_DECL || !src_is(s, *first - 1, "*"));
		}
		if (s->toks[i].match > i && (st->kind == SRC_EXPR || st->kind == SRC_DECL))
			i = s->toks[i].match;
	}
	return false;
}

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

static bool has_name(const struct view *v, unsigned int first, unsigned int last)
{
	unsigned int i;

	if (name_find(v->s, first, last, &v->var))
		return true;
	for (i = 0; i < v->nalias; i++)
		if (name_find(v->s, first, last, &v->alias[i]))
			return true;
	return false;
}

unsigned int releases(const struct view *v, const struct src_stmt *st)
{
	unsigned int first, last, from, to, i;
	const struct releaser *r;

	if (st == v->gone)
		return 0;
	own_range(st, &first, &last);
	for (i = first; i < last; i++) {
		r = releaser_at(v, i);
		if (!r || !call_arg(v->s, i, r->arg, &from, &to))
			continue;
		if (has_name(v, from, to) || (v->object.n && name_find(v->s, from, to, &v->object)))
			return i;
	}
	return 0;
}

/* In a declaration what stands right of a "=" is used; what is declared is not. */
static bool decl_uses(const struct view *v, const struct src_stmt *st)
{
	unsigned int i, from = 0;

	for (i = st->first; i <= st->last; i++) {
		if (src_is(v->s, i, "=") && !from)
			from = i + 1;
		if (from && (src_is(v->s, i, ",") || i == st->last)) {
			if (has_name(v, from, i - 1))
				return true;
			from = 0;
		}
		if (v->s->toks[i].match > i)
			i = v->s->toks[i].match;
	}
	return false;
}

/* Of "x.addr" what is given "&x", of "x->addr" what is given "x" may use the address. */
static bool uses_holder(const struct view *v, unsigned int first, unsigned int last)
{
	unsigned int i;
	bool member;

	if (v->var.n < 3 || v->var.toks->toks[1].kind != TOK_WORD)
		return false;
	member = src_is(v->var.toks, 2, ".");
	if (!member && !src_is(v->var.toks, 2, "->"))
		return false;
	for (i = first + 1; i < last; i++)
		if (src_same(v->s, i, v->var.toks, 1, 1) && (src_is(v->s, i + 1, ",") || src_is(v->s, i + 1, ")")) &&
		    (member ? src_is(v->s, i - 1, "&") : src_is(v->s, i - 1, "(") || src_is(v->s, i - 1, ",")))
			return true;
	return false;
}

bool uses(const struct view *v, const struct src_stmt *st)
{
	unsigned int first, last;

	if (st == v->gone)
		return false;
	if (st->kind == SRC_DECL)
		return decl_uses(v, st);
	own_range(st, &first, &last);
	return has_name(v, first, last) || uses_holder(v, first, last) || (v->also.n && name_find(v->s, first, last, &v->also));
}

bool assigns(const struct view *v, const struct src_stmt *st)
{
	unsigned int first, last, end;

	own_range(st, &first, &end);
	if (st->kind == SRC_DECL)
		return v->var.n == 1 && name_find(v->s, first, end, &v->var) && !decl_uses(v, st);
	if (!assigned(v->s, st, &first, &last))
		return false;
	return last - first + 1 >= v->var.n && src_same(v->s, last + 1 - v->var.n, v->var.toks, 1, v->var.n) &&
	       !name_find(v->s, last + 1, end, &v->var);
}

bool maps(const struct view *v, const struct src_stmt *st)
{
	unsigned int call = v->map ? call_kept(v->s, v->map) : 0, other;

	if (st == v->map || !call)
		return st == v->map;
	other = assigns(v, st) ? call_kept(v->s, st) : 0;
	return other && src_same(v->s, call, v->s, other, 1);
}

unsigned int call_kept(const struct src *s, const struct src_stmt *st)
{
	unsigned int i, first, last, from, to;

	own_range(st, &first, &last);
	if (assigned(s, st, &from, &to))
		first = to + 2;
	for (i = first; i < last; i++) {
		if (src_is(s, i, "(") && s->toks[i].match && s->toks[s->toks[i].match + 1].kind == TOK_WORD)
			i = s->toks[i].match;	/* a cast */
		else if (s->toks[i].kind == TOK_WORD && src_is(s, i + 1, "(") && !src_is(s, i, "if") && !src_is(s, i, "while") &&
			 !src_is(s, i, "IS_ERR"))
			return i;
	}
	return 0;
}

bool is_call_statement(const struct src *s, const struct src_stmt *st)
{
	return st->kind == SRC_EXPR && s->toks[st->first].kind == TOK_WORD && src_is(s, st->first + 1, "(") &&
	       s->toks[st->first + 1].match + 1 == st->last;
}

/* Is "* name" somewhere in the function's head or declarations? */
static bool is_pointer(const struct view *v, unsigned int name)
{
	unsigned int i, end = v->f->body->last;

	for (i = v->f->params; i < end; i++)
		if (src_is(v->s, i, "*") && src_same(v->s, i + 1, v->s, name, 1) &&
		    (v->s->toks[i - 1].kind == TOK_WORD || src_is(v->s, i - 1, "*") || src_is(v->s, i - 1, ",")))
			return true;
	return false;
}

static bool know_alias(const struct view *v, unsigned int name)
{
	unsigned int i;

	if (v->var.n == 1 && src_same(v->s, name, v->var.toks, 1, 1))
		return true;
	for (i = 0; i < v->nalias; i++)
		if (src_same(v->s, name, v->alias[i].toks, 1, 1))
			return true;
	return false;
}

static void add_alias(struct view *v, unsigned int name)
{
	if (!know_alias(v, name) && v->nalias < ARRAY_SIZE(v->alias))
		v->alias[v->nalias++] = name_make(v->s, src_text(v->s, name, name));
}

static bool is_keeper(const struct view *v, unsigned int tok)
{
	static const char *const parts[] = { "init", "set", "add", "attach" };
	const char *name = src_text(v->s, tok, tok);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(parts); i++)
		if (strstr(name, parts[i]) && !strstr(name, "memset"))
			return true;
	return false;
}

/* "sg_init_one(&sg, address, …)": a call that gets the address and "&other" and is named like that keeps it there. */
static void kept_by_calls(struct view *v, unsigned int first, unsigned int last)
{
	unsigned int i, k, end;

	for (i = first; i < last; i++) {
		end = v->s->toks[i + 1].match;
		if (v->s->toks[i].kind != TOK_WORD || !src_is(v->s, i + 1, "(") || end < i || !is_keeper(v, i) ||
		    !has_name(v, i + 2, end - 1))
			continue;
		for (k = i + 2; k + 1 < end; k++)
			if (src_is(v->s, k, "&") && (src_is(v->s, k - 1, ",") || src_is(v->s, k - 1, "(")) &&
			    v->s->toks[k + 1].kind == TOK_WORD && (src_is(v->s, k + 2, ",") || k + 2 == end)) {
				v->stored |= !know_alias(v, k + 1);
				add_alias(v, k + 1);
			}
	}
}

/* "p = var + n", also in the head of a loop, and "x.field = var": then p or x stands for it. @eq: the token "=" */
static void kept_by_assignment(struct view *v, unsigned int eq, unsigned int end)
{
	unsigned int first = chain_start(v->s, eq - 1), to, at;

	if (!first)
		return;
	for (to = eq + 1; to <= end && !src_is(v->s, to, ",") && !src_is(v->s, to, ";") && !src_is(v->s, to, ")"); to++)
		if (v->s->toks[to].match > to)
			to = v->s->toks[to].match;
	if (!has_name(v, eq + 1, to - 1))
		return;
	if (first == eq - 1) {
		if (is_pointer(v, first))
			add_alias(v, first);
		return;
	}
	at = name_find(v->s, eq + 1, to - 1, &v->var);
	/* What is read through it is not it. */
	if (at && !src_same(v->s, first, v->var.toks, 1, 1) && !src_is(v->s, at - 1, "*") && !src_is(v->s, at - 1, "(") &&
	    !src_is(v->s, at - 1, ",") && !src_is(v->s, at + v->var.n, "->") && !src_is(v->s, at + v->var.n, "[")) {
		v->stored = true;
		add_alias(v, first);
	}
}

void find_aliases(struct view *v)
{
	unsigned int i, k, first, last, round;

	/* Another index may be the same: all of the array stands for an element. */
	for (k = 2; k <= v->var.n; k++)
		if (src_is(v->var.toks, k, "[")) {
			first = name_find(v->s, v->f->params, v->f->body->last, &v->var);
			v->stored = true;
			add_alias(v, first);
			break;
		}
	for (round = 0; round < 2; round++)
		for (i = 0; i < v->f->nstmts; i++) {
			own_range(v->f->stmts[i], &first, &last);
			for (k = first; v->f->stmts[i] != v->map && k < last; k++)
				if (src_is(v->s, k, "="))
					kept_by_assignment(v, k, last);
			kept_by_calls(v, first, last);
		}
}
