// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reading the flow text form: the instructions of a block and how it ends
 */
#include "flow-parse.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Operands, and in calls what each is, between parentheses. */
static bool want_args(struct parser *p, struct flow_val *v)
{
	unsigned int cap = 0, fcap = 0, n = 0;
	struct flow_val **args = NULL;
	unsigned char *flags = NULL;
	bool ok = want_punct(p, '(');

	while (ok && !is_punct(p, ')')) {
		GROW(args, n, cap);
		GROW(flags, n, fcap);
		flags[n] = FLOW_ARG_MUT;
		if (v->op == FLOW_CALL && take_word(p, "const"))
			flags[n] = FLOW_ARG_CONST;
		else if (v->op == FLOW_CALL && take_word(p, "int"))
			flags[n] = FLOW_ARG_INT;
		args[n] = want_operand(p);
		ok = args[n++] && (is_punct(p, ')') || want_punct(p, ','));
	}
	ok = ok && want_punct(p, ')');
	v->args = arena_alloc(p->u->arena, (n + 1) * sizeof(*args));
	if (v->op == FLOW_CALL)
		v->argflags = arena_alloc(p->u->arena, n + 1);
	if (n && ok) {
		memcpy(v->args, args, n * sizeof(*args));
		if (v->argflags)
			memcpy(v->argflags, flags, n);
		v->nargs = n;
	}
	free(args);
	free(flags);
	return ok;
}

/* @n operands with commas between them. */
static bool want_operands(struct parser *p, struct flow_val *v, unsigned int n)
{
	v->args = arena_alloc(p->u->arena, n * sizeof(*v->args));
	for (; v->nargs < n; v->nargs++) {
		if (v->nargs && !want_punct(p, ','))
			return false;
		v->args[v->nargs] = want_operand(p);
		if (!v->args[v->nargs])
			return false;
	}
	return true;
}

static bool parse_call(struct parser *p, struct flow_val *v)
{
	if (take_punct(p, '*')) {
		v->fn = want_operand(p);
		if (!v->fn)
			return false;
	} else if (!want_name(p, "the name of a function or *", &v->str)) {
		return false;
	}
	if (!want_args(p, v))
		return false;
	opt_type(p, &v->type);
	v->noreturn = take_word(p, "noreturn");
	return true;
}

static bool parse_phi(struct parser *p, struct flow_val *v)
{
	if (p->b->nvals && p->b->vals[p->b->nvals - 1]->op != FLOW_PHI)
		return parse_fail(p, "no phi behind other instructions");
	while (take_punct(p, '[')) {
		struct flow_block *pred = want_block(p);
		struct flow_val *x = pred ? want_operand(p) : NULL;

		if (!x || !want_punct(p, ']'))
			return false;
		flow_phi_add(v, pred, x);
	}
	return true;
}

static bool parse_pure(struct parser *p, struct flow_val *v)
{
	struct flow_val **args = NULL;
	unsigned int cap = 0, n = 0;
	bool ok = want_string(p, "the quoted name of a function", &v->str);

	while (ok && p->lex.tok != T_LOC && p->lex.tok != T_LINE && p->lex.tok != T_END) {
		if (n && !want_punct(p, ','))
			break;
		GROW(args, n, cap);
		args[n] = want_operand(p);
		ok = args[n++];
	}
	v->args = arena_alloc(p->u->arena, (n + 1) * sizeof(*args));
	if (n && ok && !p->err) {
		memcpy(v->args, args, n * sizeof(*args));
		v->nargs = n;
	}
	free(args);
	return ok && !p->err;
}

static bool parse_cmp(struct parser *p, struct flow_val *v)
{
	static const char *const names[] = {
		"eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (take_word(p, names[i])) {
			v->imm = i;
			return want_operands(p, v, 2);
		}
	}
	return parse_fail(p, "a comparison (eq ne slt sle sgt sge ult ule ugt uge)");
}

static bool parse_field(struct parser *p, struct flow_val *v)
{
	v->type = FLOW_T_PTR;
	if (!want_operands(p, v, 1) || !want_punct(p, ',') ||
	    !want_number(p, INT64_MIN, INT64_MAX, "the offset of the field", &v->imm))
		return false;
	return !take_punct(p, ',') || want_string(p, "the quoted name of a field", &v->str);
}

