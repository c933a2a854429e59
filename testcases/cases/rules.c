// SPDX-License-Identifier: GPL-2.0-or-later
/* options: rules=kmap-order,kmap-double-unmap */
/* Only the rules that were asked for speak; the verdicts are the same. */
#include "kmap-case.h"

int leaks(struct page *page)
{
	u32 *p = kmap_local_page(page);

	if (p[0])
		return -EBUSY;
	kunmap_local(p);			/* verdict: unmap=proved */
	return 0;
}

void order_bad(struct page *a, struct page *b)
{
	u32 *x = kmap_local_page(a);
	u32 *y = kmap_local_page(b);

	x[0] = y[0];
	kunmap_local(x);			/* expect: kmap-order */
	kunmap_local(y);
}

void double_bad(struct page *page)
{
	u32 *p = kmap_local_page(page);

	p[0] = 0;
	kunmap_local(p);
	kunmap_local(p);			/* expect: kmap-double-unmap */
}

u32 use_after(struct page *page)
{
	u32 *p = kmap_local_page(page);		/* verdict: map=proved */

	kunmap_local(p);			/* verdict: unmap=proved */
	return p[0];
}
