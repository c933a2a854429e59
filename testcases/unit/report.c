// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Unit tests: reports, JSON, names of files
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "kmapcheck.h"
#include "report.h"
#include "util.h"

static char *dir;	/* the working directory of the tests, with its real name */

static int enter(void **state)
{
	char name[] = "/tmp/kmapcheck-test-XXXXXX";

	(void)state;
	unsetenv("srctree");
	unsetenv("objtree");
	if (!mkdtemp(name) || chdir(name))
		return -1;
	dir = realpath(".", NULL);
	return 0;
}

static int leave(void **state)
{
	char *cmd = xasprintf("rm -rf '%s'", dir);
	int ret = chdir("/") || system(cmd);

	(void)state;
	free(cmd);
	free(dir);
	return ret;
}

static void touch(const char *path)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fclose(f), 0);
}

static void assert_file(const char *path, const char *content)
{
	char *text = read_file(path, NULL);

	assert_non_null(text);
	assert_string_equal(text, content);
	free(text);
}

static void assert_json_string(const char *s, const char *expected)
{
	struct strbuf b = { NULL, 0, 0 };

	json_add_string(&b, s);
	assert_string_equal(b.buf, expected);
	free(b.buf);
}

static void strings_out(void **state)
{
	(void)state;
	assert_json_string("", "\"\"");
	assert_json_string("a\"b\\c", "\"a\\\"b\\\\c\"");
	assert_json_string("\n\t\x01\x7f", "\"\\u000a\\u0009\\u0001\\u007f\"");
	assert_json_string("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x90\xa7",
			   "\"gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x90\xa7\"");
	/* a lone byte, a cut sequence, an overlong one, a surrogate, beyond the last code point */
	assert_json_string("\xff", "\"\xef\xbf\xbd\"");
	assert_json_string("\xe2\x82", "\"\xef\xbf\xbd\xef\xbf\xbd\"");
	assert_json_string("\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\"");
	assert_json_string("\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
	assert_json_string("\xf4\x90\x80\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}

static void values_in(void **state)
{
	static const char text[] = " {\"a\": [1, 2.5, -3], \"b\": \"x\\u00fc\\ud83d\\udc27\\n\", \"c\": null, \"d\": true} ";
	struct arena *a = arena_new();
	const struct json *j, *m;
	const char *err;
	unsigned int col;

	(void)state;
	j = json_parse(a, text, &err, &col);
	assert_non_null(j);
	assert_null(err);
	m = json_get(j, "a");
	assert_int_equal(m->type, JSON_ARRAY);
	assert_true(m->first->num == 1 && m->first->next->num == 2.5 && m->first->next->next->num == -3);
	assert_null(m->first->next->next->next);
	assert_string_equal(json_get_str(j, "b"), "x\xc3\xbc\xf0\x9f\x90\xa7\n");
	assert_int_equal(json_get(j, "c")->type, JSON_NULL);
	assert_int_equal(json_get(j, "d")->type, JSON_BOOL);
	assert_null(json_get(j, "e"));
	assert_string_equal(json_get_str(j, "a"), "");
	arena_free(a);
}

static void wrong_values(void **state)
{
	static const struct {
		const char *text;
		unsigned int col;
	} wrong[] = {
		{ "", 1 }, { "{", 2 }, { "[1 2]", 4 }, { "{\"a\"}", 5 }, { "{\"a\":}", 6 }, { "{a:1}", 2 }, { "\"abc", 5 },
		{ "\"\\x\"", 3 }, { "\"\\ud800\"", 8 }, { "\"\\u0000\"", 4 }, { "nul", 1 }, { "1 2", 3 }, { "-", 2 },
		{ "{\"a\":1,}", 8 }, { "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", 33 },
	};
	struct arena *a = arena_new();
	unsigned int i, col;
	const char *err;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		assert_null(json_parse(a, wrong[i].text, &err, &col));
		assert_non_null(err);
		assert_int_equal(col, wrong[i].col);
	}
	arena_free(a);
}

static void assert_unit_file(const char *where, const char *unit, const char *expected)
{
	char *err = NULL, *path = kc_unit_file(where, unit, ".jsonl", &err);

	assert_null(err);
	assert_string_equal(path, expected);
	free(path);
}

static void unit_files(void **state)
{
	char a[401], b[401], *err = NULL, *pa, *pb;

	(void)state;
	assert_unit_file("one.jsonl", "mm/a.c", "one.jsonl");
	assert_unit_file("in/the/depth/", "mm/a.c", "in/the/depth/mm+a.c.jsonl");
	assert_int_equal(access("in/the/depth", F_OK), 0);
	assert_unit_file("in/", "mm+a.c", "in/mm%2Ba.c.jsonl");
	assert_unit_file("in/", "mm%2Ba.c", "in/mm%252Ba.c.jsonl");
	assert_unit_file("in/", "@build/x.c", "in/@build+x.c.jsonl");
	assert_unit_file("in/", "../x.c", "in/%2E.+x.c.jsonl");
	/* longer than a file name may be, and different only at the end */
	memset(a, 'x', 400);
	a[400] = '\0';
	memcpy(b, a, sizeof(b));
	b[399] = 'y';
	pa = kc_unit_file("in/", a, ".jsonl", &err);
	pb = kc_unit_file("in/", b, ".jsonl", &err);
	assert_string_not_equal(pa, pb);
	assert_true(strlen(pa) <= strlen("in/") + 255 && strlen(pb) <= strlen("in/") + 255);
	assert_true(kc_put_file(pa, "", 0, &err));
	free(pa);
	free(pb);
	touch("file");
	assert_null(kc_unit_file("file/", "a.c", ".jsonl", &err));
	assert_string_equal(err, "file: Not a directory");
	free(err);
}

static void put_files(void **state)
{
	char *err = NULL;
	struct stat st;
	mode_t mask = umask(027);

	(void)state;
	assert_true(kc_put_file("out", "first\n", 6, &err));
	assert_true(kc_put_file("out", "second\n", 7, &err));
	assert_file("out", "second\n");
	assert_int_equal(stat("out", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	umask(mask);

	/* a link stays a link, a device a device */
	assert_int_equal(symlink("out", "link"), 0);
	assert_true(kc_put_file("link", "third\n", 6, &err));
	assert_int_equal(lstat("link", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_file("out", "third\n");
	assert_true(kc_put_file("/dev/null", "x", 1, &err));
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));

	assert_false(kc_put_file("none/out", "x", 1, &err));
	assert_string_equal(err, "none/out: No such file or directory");
	free(err);
	/* nothing half-written stays behind */
	assert_int_not_equal(system("ls -A | grep -q '^\\.kmapcheck-'"), 0);
}

static void assert_path(const struct kc_options *o, const char *file, const char *expected)
{
	char *name = kc_report_path(o, file);

	assert_string_equal(name, expected);
	free(name);
}

static void paths(void **state)
{
	struct kc_options o;
	char *outside = xasprintf("%s/elsewhere/c.c", dir), *inside;

	(void)state;
	assert_int_equal(system("mkdir -p src/mm src/build/gen obj/gen elsewhere"), 0);
	touch("src/mm/a.c");
	touch("src/build/gen/b.c");
	touch("obj/gen/b.c");
	touch("elsewhere/c.c");
	assert_int_equal(symlink("src", "alias"), 0);
	inside = xasprintf("%s/alias/mm/a.c", dir);

	setenv("srctree", "src", 1);
	setenv("objtree", "obj", 1);
	kc_options_init(&o);
	assert_path(&o, "src/mm/a.c", "mm/a.c");
	assert_path(&o, "./src/mm/../mm/a.c", "mm/a.c");
	assert_path(&o, "mm/a.c", "mm/a.c");		/* not here, but below root */
	assert_path(&o, inside, "mm/a.c");
	assert_path(&o, "obj/gen/b.c", "@build/gen/b.c");
	assert_path(&o, "elsewhere/c.c", outside);
	assert_path(&o, "./no//such.c", "no/such.c");
	assert_path(&o, "<built-in>", "<built-in>");

	/* the build tree inside the source tree, and the same */
	setenv("objtree", "src/build", 1);
	assert_path(&o, "src/build/gen/b.c", "@build/gen/b.c");
	assert_path(&o, "src/mm/a.c", "mm/a.c");
	setenv("objtree", "src", 1);
	assert_path(&o, "src/build/gen/b.c", "build/gen/b.c");
	kc_options_free(&o);
	unsetenv("srctree");
	unsetenv("objtree");
	free(outside);
	free(inside);
}

static void whole_report(void **state)
{
	struct kc_event ev = { { 2, 7, 3 }, "g", "leaves \"here\"" };
	struct kc_finding f = {
		.rule = KC_LEAK, .severity = KC_ERROR, .loc = { 1, 5, 9 }, .function = "f", .message = "m [kmap-leak]",
		.nevents = 1, .events = &ev, .fix = { KC_FIX_INSERT, { 1, 6, 0 }, "kunmap_local(p);" },
		.about = { .variable = "p", .object = "page", .call = "kunmap_local(p)" },
	};
	struct kc_site s[2] = {
		{ KC_SITE_MAP, "kmap_local_page", { 1, 5, 9 }, "f", "page", KC_VIOLATED, KC_R_NONE, NULL, KC_R_NONE },
		{ KC_SITE_WRITE, "fill", { 1, 6, 0 }, "f", NULL, KC_UNPROVED, KC_R_MAY_WRITE, "fill", KC_R_NONE },
	};
	struct kc_result r = { .nfindings = 1, .findings = &f, .nsites = 2, .sites = s, .analysed = 1, .bounded = 0 };
	struct kc_unit_stats stats = { "mm/a.c", 3, 2, 0.25, 1.5, NULL };
	struct flow_unit *u = flow_unit_new("mm/a.c", 4096);
	struct kc_options o;
	char *err = NULL;

	(void)state;
	assert_int_equal(flow_file(u, "mm/a.c"), 1);
	assert_int_equal(flow_file(u, "mm/h.h"), 2);
	kc_options_init(&o);
	assert_true(kc_report_write(&o, u, &r, &stats, &err));		/* none asked for */
	assert_true(kc_option(&o, "report", "reports/", &err));
	assert_true(kc_report_write(&o, u, &r, &stats, &err));
	assert_file("reports/mm+a.c.jsonl",
		    "{\"type\":\"finding\",\"rule\":\"kmap-leak\",\"severity\":\"error\",\"file\":\"mm/a.c\",\"line\":5,"
		    "\"column\":9,\"function\":\"f\",\"message\":\"m [kmap-leak]\",\"events\":[{\"file\":\"mm/h.h\","
		    "\"line\":7,\"column\":3,\"function\":\"g\",\"text\":\"leaves \\\"here\\\"\"}],"
		    "\"fix\":{\"file\":\"mm/a.c\",\"line\":6,\"column\":0,\"insert\":\"kunmap_local(p);\"},"
		    "\"about\":{\"variable\":\"p\",\"object\":\"page\",\"call\":\"kunmap_local(p)\"}}\n"
		    "{\"type\":\"site\",\"site\":\"map\",\"callee\":\"kmap_local_page\",\"file\":\"mm/a.c\",\"line\":5,"
		    "\"column\":9,\"function\":\"f\",\"object\":\"page\",\"verdict\":\"violated\",\"reason\":null}\n"
		    "{\"type\":\"site\",\"site\":\"write\",\"callee\":\"fill\",\"file\":\"mm/a.c\",\"line\":6,\"column\":0,"
		    "\"function\":\"f\",\"object\":null,\"verdict\":\"unproved\",\"reason\":\"may-write\","
		    "\"name\":\"fill\"}\n"
		    "{\"type\":\"unit\",\"version\":1,\"file\":\"mm/a.c\",\"functions\":3,\"analysed\":1,\"skipped\":2,"
		    "\"bounded\":0,\"seconds\":0.250000,\"total\":1.500000}\n");

	stats = (struct kc_unit_stats) { .file = "mm/b.c", .error = "cannot" };
	assert_true(kc_report_write(&o, NULL, NULL, &stats, &err));
	assert_file("reports/mm+b.c.jsonl",
		    "{\"type\":\"unit\",\"version\":1,\"file\":\"mm/b.c\",\"functions\":0,\"analysed\":0,\"skipped\":0,"
		    "\"bounded\":0,\"seconds\":0.000000,\"total\":0.000000,\"error\":\"cannot\"}\n");
	kc_options_free(&o);
	flow_unit_free(u);
}

static void assert_refused(struct kc_options *o, const char *name, const char *value, const char *message)
{
	char *err = NULL;

	assert_false(kc_option(o, name, value, &err));
	assert_string_equal(err, message);
	free(err);
}

static void options(void **state)
{
	struct kc_options o;
	char *err = NULL;

	(void)state;
	kc_options_init(&o);
	assert_int_equal(o.dcache, KC_DCACHE_PUBLISHED);
	assert_int_equal(o.rules, (1u << KC_RULES) - 1);
	assert_string_equal(o.root, ".");
	assert_true(kc_option(&o, "dcache", "strict", &err));
	assert_int_equal(o.dcache, KC_DCACHE_STRICT);
	assert_true(kc_option(&o, "rules", "kmap-order,kmap-leak", &err));
	assert_int_equal(o.rules, 1u << KC_ORDER | 1u << KC_LEAK);
	assert_true(kc_option(&o, "api", "one", &err) && kc_option(&o, "api", "two", &err));
	assert_int_equal(o.napi, 2);
	assert_string_equal(o.api[1], "two");
	assert_true(kc_option(&o, "werror", NULL, &err));
	assert_true(o.werror);

	assert_refused(&o, "dcache", "on", "dcache=on: unknown value; valid are off, published, strict");
	assert_refused(&o, "werror", "yes", "option 'werror' takes no value");
	assert_refused(&o, "report", NULL, "option 'report' needs a value");
	assert_refused(&o, "root", "none", "root=none: No such file or directory");
	assert_refused(&o, "colour", NULL,
		       "unknown option 'colour'; valid are report, flow, api, dcache, rules, root, werror");
	assert_refused(&o, "rules", "kmap-leak,",
		       "rules: unknown rule ''; valid are kmap-leak, kmap-double-unmap, kmap-order, kmap-wrong-arg, "
		       "kmap-use-after-unmap, dcache-missing-flush, dcache-early-flush, dcache-wrong-folio");
	assert_int_equal(o.rules, 1u << KC_ORDER | 1u << KC_LEAK);
	kc_options_free(&o);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(strings_out),
		cmocka_unit_test(values_in),
		cmocka_unit_test(wrong_values),
		cmocka_unit_test(unit_files),
		cmocka_unit_test(put_files),
		cmocka_unit_test(paths),
		cmocka_unit_test(whole_report),
		cmocka_unit_test(options),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, enter, leave);
}
