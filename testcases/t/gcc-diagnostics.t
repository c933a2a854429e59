#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Findings as GCC's diagnostics: warnings with a path, which -Werror leaves alone, in every format that GCC has.
. testcases/gcc-lib.sh

ok 'a leak is a warning' kc -c -o x.o leak.c
ok '... on the line of the mapping' has log '^leak.c:8:[0-9]*: warning: .*\[kmap-leak\]$'
ok '... in its function' has log 'In function .bad.'
ok '... with a path' has log '(1)'
ok '... to the line that leaves' has log '^[ |]*11 | *return -5;'
ok '... and nothing for the good twin' sh -c 'test $(grep -c "warning:" log) = 1'

ok '-Werror does not make it an error' kc -Werror -c -o x.o leak.c
ok '... but leaves it a warning' has log 'warning: .*kmap-leak'
{ echo 'static int unused(void) { return 0; }'; cat leak.c; } > own.c
ok "-Werror still makes errors of GCC's own warnings" fails kc -Wall -Werror -c -o x.o own.c
ok '... and of nothing else' hasnt log 'error:.*kmap-'
rm -f x.o
ok 'werror makes it an error' fails kc -c -o x.o leak.c $arg-werror
ok '... by that name' has log 'error: .*kmap-leak'
ok '... and there is no object' sh -c 'test ! -e x.o'
ok '-w silences it' kc -w -c -o x.o leak.c $arg-report=w.rep
ok '... on the terminal' hasnt log .
ok '... not in the report' has w.rep '"rule":"kmap-leak"'

ok '... nor does werror speak then' kc -w -c -o x.o leak.c $arg-werror
ok '... at all' hasnt log .

ok 'JSON' kc $format -c -o x.o leak.c
ok '... has the finding' has log '"\(kind\|level\)": "warning"'
ok '... with its path' has log '"\(path\|codeFlows\)": \['

ok 'a patch' kc -fdiagnostics-generate-patch -fdiagnostics-path-format=none -c -o x.o leak.c
sed -n '/^--- /,$p' log > fix.patch
if grep -q '"insert"' w.rep; then
	# A branch without braces takes no second statement.
	ok '... is none for a branch without braces' sh -c '! test -s fix.patch'
fi

cat > braces.c << 'END'
struct page;
void *kmap_local_page(struct page *page);
void kunmap_local(const void *addr);
int use(void *addr);

int bad(struct page *page, int n)
{
	char *addr = kmap_local_page(page);

	if (use(addr)) {
		n++;
		return -5;
	}
	kunmap_local(addr);
	return n;
}
END
ok 'a leak out of a branch with braces' kc -fdiagnostics-generate-patch -c -o x.o braces.c $arg-report=braces.rep
ok '... has a fix in the report' has braces.rep '"insert":"kunmap_local(addr);"'
sed -n '/^--- /,$p' log > fix.patch
ok '... has a patch' has fix.patch '^+		kunmap_local(addr);$'
ok '... that applies' patch -p0 braces.c fix.patch
ok '... after which nothing is found' kc -c -o x.o braces.c
ok '... at all' hasnt log .

cat > macro.c << 'END'
struct page;
void *kmap_local_page(struct page *page);
void kunmap_local(const void *addr);
int use(void *addr);
#define MAP(p) \
	kmap_local_page(p)
#define FAIL_IF(x) do { \
	if (x) \
		return -5; \
} while (0)

int bad(struct page *page, int n)
{
	char *addr = MAP(page);

	FAIL_IF(use(addr));
	kunmap_local(addr);
	return n;
}
END
ok 'macros' kc -c -o x.o macro.c $arg-report=macro.rep
ok '... have the place where they are used' has log '^macro.c:14:[0-9]*: warning: .*kmap-leak'
ok '... in the report too' has macro.rep '"rule":"kmap-leak".*"line":14,.*"line":16,'
ok '... and no fix' hasnt macro.rep '"fix"'

# A release goes on a line of its own, before a statement that does not use what it releases.
mend()	# STATEMENT: the report on a function that ends in it
{
	printf '%s\n' 'struct page;' 'void *kmap_local_page(struct page *page);' 'int use(void *addr);' 'int bad(struct page *page, int n)' \
		'{' '	char *addr = kmap_local_page(page);' '' "	$1" '}' > mend.c
	kc -c -o x.o mend.c $arg-report=mend.rep && has mend.rep '"rule":"kmap-leak"'
}

mends()
{
	mend "$1" && has mend.rep '"insert":"kunmap_local(addr);"'
}

mends_not()
{
	mend "$1" && hasnt mend.rep '"fix"'
}

ok 'a fix before a return' mends 'return use(0);'
ok '... none where it uses the address' mends_not 'return use(addr);'
ok '... none where the line is a condition too' mends_not 'if (n < 0) return -1; n += use(addr); for (;;) ;'
ok '... none behind another statement' mends_not 'n += use(0); return n;'
ok '... none inside of a block of one line' mends_not 'for (;;) { return n; }'
ok '... none where all of the function is one line' mends_not 'return use(addr); } int one(struct page *p) { char *addr = kmap_local_page(p); return 0;'
done_testing
