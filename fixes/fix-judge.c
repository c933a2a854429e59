// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fix-judge.c - is a finding mended? What the check says of the changed text, compared with what it said before
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fix.h"
#include "report.h"
#include "summary.h"
#include "util.h"

struct lines {
	char *text;
	size_t *off;
	unsigned int n, cap;
};

/* @to[i] is the old line of new line i + 1, 0 where it is new. */
struct judge {
	const char *file;
	struct lines old, new;
	unsigned int *to;
	struct summary before, after;
};

static bool read_lines(struct lines *l, const char *path)
{
	size_t len, i;

	l->text = read_file(path, &len);
	if (!l->text)
		return false;
	GROW(l->off, l->n, l->cap);
	l->off[l->n++] = 0;
	for (i = 0; i < len; i++) {
		if (l->text[i] != '\n')
			continue;
		GROW(l->off, l->n, l->cap);
		l->off[l->n++] = i + 1;
	}
	return true;
}

static bool same_line(const struct lines *a, unsigned int i, const struct lines *b, unsigned int j)
{
	const char *x = a->text + a->off[i], *y = b->text + b->off[j];
	size_t n = strcspn(x, "\n");

	return n == strcspn(y, "\n") && !memcmp(x, y, n);
}

/* The longest common run of lines between the equal begin and the equal end. */
static void match_middle(struct judge *j, unsigned int from, unsigned int m, unsigned int n)
{
	unsigned int *best = xcalloc((size_t)(m + 1) * (n + 1), sizeof(*best)), a, b;

	for (a = m; a-- > 0;)
		for (b = n; b-- > 0;) {
			unsigned int skip_a = best[(a + 1) * (n + 1) + b], skip_b = best[a * (n + 1) + b + 1];
			unsigned int both = best[(a + 1) * (n + 1) + b + 1] + 1;

			best[a * (n + 1) + b] = same_line(&j->old, from + a, &j->new, from + b) ? both :
						skip_a > skip_b ? skip_a : skip_b;
		}
	for (a = b = 0; a < m && b < n;) {
		if (same_line(&j->old, from + a, &j->new, from + b)) {
			j->to[from + b] = from + a + 1;
			a++;
			b++;
		} else if (best[(a + 1) * (n + 1) + b] >= best[a * (n + 1) + b + 1]) {
			a++;
		} else {
			b++;
		}
	}
	free(best);
}

static void match_lines(struct judge *j)
{
	unsigned int head = 0, tail = 0, m = j->old.n, n = j->new.n;

	j->to = xcalloc(n + 1, sizeof(*j->to));
	while (head < m && head < n && same_line(&j->old, head, &j->new, head)) {
		j->to[head] = head + 1;
		head++;
	}
	while (tail < m - head && tail < n - head && same_line(&j->old, m - tail - 1, &j->new, n - tail - 1)) {
		j->to[n - tail - 1] = m - tail;
		tail++;
	}
	match_middle(j, head, m - head - tail, n - head - tail);
}

/* The line of the old text that a line of the new report is; 0 for a new one. */
static unsigned int old_line(const struct judge *j, const char *file, unsigned int line)
{
	if (strcmp(file, j->file))
		return line;
	return line && line <= j->new.n ? j->to[line - 1] : 0;
}

const struct json *fix_last_event(const struct json *f)
{
	const struct json *e = json_get(f, "events"), *last = NULL;

	for (e = e ? e->first : NULL; e; e = e->next)
		last = e;
	return last;
}

const char *fix_function(const struct json *f)
{
	const struct json *last = fix_last_event(f);

	/* A write is flushed where it is made, if that can be. */
	return json_get_str(last && strncmp(json_get_str(f, "rule"), "dcache", 6) ? last : f, "function");
}

/* Two functions that do not release what a helper maps are two findings on its line. */
static bool is_same(const struct judge *j, const struct sum_finding *f, const struct json *old)
{
	unsigned int line = json_get_num(old, "line");

	return !strcmp(f->rule, json_get_str(old, "rule")) && !strcmp(f->file, json_get_str(old, "file")) && line &&
	       old_line(j, f->file, f->line) == line && !strcmp(fix_function(f->json), fix_function(old));
}

