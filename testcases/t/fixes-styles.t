#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make fixes: styles of code that an edit has to fit in, and several findings at once.
. testcases/tap.sh
. testcases/fixes-lib.sh
make_tree

# Branches on one line
c_file fs/oneline.c <<'EOT'
int oneline(struct page *page, int n);
int oneline(struct page *page, int n)
{
	char *p = kmap_local_page(page);

	if (read_it(p, n)) return -5;
	if (n > 7) { note("big"); return -7; }
	kunmap_local(p);
	return 0;
}
EOT

# Three mappings, lost on two ways
c_file fs/three.c <<'EOT'
int three(struct page *a, struct page *b, struct page *c, int n);
int three(struct page *a, struct page *b, struct page *c, int n)
{
	char *x, *y, *z;
	int ret = 0;

	x = kmap_local_page(a);
	y = kmap_local_page(b);
	z = kmap_local_page(c);
	switch (n) {
	case 0:
		ret = read_it(x, n);
		break;
	case 1:
		ret = -22;
		goto out;
	case 2:
		return read_it(z, 4);
	default:
		memcpy(x, y, 8);
		memcpy(y, z, 8);
	}
	kunmap_local(z);
	kunmap_local(y);
	kunmap_local(x);
out:
	note("out");
	return ret;
}
EOT

# What is returned is read through the address
c_file fs/retuse.c <<'EOT'
int retuse(struct page *page, int n);
int retuse(struct page *page, int n)
{
	char *p = kmap_local_page(page);

	return p[n];
}

int retcall(struct page *page, int n);
int retcall(struct page *page, int n)
{
	char *p = kmap_local_page(page);
	int ret = p[0];

	if (ret)
		return read_it(p, n);
	kunmap_local(p);
	return ret;
}
EOT

# Two functions that lose what one helper maps
c_file fs/helper.c <<'EOT'
static char *grab(struct page *page, int n)
{
	char *p;

	p = kmap_local_page(page);
	if (p[0] != n)
		return (void *)0;
	return p;
}

int user_a(struct page *page);
int user_a(struct page *page)
{
	char *p = grab(page, 1);
	int ret;

	if (!p)
		return -5;
	ret = p[3];
	kunmap_local(p);
	return ret;
}

int user_b(struct page *page);
int user_b(struct page *page)
{
	char *p = grab(page, 2);

	if (!p)
		return -5;
	if (p[2])
		return -7;
	kunmap_local(p);
	return 0;
}
EOT

# Blanks for tabs, and an arm without braces
c_file fs/spaces.c <<'EOT'
int spaces(struct page *page, int n);
int spaces(struct page *page, int n)
{
    char *p = kmap_local_page(page);

    if (n)
    {
        note("odd style");
        return 1;
    }
    else
        n = p[0];
    return n;
}
EOT

c_file fs/comments.c <<'EOT'
int comments(struct page *page, int n);
int comments(struct page *page, int n)
{
	char *p = kmap_local_page(page); /* map it */

	if (n > 3)	// too much
		return -5; // give up
	/*
	 * The last use.
	 */
	n = p[n]; /* kunmap_local(p); is missing */

	/* done */
	return n;
}
EOT

c_file fs/nested.c <<'EOT'
int nested(struct page *page, struct page *other, int n);
int nested(struct page *page, struct page *other, int n)
{
	char *p, *q;
	int ret = -12;

	if (n) {
		p = kmap_local_page(page);
		if (p[0]) {
			q = kmap_local_page(other);
			if (q[0]) {
				if (read_it(p, 1))
					goto fail;
				ret = 1;
			} else {
				ret = 2;
				kunmap_local(q);
			}
		}
		kunmap_local(p);
	}
	return ret;
fail:
	note("fail");
	return ret;
}
EOT

c_file fs/crlf.c <<'EOT'
int crlf(struct page *page, int n);
int crlf(struct page *page, int n)
{
	char *p = kmap_local_page(page);

	if (n)
		return -5;
	n = p[0];
	kunmap_local(p);
	return n;
}
EOT
sed -i "s/\$/$(printf '\r')/" "$src/fs/crlf.c"

