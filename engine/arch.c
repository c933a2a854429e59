// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * arch.c - "kmapcheck arch KDIR": what a kernel tree says of each architecture's data caches and of unmapping
 *
 * Everything is read from what the tree itself selects and defines:
 * - ARCH_HAS_CPU_CACHE_ALIASING and cpu_dcache_is_aliasing() (since Linux 6.9): can data caches alias, and when;
 * - ARCH_IMPLEMENTS_FLUSH_DCACHE_PAGE: does flush_dcache_folio()/page() do anything; a name for PG_arch_1: may it be deferred until
 *   user space maps the page;
 * - config HIGHMEM; arch_kmap_local_pre_unmap() and arch_kmap_local_post_unmap(), which only high memory comes to;
 * - ARCH_HAS_FLUSH_ON_KUNMAP: does kunmap_local() of low memory flush.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "report.h"
#include "util.h"

#define MAX_DEPTH 5		/* of folders below arch/NAME */

struct arch {
	char *name;
	bool aliases, flushes, defers, highmem, flush_on_kunmap;
	struct strbuf when, pre_unmap, post_unmap;
};

static bool is_ident(int c)
{
	return isalnum(c) || c == '_';
}

static void add_word(struct strbuf *b, const char *s, size_t n)
{
	char *word = xasprintf("%.*s", (int)n, s);

	if (!b->buf || !strstr(b->buf, word))
		strbuf_addf(b, "%s%s", b->len ? ", " : "", word);
	free(word);
}

/* The text of a macro: up to the end of the line that no backslash continues. */
static size_t macro_length(const char *s)
{
	const char *p = s;

	for (; *p; p++)
		if (*p == '\n' && (p == s || p[-1] != '\\'))
			break;
	return (size_t)(p - s);
}

