/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sym.h - symbolic values: what the engine knows an SSA value to be, as hash-consed expressions
 *
 * Equal expressions are equal pointers. Sums are kept in one normal form (a constant and terms with coefficients, ordered
 * by id), so that "off + (4096 - off)" is 4096 and addresses are compared by subtraction. Arithmetic is that of the integers: that a sum
 * overflows is not followed; of a product of 32 bits without a sign something may be lost (facts.c).
 */
#ifndef KMAPCHECK_SYM_H
#define KMAPCHECK_SYM_H

#include "flow.h"
#include "util.h"

enum sym_kind {
	SYM_CONST,	/* num */
	SYM_UNDEF,	/* an uninitialised value, of val */
	SYM_PARAM,	/* the parameter val at the entry of its function */
	SYM_GLOBAL,	/* the address of the variable str */
	SYM_LOCAL,	/* the address of the variable val */
	SYM_INIT,	/* what memory at address args[0] held at the entry; gen 1: some time later */
	SYM_VAL,	/* what the instruction val gave, gen iterations of its loop ago; inner: the callee's symbol it stands for */
	SYM_ITER,	/* how often the loop headed by block (of function val->func) has turned */
	SYM_SUM,	/* num + Σ coefs[i] * args[i] */
	SYM_PURE,	/* str(args) */
	SYM_CMP,	/* num: enum flow_cmp; args[0], args[1] */
	SYM_NOT, SYM_AND, SYM_OR,
};

#define SYM_GEN_VAGUE 3		/* three or more iterations ago: which is not known, it equals nothing, not even itself */

/* What the symbol mentions, itself included. */
#define SYM_HAS_MAP	1	/* the address of a mapping */
#define SYM_HAS_VAL	2	/* an instruction's result or a loop's count: changes as loops turn */
#define SYM_HAS_VAGUE	4
#define SYM_HAS_OWN	8	/* something of the function itself: a callee's symbol means nothing to its caller as it is */
#define SYM_HAS_UNDEF	16
#define SYM_HAS_LATE	32	/* what memory held some time after the entry */

/* What is looked at most comes first: most symbols are asked for their hash, or for what they mention, and nothing else. */
struct sym {
	struct sym *next;		/* of the hash bucket */
	unsigned int hash;
	unsigned int id;
	enum sym_kind kind;
	enum flow_type type;		/* of leaves: what the front end said it is */
	unsigned char has;
	unsigned char gen;
	bool is_map;			/* of SYM_VAL: the first byte of a mapped page */
	unsigned short depth;
	unsigned int nargs;
	struct sym *root;		/* see sym_root() */
	uint64_t vals;			/* a bit by the id of each instruction, or loop header, mentioned: none set, none mentioned */
	struct sym **args;
	int64_t num;
	const char *str;
	const struct flow_val *val;
	const struct flow_block *block;
	struct sym *inner;
	int64_t *coefs;
	unsigned int size;		/* nodes of the expression written out as a tree */
	unsigned int terms;		/* of SYM_SUM: a hash of its terms, whatever their sign; the constant is left out */
};

struct symtab;

/* What wraps the symbols of objects: the same object, a page of it, an address of it for which nothing was mapped. */
extern const char sym_at_object[], sym_at_page[], sym_address_of[];
/* What names the answer of a call, kept as if it lay in memory. */
extern const char sym_answer_of[];

struct symtab *symtab_new(struct arena *a);
void symtab_free(struct symtab *t);

struct sym *sym_const(struct symtab *t, int64_t n);
struct sym *sym_undef(struct symtab *t, const struct flow_val *v);
struct sym *sym_param(struct symtab *t, const struct flow_val *v);
struct sym *sym_global(struct symtab *t, const char *name);
struct sym *sym_local(struct symtab *t, const struct flow_val *v);
struct sym *sym_init(struct symtab *t, struct sym *addr, enum flow_type type);
/* The same at some time after a call out of sight: probably what it was. */
struct sym *sym_late(struct symtab *t, struct sym *addr, enum flow_type type);
struct sym *sym_val(struct symtab *t, const struct flow_val *v, unsigned int gen, struct sym *inner);
struct sym *sym_map(struct symtab *t, const struct flow_val *v, struct sym *inner);
struct sym *sym_age(struct symtab *t, struct sym *s, unsigned int gen);
/* The bit that the counts of this loop have in @vals of struct sym. */
uint64_t sym_iter_bit(const struct flow_block *header);
struct sym *sym_iter(struct symtab *t, const struct flow_block *header, unsigned int gen);
struct sym *sym_pure(struct symtab *t, const char *what, unsigned int n, struct sym **args);

