#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Object code is the same to the byte with the plugin and without.
. testcases/gcc-lib.sh

inc=$top/testcases/include
shapes=$(cd "$inc" && for d in extern inline highmem; do [ -d $d ] && echo $d; done)

same()
{
	"$CC" $opts "$@" -o without.o 2> /dev/null || { echo "does not compile"; return 1; }
	"$CC" $opts "$@" -o with.o -fplugin="$plugin" $arg-report=rep 2> log || { cat log; return 1; }
	cmp without.o with.o
}

for opts in -O0 -O1 -O2 -O3 -Os '-O2 -g -gno-record-gcc-switches' '-O2 -g3 -gno-record-gcc-switches'; do
	ok "leak.c $opts" same -c leak.c
	ok "clean.c $opts" same -c clean.c
done
for s in $shapes; do
	for c in "$top"/testcases/cases/*.c; do
		opts='-O2 -g -gno-record-gcc-switches'
		ok "$s $(basename "$c")" same -I "$inc/$s" -I "$inc" -c "$c"
	done
done
# What -flto writes holds the options, this plugin's with them; the code made of it in the end does not.
linked()	# OBJECT: compiled with "$@"
{
	o=$1
	shift
	"$CC" -O2 -flto -frandom-seed=1 -c leak.c -o lto.o "$@" 2> log &&
		"$CC" -O2 -flto -frandom-seed=1 -r -flinker-output=nolto-rel -o "$o" lto.o 2>> log || { cat log; return 1; }
}
same_linked()
{
	linked without.o && linked with.o -fplugin="$plugin" $arg-report=rep && cmp without.o with.o
}
if "$CC" -flto -c -o lto.o clean.c 2> /dev/null; then
	ok '-flto, and the link of it' same_linked
fi
mkdir ahead
sed '/^int bad/,$d' leak.c > ahead/pre.h
{ echo '#include "pre.h"'; sed '/^int bad/,$!d' leak.c; } > ahead/user.c
"$CC" -O2 -x c-header -c -o ahead/pre.h.gch ahead/pre.h
opts='-O2 -Winvalid-pch'
ok 'a precompiled header' same -c ahead/user.c
# The test itself must see a difference.
opts=-O2
"$CC" -O2 -c leak.c -o without.o
"$CC" -O0 -c leak.c -o with.o
ok 'different code is told' sh -c '! cmp -s without.o with.o'
done_testing
