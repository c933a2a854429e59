// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * api.c - unit tests of the API model: what lines mean, what messages say, how files lie over each other
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "api.h"
#include "util.h"

/* One model for all tests: they add names of their own. */
static struct api *model;

static int setup(void **state)
{
	(void)state;
	model = api_new();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	api_free(model);
	return 0;
}

static void add(const char *text)
{
	char *err = NULL;

	if (!api_add_text(model, "test", text, &err))
		fail_msg("%s", err);
	assert_null(err);
}

static const struct api_effect *effect(const char *name, unsigned int i)
{
	const struct api_fn *f = api_find(model, name);

	assert_non_null(f);
	assert_true(i < f->neffects);
	return &f->effects[i];
}

static void assert_error(const char *text, const char *want)
{
	char *err = NULL;

	assert_false(api_add_text(model, "m.api", text, &err));
	assert_non_null(err);
	if (!strstr(err, want))
		fail_msg("\"%s\" does not hold \"%s\"", err, want);
	free(err);
}

static void test_builtin(void **state)
{
	const struct api_effect *e;

	(void)state;
	e = effect("kmap_local_folio", 0);
	assert_int_equal(e->kind, API_MAPS);
	assert_int_equal(e->family, API_LOCAL);
	assert_int_equal(e->object.root, API_ARG);
	assert_int_equal(e->object.arg, 0);
	assert_int_equal(e->to.root, API_RET);
	assert_int_equal(e->offset_arg, 1);
	assert_false(e->whole);
	e = effect("kmap_atomic", 0);
	assert_int_equal(e->family, API_ATOMIC);
	assert_true(e->whole);
	assert_int_equal(e->offset_arg, -1);
	assert_int_equal(effect("kunmap", 0)->family, API_KMAP);
	assert_int_equal(effect("folio_release_kmap", 0)->object.arg, 1);
	assert_null(api_find(model, "no_such_function"));
	assert_null(api_find(model, NULL));
	assert_null(api_find(model, ""));
}

static void test_builtin_prefix(void **state)
{
	(void)state;
	assert_ptr_equal(api_find(model, "__builtin_memcpy"), api_find(model, "memcpy"));
	assert_ptr_equal(api_find(model, "__builtin___memcpy_chk"), api_find(model, "__memcpy_chk"));
	assert_null(api_find(model, "__builtin_"));
	assert_null(api_find(model, "__builtin_no_such_function"));
}

static void test_places(void **state)
{
	const struct api_effect *e;

	(void)state;
	add("places writes(arg12) writes(*arg0) reads(arg3->tag.field) reads(ret) writes-object(unknown)\n");
	e = effect("places", 0);
	assert_int_equal(e->object.arg, 12);
	assert_false(e->object.deref);
	assert_null(e->object.field);
	assert_int_equal(e->if_arg, -1);
	assert_int_equal(e->size_arg, -1);
	e = effect("places", 1);
	assert_true(e->object.deref);
	assert_null(e->object.field);
	e = effect("places", 2);
	assert_true(e->object.deref);
	assert_int_equal(e->object.arg, 3);
	assert_string_equal(e->object.field, "tag.field");
	assert_int_equal(effect("places", 3)->object.root, API_RET);
	assert_int_equal(effect("places", 4)->object.root, API_UNKNOWN);
}

static void test_maps(void **state)
{
	const struct api_effect *e;

	(void)state;
	add("m1 maps-or-err(local, arg0, *arg1, offset(arg2)) unmaps-if-live(unordered, arg0->it.addr)\n"
	    "m2 maps-or-null( kmap , arg0->it.page , arg0->it.addr )   # spaces are free inside\n");
	e = effect("m1", 0);
	assert_int_equal(e->kind, API_MAPS_OR_ERR);
	assert_int_equal(e->to.root, API_ARG);
	assert_int_equal(e->to.arg, 1);
	assert_true(e->to.deref);
	assert_int_equal(e->offset_arg, 2);
	assert_int_equal(effect("m1", 1)->kind, API_UNMAPS_LIVE);
	assert_int_equal(effect("m1", 1)->family, API_UNORDERED);
	e = effect("m2", 0);
	assert_int_equal(e->kind, API_MAPS_OR_NULL);
	assert_string_equal(e->object.field, "it.page");
	assert_string_equal(e->to.field, "it.addr");
}

