// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fix-text.c - the words of a patch: what was wrong, on which path, and what came of it
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fix.h"
#include "kmapcheck.h"
#include "report.h"
#include "summary.h"
#include "util.h"

#define WIDTH 72
#define MAX_CONDITIONS 2

static const char *const aliasing[] = {
#define ALIASES(name) (#name),
#include "arches.def"
#undef ALIASES
};

struct words {
	const struct json *f, *about;
	const char *function, *var, *object, *release, *flush;	/* names of functions without "()" */
	struct arena *a;
};

/* "kunmap_local" of "kunmap_local(vaddr)" */
static const char *callee(struct arena *a, const char *call, const char *or)
{
	return *call ? arena_printf(a, "%.*s", (int)strcspn(call, "("), call) : or;
}

/* " where 'err' is true and 'n == 0' is false": the last conditions of the path, which are nearest to the fault. */
static const char *conditions(const struct words *w)
{
	const struct json *e = json_get(w->f, "events");
	const char *found[MAX_CONDITIONS] = { NULL }, *text = "";
	unsigned int i;

	for (e = e ? e->first : NULL; e; e = e->next) {
		const char *t = json_get_str(e, "text");

		if (strncmp(t, "where '", 7) || strstr(t, "__") || strstr(t, "branch"))
			continue;
		if (!found[0] || !found[1]) {
			found[found[0] ? 1 : 0] = t + 6;
		} else {
			found[0] = found[1];
			found[1] = t + 6;
		}
	}
	for (i = 0; i < MAX_CONDITIONS && found[i]; i++)
		text = arena_printf(w->a, "%s%s%s", text, i ? " and " : " where ", found[i]);
	return text;
}

static const char *slot_effect(const struct words *w)
{
	if (!strcmp(w->release, "kunmap"))
		return "With HIGHMEM the mapping's slot is lost for good; once none is left, kmap() waits for ever.";
	if (strstr(w->release, "atomic"))
		return "With HIGHMEM this leaks one of the few mapping slots of the task, and preemption stays off.";
	return "With HIGHMEM each time leaks one of the few mapping slots of the task, until none is left.";
}

static const char *cache_effect(const struct words *w)
{
	const char *text = "Where data caches alias (";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(aliasing); i++)
		text = arena_printf(w->a, "%s%s%s", text, i ? ", " : "", aliasing[i]);
	return arena_printf(w->a, "%s) user space can then read stale data.", text);
}

static const char *mapped_by(const struct words *w)
{
	if (!*w->object)
		return arena_printf(w->a, "'%s'", w->var);
	return arena_printf(w->a, "'%s', a mapping of '%s'", w->var, w->object);
}

/* What a rule's patch does, and what was wrong. */
static void describe(struct words *w, enum kc_rule rule, const char **subject, const char **body)
{
	struct arena *a = w->a;
	const char *conds = conditions(w), *f = w->function, *mapping = mapped_by(w), *message = json_get_str(w->f, "message");

	switch (rule) {
	case KC_LEAK:
		*subject = arena_printf(a, "add missing %s()", w->release);
		*body = arena_printf(a, "%s() returns with %s, still live%s: %s() is missing. %s", f, mapping, conds, w->release,
				     slot_effect(w));
		break;
	case KC_DOUBLE_UNMAP:
		*subject = arena_printf(a, "drop surplus %s()", w->release);
		*body = arena_printf(a, "%s() releases %s, twice%s. With HIGHMEM the second call hits a slot that is free or "
				     "that belongs to another mapping.", f, mapping, conds);
		break;
	case KC_ORDER:
		*subject = arena_printf(a, "reverse the order of %s()", w->release);
		*body = arena_printf(a, "%s() releases %s, before a mapping that was made later. Mappings nest like a stack: "
				     "they have to be released in the reverse order, or with HIGHMEM the wrong slots are freed.",
				     f, mapping);
		break;
	case KC_WRONG_ARG:
		*subject = arena_printf(a, "fix the argument of %s()", w->release);
		*body = arena_printf(a, "In %s() %.*s. With HIGHMEM the mapping is not released, or another one is.", f,
				     (int)(strstr(message, " [kmap") - message), message);
		break;
	case KC_USE_AFTER_UNMAP:
		*subject = arena_printf(a, "call %s() after the last use", w->release);
		*body = arena_printf(a, "%s() uses %s, after %s() released it%s. With HIGHMEM the address may by then show "
				     "another page, or none.", f, mapping, w->release, conds);
		break;
	case KC_DCACHE_MISSING:
		*subject = arena_printf(a, "add missing %s()", w->flush);
		*body = arena_printf(a, "%s() writes to '%s' and does not flush it before it can be seen%s. %s", f, w->object,
				     conds, cache_effect(w));
		break;
	case KC_DCACHE_EARLY:
		*subject = arena_printf(a, "call %s() after the last write", w->flush);
		*body = arena_printf(a, "%s() flushes '%s' before it writes to it, not after%s. %s", f, w->object, conds,
				     cache_effect(w));
		break;
	default:
		*subject = arena_printf(a, "flush what was written");
		*body = arena_printf(a, "%s() writes to '%s' and flushes something else%s. %s", f, w->object, conds,
				     cache_effect(w));
		break;
	}
}

