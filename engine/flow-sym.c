// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Names in a flow text: a hash table with open addressing
 */
#include "flow-sym.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

#define FEW 64

void flowsym_init(struct flowsym_tab *t)
{
	memset(t, 0, sizeof(*t));
	t->arena = arena_new();
	t->nslots = FEW;
	t->slots = xcalloc(FEW, sizeof(*t->slots));
}

void flowsym_free(struct flowsym_tab *t)
{
	arena_free(t->arena);
	free(t->all);
	free(t->slots);
}

void flowsym_clear(struct flowsym_tab *t)
{
	/* One large function must not make each later one pay. */
	t->nslots = FEW;
	t->slots = xrealloc(t->slots, FEW * sizeof(*t->slots));
	memset(t->slots, 0, FEW * sizeof(*t->slots));
	t->n = 0;
}

static struct flowsym **find(struct flowsym **slots, size_t nslots, char kind, const char *name)
{
	uint64_t h = 0xcbf29ce484222325u ^ (unsigned char)kind;
	const char *s;
	size_t i;

	for (s = name; *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3u;
	for (i = (h ^ h >> 31) & (nslots - 1); slots[i]; i = (i + 1) & (nslots - 1))
		if (slots[i]->kind == kind && !strcmp(slots[i]->name, name))
			break;
	return &slots[i];
}

static void grow(struct flowsym_tab *t)
{
	size_t nslots = t->nslots * 2;
	struct flowsym **slots = xcalloc(nslots, sizeof(*slots));
	unsigned int i;

	for (i = 0; i < t->n; i++)
		*find(slots, nslots, t->all[i]->kind, t->all[i]->name) = t->all[i];
	free(t->slots);
	t->slots = slots;
	t->nslots = nslots;
}

struct flowsym *flowsym_get(struct flowsym_tab *t, char kind, const char *name)
{
	struct flowsym **slot, *s;

	if (t->n >= t->nslots / 2)
		grow(t);
	slot = find(t->slots, t->nslots, kind, name);
	if (*slot)
		return *slot;
	s = arena_alloc(t->arena, sizeof(*s));
	s->name = arena_strdup(t->arena, name);
	s->kind = kind;
	GROW(t->all, t->n, t->cap);
	t->all[t->n++] = s;
	*slot = s;
	return s;
}
