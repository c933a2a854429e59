// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dcache-role.c - which pages are those of a directory or a symlink, by what the functions are there for
 *
 * Directories and symlinks are filled through the page cache like files, and never mapped into user space. What tells them apart are the
 * types: a function that is handed a struct dir_context reads a directory, one that stands in inode_operations.symlink gets the name to
 * store. The model says so in its "role" lines, and "kin" what leads on from there: from the file to its mapping, from the mapping to the
 * page that it holds. Callees get what all of their callers hand them.
 */
#include "dcache.h"

#define MAX_ROUNDS 32

struct roles {
	struct ctx *c;
	bool changed;
};

static void mark(struct roles *r, const struct flow_val *v)
{
	struct fn *fn = fn_of(v->func);

	r->changed |= !fn->kin[v->id];
	fn->kin[v->id] = true;
}

bool role_exempts(const struct flow_val *v)
{
	const struct fn *fn = v->func ? fn_of(v->func) : NULL;

	return fn && fn->kin && v->id < fn->func->nvals && fn->kin[v->id];
}

static bool has_role(const struct flow_unit *u, const char *name)
{
	unsigned int i;

	for (i = 0; i < u->nroles; i++)
		if (u->roles[i].name == flow_intern((struct flow_unit *)u, name))
			return true;
	return false;
}

static bool holds(const struct flow_unit *u, const struct api_role *role)
{
	unsigned int i;

	if (role->with && !has_role(u, role->with))
		return false;
	for (i = 0; i < role->nwithout; i++)
		if (has_role(u, role->without[i]))
			return false;
	return true;
}

/* The parameters of the functions that have a role. */
static bool mark_params(struct roles *r)
{
	struct flow_unit *u = r->c->unit;
	unsigned int i, j;

	for (i = 0; i < u->nroles; i++) {
		const struct api_role *role = api_find_role(r->c->api, u->roles[i].name);
		struct flow_func *f = flow_find_func(u, u->roles[i].func);

		if (!role || !role->args || !f || !f->nblocks || !holds(u, role))
			continue;
		for (j = 0; j < f->nparams && j < 64; j++)
			if (role->args & 1ull << j && f->params[j]->type == FLOW_T_PTR)
				mark(r, f->params[j]);
	}
	return r->changed;
}

/* Does the field hold what is never mapped, and is no page of it? Then it is the inode, or the like, that leads to such pages. */
static bool holds_owner(const struct api_field *field)
{
	const uint64_t never = 1ull << API_PRIVATE | 1ull << API_METADATA | 1ull << API_DIRECTORY;
	const uint64_t page = 1ull << API_SAME_OBJECT | 1ull << API_PAGE_OF | 1ull << API_ADDRESS_OF;

	return field && field->kinds & never && !(field->kinds & page);
}

/* Is there such a field in the unit? */
static bool has_owners(const struct ctx *c)
{
	unsigned int i, j;

	for (i = 0; i < c->nfns; i++)
		for (j = 0; j < c->fns[i].func->nvals; j++) {
			const struct flow_val *v = c->fns[i].func->vals[j];

			if (v->op == FLOW_FIELD && v->str && holds_owner(api_find_field(c->api, v->str)))
				return true;
		}
	return false;
}

/* NULL and errors belong to nobody. */
static bool is_kin(const struct flow_val *v)
{
	return v->op == FLOW_CONST || fn_of(v->func)->kin[v->id];
}

static bool all_kin(const struct flow_val *v, unsigned int first)
{
	bool some = false;
	unsigned int i;

	for (i = first; i < v->nargs; i++) {
		if (v->args[i] != v && !is_kin(v->args[i]))
			return false;
		some |= v->args[i]->op != FLOW_CONST;
	}
	return some;
}

/* Is it so that all that is stored in a field of that name, or in that variable, is kin? */
static bool only_kin_stored(struct roles *r, const struct flow_val *addr)
{
	bool some = false;
	unsigned int i, j;

	for (i = 0; i < r->c->nfns; i++) {
		const struct flow_func *f = r->c->fns[i].func;

		for (j = 0; j < f->nvals; j++) {
			const struct flow_val *v = f->vals[j];

			if (v->op != FLOW_STORE || v->args[1]->op == FLOW_CONST)
				continue;
			if (addr->op == FLOW_LOCAL ? v->args[0] != addr :
			    v->args[0]->op != FLOW_FIELD || v->args[0]->str != addr->str)
				continue;
			if (!is_kin(v->args[1]))
				return false;
			some = true;
		}
	}
	return some;
}

