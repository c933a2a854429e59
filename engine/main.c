// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * main.c - the command kmapcheck: the engine on flow text, and the commands on what it wrote
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kmapcheck.h"
#include "report.h"
#include "util.h"

enum { EXIT_CLEAN, EXIT_FINDINGS, EXIT_FAILED };

static int cmd_rules(int argc, char **argv)
{
	unsigned int i;

	(void)argv;
	if (argc > 1) {
		fprintf(stderr, "kmapcheck rules: takes no argument\n");
		return EXIT_FAILED;
	}
	printf("Rules:\n");
	for (i = 0; i < KC_RULES; i++)
		printf("  %-21s %s\n", kc_rule_name(i), kc_rule_text(i));
	printf("\nReasons of what is unproved:\n");
	for (i = KC_R_NONE + 1; i < KC_REASONS; i++)
		printf("  %-16s %s\n", kc_reason_name(i), kc_reason_text(i));
	return EXIT_CLEAN;
}

/* Takes "--NAME[=VALUE]". */
static bool take_option(struct kc_options *o, const char *arg)
{
	const char *value = strchr(arg, '=');
	char *name = value ? xasprintf("%.*s", (int)(value - arg), arg) : xstrdup(arg), *err = NULL;
	bool ok = !strncmp(name, "--", 2) && kc_option(o, name + 2, value ? value + 1 : NULL, &err);

	if (!ok)
		fprintf(stderr, "kmapcheck: %s\n", err ? err : "options begin with '--'; see kmapcheck --help");
	free(err);
	free(name);
	return ok;
}

/* For scripts: the report of a source file whose compile failed, so that it is not missed in the summary. */
static int cmd_fail(int argc, char **argv)
{
	struct kc_unit_stats s = { 0 };
	struct kc_options o;
	int i, status = EXIT_FAILED;
	char *err = NULL;

	kc_options_init(&o);
	for (i = 1; i < argc && !strncmp(argv[i], "--", 2) && take_option(&o, argv[i]); i++)
		;
	if (argc - i != 2 || !o.report || !strncmp(argv[i], "--", 2)) {
		fprintf(stderr, "usage: kmapcheck fail --report=FILE|DIR/ [--root=DIR] FILE REASON\n");
		goto out;
	}
	s.file = argv[i];
	s.error = argv[i + 1];
	if (kc_report_write(&o, NULL, NULL, &s, &err))
		status = EXIT_CLEAN;
	else
		fprintf(stderr, "kmapcheck: %s\n", err);
	free(err);
out:
	kc_options_free(&o);
	return status;
}

/* Return: the unit; @err is set where it is not well formed, and NULL given where it cannot be read at all. */
static struct flow_unit *read_unit(const char *path, char **err)
{
	char *text = read_file(path, NULL);
	struct flow_unit *u = NULL;
	unsigned int i;

	if (!text)
		*err = xasprintf("%s: %s", path, strerror(errno));
	else
		u = flow_parse(path, text, err);
	free(text);
	for (i = 0; u && !*err && i < u->nfuncs; i++) {
		const char *wrong = flow_check(u->funcs[i]);

		if (wrong)
			*err = xasprintf("%s: %s: %s", path, u->funcs[i]->name, wrong);
	}
	return u;
}

static void print_lines(struct kc *k, const struct kc_options *o, struct flow_unit *u)
{
	struct kc_result *r = kc_analyse(k, u);
	char *path = kc_report_path(o, u->name);

	if (r->lines)
		printf("# %s\n%s", path, r->lines);
	free(path);
	kc_result_free(r);
}

static int learn_files(const struct kc_options *o, int n, char **paths)
{
	int i, status = EXIT_CLEAN;
	char *err = NULL;
	struct kc *k = kc_new(o, &err);

	for (i = 0; k && i < n; i++) {
		struct flow_unit *u = read_unit(paths[i], &err);

		if (!err)
			print_lines(k, o, u);
		else
			break;
		flow_unit_free(u);
	}
	if (err) {
		fprintf(stderr, "kmapcheck learn: %s\n", err);
		status = EXIT_FAILED;
	}
	free(err);
	if (k)
		kc_free(k);
	return status;
}

/* What one file offers to others, as lines of the model. */
static int cmd_learn(int argc, char **argv)
{
	struct kc_options o;
	int i, status = EXIT_FAILED;

	kc_options_init(&o);
	o.learn = true;
	o.dcache = KC_DCACHE_OFF;
	for (i = 1; i < argc && !strncmp(argv[i], "--", 2) && strcmp(argv[i], "--help") && take_option(&o, argv[i]); i++)
		;
	if (i == argc || !strncmp(argv[i], "--", 2)) {
		bool help = i < argc && !strcmp(argv[i], "--help");

		fprintf(help ? stdout : stderr, "usage: kmapcheck learn [--api=FILE] [--root=DIR] FILE.flow...\n"
			"\n"
			"Prints a line of the API model for each function that maps for its callers in\n"
			"other files, or releases what they mapped; a comment where no line can say it.\n"
			"What it prints is meant for the option api of a second run.\n");
		status = help ? EXIT_CLEAN : EXIT_FAILED;
	} else {
		status = learn_files(&o, argc - i, argv + i);
	}
	kc_options_free(&o);
	return status;
}

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *text;
} commands[] = {
	{ "report", cmd_report, "show and sum up the reports of front ends" },
	{ "api", cmd_api, "list the functions of the API model" },
	{ "learn", cmd_learn, "tell what files offer to others, as lines of the API model" },
	{ "arch", cmd_arch, "tell what a kernel tree says of its architectures' data caches" },
	{ "rules", cmd_rules, "list the rules, and the reasons of what is unproved" },
	{ "fix", cmd_fix, "propose edits that mend a finding; see make fixes" },
	{ "fail", cmd_fail, "write the report of a file that could not be compiled" },
};

