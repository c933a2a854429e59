// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Unit tests: the flow text form
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "flow.h"
#include "util.h"

static char *printed(const struct flow_unit *u)
{
	char *s = NULL;
	size_t n;
	FILE *f = open_memstream(&s, &n);

	flow_print(u, f);
	fclose(f);
	return s;
}

static struct flow_unit *parsed(const char *text)
{
	char *err;
	struct flow_unit *u = flow_parse("t.flow", text, &err);

	if (!u)
		fail_msg("%s", err);
	return u;
}

/* Every construct in its printed form. */
static const char all[] =
	"unit \"mm/zs\\\"w\\\\ap.c\" pagesize 4096\n"
	"file 1 \"mm/zswap.c\"\n"
	"file 2 \"include/linux/a b.h\"\n"
	"layout sg_mapping_iter.addr 24\n"
	"layout .anonymous -8\n"
	"layout \"odd field\" 0\n"
	"role fill dir_context\n"
	"role \"odd name\" inode_operations.lookup\n"
	"func fill(%folio, %len uint, %b bool, %v void, %5) static taken inline varargs !1:10:5-40 {\n"
	"local %buf.7 \"buf\"\n"
	"global %jiffies.8 \"jiffies\"\n"
	"local %8 \"\"\n"
	"local %9\n"
	"@0:\n"
	"\t%dst.1 = call kmap_local_folio(%folio, 0) ptr !1:12:9\n"
	"\t%11 = field %8, 16, \"crypto_ctx.buffer\"\n"
	"\t%12 = field %9, -16\n"
	"\t%13 = load %11, 8 !1:13:2\n"
	"\t%14 = load volatile %11, 4 ptr\n"
	"\tstore %11, %dst.1, 8 !2:3\n"
	"\tstore volatile %11, undef, 0\n"
	"\tmove %12, %11, 4294967295 !0:0:7\n"
	"\tkill %buf.7\n"
	"\t%15 = copy %v\n"
	"\t%16 = add %dst.1, %len\n"
	"\t%17 = sub %dst.1, -9223372036854775808\n"
	"\t%18 = mul 9223372036854775807, %len\n"
	"\t%19 = and %b, 1\n"
	"\t%20 = or %b, 0\n"
	"\t%21 = not %b\n"
	"\t%22 = pure \"trunc_mod\" %13, 7 !1:14\n"
	"\t%23 = pure \"\"\n"
	"\t%24 = select %21, %17, %18\n"
	"\t%25 = call helper(%dst.1, const %8, int %len, int 4, const 0) int !1:15:2\n"
	"\t%26 = call *%jiffies.8(%dst.1) bool\n"
	"\t%27 = call untyped()\n"
	"\t%\"<retval>\" = copy %27\n"
	"\t%\"12\" = copy %\"<retval>\"\n"
	"\tcall \"odd callee\"()\n"
	"\tcall *0()\n"
	"\tcall panic() noreturn\n"
	"\tasm()\n"
	"\tasm(%dst.1, 5) !1:15:3\n"
	"\tif %21 goto @1 (!1:17:3) else @2 !1:16:5\n"
	"@1:\n"
	"\tswitch %13 [0: @2] [1..5 9 -3..-1: @3 (!1:21:3)] [default: @4 (!1:22)] !1:20:2\n"
	"@2:\n"
	"\t%30 = phi [@0 %13] [@1 -1]\n"
	"\t%31 = cmp eq %30, 0\n"
	"\t%32 = cmp ne %30, 0\n"
	"\t%33 = cmp slt %30, 0\n"
	"\t%34 = cmp sle %30, 0\n"
	"\t%35 = cmp sgt %30, 0\n"
	"\t%36 = cmp sge %30, 0\n"
	"\t%37 = cmp ult %30, 0\n"
	"\t%38 = cmp ule %30, 0\n"
	"\t%39 = cmp ugt %30, 0\n"
	"\t%40 = cmp uge %30, 0\n"
	"\tgoto @5 !1:23:2\n"
	"@3:\n"
	"\tret %13 !1:30:2\n"
	"@4:\n"
	"\tstop !1:31:2\n"
	"@5:\n"
	"\t%41 = phi [@2 0] [@6 %41]\n"
	"\t%x = phi [@2 undef] [@6 %x]\n"
	"\tgoto @6\n"
	"@6:\n"
	"\tgoto @5 (!1:33:2) !1:32:2\n"
	"}\n"
	"func \"odd name\"() {\n"
	"@0:\n"
	"\tret\n"
	"}\n";