static bool is_keyword(const char *s, size_t n)
{
	static const char *const words[] = { "if", "do", "while", "for", "switch", "return", "sizeof" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (strlen(words[i]) == n && !strncmp(s, words[i], n))
			return true;
	return false;
}

/* The names of what a macro calls. */
static void add_calls(struct strbuf *b, const char *s, size_t n)
{
	const char *end = s + n, *start;

	while (s < end) {
		if (!is_ident(*s)) {
			s++;
			continue;
		}
		for (start = s; s < end && is_ident(*s); s++)
			;
		if (s < end && *s == '(' && !is_keyword(start, (size_t)(s - start)))
			add_word(b, start, (size_t)(s - start));
	}
}

/* The condition, in one line and in words: a "|" would divide a table. */
static void add_condition(struct strbuf *b, const char *s, size_t n)
{
	struct strbuf t = { 0 };
	size_t i;

	for (i = 0; i < n; i++) {
		if (isspace((unsigned char)s[i]) || s[i] == '\\') {
			if (t.len && t.buf[t.len - 1] != ' ')
				strbuf_add(&t, " ", 1);
		} else if (i + 1 < n && s[i] == s[i + 1] && (s[i] == '|' || s[i] == '&')) {
			strbuf_addf(&t, "%s", s[i++] == '|' ? "or" : "and");
		} else {
			strbuf_add(&t, &s[i], 1);
		}
	}
	while (t.len && t.buf[t.len - 1] == ' ')
		t.buf[--t.len] = '\0';
	if (t.len > 1 && t.buf[0] == '(' && t.buf[t.len - 1] == ')')
		add_word(b, t.buf + 1, t.len - 2);
	else if (t.len)
		add_word(b, strcmp(t.buf, "true") ? t.buf : "yes", strcmp(t.buf, "true") ? t.len : 3);
	free(t.buf);
}

/* The text behind "#define NAME", NULL where the line at @s is none. */
static const char *defines(const char *s, const char *name)
{
	s += strspn(s, " \t");
	if (*s++ != '#')
		return NULL;
	s += strspn(s, " \t");
	if (strncmp(s, "define", 6))
		return NULL;
	s += 6;
	s += strspn(s, " \t");
	if (strncmp(s, name, strlen(name)) || is_ident(s[strlen(name)]))
		return NULL;
	return s + strlen(name);
}

static const char *after_parameters(const char *s)
{
	const char *close = *s == '(' ? strchr(s, ')') : NULL;

	return close ? close + 1 : s;
}

static void read_header(struct arch *a, const char *text)
{
	const char *line, *body;

	/* A flag of the page says that a flush is due. */
	a->defers |= strstr(text, "PG_arch_1") != NULL;
	for (line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		body = defines(line, "ARCH_IMPLEMENTS_FLUSH_DCACHE_PAGE");
		if (body && strtol(body, NULL, 0))
			a->flushes = true;
		if (defines(line, "ARCH_HAS_FLUSH_ON_KUNMAP"))
			a->flush_on_kunmap = true;
		body = defines(line, "cpu_dcache_is_aliasing");
		if (body) {
			body = after_parameters(body);
			add_condition(&a->when, body, macro_length(body));
		}
		body = defines(line, "arch_kmap_local_pre_unmap");
		if (body) {
			body = after_parameters(body);
			add_calls(&a->pre_unmap, body, macro_length(body));
		}
		body = defines(line, "arch_kmap_local_post_unmap");
		if (body) {
			body = after_parameters(body);
			add_calls(&a->post_unmap, body, macro_length(body));
		}
	}
}

static bool is_line(const char *line, const char *first, const char *second)
{
	line += strspn(line, " \t");
	if (strncmp(line, first, strlen(first)))
		return false;
	line += strlen(first);
	line += strspn(line, " \t");
	return !strncmp(line, second, strlen(second)) && !is_ident(line[strlen(second)]);
}

static void read_kconfig(struct arch *a, const char *text)
{
	const char *line;

	for (line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		a->aliases |= is_line(line, "select", "ARCH_HAS_CPU_CACHE_ALIASING");
		a->highmem |= is_line(line, "config", "HIGHMEM");
	}
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && !strcmp(s + n - m, end);
}

static bool read_tree(struct arch *a, const char *path, unsigned int depth);

static bool read_entry(struct arch *a, const char *path, const char *name, unsigned int depth)
{
	struct stat st;
	char *text;
	bool source;

	/* What a link leads to is read where it stands. */
	if (lstat(path, &st)) {
		fprintf(stderr, "kmapcheck arch: %s: %s\n", path, strerror(errno));
		return false;
	}
	if (S_ISDIR(st.st_mode))
		return read_tree(a, path, depth + 1);
	source = ends_with(name, ".c") && strstr(path, "/mm/");
	if (!S_ISREG(st.st_mode) || !(source || ends_with(name, ".h") || !strncmp(name, "Kconfig", 7)))
		return true;
	text = read_file(path, NULL);
	if (!text) {
		fprintf(stderr, "kmapcheck arch: %s: %s\n", path, strerror(errno));
		return false;
	}
	if (ends_with(name, ".h"))
		read_header(a, text);
	else if (source)
		a->defers |= strstr(text, "PG_arch_1") != NULL;
	else
		read_kconfig(a, text);
	free(text);
	return true;
}

static int visible(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static bool read_tree(struct arch *a, const char *path, unsigned int depth)
{
	struct dirent **entries;
	bool ok = true;
	int i, n;

	if (depth > MAX_DEPTH)
		return true;
	n = scandir(path, &entries, visible, alphasort);
	if (n < 0) {
		fprintf(stderr, "kmapcheck arch: %s: %s\n", path, strerror(errno));
		return false;
	}
	for (i = 0; i < n; i++) {
		char *sub = xasprintf("%s/%s", path, entries[i]->d_name);

		ok = ok && read_entry(a, sub, entries[i]->d_name, depth);
		free(sub);
		free(entries[i]);
	}
	free(entries);
	return ok;
}

static void free_arch(struct arch *a)
{
	free(a->name);
	free(a->when.buf);
	free(a->pre_unmap.buf);
	free(a->post_unmap.buf);
}

static const char *or_dash(const struct strbuf *b)
{
	return b->len ? b->buf : "-";
}

/* Kernels before 6.9 do not say which architectures' caches alias. */
static const char *aliasing(const struct arch *a, bool told)
{
	if (!told)
		return "not told";
	return a->aliases ? a->when.len ? a->when.buf : "yes" : "no";
}

static const char *flushing(const struct arch *a)
{
	if (!a->flushes)
		return "nothing";
	return a->defers ? "may defer" : "at once";
}

enum { COLUMNS = 7 };

static void fill_row(const char *row[COLUMNS], const struct arch *a, bool told)
{
	row[0] = a->name;
	row[1] = aliasing(a, told);
	row[2] = flushing(a);
	row[3] = a->highmem ? "yes" : "no";
	row[4] = or_dash(&a->pre_unmap);
	row[5] = or_dash(&a->post_unmap);
	row[6] = a->flush_on_kunmap ? "flushes" : "nothing";
}

static void print_row(const char *const row[COLUMNS], const size_t width[COLUMNS])
{
	unsigned int i;

	for (i = 0; i < COLUMNS; i++)
		printf("| %-*s ", (int)width[i], row[i]);
	printf("|\n");
}

static void print_table(const struct arch *arches, unsigned int n, bool told)
{
	static const char *const head[COLUMNS] = {
		"architecture", "data caches alias", "flush_dcache_folio()", "HIGHMEM", "pre_unmap (high memory)",
		"post_unmap (high memory)", "kunmap_local() of low memory",
	};
	size_t width[COLUMNS];
	const char *row[COLUMNS];
	unsigned int i, j;

	for (j = 0; j < COLUMNS; j++)
		width[j] = strlen(head[j]);
	for (i = 0; i < n; i++) {
		fill_row(row, &arches[i], told);
		for (j = 0; j < COLUMNS; j++)
			if (strlen(row[j]) > width[j])
				width[j] = strlen(row[j]);
	}
	print_row(head, width);
	for (j = 0; j < COLUMNS; j++) {
		printf("| ");
		for (i = 0; i < width[j]; i++)
			putchar('-');
		putchar(' ');
	}
	printf("|\n");
	for (i = 0; i < n; i++) {
		fill_row(row, &arches[i], told);
		print_row(row, width);
	}
}

static bool is_arch(const char *dir)
{
	char *path = xasprintf("%s/Kconfig", dir);
	struct stat st;
	bool ok = !stat(path, &st) && S_ISREG(st.st_mode);

	free(path);
	return ok;
}

static bool show_tree(const char *kdir)
{
	char *top = xasprintf("%s/arch", kdir);
	struct arch *arches = NULL;
	unsigned int n = 0, cap = 0, j;
	struct dirent **entries = NULL;
	bool ok = true, told = false;
	int i, count = scandir(top, &entries, visible, alphasort);

	if (count < 0)
		fprintf(stderr, "kmapcheck arch: %s: %s: not a kernel source tree\n", top, strerror(errno));
	for (i = 0; i < count; i++) {
		char *dir = xasprintf("%s/%s", top, entries[i]->d_name);

		if (ok && is_arch(dir)) {
			GROW(arches, n, cap);
			arches[n] = (struct arch){ .name = xstrdup(entries[i]->d_name) };
			ok = read_tree(&arches[n++], dir, 0);
		}
		free(dir);
		free(entries[i]);
	}
	free(entries);
	if (ok && count >= 0 && !n)
		fprintf(stderr, "kmapcheck arch: %s: no architecture in it: not a kernel source tree\n", top);
	for (j = 0; j < n; j++)
		told |= arches[j].aliases;
	ok = ok && n;
	if (ok)
		print_table(arches, n, told);
	for (j = 0; j < n; j++)
		free_arch(&arches[j]);
	free(arches);
	free(top);
	return ok;
}

int cmd_arch(int argc, char **argv)
{
	static const char usage[] =
		"usage: kmapcheck arch KDIR\n"
		"\n"
		"Prints a table of what the kernel source tree KDIR says of each architecture: whether\n"
		"data caches can alias, what flush_dcache_folio() does, what unmapping does with high\n"
		"and with low memory. docs/architectures.md explains it.\n";

	if (argc == 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		fputs(usage, stdout);
		return 0;
	}
	if (argc != 2 || argv[1][0] == '-') {
		fputs(usage, stderr);
		return 2;
	}
	return show_tree(argv[1]) ? 0 : 2;
}
