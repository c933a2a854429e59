#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Bad input: a clear message, a non-zero exit, a report that says so, no crash; the same under AddressSanitizer.
. testcases/sparse-lib.sh

source_file leak.c <<'END'
struct bio_vec { struct page *page; unsigned int len, offset; }; int flag_of(struct page *page, _Bool *flag);
#define min(x, y) ({ typeof(x) __x = (x); typeof(y) __y = (y); __x < __y ? __x : __y; })
int leak(struct page *page)
{
	char *addr = kmap_local_page(page);

	return addr[0] ? 1 : 2;
}
int loop(struct bio_vec *bv, int n, char *to)
{
	struct bio_vec copy = { .page = bv->page, .len = min(bv->len, 4096u) };
	static void *const table[] = { &&again, &&out };
	int i;

	for (i = 0; i < n; i++) {
		_Bool flag;
		char *addr = kmap_local_page(copy.page) + copy.offset;

		if (flag_of(copy.page, &flag) < 0)
			goto out;
		switch (flag) {
		case 0: __builtin_memcpy(to, addr, copy.len); break;
		case 1 ... 3: goto *table[i & 1];
		}
again:
		kunmap_local(addr);
		copy = bv[i];
	}
	asm goto("" : : "r" (n) : : out);
out:
	return i;
}
END
: >empty.c
head -c 4000 "$check" >binary.c
tail -c +40000 "$check" | head -c 4000 >text-and-binary.c
{ cat leak.c; tail -c +80000 "$check" | head -c 4000; } >leak-and-binary.c
{ printf '\377\376'; cat leak.c; } >bom.c
tr '\n' '\000' <leak.c >zeros.c
echo '#include "not-there.h"' >include.c
echo 'int leak(struct page *page) { return kmap_local_page(' >open.c
mkdir folder.c
cp leak.c secret.c
chmod 0 secret.c

# As somebody who may not read everything.
as_user=
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	as_user="setpriv --reuid=65534 --regid=65534 --clear-groups"
	chmod 755 "$tmp"
fi

# judge NAME FILE: the run's status and words, and the report are in order
judge()
{
	[ "$status" -ge 1 ] && [ "$status" -le 2 ]
	ok $? "$1: fails, without a crash"
	has "$2: kmapcheck: not analysed: " "$1: a clear message"
	lacks 'internal error' "$1: ... of what is wrong with it"
	[ -z "$report" ] && return
	out=$(grep -c . "$report" 2>&1; grep -c '^{"type":"unit".*"error":"' "$report" 2>&1)
	same "1
1" "$1: the report is one unit line with the error"
}

try()
{
	for f in empty binary text-and-binary leak-and-binary bom zeros include open folder not-there; do
		report=$f.jsonl
		rm -f "$report"
		run timeout 60 "$bin" --kmap-report="$report" $f.c
		judge "$how $f.c" $f.c
	done
	report=
	if [ "$(id -u)" != 0 ] || { [ -n "$as_user" ] && $as_user test -x "$bin"; }; then
		# shellcheck disable=SC2086
		run $as_user "$bin" secret.c
		judge "$how an unreadable file" secret.c
	fi
	run timeout 60 "$bin" --kmap-no-such-option leak.c
	exits 2 "$how an unknown option fails"
	has "unknown option 'no-such-option'; valid are report, flow," "$how ... and the valid ones are listed"
	run timeout 60 "$bin" leak.c
	has '[kmap-leak]' "$how the whole file is analysed"
	exits 0 "$how ... without a failure"

	# Cut off anywhere, also where what is left is C.
	worst='' n=1 all=$(wc -c <leak.c)
	while [ $n -lt "$all" ]; do
		head -c $n leak.c >short.c
		rm -f short.jsonl
		run timeout 60 "$bin" --kmap-report=short.jsonl short.c
		case $status,$(tail -n 1 short.jsonl 2>/dev/null),$out in
		*'internal error'*) worst="$worst $n:crash" ;;
		0,*'"type":"unit"'*'"error":"'*) worst="$worst $n:0-but-error" ;;
		0,*'"type":"unit"'*) ;;
		[12],*'"type":"unit"'*'"error":"'*': kmapcheck: '*) ;;
		*) worst="$worst $n:$status" ;;
		esac
		n=$((n + step))
	done
	out=$worst
	same '' "$how cut off at any place: a report and a status that agree, no crash"
}

how=plain: bin=$check step=7
try
bin=$build/sparse-san/kmapcheck-sparse
if [ -x "$bin" ]; then
	# Sparse frees nothing.
	ASAN_OPTIONS=detect_leaks=0:exitcode=99
	export ASAN_OPTIONS
	how=AddressSanitizer: step=29
	try
fi
finish
