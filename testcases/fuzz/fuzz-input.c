// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer target: the other texts that come from outside, each read by each of its readers: C source that is to be
 * mended, lines of the API model, JSON of a report. What is refused is refused with a reason.
 */
#include <stdlib.h>
#include <string.h>

#include "api-parse.h"
#include "report.h"
#include "src.h"
#include "util.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void as_source(const char *text, size_t len)
{
	struct src *s = src_read(text, len);
	unsigned int i, k;

	for (i = 0; i < s->nfuncs; i++)
		src_graph(s, &s->funcs[i]);
	for (i = 1; i <= s->nlines; i++) {
		const struct src_func *f = src_func_at(s, i);
		const struct src_stmt *stmt = f ? src_stmt_at(s, f, i) : NULL;

		for (k = 0; stmt && k < src_nsucc(stmt); k++)
			src_succ(stmt, k);
	}
	src_free(s);
}

static void as_model(const char *text)
{
	struct arena *arena = arena_new();
	struct api_parsed parsed = { 0 };
	char *err = NULL;

	if (api_parse(arena, "fuzz.api", text, &parsed, &err) ? err != NULL : !err || !strstr(err, "expected "))
		abort();
	free(err);
	free(parsed.fns);
	free(parsed.fields);
	free(parsed.roles);
	arena_free(arena);
}

static void as_report(const char *text)
{
	struct arena *arena = arena_new();
	const char *err = NULL;
	unsigned int col = 0;
	const struct json *j = json_parse(arena, text, &err, &col);

	if (!j && (!err || !col))
		abort();
	json_get_str(j, "type");
	json_get_num(j, "line");
	arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = xmalloc(size + 1);

	memcpy(text, data, size);
	text[size] = '\0';
	as_source(text, strlen(text));
	as_model(text);
	as_report(text);
	free(text);
	return 0;
}