static void round_trip(void **state)
{
	struct flow_unit *u = parsed(all);
	char *s = printed(u);

	(void)state;
	assert_string_equal(s, all);
	assert_int_equal(u->nfuncs, 2);
	assert_string_equal(u->name, "mm/zs\"w\\ap.c");
	assert_int_equal(u->funcs[0]->endline, 40);
	assert_int_equal(u->funcs[0]->loc.column, 5);
	assert_true(u->funcs[0]->varargs && u->funcs[0]->taken && u->funcs[0]->is_static && u->funcs[0]->is_inline);
	assert_ptr_equal(flow_find_func(u, "odd name"), u->funcs[1]);
	free(s);
	flow_unit_free(u);
}

/* What a person may write in another way: comments, blank lines, spaces, numbers of values in any order. */
static void hand_written(void **state)
{
	struct flow_unit *u = parsed("# a comment\n\nunit \"a.c\"  pagesize 4096 # more\r\n"
				     "func f ( %p int ) inline static {\n\n@0:\n\t%77=copy %p\n"
				     "%3 = add %77,%77\n\n# none\ngoto @1\n@1:\nret %3\n}");
	char *s = printed(u);

	(void)state;
	assert_string_equal(s, "unit \"a.c\" pagesize 4096\nfunc f(%p int) static inline {\n@0:\n\t%2 = copy %p\n"
			    "\t%3 = add %2, %2\n\tgoto @1\n@1:\n\tret %3\n}\n");
	free(s);
	flow_unit_free(u);
}

/* A use may stand before the definition in the text as long as the definition dominates it. */
static void late_definition(void **state)
{
	struct flow_unit *u = parsed("unit \"a.c\" pagesize 4096\nfunc f(%p) {\n@0:\n\tgoto @2\n"
				     "@1:\n\tret %x\n@2:\n\t%x = copy %p\n\tgoto @1\n}\n");

	(void)state;
	assert_ptr_equal(u->funcs[0]->blocks[1]->cond, u->funcs[0]->blocks[2]->vals[0]);
	flow_unit_free(u);
}

#define HEAD "unit \"a.c\" pagesize 4096\n"
#define BODY(s) HEAD "func f(%p) {\n@0:\n" s

