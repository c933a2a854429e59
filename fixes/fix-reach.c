// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fix-reach.c - where a mapping is live and not needed any more
 *
 * Forward: can the address be mapped at a statement, can it be not mapped? Backward: is there a way from a statement to a
 * use or a release of it? An edge from where it is needed to where it is not, with the address mapped, is a place for a
 * release: right behind the last use, on each way out. Of conditions only those that ask whether the mapping was made are
 * looked at.
 */
#include <stdlib.h>
#include <string.h>

#include "fix.h"
#include "util.h"

enum { LIVE = 1, NOT_LIVE = 2 };

struct flow {
	struct view *v;
	unsigned char *in, *needed, *seen;
	unsigned int n;
	unsigned int result, result_last;	/* what the mapping call's result is kept in, if not the address: its tokens */
	bool asked;			/* the release asks whether there is a mapping */
};

struct way {
	struct src_stmt *from, *to;
	unsigned int k;
};

struct ways {
	struct way w[EDGES_MAX];
	unsigned int n;
};

static bool names_var(const struct flow *f, unsigned int i, unsigned int *len)
{
	const struct view *v = f->v;

	if (src_same(v->s, i, v->var.toks, 1, v->var.n)) {
		*len = v->var.n;
		return true;
	}
	*len = f->result_last - f->result + 1;
	return f->result && src_same(v->s, i, v->s, f->result, *len);
}

/* The edge on which the condition says that nothing was mapped: 0, 1, or -1 where it says nothing of that. */
static int unmapped_edge(const struct flow *f, const struct src_stmt *st)
{
	const struct src *s = f->v->s;
	unsigned int i = st->first + 2, last = st->head - 1, len;
	int edge = 1;

	if (st->kind != SRC_IF || i > last)
		return -1;
	if (st == f->v->map)
		return src_is(s, i, "!") || src_is(s, i, "IS_ERR") || src_is(s, i, "(") || s->toks[i].kind == TOK_WORD ? 0 : -1;
	while (src_is(s, i, "unlikely") || src_is(s, i, "likely") || src_is(s, i, "(")) {
		i += src_is(s, i, "(") ? 1 : 2;
		last--;
	}
	if (src_is(s, i, "!")) {
		edge = !edge;
		i++;
	}
	if (src_is(s, i, "IS_ERR") || src_is(s, i, "IS_ERR_OR_NULL")) {
		edge = !edge;
		i += 2;
		last--;
	}
	if (!names_var(f, i, &len))
		return -1;
	if (f->result && src_same(s, i, s, f->result, len) && !src_same(s, i, f->v->var.toks, 1, f->v->var.n) &&
	    !src_is(s, st->first + 2, "IS_ERR") && !src_is(s, st->first + 2, "!"))
		edge = 0;	/* "err = map(&address); if (err)" */
	return i + len - 1 == last || src_is(s, i + len, "<") || src_is(s, i + len, "==") ? edge : -1;
}

static unsigned char edge_state(const struct flow *f, const struct src_stmt *st, unsigned int k)
{
	unsigned char x = f->in[st->serial];

	if (maps(f->v, st))
		x = LIVE;
	else if (releases(f->v, st) || assigns(f->v, st))
		x = NOT_LIVE;
	if (x && (int)k == unmapped_edge(f, st))
		x = NOT_LIVE;
	return x;
}

static void run_forward(struct flow *f)
{
	struct src_func *fn = f->v->f;
	bool again = true;
	unsigned int i, k;

	f->in[0] = NOT_LIVE;
	while (again) {
		again = false;
		for (i = 0; i < f->n; i++) {
			struct src_stmt *st = fn->stmts[i];

			for (k = 0; f->in[i] && k < src_nsucc(st); k++) {
				struct src_stmt *to = src_succ(st, k);
				unsigned char x = edge_state(f, st, k);

				if (to && (f->in[to->serial] | x) != f->in[to->serial]) {
					f->in[to->serial] |= x;
					again = true;
				}
			}
		}
	}
}

