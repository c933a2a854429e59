// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * source.c - where a function's body ends, which sparse does not keep: read off the source text
 */
#include "front.h"

#include <stdlib.h>
#include <string.h>

/* One file at a time: functions come file by file. */
static struct {
	int stream;
	char *text, *at;
	unsigned int line;
} source = { .stream = -1 };

/* The text from the beginning of @line on, or NULL. Lines are mostly asked for in order. */
static const char *line_of(int stream, unsigned int line)
{
	if (source.stream != stream) {
		free(source.text);
		source.text = read_file(stream_name(stream), NULL);
		source.stream = stream;
		source.at = NULL;
	}
	if (!source.text)
		return NULL;
	if (!source.at || source.line > line) {
		source.at = source.text;
		source.line = 1;
	}
	for (; source.line < line; source.line++) {
		char *end = strchr(source.at, '\n');

		if (!end)
			return NULL;
		source.at = end + 1;
	}
	return source.at;
}

/**
 * source_brace() - the line of the brace that closes a function
 * @last: where its last statement begins, or its name where it has none
 *
 * The first line from there on that begins with a brace, as it does in the kernel's style; @last itself for functions of one
 * line, and where the text cannot be read.
 */
unsigned int source_brace(struct position name, unsigned int last)
{
	const char *text = line_of(name.stream, last);
	unsigned int line = last;

	if (last == name.line) {
		/* "int one(void) { return 1; }", or an empty body that goes on below */
		size_t n = text ? strcspn(text, "\n") : 0;

		if (!text || memchr(text, '}', n))
			return last;
	}
	for (; text; line++) {
		if (*text == '}')
			return line;
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
	return last;
}
