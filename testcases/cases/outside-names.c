// SPDX-License-Identifier: GPL-2.0-or-later
/* Other names: descriptors laid over struct page, wrappers two deep, families chosen by an argument, tables of functions. */
#include "kmap-case.h"

/* a descriptor that is a page under another type */
struct zdesc {
	unsigned long flags;
	struct zdesc *next;
	unsigned int first_off;
};

#define zdesc_page(zd) ((struct page *)(zd))
#define page_zdesc(p) ((struct zdesc *)(p))

struct zhandle {
	struct zdesc *zd;
	unsigned int idx, size, class;
};

struct mapping_ops {
	void *(*map)(struct page *page);
	void (*unmap)(void *addr);
	int (*verify)(const void *addr, size_t n);
};

struct blob {
	const struct mapping_ops *ops;
	struct page **pages;
	u32 nr, pos;
};

struct tree_node {
	__le32 magic, nkeys;
	__le64 keys[8];
	__le64 kids[9];
};

struct tree {
	struct address_space *mapping;
	unsigned int height;
	struct mutex lock;
};

enum how { HOW_LOCAL, HOW_ATOMIC, HOW_KMAP };

struct page *tree_page(struct tree *t, u64 nr);
void use_bytes(const void *p, size_t n);
int check_bytes(const void *p, size_t n);
unsigned int obj_offset(const struct zhandle *h);

static inline void *map_zdesc(struct zdesc *zd)
{
	return kmap_local_page(zdesc_page(zd));
}

static void *zobj_begin(struct zhandle *h, void *copy)
{
	unsigned int off = obj_offset(h) & ~PAGE_MASK;
	struct zdesc *zd = h->zd;
	void *addr;

	if (off + h->size <= PAGE_SIZE) {
		addr = map_zdesc(zd);
		addr += off;
	} else {
		size_t n = PAGE_SIZE - off;

		addr = copy;
		memcpy_from_page(addr, zdesc_page(zd), off, n);
		memcpy_from_page(addr + n, zdesc_page(zd->next), 0, h->size - n);
	}
	if (!h->class)
		addr += 8;
	return addr;
}

static void zobj_end(struct zhandle *h, void *addr)
{
	unsigned int off = obj_offset(h) & ~PAGE_MASK;

	if (off + h->size <= PAGE_SIZE) {
		if (!h->class)
			addr -= 8;
		kunmap_local(addr);
	}
}

void zobj_good(struct zhandle *h, void *copy)
{
	void *p = zobj_begin(h, copy);

	use_bytes(p, h->size);
	zobj_end(h, p);
}

/* the list of pages of an object */
void zlist_good(struct zdesc *zd, u32 seed)
{
	unsigned int off = zd->first_off;

	while (zd) {
		u32 *p = map_zdesc(zd) + off;

		while (offset_in_page(p) < PAGE_SIZE - 64) {
			*p = seed++;
			p += 16;
		}
		*p = 0;
		kunmap_local(p);
		zd = zd->next;
		off = 0;
	}
}

static inline void *map_zdesc2(struct zdesc *zd)
{
	return kmap_local_page(zdesc_page(zd));		/* expect: kmap-leak */
}

int zlist_bad(struct zdesc *zd, u32 want)
{
	for (; zd; zd = zd->next) {
		u32 *p = map_zdesc2(zd);

		if (*p != want)
			return -EUCLEAN;
		kunmap_local(p);
	}
	return 0;
}

/* the family is an argument */
static inline void *map_how(struct page *page, enum how how)
{
	switch (how) {
	case HOW_ATOMIC:
		return kmap_atomic(page);
	case HOW_KMAP:
		return kmap(page);
	default:
		return kmap_local_page(page);
	}
}

static inline void unmap_how(struct page *page, void *addr, enum how how)
{
	if (how == HOW_ATOMIC)
		kunmap_atomic(addr);
	else if (how == HOW_KMAP)
		kunmap(page);
	else
		kunmap_local(addr);
}

