/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * facts-priv.h - what the files of the facts share, and nobody else needs
 */
#ifndef KMAPCHECK_FACTS_PRIV_H
#define KMAPCHECK_FACTS_PRIV_H

#include "facts.h"

#define MAX_FACTS 192
#define ALL_FACTS 512
#define MAX_ERRNO 4095

int64_t as_unsigned(const struct sym *a, int64_t n);
bool cmp_asks_for_wrapping(const struct sym *s);
void add_hole(struct fact *fact, struct range r);
bool bits_agree(const struct facts *f, const struct sym *s, int64_t n);
struct sym *fact_key(struct symtab *t, struct sym *s, int *sign, int64_t *c);
bool in_hole(const struct fact *fact, struct range x);
bool is_valid_pointer(const struct sym *s);
struct range leaf_range(const struct sym *s);
/* Is @x times @by more than 32 bits hold, where it may have no more? Of what may be less. */
bool may_wrap(const struct facts *f, const struct sym *x, int64_t by);
struct range range_and(struct range a, struct range b);
struct range range_scale(struct range r, int64_t k);
int64_t sat_add(int64_t a, int64_t b);

#endif