c_file fs/noend.c <<'EOT'
void noend(struct page *page, int n);
void noend(struct page *page, int n)
{
	char *p = kmap_local_page(page);

	memset(p, n, 16);
}
EOT
printf '%s' "$(cat "$src/fs/noend.c")" > "$src/fs/noend.new" && mv "$src/fs/noend.new" "$src/fs/noend.c"

# A chain of labels, and one that nothing leads to afterwards
c_file fs/chain.c <<'EOT'
int chain(struct page *a, struct page *b, int n);
int chain(struct page *a, struct page *b, int n)
{
	char *x, *y;
	int err;

	x = kmap_local_page(a);
	err = read_it(x, n);
	if (err)
		goto err_a;

	y = kmap_local_page(b);
	err = read_it(y, n);
	if (err)
		goto err_a;
	err = read_it(y, n + 1);
	if (err)
		goto err_out;

	memcpy(x, y, n);
	flush_dcache_page(a);
	err = 0;
	kunmap_local(y);
err_a:
	kunmap_local(x);
err_out:
	return err;
}

int chain2(struct page *a, struct page *b, int n);
int chain2(struct page *a, struct page *b, int n)
{
	char *x, *y;
	int err;

	x = kmap_local_page(a);
	y = kmap_local_page(b);
	err = read_it(y, n);
	if (err)
		goto err_b;
	err = read_it(x, n);
	if (err < 0)
		goto out;
	if (err == 7)
		goto err_a;
	note("fine");
err_b:
	kunmap_local(y);
err_a:
	kunmap_local(x);
out:
	return err;
}
EOT

# Loops in loops
c_file fs/grid.c <<'EOT'
int grid(struct page **in, struct page **out, int n, int m);
int grid(struct page **in, struct page **out, int n, int m)
{
	int i, j;

	for (i = 0; i < n; i++) {
		char *src = kmap_local_page(in[i]);

		for (j = 0; j < m; j++) {
			char *dst = kmap_local_page(out[j]);

			if (src[j] == dst[i]) {
				note("same");
				return i;
			}
			if (!src[j])
				break;
			dst[i] = src[j];
			flush_dcache_page(out[j]);
			kunmap_local(dst);
		}
		kunmap_local(src);
	}
	return -2;
}
EOT

# What is unmapped nests, whether the model knows it or not.
c_file fs/nest.c <<'EOT'
int *table_map(int n);
void table_unmap(int *table, int n);
int nest(struct page *page, int n);
int nest(struct page *page, int n)
{
	char *p = kmap_local_page(page);
	int *table;

	table = table_map(n);
	memset(p, n, 16);
	if (table)
		table_unmap(table, n);
	note("done");
	return 0;
}
EOT

# A label behind which one of the two is released where it is mapped
c_file fs/maybe.c <<'EOT'
int maybe(struct page *page, struct page *other, int n);
int maybe(struct page *page, struct page *other, int n)
{
	void *a, *b = (void *)0;

	a = kmap_local_page(page);
	if (other)
		b = kmap_local_page(other);
	if (read_it(a, n)) {
		n = -5;
		goto out;
	}
	if (b)
		memcpy(a, b, 8);
	flush_dcache_page(page);
	if (n == 3)
		return 3;
out:
	if (b)
		kunmap_local(b);
	kunmap_local(a);
	return n;
}
EOT

# What is given the holder of the address may use it.
c_file fs/holder.c <<'EOT'
struct setup { char *addr; int off; };
static __attribute__((noinline)) int step(const struct setup *setup)
{
	return setup->addr[setup->off];
}

int holder(struct page *page, int off);
int holder(struct page *page, int off)
{
	struct setup setup = { .off = off };
	int ret;

	setup.addr = kmap_local_page(page);
	note("mapped");
	ret = step(&setup);
	note("done");
	return ret;
}
EOT

# Mapped on some ways only
c_file fs/some.c <<'EOT'
int some(struct page *page, char *to, int n);
int some(struct page *page, char *to, int n)
{
	char *p = to;

	if (page)
		p = kmap_local_page(page);
	memset(p, 0, n);

	note("done");
	return 0;
}

