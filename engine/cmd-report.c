// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cmd-report.c - "kmapcheck report": findings with their paths, and the summary
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "summary.h"
#include "util.h"

#define TOP 10

/* How often each of some words occurs. */
struct counts {
	unsigned int n, cap;
	struct count {
		const char *word;
		unsigned int times;
	} *c;
};

static void count(struct counts *t, const char *word)
{
	unsigned int i;

	for (i = 0; i < t->n; i++) {
		if (!strcmp(t->c[i].word, word)) {
			t->c[i].times++;
			return;
		}
	}
	GROW(t->c, t->n, t->cap);
	t->c[t->n++] = (struct count) { word, 1 };
}

static int cmp_count(const void *a, const void *b)
{
	const struct count *x = a, *y = b;

	if (x->times != y->times)
		return x->times > y->times ? -1 : 1;
	return strcmp(x->word, y->word);
}

/* The most frequent ones first; all of them, or TOP. */
static void print_counts(const char *title, struct counts *t, bool all)
{
	unsigned int i, rest = 0, words = 0;

	if (t->n) {
		qsort(t->c, t->n, sizeof(*t->c), cmp_count);
		printf("\n%s\n", title);
	}
	for (i = 0; i < t->n; i++) {
		if (all || i < TOP) {
			printf("  %6u  %s\n", t->c[i].times, t->c[i].word);
		} else {
			rest += t->c[i].times;
			words++;
		}
	}
	if (words)
		printf("  %6u  (%u others)\n", rest, words);
	free(t->c);
}

static void print_place(const struct json *j)
{
	const char *file = json_get_str(j, "file");

	printf("%s:", *file ? file : "<unknown>");
	if (json_get_num(j, "line"))
		printf("%.0f:", json_get_num(j, "line"));
	if (json_get_num(j, "line") && json_get_num(j, "column"))
		printf("%.0f:", json_get_num(j, "column"));
}

static void print_finding(const struct sum_finding *f)
{
	const char *function = json_get_str(f->json, "function");
	const struct json *events = json_get(f->json, "events"), *e;

	print_place(f->json);
	printf(" %s: %s\n", kc_severity_name(f->severity), f->message);
	for (e = events && events->type == JSON_ARRAY ? events->first : NULL; e; e = e->next) {
		const char *in = json_get_str(e, "function");

		printf("    ");
		print_place(e);
		if (*in && strcmp(in, function))
			printf(" in %s():", in);
		printf(" %s\n", json_get_str(e, "text"));
	}
}

static void print_units(const struct summary *s)
{
	unsigned int i, failed = 0, functions = 0, analysed = 0, bounded = 0;
	double seconds = 0, total = 0;

	for (i = 0; i < s->nunits; i++) {
		const struct sum_unit *u = &s->units[i];

		failed += u->error != NULL;
		functions += u->functions;
		analysed += u->analysed;
		bounded += u->bounded;
		seconds += u->seconds;
		total += u->total;
	}
	printf("files      %u checked", s->nunits - failed);
	if (failed || s->bad)
		printf(", %u failed", failed + s->bad);
	printf("\nfunctions  %u analysed of %u", analysed, functions);
	if (bounded)
		printf(", %u of them only up to a bound", bounded);
	printf("\nCPU time   %.2f s of %.2f s", seconds, total);
	if (total > 0)
		printf(" (%.2f %%)", 100 * seconds / total);
	printf("\n");
}

static void print_failures(const struct summary *s)
{
	unsigned int i;
	bool any = false;

	for (i = 0; i < s->nunits; i++) {
		if (!s->units[i].error)
			continue;
		if (!any)
			printf("\nfailed\n");
		any = true;
		printf("  %s: %s\n", s->units[i].file, s->units[i].error);
	}
}

