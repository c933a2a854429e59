// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * api-lex.c - words and names of model files, and messages about them
 */
#include <string.h>

#include "api-parse.h"
#include "util.h"

/* Characters by hand: the locale has no say in what a name is. */
bool api_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool api_at_end(const struct api_parser *ps)
{
	return !*ps->p || *ps->p == '\n' || *ps->p == '#';
}

/* A backslash at the end of a line joins the next one to it. */
static bool skip_line_end(struct api_parser *ps)
{
	const char *p = ps->p;

	if (*p++ != '\\')
		return false;
	if (*p == '\r')
		p++;
	if (*p++ != '\n')
		return false;
	ps->p = p;
	ps->line = p;
	ps->lineno++;
	return true;
}

void api_skip_spaces(struct api_parser *ps)
{
	for (;;) {
		if (api_is_space(*ps->p))
			ps->p++;
		else if (!skip_line_end(ps))
			return;
	}
}

/* The text at @at, up to something that ends a word, for a message. */
static char *found(const char *at)
{
	size_t n = 0;

	if (!*at || *at == '\n' || *at == '#')
		return xstrdup("the end of the line");
	while (n < 40 && at[n] && !api_is_space(at[n]) && !strchr("\n(),|#", at[n]))
		n++;
	return xasprintf("\"%.*s\"", (int)(n ? n : 1), at);
}

bool api_fail(struct api_parser *ps, const char *at, const char *expected)
{
	char *f = found(at);

	*ps->err = xasprintf("%s:%u:%zu: expected %s, found %s", ps->file, ps->lineno, (size_t)(at - ps->line) + 1,
			     expected, f);
	free(f);
	return false;
}

bool api_expect(struct api_parser *ps, char c, const char *what)
{
	api_skip_spaces(ps);
	if (*ps->p != c)
		return api_fail(ps, ps->p, what);
	ps->p++;
	return true;
}

bool api_accept(struct api_parser *ps, char c)
{
	api_skip_spaces(ps);
	if (*ps->p != c)
		return false;
	ps->p++;
	return true;
}

struct api_span api_word(struct api_parser *ps)
{
	struct api_span w;

	api_skip_spaces(ps);
	w.s = ps->p;
	while (is_name(*ps->p) || (*ps->p == '-' && ps->p[1] != '>'))
		ps->p++;
	w.len = ps->p - w.s;
	return w;
}

bool api_is_word(struct api_span w, const char *s)
{
	return w.len == strlen(s) && !strncmp(w.s, s, w.len);
}

const char *api_keep(struct api_parser *ps, struct api_span w)
{
	char *s = arena_alloc(ps->arena, w.len + 1);

	memcpy(s, w.s, w.len);
	return s;
}

/* A name of C: not empty, no digit first. */
bool api_identifier(struct api_parser *ps, struct api_span *w, const char *what)
{
	api_skip_spaces(ps);
	w->s = ps->p;
	while (is_name(*ps->p))
		ps->p++;
	w->len = ps->p - w->s;
	if (!w->len || (*w->s >= '0' && *w->s <= '9'))
		return api_fail(ps, w->s, what);
	return true;
}

/* "tag.field", "tag.field.field" */
bool api_field_name(struct api_parser *ps, const char **name)
{
	static const char what[] = "a field (TAG.FIELD)";
	static const char part_what[] = "the name of a field after \".\"";
	struct api_span w, part;

	if (!api_identifier(ps, &w, what))
		return false;
	if (*ps->p != '.')
		return api_fail(ps, w.s, what);
	while (*ps->p == '.') {
		ps->p++;
		if (api_is_space(*ps->p))
			return api_fail(ps, ps->p, part_what);
		if (!api_identifier(ps, &part, part_what))
			return false;
	}
	w.len = ps->p - w.s;
	*name = api_keep(ps, w);
	return true;
}

