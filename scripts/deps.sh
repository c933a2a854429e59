#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# deps.sh - install what is missing: "deps.sh [--check] GROUP...", GROUP one of build, test, demo, peers
#
# Says nothing and does nothing where nothing is missing. Elsewhere than on Debian and its kin, or when not root, it
# says what to install and fails. --check only says.

set -u
LC_ALL=C
export LC_ALL

die()
{
	echo "deps.sh: $*" >&2
	exit 2
}

missing=
optional=

# need PACKAGE COMMAND…: the package is missing if the command fails; want: likewise, but the tests do without it
need()
{
	package=$1
	shift
	"$@" > /dev/null 2>&1 || missing="$missing $package"
}

want()
{
	package=$1
	shift
	"$@" > /dev/null 2>&1 || optional="$optional $package"
}

have()
{
	command -v "$1"
}

# The headers for plugins of a compiler, as the compiler itself names their place.
plugin_headers()
{
	test -e "$("$1" -print-file-name=plugin)/include/gcc-plugin.h"
}

major()
{
	"$1" -dumpversion 2>/dev/null | sed 's/\..*//'
}

fuzzer_library()
{
	ls "$(clang -print-resource-dir)"/lib/*/libclang_rt.fuzzer*.a
}

build()
{
	need make have make
	need gcc have gcc
	need g++ have g++
	need libc6-dev test -e /usr/include/stdio.h
	# Of a compiler that is still to be installed the release is not known: the second round is for these.
	! have gcc > /dev/null || need "gcc-$(major gcc)-plugin-dev" plugin_headers gcc
}

tests()
{
	need perl have prove
	need libcmocka-dev test -e /usr/include/cmocka.h
	need coccinelle have spatch
	need ocaml have ocaml
	need ocaml-findlib have ocamlfind
	need clang have clang
	! have clang > /dev/null || need "libclang-rt-$(major clang)-dev" fuzzer_library
	# Other compilers that the plugin is tested with, where the distribution has them.
	want gcc-11 have gcc-11
	want g++-11 have g++-11
	want gcc-11-plugin-dev plugin_headers gcc-11
	want gcc-arm-linux-gnueabihf have arm-linux-gnueabihf-gcc
	! have arm-linux-gnueabihf-gcc > /dev/null ||
		want "gcc-$(major arm-linux-gnueabihf-gcc)-plugin-dev-arm-linux-gnueabihf" \
			plugin_headers arm-linux-gnueabihf-gcc
	# For the source of sparse, which has no library package.
	need dpkg-dev have dpkg-source
	need xz-utils have xz
}

demo()
{
	need linux-source-6.12 test -e /usr/src/linux-source-6.12.tar.xz
	need xz-utils have xz
	need bc have bc
	need flex have flex
	need bison have bison
	need cpio have cpio
	need kmod have depmod
	need rsync have rsync
	need perl have perl
	need libelf-dev test -e /usr/include/libelf.h
	need libssl-dev test -e /usr/include/openssl/ssl.h
}

# Analyzers to compare with: each is left out where it is missing.
peers()
{
	want clang have clang
	want coccinelle have spatch
	want cppcheck have cppcheck
}

look()
{
	missing=
	optional=
	for group; do
		case $group in
		build) build ;;
		test) tests ;;
		demo) demo ;;
		peers) peers ;;
		*) die "unknown group '$group'; valid are build, test, demo, peers" ;;
		esac
	done
}

# Those of the packages given that the distribution has.
available()
{
	for package; do
		[ -z "$(apt-cache --quiet=0 policy "$package" 2>/dev/null | sed -n '/Candidate: [0-9]/p')" ] ||
			printf ' %s' "$package"
	done
}

check=
if [ "${1-}" = --check ]; then
	check=y
	shift
fi
[ $# -gt 0 ] || die "usage: deps.sh [--check] build|test|demo|peers..."

updated=
for round in 1 2 3; do
	look "$@"
	optional_now=
	if [ -n "$optional" ] && have apt-cache > /dev/null; then
		# shellcheck disable=SC2086
		optional_now=$(available $optional)
	fi
	[ -n "$missing$optional_now" ] || exit 0
	if [ -n "$check" ]; then
		echo "missing:$missing$optional_now"
		exit 1
	fi
	# What is only wanted is no reason to fail.
	if ! have apt-get > /dev/null || [ "$(id -u)" != 0 ]; then
		[ -n "$missing" ] || exit 0
		if have apt-get > /dev/null; then
			die "run as root: apt-get install$missing$optional_now"
		fi
		die "install what Debian calls:$missing$optional"
	fi
	[ "$round" != 3 ] || die "still missing:$missing"
	if [ -z "$updated" ]; then
		apt-get update -q || die "apt-get update failed"
		updated=y
		# shellcheck disable=SC2086
		[ -z "$optional" ] || optional_now=$(available $optional)
	fi
	echo "installing:$missing$optional_now"
	# shellcheck disable=SC2086
	DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing $optional_now ||
		die "apt-get install failed"
done
