// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer target: the text form. What is taken is well formed, and what it prints to is taken again and prints the same.
 */
#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "util.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *printed(const struct flow_unit *u)
{
	char *s = NULL;
	size_t n;
	FILE *f = open_memstream(&s, &n);

	flow_print(u, f);
	fclose(f);
	return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct flow_unit *u, *again;
	char *text = xmalloc(size + 1), *err = NULL, *a, *b;
	unsigned int i;

	memcpy(text, data, size);
	text[size] = '\0';
	u = flow_parse("fuzz.flow", text, &err);
	free(text);
	if (!u) {
		if (!err || !strstr(err, ": expected ") || !strstr(err, ", found "))
			abort();
		free(err);
		return 0;
	}
	for (i = 0; i < u->nfuncs; i++)
		if (flow_check(u->funcs[i]))
			abort();
	a = printed(u);
	again = flow_parse("fuzz.flow", a, &err);
	if (!again)
		abort();
	b = printed(again);
	if (strcmp(a, b))
		abort();
	flow_unit_free(u);
	flow_unit_free(again);
	free(a);
	free(b);
	return 0;
}
