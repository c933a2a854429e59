// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * scan.c - which functions are worth translating
 *
 * Only the functions chosen cost more than a walk through their trees. Chosen are those from which a call that the engine
 * wants is reached over calls by name, and small ones that they call, since their results decide branches. The body of a
 * function that a header defines and the model has a line for is of no interest.
 */
#include "walk.h"
#include "scope.h"

#include <stdlib.h>
#include <string.h>

/* Bounds of the small ones: their size in nodes of the tree, how deep calls are followed, how many there may be. */
enum { SMALL_NODES = 1700, SMALL_DEPTH = 4, SMALL_MAX = 4000 };

static void choose_callers(struct scan *s)
{
	unsigned int i, j;
	bool again = true;

	for (i = 0; i < s->nfns; i++)
		s->fns[i]->chosen = s->fns[i]->wants && !s->fns[i]->skipped;
	while (again) {
		again = false;
		/* Callees were mostly found after their callers. */
		for (i = s->nfns; i-- > 0; ) {
			struct fn *fn = s->fns[i];

			if (fn->chosen || fn->skipped)
				continue;
			for (j = 0; j < fn->ncallees && !fn->chosen; j++)
				fn->chosen = fn->callees[j]->chosen;
			again |= fn->chosen;
		}
	}
}

static void choose_small(struct scan *s)
{
	unsigned int i, j, depth, first = 0, end, n = 0, cap = 0, added = 0;
	struct fn **queue = NULL;

	for (i = 0; i < s->nfns; i++) {
		if (!s->fns[i]->chosen)
			continue;
		GROW(queue, n, cap);
		queue[n++] = s->fns[i];
	}
	for (depth = 0; depth < SMALL_DEPTH && first < n; depth++) {
		for (end = n; first < end; first++) {
			struct fn *caller = queue[first];

			for (j = 0; j < caller->ncallees; j++) {
				struct fn *fn = caller->callees[j];

				if (fn->chosen || fn->modelled || fn->nodes > SMALL_NODES || added++ >= SMALL_MAX)
					continue;
				fn->chosen = true;
				GROW(queue, n, cap);
				queue[n++] = fn;
			}
		}
	}
	free(queue);
}

static void walk_function(struct scan *s, struct fn *fn)
{
	struct symbol *base = fn->sym->ctype.base_type;
	struct statement *body = base->stmt ? base->stmt : base->inline_stmt;
	struct walk w = { .scan = s, .fn = fn };

	if (fn->skipped)
		return;
	walk_stmt(&w, body);
	if (fn->cleanups) {
		w.lower = lower_new(fn->sym);
		walk_stmt(&w, body);
		lower_end(w.lower);
	}
	life_put_marks(fn);
}

/* What is inline but not static is in no list of the parser's, and need not be called in this file. */
static void find_inline(struct scan *s)
{
	struct symbol *sym;

	FOR_EACH_PTR(global_scope->symbols, sym) {
		if (is_function_symbol(sym) && sym->ctype.base_type->inline_stmt &&
		    !strcmp(stream_name(sym->pos.stream), s->file))
			find_fn(s, sym);
	} END_FOR_EACH_PTR(sym);
}

/**
 * scan_unit() - find the functions of a unit and choose those worth translating
 * @s: filled; to be freed with scan_free()
 * @file: the name of the unit
 * @list: what the parser gave, not evaluated yet
 *
 * The tree is changed: functions that are called lose their mark "inline", "asm goto" statements get branches to their
 * labels, returns without a value are kept from being passed over, cleanups are called, and lives of inner variables begin.
 */
void scan_unit(struct scan *s, const struct kc *kc, const char *file, struct symbol_list *list)
{
	struct walk w = { .scan = s };
	struct symbol *sym;
	unsigned int i;

	memset(s, 0, sizeof(*s));
	s->kc = kc;
	s->file = file;
	FOR_EACH_PTR(list, sym) {
		if (is_function_symbol(sym))
			find_fn(s, sym);
		else
			walk_expr(&w, sym->initializer);
	} END_FOR_EACH_PTR(sym);
	find_inline(s);
	for (i = 0; i < s->nfns; i++)
		walk_function(s, s->fns[i]);
	choose_callers(s);
	choose_small(s);
}

void scan_free(struct scan *s)
{
	unsigned int i;

	for (i = 0; i < s->nfns; i++) {
		s->fns[i]->sym->aux = NULL;
		free(s->fns[i]->callees);
		free(s->fns[i]->returns);
		free(s->fns[i]->inner);
		free((char *)s->fns[i]->name);
		free(s->fns[i]);
	}
	free(s->fns);
}
