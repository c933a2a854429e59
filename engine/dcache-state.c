// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dcache-state.c - struct dirty: what is known of one object's content and the caches
 */
#include <stdlib.h>
#include <string.h>

#include "dcache.h"

#define MAX_DIRTY 12		/* objects followed at once */

static bool same_doubt(const struct doubt *a, const struct doubt *b)
{
	return !a->reason == !b->reason;
}

bool dirty_agrees(const struct dirty *a, const struct dirty *b)
{
	return a->object == b->object && a->part == b->part && a->dirt == b->dirt && a->head == b->head &&
	       a->locked == b->locked && a->unlocked == b->unlocked && !a->flush == !b->flush &&
	       !a->other == !b->other && a->flush_part == b->flush_part && !a->exposed == !b->exposed &&
	       !a->exposed_unlock == !b->exposed_unlock && !a->after == !b->after && !a->seen == !b->seen &&
	       !a->late == !b->late && same_doubt(&a->doubt, &b->doubt);
}

bool dirty_equal(const struct dirty *a, const struct dirty *b)
{
	unsigned int i, j;

	if (a->nwrites != b->nwrites || a->ever != b->ever || a->nalso != b->nalso)
		return false;
	for (i = 0; i < a->nwrites; i++) {
		for (j = 0; j < b->nwrites && b->writes[j].site != a->writes[i].site; j++)
			;
		if (j == b->nwrites || a->writes[i].last != b->writes[j].last)
			return false;
	}
	return true;
}

void dirty_add_write(struct dirty *d, struct site *site, const struct flow_val *via, bool last)
{
	unsigned int i;

	for (i = 0; i < d->nwrites && d->writes[i].site != site; i++)
		;
	if (i < d->nwrites) {
		d->writes[i].last |= last;
		return;
	}
	if (d->nwrites == MAX_WRITES) {
		/* The oldest goes; those that may be the last stay as long as there are others. */
		for (i = 0; i < MAX_WRITES - 1u && d->writes[i].last; i++)
			;
		memmove(&d->writes[i], &d->writes[i + 1], (MAX_WRITES - 1u - i) * sizeof(*d->writes));
		d->nwrites--;
	}
	d->writes[d->nwrites++] = (struct written){ site, via, last };
}

static void add_also(struct dirty *d, struct site *flush)
{
	unsigned int i;

	for (i = 0; i < d->nalso && d->also[i] != flush; i++)
		;
	if (flush != d->flush && i == d->nalso && i < MAX_ALSO)
		d->also[d->nalso++] = flush;
}

void dirty_join(struct dirty *a, const struct dirty *b)
{
	unsigned int i;

	if (a->flush && b->flush)
		add_also(a, b->flush);
	for (i = 0; a->flush && i < b->nalso; i++)
		add_also(a, b->also[i]);
	for (i = 0; i < b->nwrites; i++)
		dirty_add_write(a, b->writes[i].site, b->writes[i].via, b->writes[i].last);
	a->ever |= b->ever;
	a->handed |= b->handed;
	a->for_read |= b->for_read;
	a->linear &= b->linear;
	if (!a->doubt.reason)
		a->doubt = b->doubt;
}

struct dirty *dirty_find(struct state *s, const struct sym *folio)
{
	unsigned int i;

	if (folio->has & (SYM_HAS_VAGUE | SYM_HAS_UNDEF))
		return NULL;
	for (i = 0; i < s->ndirty; i++)
		if (s->dirty[i].object == folio)
			return &s->dirty[i];
	return NULL;
}

void dirty_remove(struct state *s, unsigned int i)
{
	s->ndirty--;
	memmove(&s->dirty[i], &s->dirty[i + 1], (s->ndirty - i) * sizeof(*s->dirty));
}

/* Room for one more: what is clean goes first. */
static void make_room(struct ctx *c, struct state *s)
{
	unsigned int i;

	for (i = 0; i < s->ndirty; i++)
		if (s->dirty[i].dirt == DIRT_CLEAN && !s->dirty[i].locked)
			break;
	if (i == s->ndirty) {
		i = 0;
		dirty_doubt(c, &s->dirty[i], (struct doubt){ KC_R_BOUND, NULL });
	}
	dirty_remove(s, i);
}

/* Those of a state stand in the order of their symbols, so that states can be compared. */
struct dirty *dirty_get(struct ctx *c, struct state *s, struct sym *folio)
{
	struct dirty *d = dirty_find(s, folio);
	unsigned int i;

	if (d)
		return d;
	if (s->ndirty >= MAX_DIRTY)
		make_room(c, s);
	GROW(s->dirty, s->ndirty, s->cdirty);
	for (i = 0; i < s->ndirty && s->dirty[i].object->id < folio->id; i++)
		;
	memmove(&s->dirty[i + 1], &s->dirty[i], (s->ndirty - i) * sizeof(*s->dirty));
	s->ndirty++;
	s->dirty[i] = (struct dirty){ .object = folio };
	return &s->dirty[i];
}

void dirty_clean(struct dirty *d)
{
	d->dirt = DIRT_CLEAN;
	d->nwrites = 0;
	d->part = NULL;
	d->head = d->unlocked = false;
	d->other = NULL;
	d->unlock = d->seen = NULL;
	d->late = NULL;
	d->doubt = (struct doubt){ 0 };
}

