// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes a program that fails smaller
 */
#include <stdlib.h>
#include <string.h>

#include "random.h"

/* Complaints are of one kind when they agree up to the colon. */
static bool same_kind(const char *a, const char *b)
{
	size_t n = strcspn(a, ":");

	return n == strcspn(b, ":") && !memcmp(a, b, n);
}

static bool still_fails(struct kc *kc, struct program *p, const char *complaint)
{
	struct flow_unit *u = emit_program(p);
	struct tally t = { 0 };
	char *now = judge(kc, p, &t, u);
	bool same = now && same_kind(now, complaint);

	free(now);
	flow_unit_free(u);
	return same;
}

/* One way to make @n simpler. False where there is none of that number. */
static bool simplify(struct node *n, int way)
{
	switch (way) {
	case 0:
		n->kind = S_NOP;
		return true;
	case 1:
		/* only what is inside */
		if (!n->body || n->kind == S_LABEL)
			return false;
		n->kind = S_LABEL;
		n->n = MAX_LABELS - 1;
		return true;
	case 2:
		if (!n->els || n->kind == S_SWITCH)
			return false;
		n->kind = S_LABEL;
		n->n = MAX_LABELS - 1;
		n->body = n->els;
		n->els = NULL;
		return true;
	case 3:
		if (n->kind != S_IF && n->kind != S_FLAG)
			return false;
		if (n->cond.kind == C_CMP || n->cond.kind == C_TRUTH || n->cond.kind == C_NOT)
			return false;
		n->cond.kind = C_CMP;
		return true;
	default:
		if (!n->n || (n->kind != S_UNMAP && n->kind != S_ACCESS && n->kind != S_COPY))
			return false;
		n->n = 0;
		return true;
	}
}

void reduce(struct kc *kc, struct program *p, const char *complaint)
{
	bool changed = true;
	int i, f, way;

	while (changed) {
		changed = false;
		for (f = 0; f < p->nfuncs; f++) {
			struct node *body = p->funcs[f].body;
			bool is_static = p->funcs[f].is_static;

			p->funcs[f].body = NULL;
			p->funcs[f].is_static = true;
			if (body && still_fails(kc, p, complaint)) {
				changed = true;
				continue;
			}
			p->funcs[f].body = body;
			p->funcs[f].is_static = is_static;
		}
		for (i = 0; i < p->nnodes; i++) {
			for (way = 0; way < 5 && p->nodes[i].kind != S_NOP; way++) {
				struct node old = p->nodes[i];

				if (!simplify(&p->nodes[i], way))
					continue;
				if (still_fails(kc, p, complaint))
					changed = true;
				else
					p->nodes[i] = old;
			}
		}
	}
}
