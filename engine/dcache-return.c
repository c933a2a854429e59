// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dcache-return.c - what is still unflushed where a function returns or a loop turns, and what a callee leaves to its caller
 */
#include <string.h>

#include "dcache.h"

/* A negative number, one that is not 0 and may be negative, NULL or an ERR_PTR: the function says that it failed. */
static bool says_failure(const struct ctx *c, const struct state *s, const struct sym *ret)
{
	struct range r;

	if (!ret)
		return false;
	r = facts_range(&s->facts, ret);
	if (ret->kind == SYM_VAL && ret->type == FLOW_T_INT && r.lo < 0 && facts_truth(&s->facts, c->syms, (struct sym *)ret) == T_YES)
		return true;
	return r.hi < 0 || (ret->type == FLOW_T_PTR && r.lo >= -4095 && r.hi <= 0);
}

static bool says_success(const struct state *s, const struct sym *ret)
{
	return !ret || (ret->type != FLOW_T_PTR && facts_range(&s->facts, ret).lo >= 0);
}

/* Can a caller in sight have to do with the object? */
static bool has_name(const struct state *s, const struct dirty *d, const struct sym *ret)
{
	unsigned int i;

	if (is_pointee(d->object) || from_entry(d->object) || (ret && sym_mentions(ret, d->object)))
		return true;
	for (i = 0; i < s->ncells; i++)
		if (sym_root(s->cells[i].addr)->kind != SYM_LOCAL && sym_mentions(s->cells[i].val, d->object))
			return true;
	return false;
}

/* Does the model say that its caller flushes what the function leaves of the object? */
static bool caller_flushes(const struct ctx *c, const struct dirty *d)
{
	const struct flow_unit *u = c->unit;
	const char *name = c->fn->func->name;
	const struct api_fn *f = api_find(c->api, name);
	bool written = false;
	unsigned int i;

	if (d->object->kind != SYM_PARAM || d->object->val->imm > 63)
		return false;
	for (i = 0; f && i < f->neffects; i++) {
		const struct api_effect *e = &f->effects[i];

		if (e->object.root != API_ARG || e->object.arg != d->object->val->imm)
			continue;
		if (e->kind == API_FLUSHES || e->kind == API_FLUSHES_PAGE)
			return false;
		written |= e->kind == API_WRITES_OBJECT;
	}
	for (i = 0; i < u->nroles && !written; i++) {
		const struct api_role *role = u->roles[i].func == name ? api_find_role(c->api, u->roles[i].name) : NULL;

		written = role && role->flushed & 1ull << d->object->val->imm;
	}
	return written;
}

static void judge(struct ctx *c, struct state *s, struct dirty *d, const struct flow_block *b, const struct sym *ret)
{
	bool told = c->opt->dcache == KC_DCACHE_STRICT && !d->linear && !is_for_kernel(c, d->object);

	if (d->late && sym_root(d->object)->kind != SYM_PARAM) {
		/* Got here, and perhaps locked: who unlocks it is out of sight. */
		dirty_doubt(c, d, (struct doubt){ KC_R_NOT_PUBLISHED, NULL });
	} else if (d->seen && d->dirt == DIRT_WRITTEN && !d->doubt.reason) {
		dirty_violates(c, s, d, NULL, b, d->seen);
	} else if (says_failure(c, s, ret)) {
		/* Nobody publishes what failed. */
		dirty_prove(c, s, d);
	} else if (caller_flushes(c, d)) {
		dirty_doubt(c, d, (struct doubt){ KC_R_NOT_PUBLISHED, NULL });
	} else if (told && dirty_suspect(c, s, d, b, NULL)) {
		return;
	} else if (d->dirt == DIRT_UNSURE || d->doubt.reason) {
		dirty_doubt(c, d, d->doubt);
	} else if (d->unlocked && says_success(s, ret)) {
		dirty_violates(c, s, d, NULL, b, d->unlock);
	} else if (told) {
		dirty_violates(c, s, d, NULL, b, NULL);
	} else {
		dirty_doubt(c, d, (struct doubt){ KC_R_NOT_PUBLISHED, NULL });
	}
}

