// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * answer.c - the same question asked twice: calls out of sight, with the same arguments
 *
 * The second answer probably is the first one: what was known of it is weakly known, so that a path on which they differ is in doubt. Of
 * a pointer that goes for what lies behind it: what looks for something finds it again, or does not.
 */
#include "analysis.h"

static unsigned char *times_asked(struct ctx *c, const char *name)
{
	unsigned int h = 0;

	while (*name)
		h = h * 31 + (unsigned char)*name++;
	return &c->asked[h % ARRAY_SIZE(c->asked)];
}

void answer_count(struct ctx *c, const struct flow_func *f)
{
	unsigned int i;

	for (i = 0; i < f->nvals; i++) {
		const struct flow_val *v = f->vals[i];
		unsigned char *n;

		if (v->op != FLOW_CALL || !v->str)
			continue;
		n = times_asked(c, v->str);
		*n += *n < 2;
	}
}

void answer_transfer(struct ctx *c, struct state *s, struct sym *before, struct sym *answer)
{
	facts_transfer(&s->facts, c->syms, before, answer, answer->type == FLOW_T_PTR);
}

struct renamed {
	struct sym *old, *new;
};

static struct sym *rename_leaf(struct sym *s, void *data)
{
	struct renamed *r = data;

	return s == r->old ? r->new : s;
}

void answer_rename(struct ctx *c, struct state *s, struct sym *old, struct sym *new)
{
	struct renamed r = { old, new };
	unsigned int i, n = s->ncells;

	for (i = 0; i < n && i < s->ncells; i++) {
		struct sym *key = s->cells[i].addr;

		if (sym_is_answer(key) && sym_mentions(key, old))
			mem_answer(s, sym_rewrite(c->syms, key, rename_leaf, &r), s->cells[i].val);
	}
}

void answer_remember(struct ctx *c, struct state *s, const struct flow_val *v)
{
	struct sym *args[4], *key, *answer, *before;
	unsigned int i;

	if (!v->str || !v->nargs || v->nargs > ARRAY_SIZE(args) || v->type == FLOW_T_VOID)
		return;
	/* Only a loop asks for it again, which is after another one. */
	if (v->type == FLOW_T_PTR && *times_asked(c, v->str) < 2)
		return;
	for (i = 0; i < v->nargs; i++)
		args[i] = facts_resolve(&s->facts, c->syms, eval(c, s, v->args[i]));
	key = sym_pure(c->syms, v->str, v->nargs, args);
	key = sym_pure(c->syms, sym_answer_of, 1, &key);
	if (key->has & (SYM_HAS_VAGUE | SYM_HAS_UNDEF))
		return;
	answer = sym_val(c->syms, v, 0, NULL);
	before = mem_answer(s, key, answer);
	if (before)
		answer_transfer(c, s, before, answer);
}
