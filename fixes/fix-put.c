// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fix-put.c - a release that is missing, put at a place as people would have it: at an existing cleanup label where the way out leads
 * past one, behind releases of newer mappings, before the statement that leaves
 */
#include <string.h>

#include "api.h"
#include "fix-put.h"
#include "util.h"

/* The address that a call gives back. What is named after unmapping nests with our mappings, known to the model or not. */
static bool given_back(const struct view *v, const struct src_stmt *st, unsigned int *first, unsigned int *last)
{
	if (!is_call_statement(v->s, st) || releases(v, st))
		return false;
	if (releaser_at(v, st->first))
		return call_arg(v->s, st->first, releaser_at(v, st->first)->arg, first, last);
	return strstr(src_text(v->s, st->first, st->first), "unmap") && call_arg(v->s, st->first, 0, first, last);
}

/* Does @st release what was mapped after our mapping? */
static bool is_inner(const struct view *v, const struct src_stmt *st)
{
	unsigned int first, last, a, b, i;
	const struct src_stmt *made = NULL;
	struct name name;

	/* "if (p) unmap(p);" */
	if (st->kind == SRC_IF && !st->other)
		st = st->body;
	if (st->kind == SRC_BLOCK && st->body && !st->body->next)
		st = st->body;
	if (!given_back(v, st, &first, &last))
		return false;
	name = name_make(v->s, src_text(v->s, first, last));
	for (i = 0; i < st->serial; i++)
		if (assigned(v->s, v->f->stmts[i], &a, &b) && name_find(v->s, a, b, &name))
			made = v->f->stmts[i];
	src_free(name.toks);
	return made && made->serial > v->map->serial;
}

bool put_passes_over(const struct putter *p, const struct src_stmt *st)
{
	return is_inner(p->v, st) || (flush_call(p->v, st) && !p->flush_last);
}

void put_after(struct putter *p, struct src_stmt *at)
{
	struct src_stmt *next = at->next;

	while (next && put_passes_over(p, next)) {
		at = next;
		next = next->next;
	}
	edit_after(&p->es, at, p->text);
}

void put_before(struct putter *p, struct src_stmt *at)
{
	if (at->kind == SRC_LABEL || at->kind == SRC_CASE || (put_passes_over(p, at) && at->next)) {
		put_after(p, at);
		return;
	}
	edit_before(&p->es, at, p->text);
}

/* From @st straight on in its block: the statement that leaves it, NULL where none does or there are branches before. */
static struct src_stmt *leaving(struct src_stmt *st)
{
	while (st && !src_leaves(st)) {
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

bool put_turn(struct putter *p, struct src_stmt *jump, const struct src_stmt *label)
{
	const struct src_func *f = p->v->f;

	if (jump->kind == SRC_GOTO) {
		edit_replace(&p->es, jump->first + 1, jump->first + 1, label_text(p->v, label));
		return true;
	}
	return jump->kind == SRC_RETURN && return_by_label(p, jump, label, f->stmts[f->nstmts - 1]);
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
			if (p->nleft < ARRAY_SIZE(p->left))
				p->left[p->nleft++] = src_succ(jump, 0);
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
	if ((at->kind == SRC_LOOP || at->kind == SRC_DO) && k == 1)
		return at;
	if (at->kind == SRC_SWITCH && (!src_succ(at, k) || src_succ(at, k)->kind != SRC_CASE))
		return at;
	if (at->kind != SRC_IF || k != 1 || at->other)
		return NULL;
	return src_chain(at);
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
	else if (src_leaves(st))
		put_before(p, st);
	else
		edit_after(&p->es, st, p->text);
}

/* A label that nothing leads to any more goes. */
static void drop_labels(struct putter *p)
{
	struct src_func *f = p->v->f;
	unsigned int i, k, turned, leading;

	for (i = 0; i < f->nstmts; i++) {
		for (k = turned = 0; k < p->nleft; k++)
			turned += p->left[k] == f->stmts[i];
		for (k = leading = 0; turned && k < f->nstmts; k++)
			leading += f->stmts[k]->kind == SRC_GOTO && src_succ(f->stmts[k], 0) == f->stmts[i];
		if (turned && turned == leading)
			edit_delete(&p->es, f->stmts[i]);
	}
}

void put_places(struct putter *p, const struct places *places)
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
	drop_labels(p);
	if (!places->n)
		p->es.failed = true;
}

void put_begin(struct putter *p, struct view *v, const char *text, enum manner manner, struct src_stmt *drop)
{
	*p = (struct putter){ .v = v, .text = text, .manner = manner };
	p->es.s = v->s;
	p->flush_last = flushes_last(v);
	if (drop)
		edit_delete(&p->es, drop);
}
