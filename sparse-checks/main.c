// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * main.c - kmapcheck-sparse: sparse, and the engine beside it
 *
 * Sparse's own main() runs as it is; we stand in for sparse(), which parses a file. When a file is parsed the process
 * forks: the child evaluates, linearizes and analyses what it needs in its own way, the parent goes on as if nothing had
 * happened, and at its exit prints what the child found. So sparse's output stays its own, whatever we do to its data.
 */
#include "front.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/**
 * struct child - an analysis under way
 * @from: its text comes from here
 * @to: the CPU time of this process goes there, when it is known
 */
struct child {
	struct child *next;
	char *file;
	pid_t pid;
	int from, to;
};

/**
 * struct front - the state of the program
 * @only: sparse's own output is not wanted; it is kept in @kept for the case that sparse gives up
 * @out: where ours goes
 * @file: being parsed, NULL when that is done
 * @error: the first syntax error in it
 * @status: our part of the exit status
 */
static struct {
	struct kc_options options;
	struct kc *kc;
	double load;
	bool only;
	FILE *out, *kept;
	char *file, *error;
	struct child *children;
	int status;
} front;

static void fail(int status)
{
	if (front.status < status)
		front.status = status;
}

/* What the parser objects to without losing its way. */
static bool is_harmless(const char *fmt)
{
	static const char *const harmless[] = {
		"static assertion failed", "invalid bitfield specifier", "bitfield '%s' has invalid width",
		"dubious one-bit",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(harmless); i++)
		if (!strncmp(fmt, harmless[i], strlen(harmless[i])))
			return true;
	return false;
}

/**
 * kmap_parse_error() - what the parser and the preprocessor call instead of sparse_error()
 */
void kmap_parse_error(struct position pos, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = xvasprintf(fmt, ap);
	va_end(ap);
	sparse_error(pos, "%s", s);
	if (!front.error && !is_harmless(fmt))
		front.error = xasprintf("%s:%d:%d: %s", stream_name(pos.stream), pos.line, pos.pos, s);
	free(s);
}

/* A unit that was not analysed has a report that says so. */
static void report_failure(const char *file, const char *why)
{
	struct kc_unit_stats stats = { .file = file, .error = why, .seconds = front.load };
	char *err = NULL;

	fprintf(front.out, "%s: kmapcheck: not analysed: %s\n", file, why);
	stats.total = sp_cpu_seconds();
	if (!kc_report_write(&front.options, NULL, NULL, &stats, &err))
		fprintf(front.out, "%s: kmapcheck: %s\n", file, err);
	free(err);
	fail(2);
}

static double read_seconds(void *data)
{
	double seconds = 0;

	if (read(*(int *)data, &seconds, sizeof(seconds)) != sizeof(seconds))
		return 0;
	return seconds;
}

static void write_all(int fd, const char *s, size_t n)
{
	ssize_t done;

	for (; n; s += done, n -= done) {
		done = write(fd, s, n);
		if (done < 0)
			return;
	}
}

/* CPU seconds that an analysis may take: far more than the engine's bounds allow, so that nothing ever hangs. */
enum { CPU_LIMIT = 120 };

static void limit_child(void)
{
	struct rlimit cpu = { CPU_LIMIT, CPU_LIMIT + 5 };

	setrlimit(RLIMIT_CPU, &cpu);
	/* When sparse is killed there is nobody left to tell. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/* The child: it ends here. Sparse's words are the parent's to say. */
static void run_child(struct unit_job *job, struct symbol_list *list, int to, int from)
{
	struct strbuf out = { NULL, 0, 0 };
	FILE *null = fopen("/dev/null", "w");
	int status;

	limit_child();
	if (null)
		stdout = stderr = null;
	verbose = 0;
	/* What it only warns of is no reason to leave a function out. */
	Wsparse_error = 0;
	status = analyse_unit(job, list, &out, read_seconds, &from);
	if (out.len)
		write_all(to, out.buf, out.len);
	_exit(status);
}

static bool start_child(struct unit_job *job, struct symbol_list *list, int *up, int *down)
{
	struct child *c;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid < 0)
		return false;
	if (!pid) {
		close(up[0]);
		close(down[1]);
		run_child(job, list, up[1], down[0]);
	}
	close(up[1]);
	close(down[0]);
	c = xcalloc(1, sizeof(*c));
	*c = (struct child){ front.children, xstrdup(job->file), pid, up[0], down[1] };
	front.children = c;
	return true;
}

static void start(char *file, struct symbol_list *list, unsigned int pagesize)
{
	struct unit_job job = {
		.file = file, .pagesize = pagesize, .kc = front.kc, .options = &front.options, .load = front.load,
	};
	int up[2], down[2];
	struct stat st;

	if (front.error) {
		report_failure(file, front.error);
		return;
	}
	if (strcmp(file, "-") && !stat(file, &st) && (S_ISDIR(st.st_mode) || (S_ISREG(st.st_mode) && !st.st_size))) {
		report_failure(file, S_ISDIR(st.st_mode) ? "it is a folder" : "the file is empty");
		return;
	}
	if (pipe2(up, O_CLOEXEC) || pipe2(down, O_CLOEXEC) || !start_child(&job, list, up, down))
		report_failure(file, strerror(errno));
}