static void test_conditions_sizes_values(void **state)
{
	const struct api_effect *e;

	(void)state;
	add("c1 publishes(arg0, if(arg1)) writes(arg0, size(arg2), if(!arg3)) reads(arg0, size(16))\n"
	    "c2 sets(*arg0) sets(arg0->t.f, 0) sets(arg0->t.f, arg1) private(arg1) metadata\n");
	e = effect("c1", 0);
	assert_int_equal(e->if_arg, 1);
	assert_false(e->if_not);
	e = effect("c1", 1);
	assert_int_equal(e->size_arg, 2);
	assert_int_equal(e->if_arg, 3);
	assert_true(e->if_not);
	e = effect("c1", 2);
	assert_int_equal(e->size, 16);
	assert_int_equal(e->size_arg, -1);
	assert_int_equal(effect("c2", 0)->value_arg, -1);
	assert_false(effect("c2", 0)->zero);
	assert_true(effect("c2", 1)->zero);
	assert_int_equal(effect("c2", 2)->value_arg, 1);
	assert_int_equal(effect("c2", 3)->object.arg, 1);
	assert_int_equal(effect("c2", 4)->object.root, API_RET);
}

static void test_names(void **state)
{
	(void)state;
	add("first|second|third  nonnull\tnoreturn\r\n\n  # a comment\n\tlast neutral");
	assert_int_equal(api_find(model, "second")->neffects, 2);
	assert_int_equal(effect("third", 1)->kind, API_NORETURN);
	assert_string_equal(api_find(model, "first")->file, "test");
	assert_int_equal(api_find(model, "first")->line, 1);
	assert_int_equal(api_find(model, "last")->line, 4);
	add("joined|\\\n  too \\\r\n\tneutral\\\n nonnull\nafter neutral");
	assert_int_equal(api_find(model, "too")->neffects, 2);
	assert_int_equal(api_find(model, "too")->line, 1);
	assert_int_equal(api_find(model, "after")->line, 5);
	assert_error("f neutral \\\n  bogus", "m.api:2:3: expected an effect");
}

static void test_fields(void **state)
{
	const struct api_field *f;

	(void)state;
	f = api_find_field(model, "buffer_head.b_folio");
	assert_non_null(f);
	assert_int_equal(f->kind, API_SAME_OBJECT);
	add("field tag.a.b same-object(base) metadata\nfield tag.c directory\n");
	f = api_find_field(model, "tag.a.b");
	assert_int_equal(f->kind, API_SAME_OBJECT);
	assert_true(f->kinds == ((uint64_t)1 << API_SAME_OBJECT | (uint64_t)1 << API_METADATA));
	assert_int_equal(api_find_field(model, "tag.c")->kind, API_DIRECTORY);
	assert_null(api_find_field(model, "tag.a"));
	assert_null(api_find_field(model, NULL));
}

static void test_roles(void **state)
{
	const struct api_role *r;

	(void)state;
	assert_non_null(api_find_role(model, "dir_context"));
	assert_null(api_find_role(model, "no_such_thing"));
	add("role tag directory\nrole t.f directory(arg1) directory(arg3) flushed(arg2) with(t.g) without(t.h) without(u)\n");
	r = api_find_role(model, "tag");
	assert_true(r->args == UINT64_MAX && !r->with && !r->nwithout);
	r = api_find_role(model, "t.f");
	assert_true(r->args == (1ull << 1 | 1ull << 3));
	assert_true(r->flushed == 1ull << 2);
	assert_string_equal(r->with, "t.g");
	assert_int_equal(r->nwithout, 2);
	assert_string_equal(r->without[1], "u");
	/* What is asked about is told of, too. */
	r = api_find_role(model, "t.g");
	assert_true(r && !r->args);
	add("role t.g directory(arg0)\n");
	assert_true(api_find_role(model, "t.g")->args == 1);
	assert_error("role ", "m.api:1:6: expected a role (TAG or TAG.FIELD), found the end of the line");
	assert_error("role t.", "expected the name of a field after \".\"");
	assert_error("role t", "m.api:1:7: expected directory, directory(argN), flushed(argN), with(ROLE) or without(ROLE), found the end of the line");
	assert_error("role t bogus", "m.api:1:8: expected directory, directory(argN), flushed(argN), with(ROLE) or without(ROLE), found \"bogus\"");
	assert_error("role t directory(ret)", "expected an argument (arg0 to arg63), found \"ret\"");
	assert_error("role t with(1)", "expected a role (TAG or TAG.FIELD)");
}

