// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random programs: the changes that make some of them wrong
 */
#include "random.h"

#include <string.h>

void each_node(struct node *list, void (*fn)(struct node *n, void *data), void *data)
{
	for (; list; list = list->next) {
		fn(list, data);
		each_node(list->body, fn, data);
		each_node(list->els, fn, data);
	}
}

/* Nodes that a change may choose from: those of the kinds in the bit mask @kinds. */
struct choice {
	unsigned int kinds, n;
	struct node *nodes[MAX_NODES];
};

static void collect(struct node *n, void *data)
{
	struct choice *c = data;

	if (c->kinds & 1u << n->kind && c->n < MAX_NODES)
		c->nodes[c->n++] = n;
}

static struct node *pick(struct program *p, struct function *f, unsigned int kinds)
{
	struct choice c = { .kinds = kinds };

	each_node(f->body, collect, &c);
	return c.n ? c.nodes[rnd(&p->rng, c.n)] : NULL;
}

#define BIT(kind) (1u << (kind))
#define ANY (~(BIT(S_NOP)))

/* Any variable, one that another unmap releases by preference. */
static int some_addr(struct program *p, struct function *f)
{
	struct node *n = pick(p, f, BIT(S_UNMAP) | BIT(S_MAP));

	return n && chance(&p->rng, 85) ? n->var : (int)rnd(&p->rng, f->nvars);
}

static void insert_after(struct node *at, struct node *n)
{
	n->next = at->next;
	at->next = n;
}

static void change_cond(struct program *p, struct function *f, struct node *n)
{
	switch (rnd(&p->rng, 4)) {
	case 0:
		n->cond = negate(n->cond);
		break;
	case 1:
		n->cond.n = (int)rnd(&p->rng, 3);
		break;
	case 2:
		n->cond.op = (enum flow_cmp)rnd(&p->rng, FLOW_UGE + 1);
		break;
	default:
		n->cond = gen_cond(p, f);
	}
}

static void change_unmap(struct program *p, struct function *f, struct node *n)
{
	static const int offsets[] = { PAGE, PAGE, -1, PAGE - 1, 2 * PAGE };
	struct node *copy;

	switch (rnd(&p->rng, 7)) {
	case 0:
		n->kind = S_NOP;
		break;
	case 1:
		copy = new_node(p, S_UNMAP);
		copy->var = n->var;
		copy->n2 = n->n2;
		insert_after(chance(&p->rng, 50) ? n : pick(p, f, ANY), copy);
		break;
	case 2:
	case 3:
		n->var = some_addr(p, f);
		break;
	case 4:
		if (n->n2 != KMAP)
			n->n = offsets[rnd(&p->rng, ARRAY_SIZE(offsets))];
		break;
	case 5:
		n->n2 = (int)rnd(&p->rng, 3);
		break;
	default:
		n->var = (int)rnd(&p->rng, 2);	/* the page */
	}
}

/* Something that leaves, or changes what conditions depend on, perhaps under a condition. */
static struct node *intruder(struct program *p, struct function *f)
{
	static const enum stmt kinds[] = {
		S_RET, S_RET, S_BREAK, S_CONTINUE, S_SET, S_EXT, S_UNMAP, S_ACCESS, S_BUG, S_UNDEF, S_MAP, S_COPY,
	};
	struct node *n = new_node(p, kinds[rnd(&p->rng, ARRAY_SIZE(kinds))]), *cond;

	n->var = n->kind == S_RET ? -1 : some_addr(p, f);
	if (n->kind == S_SET || n->kind == S_EXT)
		n->var = (int)rnd(&p->rng, f->nvars);
	/* Pages stay pages, numbers stay numbers. */
	if (n->kind == S_MAP || n->kind == S_COPY || n->kind == S_UNDEF) {
		cond = pick(p, f, BIT(S_MAP));
		n->var = cond ? cond->var : new_var(f);
	} else if ((n->kind == S_SET || n->kind == S_EXT) && n->var < f->nparams && f->params[n->var] == FLOW_T_PTR) {
		n->var = new_var(f);
	}
	if (n->kind == S_RET && chance(&p->rng, 10))
		n->var = some_addr(p, f);
	if (n->kind == S_MAP || n->kind == S_COPY)
		n->var2 = n->kind == S_MAP ? (int)rnd(&p->rng, 2) : some_addr(p, f);
	if (n->kind == S_SET)
		n->n = (int)rnd(&p->rng, 2);
	if (n->kind == S_EXT)
		n->n = 1;
	if (chance(&p->rng, 30) || f->helper)
		return n;
	cond = new_node(p, S_IF);
	cond->cond = gen_cond(p, f);
	cond->body = n;
	return cond;
}

static void swap(struct node *n)
{
	struct node a, b;

	if (!n->next)
		return;
	a = *n;
	b = *n->next;
	*n->next = a;
	n->next->next = b.next;
	b.next = n->next;
	*n = b;
}

static void change(struct program *p, struct function *f)
{
	struct node *n, *copy;

	switch (rnd(&p->rng, 8)) {
	case 0:
	case 1:
	case 2:
		n = pick(p, f, BIT(S_UNMAP));
		if (n)
			change_unmap(p, f, n);
		break;
	case 3:
		n = pick(p, f, BIT(S_IF) | BIT(S_FLAG) | BIT(S_SELECT));
		if (n && !f->helper)
			change_cond(p, f, n);
		break;
	case 4:
		n = pick(p, f, ANY);
		if (n)
			swap(n);
		break;
	case 5:
		/* under a condition, or no longer */
		n = pick(p, f, ANY & ~BIT(S_RET));
		if (!n || f->helper)
			break;
		copy = new_node(p, n->kind);
		*copy = *n;
		copy->next = NULL;
		n->kind = S_IF;
		n->body = copy;
		n->els = NULL;
		n->cond = gen_cond(p, f);
		break;
	case 6:
		n = pick(p, f, ANY & ~BIT(S_RET));
		if (n)
			n->kind = n->kind == S_IF && !n->els ? S_LABEL : S_NOP;
		if (n && n->kind == S_LABEL)
			n->n = p->nlabels++;
		break;
	default:
		n = pick(p, f, ANY);
		if (n)
			insert_after(n, intruder(p, f));
	}
}

void mutate(struct program *p)
{
	static const int counts[] = { 0, 0, 0, 0, 1, 1, 1, 1, 2, 3 };
	int i;

	p->mutations = counts[rnd(&p->rng, ARRAY_SIZE(counts))];
	for (i = 0; i < p->mutations; i++) {
		/* the roots rather than the helpers */
		int f = chance(&p->rng, 80) ? p->nfuncs - 1 : (int)rnd(&p->rng, p->nfuncs);

		change(p, &p->funcs[f]);
	}
}