static void print_wrapped(const char *text)
{
	size_t col = 0, n;

	while (*text) {
		n = strcspn(text, " ");
		if (col && col + 1 + n > WIDTH) {
			putchar('\n');
			col = 0;
		}
		printf("%s%.*s", col ? " " : "", (int)n, text);
		col += n + (col ? 1 : 0);
		text += n + strspn(text + n, " ");
	}
	putchar('\n');
}

static bool take_words(struct words *w, const struct json *f, enum kc_rule *rule)
{
	const char *call;

	w->f = f;
	w->about = json_get(f, "about");
	call = json_get_str(w->about, "call");
	w->function = fix_function(f);
	w->var = *json_get_str(w->about, "variable") ? json_get_str(w->about, "variable") : "the address";
	w->object = json_get_str(w->about, "object");
	w->release = callee(w->a, call, "kunmap_local");
	w->flush = callee(w->a, call, "flush_dcache_page");
	return kc_rule_by_name(json_get_str(f, "rule"), rule);
}

static const struct json *nth_of(struct summary *s, const char *file, unsigned long n)
{
	unsigned int i;

	summary_sort(s);
	for (i = 0; i < s->nfindings; i++)
		if (!strcmp(s->findings[i].file, file) && !--n)
			return s->findings[i].json;
	return NULL;
}

int fix_message(const char *file, int argc, char **argv)
{
	struct arena *a = arena_new();
	const char *subjects[16] = { NULL }, *bodies[16] = { NULL }, *function = "";
	unsigned int n = 0, k, i;
	struct summary s[16];
	int status = 2;

	for (i = 0; (int)i + 1 < argc && i / 2 < ARRAY_SIZE(s); i += 2) {
		struct words w = { .a = a };
		enum kc_rule rule;

		summary_init(&s[n]);
		summary_read(&s[n], argv[i]);
		w.f = s[n].bad ? NULL : nth_of(&s[n], file, strtoul(argv[i + 1], NULL, 10));
		if (!w.f || !take_words(&w, w.f, &rule)) {
			fprintf(stderr, "kmapcheck fix: %s has no finding %s of %s\n", argv[i], argv[i + 1], file);
			n++;
			goto out;
		}
		describe(&w, rule, &subjects[n], &bodies[n]);
		function = arena_strdup(a, w.function);
		n++;
	}
	for (i = 0; i < n; i++) {
		const char *text = subjects[i];

		for (k = 0; k < i && strcmp(subjects[k], text); k++)
			;
		if (k < i)
			continue;
		/* "add missing a()" and "add missing b()" make "add missing a() and b()" */
		if (i && !strncmp(text, "add missing ", 12) && !strncmp(subjects[0], "add missing ", 12))
			text += 12;
		printf("%s%s", i ? " and " : "", text);
	}
	printf("\n%s\n", function);
	for (i = 0; i < n; i++) {
		printf("\n");
		print_wrapped(bodies[i]);
	}
	status = 0;
out:
	while (n)
		summary_free(&s[--n]);
	arena_free(a);
	return status;
}
