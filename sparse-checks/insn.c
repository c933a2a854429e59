// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * insn.c - linearized IR to flow: instructions
 */
#include "body.h"

#include <stdlib.h>
#include <string.h>

/**
 * sp_constant() - a constant as the engine wants it: negative if its type says so
 * @type: NULL where not known; sparse keeps constants as unsigned numbers of their type's width
 */
int64_t sp_constant(long long v, struct symbol *type)
{
	int size = type ? type->bit_size : 0;

	if (size <= 0 || size >= 64 || !type_is_signed(type))
		return v;
	return (int64_t)((uint64_t)v << (64 - size)) >> (64 - size);
}

/**
 * sp_value() - the value of a pseudo
 * @type: of the operand that it is, for constants; may be NULL
 */
struct flow_val *sp_value(struct body *b, pseudo_t p, struct symbol *type)
{
	switch (p->type) {
	case PSEUDO_VAL:
		return flow_const(b->f, sp_constant(p->value, type));
	case PSEUDO_ARG:
		if ((unsigned int)p->nr <= b->f->nparams)
			return b->f->params[p->nr - 1];
		break;
	case PSEUDO_SYM:
		return sp_variable(b, p);
	case PSEUDO_PHI:
		return sp_value(b, p->def->phi_src, p->def->type);
	case PSEUDO_REG:
		if (p->priv)
			return p->priv;
		break;
	default:
		break;
	}
	return flow_undef(b->f);
}

static struct flow_loc loc_of(struct body *b, const struct instruction *insn)
{
	return sp_place(b->places, insn->pos);
}

static unsigned int bytes(const struct instruction *insn)
{
	return (insn->size + 7) / 8;
}

/* Note the value that an instruction makes; it goes by the name of its variable. */
static void define(pseudo_t target, struct flow_val *v)
{
	if (!target || target->type != PSEUDO_REG)
		return;
	target->priv = v;
	if (target->ident && !v->name && v->block)
		flow_name(v, show_ident(target->ident));
}

/* A struct that is loaded only to be stored is copied where it is stored. */
static bool is_struct_copy(const struct instruction *load)
{
	struct pseudo_user *user;

	if (!type_is_aggregate(load->type))
		return false;
	FOR_EACH_PTR(load->target->users, user) {
		if (user->insn->bb && user->insn->opcode != OP_STORE)
			return false;
	} END_FOR_EACH_PTR(user);
	return true;
}

static void do_load(struct body *b, struct flow_block *at, struct instruction *insn)
{
	struct flow_val *v;

	if (is_struct_copy(insn))
		return;
	if (insn->src->type == PSEUDO_SYM && life_is_unset(insn->src->sym)) {
		define(insn->target, flow_undef(b->f));
		return;
	}
	v = flow_load(at, sp_address(b, at, insn->src, insn->offset, insn->type), bytes(insn), loc_of(b, insn));
	v->type = type_of(insn->type);
	v->is_volatile = insn->is_volatile;
	define(insn->target, v);
}


static const char *pure_name(const struct instruction *insn)
{
	static const char *const names[OP_LAST] = {
		[OP_DIVU] = "trunc_div.u", [OP_DIVS] = "trunc_div", [OP_MODU] = "trunc_mod.u", [OP_MODS] = "trunc_mod",
		[OP_LSR] = "rshift.u", [OP_ASR] = "rshift", [OP_SHL] = "lshift", [OP_XOR] = "bit_xor",
		[OP_FNEG] = "fneg", [OP_TRUNC] = "trunc", [OP_SLICE] = "slice",
		[OP_FADD] = "fadd", [OP_FSUB] = "fsub", [OP_FMUL] = "fmul", [OP_FDIV] = "fdiv",
		[OP_FMADD] = "fmadd", [OP_FCVTU] = "fcvtu", [OP_FCVTS] = "fcvts", [OP_UCVTF] = "ucvtf",
		[OP_SCVTF] = "scvtf", [OP_FCVTF] = "fcvtf",
	};

	if (insn->opcode >= OP_FPCMP && insn->opcode <= OP_FPCMP_END)
		return "fcmp";
	return names[insn->opcode] ? names[insn->opcode] : "unknown";
}

