// SPDX-License-Identifier: GPL-2.0-or-later
/* Addresses that outlive their mapping: returned, left in memory, handed to functions that follow them. */
#include "kmap-case.h"

struct hdr { u32 magic, len; u8 body[8]; };
struct view { struct page *page; struct hdr *hdr; u32 n; };
void note(const void *p);
void fill(void *p);
int busy(void);

/* returned after the release, used by the caller */
static struct hdr *get_hdr_bad(struct page *page)
{
	struct hdr *h = kmap_local_page(page);

	if (h->magic != 0x1234) {
		kunmap_local(h);
		return NULL;
	}
	kunmap_local(h);
	return h;
}

int use_hdr_bad(struct page *page)
{
	struct hdr *h = get_hdr_bad(page);

	if (!h)
		return -EINVAL;
	return h->len;			/* expect: kmap-use-after-unmap */
}

static struct hdr *get_hdr_good(struct page *page)
{
	struct hdr *h = kmap_local_page(page);

	if (h->magic != 0x1234) {
		kunmap_local(h);
		return NULL;
	}
	return h;
}

int use_hdr_good(struct page *page)
{
	struct hdr *h = get_hdr_good(page);
	int len;

	if (!h)
		return -EINVAL;
	len = h->len;
	kunmap_local(h);
	return len;
}

/* a place in the page, likewise */
static u8 *body_bad(struct page *page, u32 *len)
{
	struct hdr *h = kmap_local_page(page);
	u8 *b = h->body;

	*len = h->len;
	kunmap_local(h);
	return b;
}

u32 sum_body_bad(struct page *page)
{
	u32 len, i, s = 0;
	u8 *b = body_bad(page, &len);

	for (i = 0; i < len; i++)
		s += b[i];		/* expect: kmap-use-after-unmap */
	return s;
}

/* through a pointer argument */
int find_bad(struct page *page, struct hdr **hp)
{
	struct hdr *h = kmap_local_page(page);

	*hp = h;
	kunmap_local(h);
	return h->magic ? 0 : -ENOENT;	/* expect: kmap-use-after-unmap */
}

static int find2_bad(struct page *page, struct hdr **hp)
{
	struct hdr *h = kmap_local_page(page);
	int err = h->magic ? 0 : -ENOENT;

	*hp = h;
	kunmap_local(h);
	return err;
}

int use_find_bad(struct page *page)
{
	struct hdr *h;
	int err = find2_bad(page, &h);

	if (err)
		return err;
	return h->len;			/* expect: kmap-use-after-unmap */
}

/* left in a field */
static int view_open_bad(struct view *v)
{
	v->hdr = kmap_local_page(v->page);
	v->n = v->hdr->len;
	kunmap_local(v->hdr);
	return v->n ? 0 : -EINVAL;
}

u32 view_len_bad(struct page *page)
{
	struct view v = { .page = page };

	if (view_open_bad(&v))
		return 0;
	return v.hdr->magic;		/* expect: kmap-use-after-unmap */
}

static void view_close(struct view *v)
{
	kunmap_local(v->hdr);
}

static int view_open(struct view *v)
{
	v->hdr = kmap_local_page(v->page);
	v->n = v->hdr->len;
	return 0;
}

u32 view_twice_bad(struct page *page)
{
	struct view v = { .page = page };
	u32 m;

	view_open(&v);
	view_close(&v);
	m = v.hdr->magic;		/* expect: kmap-use-after-unmap */
	return m;
}

u32 view_good(struct page *page)
{
	struct view v = { .page = page };
	u32 m;

	view_open(&v);
	m = v.hdr->magic;
	view_close(&v);
	return m;
}

/* of somebody else, kept in memory */
int field_after_bad(struct view *v)
{
	kunmap_local(v->hdr);
	return v->hdr->len;		/* expect: kmap-use-after-unmap */
}

int field_after_moved_bad(struct view *v)
{
	v->hdr = (struct hdr *)((char *)v->hdr + 16);
	kunmap_local(v->hdr);
	v->hdr->len = 0;		/* expect: kmap-use-after-unmap */
	return 0;
}

int field_after_good(struct view *v)
{
	int len = v->hdr->len;

	kunmap_local(v->hdr);
	v->hdr = NULL;
	return len;
}

int field_remapped_good(struct view *v)
{
	kunmap_local(v->hdr);
	v->hdr = kmap_local_page(v->page);
	return v->hdr->len;
}

int field_after_call_good(struct view *v)
{
	kunmap_local(v->hdr);
	fill(v);
	return v->hdr->len;
}

/* likewise a parameter */
int param_after_bad(struct hdr *h)
{
	kunmap_local(h);
	return h->len;			/* expect: kmap-use-after-unmap */
}

