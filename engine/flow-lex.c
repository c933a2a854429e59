// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The words of the flow text form
 */
#include "flow-lex.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool lex_is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '$';
}

void lex_init(struct lexer *l, const char *text)
{
	memset(l, 0, sizeof(*l));
	l->p = text;
	l->line_start = text;
	l->line = 1;
	lex_next(l);
}

void lex_free(struct lexer *l)
{
	free(l->str);
}

static void bad(struct lexer *l, const char *why)
{
	l->tok = T_BAD;
	l->why = why;
}

static void add_char(struct lexer *l, char c)
{
	GROW(l->str, l->len, l->cap);
	l->str[l->len++] = c;
}

/* Reads digits. False where there are none or where the number is greater than @max. */
static bool read_digits(struct lexer *l, uint64_t max, uint64_t *num)
{
	uint64_t n = 0;
	bool fits = is_digit(*l->p);

	for (; is_digit(*l->p); l->p++) {
		unsigned int d = *l->p - '0';

		if (n > (max - d) / 10)
			fits = false;
		else
			n = n * 10 + d;
	}
	*num = n;
	return fits;
}

static void lex_number(struct lexer *l, enum tok tok)
{
	bool minus = *l->p == '-';
	uint64_t n;

	if (minus)
		l->p++;
	l->tok = tok;
	if (!read_digits(l, (uint64_t)INT64_MAX + minus, &n) || (lex_is_word(*l->p) && *l->p != '.')) {
		bad(l, "a number of 64 bits");
		return;
	}
	l->num = (int64_t)(minus ? 0 - n : n);
}

static void lex_string(struct lexer *l, enum tok tok)
{
	l->tok = tok;
	for (l->p++; *l->p != '"'; l->p++) {
		if (*l->p == '\\') {
			l->p++;
			if (*l->p != '"' && *l->p != '\\') {
				bad(l, "\\\" or \\\\ in a string");
				return;
			}
		}
		if (!*l->p || *l->p == '\n') {
			bad(l, "the closing quote of a string");
			return;
		}
		add_char(l, *l->p);
	}
	l->p++;
}

static void lex_word(struct lexer *l, enum tok tok)
{
	l->tok = tok;
	while (lex_is_word(*l->p))
		add_char(l, *l->p++);
}

static void lex_value(struct lexer *l)
{
	size_t i;

	if (*++l->p == '"') {
		lex_string(l, T_VALUE);
		return;
	}
	lex_word(l, T_VALUE);
	if (!l->len)
		bad(l, "the name of a value after %");
	for (l->numeric = true, i = 0; i < l->len; i++)
		l->numeric &= is_digit(l->str[i]);
}

/* ":12" or "-40", in range. */
static bool read_part(struct lexer *l, unsigned int *to)
{
	uint64_t n;

	l->p++;
	if (!read_digits(l, UINT_MAX, &n))
		return false;
	*to = (unsigned int)n;
	return true;
}

static void lex_loc(struct lexer *l)
{
	bool ok;

	memset(&l->loc, 0, sizeof(l->loc));
	l->endline = 0;
	l->has_end = false;
	l->tok = T_LOC;
	ok = read_part(l, &l->loc.file) && *l->p == ':' && read_part(l, &l->loc.line);
	if (ok && *l->p == ':')
		ok = read_part(l, &l->loc.column);
	if (ok && *l->p == '-') {
		l->has_end = true;
		ok = read_part(l, &l->endline);
	}
	if (!ok)
		bad(l, "a place !FILE:LINE:COLUMN");
}

void lex_next(struct lexer *l)
{
	while (*l->p == ' ' || *l->p == '\t' || *l->p == '\r')
		l->p++;
	if (*l->p == '#')
		l->p += strcspn(l->p, "\n");
	if (l->tok == T_LINE) {
		l->line++;
		l->line_start = l->start + 1;
	}
	l->start = l->p;
	l->column = (unsigned int)(l->p - l->line_start) + 1;
	l->len = 0;
	l->numeric = false;
	if (!*l->p) {
		l->tok = T_END;
	} else if (*l->p == '\n') {
		l->p++;
		l->tok = T_LINE;
	} else if (is_digit(*l->p) || (*l->p == '-' && is_digit(l->p[1]))) {
		lex_number(l, T_NUMBER);
	} else if (*l->p == '"') {
		lex_string(l, T_STRING);
	} else if (*l->p == '%') {
		lex_value(l);
	} else if (*l->p == '@') {
		l->p++;
		lex_number(l, T_BLOCK);
	} else if (*l->p == '!') {
		lex_loc(l);
	} else if (l->p[0] == '.' && l->p[1] == '.') {
		l->p += 2;
		l->tok = T_DOTS;
	} else if (lex_is_word(*l->p)) {
		lex_word(l, T_WORD);
	} else if (strchr("(){}[],:=*", *l->p)) {
		l->tok = T_PUNCT;
		l->punct = *l->p++;
	} else {
		l->p++;
		bad(l, "a word");
	}
	add_char(l, '\0');
	l->len--;
}

char *lex_found(const struct lexer *l)
{
	const size_t most = 40;
	size_t n = l->p - l->start, i;
	char *s;

	if (l->tok == T_END || !*l->start)
		return xstrdup("the end of the text");
	if (*l->start == '\n')
		return xstrdup("the end of the line");
	n = strcspn(l->start, "\n") < n ? strcspn(l->start, "\n") : n;
	s = xasprintf("%.*s%s", (int)(n < most ? n : most), l->start, n > most ? "..." : "");
	for (i = 0; s[i]; i++)
		if ((unsigned char)s[i] < ' ' || s[i] == 0x7f)
			s[i] = '?';
	return s;
}
