// SPDX-License-Identifier: GPL-2.0-or-later
/* Mappings that leave the function: out parameters, error pointers, cleanup, structs, callbacks, tail calls. */
#include "kmap-case.h"

#define __cleanup(f) __attribute__((__cleanup__(f)))
#define __free(n) __cleanup(__free_##n)

struct blk {
	struct page *page;
	void *kaddr;
	u32 off, len;
	struct list_head link;
};

struct scan {
	struct vol_sb *sb;
	struct blk cur, next;
	int (*actor)(struct scan *s, const void *rec, size_t len);
	void *priv;
};

struct page *get_block_page(struct address_space *m, pgoff_t n);
int verify(const void *p);
int consume_rec(const void *rec, size_t len);
void log_msg(const char *fmt, ...);

/* out parameter: 0 means mapped */
static int blk_open(struct address_space *m, pgoff_t n, void **out)
{
	struct page *page = get_block_page(m, n);
	void *p;

	if (IS_ERR(page))
		return PTR_ERR(page);
	p = kmap_local_page(page);			/* verdict: map=proved */
	if (verify(p)) {
		kunmap_local(p);			/* verdict: unmap=proved */
		put_page(page);
		return -EIO;
	}
	*out = p;
	return 0;
}

static void blk_close(void *p)
{
	kunmap_local(p);				/* verdict: unmap=proved */
}

u32 blk_sum_good(struct address_space *m)
{
	u32 *p, v;
	int err = blk_open(m, 3, (void **)&p);

	if (err) {
		log_msg("open failed: %d\n", err);
		return 0;
	}
	v = p[0] + p[1];
	blk_close(p);
	return v;
}

static int blk_open2(struct address_space *m, pgoff_t n, u32 **out)
{
	struct page *page = get_block_page(m, n);
	u32 *p;

	if (IS_ERR(page))
		return PTR_ERR(page);
	p = kmap_local_page(page);			/* expect: kmap-leak */
	*out = p;
	if (verify(p)) {
		put_page(page);
		return -EIO;
	}
	return 0;
}

u32 blk_sum_bad(struct address_space *m)
{
	u32 *p, v;

	if (blk_open2(m, 3, &p))
		return 0;
	v = p[0] + p[1];
	kunmap_local(p);
	return v;
}

/* the user forgets on one of two ways out */
static void *rec_get(struct address_space *m, pgoff_t n)
{
	struct page *page = get_block_page(m, n);

	if (IS_ERR(page))
		return ERR_CAST(page);
	return kmap_local_page(page);			/* expect: kmap-leak */
}

int rec_user_bad(struct address_space *m)
{
	u8 *r = rec_get(m, 1);

	if (IS_ERR(r))
		return PTR_ERR(r);
	if (!r[0])
		return -ENOENT;
	kunmap_local(r);
	return 0;
}

static void *rec_get_ok(struct address_space *m, pgoff_t n)
{
	struct page *page = get_block_page(m, n);

	if (IS_ERR(page))
		return ERR_CAST(page);
	return kmap_local_page(page);			/* verdict: map=proved */
}

int rec_user_good(struct address_space *m)
{
	u8 *r = rec_get_ok(m, 1);
	int ret = 0;

	if (IS_ERR(r))
		return PTR_ERR(r);
	if (!r[0])
		ret = -ENOENT;
	kunmap_local(r);				/* verdict: unmap=proved */
	return ret;
}

/* the error pointer is unmapped */
static void *rec_get_err(struct address_space *m, pgoff_t n)
{
	struct page *page = get_block_page(m, n);

	if (IS_ERR(page))
		return ERR_CAST(page);
	return kmap_local_page(page);
}

int rec_user_err_bad(struct address_space *m)
{
	u8 *r = rec_get_err(m, 1);
	int ret = 0;

	if (IS_ERR(r)) {
		ret = PTR_ERR(r);
		goto out;
	}
	ret = r[4];
out:
	kunmap_local(r);				/* expect: kmap-wrong-arg */
	return ret;
}

