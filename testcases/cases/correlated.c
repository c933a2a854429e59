// SPDX-License-Identifier: GPL-2.0-or-later
/* Mapped under a condition and unmapped under the same one; and under one that is not the same. */
#include "kmap-case.h"

#define F_WANT_MAP 0x01
#define F_ZERO 0x02
#define F_ERROR 0x04

struct io_ctx {
	struct page *page;
	void *kaddr;
	unsigned int flags;
	bool mapped;
	unsigned int mask;
};

int work(void *p);
void wait_io(struct io_ctx *ctx);
bool want_copy(void);

/* a flag argument */
int flag_arg_good(struct page *page, char *buf, bool need)
{
	int err;

	if (need)
		buf = kmap_local_page(page);	/* verdict: map=proved */
	err = work(buf);
	if (need)
		kunmap_local(buf);		/* verdict: unmap=proved */
	return err;
}

int flag_arg_bad(struct page *page, char *buf, bool need)
{
	int err;

	if (need)
		buf = kmap_local_page(page);	/* expect: kmap-leak */
	err = work(buf);
	if (need && !err)
		kunmap_local(buf);
	return err;
}

/* two independent flags: four ways through */
int two_flags_good(struct page *a, struct page *b, bool fa, bool fb)
{
	void *x = NULL, *y = NULL;
	int err = 0;

	if (fa)
		x = kmap_local_page(a);		/* verdict: map=proved */
	if (fb)
		y = kmap_local_page(b);		/* verdict: map=proved */
	if (x && y)
		err = memcmp(x, y, 64);
	if (fb)
		kunmap_local(y);		/* verdict: unmap=proved */
	if (fa)
		kunmap_local(x);		/* verdict: unmap=proved */
	return err;
}

int two_flags_bad(struct page *a, struct page *b, bool fa, bool fb)
{
	void *x = NULL, *y = NULL;
	int err = 0;

	if (fa)
		x = kmap_local_page(a);
	if (fb)
		y = kmap_local_page(b);
	if (x && y)
		err = memcmp(x, y, 64);
	if (fa)
		kunmap_local(x);		/* expect: kmap-order */
	if (fb)
		kunmap_local(y);
	return err;
}

int two_flags_mixed_bad(struct page *a, struct page *b, bool fa, bool fb)
{
	char *x = NULL;

	if (fa)
		x = kmap_local_page(a);		/* expect: kmap-leak */
	if (fb)
		memzero_page(b, 0, 16);
	if (fb && x)
		kunmap_local(x);
	return 0;
}

/* a bit of a flags word */
int flag_bit_good(struct page *page, unsigned int flags)
{
	u32 *p = NULL;
	int err = 0;

	if (flags & F_WANT_MAP)
		p = kmap_local_page(page);	/* verdict: map=proved */
	if (flags & F_ZERO)
		err = -EINVAL;
	else
		err = work(p);
	if (flags & F_WANT_MAP)
		kunmap_local(p);		/* verdict: unmap=proved */
	return err;
}

int flag_bit_bad(struct page *page, unsigned int flags)
{
	u32 *p = NULL;
	int err;

	if (flags & F_WANT_MAP)
		p = kmap_local_page(page);	/* expect: kmap-leak */
	err = work(p);
	if ((flags & (F_WANT_MAP | F_ZERO)) == F_WANT_MAP)
		kunmap_local(p);
	return err;
}

/* the other bit */
int other_bit_bad(struct page *page, unsigned int flags)
{
	u32 *p = NULL;

	if (flags & F_WANT_MAP)
		p = kmap_local_page(page);	/* expect: kmap-leak */
	work(p);
	if (flags & F_ZERO)
		kunmap_local(p);		/* expect: kmap-wrong-arg */
	return 0;
}

/* a flag set when it was mapped */
int remember_good(struct page *page, unsigned int len)
{
	bool mapped = false;
	void *p = NULL;
	int err = 0;

	if (len > 512) {
		p = kmap_local_page(page);	/* verdict: map=proved */
		mapped = true;
	}
	err = work(p);
	if (mapped)
		kunmap_local(p);		/* verdict: unmap=proved */
	return err;
}

