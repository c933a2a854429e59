/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * util.h - memory and strings
 *
 * Running out of memory prints a message and ends the process with status 2; nothing here returns NULL.
 */
#ifndef KMAPCHECK_UTIL_H
#define KMAPCHECK_UTIL_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

void *xmalloc(size_t n);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t n);
char *xstrdup(const char *s);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
char *xvasprintf(const char *fmt, va_list ap);

/* Make room for one more element in a growing array: GROW(p, n, cap). */
#define GROW(p, n, cap) do {							\
	if ((n) >= (cap)) {							\
		(cap) = (cap) ? (cap) * 2 : 4;					\
		(p) = (__typeof__(p))xrealloc((p), (cap) * sizeof(*(p)));	\
	}									\
} while (0)

/* An arena: memory that is freed all at once. arena_alloc() gives zeroed memory, aligned for any type. */
struct arena;
struct arena *arena_new(void);
void arena_free(struct arena *a);
void *arena_alloc(struct arena *a, size_t n);
char *arena_strdup(struct arena *a, const char *s);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
size_t arena_used(const struct arena *a);	/* bytes */

/* Interned strings: equal strings are equal pointers. Memory comes from the arena. */
struct strtab;
struct strtab *strtab_new(struct arena *a);
void strtab_free(struct strtab *t);
const char *strtab_intern(struct strtab *t, const char *s);

/* A string that grows. buf is NUL-terminated and never NULL after the first append; free() it. */
struct strbuf {
	char *buf;
	size_t len, cap;
};

void strbuf_addf(struct strbuf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void strbuf_add(struct strbuf *b, const char *s, size_t n);

/* The whole content of a file, NUL-terminated, to be freed; NULL and errno on failure. A NUL byte inside is EILSEQ. */
char *read_file(const char *path, size_t *len);

#ifdef __cplusplus
}
#endif
#endif
