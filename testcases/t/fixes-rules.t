#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make fixes: what is written for each rule and each shape of code.
. testcases/tap.sh
. testcases/fixes-lib.sh
make_tree

# The case that started it: one branch of a read path neither unmaps nor flushes.
c_file mm/store.c <<'EOT'
static int unpack(struct folio *folio, const void *from, int len)
{
	void *dst;

	if (len == 4096) {
		dst = kmap_local_folio(folio, 0);
		memcpy(dst, from, 4096);
	} else {
		dst = kmap_local_folio(folio, 0);
		memset(dst, 0, 4096);
		flush_dcache_folio(folio);
		kunmap_local(dst);
	}
	return 0;
}

int load(struct folio *folio, const void *from, int len);
int load(struct folio *folio, const void *from, int len)
{
	unpack(folio, from, len);
	folio_mark_uptodate(folio);
	return 0;
}
EOT

c_file fs/branch.c <<'EOT'
int branch(struct page *page, int n);
int branch(struct page *page, int n)
{
	char *p = kmap_local_page(page);

	/* kunmap_local(p); is no call here */
	note("kunmap_local(p);");
	if (read_it(p, n))
		return -5;
	kunmap_local(p);
	return 0;
}
EOT

# kmap() is undone by page, and the page is given up behind it.
c_file fs/bypage.c <<'EOT'
int bypage(struct page *page, int n);
int bypage(struct page *page, int n)
{
	int *head, size;

	if (n < 0)
		goto out;
	head = kmap(page);
	size = head[0];
	if (size & 3)
		goto fail;
	if (size > n)
		goto fail;
	kunmap(page);
	put_page(page);
	return size;
fail:
	put_page(page);
out:
	note("bad");
	return -5;
}
EOT

c_file fs/arms.c <<'EOT'
int arms(struct page *page, int n);
int arms(struct page *page, int n)
{
	char *p = kmap_local_page(page);
	int err;

	err = read_it(p, n);
	if (err > 2)
		return -5;
	else if (err)
		n = 1;
	else
		n = 2;
	kunmap_local(p + n);
	return n;
}
EOT

c_file fs/meeting.c <<'EOT'
int meeting(struct page *page, int n);
int meeting(struct page *page, int n)
{
	char *p;
	int err;

	p = kmap_local_page(page);
	err = read_it(p, n);
	if (err)
		goto out;
	err = read_it(p,
		      n + 1);
out:
	note("done");
	return err;
}
EOT

c_file fs/label.c <<'EOT'
int label(struct page *page, int n);
int label(struct page *page, int n)
{
	char *p;
	int ret = -22;

	if (n < 0)
		goto out;
	p = kmap_local_page(page);
	ret = read_it(p, n);
	if (ret)
		goto unmap;
	ret = read_it(p, n + 1);
	if (ret)
		goto out;
	ret = read_it(p, n + 2);
unmap:
	kunmap_local(p);
out:
	return ret;
}
EOT

c_file fs/returns.c <<'EOT'
int returns(struct page *page, int n);
int returns(struct page *page, int n)
{
	char *p = kmap_local_page(page);
	int ret;

	ret = read_it(p, n);
	if (ret)
		goto unmap;
	if (p[n] == 'x')
		return -5;
	ret = read_it(p, n + 2);
unmap:
	kunmap_local(p);
	return ret;
}
EOT

c_file fs/two.c <<'EOT'
int two(struct page *a, struct page *b, int n);
int two(struct page *a, struct page *b, int n)
{
	char *from = kmap_local_page(a);
	char *to = kmap_local_page(b);

	if (read_it(from, n)) {
		note("failed");
		return -5;
	}
	memcpy(to, from, n);
	kunmap_local(to);
	kunmap_local(from);
	return 0;
}
EOT

c_file fs/outer.c <<'EOT'
void outer(struct page *a, struct page *b);
void outer(struct page *a, struct page *b)
{
	char *from = kmap_local_page(a);
	char *to = kmap_local_page(b);

	memcpy(to, from, 8);
	kunmap_local(to);
}
EOT

c_file fs/loop.c <<'EOT'
int loop(struct page **pages, int n);
int loop(struct page **pages, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		char *p = kmap_local_page(pages[i]);

		if (!p[0])
			continue;
		if (read_it(p, i))
			break;
		kunmap_local(p);
	}
	return i;
}
EOT

