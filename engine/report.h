/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report.h - between report.c, paths.c, json.c, summary.c and main.c: files and JSON lines
 */
#ifndef KMAPCHECK_REPORT_H
#define KMAPCHECK_REPORT_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct kc_options;
struct strbuf;

/* json.c: @s as a JSON string. What is not UTF-8 in it becomes U+FFFD. */
void json_add_string(struct strbuf *b, const char *s);

enum json_type {
	JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT,
};

/**
 * struct json - a JSON value
 * @name: of a member of an object
 * @num: of a number; 0 or 1 of a truth value
 * @first: the first element or member, @next the following one of the same array or object
 */
struct json {
	enum json_type type;
	const char *name, *str;
	double num;
	struct json *first, *next;
};

/**
 * json_parse() - read one JSON value that takes all of @text
 * @err: on failure what was expected, a constant string; @col: and where, counted from 1
 * Return: the value, which lives in the arena, or NULL.
 */
const struct json *json_parse(struct arena *a, const char *text, const char **err, unsigned int *col);
/* The member of that name, or NULL, also where @j is no object. */
const struct json *json_get(const struct json *j, const char *name);
/* A member's string or number; "" and 0 where there is none. */
const char *json_get_str(const struct json *j, const char *name);
double json_get_num(const struct json *j, const char *name);

/**
 * kc_unit_file() - where the output of one unit goes
 * @where: the value of an option: a file, or a folder when it ends in '/'
 * @unit: the unit's path in reports
 * @suffix: of the names of files in a folder
 *
 * A folder is made where it does not exist. Different units have different names in it.
 * Return: a path to be freed, or NULL and @err.
 */
char *kc_unit_file(const char *where, const char *unit, const char *suffix, char **err);
/* Write a file under a temporary name beside it and rename it; devices and pipes are written to as they are. */
bool kc_put_file(const char *path, const char *buf, size_t len, char **err);

/* The commands: argv[0] is the command's name. Return: the exit status. */
int cmd_report(int argc, char **argv);
int cmd_api(int argc, char **argv);
int cmd_arch(int argc, char **argv);
int cmd_fix(int argc, char **argv);

#endif
