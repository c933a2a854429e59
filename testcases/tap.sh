# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# tap.sh - for tests in sh: ". testcases/tap.sh" from the project's top folder, where prove runs them
#
# $tmp is a folder that goes away at the end; $out the output of the last run(), $status its exit status.

set -u
LC_ALL=C
export LC_ALL
top=$PWD
build=$top/${OUT:-build}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
tests=0

# ok CONDITION-STATUS NAME
ok()
{
	tests=$((tests + 1))
	if [ "$1" = 0 ]; then
		echo "ok $tests - $2"
	else
		echo "not ok $tests - $2"
		printf '%s\n' "exit status $status, output:" "$out" | sed 's/^/#   /'
	fi
}

# run COMMAND…: its output, both streams, goes to $out
run()
{
	status=0
	out=$("$@" 2>&1 < /dev/null) || status=$?
}
out=
status=0

# has TEXT NAME: the output has this text
has()
{
	case $out in
	*"$1"*) ok 0 "$2" ;;
	*)
		ok 1 "$2"
		printf '%s\n' "expected in it:" "$1" | sed 's/^/#   /' ;;
	esac
}

# lacks TEXT NAME
lacks()
{
	case $out in
	*"$1"*) ok 1 "$2 (has '$1')" ;;
	*) ok 0 "$2" ;;
	esac
}

# exits STATUS NAME
exits()
{
	[ "$status" -eq "$1" ]
	ok $? "$2 (exit status $1)"
}

# same EXPECTED NAME: the output is exactly this
same()
{
	[ "$out" = "$1" ]
	ok $? "$2"
	[ "$out" = "$1" ] || printf '%s\n' "expected:" "$1" | sed 's/^/#   /'
}

skip_all()
{
	echo "1..0 # SKIP $1"
	exit 0
}

finish()
{
	echo "1..$tests"
}
