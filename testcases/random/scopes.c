// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random programs: the correct pieces, in the shapes that kernel code has
 */
#include "scopes.h"


void pick_map(struct program *p, struct function *f, struct live *m)
{
	unsigned int pick = rnd(&p->rng, 8);

	m->addr = new_var(f);
	m->page = (int)rnd(&p->rng, 2);
	m->family = pick == 0 ? ATOMIC : pick == 1 ? KMAP : LOCAL;
}

struct node **put_map(struct program *p, struct node **end, const struct live *m)
{
	struct node *n = new_node(p, S_MAP);

	n->var = m->addr;
	n->var2 = m->page;
	n->n = m->family;
	p->maps++;
	return append_node(end, n);
}

static struct node **new_map(struct program *p, struct function *f, struct node **end, struct live *m)
{
	pick_map(p, f, m);
	return put_map(p, end, m);
}

struct node **put_unmap(struct program *p, struct node **end, const struct live *m)
{
	static const int offsets[] = { 0, 0, 0, 0, 0, 1, 100, PAGE - 1 };
	struct node *n = new_node(p, S_UNMAP);

	n->var = m->family == KMAP ? m->page : m->addr;
	n->n = m->family == KMAP ? 0 : offsets[rnd(&p->rng, ARRAY_SIZE(offsets))];
	n->n2 = m->family;
	return append_node(end, n);
}

struct node **put(struct program *p, struct node **end, enum stmt kind, int var, int n)
{
	struct node *s = new_node(p, kind);

	s->var = var;
	s->n = n;
	return append_node(end, s);
}

struct node *put_if(struct program *p, struct node ***end, struct cond c)
{
	struct node *n = new_node(p, S_IF);

	n->cond = c;
	*end = append_node(*end, n);
	return n;
}

struct cond truth(int var)
{
	return (struct cond){ .kind = C_TRUTH, .var = var };
}

/* if (ext()) */
static struct node *put_if_ext(struct program *p, struct function *f, struct node ***end)
{
	int v = new_var(f);

	*end = put(p, *end, S_EXT, v, 0);
	return put_if(p, end, truth(v));
}

static struct node **filler(struct program *p, struct function *f, struct node **end, int addr)
{
	static const int offsets[] = { 0, 8, 100, PAGE - 8 };

	switch (rnd(&p->rng, 8)) {
	case 0:
		return put(p, end, S_EXT, new_var(f), 0);
	case 1:
		/* what the struct holds may be another thing after that */
		if (f->ctx >= 0 && chance(&p->rng, 40))
			addr = f->ctx;
		return put(p, end, S_EXT_USE, addr, 0);
	case 2:
	case 3:
		return put(p, end, S_ACCESS, addr, offsets[rnd(&p->rng, ARRAY_SIZE(offsets))]);
	default:
		return end;
	}
}

/* What happens while something is mapped. */
struct node **inside(struct program *p, struct function *f, struct node **end, int depth, int addr)
{
	end = filler(p, f, end, addr);
	if (depth < DEEPEST && p->maps < MOST_MAPS && chance(&p->rng, 45))
		end = gen_scope(p, f, end, depth + 1);
	return filler(p, f, end, addr);
}

static struct node **plain(struct program *p, struct function *f, struct node **end, int depth)
{
	struct live m;

	end = new_map(p, f, end, &m);
	end = inside(p, f, end, depth, m.addr);
	return put_unmap(p, end, &m);
}

/* if (c) map … if (c) unmap, with the condition again, a flag, or the address itself */
static struct node **correlated(struct program *p, struct function *f, struct node **end, int depth)
{
	struct rng *r = &p->rng;
	unsigned int how = rnd(r, 4);
	struct cond c = gen_cond(p, f);
	int flag = how == 1 || how == 2 ? new_var(f) : -1;
	struct node *n, **in;
	struct live m;

