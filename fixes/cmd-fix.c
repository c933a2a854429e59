// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cmd-fix.c - "kmapcheck fix": candidates for a finding, and what came of one; scripts/kmapcheck-fixes drives it
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "fix.h"
#include "kmapcheck.h"
#include "report.h"
#include "summary.h"
#include "util.h"

static int usage(FILE *to, int status)
{
	fprintf(to, "usage: kmapcheck fix list REPORT FILE\n"
		    "   or: kmapcheck fix try REPORT FILE N SOURCE DIR\n"
		    "   or: kmapcheck fix judge REPORT FILE N SOURCE NEW-REPORT NEW-SOURCE\n"
		    "   or: kmapcheck fix about REPORT FILE N\n"
		    "   or: kmapcheck fix message FILE {REPORT N}...\n"
		    "   or: kmapcheck fix remove SOURCE LINE\n"
		    "\n"
		    "What scripts/kmapcheck-fixes is made of. FILE is a file as the report names it.\n"
		    "\n"
		    "   list     the findings of FILE: number, rule, line, function that is to be mended\n"
		    "   try      write what may mend finding N into DIR/1.c, DIR/2.c and so on, the\n"
		    "            likeliest first; SOURCE is the text that was checked\n"
		    "   judge    say whether NEW-REPORT, of NEW-SOURCE, shows finding N mended\n"
		    "   about    rule, function, variable and object of finding N, a line each\n"
		    "   message  the subject and the description of a patch for findings N\n"
		    "   remove   print SOURCE without the statement on LINE\n"
		    "\n"
		    "Exit status: 0 done, 1 no candidate, not mended, nothing to remove, 2 failure.\n");
	return status;
}

static const struct json *nth(const struct summary *s, const char *file, unsigned int n)
{
	unsigned int i, seen = 0;

	for (i = 0; i < s->nfindings; i++)
		if (!strcmp(s->findings[i].file, file) && ++seen == n)
			return s->findings[i].json;
	return NULL;
}

static char *read_text(const char *path, size_t *len)
{
	char *text = read_file(path, len);

	if (!text)
		fprintf(stderr, "kmapcheck fix: %s: %s\n", path, errno == EILSEQ ? "a NUL byte in it" : strerror(errno));
	return text;
}

static bool read_report(struct summary *s, const char *path)
{
	summary_init(s);
	summary_read(s, path);
	if (!s->bad)
		summary_sort(s);
	return !s->bad;
}

static int fix_list(char **argv)
{
	struct summary s;
	unsigned int i, n = 0;
	int status = 2;

	if (read_report(&s, argv[0])) {
		status = 0;
		for (i = 0; i < s.nfindings; i++)
			if (!strcmp(s.findings[i].file, argv[1]))
				printf("%u\t%s\t%u\t%s\n", ++n, s.findings[i].rule, s.findings[i].line,
				       fix_function(s.findings[i].json));
	}
	summary_free(&s);
	return status;
}

static int fix_about(char **argv)
{
	struct summary s;
	const struct json *f = NULL, *about;
	int status = 2;

	if (read_report(&s, argv[0])) {
		f = nth(&s, argv[1], strtoul(argv[2], NULL, 10));
		status = f ? 0 : 1;
	}
	if (f) {
		about = json_get(f, "about");
		printf("%s\n%s\n%s\n%s\n", json_get_str(f, "rule"), fix_function(f), json_get_str(about, "variable"),
		       json_get_str(about, "object"));
	}
	summary_free(&s);
	return status;
}

static void find_candidates(struct fix *x)
{
	static const struct {
		enum kc_rule rule;
		void (*fix)(struct fix *x);
	} how[] = {
		{ KC_LEAK, fix_leak }, { KC_DOUBLE_UNMAP, fix_double }, { KC_ORDER, fix_order }, { KC_WRONG_ARG, fix_wrong_arg },
		{ KC_USE_AFTER_UNMAP, fix_use_after }, { KC_DCACHE_MISSING, fix_flush }, { KC_DCACHE_EARLY, fix_flush },
		{ KC_DCACHE_WRONG, fix_flush },
	};
	enum kc_rule rule;
	unsigned int i;

	if (!kc_rule_by_name(json_get_str(x->finding, "rule"), &rule))
		return;
	for (i = 0; i < ARRAY_SIZE(how); i++)
		if (how[i].rule == rule)
			how[i].fix(x);
}

