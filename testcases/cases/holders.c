// SPDX-License-Identifier: GPL-2.0-or-later
/* Mappings kept in struct fields, nested structs, arrays, iterators. */
#include "kmap-case.h"

#define MAX_PAGES 4

struct stream_buf {
	const u8 *src;
	size_t len;
};

struct decomp_state {
	struct stream_buf in, out;
	struct page *in_page, *out_page;
	void *in_map, *out_map;
	int err;
};

struct page_set {
	struct page *pages[MAX_PAGES];
	void *addrs[MAX_PAGES];
	unsigned int nr;
};

struct block_cursor {
	struct page *page;
	char *kaddr;
	unsigned int pos;
};

int run_decoder(struct decomp_state *st);
int next_input(struct decomp_state *st);
void consume(const void *p);
int hash_update(const void *p, size_t len);

/* a field of a local struct */
int local_state_good(struct page *in, struct page *out)
{
	struct decomp_state st = { .in_page = in, .out_page = out };
	int err;

	st.in_map = kmap_local_page(in);	/* verdict: map=proved */
	st.out_map = kmap_local_page(out);	/* verdict: map=proved */
	err = hash_update(st.in_map, PAGE_SIZE);
	kunmap_local(st.out_map);		/* verdict: unmap=proved */
	kunmap_local(st.in_map);		/* verdict: unmap=proved */
	return err;
}

int local_state_bad(struct page *in, struct page *out)
{
	struct decomp_state st = { .in_page = in, .out_page = out };
	int err;

	st.in_map = kmap_local_page(in);	/* expect: kmap-leak */
	err = hash_update(st.in_map, PAGE_SIZE);
	if (err)
		return err;
	st.out_map = kmap_local_page(out);
	consume(st.out_map);
	kunmap_local(st.out_map);
	kunmap_local(st.in_map);
	return 0;
}

/* a nested field of a context that came as an argument: whoever else holds it may change the field during a call */
void nested_field_call(struct decomp_state *st)
{
	st->in.src = kmap_local_page(st->in_page);
	consume(st->in.src);
	kunmap_local(st->in.src);
	st->in.src = NULL;
}

void nested_field_bad(struct decomp_state *st)
{
	st->in.src = kmap_local_page(st->in_page);
	st->in.len = st->in.src[0];
	kunmap_local(st->in.src);
	st->in.len += st->in.src[1];		/* expect: kmap-use-after-unmap */
	st->in.src = NULL;
}

/* the same without a call in between */
size_t nested_field_quiet(struct decomp_state *st)
{
	size_t len;

	st->in.src = kmap_local_page(st->in_page);	/* verdict: map=proved */
	len = st->in.src[0];
	kunmap_local(st->in.src);		/* verdict: unmap=proved */
	st->in.src = NULL;
	return len;
}

/* the error path frees the context and forgets what it held */
int open_stream_bad(struct page *page, struct decomp_state **out)
{
	struct decomp_state *st = kmalloc(sizeof(*st), GFP_KERNEL);

	if (!st)
		return -ENOMEM;
	st->in_map = kmap_local_page(page);	/* expect: kmap-leak */
	if (hash_update(st->in_map, 16)) {
		kfree(st);
		return -EINVAL;
	}
	*out = st;
	return 0;
}

int open_stream_good(struct page *page, struct decomp_state **out)
{
	struct decomp_state *st = kmalloc(sizeof(*st), GFP_KERNEL);

	if (!st)
		return -ENOMEM;
	st->in_map = kmap_local_page(page);
	if (hash_update(st->in_map, 16)) {
		kunmap_local(st->in_map);
		kfree(st);
		return -EINVAL;
	}
	*out = st;
	return 0;
}

/* kept in the caller's struct */
void cursor_map(struct block_cursor *cur)
{
	cur->kaddr = kmap_local_page(cur->page);	/* verdict: map=unproved(escapes-field) */
	cur->pos = 0;
}

void cursor_unmap(struct block_cursor *cur)
{
	kunmap_local(cur->kaddr);		/* verdict: unmap=unproved(caller) */
	cur->kaddr = NULL;
}

/* static helpers over such a struct, all users in sight */
static void cur_map(struct block_cursor *cur, struct page *page)
{
	cur->page = page;
	cur->kaddr = kmap_local_page(page);	/* verdict: map=proved */
}

static void cur_unmap(struct block_cursor *cur)
{
	kunmap_local(cur->kaddr);		/* verdict: unmap=proved */
	cur->kaddr = NULL;
}