struct sym *sym_add(struct symtab *t, struct sym *a, struct sym *b);
struct sym *sym_sub(struct symtab *t, struct sym *a, struct sym *b);
struct sym *sym_scale(struct symtab *t, struct sym *a, int64_t by);
struct sym *sym_add_const(struct symtab *t, struct sym *a, int64_t n);
/* Is @a a constant more than @b? Says no of values that equal nothing; makes no symbol. */
bool sym_distance(const struct sym *a, const struct sym *b, int64_t *d);
struct sym *sym_cmp(struct symtab *t, enum flow_cmp c, struct sym *a, struct sym *b);
struct sym *sym_not(struct symtab *t, struct sym *a);
struct sym *sym_and(struct symtab *t, struct sym *a, struct sym *b);
struct sym *sym_or(struct symtab *t, struct sym *a, struct sym *b);
/* Two operands of an operation that does not care about their order, as they are. */
struct sym *sym_pair(struct symtab *t, enum sym_kind kind, struct sym *a, struct sym *b);
/* The lowest bits of @s where all of them are known, else NULL. */
struct sym *sym_low_bits(struct symtab *t, struct sym *s, unsigned int width);
/*
 * A field of some bits taken out of a word ("bits": word, first bit, width), or put into it ("set-bits": word, value, first bit, width).
 * Return: what it is in simpler words, or NULL, @args then being in their normal form.
 */
struct sym *sym_field(struct symtab *t, const char *what, unsigned int n, struct sym **args);
/* "@a == num" in simpler words, where @a is made of bits some of which are known, else NULL. */
struct sym *sym_equals_bits(struct symtab *t, const struct sym *a, int64_t num);
/* Is it 0 or 1? */
bool sym_is_truth(const struct sym *s);

/* The same value for certain? */
static inline bool sym_same(const struct sym *a, const struct sym *b)
{
	return a == b && !(a->has & (SYM_HAS_VAGUE | SYM_HAS_UNDEF));
}

/* Does it speak of nothing but what a caller gave, or what memory held when the function was entered? */
static inline bool sym_is_callers(const struct sym *s)
{
	return (s->has & SYM_HAS_OWN) && !(s->has & (SYM_HAS_VAL | SYM_HAS_VAGUE | SYM_HAS_UNDEF));
}

static inline bool sym_is(const struct sym *s, int64_t n)
{
	return s->kind == SYM_CONST && s->num == n;
}

/* Does it name the answer of a call, not a place in memory? */
static inline bool sym_is_answer(const struct sym *s)
{
	return s->kind == SYM_PURE && s->str == sym_answer_of;
}

enum flow_cmp cmp_negate(enum flow_cmp c);	/* !(a c b) */
enum flow_cmp cmp_swap(enum flow_cmp c);	/* b c a */
bool cmp_const(enum flow_cmp c, int64_t a, int64_t b);

/**
 * sym_rewrite() - replace leaves
 * @leaf: gives the replacement of a leaf (any kind up to SYM_ITER), or the leaf itself. It is not called for constants.
 *
 * Return: the symbol with every leaf replaced, in normal form.
 */
struct sym *sym_rewrite(struct symtab *t, struct sym *s, struct sym *(*leaf)(struct sym *s, void *data), void *data);

/* The same, of a symbol that is left alone where it mentions none of the instructions @vals. */
static inline struct sym *sym_rewrite_of(struct symtab *t, uint64_t vals, struct sym *s,
					 struct sym *(*leaf)(struct sym *s, void *data), void *data)
{
	return s->vals & vals ? sym_rewrite(t, s, leaf, data) : s;
}

/* Does @s mention the leaf @leaf? */
bool sym_mentions(const struct sym *s, const struct sym *leaf);
/* Can the address @leaf be had back from it: is it more than something to compare with, or to take a distance from? */
bool sym_keeps(const struct sym *s, const struct sym *leaf);
/* The first mapping address in it, or NULL. */
struct sym *sym_find_map(struct sym *s);
/* The leaf that an address is relative to: what the memory belongs to. */
static inline struct sym *sym_root(const struct sym *addr)
{
	return addr->root;
}

/* The page or folio that @s names, under whichever type. */
struct sym *sym_object(struct sym *s);

#endif
