// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * witness.c - is there one path that shows the violation?
 *
 * Property simulation merges states and so forgets which conditions went together. What it finds is only reported when a
 * walk along single paths, with every condition kept, comes upon it: the path that the simulation recorded is tried first.
 */
#include <stdlib.h>
#include <string.h>

#include "analysis.h"

#define MAX_STEPS 12000		/* of one search */
#define MAX_DOUBTFUL 2000	/* where the simulation only found doubtful paths */
#define MAX_STRICT 40000	/* where every write is asked about */
#define MANY_STEPS 40000	/* of all searches of a function, after which each gets less */
#define FEW_STEPS 600
#define MAX_VISITS 3		/* of one block on one path */
#define MAX_LENGTH 8000		/* of one path */
#define SURE_MERGES 3		/* after which intervals that grow are given up */
#define MAX_SCOUTED 2000	/* of the way through one call of a bounded function */
#define MAX_SCOUTS 40		/* such calls */
#define MAX_SINGLE 1000		/* of the way to an outcome */

struct search {
	struct ctx *c;
	const struct fn *fn;
	bool *leads;			/* can the target be reached from this block? */
	unsigned char *visits;
	struct state **arrived;		/* by loop header: the state of the turn before */
	const struct trace **guide;	/* the recorded path, oldest first */
	unsigned int nguide, limit;
	unsigned char turns;		/* visits of one block that a path may make */
	bool anew;			/* each time it comes to an inner loop */
	bool worn;			/* some path would have made one more */
};

static void find_leading(struct search *w, unsigned int target)
{
	const struct dom *dom = w->fn->dom;
	unsigned int *stack = xmalloc(dom->n * sizeof(*stack)), n = 0, i, b;

	w->leads[target] = true;
	stack[n++] = target;
	while (n) {
		b = stack[--n];
		for (i = dom->pred_start[b]; i < dom->pred_start[b + 1]; i++) {
			if (w->leads[dom->preds[i]])
				continue;
			w->leads[dom->preds[i]] = true;
			stack[n++] = dom->preds[i];
		}
	}
	free(stack);
}

static void make_guide(struct search *w, const struct trace *t)
{
	const struct trace *i;
	unsigned int n = 0;

	for (i = t; i; i = i->prev)
		n += i->kind == TRACE_EDGE;
	w->guide = xmalloc((n + 1) * sizeof(*w->guide));
	w->nguide = n;
	for (i = t; i; i = i->prev)
		if (i->kind == TRACE_EDGE)
			w->guide[--n] = i;
}

static void walk(struct search *w, struct state *s, const struct flow_block *b, unsigned int at, unsigned int length);

/* The path to @s was doubtful, or may be for a mapping of it; @t has the same mappings. */
static void keep_doubts(struct state *t, const struct state *s)
{
	unsigned int i;

	if (!t->doubt.reason)
		t->doubt = s->doubt;
	for (i = 0; i < t->nmaps && i < s->nmaps; i++)
		if (!t->maps[i].path.reason)
			t->maps[i].path = s->maps[i].path;
}

/* What holds after any number of turns, by what two of them had in common; NULL where they did different things. */
static struct state *many_turns(struct search *w, const struct state *s, const struct flow_block *header)
{
	struct state *t;

	if (!w->arrived[header->id] || !state_agrees(w->arrived[header->id], s, w->c->syms, true))
		return NULL;
	t = state_clone(w->arrived[header->id]);
	t->merges = SURE_MERGES;
	state_join(t, s, w->fn, w->c->syms, w->fn->meets[header->id], header);
	t->blurred = s->blurred;
	/* Where one of the turns was doubtful, so are many: the join would take it that both ways can be. */
	keep_doubts(t, w->arrived[header->id]);
	keep_doubts(t, s);
	return t;
}

/* The loop is entered anew: its blocks count from none again. Gives what they counted, for resume_visits(). */
static unsigned char *start_visits(struct search *w, unsigned int header)
{
	const struct dom *dom = w->fn->dom;
	unsigned char *before = xmalloc(dom->n);
	unsigned int i;

	memcpy(before, w->visits, dom->n);
	for (i = 0; i < dom->n; i++)
		if (dom_in_loop(dom, i, header))
			w->visits[i] = 0;
	return before;
}

static void resume_visits(struct search *w, unsigned char *before)
{
	memcpy(w->visits, before, w->fn->dom->n);
	free(before);
}