static int write_candidates(const struct fix *x, const char *dir)
{
	unsigned int i;
	char *path, *err = NULL;

	for (i = 0; i < x->n; i++) {
		path = xasprintf("%s/%u.c", dir, i + 1);
		if (!kc_put_file(path, x->text[i], strlen(x->text[i]), &err)) {
			fprintf(stderr, "kmapcheck fix: %s\n", err);
			free(err);
			free(path);
			return 2;
		}
		free(path);
		printf("%u\t%s\n", i + 1, x->what[i]);
	}
	return x->n ? 0 : 1;
}

static int fix_try(char **argv)
{
	struct fix x = { .file = argv[1] };
	struct summary s;
	int status = 2;
	unsigned int i;
	char *text = NULL;
	size_t len;

	if (read_report(&s, argv[0]))
		text = read_text(argv[3], &len);
	x.finding = text ? nth(&s, argv[1], strtoul(argv[2], NULL, 10)) : NULL;
	if (text && !x.finding)
		fprintf(stderr, "kmapcheck fix: %s has no finding %s of %s\n", argv[0], argv[2], argv[1]);
	if (x.finding) {
		struct api *api = api_new();

		x.api = api;
		x.s = src_read(text, len);
		find_candidates(&x);
		status = write_candidates(&x, argv[4]);
		src_free(x.s);
		api_free(api);
	}
	for (i = 0; i < x.n; i++)
		free(x.text[i]);
	free(text);
	summary_free(&s);
	return status;
}

static int fix_remove(char **argv)
{
	struct edits es = { .n = 0 };
	struct src_stmt *st = NULL;
	struct src_func *f;
	size_t len;
	char *text = read_text(argv[0], &len), *out = NULL;

	if (!text)
		return 2;
	es.s = src_read(text, len);
	f = src_func_at(es.s, strtoul(argv[1], NULL, 10));
	if (f)
		st = src_stmt_at(es.s, f, strtoul(argv[1], NULL, 10));
	if (st && st->kind == SRC_EXPR) {
		edit_delete(&es, st);
		out = edit_apply(&es);
	}
	if (out)
		fputs(out, stdout);
	src_free(es.s);
	free(out);
	free(text);
	return out ? 0 : 1;
}

static int judge(char **argv)
{
	struct summary s;
	int status = 2;
	const struct json *f;
	const char *why;
	char doubt[64];

	if (read_report(&s, argv[0])) {
		f = nth(&s, argv[1], strtoul(argv[2], NULL, 10));
		why = f ? fix_judge(argv[1], f, argv[3], argv[5], argv[0], argv[4], doubt, sizeof(doubt)) : "no such finding";
		puts(why ? why : *doubt ? doubt : "proved");
		status = why ? 1 : 0;
	}
	summary_free(&s);
	return status;
}

int cmd_fix(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--help"))
		return usage(stdout, 0);
	if (argc == 4 && !strcmp(argv[1], "list"))
		return fix_list(argv + 2);
	if (argc == 5 && !strcmp(argv[1], "about"))
		return fix_about(argv + 2);
	if (argc == 7 && !strcmp(argv[1], "try"))
		return fix_try(argv + 2);
	if (argc == 8 && !strcmp(argv[1], "judge"))
		return judge(argv + 2);
	if (argc >= 5 && !strcmp(argv[1], "message"))
		return fix_message(argv[2], argc - 3, argv + 3);
	if (argc == 4 && !strcmp(argv[1], "remove"))
		return fix_remove(argv + 2);
	return usage(stderr, 2);
}