int how_good(struct page *a, struct page *b, enum how how)
{
	void *x = map_how(a, HOW_KMAP), *y = map_how(b, how);
	int n = memcmp(x, y, PAGE_SIZE);

	unmap_how(b, y, how);
	unmap_how(a, x, HOW_KMAP);
	return n;
}

static inline void unmap_how2(struct page *page, void *addr, enum how how)
{
	if (how == HOW_KMAP)
		kunmap(page);
	else
		kunmap_local(addr);			/* expect: kmap-wrong-arg */
}

void how_bad(struct page *page)
{
	void *x = map_how(page, HOW_ATOMIC);

	use_bytes(x, 10);
	unmap_how2(page, x, HOW_LOCAL);
}

/* whoever is asked for a mapping is not known, so it is not known what it is either */
int ops_good(struct blob *b, u32 n)
{
	void *p = b->ops->map ? b->ops->map(b->pages[n]) : kmap_local_page(b->pages[n]);
	int err = b->ops->verify(p, PAGE_SIZE);

	if (b->ops->map)
		b->ops->unmap(p);
	else
		kunmap_local(p);
	return err;
}

static void *local_map(struct page *page)
{
	return kmap_local_page(page);
}

static void local_unmap(void *addr)
{
	kunmap_local(addr);
}

static int local_verify(const void *addr, size_t n)
{
	return check_bytes(addr, n);
}

static const struct mapping_ops local_ops = {
	.map = local_map,
	.unmap = local_unmap,
	.verify = local_verify,
};

int ops_known_good(struct page *page)
{
	void *p = local_ops.map(page);
	int err = local_ops.verify(p, 16);

	local_ops.unmap(p);
	return err;
}

const struct mapping_ops *ops_of(void)
{
	return &local_ops;
}

/* one mapping kept over the calls of an ops table that was handed in */
int ops_between_bad(struct blob *b)
{
	void *p = kmap_local_page(b->pages[0]);		/* expect: kmap-leak */
	int err = b->ops->verify(p, 16);

	if (!err)
		err = b->ops->verify(p + 16, 16);
	if (err == -EAGAIN)
		err = 0;
	else if (err)
		return err;
	kunmap_local(p);
	return 0;
}

/* down a tree: the node is left before its child is entered */
static struct tree_node *node_get(struct tree *t, u64 nr)
{
	struct page *page = tree_page(t, nr);
	struct tree_node *n;

	if (IS_ERR_OR_NULL(page))
		return page ? ERR_CAST(page) : ERR_PTR(-ENOENT);
	n = kmap_local_page(page);
	if (n->magic != 0x74726565 || n->nkeys > 8) {
		kunmap_local(n);
		return ERR_PTR(-EUCLEAN);
	}
	return n;
}

static inline void node_put(struct tree_node *n)
{
	if (!IS_ERR_OR_NULL(n))
		kunmap_local(n);
}

int tree_find_good(struct tree *t, u64 root, u64 key, u64 *val)
{
	unsigned int level = t->height, i;
	struct tree_node *n = node_get(t, root);
	u64 kid;

	while (!IS_ERR(n)) {
		for (i = 0; i < n->nkeys; i++)
			if (key < n->keys[i])
				break;
		kid = n->kids[i];
		node_put(n);
		if (!level--) {
			*val = kid;
			return 0;
		}
		n = node_get(t, kid);
	}
	return PTR_ERR(n);
}

static struct tree_node *node_get2(struct tree *t, u64 nr)
{
	struct page *page = tree_page(t, nr);

	if (IS_ERR_OR_NULL(page))
		return page ? ERR_CAST(page) : ERR_PTR(-ENOENT);
	return kmap_local_page(page);			/* expect: kmap-leak */
}