static const struct {
	const char *text, *err;
} bad[] = {
	{ "", "1:1: expected unit, found the end of the text" },
	{ "\n\nfunc", "3:1: expected unit, found func" },
	{ "unit", "1:5: expected the quoted name of a file, found the end of the text" },
	{ "unit \"a.c\n", "1:6: expected the closing quote of a string, found \"a.c" },
	{ "unit \"a\\nb\"", "1:6: expected \\\" or \\\\ in a string, found \"a\\" },
	{ "unit \"a.c\" pagesize", "1:20: expected a page size (a power of two), found the end of the text" },
	{ "unit \"a.c\" pagesize 0", "1:21: expected a page size (a power of two), found 0" },
	{ "unit \"a.c\" pagesize 4095", "1:21: expected a page size (a power of two), found 4095" },
	{ "unit \"a.c\" pagesize -4096", "1:21: expected a page size (a power of two), found -4096" },
	{ "unit \"a.c\" pagesize 99999999999999999999",
	  "1:21: expected a number of 64 bits, found 99999999999999999999" },
	{ "unit \"a.c\" pagesize 4k", "1:21: expected a number of 64 bits, found 4" },
	{ "unit \"a.c\" pagesize 4096 x", "1:26: expected the end of the line, found x" },
	{ HEAD "block", "2:1: expected file, layout, role or func, found block" },
	{ HEAD "\001", "2:1: expected a word, found ?" },
	{ HEAD "file 2 \"b.c\"", "2:6: expected the next number of a file, found 2" },
	{ HEAD "file 1 \"\"", "2:8: expected the name of a file, found \"\"" },
	{ HEAD "file 1 \"b\"\nfile 2 \"b\"", "3:8: expected a file that has no number yet, found \"b\"" },
	{ HEAD "layout a.b", "2:11: expected the offset of the field, found the end of the text" },
	{ HEAD "layout a.b 1\nlayout a.b 2", "3:8: expected a field without a layout, found a.b" },
	{ HEAD "role f", "2:7: expected what it is there for, found the end of the text" },
	{ HEAD "func", "2:5: expected the name of a function, found the end of the text" },
	{ HEAD "func f", "2:7: expected '(', found the end of the text" },
	{ HEAD "func f(p)", "2:8: expected a parameter %NAME or ')', found p" },
	{ HEAD "func f(%p %q)", "2:11: expected ',', found %q" },
	{ HEAD "func f(%p, %p)", "2:12: expected a name that is not taken, found %p" },
	{ HEAD "func f(%)", "2:8: expected the name of a value after %, found %" },
	{ HEAD "func f() static\n", "2:16: expected '{', found the end of the line" },
	{ HEAD "func f() !1:2 {", "2:10: expected a place in a file that has a number, found !1:2" },
	{ HEAD "func f() !12 {", "2:10: expected a place !FILE:LINE:COLUMN, found !12" },
	{ HEAD "func f() !0:1:5000000000 {", "2:10: expected a place !FILE:LINE:COLUMN, found !0:1:5000000000" },
	{ HEAD "func f() {\n}\n", "3:1: expected @0:, found }" },
	{ HEAD "func f() {\n@1:\n", "3:1: expected @0:, found @1" },
	{ HEAD "func f() {\n@-1:\n", "3:1: expected @0:, found @-1" },
	{ HEAD "func f() {\n@99999999999999999999:\n", "3:1: expected a number of 64 bits, found @99999999999999999999" },
	{ HEAD "func f() {\nlocal buf\n", "3:7: expected the name of a value, found buf" },
	{ HEAD "func f() {\nglobal %b\n", "3:10: expected the quoted name of a variable, found the end of the line" },
	{ HEAD "func f() {\nglobal %a \"a\"\nglobal %b \"a\"\n",
	  "4:11: expected a variable that has no value yet, found \"a\"" },
	{ HEAD "func f() {\n@0:\nret\n}\nfunc f() {\n@0:\nret\n}",
	  "6:6: expected the name of a function that is not there yet, found f" },
	{ HEAD "func f() {\n@0:\n\tret\n@2:\n\tret\n}", "5:1: expected '}' or the block with the next number, found @2" },
	{ BODY(""), "4:1: expected an instruction or the end of the block (goto, if, switch, ret, stop), "
	  "found the end of the text" },
	{ BODY("}"), "4:1: expected an instruction or the end of the block (goto, if, switch, ret, stop), found }" },
	{ BODY("frob %p"), "4:1: expected an instruction or the end of the block (goto, if, switch, ret, stop), "
	  "found frob" },
	{ BODY("%a copy %p"), "4:4: expected '=', found copy" },
	{ BODY("%a = frob"), "4:6: expected an instruction that has a result, found frob" },
	{ BODY("%a = kill %p"), "4:6: expected an instruction that has a result, found kill" },
	{ BODY("copy %p"), "4:1: expected %NAME = before the instruction, found copy" },
	{ BODY("%p = copy 1"), "4:1: expected a name that is not taken, found %p" },
	{ BODY("%a = copy x"), "4:11: expected an operand (%NAME, a number or undef), found x" },
	{ BODY("%a = add %p 1"), "4:13: expected ',', found 1" },
	{ BODY("%a = cmp lt %p, 1"), "4:10: expected a comparison (eq ne slt sle sgt sge ult ule ugt uge), found lt" },
	{ BODY("%a = field %p, x"), "4:16: expected the offset of the field, found x" },
	{ BODY("%a = field %p, 1, x"), "4:19: expected the quoted name of a field, found x" },
	{ BODY("%a = load %p, -1"), "4:15: expected a number of bytes, found -1" },
	{ BODY("%a = load %p, 4294967296"), "4:15: expected a number of bytes, found 4294967296" },
	{ BODY("%a = pure f"), "4:11: expected the quoted name of a function, found f" },
	{ BODY("%a = pure \"f\" 1 2"), "4:17: expected ',', found 2" },
	{ BODY("%a = phi [@0 1"), "4:15: expected ']', found the end of the text" },
	{ BODY("%a = phi [0 1]"), "4:11: expected a block @NUMBER, found 0" },
	{ BODY("kill %p\n%a = phi"), "5:9: expected no phi behind other instructions, found the end of the text" },
	{ BODY("call 5()"), "4:6: expected the name of a function or *, found 5" },
	{ BODY("call f(%p"), "4:10: expected ',', found the end of the text" },
	{ BODY("call f(,)"), "4:8: expected an operand (%NAME, a number or undef), found ," },
	{ BODY("call f() noreturn int"), "4:19: expected the end of the line, found int" },
	{ BODY("kill %p !0:1-3"), "4:9: expected a place without a last line, found !0:1-3" },
	{ BODY("goto 1"), "4:6: expected a block @NUMBER, found 1" },
	{ BODY("goto @1\n}"), "4:6: expected a block of the function, found @1" },
	{ BODY("goto @4000000000\n}"), "4:6: expected a block of the function, found @4000000000" },
	{ BODY("goto @1 (x)"), "4:10: expected a place !FILE:LINE:COLUMN, found x" },
	{ BODY("if %p @1"), "4:7: expected goto, found @1" },
	{ BODY("if %p goto @1"), "4:14: expected else, found the end of the text" },
	{ BODY("if %p goto @1 else @1\n@1:\nret\n}"), "2:6: expected a sound function, found in @0 two edges to @1" },
	{ BODY("switch %p"), "4:10: expected '[', found the end of the text" },
	{ BODY("switch %p [: @1]"), "4:12: expected the value of a case, found :" },
	{ BODY("switch %p [3..2: @1]"), "4:15: expected a greater number after .., found 2" },
	{ BODY("switch %p [1: @1] [2: @1]\n@1:\nret\n}"),
	  "2:6: expected a sound function, found in @0 two edges to @1" },
	{ BODY("switch %p [default: @1] [default: @2]\n@1:\nret\n@2:\nret\n}"),
	  "2:6: expected a sound function, found in @0 a switch with two defaults or an empty case" },
	{ BODY("ret %q\n}"), "4:5: expected a value of the function, found %q" },
	{ BODY("ret %8\n}"), "4:5: expected a value of the function, found %8" },
	{ BODY("ret\n} x"), "5:3: expected the end of the line, found x" },
	{ BODY("kill %a\n%a = copy %p\nret\n}"), "2:6: expected a sound function, found in @0 the use of a before it is made" },
	{ BODY("%a = copy %a\nret\n}"), "2:6: expected a sound function, found in @0 the use of a before it is made" },
	{ BODY("if %p goto @1 else @2\n@1:\n%a = copy 1\ngoto @2\n@2:\nret %a\n}"),
	  "2:6: expected a sound function, found in @2 the use of a before it is made" },
	{ BODY("%a = phi\nret\n}"), "2:6: expected a sound function, found in @0 phi a in the first block" },
	{ BODY("goto @1\n@1:\n%a = phi\nret\n}"),
	  "2:6: expected a sound function, found in @1 phi a with 0 operands for 1 edges" },
	{ BODY("goto @1\n@1:\n%a = phi [@1 1]\nret\n}"),
	  "2:6: expected a sound function, found in @1 phi a with an operand for a block that is not before it" },
	{ BODY("if %p goto @1 else @2\n@1:\ngoto @2\n@2:\n%a = phi [@0 1] [@0 1]\nret\n}"),
	  "2:6: expected a sound function, found in @2 phi a with an operand for a block that is not before it" },
};

