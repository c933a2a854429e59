// SPDX-License-Identifier: GPL-2.0-or-later
/* Addresses inside a mapping: kunmap_local() rounds down to the page, so the page's end is one byte too far. */
#include "kmap-case.h"

#define ENTRY_SIZE 128
#define ENTRIES_PER_PAGE (PAGE_SIZE / ENTRY_SIZE)

struct log_entry {
	__le32 type;
	__le32 len;
	u8 body[120];
};

int handle_entry(const struct log_entry *e);
unsigned int next_offset(unsigned int off);

/* a constant inside the page */
void skip_header_good(struct page *page, void *out)
{
	char *p = kmap_local_page(page);	/* verdict: map=proved */

	p += 64;
	memcpy(out, p, 64);
	kunmap_local(p);			/* verdict: unmap=proved */
}

void last_byte_good(struct page *page)
{
	char *p = kmap_local_page(page);	/* verdict: map=proved */

	p += PAGE_SIZE - 1;
	*p = 0;
	kunmap_local(p);			/* verdict: unmap=proved */
}

void whole_page_bad(struct page *page, void *out)
{
	char *p = kmap_local_page(page);

	memcpy(out, p, PAGE_SIZE);
	p += PAGE_SIZE;
	kunmap_local(p);			/* expect: kmap-wrong-arg */
}

void before_page_bad(struct page *page)
{
	u32 *p = kmap_local_page(page);

	p[0] = 0;
	p--;
	kunmap_local(p);			/* expect: kmap-wrong-arg */
}

void there_and_back_good(struct page *page)
{
	u32 *p = kmap_local_page(page);		/* verdict: map=proved */

	p += 1024;
	p -= 1024;
	*p = 0;
	kunmap_local(p);			/* verdict: unmap=proved */
}

/* a loop that walks the pointer to the end */
void fill_words_bad(struct page *page, u32 val)
{
	u32 *p = kmap_local_page(page);
	unsigned int i;

	for (i = 0; i < PAGE_SIZE / sizeof(u32); i++)
		*p++ = val;
	kunmap_local(p);			/* expect: kmap-wrong-arg */
}

void fill_words_good(struct page *page, u32 val)
{
	u32 *p = kmap_local_page(page);		/* verdict: map=proved */
	unsigned int i;

	for (i = 0; i < PAGE_SIZE / sizeof(u32); i++)
		p[i] = val;
	kunmap_local(p);			/* verdict: unmap=proved */
}

void fill_words_minus_one_good(struct page *page, u32 val)
{
	u32 *p = kmap_local_page(page);		/* verdict: map=proved */
	unsigned int i;

	for (i = 0; i < PAGE_SIZE / sizeof(u32); i++)
		*p++ = val;
	kunmap_local(p - 1);			/* verdict: unmap=proved */
}

void fill_half_good(struct page *page, u32 val)
{
	u32 *p = kmap_local_page(page);		/* verdict: map=proved */
	unsigned int i;

	for (i = 0; i < PAGE_SIZE / sizeof(u32) / 2; i++)
		*p++ = val;
	kunmap_local(p);			/* verdict: unmap=proved */
}

/* until the end of the page by comparing addresses */
int walk_to_end_bad(struct page *page)
{
	struct log_entry *e = kmap_local_page(page);
	struct log_entry *end = e + ENTRIES_PER_PAGE;
	int err = 0;

	while (e < end) {
		err |= handle_entry(e);
		e++;
	}
	kunmap_local(e);			/* expect: kmap-wrong-arg */
	return err;
}

int walk_to_end_good(struct page *page)
{
	struct log_entry *first = kmap_local_page(page);	/* verdict: map=proved */
	struct log_entry *e, *end = first + ENTRIES_PER_PAGE;
	int err = 0;

	for (e = first; e < end; e++)
		err |= handle_entry(e);
	kunmap_local(first);			/* verdict: unmap=proved */
	return err;
}

