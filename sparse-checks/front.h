/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * front.h - the parts of the sparse front end
 *
 * The engine's headers come before sparse's: both know ARRAY_SIZE, and sparse's gives way.
 */
#ifndef KMAPCHECK_FRONT_H
#define KMAPCHECK_FRONT_H

#include "flow.h"
#include "kmapcheck.h"
#include "util.h"

/* From sparse. */
#include "lib.h"
#include "allocate.h"
#include "token.h"
#include "parse.h"
#include "symbol.h"
#include "expression.h"
#include "linearize.h"
#include "evaluate.h"

/**
 * struct fn - a function of the unit whose body is in sight
 * @sym: its definition
 * @callees: functions in sight that it calls by name
 * @nodes: statements and expressions of its body
 * @endline: the line where its last statement begins
 * @returns: its return statements
 * @inner: declarations of variables inside its body
 * @wants: it calls a function that the engine wants
 * @modelled: the model has a line for it
 * @skipped: so it has, and a header defines it: its line serves its callers, and its body is of no interest
 * @chosen: to be translated
 * @taken: its address is taken
 * @cleanups: it has variables with a cleanup attribute
 */
struct fn {
	struct symbol *sym;
	const char *name;
	unsigned int ncallees, ccallees;
	struct fn **callees;
	unsigned int nodes, endline;
	unsigned int nreturns, creturns;
	struct position *returns;
	unsigned int ninner, cinner;
	struct statement **inner;
	bool wants, modelled, skipped, chosen, taken, cleanups;
};

/**
 * struct scan - the functions of a unit
 * @file: its name, as the parser got it
 */
struct scan {
	const struct kc *kc;
	const char *file;
	unsigned int nfns, cfns;
	struct fn **fns;
};

/* main.c: what sparse calls of ours instead of its own, and what we call of its */
int sparse_main(int argc, char **argv);
struct symbol_list *kmap_sparse(char *filename);
void kmap_parse_error(struct position pos, const char *fmt, ...);

/* scan.c */
void scan_unit(struct scan *s, const struct kc *kc, const char *file, struct symbol_list *list);
void scan_free(struct scan *s);

/* cleanup.c */
void cleanup_watch(void);
struct symbol *cleanup_of(struct symbol *var);

/* life.c */
struct symbol *life_mark(void);
bool life_is_unset(const struct symbol *sym);

/* pagesize.c */
unsigned int sp_page_size(void);

/* types.c */

/* One step of a field access: @offset bytes on lies the field @name ("tag.field" or ".field"). */
struct step {
	long long offset;
	const char *name;
};

#define MAX_STEPS 8

struct symbol *type_strip(struct symbol *type);
struct symbol *type_pointee(struct symbol *type);
bool type_is_pointer(struct symbol *type);
bool type_is_aggregate(struct symbol *type);
bool type_is_signed(struct symbol *type);
enum flow_type type_of(struct symbol *type);
unsigned int type_steps(struct flow_unit *u, struct symbol *type, long long offset, struct symbol *leaf,
			struct symbol *want, struct step *steps);
void type_layout(struct flow_unit *u, struct symbol *type);

/* translate.c */

/**
 * struct place_map - sparse's streams as files of the unit
 * @main: the unit's own file
 * @files: by stream, 0 where not asked for yet
 */
struct place_map {
	const struct kc *kc;
	struct flow_unit *unit;
	unsigned int main;
	int n;
	unsigned int *files;
};

struct flow_loc sp_place(struct place_map *m, struct position pos);
bool sp_translate(struct place_map *m, const struct fn *fn);

/* body.c */
struct flow_func *translate_body(struct place_map *m, const struct fn *fn, struct entrypoint *ep);

/* roles.c */
void sp_roles(struct place_map *m, const struct scan *s, struct symbol_list *list);

/* source.c */
unsigned int source_brace(struct position name, unsigned int last);

/* analyse.c */

/**
 * struct unit_job - what to analyse and how
 * @load: CPU seconds spent on reading the model
 */
struct unit_job {
	const char *file;
	unsigned int pagesize;
	struct kc *kc;
	const struct kc_options *options;
	double load;
};

double sp_cpu_seconds(void);
int analyse_unit(const struct unit_job *job, struct symbol_list *list, struct strbuf *out,
		 double (*others)(void *data), void *data);

/* show.c */
void show_findings(struct strbuf *b, const struct flow_unit *u, const struct kc_result *r, bool werror);

#endif
