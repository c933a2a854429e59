// SPDX-License-Identifier: GPL-2.0-or-later
/* Ways through a function: cleanup attributes, guards, ladders, loops of all kinds, macros, callbacks, several results at once. */
#include "kmap-case.h"

/* as in <linux/cleanup.h>, in words of our own */
#define CLEANUP(fn) __attribute__((__cleanup__(fn)))
#define DEFINE_AUTO(name, type, cond, call)					\
	static inline void __auto_##name(void *p)				\
	{ type _T = *(type *)p; if (cond) call; }
#define auto_free(name) CLEANUP(__auto_##name)
#define take_ptr(p) ({ __typeof__(p) __taken = (p); (p) = NULL; __taken; })
#define CONCAT_(a, b) a##b
#define CONCAT(a, b) CONCAT_(a, b)
#define with_lock(lk)								\
	for (struct held CONCAT(h, __LINE__) __maybe_unused CLEANUP(held_drop) = held_take(lk),	\
	     *once = (void *)1; once; once = NULL)

DEFINE_AUTO(unmap, void *, !IS_ERR_OR_NULL(_T), kunmap_local(_T))
DEFINE_AUTO(unmap_twice, void *, !IS_ERR_OR_NULL(_T), kunmap_local(_T))	/* expect: kmap-double-unmap */
DEFINE_AUTO(put, struct folio *, _T, folio_put(_T))

struct held {
	struct mutex *lock;
};

static inline struct held held_take(struct mutex *lock)
{
	struct held h = { .lock = lock };

	mutex_lock(lock);
	return h;
}

static inline void held_drop(struct held *h)
{
	mutex_unlock(h->lock);
}

struct rec {
	u32 magic, len, type;
	u8 data[];
};

struct parser {
	int (*begin)(struct parser *ps, const struct rec *r);
	int (*each)(struct parser *ps, const u8 *data, u32 n);
	void (*end)(struct parser *ps);
	struct mutex lock;
	struct page *page;
	unsigned int depth, max;
	u32 stats[4];
	bool strict;
};

typedef int (*page_fn)(void *addr, void *arg);

struct folio *next_folio(struct parser *ps);
struct page *nth(struct parser *ps, unsigned int n);
int parse(struct parser *ps, const void *p);
int again_later(struct parser *ps);
bool is_last_rec(const struct rec *r);
void complain(const char *fmt, ...);
void die(const char *why) __noreturn;
int commit(struct parser *ps, void *p);

/* cleanup does it on all ways out */
int auto_good(struct parser *ps, unsigned int n)
{
	struct folio *folio auto_free(put) = next_folio(ps);
	const struct rec *r auto_free(unmap) = NULL;

	if (!folio)
		return -ENOENT;
	r = kmap_local_folio(folio, 0);
	if (r->magic != 7)
		return -EUCLEAN;
	if (r->len > n)
		return -ENOSPC;
	return parse(ps, r);
}

/* what is returned was taken from it */
static void *auto_take(struct parser *ps, struct folio *folio)
{
	struct rec *r auto_free(unmap) = kmap_local_folio(folio, 0);

	if (r->magic != 7 || parse(ps, r))
		return NULL;
	return take_ptr(r);
}

int auto_take_good(struct parser *ps, struct folio *folio)
{
	struct rec *r = auto_take(ps, folio);
	int n;

	if (!r)
		return -EINVAL;
	n = r->len;
	kunmap_local(r);
	return n;
}

static void *auto_take2(struct parser *ps, struct folio *folio)
{
	struct rec *r auto_free(unmap) = kmap_local_folio(folio, 0);	/* expect: kmap-leak */

	if (r->magic != 7 || parse(ps, r))
		return NULL;
	return take_ptr(r);
}

int auto_take_bad(struct parser *ps, struct folio *folio)
{
	struct rec *r = auto_take2(ps, folio);

	if (!r)
		return -EINVAL;
	if (r->len > ps->max)
		return -ENOSPC;
	kunmap_local(r);
	return 0;
}

/* released by hand as well as by the attribute */
int auto_twice_bad(struct parser *ps, struct page *page)
{
	const struct rec *r auto_free(unmap_twice) = kmap_local_page(page);
	int err = parse(ps, r);

	if (err)
		return err;
	kunmap_local(r);
	return 0;
}

/* a lock in a scope around the mapping */
int scoped_good(struct parser *ps, struct page *page)
{
	int n = 0;

	with_lock(&ps->lock) {
		struct rec *r = kmap_local_page(page);

		n = r->len;
		kunmap_local(r);
	}
	return n;
}

int scoped_bad(struct parser *ps, struct page *page)
{
	int n = 0;

	with_lock(&ps->lock) {
		struct rec *r = kmap_local_page(page);	/* expect: kmap-leak */

		if (r->magic != 7)
			return -EUCLEAN;
		n = r->len;
		kunmap_local(r);
	}
	return n;
}

int scoped_break_good(struct parser *ps, struct page *page)
{
	int n = -EAGAIN;

	with_lock(&ps->lock) {
		struct rec *r;

		if (ps->depth > ps->max)
			break;
		r = kmap_local_page(page);
		n = parse(ps, r);
		kunmap_local(r);
	}
	return n;
}

