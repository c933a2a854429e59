// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * plugin.c - the plugin's entry: options, the pass, the report
 *
 * The pass runs once all functions are in SSA form and before any of them is inlined or optimised: on 64-bit the
 * mapping calls are gone after the first inlining.
 */
#include "plugin.h"

#include <time.h>

__attribute__((visibility("default"))) int plugin_is_GPL_compatible;

static struct plugin_info info = {
	"1",
	"report=FILE|DIR/\tWrite the report there\n"
	"flow=FILE|DIR/\tWrite the translation there\n"
	"api=FILE\tTake more lines of the kernel's API from there\n"
	"dcache=off|published|strict\tRules of the data cache\n"
	"rules=NAME,...\tApply only these rules\n"
	"root=DIR\tThe source tree\n"
	"werror\tMake errors of findings\n"
	"check-only\tEnd the compile after the analysis\n",
};

/**
 * struct plugin - the whole state
 * @seconds: CPU time spent in here so far
 * @error: why the unit could not be analysed
 * @active: there is a C file to analyse
 * @written: the report is out
 */
static struct plugin {
	struct kc_options options;
	struct kp_unit unit;
	struct kc_result *result;
	struct kc_unit_stats stats;
	bool check_only, active, written;
} self;

static double cpu_time(clockid_t clock)
{
	struct timespec ts;

	return clock_gettime(clock, &ts) ? 0 : ts.tv_sec + ts.tv_nsec / 1e9;
}

static double thread_time(void)
{
	return cpu_time(CLOCK_THREAD_CPUTIME_ID);
}

static void say_error(char *err)
{
	error_at(UNKNOWN_LOCATION, "kmapcheck: %s", err ? err : "unknown failure");
	free(err);
}

static void new_unit(struct kp_unit *k)
{
	k->flow = flow_unit_new(main_input_filename ? main_input_filename : "", kp_pagesize());
	k->places = new kp_place_map;
	k->lines = new kp_place_map;
	k->macros = new kp_place_set;
	k->names = new kp_name_map;
	k->laid_out = new kp_tree_set;
	k->last_file = NULL;
	k->nnames = 0;
}

/* The trees that these hold belong to GCC, which may free them later. */
static void end_unit(struct kp_unit *k)
{
	delete k->places;
	delete k->lines;
	delete k->macros;
	delete k->names;
	delete k->laid_out;
}

static void translate_all(struct kp_unit *k, struct kc_unit_stats *s)
{
	struct kp_nodes chosen = {};
	unsigned int i, bad = 0;

	kp_select(k, &chosen, &s->functions);
	kp_roles(k, &chosen);
	for (i = 0; i < chosen.n; i++) {
		if (!kp_translate(k, chosen.list[i])) {
			k->flow->nfuncs--;
			bad++;
		}
	}
	free(chosen.list);
	s->skipped = s->functions - k->flow->nfuncs;
	if (bad)
		s->error = "some functions could not be translated";
}

static void analyse(void)
{
	struct kp_unit *k = &self.unit;
	char *err = NULL;

	new_unit(k);
	translate_all(k, &self.stats);
	if (self.options.flow && !kc_flow_write(&self.options, k->flow, &err))
		say_error(err);
	self.result = kc_analyse(k->kc, k->flow);
	kp_check_fixes(k, self.result);
	kp_diagnose(k, &self.options, self.result);
	end_unit(k);
}

static const pass_data kmapcheck_pass_data = {
	SIMPLE_IPA_PASS, "kmapcheck", OPTGROUP_NONE, TV_PLUGIN_RUN, 0, 0, 0, 0, 0,
};

class kmapcheck_pass : public simple_ipa_opt_pass
{
public:
	kmapcheck_pass() : simple_ipa_opt_pass(kmapcheck_pass_data, g) {}

	unsigned int execute(function *) override
	{
		double start = thread_time();

		if (seen_error() || !self.active || self.unit.flow)
			return 0;
		analyse();
		if (self.check_only)
			kp_check_only_end();
		self.stats.seconds += thread_time() - start;
		return 0;
	}
};

static void write_report(bool at_exit)
{
	struct kc_unit_stats *s = &self.stats;
	double start = thread_time();
	char *err = NULL;

	if (self.written || !self.active)
		return;
	self.written = true;
	if (!self.options.report)
		return;
	s->file = main_input_filename ? main_input_filename : "";
	if (!self.result)
		s->error = at_exit || seen_error() ? "the file does not compile" : "no code was asked for, only the syntax";
	s->total = cpu_time(CLOCK_PROCESS_CPUTIME_ID);
	s->seconds += thread_time() - start;
	if (kc_report_write(&self.options, self.unit.flow, self.result, s, &err))
		return;
	if (at_exit)
		fprintf(stderr, "%s: kmapcheck: %s\n", progname, err);
	else
		say_error(err);
}

static void finish(void *, void *)
{
	write_report(false);
}

/* GCC ends here without a word to plugins after a fatal error. */
static void at_exit(void)
{
	write_report(true);
}

static bool is_c(void)
{
	return startswith(lang_hooks.name, "GNU C") && !startswith(lang_hooks.name, "GNU C++") && !in_lto_p;
}

/* By now it is known what is compiled. */
static void start_unit(void *, void *)
{
	self.active = is_c() && !flag_preprocess_only;
}

static bool take_options(const struct plugin_name_args *args)
{
	bool ok = true;
	char *err;
	int i;

	kc_options_init(&self.options);
	for (i = 0; i < args->argc; i++) {
		if (!strcmp(args->argv[i].key, "check-only") && !args->argv[i].value) {
			self.check_only = true;
			continue;
		}
		err = NULL;
		if (kc_option(&self.options, args->argv[i].key, args->argv[i].value, &err))
			continue;
		error("kmapcheck: %s%s", err, strstr(err, "unknown option") ? ", check-only" : "");
		free(err);
		ok = false;
	}
	if (self.check_only && !kp_check_only_allowed()) {
		error("kmapcheck: check-only needs %<-S%> or %<-o /dev/null%>, lest an empty object is left behind");
		ok = false;
	}
	return ok;
}

__attribute__((visibility("default")))
int plugin_init(struct plugin_name_args *args, struct plugin_gcc_version *version)
{
	struct register_pass_info pass;
	double start = thread_time();
	char *err = NULL;

	if (!plugin_default_version_check(version, &gcc_version)) {
		error("kmapcheck was built for GCC %s and is loaded into GCC %s", gcc_version.basever,
		      version->basever);
		return 1;
	}
	register_callback(args->base_name, PLUGIN_INFO, NULL, &info);
	if (!is_c())
		return 0;
	if (!take_options(args))
		return 0;
	self.unit.kc = kc_new(&self.options, &err);
	if (!self.unit.kc) {
		say_error(err);
		return 0;
	}
	pass.pass = new kmapcheck_pass;
	pass.reference_pass_name = "opt_local_passes";
	pass.ref_pass_instance_number = 1;
	pass.pos_op = PASS_POS_INSERT_BEFORE;
	register_callback(args->base_name, PLUGIN_PASS_MANAGER_SETUP, NULL, &pass);
	register_callback(args->base_name, PLUGIN_START_UNIT, start_unit, NULL);
	register_callback(args->base_name, PLUGIN_FINISH, finish, NULL);
	atexit(at_exit);
	self.stats.seconds = thread_time() - start;
	return 0;
}
