// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * api-effect.c - reads "EFFECT EFFECT(PLACE) …", the right-hand side of a model line
 */
#include <string.h>

#include "api-parse.h"
#include "util.h"

#define MAX_ARGS 64

/* What stands in the parentheses of an effect. */
enum shape {
	NOTHING,
	MAYBE_PLACE,		/* (PLACE), or nothing: the result */
	PLACE,			/* (PLACE [, any-page] [, if(argN)|if(!argN)]) */
	ACCESS,			/* (PLACE [, size(argN|N)] [, if…]) */
	SETS,			/* (PLACE [, argN|0]) */
	ADVANCES,		/* (PLACE, PLACE) */
	GROWS,			/* (PLACE, argN) */
	ARG,			/* argN alone; in a field line "base" */
	MAPS,			/* (FAMILY, OBJECT [, PLACE] [, stacked(PLACE&BITS)] [, offset(argN|0)]) */
	UNMAPS,			/* (FAMILY, PLACE [, if(argN)|if(!argN)]) */
};

static const struct effect_word {
	const char *word;
	enum api_effect_kind kind;
	enum shape shape;
	bool field;		/* may stand in a field line */
} effect_words[] = {
	{ "maps", API_MAPS, MAPS, false },
	{ "maps-or-null", API_MAPS_OR_NULL, MAPS, false },
	{ "maps-or-err", API_MAPS_OR_ERR, MAPS, false },
	{ "unmaps", API_UNMAPS, UNMAPS, false },
	{ "unmaps-if-live", API_UNMAPS_LIVE, UNMAPS, false },
	{ "writes", API_WRITES, ACCESS, false },
	{ "reads", API_READS, ACCESS, false },
	{ "zeroes", API_ZEROES, ACCESS, false },
	{ "frees", API_FREES, PLACE, false },
	{ "sets", API_SETS, SETS, false },
	{ "advances", API_ADVANCES, ADVANCES, false },
	{ "grows", API_GROWS, GROWS, false },
	{ "writes-object", API_WRITES_OBJECT, PLACE, false },
	{ "reads-object", API_READS_OBJECT, PLACE, false },
	{ "flushes", API_FLUSHES, PLACE, false },
	{ "flushes-page", API_FLUSHES_PAGE, PLACE, false },
	{ "publishes", API_PUBLISHES, PLACE, false },
	{ "unlocks", API_UNLOCKS, PLACE, false },
	{ "locks", API_LOCKS, PLACE, false },
	{ "drops", API_DROPS, PLACE, false },
	{ "puts", API_PUTS, PLACE, false },
	{ "same-object", API_SAME_OBJECT, ARG, true },
	{ "page-of", API_PAGE_OF, ARG, true },
	{ "object-at", API_OBJECT_AT, PLACE, false },
	{ "object-of", API_OBJECT_OF, ARG, false },
	{ "address-of", API_ADDRESS_OF, PLACE, true },
	{ "fresh", API_FRESH, NOTHING, false },
	{ "private", API_PRIVATE, MAYBE_PLACE, true },
	{ "metadata", API_METADATA, MAYBE_PLACE, true },
	{ "directory", API_DIRECTORY, MAYBE_PLACE, true },
	{ "shared", API_SHARED, NOTHING, false },
	{ "is-shared", API_IS_SHARED, NOTHING, false },
	{ "kin", API_KIN, ARG, true },
	{ "returns", API_RETURNS, ARG, false },
	{ "returns-inside", API_RETURNS_INSIDE, ARG, false },
	{ "nonnull", API_NONNULL, NOTHING, false },
	{ "noreturn", API_NORETURN, NOTHING, false },
	{ "pure", API_PURE, NOTHING, false },
	{ "is-err", API_IS_ERR, ARG, false },
	{ "is-err-or-null", API_IS_ERR_OR_NULL, ARG, false },
	{ "err-ptr", API_ERR_PTR, NOTHING, false },
	{ "status", API_NEGATIVE_OR_ZERO, NOTHING, false },
	{ "leftover", API_LEFTOVER, NOTHING, false },
	{ "neutral", API_NEUTRAL, NOTHING, false },
};