/**
 * kmap_sparse() - what sparse's main() calls instead of sparse(): parse a file, and evaluate it
 */
struct symbol_list *kmap_sparse(char *filename)
{
	struct symbol_list *list;
	unsigned int pagesize;

	free(front.error);
	front.error = NULL;
	front.file = filename;
	cleanup_watch();
	list = sparse_keep_tokens(filename);
	pagesize = sp_page_size();
	clear_token_alloc();
	front.file = NULL;
	if (preprocess_only || dump_macros_only)
		return list;
	start(filename, list, pagesize);
	if (front.only)
		return NULL;
	/* The rest is sparse()'s. */
	if (has_error & ERROR_CURR_PHASE)
		has_error = ERROR_PREV_PHASE;
	evaluate_symbol_list(list);
	return list;
}

static void copy_text(int from)
{
	char buf[4096];
	ssize_t n;

	while ((n = read(from, buf, sizeof(buf))) > 0)
		fwrite(buf, 1, n, front.out);
}

static void finish_child(struct child *c)
{
	double seconds = sp_cpu_seconds();
	int status = 0;
	char *why;

	if (write(c->to, &seconds, sizeof(seconds)) < 0)
		seconds = 0;
	close(c->to);
	copy_text(c->from);
	close(c->from);
	while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status)) {
		fail(WEXITSTATUS(status));
		return;
	}
	if (WTERMSIG(status) == SIGXCPU)
		why = xasprintf("it took more than %d seconds", CPU_LIMIT);
	else
		why = xasprintf("internal error: signal %d", WTERMSIG(status));
	report_failure(c->file, why);
	free(why);
}

/* In the order in which they were started. */
static void finish_children(struct child *c)
{
	if (!c)
		return;
	finish_children(c->next);
	finish_child(c);
	free(c->file);
	free(c);
}

static void show_kept(void)
{
	char buf[4096];
	size_t n;

	if (!front.kept)
		return;
	fflush(stderr);
	rewind(front.kept);
	while ((n = fread(buf, 1, sizeof(buf), front.kept)) > 0)
		fwrite(buf, 1, n, front.out);
}

/* Sparse ends by exit() in several places. */
static void at_exit(int status, void *data)
{
	(void)data;
	fflush(stdout);
	fflush(stderr);
	if (status && front.only)
		show_kept();
	if (front.file && status)
		report_failure(front.file, front.error ? front.error : "sparse gave up");
	finish_children(front.children);
	fflush(front.out);
	if (front.status > status)
		_exit(front.status);
}

static void usage_error(const char *option, char *err)
{
	fprintf(stderr, "kmapcheck-sparse: %s: %s%s\n", option, err,
		strstr(err, "unknown option") ? ", only (as --kmap-NAME)" : "");
	free(err);
	exit(2);
}

static void take_option(const char *arg)
{
	const char *name = arg + strlen("--kmap-"), *value = strchr(name, '=');
	char *err = NULL, *key;

	if (!strcmp(name, "only")) {
		front.only = true;
		return;
	}
	key = xasprintf("%.*s", (int)(value ? value - name : (long)strlen(name)), name);
	if (!kc_option(&front.options, key, value ? value + 1 : NULL, &err))
		usage_error(arg, err);
	free(key);
}

/* Ours are taken out; what is left is sparse's. */
static char **take_options(int *argc, char **argv)
{
	char **rest = xcalloc(*argc + 1, sizeof(*rest));
	int i, n = 0;

	for (i = 0; i < *argc; i++) {
		if (i && !strncmp(argv[i], "--kmap-", strlen("--kmap-")))
			take_option(argv[i]);
		else
			rest[n++] = argv[i];
	}
	*argc = n;
	return rest;
}

static FILE *stream_of(int fd)
{
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");

	if (!f) {
		fprintf(stderr, "kmapcheck-sparse: %s\n", strerror(errno));
		exit(2);
	}
	return f;
}

int main(int argc, char **argv)
{
	char *err = NULL;

	kc_options_init(&front.options);
	argv = take_options(&argc, argv);
	if (argc < 2) {
		fprintf(stderr, "kmapcheck-sparse: no file given; it is the CHECK= of a kernel build\n");
		return 2;
	}
	front.kc = kc_new(&front.options, &err);
	if (!front.kc) {
		fprintf(stderr, "kmapcheck-sparse: %s\n", err);
		return 2;
	}
	front.load = sp_cpu_seconds();
	front.out = stream_of(dup(STDERR_FILENO));
	if (front.only) {
		front.kept = tmpfile();
		if (!front.kept || dup2(fileno(front.kept), STDERR_FILENO) < 0) {
			fprintf(front.out, "kmapcheck-sparse: %s\n", strerror(errno));
			return 2;
		}
	}
	on_exit(at_exit, NULL);
	return sparse_main(argc, argv);
}
