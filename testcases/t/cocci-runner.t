#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# cocci-runner.t - scripts/kmapcheck-cocci and make coccicheck: arguments, exit status, what is left, files that lie elsewhere

LC_ALL=C
export LC_ALL
if ! command -v spatch >/dev/null; then
	echo "1..0 # SKIP no spatch"
	exit 0
fi
run=$PWD/scripts/kmapcheck-cocci
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
n=0

# report STATUS NAME: prints $tmp/out as comment where STATUS is not 0
report() {
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		sed 's/^/# /' "$tmp/out"
	fi
}

# expect STATUS PATTERN ARGUMENT…: runs it in the tree, with the output in $tmp/stdout
expect() {
	want=$1
	pattern=$2
	shift 2
	(cd "$tmp/tree" && "$run" "$@") >"$tmp/stdout" 2>"$tmp/out"
	got=$?
	[ $got -eq "$want" ] && grep -Eq -- "$pattern" "$tmp/stdout" "$tmp/out"
	status=$?
	[ $status -eq 0 ] || echo "exit status $got, wanted $want and $pattern" >>"$tmp/out"
	return $status
}

mkdir -p "$tmp/tree/fs" "$tmp/tree/none" "$tmp/module"
cat >"$tmp/tree/fs/two.c" <<'EOF'
int leaks(struct page *page)
{
	char *p = kmap_local_page(page);

	if (p[0])
		return -EIO;
	kunmap_local(p);
	return 0;
}

int defeats(struct page *page)
{
	char *p = kmap_local_page(page);

	if (p[1])
		return -EIO;
	kunmap_local(p);
	return 0;
}

int leaks_too(struct page *page)
{
	char *p = kmap_local_page(page);

	if (p[2])
		return -EIO;
	kunmap_local(p);
	return 0;
}
EOF
sed -n '1,/^}/p' "$tmp/tree/fs/two.c" >"$tmp/module/mine.c"
sed 's/if (p\[0\])/kunmap_local(p);/; /return -EIO;/d; 7d' "$tmp/module/mine.c" >"$tmp/tree/fs/clean.c"
echo "int nothing;" >"$tmp/tree/fs/nothing.c"

# a spatch that one function defeats, as some do with "already tagged token"
cat >"$tmp/spatch" <<'EOF'
#!/bin/sh
for f; do :; done
if grep -q 'p\[1\]' "$f"; then
	echo "already tagged token:" >&2
	exit 255
fi
exec spatch "$@"
EOF
# and one that never ends
printf '#!/bin/sh\nexec sleep 60\n' >"$tmp/sleeper"
chmod +x "$tmp/spatch" "$tmp/sleeper"

echo 1..27

expect 0 'two of|1 files, 1 of them' fs/clean.c
report $? "a clean file: status 0"
[ ! -s "$tmp/stdout" ]
report $? "and no word"
expect 1 '^fs/two.c:3:11-26: WARNING: .*\[kmap-leak\]$' fs/two.c
report $? "findings: status 1, the file as it was named"
expect 1 '\[3/3\]|\[2/2\]' fs
report $? "a folder, with progress"
expect 1 'fs/two.c:23:' --quiet
report $? "the whole tree when nothing is named"
[ ! -s "$tmp/out" ]
report $? "--quiet: no progress"
expect 1 "^$tmp/module/mine.c:3:" "$tmp/module"
report $? "a folder outside of the tree, with full names"
expect 1 '^fs/two.c:3:' --tree "$tmp/tree" --mode=report --script kmap_local_unpaired "$tmp/tree/fs/two.c"
report $? "a full name inside of the tree"
expect 0 '3 files' --script kmap_local_order
report $? "one script only"

expect 1 '^\+.*kunmap_local' --mode patch fs/two.c
report $? "patch mode: status 1"
cp -r "$tmp/tree" "$tmp/mended"
patch -s -p1 -d "$tmp/mended" <"$tmp/stdout" >"$tmp/out" 2>&1 && (cd "$tmp/mended" && "$run" --quiet) >>"$tmp/out"
report $? "the patch applies with -p1, and nothing is left to find"
(cd "$tmp" && diff -r tree mended | grep -c '^> .*kunmap_local') >"$tmp/out"
[ "$(cat "$tmp/out")" -eq 3 ]
report $? "three releases were added"
cmp -s "$tmp/tree/fs/two.c" "$tmp/mended/fs/two.c"
[ $? -eq 1 ]
report $? "the tree itself was not changed"
expect 1 'TODO' --mode org fs/two.c
report $? "org mode"
expect 1 '^-.*return -EIO' --mode context fs/two.c
report $? "context mode"

SPATCH=$tmp/spatch
export SPATCH
expect 2 'left: fs/two.c: defeats: kmap_local_unpaired.cocci: already tagged' --script kmap_local_unpaired fs/two.c
report $? "a function that defeats spatch is left: status 2"
[ "$(grep -c 'WARNING' "$tmp/stdout")" -eq 2 ]
report $? "the other functions are reported"
expect 2 'left: fs/two.c: defeats' --mode patch --script kmap_local_unpaired fs/two.c
report $? "also in patch mode"
cp "$tmp/stdout" "$tmp/patch"
rm -rf "$tmp/mended"
cp -r "$tmp/tree" "$tmp/mended"
patch -s -p1 -d "$tmp/mended" <"$tmp/patch" >"$tmp/out" 2>&1 &&
	diff "$tmp/tree/fs/two.c" "$tmp/mended/fs/two.c" >"$tmp/out"
[ "$(grep -c '^> .*kunmap_local' "$tmp/out")" -eq 2 ]
report $? "and the others are mended"
SPATCH=$tmp/sleeper
expect 2 'left: .*no end after 1 seconds' --timeout 1 --script kmap_local_order fs/clean.c
report $? "a spatch that does not end"
SPATCH=$tmp/no-such-spatch
expect 2 'is not installed' fs/clean.c
report $? "no spatch: status 2"
unset SPATCH

expect 2 'no C file' none
report $? "reading no file is a failure"
expect 2 'no such file or directory: gone' gone
report $? "a file that is not there"
expect 2 "unknown mode 'nix': report, context, org or patch" --mode nix
report $? "an unknown mode"
expect 2 'no such script: nix .*kmap_local_unpaired' --script nix
report $? "an unknown script"

make --no-print-directory coccicheck KDIR="$tmp/tree" M=fs >"$tmp/stdout" 2>"$tmp/out"
[ $? -eq 2 ] && grep -q '^fs/two.c:3:' "$tmp/stdout" && grep -q 'exit status 1' "$tmp/out"
report $? "make coccicheck KDIR= M="
make --no-print-directory coccicheck KDIR="$tmp/tree" M=none >"$tmp/stdout" 2>"$tmp/out"
[ $? -eq 2 ] && grep -q 'no C file' "$tmp/out"
report $? "make coccicheck of an empty folder fails"
