/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names in a flow text, for the parser alone
 */
#ifndef KMAPCHECK_FLOW_SYM_H
#define KMAPCHECK_FLOW_SYM_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct flowsym - a name of one kind
 * @kind: kinds are name spaces: the same name of another kind is another symbol
 * @defined: the thing was seen, not only mentioned
 * @line, @column: where it was mentioned first, 0 where nowhere
 * @val, @block: the thing, made when it is first mentioned
 */
struct flowsym {
	const char *name;
	char kind;
	bool defined;
	unsigned int line, column;
	struct flow_val *val;
	struct flow_block *block;
};

/**
 * struct flowsym_tab - a set of them
 * @all: in the order of their making, @n of them
 */
struct flowsym_tab {
	struct arena *arena;
	struct flowsym **all, **slots;
	unsigned int n, cap;
	size_t nslots;
};

void flowsym_init(struct flowsym_tab *t);
void flowsym_free(struct flowsym_tab *t);
/* Forgets all; the symbols stay in memory until flowsym_free(). */
void flowsym_clear(struct flowsym_tab *t);
/* Finds the symbol, or makes it. */
struct flowsym *flowsym_get(struct flowsym_tab *t, char kind, const char *name);

#endif
