// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * util.c - memory and strings
 */
#include "util.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK 65536

struct chunk {
	struct chunk *next;
	size_t used, size;
	_Alignas(max_align_t) char data[];
};

struct arena {
	struct chunk *chunks;
	size_t total;
};

static void no_memory(void)
{
	fputs("kmapcheck: out of memory\n", stderr);
	exit(2);
}

void *xmalloc(size_t n)
{
	void *p = malloc(n ? n : 1);

	if (!p)
		no_memory();
	return p;
}

void *xcalloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p)
		no_memory();
	return p;
}

void *xrealloc(void *p, size_t n)
{
	p = realloc(p, n ? n : 1);
	if (!p)
		no_memory();
	return p;
}

char *xstrdup(const char *s)
{
	size_t n = strlen(s) + 1;

	return memcpy(xmalloc(n), s, n);
}

char *xvasprintf(const char *fmt, va_list ap)
{
	va_list aq;
	char *s;
	int n;

	va_copy(aq, ap);
	n = vsnprintf(NULL, 0, fmt, aq);
	va_end(aq);
	if (n < 0)
		no_memory();
	s = xmalloc((size_t)n + 1);
	vsnprintf(s, (size_t)n + 1, fmt, ap);
	return s;
}

char *xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = xvasprintf(fmt, ap);
	va_end(ap);
	return s;
}

struct arena *arena_new(void)
{
	return xcalloc(1, sizeof(struct arena));
}

void arena_free(struct arena *a)
{
	struct chunk *c, *next;

	if (!a)
		return;
	for (c = a->chunks; c; c = next) {
		next = c->next;
		free(c);
	}
	free(a);
}

void *arena_alloc(struct arena *a, size_t n)
{
	const size_t align = _Alignof(max_align_t);
	struct chunk *c = a->chunks;
	void *p;

	n = (n + align - 1) & ~(align - 1);
	if (!c || c->size - c->used < n) {
		size_t size = n > CHUNK ? n : CHUNK;

		c = xcalloc(1, sizeof(*c) + size);
		c->size = size;
		c->next = a->chunks;
		a->chunks = c;
		a->total += size;
	}
	p = c->data + c->used;
	c->used += n;
	return p;
}

char *arena_strdup(struct arena *a, const char *s)
{
	size_t n = strlen(s) + 1;

	return memcpy(arena_alloc(a, n), s, n);
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *s, *r;

	va_start(ap, fmt);
	s = xvasprintf(fmt, ap);
	va_end(ap);
	r = arena_strdup(a, s);
	free(s);
	return r;
}

size_t arena_used(const struct arena *a)
{
	return a->total;
}

struct strtab {
	struct arena *arena;
	size_t n, cap;
	const char **slots;
};

struct strtab *strtab_new(struct arena *a)
{
	struct strtab *t = xcalloc(1, sizeof(*t));

	t->arena = a;
	t->cap = 64;
	t->slots = xcalloc(t->cap, sizeof(*t->slots));
	return t;
}

void strtab_free(struct strtab *t)
{
	if (!t)
		return;
	free(t->slots);
	free(t);
}

static size_t hash_string(const char *s)
{
	uint64_t h = 0xcbf29ce484222325u;

	while (*s)
		h = (h ^ (unsigned char)*s++) * 0x100000001b3u;
	return (size_t)(h ^ h >> 29);
}

static const char **strtab_slot(const char **slots, size_t cap, const char *s)
{
	size_t i = hash_string(s) & (cap - 1);

	while (slots[i] && strcmp(slots[i], s))
		i = (i + 1) & (cap - 1);
	return &slots[i];
}

static void strtab_grow(struct strtab *t)
{
	size_t cap = t->cap * 2, i;
	const char **slots = xcalloc(cap, sizeof(*slots));

	for (i = 0; i < t->cap; i++)
		if (t->slots[i])
			*strtab_slot(slots, cap, t->slots[i]) = t->slots[i];
	free(t->slots);
	t->slots = slots;
	t->cap = cap;
}

const char *strtab_intern(struct strtab *t, const char *s)
{
	const char **slot;

	if (t->n * 2 >= t->cap)
		strtab_grow(t);
	slot = strtab_slot(t->slots, t->cap, s);
	if (!*slot) {
		*slot = arena_strdup(t->arena, s);
		t->n++;
	}
	return *slot;
}

static void strbuf_room(struct strbuf *b, size_t n)
{
	if (b->cap - b->len > n)
		return;
	b->cap = (b->len + n + 1) * 2;
	b->buf = xrealloc(b->buf, b->cap);
}

void strbuf_add(struct strbuf *b, const char *s, size_t n)
{
	strbuf_room(b, n);
	memcpy(b->buf + b->len, s, n);
	b->len += n;
	b->buf[b->len] = '\0';
}

void strbuf_addf(struct strbuf *b, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = xvasprintf(fmt, ap);
	va_end(ap);
	strbuf_add(b, s, strlen(s));
	free(s);
}

char *read_file(const char *path, size_t *len)
{
	struct strbuf b = { 0 };
	char buf[8192];
	size_t n;
	FILE *f;
	int err;

	f = fopen(path, "rb");
	if (!f)
		return NULL;
	strbuf_add(&b, "", 0);
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		strbuf_add(&b, buf, n);
	err = ferror(f) ? errno : 0;
	fclose(f);
	if (!err && memchr(b.buf, '\0', b.len))
		err = EILSEQ;
	if (err) {
		free(b.buf);
		errno = err;
		return NULL;
	}
	if (len)
		*len = b.len;
	return b.buf;
}
