// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dcache.c - the data-cache rule: what was written is flushed before it is seen
 *
 * Documentation/core-api/cachetlb.rst: where caches alias, what the kernel wrote through its own mapping of a page is not what user
 * space reads through another one before flush_dcache_folio(). The rule is judged per path: between the last write of an object and
 * its publication there is a flush of the same object. Where the flush stands relative to the unmapping does not matter.
 */
#include "dcache.h"

static bool is_off(const struct ctx *c)
{
	return c->opt->dcache == KC_DCACHE_OFF;
}

/* The site of a write or flush that is no call has the operator's name. */
static struct site *write_site(struct ctx *c, const struct flow_val *v)
{
	struct site *site = site_of(c, v, KC_SITE_WRITE);

	if (!site->callee)
		site->callee = v->op == FLOW_CALL ? "a function pointer" : "=";
	return site;
}

static void unsure_write(struct dirty *d, const struct place *p, struct site *site, const struct flow_val *via,
			 const char *name)
{
	/* If it was flushed before, then perhaps because this reads it. */
	if (d->flush && !d->ever)
		d->for_read = true;
	if (d->dirt == DIRT_CLEAN) {
		d->dirt = DIRT_UNSURE;
		d->doubt = (struct doubt){ KC_R_MAY_WRITE, name };
		d->part = p->part;
	} else if (d->part != p->part) {
		d->part = NULL;
	}
	dirty_add_write(d, site, via, false);
}

static void sure_write(struct dirty *d, const struct place *p, struct site *site, const struct flow_val *via)
{
	unsigned int i;

	/* Those that were published unflushed stay the last ones: the flush that still can come is for them. */
	if (d->seen) {
		d->late = NULL;
		dirty_add_write(d, site, via, false);
		return;
	}
	for (i = 0; i < d->nwrites; i++)
		d->writes[i].last = false;
	d->linear = p->linear && (d->linear || d->dirt == DIRT_CLEAN);
	d->part = d->dirt == DIRT_CLEAN || d->part == p->part ? p->part : NULL;
	d->dirt = DIRT_WRITTEN;
	d->doubt = (struct doubt){ 0 };
	d->head = d->unlocked = false;
	d->late = NULL;
	d->other = NULL;
	d->ever = true;
	d->kind = p->flush;
	dirty_add_write(d, site, via, true);
}

/* A page that nobody ever set: such a path is not taken, but by conditions that go together and are not followed. */
static bool is_uninitialised(const struct place *p)
{
	return p->folio->has & SYM_HAS_UNDEF;
}

void do_write(struct ctx *c, struct state *s, const struct flow_val *via, struct site *site, const struct place *p,
	      const char *unsure)
{
	struct dirty *d;

	if (is_uninitialised(p))
		return;
	if (!site->object)
		site->object = p->text;
	if (!site->mapped)
		site->mapped = p->map;
	if (p->exempt) {
		site_proved(c, s, site);
		return;
	}
	if (!place_known(p)) {
		site_doubt(c, site, (struct doubt){ KC_R_UNKNOWN_OBJECT, NULL });
		return;
	}
	if (!is_pointee(p->folio))
		site_seen(c, site);
	d = dirty_get(c, s, p->folio);
	if (unsure) {
		unsure_write(d, p, site, via, unsure);
		return;
	}
	sure_write(d, p, site, via);
	trace_add(c, s, (struct trace){ .kind = TRACE_WRITE, .val = via, .site = site, .sym = p->folio });
}

void dcache_write(struct ctx *c, struct state *s, const struct flow_val *v, struct site *site, struct sym *object,
		  bool any_page)
{
	struct place p = place_of(c, object);

	if (any_page)
		p.part = NULL;
	if (!is_off(c))
		do_write(c, s, v, site, &p, NULL);
}

