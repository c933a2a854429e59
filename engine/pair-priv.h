/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pair-priv.h - between the parts of the pairing rules: pair.c, pair-foreign.c, pair-access.c
 */
#ifndef KMAPCHECK_PAIR_PRIV_H
#define KMAPCHECK_PAIR_PRIV_H

#include "analysis.h"

/* pair.c */
bool pair_is_stacked(enum api_family f);
/* The newest live mapping above @m that it may not be released before. */
struct mapping *pair_newer_live(struct state *s, const struct mapping *m);
/* A page that was taken out of memory twice need not be the same, where a call may have changed the memory in between. */
bool pair_may_be_another(const struct mapping *m, enum api_family family);
/* The newest mapping of the object, of that family if there is one. */
struct mapping *pair_find_object(struct state *s, struct sym *object, enum api_family family, enum map_status status, bool same);

/* pair-foreign.c: addresses that were mapped out of sight, by a caller mostly */
struct mapping *pair_find_foreign(struct state *s, struct sym *addr);
void pair_unmap_foreign(struct ctx *c, struct state *s, const struct flow_val *v, struct site *site, enum api_family family, struct sym *addr);
/* Taken from a field that holds nothing but what another family's call mapped? Return: such a call, or NULL. */
const struct flow_val *pair_holder_of_another(const struct ctx *c, const struct flow_val *v, const struct site *site, enum api_family family);
/* A caller may have mapped what is released here only if it is mapped. */
void pair_note_if_live(struct state *s, const struct flow_val *v, struct site *site, enum api_family family, struct sym *addr);

#endif
