#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The translation of sparse's linearized code: it reads back, and says what the source says.
. testcases/sparse-lib.sh

# flow_of NAME: the input is C, to NAME.flow
flow_of()
{
	{
		printf '%s' "$decls"
		echo 'struct ctx { struct page *page; struct { char *addr; unsigned int len; }; int arr[4]; int lo:1, hi:1; };'
		cat
	} >"$1.c"
	rm -f "$1.flow"
	run "$check" --kmap-only --kmap-flow="$1.flow" "$1.c"
	lacks 'not well formed' "$1: well formed"
	run "$tool" "$1.flow"
	[ "$status" -le 1 ]
	ok $? "$1: the text reads back"
}

flow_of paths <<'END'
int paths(struct ctx *c, int n)
{
	char *addr = kmap_local_page(c->page);

	c->addr = addr + 4;
	c->arr[2] = c->arr[n];
	if (c->lo)
		c->hi = 1;
	kunmap_local(c->addr);
	return 0;
}
END
holds paths.flow 'field %c, 0, "ctx.page"' 'a field has its tag'
holds paths.flow 'field %c, 8, "ctx.addr"' 'a field of an anonymous struct has the tag around it'
holds paths.flow '%addr.[0-9]* = call kmap_local_page(%[0-9]*) ptr !1:4:' 'the variable names its value'
holds paths.flow 'add %addr.[0-9]*, 4$' 'an offset is added'
holds paths.flow 'field %c, 24, "ctx.arr"' 'an array is a field'
holds paths.flow 'mul %n, 4' 'an index is multiplied'
holds paths.flow 'call kunmap_local(const %' 'const arguments are told'
holds paths.flow '^func paths(%c, %n int) !1:2:[0-9]*-12 ' 'a function ends where its brace is'

flow_of places <<'END'
static int check(int n) { return n > 3 ? -22 : 0; }
int places(struct page *page, int n)
{
	char *addr;

	if (check(n))
		return -22;
	addr = kmap_local_page(page);
	if (n == 1)
		goto out;
	if (n == 2)
		return
			-5;
	use(addr);
out:
	kunmap_local(addr);
	return n % 4096u;
}
void falls(struct page *page)
{
	char *addr = kmap_local_page(page);

	if (!addr[0])
		return;
	use(addr);
}
END
holds places.flow 'ret -22 !1:8:' 'a return stands where it is written'
holds places.flow 'ret -5 !1:13:' '... also when its value is on the next line'
holds places.flow '^	ret !1:25:' '... and without a value'
holds places.flow '^	ret !1:27:1$' 'the end of a function is its brace'
holds places.flow '^func check(%n int) static' 'small functions that are called come along'
holds places.flow 'and %n, 4095' 'a remainder is a mask'
holds places.flow 'select %[0-9]*, -22, 0' 'negative constants are negative'

flow_of numbers <<'END'
int numbers(struct page *page, int n, unsigned int m, int by)
{
	char *addr = kmap_local_page(page);

	addr[n / by] = addr[n % by];
	addr[m / by] = addr[m % by];
	addr[n >> by] = addr[m >> by];
	addr[n << 3] = addr[-n];
	addr[5] = ~n;
	kunmap_local(addr);
	if (n > 3 && (by < 4 || !(m && by == 7)))
		use(page);
	return 0;
}
END
holds numbers.flow 'pure "trunc_div" %n, %by' 'a division of signed numbers'
holds numbers.flow 'pure "trunc_div.u" %m, %by' '... is another than one of unsigned ones'
holds numbers.flow 'pure "trunc_mod" %n, %by' 'so is a remainder'
holds numbers.flow 'pure "trunc_mod.u" %m, %by' '... of unsigned ones'
holds numbers.flow 'pure "rshift" %n, %by' 'so is a shift'
holds numbers.flow 'pure "rshift.u" %m, %by' '... of unsigned ones'
holds numbers.flow 'mul %n, 8' 'a shift to the left is a multiplication'
holds numbers.flow 'sub 0, %n' 'a negative number is a difference'
holds numbers.flow 'sub -1, %n' '... and so is a complement'
out=$(grep -c '^	if ' numbers.flow)
same 4 'each half of a condition decides by itself'

flow_of calls <<'END'
struct big { char c[64]; };
extern void die(void) __attribute__((noreturn));
extern _Bool yes(const char *a, int n, void *p);
int calls(struct page *page, struct big *to, struct big *from, int (*fn)(void *))
{
	struct big zero = {};
	char *addr = kmap_local_page(page);

	if (yes(addr, 3, to))
		die();
	*to = *from;
	*from = zero;
	fn(addr);
	asm("nop" : "+m" (*to) : "r" (addr));
	kunmap_local(addr);
	return 0;
}
END
holds calls.flow 'call yes(const %addr.[0-9]*, int 3, %to) bool' 'arguments and results have their kinds'
holds calls.flow 'call die() noreturn' 'what does not return is told'
holds calls.flow 'move %to, %from, 64' 'a struct copy is a move'
holds calls.flow 'call memset(%zero.[0-9]*, int 0, int 64)' 'an empty initializer is a memset'
holds calls.flow 'call \*%fn(%addr.[0-9]*) int' 'an indirect call is told'
holds calls.flow '^	asm(' 'inline assembly has its operands'

