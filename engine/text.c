// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * text.c - values as the source has them: "vaddr", "folio", "ctx->page", "sg_page(sg)"
 */
#include <stdlib.h>
#include <string.h>

#include "analysis.h"

#define MAX_NESTING 5

/* The variable's name, without the number that tells its values apart. */
static const char *plain_name(struct ctx *c, const char *name)
{
	const char *dot = strrchr(name, '.');
	char *s;

	if (name[0] >= '0' && name[0] <= '9')
		return NULL;
	if (!dot)
		return name;
	s = arena_strdup(c->arena, name);
	s[dot - name] = '\0';
	return s;
}

static const char *text(struct ctx *c, const struct flow_val *v, unsigned int depth);

static const char *call_text(struct ctx *c, const struct flow_val *v, unsigned int depth)
{
	struct strbuf b = { 0 };
	const char *s;
	unsigned int i;

	strbuf_addf(&b, "%s(", v->str ? v->str : "(*)");
	for (i = 0; i < v->nargs; i++)
		strbuf_addf(&b, "%s%s", i ? ", " : "", text(c, v->args[i], depth + 1));
	strbuf_addf(&b, ")");
	s = arena_strdup(c->arena, b.buf);
	free(b.buf);
	return s;
}

/* The terms of a sum, each with its sign: compilers write "a - b" as "a + (0 - b)". */
static void add_terms(struct ctx *c, struct strbuf *b, const struct flow_val *v, bool minus, unsigned int depth)
{
	const char *name = v->name ? plain_name(c, v->name) : NULL;
	bool first = !b->len;

	if (v->op == FLOW_COPY && !name && depth <= MAX_NESTING) {
		add_terms(c, b, v->args[0], minus, depth);
	} else if ((v->op == FLOW_ADD || v->op == FLOW_SUB) && !name && depth <= MAX_NESTING) {
		add_terms(c, b, v->args[0], minus, depth + 1);
		add_terms(c, b, v->args[1], minus != (v->op == FLOW_SUB), depth + 1);
	} else if (v->op == FLOW_CONST && v->imm < 0) {
		strbuf_addf(b, "%s%lld", !minus ? first ? "-" : " - " : first ? "" : " + ", -(long long)v->imm);
	} else if (v->op != FLOW_CONST || v->imm) {
		strbuf_addf(b, "%s%s", minus ? first ? "-" : " - " : first ? "" : " + ", text(c, v, depth + 1));
	}
}

static const char *sum_text(struct ctx *c, const struct flow_val *v, unsigned int depth)
{
	struct strbuf b = { 0 };
	const char *s;

	add_terms(c, &b, v, false, depth);
	s = b.len ? arena_strdup(c->arena, b.buf) : "0";
	free(b.buf);
	return s;
}

/* Front ends call what flow has no operation for by its name: that of a function, or one of these, with a suffix for variants. */
static const char *pure_text(struct ctx *c, const struct flow_val *v, unsigned int depth)
{
	static const char *const operators[][2] = {
		{ "lshift", "<<" }, { "rshift", ">>" }, { "trunc_div", "/" }, { "exact_div", "/" }, { "trunc_mod", "%" }, { "bit_xor", "^" },
	};
	size_t n = strcspn(v->str, ".");
	unsigned int i;

	/* A field of a few bits is called by its name. */
	if ((!strcmp(v->str, "bits") || !strcmp(v->str, "low-bits")) && v->args[0]->op == FLOW_LOAD)
		return text(c, v->args[0], depth);
	for (i = 0; i < ARRAY_SIZE(operators); i++)
		if (v->nargs == 2 && !strncmp(v->str, operators[i][0], n) && operators[i][0][n] == '\0')
			return arena_printf(c->arena, "(%s %s %s)", text(c, v->args[0], depth + 1), operators[i][1],
					    text(c, v->args[1], depth + 1));
	return strpbrk(v->str, "-") || strstr(v->str, "_expr") ? "..." : call_text(c, v, depth);
}

static const char *place_text(struct ctx *c, const struct flow_val *addr, unsigned int depth);

/* The address of something that has a name, not one that was computed or loaded */
static bool is_place(const struct flow_val *addr)
{
	return addr->op == FLOW_FIELD || addr->op == FLOW_LOCAL || addr->op == FLOW_GLOBAL;
}

/* The array that begins at an address, or the pointer to its first element */
static const char *array_text(struct ctx *c, const struct flow_val *addr, unsigned int depth)
{
	return is_place(addr) ? place_text(c, addr, depth) : text(c, addr, depth);
}

