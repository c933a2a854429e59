#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What is no C, or not whole, or not compiled to the end: no crash, and a report where there is a unit.
. testcases/gcc-lib.sh

unit_says()
{
	[ "$(grep -c '"type":"unit"' "$1")" = 1 ] || { cat "$1"; return 1; }
	has "$1" "$2"
}

no_report()
{
	[ ! -e "$1" ] || { cat "$1"; false; }
}

ok 'a file without any call of interest' kc -c -o e.o clean.c $arg-report=clean.rep
ok '... has a unit line without an error' unit_says clean.rep '"functions":1,"analysed":0,"skipped":1'
ok '... and no error' hasnt clean.rep '"error"'
: > empty.c
ok 'an empty file' kc -c -o e.o empty.c $arg-report=empty.rep
ok '... has a unit line' unit_says empty.rep '"functions":0'

echo 'int f( {' > wrong.c
ok 'a file that does not parse' fails kc -c -o w.o wrong.c $arg-report=wrong.rep
ok '... has a unit line with an error' unit_says wrong.rep '"error":'
{ cat leak.c; echo 'int h(void) { return no_such_thing; }'; } > wrong2.c
ok 'a file with an error after the functions' fails kc -c -o w.o wrong2.c $arg-report=wrong2.rep
ok '... has a unit line with an error' unit_says wrong2.rep '"error":'
echo '#include "not-there.h"' > fatal.c
ok 'a fatal error' fails kc -c -o w.o fatal.c $arg-report=fatal.rep
ok '... has a unit line with an error' unit_says fatal.rep '"error":'

ok '-fsyntax-only' kc -fsyntax-only leak.c $arg-report=syntax.rep
ok '... has a unit line with an error' unit_says syntax.rep '"error":'
ok '-E' kc -E -o leak.i leak.c $arg-report=cpp.rep
ok '... makes no report' no_report cpp.rep
ok 'preprocessed input' kc -c -o e.o leak.i $arg-report=i.rep
ok '... is analysed' has i.rep '"type":"site"'
echo 'END(x)' > as.S
ok 'assembly through the preprocessor' kc -E -o as.s as.S $arg-report=as.rep
ok '... makes no report' no_report as.rep

for o in -O0 -O1 -O2 -O3 -Os -Og -g '-fsanitize=undefined -fsanitize=address' -ftrivial-auto-var-init=pattern -pg -m32; do
	# Options that this compiler has not are of no interest.
	$CC $o -c -o e.o clean.c > /dev/null 2>&1 || continue
	ok "$o" kc $o -c -o e.o leak.c $arg-report=o.rep
	ok '... finds the same' has o.rep '"rule":"kmap-leak".*"line":8'
done

cat > odd.c << 'END'
#include <stdarg.h>
struct page;
void *kmap_local_page(struct page *page);
void kunmap_local(const void *addr);
typedef int v4 __attribute__((vector_size(16)));
struct b { unsigned int a:3, b:11; _Complex double c; v4 v; union { struct { int x, y[4]; }; long z; }; };
static int same(int x) { static int same = 3; { static int same = 4; x += same++; } return x + same; }
int goto_table(int n, struct page *page)
{
	static void *const table[] = { &&one, &&two };
	void *a = kmap_local_page(page);

	goto *table[n];
one:
	kunmap_local(a);
	return 1;
two:
	kunmap_local(a);
	return 2;
}
double odd(struct page *page, int n, struct b *b, struct b s, ...)
{
	struct b local = *b, zero = {}, *p = &local;
	char *a = kmap_local_page(page), vla[n], text[] = "text that is long enough";
	va_list ap;
	int i, sum = 0;

	va_start(ap, s);
	for (i = 0; i < n; i++)
		sum += va_arg(ap, int) + vla[i] + b->y[i] + text[i & 3];
	va_end(ap);
	p->a = sum;
	local.b = p->a + s.b;
	b->c += 1.5;
	b->v = b->v + (v4){ 1, 2, 3, sum };
	*b = zero;
	__builtin_memcpy(a, p, sizeof(*p));
	if (__builtin_add_overflow(n, sum, &i) || ({ int q = same(n); q > 3; }))
		__builtin_unreachable();
	switch ((unsigned int)n) {
	case 3 ... 5:
		sum++;
		/* fallthrough */
	case 0x7ffffff0u ... 0x80000010u:
		sum ^= 5;
		break;
	default:
		sum <<= 2;
	}
	__asm__ volatile("" : "+r"(sum) : "m"(*b) : "memory");
	kunmap_local(a);
	return __real__ b->c + sum + (n ?: 4) + __builtin_popcount(n);
}
void *nested(struct page *page)
{
	int n = 0;
	void inner(void) { n++; kunmap_local(kmap_local_page(page)); }

	inner();
	return n ? &&here : 0;
here:
	return page;
}
END
for o in -O0 -O2 '-O2 -fsanitize=undefined'; do
	ok "odd code, $o" kc -Wno-return-local-addr $o -c -o e.o odd.c $arg-report=odd.rep $arg-flow=odd.flow
	ok '... all of it translated' hasnt odd.rep '"error"'
	ok '... with no finding' hasnt odd.rep '"finding"'
done

# Text that goes by another name is the main file's all the same: what has a line in the model is checked there.
for line in '# 1 "other/name.c"' '#line 1 "other/name.c"'; do
	{ echo "$line"; sed 's/int bad(/int copy_page_from_iter_atomic(/' leak.c; } > renamed.c
	ok "$line" kc -c -o e.o renamed.c $arg-report=line.rep $arg-flow=line.flow
	ok '... finds the same' has line.rep '"rule":"kmap-leak".*"file":"other/name.c","line":8'
	ok '... in no inline function' hasnt line.flow '^func.*inline'
done

# A header compiled ahead: no unit of its own to analyse, and no obstacle to those that read it.
mkdir ahead
{ sed '/^int bad/,$d' leak.c; echo 'static inline void *mine(struct page *p) { return kmap_local_page(p); }'; } > ahead/pre.h
{ echo '#include "pre.h"'; sed '/^int bad/,$!d; s/kmap_local_page/mine/' leak.c; } > ahead/user.c
ok 'a precompiled header' kc -x c-header -c -o ahead/pre.h.gch ahead/pre.h $arg-report=gch.rep
ok '... is no unit that was analysed' unit_says gch.rep '"error":'
ok 'a file that reads it' kc -H -Winvalid-pch -c -o e.o ahead/user.c $arg-report=user.rep
ok '... has read it' has log '^! .*pre.h.gch'
ok '... is analysed' has user.rep '"rule":"kmap-leak"'

cxx=$(echo "$CC" | sed 's/gcc/g++/')
if [ "$cxx" != "$CC" ] && command -v "$cxx" > /dev/null; then
	cp clean.c clean.cc
	ok 'C++' "$cxx" -O2 -fplugin="$plugin" -c -o e.o clean.cc $arg-report=cc.rep
	ok '... is left alone' no_report cc.rep
fi
if $CC -flto -c -o lto.o clean.c 2> /dev/null; then
	ok '-flto' kc -flto -c -o lto.o clean.c $arg-report=lto.rep
	ok '... is analysed' unit_says lto.rep '"functions":1'
	rm lto.rep
	ok 'the link of it' kc -flto -r -flinker-output=nolto-rel -o all.o lto.o $arg-report=lto.rep
	ok '... makes no report' no_report lto.rep
fi
done_testing
