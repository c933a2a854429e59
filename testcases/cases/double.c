// SPDX-License-Identifier: GPL-2.0-or-later
/* A mapping released twice: error paths that meet, loops, helpers that release already. */
#include "kmap-case.h"

struct req {
	struct page *page;
	void *kaddr;
	int state;
};

int submit(const void *data);
int prepare(void);

/* error path falls into the label that releases as well */
int goto_twice_bad(struct page *page)
{
	void *p = kmap_local_page(page);
	int err = submit(p);

	if (err) {
		kunmap_local(p);
		goto out;
	}
	err = prepare();
out:
	kunmap_local(p);			/* expect: kmap-double-unmap */
	return err;
}

int goto_once_good(struct page *page)
{
	void *p = kmap_local_page(page);	/* verdict: map=proved */
	int err = submit(p);

	if (err)
		goto out;
	err = prepare();
out:
	kunmap_local(p);			/* verdict: unmap=proved */
	return err;
}

/* released before the last step, and again when it fails */
int early_release_bad(struct page *page)
{
	u32 *p = kmap_local_page(page);
	int err;

	if (!p[0]) {
		err = -EINVAL;
		goto unmap;
	}
	kunmap_local(p);
	err = prepare();
	if (err)
		goto unmap;
	return 0;
unmap:
	kunmap_local(p);			/* expect: kmap-double-unmap */
	return err;
}

int early_release_good(struct page *page)
{
	u32 *p = kmap_local_page(page);		/* verdict: map=proved */
	int err;

	if (!p[0]) {
		err = -EINVAL;
		goto unmap;
	}
	kunmap_local(p);			/* verdict: unmap=proved */
	return prepare();
unmap:
	kunmap_local(p);			/* verdict: unmap=proved */
	return err;
}

/* plainly twice, as a merge conflict leaves it */
void merge_left_bad(struct page *page)
{
	void *p = kmap_local_page(page);

	memset(p, 0, PAGE_SIZE);
	kunmap_local(p);			/* verdict: unmap=proved */
	kunmap_local(p);			/* expect: kmap-double-unmap */
}

/* once through an address inside and once by the base */
void alias_twice_bad(struct page *page, unsigned int off)
{
	char *p = kmap_local_page(page);
	char *q = p + (off & 127);

	*q = 0;
	kunmap_local(q);
	kunmap_local(p);			/* expect: kmap-double-unmap */
}

/* a loop that leaves by break after it released */
int loop_break_bad(struct page **pages, unsigned int nr)
{
	void *p = NULL;
	unsigned int i;
	int err = 0;

	for (i = 0; i < nr; i++) {
		p = kmap_local_page(pages[i]);
		err = submit(p);
		kunmap_local(p);
		if (err)
			break;
	}
	if (err)
		kunmap_local(p);		/* expect: kmap-double-unmap */
	return err;
}

int loop_break_good(struct page **pages, unsigned int nr)
{
	void *p = NULL;
	unsigned int i;
	int err = 0;

	for (i = 0; i < nr; i++) {
		p = kmap_local_page(pages[i]);	/* verdict: map=proved */
		err = submit(p);
		if (err)
			break;
		kunmap_local(p);		/* verdict: unmap=proved */
	}
	if (err)
		kunmap_local(p);		/* verdict: unmap=proved */
	return err;
}

/* not set to NULL after the release */
int null_protocol_bad(struct page *page, int mode)
{
	u32 *p = NULL;
	int ret = 0;

	if (mode)
		p = kmap_local_page(page);
	if (p && mode == 2) {
		ret = p[0];
		kunmap_local(p);
	}
	if (p)
		kunmap_local(p);		/* expect: kmap-double-unmap */
	return ret;
}

int null_protocol_good(struct page *page, int mode)
{
	u32 *p = NULL;
	int ret = 0;

	if (mode)
		p = kmap_local_page(page);	/* verdict: map=proved */
	if (p && mode == 2) {
		ret = p[0];
		kunmap_local(p);		/* verdict: unmap=proved */
		p = NULL;
	}
	if (p)
		kunmap_local(p);		/* verdict: unmap=proved */
	return ret;
}

/* the helper released it */
static int submit_and_release(void *p)
{
	int err = submit(p);

	kunmap_local(p);
	return err;
}

int helper_twice_bad(struct page *page)
{
	void *p = kmap_local_page(page);
	int err = submit_and_release(p);

	kunmap_local(p);			/* expect: kmap-double-unmap */
	return err;
}

int helper_once_good(struct page *page)
{
	void *p = kmap_local_page(page);	/* verdict: map=proved */

	return submit_and_release(p);
}

/* through a field */
int field_twice_bad(struct page *page)
{
	struct req rq = { .page = page };
	int err;

	rq.kaddr = kmap_local_page(page);
	err = submit(rq.kaddr);
	if (err)
		kunmap_local(rq.kaddr);
	kunmap_local(rq.kaddr);			/* expect: kmap-double-unmap */
	return err;
}

int field_once_good(struct page *page)
{
	struct req rq = { .page = page };
	int err;

	rq.kaddr = kmap_local_page(page);	/* verdict: map=proved */
	err = submit(rq.kaddr);
	kunmap_local(rq.kaddr);			/* verdict: unmap=proved */
	return err;
}

