// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Unit tests: memory and strings
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "util.h"

static void arenas(void **state)
{
	static const char zero[200000];
	struct arena *a = arena_new();
	size_t sizes[] = { 0, 1, 15, 16, 17, 4000, 65535, 65536, 65537, 200000 };
	unsigned int i, j;
	char *last = NULL;

	(void)state;
	for (j = 0; j < 5; j++) {
		for (i = 0; i < ARRAY_SIZE(sizes); i++) {
			char *p = arena_alloc(a, sizes[i]);

			assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
			assert_memory_equal(p, zero, sizes[i]);
			memset(p, 0xa5, sizes[i]);
			assert_ptr_not_equal(p, last);
			last = sizes[i] ? p : NULL;
		}
	}
	assert_true(arena_used(a) >= 5 * (200000 + 3 * 65536));
	assert_string_equal(arena_strdup(a, "text"), "text");
	assert_string_equal(arena_printf(a, "%d-%s", 7, "x"), "7-x");
	arena_free(a);
	arena_free(NULL);
}

static void interning(void **state)
{
	struct arena *a = arena_new();
	struct strtab *t = strtab_new(a);
	const char *first[5000];
	char buf[32];
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(first); i++) {
		snprintf(buf, sizeof(buf), "name%u", i);
		first[i] = strtab_intern(t, buf);
		assert_string_equal(first[i], buf);
	}
	for (i = 0; i < ARRAY_SIZE(first); i++) {
		snprintf(buf, sizeof(buf), "name%u", i);
		assert_ptr_equal(strtab_intern(t, buf), first[i]);
	}
	assert_ptr_not_equal(strtab_intern(t, ""), strtab_intern(t, "name"));
	strtab_free(t);
	arena_free(a);
}

static void strings(void **state)
{
	struct strbuf b = { 0 };
	char *s;
	int i;

	(void)state;
	strbuf_add(&b, "", 0);
	assert_string_equal(b.buf, "");
	for (i = 0; i < 1000; i++)
		strbuf_addf(&b, "%d,", i % 10);
	strbuf_add(&b, "a\0b", 3);
	assert_int_equal(b.len, 2003);
	assert_memory_equal(b.buf + 1996, "8,9,a\0b", 8);
	free(b.buf);
	s = xasprintf("%s/%03d", "dir", 7);
	assert_string_equal(s, "dir/007");
	free(s);
}

static void files(void **state)
{
	char path[] = "/tmp/kmapcheck-util-XXXXXX", big[30001];
	int fd = mkstemp(path);
	size_t len = 0;
	char *s;

	(void)state;
	assert_true(fd >= 0);
	s = read_file(path, &len);
	assert_non_null(s);
	assert_int_equal(len, 0);
	free(s);
	memset(big, 'x', sizeof(big));
	assert_int_equal(write(fd, big, sizeof(big)), sizeof(big));
	s = read_file(path, &len);
	assert_int_equal(len, sizeof(big));
	assert_int_equal(s[len], 0);
	assert_memory_equal(s, big, len);
	free(s);
	assert_int_equal(write(fd, "\0", 1), 1);
	assert_null(read_file(path, &len));
	assert_int_equal(errno, EILSEQ);
	close(fd);
	unlink(path);
	assert_null(read_file(path, &len));
	assert_int_equal(errno, ENOENT);
	assert_null(read_file("/", &len));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arenas),
		cmocka_unit_test(interning),
		cmocka_unit_test(strings),
		cmocka_unit_test(files),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("util", tests, NULL, NULL);
}