static void test_overrides(void **state)
{
	(void)state;
	add("over writes(arg0) reads(arg1)\nfield o.f private\n");
	add("over neutral\nfield o.f directory\n");
	assert_int_equal(api_find(model, "over")->neffects, 1);
	assert_int_equal(effect("over", 0)->kind, API_NEUTRAL);
	assert_int_equal(api_find_field(model, "o.f")->kind, API_DIRECTORY);
	/* A user's line for a name of the built-in list leaves the list's other names alone. */
	add("kunmap_local_indexed neutral\n");
	assert_int_equal(effect("kunmap_local_indexed", 0)->kind, API_NEUTRAL);
	assert_int_equal(effect("kunmap_local", 0)->kind, API_UNMAPS);
}

static void test_wrong_file_changes_nothing(void **state)
{
	(void)state;
	add("kept writes(arg0)\n");
	assert_error("kept neutral\nother neutral\nkept nonsense\n", "m.api:3:6: expected an effect (maps, ");
	assert_int_equal(effect("kept", 0)->kind, API_WRITES);
	assert_null(api_find(model, "other"));
}

static void test_messages(void **state)
{
	(void)state;
	assert_error("f", "m.api:1:2: expected an effect (maps, maps-or-null, ");
	assert_error("f", ", neutral), found the end of the line");
	assert_error("f bogus(arg0)", "m.api:1:3: expected an effect (");
	assert_error("f bogus(arg0)", "found \"bogus\"");
	assert_error("\n\n  9f neutral", "m.api:3:3: expected the name of a function, found \"9f\"");
	assert_error("f|", "m.api:1:3: expected the name of a function, found the end of the line");
	assert_error("f|+", "found \"+\"");
	assert_error("f(arg0)", "m.api:1:2: expected a space and an effect");
	assert_error("f maps(locl, arg0)", "m.api:1:8: expected a family (local, atomic, kmap, unordered), found \"locl\"");
	assert_error("f maps(local)", "m.api:1:13: expected \",\" and an object, found \")\"");
	assert_error("f maps(local, arg0, arg1)", "m.api:1:21: expected where the address goes");
	assert_error("f maps(local, arg0, unknown)", "expected where the address goes");
	assert_error("f maps(local, arg0, *arg1, *arg2)", "m.api:1:28: expected offset(argN) or offset(0)");
	assert_error("f maps(local, arg0, offset(1))", "expected an argument (arg0 to arg63)");
	assert_error("f maps(local, arg0", "expected \")\", found the end of the line");
	assert_error("f writes", "m.api:1:9: expected \"(\"");
	assert_error("f writes(arg)", "m.api:1:10: expected an argument (arg0 to arg63), found \"arg\"");
	assert_error("f writes(arg64)", "expected an argument");
	assert_error("f writes(arg99999999999999999999)", "expected an argument");
	assert_error("f writes(args)", "expected an argument");
	assert_error("f writes(x)", "m.api:1:10: expected a place (argN, ret, *argN, argN->TAG.FIELD, unknown), found \"x\"");
	assert_error("f writes(*unknown)", "expected a place");
	assert_error("f writes(*arg0->a.b)", "expected no \"->\" after \"*\"");
	assert_error("f writes(arg0->field)", "m.api:1:16: expected a field (TAG.FIELD), found \"field\"");
	assert_error("f writes(arg0->a. b)", "m.api:1:18: expected the name of a field after \".\"");
	assert_error("f writes(arg0->a.)", "expected the name of a field after \".\"");
	assert_error("f writes(arg0, size())", "expected a size");
	assert_error("f writes(arg0, size(0))", "expected a size");
	assert_error("f writes(arg0, size(12345678901234567890))", "expected a size");
	assert_error("f writes(arg0, if(arg1), size(4))", "expected size(argN), if(argN) or if(!argN)");
	assert_error("f flushes(arg0, size(4))", "expected if(argN) or if(!argN), found \"size\"");
	assert_error("f sets(arg0)", "m.api:1:8: expected *argN or argN->TAG.FIELD, found \"arg0\"");
	assert_error("f sets(*arg0, 1)", "expected an argument");
	assert_error("f grows(arg0, arg1)", "m.api:1:9: expected *argN or argN->TAG.FIELD, found \"arg0\"");
	assert_error("f grows(*arg0)", "expected \",\" and an argument");
	assert_error("f neutral()", "m.api:1:10: expected a space and another effect, or the end of the line");
	assert_error("f neutral,nonnull", "expected a space and another effect");
	assert_error("f returns(*arg0)", "expected an argument");
	assert_error("field f same-object(base)", "m.api:1:7: expected a field (TAG.FIELD)");
	assert_error("field a.b", "expected an effect (");
	assert_error("field a.b maps(local, arg0)", "expected an effect (same-object, ");
	assert_error("field a.b same-object(arg0)", "m.api:1:23: expected \"base\", found \"arg0\"");
	assert_error("\xff\xfe neutral", "m.api:1:1: expected the name of a function");
}

