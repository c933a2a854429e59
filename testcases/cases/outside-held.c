// SPDX-License-Identifier: GPL-2.0-or-later
/* Mappings held in structs of a driver's own: begin and end, iterators, addresses with an offset or with flags in them, by value. */
#include "kmap-case.h"

struct view {
	struct page *page;
	void *addr;
	u32 off, len;
};

struct iter {
	struct page **pages;
	unsigned int nr, idx;
	u8 *addr, *pos, *end;
	unsigned int mapped:1, done:1, ro:1;
};

struct pair {
	struct view a, b;
};

struct txn {
	struct list_head list;
	struct view *views;
	unsigned int nr;
	struct pair *pair;
	u8 *cur;
	int err;
};

struct tagged {
	unsigned long word;
	struct page *page;
};

#define TAG_MAPPED 1UL
#define TAG_DIRTY 2UL
#define TAG_MASK 3UL

union cursor {
	struct {
		void *addr;
		u32 left;
	};
	struct view view;
};

int look_at(const void *p, u32 n);
int alter(void *p, u32 n);
bool more(void);
void tell(const char *what, ...);
struct page *page_at(unsigned long pos);

/* begin and end over a struct, which both also do nothing */
static void view_begin(struct view *v, struct page *page, u32 off, u32 len)
{
	v->page = page;
	v->off = off & (PAGE_SIZE - 1);
	v->len = len;
	v->addr = page ? (u8 *)kmap_local_page(page) + v->off : NULL;
}

static void view_end(struct view *v)
{
	if (!v->addr)
		return;
	kunmap_local((u8 *)v->addr - v->off);
	v->addr = NULL;
}

int view_sum_good(struct page *page, u32 off)
{
	struct view v;
	int n;

	view_begin(&v, page, off, 64);
	n = v.addr ? look_at(v.addr, v.len) : 0;
	view_end(&v);
	return n;
}

int view_two_good(struct page *p, struct page *q)
{
	struct view v, w;
	int n;

	view_begin(&v, p, 0, 64);
	view_begin(&w, q, 128, 64);
	n = memcmp(v.addr, w.addr, 64);
	view_end(&w);
	view_end(&v);
	return n;
}

static void view_end2(struct view *v)
{
	if (!v->addr)
		return;
	kunmap_local((u8 *)v->addr - v->off);		/* expect: kmap-order */
	v->addr = NULL;
}

int view_two_bad(struct page *p, struct page *q)
{
	struct view v, w;
	int n;

	view_begin(&v, p, 0, 64);
	view_begin(&w, q, 128, 64);
	n = memcmp(v.addr, w.addr, 64);
	view_end2(&v);
	view_end2(&w);
	return n;
}

static int view_open(struct view *v, unsigned long pos)
{
	v->page = page_at(pos);
	if (!v->page)
		return -ENOENT;
	v->addr = kmap_local_page(v->page);		/* expect: kmap-leak */
	v->len = *(u32 *)v->addr;
	if (v->len > PAGE_SIZE)
		return -EUCLEAN;
	return 0;
}

int view_open_bad(unsigned long pos)
{
	struct view v;
	int ret = view_open(&v, pos);

	if (ret)
		return ret;
	ret = look_at(v.addr, v.len);
	kunmap_local(v.addr);
	return ret;
}

static int view_open_checked(struct view *v, unsigned long pos)
{
	v->page = page_at(pos);
	if (!v->page)
		return -ENOENT;
	v->addr = kmap_local_page(v->page);
	v->len = *(u32 *)v->addr;
	if (v->len > PAGE_SIZE) {
		kunmap_local(v->addr);
		return -EUCLEAN;
	}
	return 0;
}

int view_open_good(unsigned long pos)
{
	struct view v;
	int ret = view_open_checked(&v, pos);

	if (ret < 0)
		return ret;
	ret = look_at(v.addr, v.len);
	kunmap_local(v.addr);
	return ret;
}

/* the struct comes back by value */
static struct view view_of(struct page *page, u32 off)
{
	struct view v = { .page = page, .off = off };

	v.addr = kmap_local_page(page);
	return v;
}

static void view_drop(struct view v)
{
	kunmap_local(v.addr);
}

int by_value_good(struct page *page)
{
	struct view v = view_of(page, 16);
	int n = look_at(v.addr + v.off, 4);

	view_drop(v);
	return n;
}

static struct view view_of2(struct page *page)
{
	struct view v = { .page = page };

	v.addr = kmap_local_page(page);			/* missed: kmap-leak */
	return v;
}

int by_value_bad(struct page *page)
{
	struct view v = view_of2(page);

	if (look_at(v.addr, 4))
		return -EINVAL;
	view_drop(v);
	return 0;
}

