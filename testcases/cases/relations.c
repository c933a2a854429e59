// SPDX-License-Identifier: GPL-2.0-or-later
/* What belongs together: an entry and the offset that was added for it, a flag and what helpers leave of it. */
#include "kmap-case.h"

struct part {
	struct page *page;
	unsigned int offset, length;
};

struct part *part_next(const struct part *p);
void part_done(struct part *p);
u16 sum_add(u16 sum, const void *data, size_t len);

/* The offset that is taken off is that of the entry that was mapped, whichever it is. */
u16 walk_parts_good(struct part *p, unsigned int nr, unsigned int step)
{
	u8 *addr = kmap_local_page(p->page);	/* verdict: map=proved */
	unsigned int i, at = 0;
	u16 sum = 0;

	addr += p->offset;
	for (i = 0; i < nr; i++) {
		if (at >= p->length) {
			kunmap_local(addr - p->offset);	/* verdict: unmap=proved */
			p = part_next(p);
			if (!p)
				return sum;
			at = 0;
			addr = kmap_local_page(p->page);	/* verdict: map=proved */
			addr += p->offset;
		}
		sum = sum_add(sum, addr + at, 1);
		at += step;
	}
	kunmap_local(addr - p->offset);	/* verdict: unmap=proved */
	return sum;
}

u16 walk_parts_bad(struct part *p, unsigned int nr, unsigned int step)
{
	u8 *addr = kmap_local_page(p->page);	/* expect: kmap-leak */
	unsigned int i, at = 0;
	u16 sum = 0;

	addr += p->offset;
	for (i = 0; i < nr; i++) {
		if (at >= p->length) {
			kunmap_local(addr - p->offset);
			p = part_next(p);
			if (!p)
				return sum;
			at = 0;
			addr = kmap_local_page(p->page);	/* expect: kmap-leak */
			addr += p->offset;
		}
		if (sum_add(sum, addr + at, 1) == 0)
			return sum;
		at += step;
	}
	kunmap_local(addr - p->offset);
	return sum;
}

/* Taken off is the offset of another entry. */
u16 walk_parts_other(struct part *p, unsigned int nr)
{
	u8 *addr = kmap_local_page(p->page);	/* verdict: map=unproved(unknown-address) */
	unsigned int i;
	u16 sum = 0;

	addr += p->offset;
	for (i = 0; i < nr; i++) {
		sum = sum_add(sum, addr, 1);
		p = part_next(p);
		kunmap_local(addr - p->offset);	/* verdict: unmap=unproved(unknown-address) */
		addr = kmap_local_page(p->page);	/* verdict: map=unproved(unknown-address) */
		addr += p->offset;
	}
	kunmap_local(addr - p->offset);	/* verdict: unmap=proved */
	return sum;
}

/* The offset may be another one by the time it is taken off. */
u16 walk_parts_changed(struct part *p, unsigned int nr)
{
	u8 *addr = kmap_local_page(p->page);	/* verdict: map=unproved(unknown-address) */
	unsigned int i;
	u16 sum = 0;

	addr += p->offset;
	for (i = 0; i < nr; i++) {
		sum = sum_add(sum, addr, 1);
		p->offset += sum;
		kunmap_local(addr - p->offset);	/* verdict: unmap=unproved(unknown-address) */
		p = part_next(p);
		addr = kmap_local_page(p->page);	/* verdict: map=unproved(unknown-address) */
		addr += p->offset;
	}
	kunmap_local(addr - p->offset);	/* verdict: unmap=proved */
	return sum;
}

struct port {
	u8 word[8];
	unsigned int left;
	bool mapped;
	struct page *page;
	u8 *data;
	int (*put)(void *data, size_t len);
};

/* More than a few statements, which leave alone what it is about. */
static unsigned int port_take(struct port *h, u8 *buf, unsigned int len)
{
	unsigned int off = 0;

	while (h->left && len) {
		buf[off++] = h->word[0] & 0x7f;
		h->word[0] >>= 1;
		h->word[1] += h->word[0];
		h->word[2] ^= h->word[1];
		h->left--;
		len--;
	}
	if (!len)
		return off;
	while (len > 4) {
		buf[off] = h->word[3];
		buf[off + 1] = h->word[4];
		buf[off + 2] = h->word[5];
		buf[off + 3] = h->word[6];
		len -= 4;
		off += 4;
	}
	if (len) {
		h->word[7]++;
		for (h->left = 4; h->left; h->left--) {
			buf[off++] = h->word[7];
			if (!--len)
				break;
		}
	}
	return off;
}

