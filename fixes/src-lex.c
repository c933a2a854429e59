// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * src-lex.c - tokens of a C file: comments and preprocessor lines are passed over
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "src.h"
#include "util.h"

struct lexer {
	struct src *s;
	unsigned int at, line;
	bool fresh;			/* nothing but blanks so far on this line */
};

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$';
}

static char peek(const struct lexer *x, unsigned int n)
{
	return x->at + n < x->s->len ? x->s->text[x->at + n] : '\0';
}

static void step(struct lexer *x)
{
	if (peek(x, 0) == '\n') {
		struct src *s = x->s;

		x->line++;
		x->fresh = true;
		GROW(s->lines, s->nlines, s->clines);
		s->lines[s->nlines++] = x->at + 1;
	}
	x->at++;
}

static void skip_comment(struct lexer *x)
{
	bool line = peek(x, 1) == '/';

	step(x);
	step(x);
	while (x->at < x->s->len) {
		if (line && peek(x, 0) == '\n')
			return;
		if (!line && peek(x, 0) == '*' && peek(x, 1) == '/') {
			step(x);
			step(x);
			return;
		}
		step(x);
	}
}

static bool at_comment(const struct lexer *x)
{
	return peek(x, 0) == '/' && (peek(x, 1) == '/' || peek(x, 1) == '*');
}

/* To the end of the line, continuations and comments over several lines included. */
static void skip_directive(struct lexer *x)
{
	while (x->at < x->s->len && peek(x, 0) != '\n') {
		if (at_comment(x)) {
			skip_comment(x);
			continue;
		}
		if (peek(x, 0) == '\\')
			step(x);
		if (x->at < x->s->len)
			step(x);
	}
}

static void skip_string(struct lexer *x)
{
	char quote = peek(x, 0);

	step(x);
	while (x->at < x->s->len && peek(x, 0) != quote && peek(x, 0) != '\n') {
		if (peek(x, 0) == '\\')
			step(x);
		step(x);
	}
	if (peek(x, 0) == quote)
		step(x);
}

static unsigned int punct_length(const struct lexer *x)
{
	static const char *const longer[] = {
		"<<=", ">>=", "...", "->", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "+=", "-=", "*=",
		"/=", "%=", "&=", "|=", "^=", "##",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(longer); i++)
		if (!strncmp(x->s->text + x->at, longer[i], strlen(longer[i])))
			return strlen(longer[i]);
	return 1;
}

static void add_token(struct lexer *x, enum src_tok_kind kind, unsigned int off, unsigned int line)
{
	struct src *s = x->s;

	GROW(s->toks, s->ntoks, s->ctoks);
	s->toks[s->ntoks++] = (struct src_tok){ kind, off, x->at - off, line, 0 };
}

static void take_token(struct lexer *x)
{
	unsigned int off = x->at, line = x->line, n;
	char c = peek(x, 0);

	x->fresh = false;
	if (c == '"' || c == '\'') {
		skip_string(x);
		add_token(x, TOK_STRING, off, line);
	} else if (isdigit((unsigned char)c)) {
		while (is_word(peek(x, 0)) || peek(x, 0) == '.')
			step(x);
		add_token(x, TOK_NUMBER, off, line);
	} else if (is_word(c)) {
		while (is_word(peek(x, 0)))
			step(x);
		add_token(x, TOK_WORD, off, line);
	} else {
		for (n = punct_length(x); n; n--)
			step(x);
		add_token(x, TOK_PUNCT, off, line);
	}
}

static bool is_open(char c)
{
	return c == '(' || c == '[' || c == '{';
}

static bool closes(char open, char c)
{
	return (open == '(' && c == ')') || (open == '[' && c == ']') || (open == '{' && c == '}');
}

static void match_brackets(struct src *s)
{
	unsigned int *stack = xmalloc((s->ntoks + 1) * sizeof(*stack)), n = 0, i;

	for (i = 0; i < s->ntoks; i++) {
		char c = s->text[s->toks[i].off];

		if (s->toks[i].kind != TOK_PUNCT || s->toks[i].len != 1)
			continue;
		if (is_open(c)) {
			stack[n++] = i;
		} else if (c == ')' || c == ']' || c == '}') {
			/* What conditional compilation leaves open is given up at the next bracket that fits. */
			while (n && !closes(s->text[s->toks[stack[n - 1]].off], c) && c == '}')
				n--;
			if (n && closes(s->text[s->toks[stack[n - 1]].off], c)) {
				s->toks[i].match = stack[--n];
				s->toks[stack[n]].match = i;
			}
		}
	}
	free(stack);
}

void src_lex(struct src *s)
{
	struct lexer x = { .s = s, .line = 1, .fresh = true };

	GROW(s->lines, s->nlines, s->clines);
	s->lines[s->nlines++] = 0;
	/* So that no token that means something has index 0. */
	add_token(&x, TOK_END, 0, 0);
	while (x.at < s->len) {
		if (at_comment(&x))
			skip_comment(&x);
		else if (isspace((unsigned char)peek(&x, 0)) || peek(&x, 0) == '\\')
			step(&x);
		else if (x.fresh && peek(&x, 0) == '#')
			skip_directive(&x);
		else
			take_token(&x);
	}
	add_token(&x, TOK_END, s->len, x.line);
	match_brackets(s);
}

bool src_is(const struct src *s, unsigned int tok, const char *text)
{
	return tok < s->ntoks && s->toks[tok].len == strlen(text) &&
	       !strncmp(s->text + s->toks[tok].off, text, s->toks[tok].len);
}

bool src_same(const struct src *a, unsigned int i, const struct src *b, unsigned int j, unsigned int n)
{
	while (n--) {
		const struct src_tok *x = &a->toks[i + n], *y = &b->toks[j + n];

		if (i + n >= a->ntoks || j + n >= b->ntoks || x->len != y->len || x->kind != y->kind ||
		    memcmp(a->text + x->off, b->text + y->off, x->len))
			return false;
	}
	return true;
}

char *src_text(const struct src *s, unsigned int first, unsigned int last)
{
	unsigned int from, to;

	if (last < first)
		return arena_strdup(s->arena, "");
	from = s->toks[first].off;
	to = s->toks[last].off + s->toks[last].len;
	return arena_printf(s->arena, "%.*s", (int)(to - from), s->text + from);
}

struct src *src_read(const char *text, size_t len)
{
	struct src *s = xcalloc(1, sizeof(*s));

	s->arena = arena_new();
	s->text = text;
	s->len = len;
	src_lex(s);
	src_tree(s);
	return s;
}

void src_free(struct src *s)
{
	unsigned int i;

	for (i = 0; i < s->nfuncs; i++)
		free(s->funcs[i].stmts);
	free(s->funcs);
	free(s->toks);
	free(s->lines);
	arena_free(s->arena);
	free(s);
}