/* leaves the walk by break as well, where the address is still inside */
int walk_some_bad(struct page *page)
{
	struct log_entry *e = kmap_local_page(page);
	unsigned int i;

	for (i = 0; i < ENTRIES_PER_PAGE; i++, e++)
		if (handle_entry(e))
			break;
	kunmap_local(e);			/* expect: kmap-wrong-arg */
	return i;
}

int walk_some_good(struct page *page)
{
	struct log_entry *e = kmap_local_page(page);	/* verdict: map=proved */
	unsigned int i;

	for (i = 0; i < ENTRIES_PER_PAGE - 1; i++, e++)
		if (handle_entry(e))
			break;
	kunmap_local(e);			/* verdict: unmap=proved */
	return i;
}

/* offset, and a length cut to what is left of the page */
size_t put_bytes_bad(struct page *page, unsigned int off, const char *src, size_t len)
{
	char *p = kmap_local_page(page);
	unsigned int from = off & (PAGE_SIZE - 1);
	size_t n = min_t(size_t, len, PAGE_SIZE - from);

	p += from;
	memcpy(p, src, n);
	p += n;
	kunmap_local(p);			/* expect: kmap-wrong-arg */
	return n;
}

size_t put_bytes_good(struct page *page, unsigned int off, const char *src, size_t len)
{
	char *p = kmap_local_page(page);	/* verdict: map=proved */
	unsigned int from = off & (PAGE_SIZE - 1);
	size_t n = min_t(size_t, len, PAGE_SIZE - from);

	memcpy(p + from, src, n);
	kunmap_local(p + from);			/* verdict: unmap=proved */
	return n;
}

size_t put_bytes_rounded_good(struct page *page, unsigned int off, const char *src, size_t len)
{
	char *p = kmap_local_page(page);	/* verdict: map=proved */
	size_t n = min_t(size_t, len, PAGE_SIZE - 1);

	off = 0;
	memcpy(p + off, src, n);
	p += n;
	kunmap_local(p);			/* verdict: unmap=proved */
	return n;
}

/* min() of the two whole things */
size_t copy_in_bad(struct page *page, const char *src, size_t len)
{
	size_t n = min(len, PAGE_SIZE);
	char *p = kmap_local_page(page);

	memcpy(p, src, n);
	kunmap_local(p + n);			/* expect: kmap-wrong-arg */
	return n;
}

size_t copy_in_good(struct page *page, const char *src, size_t len)
{
	size_t n = min(len, PAGE_SIZE);
	char *p = kmap_local_page(page);	/* verdict: map=proved */

	memcpy(p, src, n);
	kunmap_local(p);			/* verdict: unmap=proved */
	return n;
}

/* an offset that a check keeps below the end */
int checked_offset_good(struct page *page, size_t off)
{
	char *p = kmap_local_page(page);	/* verdict: map=proved */
	int ret = -EINVAL;

	if (off >= PAGE_SIZE)
		goto out;
	p += off;
	ret = *p;
out:
	kunmap_local(p);			/* verdict: unmap=proved */
	return ret;
}

int checked_offset_bad(struct page *page, size_t off)
{
	char *p = kmap_local_page(page);
	int ret = 0;

	if (off > PAGE_SIZE) {
		kunmap_local(p);		/* verdict: unmap=proved */
		return -EINVAL;
	}
	if (off)
		ret = p[off - 1];
	p += off;
	kunmap_local(p);			/* expect: kmap-wrong-arg */
	return ret;
}

/* an amount that nobody knows: nothing is shown, so nothing is said */
int unknown_offset(struct page *page, unsigned int off)
{
	char *p = kmap_local_page(page);
	int ret;

	p += next_offset(off);
	ret = *p;
	kunmap_local(p);
	return ret;
}

