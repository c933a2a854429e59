/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the two halves of the flow text parser share: flow-parse.c (units and functions) and flow-parse-insn.c (the
 * statements of a block)
 */
#ifndef KMAPCHECK_FLOW_PARSE_H
#define KMAPCHECK_FLOW_PARSE_H

#include "flow.h"
#include "flow-lex.h"
#include "flow-sym.h"
#include "util.h"

/**
 * struct parser - the state of one flow_parse()
 * @units: names of functions, files and layouts
 * @names: values and blocks of the current function, made where they are first mentioned
 * @err: the first error; all functions that return bool give false once it is set
 */
struct parser {
	struct lexer lex;
	const char *name;
	struct flow_unit *u;
	struct flow_func *f;
	struct flow_block *b;
	struct flowsym_tab units, names;
	char *err;
};

/* Errors: what should have stood here, or there. Return: false. */
bool parse_fail(struct parser *p, const char *expected);
bool parse_fail_at(struct parser *p, unsigned int line, unsigned int column, const char *expected, const char *found);

/* is_: is it the current word? take_: if so, go to the next. want_: take, or fail. opt_: take where there is one. */
bool is_punct(const struct parser *p, char c);
bool is_word(const struct parser *p, const char *s);
bool take_punct(struct parser *p, char c);
bool take_word(struct parser *p, const char *s);
bool want_punct(struct parser *p, char c);
bool want_line(struct parser *p);
bool want_number(struct parser *p, int64_t lo, int64_t hi, const char *expected, int64_t *num);
bool want_string(struct parser *p, const char *expected, const char **s);
bool want_name(struct parser *p, const char *expected, const char **s);
bool opt_loc(struct parser *p, struct flow_loc *loc);
bool opt_type(struct parser *p, enum flow_type *type);

/* Marks what the current word names as there; fails with @expected where it already is. */
bool parse_new_name(struct parser *p, struct flowsym_tab *t, char kind, const char *expected);
/* Makes the value that the current T_VALUE names (NULL on failure), or one without a name (never NULL). */
struct flow_val *parse_define(struct parser *p, enum flow_op op);
struct flow_val *parse_define_unnamed(struct parser *p, enum flow_op op);
/* A block or operand that is mentioned, or the block that begins here. NULL on failure. */
struct flow_block *parse_define_block(struct parser *p);
struct flow_block *want_block(struct parser *p);
struct flow_val *want_operand(struct parser *p);

/* flow-parse-insn.c: the statements of block p->b up to its end */
bool parse_statements(struct parser *p);

#endif
