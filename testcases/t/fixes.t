#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make fixes: the patches as mail, DRYRUN and APPLY, and what happens when things go wrong. fixes-rules.t has what is changed.
. testcases/tap.sh
. testcases/fixes-lib.sh
make_tree
git init -q "$src"
mkdir "$src/scripts/none"
cat > "$src/scripts/get_maintainer.pl" <<'EOT'
print "Some One <someone\@example.org>\nlist\@example.org\n";
EOT

leak()	# NAME
{
	sed "s/NAME/$1/" <<'EOT'
int NAME(struct page *page, int n);
int NAME(struct page *page, int n)
{
	char *p = kmap_local_page(page);

	n = read_it(p, n);
	if (n)
		return -5;
	kunmap_local(p);
	return 0;
}
EOT
}
{ leak one; echo; leak two; } | c_file mm/store.c
leak plain | sed 's/return -5/n = -5/' | c_file mm/plain.c
commit "mm/store: a store" Makefile include scripts mm
first=$(git -C "$src" log -1 --abbrev=12 --format='%h ("%s")')
sed -i 's/read_it(p, n)/read_it(p, n + 0)/' "$src/mm/store.c"
commit "mm: store: read further" mm
sed -i 's/n + 0/n + 1/' "$src/mm/store.c"
commit "mm: store: read still further" mm
leak late | c_file fs/late.c
commit "fs: and this" fs
tree > "$tmp/before"

mend
exits 0 "all that is found has a patch"
has "3 patches for 2 files" "each function has one"
has "Signed-off-by: read each" "the summary says whose the Signed-off-by is"
has "Cc: Some One <someone@example.org>" "and whom to send it to"
run sh -c "cd $tmp/patches && ls"
same "0000-summary.txt
0001-fs-late-add-missing-kunmap_local.patch
0002-mm-store-add-missing-kunmap_local.patch
0003-mm-store-add-missing-kunmap_local.patch" "patches have names as git format-patch gives them"
tree > "$tmp/after"
run diff "$tmp/before" "$tmp/after"
exits 0 "the trees are as they were"
run cat "$tmp/patches/0002-mm-store-add-missing-kunmap_local.patch"
has "From: A Developer <developer@example.org>" "the author is who runs it"
has "Subject: [PATCH] mm: store: add missing kunmap_local() in one()" "the subject's prefix is the history's"
has "one() returns with 'p', a mapping of 'page', still live where" "the path is told"
has "HIGHMEM" "and the effect"
has "Fixes: $first" "and the commit that brought the mapping"
has " mm/store.c | 4 +++-" "there is a diffstat"
lacks "Signed-off-by" "no Signed-off-by"
run awk 'length > 75 && !/^(Fixes:|[-+ ]|index |diff )/' "$tmp/patches/0002-mm-store-add-missing-kunmap_local.patch"
same "" "no line of the description is too long"
run cat "$tmp/patches/0001-fs-late-add-missing-kunmap_local.patch"
has "Subject: [PATCH] fs: add missing kunmap_local() in late()" "the prefix of another file is its own"

