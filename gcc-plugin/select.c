// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * select.c - which functions are worth translating
 *
 * Those from which a call that the engine wants is reached over direct calls, and small ones that they call, since
 * their results decide branches. The body of a function that a header defines and the model has a line for is of no interest.
 */
#include "plugin.h"

/* Bounds of the small ones: their size, how deep calls are followed, how many there may be. */
enum { SMALL_STMTS = 150, SMALL_DEPTH = 4, SMALL_MAX = 4000 };

/* "__builtin___memcpy_chk" is memcpy, and so is "__builtin_memcpy". */
static const char *plain_builtin_name(const struct kp_unit *k, tree fndecl)
{
	const char *name = kp_builtin_name(DECL_FUNCTION_CODE(fndecl));
	char *middle;
	size_t n;

	if (startswith(name, "__builtin_"))
		name += strlen("__builtin_");
	n = strlen(name);
	if (n <= 6 || !startswith(name, "__") || strcmp(name + n - 4, "_chk"))
		return name;
	middle = xstrndup(name + 2, n - 6);
	name = flow_intern(k->flow, middle);
	free(middle);
	return name;
}

/**
 * kp_callee_name() - the name that the model knows a function by
 *
 * Builtins are told by their code, since a header may call them by any name. A function renamed by asm("…") goes by the new
 * name where only that has a model line.
 *
 * Return: the name, or NULL for a function without one.
 */
const char *kp_callee_name(const struct kp_unit *k, tree fndecl)
{
	const char *name, *real;

	if (fndecl_built_in_p(fndecl, BUILT_IN_NORMAL))
		return plain_builtin_name(k, fndecl);
	if (!DECL_NAME(fndecl))
		return NULL;
	name = IDENTIFIER_POINTER(DECL_NAME(fndecl));
	if (!DECL_ASSEMBLER_NAME_SET_P(fndecl) || kc_is_modelled(k->kc, name))
		return name;
	real = IDENTIFIER_POINTER(DECL_ASSEMBLER_NAME_RAW(fndecl));
	if (*real == '*')
		real++;
	return strcmp(name, real) && kc_is_modelled(k->kc, real) ? real : name;
}

static bool has_body(cgraph_node *node)
{
	function *fn = DECL_STRUCT_FUNCTION(node->decl);

	return node->has_gimple_body_p() && fn && fn->cfg && gimple_in_ssa_p(fn);
}

static bool is_modelled(const struct kp_unit *k, cgraph_node *node)
{
	const char *name = kp_callee_name(k, node->decl);

	return !name || kc_is_modelled(k->kc, name);
}

/* Its line serves its callers; where the file itself defines it, the body is checked like any other. */
static bool is_header_modelled(const struct kp_unit *k, cgraph_node *node)
{
	return is_modelled(k, node) && !kp_in_main_file(DECL_SOURCE_LOCATION(node->decl));
}

static bool is_small(cgraph_node *node)
{
	function *fn = DECL_STRUCT_FUNCTION(node->decl);
	gimple_stmt_iterator gsi;
	basic_block bb;
	int left = SMALL_STMTS;

	FOR_EACH_BB_FN(bb, fn)
		for (gsi = gsi_start_bb(bb); !gsi_end_p(gsi); gsi_next(&gsi))
			if (!is_gimple_debug(gsi_stmt(gsi)) && gimple_code(gsi_stmt(gsi)) != GIMPLE_LABEL && --left < 0)
				return false;
	return true;
}

static void push(struct kp_nodes *nodes, cgraph_node *node)
{
	if (nodes->n == nodes->cap) {
		nodes->cap = nodes->cap ? nodes->cap * 2 : 64;
		nodes->list = XRESIZEVEC(cgraph_node *, nodes->list, nodes->cap);
	}
	nodes->list[nodes->n++] = node;
}

static void add_callers(const struct kp_unit *k, cgraph_node *node, struct kp_nodes *chosen,
			kp_node_set *seen)
{
	cgraph_edge *e;
	ipa_ref *ref;

	for (e = node->callers; e; e = e->next_caller)
		if (has_body(e->caller) && !is_header_modelled(k, e->caller) && !seen->add(e->caller))
			push(chosen, e->caller);
	FOR_EACH_ALIAS(node, ref)
		if (ref->referring->type == SYMTAB_FUNCTION)
			add_callers(k, (cgraph_node *)ref->referring, chosen, seen);
}

static void add_small(const struct kp_unit *k, struct kp_nodes *chosen, kp_node_set *seen)
{
	unsigned int first = 0, end, depth, added = 0;

	for (depth = 0; depth < SMALL_DEPTH && first < chosen->n; depth++) {
		for (end = chosen->n; first < end; first++) {
			cgraph_edge *e;

			for (e = chosen->list[first]->callees; e; e = e->next_callee) {
				cgraph_node *n = e->callee->ultimate_alias_target();

				if (added >= SMALL_MAX || !has_body(n) || is_modelled(k, n) || seen->add(n))
					continue;
				if (!is_small(n))
					continue;
				push(chosen, n);
				added++;
			}
		}
	}
}

static int by_order(const void *a, const void *b)
{
	const cgraph_node *x = *(const cgraph_node *const *)a, *y = *(const cgraph_node *const *)b;

	return x->order < y->order ? -1 : x->order > y->order;
}

/**
 * kp_select() - choose the functions to translate
 * @chosen: empty; takes them, in the order of the source; its list is to be freed
 * @bodies: set to the number of functions of the unit
 */
void kp_select(const struct kp_unit *k, struct kp_nodes *chosen, unsigned int *bodies)
{
	kp_node_set seen;
	cgraph_node *node;
	const char *name;
	unsigned int i;

	*bodies = 0;
	FOR_EACH_FUNCTION(node) {
		*bodies += !node->alias && has_body(node);
		name = kp_callee_name(k, node->decl);
		if (name && kc_wants(k->kc, name))
			add_callers(k, node, chosen, &seen);
	}
	for (i = 0; i < chosen->n; i++)
		add_callers(k, chosen->list[i], chosen, &seen);
	add_small(k, chosen, &seen);
	qsort(chosen->list, chosen->n, sizeof(*chosen->list), by_order);
}
