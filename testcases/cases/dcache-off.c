// SPDX-License-Identifier: GPL-2.0-or-later
/* options: dcache=off */
/* Without the data-cache rules only the pairing is looked at. */
#include "kmap-case.h"

void published_unflushed(struct page *page, const void *data)
{
	void *p = kmap_local_page(page);	/* verdict: map=proved */

	memcpy(p, data, PAGE_SIZE);
	kunmap_local(p);			/* verdict: unmap=proved */
	SetPageUptodate(page);
}

int pairing_bad(struct page *page, const void *data)
{
	u32 *p = kmap_local_page(page);		/* expect: kmap-leak */

	if (p[0])
		return -EBUSY;
	memcpy(p, data, PAGE_SIZE);
	kunmap_local(p);
	SetPageUptodate(page);
	return 0;
}