static const char *check_findings(const struct judge *j, const struct json *finding)
{
	static char why[200];
	unsigned int i, k;

	for (i = 0; i < j->after.nfindings; i++) {
		const struct sum_finding *f = &j->after.findings[i];

		if (is_same(j, f, finding))
			return "it is still reported";
		for (k = 0; k < j->before.nfindings; k++)
			if (is_same(j, f, j->before.findings[k].json))
				break;
		if (k == j->before.nfindings) {
			snprintf(why, sizeof(why), "%s is reported at line %u instead", f->rule, f->line);
			return why;
		}
	}
	return NULL;
}

static const struct sum_site *site_before(const struct judge *j, const struct sum_site *s)
{
	unsigned int i;

	for (i = 0; i < j->before.nsites; i++) {
		const struct sum_site *b = &j->before.sites[i];

		if (b->kind == s->kind && !strcmp(b->file, s->file) && !strcmp(b->callee, s->callee) &&
		    b->line == old_line(j, s->file, s->line))
			return b;
	}
	return NULL;
}

static const char *reason_of(const struct sum_site *s)
{
	static char why[200];

	snprintf(why, sizeof(why), "the %s at line %u is %s%s%s", kc_site_name(s->kind), s->line, kc_verdict_name(s->verdict),
		 s->reason ? ": " : "", s->reason ? s->reason : "");
	return why;
}

/* Is a new release in doubt for the reason for which one of the same name was before? What is proved is the mapping. */
static bool is_doubted_alike(const struct judge *j, const struct sum_site *s)
{
	unsigned int i;

	for (i = 0; s->kind == KC_SITE_UNMAP && s->reason && i < j->before.nsites; i++) {
		const struct sum_site *b = &j->before.sites[i];

		if (b->kind == s->kind && b->reason && !strcmp(b->reason, s->reason) && !strcmp(b->callee, s->callee) &&
		    !strcmp(b->file, s->file))
			return true;
	}
	return false;
}

/* Nothing that was proved is now in doubt, and calls that the change brings are proved. */
static const char *check_sites(const struct judge *j)
{
	unsigned int i;

	for (i = 0; i < j->after.nsites; i++) {
		const struct sum_site *s = &j->after.sites[i], *b = site_before(j, s);

		if (s->verdict == KC_PROVED || s->kind == KC_SITE_WRITE)
			continue;
		if (!b ? !is_doubted_alike(j, s) : b->verdict == KC_PROVED && s->kind != KC_SITE_FLUSH)
			return reason_of(s);
	}
	return NULL;
}

/* The line of the call that maps, or of the write; false where the finding names none. */
static bool place_of(const struct json *finding, const char **file, unsigned int *line)
{
	const struct json *e = json_get(finding, "events"), *at = finding;

	if (strncmp(json_get_str(finding, "rule"), "dcache", 6) && strcmp(json_get_str(finding, "rule"), "kmap-leak"))
		for (at = NULL, e = e ? e->first : NULL; e && !at; e = e->next)
			if (strstr(json_get_str(e, "text"), "is mapped here"))
				at = e;
	*file = at ? json_get_str(at, "file") : NULL;
	*line = at ? json_get_num(at, "line") : 0;
	return at;
}

/* Was the mapping in doubt for the same reason before, on ways that the finding is not about? */
static bool was_in_doubt(const struct judge *j, const struct sum_site *s)
{
	unsigned int i;

	for (i = 0; s->reason && i < j->before.nsites; i++) {
		const struct sum_site *b = &j->before.sites[i];
		const char *why = b->verdict == KC_VIOLATED ? b->besides : b->reason;

		if (b->kind == s->kind && !strcmp(b->file, s->file) && !strcmp(b->callee, s->callee) &&
		    b->line == old_line(j, s->file, s->line) && why && !strcmp(why, s->reason))
			return true;
	}
	return false;
}

/*
 * Does the change bring releases, all of them proved, and leave those that were in doubt as they were? Then what is still in doubt
 * of the mapping is on ways that it does not touch.
 */
