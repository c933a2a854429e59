/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fix.h - from a finding to edits of the source text, the likeliest first
 *
 * Nothing here knows whether an edit is right: whoever uses it compiles what comes out and asks the check again.
 */
#ifndef KMAPCHECK_FIX_H
#define KMAPCHECK_FIX_H

#include <stdbool.h>
#include <stdint.h>

#include "src.h"

struct api;
struct api_fn;
struct json;

#define FIX_MAX 20		/* candidates of one finding */

/* ---- fix-edit.c: changes of the text, kept until all are known ---- */

/* What is put in at one place: what joins an unbraced branch, then the brace that closes it, then what follows. */
enum edit_rank { EDIT_IN_ARM, EDIT_BRACE, EDIT_BEHIND };

struct edit {
	unsigned int off, del;
	const char *text;
	enum edit_rank rank;
};

/**
 * struct edits - changes of one text
 * @braced: the arms that got braces
 * @comments: a comment that is about nothing else goes with what is deleted
 * @declared: there is a new variable for the result
 * @failed: one of them cannot be made
 */
struct edits {
	struct src *s;
	struct edit e[48];
	const struct src_stmt *braced[24];
	unsigned int n, nbraced;
	bool comments, declared, failed;
};

/* The blanks that the statement's line begins with. */
const char *edit_indent(const struct edits *es, const struct src_stmt *st);
void edit_add(struct edits *es, unsigned int off, unsigned int del, const char *text);
/* A statement on a line of its own before or behind another; braces come where it joins an unbraced branch. */
void edit_before(struct edits *es, struct src_stmt *at, const char *text);
void edit_after(struct edits *es, struct src_stmt *at, const char *text);
/* An arm for what an if without one leaves out. */
void edit_else(struct edits *es, struct src_stmt *at, const char *text);
/* The same right behind the line that the statement ends on. */
void edit_line_behind(struct edits *es, const struct src_stmt *at, const char *text);
/* At the begin of what is reached from @at by successor @k. */
void edit_enter(struct edits *es, struct src_stmt *at, unsigned int k, const char *text);
/* Take a statement out, with the branch or the braces that nothing needs any more. */
void edit_delete(struct edits *es, struct src_stmt *at);
void edit_replace(struct edits *es, unsigned int first, unsigned int last, const char *text);
/* The changed text, to be freed; NULL where an edit failed. */
char *edit_apply(const struct edits *es);

/* ---- fix-names.c: what is done to a variable ---- */

/**
 * struct name - a variable or another expression, as tokens
 */
struct name {
	struct src *toks;
	unsigned int n;
};

struct releaser {
	const char *name;
	int arg;			/* the address, or the page for kmap() */
};

/**
 * struct view - a function, looked at for the sake of one mapping
 * @var: the address; @alias: variables that are made from it; @member: where the alias is a structure, what of it is the address
 * @object: the page or folio, for mappings that are released by it
 * @also: what the release is given besides the address, and may free
 * @map: the statement that maps
 * @gone: a release that is to be thought away
 */
struct view {
	struct src *s;
	struct src_func *f;
	const struct api *api;
	struct name var, object, also, alias[8], member[8];
	unsigned int nalias;
	bool stored;			/* kept in something that is no pointer of the function */
	struct src_stmt *map, *gone;
	struct releaser *rel;
	unsigned int nrel, crel;
};

struct name name_make(struct src *s, const char *text);
/* The first token of @name in a range, 0 where it does not occur. */
unsigned int name_find(const struct src *s, unsigned int first, unsigned int last, const struct name *name);
/* The first and last token that are a statement's own. */
void own_range(const struct src_stmt *st, unsigned int *first, unsigned int *last);
void find_aliases(struct view *v);
/* The token of a call that releases the address, 0 where the statement makes none. */
unsigned int releases(const struct view *v, const struct src_stmt *st);
bool uses(const struct view *v, const struct src_stmt *st);
bool assigns(const struct view *v, const struct src_stmt *st);
/* Does it map to the same variable as the statement of the finding does? */
bool maps(const struct view *v, const struct src_stmt *st);
/* The name of the call whose result a statement keeps, or of its only call; 0 if there is none. */
unsigned int call_kept(const struct src *s, const struct src_stmt *st);
/* Argument @n of the call whose name is token @call. */
bool call_arg(const struct src *s, unsigned int call, int n, unsigned int *first, unsigned int *last);
/* What a statement assigns to: the tokens before its "=", false where it assigns nothing. */
bool assigned(const struct src *s, const struct src_stmt *st, unsigned int *first, unsigned int *last);
bool is_call_statement(const struct src *s, const struct src_stmt *st);
/* Does a call of which nobody knows what it does get "&" of the address, or the structure that keeps it? It may map another there. */
bool handed_out(const struct view *v);