/* "= {}" of what is too large for one store is the memset() that it compiles to. */
static void store_zero(struct body *b, struct flow_block *at, struct flow_val *to, struct instruction *insn)
{
	static const unsigned char flags[] = { FLOW_ARG_MUT, FLOW_ARG_INT, FLOW_ARG_INT };
	struct flow_val *args[] = { to, flow_const(b->f, 0), flow_const(b->f, bytes(insn)) };

	flow_call(at, "memset", NULL, 3, args, flags, FLOW_T_PTR, loc_of(b, insn));
}

static void do_store(struct body *b, struct flow_block *at, struct instruction *insn)
{
	struct instruction *load = insn->target->type == PSEUDO_REG ? insn->target->def : NULL;
	struct flow_val *to = sp_address(b, at, insn->src, insn->offset, insn->type), *v;

	if (load && load->opcode == OP_LOAD && load->bb && !insn->target->priv && is_struct_copy(load)) {
		v = sp_address(b, at, load->src, load->offset, load->type);
		flow_move(at, to, v, bytes(insn), loc_of(b, insn));
		return;
	}
	if (is_zero(insn->target) && bytes(insn) > 8) {
		store_zero(b, at, to, insn);
		return;
	}
	v = flow_store(at, to, sp_value(b, insn->target, insn->type), bytes(insn), loc_of(b, insn));
	v->is_volatile = insn->is_volatile;
}

/* An operation that flow has no word for. The width goes into its name where the result depends on it. */
static struct flow_val *pure(struct body *b, struct flow_block *at, struct instruction *insn, unsigned int n)
{
	pseudo_t src[] = { insn->src1, n > 1 ? insn->src2 : NULL, n > 2 ? insn->src3 : NULL };
	struct flow_val *args[3], *v;
	char *name;
	unsigned int i;

	for (i = 0; i < n; i++)
		args[i] = sp_value(b, src[i], insn->type);
	switch (insn->opcode) {
	case OP_SLICE:
		name = xasprintf("%s.%u.%u", pure_name(insn), insn->from, insn->size);
		break;
	case OP_FMADD: case OP_FPCMP ... OP_FPCMP_END:
		name = xasprintf("%s.%u", pure_name(insn), insn->opcode);
		break;
	case OP_TRUNC: case OP_SHL:
		name = xasprintf("%s.%u", pure_name(insn), insn->size);
		break;
	default:
		name = xstrdup(pure_name(insn));
		break;
	}
	v = flow_pure(at, name, n, args);
	free(name);
	return v;
}

static struct flow_val *binary(struct body *b, struct flow_block *at, struct instruction *insn, enum flow_op op)
{
	return flow_binary(at, op, sp_value(b, insn->src1, insn->type), sp_value(b, insn->src2, insn->type));
}

/* Unsigned "x % 4096" is "x & 4095". */
static struct flow_val *modulo(struct body *b, struct flow_block *at, struct instruction *insn)
{
	pseudo_t by = insn->src2;

	if (by->type != PSEUDO_VAL || by->value <= 0 || (by->value & (by->value - 1)))
		return pure(b, at, insn, 2);
	return flow_binary(at, FLOW_AND, sp_value(b, insn->src1, insn->type), flow_const(b->f, by->value - 1));
}

/* Shifted to the left by a constant: multiplied. */
static struct flow_val *shift_left(struct body *b, struct flow_block *at, struct instruction *insn)
{
	pseudo_t by = insn->src2;

	if (by->type != PSEUDO_VAL || by->value < 0 || by->value >= 62)
		return pure(b, at, insn, 2);
	return flow_binary(at, FLOW_MUL, sp_value(b, insn->src1, insn->type), flow_const(b->f, 1ll << by->value));
}

/**
 * is_truth() - is the value 0 or 1?
 */
