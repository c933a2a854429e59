#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The translation of GIMPLE: it reads back, and says what the source says.
. testcases/gcc-lib.sh

# flow_of NAME: the input is a file of C, with the functions that it needs
flow_of()
{
	{
		echo 'struct page; void *kmap_local_page(struct page *p); void kunmap_local(const void *a); int use(void *a);'
		echo 'struct ctx { struct page *page; struct { char *addr; unsigned int len; }; int arr[4]; int lo:1, hi:1; };'
		cat
	} > "$1.c"
	rm -f "$1.flow"
	kc -c -o x.o "$1.c" $arg-flow="$1.flow" > /dev/null
}

reads_back()
{
	"$tool" "$1" > tool.out 2>&1
	[ $? -le 1 ] || { cat tool.out; return 1; }
}

flow_of paths << 'END'
#line 1
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
ok 'the text reads back' reads_back paths.flow
ok 'a field has its tag' has paths.flow 'field %c, [0-9]*, "ctx.page"'
ok 'a field of an anonymous struct has the tag around it' has paths.flow 'field %c, [0-9]*, "ctx.addr"'
ok 'the variable names its value' has paths.flow '%addr.[0-9]* = call kmap_local_page(.*) ptr !1:3:'
ok 'an offset is added' has paths.flow 'add %addr.[0-9]*, 4$'
ok 'a constant index is an offset' has paths.flow 'field %[0-9]*, 8$'
ok 'an index is multiplied' has paths.flow 'mul %n, 4'
ok 'a bit field is changed inside its byte' has paths.flow 'pure "set-bits"'
ok 'const arguments are told' has paths.flow 'call kunmap_local(const %'

flow_of places << 'END'
#line 1
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
		return -5;
	use(addr);
out:
	kunmap_local(addr);
	return 0;
}
void nothing(struct page *page, int n)
{
	char *addr = kmap_local_page(page);
	if (n)
		return;
	kunmap_local(addr);
}
END
ok 'the text reads back' reads_back places.flow
ok 'a small helper is translated' has places.flow '^func check(%n int) static'
ok 'an early return keeps its line' has places.flow 'goto @[0-9]* !1:6:'
ok 'a goto keeps its line' has places.flow 'goto @[0-9]* !1:9:'
ok 'a return while mapped keeps its line' has places.flow 'goto @[0-9]* !1:11:'
ok 'a return of nothing keeps its line' has places.flow 'goto @[0-9]* !1:21:'
ok 'a condition has its line' has places.flow 'if %[0-9]* goto @[0-9]* else @[0-9]* !1:8:'

flow_of numbers << 'END'
#line 1
#define PAGE_SHIFT MY_SHIFT
#define MY_SHIFT 14
int numbers(struct page *page, unsigned long n, unsigned int u, char *p, int by)
{
	char *addr = kmap_local_page(page);
	if (n >= -4095UL)
		u--;
	p -= 8;
	use(p);
	if ((int)u < 7)
		use(addr + (u << 3) + (int)u / by + u / by);
	switch (u) {
	case 1: case 4 ... 6: use(addr); break;
	default: break;
	}
	kunmap_local(addr);
	return u;
}
END
ok 'the text reads back' reads_back numbers.flow
ok 'the page size is that of the headers' has numbers.flow 'pagesize 16384'
ok 'a large unsigned long is a negative number' has numbers.flow 'cmp ugt %n, -4096\|cmp uge %n, -4095'
ok 'an unsigned decrement adds -1' has numbers.flow 'add %u, -1'
ok 'a pointer is moved back' has numbers.flow 'add %p, -8'
ok 'a shift multiplies' has numbers.flow 'mul %.*, 8'
ok 'a division of signed numbers' has numbers.flow 'pure "trunc_div" '
ok '... is another than one of unsigned ones' has numbers.flow 'pure "trunc_div.u" '
ok 'a signed comparison is one' has numbers.flow 'cmp sl[te]'
ok 'a range of cases' has numbers.flow 'switch .*\[1 4\.\.6: @'

flow_of builtins << 'END'
#line 1
void *my_copy(void *d, const void *s, unsigned long n) __asm__("memcpy");
int builtins(struct page *page, char *p, int n)
{
	char *addr = kmap_local_page(page), big[64];
	struct ctx c = {};
	__builtin_memcpy(addr, p, n);
	__builtin___memcpy_chk(addr, p, n, -1);
	__asm__("" : "=r"(p) : "0"(p));
	if (__builtin_expect(n, 0))
		__builtin_unreachable();
	__asm__ volatile("nop %0" : "+r"(n) : "r"(big));
	use(&c);
	kunmap_local(addr);
	return n;
}
END
ok 'the text reads back' reads_back builtins.flow
ok 'a builtin has its plain name' sh -c 'test $(grep -c "call memcpy(%addr" builtins.flow) = 2'
ok '"= {}" is a memset' has builtins.flow 'call memset(%c'
ok 'hiding a value copies it' has builtins.flow '%p.[0-9]* = copy %p$'
ok 'assembly has its operands' has builtins.flow 'asm(.*%big'
ok 'what is unreachable stops' has builtins.flow '^	stop$'

sed 's/addr/place/g; s/ctx/context/g' paths.c | flow_of renamed
ok 'names are all that differs when names are changed' sh -c '
	sed "s/addr/place/g; s/ctx/context/g; s/paths\.c/renamed.c/" paths.flow | sed "1,2d" > a
	sed "s/:[0-9]*$//" renamed.flow | sed "1,2d" > b; sed "s/:[0-9]*$//" a | diff - b'
done_testing