/* ---- fix-calls.c: which calls release and flush ---- */

void find_releasers(struct view *v);
const struct releaser *releaser_at(const struct view *v, unsigned int tok);
/* Is the statement a call that releases some mapping, or one that flushes and does nothing else? */
bool is_release(const struct view *v, const struct src_stmt *st);
const struct api_fn *flush_call(const struct view *v, const struct src_stmt *st);
/* Does the file flush behind the release more often than before it? */
bool flushes_last(const struct view *v);

/* ---- fix-reach.c: where a mapping is live and not needed any more ---- */

#define EDGES_MAX 16

struct place {
	enum { PLACE_EDGE, PLACE_BEFORE, PLACE_AFTER, PLACE_BODY_END, PLACE_RETURN, PLACE_ELSE } kind;
	struct src_stmt *at;
	unsigned int k;
};

struct places {
	struct place p[EDGES_MAX];
	unsigned int n;
};

enum spot { WHERE_MEETING, WHERE_EACH, WHERE_LATE, WHERE_ASKED };

/**
 * find_places() - where the address stops being needed on the ways out on which nothing releases it
 * @spot: one place for ways that meet, where every way there has it mapped; one on each way; each as late as can be; or one
 * where some ways have it mapped, for a release that asks
 */
void find_places(struct view *v, enum spot spot, struct places *out);

/* ---- fix-return.c: results that are read through the address ---- */

/* Does @st return a value, which is no address? */
bool returns_value(const struct view *v, const struct src_stmt *st);
/* "ret = …; release; return ret;" in place of @st */
void edit_return(struct edits *es, const struct view *v, struct src_stmt *st, const char *release);

/* ---- fix-keep.c: the address as it was mapped, where the variable is moved on ---- */

/* The name for it: the variable itself where that stays what it is, else one that the function does not know (@own), for an address that
 * can be kept behind each call that maps; NULL where none will do. */
const char *keep_name(const struct view *v, bool *own);
/* @here: only of this mapping, not of others that the variable is used for. */
void edit_keep(struct edits *es, const struct view *v, const char *keep, bool here);
/* The releases that are there take it, too: of another address nobody can prove that it lies in the page. */
void keep_elsewhere(struct edits *es, const struct view *v, const char *keep, bool here);
/* Is the address put into variables of the function only? What else holds it may be read by others. */
bool keeps_it_here(const struct view *v);
/* The release, if what was asked before it was mapped is so still; and the statement behind which nothing needs it. */
const char *asking_form(const struct view *v, const char *form, struct src_stmt **behind);

/* ---- candidates ---- */

/**
 * struct fix - one finding, and what might mend it
 */
struct fix {
	struct src *s;
	const struct api *api;
	const struct json *finding;
	const char *file;		/* as the report names the text */
	char *text[FIX_MAX];
	const char *what[FIX_MAX];
	unsigned int n;
};

void fix_add(struct fix *x, struct edits *es, const char *what);
/* fix-leak.c, fix-unmap.c, fix-flush.c */
void fix_leak(struct fix *x);
void fix_double(struct fix *x);
void fix_order(struct fix *x);
void fix_wrong_arg(struct fix *x);
void fix_use_after(struct fix *x);
void fix_flush(struct fix *x);
/* Begin a view of the function that a finding's path ends in. */
bool view_begin(struct fix *x, struct view *v);
void view_end(struct view *v);
void add_leak_candidates(struct fix *x, struct view *v, struct src_stmt *drop);
/* fix-form.c: the statements that would release the address, the likeliest first; returns how many. */
unsigned int release_forms(struct view *v, const char *call, const char **forms, unsigned int max);
/* The form with another address, if its address is @only, where that is given; else NULL. */
const char *form_with(const struct view *v, const char *form, const char *address, const struct name *only);
/* The variable that a form names besides the address, if there is one: its name's tokens are to be freed. */
struct name form_also(const struct view *v, const char *form);

/* fix-judge.c: where the path of a finding ends; NULL where it has none */
const struct json *fix_last_event(const struct json *finding);
/* fix-judge.c: the function to be mended, which is the one in which the path of a finding ends. */
const char *fix_function(const struct json *finding);
/*
 * fix-judge.c: does the second report show the finding mended? NULL, or why not. @doubt gets the reason for which the mapping
 * stays in doubt on ways that the change does not touch, or is made empty.
 */
const char *fix_judge(const char *file, const struct json *finding, const char *before, const char *after,
		      const char *old_report, const char *new_report, char *doubt, size_t size);
/* fix-text.c: the words of a patch that mends several findings, "REPORT N" each */
int fix_message(const char *file, int argc, char **argv);

#endif
