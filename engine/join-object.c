// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * join-object.c - of which page a kmap() is, where the turns of a loop meet
 *
 * kmap() is undone by page, so states in which a mapping is of different pages do not agree. Where the page was taken from the next place of an
 * array on each turn, and still lies there, it is the page at "the place that the counter leads to" in all of them.
 */
#include "analysis.h"
#include "relate.h"

#define POINTER_SIZE 8

/* The value @id is @x in the one state and @y in the other; the places differ by @times as much. */
struct step {
	unsigned int id;
	struct sym *x;
	int64_t times;
};

/* Does the memory that the page was taken from still hold it? */
static bool is_there(const struct state *s, const struct sym *object)
{
	const struct cell *cell = state_cell(s, object->args[0]);

	return cell ? cell->val == object : !object->gen && mem_is_as_at_entry(s, object->args[0], POINTER_SIZE);
}

static int64_t first_factor(const struct sym *s)
{
	if (s->kind == SYM_CONST)
		return s->num;
	return s->kind == SYM_SUM && s->nargs ? s->coefs[0] : 1;
}

/* Is the distance of the places so many times that of the two values? */
static bool is_counted(struct sym *x, struct sym *y, struct symtab *t, const struct sym *distance, int64_t *times)
{
	struct sym *d;

	if (x == y || ((x->has | y->has) & (SYM_HAS_MAP | SYM_HAS_VAGUE | SYM_HAS_UNDEF)))
		return false;
	d = sym_sub(t, x, y);
	if (!first_factor(d) || first_factor(distance) % first_factor(d))
		return false;
	*times = first_factor(distance) / first_factor(d);
	return sym_scale(t, d, *times) == distance;
}

static bool find_step(const struct state *a, const struct state *b, struct symtab *t, const struct sym *x, const struct sym *y, struct step *step)
{
	struct sym *distance;
	unsigned int i, j = 0;

	if (x->kind != SYM_INIT || y->kind != SYM_INIT || x->type != y->type || !is_there(a, x) || !is_there(b, y))
		return false;
	distance = sym_sub(t, x->args[0], y->args[0]);
	if (distance->has & (SYM_HAS_MAP | SYM_HAS_VAGUE | SYM_HAS_UNDEF))
		return false;
	for (i = 0; i < a->nenv; i++) {
		while (j < b->nenv && b->env[j].id < a->env[i].id)
			j++;
		if (j == b->nenv || b->env[j].id != a->env[i].id ||
		    !is_counted(a->env[i].sym, b->env[j].sym, t, distance, &step->times))
			continue;
		step->id = a->env[i].id;
		step->x = a->env[i].sym;
		return true;
	}
	return false;
}

bool objects_related(const struct state *a, const struct state *b, struct symtab *t, const struct sym *x, const struct sym *y)
{
	struct step step;

	return find_step(a, b, t, x, y, &step);
}

struct sym *join_objects(struct state *both, const struct relation *r, struct sym *x, struct sym *y)
{
	const struct cell *p, *q;
	struct sym *counter, *addr, *object;
	struct step step;
	struct cell *cell;

	counter = find_step(r->a, r->b, r->syms, x, y, &step) ? env_get(both, step.id) : NULL;
	if (!counter)
		return NULL;
	addr = sym_add(r->syms, x->args[0], sym_scale(r->syms, sym_sub(r->syms, counter, step.x), step.times));
	if (addr->has & (SYM_HAS_VAGUE | SYM_HAS_UNDEF))
		return NULL;
	object = (x->gen || y->gen ? sym_late : sym_init)(r->syms, addr, x->type);
	p = state_cell(r->a, x->args[0]);
	q = state_cell(r->b, y->args[0]);
	mem_note(both, addr, object, POINTER_SIZE);
	cell = state_cell(both, addr);
	if (!cell->weak && ((p && p->weak) || (q && q->weak))) {
		cell->weak = true;
		cell->doubt = p && p->weak ? p->doubt : q->doubt;
	}
	return object;
}