/* Into block @to; @s is used up. Whether data is flushed rarely depends on how often a loop turns, but its end does. */
static void enter(struct search *w, struct state *s, const struct flow_block *b, const struct flow_block *to,
		  unsigned int at, unsigned int length)
{
	const struct dom *dom = w->fn->dom;
	struct state *before, *many = NULL;
	unsigned char *visits = NULL;

	if (!dom->is_header[to->id]) {
		walk(w, s, to, at, length);
		return;
	}
	before = w->arrived[to->id];
	if (dom_is_retreating(dom, b->id, to->id) && w->visits[to->id] == MAX_VISITS - 1)
		many = many_turns(w, s, to);
	else if (w->anew && !dom_is_retreating(dom, b->id, to->id))
		visits = start_visits(w, to->id);
	w->arrived[to->id] = state_clone(s);
	walk(w, s, to, at, length);
	state_free(w->arrived[to->id]);
	w->arrived[to->id] = before;
	if (many && !w->c->found)
		walk(w, many, to, at, length);
	else
		state_free(many);
	if (visits)
		resume_visits(w, visits);
}

/* Was the path there as often as it may? A loop that is entered anew is not. */
static bool is_worn_out(const struct search *w, const struct flow_block *b, const struct flow_block *to)
{
	const struct dom *dom = w->fn->dom;

	return w->visits[to->id] >= w->turns &&
	       (!w->anew || !dom->is_header[to->id] || dom_is_retreating(dom, b->id, to->id));
}

static void walk_edges(struct search *w, struct state *s, const struct flow_block *b, unsigned int at,
		       unsigned int length)
{
	unsigned int i, n, first = 0;

	if (at < w->nguide && w->guide[at]->block == b)
		first = w->guide[at++]->n;
	for (i = 0; i < b->nedges && !w->c->found; i++) {
		struct state *t;

		n = (first + i) % b->nedges;
		if (!w->leads[b->edges[n].to->id])
			continue;
		if (is_worn_out(w, b, b->edges[n].to)) {
			w->worn = true;
			continue;
		}
		t = exec_edge(w->c, state_clone(s), b, n);
		if (t)
			enter(w, t, b, b->edges[n].to, at, length + 1);
	}
}

/* The call's outcome in the part of the recorded path that leads to edge @at of it: its number, -1 where it is not there. */
static int guided_outcome(const struct search *w, unsigned int at, const struct flow_val *call)
{
	const struct trace *t = at < w->nguide ? w->guide[at]->prev : NULL, *end = at ? w->guide[at - 1] : NULL;

	for (; t && t != end; t = t->prev)
		if (t->kind == TRACE_OUTCOME && t->val == call)
			return (int)t->n;
	return -1;
}

/* Did the calls since @before end as they did on the recorded path? */
static bool follows_guide(const struct search *w, const struct state *s, const struct trace *before, unsigned int at)
{
	const struct trace *t;
	int n;

	for (t = s->trace; t && t != before; t = t->prev) {
		n = t->kind == TRACE_OUTCOME ? guided_outcome(w, at, t->val) : -1;
		if (n >= 0 && (unsigned int)n != t->n)
			return false;
	}
	return true;
}

/* Those that do come first. */
static struct state *take_guided(const struct search *w, struct state **list, const struct trace *before, unsigned int at)
{
	struct state **p, *s;

	for (p = list; *p && !follows_guide(w, *p, before, at); p = &(*p)->next)
		;
	if (!*p)
		p = list;
	s = *p;
	*p = s->next;
	s->next = NULL;
	return s;
}

/* Go on from the start of @b; @s is used up. */
static void walk(struct search *w, struct state *s, const struct flow_block *b, unsigned int at, unsigned int length)
{
	const struct trace *before = s->trace;
	struct state *list;

	if (w->c->steps > w->limit || length > MAX_LENGTH) {
		state_free(s);
		return;
	}
	w->visits[b->id]++;
	for (list = exec_block(w->c, s, b); list;) {
		s = take_guided(w, &list, before, at);
		if (!w->c->found) {
			if (b->term == FLOW_RET)
				exec_return(w->c, s, b);
			else
				walk_edges(w, s, b, at, length);
		}
		state_free(s);
	}
	w->visits[b->id]--;
}

static bool has_nested_loops(const struct fn *fn)
{
	unsigned int i;

	for (i = 0; i < fn->dom->n; i++)
		if (fn->dom->is_header[i] && fn->dom->header[i] != DOM_NONE)
			return true;
	return false;
}

/*
 * So many steps for paths without turns, for those with, and for those that come to an inner loop again. Without first: there are few, and
 * they are the easiest to follow.
 */
