/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * example.h - numbers that are tried for what is not known on a path; see example.c
 */
#ifndef KMAPCHECK_EXAMPLE_H
#define KMAPCHECK_EXAMPLE_H

#include "facts.h"

#define EXAMPLE_ARGS 12

enum example_op {
	EX_FREE,		/* may be anything in @own */
	EX_FIXED,		/* a constant, the address of something */
	EX_SUM, EX_MUL, EX_DIV, EX_MOD, EX_RSHIFT, EX_LSHIFT,
	EX_AND, EX_OR, EX_XOR, EX_NOT, EX_CMP,
	EX_ABS, EX_LOW_BITS, EX_SIGNED_BITS, EX_FIELD, EX_SET_FIELD, EX_SWAP,
};

/**
 * struct number - a symbol, and the number that stands for it now
 * @args: its operands, by index, all smaller than its own
 */
struct number {
	const struct sym *sym;
	enum example_op op;
	bool is_unsigned;
	unsigned int nargs;
	unsigned int args[EXAMPLE_ARGS];
	struct range own;
	int64_t val;
};

struct example {
	unsigned int n, cap;
	struct number *v;
	uint32_t seed;
};

/* What computes the symbol. */
enum example_op example_op_of(const struct sym *s);
/* A number below @n. */
unsigned int example_random(struct example *e, unsigned int n);
/* The value of number @i by those of its operands. */
int64_t example_eval(const struct example *e, unsigned int i);
/* Change one number that number @i depends on so that it comes to @want, or nearer to it. Return: was there one? */
bool example_aim(struct example *e, unsigned int i, int64_t want);

#endif
