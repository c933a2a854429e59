#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The plugin's options, good and bad, and where check-only may be used.
. testcases/gcc-lib.sh

leaves_nothing()
{
	[ ! -e "$1" ] || { ls -l "$1"; false; }
}

# refuses PATTERN ARG...
refuses()
{
	pattern=$1
	shift
	rm -f x.o
	fails kc -c -o x.o leak.c "$@" && has log "error: kmapcheck: $pattern" && leaves_nothing x.o
}

ok 'an unknown option lists the valid ones' refuses 'unknown option.*report.*flow.*api.*dcache.*rules.*root.*werror.*check-only' \
	$arg-bogus
ok 'an unknown value lists the valid ones' refuses 'dcache=.*off.*published.*strict' $arg-dcache=bogus
ok 'an unknown rule lists the valid ones' refuses 'rules.*kmap-leak.*kmap-order' $arg-rules=bogus
ok 'a model file that is not there' refuses '.*not-there.api' $arg-api=not-there.api
echo 'f bogus(arg0)' > bad.api
ok 'a model file with a fault' refuses '.*bad.api:1:3' $arg-api=bad.api
ok 'a report that cannot be written' refuses '.*no-such-folder/x' $arg-report=no-such-folder/x
ok 'a flow file that cannot be written' refuses '.*no-such-folder/x' $arg-flow=no-such-folder/x
: > plain
ok 'a report folder that is a file' refuses '.*plain' $arg-report=plain/
mkdir folder
ok 'a report that is a folder' refuses 'folder: Is a directory' $arg-report=folder
if [ -c /dev/full ]; then
	ok 'a report for which there is no room' refuses '/dev/full: No space left' $arg-report=/dev/full
	ok '... nor for the flow text' refuses '/dev/full: No space left' $arg-flow=/dev/full
fi
ok 'nothing is left half-written' sh -c 'ls -d no-such-folder plain?* x.o* 2> /dev/null | grep . && exit 1; exit 0'

mkdir reports
ok 'a folder for reports' kc -c -o x.o leak.c $arg-report=reports/ $arg-flow=reports/
ok '... gets one of each for the unit' sh -c 'test $(ls reports | wc -l) = 2'
ok 'rules' kc -c -o x.o leak.c $arg-rules=kmap-order
ok '... silences the others' hasnt log kmap-leak
echo 'my_map maps(local, arg0)
my_unmap unmaps(local, arg0)' > mine.api
sed 's/kmap_local_page/my_map/; s/kunmap_local/my_unmap/' leak.c > mine.c
ok 'without a model of my own' kc -c -o x.o mine.c
ok '... nothing is found' hasnt log kmap-leak
ok 'with it' kc -c -o x.o mine.c $arg-api=mine.api
ok '... the leak is' has log 'kmap-leak'
printf "%s_unmap unmaps(local, arg0)\n" a b c d e f > more.api
ok "a model with releases of its own" kc -c -o x.o leak.c $arg-api=more.api
ok "... does not change what is advised" has log "kunmap_local(addr) is missing"

rm -f x.o x.s
ok 'check-only with -c and an object file is refused' refuses '.*check-only' $arg-check-only
rm -f leak.o
ok 'check-only with -c alone as well' fails kc -c leak.c $arg-check-only
ok '... and leaves no object' leaves_nothing leak.o
ok 'check-only with -pipe as well' fails kc -pipe -c -o x.o leak.c $arg-check-only
ok 'check-only with -S' kc -S -o x.s leak.c $arg-check-only $arg-report=co.rep
ok '... finds what there is' has log 'kmap-leak'
ok '... reports it' has co.rep '"type":"unit".*"analysed":2'
ok '... and compiles nothing' hasnt x.s 'use'
ok 'check-only with -c -o /dev/null' kc -c -o /dev/null leak.c $arg-check-only
ok '... finds what there is' has log 'kmap-leak'
ok 'check-only with -S -o /dev/null and dependencies' kc -S -o /dev/null leak.c $arg-check-only -MD -MF leak.d
ok '... writes them' has leak.d 'leak.c'
ok 'check-only of clean code' kc -S -o /dev/null clean.c $arg-check-only -Wno-nothing-of-the-kind
ok '... is silent' hasnt log .
ok 'check-only with werror fails' fails kc -S -o /dev/null leak.c $arg-check-only $arg-werror
ok 'check-only of a wrong file fails' sh -c 'echo "int f( {" > wrong.c; "$@"; test $? = 1' sh \
	"$CC" -fplugin="$plugin" -S -o /dev/null wrong.c $arg-check-only
{ echo 'static int unused(void) { return 0; }'; cat leak.c; } > werror.c
ok "check-only keeps the compiler's own errors" fails kc -Wall -Werror -S -o /dev/null werror.c $arg-check-only
ok '... and no other' hasnt log 'error:.*kmap-'
ok 'check-only in JSON' kc -S -o /dev/null leak.c $arg-check-only $format
ok '... is whole' sh -c 'tr -d "\n" < log | grep -q "^[[{].*[]}]\$"'
done_testing
