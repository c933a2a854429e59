// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * loop.c - values of earlier turns
 *
 * SSA names an instruction's result anew each time it runs. When an instruction of a loop runs again, what it gave before is one
 * generation older wherever the state still has it; what is SYM_GEN_VAGUE generations old can no longer be told apart.
 */
#include "analysis.h"
#include "run.h"

struct again {
	struct symtab *syms;
	const struct flow_val *val;
	const struct flow_block *header;	/* of the loop that turns, or is entered, where @val is NULL */
	bool turn;
};

static struct sym *age_leaf(struct sym *s, void *data)
{
	struct again *a = data;

	switch (s->kind) {
	case SYM_ITER:
		if (s->block != a->header)
			return s;
		/* The count of a loop that turns goes up; of one that is entered anew it is another count. */
		if (a->turn)
			return s->gen ? s : sym_add_const(a->syms, s, -1);
		return sym_iter(a->syms, s->block, s->gen + 1u);
	case SYM_VAL:
		return a->val && s->val == a->val ? sym_age(a->syms, s, s->gen + 1u) : s;
	case SYM_INIT:
		return (s->gen ? sym_late : sym_init)(a->syms, sym_rewrite(a->syms, s->args[0], age_leaf, data),
						       s->type);
	default:
		return s;
	}
}

/* Does a value come out of the turns of the loop? */
static bool depends_on(const struct flow_val *v, const struct dom *dom, const struct flow_block *header, unsigned int depth)
{
	unsigned int i;

	if (!v->block || !dom_in_loop(dom, v->block->id, header->id))
		return false;
	if (v->op == FLOW_PHI || depth > 8)
		return true;
	for (i = 0; i < v->nargs; i++)
		if (depends_on(v->args[i], dom, header, depth + 1))
			return true;
	return false;
}

/* A loop that releases one address of somebody else's after the other: from the next turn on it is "some". */
static void merge_released(struct ctx *c, struct state *s, const struct flow_block *header)
{
	const struct dom *dom = c->fn->dom;
	unsigned int i, j, k;

	for (i = 0; i < s->nmaps; i++) {
		struct mapping *m = &s->maps[i];

		/* A parameter is the same address on every turn. */
		if (!m->foreign || m->base->kind == SYM_PARAM || !m->gone->block || m->gone->func != c->fn->func ||
		    !depends_on(m->gone, dom, header, 0))
			continue;
		for (j = k = i + 1; j < s->nmaps; j++)
			if (!s->maps[j].foreign || s->maps[j].gone_site != m->gone_site)
				s->maps[k++] = s->maps[j];
		s->nmaps = k;
		m->base = m->object = sym_val(c->syms, m->gone, SYM_GEN_VAGUE, NULL);
	}
}

/* Is it a mapping of which some were made so many turns ago that they can no longer be told apart? */
static bool is_many(const struct state *s, const struct mapping *m)
{
	unsigned int i;

	for (i = 0; i < s->nmaps; i++)
		if (!s->maps[i].foreign && !s->maps[i].end && s->maps[i].site == m->site && (s->maps[i].base->has & SYM_HAS_VAGUE))
			return true;
	return false;
}

/* Those become one, of which is only known that there are some. */
static void merge_vague(struct ctx *c, struct state *s)
{
	unsigned int i, j, n = 0;
	bool many;

	for (i = 0; i < s->nmaps; i++)
		if (!s->maps[i].foreign && (s->maps[i].base->has & SYM_HAS_VAL) && is_many(s, &s->maps[i]))
			s->maps[i].base = sym_age(c->syms, sym_root(s->maps[i].base), SYM_GEN_VAGUE);
	for (i = 0; i < s->nmaps; i++) {
		struct mapping *m = &s->maps[i];

		/* What was released in an earlier turn is of no interest to this one, unless it is the same. */
		if (m->foreign && (m->base->has & (SYM_HAS_VAL | SYM_HAS_VAGUE)) == SYM_HAS_VAL && !from_entry(m->base))
			continue;
		for (j = 0; j < n; j++)
			if (s->maps[j].base == m->base && s->maps[j].foreign == m->foreign)
				break;
		many = (m->base->has & SYM_HAS_VAGUE) != 0;
		if (j < n && s->maps[j].end)
			run_lose(&s->maps[j], KC_R_LOOP);
		if (many && (j < n || m->status == MAP_RELEASED) && !m->foreign) {
			/* What lies between is no longer known to be newer than all of them. */
			for (j++; m->status == MAP_LIVE && j < n; j++)
				if (!s->maps[j].foreign && !s->maps[j].doubt.reason)
					s->maps[j].doubt = (struct doubt){ KC_R_LOOP, NULL };
			continue;
		}
		if (many && !m->end && !m->doubt.reason)
			m->doubt = (struct doubt){ KC_R_LOOP, NULL };
		s->maps[n++] = *m;
	}
	s->nmaps = n;
}

/* Memory that holds an address released in an earlier turn, or one of many, is no longer followed. */
static void forget_stale(struct state *s)
{
	unsigned int i, j;

	for (i = j = 0; i < s->ncells; i++) {
		struct cell *cell = &s->cells[i];
		struct sym *base = sym_find_map(cell->val);
		struct mapping *m = base ? state_find_map(s, base) : NULL;
		bool old = base && (!m || (base->gen && m->status == MAP_RELEASED) || (base->has & SYM_HAS_VAGUE));

		if (cell->addr->has & SYM_HAS_VAGUE) {
			lose_holder(s, cell, KC_R_LOOP);
			stale_note(s, cell);
			continue;
		}
		if (old || (cell->val->has & SYM_HAS_VAGUE)) {
			lose_holder(s, cell, KC_R_LOOP);
			stale_note(s, cell);
			havoc_root(s, sym_root(cell->addr));
			continue;
		}
		s->cells[j++] = *cell;
	}
	s->ncells = j;
	for (i = j = 0; i < s->nhavoc; i++)
		if (!(s->havoc[i]->has & SYM_HAS_VAGUE))
			s->havoc[j++] = s->havoc[i];
	s->nhavoc = j;
}

/**
 * loop_redefine() - the instruction @v is about to run (again)
 */
void loop_redefine(struct ctx *c, struct state *s, const struct flow_val *v)
{
	struct again a = { .syms = c->syms, .val = v };
	const struct dom *dom = c->fn->dom;

	if (!v->named || (dom->header[v->block->id] == DOM_NONE && !dom->is_header[v->block->id]))
		return;
	if (!state_rewrite(s, c->syms, 1ull << (v->id & 63), age_leaf, &a))
		return;
	run_check(s);
	merge_vague(c, s);
	forget_stale(s);
}

/**
 * loop_enter() - the loop of @header is entered, or (@turn) turns
 */
void loop_enter(struct ctx *c, struct state *s, const struct flow_block *header, bool turn)
{
	struct again a = { .syms = c->syms, .header = header, .turn = turn };
	const struct dom *dom = c->fn->dom;
	unsigned int i, j;

	state_rewrite(s, c->syms, sym_iter_bit(header), age_leaf, &a);
	run_check(s);
	if (!turn)
		return;
	s->turned = true;
	for (i = j = 0; i < s->nenv; i++) {
		const struct flow_val *v = c->fn->func->vals[s->env[i].id];

		if ((v->op == FLOW_PHI && v->block == header) || !dom_in_loop(dom, v->block->id, header->id))
			s->env[j++] = s->env[i];
	}
	s->nenv = j;
	run_collect(c, s, header);
	merge_released(c, s, header);
	merge_vague(c, s);
	forget_stale(s);
}
