// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reading the flow text form: units and functions; one line is one statement, and nothing nests deeper than that
 */
#include "flow-parse.h"

#include <stdlib.h>
#include <string.h>

static bool parse_block(struct parser *p)
{
	struct flow_func *f = p->f;

	if (p->lex.tok != T_BLOCK || p->lex.num != f->nblocks)
		return parse_fail(p, f->nblocks ? "'}' or the block with the next number" : "@0:");
	p->b = parse_define_block(p);
	if (!want_punct(p, ':') || !want_line(p))
		return false;
	p->b->id = f->nblocks;
	p->b->func = f;
	GROW(f->blocks, f->nblocks, f->cblocks);
	f->blocks[f->nblocks++] = p->b;
	return parse_statements(p);
}

static bool parse_params(struct parser *p)
{
	struct flow_func *f = p->f;
	unsigned int cap = 0;

	if (!want_punct(p, '('))
		return false;
	while (!is_punct(p, ')')) {
		struct flow_val *v = NULL;

		if (p->lex.tok == T_VALUE)
			v = parse_define(p, FLOW_PARAM);
		else
			parse_fail(p, "a parameter %NAME or ')'");
		if (!v)
			return false;
		v->imm = f->nparams;
		v->type = FLOW_T_PTR;
		opt_type(p, &v->type);
		GROW(f->params, f->nparams, cap);
		f->params[f->nparams++] = v;
		if (!is_punct(p, ')') && !want_punct(p, ','))
			return false;
	}
	lex_next(&p->lex);
	return true;
}

static bool parse_leaf(struct parser *p, enum flow_op op)
{
	struct flow_val *v;

	lex_next(&p->lex);
	if (p->lex.tok != T_VALUE)
		return parse_fail(p, "the name of a value");
	v = parse_define(p, op);
	if (!v)
		return false;
	v->type = FLOW_T_PTR;
	if (p->lex.tok != T_STRING && op == FLOW_LOCAL)
		return want_line(p);
	if (op == FLOW_GLOBAL && p->lex.tok == T_STRING && !parse_new_name(p, &p->names, 'g', "a variable that has no value yet"))
		return false;
	return want_string(p, "the quoted name of a variable", &v->str) && want_line(p);
}

static bool parse_flags(struct parser *p)
{
	struct flow_func *f = p->f;

	for (;;) {
		if (take_word(p, "static"))
			f->is_static = true;
		else if (take_word(p, "taken"))
			f->taken = true;
		else if (take_word(p, "inline"))
			f->is_inline = true;
		else if (take_word(p, "varargs"))
			f->varargs = true;
		else
			break;
	}
	if (p->lex.tok == T_LOC) {
		f->endline = p->lex.endline;
		p->lex.has_end = false;
	}
	return opt_loc(p, &f->loc) && want_punct(p, '{') && want_line(p);
}

/* All that was mentioned must have been defined, and the whole make sense. */
static bool finish_func(struct parser *p, unsigned int line, unsigned int column)
{
	struct flow_func *f = p->f;
	const char *wrong;
	unsigned int i;

	for (i = 0; i < p->names.n; i++) {
		struct flowsym *s = p->names.all[i];
		char *found;

		if (s->defined)
			continue;
		found = xasprintf("%c%s", s->kind == '@' ? '@' : '%', s->name);
		parse_fail_at(p, s->line, s->column, s->kind == '@' ? "a block of the function" : "a value of the function",
			found);
		free(found);
		return false;
	}
	wrong = flow_check(f);
	return !wrong || parse_fail_at(p, line, column, "a sound function", wrong);
}