int remember_bad(struct page *page, unsigned int len)
{
	bool mapped = false;
	void *p = NULL;
	int err = 0;

	if (len > 512) {
		p = kmap_local_page(page);	/* expect: kmap-leak */
		err = work(p);
		if (!err)
			mapped = true;
	}
	if (mapped)
		kunmap_local(p);
	return err;
}

/* a mask that collects what was mapped */
int mask_good(struct page *a, struct page *b, unsigned int want)
{
	unsigned int mapped = 0;
	u32 *x = NULL, *y = NULL;
	int err;

	if (want & 1) {
		x = kmap_local_page(a);		/* verdict: map=proved */
		mapped |= BIT(0);
	}
	if (want & 2) {
		y = kmap_local_page(b);		/* verdict: map=proved */
		mapped |= BIT(1);
	}
	err = work(x) + work(y);
	if (mapped & BIT(1))
		kunmap_local(y);		/* verdict: unmap=proved */
	if (mapped & BIT(0))
		kunmap_local(x);		/* verdict: unmap=proved */
	return err;
}

/* what is never released is a leak; the release of the other is no disorder on top of it */
int mask_bad(struct page *a, struct page *b, unsigned int want)
{
	unsigned int mapped = 0;
	u32 *x = NULL, *y = NULL;
	int err;

	if (want & 1) {
		x = kmap_local_page(a);
		mapped |= BIT(0);
	}
	if (want & 2)
		y = kmap_local_page(b);		/* expect: kmap-leak */
	err = work(x) + work(y);
	if (mapped & BIT(1))
		kunmap_local(y);
	if (mapped & BIT(0))
		kunmap_local(x);
	return err;
}

/* a flag in a field that nothing changes in between */
size_t field_flag_good(struct io_ctx *ctx)
{
	char *p = NULL;
	size_t n = 0;

	if (ctx->mapped)
		p = kmap_local_page(ctx->page);	/* verdict: map=proved */
	if (p)
		n = p[0];
	if (ctx->mapped)
		kunmap_local(p);		/* verdict: unmap=proved */
	return n;
}

/* a flag in a field, and a call that may change it: nothing is said */
int field_flag_call(struct io_ctx *ctx)
{
	char *p = NULL;
	int err;

	if (ctx->flags & F_WANT_MAP)
		p = kmap_local_page(ctx->page);	/* verdict: map=unproved(memory) */
	err = work(p);
	wait_io(ctx);
	if (ctx->flags & F_WANT_MAP)
		kunmap_local(p);
	return err;
}

/* the answer of a call, asked once and told by the address */
int asked_once(struct page *page)
{
	char *p = NULL;
	int err;

	if (want_copy())
		p = kmap_local_page(page);
	err = work(p);
	if (p)
		kunmap_local(p);
	return err;
}

/* a value compared, in one sense and the other */
int sign_good(struct page *page, int slot)
{
	u32 *p = NULL;
	int err;

	if (slot >= 0)
		p = kmap_local_page(page);	/* verdict: map=proved */
	err = work(p);
	if (slot < 0)
		return err;
	kunmap_local(p);			/* verdict: unmap=proved */
	return err;
}

int sign_bad(struct page *page, int slot)
{
	u32 *p = NULL;
	int err;

	if (slot >= 0)
		p = kmap_local_page(page);	/* expect: kmap-leak */
	err = work(p);
	if (slot <= 0)
		return err;
	kunmap_local(p);
	return err;
}

/* an error code that carries what happened */
int err_code_good(struct page *page, const char *buf)
{
	u32 *p = NULL;
	int err = 0;

	if (!buf) {
		err = -EINVAL;
		goto out;
	}
	p = kmap_local_page(page);		/* verdict: map=proved */
	memcpy(p, buf, 64);
out:
	if (!err)
		kunmap_local(p);		/* verdict: unmap=proved */
	return err;
}

int err_code_bad(struct page *page, const char *buf)
{
	u32 *p = NULL;
	int err = 0;

	p = kmap_local_page(page);		/* expect: kmap-leak */
	if (!buf) {
		err = -EINVAL;
		goto out;
	}
	memcpy(p, buf, 64);
out:
	if (!err)
		kunmap_local(p);
	return err;
}

