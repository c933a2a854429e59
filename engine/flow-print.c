// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writing the flow text form
 */
#include "flow.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "flow-lex.h"
#include "util.h"

/**
 * struct printer - one function's worth of state
 * @num: by id, what a value without a name is called; 0: nothing
 */
struct printer {
	FILE *out;
	unsigned int *num;
};

static const char *const op_names[] = {
	[FLOW_COPY] = "copy", [FLOW_ADD] = "add", [FLOW_SUB] = "sub", [FLOW_MUL] = "mul", [FLOW_AND] = "and",
	[FLOW_OR] = "or", [FLOW_NOT] = "not", [FLOW_PURE] = "pure", [FLOW_CMP] = "cmp", [FLOW_SELECT] = "select",
	[FLOW_FIELD] = "field", [FLOW_PHI] = "phi", [FLOW_LOAD] = "load", [FLOW_STORE] = "store",
	[FLOW_MOVE] = "move", [FLOW_KILL] = "kill", [FLOW_CALL] = "call", [FLOW_ASM] = "asm",
};

static const char *const cmp_names[] = {
	"eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge",
};

static const char *const type_names[] = { "void", "int", "bool", "ptr", "uint" };

static void print_string(FILE *out, const char *s)
{
	fputc('"', out);
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			fputc('\\', out);
		/* The form has no way to write it, and a file's name may hold it. */
		fputc(*s == '\n' ? '?' : *s, out);
	}
	fputc('"', out);
}

/* Quotes what would be read as something else: odd characters, and what starts like a number. */
static void print_name(FILE *out, const char *s)
{
	bool plain = *s && !(*s >= '0' && *s <= '9') && strncmp(s, "..", 2);
	const char *c;

	for (c = s; *c; c++)
		plain = plain && lex_is_word(*c);
	if (plain)
		fputs(s, out);
	else
		print_string(out, s);
}

static void print_loc(FILE *out, const struct flow_loc *l, unsigned int endline)
{
	if (!l->file && !l->line && !l->column && !endline)
		return;
	fprintf(out, " !%u:%u", l->file, l->line);
	if (l->column)
		fprintf(out, ":%u", l->column);
	if (endline)
		fprintf(out, "-%u", endline);
}

static void print_operand(struct printer *p, const struct flow_val *v)
{
	if (v->op == FLOW_CONST)
		fprintf(p->out, "%" PRId64, v->imm);
	else if (v->op == FLOW_UNDEF)
		fputs("undef", p->out);
	else if (!v->name)
		fprintf(p->out, "%%%u", p->num[v->id]);
	else {
		fputc('%', p->out);
		print_name(p->out, v->name);
	}
}

static void print_args(struct printer *p, const struct flow_val *v)
{
	static const char *const flags[] = { "", "const ", "int " };
	unsigned int i;

	fputc('(', p->out);
	for (i = 0; i < v->nargs; i++) {
		fputs(i ? ", " : "", p->out);
		if (v->op == FLOW_CALL)
			fputs(flags[v->argflags[i] % 3], p->out);
		print_operand(p, v->args[i]);
	}
	fputc(')', p->out);
}

static void print_call(struct printer *p, const struct flow_val *v)
{
	fputc(' ', p->out);
	if (v->fn) {
		fputc('*', p->out);
		print_operand(p, v->fn);
	} else {
		print_name(p->out, v->str);
	}
	print_args(p, v);
	if (v->type != FLOW_T_VOID)
		fprintf(p->out, " %s", type_names[v->type]);
	if (v->noreturn)
		fputs(" noreturn", p->out);
}

static void print_phi(struct printer *p, const struct flow_val *v)
{
	unsigned int i;

	for (i = 0; i < v->nargs; i++) {
		fprintf(p->out, " [@%u ", v->preds[i]->id);
		print_operand(p, v->args[i]);
		fputc(']', p->out);
	}
}

