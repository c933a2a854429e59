// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * learn.c - lines of the API model for what a unit offers to other files, from its summaries
 *
 * A function that maps for its caller, or releases what its caller mapped, is out of sight in other files. Where each way in which
 * it ends can be said in one line of the model, this is that line; where not, a comment says why.
 */
#include <stdlib.h>

#include "analysis.h"

/**
 * struct lesson - what all outcomes of a function have in common, so far
 * @live: the mapping that it leaves, of the outcomes that leave one; @gone: what it releases
 * @out: the parameter through which the address goes, -1: the result; @object: through which the page goes, or the page itself
 * @by_value: it is the parameter @object itself
 * @none: there are outcomes without a mapping; @null, @err, @kept: they give NULL, an error, something else; @zero, @nonzero: what the others give
 * @why: why no line can say it
 */
struct lesson {
	const struct fn *fn;
	const struct mapping *live, *gone;
	int out, object, arg;
	bool by_value, null, err, none, kept, zero, nonzero;
	const char *why;
};

static int param_of(const struct fn *fn, const struct sym *s)
{
	return s->kind == SYM_PARAM && s->val->func == fn->func ? (int)s->val->imm : -1;
}

/* The parameter that leads to a place which holds what @holds says, or -1. */
static int through(const struct fn *fn, const struct state *s, bool (*holds)(const struct sym *val, const struct mapping *m),
		   const struct mapping *m)
{
	unsigned int i;

	for (i = 0; i < s->ncells; i++)
		if (param_of(fn, s->cells[i].addr) >= 0 && !s->cells[i].weak && holds(s->cells[i].val, m))
			return param_of(fn, s->cells[i].addr);
	return -1;
}

static bool holds_address(const struct sym *val, const struct mapping *m)
{
	return (val->has & SYM_HAS_MAP) && sym_mentions(val, m->base);
}

static bool holds_object(const struct sym *val, const struct mapping *m)
{
	return sym_object((struct sym *)val) == m->object;
}

/* In how many places does a caller find the address? */
static unsigned int count_holders(const struct state *s, const struct sym *ret, const struct mapping *m)
{
	unsigned int i, n = ret && holds_address(ret, m);

	for (i = 0; i < s->ncells; i++)
		n += holds_address(s->cells[i].val, m);
	return n;
}

static void take_live(struct ctx *c, struct lesson *l, const struct outcome *o, const struct mapping *m)
{
	const struct fn *fn = l->fn;
	int out = o->ret && holds_address(o->ret, m) ? -1 : through(fn, o->state, holds_address, m);
	int object = through(fn, o->state, holds_object, m), self = param_of(fn, m->object);

	if (m->doubt.reason || m->end)
		l->why = "which mapping it leaves is not certain";
	else if (m->family == API_KMAP && object < 0 && self < 0)
		l->why = "it leaves a page of kmap(), and no line can say where";
	else if (m->family == API_KMAP && out < 0 && !(o->ret && facts_truth(&o->state->facts, c->syms, o->ret) != T_NO))
		l->why = "it leaves a page of kmap() and gives no address";
	else if (m->family != API_KMAP && out < 0 && !(o->ret && holds_address(o->ret, m)))
		l->why = "it keeps the address in a struct";
	else if (count_holders(o->state, o->ret, m) > 1)
		l->why = "it gives the address in more than one place";
	else if (l->live && (l->live->family != m->family || l->out != out))
		l->why = "it maps in one way or another";
	else if (l->live && (l->object != (self >= 0 ? self : object) || l->by_value != (self >= 0)))
		l->object = -1;
	else
		l->object = self >= 0 ? self : object;
	if (out >= 0 && o->ret) {
		l->zero |= facts_truth(&o->state->facts, c->syms, o->ret) != T_YES;
		l->nonzero |= facts_truth(&o->state->facts, c->syms, o->ret) != T_NO;
	}
	l->by_value = self >= 0;
	l->live = m;
	l->out = out;
}

static void take_gone(struct lesson *l, const struct mapping *m)
{
	int arg = param_of(l->fn, m->family == API_KMAP ? m->base : sym_root(m->base));

	if (m->told)
		l->why = "it releases the mapping by another family";
	else if (m->doubt.reason || m->if_live)
		l->why = "whether it releases the mapping depends on what was mapped";
	else if (arg < 0)
		l->why = "it releases what a struct holds";
	else if (l->gone && (l->gone->family != m->family || l->arg != arg))
		l->why = "it releases one mapping or another";
	l->gone = m;
	l->arg = arg;
}

/* An outcome that leaves no mapping: how does a caller see that? */
static void take_none(struct lesson *l, const struct outcome *o)
{
	struct range r = o->ret ? facts_range(&o->state->facts, o->ret) : (struct range){ FACT_MIN, FACT_MAX };

	l->none = true;
	if (r.lo == 0 && r.hi == 0)
		l->null = true;
	else if (r.hi < 0)
		l->err = true;
	else
		l->kept = true;
}

