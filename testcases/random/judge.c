// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Does what the engine says agree with what happened?
 */
#include <stdlib.h>
#include <string.h>

#include "random.h"

#define MAX_RUNS 4000
#define MAX_WANTED 64
#define MAX_EVENTS 32

struct verdict {
	const struct kc_result *r;
	struct observed *o;
	struct tally *t;
	char *complaint;
};

__attribute__((format(printf, 2, 3)))
static void complain(struct verdict *v, const char *fmt, ...)
{
	va_list ap;

	if (v->complaint)
		return;
	va_start(ap, fmt);
	v->complaint = xvasprintf(fmt, ap);
	va_end(ap);
}

static bool is_paired(const struct kc_site *s)
{
	return s->kind == KC_SITE_MAP || s->kind == KC_SITE_UNMAP;
}

/* Was the function on this line executed at all? One that nobody calls is not. */
static bool was_called(const struct verdict *v, const struct flow_unit *u, unsigned int line)
{
	unsigned int i, j;

	for (i = 0; i < u->nfuncs; i++)
		for (j = u->funcs[i]->loc.line; line >= u->funcs[i]->loc.line && line < u->funcs[i]->endline &&
		     j < u->funcs[i]->endline; j++)
			if (v->o->reached[j])
				return true;
	return false;
}

static void judge_sites(struct verdict *v, const struct flow_unit *u)
{
	unsigned int i;

	for (i = 0; i < v->r->nsites; i++) {
		const struct kc_site *s = &v->r->sites[i];
		unsigned int line = s->loc.line;

		if (!is_paired(s) || line >= MAX_LINES)
			continue;
		v->t->sites[s->verdict]++;
		if (s->verdict == KC_UNPROVED)
			v->t->reasons[s->reason]++;
		if (s->verdict == KC_UNPROVED && s->reason == KC_R_UNREACHED && v->o->returned[line])
			complain(v, "unreached although it is executed: %s on line %u", s->callee, line);
		if (s->verdict == KC_PROVED && v->o->unproved[line])
			complain(v, "proved although it goes wrong: %s on line %u", s->callee, line);
		if (s->verdict == KC_VIOLATED && !v->o->faulty[line] && v->o->complete && was_called(v, u, line))
			complain(v, "violated although it never goes wrong: %s on line %u", s->callee, line);
	}
}

static bool has_site(const struct kc_result *r, unsigned int line)
{
	unsigned int i;

	for (i = 0; i < r->nsites; i++)
		if (r->sites[i].loc.line == line && is_paired(&r->sites[i]))
			return true;
	return false;
}

/* Every call that maps or unmaps and was executed is in the ledger. */
static void judge_ledger(struct verdict *v, const struct flow_unit *u)
{
	unsigned int f, i;

	for (f = 0; f < u->nfuncs; f++) {
		for (i = 0; i < u->funcs[f]->nvals; i++) {
			const struct flow_val *val = u->funcs[f]->vals[i];

			if (val->op == FLOW_CALL && strstr(val->str, "map") && v->o->reached[val->loc.line] &&
			    !has_site(v->r, val->loc.line))
				complain(v, "no verdict: %s on line %u", val->str, val->loc.line);
		}
	}
}

/* The events' lines as replay() wants them. */
static unsigned int event_lines(const struct kc_finding *f, unsigned int *lines)
{
	unsigned int i, n = 0;

	for (i = 0; i < f->nevents && n < MAX_EVENTS; i++) {
		const char *text = f->events[i].text;
		size_t len = strlen(text);

		if (!f->events[i].loc.line)
			continue;
		lines[n] = f->events[i].loc.line * 4;
		if (len > 8 && !strcmp(text + len - 8, " is true"))
			lines[n]++;
		else if (len > 9 && !strcmp(text + len - 9, " is false"))
			lines[n] += 2;
		n++;
	}
	return n;
}

static void judge_findings(struct verdict *v, const struct flow_unit *u)
{
	static unsigned int lines[MAX_WANTED][MAX_EVENTS];
	struct wanted w[MAX_WANTED];
	unsigned int i, n = 0;

	for (i = 0; i < v->r->nfindings; i++) {
		const struct kc_finding *f = &v->r->findings[i];

		v->t->findings[f->rule]++;
		if (f->rule > KC_USE_AFTER_UNMAP || !v->o->complete || f->loc.line >= MAX_LINES ||
		    !was_called(v, u, f->loc.line))
			continue;
		if (!(v->o->rules[f->loc.line] & 1u << f->rule)) {
			complain(v, "a finding that no execution shows: %s on line %u", kc_rule_name(f->rule),
				 f->loc.line);
			return;
		}
		if (n == MAX_WANTED)
			continue;
		w[n] = (struct wanted){ f->rule, f->loc.line, event_lines(f, lines[n]), lines[n], false };
		n++;
	}
	if (!n || v->complaint)
		return;
	replay(u, w, n, MAX_RUNS);
	v->t->replayed += n;
	for (i = 0; i < n; i++)
		if (!w[i].seen)
			complain(v, "a finding whose events no execution passes: %s on line %u",
				 kc_rule_name(w[i].rule), w[i].line);
}

/* What an engine that misses nothing would have reported. */
static void count_missed(struct verdict *v)
{
	unsigned int line, i, rules, found;

	for (line = 1; line < MAX_LINES; line++) {
		rules = v->o->first[line] & 31;
		found = 0;
		for (i = 0; rules && i < v->r->nfindings; i++)
			if (v->r->findings[i].loc.line == line)
				found |= 1u << v->r->findings[i].rule;
		for (i = 0; i <= KC_USE_AFTER_UNMAP; i++) {
			v->t->faults[i] += rules >> i & 1;
			v->t->missed[i] += (rules & ~found) >> i & 1;
			v->t->silent[i] += !v->r->nfindings && rules >> i & 1;
		}
	}
}

static bool judge_text(struct verdict *v, const struct flow_unit *u)
{
	char *a = NULL, *b = NULL, *err = NULL;
	struct flow_unit *copy;
	size_t n;
	FILE *f;

	f = open_memstream(&a, &n);
	flow_print(u, f);
	fclose(f);
	copy = flow_parse("random.flow", a, &err);
	if (!copy) {
		complain(v, "the text is not read back: %s", err);
	} else {
		f = open_memstream(&b, &n);
		flow_print(copy, f);
		fclose(f);
		if (strcmp(a, b))
			complain(v, "the text is read back as another one");
	}
	flow_unit_free(copy);
	free(err);
	free(a);
	free(b);
	return !v->complaint;
}

char *judge(struct kc *kc, const struct program *p, struct tally *t, struct flow_unit *u)
{
	static struct observed o;
	struct verdict v = { .o = &o, .t = t };
	struct kc_result *r;
	const char *unsound;
	unsigned int i;

	for (i = 0; i < u->nfuncs; i++) {
		unsound = flow_check(u->funcs[i]);
		if (unsound)
			return xasprintf("unsound: %s", unsound);
	}
	observe(u, &o, MAX_RUNS);
	if (p->seed % 16 == 0)
		judge_text(&v, u);
	r = kc_analyse(kc, u);
	v.r = r;
	judge_sites(&v, u);
	judge_ledger(&v, u);
	judge_findings(&v, u);
	count_missed(&v);
	kc_result_free(r);
	t->runs += o.runs;
	t->incomplete += !o.complete;
	return v.complaint;
}