/* back to the start of the page */
void mask_good(struct page *page, unsigned int off)
{
	char *p = kmap_local_page(page);	/* verdict: map=proved */

	p += off & (PAGE_SIZE - 1);
	*p = 1;
	kunmap_local((void *)((unsigned long)p & PAGE_MASK));	/* verdict: unmap=proved */
}

void mask_base_good(struct page *page)
{
	u16 *p = kmap_local_page(page);		/* verdict: map=proved */

	p += 100;
	*p = 1;
	p = (u16 *)((unsigned long)p & PAGE_MASK);
	kunmap_local(p);			/* verdict: unmap=proved */
}

void mask_at_end_bad(struct page *page)
{
	u32 *p = kmap_local_page(page);
	unsigned int i;

	for (i = 0; i < PAGE_SIZE / sizeof(u32); i++)
		*p++ = i;
	kunmap_local((void *)((unsigned long)p & PAGE_MASK));	/* expect: kmap-wrong-arg */
}

/* the tail helper takes and gives an address inside the mapping */
void zero_rest_good(struct folio *folio, const char *data, size_t len)
{
	char *kaddr = kmap_local_folio(folio, 0);

	memcpy(kaddr, data, len);
	kaddr = folio_zero_tail(folio, len, kaddr + len);
	kunmap_local(kaddr);
}

void zero_rest_bad(struct folio *folio, const char *data, size_t len)
{
	char *kaddr = kmap_local_folio(folio, 0);	/* expect: kmap-leak */

	memcpy(kaddr, data, len);
	kaddr = folio_zero_tail(folio, len, kaddr + len);
	if (*kaddr)
		return;
	kunmap_local(kaddr);
}

/* a member's address, an array element's address */
int member_good(struct page *page, unsigned int nr)
{
	struct log_entry *e = kmap_local_page(page);	/* verdict: map=proved */
	u8 *body = e[nr & 15].body;
	int ret = body[3];

	kunmap_local(body);			/* verdict: unmap=proved */
	return ret;
}

int element_good(struct page *page)
{
	struct log_entry *log = kmap_local_page(page);	/* verdict: map=proved */
	struct log_entry *e = &log[ENTRIES_PER_PAGE - 1];
	int ret = handle_entry(e);

	kunmap_local(e);			/* verdict: unmap=proved */
	return ret;
}

int element_bad(struct page *page)
{
	struct log_entry *log = kmap_local_page(page);
	struct log_entry *end = &log[ENTRIES_PER_PAGE];
	int ret = handle_entry(end - 1);

	kunmap_local(end);			/* expect: kmap-wrong-arg */
	return ret;
}

/* counting down from the end, which is right when the end was stepped back from */
int backwards_good(struct page *page)
{
	char *p = (char *)kmap_local_page(page) + PAGE_SIZE;
	int n = 0;

	do {
		p -= ENTRY_SIZE;
		n += *p;
	} while (n < 10 && offset_in_page(p));
	kunmap_local(p);
	return n;
}

/* the offset comes from the mapping call itself */
void offset_map_good(struct folio *folio, size_t pos)
{
	size_t off = pos & (PAGE_SIZE - 1);
	char *p = kmap_local_folio(folio, pos);	/* verdict: map=proved */

	*p = 1;
	kunmap_local(p - off);			/* verdict: unmap=proved */
}

void offset_map_bad(struct folio *folio, size_t pos)
{
	size_t off = pos & (PAGE_SIZE - 1);
	char *p = kmap_local_folio(folio, pos);

	memset(p, 0, PAGE_SIZE - off);
	p += PAGE_SIZE - off;
	kunmap_local(p);			/* expect: kmap-wrong-arg */
}

/* atomic mappings are rounded in the same way */
void atomic_end_bad(struct page *page, u8 val)
{
	u8 *p = kmap_atomic(page);
	u8 *end = p + PAGE_SIZE;

	while (p != end)
		*p++ = val;
	kunmap_atomic(p);			/* expect: kmap-wrong-arg */
}