void dirty_prove(struct ctx *c, const struct state *s, const struct dirty *d)
{
	unsigned int i;

	for (i = 0; i < d->nwrites; i++)
		site_proved(c, s, d->writes[i].site);
}

void dirty_doubt(struct ctx *c, const struct dirty *d, struct doubt doubt)
{
	unsigned int i;

	for (i = 0; i < d->nwrites; i++)
		site_doubt(c, d->writes[i].site, doubt);
}

static enum kc_rule rule_of(const struct dirty *d)
{
	if (d->head)
		return KC_DCACHE_MISSING;
	if (d->other)
		return KC_DCACHE_WRONG;
	return d->flush && !d->for_read ? KC_DCACHE_EARLY : KC_DCACHE_MISSING;
}

/*
 * That memory may have changed under a call out of sight makes a path doubtful. Where every write is asked about, it is one of the paths that can be: what
 * was found is told as a note.
 */
static struct doubt doubt_of_path(const struct ctx *c, const struct state *s)
{
	return c->opt->dcache == KC_DCACHE_STRICT && s->doubt.reason == KC_R_MEMORY ? (struct doubt){ 0 } : s->doubt;
}

void dirty_violates(struct ctx *c, struct state *s, struct dirty *d, const struct flow_val *at,
		    const struct flow_block *b, const struct flow_val *seen)
{
	unsigned int i;

	for (i = 0; i < d->nwrites; i++) {
		const struct written *w = &d->writes[i];
		struct violation x = { .rule = rule_of(d), .doubt = doubt_of_path(c, s), .map = w->site, .site = w->site, .at = at, .block = b,
				       .object = d->object, .via = w->via, .access = seen,
				       .flush = d->head ? API_FLUSHES : d->kind,
				       .what = d->head ? "head" : NULL };

		x.other = x.rule == KC_DCACHE_WRONG ? d->other : x.rule == KC_DCACHE_EARLY ? d->flush : NULL;
		if (w->last)
			report_violation(c, s, &x);
	}
}

static const struct doubt too_many = { KC_R_BOUND, NULL };

static void blur(struct dirty *d)
{
	if (d->dirt == DIRT_WRITTEN)
		d->dirt = DIRT_UNSURE;
	if (!d->doubt.reason)
		d->doubt = too_many;
}

/* What two paths that differ have in common. */
static void blur_with(struct dirty *a, const struct dirty *b)
{
	dirty_join(a, b);
	if (b->dirt != DIRT_CLEAN)
		a->dirt = DIRT_UNSURE;
	blur(a);
	if (a->part != b->part)
		a->part = NULL;
	if (a->flush_part != b->flush_part)
		a->flush_part = NULL;
	if (!a->flush)
		a->flush = b->flush;
	if (!a->other)
		a->other = b->other;
	if (!a->exposed)
		a->exposed = b->exposed;
	if (!a->exposed_unlock)
		a->exposed_unlock = b->exposed_unlock;
	if (!a->after)
		a->after = b->after;
	if (!a->seen)
		a->seen = b->seen;
	if (!a->late)
		a->late = b->late;
	if (!a->unlock)
		a->unlock = b->unlock;
	a->head |= b->head;
	a->locked &= b->locked;
	a->unlocked |= b->unlocked;
}

void state_blur(struct ctx *c, struct state *a, struct state *b)
{
	unsigned int i, j, n = 0;
	struct dirty *all;

	if (!a->ndirty && !b->ndirty)
		return;
	all = xmalloc((a->ndirty + b->ndirty) * sizeof(*all));
	for (i = j = 0; i < a->ndirty || j < b->ndirty;) {
		struct dirty *x = i < a->ndirty ? &a->dirty[i] : NULL, *y = j < b->ndirty ? &b->dirty[j] : NULL;

		if (x && y && x->object == y->object) {
			all[n] = *x;
			if (dirty_agrees(x, y))
				dirty_join(&all[n], y);
			else
				blur_with(&all[n], y);
			i++;
			j++;
		} else if (x && (!y || x->object->id < y->object->id)) {
			all[n] = *x;
			blur(&all[n]);
			i++;
		} else {
			all[n] = *y;
			blur(&all[n]);
			j++;
		}
		n++;
	}
	free(a->dirty);
	a->dirty = all;
	a->ndirty = n;
	a->cdirty = n;
	while (a->ndirty > MAX_DIRTY)
		make_room(c, a);
	n = a->ndirty;
	free(b->dirty);
	b->dirty = xmalloc(n * sizeof(*all));
	memcpy(b->dirty, all, n * sizeof(*all));
	b->ndirty = b->cdirty = n;
}

bool dirty_suspect(struct ctx *c, struct state *s, struct dirty *d, const struct flow_block *b,
		   const struct flow_val *seen)
{
	struct doubt before = s->doubt;
	unsigned int i;

	if (c->target || !d->ever || (d->doubt.reason != KC_R_LOOP && d->doubt.reason != KC_R_BOUND))
		return false;
	for (i = 0; !b && i < c->fn->func->nblocks; i++)
		if (c->fn->func->blocks[i]->term == FLOW_RET)
			b = c->fn->func->blocks[i];
	if (!b)
		return false;
	s->doubt = d->doubt;
	dirty_violates(c, s, d, NULL, b, seen);
	s->doubt = before;
	return true;
}