/* The index: what is multiplied by the size of an element */
static const char *index_text(struct ctx *c, const struct flow_val *v, unsigned int depth)
{
	while (v->op == FLOW_COPY && !v->name)
		v = v->args[0];
	return v->op == FLOW_MUL && v->args[1]->op == FLOW_CONST && !v->name ? text(c, v->args[0], depth + 1) : "...";
}

/* The place that an address names: "a->b", "a.b", "a[i]", "*a". */
static const char *place_text(struct ctx *c, const struct flow_val *addr, unsigned int depth)
{
	const char *field;

	if (depth > MAX_NESTING)
		return "...";
	switch (addr->op) {
	case FLOW_COPY:
		return place_text(c, addr->args[0], depth);
	case FLOW_LOCAL: case FLOW_GLOBAL:
		return addr->str ? addr->str : "...";
	case FLOW_FIELD:
		field = addr->str ? strrchr(addr->str, '.') : NULL;
		if (!field)
			return addr->imm ? arena_printf(c->arena, "%s[...]", array_text(c, addr->args[0], depth + 1)) :
			       place_text(c, addr->args[0], depth + 1);
		if (is_place(addr->args[0]) || addr->args[0]->op == FLOW_ADD)
			return arena_printf(c->arena, "%s.%s", place_text(c, addr->args[0], depth + 1), field + 1);
		return arena_printf(c->arena, "%s->%s", text(c, addr->args[0], depth + 1), field + 1);
	case FLOW_ADD:
		return arena_printf(c->arena, "%s[%s]", array_text(c, addr->args[0], depth + 1), index_text(c, addr->args[1], depth + 1));
	default:
		return arena_printf(c->arena, "*%s", text(c, addr, depth + 1));
	}
}

/* A string is written as it is; what has no name in the source is not called by ours. */
static const char *address_text(struct ctx *c, const struct flow_val *v)
{
	if (!v->str || v->str[0] == '.' || !strncmp(v->str, "string.", 7))
		return "...";
	return v->str[0] == '"' ? v->str : arena_printf(c->arena, "&%s", v->str);
}

/* Two conditions are one or the other, or both; of anything else these are bits, which C binds less than a comparison. */
static const char *both_text(struct ctx *c, const struct flow_val *v, unsigned int depth)
{
	bool conditions = v->args[0]->op == FLOW_CMP && v->args[1]->op == FLOW_CMP;
	const char *op = v->op == FLOW_AND ? "&&" : "||";

	return arena_printf(c->arena, depth ? "(%s %s %s)" : "%s %s %s", text(c, v->args[0], depth + 1),
			    conditions ? op : op + 1, text(c, v->args[1], depth + 1));
}

/* "(a < b) != 0", as compilers write what is a condition already */
static bool is_condition_again(const struct flow_val *v)
{
	const struct flow_val *x = v->args[0];

	while (x->op == FLOW_COPY && !x->name)
		x = x->args[0];
	return v->imm == FLOW_NE && x->op == FLOW_CMP && v->args[1]->op == FLOW_CONST && !v->args[1]->imm;
}

static const char *text(struct ctx *c, const struct flow_val *v, unsigned int depth)
{
	static const char *const ops[] = { "==", "!=", "<", "<=", ">", ">=", "<", "<=", ">", ">=" };
	const char *name;

	if (depth > MAX_NESTING)
		return "...";
	name = v->name ? plain_name(c, v->name) : NULL;
	if (name && v->op != FLOW_LOCAL && v->op != FLOW_GLOBAL)
		return name;
	switch (v->op) {
	case FLOW_CONST:
		return v->imm ? arena_printf(c->arena, "%lld", (long long)v->imm) : "0";
	case FLOW_UNDEF:
		return "an uninitialised value";
	case FLOW_LOCAL: case FLOW_GLOBAL:
		return address_text(c, v);
	case FLOW_COPY:
		return text(c, v->args[0], depth);
	case FLOW_LOAD:
		return place_text(c, v->args[0], depth);
	case FLOW_FIELD:
		return v->imm == 0 && !v->str ? text(c, v->args[0], depth) :
		       arena_printf(c->arena, "&%s", place_text(c, v, depth));
	case FLOW_CALL:
		return call_text(c, v, depth);
	case FLOW_PURE:
		return pure_text(c, v, depth);
	case FLOW_ADD: case FLOW_SUB:
		return sum_text(c, v, depth);
	case FLOW_AND: case FLOW_OR:
		return both_text(c, v, depth);
	case FLOW_NOT:
		return arena_printf(c->arena, v->args[0]->op == FLOW_CMP && !v->args[0]->name ? "!(%s)" : "!%s",
				    text(c, v->args[0], depth + 1));
	case FLOW_CMP:
		if (is_condition_again(v))
			return text(c, v->args[0], depth);
		return arena_printf(c->arena, "%s %s %s", text(c, v->args[0], depth + 1), ops[v->imm],
				    text(c, v->args[1], depth + 1));
	default:
		return "...";
	}
}