static void run_backward(struct flow *f)
{
	struct src_func *fn = f->v->f;
	bool again = true;
	unsigned int i, k;

	while (again) {
		again = false;
		for (i = f->n; i-- > 0;) {
			struct src_stmt *st = fn->stmts[i];
			bool kills = maps(f->v, st) || assigns(f->v, st);
			bool need = !kills && (uses(f->v, st) || releases(f->v, st));

			for (k = 0; !need && !kills && k < src_nsucc(st); k++)
				need = src_succ(st, k) && f->needed[src_succ(st, k)->serial];
			if (need && !f->needed[i]) {
				f->needed[i] = 1;
				again = true;
			}
		}
	}
}

static void find_ways(struct flow *f, struct ways *out)
{
	unsigned int i, k;

	for (i = 0; i < f->n; i++) {
		struct src_stmt *st = f->v->f->stmts[i];

		/* What a return hands out is the caller's. */
		if (!f->in[i] || st->kind == SRC_RETURN || releases(f->v, st) || (!f->needed[i] && !maps(f->v, st)))
			continue;
		for (k = 0; k < src_nsucc(st); k++) {
			struct src_stmt *to = src_succ(st, k);

			if (!(edge_state(f, st, k) & LIVE) || (to && f->needed[to->serial]) || out->n == EDGES_MAX)
				continue;
			out->w[out->n++] = (struct way){ st, to, k };
		}
	}
}

static void mark(struct flow *f, const struct src_stmt *st, const struct src_stmt *not)
{
	unsigned int k;

	if (!st || st == not || f->seen[st->serial])
		return;
	f->seen[st->serial] = 1;
	for (k = 0; k < src_nsucc(st); k++)
		mark(f, src_succ(st, k), not);
}

/* Does every way from @from to the function's end, or back to the map, pass @by? */
static bool passes(struct flow *f, const struct src_stmt *from, const struct src_stmt *by)
{
	unsigned int i, k;

	if (!from)
		return false;
	if (from == by)
		return true;
	memset(f->seen, 0, f->n);
	mark(f, from, NULL);
	if (!f->seen[by->serial])
		return false;
	memset(f->seen, 0, f->n);
	mark(f, from, by);
	for (i = 0; i < f->n; i++) {
		if (!f->seen[i])
			continue;
		if (maps(f->v, f->v->f->stmts[i]))
			return false;
		for (k = 0; k < src_nsucc(f->v->f->stmts[i]); k++)
			if (!src_succ(f->v->f->stmts[i], k))
				return false;
	}
	return true;
}

static bool is_back_to(const struct ways *w, const struct src_stmt *loop)
{
	unsigned int i;

	if (loop->kind != SRC_LOOP && loop->kind != SRC_DO)
		return false;
	for (i = 0; i < w->n; i++)
		if (src_within(w->w[i].from, loop))
			return true;
	return false;
}

/* The first statement that most ways meet at with the address mapped, NULL where no two do. */
static struct src_stmt *find_meeting(struct flow *f, const struct ways *w, bool *covered)
{
	struct src_stmt *best = NULL, *st;
	unsigned int i, k, n, most = 1;

	for (i = 0; i < f->n; i++) {
		st = f->v->f->stmts[i];
		if (!(f->in[i] & LIVE) || (f->in[i] != LIVE && !f->asked) || f->needed[i] || maps(f->v, st))
			continue;
		for (k = n = 0; k < w->n; k++)
			n += passes(f, w->w[k].to, st);
		if (n > most || (n == most && best && n > 1 && passes(f, st, best))) {
			most = n;
			best = st;
		}
	}
	for (k = 0; best && k < w->n; k++)
		covered[k] = passes(f, w->w[k].to, best);
	return best;
}

