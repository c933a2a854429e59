/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * summary.h - between summary.c (reads reports) and cmd-report.c (shows them)
 */
#ifndef KMAPCHECK_SUMMARY_H
#define KMAPCHECK_SUMMARY_H

#include <stdbool.h>

#include "kmapcheck.h"
#include "report.h"

#define SITE_KINDS (KC_SITE_FLUSH + 1)

/* A site of the reports, joined over all that was said of it: (kind, file, line, callee). */
struct sum_site {
	enum kc_site_kind kind;
	const char *file, *callee;
	unsigned int line;
	enum kc_verdict verdict;
	const char *reason, *name, *besides;	/* NULL where there is none */
};

struct sum_unit {
	const char *file, *error;	/* error: NULL if it was analysed */
	unsigned int functions, analysed, bounded;
	double seconds, total;
};

struct sum_finding {
	const char *rule, *file, *message;
	enum kc_severity severity;
	unsigned int line, column;
	const struct json *json;
};

/**
 * struct summary - all reports read
 * @bad: reports that could not be read, each named on stderr
 *
 * After summary_sort(): units by file, findings by place and each once, sites by key and joined.
 */
struct summary {
	struct arena *arena;
	unsigned int nsites, csites, nunits, cunits, nfindings, cfindings, bad;
	struct sum_site *sites;
	struct sum_unit *units;
	struct sum_finding *findings;
};

void summary_init(struct summary *s);
void summary_free(struct summary *s);
/* A report, or a folder of them (*.jsonl). */
void summary_read(struct summary *s, const char *path);
void summary_sort(struct summary *s);
/* Is it one of the units' own files, not a header? Only after summary_sort(). */
bool summary_is_unit(const struct summary *s, const char *file);

#endif
