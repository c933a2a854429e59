// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory management and compression: pools of compressed pages, swapping in, migration, probes in text, workspaces, crypto walks. */
#include "kmap-case.h"

#define POOL_BITS 6

struct pool_obj {
	struct page *first, *second;
	u32 off, size;
};

struct pool_cpu {
	char *bounce;
	void *addr[2];
	bool spans, copied;
	u8 mode;
};

struct pool {
	spinlock_t lock;
	struct pool_cpu *cpu;
	unsigned long stored;
};

struct swap_entry {
	struct pool *pool;
	unsigned long handle;
	unsigned int length;
	bool same_filled;
	unsigned long value;
};

struct workspace {
	void *mem;
	char *buf;
	struct list_head list;
	struct in_buf {
		const void *src;
		size_t size, pos;
	} in;
	struct out_buf {
		void *dst;
		size_t size, pos;
	} out;
};

struct walk {
	struct scatter_walk in, out;
	void *src, *dst;
	unsigned int nbytes, flags;
	struct page *page;
};

#define WALK_SLOW 1
#define WALK_DIFF 2

struct pool_obj *pool_find(struct pool *pool, unsigned long handle);
int unpack(struct swap_entry *e, void *to, const void *from);
size_t z_step(void *mem, struct in_buf *in, struct out_buf *out);
bool z_error(size_t ret);
void *bounce_alloc(size_t n);
bool pages_adjacent(struct page *a, struct page *b);
int cipher_block(void *to, const void *from, unsigned int n);
bool text_matches(const void *p, u32 insn);
void pte_unlock(pte_t *pte);

/* an object that may lie on two pages: mapped as one, or copied together */
static void *pool_map(struct pool *pool, unsigned long handle)
{
	struct pool_obj *obj = pool_find(pool, handle);
	struct pool_cpu *c = pool->cpu;
	u32 head;

	spin_lock(&pool->lock);
	if (obj->off + obj->size <= PAGE_SIZE) {
		c->spans = false;
		c->addr[0] = kmap_local_page(obj->first);
		return (char *)c->addr[0] + obj->off;
	}
	c->spans = true;
	head = PAGE_SIZE - obj->off;
	memcpy_from_page(c->bounce, obj->first, obj->off, head);
	memcpy_from_page(c->bounce + head, obj->second, 0, obj->size - head);
	return c->bounce;
}

static void pool_unmap(struct pool *pool, unsigned long handle)
{
	struct pool_obj *obj = pool_find(pool, handle);
	struct pool_cpu *c = pool->cpu;

	if (obj->off + obj->size <= PAGE_SIZE)
		kunmap_local(c->addr[0]);
	spin_unlock(&pool->lock);
}

u32 pool_sum_good(struct pool *pool, unsigned long handle, size_t n)
{
	u8 *p = pool_map(pool, handle);
	u32 sum = crc32_le(~0u, p, n);

	pool_unmap(pool, handle);
	return sum;
}

/* both of the pages mapped at once, the second one only if there is one */
int pool_cmp_good(struct pool_obj *obj, const u8 *with)
{
	u8 *a = kmap_local_page(obj->first), *b = NULL;
	u32 head = min_t(u32, obj->size, PAGE_SIZE - obj->off);
	int ret;

	if (head < obj->size)
		b = kmap_local_page(obj->second);
	ret = memcmp(a + obj->off, with, head);
	if (!ret && b)
		ret = memcmp(b, with + head, obj->size - head);
	if (b)
		kunmap_local(b);
	kunmap_local(a);
	return ret;
}

int pool_cmp_bad(struct pool_obj *obj, const u8 *with)
{
	u8 *a = kmap_local_page(obj->first), *b = NULL;
	u32 head = min_t(u32, obj->size, PAGE_SIZE - obj->off);
	int ret;

	if (head < obj->size)
		b = kmap_local_page(obj->second);	/* expect: kmap-leak */
	ret = memcmp(a + obj->off, with, head);
	if (!ret && b) {
		ret = memcmp(b, with + head, obj->size - head);
		kunmap_local(b);
	}
	kunmap_local(a);
	return ret;
}

/* what was swapped out comes back: same-filled pages need no store */
static void fill_same(void *ptr, unsigned long value)
{
	unsigned long *p = ptr;
	unsigned int i;

	for (i = 0; i < PAGE_SIZE / sizeof(*p); i++)
		p[i] = value;
}

