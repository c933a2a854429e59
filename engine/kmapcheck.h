/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kmapcheck.h - the engine's front door: options, analysis, findings, the ledger, the report
 *
 * A front end reads its options with kc_option(), builds a struct flow_unit, calls kc_analyse(), shows the findings in its
 * compiler's way, and calls kc_report_write().
 */
#ifndef KMAPCHECK_H
#define KMAPCHECK_H

#include "flow.h"

#ifdef __cplusplus
extern "C" {
#endif

enum kc_rule {
	KC_LEAK, KC_DOUBLE_UNMAP, KC_ORDER, KC_WRONG_ARG, KC_USE_AFTER_UNMAP,
	KC_DCACHE_MISSING, KC_DCACHE_EARLY, KC_DCACHE_WRONG,
	KC_RULES
};

enum kc_severity {
	KC_NOTE, KC_WARNING, KC_ERROR,
};

enum kc_dcache {
	KC_DCACHE_OFF, KC_DCACHE_PUBLISHED, KC_DCACHE_STRICT,
};

/* From engine/reasons.def, the closed list. */
enum kc_reason {
	KC_R_NONE,
#define REASON(id, name, text) KC_R_##id,
#include "reasons.def"
#undef REASON
	KC_REASONS
};

enum kc_verdict {
	KC_PROVED, KC_UNPROVED, KC_VIOLATED,	/* from best to worst */
};

enum kc_site_kind {
	KC_SITE_MAP, KC_SITE_UNMAP, KC_SITE_WRITE, KC_SITE_FLUSH,
	KC_SITE_READ,			/* inside the engine: where a finding of the read side stands; no site of the ledger */
};

/**
 * struct kc_options - the options of design section 6, owned strings
 * @report: a file, or a folder when it ends in '/'; NULL for none
 * @api: more model files
 * @root: the source tree
 */
struct kc_options {
	char *report, *flow, *root;
	unsigned int napi;
	char **api;
	enum kc_dcache dcache;
	unsigned int rules;		/* bit per enum kc_rule */
	bool werror;
	bool learn;			/* say in lines of the model what the unit offers to other files; no option of front ends */
};

struct kc_event {
	struct flow_loc loc;
	const char *function;
	const char *text;
};

enum kc_fix_kind {
	KC_FIX_NONE, KC_FIX_INSERT, KC_FIX_REPLACE, KC_FIX_DELETE,
};

/**
 * struct kc_fix - what would mend it, as far as the engine can tell without the source text
 * @loc: insert before this line; replace or delete the call on it
 * @text: the statement, e.g. "kunmap_local(vaddr);"
 *
 * The front end drops it where the source text does not bear it out (an unbraced branch, several statements on the line).
 */
struct kc_fix {
	enum kc_fix_kind kind;
	struct flow_loc loc;
	const char *text;
};

/**
 * struct kc_about - what a finding is about, in the words of the source, for programs that mend it
 * @variable: the address, or for the data cache what was written; NULL where the source has no name for it
 * @object: the page or folio that was mapped, or NULL
 * @call: the call that is missing or meant, e.g. "kunmap_local(vaddr)", or NULL
 * @other: the other call of the story: the earlier release, the newer mapping, the flush that does not help; line 0 for none
 */
struct kc_about {
	const char *variable, *object, *call;
	struct flow_loc other;
};

struct kc_finding {
	enum kc_rule rule;
	enum kc_severity severity;
	struct flow_loc loc;
	const char *function;		/* whose source text holds the line */
	const char *message;		/* ends in " [rule]" */
	unsigned int nevents;
	struct kc_event *events;	/* the path, in order; the last one is where it goes wrong */
	struct kc_fix fix;
	struct kc_about about;
};

struct kc_site {
	enum kc_site_kind kind;
	const char *callee;
	struct flow_loc loc;
	const char *function;
	const char *object;		/* source text of what is mapped, written or flushed */
	enum kc_verdict verdict;
	enum kc_reason reason;		/* of KC_UNPROVED */
	const char *name;		/* what the reason names (a callee), or NULL */
	enum kc_reason besides;		/* of KC_VIOLATED: why other paths could not be decided; 0 if none is in doubt */
};

/**
 * struct kc_result - all that the engine says of one unit; sorted by file, line, column
 */
struct kc_result {
	unsigned int nfindings;
	struct kc_finding *findings;
	unsigned int nsites;
	struct kc_site *sites;
	unsigned int analysed, bounded;	/* functions */
	const char *lines;		/* of the model, see kc_options.learn; NULL for none */
	struct arena *arena;
};

struct kc;

void kc_options_init(struct kc_options *o);
void kc_options_free(struct kc_options *o);
/**
 * kc_option() - take one option
 * @value: NULL where none was given
 * @err: on failure a message that lists the valid names or values, to be freed by the caller
 * Return: true if taken.
 */
bool kc_option(struct kc_options *o, const char *name, const char *value, char **err);

/**
 * kc_new() - an engine with its model; @o must outlive it
 * Return: NULL and @err when a model file cannot be read or is wrong.
 */
struct kc *kc_new(const struct kc_options *o, char **err);
void kc_free(struct kc *k);

/**
 * kc_wants() - is a call of this function a reason to translate the caller?
 */
bool kc_wants(const struct kc *k, const char *callee);
/* kc_wants_role() - is that what a function is there for, see struct flow_role, of interest? */
bool kc_wants_role(const struct kc *k, const char *name);
/**
 * kc_is_modelled() - is there a model line for it, so that its body is of no interest?
 */
bool kc_is_modelled(const struct kc *k, const char *callee);
void kc_each_modelled(const struct kc *k, void (*fn)(const char *name, void *data), void *data);

/* The result is to be freed by kc_result_free(); its strings live as long as it and the unit do. */
struct kc_result *kc_analyse(struct kc *k, struct flow_unit *u);
void kc_result_free(struct kc_result *r);

/* names.c. The name of KC_R_NONE is NULL. */
const char *kc_rule_name(enum kc_rule r);
const char *kc_rule_text(enum kc_rule r);
bool kc_rule_by_name(const char *name, enum kc_rule *r);
const char *kc_reason_name(enum kc_reason r);
const char *kc_reason_text(enum kc_reason r);
const char *kc_verdict_name(enum kc_verdict v);
const char *kc_severity_name(enum kc_severity s);
const char *kc_site_name(enum kc_site_kind k);

/**
 * struct kc_unit_stats - the "unit" line of the report
 * @functions: of the unit, @skipped: those not translated
 * @seconds: CPU time of load, passes and finish; @total: of the whole process
 * @error: NULL, or why the unit could not be analysed
 */
struct kc_unit_stats {
	const char *file;
	unsigned int functions, skipped;
	double seconds, total;
	const char *error;
};

/**
 * kc_report_write() - write the report of one unit, under a temporary name and renamed
 * @u, @r: NULL where the unit failed; then only the unit line is written
 * @err: on failure a message, to be freed by the caller
 */
bool kc_report_write(const struct kc_options *o, const struct flow_unit *u, const struct kc_result *r,
		     const struct kc_unit_stats *s, char **err);
/* Likewise the flow text, for the option flow. */
bool kc_flow_write(const struct kc_options *o, const struct flow_unit *u, char **err);
/* Path of a source file as reports name it (relative to root, "@build/…", else absolute); to be freed. */
char *kc_report_path(const struct kc_options *o, const char *file);

#ifdef __cplusplus
}
#endif
#endif
