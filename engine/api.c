// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * api.c - the tables of the API model: hash lookup of functions and fields, files laid over each other
 *
 * api-parse.c reads the text. A file is parsed as a whole before anything of it is entered, so that a wrong file
 * leaves the model as it was.
 */
#include <errno.h>
#include <string.h>

#include "api-parse.h"
#include "util.h"

/* engine/kernel.api, made into a string by engine/rules.mk. */
static const char builtin_text[] =
#include "kernel-api.inc"
;

/* Entries that begin with their name, in the order in which the names came, and an open hash of them. */
struct api_table {
	unsigned int n, cap;		/* cap is a power of two, or 0 */
	const void **entries;
	unsigned int *slots;		/* 1 + which entry */
};

struct api {
	struct arena *arena;
	struct api_table fns, fields, roles;
	unsigned int nhidden, chidden;
	const char **hidden;		/* weak lines that do not count */
};

static unsigned int hash_name(const char *s)
{
	unsigned int h = 2166136261u;	/* FNV-1a */

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return h;
}

/* All entries have their name as first member. */
static const char *entry_name(const void *e)
{
	return *(const char *const *)e;
}

static unsigned int table_slot(const struct api_table *t, const char *name)
{
	unsigned int i = hash_name(name) & (t->cap - 1);

	while (t->slots[i] && strcmp(entry_name(t->entries[t->slots[i] - 1]), name))
		i = (i + 1) & (t->cap - 1);
	return i;
}

static const void *table_find(const struct api_table *t, const char *name)
{
	unsigned int slot = t->cap ? t->slots[table_slot(t, name)] : 0;

	return slot ? t->entries[slot - 1] : NULL;
}

static void table_grow(struct api_table *t)
{
	unsigned int i;

	t->cap = t->cap ? t->cap * 2 : 256;
	t->entries = xrealloc(t->entries, t->cap / 2 * sizeof(*t->entries));
	free(t->slots);
	t->slots = xcalloc(t->cap, sizeof(*t->slots));
	for (i = 0; i < t->n; i++)
		t->slots[table_slot(t, entry_name(t->entries[i]))] = i + 1;
}

/* A later entry of a name takes the place of the earlier one. */
static void table_put(struct api_table *t, const void *entry)
{
	unsigned int i;

	if (2 * (t->n + 1) > t->cap)
		table_grow(t);
	i = table_slot(t, entry_name(entry));
	if (!t->slots[i])
		t->slots[i] = ++t->n;
	t->entries[t->slots[i] - 1] = entry;
}

static void table_free(struct api_table *t)
{
	free(t->entries);
	free(t->slots);
}

struct api *api_new(void)
{
	struct api *a = xcalloc(1, sizeof(*a));
	char *err = NULL;

	a->arena = arena_new();
	if (!api_add_text(a, "kernel.api", builtin_text, &err)) {
		fprintf(stderr, "kmapcheck: the built-in model is broken: %s\n", err);
		abort();
	}
	return a;
}

void api_free(struct api *a)
{
	if (!a)
		return;
	table_free(&a->fns);
	table_free(&a->fields);
	table_free(&a->roles);
	free(a->hidden);
	arena_free(a->arena);
	free(a);
}

/* Roles that others only ask about have an entry without effect, so that front ends tell of them. */
static void mention_role(struct api *a, const char *name)
{
	struct api_role *r;

	if (!name || api_find_role(a, name))
		return;
	r = arena_alloc(a->arena, sizeof(*r));
	r->name = name;
	table_put(&a->roles, r);
}

static void put_role(struct api *a, const struct api_role *role)
{
	unsigned int i;

	table_put(&a->roles, role);
	mention_role(a, role->with);
	for (i = 0; i < role->nwithout; i++)
		mention_role(a, role->without[i]);
}

bool api_add_text(struct api *a, const char *name, const char *text, char **err)
{
	struct api_parsed p;
	unsigned int i;
	bool ok;

	ok = api_parse(a->arena, name, text, &p, err);
	for (i = 0; ok && i < p.nfns; i++)
		table_put(&a->fns, p.fns[i]);
	for (i = 0; ok && i < p.nfields; i++)
		table_put(&a->fields, p.fields[i]);
	for (i = 0; ok && i < p.nroles; i++)
		put_role(a, p.roles[i]);
	free(p.fns);
	free(p.fields);
	free(p.roles);
	return ok;
}

bool api_add_file(struct api *a, const char *path, char **err)
{
	size_t len;
	char *text = read_file(path, &len);
	bool ok;

	if (!text) {
		*err = xasprintf("%s: cannot read the model file: %s", path,
				 errno == EILSEQ ? "it is not text" : strerror(errno));
		return false;
	}
	ok = api_add_text(a, path, text, err);
	free(text);
	return ok;
}

static bool is_hidden(const struct api *a, const struct api_fn *f)
{
	unsigned int i;

	for (i = 0; f->weak && i < a->nhidden; i++)
		if (a->hidden[i] == f->name)
			return true;
	return false;
}

void api_set_bodies(struct api *a, bool (*has_body)(const char *name, void *data), void *data)
{
	unsigned int i;

	a->nhidden = 0;
	for (i = 0; i < a->fns.n; i++) {
		const struct api_fn *f = a->fns.entries[i];

		if (!f->weak || !has_body(f->name, data))
			continue;
		GROW(a->hidden, a->nhidden, a->chidden);
		a->hidden[a->nhidden++] = f->name;
	}
}

const struct api_fn *api_find(const struct api *a, const char *name)
{
	static const char prefix[] = "__builtin_";
	const struct api_fn *f;

	if (!name)
		return NULL;
	f = table_find(&a->fns, name);
	if (!f && !strncmp(name, prefix, sizeof(prefix) - 1))
		f = table_find(&a->fns, name + sizeof(prefix) - 1);
	return f && is_hidden(a, f) ? NULL : f;
}

const struct api_field *api_find_field(const struct api *a, const char *name)
{
	return name ? table_find(&a->fields, name) : NULL;
}

const struct api_role *api_find_role(const struct api *a, const char *name)
{
	return name ? table_find(&a->roles, name) : NULL;
}

void api_each(const struct api *a, void (*fn)(const struct api_fn *f, void *data), void *data)
{
	unsigned int i;

	for (i = 0; i < a->fns.n; i++)
		fn(a->fns.entries[i], data);
}

/*
 * Only what makes a site of the ledger: plain memory writes and publications matter in functions that also map, write
 * or flush an object, or in their callees and callers, and those are reached through the call graph.
 */
static bool makes_a_site(enum api_effect_kind k)
{
	switch (k) {
	case API_MAPS:
	case API_MAPS_OR_NULL:
	case API_MAPS_OR_ERR:
	case API_UNMAPS:
	case API_UNMAPS_LIVE:
	case API_WRITES_OBJECT:
	case API_READS_OBJECT:
	case API_FLUSHES:
	case API_FLUSHES_PAGE:
		return true;
	default:
		return false;
	}
}

bool api_is_interesting(const struct api_fn *f)
{
	unsigned int i;

	for (i = 0; i < f->neffects; i++)
		if (makes_a_site(f->effects[i].kind))
			return true;
	return false;
}