static void search_from_entry(struct search *w, unsigned int target, unsigned int budget)
{
	const struct flow_func *f = w->fn->func;
	unsigned int i, n = has_nested_loops(w->fn) ? 3 : 2, before;
	struct state *entry;

	w->leads = xcalloc(f->nblocks, sizeof(*w->leads));
	w->visits = xcalloc(f->nblocks, sizeof(*w->visits));
	w->arrived = xcalloc(f->nblocks, sizeof(*w->arrived));
	find_leading(w, target);
	for (i = w->c->scouting ? 1 : 0; i < n && w->leads[0] && !w->c->found; i++) {
		w->turns = i ? MAX_VISITS : 1;
		w->anew = i == 2;
		w->limit = w->c->steps + budget;
		entry = state_new();
		entry->facts.all = true;
		w->worn = false;
		before = w->c->steps;
		walk(w, entry, f->blocks[0], 0, 0);
		if (i || w->worn || w->c->found)
			continue;
		/* With turns it would be the same once more: that counts as done. */
		w->c->steps += (n - 1) * (w->c->steps - before);
		break;
	}
	free(w->leads);
	free(w->visits);
	free(w->arrived);
}

/* Where it goes wrong. */
static const struct flow_block *end_of(const struct candidate *k)
{
	return k->v.at ? k->v.at->block : k->v.block;
}

/*
 * The nearest ways to what the rule about data is about, or to what was only found on a path that cannot be. What was searched for in vain by
 * an earlier run is not there: it is @before then.
 */
static bool find_nearest(struct ctx *c, struct fn *fn, struct candidate *k, const struct candidate *before)
{
	unsigned int start = c->steps;

	if ((k->v.rule < KC_DCACHE_MISSING && !c->impossible) || !k->v.via)
		return false;
	if (before && before->vain && before->v.via == k->v.via && end_of(before) == end_of(k))
		c->steps += before->vain;
	else if (search_path(c, fn, &k->v, c->opt->dcache == KC_DCACHE_STRICT ? MAX_STRICT : MAX_STEPS))
		return true;
	k->vain = c->steps - start;
	return false;
}

static bool find_witness(struct ctx *c, struct fn *fn, struct candidate *k, const struct candidate *before, unsigned int budget)
{
	struct search w = { .c = c, .fn = fn };

	make_guide(&w, k->trace);
	c->target = &k->v;
	c->found = NULL;
	c->impossible = false;
	search_from_entry(&w, end_of(k)->id, budget);
	c->target = NULL;
	free(w.guide);
	if (!c->found && !find_nearest(c, fn, k, before))
		return false;
	k->trace = c->found;
	k->v = c->found_violation;
	c->found = NULL;
	return true;
}

static const struct candidate *find_same(const struct candidate *list, const struct candidate *k)
{
	for (; list; list = list->next)
		if (same_violation(&list->v, &k->v))
			return list;
	return NULL;
}

bool witness_candidates(struct ctx *c, struct fn *fn, const struct candidate *known, bool last)
{
	unsigned int start = c->steps, budget;
	const struct candidate *same;
	struct candidate *k;
	bool all = true;

	for (k = c->candidates; k; k = k->next) {
		same = find_same(known, k);
		budget = k->doubt.reason ? MAX_DOUBTFUL : MAX_STEPS;
		if (!last)
			budget /= 2;
		if (c->steps - start > MANY_STEPS)
			budget = FEW_STEPS;
		if (same && same->confirmed) {
			k->v = same->v;
			k->trace = same->trace;
			k->confirmed = true;
		} else if (last || all) {
			k->confirmed = find_witness(c, fn, k, same, budget);
		}
		all &= k->confirmed;
	}
	return all;
}

/* A block's edge on a shortest way: where the search came to it from. */
struct step {
	const struct flow_block *from;
	unsigned int n;
};

static bool maps(const struct ctx *c, const struct flow_val *v)
{
	const struct fn *callee = v->op == FLOW_CALL ? callee_of(c, v) : NULL;

	return call_does(c, v, 1ull << API_MAPS | 1ull << API_MAPS_OR_NULL | 1ull << API_MAPS_OR_ERR) ||
	       (callee && fn_passes_on(callee));
}

static bool unmaps(const struct ctx *c, const struct flow_val *v)
{
	return call_does(c, v, 1ull << API_UNMAPS | 1ull << API_UNMAPS_LIVE);
}

static bool block_unmaps(const struct ctx *c, const struct flow_block *b)
{
	unsigned int i;

	for (i = 0; i < b->nvals; i++)
		if (unmaps(c, b->vals[i]))
			return true;
	return false;
}