void dcache_write_addr(struct ctx *c, struct state *s, const struct flow_val *v, struct sym *addr, const char *unsure)
{
	struct place p;

	/* Metadata for which nothing was mapped is nobody's business. */
	if (is_off(c) || !place_at(c, s, addr, &p) || (p.linear && p.exempt))
		return;
	p.exempt |= role_copies(c, v);
	do_write(c, s, v, write_site(c, v), &p, unsure);
}

static void flush_object(struct ctx *c, struct state *s, struct dirty *d, struct site *site, const struct place *p,
			 bool page)
{
	bool covers = !page || d->dirt == DIRT_CLEAN || d->part == p->part ||
		      (d->part && is_head(d->part, p->folio) && is_head(p->part, p->folio));

	if (d->dirt == DIRT_UNSURE && d->doubt.reason == KC_R_MAY_WRITE && !d->ever)
		site_doubt(c, site, d->doubt);
	else if (d->ever)
		site_proved(c, s, site);
	if (!covers) {
		if (is_head(p->part, p->folio))
			d->head = true;
		else if (!d->doubt.reason)
			d->doubt = (struct doubt){ KC_R_UNKNOWN_OBJECT, NULL };
		return;
	}
	if (d->seen) {
		d->late = site;
		return;
	}
	d->for_read = d->dirt == DIRT_CLEAN && !d->ever && flush_is_for_read(c, s);
	dirty_prove(c, s, d);
	dirty_clean(d);
	d->flush = site;
	d->nalso = 0;
	d->flush_part = page ? p->part : NULL;
}

/* A flush of @p as others see it: it may be meant for them, or was what they should have got. */
static void flush_others(struct ctx *c, struct state *s, const struct flow_val *via, const struct dirty *own,
			 struct site *site, const struct place *p)
{
	unsigned int i;

	for (i = 0; i < s->ndirty; i++) {
		struct dirty *d = &s->dirty[i];

		if (d == own || d->dirt == DIRT_CLEAN || d->applied)
			continue;
		if (!place_known(p) || is_pointee(d->object) || may_be_same(c, via, d->object, p->folio)) {
			if (!d->doubt.reason)
				d->doubt = (struct doubt){ KC_R_UNKNOWN_OBJECT, NULL };
		} else if (!own || !own->ever) {
			d->other = site;
		}
	}
}

void do_flush(struct ctx *c, struct state *s, const struct flow_val *via, struct site *site, const struct place *p,
	      bool page)
{
	struct dirty *d = place_known(p) ? dirty_find(s, p->folio) : NULL;

	if (is_uninitialised(p))
		return;
	site_seen(c, site);
	flush_others(c, s, via, d, site, p);
	if (!place_known(p)) {
		site_doubt(c, site, (struct doubt){ KC_R_UNKNOWN_OBJECT, NULL });
		return;
	}
	if (!d && !c->fn->relevant)
		return;
	if (!d)
		d = dirty_get(c, s, p->folio);
	flush_object(c, s, d, site, p, page);
	story_flush(c, via, site, p->folio);
	trace_add(c, s, (struct trace){ .kind = TRACE_FLUSH, .val = via, .site = site, .sym = p->folio });
}

void dcache_flush(struct ctx *c, struct state *s, const struct flow_val *v, struct site *site, struct sym *object,
		  bool page)
{
	struct place p = place_of(c, object);

	if (!is_off(c))
		do_flush(c, s, v, site, &p, page);
}

static void expose(struct dirty *d, const struct flow_val *via, bool unlock)
{
	if (unlock && d->flush)
		d->after = via;
	else if (unlock && !d->exposed_unlock)
		d->exposed_unlock = via;
	else if (!unlock && !d->flush && !d->exposed)
		d->exposed = via;
}

/* Its lock is released: whoever waited for that sees what was published before. */
static void unlock_object(struct ctx *c, struct state *s, struct dirty *d, const struct flow_val *via)
{
	bool locked = d->locked || given_locked(c, d->object);

	d->locked = false;
	if (d->dirt == DIRT_CLEAN)
		return;
	if (d->late) {
		dirty_prove(c, s, d);
		d->flush = d->late;
		d->nalso = 0;
		dirty_clean(d);
	} else if (d->seen) {
		dirty_violates(c, s, d, via, NULL, d->seen);
	} else {
		/* Whether it was given up on the way the return tells. */
		d->unlocked |= locked;
		d->unlock = via;
	}
}

