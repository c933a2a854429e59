// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether something is mapped follows from conditions that are asked in other words the second time. */
#include "kmap-case.h"

enum mode { M_NONE, M_INLINE, M_PAGE, M_BOTH };

struct req {
	struct page *page, *meta;
	enum mode mode;
	u32 len, done;
	u16 flags;
	u8 state;
	s32 err;
	void *kaddr;
	char inl[64];
};

int step(struct req *r);
int check(const void *p, size_t n);
int other(int x);
bool want(int i);
void note(const char *fmt, ...);
struct page *find_page(struct address_space *m, pgoff_t idx);

int enum_twice_good(struct req *r)
{
	enum mode m = r->mode;
	u8 *p = NULL, *q = NULL;
	int err = 0;

	switch (m) {
	case M_BOTH:
		q = kmap_local_page(r->meta);		/* verdict: map=proved */
		/* fallthrough */
	case M_PAGE:
		p = kmap_local_page(r->page);		/* verdict: map=proved */
		break;
	case M_INLINE:
		p = (u8 *)r->inl;
		break;
	case M_NONE:
		return 0;
	}
	err = check(p, 4);
	if (m == M_PAGE || m == M_BOTH)
		kunmap_local(p);			/* verdict: unmap=proved */
	if (m == M_BOTH)
		kunmap_local(q);			/* verdict: unmap=proved */
	return err;
}

static int map_if(struct page *page, unsigned int how, u8 **out)
{
	if (how > 3)
		return -EINVAL;
	if (!(how & 1))
		return 0;
	*out = kmap_local_page(page);			/* verdict: map=proved */
	return 1;
}

int tri_state_good(struct page *page, unsigned int how)
{
	u8 *p = NULL;
	int ret = map_if(page, how, &p);

	if (ret < 0)
		return ret;
	if (ret > 0) {
		ret = p[0];
		kunmap_local(p);			/* verdict: unmap=proved */
	}
	return ret;
}

static void unmap_if(u8 *p, unsigned int how)
{
	if (how & 1)
		kunmap_local(p);			/* verdict: unmap=proved */
}

int by_flags_good(struct page *page, unsigned int how)
{
	u8 *p = NULL;
	int ret = map_if(page, how, &p);

	if (ret < 0)
		return ret;
	ret = check(p, 1);
	unmap_if(p, how);
	return ret;
}

int demorgan_good(struct page *page, bool a, bool b)
{
	u8 *p = NULL;
	int ret = -EIO;

	if (!a || !b)
		goto skip;
	p = kmap_local_page(page);			/* verdict: map=proved */
	ret = check(p, 2);
skip:
	note("%d\n", ret);
	if (a && b)
		kunmap_local(p);			/* verdict: unmap=proved */
	return ret;
}

int derived_good(struct page *page, u32 len, char *inl)
{
	bool need = len > 60;
	void *p = need ? kmap_local_page(page) : inl;	/* verdict: map=proved */
	int ret = check(p, len);

	if (len > 60)
		kunmap_local(p);			/* verdict: unmap=proved */
	return ret;
}

int cast_good(struct page *page, unsigned long len, char *inl)
{
	u16 n = len;
	void *p;
	int ret;

	if (n >= 256)
		p = kmap_local_page(page);		/* verdict: map=proved */
	else
		p = inl;
	ret = check(p, n);
	if ((s32)n > 255)
		kunmap_local(p);			/* verdict: unmap=proved */
	return ret;
}

int err_init_good(struct page *page, int n)
{
	void *p = ERR_PTR(-EINVAL);
	int ret = 0;

	if (n)
		p = kmap_local_page(page);		/* verdict: map=proved */
	if (n > 5)
		ret = check(p, n);
	if (!IS_ERR(p))
		kunmap_local(p);			/* verdict: unmap=proved */
	return ret;
}