static void bad_texts(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		char *expected = xasprintf("dir/t.flow:%s", bad[i].err), *err;
		struct flow_unit *u = flow_parse("dir/t.flow", bad[i].text, &err);

		if (u)
			fail_msg("taken: %s", bad[i].text);
		assert_string_equal(err, expected);
		free(expected);
		free(err);
	}
}

/* Every text that breaks off early, and every one with one character changed, is parsed or refused, no worse. */
static void damaged_texts(void **state)
{
	static const char put[] = "\"@%!-([{\n0";
	char *text = xstrdup(all), *err;
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(all) - 1; i++) {
		char old = text[i];

		for (j = 0; j < sizeof(put); j++) {
			text[i] = put[j];
			flow_unit_free(flow_parse("t", text, &err));
			free(err);
		}
		text[i] = old;
	}
	free(text);
}

static const struct flow_loc at = { 1, 2, 3 }, nowhere;

/* A unit from the builder prints to a text that is read back to the same text. */
static void built(void **state)
{
	static const unsigned char flags[] = { FLOW_ARG_CONST, FLOW_ARG_INT };
	struct flow_unit *u = flow_unit_new("b.c", 4096), *v;
	struct flow_func *f;
	struct flow_val *p, *n, *phi, *args[2];
	struct flow_block *b[5];
	unsigned int i;
	char *s, *t;

	(void)state;
	flow_file(u, "b.c");
	flow_layout(u, "page.flags", 0);
	f = flow_func_new(u, "build", at);
	p = flow_param(f, "page", FLOW_T_PTR);
	n = flow_param(f, NULL, FLOW_T_INT);
	for (i = 0; i < ARRAY_SIZE(b); i++)
		b[i] = flow_block_new(f);
	flow_branch(b[0], n, b[1], b[1], at);
	phi = flow_phi(b[1]);
	flow_phi_add(phi, b[0], p);
	args[0] = phi;
	args[1] = flow_const(f, 3);
	flow_name(flow_call(b[1], "kmap_local_page", NULL, 2, args, flags, FLOW_T_PTR, at), "page");
	flow_call(b[1], NULL, flow_global(f, "hook"), 1, args, flags, FLOW_T_VOID, nowhere);
	flow_set_copy(flow_phi(b[1]), flow_undef(f));
	flow_store(b[1], flow_local(f, "x"), flow_field(b[1], phi, 8, "page.mapping"), 8, at);
	flow_branch(b[1], flow_cmp(b[1], FLOW_ULE, n, flow_const(f, -1)), b[2], b[1], at);
	flow_phi_add(phi, b[1], phi);
	flow_switch(b[2], n, at);
	flow_case(b[2], b[3], 1, 1);
	flow_case(b[2], b[3], 5, 9);
	flow_case(b[2], b[4], 11, 12);
	flow_default(b[2], b[4]);
	flow_ret(b[3], phi, at);
	assert_null(flow_check(f));
	s = printed(u);
	v = parsed(s);
	t = printed(v);
	assert_string_equal(s, t);
	assert_non_null(strstr(s, "%page.")); /* two values of one variable have two names */
	flow_unit_free(u);
	flow_unit_free(v);
	free(s);
	free(t);
}

