// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * api-parse.c - reads model lines: "NAME|NAME EFFECT EFFECT…" "field TAG.NAME EFFECT…" and "role NAME …"
 *
 * Every message has the form FILE:LINE:COLUMN: expected …, found "…". Columns are counted in bytes from 1.
 */
#include <string.h>

#include "api-parse.h"
#include "util.h"

static struct api_fn *add_fn(struct api_parser *ps, struct api_span name, unsigned int line, const struct api_effect *list,
		   unsigned int n)
{
	struct api_fn *f = arena_alloc(ps->arena, sizeof(*f));

	f->name = api_keep(ps, name);
	f->effects = arena_alloc(ps->arena, n * sizeof(*list));
	memcpy(f->effects, list, n * sizeof(*list));
	f->neffects = n;
	f->file = ps->file;
	f->line = line;
	GROW(ps->out->fns, ps->out->nfns, ps->out->cfns);
	ps->out->fns[ps->out->nfns++] = f;
	return f;
}

/* NAME|NAME|… and the effects that all of them have */
static bool fn_line(struct api_parser *ps, bool weak)
{
	unsigned int cap = 0, nnames = 0, n = 0, i;
	unsigned int line = ps->lineno;
	struct api_effect *list = NULL;
	struct api_span *names = NULL;
	bool ok;

	do {
		GROW(names, nnames, cap);
		ok = api_identifier(ps, &names[nnames++], "the name of a function");
	} while (ok && api_accept(ps, '|'));
	if (ok && !api_at_end(ps) && !api_is_space(ps->p[-1]))
		ok = api_fail(ps, ps->p, "a space and an effect");
	ok = ok && api_effects(ps, &list, &n, false);
	for (i = 0; ok && i < nnames; i++)
		add_fn(ps, names[i], line, list, n)->weak = weak;
	free(names);
	free(list);
	return ok;
}

static bool field_line(struct api_parser *ps)
{
	struct api_effect *list = NULL;
	unsigned int n = 0, i;
	struct api_field *f;
	const char *name;
	bool ok;

	ok = api_field_name(ps, &name) && api_effects(ps, &list, &n, true);
	if (ok) {
		f = arena_alloc(ps->arena, sizeof(*f));
		f->name = name;
		f->kind = list[0].kind;
		for (i = 0; i < n; i++)
			f->kinds |= (uint64_t)1 << list[i].kind;
		GROW(ps->out->fields, ps->out->nfields, ps->out->cfields);
		ps->out->fields[ps->out->nfields++] = f;
	}
	free(list);
	return ok;
}

/* "tag", or "tag.field" */
static bool role_name(struct api_parser *ps, const char **name)
{
	const char *start;
	struct api_span w;

	api_skip_spaces(ps);
	start = ps->p;
	if (!api_identifier(ps, &w, "a role (TAG or TAG.FIELD)"))
		return false;
	if (*ps->p == '.') {
		ps->p = start;
		return api_field_name(ps, name);
	}
	*name = api_keep(ps, w);
	return true;
}

/* directory, directory(argN), flushed(argN), with(ROLE), without(ROLE) */
static bool role_word(struct api_parser *ps, struct api_role *r)
{
	struct api_span w = api_word(ps);
	const char *other;
	int arg;

	if (api_is_word(w, "directory") && *ps->p != '(') {
		r->args = UINT64_MAX;
		return true;
	}
	if (!api_is_word(w, "directory") && !api_is_word(w, "flushed") && !api_is_word(w, "with") &&
	    !api_is_word(w, "without"))
		return api_fail(ps, w.s, "directory, directory(argN), flushed(argN), with(ROLE) or without(ROLE)");
	if (!api_expect(ps, '(', "\"(\""))
		return false;
	if (api_is_word(w, "directory") || api_is_word(w, "flushed")) {
		if (!api_arg_number(ps, api_word(ps), &arg))
			return false;
		*(api_is_word(w, "flushed") ? &r->flushed : &r->args) |= (uint64_t)1 << arg;
	} else {
		if (!role_name(ps, &other))
			return false;
		if (api_is_word(w, "with"))
			r->with = other;
		else if (r->nwithout < API_MAX_WITHOUT)
			r->without[r->nwithout++] = other;
		else
			return api_fail(ps, w.s, "no more than 8 roles");
	}
	return api_expect(ps, ')', "\")\"");
}

static bool role_line(struct api_parser *ps)
{
	struct api_role *r = arena_alloc(ps->arena, sizeof(*r));

	if (!role_name(ps, &r->name))
		return false;
	do {
		if (!role_word(ps, r))
			return false;
		api_skip_spaces(ps);
	} while (!api_at_end(ps));
	GROW(ps->out->roles, ps->out->nroles, ps->out->croles);
	ps->out->roles[ps->out->nroles++] = r;
	return true;
}

static bool parse_line(struct api_parser *ps)
{
	struct api_span w;

	api_skip_spaces(ps);
	if (api_at_end(ps))
		return true;
	w.s = ps->p;
	w = api_word(ps);
	if (api_is_word(w, "field") && api_is_space(*ps->p))
		return field_line(ps);
	if (api_is_word(w, "role") && api_is_space(*ps->p))
		return role_line(ps);
	if (api_is_word(w, "weak") && api_is_space(*ps->p)) {
		api_skip_spaces(ps);
		return fn_line(ps, true);
	}
	ps->p = w.s;
	return fn_line(ps, false);
}

bool api_parse(struct arena *arena, const char *name, const char *text, struct api_parsed *out, char **err)
{
	struct api_parser ps = { .arena = arena, .p = text, .out = out, .err = err };

	memset(out, 0, sizeof(*out));
	ps.file = arena_strdup(arena, name);
	while (*ps.p) {
		ps.line = ps.p;
		ps.lineno++;
		if (!parse_line(&ps))
			return false;
		ps.p += strcspn(ps.p, "\n");
		if (*ps.p)
			ps.p++;
	}
	return true;
}