static bool loads_kin(struct roles *r, const struct flow_val *addr)
{
	const struct api_field *field = addr->op == FLOW_FIELD ? api_find_field(r->c->api, addr->str) : NULL;

	if (field)
		return holds_owner(field) || (field->kinds & 1ull << API_KIN && is_kin(addr->args[0]));
	return ((addr->op == FLOW_FIELD && addr->str) || addr->op == FLOW_LOCAL) && only_kin_stored(r, addr);
}

static bool returns_kin(const struct flow_func *f)
{
	bool some = false;
	unsigned int i;

	for (i = 0; i < f->nblocks; i++) {
		const struct flow_val *v = f->blocks[i]->term == FLOW_RET ? f->blocks[i]->cond : NULL;

		if (!v || v->op == FLOW_CONST)
			continue;
		if (!is_kin(v))
			return false;
		some = true;
	}
	return some;
}

static bool calls_kin(struct roles *r, const struct flow_val *v)
{
	const struct api_fn *f = v->str ? api_find(r->c->api, v->str) : NULL;
	const struct flow_func *body = v->str && !f ? flow_find_func(r->c->unit, v->str) : NULL;
	unsigned int i;

	for (i = 0; f && i < f->neffects; i++) {
		const struct api_effect *e = &f->effects[i];

		if ((e->kind == API_KIN || e->kind == API_SAME_OBJECT || e->kind == API_PAGE_OF || e->kind == API_RETURNS) &&
		    (unsigned int)e->object.arg < v->nargs && is_kin(v->args[e->object.arg]) &&
		    v->args[e->object.arg]->op != FLOW_CONST)
			return true;
	}
	return body && body->nblocks && returns_kin(body);
}

static bool gives_kin(struct roles *r, const struct flow_val *v)
{
	switch (v->op) {
	case FLOW_COPY: case FLOW_FIELD: case FLOW_ADD: case FLOW_SUB:
		return v->args[0]->op != FLOW_CONST && is_kin(v->args[0]);
	case FLOW_PHI:
		return all_kin(v, 0);
	case FLOW_SELECT:
		return all_kin(v, 1);
	case FLOW_LOAD:
		return loads_kin(r, v->args[0]);
	case FLOW_CALL:
		return calls_kin(r, v);
	default:
		return false;
	}
}

/* Does every call of the function hand it kin there? */
static bool all_hand(struct roles *r, const struct flow_func *callee, unsigned int param)
{
	bool some = false;
	unsigned int i, j;

	for (i = 0; i < r->c->nfns; i++) {
		const struct flow_func *f = r->c->fns[i].func;

		for (j = 0; j < f->nvals; j++) {
			const struct flow_val *v = f->vals[j];

			if (v->op != FLOW_CALL || v->str != callee->name)
				continue;
			if (param >= v->nargs || !is_kin(v->args[param]))
				return false;
			some |= v->args[param]->op != FLOW_CONST;
		}
	}
	return some;
}

static void spread(struct roles *r)
{
	unsigned int i, j;

	for (i = 0; i < r->c->nfns; i++) {
		struct fn *fn = &r->c->fns[i];

		for (j = 0; j < fn->func->nparams; j++) {
			const struct flow_val *v = fn->func->params[j];

			if (fn->closed && v->type == FLOW_T_PTR && !fn->kin[v->id] && all_hand(r, fn->func, j))
				mark(r, v);
		}
		for (j = 0; j < fn->func->nvals; j++)
			if (!fn->kin[j] && gives_kin(r, fn->func->vals[j]))
				mark(r, fn->func->vals[j]);
	}
}

void roles_find(struct ctx *c)
{
	struct roles r = { .c = c };
	unsigned int i, rounds = 0;
	bool owners = has_owners(c);

	if (!c->unit->nroles && !owners)
		return;
	for (i = 0; i < c->nfns; i++)
		c->fns[i].kin = arena_alloc(c->scratch, c->fns[i].func->nvals + 1);
	if (!mark_params(&r) && !owners) {
		for (i = 0; i < c->nfns; i++)
			c->fns[i].kin = NULL;
		return;
	}
	do {
		r.changed = false;
		spread(&r);
	} while (r.changed && ++rounds < MAX_ROUNDS);
}

/* Does the call copy what belongs to a directory or symlink, such as a name? Then that is what the page is there for. */
bool role_copies(const struct ctx *c, const struct flow_val *call)
{
	const struct api_fn *f = call->op == FLOW_CALL && call->str && c->fn->kin ? api_find(c->api, call->str) : NULL;
	unsigned int i;

	for (i = 0; f && i < f->neffects; i++) {
		const struct api_effect *e = &f->effects[i];

		if (e->kind == API_READS && e->object.root == API_ARG && !e->object.deref &&
		    (unsigned int)e->object.arg < call->nargs && role_exempts(call->args[e->object.arg]))
			return true;
	}
	return false;
}