int other_branch(struct page *page, int n);
int other_branch(struct page *page, int n)
{
	char *p = kmap_local_page(page);

	if (read_it(p, n)) {
		memset(p, 0, n);
		kunmap_local(p);
		note("found");
	}
	return n;
}
EOT

mend
exits 0 "everything has a patch"

shown fs/oneline.c
same "->if (read_it(p, n)) return -5;
->if (n > 7) { note(\"big\"); return -7; }
+>if (read_it(p, n)) {
+>>kunmap_local(p);
+>>return -5;
+>}
+>if (n > 7) { kunmap_local(p); note(\"big\"); return -7; }" "a branch on the line of its if gets lines of its own"
shown fs/three.c
same "+>>kunmap_local(z);
+>>kunmap_local(y);
+>>kunmap_local(x);
->>return read_it(z, 4);
+>>ret = read_it(z, 4);
+>>kunmap_local(z);
+>>kunmap_local(y);
+>>kunmap_local(x);
+>>return ret;" "three mappings, the newest first, at the begin and at the end of a case"
shown fs/retuse.c
same "+>int ret;
->return p[n];
+>ret = p[n];
+>kunmap_local(p);
+>return ret;
->if (ret)
->>return read_it(p, n);
+>if (ret) {
+>>ret = read_it(p, n);
+>>kunmap_local(p);
+>>return ret;
+>}" "a result that is read through the address is kept first, in a new variable or in the function's"
shown fs/helper.c
same "->if (p[0] != n)
+>if (p[0] != n) {
+>>kunmap_local(p);
+>}
->if (p[2])
+>if (p[2]) {
+>>kunmap_local(p);
+>}" "each function that loses what a helper maps gets its patch"
shown fs/spaces.c
same "+        kunmap_local(p);
+    kunmap_local(p);" "the file's indentation; behind an arm without braces rather than in it"
shown fs/comments.c
same "->if (n > 3)>// too much
+>if (n > 3) {>// too much
+>>kunmap_local(p);
+>}
+>kunmap_local(p);" "comments at the ends of lines stay where they are"
shown fs/nested.c
same "+>>>>kunmap_local(q);
+>kunmap_local(p);" "of nested mappings each where it is needed no more"
shown fs/nest.c
same "+>kunmap_local(p);" "behind what was mapped later"
run grep -B 1 '^+.*kunmap' "$tmp"/patches/*-nest-*.patch
has " 		table_unmap(table, n);" "that is, directly behind it"
shown fs/maybe.c
same "->if (n == 3)
->>return 3;
+>if (n == 3) {
+>>n = 3;
+>>goto out;
+>}" "by way of a label, two mappings by one patch"
shown fs/holder.c
same "+>kunmap_local(setup.addr);" "where the address is kept in a structure"
run grep -B 1 '^+.*kunmap' "$tmp"/patches/*-holder-*.patch
has " 	ret = step(&setup);" "behind what is given that"
shown fs/some.c
same "+>if (page)
+>>kunmap_local(p);
+>} else {
+>>kunmap_local(p);" "where it is mapped on some ways, and on a branch that is not there"
shown fs/crlf.c
printf "%s" "$out" | grep -qv "$(printf "\r")\$" && out="$out (a line ends otherwise)"
out=$(printf "%s" "$out" | tr -d "\r")
same "->if (n)
+>if (n) {
+>>kunmap_local(p);
+>}" "lines that end in CR LF"
shown fs/noend.c
same "+>kunmap_local(p);" "a file whose last line does not end"
shown fs/chain.c
same "->if (err)
+>if (err) {
+>>kunmap_local(y);
+>}
->if (err)
->>goto err_out;
+>if (err) {
+>>kunmap_local(y);
+>>goto err_a;
+>}
-err_out:
->if (err < 0)
+>if (err < 0) {
+>>kunmap_local(y);
+>>kunmap_local(x);
+>}
->>goto err_a;
+>>goto err_b;
-err_a:" "the label of a chain that releases what is live; one that nothing leads to any more goes"
shown fs/grid.c
same "+>>>>kunmap_local(dst);
+>>>>kunmap_local(src);
->>>if (!src[j])
+>>>if (!src[j]) {
+>>>>kunmap_local(dst);
+>>>}" "out of loops in loops, each mapping where it is live"
finish
