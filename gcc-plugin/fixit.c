// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fixit.c - from what would mend a fault to a fix-it hint
 *
 * GCC's middle end knows where a statement begins and not where it ends. So whole lines are inserted before a line, and
 * only where the source text shows that the line begins a statement inside braces; anything else gets no fix-it.
 */
#include "plugin.h"

/* How far back to look over blank and comment lines. */
enum { LINES_BACK = 8, INDENT_MAX = 128 };

static bool is_statement_end(char c)
{
	return c == '{' || c == '}' || c == ';' || c == ':';
}

/* @text without the comments at its end and the blanks around them. */
static size_t code_length(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i + 1 < len; i++)
		if (text[i] == '/' && text[i + 1] == '/')
			len = i;
	for (;;) {
		while (len && ISSPACE(text[len - 1]))
			len--;
		if (len < 2 || text[len - 1] != '/' || text[len - 2] != '*')
			return len;
		for (i = len - 2; i > 1 && (text[i - 2] != '/' || text[i - 1] != '*'); i--)
			;
		if (i < 2)
			return len;
		len = i - 2;
	}
}

static bool has_word(const char *text, size_t len, const char *word)
{
	size_t n = strlen(word);

	return len >= n && !strncmp(text, word, n) && (len == n || !ISIDNUM(text[n]));
}

/* "else;" aside, a line that ends like this is followed by a new statement of a block. */
static bool ends_statement(const char *text, size_t len)
{
	size_t start = 0;

	if (!len || !is_statement_end(text[len - 1]))
		return false;
	while (start < len && ISSPACE(text[start]))
		start++;
	/* "a ? b :" at a line's end is no label. */
	return text[len - 1] != ':' || !memchr(text + start, '?', len - start);
}

static bool starts_statement(const char *text, size_t len)
{
	static const char *const no[] = { "else", "case", "default", "while" };
	size_t start = 0, n;
	unsigned int i;

	while (start < len && ISSPACE(text[start]))
		start++;
	if (start == len || (!ISIDST(text[start]) && text[start] != '*' && text[start] != '('))
		return false;
	for (i = 0; i < ARRAY_SIZE(no); i++)
		if (has_word(text + start, len - start, no[i]))
			return false;
	/* Before a label is not before the statement after it. */
	for (n = start; n < len && ISIDNUM(text[n]); n++)
		;
	return n == len || text[n] != ':';
}

/* Does the line begin a statement of a block, and how is it indented? */
static bool is_plain_statement(const char *file, int line, char *indent)
{
	const char *text;
	size_t len, n;
	int back;

	if (!kp_source_line(file, line, &text, &len) || !starts_statement(text, len))
		return false;
	for (n = 0; n < len && ISSPACE(text[n]) && n < INDENT_MAX; n++)
		indent[n] = text[n];
	indent[n] = '\0';
	for (back = 1; back <= LINES_BACK && back < line; back++) {
		if (!kp_source_line(file, line - back, &text, &len))
			return false;
		len = code_length(text, len);
		if (len)
			return ends_statement(text, len);
	}
	return false;
}

/* Is all of the line that one statement? */
static bool is_whole_statement(const char *file, int line)
{
	const char *text;
	size_t len;

	if (!kp_source_line(file, line, &text, &len))
		return false;
	len = code_length(text, len);
	return len && text[len - 1] == ';' && memchr(text, ';', len) == text + len - 1;
}

/* Is what stands at @column, from 1 on, the line's first statement and run whenever the line is? What a condition holds is. */
static bool is_first_statement(const char *text, size_t len, unsigned int column)
{
	static const char *const control[] = { "if", "for", "switch", "do" };
	bool branches = false;
	int depth = 0;
	size_t i = 0;
	unsigned int w;

	while (i < len && ISSPACE(text[i]))
		i++;
	if (column > len)
		return false;
	for (w = 0; w < ARRAY_SIZE(control); w++)
		branches |= has_word(text + i, len - i, control[w]);
	for (; i + 1 < column; i++) {
		if (text[i] == ';' || text[i] == '{' || text[i] == '}')
			return false;
		depth += (text[i] == '(') - (text[i] == ')');
	}
	return !branches || depth;
}

static bool names(const char *text, size_t len, const char *word)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((!i || !ISIDNUM(text[i - 1])) && has_word(text + i, len - i, word))
			return true;
	return false;
}

/* What is inserted is run before the line's statement, which then cannot use what is released. */
static bool goes_before(const char *file, const struct kc_finding *f)
{
	const char *text, *var = f->about.variable;
	size_t len;

	if (!kp_source_line(file, f->fix.loc.line, &text, &len) || !is_first_statement(text, len, f->fix.loc.column))
		return false;
	return f->rule != KC_LEAK || !var || !names(text, len, var);
}

static bool is_borne_out(const struct kp_unit *k, const struct kc_finding *f)
{
	const struct kc_fix *fix = &f->fix;
	char indent[INDENT_MAX + 1];
	const char *file;

	if (!fix->loc.file || !fix->loc.line || kp_in_macro(k, fix->loc))
		return false;
	file = k->flow->files[fix->loc.file];
	if (!is_plain_statement(file, fix->loc.line, indent))
		return false;
	return fix->kind == KC_FIX_INSERT ? goes_before(file, f) : is_whole_statement(file, fix->loc.line);
}

/**
 * kp_check_fixes() - drop the fixes that the source text does not bear out
 */
void kp_check_fixes(const struct kp_unit *k, struct kc_result *r)
{
	unsigned int i;

	for (i = 0; i < r->nfindings; i++)
		if (r->findings[i].fix.kind != KC_FIX_NONE && !is_borne_out(k, &r->findings[i]))
			r->findings[i].fix.kind = KC_FIX_NONE;
}

/**
 * kp_add_fix() - add the fix-it of a finding that kp_check_fixes() has seen
 */
void kp_add_fix(const struct kp_unit *k, rich_location *rich, const struct kc_fix *fix)
{
	char indent[INDENT_MAX + 1];
	location_t at;
	char *text;

	if (fix->kind != KC_FIX_INSERT || !fix->text)
		return;
	at = kp_line_start(k, fix->loc);
	if (at == UNKNOWN_LOCATION || !is_plain_statement(k->flow->files[fix->loc.file], fix->loc.line, indent))
		return;
	text = concat(indent, fix->text, "\n", NULL);
	rich->add_fixit_insert_before(at, text);
	free(text);
}
