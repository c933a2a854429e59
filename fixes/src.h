/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * src.h - C source text as statements, for edits that people would have made
 *
 * The text is read as it stands, macros not expanded: what is changed is what a person sees. A function whose text cannot
 * be read as statements (braces that conditional compilation leaves unbalanced) has no body here, and is left alone.
 */
#ifndef KMAPCHECK_SRC_H
#define KMAPCHECK_SRC_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

enum src_tok_kind { TOK_WORD, TOK_NUMBER, TOK_STRING, TOK_PUNCT, TOK_END };

/**
 * struct src_tok - a token
 * @match: of a bracket the index of its partner, else 0
 */
struct src_tok {
	enum src_tok_kind kind;
	unsigned int off, len, line, match;
};

enum src_kind {
	SRC_EXPR, SRC_DECL, SRC_EMPTY, SRC_BLOCK, SRC_IF, SRC_LOOP, SRC_DO, SRC_SWITCH, SRC_LABEL, SRC_CASE, SRC_GOTO,
	SRC_RETURN, SRC_BREAK, SRC_CONTINUE,
};

/**
 * struct src_stmt - a statement; a label is one of its own, in the block of what it labels
 * @first, @last: its tokens; @head: the last token of what belongs to it alone ("if (x)", "case 1:"; @last where it has no body)
 * @tail: of SRC_DO the first token of "while (x);"
 * @body, @other: of a block its first statement; of others what they govern, @other what follows "else"
 * @succ: where control goes: [0] where it goes on or the condition holds, [1] where it does not; NULL leaves the function
 * @cases: of SRC_SWITCH its case labels, chained by @next_case
 * @serial: position in the function's array
 */
struct src_stmt {
	enum src_kind kind;
	unsigned int first, last, head, tail, serial, nsucc;
	struct src_stmt *parent, *next, *prev, *body, *other, *succ[2], *cases, *next_case;
	bool no_default;
};

/**
 * struct src_func - a function's definition
 * @params: the token "(" of its parameters; @name: its name's
 * @stmts: all statements but blocks, as they stand in the text; they are the nodes of the control flow
 */
struct src_func {
	unsigned int name, params;
	struct src_stmt *body;
	struct src_stmt **stmts;
	unsigned int nstmts, cstmts;
};

/**
 * struct src - a file's text; all of it lives in the arena but the arrays, which src_free() frees
 */
struct src {
	struct arena *arena;
	const char *text;
	size_t len;
	struct src_tok *toks;
	unsigned int ntoks, ctoks, nfuncs, cfuncs, nlines, clines;
	struct src_func *funcs;
	unsigned int *lines;		/* offset of each line's begin; lines[0] is line 1's */
};

/**
 * src_read() - read a text, which must outlive the result
 */
struct src *src_read(const char *text, size_t len);
void src_free(struct src *s);

/* src-lex.c */
void src_lex(struct src *s);
bool src_is(const struct src *s, unsigned int tok, const char *text);
/* Do two runs of @n tokens read the same? */
bool src_same(const struct src *a, unsigned int i, const struct src *b, unsigned int j, unsigned int n);
/* The text from token @first to token @last, comments between them included; lives in the arena. */
char *src_text(const struct src *s, unsigned int first, unsigned int last);

/* src-tree.c */
void src_tree(struct src *s);
/* The function that holds the line, NULL where none does. */
struct src_func *src_func_at(const struct src *s, unsigned int line);
/* The smallest statement whose own tokens (condition, not body) are on that line, NULL where there is none. */
struct src_stmt *src_stmt_at(const struct src *s, const struct src_func *f, unsigned int line);
/* Is @in below @s, or @s itself? */
bool src_within(const struct src_stmt *in, const struct src_stmt *s);
/* The if that a chain of "else if" begins with, of which @s is one; @s itself where it is in none. */
struct src_stmt *src_chain(const struct src_stmt *s);

/* src-graph.c */
void src_graph(struct src *s, struct src_func *f);
/* Successor @k of @s; switches count their cases first. NULL leaves the function. */
unsigned int src_nsucc(const struct src_stmt *s);
struct src_stmt *src_succ(const struct src_stmt *s, unsigned int k);
/* Is it a jump or a return? */
bool src_leaves(const struct src_stmt *s);

#endif
