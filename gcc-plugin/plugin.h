/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin.h - what the files of the GCC plugin share
 */
#ifndef KP_PLUGIN_H
#define KP_PLUGIN_H

#include "compat.h"

#include "flow.h"
#include "kmapcheck.h"

/**
 * struct kp_unit - one compilation: what is translated, and where its places are in GCC's terms
 * @flow: the translation; NULL before the pass has run
 * @places: from a flow_loc to the location it was made from
 * @lines: from a file and line to any location on it
 * @macros: the places that macros were used at
 * @names: of local statics and strings, which need one that is unique in the unit
 * @laid_out: structs whose layout the flow has
 */
struct kp_unit {
	struct kc *kc;
	struct flow_unit *flow;
	kp_place_map *places, *lines;
	kp_place_set *macros;
	kp_name_map *names;
	kp_tree_set *laid_out;
	const char *last_file;
	unsigned int last_number, nnames;
};

/* place.c */
struct flow_loc kp_place(struct kp_unit *k, location_t loc);
bool kp_in_main_file(location_t loc);
location_t kp_location(const struct kp_unit *k, struct flow_loc loc);
location_t kp_line_start(const struct kp_unit *k, struct flow_loc loc);
bool kp_in_macro(const struct kp_unit *k, struct flow_loc loc);

/* select.c */
/**
 * struct kp_nodes - a list of functions that grows
 */
struct kp_nodes {
	cgraph_node **list;
	unsigned int n, cap;
};

const char *kp_callee_name(const struct kp_unit *k, tree fndecl);
void kp_select(const struct kp_unit *k, struct kp_nodes *chosen, unsigned int *bodies);

/* translate.c */
bool kp_translate(struct kp_unit *k, cgraph_node *node);

/* layout.c */
void kp_layout_of_call(struct kp_unit *k, tree fntype);
char *kp_field_name(tree tag_type, tree field);

/* roles.c */
void kp_roles(struct kp_unit *k, const struct kp_nodes *chosen);

/* pagesize.c */
unsigned int kp_pagesize(void);

/* diagnose.c, fixit.c */
void kp_diagnose(const struct kp_unit *k, const struct kc_options *o, const struct kc_result *r);
void kp_check_fixes(const struct kp_unit *k, struct kc_result *r);
void kp_add_fix(const struct kp_unit *k, rich_location *rich, const struct kc_fix *fix);

/* checkonly.c */
bool kp_check_only_allowed(void);
void kp_check_only_end(void);

#endif