/* the length says whether there is a second page */
int second_page_good(struct page **pages, size_t len, char *out)
{
	char *lo = kmap_local_page(pages[0]);	/* verdict: map=proved */
	char *hi = NULL;

	if (len > PAGE_SIZE)
		hi = kmap_local_page(pages[1]);	/* verdict: map=proved */
	out[0] = lo[0];
	if (len > PAGE_SIZE) {
		out[1] = hi[0];
		kunmap_local(hi);		/* verdict: unmap=proved */
	}
	kunmap_local(lo);			/* verdict: unmap=proved */
	return 0;
}

int second_page_bad(struct page **pages, size_t len, char *out)
{
	char *lo = kmap_local_page(pages[0]);
	char *hi = NULL;

	if (len > PAGE_SIZE)
		hi = kmap_local_page(pages[1]);	/* expect: kmap-leak */
	out[0] = lo[0];
	if (len > 2 * PAGE_SIZE) {
		out[1] = hi[0];
		kunmap_local(hi);
	}
	kunmap_local(lo);
	return 0;
}

/* the same page for both: only one mapping then */
int same_or_other_good(struct page *a, struct page *b)
{
	char *x = kmap_local_page(a);		/* verdict: map=proved */
	char *y = x;
	int ret;

	if (a != b)
		y = kmap_local_page(b);		/* verdict: map=proved */
	ret = memcmp(x, y + 2048, 64);
	if (a != b)
		kunmap_local(y);		/* verdict: unmap=proved */
	kunmap_local(x);			/* verdict: unmap=proved */
	return ret;
}

int same_or_other_bad(struct page *a, struct page *b)
{
	char *x = kmap_local_page(a);
	char *y = x;
	int ret;

	if (a != b)
		y = kmap_local_page(b);
	ret = memcmp(x, y + 2048, 64);
	kunmap_local(y);
	kunmap_local(x);			/* expect: kmap-double-unmap */
	return ret;
}

/* by comparing the addresses instead */
int by_address_good(struct page *a, struct page *b, bool other)
{
	char *x = kmap_local_page(a);
	char *y = x;
	int ret;

	if (other)
		y = kmap_local_page(b);
	ret = memcmp(x, y, 64);
	if (y != x)
		kunmap_local(y);
	kunmap_local(x);
	return ret;
}

/* a static helper that does it under a flag */
static void unmap_if(void *p, bool yes)
{
	if (yes)
		kunmap_local(p);		/* verdict: unmap=proved */
}

int helper_flag_good(struct page *page, bool need)
{
	char *p = NULL;
	int err;

	if (need)
		p = kmap_local_page(page);	/* verdict: map=proved */
	err = work(p);
	unmap_if(p, need);
	return err;
}

int helper_flag_bad(struct page *page)
{
	char *p = kmap_local_page(page);	/* expect: kmap-leak */
	int err = work(p);

	unmap_if(p, err == 0);
	return err;
}

struct unit {
	bool busy;
	int count;
};

void poke(struct unit *u);

/* what the call leaves of the flag decides nothing about the mapping */
void reread_flag_good(struct unit *u, struct page *page)
{
	char *p = kmap_local_page(page);	/* verdict: map=proved */

	if (u->busy)
		p[0] = 1;
	poke(u);
	if (!u->busy)
		p[1] = 1;
	kunmap_local(p);			/* verdict: unmap=proved */
}

/* the top bit of a byte, which compilers ask for as a sign */
int top_bit_bad(struct page *page, u8 count)
{
	char *p = kmap_local_page(page);	/* expect: kmap-leak */

	if (count & 0x80)
		return -EINVAL;
	kunmap_local(p);
	return 0;
}

int shrink(const void *in, size_t *len);
void count_up(void);

/* a length that one call fills in, and that later calls know nothing of */
int filled_in_good(struct page *page, const void *in)
{
	char *p = NULL;
	size_t len;

	if (shrink(in, &len))
		return -EINVAL;
	count_up();
	if (len == PAGE_SIZE)
		p = kmap_local_page(page);	/* verdict: map=proved */
	wait_io(NULL);
	if (len == PAGE_SIZE)
		kunmap_local(p);		/* verdict: unmap=proved */
	return 0;
}

