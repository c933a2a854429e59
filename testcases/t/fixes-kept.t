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

# The end of the page is behind it: the address is wrong where it is computed from the mapping, and where others move it.
c_file fs/ends.c <<'EOT'
struct z_stream_s { char *next_out; unsigned int avail_out; };
int zlib_inflate(struct z_stream_s *s, int flush);

int ends(struct page *page, char *from, int n);
int ends(struct page *page, char *from, int n)
{
	char *p;

	if (n < 1 || n > 4096)
		return -22;
	do {
		p = kmap_local_page(page) + n;
		memcpy(p - n, from, n);
		n = 4096;
	} while (read_it(from, n));
	return 0;
}

void declared(struct page *page, char *from);
void declared(struct page *page, char *from)
{
	char *p = kmap_local_page(page) + 5000;

	memcpy(p - 5000, from, 8);
	kunmap_local(p);
}

int member(struct page *page);
int member(struct page *page)
{
	struct z_stream_s s;
	int ret;

	s.next_out = kmap_local_page(page);
	s.avail_out = 4096;
	ret = zlib_inflate(&s, 0);
	kunmap_local(s.next_out);
	return ret;
}
EOT

# One member of a structure is the address; another is another's. What is known to leave it alone does not need it.
c_file fs/fields.c <<'EOT'
struct info { unsigned long first, second; };
struct z_stream_s { char *next_out; unsigned int avail_out; };
int transfer(struct info *info);
int zlib_inflate(struct z_stream_s *s, int flush);
int zlib_inflateEnd(struct z_stream_s *s);

int fields(struct page *page, struct page *other);
int fields(struct page *page, struct page *other)
{
	struct info info;
	char *q;
	int ret;

	info.first = (unsigned long)kmap_local_page(page);
	q = kmap_local_page(other);
	info.second = (unsigned long)q + 8;
	ret = transfer(&info);
	note("done");
	kunmap_local((void *)info.first);
	return ret;
}

int ended(struct page *page);
int ended(struct page *page)
{
	struct z_stream_s s;
	int ret;

	s.next_out = kmap_local_page(page);
	s.avail_out = 64;
	ret = zlib_inflate(&s, 0);
	note("done");
	zlib_inflateEnd(&s);
	return ret;
}

int asked(struct page *page, int n, int m);
int asked(struct page *page, int n, int m)
{
	char *p = (void *)0;

	if (m > 3) {
		note("mapped");
		p = kmap_local_page(page);
		n = read_it(p, n);
	}
	n += read_it(p, 1);
	if (m > 3)
		note("again");
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
shown fs/ends.c
same "+>void *start;
->>p = kmap_local_page(page) + n;
+>>start = kmap_local_page(page);
+>>p = start + n;
+>>kunmap_local(start);
->char *p = kmap_local_page(page) + 5000;
+>void *start = kmap_local_page(page);
+>char *p = start + 5000;
->kunmap_local(p);
+>kunmap_local(start);
+>void *start;
+>start = s.next_out;
->kunmap_local(s.next_out);
+>kunmap_local(start);" "kept before a sum is made of it, in a declaration, too"
shown fs/fields.c
same "+>kunmap_local(q);
+>kunmap_local(s.next_out);
->if (m > 3)
+>if (m > 3) {
+>>kunmap_local(p);
+>}" "where what was asked before it was mapped is asked again"
run sh -c "grep -h -B 1 '^+.*kunmap' $tmp/patches/*-fields-*.patch"
has " 	ret = transfer(&info);" "behind the last use of a member, and other members are no use of it"
has " 	ret = zlib_inflate(&s, 0);" "nor is what is known to leave it alone"
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

# Who gets the holder may have mapped another page there: what was mapped first is not to be released then.
c_file fs/refill.c <<'EOT'
struct box { char *p; int n; };
int refill(struct box *box);
int renew(char **p);

int refilled(struct page *page);
int refilled(struct page *page)
{
	struct box box;
	int ret;

	box.p = kmap_local_page(page);
	box.n = 0;
	ret = read_it(box.p, 1);
	if (ret) {
		kunmap_local(box.p);
		return ret;
	}
	ret = refill(&box);
	note("done");
	return ret;
}

int renewed(struct page *page);
int renewed(struct page *page)
{
	char *p;
	int ret;

	p = kmap_local_page(page);
	ret = read_it(p, 1);
	if (ret) {
		kunmap_local(p);
		return ret;
	}
	ret = renew(&p);
	note("done");
	return ret;
}
EOT
mend FILES=fs/refill.c
exits 1 "what others may have changed is not kept"
run sh -c "ls $tmp/patches | grep -c refill"
same 0 "and no patch is written"
finish
