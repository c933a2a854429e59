#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The checker's own options, the report, and input that is no C.
. testcases/sparse-lib.sh

source_file leak.c <<'END'

int leak(struct page *page) { char *addr = kmap_local_page(page); return addr[0] ? 1 : 2; }
END
echo 'int nothing; static int clean(int x) { return x + 1; }' >clean.c

run "$check" --kmap-nonsense leak.c
has "unknown option 'nonsense'; valid are report, flow, api, dcache, rules, root, werror, only" 'an unknown option lists the valid ones'
exits 2 '... and fails'
run "$check" --kmap-rules=kmap-leak
has "no file given" "nothing to check is said"
exits 2 "... and fails"
run "$check" --kmap-dcache=sometimes leak.c
has 'off, published, strict' 'so does an unknown value'
exits 2 '... and fails'
run "$check" --kmap-rules=kmap-order leak.c
lacks '[kmap-leak]' 'rules= chooses rules'
run "$check" --kmap-api=no-such.api leak.c
has 'no-such.api' 'a model file that is not there is named'
exits 2 '... and fails'
echo 'use unmaps(local, arg0)' >own.api
sed 's|return.*;|return use(addr); |' leak.c >own.c
run "$check" --kmap-only own.c
has '[kmap-leak]' 'an unknown function does not unmap'
run "$check" --kmap-only --kmap-api=own.api own.c
same '' 'a user model that says so is believed'

run "$check" --kmap-report=r.jsonl --kmap-only leak.c
holds r.jsonl '"type":"finding","rule":"kmap-leak".*"file":"leak.c","line":2,' 'the report has the finding'
holds r.jsonl '"type":"site","site":"map","callee":"kmap_local_page",.*"line":2,' '... and the site'
holds r.jsonl '"type":"unit","version":1,"file":"leak.c","functions":1,"analysed":1,"skipped":0,' '... and the unit'
mkdir reports flows
run "$check" --kmap-report=reports/ --kmap-flow=flows/ leak.c
run "$check" --kmap-report=reports/ clean.c
out=$(echo reports/* flows/*)
same 'reports/clean.c.jsonl reports/leak.c.jsonl flows/leak.c.flow' 'folders get a file for each unit'
holds reports/clean.c.jsonl '"functions":1,"analysed":0,"skipped":1,' 'what never maps is skipped'
run "$tool" flows/leak.c.flow
has '[kmap-leak]' 'the flow text reads back, with the same finding'

# bad NAME FILE: says so, fails, and the report has one line that says why
bad()
{
	rm -f bad.jsonl
	run "$check" --kmap-report=bad.jsonl "$2"
	has "$2: kmapcheck: not analysed: " "$1: a clear message"
	exits 2 "$1: fails"
	out=$(grep -c . bad.jsonl; grep -c '"type":"unit".*"error":"' bad.jsonl)
	same "1
1" "$1: the report is one unit line with the error"
	run "$check" --kmap-only "$2"
	exits 2 "$1: fails with --kmap-only as well"
	has "$2" "$1: and says so"
}

head -c 150 leak.c >short.c
bad 'a truncated file' short.c
: >empty.c
bad 'an empty file' empty.c
head -c 4000 "$check" >binary.c
bad 'a binary file' binary.c
bad 'a file that is not there' not-there.c
mkdir folder.c
bad 'a folder' folder.c
echo '#include "not-there.h"' >include.c
bad 'a missing header' include.c
if [ "$(id -u)" != 0 ]; then
	cp leak.c secret.c
	chmod 0 secret.c
	bad 'an unreadable file' secret.c
fi

run "$check" --kmap-report=no/such/folder/r.jsonl leak.c
has 'no/such/folder' 'a report that cannot be written is named'
exits 2 '... and fails'

{ cat leak.c; echo '_Static_assert(sizeof(int) == 3, "what the kernel asserts, sparse may see otherwise");'; } >assert.c
run "$check" --kmap-only assert.c
has '[kmap-leak]' 'a failed static assertion does not end the analysis'
exits 0 '... nor fails'

{ cat leak.c; echo 'int wrong(struct page *page) { char *a = kmap_local_page(page); return no_such_thing; }'; } >wrong.c
run "$check" --kmap-only wrong.c
has 'wrong() is not analysed' 'a function that sparse finds errors in is not analysed, which is said'
has "wrong.c:2:44: warning: 'addr'" 'the others are'
finish