int param_field_after_bad(struct hdr *h)
{
	u8 *p = h->body;

	kunmap_local(p);
	return h->len;			/* expect: kmap-use-after-unmap */
}

/* gone on from where it was given */
int param_moved_bad(u8 *p, int n)
{
	p += n;
	kunmap_local(p);
	return p[0];			/* expect: kmap-use-after-unmap */
}

/* handed to functions that read or write it */
static u32 csum(const u8 *p, u32 n)
{
	u32 s = 0;

	while (n--)
		s += *p++;		/* expect: kmap-use-after-unmap */
	return s;
}

static void clear(struct hdr *h)
{
	h->magic = 0;		/* expect: kmap-use-after-unmap */
	h->len = 0;
}

static void clear_checked(struct hdr *h)
{
	if (busy())
		return;
	h->magic = 0;		/* expect: kmap-use-after-unmap */
}

void clear_checked_bad(struct page *page)
{
	struct hdr *h = kmap_local_page(page);

	kunmap_local(h);
	clear_checked(h);
}

u32 csum_bad(struct page *page)
{
	u8 *p = kmap_local_page(page);

	kunmap_local(p);
	return csum(p, 64);
}

void clear_bad(struct page *page)
{
	struct hdr *h = kmap_local_page(page);

	kunmap_local(h);
	clear(h);
}

void memcpy_bad(struct page *page, void *to)
{
	struct hdr *h = kmap_local_page(page);

	kunmap_local(h);
	memcpy(to, h->body, sizeof(h->body));	/* expect: kmap-use-after-unmap */
}

void note_bad(struct page *page)
{
	struct hdr *h = kmap_local_page(page);

	kunmap_local(h);
	note(h);			/* expect: kmap-use-after-unmap */
}

void print_ptr_good(struct page *page)
{
	struct hdr *h = kmap_local_page(page);

	kunmap_local(h);
	pr_debug("was at %p\n", (void *)h);
}

static void clear2(struct view *v)
{
	v->hdr->magic = 0;		/* expect: kmap-use-after-unmap */
}

void clear_through_bad(struct page *page)
{
	struct view v = { .page = page };

	v.hdr = kmap_local_page(page);
	kunmap_local(v.hdr);
	clear2(&v);
}

/* released by a function in sight */
static void put_hdr(struct page *page, struct hdr *h)
{
	kunmap_local(h);
	__free_page(page);
}

u32 after_put_bad(struct page *page)
{
	struct hdr *h = kmap_local_page(page);

	put_hdr(page, h);
	return h->len;			/* expect: kmap-use-after-unmap */
}

u32 after_put_good(struct page *page)
{
	struct hdr *h = kmap_local_page(page);
	u32 n = h->len;

	put_hdr(page, h);
	return n;
}

/* an iterator in memory leads a function in sight there */
struct pi_iter {
	u8 *data;
	u32 size, step;
};

static u32 pi_sum(struct pi_iter *it)
{
	u32 i, sum = 0;

	for (i = 0; i < it->size; i += it->step)
		sum = crc32_le(sum, it->data + i, it->step);	/* expect: kmap-use-after-unmap */
	return sum;
}

u32 pi_page_bad(struct page *page, u32 len)
{
	struct pi_iter it = { .size = len, .step = 512 };
	u8 *p = kmap_local_page(page);

	it.data = p;
	kunmap_local(p);
	return pi_sum(&it);
}

u32 pi_page_good(struct page *page, u32 len)
{
	struct pi_iter it = { .size = len, .step = 512 };
	u8 *p = kmap_local_page(page);
	u32 sum;

	it.data = p;
	sum = pi_sum(&it);
	kunmap_local(p);
	return sum;
}

/* none is left to be looked at */
static u32 drain(struct pi_iter *it)
{
	u32 sum = 0;

	while (it->size) {
		sum += *it->data++;
		it->size--;
	}
	return sum;
}

u32 pi_drained_good(struct page *page)
{
	struct pi_iter it = { .step = 1 };
	u8 *p = kmap_local_page(page);
	u32 sum;

	it.data = p;
	it.size = 64;
	sum = drain(&it);
	kunmap_local(p);
	it.size = 0;
	return sum + drain(&it);
}

/* a flag says whether there is anything to look at */
static u32 peek(struct view *v)
{
	return v->n ? v->hdr->magic : 0;
}

u32 peek_good(struct page *page)
{
	struct view v = { .page = page, .n = 1 };
	u32 sum;

	v.hdr = kmap_local_page(page);
	sum = peek(&v);
	kunmap_local(v.hdr);
	v.n = 0;
	return sum + peek(&v);
}