const char *expr_of(struct ctx *c, const struct flow_val *v)
{
	return text(c, v, 0);
}

/* What a value is kept in, where it has no name of its own: through copies, casts and offsets. */
static const char *holder(struct ctx *c, const struct flow_val *v, unsigned int depth)
{
	const struct flow_func *f = v->func;
	const char *name;
	unsigned int i, j;

	for (i = 0; i < f->nvals; i++) {
		const struct flow_val *u = f->vals[i];

		if (u->op == FLOW_STORE && u->args[1] == v)
			return place_text(c, u->args[0], 0);
		if (u->op != FLOW_COPY && u->op != FLOW_PHI && u->op != FLOW_ADD && u->op != FLOW_FIELD)
			continue;
		for (j = 0; j < u->nargs && u->args[j] != v; j++)
			;
		if (j == u->nargs)
			continue;
		name = u->name ? plain_name(c, u->name) : NULL;
		if (name || depth > 3)
			return name;
		name = holder(c, u, depth + 1);
		if (name)
			return name;
	}
	return NULL;
}

const char *name_of(struct ctx *c, const struct flow_val *v)
{
	const char *name = v->name ? plain_name(c, v->name) : NULL, *held;

	/* Names of a macro's own are known to nobody else. */
	if (name && strncmp(name, "__", 2))
		return name;
	held = holder(c, v, 0);
	return held ? held : name;
}

const char *object_text(struct ctx *c, const struct flow_val *v, const struct api_place *p)
{
	const struct flow_val *x;

	if (p->root != API_ARG || p->arg < 0 || (unsigned int)p->arg >= v->nargs)
		return NULL;
	x = v->args[p->arg];
	if (p->deref && p->field) {
		const char *field = strrchr(p->field, '.') + 1;

		if (x->op == FLOW_LOCAL || x->op == FLOW_FIELD)
			return arena_printf(c->arena, "%s.%s", place_text(c, x, 0), field);
		return arena_printf(c->arena, "%s->%s", text(c, x, 0), field);
	}
	return p->deref ? place_text(c, x, 0) : text(c, x, 0);
}

static bool is_returned(const struct flow_val *v)
{
	const struct flow_func *f = v->func;
	unsigned int i, j;

	for (i = 0; i < f->nblocks; i++) {
		const struct flow_val *r = f->blocks[i]->term == FLOW_RET ? f->blocks[i]->cond : NULL;

		if (r == v)
			return true;
		for (j = 0; r && r->op == FLOW_PHI && j < r->nargs; j++)
			if (r->args[j] == v)
				return true;
	}
	return false;
}

/* Where the value is stored by way of a parameter, or of what is returned: that field, or NULL. */
static const struct flow_val *given_place(const struct flow_val *v)
{
	const struct flow_func *f = v->func;
	unsigned int i;

	for (i = 0; i < f->nvals; i++) {
		const struct flow_val *u = f->vals[i], *addr = u->op == FLOW_STORE ? u->args[0] : NULL;

		if (!addr || u->args[1] != v)
			continue;
		if (addr->op == FLOW_PARAM || (addr->op == FLOW_FIELD && addr->str &&
						(addr->args[0]->op == FLOW_PARAM || is_returned(addr->args[0]))))
			return addr;
	}
	return NULL;
}

const char *name_in_caller(struct ctx *c, const struct flow_val *v, const struct flow_val *call)
{
	const struct flow_val *addr = given_place(v), *arg;
	const struct fn *callee = direct_callee(c, call);
	const char *field;

	if (!addr || !callee || callee->func != v->func)
		return NULL;
	if (addr->op == FLOW_PARAM)
		return addr->imm < call->nargs ? place_text(c, call->args[addr->imm], 0) : NULL;
	field = strrchr(addr->str, '.');
	if (!field)
		return NULL;
	if (addr->args[0]->op != FLOW_PARAM)
		return name_of(c, call) ? arena_printf(c->arena, "%s->%s", name_of(c, call), field + 1) : NULL;
	if (addr->args[0]->imm >= call->nargs)
		return NULL;
	arg = call->args[addr->args[0]->imm];
	if (is_place(arg))
		return arena_printf(c->arena, "%s.%s", place_text(c, arg, 0), field + 1);
	return arena_printf(c->arena, "%s->%s", text(c, arg, 0), field + 1);
}