static bool proves_its_own(const struct judge *j)
{
	bool any = false;
	unsigned int i;

	for (i = 0; i < j->after.nsites; i++) {
		const struct sum_site *s = &j->after.sites[i], *b = site_before(j, s);

		if (s->kind != KC_SITE_UNMAP)
			continue;
		any |= !b;
		if (s->verdict == KC_PROVED)
			continue;
		if (!b || b->verdict != s->verdict || strcmp(b->reason ? b->reason : "", s->reason ? s->reason : ""))
			return false;
	}
	return any;
}

/* The call of a line that the change has written anew, where it is the only one of its name that is new; else NULL. */
static const struct sum_site *moved_site(const struct judge *j, enum kc_site_kind kind, const char *file, unsigned int line)
{
	const struct sum_site *was = NULL, *found = NULL;
	unsigned int i;

	for (i = 0; i < j->before.nsites; i++) {
		const struct sum_site *s = &j->before.sites[i];

		if (s->kind != kind || strcmp(s->file, file) || s->line != line)
			continue;
		if (was)
			return NULL;
		was = s;
	}
	for (i = 0; was && i < j->after.nsites; i++) {
		const struct sum_site *s = &j->after.sites[i];

		if (s->kind != kind || strcmp(s->file, file) || old_line(j, file, s->line) || strcmp(s->callee, was->callee))
			continue;
		if (found)
			return NULL;
		found = s;
	}
	return found;
}

static const char *check_proof(const struct judge *j, const struct json *finding, char *doubt, size_t size)
{
	bool dcache = !strncmp(json_get_str(finding, "rule"), "dcache", 6), any = false;
	bool leak = !strcmp(json_get_str(finding, "rule"), "kmap-leak");
	bool arg = !strcmp(json_get_str(finding, "rule"), "kmap-wrong-arg");
	const struct sum_site *moved;
	const char *file;
	unsigned int line, i;

	if (!place_of(finding, &file, &line))
		return proves_its_own(j) ? NULL : "it cannot be told which mapping is meant";
	for (i = 0; i < j->after.nsites; i++) {
		const struct sum_site *s = &j->after.sites[i];

		if (s->kind != (dcache ? KC_SITE_WRITE : KC_SITE_MAP) || strcmp(s->file, file) ||
		    old_line(j, s->file, s->line) != line)
			continue;
		any = true;
		if (s->verdict == KC_PROVED)
			continue;
		/* What was reported of it before, and is another finding. */
		if (s->verdict == KC_VIOLATED && (leak || arg) && proves_its_own(j))
			continue;
		if (!leak || s->verdict != KC_UNPROVED || !was_in_doubt(j, s) || !proves_its_own(j))
			return reason_of(s);
		snprintf(doubt, size, "%s", s->reason);
	}
	if (any)
		return NULL;
	moved = moved_site(j, dcache ? KC_SITE_WRITE : KC_SITE_MAP, file, line);
	if (!moved)
		return "the ledger has no line for it any more";
	return moved->verdict == KC_PROVED ? NULL : reason_of(moved);
}

const char *fix_judge(const char *file, const struct json *finding, const char *before, const char *after,
		      const char *old_report, const char *new_report, char *doubt, size_t size)
{
	struct judge j = { .file = file };
	const char *why = NULL;

	*doubt = 0;
	summary_init(&j.before);
	summary_init(&j.after);
	summary_read(&j.before, old_report);
	summary_read(&j.after, new_report);
	if (j.before.bad || j.after.bad || !read_lines(&j.old, before) || !read_lines(&j.new, after)) {
		why = "its report or text cannot be read";
	} else {
		summary_sort(&j.before);
		summary_sort(&j.after);
		match_lines(&j);
		if (!j.after.nunits || j.after.units[0].error)
			why = "it could not be analysed";
	}
	why = why ? why : check_findings(&j, finding);
	why = why ? why : check_sites(&j);
	why = why ? why : check_proof(&j, finding, doubt, size);
	/* The words of the summaries are not pointed to by what is returned. */
	summary_free(&j.before);
	summary_free(&j.after);
	free(j.old.text);
	free(j.old.off);
	free(j.new.text);
	free(j.new.off);
	free(j.to);
	return why;
}
