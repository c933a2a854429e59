// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random programs: functions that map or unmap for their caller, and scopes that use them
 */
#include "scopes.h"

#include <string.h>

static void helper_body(struct program *p, struct function *f)
{
	struct live m = { .family = LOCAL };
	struct node **end = &f->body, *n;

	switch (f->helper) {
	case H_MAP:
	case H_MAP_NULL:
		if (f->helper == H_MAP_NULL) {
			struct cond c = { .kind = C_CMP, .op = chance(&p->rng, 50) ? FLOW_EQ : FLOW_SLE, .var = 1,
					  .n = (int)rnd(&p->rng, 2) };

			put(p, &put_if(p, &end, c)->body, S_RET, -1, 0);
		}
		m.addr = new_var(f);
		end = put_map(p, end, &m);
		put(p, end, S_RET, m.addr, 0);
		break;
	case H_MAP_OUT:
		m.addr = new_var(f);
		end = put(p, end, S_EXT, new_var(f), 0);
		put(p, &put_if(p, &end, truth(f->nvars - 1))->body, S_RET, -1, -1);
		end = put_map(p, end, &m);
		n = new_node(p, S_PUT);
		n->n = MEM_DEREF;
		n->var3 = 1;
		n->var2 = m.addr;
		end = append_node(end, n);
		put(p, end, S_RET, -1, 0);
		break;
	case H_UNMAP_IF:
		put_unmap(p, &put_if(p, &end, truth(0))->body, &m);
		put(p, end, S_RET, -1, 0);
		break;
	case H_UNMAP_TWO:
		end = put_unmap(p, end, &m);
		m.addr = 1;
		/* fall through */
	default:
		end = put_unmap(p, end, &m);
		put(p, end, S_RET, -1, 0);
	}
}

void gen_helpers(struct program *p)
{
	static const enum flow_type params[][2] = {
		[H_MAP] = { FLOW_T_PTR }, [H_MAP_NULL] = { FLOW_T_PTR, FLOW_T_INT }, [H_MAP_OUT] = { FLOW_T_PTR, FLOW_T_PTR },
		[H_UNMAP] = { FLOW_T_PTR }, [H_UNMAP_IF] = { FLOW_T_PTR }, [H_UNMAP_TWO] = { FLOW_T_PTR, FLOW_T_PTR },
	};
	static const int nparams[] = { 0, 1, 2, 2, 1, 1, 2 };
	unsigned int left = 2 + rnd(&p->rng, 3);
	enum helper h;

	for (h = H_MAP; h < H_KINDS && left; h++) {
		struct function *f = &p->funcs[p->nfuncs];

		if (!chance(&p->rng, 60))
			continue;
		left--;
		snprintf(f->name, sizeof(f->name), "helper%d", (int)h);
		f->helper = h;
		f->is_static = chance(&p->rng, 90);
		f->ctx = -1;
		f->nparams = f->nvars = nparams[h];
		memcpy(f->params, params[h], sizeof(params[h]));
		p->nfuncs++;
		p->helpers++;
		helper_body(p, f);
	}
}

static struct node *call(struct program *p, enum helper h, int var, int arg0, int arg1)
{
	struct node *n = new_node(p, S_CALL);

	n->n = -1;
	while (p->funcs[++n->n].helper != h)
		;
	n->var = var;
	n->nargs = p->funcs[n->n].nparams;
	n->args[0] = arg0;
	n->args[1] = arg1;
	return n;
}

static bool has(const struct program *p, enum helper h)
{
	int i;

	for (i = 0; i < p->nfuncs; i++)
		if (p->funcs[i].helper == h)
			return true;
	return false;
}

/* addr = helper(page), and the unmap by a helper where there is one */
static struct node **helped_map(struct program *p, struct function *f, struct node **end, int depth, bool null)
{
	struct node **in, *n;
	struct live m;

	pick_map(p, f, &m);
	m.family = LOCAL;
	p->maps++;
	if (has(p, null ? H_MAP_NULL : H_MAP)) {
		n = call(p, null ? H_MAP_NULL : H_MAP, m.addr, m.page, 2);
		end = append_node(end, n);
	} else {
		null = false;
		end = put_map(p, end, &m);
	}
	in = end;
	if (null) {
		if (chance(&p->rng, 40) && has(p, H_UNMAP_IF)) {
			if (depth < DEEPEST && p->maps < MOST_MAPS && chance(&p->rng, 40))
				end = gen_scope(p, f, end, depth + 1);
			return append_node(end, call(p, H_UNMAP_IF, -1, m.addr, 0));
		}
		in = &put_if(p, &end, truth(m.addr))->body;
	}
	in = inside(p, f, in, depth, m.addr);
	if (has(p, H_UNMAP))
		in = append_node(in, call(p, H_UNMAP, -1, m.addr, 0));
	else
		in = put_unmap(p, in, &m);
	return null ? end : in;
}

/* err = helper(page, &addr); if (!err) { … unmap } */
static struct node **helped_out(struct program *p, struct function *f, struct node **end, int depth)
{
	int mem = (int)rnd(&p->rng, MEM_FIELD), err = new_var(f);
	struct node **in, *n;
	struct live m;

	pick_map(p, f, &m);
	m.family = LOCAL;
	p->maps++;
	p->pairs++;
	end = append_node(end, call(p, H_MAP_OUT, err, m.page, ADDRESS_OF + mem));
	in = &put_if(p, &end, (struct cond){ .kind = C_NOT, .var = err })->body;
	n = new_node(p, S_GET);
	n->n = mem;
	n->var = m.addr;
	in = append_node(in, n);
	in = inside(p, f, in, depth, m.addr);
	put_unmap(p, in, &m);
	return end;
}

static struct node **helped_two(struct program *p, struct function *f, struct node **end, int depth)
{
	struct live a, b;

	pick_map(p, f, &a);
	pick_map(p, f, &b);
	a.family = b.family = LOCAL;
	end = put_map(p, end, &a);
	end = put_map(p, end, &b);
	end = inside(p, f, end, depth, b.addr);
	return append_node(end, call(p, H_UNMAP_TWO, -1, b.addr, a.addr));
}

struct node **helped(struct program *p, struct function *f, struct node **end, int depth)
{
	unsigned int pick = rnd(&p->rng, 4);

	if (pick == 0 && has(p, H_MAP_OUT))
		return helped_out(p, f, end, depth);
	if (pick == 1 && has(p, H_UNMAP_TWO))
		return helped_two(p, f, end, depth);
	return helped_map(p, f, end, depth, pick == 2);
}
