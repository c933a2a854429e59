// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * json.c - JSON strings out, JSON values in
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "util.h"

/* Length of the well-formed UTF-8 sequence at @s, 0 where there is none (overlong forms and surrogates are none). */
static unsigned int utf8_length(const unsigned char *s)
{
	unsigned int n, i;

	if (s[0] < 0x80)
		return 1;
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	n = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	for (i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

void json_add_string(struct strbuf *b, const char *str)
{
	const unsigned char *s = (const unsigned char *)str;

	strbuf_add(b, "\"", 1);
	while (*s) {
		unsigned int n = utf8_length(s);

		if (!n)
			strbuf_add(b, "\xef\xbf\xbd", 3);
		else if (*s == '"' || *s == '\\')
			strbuf_addf(b, "\\%c", *s);
		else if (*s < 0x20 || *s == 0x7f)
			strbuf_addf(b, "\\u%04x", *s);
		else
			strbuf_add(b, (const char *)s, n);
		s += n ? n : 1;
	}
	strbuf_add(b, "\"", 1);
}

#define MAX_DEPTH 32

struct parser {
	struct arena *arena;
	const char *text, *p, *err;
	unsigned int depth;
};

static struct json *parse_value(struct parser *s);

static struct json *fail(struct parser *s, const char *err)
{
	if (!s->err)
		s->err = err;
	return NULL;
}

static void skip_space(struct parser *s)
{
	s->p += strspn(s->p, " \t\r\n");
}

static int hex4(const char *p)
{
	int i, v = 0;

	for (i = 0; i < 4; i++) {
		const char *digits = "0123456789abcdef", *d;
		char c = p[i] >= 'A' && p[i] <= 'F' ? p[i] + 32 : p[i];

		d = c ? strchr(digits, c) : NULL;
		if (!d)
			return -1;
		v = v * 16 + (d - digits);
	}
	return v;
}

static void add_utf8(struct strbuf *b, unsigned int c)
{
	if (c < 0x80)
		strbuf_addf(b, "%c", (int)c);
	else if (c < 0x800)
		strbuf_addf(b, "%c%c", 0xc0 | c >> 6, 0x80 | (c & 63));
	else if (c < 0x10000)
		strbuf_addf(b, "%c%c%c", 0xe0 | c >> 12, 0x80 | (c >> 6 & 63), 0x80 | (c & 63));
	else
		strbuf_addf(b, "%c%c%c%c", 0xf0 | c >> 18, 0x80 | (c >> 12 & 63), 0x80 | (c >> 6 & 63),
			    0x80 | (c & 63));
}

/* After "\u": a code unit, or two that make a pair. */
static bool parse_unicode(struct parser *s, struct strbuf *b)
{
	int c = hex4(s->p), d;

	if (c <= 0)		/* a NUL has no place in our strings */
		return false;
	s->p += 4;
	if (c >= 0xd800 && c < 0xdc00 && s->p[0] == '\\' && s->p[1] == 'u') {
		d = hex4(s->p + 2);
		if (d < 0xdc00 || d > 0xdfff)
			return false;
		s->p += 6;
		c = 0x10000 + ((c - 0xd800) << 10) + (d - 0xdc00);
	}
	if (c >= 0xd800 && c < 0xe000)
		return false;
	add_utf8(b, c);
	return true;
}

static bool parse_escape(struct parser *s, struct strbuf *b)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *e;

	s->p++;
	if (*s->p == 'u') {
		s->p++;
		return parse_unicode(s, b);
	}
	e = *s->p ? strchr(from, *s->p) : NULL;
	if (!e)
		return false;
	strbuf_add(b, &to[e - from], 1);
	s->p++;
	return true;
}

static const char *parse_string(struct parser *s)
{
	struct strbuf b = { NULL, 0, 0 };
	const char *res = NULL;

	strbuf_add(&b, "", 0);
	for (s->p++; *s->p != '"';) {
		if ((unsigned char)*s->p < 0x20) {
			fail(s, "the end of a string");
			goto out;
		}
		if (*s->p != '\\') {
			strbuf_add(&b, s->p++, 1);
		} else if (!parse_escape(s, &b)) {
			fail(s, "an escape sequence");
			goto out;
		}
	}
	s->p++;
	res = arena_strdup(s->arena, b.buf ? b.buf : "");
out:
	free(b.buf);
	return res;
}

static struct json *new_value(struct parser *s, enum json_type type)
{
	struct json *j = arena_alloc(s->arena, sizeof(*j));

	j->type = type;
	return j;
}

static const char *parse_name(struct parser *s)
{
	const char *name;

	if (*s->p != '"') {
		fail(s, "a member's name");
		return NULL;
	}
	name = parse_string(s);
	skip_space(s);
	if (name && *s->p != ':') {
		fail(s, "':'");
		return NULL;
	}
	s->p++;
	return name;
}

/* An array or an object, from its opening bracket. */
static struct json *parse_group(struct parser *s, enum json_type type, char end)
{
	struct json *j = new_value(s, type), **last = &j->first;

	if (++s->depth > MAX_DEPTH)
		return fail(s, "less nesting");
	s->p++;
	skip_space(s);
	while (*s->p != end) {
		const char *name = NULL;

		if (j->first) {
			if (*s->p++ != ',') {
				s->p--;
				return fail(s, "',' or the end of a group");
			}
			skip_space(s);
		}
		if (type == JSON_OBJECT) {
			name = parse_name(s);
			if (!name)
				return NULL;
		}
		*last = parse_value(s);
		if (!*last)
			return NULL;
		(*last)->name = name;
		last = &(*last)->next;
		skip_space(s);
	}
	s->p++;
	s->depth--;
	return j;
}

/* strtod() would take the locale's decimal point, "inf" and hexadecimal numbers. */
static struct json *parse_number(struct parser *s)
{
	struct json *j = new_value(s, JSON_NUMBER);
	bool negative = *s->p == '-';
	const char *start;
	double scale = 1;

	s->p += negative;
	for (start = s->p; *s->p >= '0' && *s->p <= '9'; s->p++)
		j->num = j->num * 10 + (*s->p - '0');
	if (s->p == start)
		return fail(s, "a value");
	if (*s->p == '.')
		for (s->p++; *s->p >= '0' && *s->p <= '9'; s->p++)
			j->num += (*s->p - '0') * (scale /= 10);
	if (negative)
		j->num = -j->num;
	return j;
}

static struct json *parse_word(struct parser *s, const char *word, enum json_type type, double num)
{
	struct json *j;

	if (strncmp(s->p, word, strlen(word)))
		return fail(s, "a value");
	s->p += strlen(word);
	j = new_value(s, type);
	j->num = num;
	return j;
}

static struct json *parse_value(struct parser *s)
{
	struct json *j;

	skip_space(s);
	switch (*s->p) {
	case '{':
		return parse_group(s, JSON_OBJECT, '}');
	case '[':
		return parse_group(s, JSON_ARRAY, ']');
	case '"':
		j = new_value(s, JSON_STRING);
		j->str = parse_string(s);
		return j->str ? j : NULL;
	case 't':
		return parse_word(s, "true", JSON_BOOL, 1);
	case 'f':
		return parse_word(s, "false", JSON_BOOL, 0);
	case 'n':
		return parse_word(s, "null", JSON_NULL, 0);
	default:
		return parse_number(s);
	}
}

const struct json *json_parse(struct arena *a, const char *text, const char **err, unsigned int *col)
{
	struct parser s = { .arena = a, .text = text, .p = text };
	struct json *j = parse_value(&s);

	if (j) {
		skip_space(&s);
		if (*s.p)
			j = fail(&s, "the end of the line");
	}
	*err = s.err;
	*col = s.p - s.text + 1;
	return j;
}

const struct json *json_get(const struct json *j, const char *name)
{
	const struct json *m;

	if (!j || j->type != JSON_OBJECT)
		return NULL;
	for (m = j->first; m; m = m->next)
		if (!strcmp(m->name, name))
			return m;
	return NULL;
}

const char *json_get_str(const struct json *j, const char *name)
{
	const struct json *m = json_get(j, name);

	return m && m->type == JSON_STRING ? m->str : "";
}

double json_get_num(const struct json *j, const char *name)
{
	const struct json *m = json_get(j, name);

	return m && m->type == JSON_NUMBER ? m->num : 0;
}
