// SPDX-License-Identifier: GPL-2.0-or-later
/* Mistakes as they were made: masks of what is mapped, ciphers, walks that map lazily, labels in the wrong order, helpers that release. */
#include "kmap-case.h"

struct ino { struct inode vfs; struct page **pages; u32 blocks, flags; };
struct msg { struct page *page; u32 off, len; struct kvec vec[4]; struct page *vp[4]; unsigned int nvec, mapped; u8 small[64]; };
struct walk { struct scatterlist *sg; u32 offset, total; void *addr; struct page *page; };

int send_vec(struct kvec *v, unsigned int n);
int crypt(void *ctx, u8 *d, const u8 *s, unsigned int n);
int submit(struct msg *m);
struct page *next_page(struct msg *m);

/* mask of mapped vectors, released from the first */
int vec_bad(struct msg *m)
{
	unsigned int i;
	int ret;

	m->mapped = 0;
	for (i = 0; i < 2; i++) {
		if (m->vp[i]) {
			m->vec[i].iov_base = kmap_local_page(m->vp[i]);
			m->mapped |= BIT(i);
		} else {
			m->vec[i].iov_base = m->small;
		}
	}
	ret = m->vec[0].iov_len == m->vec[1].iov_len;
	for (i = 0; i < 2; i++)
		if (m->mapped & BIT(i))
			kunmap_local(m->vec[i].iov_base);	/* expect: kmap-order */
	return ret;
}

/* source and destination of a cipher step, in the order of mapping */
int crypt_bad(void *ctx, struct scatterlist *sgd, struct scatterlist *sgs, unsigned int len)
{
	int err = 0;

	while (len && !err) {
		unsigned int n = min_t(unsigned int, len, sgd->length);
		u8 *s = kmap_local_page(sg_page(sgs)) + sgs->offset;
		u8 *d = kmap_local_page(sg_page(sgd)) + sgd->offset;

		err = crypt(ctx, d, s, n);
		kunmap_local(s);			/* expect: kmap-order */
		kunmap_local(d);
		len -= n;
		sgd = sg_next(sgd);
		sgs = sg_next(sgs);
	}
	return err;
}

/* zero-length: never mapped, yet unmapped */
int empty_bad(struct page **pages, size_t len, u8 *to)
{
	u8 *p;
	size_t i;

	for (i = 0; i < len; i++) {
		if (offset_in_page(i) == 0) {
			if (i)
				kunmap_local(p);
			p = kmap_local_page(pages[i >> PAGE_SHIFT]);
		}
		to[i] = p[offset_in_page(i)];
	}
	kunmap_local(p);				/* expect: kmap-wrong-arg */
	return 0;
}

/* cond_resched path maps again without unmapping */
int resched_bad(struct msg *m)
{
	struct page *page = next_page(m);
	u8 *p = kmap_local_page(page);			/* expect: kmap-leak */
	unsigned int n = 0;

	while (n < PAGE_SIZE) {
		if (p[n] == 0xff) {
			page = next_page(m);
			if (!page)
				break;
			p = kmap_local_page(page);	/* expect: kmap-leak */
			n = 0;
			continue;
		}
		n += p[n] + 1;
	}
	kunmap_local(p);
	return n;
}

/* submit takes it on success only, and here it is unmapped on both */
static int take(struct msg *m, u8 *p)
{
	int err;

	if (!m->len) {
		kunmap_local(p);
		return -EINVAL;
	}
	err = p[0];
	kunmap_local(p);
	return err;
}

int take_bad(struct msg *m)
{
	u8 *p = kmap_local_page(m->page);
	int err = take(m, p);

	if (err)
		kunmap_local(p);			/* expect: kmap-double-unmap */
	return err;
}

/* unmapped in the callee, read in the caller */
int take_read_bad(struct msg *m)
{
	u8 *p = kmap_local_page(m->page);
	int err = take(m, p);

	if (!err)
		err = p[1];				/* expect: kmap-use-after-unmap */
	return err;
}

/* unmapped with the offset twice */
u32 offset_twice_bad(struct folio *folio, size_t off)
{
	u8 *p = kmap_local_folio(folio, off & PAGE_MASK);
	u32 v = p[offset_in_page(off)];

	kunmap_local(p + PAGE_SIZE);			/* expect: kmap-wrong-arg */
	return v;
}

/* lock dropped and taken again, the mapping is remade in one arm only */
int relock_bad(struct ino *in, struct mutex *l, u32 i)
{
	u8 *p = kmap_local_page(in->pages[i]);
	int ret;

	if (p[0] == 0) {
		kunmap_local(p);
		mutex_unlock(l);
		cond_resched();
		mutex_lock(l);
		if (in->flags & 1)
			p = kmap_local_page(in->pages[i]);
	}
	ret = p[1];					/* expect: kmap-use-after-unmap */
	kunmap_local(p);				/* expect: kmap-double-unmap */
	return ret;
}

/* three labels in the wrong order */
int labels_bad(struct page *a, struct page *b, struct page *c)
{
	u8 *x, *y, *z;
	int ret = -EIO;

	x = kmap_local_page(a);				/* expect: kmap-leak */
	if (!x[0])
		goto out;
	y = kmap_local_page(b);				/* expect: kmap-leak */
	if (!y[0])
		goto out_x;
	z = kmap_local_page(c);
	if (!z[0])
		goto out_z;
	ret = 0;
out_z:
	kunmap_local(z);
	kunmap_local(y);
out_x:
	kunmap_local(x);
out:
	return ret;
}

/* memcpy over the end, then unmapped by the end */
void tail_bad(struct page *page, const u8 *from, size_t len)
{
	u8 *p = kmap_local_page(page), *q = p + (PAGE_SIZE - len);

	memcpy(q, from, len);
	q += len;
	kunmap_local(q);				/* expect: kmap-wrong-arg */
}

/* kmap_atomic section left by kunmap_local through a helper */
static void drop(void *p)
{
	kunmap_local(p);				/* expect: kmap-wrong-arg */
}

void atomic_bad(struct page *page)
{
	u8 *p = kmap_atomic(page);

	p[1] = 1;
	drop(p);
}

/* freed array: addresses lost */
int lost_bad(struct page **pages, int n)
{
	void **tab = kmalloc(sizeof(*tab) * 2, GFP_KERNEL);
	int err;

	if (!tab)
		return -ENOMEM;
	tab[0] = kmap_local_page(pages[0]);		/* expect: kmap-leak */
	tab[1] = kmap_local_page(pages[1]);		/* expect: kmap-leak */
	err = memcmp(tab[0], tab[1], n);
	if (err) {
		kfree(tab);
		return err;
	}
	kunmap_local(tab[1]);
	kunmap_local(tab[0]);
	kfree(tab);
	return 0;
}

/* signal path in a loop over extents */
int signal_bad(struct page **pages, unsigned int n, u8 *to)
{
	unsigned int i;

	for (i = 0; i < n; ++i, to += PAGE_SIZE) {
		void *p = kmap_local_page(pages[i]);	/* expect: kmap-leak */

		memcpy(to, p, PAGE_SIZE);
		if (signal_pending_now())
			return -EAGAIN;
		kunmap_local(p);
		cond_resched();
	}
	return 0;
}
