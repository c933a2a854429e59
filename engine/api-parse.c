// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * api-parse.c - reads model lines: "NAME|NAME EFFECT EFFECT…" and "field TAG.NAME EFFECT…"
 *
 * Every message has the form FILE:LINE:COLUMN: expected …, found "…". Columns are counted in bytes from 1.
 */
#include <string.h>

#include "api-parse.h"
#include "util.h"

static void add_fn(struct api_parser *ps, struct api_span name, unsigned int line, const struct api_effect *list,
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
}

/* NAME|NAME|… and the effects that all of them have */
static bool fn_line(struct api_parser *ps)
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
		add_fn(ps, names[i], line, list, n);
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
	ps->p = w.s;
	return fn_line(ps);
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