void do_publish(struct ctx *c, struct state *s, const struct flow_val *via, const struct flow_val *seen,
		const struct place *p, bool unlock)
{
	struct dirty *d;

	if (!place_known(p) || p->exempt)
		return;
	d = dirty_find(s, p->folio);
	/* Nothing is known of it here: a caller may have written it. */
	if (!d && !(c->fn->called && c->fn->relevant && from_entry(p->folio)))
		return;
	if (!d)
		d = dirty_get(c, s, p->folio);
	expose(d, seen, unlock);
	if (unlock) {
		unlock_object(c, s, d, via);
	} else if (d->dirt != DIRT_CLEAN && (d->dirt == DIRT_UNSURE || d->doubt.reason)) {
		if (!dirty_suspect(c, s, d, NULL, seen))
			dirty_doubt(c, d, d->doubt);
	} else if (d->dirt != DIRT_CLEAN && !d->seen) {
		d->seen = seen;
	}
}

void dcache_publish(struct ctx *c, struct state *s, const struct flow_val *v, struct sym *object, bool unlock)
{
	struct place p = place_of(c, object);

	if (!is_off(c))
		do_publish(c, s, v, v, &p, unlock);
}

void dcache_lock(struct ctx *c, struct state *s, struct sym *object)
{
	struct place p = place_of(c, object);

	if (!is_off(c) && c->fn->relevant && place_known(&p) && !p.exempt)
		dirty_get(c, s, p.folio)->locked = true;
}

void dcache_drop(struct ctx *c, struct state *s, struct sym *object)
{
	struct place p = place_of(c, object);
	struct dirty *d = is_off(c) ? NULL : dirty_find(s, p.folio);

	if (!d || (d->seen && !d->late))
		return;
	dirty_prove(c, s, d);
	dirty_remove(s, (unsigned int)(d - s->dirty));
}

static bool is_stored(const struct state *s, const struct sym *object)
{
	unsigned int i;

	for (i = 0; i < s->ncells; i++)
		if (sym_root(s->cells[i].addr)->kind != SYM_LOCAL && sym_mentions(s->cells[i].val, object))
			return true;
	return false;
}

void dcache_put(struct ctx *c, struct state *s, struct sym *object)
{
	struct place p = place_of(c, object);
	struct dirty *d = is_off(c) ? NULL : dirty_find(s, p.folio);

	if (!d || d->handed || d->seen || !is_fresh(c, p.folio) || is_stored(s, p.folio))
		return;
	dirty_doubt(c, d, (struct doubt){ KC_R_NOT_PUBLISHED, NULL });
	dirty_remove(s, (unsigned int)(d - s->dirty));
}

/* Is what lies at @addr reached from @root? */
static bool reached_from(const struct sym *object, const struct sym *root)
{
	while (object->kind == SYM_INIT) {
		object = sym_root(object->args[0]);
		if (object == root)
			return true;
	}
	return false;
}

void dcache_unknown(struct ctx *c, struct state *s, const struct flow_val *v, struct sym *arg)
{
	struct place p;
	unsigned int i;

	if (is_off(c) || !s->ndirty)
		return;
	p = place_of(c, arg);
	for (i = 0; i < s->ndirty; i++) {
		struct dirty *d = &s->dirty[i];

		if (d->object != p.folio && !reached_from(d->object, p.folio))
			continue;
		d->handed = true;
		/* It may flush. Where every write is looked at, that is no excuse. */
		if (d->dirt != DIRT_CLEAN && !d->doubt.reason && c->opt->dcache != KC_DCACHE_STRICT)
			d->doubt = (struct doubt){ KC_R_MEMORY, v->str ? v->str : "a function pointer" };
	}
}