static void add_place(struct places *out, int kind, struct src_stmt *at, unsigned int k)
{
	if (out->n < EDGES_MAX) {
		out->p[out->n].kind = kind;
		out->p[out->n].at = at;
		out->p[out->n++].k = k;
	}
}

/* Take the ways that meet out of @w, and give the place where they do. */
static bool join_ways(struct flow *f, struct ways *w, struct places *out)
{
	bool covered[EDGES_MAX] = { false };
	struct src_stmt *at = w->n > 1 ? find_meeting(f, w, covered) : NULL;
	unsigned int i, n = 0;

	if (!at)
		return false;
	add_place(out, is_back_to(w, at) ? PLACE_BODY_END : PLACE_BEFORE, at, 0);
	for (i = 0; i < w->n; i++)
		if (!covered[i])
			w->w[n++] = w->w[i];
	w->n = n;
	return true;
}

/* Where control goes on behind @x. */
static struct src_stmt *behind(const struct flow *f, const struct src_stmt *x)
{
	unsigned int i, k;

	if (x->kind == SRC_LOOP || x->kind == SRC_DO || (x->kind == SRC_IF && !x->other))
		return x->succ[1];
	if (x->kind == SRC_SWITCH)
		return x->succ[0];
	for (i = 0; i < f->n; i++) {
		struct src_stmt *st = f->v->f->stmts[i];

		if (!src_within(st, x) || src_leaves(st))
			continue;
		for (k = 0; k < src_nsucc(st); k++)
			if (!src_succ(st, k) || !src_within(src_succ(st, k), x))
				return src_succ(st, k);
	}
	return NULL;
}

/* Do all ways on from @st come out of @x at @to, none by way of another mapping? */
static bool comes_out(struct flow *f, struct src_stmt *st, const struct src_stmt *x, const struct src_stmt *to)
{
	unsigned int k;

	if (!st || !src_within(st, x))
		return st == to;
	if (f->seen[st->serial])
		return true;
	f->seen[st->serial] = 1;
	if (st->kind == SRC_RETURN || maps(f->v, st))
		return false;
	for (k = 0; k < src_nsucc(st); k++)
		if (!comes_out(f, src_succ(st, k), x, to))
			return false;
	return true;
}

/* Is the address mapped for certain, wherever control leaves @x for @to? */
static bool leaves_mapped(const struct flow *f, const struct src_stmt *x, const struct src_stmt *to)
{
	unsigned int i, k;

	for (i = 0; i < f->n; i++) {
		struct src_stmt *st = f->v->f->stmts[i];

		for (k = 0; f->in[i] && st->kind != SRC_RETURN && src_within(st, x) && k < src_nsucc(st); k++)
			if (src_succ(st, k) == to && (!to || !src_within(to, x)) && edge_state(f, st, k) != LIVE)
				return false;
	}
	return true;
}

/* Ways that are the ends of one branch or loop become one behind it; so does the end of a branch that has no braces. */
static void join_ends(struct flow *f, struct ways *w, struct places *out)
{
	bool ends[EDGES_MAX], bare;
	unsigned int s, i, n;

	for (s = 0; s < f->n; s++) {
		struct src_stmt *x = f->v->f->stmts[s], *to;

		if (x->kind != SRC_IF && x->kind != SRC_SWITCH && x->kind != SRC_LOOP && x->kind != SRC_DO)
			continue;
		to = behind(f, x);
		for (i = n = 0, bare = false; i < w->n; i++) {
			memset(f->seen, 0, f->n);
			ends[i] = src_within(w->w[i].from, x) && comes_out(f, w->w[i].to, x, to);
			n += ends[i];
			bare |= ends[i] && w->w[i].from->parent->kind != SRC_BLOCK;
		}
		if ((n < 2 && !bare) || !leaves_mapped(f, x, to))
			continue;
		add_place(out, PLACE_AFTER, x, 0);
		for (i = n = 0; i < w->n; i++)
			if (!ends[i])
				w->w[n++] = w->w[i];
		w->n = n;
	}
}

