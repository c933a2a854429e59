// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * src-graph.c - where control goes from statement to statement
 */
#include <string.h>

#include "src.h"
#include "util.h"

struct linker {
	struct src *s;
	struct src_func *f;
};

/* Where "break" and "continue" lead, and the switch whose case labels are met. */
struct around {
	struct src_stmt *brk, *cont, *sw;
};

static void link_stmt(struct linker *l, struct src_stmt *s, struct src_stmt *follow, struct around a);

/* The first statement that runs of @s, or @follow where that is nothing. */
static struct src_stmt *entry(struct src_stmt *s, struct src_stmt *follow)
{
	while (s && (s->kind == SRC_BLOCK || s->kind == SRC_DO)) {
		struct src_stmt *b = s->body;

		if (!b || (b->kind == SRC_BLOCK && !b->body)) {
			if (s->kind == SRC_DO)
				return s;
			/* An empty block: what comes after it. */
			return s->next && s->parent && s->parent->kind == SRC_BLOCK ? entry(s->next, follow) : follow;
		}
		s = b;
	}
	return s ? s : follow;
}

static void link_block(struct linker *l, struct src_stmt *block, struct src_stmt *follow, struct around a)
{
	struct src_stmt *s;

	for (s = block->body; s; s = s->next)
		link_stmt(l, s, s->next ? entry(s->next, follow) : follow, a);
}

static struct src_stmt *label_named(struct linker *l, unsigned int tok)
{
	unsigned int i;

	for (i = 0; i < l->f->nstmts; i++) {
		struct src_stmt *s = l->f->stmts[i];

		if (s->kind == SRC_LABEL && src_same(l->s, s->first, l->s, tok, 1))
			return s;
	}
	return NULL;
}

/* "while (1)" and "for (;;)" */
static bool is_endless(const struct src *s, const struct src_stmt *st, unsigned int first, unsigned int last)
{
	unsigned int i;

	if (src_is(s, first, "while"))
		return last == first + 3 && (src_is(s, first + 2, "1") || src_is(s, first + 2, "true"));
	if (!src_is(s, st->first, "for"))
		return false;
	for (i = first + 2; i < last && !src_is(s, i, ";"); i++)
		;
	return i < last && src_is(s, i + 1, ";");
}

static void set_succ(struct src_stmt *s, struct src_stmt *a, struct src_stmt *b, unsigned int n)
{
	s->succ[0] = a;
	s->succ[1] = b;
	s->nsucc = n;
}

static void link_stmt(struct linker *l, struct src_stmt *s, struct src_stmt *follow, struct around a)
{
	struct around in = a;

	switch (s->kind) {
	case SRC_BLOCK:
		link_block(l, s, follow, a);
		break;
	case SRC_IF:
		set_succ(s, entry(s->body, follow), s->other ? entry(s->other, follow) : follow, 2);
		link_stmt(l, s->body, follow, a);
		if (s->other)
			link_stmt(l, s->other, follow, a);
		break;
	case SRC_LOOP:
		in.brk = follow;
		in.cont = s;
		set_succ(s, entry(s->body, s), follow, is_endless(l->s, s, s->first, s->head) ? 1 : 2);
		link_stmt(l, s->body, s, in);
		break;
	case SRC_DO:
		in.brk = follow;
		in.cont = s;
		set_succ(s, entry(s->body, s), follow, is_endless(l->s, s, s->tail, s->last - 1) ? 1 : 2);
		link_stmt(l, s->body, s, in);
		break;
	case SRC_SWITCH:
		in.brk = follow;
		in.sw = s;
		s->no_default = true;
		link_stmt(l, s->body, follow, in);
		set_succ(s, follow, NULL, s->no_default ? 1 : 0);
		break;
	case SRC_CASE:
		if (a.sw) {
			s->next_case = a.sw->cases;
			a.sw->cases = s;
			if (src_is(l->s, s->first, "default"))
				a.sw->no_default = false;
		}
		set_succ(s, follow, NULL, 1);
		break;
	case SRC_GOTO:
		set_succ(s, label_named(l, s->first + 1), NULL, 1);
		break;
	case SRC_RETURN:
		set_succ(s, NULL, NULL, 1);
		break;
	case SRC_BREAK:
		set_succ(s, a.brk, NULL, 1);
		break;
	case SRC_CONTINUE:
		set_succ(s, a.cont, NULL, 1);
		break;
	default:
		set_succ(s, follow, NULL, 1);
		break;
	}
}

void src_graph(struct src *s, struct src_func *f)
{
	struct linker l = { s, f };

	link_block(&l, f->body, NULL, (struct around){ 0 });
}

unsigned int src_nsucc(const struct src_stmt *s)
{
	unsigned int n = s->nsucc;

	for (s = s->cases; s; s = s->next_case)
		n++;
	return n;
}

struct src_stmt *src_succ(const struct src_stmt *s, unsigned int k)
{
	struct src_stmt *c;

	for (c = s->cases; c; c = c->next_case)
		if (!k--)
			return c;
	return k < s->nsucc ? s->succ[k] : NULL;
}

bool src_leaves(const struct src_stmt *s)
{
	return s->kind == SRC_GOTO || s->kind == SRC_RETURN || s->kind == SRC_BREAK || s->kind == SRC_CONTINUE;
}