bool is_truth(const struct flow_val *v)
{
	switch (v->op) {
	case FLOW_CMP:
		return true;
	case FLOW_AND: case FLOW_OR:
		return is_truth(v->args[0]) && is_truth(v->args[1]);
	case FLOW_NOT:
		return is_truth(v->args[0]);
	default:
		return v->type == FLOW_T_BOOL;
	}
}

/* "(a < b) != 0" is the comparison itself, "(a < b) == 0" its opposite. NULL for anything else. */
static struct flow_val *compare_truth(struct flow_block *at, enum flow_cmp how, struct flow_val *x,
				      const struct flow_val *y)
{
	static const enum flow_cmp opposite[] = {
		[FLOW_EQ] = FLOW_NE, [FLOW_NE] = FLOW_EQ, [FLOW_SLT] = FLOW_SGE, [FLOW_SGE] = FLOW_SLT,
		[FLOW_SGT] = FLOW_SLE, [FLOW_SLE] = FLOW_SGT, [FLOW_ULT] = FLOW_UGE, [FLOW_UGE] = FLOW_ULT,
		[FLOW_UGT] = FLOW_ULE, [FLOW_ULE] = FLOW_UGT,
	};

	if (!is_truth(x) || y->op != FLOW_CONST || y->imm || (how != FLOW_EQ && how != FLOW_NE))
		return NULL;
	if (how == FLOW_NE)
		return x;
	if (x->op != FLOW_CMP)
		return flow_unary(at, FLOW_NOT, x);
	return flow_cmp(at, opposite[x->imm], x->args[0], x->args[1]);
}

static struct flow_val *compare(struct body *b, struct flow_block *at, struct instruction *insn)
{
	static const enum flow_cmp how[] = {
		[OP_SET_EQ - OP_BINCMP] = FLOW_EQ, [OP_SET_NE - OP_BINCMP] = FLOW_NE,
		[OP_SET_LT - OP_BINCMP] = FLOW_SLT, [OP_SET_LE - OP_BINCMP] = FLOW_SLE,
		[OP_SET_GT - OP_BINCMP] = FLOW_SGT, [OP_SET_GE - OP_BINCMP] = FLOW_SGE,
		[OP_SET_B - OP_BINCMP] = FLOW_ULT, [OP_SET_BE - OP_BINCMP] = FLOW_ULE,
		[OP_SET_A - OP_BINCMP] = FLOW_UGT, [OP_SET_AE - OP_BINCMP] = FLOW_UGE,
	};
	struct flow_val *x = sp_value(b, insn->src1, insn->itype), *y = sp_value(b, insn->src2, insn->itype);
	enum flow_cmp op = how[insn->opcode - OP_BINCMP];
	struct flow_val *v = compare_truth(at, op, x, y);

	return v ? v : flow_cmp(at, op, x, y);
}

/* Casts are copies, and copies are the value itself; only a part of a byte is another value. */
static struct flow_val *cast(struct body *b, struct flow_block *at, struct instruction *insn)
{
	struct flow_val *args[] = { sp_value(b, insn->src, insn->orig_type), NULL };

	if (insn->opcode != OP_TRUNC || insn->size % 8 == 0)
		return args[0];
	args[1] = flow_const(b->f, insn->size);
	return flow_pure(at, "low-bits", 2, args);
}

/* A string, or the address of a label. */
static struct flow_val *set_value(struct body *b, struct instruction *insn)
{
	const struct expression *x = insn->val;

	return x && x->type == EXPR_STRING ? sp_string(b, x) : flow_global(b->f, "label");
}

static void do_phi(struct body *b, struct flow_block *at, struct instruction *insn)
{
	struct flow_val *v;

	if (!insn->phi_list)	/* never filled, since never used */
		return;
	v = flow_phi(at);
	GROW(b->phis, b->nphis, b->cphis);
	b->phis[b->nphis++] = (struct made_phi){ v, insn };
	define(insn->target, v);
}