_Static_assert(ARRAY_SIZE(effect_words) == API_KINDS, "a word for every effect");

static const char *const family_words[] = {
	[API_LOCAL] = "local", [API_ATOMIC] = "atomic", [API_KMAP] = "kmap", [API_UNORDERED] = "unordered",
};

const char *api_family_name(enum api_family f)
{
	return family_words[f];
}

/* "expected an effect (maps, unmaps, …)", those that may stand in such a line */
static bool fail_effect(struct api_parser *ps, const char *at, bool field)
{
	struct strbuf b = { NULL, 0, 0 };
	const char *sep = "";
	unsigned int i;

	strbuf_addf(&b, "an effect (");
	for (i = 0; i < ARRAY_SIZE(effect_words); i++) {
		if (field && !effect_words[i].field)
			continue;
		strbuf_addf(&b, "%s%s", sep, effect_words[i].word);
		sep = ", ";
	}
	strbuf_addf(&b, ")%s", field ? " of a field" : "");
	api_fail(ps, at, b.buf);
	free(b.buf);
	return false;
}

/* "argN"; the number has been looked for by api_word() */
bool api_arg_number(struct api_parser *ps, struct api_span w, int *arg)
{
	static const char what[] = "an argument (arg0 to arg63)";
	int n = 0;
	size_t i;

	if (w.len < 4 || w.len > 5 || strncmp(w.s, "arg", 3))
		return api_fail(ps, w.s, what);
	for (i = 3; i < w.len; i++) {
		if (w.s[i] < '0' || w.s[i] > '9')
			return api_fail(ps, w.s, what);
		n = n * 10 + w.s[i] - '0';
	}
	if (n >= MAX_ARGS)
		return api_fail(ps, w.s, what);
	*arg = n;
	return true;
}

/* PLACE: argN, ret, unknown, *argN, argN->TAG.FIELD */
static bool parse_place(struct api_parser *ps, struct api_place *pl)
{
	struct api_span w;

	memset(pl, 0, sizeof(*pl));
	pl->deref = api_accept(ps, '*');
	w = api_word(ps);
	if (api_is_word(w, "unknown") && !pl->deref) {
		pl->root = API_UNKNOWN;
		return true;
	}
	if (api_is_word(w, "ret")) {
		pl->root = API_RET;
	} else if (w.len >= 3 && !strncmp(w.s, "arg", 3)) {
		pl->root = API_ARG;
		if (!api_arg_number(ps, w, &pl->arg))
			return false;
	} else {
		return api_fail(ps, w.s, "a place (argN, ret, *argN, argN->TAG.FIELD, unknown)");
	}
	if (ps->p[0] != '-' || ps->p[1] != '>')
		return true;
	if (pl->deref)
		return api_fail(ps, ps->p, "no \"->\" after \"*\"");
	ps->p += 2;
	pl->deref = true;
	return api_field_name(ps, &pl->field);
}

static bool parse_family(struct api_parser *ps, enum api_family *fam)
{
	struct api_span w = api_word(ps);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(family_words); i++) {
		if (api_is_word(w, family_words[i])) {
			*fam = (enum api_family)i;
			return true;
		}
	}
	return api_fail(ps, w.s, "a family (local, atomic, kmap, unordered)");
}

/* offset(argN) or offset(0), the word itself being read already */
static bool parse_offset(struct api_parser *ps, struct api_effect *e)
{
	struct api_span w;

	if (!api_expect(ps, '(', "\"(\" after offset"))
		return false;
	w = api_word(ps);
	if (api_is_word(w, "0"))
		e->whole = true;
	else if (!api_arg_number(ps, w, &e->offset_arg))
		return false;
	return api_expect(ps, ')', "\")\"");
}