bool swap_in_good(struct swap_entry *e, struct folio *folio)
{
	void *dst, *src;
	int err;

	dst = kmap_local_folio(folio, 0);
	if (e->same_filled) {
		fill_same(dst, e->value);
		err = 0;
	} else {
		src = pool_map(e->pool, e->handle);
		err = unpack(e, dst, src);
		pool_unmap(e->pool, e->handle);
	}
	kunmap_local(dst);
	if (err)
		return false;
	flush_dcache_folio(folio);
	folio_mark_uptodate(folio);
	return true;
}

bool swap_in_bad(struct swap_entry *e, struct folio *folio, const void *stored)
{
	void *dst;
	int err;

	if (e->same_filled) {
		dst = kmap_local_folio(folio, 0);
		fill_same(dst, e->value);
		kunmap_local(dst);
		flush_dcache_folio(folio);
		folio_mark_uptodate(folio);
		return true;
	}
	dst = kmap_local_folio(folio, 0);		/* expect: kmap-leak */
	if (e->length == PAGE_SIZE) {
		memcpy(dst, stored, PAGE_SIZE);		/* expect: dcache-missing-flush */
		goto done;
	}
	err = unpack(e, dst, stored);
	kunmap_local(dst);
	if (err)
		return false;
	flush_dcache_folio(folio);
done:
	folio_mark_uptodate(folio);
	return true;
}

static void fill_same2(void *ptr, unsigned long value)
{
	unsigned long *p = ptr;
	unsigned int i;

	for (i = 0; i < PAGE_SIZE / sizeof(*p); i++)
		p[i] = value;				/* expect: dcache-missing-flush */
}

void swap_zero_bad(struct folio *folio)
{
	void *dst = kmap_local_folio(folio, 0);

	fill_same2(dst, 0);
	kunmap_local(dst);
	folio_end_read(folio, true);
}

/* migration: what a device wrote is taken over page by page */
int migrate_pages_good(struct page **dst, struct page **src, unsigned long npages)
{
	unsigned long i;

	for (i = 0; i < npages; i++) {
		char *to, *from;

		if (!src[i] || !dst[i])
			continue;
		from = kmap_local_page(src[i]);
		to = kmap_local_page(dst[i]);
		memcpy(to, from, PAGE_SIZE);
		kunmap_local(to);
		kunmap_local(from);
		flush_dcache_page(dst[i]);
		SetPageUptodate(dst[i]);
	}
	return 0;
}

int migrate_pages_bad(struct page **dst, struct page **src, unsigned long npages)
{
	unsigned long i = 0;

	do {
		char *to, *from;

		if (!src[i])
			continue;
		from = kmap_local_page(src[i]);
		to = kmap_local_page(dst[i]);
		memcpy(to, from, PAGE_SIZE);		/* missed: dcache-wrong-folio */
		kunmap_local(to);
		kunmap_local(from);
		flush_dcache_page(src[i]);
		SetPageUptodate(dst[i]);
	} while (++i < npages);
	return 0;
}

/* an instruction replaced: the text before it is looked at, in the old page and in the new one */
int probe_write_good(struct vm_area_struct *vma, unsigned long vaddr, pte_t *pte, struct page *old, u32 insn)
{
	struct page *new = alloc_page(GFP_HIGHUSER);
	u8 *p;

	if (!new)
		return -ENOMEM;
	p = kmap_local_page(old);
	if (text_matches(p + (vaddr & ~PAGE_MASK), insn)) {
		kunmap_local(p);
		__free_page(new);
		return 0;
	}
	kunmap_local(p);
	copy_user_highpage(new, old, vaddr, vma);
	p = kmap_local_page(new);
	memcpy(p + (vaddr & ~PAGE_MASK), &insn, sizeof(insn));
	kunmap_local(p);
	flush_dcache_page(new);
	set_pte_at(vma->vm_mm, vaddr, pte, mk_pte(new, vma->vm_page_prot));
	pte_unlock(pte);
	return 1;
}