static void show_help(FILE *to)
{
	unsigned int i;

	fprintf(to, "usage: kmapcheck [--NAME[=VALUE]]... FILE.flow...\n"
		    "   or: kmapcheck COMMAND [ARGUMENT]...\n"
		    "\n"
		    "Checks that kernel mappings (kmap_local_page() and its kin) are released once,\n"
		    "on every path and in order, and that pages written through them are flushed.\n"
		    "\n"
		    "Commands, each with a --help of its own:\n");
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(to, "   %-9s %s\n", commands[i].name, commands[i].text);
	fprintf(to, "\n"
		    "Options:\n"
		    "   --report=FILE|DIR/   write the report as JSON lines\n"
		    "   --flow=FILE|DIR/     write the flow text as it was understood\n"
		    "   --api=FILE           more lines for the API model; may be repeated\n"
		    "   --dcache=MODE        off, published (default) or strict\n"
		    "   --rules=NAME,...     only these rules\n"
		    "   --root=DIR           the source tree, for names in reports\n"
		    "   --werror             accepted for likeness with the front ends\n"
		    "\n"
		    "Exit status: 0 nothing found, 1 errors or warnings found, 2 failure.\n"
		    "See kmapcheck(1).\n");
}

static void print_place(const struct flow_unit *u, struct flow_loc loc)
{
	printf("%s:", loc.file && loc.file < u->nfiles ? u->files[loc.file] : u->name);
	if (loc.line)
		printf("%u:", loc.line);
	if (loc.line && loc.column)
		printf("%u:", loc.column);
}

static void print_finding(const struct flow_unit *u, const struct kc_finding *f)
{
	unsigned int i;

	print_place(u, f->loc);
	printf(" %s: %s\n", kc_severity_name(f->severity), f->message);
	for (i = 0; i < f->nevents; i++) {
		const struct kc_event *e = &f->events[i];

		printf("    ");
		print_place(u, e->loc);
		if (e->function && (!f->function || strcmp(e->function, f->function)))
			printf(" in %s():", e->function);
		printf(" %s\n", e->text);
	}
}

static double cpu_seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

static bool write_outputs(const struct kc_options *o, const struct flow_unit *u, const struct kc_result *r,
			  const struct kc_unit_stats *s)
{
	char *err = NULL;

	if (kc_report_write(o, u, r, s, &err) && (!u || kc_flow_write(o, u, &err)))
		return true;
	fprintf(stderr, "kmapcheck: %s\n", err);
	free(err);
	return false;
}

/* A unit that cannot be analysed still gets its report. */
static int fail_file(const struct kc_options *o, const char *file, const char *message)
{
	struct kc_unit_stats s = { .file = file, .error = message };

	fprintf(stderr, "%s\n", message);
	write_outputs(o, NULL, NULL, &s);
	return EXIT_FAILED;
}

static int check_unit(struct kc *k, const struct kc_options *o, struct flow_unit *u, double start)
{
	struct kc_result *r = kc_analyse(k, u);
	struct kc_unit_stats s = { .file = u->name, .functions = u->nfuncs };
	int status = EXIT_CLEAN;
	unsigned int i;

	for (i = 0; i < r->nfindings; i++) {
		print_finding(u, &r->findings[i]);
		if (r->findings[i].severity != KC_NOTE)
			status = EXIT_FINDINGS;
	}
	s.seconds = cpu_seconds() - start;
	s.total = cpu_seconds();
	if (!write_outputs(o, u, r, &s))
		status = EXIT_FAILED;
	kc_result_free(r);
	return status;
}

static int check_file(struct kc *k, const struct kc_options *o, const char *path)
{
	double start = cpu_seconds();
	char *err = NULL;
	struct flow_unit *u = read_unit(path, &err);
	int status;

	if (err)
		status = fail_file(o, u ? u->name : path, err);
	else
		status = check_unit(k, o, u, start);
	free(err);
	if (u)
		flow_unit_free(u);
	return status;
}

static int check_files(int argc, char **argv)
{
	struct kc_options o;
	int i, status = EXIT_CLEAN, nfiles = 0;
	struct kc *k = NULL;
	char *err = NULL;
	bool ends = false;

	kc_options_init(&o);
	for (i = 1; i < argc; i++) {
		if (!ends && !strcmp(argv[i], "--"))
			ends = true;
		else if (ends || argv[i][0] != '-')
			argv[++nfiles] = argv[i];
		else if (!take_option(&o, argv[i]))
			goto failed;
	}
	if (!nfiles) {
		fprintf(stderr, "kmapcheck: no flow file given\n");
		show_help(stderr);
		goto failed;
	}
	k = kc_new(&o, &err);
	if (!k) {
		fprintf(stderr, "kmapcheck: %s\n", err);
		free(err);
		goto failed;
	}
	for (i = 1; i <= nfiles; i++) {
		int st = check_file(k, &o, argv[i]);

		if (st > status)
			status = st;
	}
	goto out;
failed:
	status = EXIT_FAILED;
out:
	if (k)
		kc_free(k);
	kc_options_free(&o);
	return status;
}

int main(int argc, char **argv)
{
	unsigned int i;
	int status;

	if (argc < 2) {
		show_help(stderr);
		return EXIT_FAILED;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		show_help(stdout);
		status = EXIT_CLEAN;
		goto out;
	}
	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strcmp(argv[1], commands[i].name))
			continue;
		status = commands[i].run(argc - 1, argv + 1);
		goto out;
	}
	status = check_files(argc, argv);
out:
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "kmapcheck: standard output: %s\n", strerror(errno));
		return EXIT_FAILED;
	}
	return status;
}
