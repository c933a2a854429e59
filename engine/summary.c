// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * summary.c - reads reports and joins what they say
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "summary.h"
#include "util.h"

void summary_init(struct summary *s)
{
	memset(s, 0, sizeof(*s));
	s->arena = arena_new();
}

void summary_free(struct summary *s)
{
	free(s->sites);
	free(s->units);
	free(s->findings);
	arena_free(s->arena);
}

/* Which of @n names is it? -1 if none. */
static int which(const char *word, unsigned int n, const char *(*name)(unsigned int i))
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (!strcmp(word, name(i)))
			return i;
	return -1;
}

static const char *site_name(unsigned int i)
{
	return kc_site_name(i);
}

static const char *verdict_name(unsigned int i)
{
	return kc_verdict_name(i);
}

static const char *severity_name(unsigned int i)
{
	return kc_severity_name(i);
}

static const char *optional(const struct json *j, const char *name)
{
	const char *s = json_get_str(j, name);

	return *s ? s : NULL;
}

static const char *take_site(struct summary *s, const struct json *j)
{
	int kind = which(json_get_str(j, "site"), SITE_KINDS, site_name);
	int verdict = which(json_get_str(j, "verdict"), KC_VIOLATED + 1, verdict_name);

	if (kind < 0)
		return "a site of a known kind";
	if (verdict < 0)
		return "a site with a verdict";
	GROW(s->sites, s->nsites, s->csites);
	s->sites[s->nsites++] = (struct sum_site) {
		.kind = kind, .verdict = verdict, .file = json_get_str(j, "file"),
		.callee = json_get_str(j, "callee"), .line = json_get_num(j, "line"),
		.reason = optional(j, "reason"), .name = optional(j, "name"), .besides = optional(j, "besides"),
	};
	return NULL;
}

static const char *take_finding(struct summary *s, const struct json *j)
{
	int severity = which(json_get_str(j, "severity"), KC_ERROR + 1, severity_name);

	if (severity < 0)
		return "a finding with a severity";
	GROW(s->findings, s->nfindings, s->cfindings);
	s->findings[s->nfindings++] = (struct sum_finding) {
		.severity = severity, .rule = json_get_str(j, "rule"), .file = json_get_str(j, "file"),
		.message = json_get_str(j, "message"), .line = json_get_num(j, "line"),
		.column = json_get_num(j, "column"), .json = j,
	};
	return NULL;
}

static const char *take_unit(struct summary *s, const struct json *j)
{
	if (json_get_num(j, "version") != 1)
		return "version 1";
	GROW(s->units, s->nunits, s->cunits);
	s->units[s->nunits++] = (struct sum_unit) {
		.file = json_get_str(j, "file"), .error = optional(j, "error"),
		.functions = json_get_num(j, "functions"), .analysed = json_get_num(j, "analysed"),
		.bounded = json_get_num(j, "bounded"), .seconds = json_get_num(j, "seconds"),
		.total = json_get_num(j, "total"),
	};
	return NULL;
}

/* Return: NULL, or what was expected. */
static const char *take_line(struct summary *s, const char *text, unsigned int *col)
{
	const struct json *j;
	const char *err, *type;

	j = json_parse(s->arena, text, &err, col);
	if (!j)
		return err;
	*col = 1;
	type = json_get_str(j, "type");
	if (!strcmp(type, "site"))
		return take_site(s, j);
	if (!strcmp(type, "finding"))
		return take_finding(s, j);
	if (!strcmp(type, "unit"))
		return take_unit(s, j);
	return "a line of type finding, site or unit";
}

/* Takes nothing of a file that is wrong. */
static void read_report(struct summary *s, const char *path)
{
	unsigned int sites = s->nsites, units = s->nunits, findings = s->nfindings, line = 1, col = 1;
	const char *err = NULL;
	char *text = read_file(path, NULL), *p, *end;

	if (!text) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		s->bad++;
		return;
	}
	for (p = text; *p && !err; p = end + 1, line++) {
		end = strchr(p, '\n');
		if (!end) {
			err = "the end of a line: the report was cut off";
			break;
		}
		*end = '\0';
		err = take_line(s, p, &col);
		if (err)
			break;
	}
	/* Several units in one file are several reports put together; the last line closes the last one. */
	if (!err && s->nunits == units)
		err = "a line of type unit at the end";
	if (err) {
		fprintf(stderr, "%s:%u:%u: expected %s\n", path, line, col, err);
		s->bad++;
		s->nsites = sites;
		s->nunits = units;
		s->nfindings = findings;
	}
	free(text);
}

