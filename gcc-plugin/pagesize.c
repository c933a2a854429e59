// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pagesize.c - the size of a page, as the headers define it
 */
#include "plugin.h"

enum { DEFAULT_PAGE = 4096, LOOKUPS = 6 };

/* The text that an object-like macro stands for, or NULL. */
static const char *macro_text(const char *name, size_t len)
{
	cpp_hashnode *node;
	const char *def;

	node = cpp_lookup(parse_in, (const unsigned char *)name, len);
	if (!node || !cpp_macro_p(node) || cpp_fun_like_macro_p(node))
		return NULL;
	def = (const char *)cpp_macro_definition(parse_in, node);
	return def ? def + len : NULL;
}

/* The number that a macro is defined as, directly or by another macro's name. Return: false where it is anything else. */
static bool macro_number(const char *name, unsigned long *value)
{
	size_t len = strlen(name);
	unsigned int i;
	char *end;

	for (i = 0; i < LOOKUPS; i++) {
		name = macro_text(name, len);
		if (!name)
			return false;
		name += strspn(name, " (");
		if (ISDIGIT(*name)) {
			*value = strtoul(name, &end, 0);
			end += strspn(end, "uUlL");
			return !end[strspn(end, " )")];
		}
		for (len = 0; ISIDNUM(name[len]); len++)
			;
		if (!len || name[len + strspn(name + len, " )")])
			return false;
	}
	return false;
}

static bool is_page(unsigned long size)
{
	return size >= 1024 && size <= 1 << 20 && !(size & (size - 1));
}

/**
 * kp_pagesize() - PAGE_SIZE of the unit, in bytes
 *
 * Return: 4096 where no header says anything that can be read off.
 */
unsigned int kp_pagesize(void)
{
	/* Chosen by type, since the second has namesakes. */
	cpp_hashnode *(*lookup)(cpp_reader *, const unsigned char *, unsigned int) = cpp_lookup;
	const unsigned char *(*definition)(cpp_reader *, cpp_hashnode *) = cpp_macro_definition;
	unsigned long v;

	if (!&parse_in || !parse_in || !lookup || !definition)
		return DEFAULT_PAGE;
	if ((macro_number("PAGE_SHIFT", &v) || macro_number("CONFIG_PAGE_SHIFT", &v)) && v < 32 && is_page(1ul << v))
		return 1u << v;
	if (macro_number("PAGE_SIZE", &v) && is_page(v))
		return v;
	return DEFAULT_PAGE;
}