flow_of sizes <<'END'
int sizes(struct page *page, char *to)
{
	unsigned long all = __builtin_object_size((kmap_local_page(page)), 1), none = __builtin_object_size(to, 2);
	char *addr = kmap_local_page(page);

	kunmap_local(addr);
	return all == 7 ? use(to + all) : use(to - none);
}
END
out=$(grep -c 'call kmap_local_page' sizes.flow)
same 1 'what asks for the size of an object calls nothing'
run cat sizes.flow
lacks 'object_size' '... nor is it a call itself'

flow_of alone <<'END'
extern void alone(struct page *page);
inline void alone(struct page *page) { kunmap_local(kmap_local_page(page)); }
END
holds alone.flow '^func alone' 'what is inline and not static is analysed though nobody calls it'

flow_of names <<'END'
#define hooked(call) ({ typeof(call) _res; _res = call; _res; })
int names(struct page *page)
{
	char *addr = hooked(kmap_local_page(page)), *_own = addr;

	kunmap_local(_own);
	return 0;
}
END
holds names.flow '%addr[.0-9]* = call kmap_local_page' "a macro's variable gives way to the one that its value goes to"

flow_of lives <<'END'
struct whole { int first; struct ctx ctx; };
extern int fills(char **);
extern void fill(int *), fill_all(int *), start(struct ctx *);
int lives(struct page *page, int n)
{
	struct whole whole;
	char *addr = kmap_local_page(page);

	start(&whole.ctx);
	for (int i = 0; i < n; i++) {
		int one, all[4], plain, set = n, off;
		char *p;

		if (n & i)
			off = fills(&p), p = addr + off;

		fill(&one);
		fill(&set);
		fill_all(all);
		plain = one + all[0];
		whole.first += plain + __builtin_bswap32(set);
		if (n & i)
			use(p - off);
	}
	kunmap_local(addr);
	return whole.first;
}
void kunmap_local(const void *a)
{
	struct page *p = (struct page *)a;
	char *addr = kmap_local_page(p);
}
END
holds lives.flow 'kill %one' 'what an inner variable holds is gone when its declaration is reached'
holds lives.flow 'kill %all' '... an array as well'
holds lives.flow '%off[.0-9]* = phi .*undef' '... and where no address is taken, it is a value that nothing is known of'
run cat lives.flow
lacks 'kill %set' '... not where it is initialized'
lacks 'kill %whole' '... nor of the outermost variables'
holds lives.flow 'field %whole[.0-9]*, [0-9]*, "whole.ctx"' "a local variable's field has its name"
holds lives.flow 'pure "bswap32"' 'a builtin that computes is no call'
holds lives.flow '^func kunmap_local' 'what the model has a line for is analysed where the file itself defines it'

flow_of control <<'END'
static inline void unmap(void *a) { kunmap_local(a); }
int control(struct page *page, int n)
{
	static void *const table[] = { &&one, &&two };
	char *addr = kmap_local_page(page);
	int i;

	for (i = 0; i < n; i++)
		if (use(addr + i))
			break;
	switch (n) {
	case 1 ... 3:
		goto one;
	case -1:
		goto *table[i];
	}
	asm goto("" : : : : two);
one:
	unmap(addr);
	return 1;
two:
	kunmap_local(addr);
	return 2;
}
END
holds control.flow 'phi .*\[@' 'a loop variable is a phi'
holds control.flow 'switch %n .*\[1\.\.3: @.*\[default: @' 'a switch has its ranges'
holds control.flow 'switch %n .*-1' '... and negative ones'
holds control.flow 'pure "computed goto"' 'a computed goto goes anywhere'
holds control.flow 'load volatile %asm_goto' 'asm goto may go to its labels'
holds control.flow 'call unmap(%addr' 'inline functions are not expanded'
holds control.flow '^func unmap(%a) static' '... but functions of their own'

flow_of scopes <<'END'
extern void never(void); static void put(void *pp) { kunmap_local(*(void **)pp); }
#define __put __attribute__((__cleanup__(put)))
int scopes(struct page *page, int n)
{
	char *outer __put = kmap_local_page(page);

	for (int i = 0; i < n; i++) {
		char *inner __put = kmap_local_page(page);

		if (!inner[0])
			break;
		if (!inner[1])
			return inner[2];
		if (!inner[3])
			goto out;
	}
	switch (sizeof(n)) {
	case 8:
		never();
	}
out:
	return 1;
}
END
out=$(grep -c 'call put(%inner' scopes.flow) status=-
same 4 'a cleanup is called at each end of its scope: the end, break, return, goto'
out=$(grep -c 'call put(%outer' scopes.flow)
same 2 '... in outer scopes only where these are left'
out=$(grep -A3 'call put(%inner' scopes.flow | grep -c 'call put(%outer')
same 1 '... from the inside to the outside'
run cat scopes.flow
lacks 'never' 'a switch on a constant goes one way'
finish
