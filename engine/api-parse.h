/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * api-parse.h - shared by the files that read a model: api.c, api-parse.c (lines), api-effect.c (effects), api-lex.c
 */
#ifndef KMAPCHECK_API_PARSE_H
#define KMAPCHECK_API_PARSE_H

#include <stdlib.h>

#include "api.h"

struct arena;

/**
 * struct api_parsed - the entries of one file, in the order they stand
 *
 * The arrays are to be freed by the caller; the entries live in the arena.
 */
struct api_parsed {
	unsigned int nfns, cfns, nfields, cfields, nroles, croles;
	const struct api_fn **fns;
	const struct api_field **fields;
	const struct api_role **roles;
};

/**
 * api_parse() - read the text of a model file
 * @name: of the file, for messages
 * @out: filled in, also on failure
 * @err: on failure "name:line:column: expected …, found …", to be freed by the caller
 * Return: true if the whole text is right.
 */
bool api_parse(struct arena *arena, const char *name, const char *text, struct api_parsed *out, char **err);

/**
 * struct api_parser - where the reading stands
 * @line: start of the line that is read
 * @p: the next character
 */
struct api_parser {
	struct arena *arena;
	const char *file, *line, *p;
	unsigned int lineno;
	struct api_parsed *out;
	char **err;
};

/* A piece of the text. */
struct api_span {
	const char *s;
	size_t len;
};

/* api-lex.c. The functions that return bool set the parser's error and return false where the text is wrong. */
bool api_is_space(char c);
bool api_at_end(const struct api_parser *ps);
void api_skip_spaces(struct api_parser *ps);
bool api_fail(struct api_parser *ps, const char *at, const char *expected);
bool api_expect(struct api_parser *ps, char c, const char *what);
bool api_accept(struct api_parser *ps, char c);
struct api_span api_word(struct api_parser *ps);
bool api_is_word(struct api_span w, const char *s);
const char *api_keep(struct api_parser *ps, struct api_span w);
bool api_identifier(struct api_parser *ps, struct api_span *w, const char *what);
bool api_field_name(struct api_parser *ps, const char **name);
/* "argN"; the word has been looked for by api_word(). */
bool api_arg_number(struct api_parser *ps, struct api_span w, int *arg);

/**
 * api_effects() - read the effects up to the end of the line
 * @list: grown as needed, from NULL; to be freed by the caller
 * @field: is it a field line?
 */
bool api_effects(struct api_parser *ps, struct api_effect **list, unsigned int *n, bool field);

#endif