/* cleanup attribute */
static inline void unmap_cleanup(void *pp)
{
	void *p = *(void **)pp;

	if (p)
		kunmap_local(p);
}

int cleanup_good(struct page *page)
{
	u32 *p __cleanup(unmap_cleanup) = kmap_local_page(page);	/* verdict: map=proved */

	if (p[0] == 7)
		return -EINVAL;
	if (verify(p))
		return -EIO;
	return p[1];
}

static inline void __free_unmap(u32 **pp)
{
	if (*pp)
		kunmap_local(*pp);			/* expect: kmap-double-unmap */
}

int cleanup_twice_bad(struct page *page)
{
	u32 *p __free(unmap) = kmap_local_page(page);

	if (p[0] == 7) {
		kunmap_local(p);
		return -EINVAL;
	}
	return p[1];
}

static inline void __free_unmap2(u32 **pp)
{
	if (*pp)
		kunmap_local(*pp);			/* verdict: unmap=proved */
}

/* handed over by clearing it */
int cleanup_passed_good(struct page *page, int how)
{
	u32 *p __free(unmap2) = kmap_local_page(page);	/* verdict: map=proved */
	int v = p[3];

	if (how) {
		kunmap_local(p);			/* verdict: unmap=proved */
		p = NULL;
		return v;
	}
	return -v;
}

static bool scan_next(struct blk *b, struct page **pages, unsigned int nr)
{
	if (b->kaddr) {
		kunmap_local(b->kaddr);			/* verdict: unmap=proved */
		b->kaddr = NULL;
	}
	if (b->off >= nr)
		return false;
	b->kaddr = kmap_local_page(pages[b->off++]);	/* verdict: map=proved */
	return true;
}

int scan_all_good(struct page **pages, unsigned int nr)
{
	struct blk b = { .off = 0 };
	int sum = 0;

	while (scan_next(&b, pages, nr))
		sum += *(u32 *)b.kaddr;
	return sum;
}

static bool scan_next2(struct blk *b, struct page **pages, unsigned int nr)
{
	if (b->kaddr) {
		kunmap_local(b->kaddr);
		b->kaddr = NULL;
	}
	if (b->off >= nr)
		return false;
	b->kaddr = kmap_local_page(pages[b->off++]);	/* expect: kmap-leak */
	return true;
}

int scan_some_bad(struct page **pages, unsigned int nr)
{
	struct blk b = { .off = 0 };

	while (scan_next2(&b, pages, nr)) {
		if (*(u32 *)b.kaddr == 0)
			return -ENOENT;
	}
	return 0;
}

/* the callback gets the mapping, not the duty */
int each_rec_good(struct scan *s, struct page *page)
{
	u8 *p = kmap_local_page(page);			/* verdict: map=proved */
	unsigned int off;
	int err = 0;

	for (off = 0; off < PAGE_SIZE && !err; off += 64)
		err = s->actor(s, p + off, 64);
	kunmap_local(p);				/* verdict: unmap=proved */
	return err;
}

int each_rec_bad(struct scan *s, struct page *page)
{
	u8 *p = kmap_local_page(page);			/* expect: kmap-leak */
	unsigned int off;
	int err;

	for (off = 0; off < PAGE_SIZE; off += 64) {
		err = s->actor(s, p + off, 64);
		if (err < 0)
			return err;
		if (err > 0)
			goto out;
	}
	err = 0;
out:
	kunmap_local(p);
	return err;
}

/* container_of from an embedded member */
static struct scan *to_scan(struct blk *b)
{
	return container_of(b, struct scan, cur);
}

u32 container_good(struct blk *b)
{
	struct scan *s = to_scan(b);
	u32 v;

	b->kaddr = kmap_local_page(b->page);		/* verdict: map=proved */
	v = *(u32 *)s->cur.kaddr;
	kunmap_local(s->cur.kaddr);			/* verdict: unmap=proved */
	s->cur.kaddr = NULL;
	return v;
}

