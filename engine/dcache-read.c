// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dcache-read.c - the read side: a flush before the kernel reads what user space may have written
 *
 * Documentation/core-api/cachetlb.rst: what user space wrote through a mapping of its own is not what the kernel reads through its one
 * before flush_dcache_folio(). Such a flush is never one that comes too early for a write. That it is missing is told under
 * dcache=strict, where the model says of the accessor that gave the page that user space may write it ("shared").
 */
#include "dcache.h"

/* What this path knows of the answers of calls such as mapping_writably_mapped(). */
static enum truth is_shared_here(const struct ctx *c, const struct state *s)
{
	enum truth truth = T_MAYBE;
	unsigned int i;

	for (i = 0; i < c->fn->nasked; i++) {
		enum truth t = facts_truth(&s->facts, c->syms, sym_val(c->syms, c->fn->asked[i], 0, NULL));

		if (t == T_YES)
			return T_YES;
		if (t == T_NO)
			truth = T_NO;
	}
	return truth;
}

/* Did a call give it of which the model says that user space may write what it gives? */
static bool is_shared(const struct ctx *c, const struct sym *s)
{
	for (; s; s = s->inner)
		if (s->kind == SYM_VAL && call_does(c, s->val, 1ull << API_SHARED))
			return true;
	return false;
}

bool flush_is_for_read(const struct ctx *c, const struct state *s)
{
	return c->fn->nasked && is_shared_here(c, s) == T_YES;
}

static void missing(struct ctx *c, struct state *s, const struct flow_val *v, const struct place *p, const char *text)
{
	struct site *site = site_of(c, v, KC_SITE_READ);
	struct violation x = { .rule = KC_DCACHE_MISSING, .doubt = s->doubt, .map = site, .site = site, .at = v, .block = v->block,
			       .object = p->folio, .via = v, .flush = p->flush };

	if (!site->object)
		site->object = text;
	report_violation(c, s, &x);
}

void do_read(struct ctx *c, struct state *s, const struct flow_val *v, const struct place *p, const char *text)
{
	struct dirty *d = place_known(p) ? dirty_find(s, p->folio) : NULL;

	if (!place_known(p))
		return;
	/* It was flushed in order to be read, not too early. */
	if (d && d->flush && !d->ever && d->dirt == DIRT_CLEAN)
		d->for_read = true;
	if (c->opt->dcache != KC_DCACHE_STRICT || p->exempt || p->linear || (d && (d->flush || d->ever || d->dirt != DIRT_CLEAN)))
		return;
	if (is_shared(c, p->folio) && is_shared_here(c, s) != T_NO)
		missing(c, s, v, p, text);
}

void dcache_read(struct ctx *c, struct state *s, const struct flow_val *v, struct sym *object, const char *text)
{
	struct place p;

	if (c->opt->dcache == KC_DCACHE_OFF || (c->opt->dcache != KC_DCACHE_STRICT && !s->ndirty))
		return;
	p = place_of(c, object);
	do_read(c, s, v, &p, text);
}

void dcache_read_addr(struct ctx *c, struct state *s, const struct flow_val *v, struct sym *addr)
{
	struct place p;

	if (c->opt->dcache == KC_DCACHE_OFF || (c->opt->dcache != KC_DCACHE_STRICT && !s->ndirty))
		return;
	if (place_at(c, s, addr, &p))
		do_read(c, s, v, &p, p.text);
}

void read_prepare(struct ctx *c, struct fn *fn)
{
	unsigned int i;

	for (i = 0; i < fn->func->nvals && fn->nasked < ARRAY_SIZE(fn->asked); i++)
		if (fn->func->vals[i]->block && call_does(c, fn->func->vals[i], 1ull << API_IS_SHARED))
			fn->asked[fn->nasked++] = fn->func->vals[i];
}