/* The bits of if(argN&BITS), in decimal or 0x… */
static bool parse_bits(struct api_parser *ps, int64_t *bits)
{
	struct api_span w = api_word(ps);
	char text[20], *end;

	if (!w.len || w.len >= sizeof(text))
		return api_fail(ps, w.s, "bits (a number such as 2 or 0x10)");
	memcpy(text, w.s, w.len);
	text[w.len] = 0;
	*bits = strtoll(text, &end, 0);
	return (!*end && *bits > 0) || api_fail(ps, w.s, "bits (a number such as 2 or 0x10)");
}

/* if(argN), if(!argN), if(argN&BITS) or if(!argN&BITS), the word itself being read already */
static bool parse_if(struct api_parser *ps, struct api_effect *e)
{
	if (!api_expect(ps, '(', "\"(\" after if"))
		return false;
	e->if_not = api_accept(ps, '!');
	if (!api_arg_number(ps, api_word(ps), &e->if_arg))
		return false;
	if (api_accept(ps, '&') && !parse_bits(ps, &e->if_bits))
		return false;
	return api_expect(ps, ')', "\")\"");
}

/* size(argN) or size(BYTES), likewise */
static bool parse_size(struct api_parser *ps, struct api_effect *e)
{
	struct api_span w;
	size_t i;

	if (!api_expect(ps, '(', "\"(\" after size"))
		return false;
	w = api_word(ps);
	if (w.len && w.s[0] == 'a') {
		if (!api_arg_number(ps, w, &e->size_arg))
			return false;
		return api_expect(ps, ')', "\")\"");
	}
	for (i = 0; i < w.len && i < 9 && w.s[i] >= '0' && w.s[i] <= '9'; i++)
		e->size = e->size * 10 + w.s[i] - '0';
	if (i < w.len || !e->size)
		return api_fail(ps, w.s, "a size (argN, or a number of bytes from 1 to 999999999)");
	return api_expect(ps, ')', "\")\"");
}

/* What may follow the place: [, size(…)] [, if(…)], or the value of sets. */
static bool after_place(struct api_parser *ps, struct api_effect *e, enum shape shape)
{
	struct api_span w;

	while (api_accept(ps, ',')) {
		w = api_word(ps);
		if (shape == SETS && api_is_word(w, "0"))
			e->zero = true;
		else if (shape == SETS)
			return api_arg_number(ps, w, &e->value_arg);
		else if (shape == ACCESS && api_is_word(w, "size") && e->size_arg < 0 && !e->size && e->if_arg < 0) {
			if (!parse_size(ps, e))
				return false;
		} else if (e->kind == API_WRITES_OBJECT && api_is_word(w, "any-page")) {
			e->any_page = true;
		} else if (api_is_word(w, "if") && e->if_arg < 0) {
			if (!parse_if(ps, e))
				return false;
		} else {
			return api_fail(ps, w.s, shape == ACCESS ? "size(argN), if(argN) or if(!argN)" :
					"if(argN) or if(!argN)");
		}
	}
	return true;
}

/* stacked(PLACE&BITS), likewise */
static bool parse_stacked(struct api_parser *ps, struct api_effect *e)
{
	return api_expect(ps, '(', "\"(\" after stacked") && parse_place(ps, &e->flags) &&
	       api_expect(ps, '&', "\"&\" and bits") && parse_bits(ps, &e->stacked_bits) && api_expect(ps, ')', "\")\"");
}

/* FAMILY, OBJECT [, PLACE] [, stacked(PLACE&BITS)] [, offset(…)] */
static bool parse_maps(struct api_parser *ps, struct api_effect *e)
{
	struct api_span w;
	const char *start;
	bool placed = false;

	e->to.root = API_RET;
	if (!parse_family(ps, &e->family) || !api_expect(ps, ',', "\",\" and an object") || !parse_place(ps, &e->object))
		return false;
	while (api_accept(ps, ',')) {
		api_skip_spaces(ps);
		start = ps->p;
		w = api_word(ps);
		if (api_is_word(w, "offset"))
			return parse_offset(ps, e);
		if (api_is_word(w, "stacked") && !e->stacked_bits) {
			if (!parse_stacked(ps, e))
				return false;
			continue;
		}
		if (placed)
			return api_fail(ps, start, "offset(argN) or offset(0)");
		placed = true;
		ps->p = start;
		if (!parse_place(ps, &e->to))
			return false;
		if (e->to.root == API_UNKNOWN || (e->to.root == API_ARG && !e->to.deref))
			return api_fail(ps, start, "where the address goes (ret, *argN, argN->TAG.FIELD)");
	}
	return true;
}