static unsigned char arg_flag(struct symbol *type)
{
	struct symbol *stripped = type_strip(type);

	if (!stripped || !type_is_pointer(stripped))
		return stripped && !type_is_aggregate(stripped) ? FLOW_ARG_INT : FLOW_ARG_MUT;
	return stripped->type == SYM_PTR && (stripped->ctype.modifiers & MOD_CONST) ? FLOW_ARG_CONST : FLOW_ARG_MUT;
}

/* The type that the callee declares for its argument @i, else the argument's own. */
static struct symbol *arg_type(struct symbol *fntype, struct instruction *insn, unsigned int i)
{
	struct symbol *type = NULL;

	fntype = type_strip(fntype);
	if (fntype && fntype->type == SYM_FN)
		type = ptr_list_nth(fntype->arguments, i);
	return type ? type : ptr_list_nth(insn->fntypes, i + 1);
}

/* The model may speak of fields of what a modelled function takes or returns. */
static void lay_out_call(struct body *b, struct symbol *fntype, const char *name)
{
	struct symbol *arg;

	fntype = type_strip(fntype);
	if (!fntype || fntype->type != SYM_FN || !name || !kc_is_modelled(b->places->kc, name))
		return;
	type_layout(b->f->unit, fntype->ctype.base_type);
	FOR_EACH_PTR(fntype->arguments, arg) {
		type_layout(b->f->unit, arg);
	} END_FOR_EACH_PTR(arg);
}

/* What sparse itself can compute of constants depends on nothing else. */
static bool is_computed(struct symbol *sym, const unsigned char *flags, unsigned int n)
{
	unsigned int i;

	if (!sym->builtin || !sym->op || !sym->op->expand)
		return false;
	for (i = 0; i < n; i++)
		if (flags[i] != FLOW_ARG_INT)
			return false;
	return n > 0;
}

/* Builtins go by the plain name: "__builtin_memcpy" and "__builtin___memcpy_chk" are memcpy. To be freed. */
static char *callee_name(struct ident *ident)
{
	const char *name = show_ident(ident);
	size_t n;

	if (strncmp(name, "__builtin_", strlen("__builtin_")))
		return xstrdup(name);
	name += strlen("__builtin_");
	n = strlen(name);
	if (n > 6 && !strncmp(name, "__", 2) && !strcmp(name + n - 4, "_chk"))
		return xasprintf("%.*s", (int)n - 6, name + 2);
	return xstrdup(name);
}

static void do_call(struct body *b, struct flow_block *at, struct instruction *insn)
{
	unsigned int n = ptr_list_size((struct ptr_list *)insn->arguments), i = 0;
	struct flow_val **args = xcalloc(n + 1, sizeof(*args)), *fn = NULL, *v;
	struct symbol *fntype = first_symbol(insn->fntypes);
	unsigned char *flags = xcalloc(n + 1, 1);
	struct symbol *callee = NULL;
	char *name = NULL;
	pseudo_t arg;

	FOR_EACH_PTR(insn->arguments, arg) {
		struct symbol *type = arg_type(fntype, insn, i);

		args[i] = sp_value(b, arg, type);
		flags[i++] = arg_flag(type);
	} END_FOR_EACH_PTR(arg);
	if (insn->func->type == PSEUDO_SYM && insn->func->sym->ident) {
		callee = insn->func->sym;
		name = callee_name(callee->ident);
	} else {
		fn = sp_value(b, insn->func, NULL);
	}
	if (callee == life_mark()) {
		flow_unary(at, FLOW_KILL, args[0]);
	} else if (callee && is_computed(callee, flags, n)) {
		define(insn->target, flow_pure(at, name, n, args));
	} else {
		lay_out_call(b, fntype, name);
		v = flow_call(at, name, fn, n, args, flags, type_of(insn->type), loc_of(b, insn));
		v->noreturn = fntype && (fntype->ctype.modifiers & MOD_NORETURN);
		define(insn->target, v);
	}
	free(name);
	free(args);
	free(flags);
}