static void print_insn(struct printer *p, const struct flow_val *v)
{
	unsigned int i;

	fputc('\t', p->out);
	if (v->name || p->num[v->id]) {
		print_operand(p, v);
		fputs(" = ", p->out);
	}
	fputs(op_names[v->op], p->out);
	if (v->op == FLOW_CALL) {
		print_call(p, v);
	} else if (v->op == FLOW_PHI) {
		print_phi(p, v);
	} else if (v->op == FLOW_ASM) {
		print_args(p, v);
	} else {
		if (v->op == FLOW_CMP)
			fprintf(p->out, " %s", cmp_names[v->imm]);
		if (v->is_volatile)
			fputs(" volatile", p->out);
		if (v->op == FLOW_PURE) {
			fputc(' ', p->out);
			print_string(p->out, v->str);
		}
		for (i = 0; i < v->nargs; i++) {
			fputs(i ? ", " : " ", p->out);
			print_operand(p, v->args[i]);
		}
	}
	if (v->op == FLOW_FIELD) {
		fprintf(p->out, ", %" PRId64, v->imm);
		if (v->str) {
			fputs(", ", p->out);
			print_string(p->out, v->str);
		}
	}
	if (v->op == FLOW_LOAD || v->op == FLOW_STORE || v->op == FLOW_MOVE)
		fprintf(p->out, ", %u", v->size);
	if (v->op == FLOW_LOAD && v->type != FLOW_T_VOID)
		fprintf(p->out, " %s", type_names[v->type]);
	print_loc(p->out, &v->loc, 0);
	fputc('\n', p->out);
}

static void print_target(FILE *out, const struct flow_block *b, const struct flow_edge *e)
{
	fprintf(out, "@%u", e->to->id);
	/* A goto's own place is mostly the block's, and then not written twice. */
	if (b->term == FLOW_GOTO && !memcmp(&b->loc, &e->loc, sizeof(b->loc)))
		return;
	if (e->loc.file || e->loc.line || e->loc.column) {
		fputs(" (", out);
		fprintf(out, "!%u:%u", e->loc.file, e->loc.line);
		if (e->loc.column)
			fprintf(out, ":%u", e->loc.column);
		fputc(')', out);
	}
}

static void print_case(FILE *out, const struct flow_block *b, const struct flow_edge *e)
{
	unsigned int i;

	fputs(" [", out);
	if (e->guard == FLOW_DEFAULT)
		fputs("default", out);
	for (i = 0; e->guard == FLOW_CASE && i < e->nranges; i++) {
		const struct flow_range *r = &e->ranges[i];

		fprintf(out, "%s%" PRId64, i ? " " : "", r->lo);
		if (r->hi != r->lo)
			fprintf(out, "..%" PRId64, r->hi);
	}
	fputs(": ", out);
	print_target(out, b, e);
	fputc(']', out);
}

static void print_terminator(struct printer *p, const struct flow_block *b)
{
	static const char *const words[] = { "stop", "goto ", "if ", "switch ", "ret" };
	unsigned int i;

	fprintf(p->out, "\t%s", words[b->term]);
	if (b->term == FLOW_RET && b->cond)
		fputc(' ', p->out);
	if (b->cond)
		print_operand(p, b->cond);
	for (i = 0; i < b->nedges; i++) {
		if (b->term == FLOW_SWITCH) {
			print_case(p->out, b, &b->edges[i]);
			continue;
		}
		if (b->term == FLOW_BRANCH)
			fputs(i ? " else " : " goto ", p->out);
		print_target(p->out, b, &b->edges[i]);
	}
	print_loc(p->out, &b->loc, 0);
	fputc('\n', p->out);
}

static bool has_result(const struct flow_val *v, const bool *used)
{
	switch (v->op) {
	case FLOW_CONST:
	case FLOW_UNDEF:
	case FLOW_STORE:
	case FLOW_MOVE:
	case FLOW_KILL:
		return false;
	case FLOW_ASM:
		return used[v->id];
	case FLOW_CALL:
		return v->type != FLOW_T_VOID || used[v->id];
	default:
		return true;
	}
}

static void give_number(struct printer *p, const struct flow_val *v, const bool *used, unsigned int *n)
{
	/* Counting the named ones too makes values easier to find. */
	if (has_result(v, used))
		p->num[v->id] = ++*n;
}