unsigned int port_fill_good(struct port *h, unsigned int len)
{
	unsigned int n;
	u8 *buf;

	if (h->mapped)
		buf = kmap_local_page(h->page);	/* verdict: map=proved */
	else
		buf = h->data;
	n = port_take(h, buf, len);
	if (h->mapped)
		kunmap_local(buf);	/* verdict: unmap=proved */
	return n;
}

unsigned int port_fill_bad(struct port *h, unsigned int len)
{
	unsigned int n;
	u8 *buf;

	if (h->mapped)
		buf = kmap_local_page(h->page);	/* expect: kmap-leak */
	else
		buf = h->data;
	n = port_take(h, buf, len);
	if (!n)
		return 0;
	if (h->mapped)
		kunmap_local(buf);
	return n;
}

/* What is called by a pointer changes what it is given, like any function that is not in sight. */
int port_put_good(struct port *h, unsigned int len)
{
	u8 *buf = kmap(h->page);	/* verdict: map=proved */
	int ret = h->put(buf, len);

	kunmap(h->page);	/* verdict: unmap=proved */
	return ret;
}

int port_put_bad(struct port *h, unsigned int len)
{
	u8 *buf = kmap(h->page);	/* expect: kmap-leak */
	int ret = h->put(buf, len);

	if (ret)
		return ret;
	kunmap(h->page);
	return 0;
}

/* What a helper clears as a whole is clear to its caller. */
struct cursor {
	struct page *page;
	u8 *addr;
	unsigned int at, size;
};

static void cursor_start(struct cursor *c, u8 *first, unsigned int size)
{
	memset(c, 0, sizeof(*c));
	c->addr = first;
	c->size = size;
}

u8 cursor_good(u8 *first, struct page *page)
{
	struct cursor c;
	u8 x;

	cursor_start(&c, first, 16);
	if (c.page)
		kunmap_local(c.addr);
	c.page = page;
	c.addr = kmap_local_page(page);	/* verdict: map=proved */
	x = first[0] + c.addr[0];
	kunmap_local(c.addr);	/* verdict: unmap=proved */
	return x;
}

u8 cursor_bad(u8 *first, struct page *page)
{
	struct cursor c;
	u8 x;

	cursor_start(&c, first, 16);
	c.addr = kmap_local_page(page);	/* expect: kmap-leak */
	x = first[0] + c.addr[0];
	if (c.page)
		kunmap_local(c.addr);
	return x;
}

/* A bit that is asked twice, of a byte that two paths left otherwise. */
struct request {
	u8 mode;
	u8 left;
	struct page *page;
	u8 *data;
};

u16 request_sum_good(struct request *r, struct page *head, u8 a, u8 b, bool first)
{
	u8 *p = NULL, *buf = r->data;
	u16 sum;

	if (first) {
		p = kmap_local_page(head);	/* verdict: map=proved */
		r->mode = a;
	} else {
		r->mode = b;
	}
	if (r->mode & 4)
		buf = kmap(r->page);	/* verdict: map=proved */
	if (first)
		kunmap_local(p);	/* verdict: unmap=proved */
	sum = sum_add(0, buf, 1);
	if (r->mode & 4)
		kunmap(r->page);	/* verdict: unmap=proved */
	return sum;
}

u16 request_sum_bad(struct request *r, struct page *head, u8 a, u8 b, bool first)
{
	u8 *p = NULL, *buf = r->data;
	u16 sum;

	if (first) {
		p = kmap_local_page(head);	/* verdict: map=proved */
		r->mode = a;
	} else {
		r->mode = b;
	}
	if (r->mode & 4)
		buf = kmap(r->page);	/* expect: kmap-leak */
	if (first)
		kunmap_local(p);	/* verdict: unmap=proved */
	sum = sum_add(0, buf, 1);
	if (sum == 0)
		return 0;
	if (r->mode & 4)
		kunmap(r->page);
	return sum;
}

/* A value without one of these bits is none that has it. */
u16 flagged_good(struct page *page, unsigned int v)
{
	u8 *buf = NULL;
	u16 sum = 0;

	if (!(v & 0xf0)) {
		buf = kmap_local_page(page);	/* verdict: map=proved */
		sum = sum_add(0, buf, 1);
	}
	if (v == 0x53)
		return sum;
	if (!(v & 0xf0))
		kunmap_local(buf);	/* verdict: unmap=proved */
	return sum;
}

u16 flagged_bad(struct page *page, unsigned int v)
{
	u8 *buf;
	u16 sum;

	if (v & 0xf0)
		return 0;
	buf = kmap_local_page(page);	/* expect: kmap-leak */
	sum = sum_add(0, buf, 1);
	if (v == 0x503)
		return sum;
	kunmap_local(buf);
	return sum;
}
