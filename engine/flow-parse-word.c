// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reading the flow text form: words, names, operands
 */
#include "flow-parse.h"

#include <stdlib.h>
#include <string.h>

bool parse_fail_at(struct parser *p, unsigned int line, unsigned int column, const char *expected, const char *found)
{
	if (!p->err)
		p->err = xasprintf("%s:%u:%u: expected %s, found %s", p->name, line, column, expected, found);
	return false;
}

bool parse_fail(struct parser *p, const char *expected)
{
	char *found = lex_found(&p->lex);

	parse_fail_at(p, p->lex.line, p->lex.column, p->lex.tok == T_BAD ? p->lex.why : expected, found);
	free(found);
	return false;
}

bool is_punct(const struct parser *p, char c)
{
	return p->lex.tok == T_PUNCT && p->lex.punct == c;
}

bool is_word(const struct parser *p, const char *s)
{
	return p->lex.tok == T_WORD && !strcmp(p->lex.str, s);
}

bool take_punct(struct parser *p, char c)
{
	if (!is_punct(p, c))
		return false;
	lex_next(&p->lex);
	return true;
}

bool take_word(struct parser *p, const char *s)
{
	if (!is_word(p, s))
		return false;
	lex_next(&p->lex);
	return true;
}

bool want_punct(struct parser *p, char c)
{
	char expected[4] = { '\'', c, '\'' };

	return take_punct(p, c) || parse_fail(p, expected);
}

bool want_line(struct parser *p)
{
	if (p->lex.tok == T_END)
		return true;
	if (p->lex.tok != T_LINE)
		return parse_fail(p, "the end of the line");
	while (p->lex.tok == T_LINE)
		lex_next(&p->lex);
	return true;
}

bool want_number(struct parser *p, int64_t lo, int64_t hi, const char *expected, int64_t *num)
{
	if (p->lex.tok != T_NUMBER || p->lex.num < lo || p->lex.num > hi)
		return parse_fail(p, expected);
	*num = p->lex.num;
	lex_next(&p->lex);
	return true;
}

bool want_string(struct parser *p, const char *expected, const char **s)
{
	if (p->lex.tok != T_STRING)
		return parse_fail(p, expected);
	*s = flow_intern(p->u, p->lex.str);
	lex_next(&p->lex);
	return true;
}

/* A name that is quoted only where it holds odd characters. */
bool want_name(struct parser *p, const char *expected, const char **s)
{
	if (p->lex.tok != T_WORD && p->lex.tok != T_STRING)
		return parse_fail(p, expected);
	*s = flow_intern(p->u, p->lex.str);
	lex_next(&p->lex);
	return true;
}

/* A place, where there is one. */
bool opt_loc(struct parser *p, struct flow_loc *loc)
{
	if (p->lex.tok != T_LOC)
		return true;
	if (p->lex.has_end || p->lex.loc.file >= p->u->nfiles)
		return parse_fail(p, p->lex.has_end ? "a place without a last line" : "a place in a file that has a number");
	*loc = p->lex.loc;
	lex_next(&p->lex);
	return true;
}

bool parse_new_name(struct parser *p, struct flowsym_tab *t, char kind, const char *expected)
{
	struct flowsym *s = flowsym_get(t, kind, p->lex.str);

	if (s->defined)
		return parse_fail(p, expected);
	s->defined = true;
	return true;
}

static struct flowsym *mention(struct parser *p, char kind, const char *name)
{
	struct flowsym *s = flowsym_get(&p->names, kind, name);

	if (!s->line) {
		s->line = p->lex.line;
		s->column = p->lex.column;
	}
	return s;
}

static struct flow_val *sym_val(struct parser *p, struct flowsym *s)
{
	if (!s->val)
		s->val = arena_alloc(p->u->arena, sizeof(*s->val));
	return s->val;
}

static struct flow_block *read_block(struct parser *p, bool define)
{
	struct flowsym *s;
	char name[24];

	if (p->lex.tok != T_BLOCK || p->lex.num < 0) {
		parse_fail(p, "a block @NUMBER");
		return NULL;
	}
	snprintf(name, sizeof(name), "%lld", (long long)p->lex.num);
	s = mention(p, '@', name);
	if (!s->block)
		s->block = arena_alloc(p->u->arena, sizeof(*s->block));
	if (define)
		s->defined = true;
	lex_next(&p->lex);
	return s->block;
}

struct flow_block *want_block(struct parser *p)
{
	return read_block(p, false);
}

struct flow_block *parse_define_block(struct parser *p)
{
	return read_block(p, true);
}

struct flow_val *want_operand(struct parser *p)
{
	struct flow_val *v = NULL;

	if (p->lex.tok == T_NUMBER)
		v = flow_const(p->f, p->lex.num);
	else if (is_word(p, "undef"))
		v = flow_undef(p->f);
	else if (p->lex.tok == T_VALUE)
		v = sym_val(p, mention(p, p->lex.numeric ? '#' : '%', p->lex.str));
	else
		parse_fail(p, "an operand (%NAME, a number or undef)");
	if (v)
		lex_next(&p->lex);
	return v;
}

static struct flow_val *enter(struct parser *p, struct flow_val *v, enum flow_op op)
{
	struct flow_func *f = p->f;

	v->op = op;
	v->func = f;
	v->id = f->nvals;
	GROW(f->vals, f->nvals, f->cvals);
	f->vals[f->nvals++] = v;
	return v;
}

struct flow_val *parse_define(struct parser *p, enum flow_op op)
{
	char kind = p->lex.numeric ? '#' : '%';
	struct flow_val *v;

	if (!parse_new_name(p, &p->names, kind, "a name that is not taken"))
		return NULL;
	v = sym_val(p, flowsym_get(&p->names, kind, p->lex.str));
	if (!p->lex.numeric)
		v->name = flow_intern(p->u, p->lex.str);
	lex_next(&p->lex);
	return enter(p, v, op);
}

struct flow_val *parse_define_unnamed(struct parser *p, enum flow_op op)
{
	return enter(p, arena_alloc(p->u->arena, sizeof(struct flow_val)), op);
}

bool opt_type(struct parser *p, enum flow_type *type)
{
	static const char *const names[] = { "void", "int", "bool", "ptr", "uint" };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (take_word(p, names[i])) {
			*type = i;
			return true;
		}
	}
	return false;
}