/* three things taken in turn and given back in the opposite one */
int ladder_good(struct parser *ps, struct page *a, struct page *b)
{
	struct rec *x, *y;
	u32 *copy;
	int err;

	x = kmap_local_page(a);
	err = parse(ps, x);
	if (err < 0)
		goto unmap_x;
	copy = kmalloc(x->len, GFP_KERNEL);
	if (!copy) {
		err = -ENOMEM;
		goto unmap_x;
	}
	y = kmap_local_page(b);
	if (y->len != x->len) {
		err = -EINVAL;
		goto unmap_y;
	}
	memcpy(copy, y->data, x->len);
	err = ps->each(ps, y->data, y->len);
unmap_y:
	kunmap_local(y);
	kfree(copy);
unmap_x:
	kunmap_local(x);
	return err;
}

int ladder_bad(struct parser *ps, struct page *a, struct page *b)
{
	struct rec *x, *y;
	u32 *copy;
	int err;

	x = kmap_local_page(a);
	err = parse(ps, x);
	if (err < 0)
		goto unmap_x;
	y = kmap_local_page(b);				/* expect: kmap-leak */
	if (y->len != x->len) {
		err = -EINVAL;
		goto unmap_y;
	}
	copy = kmalloc(x->len, GFP_KERNEL);
	if (!copy) {
		err = -ENOMEM;
		goto unmap_x;
	}
	memcpy(copy, y->data, x->len);
	kfree(copy);
unmap_y:
	kunmap_local(y);
unmap_x:
	kunmap_local(x);
	return err;
}

/* retried with the page released in between */
int retry_until_good(struct parser *ps, unsigned int n)
{
	unsigned int tries = 5;
	struct rec *r;
	int err;

	do {
		r = kmap_local_page(nth(ps, n));
		err = parse(ps, r);
		kunmap_local(r);
	} while (err == -EAGAIN && --tries && !again_later(ps));
	return err;
}

int retry_until_bad(struct parser *ps, unsigned int n)
{
	struct rec *r;
	int err;

again:
	r = kmap_local_page(nth(ps, n));		/* expect: kmap-leak */
	err = parse(ps, r);
	if (err == -EAGAIN) {
		if (!again_later(ps))
			goto again;
		err = -EBUSY;
	}
	kunmap_local(r);
	return err;
}

/* the header of a loop does it all */
int for_header_good(struct parser *ps, unsigned int nr)
{
	unsigned int i = 0;
	struct rec *r;
	int n = 0;

	for (r = kmap_local_page(nth(ps, 0)); ; r = kmap_local_page(nth(ps, i))) {
		n += r->len;
		kunmap_local(r);
		if (++i >= nr)
			break;
	}
	return n;
}

int for_header_bad(struct parser *ps, unsigned int nr)
{
	unsigned int i = 0;
	struct rec *r;
	int n = 0;

	for (r = kmap_local_page(nth(ps, 0)); i < nr; r = kmap_local_page(nth(ps, i))) {	/* expect: kmap-leak*2 */
		n += r->len;
		kunmap_local(r);
		i++;
	}
	return n;
}

/* the next page is mapped before the last one goes: it has to come in other order */
int chain_rec_good(struct parser *ps, struct page *page)
{
	struct rec *r = kmap_local_page(page);
	unsigned int hops = 0;

	while (!is_last_rec(r) && hops++ < ps->max) {
		unsigned int n = r->type;

		kunmap_local(r);
		r = kmap_local_page(nth(ps, n));
	}
	hops += r->len;
	kunmap_local(r);
	return hops;
}

int chain_rec_bad(struct parser *ps, struct page *page)
{
	struct rec *r = kmap_local_page(page), *next;
	unsigned int hops = 0;

	while (!is_last_rec(r)) {
		next = kmap_local_page(nth(ps, r->type));
		kunmap_local(r);			/* expect: kmap-order */
		r = next;
		hops++;
	}
	kunmap_local(r);
	return hops;
}

/* a switch whose ends are all different */
int kinds_good(struct parser *ps, struct page *page)
{
	struct rec *r = kmap_local_page(page);
	u32 type = r->type;
	int ret;

	switch (type) {
	case 0:
		ret = 0;
		break;
	case 1 ... 3:
		ps->stats[type] += r->len;
		kunmap_local(r);
		return type;
	case 4:
		if (!ps->strict) {
			ret = -EINVAL;
			break;
		}
strict:
		complain("type %u\n", type);
		ret = -EUCLEAN;
		break;
	case 5:
		if (r->len)
			goto strict;
		die("empty");
	default:
		ret = ps->each(ps, r->data, r->len);
	}
	kunmap_local(r);
	return ret;
}

int kinds_bad(struct parser *ps, struct page *page)
{
	struct rec *r = kmap_local_page(page);		/* expect: kmap-leak */
	u32 type = r->type;

	switch (type) {
	case 0:
		kunmap_local(r);
		return 0;
	case 1 ... 3:
		ps->stats[type] += r->len;
		kunmap_local(r);
		return type;
	case 4:
		if (ps->strict)
			complain("type %u\n", type);
		return -EUCLEAN;
	default:
		break;
	}
	kunmap_local(r);
	return 0;
}

