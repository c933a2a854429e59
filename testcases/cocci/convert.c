// SPDX-License-Identifier: GPL-2.0-or-later
/* kmap_to_kmap_local.cocci: …_old is changed, …_kept is not */
#include "kmap-case.h"

void consume(const void *p);

int kmap_old(struct page *page, int n)
{
	u8 *p = kmap(page);
	int first = p[0];

	if (first == n)
		p[1] = 0;
	flush_dcache_page(page);
	kunmap(page);
	return first;
}

void atomic_old(struct page *page, struct page *from)
{
	u32 *x = kmap_atomic(page);
	u32 *y = kmap_atomic(from);

	x[0] = y[1];
	x[1] = y[0];
	kunmap_atomic(y);
	kunmap_atomic(x);
}

void to_folio_old(struct folio *folio, size_t off, const void *buf, size_t n)
{
	char *p;

	p = kmap_local_folio(folio, off);
	memcpy(p, buf, n);
	flush_dcache_folio(folio);
	kunmap_local(p);
}

void from_folio_old(struct folio *folio, size_t off, void *buf, size_t n)
{
	char *p;

	p = kmap_local_folio(folio, off);
	memcpy(buf, p, n);
	kunmap_local(p);
}

void zero_folio_old(struct folio *folio, size_t off, size_t n)
{
	char *p;

	p = kmap_local_folio(folio, off);
	memset(p, 0, n);
	kunmap_local(p);
	flush_dcache_folio(folio);
}

void to_page_old(struct page *page, size_t off, const void *buf, size_t n)
{
	char *p;

	p = kmap_atomic(page);
	memcpy(p + off, buf, n);
	flush_dcache_page(page);
	kunmap_atomic(p);
}

void from_page_old(struct page *page, void *buf, size_t n)
{
	u32 *p;

	p = kmap_local_page(page);
	memcpy(buf, p, n);
	kunmap_local(p);
}

void zero_page_old(struct page *page, size_t off, size_t n)
{
	u8 *p;

	p = kmap_local_page(page);
	memset(p + off, 0, n);
	flush_dcache_page(page);
	kunmap_local(p);
}

void head_page_old(struct folio *folio)
{
	u8 *p = kmap_local_page(&folio->page);

	p[0] = 1;
	flush_dcache_page(&folio->page);
	kunmap_local(p);
}

/* leaves the function, or may sleep where it must not */
void *returned_kept(struct page *page)
{
	u8 *p = kmap(page);

	return p;
}

void handed_kept(struct page *page)
{
	u8 *p = kmap(page);

	consume(p);
	kunmap(page);
}

int leaks_kept(struct page *page)
{
	u8 *p = kmap(page);

	if (p[0])
		return -EIO;
	kunmap(page);
	return 0;
}

int faults_kept(struct page *page, const char __user *buf, size_t n)
{
	u8 *p = kmap_atomic(page);
	int left = __copy_from_user_inatomic(p, buf, n);

	kunmap_atomic(p);
	return left;
}

void mixed_old(struct page *a, struct page *b)
{
	u8 *x = kmap(a);
	u8 *y = kmap(b);

	x[0] = y[0];
	kunmap(a);
	kunmap(b);
}

/* no flush: not what the helper does; an index that is no byte offset */
void quiet_kept(struct page *page, const void *buf, size_t n)
{
	char *p;

	p = kmap_local_page(page);
	memcpy(p, buf, n);
	kunmap_local(p);
}

void index_kept(struct page *page, void *buf, size_t i, size_t n)
{
	u32 *p;

	p = kmap_local_page(page);
	memcpy(buf, p + i, n);
	kunmap_local(p);
}

void within_kept(struct page *page, size_t n)
{
	char *p;

	p = kmap_local_page(page);
	memcpy(p, p + n, n);
	flush_dcache_page(page);
	kunmap_local(p);
}

struct state {
	void *addr;
};

void field_kept(struct state *s, struct page *page)
{
	u8 *p = kmap(page);

	s->addr = p;
	kunmap(page);
}

/* released also where it was not mapped here */
void elsewhere_kept(struct page *page, int n)
{
	u8 *p;

	if (n) {
		p = kmap(page);
		p[0] = 1;
	}
	kunmap(page);
}

void *atomic_returned_kept(struct page *page, int n)
{
	u8 *p = kmap_atomic(page);

	if (n)
		return p;
	kunmap_atomic(p);
	return NULL;
}

/* who knows what it relies on */
struct mover {
	void (*move)(void *to);
	u64 head;
};

void indirect_kept(struct mover *m, struct page *page)
{
	u8 *p = kmap_atomic(page);

	m->move(p);
	kunmap_atomic(p);
}

/* one of two has to stay, so the other does as well */
void partly_kept(struct mover *m, struct page *a, struct page *b)
{
	u8 *x = kmap_atomic(a);
	u8 *y = kmap_atomic(b);

	memcpy(y, x, 64);
	m->move(x);
	kunmap_atomic(y);
	kunmap_atomic(x);
}

/* memcpy_from_page() takes a pointer to char */
void typed_kept(struct mover *m, struct page *page)
{
	u8 *p = kmap_local_page(page);

	memcpy(&m->head, p, sizeof(m->head));
	kunmap_local(p);
}