void dcache_return(struct ctx *c, struct state *s, const struct flow_block *b, struct sym *ret)
{
	unsigned int i;

	for (i = 0; i < s->ndirty;) {
		struct dirty *d = &s->dirty[i];
		bool named = c->fn->called && has_name(s, d, ret);

		if (d->dirt != DIRT_CLEAN && !is_pointee(d->object) && !(c->fn->closed && named))
			judge(c, s, d, b, ret);
		if (named)
			i++;
		else
			dirty_remove(s, i);
	}
}

struct applied {
	struct ctx *c;
	struct state *s;
	const struct flow_val *call;
	unsigned int possible;		/* a bit for each outcome of the callee that can be here */
	struct sym *(*leaf)(struct sym *s, void *data);
	void *data;
};

/* What the callee's object is in terms of the caller; false where it means nothing to it. */
static bool resolve(struct applied *a, const struct dirty *e, struct place *p)
{
	struct sym *object = sym_rewrite(a->c->syms, e->object, a->leaf, a->data);

	if (is_pointee(object))
		return place_at(a->c, a->s, object->args[0], p);
	*p = place_of(a->c, object);
	p->linear = e->linear;
	p->part = e->part ? place_of(a->c, sym_rewrite(a->c->syms, e->part, a->leaf, a->data)).part : NULL;
	return true;
}

static void apply_flush(struct applied *a, const struct dirty *e, struct place p)
{
	struct place q = p;
	struct dirty *d;
	unsigned int i;

	/* Perhaps is not enough. */
	if (!e->flush || (e->doubt.reason && e->dirt == DIRT_CLEAN))
		return;
	d = place_known(&p) ? dirty_find(a->s, p.folio) : NULL;
	for (i = 0; i < e->nalso; i++) {
		site_seen(a->c, e->also[i]);
		if (d && d->ever)
			site_proved(a->c, a->s, e->also[i]);
	}
	if (e->flush_part) {
		q.part = is_pointee(e->flush_part) ? p.part :
			 sym_object(sym_rewrite(a->c->syms, e->flush_part, a->leaf, a->data));
		do_flush(a->c, a->s, a->call, e->flush, &q, true);
	} else {
		do_flush(a->c, a->s, a->call, e->flush, &q, false);
	}
	d = place_known(&q) ? dirty_find(a->s, q.folio) : NULL;
	if (!d || d->flush != e->flush)
		return;
	if (!d->ever)
		d->for_read |= e->for_read;
	d->nalso = e->nalso;
	memcpy(d->also, e->also, sizeof(d->also));
}

static void apply_writes(struct applied *a, const struct dirty *e, const struct place *p)
{
	const char *unsure = e->dirt == DIRT_UNSURE ? e->doubt.name ? e->doubt.name : "a function" : NULL;
	struct dirty *d;
	unsigned int i;

	if (e->dirt == DIRT_CLEAN)
		return;
	/* The last ones last. */
	for (i = 0; i < e->nwrites; i++)
		if (!e->writes[i].last)
			do_write(a->c, a->s, a->call, e->writes[i].site, p, unsure);
	for (i = 0; i < e->nwrites; i++)
		if (e->writes[i].last)
			do_write(a->c, a->s, a->call, e->writes[i].site, p, unsure);
	d = place_known(p) ? dirty_find(a->s, p->folio) : NULL;
	if (!d)
		return;
	for (i = 0; i < e->nwrites && !d->seen; i++)
		dirty_add_write(d, e->writes[i].site, a->call, e->writes[i].last);
	if (e->dirt == DIRT_WRITTEN || d->dirt == DIRT_UNSURE)
		d->doubt = e->doubt;
	if (e->kind)
		d->kind = e->kind;
	if (!d->seen)
		d->seen = e->seen;
	d->late = e->late;
	d->head = e->head;
	d->other = e->other;
	d->applied = true;
	if (e->unlocked || (d->locked && e->exposed_unlock)) {
		d->unlocked = true;
		d->unlock = a->call;
	}
}

