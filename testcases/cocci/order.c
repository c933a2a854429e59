// SPDX-License-Identifier: GPL-2.0-or-later
/* kmap_local_order.cocci */
#include "kmap-case.h"

void later(struct page *page);

void two_bad(struct page *a, struct page *b)
{
	u8 *x = kmap_local_page(a);
	u8 *y = kmap_local_page(b);

	memcpy(x, y, 64);
	kunmap_local(x);
	kunmap_local(y);
}

void three_bad(struct page *a, struct page *b, struct page *c)
{
	u8 *x = kmap_local_page(a);
	u8 *y = kmap_local_page(b);
	u8 *z = kmap_atomic(c);

	memcpy(x, y, 64);
	memcpy(x + 64, z, 64);
	kunmap_local(x);
	kunmap_local(y);
	kunmap_atomic(z);
}

void offset_bad(struct folio *f, struct page *b)
{
	u8 *x = kmap_local_folio(f, 0) + 16;
	u8 *y = kmap_local_page(b) + 16;

	memcpy(x, y, 64);
	kunmap_local(x - 16);
	kunmap_local(y);
}

/* found, but something stands between: no patch */
void apart_report(struct page *a, struct page *b)
{
	u8 *x = kmap_local_page(a);
	u8 *y = kmap_local_page(b);

	memcpy(x, y, 64);
	kunmap_local(x);
	later(a);
	kunmap_local(y);
}

void nested_good(struct page *a, struct page *b)
{
	u8 *x = kmap_local_page(a);
	u8 *y = kmap_local_page(b);

	memcpy(x, y, 64);
	kunmap_local(y);
	kunmap_local(x);
}

void one_behind_the_other_good(struct page *a, struct page *b)
{
	u8 *x, *y;

	x = kmap_local_page(a);
	x[0] = 1;
	kunmap_local(x);
	y = kmap_local_page(b);
	y[0] = 1;
	kunmap_local(y);
}

void exchanged_good(struct page *a, struct page *b)
{
	u8 *x = kmap_local_page(a);
	u8 *y = kmap_local_page(b);

	x[0] = y[0];
	swap(x, y);
	kunmap_local(x);
	kunmap_local(y);
}
