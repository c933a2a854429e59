// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * story-words.c - what a finding calls a mapping, its address, and the call that releases it
 */
#include <string.h>

#include "analysis.h"

/* How the model says that the call maps; NULL where it does not. */
static const struct api_effect *mapping_of(struct ctx *c, const struct site *map)
{
	const struct api_fn *f = map && map->callee ? api_find(c->api, map->callee) : NULL;
	unsigned int i;

	for (i = 0; f && i < f->neffects; i++)
		if (f->effects[i].kind <= API_MAPS_OR_ERR)
			return &f->effects[i];
	return NULL;
}

/* Of a call that leaves the address in memory which an argument leads to, as iterators do: that argument. */
static const struct flow_val *keeper_of(const struct api_effect *e, const struct site *map)
{
	const struct flow_val *v = map ? map->val : NULL;

	if (!e || e->to.root != API_ARG || !e->to.deref || v->op != FLOW_CALL || e->to.arg < 0 || (unsigned int)e->to.arg >= v->nargs)
		return NULL;
	return v->args[e->to.arg];
}

const char *story_call(const struct site *site)
{
	const char *s = site && site->callee ? site->callee : "the unmapping";

	return !strncmp(s, "__", 2) ? s + 2 : s;
}

const char *story_object(const struct site *map)
{
	return map && map->object ? map->object : "the page";
}

const char *story_mapping(struct ctx *c, const struct site *map)
{
	const struct flow_val *keeper = keeper_of(mapping_of(c, map), map);

	return arena_printf(c->arena, "%s(%s)", story_call(map), keeper ? expr_of(c, keeper) : story_object(map));
}

/* Does the call give the address itself, not a struct that holds it or whether it worked? */
static bool gives_address(struct ctx *c, const struct flow_val *call)
{
	const struct fn *callee = direct_callee(c, call);
	unsigned int i;

	if (call->type != FLOW_T_PTR || !callee || !callee->noutcomes)
		return call->type == FLOW_T_PTR;
	for (i = 0; i < callee->noutcomes; i++)
		if (callee->outcomes[i].ret && (callee->outcomes[i].ret->has & SYM_HAS_MAP))
			return true;
	return false;
}

const char *story_result(struct ctx *c, const struct flow_val *call)
{
	return call && gives_address(c, call) ? name_of(c, call) : NULL;
}

const char *story_own_name(struct ctx *c, const struct violation *v)
{
	const char *s = story_result(c, v->via);

	if (!s && v->via && v->map && v->via != v->map->val)
		s = name_in_caller(c, v->map->val, v->via);
	return s;
}

const char *story_address(struct ctx *c, const struct violation *v)
{
	const struct api_effect *e = mapping_of(c, v->map);
	const char *s = NULL;

	/* What the call itself gives is no address then. */
	if (keeper_of(e, v->map) && (!v->via || v->via == v->map->val))
		s = object_text(c, v->map->val, &e->to);
	if (!s)
		s = story_own_name(c, v);
	if (!s && v->map && v->map->val->type == FLOW_T_PTR)
		s = name_of(c, v->map->val);
	if (!s && keeper_of(e, v->map))
		s = object_text(c, v->map->val, &e->to);
	if (!s && v->at && v->at->op == FLOW_CALL && v->at->nargs)
		s = expr_of(c, v->at->args[0]);
	return s ? s : STORY_NO_NAME;
}

bool story_takes_page(struct ctx *c, const struct site *unmap)
{
	const struct api_fn *f = unmap->callee ? api_find(c->api, unmap->callee) : NULL;
	unsigned int i;

	for (i = 0; f && i < f->neffects; i++)
		if (f->effects[i].kind == API_UNMAPS)
			return f->effects[i].family == API_KMAP;
	return false;
}

struct release {
	enum api_family family;
	const struct api_place *kept;	/* where the address is kept; NULL: it is an argument */
	const char *name;
};

static bool releases(const struct release *r, const struct api_effect *e)
{
	if ((e->kind != API_UNMAPS && e->kind != API_UNMAPS_LIVE) || e->family != r->family || e->object.arg != 0)
		return false;
	return r->kept ? e->object.deref && e->object.field && r->kept->field && !strcmp(e->object.field, r->kept->field) :
	       !e->object.deref && e->kind == API_UNMAPS;
}

static void find_release(const struct api_fn *f, void *data)
{
	struct release *r = data;
	bool found = false;
	unsigned int i;

	if (r->name || f->name[0] == '_' || (!r->kept && f->neffects != 1))
		return;
	for (i = 0; i < f->neffects; i++) {
		if (f->effects[i].kind <= API_MAPS_OR_ERR)
			return;
		found |= releases(r, &f->effects[i]);
	}
	if (found)
		r->name = f->name;
}

const char *story_release(struct ctx *c, const struct site *map, const char *address)
{
	const struct api_effect *e = mapping_of(c, map);
	const struct flow_val *keeper = keeper_of(e, map);
	struct release r = { e ? e->family : API_LOCAL, keeper ? &e->to : NULL, NULL };

	api_each(c->api, find_release, &r);
	if (!r.name)
		return NULL;
	if (keeper)
		address = expr_of(c, keeper);
	else if (r.family == API_KMAP)
		address = story_object(map);
	return arena_printf(c->arena, "%s(%s)", r.name, address);
}