static void take_outcome(struct ctx *c, struct lesson *l, const struct outcome *o)
{
	const struct state *s = o->state;
	unsigned int i, nlive = 0, ngone = 0;

	for (i = 0; i < s->nmaps; i++) {
		const struct mapping *m = &s->maps[i];

		if (m->foreign) {
			take_gone(l, m);
			ngone++;
		} else if (m->status == MAP_LIVE) {
			take_live(c, l, o, m);
			nlive++;
		}
	}
	if (nlive > 1 || ngone > 1)
		l->why = "more than one mapping passes through it";
	if (!nlive && !ngone)
		take_none(l, o);
}

/* Which effect says when nothing is mapped? */
static const char *effect_of(struct lesson *l)
{
	if (!l->none)
		return "maps";
	/* With the address in a place of its own, 0 says failure for maps-or-null and success for maps-or-err. */
	if (!l->kept && l->null && !l->err && !l->zero)
		return "maps-or-null";
	if (!l->kept && l->err && !l->null && !l->nonzero)
		return "maps-or-err";
	l->why = "its result does not say whether it mapped";
	return NULL;
}

/* What it may have changed through its parameters: the content of one as a whole, or what one leads to. */
static void add_writes(struct strbuf *b, const struct lesson *l)
{
	const struct flow_func *f = l->fn->func;
	unsigned int p, i, j;

	for (p = 0; p < f->nparams; p++) {
		bool set = false, written = false;

		for (i = 0; i < l->fn->noutcomes; i++) {
			const struct state *s = l->fn->outcomes[i].state;

			for (j = 0; j < s->nhavoc; j++)
				written |= param_of(l->fn, s->havoc[j]) == (int)p;
			for (j = 0; j < s->ncells; j++) {
				if (s->cells[j].read || param_of(l->fn, sym_root(s->cells[j].addr)) != (int)p)
					continue;
				set |= param_of(l->fn, s->cells[j].addr) == (int)p;
				written |= param_of(l->fn, s->cells[j].addr) < 0;
			}
		}
		if (written)
			strbuf_addf(b, " writes(arg%u)", p);
		else if (set && (int)p != l->out)
			strbuf_addf(b, " sets(*arg%u)", p);
	}
}

static void add_map(struct strbuf *b, const struct lesson *l, const char *effect)
{
	strbuf_addf(b, " %s(%s, ", effect, api_family_name(l->live->family));
	if (l->object < 0)
		strbuf_addf(b, "unknown");
	else
		strbuf_addf(b, "%sarg%d", l->by_value ? "" : "*", l->object);
	if (l->out >= 0)
		strbuf_addf(b, ", *arg%d", l->out);
	strbuf_addf(b, ")");
}

static void learn_function(struct ctx *c, struct strbuf *b, const struct fn *fn)
{
	struct lesson l = { .fn = fn, .out = -1, .object = -1, .arg = -1 };
	const char *effect = NULL;
	unsigned int i;

	for (i = 0; i < fn->noutcomes && !l.why; i++)
		take_outcome(c, &l, &fn->outcomes[i]);
	if (!l.live && !l.gone)
		return;
	if (!l.why && (fn->bounded || fn->recursive))
		l.why = "the function is too large or has too many states to follow";
	else if (!l.why && l.live && l.gone)
		l.why = "it releases one mapping and leaves another";
	else if (!l.why && l.gone && l.none)
		l.why = "it does not always release it";
	/* kmap() is undone by page: of one that no line can name nobody could see the release. */
	if (!l.why && l.live && l.live->family == API_KMAP && l.object < 0)
		l.why = "it leaves one page of kmap() or another";
	if (!l.why && l.live)
		effect = effect_of(&l);
	if (l.why) {
		strbuf_addf(b, "# %s: %s\n", fn->func->name, l.why);
		return;
	}
	strbuf_addf(b, "weak %s", fn->func->name);
	add_writes(b, &l);
	if (l.gone)
		strbuf_addf(b, " unmaps(%s, arg%d)", api_family_name(l.gone->family), l.arg);
	if (l.live)
		add_map(b, &l, effect);
	strbuf_addf(b, "\n");
}

const char *learn_lines(struct ctx *c)
{
	struct strbuf b = { 0 };
	const char *lines;
	unsigned int i;

	for (i = 0; i < c->nfns; i++) {
		const struct flow_func *f = c->fns[i].func;

		if (f->is_static || f->is_inline || f->varargs || !c->fns[i].summarised || api_find(c->api, f->name))
			continue;
		learn_function(c, &b, &c->fns[i]);
	}
	lines = b.len ? arena_strdup(c->arena, b.buf) : NULL;
	free(b.buf);
	return lines;
}