/* @n operands, the bytes. */
static bool parse_memory(struct parser *p, struct flow_val *v, unsigned int n)
{
	int64_t size;

	v->is_volatile = v->op != FLOW_MOVE && take_word(p, "volatile");
	if (!want_operands(p, v, n) || !want_punct(p, ',') ||
	    !want_number(p, 0, UINT_MAX, "a number of bytes", &size))
		return false;
	v->size = (unsigned int)size;
	if (v->op == FLOW_LOAD)
		opt_type(p, &v->type);
	return true;
}

static bool parse_body(struct parser *p, struct flow_val *v)
{
	switch (v->op) {
	case FLOW_COPY:
	case FLOW_NOT:
	case FLOW_KILL:
		return want_operands(p, v, 1);
	case FLOW_SELECT:
		return want_operands(p, v, 3);
	case FLOW_PURE:
		return parse_pure(p, v);
	case FLOW_CMP:
		return parse_cmp(p, v);
	case FLOW_FIELD:
		return parse_field(p, v);
	case FLOW_PHI:
		return parse_phi(p, v);
	case FLOW_LOAD:
		return parse_memory(p, v, 1);
	case FLOW_STORE:
	case FLOW_MOVE:
		return parse_memory(p, v, 2);
	case FLOW_CALL:
		return parse_call(p, v);
	case FLOW_ASM:
		return want_args(p, v);
	default:
		return want_operands(p, v, 2);
	}
}

static const struct {
	const char *word;
	enum flow_op op;
	bool result, no_result;		/* must it, may it not stand behind "%NAME ="? */
} insns[] = {
	{ "copy", FLOW_COPY, true, false },	{ "add", FLOW_ADD, true, false },
	{ "sub", FLOW_SUB, true, false },	{ "mul", FLOW_MUL, true, false },
	{ "and", FLOW_AND, true, false },	{ "or", FLOW_OR, true, false },
	{ "not", FLOW_NOT, true, false },	{ "pure", FLOW_PURE, true, false },
	{ "cmp", FLOW_CMP, true, false },	{ "select", FLOW_SELECT, true, false },
	{ "field", FLOW_FIELD, true, false },	{ "phi", FLOW_PHI, true, false },
	{ "load", FLOW_LOAD, true, false },	{ "store", FLOW_STORE, false, true },
	{ "move", FLOW_MOVE, false, true },	{ "kill", FLOW_KILL, false, true },
	{ "call", FLOW_CALL, false, false },	{ "asm", FLOW_ASM, false, false },
};

static int find_insn(const struct parser *p)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(insns); i++)
		if (is_word(p, insns[i].word))
			return (int)i;
	return -1;
}

/* One instruction. Sets *@none where there is none. */
static bool parse_insn(struct parser *p, bool *none)
{
	struct flow_val *v = NULL;
	int i;

	*none = false;
	if (p->lex.tok == T_VALUE) {
		v = parse_define(p, FLOW_UNDEF);
		if (!v || !want_punct(p, '='))
			return false;
	}
	i = find_insn(p);
	if (i < 0 || (v ? insns[i].no_result : insns[i].result)) {
		*none = !v && i < 0;
		return *none || parse_fail(p, v ? "an instruction that has a result" : "%NAME = before the instruction");
	}
	lex_next(&p->lex);
	if (!v)
		v = parse_define_unnamed(p, insns[i].op);
	v->op = insns[i].op;
	if (!parse_body(p, v) || !opt_loc(p, &v->loc))
		return false;
	v->block = p->b;
	GROW(p->b->vals, p->b->nvals, p->b->cvals);
	p->b->vals[p->b->nvals++] = v;
	return want_line(p);
}

/* A target, and in parentheses the place of the goto that makes the edge. */
static struct flow_edge *parse_edge(struct parser *p, unsigned int *cap, enum flow_guard guard)
{
	struct flow_block *to = want_block(p);
	struct flow_edge *e;