int probe_write_bad(struct vm_area_struct *vma, unsigned long vaddr, pte_t *pte, struct page *old, u32 insn)
{
	struct page *new = alloc_page(GFP_HIGHUSER);
	u8 *p;

	if (!new)
		return -ENOMEM;
	copy_user_highpage(new, old, vaddr, vma);
	flush_dcache_page(new);
	p = kmap_local_page(new);
	memcpy(p + (vaddr & ~PAGE_MASK), &insn, sizeof(insn));	/* expect: dcache-early-flush */
	kunmap_local(p);
	set_pte_at(vma->vm_mm, vaddr, pte, mk_pte(new, vma->vm_page_prot));
	pte_unlock(pte);
	return 1;
}

/* a workspace that holds both of the mappings between the calls of the library */
int z_pages_good(struct workspace *ws, struct page **in, struct page **out, unsigned long nin, unsigned long nout)
{
	unsigned long i = 0, o = 0;
	int err = 0;

	ws->in.src = kmap_local_page(in[0]);
	ws->in.size = PAGE_SIZE;
	ws->in.pos = 0;
	for (;;) {
		size_t ret;

		ws->out.dst = kmap_local_page(out[o]);
		ws->out.size = PAGE_SIZE;
		ws->out.pos = 0;
		ret = z_step(ws->mem, &ws->in, &ws->out);
		kunmap_local(ws->out.dst);
		if (z_error(ret)) {
			err = -EIO;
			break;
		}
		if (!ret)
			break;
		if (ws->out.pos == PAGE_SIZE && ++o == nout) {
			err = -ENOSPC;
			break;
		}
		if (ws->in.pos == ws->in.size) {
			kunmap_local(ws->in.src);
			ws->in.src = NULL;
			if (++i == nin)
				break;
			ws->in.src = kmap_local_page(in[i]);
			ws->in.pos = 0;
		}
	}
	if (ws->in.src)
		kunmap_local(ws->in.src);
	return err;
}

int z_pages_bad(struct workspace *ws, struct page **in, struct page **out, unsigned long nin)
{
	struct in_buf ib = { .size = PAGE_SIZE };
	unsigned long i = 0;
	int err = 0;

	ib.src = kmap_local_page(in[0]);		/* expect: kmap-leak */
	for (;;) {
		struct out_buf ob = { .size = PAGE_SIZE };

		ob.dst = kmap_local_page(out[i]);
		memcpy(ob.dst, ib.src, PAGE_SIZE);
		kunmap_local(ob.dst);
		if (z_error(i)) {
			err = -EIO;
			goto done;
		}
		kunmap_local(ib.src);
		ib.src = NULL;
		if (++i == nin)
			break;
		ib.src = kmap_local_page(in[i]);	/* expect: kmap-leak */
	}
done:
	ws->in.src = NULL;
	return err;
}

/* compression: the source is mapped for good, the destination page by page as it fills */
int deflate_good(struct workspace *ws, struct folio *src, struct page **dst, unsigned int max)
{
	char *data_in = kmap_local_folio(src, 0), *data_out = NULL;
	unsigned int n = 0;
	int ret = 0;

	ws->in.src = data_in;
	while (ws->in.pos < PAGE_SIZE) {
		if (!data_out) {
			if (n == max) {
				ret = -ENOSPC;
				goto out;
			}
			dst[n] = alloc_page(GFP_NOFS);
			if (!dst[n]) {
				ret = -ENOMEM;
				goto out;
			}
			data_out = kmap_local_page(dst[n++]);
			ws->out.dst = data_out;
			ws->out.pos = 0;
		}
		if (z_error(z_step(ws->mem, &ws->in, &ws->out))) {
			ret = -EIO;
			goto out;
		}
		if (ws->out.pos == PAGE_SIZE) {
			kunmap_local(data_out);
			data_out = NULL;
		}
	}
out:
	if (data_out)
		kunmap_local(data_out);
	kunmap_local(data_in);
	return ret;
}

int deflate_bad(struct workspace *ws, struct folio *src, struct page **dst, unsigned int max)
{
	char *data_in = kmap_local_folio(src, 0), *data_out = NULL;
	unsigned int n = 0;
	int ret = 0;

	ws->in.src = data_in;
	while (ws->in.pos < PAGE_SIZE) {
		if (!data_out) {
			if (n == max) {
				ret = -ENOSPC;
				goto out;
			}
			data_out = kmap_local_page(dst[n++]);
			ws->out.dst = data_out;
			ws->out.pos = 0;
		}
		if (z_error(z_step(ws->mem, &ws->in, &ws->out))) {
			ret = -EIO;
			goto out;
		}
		if (ws->out.pos == PAGE_SIZE) {
			kunmap_local(data_out);
			data_out = NULL;
		}
	}
out:
	kunmap_local(data_in);				/* expect: kmap-order */
	if (data_out)
		kunmap_local(data_out);
	return ret;
}

