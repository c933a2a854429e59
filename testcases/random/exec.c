// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Executes the functions of a unit that others can call, once for each way that things can go
 */
#include <string.h>

#include "machine.h"

#define DEEPEST_CALL 8
#define MOST_STEPS 4000

struct frame {
	struct machine *m;
	unsigned int number;
	int64_t *vals;
};

static int64_t get(struct frame *fr, const struct flow_val *v)
{
	switch (v->op) {
	case FLOW_CONST:
		return v->imm;
	case FLOW_UNDEF:
		return UNDEF;
	case FLOW_LOCAL:
		return frame_base(fr->number) + v->id * 0x100LL;
	case FLOW_PARAM:
		if (fr->vals[v->id] == UNSET)
			fr->vals[v->id] = choose_int(fr->m);
		return fr->vals[v->id];
	default:
		return fr->vals[v->id];
	}
}

static bool compare(enum flow_cmp op, int64_t x, int64_t y)
{
	uint64_t a = (uint64_t)x, b = (uint64_t)y;

	switch (op) {
	case FLOW_EQ:
		return x == y;
	case FLOW_NE:
		return x != y;
	case FLOW_SLT:
		return x < y;
	case FLOW_SLE:
		return x <= y;
	case FLOW_SGT:
		return x > y;
	case FLOW_SGE:
		return x >= y;
	case FLOW_ULT:
		return a < b;
	case FLOW_ULE:
		return a <= b;
	case FLOW_UGT:
		return a > b;
	default:
		return a >= b;
	}
}

static int64_t call_function(struct machine *m, const struct flow_func *f, const int64_t *args, int depth);

static int64_t do_call(struct frame *fr, const struct flow_val *v, int depth)
{
	static const char *const names[][2] = {
		{ "kmap_local_page", "kunmap_local" }, { "kmap_atomic", "kunmap_atomic" }, { "kmap", "kunmap" },
	};
	int64_t args[4] = { 0 };
	struct flow_func *callee;
	unsigned int i;

	for (i = 0; i < v->nargs && i < ARRAY_SIZE(args); i++)
		args[i] = get(fr, v->args[i]);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(v->str, names[i][0]))
			return do_map(fr->m, (enum family)i, args[0], v->loc.line);
		if (!strcmp(v->str, names[i][1])) {
			do_unmap(fr->m, (enum family)i, args[0], v->loc.line);
			return 0;
		}
	}
	callee = flow_find_func(v->func->unit, v->str);
	if (callee && depth < DEEPEST_CALL)
		return call_function(fr->m, callee, args, depth + 1);
	if (v->noreturn)
		fr->m->over = true;
	for (i = 0; i < v->nargs && i < ARRAY_SIZE(args); i++)
		do_hand_out(fr->m, args[i], v->loc.line);
	do_outside(fr->m);
	/* A loop that goes on as long as ext() says so ends here. */
	if (v->type == FLOW_T_VOID || fr->m->ext_calls++ > 8)
		return 0;
	return strcmp(v->str, "ext") ? choose_int(fr->m) : choose(fr->m, 2);
}

static int64_t arith(enum flow_op op, int64_t x, int64_t y)
{
	if (x == UNDEF || y == UNDEF)
		return UNDEF;
	switch (op) {
	case FLOW_ADD:
		return x + y;
	case FLOW_SUB:
		return x - y;
	case FLOW_AND:
		return x & y;
	case FLOW_OR:
		return x | y;
	default:
		return x * y;
	}
}

/* Is a condition true? One that is not initialised may be either. */
static bool truth(struct frame *fr, int64_t v)
{
	if (v != UNDEF)
		return v != 0;
	fr->m->dubious = true;
	return choose(fr->m, 2);
}

static int64_t insn(struct frame *fr, const struct flow_val *v, int depth)
{
	int64_t x = v->nargs && v->op != FLOW_PHI && v->op != FLOW_CALL ? get(fr, v->args[0]) : 0, y;

	switch (v->op) {
	case FLOW_COPY:
		return x;
	case FLOW_NOT:
		return x == UNDEF ? UNDEF : !x;
	case FLOW_CMP:
		y = get(fr, v->args[1]);
		return x == UNDEF || y == UNDEF ? UNDEF : compare((enum flow_cmp)v->imm, x, y);
	case FLOW_SELECT:
		return get(fr, v->args[truth(fr, x) ? 1 : 2]);
	case FLOW_FIELD:
		return x == UNDEF ? UNDEF : x + v->imm;
	case FLOW_LOAD:
		return do_load(fr->m, x, v->type == FLOW_T_INT, v->loc.line);
	case FLOW_STORE:
		do_store(fr->m, x, get(fr, v->args[1]), v->loc.line);
		return 0;
	case FLOW_CALL:
		return do_call(fr, v, depth);
	default:
		return arith(v->op, x, get(fr, v->args[1]));
	}
}

/* : of a branch, 1 where it is taken, 2 where it is not; else 0 */
static void note(struct machine *m, unsigned int line, unsigned int way)
{
	if (!line || m->ntrace == MAX_TRACE)
		return;
	m->o->reached[line] = true;
	m->trace[m->ntrace++] = line * 4 + way;
}

/* All phis take their operands before one of them has its new value. */
static unsigned int phis(struct frame *fr, const struct flow_block *b, const struct flow_block *from)
{
	int64_t vals[MAX_VARS];
	unsigned int i, j, n;

	for (n = 0; n < b->nvals && n < MAX_VARS && b->vals[n]->op == FLOW_PHI; n++) {
		for (j = 0; b->vals[n]->preds[j] != from; j++)
			;
		vals[n] = get(fr, b->vals[n]->args[j]);
	}
	for (i = 0; i < n; i++)
		fr->vals[b->vals[i]->id] = vals[i];
	return n;
}

