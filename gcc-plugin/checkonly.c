// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * checkonly.c - the option check-only: end the compile once the analysis is done
 *
 * GCC ends a compile after its IPA passes when an error has been seen: nothing is optimised or written, and diagnostics,
 * dependencies and the exit status come out as ever. So an error is counted from the analysis on, and taken back
 * when GCC's front end finishes, which is before anything looks at the count again.
 */
#include "plugin.h"

static void (*front_end_finish)(void);

/* The next of the quoted words in COLLECT_GCC_OPTIONS, in @word; false at the end. */
static bool next_word(const char **s, char *word, size_t size)
{
	size_t n = 0;
	bool quoted = false;

	*s += strspn(*s, " ");
	if (!**s)
		return false;
	for (; **s && (quoted || **s != ' '); ++*s) {
		if (**s == '\'')
			quoted = !quoted;
		else if (**s == '\\' && !quoted && (*s)[1])
			++*s;
		if (**s != '\'' && n + 1 < size)
			word[n++] = **s;
	}
	word[n] = '\0';
	return true;
}

/**
 * kp_check_only_allowed() - can the compile end early without leaving an empty object behind?
 *
 * The compiler proper always writes assembly; only the driver knows what becomes of it, and says so in the environment.
 */
bool kp_check_only_allowed(void)
{
	const char *s = getenv("COLLECT_GCC_OPTIONS");
	bool output = false;
	char word[16];

	if (asm_file_name && !strcmp(asm_file_name, HOST_BIT_BUCKET))
		return true;
	if (!s)
		return true;
	while (next_word(&s, word, sizeof(word))) {
		if (!strcmp(word, "-S") || (output && !strcmp(word, HOST_BIT_BUCKET)))
			return true;
		output = !strcmp(word, "-o");
	}
	return false;
}

static void finish_front_end(void)
{
	errorcount--;
	front_end_finish();
}

/**
 * kp_check_only_end() - called by the pass when it is done
 */
void kp_check_only_end(void)
{
	errorcount++;
	front_end_finish = lang_hooks.finish;
	lang_hooks.finish = finish_front_end;
}
