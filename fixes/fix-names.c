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

/* Alias @k, but not by another member of a structure than the one that is the address. */
static bool has_alias(const struct view *v, unsigned int first, unsigned int last, unsigned int k)
{
	const struct name *member = &v->member[k];
	unsigned int i = first, n;

	while ((i = name_find(v->s, i, last, &v->alias[k]))) {
		for (n = 1; n < member->n && src_same(v->s, i + n, member->toks, 1 + n, 1); n++)
			;
		if (n >= member->n || (!src_is(v->s, i + n, ".") && !src_is(v->s, i + n - 1, ".")))
			return true;
		i++;
	}
	return false;
}

static bool has_name(const struct view *v, unsigned int first, unsigned int last)
{
	unsigned int i;

	if (name_find(v->s, first, last, &v->var))
		return true;
	for (i = 0; i < v->nalias; i++)
		if (has_alias(v, first, last, i))
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

/* Of "x.addr" what is given "&x", of "x->addr" what is given "x" may use the address. The model knows of some calls that do not. */
static bool uses_holder(const struct view *v, const struct src_stmt *st)
{
	const struct api_fn *f = is_call_statement(v->s, st) ? api_find(v->api, src_text(v->s, st->first, st->first)) : NULL;
	unsigned int i, first, last;
	bool member;

	if (v->var.n < 3 || v->var.toks->toks[1].kind != TOK_WORD || (f && f->neffects && f->effects[0].kind == API_NEUTRAL))
		return false;
	own_range(st, &first, &last);
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
	return has_name(v, first, last) || uses_holder(v, st) || (v->also.n && name_find(v->s, first, last, &v->also));
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

/* Is it declared as a structure of the function, not as a pointer to one? */
static bool is_struct(const struct view *v, unsigned int name)
{
	unsigned int i, k;

	for (i = 0; i < v->f->nstmts; i++) {
		const struct src_stmt *st = v->f->stmts[i];

		k = st->first + src_is(v->s, st->first, "const");
		if (st->kind != SRC_DECL || !src_is(v->s, k, "struct"))
			continue;
		for (k += 2; k < st->last; k++) {
			if (src_same(v->s, k, v->s, name, 1))
				return !src_is(v->s, k - 1, "*");
			if (v->s->toks[k].match > k)
				k = v->s->toks[k].match;
		}
	}
	return false;
}

/* Neither in the model nor in the file: of what others do the engine knows, and judges what comes of it. */
static bool is_foreign(const struct view *v, unsigned int call)
{
	unsigned int i;

	for (i = 0; i < v->s->nfuncs; i++)
		if (src_same(v->s, v->s->funcs[i].name, v->s, call, 1))
			return false;
	return !api_find(v->api, src_text(v->s, call, call));
}

bool handed_out(const struct view *v)
{
	unsigned int i, call, at, first, last;

	for (i = 0; i < v->f->nstmts; i++) {
		const struct src_stmt *st = v->f->stmts[i];

		own_range(st, &first, &last);
		at = v->var.n == 1 ? name_find(v->s, first, last, &v->var) : 0;
		while (at && (!src_is(v->s, at - 1, "&") || (!src_is(v->s, at - 2, "(") && !src_is(v->s, at - 2, ","))))
			at = name_find(v->s, at + 1, last, &v->var);
		call = at || uses_holder(v, st) ? call_kept(v->s, st) : 0;
		if (call && is_foreign(v, call))
			return true;
	}
	return false;
}

/* "sg_init_one(&sg, address, …);": a foreign call without a result that gets the address and a structure may keep the one in the other. */
static void kept_by_call(struct view *v, const struct src_stmt *st)
{
	unsigned int first, last;
	int n;

	if (!is_call_statement(v->s, st) || !is_foreign(v, st->first) ||
	    !has_name(v, st->first + 2, st->last - 2))
		return;
	for (n = 0; call_arg(v->s, st->first, n, &first, &last); n++)
		if (last == first + 1 && src_is(v->s, first, "&") && is_struct(v, last)) {
			v->stored |= !know_alias(v, last);
			add_alias(v, last);
		}
}

/* "p = var + n", also in the head of a loop, and "x.field = var": then p or x stands for it. @eq: the token "=" */
static void kept_by_assignment(struct view *v, unsigned int eq, unsigned int end)
{
	unsigned int first = chain_start(v->s, eq - 1), to, at, n;

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
		n = v->nalias;
		add_alias(v, first);
		/* Another index may be the same. */
		if (v->nalias > n && src_is(v->s, first + 1, "."))
			v->member[n] = name_make(v->s, src_text(v->s, first, eq - 1));
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
			kept_by_call(v, v->f->stmts[i]);
		}
}