static int is_report(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return d->d_name[0] != '.' && n > 6 && !strcmp(d->d_name + n - 6, ".jsonl");
}

static void read_folder(struct summary *s, const char *path)
{
	struct dirent **entries;
	int i, n = scandir(path, &entries, is_report, alphasort);

	if (n < 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		s->bad++;
		return;
	}
	if (!n) {
		fprintf(stderr, "%s: no report (*.jsonl) in this folder\n", path);
		s->bad++;
	}
	for (i = 0; i < n; i++) {
		char *name = xasprintf("%s/%s", path, entries[i]->d_name);

		read_report(s, name);
		free(name);
		free(entries[i]);
	}
	free(entries);
}

void summary_read(struct summary *s, const char *path)
{
	struct stat st;

	if (!stat(path, &st) && S_ISDIR(st.st_mode))
		read_folder(s, path);
	else
		read_report(s, path);
}

static int cmp_uint(unsigned int a, unsigned int b)
{
	return a < b ? -1 : a > b;
}

static int cmp_opt(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int cmp_key(const struct sum_site *x, const struct sum_site *y)
{
	int c = cmp_uint(x->kind, y->kind);

	if (!c)
		c = strcmp(x->file, y->file);
	if (!c)
		c = cmp_uint(x->line, y->line);
	return c ? c : strcmp(x->callee, y->callee);
}

/* The worst verdict of a key first; among equal ones an order that does not depend on that of the reports. */
static int cmp_site(const void *a, const void *b)
{
	const struct sum_site *x = a, *y = b;
	int c = cmp_key(x, y);

	if (!c)
		c = cmp_uint(y->verdict, x->verdict);
	if (!c)
		c = cmp_opt(x->reason, y->reason);
	return c ? c : cmp_opt(x->name, y->name);
}

static int cmp_unit(const void *a, const void *b)
{
	const struct sum_unit *x = a, *y = b;
	int c = strcmp(x->file, y->file);

	return c ? c : cmp_opt(x->error, y->error);
}

static int cmp_finding(const void *a, const void *b)
{
	const struct sum_finding *x = a, *y = b;
	int c = strcmp(x->file, y->file);

	if (!c)
		c = cmp_uint(x->line, y->line);
	if (!c)
		c = cmp_uint(x->column, y->column);
	if (!c)
		c = strcmp(x->rule, y->rule);
	return c ? c : strcmp(x->message, y->message);
}

static void join_sites(struct summary *s)
{
	unsigned int i, n = 0;

	for (i = 0; i < s->nsites; i++)
		if (!n || cmp_key(&s->sites[n - 1], &s->sites[i]))
			s->sites[n++] = s->sites[i];
	s->nsites = n;
}

/* A header's finding is in the report of every unit that includes it. */
static void join_findings(struct summary *s)
{
	unsigned int i, n = 0;

	for (i = 0; i < s->nfindings; i++)
		if (!n || cmp_finding(&s->findings[n - 1], &s->findings[i]))
			s->findings[n++] = s->findings[i];
	s->nfindings = n;
}

void summary_sort(struct summary *s)
{
	if (s->nsites)
		qsort(s->sites, s->nsites, sizeof(*s->sites), cmp_site);
	if (s->nunits)
		qsort(s->units, s->nunits, sizeof(*s->units), cmp_unit);
	if (s->nfindings)
		qsort(s->findings, s->nfindings, sizeof(*s->findings), cmp_finding);
	join_sites(s);
	join_findings(s);
}

bool summary_is_unit(const struct summary *s, const char *file)
{
	unsigned int lo = 0, hi = s->nunits;

	while (lo < hi) {
		unsigned int mid = (lo + hi) / 2;
		int c = strcmp(s->units[mid].file, file);

		if (!c)
			return true;
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return false;
}
