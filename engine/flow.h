/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flow.h - the flow IR: what a front end translates C into, and all that it needs of the engine's data
 *
 * A unit holds functions; a function holds blocks; a block holds instructions in SSA form and ends in guarded edges,
 * a return, or nothing (control does not get past it). A value is the instruction that makes it. Leaves (constants,
 * parameters, addresses of variables) are values that stand in no block. Everything that a unit points to is owned by the
 * unit and lives until flow_unit_free(); strings are interned, equal strings are equal pointers.
 *
 * The text form prints and parses back to itself (flow-print.c, flow-parse.c):
 *
 *	unit "fill.c" pagesize 4096			the .c file; files are numbered by "file" lines
 *	file 1 "fill.c"
 *	layout sg_mapping_iter.addr 24			where a field is that no instruction needs to name
 *	role my_emit dir_context			it has such a parameter; "role my_lookup inode_operations.lookup"
 *	func fill(%folio, %len int) static !1:10-40 {	flags: static, taken, inline, varargs; lines from-to
 *	local %buf "buf"				the address of a variable in memory; likewise: global %x "name"
 *	@0:
 *		%dst.1 = call kmap_local_folio(%folio, 0) ptr !1:12:9
 *		%2 = field %ctx, 16, "crypto_ctx.buffer"
 *		%3 = load %2, 8 !1:13:2			address, bytes; "load volatile %2, 8"
 *		store %2, %dst.1, 8
 *		move %a, %b, 64				a struct copy: to, from, bytes
 *		kill %buf				the variable's life ends; its content is gone
 *		%4 = cmp slt %3, 0			eq ne, signed slt sle sgt sge, unsigned ult ule ugt uge
 *		%5 = add %dst.1, %len
 *		%6 = pure "trunc_mod" %3, 7		any other computation that depends on its operands alone;
 *						".u" behind the name where it is of unsigned numbers and differs
 *		%7 = select %4, %3, %5
 *		%8 = call helper(%dst.1, const %src, int %len) int !1:15:2
 *		%9 = call *%fn(%dst.1) bool
 *		call panic() noreturn
 *		asm(%dst.1)				also "%x = asm(...)": an output
 *		if %4 goto @1 else @2 !1:16:5
 *	@1:
 *		%10 = phi [@0 %3] [@2 %5]
 *		switch %3 [0: @2] [1..5 9: @3] [default: @4] !1:20:2
 *	@2:
 *		goto @5
 *	@3:
 *		ret %7 !1:30:2				also plain "ret"
 *	@4:
 *		stop					control does not get here, or not past here
 *	}
 *
 * Operands are %names, decimal numbers, "undef", and nothing else. A value's name is the source variable's, a dot
 * and a number where the variable has several values; values of no variable are plain numbers, which are counted anew when
 * the text is printed. '#' starts a comment, one line is one statement. Also:
 *
 *	func f(%p, %n int, %b bool) !1:10:5-40 {	types: void int bool ptr, and uint of at most 32 bits; a parameter without
 *						one is a pointer; the column, where known
 *	func "odd name"(%"<retval>", %"12")	quotes where a name has other characters than letters, digits, "._$" or
 *						starts with a digit; in quotes \" and \\ only, and no line break
 *	local %3				a variable without a name; "local" and "global" lines stand before @0
 *	%1 = copy %a				sub mul and or not likewise
 *	%2 = load %a, 8 ptr			the type of a load, where it is known
 *	store volatile %a, 0, 4
 *	%3 = call f(%a)				a result that is used although no type is known
 *	if %4 goto @1 (!1:17:2) else @2 !1:16:5	in parentheses the place of the edge's own goto or break; likewise behind
 *	switch %3 [-1: @2 (!1:18:2)]		the targets of switch and of goto; else a goto's is that behind it
 *
 * Blocks are numbered from 0 in the order in which they stand; @0 is the entry. "unit", "file" (from 1), "layout" and "role" lines
 * come before what needs them. A file, a field, a function, a global and a value of a function have one name each, and no two
 * edges of a block have one target. What flow_parse() takes, flow_check() finds well formed.
 */
#ifndef KMAPCHECK_FLOW_H
#define KMAPCHECK_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct flow_loc - a place in the source text
 * @file: index into flow_unit.files, 0 where unknown
 * @line: counted from 1, 0 where unknown; in a macro the expansion point's
 * @column: counted from 1, 0 where unknown
 */
struct flow_loc {
	unsigned int file, line, column;
};

enum flow_op {
	/* leaves: stand in no block */
	FLOW_CONST,		/* imm */
	FLOW_PARAM,		/* imm: the parameter's number, from 0 */
	FLOW_GLOBAL,		/* the address of the variable or function name */
	FLOW_LOCAL,		/* the address of a variable of this function that lives in memory */
	FLOW_UNDEF,		/* an uninitialised value */
	/* pure */
	FLOW_COPY,		/* arg 0; also casts between pointers and integers and of width */
	FLOW_ADD, FLOW_SUB, FLOW_MUL,
	FLOW_AND, FLOW_OR,	/* bitwise, or logical of two truth values */
	FLOW_NOT,		/* logical: 1 if arg 0 is 0, else 0 */
	FLOW_PURE,		/* any other function, of that name, of the operands alone */
	FLOW_CMP,		/* imm: enum flow_cmp; args 0 and 1; gives 0 or 1 */
	FLOW_SELECT,		/* arg 0 ? arg 1 : arg 2 */
	FLOW_FIELD,		/* arg 0 + imm bytes: the address of a field, name "tag.field" (or ".field", or NULL) */
	FLOW_PHI,		/* one arg per incoming edge, preds[i] the block that arg i comes from */
	/* memory and calls */
	FLOW_LOAD,		/* from address arg 0, size bytes */
	FLOW_STORE,		/* to address arg 0 the value arg 1, size bytes */
	FLOW_MOVE,		/* struct copy: to address arg 0 from address arg 1, size bytes */
	FLOW_KILL,		/* the memory at address arg 0 has no content any more */
	FLOW_CALL,		/* name, or fn where it is indirect; argflags[i] says what arg i is */
	FLOW_ASM,		/* inline assembly with these operands; its value is an output */
};

enum flow_cmp {
	FLOW_EQ, FLOW_NE,
	FLOW_SLT, FLOW_SLE, FLOW_SGT, FLOW_SGE,
	FLOW_ULT, FLOW_ULE, FLOW_UGT, FLOW_UGE,
};

enum flow_argflag {
	FLOW_ARG_MUT = 0,	/* pointer to non-const, or unknown */
	FLOW_ARG_CONST = 1,	/* pointer to const: the callee does not write through it */
	FLOW_ARG_INT = 2,	/* no pointer by its type */
};

enum flow_type {
	FLOW_T_VOID, FLOW_T_INT, FLOW_T_BOOL, FLOW_T_PTR,
	FLOW_T_UINT,		/* of at most 32 bits and unsigned: not negative */
};

struct flow_block;
struct flow_func;

/**
 * struct flow_val - a value and the instruction that makes it
 * @id: dense in the function, from 0, leaves included
 * @name: as in the text form; NULL for values of no variable and for constants
 * @str: callee of a call, variable of a leaf, "tag.field" of a field, function of a pure
 * @args: operands, @nargs of them
 */
struct flow_val {
	enum flow_op op;
	enum flow_type type;		/* of a parameter, a load or a call's result */
	unsigned int id;
	unsigned int nargs;
	struct flow_val **args;
	struct flow_func *func;
	struct flow_block *block;	/* NULL for leaves */
	const char *name;
	const char *str;
	int64_t imm;
	unsigned int size;
	bool is_volatile;
	bool noreturn;			/* of a call */
	unsigned char *argflags;	/* of a call: enum flow_argflag, @nargs of them */
	struct flow_val *fn;		/* of an indirect call: the address called */
	struct flow_block **preds;	/* of a phi */
	bool named;			/* the engine's: a symbol stands for what it gave */
	struct flow_loc loc;
};

struct flow_range {
	int64_t lo, hi;
};

enum flow_guard {
	FLOW_ALWAYS,
	FLOW_IF,		/* taken when the block's cond is not 0 */
	FLOW_ELSE,		/* taken when it is 0 */
	FLOW_CASE,		/* taken when it is in one of the ranges */
	FLOW_DEFAULT,		/* taken when no other edge of the block is */
};

struct flow_edge {
	struct flow_block *to;
	enum flow_guard guard;
	unsigned int nranges;
	struct flow_range *ranges;
	struct flow_loc loc;	/* of the goto or break that makes it, where there is one */
};

enum flow_term {
	FLOW_STOP, FLOW_GOTO, FLOW_BRANCH, FLOW_SWITCH, FLOW_RET,
};

/**
 * struct flow_block - a basic block
 * @vals: its instructions in order, phis first
 * @cond: of FLOW_BRANCH and FLOW_SWITCH the value decided on; of FLOW_RET the value returned, or NULL
 * @loc: of the terminator: the condition, or the return statement
 */
struct flow_block {
	unsigned int id;
	struct flow_func *func;
	unsigned int nvals, cvals;
	struct flow_val **vals;
	enum flow_term term;
	struct flow_val *cond;
	unsigned int nedges;
	struct flow_edge *edges;
	struct flow_loc loc;
};

/**
 * struct flow_func - a function
 * @vals: all values by id
 * @blocks: by id; blocks[0] is the entry
 * @is_static: no caller out of sight unless @taken
 * @taken: its address is taken, so that unknown callers may exist
 * @is_inline: its body stands in a header (never counted in the shares over a .c file)
 * @loc: of its name; @endline: the last line of its body, 0 where unknown
 */
struct flow_func {
	const char *name;
	struct flow_unit *unit;
	struct flow_loc loc;
	unsigned int endline;
	bool is_static, taken, is_inline, varargs;
	unsigned int nparams;
	struct flow_val **params;
	unsigned int nvals, cvals;
	struct flow_val **vals;
	unsigned int nblocks, cblocks;
	struct flow_block **blocks;
	void *priv;			/* the engine's */
};

/**
 * struct flow_layout - where a field is: @field ("tag.field") lies @offset bytes into its struct
 */
struct flow_layout {
	const char *field;
	int64_t offset;
};

/**
 * struct flow_role - what a function is there for: @name is "tag.field" where its address stands in that field of a table of functions, or
 * "tag" where it has a parameter that points to that struct
 *
 * The function need not be in the unit. Front ends give the roles that kc_wants_role() asks for.
 */
struct flow_role {
	const char *func, *name;
};

struct flow_unit {
	const char *name;		/* the main source file */
	unsigned int pagesize;		/* bytes */
	unsigned int nfiles, cfiles;
	const char **files;		/* files[0] is "" */
	unsigned int nfuncs, cfuncs;
	struct flow_func **funcs;
	unsigned int nlayouts, clayouts;
	struct flow_layout *layouts;
	unsigned int nroles, croles;
	struct flow_role *roles;
	struct arena *arena;
	struct strtab *strings;
};

/* flow.c: building. All return non-NULL; running out of memory ends the process with a message. */
struct flow_unit *flow_unit_new(const char *name, unsigned int pagesize);
void flow_unit_free(struct flow_unit *u);
const char *flow_intern(struct flow_unit *u, const char *s);
unsigned int flow_file(struct flow_unit *u, const char *name);
void flow_layout(struct flow_unit *u, const char *field, int64_t offset);
void flow_role(struct flow_unit *u, const char *func, const char *name);

struct flow_func *flow_func_new(struct flow_unit *u, const char *name, struct flow_loc loc);
struct flow_func *flow_find_func(struct flow_unit *u, const char *name);
struct flow_val *flow_param(struct flow_func *f, const char *name, enum flow_type type);
struct flow_block *flow_block_new(struct flow_func *f);

struct flow_val *flow_const(struct flow_func *f, int64_t v);
struct flow_val *flow_undef(struct flow_func *f);
struct flow_val *flow_global(struct flow_func *f, const char *name);	/* one value per name */
/* The address of a string of the source: one value per content, called by it, in quotes, where it is short. */
struct flow_val *flow_string(struct flow_func *f, const char *s, size_t len);
struct flow_val *flow_local(struct flow_func *f, const char *name);	/* a new variable at each call */

/* Append an instruction to @b. @name may be NULL. */
struct flow_val *flow_unary(struct flow_block *b, enum flow_op op, struct flow_val *x);	/* COPY NOT KILL */
struct flow_val *flow_binary(struct flow_block *b, enum flow_op op, struct flow_val *x, struct flow_val *y);
struct flow_val *flow_cmp(struct flow_block *b, enum flow_cmp c, struct flow_val *x, struct flow_val *y);
struct flow_val *flow_select(struct flow_block *b, struct flow_val *c, struct flow_val *x, struct flow_val *y);
struct flow_val *flow_pure(struct flow_block *b, const char *what, unsigned int n, struct flow_val **args);
struct flow_val *flow_field(struct flow_block *b, struct flow_val *base, int64_t offset, const char *field);
struct flow_val *flow_load(struct flow_block *b, struct flow_val *addr, unsigned int size, struct flow_loc loc);
struct flow_val *flow_store(struct flow_block *b, struct flow_val *addr, struct flow_val *v, unsigned int size,
			    struct flow_loc loc);
struct flow_val *flow_move(struct flow_block *b, struct flow_val *to, struct flow_val *from, unsigned int size,
			   struct flow_loc loc);
/* @name of the callee, or NULL and @fn. @argflags: as many as @args, copied. */
struct flow_val *flow_call(struct flow_block *b, const char *name, struct flow_val *fn, unsigned int n,
			   struct flow_val **args, const unsigned char *argflags, enum flow_type type,
			   struct flow_loc loc);
struct flow_val *flow_asm(struct flow_block *b, unsigned int n, struct flow_val **args, struct flow_loc loc);
/* A phi is made empty, so that loops can be built, and filled with flow_phi_add(). It is put before all non-phis. */
struct flow_val *flow_phi(struct flow_block *b);
void flow_phi_add(struct flow_val *phi, struct flow_block *pred, struct flow_val *v);
void flow_name(struct flow_val *v, const char *name);	/* made unique: "dst" becomes "dst.17" */
/* Turns @v into a copy of @x: for values that had to be made before their definition was seen. */
void flow_set_copy(struct flow_val *v, struct flow_val *x);

/* End a block. Exactly one of these per block; a block without one is FLOW_STOP. */
void flow_goto(struct flow_block *b, struct flow_block *to, struct flow_loc loc);
void flow_branch(struct flow_block *b, struct flow_val *cond, struct flow_block *yes, struct flow_block *no,
		 struct flow_loc loc);
/* flow_switch() then flow_case() for each target: several ranges of one target are several calls. */
void flow_switch(struct flow_block *b, struct flow_val *cond, struct flow_loc loc);
void flow_case(struct flow_block *b, struct flow_block *to, int64_t lo, int64_t hi);
void flow_default(struct flow_block *b, struct flow_block *to);
void flow_ret(struct flow_block *b, struct flow_val *v, struct flow_loc loc);

/**
 * flow_check() - is the function well formed?
 *
 * Every operand belongs to @f, defined before it is used (dominance), phis name exactly their predecessors, edges stay
 * inside. Return: NULL, or what is wrong in a string that lives as long as the unit.
 */
const char *flow_check(struct flow_func *f);

/* flow-print.c, flow-parse.c */
void flow_print(const struct flow_unit *u, FILE *out);
void flow_print_func(const struct flow_func *f, FILE *out);
/**
 * flow_parse() - read the text form
 * @name: of the file, for messages
 * @text: NUL-terminated
 * @err: set to "file:line:column: expected …, found …" on failure, to be freed by the caller
 *
 * Return: the unit, to be freed by flow_unit_free(), or NULL.
 */
struct flow_unit *flow_parse(const char *name, const char *text, char **err);

#ifdef __cplusplus
}
#endif
#endif