# git am
git clone -q "$src" "$tmp/clone"
run git -C "$tmp/clone" am --quiet "$tmp"/patches/*.patch
exits 0 "git am takes each"
run git -C "$tmp/clone" log -3 --format=%s
has "fs: add missing kunmap_local() in late()" "with its subject"

# Runs that follow
state=$(find "$tmp/patches/.state" -mindepth 1 -printf '%p %C@\n' | sort | cksum)
mend
exits 0 "a second run"
[ "$state" = "$(find "$tmp/patches/.state" -mindepth 1 -printf '%p %C@\n' | sort | cksum)" ]
ok $? "does not do again what is done"
run "$fixes" KDIR="$src" O="$obj" PATCHES="$tmp/patches" FILES="fs/late.c"
run sh -c "cd $tmp/patches && ls"
same "0000-summary.txt
0001-fs-late-add-missing-kunmap_local.patch" "patches that are not made any more are removed"
: > "$tmp/patches/0009-mine.patch"
mend
run ls "$tmp/patches/0009-mine.patch"
exits 0 "what it did not write stays"
rm "$tmp/patches/0009-mine.patch"

# DRYRUN
run "$fixes" KDIR="$src" O="$obj" PATCHES="$tmp/dry" DRYRUN=1
exits 0 "DRYRUN=1"
has "+	if (n) {" "shows the patches"
[ ! -e "$tmp/dry" ]
ok $? "and writes nothing"

# Two at once
mkdir "$tmp/held"
(
	exec 9>> "$tmp/held/.lock"
	flock 9
	: > "$tmp/holding"
	sleep 60
) &
holder=$!
while [ ! -e "$tmp/holding" ]; do
	sleep 0.1
done
run "$fixes" KDIR="$src" O="$obj" PATCHES="$tmp/held"
exits 2 "a second run on a folder stops"
has "another run is at work on it" "and says so"
kill "$holder" 2>/dev/null
wait "$holder" 2>/dev/null

# Interrupted where it hurts: with a result half copied
mkdir "$tmp/cut" "$tmp/bin"
cat > "$tmp/bin/cp" <<EOT
#!/bin/sh
PATH=$PATH
for last; do :; done
case \$last in
*.part)
	mkdir "\$last"
	: > "\$last/half"
	: > "$tmp/copying"
	sleep 20 ;;
esac
exec cp "\$@"
EOT
chmod +x "$tmp/bin/cp"
PATH=$tmp/bin:$PATH "$fixes" KDIR="$src" O="$obj" PATCHES="$tmp/cut" JOBS=1 > "$tmp/cut.log" 2>&1 &
runner=$!
n=0
while [ "$n" -lt 600 ] && [ ! -e "$tmp/copying" ]; do
	sleep 0.1
	n=$((n + 1))
done
kill -TERM "$runner"
wait "$runner"
status=$?
out=$(cat "$tmp/cut.log")
exits 2 "an interrupted run ends"
has "the same command goes on" "and says how to go on"
run sh -c "find $tmp/cut -name '*.part' | wc -l"
same 0 "with no half of a file"
tree > "$tmp/after"
run diff "$tmp/before" "$tmp/after"
exits 0 "and the trees as they were"
run "$fixes" KDIR="$src" O="$obj" PATCHES="$tmp/cut"
exits 0 "the next run goes on"
run sh -c "ls $tmp/cut/*.patch | wc -l"
same 3 "to the end"

# Folders that cannot be written
: > "$tmp/file"
run "$fixes" KDIR="$src" O="$obj" PATCHES="$tmp/file/patches"
exits 2 "a folder that cannot be made"
has "cannot make this folder" "is named"
mkdir "$tmp/small"
if mount -t tmpfs -o size=24k none "$tmp/small" 2>/dev/null; then
	run "$fixes" KDIR="$src" O="$obj" PATCHES="$tmp/small/patches"
	exits 2 "a full disk"
	has "cannot be written" "is told"
	run sh -c "find $tmp/small/patches -maxdepth 1 -name '.part*' | wc -l"
	same 0 "and leaves no half of a patch"
	umount "$tmp/small"
else
	for what in "a full disk" "is told" "and leaves no half of a patch"; do
		ok 0 "$what # SKIP no tmpfs can be mounted here"
	done
fi

# APPLY
run "$fixes" KDIR="$src" O="$obj" APPLY=2
exits 2 "APPLY=2 is nothing"
echo '/* mine */' >> "$src/mm/plain.c"
run "$fixes" KDIR="$src" O="$obj" PATCHES="$tmp/apply" APPLY=1
exits 2 "APPLY=1 refuses a tree with changes"
has "not committed" "and says why"
git -C "$src" checkout -q mm/plain.c
head=$(git -C "$src" rev-parse HEAD)
run "$fixes" KDIR="$src" O="$obj" PATCHES="$tmp/apply" APPLY=1
exits 0 "APPLY=1"
run git -C "$src" log --format=%s "$head.."
same "mm: store: add missing kunmap_local() in two()
mm: store: add missing kunmap_local() in one()
fs: add missing kunmap_local() in late()" "commits the patches"
run git -C "$src" status --porcelain
same "" "and leaves nothing beside them"
run "$fixes" KDIR="$src" O="$obj" PATCHES="$tmp/apply"
exits 0 "afterwards"
has "nothing to mend" "there is nothing left to mend"

# Without a history
rm -rf "$src/.git"
{ leak one; } | c_file mm/store.c
run "$fixes" KDIR="$src" O="$obj" PATCHES="$tmp/bare" FILES="mm/store.c"
exits 0 "a tree without history"
run cat "$tmp"/bare/0001-*.patch
has "Subject: [PATCH] mm/store: add missing kunmap_local() in one()" "has a prefix made from the path"
lacks "Fixes:" "and no Fixes: line"
run "$fixes" KDIR="$src" O="$obj" PATCHES="$tmp/bare" APPLY=1
exits 2 "and cannot be committed to"

# What the user gets wrong
run "$fixes"
exits 2 "no KDIR"
run "$fixes" KDIR="$tmp/nowhere"
exits 2 "a KDIR that is none"
run "$fixes" KDIR="$src" O="$obj" PATHCES=x
exits 2 "an unknown argument"
has "PATHCES" "which is named"

finish