/* kunmap() by page; a page mapped twice may be released twice */
void kmap_twice_bad(struct page *page)
{
	char *p = kmap(page);

	p[0] = 0;
	kunmap(page);				/* verdict: unmap=proved */
	kunmap(page);				/* expect: kmap-double-unmap */
}

void kmap_nested_good(struct page *page)
{
	char *p = kmap(page);
	char *q = kmap(page);

	p[0] = q[1];
	kunmap(page);
	kunmap(page);
}

void atomic_twice_bad(struct page *page, bool again)
{
	char *p = kmap_atomic(page);

	p[0] = 0;
	kunmap_atomic(p);
	if (again)
		kunmap_atomic(p);		/* expect: kmap-double-unmap */
}

/* two mappings, the outer one released twice instead of each once */
void wrong_one_twice_bad(struct page *a, struct page *b)
{
	char *x = kmap_local_page(a);		/* expect: kmap-leak */
	char *y = kmap_local_page(b);

	x[0] = y[0];
	kunmap_local(y);
	kunmap_local(y);			/* expect: kmap-double-unmap */
}

void each_once_good(struct page *a, struct page *b)
{
	char *x = kmap_local_page(a);		/* verdict: map=proved */
	char *y = kmap_local_page(b);		/* verdict: map=proved */

	x[0] = y[0];
	kunmap_local(y);			/* verdict: unmap=proved */
	kunmap_local(x);			/* verdict: unmap=proved */
}

/* switch: one case falls through to the next */
int fall_bad(struct page *page, int op)
{
	u32 *p = kmap_local_page(page);
	int ret = 0;

	switch (op) {
	case 0:
		ret = p[0];
		kunmap_local(p);
		/* fall through */
	default:
		kunmap_local(p);		/* expect: kmap-double-unmap */
		break;
	case 2:
		kunmap_local(p);		/* verdict: unmap=proved */
		break;
	}
	return ret;
}

/* the page is read again from where it was read: nothing has changed it in between, or a call may have */
struct kmap_holder {
	struct page *page;
};

void refill(struct kmap_holder *h);

void kunmap_reread_bad(struct kmap_holder *h)
{
	u32 *p = kmap(h->page);

	p[0] = 0;
	kunmap(h->page);
	kunmap(h->page);			/* expect: kmap-double-unmap */
}

void kunmap_others_bad(struct kmap_holder *h)
{
	kunmap(h->page);
	kunmap(h->page);			/* expect: kmap-double-unmap */
}

void kunmap_refilled_good(struct kmap_holder *h)
{
	kunmap(h->page);
	refill(h);
	kunmap(h->page);
}

void kunmap_remapped_good(struct kmap_holder *h)
{
	u32 *p = kmap(h->page);

	p[0] = 0;
	kunmap(h->page);
	refill(h);
	p = kmap(h->page);
	p[0] = 0;
	kunmap(h->page);
}

/* a parameter is no page that was read again */
void kunmap_param_again_bad(struct page *page, struct kmap_holder *h)
{
	u32 *p = kmap(page);

	p[0] = 0;
	kunmap(page);
	refill(h);
	kunmap(page);				/* expect: kmap-double-unmap */
}

struct send_queue {
	struct page *page;
	u32 *base;
	unsigned int n;
};

int queue_send(struct send_queue *q);

/* whether it still is the mapping made here or not, it is one and the same that is released twice */
int queue_page_bad(struct send_queue *q)
{
	int err;

	q->base = kmap_local_page(q->page);
	err = queue_send(q);
	kunmap_local(q->base);
	if (err)
		q->n = 0;
	kunmap_local(q->base);			/* expect: kmap-double-unmap */
	return err;
}

int queue_page_good(struct send_queue *q)
{
	int err;

	q->base = kmap_local_page(q->page);
	err = queue_send(q);
	kunmap_local(q->base);
	if (err)
		q->n = 0;
	return err;
}

/* one of many */
void drop_slots_bad(struct page **pages, void **slots, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		slots[i] = kmap_local_page(pages[i]);
	while (i--) {
		void *p = slots[i];

		kunmap_local(p);
		kunmap_local(p);		/* expect: kmap-double-unmap */
	}
}

void drop_slots_good(struct page **pages, void **slots, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		slots[i] = kmap_local_page(pages[i]);
	while (i--) {
		void *p = slots[i];

		kunmap_local(p);
	}
}

/* the variable is left alone where the helper fails */
static int open_slot(struct page *page, void **slot)
{
	void *p = kmap_local_page(page);

	if (!*(u32 *)p) {
		kunmap_local(p);
		return -EIO;
	}
	*slot = p;
	return 0;
}

int open_two_bad(struct page **pages)
{
	void *a, *b;
	int err = open_slot(pages[0], &a);

	if (err)
		return err;
	err = open_slot(pages[1], &b);
	if (err)
		goto out;
	memcpy(b, a, 64);
out:
	kunmap_local(b);			/* expect: kmap-wrong-arg */
	kunmap_local(a);
	return err;
}

int open_two_good(struct page **pages)
{
	void *a, *b;
	int err = open_slot(pages[0], &a);

	if (err)
		return err;
	err = open_slot(pages[1], &b);
	if (err)
		goto out;
	memcpy(b, a, 64);
	kunmap_local(b);
out:
	kunmap_local(a);
	return err;
}