void container_bad(struct blk *b)
{
	struct scan *s = to_scan(b);
	u8 *p;

	s->cur.kaddr = kmap_local_page(b->page);	/* expect: kmap-leak */
	p = kmap_local_page(s->next.page);
	p[0] = *(u8 *)b->kaddr;
	kunmap_local(p);
	s->cur.kaddr = NULL;
}

/* union of a mapping and an error */
union res {
	void *addr;
	long err;
};

int union_good(struct page *page, u32 *out)
{
	union res r;

	r.addr = kmap_local_page(page);			/* verdict: map=proved */
	*out = *(u32 *)r.addr;
	kunmap_local(r.addr);				/* verdict: unmap=proved */
	r.err = -1;
	return r.err;
}

/* bool returned by the helper says whether there is a mapping */
static bool try_map(struct page *page, u8 **p)
{
	if (!page)
		return false;
	*p = kmap_local_page(page);			/* verdict: map=proved */
	return true;
}

int maybe_good(struct page *page)
{
	u8 *p;
	bool mapped = try_map(page, &p);
	int v = mapped ? p[0] : -1;

	if (mapped)
		kunmap_local(p);			/* verdict: unmap=proved */
	return v;
}

static bool try_map2(struct page *page, u8 **p)
{
	if (!page)
		return false;
	*p = kmap_local_page(page);			/* expect: kmap-leak */
	return true;
}

int maybe_bad(struct page *page)
{
	u8 *p;
	bool mapped = try_map2(page, &p);
	int v = mapped ? p[0] : -1;

	if (v > 0)
		return v;
	if (mapped)
		kunmap_local(p);
	return v;
}

/* either mapped or linear */
u32 two_kinds_good(struct page *page, void *linear)
{
	u32 *p = linear, v;

	if (!p)
		p = kmap_local_page(page);		/* verdict: map=proved */
	v = *p;
	if (p != linear)
		kunmap_local(p);			/* verdict: unmap=proved */
	return v;
}

/* kmap if high, else its address, and the same on the way back */
u32 high_only_good(struct page *page)
{
	bool high = PageHighMem(page);
	u32 *p = high ? kmap_local_page(page) : page_address(page);	/* verdict: map=proved */
	u32 v = *p;

	if (high)
		kunmap_local(p);			/* verdict: unmap=proved */
	return v;
}

/* the tail is done by whoever got it */
static int finish(void *p, int err)
{
	if (err)
		log_msg("error %d\n", err);
	kunmap_local(p);				/* verdict: unmap=proved */
	return err;
}

int tail_call_good(struct page *page)
{
	u8 *p = kmap_local_page(page);			/* verdict: map=proved */

	if (p[0] != 'K')
		return finish(p, -EINVAL);
	if (verify(p))
		return finish(p, -EIO);
	return finish(p, 0);
}

int tail_call_bad(struct page *page)
{
	u8 *p = kmap_local_page(page);			/* expect: kmap-leak */

	if (p[0] != 'K')
		return finish(p, -EINVAL);
	if (verify(p))
		return -EIO;
	return finish(p, 0);
}

/* freed and read after */
int after_bad(struct page *page, u32 *len)
{
	struct { u32 magic, len; } *h = kmap_local_page(page);

	if (h->magic != 5) {
		kunmap_local(h);
		log_msg("bad magic %x\n", h->magic);	/* expect: kmap-use-after-unmap */
		return -EINVAL;
	}
	kunmap_local(h);
	*len = h->len;
	return 0;
}

int after_good(struct page *page, u32 *len)
{
	struct { u32 magic, len; } *h = kmap_local_page(page);	/* verdict: map=proved */
	u32 magic = h->magic;

	*len = h->len;
	kunmap_local(h);				/* verdict: unmap=proved */
	if (magic != 5) {
		log_msg("bad magic %x\n", magic);
		return -EINVAL;
	}
	return 0;
}

/* a pointer into the page kept in a list entry and used later */
int inner_after_bad(struct page *page)
{
	struct blk *b = kmap_local_page(page);
	u8 *name = (u8 *)b + b->off;

	kunmap_local(b);
	return consume_rec(name, 4);			/* expect: kmap-use-after-unmap */
}