/* flow_check() sees what only a builder can get wrong. */
static void unsound(void **state)
{
	struct flow_unit *u = flow_unit_new("b.c", 4096);
	struct flow_func *f = flow_func_new(u, "f", nowhere), *g = flow_func_new(u, "g", nowhere);
	struct flow_block *b, *gb = flow_block_new(g);
	struct flow_val *p = flow_param(f, "p", FLOW_T_PTR), *st;

	(void)state;
	assert_string_equal(flow_check(f), "no block");
	b = flow_block_new(f);
	assert_null(flow_check(f));
	flow_goto(b, gb, nowhere);
	assert_string_equal(flow_check(f), "in @0 an edge out of the function");
	b->nedges = 0;
	assert_string_equal(flow_check(f), "in @0 0 edges at the end");
	flow_ret(b, flow_param(g, "q", FLOW_T_PTR), nowhere);
	assert_string_equal(flow_check(f), "in @0 an operand that is none, or of another function");
	b->cond = NULL;
	st = flow_store(b, p, p, 1, nowhere);
	b->cond = st;
	assert_string_equal(flow_check(f), "in @0 the use of an instruction without a result");
	b->cond = NULL;
	assert_null(flow_check(f));
	st->nargs = 1;
	assert_string_equal(flow_check(f), "in @0 a value without a name with 1 operands");
	st->nargs = 2;
	st->name = p->name;
	assert_string_equal(flow_check(f), "two values named p");
	st->name = NULL;
	b->vals = xrealloc(b->vals, 2 * sizeof(*b->vals));
	b->vals[b->nvals++] = st;
	assert_string_equal(flow_check(f), "in @0 a value without a name a second time");
	flow_unit_free(u);
}

/* One long function: the time must not grow with the square of its length. */
static void large(void **state)
{
	const unsigned int n = 60000;
	struct strbuf b = { 0 };
	struct flow_unit *u;
	struct timespec t0, t1;
	double seconds;
	unsigned int i;

	(void)state;
	strbuf_addf(&b, HEAD "func f(%%p) {\n");
	for (i = 0; i < n; i++)
		strbuf_addf(&b, "@%u:\n\t%%x.%u = call f(%%p, %u) int !0:%u\n\tif %%x.%u goto @%u else @%u\n", i, i, i, i,
			    i, i + 1, n + 1);
	strbuf_addf(&b, "@%u:\n\tgoto @%u\n@%u:\n\tret\n}\n", n, n + 1, n + 1);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t0);
	u = parsed(b.buf);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t1);
	assert_int_equal(u->funcs[0]->nblocks, n + 2);
	flow_unit_free(u);
	free(b.buf);
	seconds = (double)(t1.tv_sec - t0.tv_sec) + (double)(t1.tv_nsec - t0.tv_nsec) / 1e9;
	print_message("# %u blocks parsed in %.0f ms\n", n, seconds * 1e3);
	assert_true(seconds < 3.0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip),
		cmocka_unit_test(hand_written),
		cmocka_unit_test(late_definition),
		cmocka_unit_test(bad_texts),
		cmocka_unit_test(damaged_texts),
		cmocka_unit_test(built),
		cmocka_unit_test(unsound),
		cmocka_unit_test(large),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("flow text", tests, NULL, NULL);
}