static bool parse_func(struct parser *p)
{
	unsigned int line = p->lex.line, column = p->lex.column;
	const char *name = p->lex.str;

	if (p->lex.tok != T_WORD && p->lex.tok != T_STRING)
		return parse_fail(p, "the name of a function");
	if (!parse_new_name(p, &p->units, 'f', "the name of a function that is not there yet"))
		return false;
	flowsym_clear(&p->names);
	p->f = flow_func_new(p->u, name, (struct flow_loc){ 0 });
	lex_next(&p->lex);
	if (!parse_params(p) || !parse_flags(p))
		return false;
	while (is_word(p, "local") || is_word(p, "global"))
		if (!parse_leaf(p, is_word(p, "local") ? FLOW_LOCAL : FLOW_GLOBAL))
			return false;
	do {
		if (!parse_block(p))
			return false;
	} while (!is_punct(p, '}'));
	lex_next(&p->lex);
	return want_line(p) && finish_func(p, line, column);
}

static bool parse_file(struct parser *p)
{
	const char *name;
	int64_t n;

	if (!want_number(p, p->u->nfiles, p->u->nfiles, "the next number of a file", &n))
		return false;
	if (p->lex.tok == T_STRING && (!p->lex.len || !parse_new_name(p, &p->units, 'F', "a file that has no number yet")))
		return parse_fail(p, "the name of a file");
	if (!want_string(p, "the quoted name of a file", &name))
		return false;
	GROW(p->u->files, p->u->nfiles, p->u->cfiles);
	p->u->files[p->u->nfiles++] = name;
	return want_line(p);
}

static bool parse_layout(struct parser *p)
{
	struct flow_layout l = { NULL, 0 };

	if ((p->lex.tok == T_WORD || p->lex.tok == T_STRING) && !parse_new_name(p, &p->units, 'L', "a field without a layout"))
		return false;
	if (!want_name(p, "the name of a field", &l.field) ||
	    !want_number(p, INT64_MIN, INT64_MAX, "the offset of the field", &l.offset))
		return false;
	GROW(p->u->layouts, p->u->nlayouts, p->u->clayouts);
	p->u->layouts[p->u->nlayouts++] = l;
	return want_line(p);
}

static bool parse_role(struct parser *p)
{
	const char *func, *name;

	if (!want_name(p, "the name of a function", &func) || !want_name(p, "what it is there for", &name))
		return false;
	flow_role(p->u, func, name);
	return want_line(p);
}

static bool parse_unit(struct parser *p)
{
	const char *what = "a page size (a power of two)";
	int64_t size = p->lex.num;

	while (p->lex.tok == T_LINE)
		lex_next(&p->lex);
	if (!take_word(p, "unit"))
		return parse_fail(p, "unit");
	if (p->lex.tok != T_STRING)
		return parse_fail(p, "the quoted name of a file");
	p->u = flow_unit_new(p->lex.str, 0);
	lex_next(&p->lex);
	if (!take_word(p, "pagesize"))
		return parse_fail(p, "pagesize");
	if (p->lex.tok == T_NUMBER && (p->lex.num & (p->lex.num - 1)))
		return parse_fail(p, what);
	if (!want_number(p, 1, 1u << 30, what, &size) || !want_line(p))
		return false;
	p->u->pagesize = (unsigned int)size;
	while (p->lex.tok != T_END) {
		bool ok;

		if (take_word(p, "file"))
			ok = parse_file(p);
		else if (take_word(p, "layout"))
			ok = parse_layout(p);
		else if (take_word(p, "role"))
			ok = parse_role(p);
		else if (take_word(p, "func"))
			ok = parse_func(p);
		else
			ok = parse_fail(p, "file, layout, role or func");
		if (!ok)
			return false;
	}
	return true;
}

struct flow_unit *flow_parse(const char *name, const char *text, char **err)
{
	struct parser p = { .name = name };

	*err = NULL;
	flowsym_init(&p.units);
	flowsym_init(&p.names);
	lex_init(&p.lex, text);
	if (!parse_unit(&p)) {
		flow_unit_free(p.u);
		p.u = NULL;
		*err = p.err;
	}
	flowsym_free(&p.units);
	flowsym_free(&p.names);
	lex_free(&p.lex);
	return p.u;
}
