# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by testcases/t/gcc-*.t: TAP, a scratch folder, and the plugin that is tested.
#
# $CC and $OUT come from make; both have a default, so that a test can be run by hand from the top folder.

CC=${CC:-gcc}
top=$(pwd)
OUT=${OUT:-build}
case $OUT in /*) ;; *) OUT=$top/$OUT ;; esac
plugin=$OUT/kmapcheck.so
tool=$OUT/kmapcheck
arg=-fplugin-arg-kmapcheck
count=0

if [ ! -e "$plugin" ]; then
	echo "1..0 # SKIP no plugin for $CC"
	exit 0
fi
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 2
unset SOURCE_DATE_EPOCH srctree

# ok NAME COMMAND...: passes if the command does
ok()
{
	what=$1
	shift
	count=$((count + 1))
	if "$@" > ok.out 2>&1; then
		echo "ok $count - $what"
	else
		echo "not ok $count - $what"
		sed 's/^/# /' ok.out
	fi
}

# fails COMMAND...: exit status 1, as of a compile that went wrong; not a crash's
fails()
{
	"$@"
	[ $? -eq 1 ]
}

# has FILE PATTERN, hasnt FILE PATTERN: show the file where that is not so
has()
{
	grep -q -e "$2" "$1" || { echo "no $2 in $1:"; cat "$1"; false; }
}

hasnt()
{
	! grep -e "$2" "$1"
}

# kc ARG...: compile with the plugin; messages go to the file log as well
kc()
{
	"$CC" -O2 -fplugin="$plugin" "$@" > log 2>&1
	st=$?
	cat log
	if grep -q 'internal compiler error' log; then
		return 3
	fi
	return $st
}

# Diagnostics that a program reads: GCC 16 has SARIF only.
format=-fdiagnostics-format=json
"$CC" $format -E -x c /dev/null > log 2>&1 || format=-fdiagnostics-format=sarif-stderr

done_testing()
{
	echo "1..$count"
}

# A leak on one path, and a good twin beside it.
cat > leak.c << 'END'
struct page;
void *kmap_local_page(struct page *page);
void kunmap_local(const void *addr);
int use(void *addr);

int bad(struct page *page, int n)
{
	char *addr = kmap_local_page(page);

	if (use(addr))
		return -5;
	kunmap_local(addr);
	return n;
}

int good(struct page *page, int n)
{
	char *addr = kmap_local_page(page);
	int ret = use(addr);

	kunmap_local(addr);
	return ret ? -5 : n;
}
END
cat > clean.c << 'END'
int add(int a, int b)
{
	return a + b;
}
END