u32 cursor_read_good(struct page *page)
{
	struct block_cursor cur;
	u32 val;

	cur_map(&cur, page);
	val = cur.kaddr[12];
	cur_unmap(&cur);
	return val;
}

u32 cursor_read_two_good(struct page *a, struct page *b)
{
	struct block_cursor x, y;
	u32 val;

	cur_map(&x, a);
	cur_map(&y, b);
	val = x.kaddr[12] + y.kaddr[12];
	cur_unmap(&y);
	cur_unmap(&x);
	return val;
}

static void cur_map_leaky(struct block_cursor *cur, struct page *page)
{
	cur->page = page;
	cur->kaddr = kmap_local_page(page);	/* expect: kmap-leak */
	cur->pos = 0;
}

int cursor_read_bad(struct page *page, unsigned int max)
{
	struct block_cursor cur;
	int val;

	cur_map_leaky(&cur, page);
	val = cur.kaddr[0];
	if (val > (int)max)
		return -EUCLEAN;
	kunmap_local(cur.kaddr);
	return val;
}

/* an array, unrolled by hand */
void two_slots_good(struct page *a, struct page *b)
{
	u32 *slot[2];

	slot[0] = kmap_local_page(a);		/* verdict: map=proved */
	slot[1] = kmap_local_page(b);		/* verdict: map=proved */
	slot[0][0] = slot[1][0];
	kunmap_local(slot[1]);			/* verdict: unmap=proved */
	kunmap_local(slot[0]);			/* verdict: unmap=proved */
}

void two_slots_bad(struct page *a, struct page *b)
{
	u32 *slot[2];

	slot[0] = kmap_local_page(a);
	slot[1] = kmap_local_page(b);
	slot[0][0] = slot[1][0];
	kunmap_local(slot[0]);			/* expect: kmap-order */
	kunmap_local(slot[1]);
}

/* an array in a loop, unmapped in reverse */
void gather_good(struct page **pages)
{
	void *addrs[MAX_PAGES];
	int i;

	for (i = 0; i < MAX_PAGES; i++)
		addrs[i] = kmap_local_page(pages[i]);
	consume(addrs[0]);
	for (i = MAX_PAGES - 1; i >= 0; i--)
		kunmap_local(addrs[i]);
}

/* and forwards */
void gather_bad(struct page **pages)
{
	void *addrs[MAX_PAGES];
	int i;

	for (i = 0; i < MAX_PAGES; i++)
		addrs[i] = kmap_local_page(pages[i]);
	consume(addrs[0]);
	for (i = 0; i < MAX_PAGES; i++)
		kunmap_local(addrs[i]);		/* expect: kmap-order */
}

/* two only: few enough to count */
void gather_two_bad(struct page **pages)
{
	void *addrs[2];
	int i;

	for (i = 0; i < 2; i++)
		addrs[i] = kmap_local_page(pages[i]);
	consume(addrs[0]);
	for (i = 0; i < 2; i++)
		kunmap_local(addrs[i]);		/* expect: kmap-order */
}

void gather_two_good(struct page **pages)
{
	void *addrs[2];
	int i;

	for (i = 0; i < 2; i++)
		addrs[i] = kmap_local_page(pages[i]);	/* verdict: map=proved */
	consume(addrs[0]);
	while (--i >= 0)
		kunmap_local(addrs[i]);		/* verdict: unmap=proved */
}

/* the unwinding when one of them fails */
int gather_checked_good(struct page **pages)
{
	u32 *addrs[2];
	int err = 0;

	addrs[0] = kmap_local_page(pages[0]);	/* verdict: map=proved */
	if (addrs[0][0] == 0) {
		err = -EIO;
		goto out_first;
	}
	addrs[1] = kmap_local_page(pages[1]);	/* verdict: map=proved */
	if (addrs[1][0] == 0)
		err = -EIO;
	kunmap_local(addrs[1]);			/* verdict: unmap=proved */
out_first:
	kunmap_local(addrs[0]);			/* verdict: unmap=proved */
	return err;
}

int gather_checked_bad(struct page **pages)
{
	u32 *addrs[2];

	addrs[0] = kmap_local_page(pages[0]);	/* expect: kmap-leak */
	addrs[1] = kmap_local_page(pages[1]);
	if (addrs[1][0] == 0) {
		kunmap_local(addrs[1]);
		return -EIO;
	}
	addrs[0][0] = addrs[1][0];
	kunmap_local(addrs[1]);
	kunmap_local(addrs[0]);
	return 0;
}

