/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pieces of correct programs
 */
#ifndef KMAPCHECK_RANDOM_SCOPES_H
#define KMAPCHECK_RANDOM_SCOPES_H

#include "random.h"

#define DEEPEST 3
#define MOST_MAPS 6

/**
 * struct live - a mapping that a scope is about to release
 * @page: the parameter that was mapped
 */
struct live {
	int addr, page;
	enum family family;
};

/*
 * Each appends at *@end and returns the new end; a scope may hold others. inside() is what happens while @addr is mapped, put_if()
 * gives the node to fill.
 */
struct node **gen_scope(struct program *p, struct function *f, struct node **end, int depth);
struct node **inside(struct program *p, struct function *f, struct node **end, int depth, int addr);
struct node **put(struct program *p, struct node **end, enum stmt kind, int var, int n);
struct node **put_map(struct program *p, struct node **end, const struct live *m);
struct node **put_unmap(struct program *p, struct node **end, const struct live *m);
struct node *put_if(struct program *p, struct node ***end, struct cond c);
struct cond truth(int var);
void pick_map(struct program *p, struct function *f, struct live *m);

/* helpers.c: a scope that uses the program's helpers, or a plain one where it has none. */
struct node **helped(struct program *p, struct function *f, struct node **end, int depth);

#endif
