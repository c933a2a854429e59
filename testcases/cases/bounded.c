// SPDX-License-Identifier: GPL-2.0-or-later
/* Functions that are followed up to a bound only: what single paths show of them; what a loop of a helper releases. */
#include "kmap-case.h"

int produce_all(struct page **pages);
int send_vec(struct kvec *vec, unsigned int n);
void count_one(unsigned int n);

#define MAP_IF(n) void *p##n = (set & BIT(n)) ? kmap_local_page(pages[n]) : NULL
#define UNMAP_IF(n) do { if (set & BIT(n)) kunmap_local(p##n); } while (0)

/* an early return among too many combinations of what is mapped */
int many_bad(struct page **pages, unsigned int set)
{
	MAP_IF(0);
	MAP_IF(1);
	MAP_IF(2);
	MAP_IF(3);
	MAP_IF(4);
	MAP_IF(5);
	MAP_IF(6);
	MAP_IF(7);
	MAP_IF(8);				/* verdict: map=unproved(bound) */
	MAP_IF(9);
	MAP_IF(10);
	MAP_IF(11);
	char *last = kmap_local_page(pages[12]);	/* expect: kmap-leak */
	int err = produce_all(pages);

	last[0] = 0;
	if (!err)
		kunmap_local(last);
	UNMAP_IF(11);
	UNMAP_IF(10);
	UNMAP_IF(9);
	UNMAP_IF(8);
	UNMAP_IF(7);
	UNMAP_IF(6);
	UNMAP_IF(5);
	UNMAP_IF(4);
	UNMAP_IF(3);
	UNMAP_IF(2);
	UNMAP_IF(1);
	UNMAP_IF(0);
	return err;
}

int many_good(struct page **pages, unsigned int set)
{
	MAP_IF(0);
	MAP_IF(1);
	MAP_IF(2);
	MAP_IF(3);
	MAP_IF(4);
	MAP_IF(5);
	MAP_IF(6);
	MAP_IF(7);
	MAP_IF(8);
	MAP_IF(9);
	MAP_IF(10);
	MAP_IF(11);
	char *last = kmap_local_page(pages[12]);
	int err = produce_all(pages);

	last[0] = 0;
	kunmap_local(last);
	UNMAP_IF(11);
	UNMAP_IF(10);
	UNMAP_IF(9);
	UNMAP_IF(8);
	UNMAP_IF(7);
	UNMAP_IF(6);
	UNMAP_IF(5);
	UNMAP_IF(4);
	UNMAP_IF(3);
	UNMAP_IF(2);
	UNMAP_IF(1);
	UNMAP_IF(0);
	return err;
}

/* a mask remembers which entries are mapped: which turns of the helper release is not known to its caller */
static void release_marked(struct kvec *vec, unsigned long mask, int n)
{
	int i;

	for (i = n - 1; i >= 0; i--)
		if (mask & BIT(i))
			kunmap_local(vec[i].iov_base);
}

int send_pages_good(struct page **pages, struct kvec *own, unsigned int set)
{
	struct kvec vec[4];
	unsigned long mask = 0;
	int n = 0, err;

	if (set & 1)
		vec[n++] = *own;
	vec[n].iov_base = kmap_local_page(pages[0]);
	vec[n].iov_len = 64;
	mask |= BIT(n);
	n++;
	err = send_vec(vec, n);
	release_marked(vec, mask, n);
	return err;
}

/* an element of an array is no NULL once something was read through it */
int walk_pages_good(struct page **pages, unsigned int from, unsigned int n)
{
	struct page **at = NULL;
	u32 *p, sum = 0;

	if (n) {
		at = pages + from;
		p = kmap(*at);
		for (;;) {
			sum += p[0];
			if (!--n)
				break;
			kunmap(*at);
			at++;
			p = kmap(*at);
		}
	}
	count_one(sum);
	if (at)
		kunmap(*at);
	return sum;
}

struct reply {
	unsigned int len;
	bool direct;
	u8 pad[8];
	bool again;
};

/* what was written behind the fields, by a size that is not known, may have changed them: that path is doubtful */
int reply_good(struct page *page, struct reply *r)
{
	void *p = NULL;
	int err;

	if (!r->again)
		p = kmap_local_page(page);
	memset(r->pad, 0, r->len);
	err = produce_all(&page);
	if (!r->again)
		kunmap_local(p);
	return err;
}