/* mapped anew on every so-manieth turn, the first of which is one: nothing is left of 0 */
int every_so_many_good(struct page **pages, unsigned int n, unsigned int per)
{
	unsigned int i = 0, index = 0;
	char *base = NULL;
	int sum = 0;

	do {
		if (!(i % per)) {
			if (index)
				kunmap_local(base);
			base = kmap_local_page(pages[index]);
			++index;
		}
		if (work(base))
			goto out;
		sum += base[i % per];
	} while (++i < n);
out:
	kunmap_local(base);
	return sum;
}

/* the mapping, or a variable of the caller's that takes its place: the two never are the same */
static char *begin_part(struct page *page, unsigned int len, char *spare)
{
	if (len >= 8)
		return kmap_local_page(page);
	return spare;
}

static void end_part(char *part, char *spare)
{
	if (part != spare)
		kunmap_local(part);
}

int part_or_spare_good(struct page *page, unsigned int len)
{
	char spare[8], *part;
	int err;

	part = begin_part(page, len, spare);
	err = work(part);
	end_part(part, spare);
	return err;
}

/* released in reverse, from a count that is read again after a call: which is released first is not known */
void count_read_again_good(struct io_ctx *ctx, struct page **pages, void **addrs)
{
	int i;

	for (i = 0; i < (int)ctx->mask; i++)
		addrs[i] = kmap_local_page(pages[i]);
	wait_io(ctx);
	for (i = (int)ctx->mask - 1; i >= 0; i--)
		kunmap_local(addrs[i]);
}

/* the first page of a file is mapped all along, any other while it is looked at: that two lookups gave one page decides nothing */
struct page *find_page(struct address_space *mapping, pgoff_t index);

int first_and_others_good(struct address_space *mapping, pgoff_t n)
{
	struct page *first = find_page(mapping, 0), *page;
	char *base, *addr;
	pgoff_t i;
	int sum = 0;

	base = kmap(first);
	for (i = 0; i < n; i++) {
		page = first;
		addr = base;
		if (i) {
			page = find_page(mapping, i);
			addr = kmap(page);
		}
		sum += work(addr);
		if (page != first)
			kunmap(page);
	}
	kunmap(first);
	return sum;
}

int first_and_others_bad(struct address_space *mapping, pgoff_t n)
{
	struct page *first = find_page(mapping, 0), *page;
	char *base, *addr;
	pgoff_t i;
	int sum = 0;

	base = kmap(first);
	for (i = 0; i < n; i++) {
		page = first;
		addr = base;
		if (i) {
			page = find_page(mapping, i);
			addr = kmap(page);		/* expect: kmap-leak */
		}
		if (work(addr))
			break;
		if (page != first)
			kunmap(page);
	}
	kunmap(first);
	return sum;
}

/* the number of a page is not negative: what it says of the mapping holds from the first turn on */
int sum_words_good(struct page **pages, const u32 *want, unsigned int nr)
{
	int cur = -1, sum = 0;
	unsigned int i;
	u8 *p = NULL;

	for (i = 0; i < nr; i++) {
		int n = want[i] >> PAGE_SHIFT;

		if (n != cur) {
			if (cur >= 0)
				kunmap_local(p);
			p = kmap_local_page(pages[n]);
			cur = n;
		}
		sum += p[offset_in_page(want[i])];
	}
	if (cur >= 0)
		kunmap_local(p);
	return sum;
}

/* page 0 is one, too */
int sum_words_bad(struct page **pages, const u32 *want, unsigned int nr)
{
	int cur = -1, sum = 0;
	unsigned int i;
	u8 *p = NULL;

	for (i = 0; i < nr; i++) {
		int n = want[i] >> PAGE_SHIFT;

		if (n != cur) {
			if (cur > 0)
				kunmap_local(p);
			p = kmap_local_page(pages[n]);	/* expect: kmap-leak */
			cur = n;
		}
		sum += p[offset_in_page(want[i])];
	}
	if (cur >= 0)
		kunmap_local(p);
	return sum;
}
