#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# scripts/mutants-flow: each kind on flow texts whose mutants are all reported, and one that nobody can tell from right.
set -u
: "${OUT:=build}"
export KMAPCHECK="$PWD/$OUT/kmapcheck"
case $OUT in /*) KMAPCHECK=$OUT/kmapcheck ;; esac
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
n=0
is()	# WHAT EXPECTED GOT
{
	n=$((n + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		printf '%s\n' "expected: $2" "got: $3" | sed 's/^/# /'
	fi
}
cat >"$tmp/all.flow" <<'END'
unit "all.c" pagesize 4096
file 1 "all.c"
file 2 "all.h"
func swap(%a, %b) !1:1-9 {
@0:
	%x.1 = call kmap_local_page(%a) ptr !1:3:2
	%y.1 = call kmap_local_page(%b) ptr !1:4:2
	%v = load %x.1, 4 int !1:5:2
	store %y.1, %v, 4 !1:5:4
	call kunmap_local(const %y.1) !1:6:2
	%w = copy %x.1
	call kunmap_local(const %x.1) !1:7:2
	ret !1:8:1
}
func loop(%page, %n int) !1:11-19 {
@0:
	goto @1
@1:
	%i = phi [@0 0] [@1 %next]
	%addr.1 = call kmap_local_page(%page) ptr !1:13:2
	store %addr.1, 0, 4 !1:14:2
	call kunmap_local(const %addr.1) !1:15:2
	%next = add %i, 1
	%more = cmp slt %next, %n
	if %more goto @1 else @2 !1:16:2
@2:
	%sum = phi [@1 %next]
	ret %sum !1:17:2
}
func helper(%folio) !1:21-25 {
@0:
	%addr.1 = call kmap_local_folio(%folio, 0) ptr !1:22:2
	%first = load %addr.1, 1 uint !1:23:2
	call folio_release_kmap(%folio, const %addr.1) !1:24:2
	ret %first !1:25:2
}
func header(%addr) inline !2:1-4 {
@0:
	call kunmap_local(const %addr) !2:3:2
	ret !2:4:1
}
END
flows="testcases/flow/kmap-page.flow testcases/flow/pair-proved.flow testcases/flow/summary.flow $tmp/all.flow"
for kind in unmap-deleted:8 return-inserted:8 unmap-doubled:8 unmaps-swapped:1 unmap-moved:6 wrong-family:7 page-for-address:6; do
	# shellcheck disable=SC2086 # words of a list
	is "${kind%:*}" "${kind%:*}: ${kind#*:} right, 0 other, 0 missed of ${kind#*:} judged (100.0 %); 0 already, 0 elsewhere, 0 broken" \
		"$(scripts/mutants-flow "${kind%:*}" $flows | tail -n 1)"
done
cat >"$tmp/put.flow" <<'END'
unit "put.c" pagesize 4096
file 1 "put.c"
func put(%addr) !1:1-4 {
@0:
	call kunmap_local(const %addr) !1:3:2
	ret !1:4:1
}
END
is "what a file releases and does not map is counted apart" "elsewhere put.c:3 kunmap_local() put" \
	"$(scripts/mutants-flow unmap-deleted "$tmp/put.flow" | head -n 1)"
cat >>"$tmp/put.flow" <<'END'
func get(%page) !1:6-8 {
@0:
	%p = call kmap_local_page(%page) ptr !1:7:2
	ret %p !1:8:1
}
END
is "where it maps, it is missed" "missed put.c:3 kunmap_local() put; as it is unproved: caller" \
	"$(scripts/mutants-flow unmap-deleted "$tmp/put.flow" | head -n 1)"
is "a kind that is none" 2 "$(scripts/mutants-flow nonsense x.flow >/dev/null 2>&1; echo $?)"
is "no file" 2 "$(scripts/mutants-flow unmap-deleted >/dev/null 2>&1; echo $?)"
echo "1..$n"