/* an iterator: next() leaves the page that it is on, and the last one by itself */
static bool iter_next(struct iter *it)
{
	if (it->mapped) {
		kunmap_local(it->addr);
		it->mapped = 0;
	}
	if (it->idx == it->nr) {
		it->done = 1;
		return false;
	}
	it->addr = kmap_local_page(it->pages[it->idx++]);
	it->mapped = 1;
	it->pos = it->addr;
	it->end = it->addr + PAGE_SIZE;
	return true;
}

static void iter_stop(struct iter *it)
{
	if (it->mapped)
		kunmap_local(it->addr);
	it->mapped = 0;
}

int iter_find_good(struct page **pages, unsigned int nr, u8 what)
{
	struct iter it = { .pages = pages, .nr = nr };
	int found = 0;

	while (!found && iter_next(&it)) {
		while (it.pos < it.end)
			if (*it.pos++ == what) {
				found = 1;
				break;
			}
	}
	iter_stop(&it);
	return found;
}

static bool iter_next2(struct iter *it)
{
	if (it->mapped) {
		kunmap_local(it->addr);
		it->mapped = 0;
	}
	if (it->idx == it->nr)
		return false;
	it->addr = kmap_local_page(it->pages[it->idx++]);	/* expect: kmap-leak */
	it->mapped = 1;
	return true;
}

int iter_find_bad(struct page **pages, unsigned int nr, u8 what)
{
	struct iter it = { .pages = pages, .nr = nr };

	while (iter_next2(&it)) {
		if (memchr(it.addr, what, PAGE_SIZE))
			return 1;
	}
	iter_stop(&it);
	return 0;
}

/* macro around the iterator, as lists have */
#define iter_for_each(it)	for (; iter_next(it);)

int iter_macro_good(struct page **pages, unsigned int nr)
{
	struct iter it = { .pages = pages, .nr = nr };
	int n = 0;

	iter_for_each(&it)
		n += it.addr[n & 1023];
	return n;
}

/* next() forgets that it released what it had */
static u8 *iter_step(struct iter *it)
{
	if (it->addr)
		kunmap_local(it->addr);			/* expect: kmap-double-unmap */
	if (it->idx >= it->nr)
		return NULL;
	it->addr = kmap_local_page(it->pages[it->idx++]);
	return it->addr;
}

int iter_step_bad(struct page **pages, unsigned int nr)
{
	struct iter it = { .pages = pages, .nr = nr };
	int n = 0;

	while (iter_step(&it))
		n += it.addr[0];
	if (!n && !iter_step(&it))
		n = -1;
	return n;
}

/* offset added, kept in the field, and taken off again by the mask */
int masked_good(struct view *v, struct page *page)
{
	u8 *p;

	v->addr = (u8 *)kmap_local_page(page) + (v->off & 0xfff);
	p = v->addr;
	*p = 1;
	kunmap_local((void *)((unsigned long)v->addr & PAGE_MASK));
	v->addr = NULL;
	return *(u8 *)&v->len;
}

int added_bad(struct page *page, u32 len)
{
	struct view v = { .page = page, .len = len };

	if (len == 0 || len > PAGE_SIZE)
		return -EINVAL;
	v.addr = kmap_local_page(page);
	look_at(v.addr, len);
	v.addr += len;
	kunmap_local(v.addr);				/* expect: kmap-wrong-arg */
	return 0;
}

int added_good(struct page *page, u32 len)
{
	struct view v = { .page = page, .len = len };

	if (len == 0 || len > PAGE_SIZE)
		return -EINVAL;
	v.addr = kmap_local_page(page);
	look_at(v.addr, len);
	v.addr += len - 1;
	kunmap_local(v.addr);
	return 0;
}

/* the lowest bits of the word say whether it is an address */
static void tag_map(struct tagged *t, bool write)
{
	t->word = (unsigned long)kmap_local_page(t->page) | TAG_MAPPED;
	if (write)
		t->word |= TAG_DIRTY;
}

static void *tag_addr(const struct tagged *t)
{
	return (void *)(t->word & ~TAG_MASK);
}

static void tag_unmap(struct tagged *t)
{
	if (t->word & TAG_MAPPED)
		kunmap_local(tag_addr(t));
	if (t->word & TAG_DIRTY)
		set_page_dirty(t->page);
	t->word = 0;
}

int tagged_good(struct page *page, bool write)
{
	struct tagged t = { .page = page };
	int n;

	tag_map(&t, write);
	n = look_at(tag_addr(&t), 4);
	tag_unmap(&t);
	return n;
}

static void tag_map2(struct tagged *t)
{
	t->word = (unsigned long)kmap_local_page(t->page) | TAG_MAPPED;	/* expect: kmap-leak */
}

int tagged_bad(struct page *page)
{
	struct tagged t = { .page = page };
	int n;

	tag_map2(&t);
	n = look_at(tag_addr(&t), 4);
	if (n < 0)
		return n;
	tag_unmap(&t);
	return n;
}

/* two views in one struct, begun and ended together */
static int pair_begin(struct pair *p, struct page *a, struct page *b)
{
	if (!a || !b)
		return -EINVAL;
	p->a.addr = kmap_local_page(a);
	p->b.addr = kmap_local_page(b);
	return 0;
}