static bool arg_or_base(struct api_parser *ps, struct api_effect *e, bool field)
{
	struct api_span w = api_word(ps);

	if (!field)
		return api_arg_number(ps, w, &e->object.arg);
	return api_is_word(w, "base") || api_fail(ps, w.s, "\"base\"");
}

/* What is set is what a pointer points to, not a register. */
static bool is_memory(struct api_parser *ps, const char *at, const struct api_place *p)
{
	return p->deref || api_fail(ps, at, "*argN or argN->TAG.FIELD");
}

/* , PLACE */
static bool parse_count(struct api_parser *ps, struct api_effect *e)
{
	const char *start;

	if (!api_expect(ps, ',', "\",\" and the place of a count"))
		return false;
	api_skip_spaces(ps);
	start = ps->p;
	return parse_place(ps, &e->to) && is_memory(ps, start, &e->to);
}

static bool between_parentheses(struct api_parser *ps, const struct effect_word *ew, struct api_effect *e, bool field)
{
	const char *start;

	if (ew->shape == ARG || field)
		return arg_or_base(ps, e, field);
	if (ew->shape == MAPS)
		return parse_maps(ps, e);
	if (ew->shape == UNMAPS && (!parse_family(ps, &e->family) || !api_expect(ps, ',', "\",\" and a place")))
		return false;
	api_skip_spaces(ps);
	start = ps->p;
	if (!parse_place(ps, &e->object) ||
	    ((ew->shape == SETS || ew->shape == ADVANCES || ew->shape == GROWS) && !is_memory(ps, start, &e->object)))
		return false;
	if (ew->shape == ADVANCES)
		return parse_count(ps, e);
	if (ew->shape == GROWS)
		return api_expect(ps, ',', "\",\" and an argument") && api_arg_number(ps, api_word(ps), &e->value_arg);
	return after_place(ps, e, ew->shape);
}

static bool operands(struct api_parser *ps, const struct effect_word *ew, struct api_effect *e, bool field)
{
	if (ew->shape == NOTHING)
		return true;
	if (ew->shape == MAYBE_PLACE && (field || *ps->p != '(')) {
		e->object.root = API_RET;
		return true;
	}
	if (*ps->p != '(')
		return api_fail(ps, ps->p, "\"(\"");
	ps->p++;
	return between_parentheses(ps, ew, e, field) && api_expect(ps, ')', "\")\"");
}

static bool parse_effect(struct api_parser *ps, struct api_effect *e, bool field)
{
	const char *end;
	const struct effect_word *ew = NULL;
	struct api_span w = api_word(ps);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(effect_words); i++)
		if (api_is_word(w, effect_words[i].word))
			ew = &effect_words[i];
	if (!ew || (field && !ew->field))
		return fail_effect(ps, w.s, field);
	memset(e, 0, sizeof(*e));
	e->kind = ew->kind;
	e->offset_arg = -1;
	e->if_arg = -1;
	e->size_arg = -1;
	e->value_arg = -1;
	if (!operands(ps, ew, e, field))
		return false;
	end = ps->p;
	api_skip_spaces(ps);
	if (ps->p == end && !api_at_end(ps))
		return api_fail(ps, end, "a space and another effect, or the end of the line");
	return true;
}

bool api_effects(struct api_parser *ps, struct api_effect **list, unsigned int *n, bool field)
{
	unsigned int cap = 0;

	do {
		GROW(*list, *n, cap);
		if (!parse_effect(ps, &(*list)[*n], field))
			return false;
		++*n;
	} while (!api_at_end(ps));
	return true;
}

