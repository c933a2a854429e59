// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * src-tree.c - functions and their statements
 */
#include <string.h>

#include "src.h"
#include "util.h"

struct parser {
	struct src *s;
	struct src_func *f;
	unsigned int at, end;		/* the token at hand; the function's closing brace */
	bool bad;
};

static struct src_stmt *parse(struct parser *p, struct src_stmt *parent);

static bool is(const struct parser *p, const char *text)
{
	return src_is(p->s, p->at, text);
}

static const struct src_tok *tok(const struct parser *p, unsigned int i)
{
	return &p->s->toks[i];
}

static struct src_stmt *new_stmt(struct parser *p, enum src_kind kind, struct src_stmt *parent)
{
	struct src_stmt *s = arena_alloc(p->s->arena, sizeof(*s));
	struct src_func *f = p->f;

	s->kind = kind;
	s->parent = parent;
	s->first = s->head = s->last = p->at;
	if (kind != SRC_BLOCK) {
		GROW(f->stmts, f->nstmts, f->cstmts);
		s->serial = f->nstmts;
		f->stmts[f->nstmts++] = s;
	}
	return s;
}

/* Behind the bracketed text that begins here. */
static void skip_brackets(struct parser *p)
{
	if (!is(p, "(") || !tok(p, p->at)->match) {
		p->bad = true;
		return;
	}
	p->at = tok(p, p->at)->match + 1;
}

/* Behind the next such token that is in no bracket. */
static void skip_to(struct parser *p, const char *text)
{
	unsigned int question = 0;

	while (p->at < p->end && (!is(p, text) || question)) {
		if (is(p, "?"))
			question++;
		else if (is(p, ":") && question)
			question--;
		if (is(p, "}")) {
			p->bad = true;
			return;
		}
		p->at = tok(p, p->at)->match > p->at ? tok(p, p->at)->match + 1 : p->at + 1;
	}
	if (p->at >= p->end)
		p->bad = true;
	p->at++;
}

static void finish_simple(struct parser *p, struct src_stmt *s)
{
	skip_to(p, ";");
	s->last = s->head = p->at - 1;
}

static void parse_block(struct parser *p, struct src_stmt *block)
{
	unsigned int end = tok(p, p->at)->match;
	struct src_stmt *prev = NULL, *s;

	if (!end) {
		p->bad = true;
		return;
	}
	p->at++;
	while (p->at < end && !p->bad) {
		s = parse(p, block);
		s->prev = prev;
		if (prev)
			prev->next = s;
		else
			block->body = s;
		prev = s;
	}
	p->bad |= p->at != end;
	block->last = end;
	p->at = end + 1;
}

static void parse_body(struct parser *p, struct src_stmt *s)
{
	s->head = p->at - 1;
	s->body = parse(p, s);
	s->last = s->body->last;
}

static void parse_if(struct parser *p, struct src_stmt *s)
{
	p->at++;
	skip_brackets(p);
	if (p->bad)
		return;
	parse_body(p, s);
	if (!p->bad && is(p, "else")) {
		p->at++;
		s->other = parse(p, s);
		s->last = s->other->last;
	}
}

static void parse_do(struct parser *p, struct src_stmt *s)
{
	p->at++;
	parse_body(p, s);
	s->tail = p->at;
	if (p->bad || !is(p, "while")) {
		p->bad = true;
		return;
	}
	finish_simple(p, s);
	s->head = s->first;
}

/* "name(…)" that a statement or a block follows: a loop that a macro makes. */
static bool at_macro_loop(const struct parser *p)
{
	unsigned int after;
	const struct src_tok *t = tok(p, p->at);

	if (t->kind != TOK_WORD || !src_is(p->s, p->at + 1, "(") || !tok(p, p->at + 1)->match)
		return false;
	after = tok(p, p->at + 1)->match + 1;
	if (src_is(p->s, after, "{"))
		return true;
	return memmem(p->s->text + t->off, t->len, "for_each", 8) && !src_is(p->s, after, ";");
}

/* A call of a macro that brings its semicolon with it: the next statement begins on another line. */
static bool at_bare_call(const struct parser *p)
{
	unsigned int after;

	if (tok(p, p->at)->kind != TOK_WORD || !src_is(p->s, p->at + 1, "(") || !tok(p, p->at + 1)->match)
		return false;
	after = tok(p, p->at + 1)->match + 1;
	return after < p->end && tok(p, after)->kind == TOK_WORD && tok(p, after)->line > tok(p, after - 1)->line;
}

static bool is_declaration(const struct parser *p)
{
	static const char *const words[] = {
		"struct", "union", "enum", "const", "static", "unsigned", "signed", "int", "char", "long", "short", "void", "bool",
		"volatile", "register", "typeof", "__typeof__", "DECLARE_BITMAP", "LIST_HEAD", "DEFINE_WAIT",
	};
	unsigned int i = p->at;

	for (unsigned int w = 0; w < ARRAY_SIZE(words); w++)
		if (src_is(p->s, i, words[w]))
			return true;
	/* "type name" or "type *name", and then what ends a declarator */
	if (tok(p, i)->kind != TOK_WORD)
		return false;
	for (i++; src_is(p->s, i, "*"); i++)
		;
	return tok(p, i)->kind == TOK_WORD && (i > p->at + 1 || tok(p, p->at)->kind == TOK_WORD) &&
	       (src_is(p->s, i + 1, "=") || src_is(p->s, i + 1, ";") || src_is(p->s, i + 1, ",") || src_is(p->s, i + 1, "["));
}