	p->pairs++;
	if (how == 1)
		end = put(p, end, S_SET, flag, 0);
	if (how == 2) {
		n = new_node(p, S_FLAG);
		n->var = flag;
		n->cond = c;
		end = append_node(end, n);
		c = truth(flag);
	}
	pick_map(p, f, &m);
	if (how == 3 || chance(r, 30))	/* a = NULL */
		end = put(p, end, S_SET, m.addr, 0);
	in = put_map(p, &put_if(p, &end, c)->body, &m);
	if (how == 1)
		put(p, in, S_SET, flag, 1);
	if (depth < DEEPEST && p->maps < MOST_MAPS && chance(r, 40))
		end = gen_scope(p, f, end, depth + 1);
	if (how == 1)
		c = truth(flag);
	if (how == 3)
		c = truth(m.addr);
	if (how == 0 && chance(r, 30))
		put_unmap(p, &put_if(p, &end, negate(c))->els, &m);
	else
		put_unmap(p, &put_if(p, &end, c)->body, &m);
	return end;
}

/* a = map; if (ext()) goto out; … out: unmap */
static struct node **cleanup(struct program *p, struct function *f, struct node **end, int depth)
{
	struct node *label = new_node(p, S_LABEL), *outer = NULL, **in;
	struct live m;

	if (chance(&p->rng, 40)) {
		/* an error before the mapping jumps behind the unmap */
		outer = new_node(p, S_LABEL);
		outer->n = p->nlabels++;
		in = &outer->body;
		put(p, &put_if_ext(p, f, &in)->body, S_GOTO, -1, outer->n);
	} else {
		in = end;
	}
	label->n = p->nlabels++;
	in = new_map(p, f, in, &m);
	in = append_node(in, label);
	in = put_unmap(p, in, &m);
	if (outer)
		in = append_node(end, outer);
	end = &label->body;
	if (chance(&p->rng, 50))
		put(p, &put_if_ext(p, f, &end)->body, S_GOTO, -1, label->n);
	else
		put(p, &put_if(p, &end, gen_cond(p, f))->body, S_GOTO, -1, label->n);
	inside(p, f, end, depth, m.addr);
	return in;
}

/* a = map; if (c) { unmap; return } … unmap */
static struct node **early_return(struct program *p, struct function *f, struct node **end, int depth)
{
	struct node **in;
	struct live m;

	if (depth)
		return plain(p, f, end, depth);
	end = new_map(p, f, end, &m);
	in = &put_if(p, &end, gen_cond(p, f))->body;
	in = filler(p, f, in, m.addr);
	in = put_unmap(p, in, &m);
	put(p, in, chance(&p->rng, 15) ? S_BUG : S_RET, -1, -1);
	end = inside(p, f, end, depth, m.addr);
	return put_unmap(p, end, &m);
}

static struct node *put_loop(struct program *p, struct function *f, struct node ***end)
{
	struct node *n = new_node(p, chance(&p->rng, 70) ? S_FOR : S_WHILE);
	int i;

	n->var = new_var(f);
	for (i = 0; i < f->nparams; i++)
		if (f->params[i] == FLOW_T_INT && (n->var2 < 0 || chance(&p->rng, 50)))
			n->var2 = i;
	p->loops++;
	*end = append_node(*end, n);
	return n;
}

/* for (…) { a = map; if (c) { unmap; break or continue } … unmap } */
static struct node **loop(struct program *p, struct function *f, struct node **end, int depth)
{
	struct node **in = &put_loop(p, f, &end)->body, **jump;
	struct live m;

	in = new_map(p, f, in, &m);
	if (chance(&p->rng, 50)) {
		jump = &put_if(p, &in, gen_cond(p, f))->body;
		jump = put_unmap(p, jump, &m);
		put(p, jump, chance(&p->rng, 50) ? S_BREAK : S_CONTINUE, -1, 0);
	}
	in = inside(p, f, in, depth, m.addr);
	put_unmap(p, in, &m);
	return end;
}

/* One mapping at a time, kept from turn to turn: a = NULL; for (…) { if (a) unmap; a = map } if (a) unmap */
static struct node **rotating(struct program *p, struct function *f, struct node **end, int depth)
{
	bool null = chance(&p->rng, 50);
	struct node **in;
	struct live m;

	(void)depth;
	pick_map(p, f, &m);
	if (null) {
		m.family = LOCAL;
		end = put(p, end, S_SET, m.addr, 0);
	} else {
		end = put_map(p, end, &m);
	}
	in = &put_loop(p, f, &end)->body;
	in = filler(p, f, in, null ? m.page : m.addr);
	if (null)
		put_unmap(p, &put_if(p, &in, truth(m.addr))->body, &m);
	else
		in = put_unmap(p, in, &m);
	put_map(p, in, &m);
	if (null)
		put_unmap(p, &put_if(p, &end, truth(m.addr))->body, &m);
	else
		end = put_unmap(p, end, &m);
	return end;
}