static void pair_end(struct pair *p)
{
	kunmap_local(p->b.addr);
	kunmap_local(p->a.addr);
}

int pair_good(struct page *a, struct page *b)
{
	struct pair p;
	int n;

	n = pair_begin(&p, a, b);
	if (!n) {
		n = memcmp(p.a.addr, p.b.addr, PAGE_SIZE);
		pair_end(&p);
	}
	return n;
}

int pair_bad(struct page *a, struct page *b)
{
	struct pair p;

	p.a.addr = kmap_local_page(a);
	p.b.addr = p.a.addr;
	if (b != a)
		p.b.addr = kmap_local_page(b);
	alter(p.a.addr, 4);
	kunmap_local(p.b.addr);
	kunmap_local(p.a.addr);			/* expect: kmap-double-unmap */
	return 0;
}

/* kept in a structure that was allocated, with a pointer to it handed on */
static struct view *view_new(struct page *page)
{
	struct view *v = kzalloc(sizeof(*v), GFP_KERNEL);

	if (!v)
		return NULL;
	v->page = page;
	v->addr = kmap_local_page(page);
	return v;
}

static void view_free(struct view *v)
{
	if (!v)
		return;
	kunmap_local(v->addr);
	kfree(v);
}

int heap_good(struct page *page)
{
	struct view *v = view_new(page);
	int n;

	if (!v)
		return -ENOMEM;
	n = look_at(v->addr, 8);
	view_free(v);
	return n;
}

static struct view *view_new2(struct page *page)
{
	struct view *v = kzalloc(sizeof(*v), GFP_KERNEL);

	if (!v)
		return NULL;
	v->addr = kmap_local_page(page);		/* expect: kmap-leak */
	return v;
}

int heap_bad(struct page *page)
{
	struct view *v = view_new2(page);
	int n;

	if (!v)
		return -ENOMEM;
	n = *(int *)v->addr;
	if (n < 0) {
		kfree(v);
		return -EINVAL;
	}
	view_free(v);
	return n;
}

/* an array of views on the stack, unwound when one fails */
int array_good(struct page **pages, u32 *offs)
{
	struct view v[3] = {};
	int i, err = 0;

	for (i = 0; i < 3; i++) {
		if (offs[i] >= PAGE_SIZE) {
			err = -EINVAL;
			break;
		}
		v[i].addr = kmap_local_page(pages[i]);
		v[i].off = offs[i];
	}
	if (!err)
		err = memcmp(v[0].addr, v[2].addr, 16);
	while (--i >= 0)
		kunmap_local(v[i].addr);
	return err;
}

int array_bad(struct page **pages, u32 *offs)
{
	struct view v[3];
	int i;

	for (i = 0; i < 3; i++) {
		if (offs[i] >= PAGE_SIZE)
			return -EINVAL;
		v[i].addr = kmap_local_page(pages[i]);	/* expect: kmap-leak */
	}
	for (i = 2; i >= 0; i--)
		kunmap_local(v[i].addr);
	return 0;
}

/* the same storage as one or the other */
int union_held_good(struct page *page, u32 n)
{
	union cursor c = { .addr = kmap_local_page(page), .left = n };
	int sum = 0;

	while (c.left--)
		sum += ((u8 *)c.addr)[c.left & 4095];
	kunmap_local(c.addr);
	return sum;
}

/* embedded, found again through the member */
static struct txn *pair_txn(struct pair **p)
{
	return container_of(p, struct txn, pair);
}

void embedded_good(struct txn *t, struct page *page)
{
	struct pair **p = &t->pair;

	t->cur = kmap_local_page(page);
	t->cur[0] = 0;
	kunmap_local(pair_txn(p)->cur);
	t->cur = NULL;
}

void embedded_bad(struct txn *t, struct page *page)
{
	struct pair **p = &t->pair;

	t->cur = kmap_local_page(page);			/* expect: kmap-leak */
	t->cur[0] = 0;
	pair_txn(p)->cur = NULL;
	kfree(*p);
}

/* a bit-field says whether this one was mapped or came mapped */
int borrowed_good(struct iter *it, struct page *page)
{
	int n;

	it->ro = 0;
	if (!it->addr) {
		it->addr = kmap_local_page(page);
		it->ro = 1;
	}
	n = it->addr[7];
	if (it->ro) {
		kunmap_local(it->addr);
		it->addr = NULL;
	}
	return n;
}

int borrowed_bad(struct iter *it, struct page *page)
{
	int n;

	it->ro = 0;
	if (!it->addr) {
		it->addr = kmap_local_page(page);	/* expect: kmap-leak */
		it->ro = 1;
	}
	n = it->addr[7];
	if (it->done) {
		kunmap_local(it->addr);
		it->addr = NULL;
	}
	it->addr = NULL;
	return n;
}