/* an array inside a struct of the caller */
void map_set(struct page_set *set)
{
	unsigned int i;

	for (i = 0; i < set->nr; i++)
		set->addrs[i] = kmap_local_page(set->pages[i]);	/* verdict: map=unproved */
}

/* a kvec and a mask of what was mapped */
int vec_two_good(struct page **pages, struct kvec *vec, const char *inl)
{
	unsigned int mapped = 0;
	int err;

	if (pages[0]) {
		vec[0].iov_base = kmap_local_page(pages[0]);
		mapped |= 1;
	} else {
		vec[0].iov_base = (void *)inl;
	}
	if (pages[1]) {
		vec[1].iov_base = kmap_local_page(pages[1]);
		mapped |= 2;
	} else {
		vec[1].iov_base = (void *)inl;
	}
	err = hash_update(vec[0].iov_base, 16);
	if (mapped & 2)
		kunmap_local(vec[1].iov_base);
	if (mapped & 1)
		kunmap_local(vec[0].iov_base);
	return err;
}

int vec_two_bad(struct page **pages, const char *inl)
{
	struct kvec vec[2];
	unsigned int mapped = 0;

	if (pages[0]) {
		vec[0].iov_base = kmap_local_page(pages[0]);
		mapped |= 1;
	} else {
		vec[0].iov_base = (void *)inl;
	}
	vec[1].iov_base = kmap_local_page(pages[1]);
	mapped |= 2;
	consume(vec[0].iov_base);
	consume(vec[1].iov_base);
	if (mapped & 1)
		kunmap_local(vec[0].iov_base);	/* expect: kmap-order */
	if (mapped & 2)
		kunmap_local(vec[1].iov_base);
	return 0;
}

/* a struct copied by assignment: the copy names the same mapping */
u32 struct_copy_good(struct page *page)
{
	struct block_cursor cur = { .page = page }, saved;
	u32 val;

	cur.kaddr = kmap_local_page(page);	/* verdict: map=proved */
	saved = cur;
	cur.kaddr += 64;
	val = *cur.kaddr;
	kunmap_local(saved.kaddr);		/* verdict: unmap=proved */
	return val;
}

u32 struct_copy_bad(struct page *page)
{
	struct block_cursor cur = { .page = page }, saved;

	cur.kaddr = kmap_local_page(page);
	saved = cur;
	kunmap_local(cur.kaddr);
	return saved.kaddr[4];			/* expect: kmap-use-after-unmap */
}

/* remapped through the field when the walk comes to the next page */
int cursor_walk_good(struct block_cursor *cur, struct page **pages, unsigned int nr)
{
	unsigned int i;
	int sum = 0;

	for (i = 0; i < nr; i++) {
		cur->page = pages[i];
		cur->kaddr = kmap_local_page(cur->page);	/* verdict: map=proved */
		sum += cur->kaddr[0];
		kunmap_local(cur->kaddr);	/* verdict: unmap=proved */
	}
	cur->kaddr = NULL;
	return sum;
}

int cursor_walk_bad(struct block_cursor *cur, struct page **pages, unsigned int nr)
{
	unsigned int i;
	int sum = 0;

	for (i = 0; i < nr; i++) {
		cur->page = pages[i];
		cur->kaddr = kmap_local_page(cur->page);	/* expect: kmap-leak */
		if (!cur->kaddr[0]) {
			cur->kaddr = NULL;
			return -EIO;
		}
		sum += cur->kaddr[0];
		kunmap_local(cur->kaddr);
	}
	cur->kaddr = NULL;
	return sum;
}

struct page_view {
	struct page *page;
	u8 *addr;
	u32 len;
	bool own;
};

/* structs that are returned and handed over as they are: where the address goes is not followed, and nothing is said of it */
static struct page_view view_of(struct page *page)
{
	struct page_view v = { .page = page, .own = true };

	v.addr = kmap_local_page(page);
	return v;
}

static void drop_view(struct page_view v)
{
	if (v.own)
		kunmap_local(v.addr);
}

u32 whole_view(struct page *page)
{
	struct page_view v = view_of(page);
	u32 val = v.addr[0];

	drop_view(v);
	return val;
}

/* a pointer to a function that is in sight */
static void release_view(struct page_view *v)
{
	kunmap_local(v->addr);			/* verdict: unmap=unproved(caller) */
}

u32 released_by_pointer(struct page *page)
{
	void (*release)(struct page_view *v) = release_view;
	struct page_view v = { .page = page };
	u32 val;

	v.addr = kmap_local_page(page);		/* verdict: map=proved */
	val = v.addr[0];
	release(&v);
	return val;
}
