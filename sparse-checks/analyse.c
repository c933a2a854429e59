// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * analyse.c - one unit: choose functions, translate them, let the engine decide, report
 *
 * Runs in a process of its own (see main.c), which may do with sparse's data as it likes.
 */
#include "front.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/**
 * sp_cpu_seconds() - CPU time of this process so far
 */
double sp_cpu_seconds(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t))
		return 0;
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void complain(struct strbuf *out, const char *file, char *err)
{
	strbuf_addf(out, "%s: kmapcheck: %s\n", file, err ? err : "unknown failure");
	free(err);
}

/* Take the function back that was added last. Its memory goes with the unit's. */
static void drop_last(struct flow_unit *u)
{
	u->nfuncs--;
}

/* Sparse may find errors where compilers find none. What is lost is said where something is: not of the small ones. */
static void say_not_analysed(struct place_map *m, const struct fn *fn, struct strbuf *out)
{
	struct flow_loc loc = sp_place(m, fn->sym->pos);

	if (fn->wants)
		strbuf_addf(out, "%s:%u: kmapcheck: %s() is not analysed: sparse finds errors in it\n",
			    m->unit->files[loc.file], loc.line, fn->name);
}

static unsigned int translate_chosen(struct place_map *m, struct scan *s, struct strbuf *out)
{
	unsigned int i, bad = 0;
	const char *wrong;

	for (i = 0; i < s->nfns; i++) {
		if (!s->fns[i]->chosen)
			continue;
		if (!sp_translate(m, s->fns[i])) {
			say_not_analysed(m, s->fns[i], out);
			continue;
		}
		wrong = flow_check(m->unit->funcs[m->unit->nfuncs - 1]);
		if (!wrong)
			continue;
		strbuf_addf(out, "%s: kmapcheck: %s: not well formed: %s\n", m->unit->name, s->fns[i]->name, wrong);
		drop_last(m->unit);
		bad++;
	}
	return bad;
}

static bool counts(const struct kc_result *r)
{
	unsigned int i;

	for (i = 0; i < r->nfindings; i++)
		if (r->findings[i].severity != KC_NOTE)
			return true;
	return false;
}

/* The source text has to bear a fix out, and nothing here looks at it: none is told. */
static void drop_fixes(struct kc_result *r)
{
	unsigned int i;

	for (i = 0; i < r->nfindings; i++)
		r->findings[i].fix.kind = KC_FIX_NONE;
}

/**
 * analyse_unit() - all that is ours of one file
 * @list: what the parser gave, not evaluated
 * @out: takes the text for the user
 * @others: CPU seconds of the process that this one was forked from, called when everything else is done
 *
 * Return: 0, 1 where findings are errors, 2 on failure.
 */
int analyse_unit(const struct unit_job *job, struct symbol_list *list, struct strbuf *out,
		 double (*others)(void *data), void *data)
{
	struct kc_unit_stats stats = { .file = job->file };
	struct place_map m = { .unit = flow_unit_new(job->file, job->pagesize) };
	struct kc_result *r;
	struct scan s;
	char *err = NULL;
	int status = 0;

	m.main = flow_file(m.unit, job->file);
	scan_unit(&s, job->kc, job->file, list);
	m.kc = job->kc;
	sp_roles(&m, &s, list);
	if (translate_chosen(&m, &s, out))
		stats.error = "some functions could not be translated";
	stats.functions = s.nfns;
	stats.skipped = s.nfns - m.unit->nfuncs;
	if (!kc_flow_write(job->options, m.unit, &err)) {
		complain(out, job->file, err);
		status = 2;
	}
	r = kc_analyse(job->kc, m.unit);
	drop_fixes(r);
	show_findings(out, m.unit, r, job->options->werror);
	stats.seconds = sp_cpu_seconds() + job->load;
	stats.total = sp_cpu_seconds() + others(data);
	if (!kc_report_write(job->options, m.unit, r, &stats, &err)) {
		complain(out, job->file, err);
		status = 2;
	}
	if (stats.error)
		status = 2;
	if (!status && job->options->werror && counts(r))
		status = 1;
	return status;
}