static void number(struct printer *p, const struct flow_func *f)
{
	bool *used = xcalloc(f->nvals, sizeof(*used));
	unsigned int i, j, n = 0;

	for (i = 0; i < f->nvals; i++) {
		for (j = 0; j < f->vals[i]->nargs; j++)
			used[f->vals[i]->args[j]->id] = true;
		if (f->vals[i]->fn)
			used[f->vals[i]->fn->id] = true;
	}
	for (i = 0; i < f->nblocks; i++)
		if (f->blocks[i]->cond)
			used[f->blocks[i]->cond->id] = true;
	for (i = 0; i < f->nparams; i++)
		give_number(p, f->params[i], used, &n);
	for (i = 0; i < f->nvals; i++)
		if (f->vals[i]->op == FLOW_LOCAL || f->vals[i]->op == FLOW_GLOBAL)
			give_number(p, f->vals[i], used, &n);
	for (i = 0; i < f->nblocks; i++)
		for (j = 0; j < f->blocks[i]->nvals; j++)
			give_number(p, f->blocks[i]->vals[j], used, &n);
	free(used);
}

static void print_head(struct printer *p, const struct flow_func *f)
{
	unsigned int i;

	fputs("func ", p->out);
	print_name(p->out, f->name);
	fputc('(', p->out);
	for (i = 0; i < f->nparams; i++) {
		fputs(i ? ", " : "", p->out);
		print_operand(p, f->params[i]);
		if (f->params[i]->type != FLOW_T_PTR)
			fprintf(p->out, " %s", type_names[f->params[i]->type]);
	}
	fprintf(p->out, ")%s%s%s%s", f->is_static ? " static" : "", f->taken ? " taken" : "",
		f->is_inline ? " inline" : "", f->varargs ? " varargs" : "");
	print_loc(p->out, &f->loc, f->endline);
	fputs(" {\n", p->out);
}

static void print_leaf(struct printer *p, const struct flow_val *v)
{
	fputs(v->op == FLOW_LOCAL ? "local " : "global ", p->out);
	print_operand(p, v);
	if (v->str) {
		fputc(' ', p->out);
		print_string(p->out, v->str);
	}
	fputc('\n', p->out);
}

void flow_print_func(const struct flow_func *f, FILE *out)
{
	struct printer p = { .out = out, .num = xcalloc(f->nvals, sizeof(*p.num)) };
	unsigned int i, j;

	number(&p, f);
	print_head(&p, f);
	for (i = 0; i < f->nvals; i++)
		if (f->vals[i]->op == FLOW_LOCAL || f->vals[i]->op == FLOW_GLOBAL)
			print_leaf(&p, f->vals[i]);
	for (i = 0; i < f->nblocks; i++) {
		fprintf(out, "@%u:\n", i);
		for (j = 0; j < f->blocks[i]->nvals; j++)
			print_insn(&p, f->blocks[i]->vals[j]);
		print_terminator(&p, f->blocks[i]);
	}
	fputs("}\n", out);
	free(p.num);
}

void flow_print(const struct flow_unit *u, FILE *out)
{
	unsigned int i;

	fputs("unit ", out);
	print_string(out, u->name);
	fprintf(out, " pagesize %u\n", u->pagesize);
	for (i = 1; i < u->nfiles; i++) {
		fprintf(out, "file %u ", i);
		print_string(out, u->files[i]);
		fputc('\n', out);
	}
	for (i = 0; i < u->nlayouts; i++) {
		fputs("layout ", out);
		print_name(out, u->layouts[i].field);
		fprintf(out, " %" PRId64 "\n", u->layouts[i].offset);
	}
	for (i = 0; i < u->nroles; i++) {
		fputs("role ", out);
		print_name(out, u->roles[i].func);
		fputc(' ', out);
		print_name(out, u->roles[i].name);
		fputc('\n', out);
	}
	for (i = 0; i < u->nfuncs; i++)
		flow_print_func(u->funcs[i], out);
}