int tree_find_bad(struct tree *t, u64 root, u64 key, u64 *val)
{
	unsigned int level = t->height, i;
	struct tree_node *n = node_get2(t, root);
	u64 kid;

	while (!IS_ERR(n)) {
		for (i = 0; i < n->nkeys; i++)
			if (key < n->keys[i])
				break;
		if (i == 8)
			return -ENOENT;
		kid = n->kids[i];
		node_put(n);
		if (!level--) {
			*val = kid;
			return 0;
		}
		n = node_get2(t, kid);
	}
	return PTR_ERR(n);
}

/* into a tree by recursion: all nodes on the way stay mapped */
int tree_walk_good(struct tree *t, u64 nr, unsigned int level)
{
	struct tree_node *n = node_get(t, nr);
	int err = 0;
	u32 i;

	if (IS_ERR(n))
		return PTR_ERR(n);
	for (i = 0; level && i < n->nkeys && !err; i++)
		err = tree_walk_good(t, n->kids[i], level - 1);
	node_put(n);
	return err;
}

int tree_split_good(struct tree *t, u64 left, u64 right)
{
	struct tree_node *l, *r;
	int err = 0;

	mutex_lock(&t->lock);
	l = node_get(t, left);
	if (IS_ERR(l)) {
		err = PTR_ERR(l);
		goto unlock;
	}
	r = node_get(t, right);
	if (IS_ERR(r)) {
		err = PTR_ERR(r);
		goto put_left;
	}
	memcpy(r->keys, l->keys + 4, 32);
	r->nkeys = l->nkeys = 4;
	node_put(r);
put_left:
	node_put(l);
unlock:
	mutex_unlock(&t->lock);
	return err;
}

static struct tree_node *node_get3(struct tree *t, u64 nr)
{
	struct page *page = tree_page(t, nr);

	return page ? kmap_local_page(page) : NULL;	/* expect: kmap-leak */
}

int tree_split_bad(struct tree *t, u64 left, u64 right)
{
	struct tree_node *l, *r;

	l = node_get3(t, left);
	if (!l)
		return -ENOENT;
	r = node_get3(t, right);
	if (!r)
		return -ENOENT;
	memcpy(r->keys, l->keys + 4, 32);
	node_put(r);
	node_put(l);
	return 0;
}

static inline void node_put2(struct tree_node *n)
{
	kunmap_local(n);				/* expect: kmap-wrong-arg */
}

int tree_peek_bad(struct tree *t, u64 nr)
{
	struct tree_node *n = node_get(t, nr);
	int err = 0;

	if (IS_ERR(n))
		err = PTR_ERR(n);
	node_put2(n);
	return err;
}

/* kunmap() is by page, kmap() twice is released twice */
int twice_good(struct page *page)
{
	u8 *p = kmap(page), *q = kmap(page);
	int n = p[0] + q[1];

	kunmap(page);
	kunmap(page);
	return n;
}

int twice_bad(struct page *page, bool again)
{
	u8 *p = kmap(page);
	int n = p[0];

	if (again) {
		kunmap(page);
		n += 1;
	}
	kunmap(page);					/* expect: kmap-double-unmap */
	return n;
}

/* page by page through a folio, the address goes on until its page ends */
u32 folio_words_good(struct folio *folio, size_t from, size_t to)
{
	u32 sum = 0, *p = NULL;

	for (; from < to; from += 4) {
		if (!p || !offset_in_page(from)) {
			if (p)
				kunmap_local(p - 1);
			p = kmap_local_folio(folio, from);
		}
		sum += *p++;
	}
	if (p)
		kunmap_local(p - 1);
	return sum;
}

u32 folio_words_bad(struct folio *folio, size_t n)
{
	u32 sum = 0, *p = kmap_local_folio(folio, 0);
	size_t i;

	for (i = 0; i < n && i < PAGE_SIZE / 4; i++)
		sum += *p++;
	kunmap_local(p);				/* expect[sparse]: kmap-wrong-arg -- gcc makes one condition of two; missed: kmap-wrong-arg */
	return sum;
}