int cached_index_good(struct page **pages, const u32 *blk, unsigned int n, u32 *out)
{
	unsigned int i;
	long cur = -1;
	u32 *k = NULL;

	for (i = 0; i < n; i++) {
		long idx = blk[i] >> 10;

		if (idx != cur) {
			if (cur >= 0)
				kunmap_local(k);	/* verdict: unmap=proved */
			k = kmap_local_page(pages[idx]);	/* verdict: map=proved */
			cur = idx;
		}
		out[i] = k[blk[i] & 1023];
	}
	if (cur >= 0)
		kunmap_local(k);			/* verdict: unmap=proved */
	return 0;
}

int index_pair_good(struct page **pages, bool rev)
{
	u8 *k[2];
	int i, ret;

	for (i = 0; i < 2; i++)
		k[i] = kmap_local_page(pages[rev ? 1 - i : i]);	/* verdict: map=proved */
	ret = check(k[rev], 4);
	for (i = 1; i >= 0; i--)
		kunmap_local(k[i]);			/* verdict: unmap=proved */
	return ret;
}

int counted_good(struct page *a, struct page *b, int how)
{
	u8 *k[2];
	int n = 0, ret;

	k[n++] = kmap_local_page(a);			/* verdict: map=proved */
	if (how)
		k[n++] = kmap_local_page(b);		/* verdict: map=proved */
	ret = check(k[0], n);
	while (n > 0)
		kunmap_local(k[--n]);			/* verdict: unmap=proved */
	return ret;
}

int first_good(struct address_space *m, pgoff_t start, pgoff_t end)
{
	struct page *page = NULL;
	u8 *p = NULL;
	pgoff_t i;
	int ret;

	for (i = start; i <= end; i++) {
		page = find_page(m, i);
		if (!page)
			continue;
		p = kmap_local_page(page);		/* verdict: map=proved */
		if (p[0] == 'X')
			break;
		kunmap_local(p);			/* verdict: unmap=proved */
		put_page(page);
		page = NULL;
	}
	if (!page)
		return -ENOENT;
	ret = p[1];
	kunmap_local(p);				/* verdict: unmap=proved */
	put_page(page);
	return ret;
}

int by_index_good(struct address_space *m, pgoff_t start, pgoff_t end)
{
	u8 *p = NULL;
	pgoff_t i;
	int ret = -ENOENT;

	for (i = start; i < end; i++) {
		p = kmap_local_page(find_page(m, i));	/* verdict: map=proved */
		if (want(p[0]))
			break;
		kunmap_local(p);			/* verdict: unmap=proved */
	}
	if (i < end) {
		ret = p[1];
		kunmap_local(p);			/* verdict: unmap=proved */
	}
	return ret;
}

int ored_err_good(struct page *a, struct page *b)
{
	u8 *x = NULL, *y = NULL;
	int err = 0;

	if (a)
		x = kmap_local_page(a);			/* verdict: map=proved */
	else
		err |= 1;
	if (b)
		y = kmap_local_page(b);			/* verdict: map=proved */
	else
		err |= 2;
	if (!err)
		err = check(x, 1) | check(y, 1);
	if (b)
		kunmap_local(y);			/* verdict: unmap=proved */
	if (a)
		kunmap_local(x);			/* verdict: unmap=proved */
	return err;
}

int max_good(struct page *page, u32 a, u32 b)
{
	u32 n = max(a, b);
	u8 *p = NULL;
	int ret = 0;

	if (n) {
		p = kmap_local_page(page);		/* verdict: map=proved */
		ret = check(p, min_t(u32, n, PAGE_SIZE));
	}
	if (a || b)
		kunmap_local(p);			/* verdict: unmap=proved */
	return ret;
}

/* the length tells whether it was a page */
int notnot_good(struct page *page, u32 v)
{
	int on = !!(v & 6);
	u8 *p = on ? kmap_local_page(page) : NULL;	/* verdict: map=proved */
	int ret = other(on);

	if (v & 6)
		kunmap_local(p);			/* verdict: unmap=proved */
	return ret;
}