static enum src_kind kind_of(const struct parser *p)
{
	static const struct {
		const char *word;
		enum src_kind kind;
	} words[] = {
		{ "{", SRC_BLOCK }, { ";", SRC_EMPTY }, { "if", SRC_IF }, { "while", SRC_LOOP }, { "for", SRC_LOOP },
		{ "do", SRC_DO }, { "switch", SRC_SWITCH }, { "case", SRC_CASE }, { "default", SRC_CASE },
		{ "goto", SRC_GOTO }, { "return", SRC_RETURN }, { "break", SRC_BREAK }, { "continue", SRC_CONTINUE },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (is(p, words[i].word))
			return words[i].kind;
	if (tok(p, p->at)->kind == TOK_WORD && src_is(p->s, p->at + 1, ":"))
		return SRC_LABEL;
	if (at_macro_loop(p))
		return SRC_LOOP;
	return is_declaration(p) ? SRC_DECL : SRC_EXPR;
}

static struct src_stmt *parse(struct parser *p, struct src_stmt *parent)
{
	struct src_stmt *s = new_stmt(p, kind_of(p), parent);

	switch (s->kind) {
	case SRC_BLOCK:
		parse_block(p, s);
		break;
	case SRC_IF:
		parse_if(p, s);
		break;
	case SRC_LOOP: case SRC_SWITCH:
		p->at++;
		skip_brackets(p);
		if (!p->bad)
			parse_body(p, s);
		break;
	case SRC_DO:
		parse_do(p, s);
		break;
	case SRC_CASE:
		p->at++;
		if (!src_is(p->s, p->at - 1, "default")) {
			skip_to(p, ":");
			p->at--;
		}
		s->last = s->head = p->at++;
		break;
	case SRC_LABEL:
		s->last = s->head = p->at + 1;
		p->at += 2;
		break;
	case SRC_EMPTY:
		p->at++;
		break;
	case SRC_EXPR:
		if (at_bare_call(p)) {
			s->last = s->head = tok(p, p->at + 1)->match;
			p->at = s->last + 1;
			break;
		}
		/* fallthrough */
	default:
		finish_simple(p, s);
		break;
	}
	return s;
}

/* Of what stands before a body: the name before the first parenthesis that belongs to no attribute. */
static bool find_name(const struct src *s, unsigned int from, unsigned int to, struct src_func *f)
{
	unsigned int i;

	for (i = from + 1; i < to; i++) {
		if (!src_is(s, i, "("))
			continue;
		if (s->toks[i - 1].kind == TOK_WORD && !src_is(s, i - 1, "__attribute__")) {
			f->name = i - 1;
			f->params = i;
			return true;
		}
		if (!s->toks[i].match)
			return false;
		i = s->toks[i].match;
	}
	return false;
}

static void add_function(struct src *s, unsigned int from, unsigned int brace)
{
	struct parser p = { .s = s, .at = brace, .end = s->toks[brace].match };
	struct src_func *f;

	GROW(s->funcs, s->nfuncs, s->cfuncs);
	f = &s->funcs[s->nfuncs];
	memset(f, 0, sizeof(*f));
	if (!find_name(s, from, brace, f))
		return;
	s->nfuncs++;
	p.f = f;
	f->body = new_stmt(&p, SRC_BLOCK, NULL);
	parse_block(&p, f->body);
	if (p.bad) {
		f->body->body = NULL;
		f->nstmts = 0;
		return;
	}
	src_graph(s, f);
}

void src_tree(struct src *s)
{
	unsigned int i, from = 1;

	for (i = 1; i < s->ntoks; i++) {
		if (src_is(s, i, ";")) {
			from = i + 1;
		} else if (src_is(s, i, "{") && s->toks[i].match) {
			if (!src_is(s, i - 1, "=") && src_is(s, i - 1, ")")) {
				add_function(s, from, i);
				from = s->toks[i].match + 1;
			}
			i = s->toks[i].match;
		} else if (s->toks[i].match > i) {
			i = s->toks[i].match;
		}
	}
}

struct src_func *src_func_at(const struct src *s, unsigned int line)
{
	unsigned int i;

	for (i = 0; i < s->nfuncs; i++) {
		struct src_func *f = &s->funcs[i];

		if (line >= s->toks[f->name].line && line <= s->toks[f->body->last].line)
			return f->nstmts ? f : NULL;
	}
	return NULL;
}

static unsigned int own_last(const struct src_stmt *s)
{
	return s->kind == SRC_DO ? s->last : s->head;
}

struct src_stmt *src_stmt_at(const struct src *s, const struct src_func *f, unsigned int line)
{
	struct src_stmt *best = NULL;
	unsigned int i, size = 0;

	for (i = 0; i < f->nstmts; i++) {
		struct src_stmt *st = f->stmts[i];
		unsigned int first = st->kind == SRC_DO ? st->tail : st->first, n;

		if (s->toks[first].line > line || s->toks[own_last(st)].line < line)
			continue;
		n = own_last(st) - first;
		/* A label, or what stands before the statement on its line, says less than the statement. */
		if (!best || (n < size && s->toks[first].line >= s->toks[best->first].line) || best->kind == SRC_LABEL) {
			best = st;
			size = n;
		}
	}
	return best;
}

bool src_within(const struct src_stmt *in, const struct src_stmt *s)
{
	while (in && in != s)
		in = in->parent;
	return in == s;
}

struct src_stmt *src_chain(const struct src_stmt *s)
{
	while (s->kind == SRC_IF && s->parent && s->parent->kind == SRC_IF && s->parent->other == s)
		s = s->parent;
	return (struct src_stmt *)s;
}