/*
 * Does the callee flush the object on another of its paths? Then its author thought of the flush, and what decides is likely to be known
 * to the caller, in a bit of some flags that is not followed. A path that cannot be here, as the caller hands over a constant, is none.
 */
static bool flushes_elsewhere(const struct applied *a, const struct dirty *e)
{
	const struct fn *callee = callee_of(a->c, a->call);
	unsigned int i, j;

	for (i = 0; callee && i < callee->noutcomes; i++) {
		const struct state *s = callee->outcomes[i].state;

		if (!(a->possible & 1u << i))
			continue;
		for (j = 0; j < s->ndirty; j++)
			if (s->dirty[j].object == e->object && s->dirty[j].flush)
				return true;
	}
	return false;
}

/*
 * In which order were they? What another flush followed was written before it, what is clean was flushed before what is
 * not: the caller may know the two by one name.
 */
static unsigned int turn_of(const struct dirty *e)
{
	return e->dirt == DIRT_CLEAN ? 1 : e->other ? 0 : 2;
}

static void apply(struct applied *a, const struct dirty *e)
{
	struct dirty *d;
	struct place p;

	if (!resolve(a, e, &p))
		return;
	if (e->doubt.reason && place_known(&p) && !p.exempt) {
		d = dirty_find(a->s, p.folio);
		if (d && d->dirt != DIRT_CLEAN && !d->doubt.reason)
			d->doubt = e->doubt;
	}
	if (e->exposed && a->c->opt->dcache == KC_DCACHE_PUBLISHED && flushes_elsewhere(a, e)) {
		d = place_known(&p) ? dirty_find(a->s, p.folio) : NULL;
		if (d && d->dirt != DIRT_CLEAN && !d->doubt.reason)
			d->doubt = (struct doubt){ KC_R_CORRELATION, NULL };
	}
	if (!is_pointee(p.folio) && e->exposed)
		do_publish(a->c, a->s, a->call, e->exposed, &p, false);
	if (e->exposed_unlock)
		do_publish(a->c, a->s, a->call, e->exposed_unlock, &p, true);
	apply_flush(a, e, p);
	if (e->after)
		do_publish(a->c, a->s, a->call, e->after, &p, true);
	apply_writes(a, e, &p);
	if (!place_known(&p) || p.exempt)
		return;
	d = e->locked ? dirty_get(a->c, a->s, p.folio) : dirty_find(a->s, p.folio);
	if (!d)
		return;
	d->ever |= e->ever;
	d->locked |= e->locked;
}

void dcache_apply(struct ctx *c, struct state *s, const struct flow_val *v, const struct state *callee,
		  unsigned int possible, struct sym *(*leaf)(struct sym *s, void *data), void *data)
{
	struct applied a = { c, s, v, possible, leaf, data };
	unsigned int i, turn;

	for (turn = 0; turn < 3; turn++)
		for (i = 0; i < callee->ndirty; i++)
			if (turn_of(&callee->dirty[i]) == turn)
				apply(&a, &callee->dirty[i]);
	for (i = 0; i < s->ndirty; i++)
		s->dirty[i].applied = false;
}

/* Two objects that one instruction wrote in different turns, or none that can be told from others. */
static bool is_repeated(const struct state *s, const struct dirty *d)
{
	unsigned int i, j, k;

	if (d->object->has & SYM_HAS_VAGUE)
		return true;
	for (i = 0; i < s->ndirty; i++) {
		const struct dirty *e = &s->dirty[i];

		if (e == d)
			continue;
		if (d->flush && d->flush == e->flush && !d->nwrites && !e->nwrites)
			return true;
		for (j = 0; j < d->nwrites; j++)
			for (k = 0; k < e->nwrites; k++)
				if (d->writes[j].site == e->writes[k].site)
					return true;
	}
	return false;
}

