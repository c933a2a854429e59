#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The command kmapcheck: options, findings, output files, exit status.
. testcases/tap.sh

k=$build/kmapcheck

cat > "$tmp/leak.flow" <<'END'
unit "mm/leak.c" pagesize 4096
file 1 "mm/leak.c"
func leak(%page) !1:3-9 {
@0:
	%p = call kmap_local_page(%page) ptr !1:5:12
	%r = call check(const %p) int !1:6:6
	if %r goto @1 else @2 !1:6:5
@1:
	ret %r !1:7:3
@2:
	call kunmap_local(const %p) !1:8:2
	ret %r !1:9:2
}
END
sed -e 's/leak/clean/g' -e 's/if %r goto @1 else @2/goto @1/' -e '/^@1:/,/ret %r !1:7:3/d' -e 's/@2/@1/' "$tmp/leak.flow" > "$tmp/clean.flow"
cd "$tmp" || exit 1

run "$k" leak.flow
exits 1 "a finding"
has "mm/leak.c:5:12: error: " "place and severity"
has "[kmap-leak]
    mm/leak.c:" "message ends in its rule, the path is indented"
run "$k" clean.flow
exits 0 "nothing found"
same "" "and nothing said"
run "$k" clean.flow leak.flow
exits 1 "the worst of several files"
run "$k" --rules=kmap-order leak.flow
exits 0 "only the rules asked for"
run "$k" -- leak.flow
exits 1 "-- ends the options"

run "$k" "--report=$tmp/r/" "--flow=$tmp/f/" leak.flow clean.flow
exits 1 "with output files"
run ls -A "$tmp/r" "$tmp/f"
same "$tmp/f:
mm+clean.c.flow
mm+leak.c.flow

$tmp/r:
mm+clean.c.jsonl
mm+leak.c.jsonl" "one file a unit in each folder, and no other"
run tail -n 1 "$tmp/r/mm+leak.c.jsonl"
has '{"type":"unit","version":1,"file":"mm/leak.c","functions":1,' "the unit line comes last"
run grep -c '"type":"unit"' "$tmp/r/mm+leak.c.jsonl"
same 1 "and once"
run "$k" "$tmp/f/mm+leak.c.flow"
exits 1 "the flow text is one"
run "$k" --report=/dev/stdout clean.flow
has '"type":"unit"' "a report to standard output"
[ -L /dev/stdout ]
ok $? "/dev/stdout is left alone"

# What is wrong
run "$k" --colour leak.flow
exits 2 "an unknown option"
has "valid are report, flow, api, dcache, rules, root, werror" "the valid ones are listed"
run "$k" --dcache=maybe leak.flow
exits 2 "an unknown value"
has "valid are off, published, strict" "the valid ones are listed"
run "$k" --rules=kmap-leak,kmap-lek leak.flow
has "unknown rule 'kmap-lek'; valid are kmap-leak, kmap-double-unmap" "an unknown rule"
run "$k" --report leak.flow
exits 2 "a missing value"
run "$k" --werror=1 leak.flow
exits 2 "a value where none is taken"
run "$k" -r leak.flow
exits 2 "a short option"
run "$k" none.flow leak.flow
exits 2 "a missing file"
has "none.flow: No such file" "is named"
has "[kmap-leak]" "the others are checked"
run "$k" --report=/proc/none/x leak.flow
exits 2 "a report that cannot be written"
run "$k" --api=none.api leak.flow
exits 2 "a missing model file"
run "$k"
exits 2 "no argument"
run "$k" --werror
exits 2 "no file"
printf 'unit "mm/bad.c" pagesize 4096\nfunc f( {\n' > bad.flow
run "$k" "--report=$tmp/bad/" bad.flow
exits 2 "text that is no flow"
has "bad.flow:2:" "with its place"
run cat "$tmp"/bad/*.jsonl
has '"error":"bad.flow:2:' "it has a report that says so"

run "$k" --help
exits 0 "--help"
has "report" "lists the commands"
run "$k" rules
has "kmap-wrong-arg" "rules"
has "escapes-return" "and reasons"
run "$k" api --names
exits 0 "api --names"
has "kmap_local_page" "has what maps"
has "clear_highpage" "what writes a page and flushes nothing"
lacks "memcpy_to_page" "and not what does both"
echo 'my_map maps(local, arg0) nonnull' > my.api
run "$k" api --names my.api
has "my_map" "api with a file"
run "$k" api --frob
exits 2 "api with an unknown option"

run "$k" fail "--report=$tmp/fail/" mm/x.c 'error: "quoted"'
exits 0 "fail"
run cat "$tmp/fail/mm+x.c.jsonl"
has '"file":"mm/x.c"' "writes a report"
has '"error":"error: \"quoted\""' "with the reason"
run "$k" fail mm/x.c reason
exits 2 "fail without a report"

# Each rule has its page, and the manual names it
cd "$top" || exit 1
run "$k" rules
for rule in $(printf '%s\n' "$out" | sed -n 's/^  \(\(kmap\|dcache\)-[a-z-]*\) .*/\1/p'); do
	grep -q "^# $rule: " "docs/rules/$rule.md"
	ok $? "docs/rules/$rule.md"
	sed 's/\\-/-/g' docs/kmapcheck.1 | grep -q "$rule"
	ok $? "$rule in the manual"
done

finish
