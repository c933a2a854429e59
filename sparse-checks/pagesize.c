// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pagesize.c - the size of a page, as the headers define it
 */
#include "front.h"

#include <ctype.h>
#include <stdlib.h>

enum { DEFAULT_PAGE = 4096, LOOKUPS = 6 };

/* What an object-like macro stands for, parentheses left out: one token, or NULL. */
static struct token *macro_token(struct ident *ident)
{
	struct symbol *sym = lookup_symbol(ident, NS_MACRO);
	struct token *token, *found = NULL;

	if (!sym || sym->arglist || !sym->expansion)
		return NULL;
	for (token = sym->expansion; !eof_token(token); token = token->next) {
		if (match_op(token, '(') || match_op(token, ')') || token_type(token) == TOKEN_UNTAINT)
			continue;
		if (found)
			return NULL;
		found = token;
	}
	return found;
}

/* The number that a macro is defined as, directly or by another macro's name. */
static bool macro_number(const char *name, unsigned long *value)
{
	struct ident *ident = built_in_ident(name);
	struct token *token;
	unsigned int i;
	char *end;

	for (i = 0; i < LOOKUPS; i++) {
		token = macro_token(ident);
		if (!token)
			return false;
		if (token_type(token) == TOKEN_NUMBER) {
			*value = strtoul(token->number, &end, 0);
			return end != token->number;
		}
		if (token_type(token) != TOKEN_IDENT)
			return false;
		ident = token->ident;
	}
	return false;
}

static bool is_page(unsigned long size)
{
	return size >= 1024 && size <= 1 << 20 && !(size & (size - 1));
}

/**
 * sp_page_size() - PAGE_SIZE of the unit, in bytes; to be asked for while sparse still has the file's tokens
 *
 * Return: 4096 where no header says anything that can be read off.
 */
unsigned int sp_page_size(void)
{
	unsigned long v;

	if ((macro_number("PAGE_SHIFT", &v) || macro_number("CONFIG_PAGE_SHIFT", &v)) && v < 32 && is_page(1ul << v))
		return 1u << v;
	if (macro_number("PAGE_SIZE", &v) && is_page(v))
		return v;
	return DEFAULT_PAGE;
}