/* The address goes through memory. */
static struct node **through_memory(struct program *p, struct function *f, struct node **end, int depth)
{
	int mem = (int)rnd(&p->rng, f->ctx >= 0 ? 2 * MEM_FIELD : MEM_FIELD);
	struct node *n = new_node(p, S_PUT);
	struct live m;

	p->memory++;
	end = new_map(p, f, end, &m);
	n->n = mem;
	n->var2 = m.addr;
	end = append_node(end, n);
	end = inside(p, f, end, depth, m.addr);
	n = new_node(p, S_GET);
	n->n = mem;
	m.addr = n->var = new_var(f);
	end = append_node(end, n);
	return put_unmap(p, end, &m);
}

/* switch (n) { case 0: map … } … switch (n) { case 0: unmap … } */
static struct node **switched(struct program *p, struct function *f, struct node **end, int depth)
{
	int on = gen_cond(p, f).var, other = 1 + (int)rnd(&p->rng, 2);
	struct node *n = new_node(p, S_SWITCH);
	bool both = chance(&p->rng, 40);
	struct live a, b;

	p->pairs++;
	n->var = on;
	n->n2 = other;
	new_map(p, f, &n->body, &a);
	if (both)
		new_map(p, f, &n->els, &b);
	end = append_node(end, n);
	if (depth < DEEPEST && p->maps < MOST_MAPS && chance(&p->rng, 40))
		end = gen_scope(p, f, end, depth + 1);
	n = new_node(p, S_SWITCH);
	n->var = on;
	n->n2 = other;
	put_unmap(p, &n->body, &a);
	if (both)
		put_unmap(p, &n->els, &b);
	return append_node(end, n);
}

/* Which of two addresses, or an address at an offset, is released is chosen. */
static struct node **selected(struct program *p, struct function *f, struct node **end, int depth)
{
	struct cond c = gen_cond(p, f);
	struct node *n, *copy = new_node(p, S_COPY);
	struct live a, b;

	pick_map(p, f, &a);
	a.family = LOCAL;
	end = put_map(p, end, &a);
	end = inside(p, f, end, depth, a.addr);
	copy->var = new_var(f);
	copy->var2 = a.addr;
	copy->n = (int)rnd(&p->rng, 16);
	end = append_node(end, copy);
	n = new_node(p, S_SELECT);
	n->cond = c;
	n->var2 = a.addr;
	n->var3 = copy->var;
	b = a;
	b.addr = n->var = new_var(f);
	end = append_node(end, n);
	return put_unmap(p, end, &b);
}

/* The address moves by a number; what is known of it decides whether it may be released. */
static struct node **moved(struct program *p, struct function *f, struct node **end, int depth)
{
	struct cond c = gen_cond(p, f);
	struct node *n = new_node(p, S_ADD);
	struct live a, b;

	pick_map(p, f, &a);
	a.family = LOCAL;
	end = put_map(p, end, &a);
	n->var2 = a.addr;
	n->var3 = c.var;
	b = a;
	b.addr = n->var = new_var(f);
	end = append_node(end, n);
	end = inside(p, f, end, depth, a.addr);
	if (chance(&p->rng, 30))
		return put_unmap(p, end, &b);
	c.kind = C_CMP;
	c.op = chance(&p->rng, 50) ? FLOW_ULE : FLOW_SGE;
	n = put_if(p, &end, c);
	put_unmap(p, &n->body, &b);
	put_unmap(p, &n->els, &a);
	return end;
}

static struct node **(*const scopes[])(struct program *p, struct function *f, struct node **end, int depth) = {
	plain, plain, correlated, correlated, correlated, cleanup, early_return, loop, loop, rotating, through_memory,
	switched, selected, moved, helped, helped,
};

struct node **gen_scope(struct program *p, struct function *f, struct node **end, int depth)
{
	unsigned int pick = rnd(&p->rng, ARRAY_SIZE(scopes));

	if (depth > p->depth)
		p->depth = depth;
	return scopes[pick](p, f, end, depth);
}