c_file fs/choice.c <<'EOT'
int choice(struct page *page, int n);
int choice(struct page *page, int n)
{
	char *p = kmap_local_page(page);

	switch (n) {
	case 1:
		n = read_it(p, n);
		return n;
	case 2:
		n = p[1];
		break;
	default:
		n = 0;
	}
	kunmap_local(p);
	return n;
}
EOT

c_file fs/search.c <<'EOT'
int search(struct page **pages, int n);
int search(struct page **pages, int n)
{
	int i, done = 0;

	for (i = 0; i < n && !done; i++) {
		char *p = kmap_local_page(pages[i]), *q;

		for (q = p; q < p + 4096; q += 8) {
			if (!*q)
				continue;
			if (read_it(q, i)) {
				done = 1;
				break;
			}
		}
	}
	return done;
}
EOT

c_file fs/asked.c <<'EOT'
int asked(struct page **pages, int n);
int asked(struct page **pages, int n)
{
	struct page *page = (void *)0;
	char *p = (void *)0;
	int i, ret = 0;

	for (i = 0; i < n; i++) {
		if (!page || i % 4 == 0) {
			struct page *next = pages[i];

			if (!next)
				goto out;
			if (page) {
				flush_dcache_page(page);
				note("next");
			}
			page = next;
			p = kmap_local_page(page);
		}
		ret = read_it(p, i);
		if (ret)
			goto out;
	}
out:
	if (page) {
		flush_dcache_page(page);
		kunmap_local(p);
		note("done");
	}
	return ret;
}
EOT

# The mapping cannot be proved, for what another caller does; the release can be.
c_file fs/doubt.c <<'EOT'
static void *map_it(struct folio *folio, int n)
{
	char *p = kmap_local_folio(folio, 0);

	if (p[0] != n)
		return (void *)0;
	return p;
}

int doubtful(struct folio *folio, int n);
int doubtful(struct folio *folio, int n)
{
	char *p = map_it(folio, 1);
	int ret;

	if (!p)
		return -5;
	ret = read_it(p, 0);
	p += n;
	kunmap_local(p);
	return ret;
}
EOT

c_file fs/wrapper.c <<'EOT'
static void *get(struct folio *folio, int n, struct folio **where)
{
	*where = folio;
	return kmap_local_folio(folio, 0);
}

static void put(struct folio *folio, void *addr)
{
	folio_release_kmap(folio, addr);
	note("put");
}

int good(struct folio *a, int n);
int good(struct folio *a, int n)
{
	struct folio *folio;
	char *p = get(a, n, &folio);
	int ret = p[n];

	put(folio, p);
	return ret;
}

int bad(struct folio *a, int n);
int bad(struct folio *a, int n)
{
	struct folio *f;
	char *addr = get(a, n, &f);
	int ret = addr[n];

	return ret;
}
EOT

c_file fs/twice.c <<'EOT'
int twice(struct page *page, int n);
int twice(struct page *page, int n)
{
	char *p = kmap_local_page(page);
	int ret = read_it(p, n);

	if (ret) {
		kunmap_local(p);
		goto out;
	}
	ret = read_it(p, n + 1);
out:
	kunmap_local(p);
	return ret;
}
EOT

c_file fs/order.c <<'EOT'
void order(struct page *a, struct page *b);
void order(struct page *a, struct page *b)
{
	char *from = kmap_local_page(a);
	char *to = kmap_local_page(b);

	memcpy(to, from, 8);
	kunmap_local(from);	/* oops */
	kunmap_local(to);
}
EOT

c_file fs/argument.c <<'EOT'
int argument(struct page *page);
int argument(struct page *page)
{
	char *p = kmap_local_page(page);
	int n = p[3];

	kunmap_local(page);
	return n;
}
EOT

c_file fs/family.c <<'EOT'
int family(struct page *page);
int family(struct page *page)
{
	char *p = kmap_local_page(page);
	int n = p[3];

	kunmap_atomic(p);
	return n;
}
EOT

c_file fs/after.c <<'EOT'
int after(struct page *page);
int after(struct page *page)
{
	char *p = kmap_local_page(page);
	int n = p[3];

	kunmap_local(p);
	n += read_it(p, n);
	note("read");
	return n;
}
EOT

c_file fs/flush.c <<'EOT'
void flush(struct page *page, const void *from);
void flush(struct page *page, const void *from)
{
	char *p = kmap_local_page(page);

	memcpy(p, from, 8);
	memset(p + 8, 0, 4088);
	kunmap_local(p);
	SetPageUptodate(page);
}
EOT