/* Every beginning of a right text, and every text with one character changed, is read or refused, nothing else. */
static void test_any_text(void **state)
{
	static const char text[] = "a|b maps-or-err(local, arg0->t.f, *arg1, offset(arg2)) writes(arg0, size(16), if(!arg1))\n"
				   "field t.f same-object(base) # x\n";
	static const char chars[] = "(),|*->!.#\n 0a\x80";
	char copy[sizeof(text)], *err;
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(text); i++) {
		for (j = 0; j < sizeof(chars); j++) {
			struct api *a = api_new();

			memcpy(copy, text, sizeof(text));
			copy[i] = chars[j];	/* the last one is NUL: the text ends there */
			copy[sizeof(text) - 1] = '\0';
			err = NULL;
			if (api_add_text(a, "t", copy, &err))
				assert_null(err);
			else
				assert_non_null(err);
			free(err);
			api_free(a);
			if (i % 16)
				j += 4;		/* a sample is enough for most */
		}
	}
}

static void test_interesting(void **state)
{
	(void)state;
	assert_true(api_is_interesting(api_find(model, "kmap_local_page")));
	assert_true(api_is_interesting(api_find(model, "kunmap")));
	assert_true(api_is_interesting(api_find(model, "flush_dcache_page")));
	assert_true(api_is_interesting(api_find(model, "memset_page")));
	assert_true(api_is_interesting(api_find(model, "sg_miter_next")));
	assert_false(api_is_interesting(api_find(model, "memcpy")));
	assert_false(api_is_interesting(api_find(model, "page_address")));
	assert_false(api_is_interesting(api_find(model, "folio_unlock")));
	assert_false(api_is_interesting(api_find(model, "mutex_unlock")));
}

static void count(const struct api_fn *f, void *data)
{
	unsigned int *n = data;

	assert_ptr_equal(api_find(model, f->name), f);
	assert_true(f->neffects > 0);
	++*n;
}

static void test_each(void **state)
{
	unsigned int before = 0, after = 0;

	(void)state;
	api_each(model, count, &before);
	add("each_new_name neutral\nmemcpy neutral\n");
	api_each(model, count, &after);
	assert_int_equal(after, before + 1);
}

static void test_files(void **state)
{
	char path[] = "/tmp/kmapcheck-api-XXXXXX", *err = NULL;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "from_file neutral\n\0x", 18), 18);
	assert_true(api_add_file(model, path, &err));
	assert_string_equal(api_find(model, "from_file")->file, path);
	assert_int_equal(write(fd, "\0", 1), 1);
	assert_false(api_add_file(model, path, &err));
	assert_non_null(strstr(err, "it is not text"));
	free(err);
	close(fd);
	unlink(path);
	assert_false(api_add_file(model, path, &err));
	assert_non_null(strstr(err, "cannot read the model file: No such file"));
	free(err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_builtin),
		cmocka_unit_test(test_builtin_prefix),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_maps),
		cmocka_unit_test(test_conditions_sizes_values),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_roles),
		cmocka_unit_test(test_overrides),
		cmocka_unit_test(test_wrong_file_changes_nothing),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_any_text),
		cmocka_unit_test(test_interesting),
		cmocka_unit_test(test_each),
		cmocka_unit_test(test_files),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
