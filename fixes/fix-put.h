/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fix-put.h - a release, put where it is missing
 */
#ifndef KMAPCHECK_FIX_PUT_H
#define KMAPCHECK_FIX_PUT_H

#include "fix.h"

/* How a place on a branch is taken: before what leaves, by way of a label that releases, or at the branch's begin. */
enum manner { LEAVING, BY_LABEL, AT_BEGIN };

/**
 * struct putter - the edits of one candidate
 * @text: the release
 * @flush_last: the file flushes behind the release
 * @labels: how many places a label served
 * @left: labels that a goto leads to no more, once for each
 */
struct putter {
	struct view *v;
	struct edits es;
	const char *text;
	enum manner manner;
	bool flush_last;
	unsigned int labels, nleft;
	const struct src_stmt *left[16];
};

/* @drop: a release that is to go, or NULL */
void put_begin(struct putter *p, struct view *v, const char *text, enum manner manner, struct src_stmt *drop);
/* At all of @places; what cannot be done is told by the edits. */
void put_places(struct putter *p, const struct places *places);
/* Before or behind a statement, behind releases of newer mappings and, as the file has it, flushes there. */
void put_before(struct putter *p, struct src_stmt *at);
void put_after(struct putter *p, struct src_stmt *at);
bool put_passes_over(const struct putter *p, const struct src_stmt *st);
/* Let @jump lead to @label, a returned value by way of the variable that the function returns at its end. */
bool put_turn(struct putter *p, struct src_stmt *jump, const struct src_stmt *label);

#endif