c_file fs/behind.c <<'EOT'
void first(struct page *page, const void *from);
void first(struct page *page, const void *from)
{
	char *p = kmap_local_page(page);

	memcpy(p, from, 4096);
	kunmap_local(p);
	flush_dcache_page(page);
	SetPageUptodate(page);
}

void second(struct page *page, const void *from);
void second(struct page *page, const void *from)
{
	char *p = kmap_local_page(page);

	memcpy(p, from, 4096);
	kunmap_local(p);
	SetPageUptodate(page);
}
EOT

c_file fs/early.c <<'EOT'
void early(struct page *page, const void *from);
void early(struct page *page, const void *from)
{
	char *p = kmap_local_page(page);

	flush_dcache_page(page);
	memcpy(p, from, 4096);
	kunmap_local(p);
	SetPageUptodate(page);
}
EOT

c_file fs/wrong.c <<'EOT'
void wrong(struct page *page, struct page *old);
void wrong(struct page *page, struct page *old)
{
	char *from = kmap_local_page(old);
	char *p = kmap_local_page(page);

	memcpy(p, from, 4096);
	kunmap_local(p);
	kunmap_local(from);
	flush_dcache_page(old);
	SetPageUptodate(page);
}
EOT

# Nobody knows which page the address is in by then.
c_file fs/moved.c <<'EOT'
int moved(struct page *page, int n);
int moved(struct page *page, int n)
{
	char *p = kmap_local_page(page);

	note(p);
	p += n;
	if (n > 3)
		return -5;
	kunmap_local(p);
	return 0;
}
EOT

c_file fs/unsure.c <<'EOT'
int unsure(struct page *page, int n);
int unsure(struct page *page, int n)
{
	char *p = kmap_local_page(page) + n;

	if (n > 3)
		return -5;
	kunmap_local(p);
	return 0;
}
EOT

# What is released with the address is not to be used behind that.
c_file fs/freed.c <<'EOT'
void folio_unlock(struct folio *folio);
int freed(struct folio *folio, int n);
int freed(struct folio *folio, int n)
{
	char *p = kmap_local_folio(folio, 0);
	int ret = read_it(p, n);

	if (ret) {
		folio_unlock(folio);
		return ret;
	}
	folio_unlock(folio);
	folio_release_kmap(folio, p);
	return 0;
}
EOT

# Nothing can be done about what a macro hides.
c_file fs/hidden.c <<'EOT'
#define READ(page, n) ({ char *__p = kmap_local_page(page); int __r = __p[n]; if (__r) return __r; kunmap_local(__p); __r; })

int hidden(struct page *page, int n);
int hidden(struct page *page, int n)
{
	return READ(page, n);
}
EOT

tree > "$tmp/before"
run "$fixes" KDIR="$src" O="$obj" PATCHES="$tmp/patches" FILES="fs/doubt.c"
exits 1 "what is in doubt on other ways as it was before is not mended"
has "the mapping is unproved as it was before: unknown-address; UNPROVED=1 takes that" "unless it is asked for"
mend UNPROVED=1
exits 1 "a finding without a patch is told by the status"
has "fs/hidden.c:" "and named"
has "fs/unsure.c:6: kmap-leak in unsure(): no edit was proved; the last: the map at line 6 is unproved: unknown-address" \
	"so is one whose release would be in doubt"
tree > "$tmp/after"
run diff "$tmp/before" "$tmp/after"
exits 0 "neither tree is written to"

