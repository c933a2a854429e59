#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make fixes: addresses that are kept: by us, where nobody can prove what is released otherwise; by others, who may use them.
. testcases/tap.sh
. testcases/fixes-lib.sh
make_tree

# A walk over records: the variable becomes the walk's limit, and what is released lies beside it.
c_file fs/walk.c <<'EOT'
int walk(struct page **pages, int n, int len);
int walk(struct page **pages, int n, int len)
{
	char *limit, *rec;
	int i;

	for (i = 0; i < n; i++) {
		limit = kmap_local_page(pages[i]);
		rec = limit;
		limit += len;
		while (rec <= limit) {
			if (!*rec)
				goto found;
			rec += *rec;
		}
	}
	return 0;
found:
	kunmap_local(limit);
	return 1;
}
EOT

# The variable stays what it is, and another one is released.
c_file fs/stays.c <<'EOT'
int stays(struct page *page, int n);
int stays(struct page *page, int n)
{
	char *base = kmap_local_page(page);
	char *p = base + n;

	if (read_it(base, 1))
		return -5;
	if (read_it(base, 2)) {
		kunmap_local(p);
		return -22;
	}
	n = *p + base[1];
	kunmap_local(base);
	return n;
}
EOT

# Nobody knows whether the one keeps the address for the other.
c_file fs/foreign.c <<'EOT'
struct box { const void *p; };
void enclose(struct box *box, const void *p);
int unbox(const struct box *box);

int foreign(struct page *page);
int foreign(struct page *page)
{
	struct box box;
	char *p = kmap_local_page(page);
	int ret;

	enclose(&box, p);
	note("mapped");
	ret = unbox(&box);
	note("done");
	return ret;
}
EOT

mend
exits 0 "everything has a patch"
run grep -B 1 '^+.*kunmap' "$tmp"/patches/*-foreign-*.patch
has " 	ret = unbox(&box);" "behind what may use an address that a call may have kept"
shown fs/walk.c
same "+>void *start;
+>>start = limit;
+>>kunmap_local(start);
->kunmap_local(limit);
+>kunmap_local(start);" "the address as it was mapped, in the release that was there, too"
run cat "$tmp"/patches/*-walk-*.patch
has "nothing shows that it still lies in the mapped page" "the patch says why it changes another release"
shown fs/stays.c
same "->if (read_it(base, 1))
+>if (read_it(base, 1)) {
+>>kunmap_local(base);
+>}
->>kunmap_local(p);
+>>kunmap_local(base);" "a variable that stays what it is needs no other"

# The same finding with a choice: what is proved comes before what is in doubt as before.
mend UNPROVED=1
exits 0 "everything has a patch with UNPROVED=1"
run cat "$tmp"/patches/*-walk-*.patch
has "+	kunmap_local(start);" "what is proved is taken where there is such"
lacks "in doubt" "and nothing is in doubt of it"
finish