void atomic_end_good(struct page *page, u8 val)
{
	u8 *p = kmap_atomic(page);		/* verdict: map=proved */
	u8 *end = p + PAGE_SIZE;

	while (p != end)
		*p++ = val;
	kunmap_atomic(end - 1);			/* verdict: unmap=proved */
}

/* two unsigned lengths that are checked together: neither is negative, and the second is never 0 */
void span_checked_good(struct page *page, void *out, unsigned int off, unsigned int len)
{
	char *p;

	if (len < 8 || off + len > PAGE_SIZE)
		return;
	p = kmap_local_page(page) + off;	/* verdict: map=proved */
	memcpy(out, p, len);
	kunmap_local(p);			/* verdict: unmap=proved */
}

/* the sum is asked for wrapping around: that path exists */
int wrap_checked_bad(struct page *page, void *out, unsigned int off, unsigned int len)
{
	char *p = kmap_local_page(page);	/* expect: kmap-leak */

	if (off + len < off)
		return -EINVAL;
	memcpy(out, p, 16);
	kunmap_local(p);
	return 0;
}

/* a multiple of the page size is no offset */
bool all_clear_good(struct folio *folio)
{
	unsigned int i, n = folio_nr_pages(folio);

	for (i = 0; i < n; i++) {
		unsigned long *p = kmap_local_folio(folio, i * PAGE_SIZE);	/* verdict: map=proved */

		if (p[PAGE_SIZE / sizeof(*p) - 1]) {
			kunmap_local(p);	/* verdict: unmap=proved */
			return false;
		}
		kunmap_local(p);		/* verdict: unmap=proved */
	}
	return true;
}

/* copies from the end backwards: "up to the page's end" is one byte too far for the release */
void copy_down_bad(struct page **dst, struct page **src, unsigned int at, unsigned int len)
{
	unsigned int off = at & (PAGE_SIZE - 1), n;

	while (len) {
		char *to = kmap_local_page(*dst) + off;
		char *from = kmap_local_page(*src) + off;

		n = len < off ? len : off;
		memmove(to - n, from - n, n);
		kunmap_local(from);		/* expect: kmap-wrong-arg */
		kunmap_local(to);		/* expect: kmap-wrong-arg */
		len -= n;
		off = PAGE_SIZE;
		dst--;
		src--;
	}
}

void copy_down_good(struct page **dst, struct page **src, unsigned int at, unsigned int len)
{
	unsigned int off = at & (PAGE_SIZE - 1), n;

	while (len) {
		char *to = kmap_local_page(*dst);	/* verdict: map=proved */
		char *from = kmap_local_page(*src);	/* verdict: map=proved */

		n = len < off ? len : off;
		memmove(to + off - n, from + off - n, n);
		kunmap_local(from);		/* verdict: unmap=proved */
		kunmap_local(to);		/* verdict: unmap=proved */
		len -= n;
		off = PAGE_SIZE;
		dst--;
		src--;
	}
}

/* takes off what was added, and what the loop has gone on by since: before the page */
void take_off_bad(struct page *page, const char *in, unsigned int at, unsigned int len)
{
	unsigned int off = at, n;
	char *p;

	while (len) {
		n = len < 64 ? len : 64;
		p = kmap_local_page(page) + off;
		memcpy(p, in, n);
		off += n;
		len -= n;
		kunmap_local(p - off);		/* expect: kmap-wrong-arg */
	}
}

void take_off_good(struct page *page, const char *in, unsigned int at, unsigned int len)
{
	unsigned int off = at, n;
	char *p;

	while (len) {
		n = len < 64 ? len : 64;
		p = kmap_local_page(page) + off;	/* verdict: map=proved */
		memcpy(p, in, n);
		kunmap_local(p - off);		/* verdict: unmap=proved */
		off += n;
		len -= n;
	}
}