int shifted_good(struct page *page, u32 v)
{
	u8 *p = NULL;
	int ret = 0;

	if (v & 0x10)
		p = kmap_local_page(page);		/* verdict: map=proved */
	ret = other(v);
	if ((v >> 4) & 1)
		kunmap_local(p);			/* verdict: unmap=proved */
	return ret;
}

int mod_good(struct page *page, u32 v)
{
	u8 *p = NULL;
	int ret = 0;

	if (v % 2)
		p = kmap_local_page(page);		/* verdict: map=proved */
	ret = other(v);
	if (v & 1)
		kunmap_local(p);			/* verdict: unmap=proved */
	return ret;
}

/* and some where it does not follow */
int enum_twice_bad(struct req *r)
{
	enum mode m = r->mode;
	u8 *p = NULL, *q = NULL;
	int err = 0;

	switch (m) {
	case M_BOTH:
		q = kmap_local_page(r->meta);		/* expect: kmap-leak */
		/* fallthrough */
	case M_PAGE:
		p = kmap_local_page(r->page);
		break;
	case M_INLINE:
		p = (u8 *)r->inl;
		break;
	case M_NONE:
		return 0;
	}
	err = check(p, q ? 8 : 4);
	if (m == M_PAGE || m == M_BOTH)
		kunmap_local(p);
	return err;
}

int tri_state_bad(struct page *page, unsigned int how)
{
	u8 *p = NULL;

	if (how > 3)
		return -EINVAL;
	if (how & 1)
		p = kmap_local_page(page);		/* expect: kmap-leak */
	if (how & 2)
		return other(how);
	if (how & 1)
		kunmap_local(p);
	return 0;
}

int demorgan_bad(struct page *page, bool a, bool b)
{
	u8 *p = NULL;
	int ret = -EIO;

	if (!a && !b)
		goto skip;
	p = kmap_local_page(page);			/* expect: kmap-leak */
	ret = check(p, 2);
skip:
	note("%d\n", ret);
	if (a && b)
		kunmap_local(p);
	return ret;
}

int derived_bad(struct page *page, u32 len, char *inl)
{
	bool need = len > 60;
	void *p = need ? kmap_local_page(page) : inl;	/* expect: kmap-leak */
	int ret = check(p, len);

	if (len > 64)
		kunmap_local(p);
	return ret;
}

int max_bad(struct page *page, u32 a, u32 b)
{
	u32 n = max(a, b);
	u8 *p = NULL;
	int ret = 0;

	if (n) {
		p = kmap_local_page(page);		/* expect: kmap-leak */
		ret = check(p, min_t(u32, n, PAGE_SIZE));
	}
	if (a && b)
		kunmap_local(p);
	return ret;
}

int shifted_bad(struct page *page, u32 v)
{
	u8 *p = NULL;
	int ret = 0;

	if (v & 0x10)
		p = kmap_local_page(page);		/* expect: kmap-leak */
	ret = other(v);
	if (p && ((v >> 3) & 1))
		kunmap_local(p);
	return ret;
}

int less_bad(struct page *page, u32 a, u32 b)
{
	u8 *p = NULL;
	int ret = 0;

	if (a <= b)
		p = kmap_local_page(page);		/* expect: kmap-leak */
	ret = other(a);
	if (!b)
		return 0;
	if (p && b - 1 >= a)
		kunmap_local(p);
	return ret;
}

int less_good(struct page *page, u32 a, u32 b)
{
	u8 *p = NULL;
	int ret = 0;

	if (a < b)
		p = kmap_local_page(page);		/* verdict: map=proved */
	ret = other(a);
	if (!b)
		return 0;
	if (b - 1 >= a)
		kunmap_local(p);			/* verdict: unmap=proved */
	return ret;
}

int ored_err_bad(struct page *a, struct page *b)
{
	u8 *x = NULL, *y = NULL;
	int err = 0;

	if (a)
		x = kmap_local_page(a);			/* expect: kmap-leak */
	else
		err |= 1;
	if (b)
		y = kmap_local_page(b);			/* expect: kmap-leak */
	else
		err |= 2;
	if (err)
		return -EINVAL;
	err = check(x, 1) | check(y, 1);
	kunmap_local(y);
	kunmap_local(x);
	return err;
}