static void find_result(struct flow *f)
{
	unsigned int first, last;
	const struct view *v = f->v;

	if (!assigned(v->s, v->map, &first, &last) || assigns(v, v->map))
		return;
	if (last - first + 1 == v->var.n && src_same(v->s, first, v->var.toks, 1, v->var.n))
		return;
	f->result = first;
	f->result_last = last;
}

/* A way that leaves by goto to a label that is only come to with the address mapped: the label is the place. */
static bool add_at_label(struct flow *f, const struct way *w, struct places *out)
{
	struct src_stmt *st = w->to;
	unsigned int steps = 0;

	while (st && st->kind != SRC_GOTO && src_nsucc(st) == 1 && st->kind != SRC_RETURN && f->in[st->serial] == LIVE &&
	       steps++ < f->n)
		st = src_succ(st, 0);
	if (!st || st->kind != SRC_GOTO || f->in[st->serial] != LIVE)
		return false;
	st = src_succ(st, 0);
	if (!st || f->in[st->serial] != LIVE || f->needed[st->serial])
		return false;
	add_place(out, PLACE_BEFORE, st, 0);
	return true;
}

/* An if whose branch comes out released: what it leaves out needs a branch as well. */
static bool lacks_else(const struct flow *f, const struct way *w)
{
	return w->from->kind == SRC_IF && w->k == 1 && !w->from->other && w->to && f->in[w->to->serial] != LIVE &&
	       src_chain(w->from) == w->from;
}

/* Straight on from where it is needed no more, to where the way branches, ends, or meets one without the mapping. */
static void add_late(struct flow *f, const struct way *w, struct places *out)
{
	struct src_stmt *st = w->to, *last = NULL;
	unsigned int steps = 0;

	while (st && f->in[st->serial] == LIVE && !f->needed[st->serial] && src_nsucc(st) == 1 && st->kind != SRC_RETURN &&
	       steps++ < f->n) {
		if (st->kind == SRC_EXPR)
			last = st;
		st = src_succ(st, 0);
	}
	if (st && f->in[st->serial] == LIVE)
		add_place(out, PLACE_BEFORE, st, 0);
	else if (last)
		add_place(out, PLACE_EDGE, last, 0);
	else
		add_place(out, PLACE_EDGE, w->from, w->k);
}

void find_places(struct view *v, enum spot spot, struct places *out)
{
	struct flow f = { .v = v, .n = v->f->nstmts };
	struct ways w = { .n = 0 };
	unsigned int i;

	f.in = xcalloc(f.n, 1);
	f.needed = xcalloc(f.n, 1);
	f.seen = xcalloc(f.n, 1);
	find_result(&f);
	run_forward(&f);
	run_backward(&f);
	find_ways(&f, &w);
	out->n = 0;
	f.asked = spot == WHERE_ASKED;
	if (f.asked && !join_ways(&f, &w, out))
		w.n = 0;
	while (spot == WHERE_MEETING && join_ways(&f, &w, out))
		;
	if (spot == WHERE_MEETING)
		join_ends(&f, &w, out);
	for (i = 0; i < f.n; i++)
		if (f.in[i] == LIVE && uses(v, v->f->stmts[i]) && returns_value(v, v->f->stmts[i]))
			add_place(out, PLACE_RETURN, v->f->stmts[i], 0);
	for (i = 0; i < w.n; i++)
		if (spot == WHERE_LATE)
			add_late(&f, &w.w[i], out);
		else if (spot == WHERE_MEETING && lacks_else(&f, &w.w[i]))
			add_place(out, PLACE_ELSE, w.w[i].from, 0);
		else if (spot != WHERE_MEETING || !add_at_label(&f, &w.w[i], out))
			add_place(out, PLACE_EDGE, w.w[i].from, w.w[i].k);
	free(f.in);
	free(f.needed);
	free(f.seen);
}