	if (!to)
		return NULL;
	GROW(p->b->edges, p->b->nedges, *cap);
	e = &p->b->edges[p->b->nedges++];
	*e = (struct flow_edge){ .to = to, .guard = guard };
	if (take_punct(p, '(')) {
		if (p->lex.tok != T_LOC)
			parse_fail(p, "a place !FILE:LINE:COLUMN");
		if (!opt_loc(p, &e->loc) || !want_punct(p, ')'))
			return NULL;
	}
	return p->err ? NULL : e;
}

/* "1..5 9:" or "default:" */
static bool parse_ranges(struct parser *p, struct flow_edge *e)
{
	struct flow_range *r = NULL;
	unsigned int cap = 0, n = 0;
	bool ok = true;

	if (take_word(p, "default")) {
		e->guard = FLOW_DEFAULT;
		return want_punct(p, ':');
	}
	do {
		GROW(r, n, cap);
		ok = want_number(p, INT64_MIN, INT64_MAX, "the value of a case", &r[n].lo);
		r[n].hi = r[n].lo;
		if (ok && p->lex.tok == T_DOTS) {
			lex_next(&p->lex);
			ok = want_number(p, r[n].lo, INT64_MAX, "a greater number after ..", &r[n].hi);
		}
		n++;
	} while (ok && p->lex.tok == T_NUMBER);
	ok = ok && want_punct(p, ':');
	if (ok) {
		e->nranges = n;
		e->ranges = arena_alloc(p->u->arena, n * sizeof(*r));
		memcpy(e->ranges, r, n * sizeof(*r));
	}
	free(r);
	return ok;
}

static bool parse_switch(struct parser *p)
{
	unsigned int cap = 0;

	p->b->term = FLOW_SWITCH;
	p->b->cond = want_operand(p);
	if (!p->b->cond)
		return false;
	while (take_punct(p, '[')) {
		struct flow_edge head = { .guard = FLOW_CASE }, *e;

		if (!parse_ranges(p, &head))
			return false;
		e = parse_edge(p, &cap, head.guard);
		if (!e)
			return false;
		e->nranges = head.nranges;
		e->ranges = head.ranges;
		if (!want_punct(p, ']'))
			return false;
	}
	return p->b->nedges || want_punct(p, '[');
}

static bool parse_if(struct parser *p)
{
	struct flow_block *b = p->b;
	unsigned int cap = 0;

	b->term = FLOW_BRANCH;
	b->cond = want_operand(p);
	if (!b->cond)
		return false;
	if (!take_word(p, "goto"))
		return parse_fail(p, "goto");
	if (!parse_edge(p, &cap, FLOW_IF))
		return false;
	if (!take_word(p, "else"))
		return parse_fail(p, "else");
	return parse_edge(p, &cap, FLOW_ELSE);
}

static bool parse_terminator(struct parser *p)
{
	struct flow_block *b = p->b;
	unsigned int cap = 0;
	bool own = false;

	if (take_word(p, "goto")) {
		b->term = FLOW_GOTO;
		if (!parse_edge(p, &cap, FLOW_ALWAYS))
			return false;
		own = b->edges[0].loc.file || b->edges[0].loc.line || b->edges[0].loc.column;
	} else if (take_word(p, "if")) {
		if (!parse_if(p))
			return false;
	} else if (take_word(p, "switch")) {
		if (!parse_switch(p))
			return false;
	} else if (take_word(p, "ret")) {
		b->term = FLOW_RET;
		if (p->lex.tok != T_LINE && p->lex.tok != T_LOC) {
			b->cond = want_operand(p);
			if (!b->cond)
				return false;
		}
	} else if (!take_word(p, "stop")) {
		return parse_fail(p, "an instruction or the end of the block (goto, if, switch, ret, stop)");
	}
	if (!opt_loc(p, &b->loc))
		return false;
	if (b->term == FLOW_GOTO && !own)
		b->edges[0].loc = b->loc;
	return want_line(p);
}

bool parse_statements(struct parser *p)
{
	bool none = false;

	while (!none)
		if (!parse_insn(p, &none))
			return false;
	return parse_terminator(p);
}