/* Some page of those that were written here: which it is cannot be told any more. */
static void make_vague(struct ctx *c, struct dirty *d)
{
	d->object = sym_val(c->syms, d->writes[0].site->val, SYM_GEN_VAGUE, NULL);
	d->part = NULL;
	d->flush = d->other = NULL;
	d->nalso = 0;
	d->flush_part = NULL;
	d->head = d->locked = d->unlocked = false;
	d->exposed = d->exposed_unlock = d->after = d->unlock = d->seen = NULL;
	d->late = NULL;
	if (!d->doubt.reason)
		d->doubt = (struct doubt){ KC_R_LOOP, NULL };
}

static void merge_same(struct state *s)
{
	unsigned int i, j;

	for (i = 0; i < s->ndirty; i++) {
		for (j = i + 1; j < s->ndirty;) {
			if (s->dirty[j].object != s->dirty[i].object) {
				j++;
				continue;
			}
			if (s->dirty[j].dirt == DIRT_WRITTEN)
				s->dirty[i].dirt = DIRT_WRITTEN;
			dirty_join(&s->dirty[i], &s->dirty[j]);
			dirty_remove(s, j);
		}
	}
}

static void sort(struct state *s)
{
	unsigned int i, j;
	struct dirty d;

	for (i = 1; i < s->ndirty; i++) {
		if (s->dirty[i - 1].object->id <= s->dirty[i].object->id)
			continue;
		d = s->dirty[i];
		for (j = i; j > 0 && s->dirty[j - 1].object->id > d.object->id; j--)
			s->dirty[j] = s->dirty[j - 1];
		s->dirty[j] = d;
	}
}

static const struct flow_block *return_block(const struct flow_func *f)
{
	unsigned int i;

	for (i = 0; i < f->nblocks; i++)
		if (f->blocks[i]->term == FLOW_RET)
			return f->blocks[i];
	return NULL;
}

static void turn_loop(struct ctx *c, struct state *s)
{
	const struct flow_block *end = return_block(c->fn->func);
	bool repeated[64] = { false };
	unsigned int i, n = s->ndirty;

	for (i = 0; i < n && i < 64; i++)
		repeated[i] = is_repeated(s, &s->dirty[i]);
	for (i = n; i-- > 0;) {
		struct dirty *d = &s->dirty[i];

		/* Which page of it: another in every turn. */
		if (d->part && d->part != d->object)
			d->part = NULL;
		if (d->flush_part && d->flush_part != d->object)
			d->flush_part = NULL;
		if (i >= 64 || !repeated[i])
			continue;
		if (d->seen && d->dirt == DIRT_WRITTEN && !d->doubt.reason && end)
			dirty_violates(c, s, d, NULL, end, d->seen);
		if (d->nwrites)
			make_vague(c, d);
		else
			dirty_remove(s, i);
	}
	merge_same(s);
	sort(s);
}

void dcache_loop(struct ctx *c, struct state *s, const struct flow_block *header, bool turn)
{
	const struct flush_loop *l;

	if (c->opt->dcache == KC_DCACHE_OFF)
		return;
	/* A single path keeps them apart. */
	if (turn && s->ndirty && !c->target)
		turn_loop(c, s);
	for (l = turn ? NULL : c->fn->flush_loops; l; l = l->next) {
		struct place p;

		if (l->header != header)
			continue;
		p = place_of(c, facts_resolve(&s->facts, c->syms, eval(c, s, l->base)));
		if (place_known(&p) && dirty_find(s, p.folio))
			do_flush(c, s, l->call, site_of(c, l->call, KC_SITE_FLUSH), &p, false);
	}
}