/* The shortest way from @from to @to, or to any return where that is NULL; @steps by block. Return: its end, or NULL. */
static const struct flow_block *shortest(const struct ctx *c, const struct fn *fn, const struct flow_block *from,
					 const struct flow_block *to, bool mapped, struct step *steps)
{
	const struct flow_block **queue = xmalloc(fn->func->nblocks * sizeof(*queue)), *b, *end = NULL;
	unsigned int head = 0, tail = 0, i;

	memset(steps, 0, fn->func->nblocks * sizeof(*steps));
	queue[tail++] = from;
	while (head < tail && !end) {
		b = queue[head++];
		if (to ? b == to : b->term == FLOW_RET) {
			end = b;
			break;
		}
		for (i = 0; i < b->nedges; i++) {
			const struct flow_block *next = b->edges[i].to;

			if (next == from || steps[next->id].from || (mapped && block_unmaps(c, next)))
				continue;
			steps[next->id] = (struct step){ b, i };
			queue[tail++] = next;
		}
	}
	free(queue);
	return end;
}

/* Put the way to @end behind the guide. */
static void add_way(struct search *w, struct ctx *c, const struct step *steps, const struct flow_block *end)
{
	const struct flow_block *b;
	unsigned int n = 0, i;

	for (b = end; steps[b->id].from; b = steps[b->id].from)
		n++;
	w->nguide += n;
	for (b = end, i = w->nguide; steps[b->id].from; b = steps[b->id].from) {
		struct trace *t = arena_alloc(c->scratch, sizeof(*t));

		*t = (struct trace){ .kind = TRACE_EDGE, .block = steps[b->id].from, .n = steps[b->id].n };
		w->guide[--i] = t;
	}
}

/* Walk to the call @v and on to a return, past no unmapping where it maps. */
static void scout(struct ctx *c, struct fn *fn, const struct flow_val *v)
{
	struct step *steps = xmalloc(fn->func->nblocks * sizeof(*steps));
	struct search w = { .c = c, .fn = fn };
	const struct flow_block *end = NULL;

	w.guide = xmalloc(2 * fn->func->nblocks * sizeof(*w.guide));
	if (shortest(c, fn, fn->func->blocks[0], v->block, false, steps)) {
		add_way(&w, c, steps, v->block);
		if (maps(c, v))
			end = shortest(c, fn, v->block, NULL, true, steps);
		if (!end)
			end = shortest(c, fn, v->block, NULL, false, steps);
	}
	if (end) {
		add_way(&w, c, steps, end);
		search_from_entry(&w, end->id, MAX_SCOUTED);
	}
	free(w.guide);
	free(steps);
}

/**
 * witness_scout() - the function is bounded: what it does wrong on some single paths
 *
 * One through each call that maps or unmaps. What is wrong on one is confirmed by that; that nothing is says nothing.
 */
void witness_scout(struct ctx *c, struct fn *fn)
{
	static const struct violation any;
	unsigned int i, n = 0;

	c->found = NULL;
	c->target = &any;
	c->scouting = true;
	for (i = 0; i < fn->func->nvals && n < MAX_SCOUTS; i++) {
		const struct flow_val *v = fn->func->vals[i];

		if (!v->block || fn->dom->rpo[v->block->id] == DOM_NONE || !(maps(c, v) || unmaps(c, v)))
			continue;
		scout(c, fn, v);
		n++;
	}
	c->scouting = false;
	c->target = NULL;
}

/* By what it returns: in memory that others may have changed by then a caller looks in vain for what it releases. */
static bool returns_mapping(const struct outcome *o)
{
	const struct state *s = o->state;
	unsigned int i, n = 0;

	for (i = 0; i < s->nmaps && o->ret; i++) {
		if (s->maps[i].foreign || s->maps[i].status != MAP_LIVE)
			continue;
		if (!sym_mentions(o->ret, s->maps[i].base))
			return false;
		n++;
	}
	return n > 0;
}

/**
 * witness_singles() - how a caller can get a mapping for certain
 *
 * Where a loop has merged the paths on which a mapping is returned, it is not known of any of them that it can be taken.
 * What the search for a caller's mistake needs is one that can.
 */
void witness_singles(struct ctx *c, struct fn *fn)
{
	static const struct violation none;
	unsigned int i, j;

	for (i = 0; i < fn->noutcomes && fn->called; i++) {
		if (!fn->outcomes[i].state->blurred || !returns_mapping(&fn->outcomes[i]))
			continue;
		c->target = &none;
		c->single_of = &fn->outcomes[i];
		c->found = NULL;
		for (j = 0; j < fn->func->nblocks && !c->found; j++) {
			struct search w = { .c = c, .fn = fn };

			if (fn->func->blocks[j]->term == FLOW_RET && fn->dom->rpo[j] != DOM_NONE)
				search_from_entry(&w, j, MAX_SINGLE);
		}
		c->target = NULL;
		c->single_of = NULL;
		c->found = NULL;
	}
}
