// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * diagnose.c - findings as GCC's diagnostics, with their paths
 */
#include "plugin.h"

static tree function_named(const char *name)
{
	cgraph_node *node;

	if (!name)
		return NULL_TREE;
	FOR_EACH_FUNCTION_WITH_GIMPLE_BODY(node)
		if (DECL_NAME(node->decl) && !strcmp(IDENTIFIER_POINTER(DECL_NAME(node->decl)), name))
			return node->decl;
	return NULL_TREE;
}

static bool calls(tree caller, tree callee)
{
	cgraph_node *node = caller ? cgraph_node::get(caller) : NULL;
	cgraph_edge *e;

	for (e = node ? node->callees : NULL; e; e = e->next_callee)
		if (e->callee->ultimate_alias_target()->decl == callee)
			return true;
	return false;
}

/*
 * The depth of each event's function in the chain of calls, the least being 1: one deeper where the function before calls
 * this one, and less deep where it is called by it.
 */
static void find_depths(const struct kc_finding *f, tree *fns, int *depths)
{
	int least = INT_MAX, depth = 0;
	unsigned int i;

	for (i = 0; i < f->nevents; i++) {
		fns[i] = i && f->events[i].function == f->events[i - 1].function ? fns[i - 1] :
			 function_named(f->events[i].function);
		if (i && fns[i] != fns[i - 1])
			depth += calls(fns[i - 1], fns[i]) ? 1 : -1;
		depths[i] = depth;
		least = MIN(least, depth);
	}
	for (i = 0; i < f->nevents; i++)
		depths[i] += 1 - least;
}

static void emit(const struct kc_options *o, const struct kc_finding *f, rich_location *rich)
{
	bool was;

	if (f->severity == KC_NOTE) {
		inform(rich, "%s", f->message);
	} else if (o->werror) {
		error_at(rich, "%s", f->message);
	} else {
		was = kp_clear_werror();
		warning_at(rich, 0, "%s", f->message);
		kp_restore_werror(was);
	}
}

static void add_events(const struct kp_unit *k, simple_diagnostic_path *path, const struct kc_finding *f)
{
	int *depths = XNEWVEC(int, f->nevents + 1);
	tree *fns = XNEWVEC(tree, f->nevents + 1);
	unsigned int i;

	find_depths(f, fns, depths);
	for (i = 0; i < f->nevents; i++)
		path->add_event(kp_location(k, f->events[i].loc), fns[i], depths[i], "%s", f->events[i].text);
	free(depths);
	free(fns);
}

static void show(const struct kp_unit *k, const struct kc_options *o, const struct kc_finding *f, rich_location *rich)
{
	/* Not the printer of the diagnostics: its prefix would get into the texts. */
	pretty_printer *pp = new pretty_printer;
	simple_diagnostic_path *path = kp_new_path(pp);

	add_events(k, path, f);
	if (f->nevents > 1)
		rich->set_path(path);
	emit(o, f, rich);
	delete path;
	delete pp;
}

static void diagnose(const struct kp_unit *k, const struct kc_options *o, const struct kc_finding *f)
{
	rich_location *rich = new rich_location(line_table, kp_location(k, f->loc));

	kp_add_fix(k, rich, &f->fix);
	show(k, o, f, rich);
	delete rich;
}

/**
 * kp_diagnose() - show the findings
 *
 * They are warnings that -Werror leaves alone, since kernels are built with it, or errors where the option werror asks for that.
 */
void kp_diagnose(const struct kp_unit *k, const struct kc_options *o, const struct kc_result *r)
{
	tree saved = current_function_decl;
	unsigned int i;

	if (kp_warnings_inhibited())
		return;
	for (i = 0; i < r->nfindings; i++) {
		current_function_decl = function_named(r->findings[i].function);
		diagnose(k, o, &r->findings[i]);
	}
	current_function_decl = saved;
}
