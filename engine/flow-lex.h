/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of the flow text form, for flow-parse.c alone
 */
#ifndef KMAPCHECK_FLOW_LEX_H
#define KMAPCHECK_FLOW_LEX_H

#include "flow.h"

enum tok {
	T_END,			/* of the text */
	T_LINE,			/* end of a line */
	T_BAD,			/* no word of the form; lexer.why says what would have been one */
	T_WORD,			/* fill, sg_mapping_iter.addr */
	T_NUMBER,		/* 12, -4 */
	T_STRING,		/* "text" */
	T_VALUE,		/* %dst.1, %2, %"odd name" */
	T_BLOCK,		/* @3 */
	T_LOC,			/* !1:12:9, !1:10-40 */
	T_DOTS,			/* .. */
	T_PUNCT,		/* any of ( ) { } [ ] , : = * */
};

/**
 * struct lexer - the current word and what comes after it
 * @p: behind the current word
 * @start: of the current word, @line and @column: where that is, from 1
 * @str: T_WORD, T_STRING, T_VALUE: the text without quotes and escapes; valid until the next word is read
 * @numeric: T_VALUE: a plain number, so not the name of a variable
 * @num: T_NUMBER, T_BLOCK
 * @loc: T_LOC, @endline: the line after "-", @has_end: whether there is one
 * @punct: T_PUNCT: the character
 * @why: T_BAD: the word that should have stood here
 */
struct lexer {
	const char *p, *start, *line_start;
	unsigned int line, column;
	enum tok tok;
	char *str;
	size_t len, cap;
	bool numeric;
	int64_t num;
	struct flow_loc loc;
	unsigned int endline;
	bool has_end;
	char punct;
	const char *why;
};

void lex_init(struct lexer *l, const char *text);
void lex_free(struct lexer *l);
void lex_next(struct lexer *l);
/* The current word as a message shows it, to be freed. */
char *lex_found(const struct lexer *l);
/* May the character stand in a word without quotes? */
bool lex_is_word(char c);

#endif