static void do_asm(struct body *b, struct flow_block *at, struct instruction *insn)
{
	struct asm_rules *rules = insn->asm_rules;
	struct flow_val **args = NULL;
	unsigned int n = 0, cap = 0;
	struct asm_constraint *c;

	FOR_EACH_PTR(rules->inputs, c) {
		GROW(args, n, cap);
		args[n++] = sp_value(b, c->pseudo, NULL);
	} END_FOR_EACH_PTR(c);
	FOR_EACH_PTR(rules->outputs, c) {
		if (!c->is_memory)
			continue;
		GROW(args, n, cap);
		args[n++] = sp_value(b, c->pseudo, NULL);
	} END_FOR_EACH_PTR(c);
	flow_asm(at, n, args, loc_of(b, insn));
	free(args);
	/* What comes out is a new value each time. */
	FOR_EACH_PTR(rules->outputs, c) {
		char *name;

		if (c->is_memory)
			continue;
		name = xasprintf("asm.%u", b->nasm++);
		define(c->pseudo, flow_pure(at, name, 0, NULL));
		free(name);
	} END_FOR_EACH_PTR(c);
}

static struct flow_val *computed(struct body *b, struct flow_block *at, struct instruction *insn)
{
	struct flow_val *v;

	switch (insn->opcode) {
	case OP_ADD:
		v = sp_add_constant(b, at, insn);
		if (!v)
			v = is_zero(insn->src2) ? sp_value(b, insn->src1, insn->type) : binary(b, at, insn, FLOW_ADD);
		return v;
	case OP_SUB:
		return binary(b, at, insn, FLOW_SUB);
	case OP_MUL:
		return binary(b, at, insn, FLOW_MUL);
	case OP_AND:
		return binary(b, at, insn, FLOW_AND);
	case OP_MODU:
		return modulo(b, at, insn);
	case OP_SHL:
		return shift_left(b, at, insn);
	case OP_OR:
		return binary(b, at, insn, FLOW_OR);
	case OP_BINCMP ... OP_BINCMP_END:
		return compare(b, at, insn);
	case OP_TRUNC: case OP_ZEXT: case OP_SEXT: case OP_UTPTR: case OP_PTRTU: case OP_PTRCAST: case OP_COPY:
		return cast(b, at, insn);
	case OP_SYMADDR:
		return sp_value(b, insn->src, NULL);
	case OP_SEL:
		return flow_select(at, sp_value(b, insn->src1, NULL), sp_value(b, insn->src2, insn->type),
				   sp_value(b, insn->src3, insn->type));
	case OP_SETVAL:
		return set_value(b, insn);
	case OP_SETFVAL:
		return flow_pure(at, "float", 0, NULL);
	case OP_FMADD:
		return pure(b, at, insn, 3);
	case OP_NEG:
		return flow_binary(at, FLOW_SUB, flow_const(b->f, 0), sp_value(b, insn->src1, insn->type));
	case OP_NOT:
		return flow_binary(at, FLOW_SUB, flow_const(b->f, -1), sp_value(b, insn->src1, insn->type));
	case OP_FNEG: case OP_SLICE:
	case OP_FCVTU: case OP_FCVTS: case OP_UCVTF: case OP_SCVTF: case OP_FCVTF:
		return pure(b, at, insn, 1);
	default:
		return pure(b, at, insn, 2);
	}
}

/**
 * translate_insn() - one instruction; the ends of blocks are body.c's
 */
void translate_insn(struct body *b, struct flow_block *at, struct instruction *insn)
{
	switch (insn->opcode) {
	case OP_LOAD:
		do_load(b, at, insn);
		break;
	case OP_STORE:
		do_store(b, at, insn);
		break;
	case OP_PHI:
		do_phi(b, at, insn);
		break;
	case OP_CALL:
		do_call(b, at, insn);
		break;
	case OP_ASM:
		do_asm(b, at, insn);
		break;
	case OP_ENTRY: case OP_TERMINATOR ... OP_TERMINATOR_END:
	case OP_PHISOURCE: case OP_INLINED_CALL: case OP_NOP: case OP_DEATHNOTE: case OP_CONTEXT: case OP_RANGE:
	case OP_LABEL: case OP_BADOP:
		break;
	default:
		define(insn->target, computed(b, at, insn));
		break;
	}
}