/* a page goes to a callback, the function stays the owner */
static int with_page(struct page *page, page_fn fn, void *arg)
{
	void *addr = kmap_local_page(page);
	int ret = fn(addr, arg);

	kunmap_local(addr);
	return ret;
}

static int count_fn(void *addr, void *arg)
{
	struct parser *ps = arg;
	struct rec *r = addr;

	if (r->type > 3)
		return -EINVAL;
	ps->stats[r->type]++;
	return 0;
}

int callback_good(struct parser *ps, struct page **pages, unsigned int nr)
{
	int err = 0;

	while (nr-- && !err)
		err = with_page(*pages++, count_fn, ps);
	return err;
}

static int with_page2(struct page *page, page_fn fn, void *arg)
{
	void *addr = kmap_local_page(page);
	int ret = fn(addr, arg);

	kunmap_local(addr);				/* missed: kmap-double-unmap */
	return ret;
}

static int drop_fn(void *addr, void *arg)
{
	struct parser *ps = arg;

	ps->depth++;
	kunmap_local(addr);
	return 0;
}

int callback_bad(struct parser *ps, struct page *page)
{
	return with_page2(page, drop_fn, ps);
}

/* hooks that may be missing; a failed begin needs no end */
int hooks_good(struct parser *ps)
{
	const struct rec *r = kmap_local_page(ps->page);
	int err = 0;

	if (ps->begin) {
		err = ps->begin(ps, r);
		if (err)
			goto unmap;
	}
	for (; !err && r->len; r = (const struct rec *)(r->data + 8)) {
		if (ps->each)
			err = ps->each(ps, r->data, 8);
		if (offset_in_page(r) > 4000)
			break;
	}
	if (ps->end)
		ps->end(ps);
unmap:
	kunmap_local((void *)((unsigned long)r & PAGE_MASK));
	return err;
}

/* a macro that jumps out, another one that maps and checks */
#define need(cond, code) do { if (!(cond)) { err = (code); goto fail; } } while (0)
#define map_rec(page) ({ struct rec *__r = kmap_local_page(page); ps->depth++; __r; })

int macro_good(struct parser *ps, struct page *page)
{
	struct rec *r = map_rec(page);
	int err;

	need(r->magic == 7, -EUCLEAN);
	need(r->len < 100, -EINVAL);
	err = ps->each(ps, r->data, r->len);
fail:
	kunmap_local(r);
	return err;
}

int macro_bad(struct parser *ps, struct page *page)
{
	struct rec *r;
	int err;

	need(ps->depth < ps->max, -ENOSPC);
	r = map_rec(page);				/* expect: kmap-leak */
	need(r->magic == 7, -EUCLEAN);
	err = ps->each(ps, r->data, r->len);
	kunmap_local(r);
	return err;
fail:
	complain("depth %u\n", ps->depth);
	return err;
}

/* more than one result: a flag says which of them hold */
static int locate(struct parser *ps, unsigned int n, struct rec **rp, bool *found)
{
	struct page *page = nth(ps, n);

	*found = false;
	*rp = NULL;
	if (!page)
		return -ENOENT;
	*rp = kmap_local_page(page);
	*found = (*rp)->magic == 7;
	if (!*found) {
		kunmap_local(*rp);
		*rp = NULL;
	}
	return 0;
}

int locate_good(struct parser *ps, unsigned int n)
{
	struct rec *r;
	bool found;
	int err = locate(ps, n, &r, &found);

	if (err)
		return err;
	if (found) {
		err = commit(ps, r);
		kunmap_local(r);
	}
	return err;
}

int locate_bad(struct parser *ps, unsigned int n)
{
	struct rec *r;
	bool found;
	int err = locate(ps, n, &r, &found);

	if (err)
		return err;
	if (!found)
		return -ENOENT;
	kunmap_local(r);
	return r->len;					/* expect: kmap-use-after-unmap */
}

/* the comma and the conditional operator */
u32 comma_good(struct parser *ps, struct page *page)
{
	u32 v;
	struct rec *r;

	return r = kmap_local_page(page), v = r->len, (ps->strict ? complain("%u\n", v) : (void)0), ({ kunmap_local(r); }), v;
}

int chosen_good(struct parser *ps, struct page *a, struct page *b)
{
	struct rec *r = kmap_local_page(ps->strict ? a : b);
	int n = r->magic == 7 ? (int)r->len : (ps->strict ? -EUCLEAN : 0);

	kunmap_local(r);
	return n;
}

int chosen_bad(struct page *a, struct page *b)
{
	struct rec *x = kmap_local_page(a);		/* expect: kmap-leak */
	struct rec *y = kmap_local_page(b), *best = y;
	int n;

	if (x->len > y->len)
		best = x;
	n = best->len;
	kunmap_local(y);
	if (best != y)
		kunmap_local(x);
	return n;
}
