#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# kmapcheck learn: what a file does for others, as lines of the API model, and what comes of them in the others.
. testcases/tap.sh

kmapcheck=$build/kmapcheck
cat > "$tmp/dir.flow" <<'END'
unit "dir.c" pagesize 4096
file 1 "dir.c"
layout cursor.addr 8
func find(%dir, %folio) !1:1-9 {
@0:
	%f = call read_folio(%dir) ptr !1:3:1
	%e = call IS_ERR(const %f) bool !1:4:1
	if %e goto @1 else @2 !1:4:1
@1:
	ret %f !1:5:1
@2:
	store %folio, %f, 8 !1:6:1
	%a = call kmap_local_folio(%f, 0) ptr !1:7:1
	%b = add %a, 16
	ret %b !1:9:1
}
func find_or_null(%page) !1:10-19 {
@0:
	%e = call is_wanted(int 1) int !1:11:1
	%c = cmp ne %e, 0
	if %c goto @1 else @2 !1:11:1
@1:
	%a = call kmap_atomic(%page) ptr !1:12:1
	ret %a !1:13:1
@2:
	ret 0 !1:14:1
}
func open(%page, %out) !1:20-29 {
@0:
	%e = call is_wanted(int 1) int !1:21:1
	%c = cmp ne %e, 0
	if %c goto @1 else @2 !1:21:1
@1:
	%a = call kmap_local_page(%page) ptr !1:22:1
	store %out, %a, 8 !1:23:1
	ret 0 !1:24:1
@2:
	ret -5 !1:25:1
}
func close(%dir, %de) !1:30-39 {
@0:
	%x = field %dir, 40, "dir.size"
	store %x, 0, 4 !1:31:1
	call kunmap_local(%de) !1:32:1
	ret !1:39:1
}
func put(%page) !1:40-49 {
@0:
	call kunmap(%page) !1:41:1
	ret !1:49:1
}
func start(%cursor, %page) !1:50-59 {
@0:
	%a = call kmap_local_page(%page) ptr !1:51:1
	%x = field %cursor, 8, "cursor.addr"
	store %x, %a, 8 !1:52:1
	ret !1:59:1
}
func stop(%cursor) !1:60-69 {
@0:
	%x = field %cursor, 8, "cursor.addr"
	%a = load %x, 8 ptr !1:61:1
	call kunmap_local(%a) !1:62:1
	ret !1:69:1
}
func maybe(%a) !1:70-79 {
@0:
	%e = call is_wanted(int 1) int !1:71:1
	%c = cmp ne %e, 0
	if %c goto @1 else @2 !1:71:1
@1:
	call kunmap_local(%a) !1:72:1
	goto @2
@2:
	ret !1:79:1
}
func own(%page) static !1:80-89 {
@0:
	%a = call kmap_local_page(%page) ptr !1:81:1
	ret %a !1:89:1
}
func in_header(%page) inline !1:90-99 {
@0:
	%a = call kmap_local_page(%page) ptr !1:91:1
	ret %a !1:99:1
}
func whole(%page) !1:100-109 {
@0:
	%a = call kmap_local_page(%page) ptr !1:101:1
	call kunmap_local(%a) !1:102:1
	ret !1:109:1
}
func either(%one, %two) !1:110-119 {
@0:
	%e = call is_wanted(int 1) int !1:111:1
	%c = cmp ne %e, 0
	if %c goto @1 else @2 !1:111:1
@1:
	%a = call kmap(%one) ptr !1:112:1
	ret %a !1:113:1
@2:
	%b = call kmap(%two) ptr !1:114:1
	ret %b !1:115:1
}
END
run "$kmapcheck" learn "$tmp/dir.flow"
exits 0 "learn"
has "# dir.c
weak find writes(arg0) sets(*arg1) maps-or-err(local, *arg1)
" "an address or an error, and the folio through a pointer"
has "
weak find_or_null maps-or-null(atomic, arg0)
" "an address or NULL"
has "
weak open maps-or-err(local, arg0, *arg1)
" "an address through a pointer"
has "
weak close writes(arg0) unmaps(local, arg1)
" "a release, after what it writes"
has "
weak put unmaps(kmap, arg0)
" "a release by page"
has "# start: it keeps the address in a struct
" "what no line can say is a comment with the reason"
has "# stop: it releases what a struct holds
" "likewise a release"
has "# maybe: it does not always release it" "likewise one on some paths"
has "# either: it leaves one page of kmap() or another" "a page that no line can name"
lacks "own" "a static function is nobody else's business"
lacks "in_header" "a header's is in sight"
lacks "whole" "nor is one that leaves nothing"

# What was learnt is used by another file, and not by the file itself.
"$kmapcheck" learn "$tmp/dir.flow" > "$tmp/learned.api"
cat > "$tmp/namei.flow" <<'END'
unit "namei.c" pagesize 4096
file 1 "namei.c"
func unlink(%dir, %inode) !1:1-9 {
local %folio "folio"
@0:
	%de = call find(%dir, %folio) ptr !1:3:1
	%e = call IS_ERR(const %de) bool !1:4:1
	if %e goto @3 else @1 !1:4:1
@1:
	%n = load %de, 8 !1:5:1
	%m = cmp ne %n, %inode
	if %m goto @3 else @2 !1:5:1
@2:
	call close(%dir, %de) !1:6:1
	goto @3
@3:
	ret !1:9:1
}
END
run "$kmapcheck" "$tmp/namei.flow"
same "" "without it nothing is known"
run "$kmapcheck" --api="$tmp/learned.api" "$tmp/namei.flow"
exits 1 "with it the leak is found"
has "namei.c:3:1: error: 'de', mapped by find(folio), is still mapped where unlink() returns at line 9" "and told"
run "$kmapcheck" --api="$tmp/learned.api" "$tmp/dir.flow"
same "" "in its own file the body says more than the line"
sed '/%n = load/d; /%m = cmp/d; s/if %m goto @3 else @2/goto @2/' "$tmp/namei.flow" > "$tmp/good.flow"
API="$tmp/learned.api" KMAPCHECK="$kmapcheck" run scripts/mutants-flow unmap-deleted "$tmp/good.flow"
has "unmap-deleted: 1 right, 0 other, 0 missed of 1 judged" "mutants go by it as well"
KMAPCHECK="$kmapcheck" run scripts/mutants-flow unmap-deleted "$tmp/good.flow"
has "of 0 judged" "without it there is nothing to break"
sed -i 's/^weak //' "$tmp/learned.api"
run "$kmapcheck" --api="$tmp/learned.api" --report="$tmp/report" "$tmp/dir.flow"
[ "$(grep -c '"site":"map".*"function":"find"' "$tmp/report")" = 1 ]
ok $? "its sites are still its own where the lines are not weak"

run "$kmapcheck" learn
exits 2 "no file"
run "$kmapcheck" learn "$tmp/none.flow"
exits 2 "a file that is not there"
has "none.flow: No such file" "is said"
run "$kmapcheck" learn --frobnicate "$tmp/dir.flow"
exits 2 "an unknown option"
run "$kmapcheck" learn --help
exits 0 "help"
has "usage: kmapcheck learn" "says how"
echo 'unit "x.c" pagesize 4096 oops' > "$tmp/bad.flow"
run "$kmapcheck" learn "$tmp/bad.flow"
exits 2 "a text that is no flow"

finish