changes mm/store.c
same "+>>flush_dcache_folio(folio);
+>>kunmap_local(dst);" "the founding case: one patch brings both back, the flush before the unmap"
run sh -c "ls $tmp/patches/*.patch | grep -c store"
same 1 "and it is one"
changes fs/branch.c
same "->if (read_it(p, n))
+>if (read_it(p, n)) {
+>>kunmap_local(p);
+>}" "braces where a statement joins an unbraced if; comments and strings are no calls"
changes fs/arms.c
same "->if (err > 2)
+>if (err > 2) {
+>>kunmap_local(p);
->else if (err)
+>} else if (err) {
->else
+>} else {
+>}" "and on the other arms too"
changes fs/meeting.c
same "+>kunmap_local(p);" "one release where all ways meet"
run grep -n -B 1 '^+.kunmap' "$tmp"/patches/*-meeting-*.patch
has " out:" "behind the label"
changes fs/label.c
same "->>goto out;
+>>goto unmap;" "a cleanup label is reused"
changes fs/returns.c
same "->if (p[n] == 'x')
->>return -5;
+>if (p[n] == 'x') {
+>>ret = -5;
+>>goto unmap;
+>}" "also where the code returned"
changes fs/two.c
same "+>>kunmap_local(to);
+>>kunmap_local(from);" "several mappings are released in reverse order"
changes fs/outer.c
same "+>kunmap_local(from);" "an outer mapping is released"
run grep -B 1 '^+.kunmap' "$tmp"/patches/*-outer-*.patch
has " 	kunmap_local(to);" "behind the inner one"
changes fs/loop.c
same "->>if (!p[0])
+>>if (!p[0]) {
+>>>kunmap_local(p);
->>if (read_it(p, i))
+>>}
+>>if (read_it(p, i)) {
+>>>kunmap_local(p);
+>>}" "before continue and break"
changes fs/choice.c
same "+>>kunmap_local(p);" "in a case of a switch"
changes fs/search.c
same "+>>kunmap_local(p);" "behind a loop that is left in several ways"
run grep -A 2 '^+.*kunmap' "$tmp"/patches/*-search-*.patch
has " 	return done;" "and nowhere in it"
changes fs/asked.c
same "+>>>>kunmap_local(p);" "where the function asks whether there is a page"
run grep -B 1 '^+.*kunmap' "$tmp"/patches/*-asked-*.patch
has " 				flush_dcache_page(page);" "behind its flush"
changes fs/moved.c
same "+>void *start;
+>start = p;
->if (n > 3)
+>if (n > 3) {
+>>kunmap_local(start);
->kunmap_local(p);
+>}
+>kunmap_local(start);" "the address as it was mapped, where the variable has moved on"
changes fs/freed.c
same "+>>folio_release_kmap(folio, p);" "behind the last use of what goes with the address"
run grep -B 1 '^+.*release' "$tmp"/patches/*-freed-*.patch
has " 		folio_unlock(folio);" "and not before it"
changes fs/doubt.c
same "->if (p[0] != n)
+>if (p[0] != n) {
+>>kunmap_local(p);
+>}" "a proved release, though the mapping cannot be proved"
run cat "$tmp"/patches/*-doubt-*.patch "$tmp/patches/0000-summary.txt"
has "the mapping is in doubt, as it was before: unknown-address." "which the patch says"
has "on ways that it does not touch the mapping is in doubt, as before: unknown-address" "and the summary"
changes fs/wrapper.c
same "+>put(f, addr);" "by the wrapper that the file uses for such a mapping"
run cat "$tmp"/patches/*-wrapper-*.patch
has "add missing put() in bad()" "which the patch names"
changes fs/twice.c
same "->if (ret) {
->>kunmap_local(p);
+>if (ret)
->}" "the surplus release goes, and the braces with it"
changes fs/order.c
same "->kunmap_local(from);>/* oops */
->kunmap_local(to);
+>kunmap_local(to);>/* oops */
+>kunmap_local(from);" "releases change places"
changes fs/argument.c
same "->kunmap_local(page);
+>kunmap_local(p);" "the address instead of the page"
changes fs/family.c
same "->kunmap_atomic(p);
+>kunmap_local(p);" "the release of the same family"
changes fs/after.c
same "->kunmap_local(p);
+>kunmap_local(p);" "a release moves"
run grep -A 2 'n += read_it' "$tmp"/patches/*-after-*.patch
has "+	kunmap_local(p);" "behind the last use"
changes fs/flush.c
same "+>flush_dcache_page(page);" "a flush"
run grep -A 1 '^+.flush' "$tmp"/patches/*-flush-*.patch
has " 	kunmap_local(p);" "behind the last write, before the release"
changes fs/behind.c
same "+>flush_dcache_page(page);" "where the file flushes behind the release"
run grep -B 1 '^+.flush' "$tmp"/patches/*-behind-*.patch
has " 	kunmap_local(p);" "so does the patch"
changes fs/early.c
same "->flush_dcache_page(page);
+>flush_dcache_page(page);" "an early flush moves behind the write"
changes fs/wrong.c
same "->flush_dcache_page(old);
+>flush_dcache_page(page);" "a flush of something else becomes one of what was written"

changes fs/bypage.c
same "+>kunmap(page);" "the page's mapping is released"
run grep -A 2 'fail:' "$tmp"/patches/*-bypage-*.patch
has "+	kunmap(page);" "before the page is given up"

finish