int by_index_bad(struct address_space *m, pgoff_t start, pgoff_t end)
{
	u8 *p = NULL;
	pgoff_t i;
	int ret = -ENOENT;

	for (i = start; i < end; i++) {
		p = kmap_local_page(find_page(m, i));	/* expect: kmap-leak */
		if (want(p[0]))
			break;
		kunmap_local(p);
	}
	if (i < end && want(ret)) {
		ret = p[1];
		kunmap_local(p);
	}
	return ret;
}

/* numbers of 64 bits without a sign: the smaller of two is not 0 where neither is */
int smaller_good(struct page *page, size_t have, size_t want_len)
{
	size_t len = min(have, want_len);
	u8 *p = NULL;
	int err = 0;

	if (have && want_len)
		p = kmap_local_page(page);
	if (len) {
		err = check(p, len);
		kunmap_local(p);
	}
	return err;
}

int smaller_bad(struct page *page, size_t have, size_t want_len)
{
	size_t len = min(have, want_len);
	u8 *p = NULL;
	int err = 0;

	if (have)
		p = kmap_local_page(page);		/* expect: kmap-leak */
	if (len) {
		err = check(p, len);
		kunmap_local(p);
	}
	return err;
}

int below_good(struct page *page, size_t at, size_t end)
{
	u8 *p = NULL;
	int err = 0;

	if (at < end)
		p = kmap_local_page(page);
	if (end && at < end) {
		err = check(p, 1);
		kunmap_local(p);
	}
	return err;
}

int not_below_good(struct page *page, size_t at, size_t end)
{
	u8 *p = NULL;
	int err = 0;

	if (end >= at && at)
		p = kmap_local_page(page);
	if (end && end >= at && at) {
		err = check(p, 1);
		kunmap_local(p);
	}
	return err;
}

int above_good(struct page *page, size_t at, size_t end)
{
	u8 *p = NULL;
	int err;

	if (at > end)
		p = kmap_local_page(page);
	if (at <= end)
		return 0;
	err = check(p, 1);
	kunmap_local(p);
	return err;
}

int not_below_bad(struct page *page, size_t at, size_t end)
{
	u8 *p = NULL;
	int err;

	if (at >= end)
		p = kmap_local_page(page);		/* expect: kmap-leak */
	if (at <= end)
		return 0;
	err = check(p, 1);
	kunmap_local(p);
	return err;
}

int turned_round_good(struct page *page, size_t at, size_t len)
{
	u8 *p = NULL;
	int err = 0;

	if (at + len > at)
		p = kmap_local_page(page);
	if (at < at + len) {
		err = check(p, 1);
		kunmap_local(p);
	}
	return err;
}

/* a condition of two halves that is kept in a variable */
int both_good(struct page *page, size_t a, size_t b)
{
	bool both = a && b;
	u8 *p = NULL;
	int err = 0;

	if (both)
		p = kmap_local_page(page);
	if (a && b) {
		err = check(p, 1);
		kunmap_local(p);
	}
	return err;
}

int both_bad(struct page *page, size_t a, size_t b)
{
	bool both = a && b;
	u8 *p = NULL;
	int err = 0;

	if (a)
		p = kmap_local_page(page);		/* expect: kmap-leak */
	if (both) {
		err = check(p, 1);
		kunmap_local(p);
	}
	return err;
}

int ordered_good(struct page *page, size_t a, size_t b)
{
	u8 *p = NULL;

	if (a != b)
		p = kmap_local_page(page);
	if (a < b) {
		kunmap_local(p);
		return 1;
	}
	if (a > b)
		kunmap_local(p);
	return 0;
}

int scaled_good(struct page *page, int nr)
{
	int bytes = nr * 8;
	u8 *p = NULL;
	int err = 0;

	if (bytes)
		p = kmap_local_page(page);
	if (nr) {
		err = check(p, 1);
		kunmap_local(p);
	}
	return err;
}
