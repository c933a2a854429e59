// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cmd-api.c - "kmapcheck api": the names that a source file must hold to be worth checking
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "report.h"
#include "util.h"

/*
 * Maps, unmaps, flushes and nothing else, or writes a page and leaves the flush to its caller: helpers that write, flush and publish
 * in one leave no duty that their callers could miss.
 */
static bool is_primary(const struct api_fn *f)
{
	bool flushes = false, writes = false, more = false;
	unsigned int i;

	for (i = 0; i < f->neffects; i++) {
		switch (f->effects[i].kind) {
		case API_MAPS:
		case API_MAPS_OR_NULL:
		case API_MAPS_OR_ERR:
		case API_UNMAPS:
		case API_UNMAPS_LIVE:
			return true;
		case API_FLUSHES:
		case API_FLUSHES_PAGE:
			flushes = true;
			break;
		case API_WRITES_OBJECT:
			writes = true;
			break;
		case API_WRITES:
		case API_PUBLISHES:
		case API_UNLOCKS:
			more = true;
			break;
		default:
			break;
		}
	}
	return flushes ? !more && !writes : writes;
}

/* Names in the making: the model has no order. */
struct names {
	unsigned int n, cap;
	const char **name;
	bool primary;
};

static void take_name(const struct api_fn *f, void *data)
{
	struct names *t = data;

	if (t->primary && !is_primary(f))
		return;
	GROW(t->name, t->n, t->cap);
	t->name[t->n++] = f->name;
}

static int cmp_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void print_names(const struct api *a, bool primary)
{
	struct names t = { .primary = primary };
	unsigned int i;

	api_each(a, take_name, &t);
	if (t.n)
		qsort(t.name, t.n, sizeof(*t.name), cmp_name);
	for (i = 0; i < t.n; i++)
		puts(t.name[i]);
	free(t.name);
}

static int show_help(FILE *to, int status)
{
	fprintf(to, "usage: kmapcheck api [--names] [FILE...]\n"
		    "\n"
		    "Prints the functions that the API model describes, with the lines of FILEs added.\n"
		    "\n"
		    "   --names   only those that map, unmap, flush, or write and leave the flush to\n"
		    "             others: a source file that names none of them needs no check\n");
	return status;
}

int cmd_api(int argc, char **argv)
{
	bool names = false;
	struct api *a;
	char *err = NULL;
	int i, status = 0;

	a = api_new();
	for (i = 1; i < argc && !status; i++) {
		if (!strcmp(argv[i], "--help")) {
			api_free(a);
			return show_help(stdout, 0);
		}
		if (!strcmp(argv[i], "--names")) {
			names = true;
		} else if (argv[i][0] == '-') {
			fprintf(stderr, "kmapcheck api: unknown option '%s'\n", argv[i]);
			status = show_help(stderr, 2);
		} else if (!api_add_file(a, argv[i], &err)) {
			fprintf(stderr, "%s\n", err);
			free(err);
			status = 2;
		}
	}
	if (!status)
		print_names(a, names);
	api_free(a);
	return status;
}