static const struct flow_edge *edge_of(struct frame *fr, const struct flow_block *b)
{
	const struct flow_edge *def = NULL;
	unsigned int i, j;
	int64_t v;

	if (b->term == FLOW_GOTO)
		return &b->edges[0];
	if (b->term == FLOW_BRANCH)
		return &b->edges[truth(fr, get(fr, b->cond)) ? 0 : 1];
	v = get(fr, b->cond);
	if (v == UNDEF) {
		fr->m->dubious = true;
		return &b->edges[choose(fr->m, b->nedges)];
	}
	for (i = 0; i < b->nedges; i++) {
		if (b->edges[i].guard == FLOW_DEFAULT)
			def = &b->edges[i];
		for (j = 0; j < b->edges[i].nranges; j++)
			if (v >= b->edges[i].ranges[j].lo && v <= b->edges[i].ranges[j].hi)
				return &b->edges[i];
	}
	return def;
}

static int64_t run_blocks(struct frame *fr, const struct flow_func *f, int depth)
{
	const struct flow_block *b = f->blocks[0], *from = NULL;
	struct machine *m = fr->m;
	const struct flow_edge *e;
	unsigned int i;

	for (;;) {
		for (i = phis(fr, b, from); i < b->nvals; i++) {
			if (++m->steps > MOST_STEPS)
				m->over = true;
			note(m, b->vals[i]->loc.line, 0);
			fr->vals[b->vals[i]->id] = insn(fr, b->vals[i], depth);
			if (m->over)
				return 0;
			/* what happened inside comes before what the call did */
			if (b->vals[i]->op == FLOW_CALL)
				note(m, b->vals[i]->loc.line, 0);
		}
		if (++m->steps > MOST_STEPS || b->term == FLOW_STOP) {
			m->over = true;
			return 0;
		}
		if (b->term == FLOW_RET) {
			note(m, b->loc.line, 0);
			return b->cond ? get(fr, b->cond) : 0;
		}
		e = edge_of(fr, b);
		note(m, b->loc.line, b->term == FLOW_BRANCH ? (e == b->edges ? 1 : 2) : 0);
		note(m, e->loc.line, 0);
		from = b;
		b = e->to;
	}
}

static int64_t call_function(struct machine *m, const struct flow_func *f, const int64_t *args, int depth)
{
	int64_t vals[600];
	struct frame fr = { m, m->next_frame++, vals };
	unsigned int i, first = m->ninsts;
	int64_t val;

	if (f->nvals > ARRAY_SIZE(vals)) {
		m->over = true;
		m->o->complete = false;
		return 0;
	}
	for (i = 0; i < f->nparams; i++)
		vals[f->params[i]->id] = args[i];
	val = run_blocks(&fr, f, depth);
	if (depth && !m->over)
		do_return(m, fr.number, first, val);
	return val;
}

static bool same_event(unsigned int wanted, unsigned int seen)
{
	return wanted == seen || (!(wanted & 3) && wanted == (seen & ~3u));
}

/* Are the events there in their order, with the fault? */
static bool shows(const struct machine *m, const struct wanted *w)
{
	unsigned int i, k = 0;

	for (i = 0; i < m->nfaults; i++)
		if (m->faults[i].rule == w->rule && m->faults[i].line == w->line)
			break;
	if (i == m->nfaults || m->changed)
		return false;
	for (i = 0; i < m->ntrace && k < w->nevents; i++)
		while (k < w->nevents && same_event(w->events[k], m->trace[i]))
			k++;
	return k == w->nevents;
}

static void run_root(struct machine *m, const struct flow_func *f)
{
	int64_t args[8], val;
	unsigned int i;

	machine_start(m);
	for (i = 0; i < f->nparams && i < ARRAY_SIZE(args); i++)
		args[i] = f->params[i]->type == FLOW_T_INT ? UNSET : EXT_BASE + i * EXT_STEP;
	val = call_function(m, f, args, 0);
	if (m->over)
		return;
	do_end(m, val);
	for (i = 0; i < m->ntrace && !m->dubious; i++)
		m->o->returned[m->trace[i] / 4] = true;
}

static void run_all(const struct flow_unit *u, struct observed *o, struct wanted *w, unsigned int nw,
		    unsigned int max_runs)
{
	static struct machine m;
	unsigned int i, j, runs;

	memset(o, 0, sizeof(*o));
	o->complete = true;
	for (i = 0; i < u->nfuncs; i++) {
		if (u->funcs[i]->is_static)
			continue;
		m.o = o;
		m.nchoices = 0;
		runs = 0;
		do {
			run_root(&m, u->funcs[i]);
			for (j = 0; j < nw; j++)
				w[j].seen = w[j].seen || shows(&m, &w[j]);
			if (++runs == max_runs)
				o->complete = false;
		} while (runs < max_runs && machine_next(&m));
		o->runs += runs;
	}
}

void observe(const struct flow_unit *u, struct observed *o, unsigned int max_runs)
{
	run_all(u, o, NULL, 0, max_runs);
}

void replay(const struct flow_unit *u, struct wanted *w, unsigned int n, unsigned int max_runs)
{
	static struct observed o;

	run_all(u, &o, w, n, max_runs);
}