static void print_sites(const struct summary *s)
{
	unsigned int n[SITE_KINDS][KC_VIOLATED + 1] = { 0 }, i;

	for (i = 0; i < s->nsites; i++)
		if (summary_is_unit(s, s->sites[i].file))
			n[s->sites[i].kind][s->sites[i].verdict]++;

	printf("\nsites in these files\n  %-6s %8s %8s %9s %9s\n", "", "all", "proved", "violated", "unproved");
	for (i = 0; i < SITE_KINDS; i++) {
		unsigned int all = n[i][KC_PROVED] + n[i][KC_VIOLATED] + n[i][KC_UNPROVED];

		printf("  %-6s %8u %8u %9u %9u", kc_site_name(i), all, n[i][KC_PROVED], n[i][KC_VIOLATED],
		       n[i][KC_UNPROVED]);
		if (all)
			printf("   %.1f %% proved", 100.0 * n[i][KC_PROVED] / all);
		printf("\n");
	}
}

static void print_reasons(const struct summary *s, bool all)
{
	struct counts reasons[SITE_KINDS] = { 0 }, callees = { 0 };
	char title[64];
	unsigned int i;

	for (i = 0; i < s->nsites; i++) {
		const struct sum_site *site = &s->sites[i];

		if (site->verdict != KC_UNPROVED || !summary_is_unit(s, site->file))
			continue;
		count(&reasons[site->kind], site->reason ? site->reason : "(no reason)");
		if (site->name)
			count(&callees, site->name);
	}
	for (i = 0; i < SITE_KINDS; i++) {
		snprintf(title, sizeof(title), "unproved %s sites by reason", kc_site_name(i));
		print_counts(title, &reasons[i], all);
	}
	print_counts("unknown functions that leave sites unproved", &callees, all);
}

static void print_rules(const struct summary *s)
{
	unsigned int n[KC_ERROR + 1] = { 0 }, i;
	struct counts rules = { 0 };

	for (i = 0; i < s->nfindings; i++) {
		n[s->findings[i].severity]++;
		count(&rules, s->findings[i].rule);
	}
	print_counts("findings by rule", &rules, true);
	printf("\nfindings   %u (%u error, %u warning, %u note)\n", s->nfindings, n[KC_ERROR], n[KC_WARNING],
	       n[KC_NOTE]);
}

static int exit_status(const struct summary *s)
{
	unsigned int i;

	if (s->bad)
		return 2;
	for (i = 0; i < s->nunits; i++)
		if (s->units[i].error)
			return 2;
	for (i = 0; i < s->nfindings; i++)
		if (s->findings[i].severity != KC_NOTE)
			return 1;
	return 0;
}

static int show_help(FILE *to, int status)
{
	fprintf(to, "usage: kmapcheck report [--all] [--findings | --summary] FILE|DIR...\n"
		    "\n"
		    "Shows the findings of reports (FILE, or *.jsonl in DIR) with their paths, then sums up.\n"
		    "\n"
		    "   --all        the summary's lists in full\n"
		    "   --findings   no summary\n"
		    "   --summary    no findings\n"
		    "\n"
		    "Exit status: 0 nothing found, 1 errors or warnings, 2 a unit failed or a report\n"
		    "cannot be read.\n");
	return status;
}

static void show(const struct summary *s, bool findings, bool sum, bool all)
{
	unsigned int i;

	for (i = 0; findings && i < s->nfindings; i++)
		print_finding(&s->findings[i]);
	if (!sum)
		return;
	if (findings && s->nfindings)
		printf("\n");
	print_units(s);
	print_failures(s);
	print_sites(s);
	print_reasons(s, all);
	print_rules(s);
}

int cmd_report(int argc, char **argv)
{
	bool all = false, findings = true, sum = true;
	int i, status, nfiles = 0;
	struct summary s;

	for (i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--help"))
			return show_help(stdout, 0);
		if (!strcmp(argv[i], "--all")) {
			all = true;
		} else if (!strcmp(argv[i], "--findings")) {
			sum = false;
		} else if (!strcmp(argv[i], "--summary")) {
			findings = false;
		} else if (argv[i][0] != '-') {
			argv[++nfiles] = argv[i];
		} else {
			fprintf(stderr, "kmapcheck report: unknown option '%s'\n", argv[i]);
			return show_help(stderr, 2);
		}
	}
	if (!nfiles || (!findings && !sum))
		return show_help(stderr, 2);
	summary_init(&s);
	for (i = 1; i <= nfiles; i++)
		summary_read(&s, argv[i]);
	summary_sort(&s);
	show(&s, findings, sum, all);
	status = exit_status(&s);
	summary_free(&s);
	return status;
}
