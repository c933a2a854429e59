/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The random test: programs (gen.c, scopes.c, mutate.c), their translation to flow (emit.c), their execution (exec.c,
 * machine.c), and the comparison of what happened with what the engine says (judge.c, main.c)
 *
 * A program is a few functions of structured statements over variables. It starts correct, built of scopes that map, do
 * something and unmap; then it is changed in a few random places. Whether it is still correct nobody knows but the
 * executor.
 */
#ifndef KMAPCHECK_RANDOM_H
#define KMAPCHECK_RANDOM_H

#include "flow.h"
#include "kmapcheck.h"
#include "util.h"

#define PAGE 4096

/* Variables of a function: some integers, some addresses, some pages. */
#define MAX_VARS 40
#define MAX_FUNCS 8
#define MAX_NODES 400
#define MAX_LABELS 16

struct rng {
	uint64_t state;
};

unsigned int rnd(struct rng *r, unsigned int n);	/* 0 .. n - 1 */
bool chance(struct rng *r, unsigned int percent);

enum family {
	LOCAL, ATOMIC, KMAP,
};

enum stmt {
	S_NOP,
	S_MAP,		/* var = map of page var2, family n */
	S_UNMAP,	/* unmap var + n, family n2; of kmap: the page var */
	S_IF,		/* cond: body, else els */
	S_SWITCH,	/* on var: case n: body, case n2: els, default: nothing */
	S_FOR,		/* for (var = 0; var < var2; var++) body */
	S_WHILE,	/* while (ext()) body */
	S_BREAK, S_CONTINUE,
	S_LABEL,	/* body; S_GOTO n inside comes out behind it; its label's number is n */
	S_GOTO,
	S_SET,		/* var = n */
	S_UNDEF,	/* var is not initialised */
	S_COPY,		/* var = var2 + n */
	S_ADD,		/* var = var2 + var3 */
	S_SELECT,	/* var = cond ? var2 : var3 */
	S_FLAG,		/* var = cond */
	S_PUT,		/* memory n = var2 */
	S_GET,		/* var = memory n; n2: as an integer */
	S_ACCESS,	/* load (n2: store) at var + n */
	S_EXT,		/* var = ext(), 0 or 1; n: ext_number(), any */
	S_EXT_USE,	/* ext_use(var) */
	S_CALL,		/* var (or none: -1) = function n (args) */
	S_RET,		/* return var, or n where var is -1 */
	S_BUG,		/* panic() */
};

enum cond_kind {
	C_CMP,		/* var OP n */
	C_TRUTH,	/* var */
	C_NOT,		/* !var */
	C_AND, C_OR,	/* var OP n, var2 OP2 n2; both are always evaluated */
	C_ANDIF, C_ORIF,	/* the same, as branches */
	C_FIELD,	/* field n2 of the parameter's struct OP n */
};

struct cond {
	enum cond_kind kind;
	enum flow_cmp op, op2;
	int var, n, var2, n2;
};

struct node {
	enum stmt kind;
	int var, var2, var3, n, n2;
	int args[4], nargs;
	struct cond cond;
	struct node *body, *els, *next;
	};

/*
 * Memory that S_PUT and S_GET name: 0..3 variables of the function, 4..7 fields of the struct that parameter ctx points to, 8 what
 * var3 points to. Two more fields of that struct are integers that C_FIELD reads. In the arguments of S_CALL a number from ADDRESS_OF is
 * the address of that memory, a smaller one a variable.
 */
#define NMEM 9
#define MEM_FIELD 4
#define MEM_DEREF 8
#define ADDRESS_OF 1000

enum helper {
	H_NONE,
	H_MAP,		/* (page): maps it */
	H_MAP_NULL,	/* (page, n): maps it, or gives NULL */
	H_MAP_OUT,	/* (page, out): maps it to *out and gives 0, or gives an error */
	H_UNMAP,	/* (addr) */
	H_UNMAP_IF,	/* (addr or NULL) */
	H_UNMAP_TWO,	/* (addr, addr): the first one first */
	H_KINDS
};

struct function {
	char name[24];
	enum helper helper;
	bool is_static;
	int nparams;
	enum flow_type params[6];	/* of variables 0 .. */
	int ctx;			/* the parameter that points to the struct, or -1 */
	int nvars;
	struct node *body;
};

/**
 * struct program - what one seed gives
 * @nfuncs: helpers first; the roots, which others call, last
 */
struct program {
	struct rng rng;
	int nfuncs;
	struct function funcs[MAX_FUNCS];
	int nnodes;
	struct node nodes[MAX_NODES];
	int nlabels;
	/* for the distribution */
	int maps, loops, pairs, helpers, depth, mutations, memory;
	uint64_t seed;
};

/* gen.c, scopes.c */
void gen_program(struct program *p, uint64_t seed);
struct node *new_node(struct program *p, enum stmt kind);
struct node **append_node(struct node **end, struct node *n);
int new_var(struct function *f);
struct cond gen_cond(struct program *p, struct function *f);
struct cond negate(struct cond c);
void gen_helpers(struct program *p);

/* mutate.c */
void mutate(struct program *p);
void each_node(struct node *list, void (*fn)(struct node *n, void *data), void *data);

/* emit.c: the unit, every instruction on a line of its own in file 1 */
struct flow_unit *emit_program(const struct program *p);

#define MAX_LINES 2000

/**
 * struct observed - what the executions showed, by line
 * @reached: it was executed; @returned: and the root returned after that
 * @unproved: an execution contradicts "proved" of the site on this line
 * @faulty: in an execution something went wrong with what this site maps or unmaps
 * @rules: bit by enum kc_rule: findings that an execution bears out
 * @first: the rules of faults that were the first of their execution: a complete engine reports them
 */
struct observed {
	unsigned int lines;
	bool reached[MAX_LINES], returned[MAX_LINES], unproved[MAX_LINES], faulty[MAX_LINES];
	unsigned int rules[MAX_LINES], first[MAX_LINES];
	unsigned int runs;
	bool complete;		/* all executions were seen */
};

/*
 * What replays the events of a finding: the rule, its line, and the events, each 4 times its line; of a branch that has to be taken 1
 * more, of one not to be taken 2 more.
 */
struct wanted {
	enum kc_rule rule;
	unsigned int line, nevents;
	const unsigned int *events;
	bool seen;
};

/* machine.c, exec.c */
void observe(const struct flow_unit *u, struct observed *o, unsigned int max_runs);
/* Is there an execution with this fault that passes the events in their order? Sets w->seen of each. */
void replay(const struct flow_unit *u, struct wanted *w, unsigned int n, unsigned int max_runs);

/* judge.c: NULL, or what is wrong between engine and executions, to be freed */
struct tally {
	unsigned long programs, sites[3], findings[KC_RULES], faults[KC_RULES], missed[KC_RULES], silent[KC_RULES];
	unsigned long runs, incomplete, replayed;
	unsigned long maps, loops, pairs, helpers, memory;
	unsigned long depth[8], nmaps[8];
	unsigned long reasons[KC_REASONS];
};

char *judge(struct kc *kc, const struct program *p, struct tally *t, struct flow_unit *u);
/* Makes the program as small as it gets while judge() still finds something of the same kind. */
void reduce(struct kc *kc, struct program *p, const char *complaint);

#endif