/* a walk over two scatterlists; in place there is one mapping only */
static void walk_map(struct walk *w)
{
	w->src = scatterwalk_map(&w->in);
	w->dst = w->src;
	if (w->flags & WALK_DIFF)
		w->dst = scatterwalk_map(&w->out);
}

static void walk_unmap(struct walk *w)
{
	if (w->flags & WALK_DIFF)
		scatterwalk_unmap(w->dst);
	scatterwalk_unmap(w->src);
}

int walk_cipher_good(struct walk *w)
{
	int err;

	w->flags &= ~WALK_DIFF;
	if (sg_page(w->in.sg) != sg_page(w->out.sg))
		w->flags |= WALK_DIFF;
	walk_map(w);
	err = cipher_block(w->dst, w->src, w->nbytes);
	walk_unmap(w);
	return err;
}

static void walk_unmap2(struct walk *w)
{
	kunmap_local(w->src);				/* expect: kmap-order */
	if (w->dst != w->src)
		kunmap_local(w->dst);
}

void walk_copy_bad(struct walk *w)
{
	struct walk l = { .in = w->in, .out = w->out };

	l.src = scatterwalk_map(&l.in);
	l.dst = scatterwalk_map(&l.out);
	memcpy(l.dst, l.src, 16);
	walk_unmap2(&l);
}

/* through a bounce buffer when the blocks are not aligned */
int walk_slow_good(struct walk *w, unsigned int bs)
{
	u8 *p = scatterwalk_map(&w->in), *tmp = p;
	int err = -ENOMEM;

	if ((unsigned long)p & (bs - 1)) {
		tmp = bounce_alloc(bs);
		if (!tmp)
			goto out;
		memcpy(tmp, p, bs);
	}
	err = cipher_block(tmp, tmp, bs);
	if (tmp != p) {
		memcpy(p, tmp, bs);
		kfree(tmp);
	}
out:
	scatterwalk_unmap(p);
	return err;
}

int walk_slow_bad(struct walk *w, unsigned int bs)
{
	u8 *p = scatterwalk_map(&w->in), *tmp;
	int err;

	if (!((unsigned long)p & (bs - 1))) {
		err = cipher_block(p, p, bs);
		scatterwalk_unmap(p);
		return err;
	}
	tmp = bounce_alloc(bs);
	if (tmp) {
		memcpy(tmp, p, bs);
		scatterwalk_unmap(p);
		err = cipher_block(tmp, tmp, bs);
		memcpy(p, tmp, bs);			/* expect: kmap-use-after-unmap */
		kfree(tmp);
		return err;
	}
	scatterwalk_unmap(p);
	return -ENOMEM;
}

/* the guest's page is read into until it is full; the copy is retried with faults allowed */
int guest_copy_good(struct page *page, const void __user *from)
{
	int tries = 0, ret;
	void *p;

again:
	p = kmap_atomic(page);
	ret = __copy_from_user_inatomic(p, from, PAGE_SIZE);
	kunmap_atomic(p);
	if (ret && !tries++) {
		p = kmap(page);
		ret = copy_from_user(p, from, PAGE_SIZE);
		kunmap(page);
		if (ret)
			goto again;
	}
	flush_dcache_page(page);
	return ret ? -EFAULT : 0;
}

int guest_copy_bad(struct page *page, const void __user *from)
{
	void *p = kmap_atomic(page);
	int ret = __copy_from_user_inatomic(p, from, PAGE_SIZE);

	if (ret) {
		kunmap_atomic(p);
		p = kmap(page);				/* expect: kmap-leak */
		ret = copy_from_user(p, from, PAGE_SIZE);
		if (ret)
			return -EFAULT;
		flush_dcache_page(page);
		kunmap(page);
		return 0;
	}
	flush_dcache_page(page);
	kunmap_atomic(p);
	return 0;
}
