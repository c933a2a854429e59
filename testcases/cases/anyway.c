// SPDX-License-Identifier: GPL-2.0-or-later
/* Behind a call whose outcomes were merged: what goes wrong on whichever of them. */
#include "kmap-case.h"

struct rec {
	u32 ino;
	u16 len;
	u8 name_len, type;
	char name[];
};

struct folder {
	struct page **pages;
	unsigned long nr, start, limit;
	unsigned int flags;
};

int check_page(struct folder *f, struct page *page, void *p);
bool is_same(const struct rec *r, const char *name, int len);
void complain(struct folder *f, const char *text);
unsigned int last_of(struct folder *f, unsigned long n);
int unpack(const void *from, void *to);
void *bounce_of(struct page *page);
void put_bounce(void *bounce);

static char *get_page_at(struct folder *f, unsigned long n, struct page **found)
{
	struct page *page = f->pages[n];
	char *p;

	if (!page)
		return ERR_PTR(-EIO);
	p = kmap_local_page(page);		/* expect: kmap-leak */
	if (f->flags & 1 && check_page(f, page, p)) {
		kunmap_local(p);
		return ERR_PTR(-EINVAL);
	}
	*found = page;
	return p;
}

static struct rec *find_rec(struct folder *f, const char *name, int len, struct page **found)
{
	unsigned int size = (len + 11) & ~3u;
	unsigned long start = f->start, n;
	struct rec *r;

	if (!f->nr)
		goto out;
	if (start >= f->nr)
		start = 0;
	n = start;
	do {
		char *p = get_page_at(f, n, found);

		if (IS_ERR(p))
			return ERR_CAST(p);
		r = (struct rec *)p;
		p += last_of(f, n) - size;
		while ((char *)r <= p) {
			if (!r->len) {
				complain(f, "no length");
				kunmap_local(r);
				goto out;
			}
			if (is_same(r, name, len))
				goto got;
			r = (void *)r + r->len;
		}
		kunmap_local(p);
		if (++n >= f->nr)
			n = 0;
		if (n > (f->limit >> 3)) {
			complain(f, "too far");
			goto out;
		}
	} while (n != start);
out:
	return ERR_PTR(-ENOENT);
got:
	f->start = n;
	return r;
}

int ino_of_good(struct folder *f, const char *name, int len, u32 *ino)
{
	struct page *page;
	struct rec *r = find_rec(f, name, len, &page);

	if (IS_ERR(r))
		return PTR_ERR(r);
	*ino = r->ino;
	kunmap_local(r);
	return 0;
}

/* nothing behind the call releases it */
int ino_of_bad(struct folder *f, const char *name, int len, u32 *ino)
{
	struct page *page;
	struct rec *r = find_rec(f, name, len, &page);

	if (IS_ERR(r))
		return PTR_ERR(r);
	*ino = r->ino;
	return 0;
}

/* nothing decides between the one release and the other */
int ino_of_twice(struct folder *f, const char *name, int len, u32 *ino)
{
	struct page *page;
	struct rec *r = find_rec(f, name, len, &page);

	if (IS_ERR(r))
		return PTR_ERR(r);
	kunmap_local(r);
	*ino = 0;
	kunmap_local(r);			/* expect: kmap-double-unmap */
	return 0;
}

int ino_of_late(struct folder *f, const char *name, int len, u32 *ino)
{
	struct page *page;
	struct rec *r = find_rec(f, name, len, &page);

	if (IS_ERR(r))
		return PTR_ERR(r);
	kunmap_local(r);
	*ino = r->ino;				/* expect: kmap-use-after-unmap */
	return 0;
}

/* a helper of many outcomes that has to do with another mapping */
static void *input_of(struct folder *f, struct page *page, void *in, int *kind)
{
	void *copy;

	*kind = 0;
	if (!(f->flags & 2)) {
		if (f->nr <= 1)
			return in;
		kunmap_local(in);
		copy = bounce_of(f->pages[1]);
		if (!copy)
			return ERR_PTR(-ENOMEM);
		*kind = 1;
		return copy;
	}
	if (f->flags & 4) {
		kunmap_local(in);
		*kind = 3;
		return f->pages;
	}
	copy = bounce_of(page);
	if (!copy) {
		kunmap_local(in);
		return ERR_PTR(-EFAULT);
	}
	kunmap_local(in);
	*kind = 2;
	return copy;
}

static int unpack_to(struct folder *f, struct page *page, void *to)
{
	void *in = kmap_local_page(page), *src;
	int kind, err;

	if (f->flags & 8 && check_page(f, page, in)) {
		kunmap_local(in);
		return -EIO;
	}
	src = input_of(f, page, in, &kind);
	if (IS_ERR(src))
		return PTR_ERR(src);
	err = unpack(src, to);
	if (kind == 0)
		kunmap_local(in);
	else if (kind != 3)
		put_bounce(src);
	return err;
}

int unpack_page_good(struct folder *f, struct page *page, struct page *out)
{
	bool mapped = f->nr == 1 && !(f->flags & 2);
	void *to = mapped ? kmap_local_page(out) : bounce_of(out);
	int err;

	if (!to)
		return -ENOMEM;
	err = unpack_to(f, page, to);
	if (mapped)
		kunmap_local(to);
	else
		put_bounce(to);
	return err;
}

int unpack_page_bad(struct folder *f, struct page *page, struct page *out)
{
	bool mapped = f->nr == 1 && !(f->flags & 2);
	void *to = mapped ? kmap_local_page(out) : bounce_of(out);	/* expect: kmap-leak */
	int err;

	if (!to)
		return -ENOMEM;
	err = unpack_to(f, page, to);
	if (!mapped)
		put_bounce(to);
	return err;
}

/* a release behind the call, under a condition that may go with the outcome: nothing is told */
int ino_of_asked(struct folder *f, const char *name, int len, u32 *ino)
{
	struct page *page = NULL;
	struct rec *r = find_rec(f, name, len, &page);

	if (page && !IS_ERR(r)) {
		*ino = r->ino;
		kunmap_local(r);
	}
	return IS_ERR(r) ? PTR_ERR(r) : 0;
}
