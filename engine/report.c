// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * report.c - the report of one unit, as JSON lines
 */
#include <stdlib.h>
#include <string.h>

#include "kmapcheck.h"
#include "report.h"
#include "util.h"

/* A report in the making. @files: paths of the unit's files as reports name them, filled in when needed. */
struct writer {
	const struct kc_options *o;
	const struct flow_unit *u;
	char **files;
	struct strbuf b;
};

static void add_member(struct strbuf *b, const char *name, const char *s)
{
	strbuf_addf(b, ",\"%s\":", name);
	if (s)
		json_add_string(b, s);
	else
		strbuf_addf(b, "null");
}

static const char *file_of(struct writer *w, struct flow_loc loc)
{
	if (!loc.file || loc.file >= w->u->nfiles)
		return "";
	if (!w->files[loc.file])
		w->files[loc.file] = kc_report_path(w->o, w->u->files[loc.file]);
	return w->files[loc.file];
}

static void add_place(struct writer *w, struct flow_loc loc)
{
	strbuf_addf(&w->b, "\"file\":");
	json_add_string(&w->b, file_of(w, loc));
	strbuf_addf(&w->b, ",\"line\":%u,\"column\":%u", loc.line, loc.column);
}

static void add_events(struct writer *w, const struct kc_finding *f)
{
	unsigned int i;

	strbuf_addf(&w->b, ",\"events\":[");
	for (i = 0; i < f->nevents; i++) {
		const struct kc_event *e = &f->events[i];

		strbuf_addf(&w->b, "%s{", i ? "," : "");
		add_place(w, e->loc);
		add_member(&w->b, "function", e->function ? e->function : "");
		add_member(&w->b, "text", e->text);
		strbuf_addf(&w->b, "}");
	}
	strbuf_addf(&w->b, "]");
}

static void add_fix(struct writer *w, const struct kc_fix *fix)
{
	static const char * const kinds[] = {
		[KC_FIX_INSERT] = "insert", [KC_FIX_REPLACE] = "replace", [KC_FIX_DELETE] = "delete",
	};

	if (fix->kind == KC_FIX_NONE)
		return;
	strbuf_addf(&w->b, ",\"fix\":{");
	add_place(w, fix->loc);
	add_member(&w->b, kinds[fix->kind], fix->text ? fix->text : "");
	strbuf_addf(&w->b, "}");
}

static void add_about(struct writer *w, const struct kc_about *about)
{
	strbuf_addf(&w->b, ",\"about\":{\"variable\":");
	if (about->variable)
		json_add_string(&w->b, about->variable);
	else
		strbuf_addf(&w->b, "null");
	add_member(&w->b, "object", about->object);
	add_member(&w->b, "call", about->call);
	if (about->other.line) {
		strbuf_addf(&w->b, ",\"other\":{");
		add_place(w, about->other);
		strbuf_addf(&w->b, "}");
	}
	strbuf_addf(&w->b, "}");
}

static void add_finding(struct writer *w, const struct kc_finding *f)
{
	strbuf_addf(&w->b, "{\"type\":\"finding\"");
	add_member(&w->b, "rule", kc_rule_name(f->rule));
	add_member(&w->b, "severity", kc_severity_name(f->severity));
	strbuf_addf(&w->b, ",");
	add_place(w, f->loc);
	add_member(&w->b, "function", f->function ? f->function : "");
	add_member(&w->b, "message", f->message);
	add_events(w, f);
	add_fix(w, &f->fix);
	add_about(w, &f->about);
	strbuf_addf(&w->b, "}\n");
}

static void add_site(struct writer *w, const struct kc_site *s)
{
	strbuf_addf(&w->b, "{\"type\":\"site\"");
	add_member(&w->b, "site", kc_site_name(s->kind));
	add_member(&w->b, "callee", s->callee ? s->callee : "");
	strbuf_addf(&w->b, ",");
	add_place(w, s->loc);
	add_member(&w->b, "function", s->function ? s->function : "");
	add_member(&w->b, "object", s->object);
	add_member(&w->b, "verdict", kc_verdict_name(s->verdict));
	add_member(&w->b, "reason", s->verdict == KC_UNPROVED ? kc_reason_name(s->reason) : NULL);
	if (s->verdict == KC_UNPROVED && s->name)
		add_member(&w->b, "name", s->name);
	if (s->verdict == KC_VIOLATED && s->besides)
		add_member(&w->b, "besides", kc_reason_name(s->besides));
	strbuf_addf(&w->b, "}\n");
}

/* Not %f: what it prints for a decimal point is the compiler's locale's matter. */
static void add_seconds(struct strbuf *b, const char *name, double s)
{
	unsigned long long us = s > 0 && s < 1e9 ? (unsigned long long)(s * 1e6 + .5) : 0;

	strbuf_addf(b, ",\"%s\":%llu.%06llu", name, us / 1000000, us % 1000000);
}

static void add_unit(struct writer *w, const struct kc_result *r, const struct kc_unit_stats *s, const char *file)
{
	strbuf_addf(&w->b, "{\"type\":\"unit\",\"version\":1");
	add_member(&w->b, "file", file);
	strbuf_addf(&w->b, ",\"functions\":%u,\"analysed\":%u,\"skipped\":%u,\"bounded\":%u", s->functions,
		    r ? r->analysed : 0, s->skipped, r ? r->bounded : 0);
	add_seconds(&w->b, "seconds", s->seconds);
	add_seconds(&w->b, "total", s->total);
	if (s->error)
		add_member(&w->b, "error", s->error);
	strbuf_addf(&w->b, "}\n");
}

static bool put_unit(const char *where, const char *unit, const char *suffix, const char *buf, size_t len, char **err)
{
	char *path = kc_unit_file(where, unit, suffix, err);
	bool ok = path && kc_put_file(path, buf, len, err);

	free(path);
	return ok;
}

bool kc_report_write(const struct kc_options *o, const struct flow_unit *u, const struct kc_result *r,
		     const struct kc_unit_stats *s, char **err)
{
	struct writer w = { .o = o, .u = u };
	unsigned int i, nfiles = u ? u->nfiles : 0;
	char *unit;
	bool ok;

	if (!o->report)
		return true;
	w.files = xcalloc(nfiles ? nfiles : 1, sizeof(*w.files));
	for (i = 0; u && r && i < r->nfindings; i++)
		add_finding(&w, &r->findings[i]);
	for (i = 0; u && r && i < r->nsites; i++)
		add_site(&w, &r->sites[i]);
	unit = kc_report_path(o, s->file);
	add_unit(&w, u ? r : NULL, s, unit);
	ok = put_unit(o->report, unit, ".jsonl", w.b.buf, w.b.len, err);

	for (i = 0; i < nfiles; i++)
		free(w.files[i]);
	free(w.files);
	free(w.b.buf);
	free(unit);
	return ok;
}

bool kc_flow_write(const struct kc_options *o, const struct flow_unit *u, char **err)
{
	char *text = NULL, *unit;
	size_t len = 0;
	FILE *f;
	bool ok;

	if (!o->flow)
		return true;
	f = open_memstream(&text, &len);
	if (f)
		flow_print(u, f);
	if (!f || fclose(f)) {
		*err = xstrdup("flow: out of memory");
		return false;
	}
	unit = kc_report_path(o, u->name);
	ok = put_unit(o->flow, unit, ".flow", text, len, err);
	free(unit);
	free(text);
	return ok;
}
