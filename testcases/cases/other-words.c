// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The second condition says the same as the first, by arithmetic that is not followed: nothing may be reported where no number can be named for
 * which they differ. In the bad twins there is one.
 */
#include "kmap-case.h"

int step(void);

int shifted_good(struct page *page, u64 pos)
{
	u8 *p = NULL;
	int err;

	if (pos >> 12)
		p = kmap_local_page(page);
	err = step();
	if (pos >= 4096)
		kunmap_local(p);
	return err;
}

int shifted_bad(struct page *page, u64 pos)
{
	u8 *p = NULL;
	int err;

	if (pos >> 12)
		p = kmap_local_page(page);		/* expect: kmap-leak */
	err = step();
	if (pos > 4096)
		kunmap_local(p);
	return err;
}

int upper_half_good(struct page *page, u64 x)
{
	u8 *p = NULL;
	int err;

	if (x >> 32)
		p = kmap_local_page(page);
	err = step();
	if (x > 0xffffffff)
		kunmap_local(p);
	return err;
}

int one_of_two_good(struct page *page, int a, int b)
{
	u8 *p = NULL;
	int err;

	if (!a != !b)
		p = kmap_local_page(page);		/* verdict: map=unproved(correlation) */
	err = step();
	if ((a && !b) || (!a && b))
		kunmap_local(p);
	return err;
}

int one_of_two_bad(struct page *page, int a, int b)
{
	u8 *p = NULL;
	int err;

	if (!a != !b)
		p = kmap_local_page(page);		/* expect: kmap-leak */
	err = step();
	if (a && !b)
		kunmap_local(p);
	return err;
}

int letter_good(struct page *page, int c)
{
	u8 *p = NULL;
	int err;

	if ((c | 0x20) == 'x')
		p = kmap_local_page(page);		/* verdict: map=unproved(correlation) */
	err = step();
	if (c == 'x' || c == 'X')
		kunmap_local(p);
	return err;
}

int letter_bad(struct page *page, int c)
{
	u8 *p = NULL;
	int err;

	if ((c | 0x20) == 'x')
		p = kmap_local_page(page);		/* expect: kmap-leak */
	err = step();
	if (c == 'x')
		kunmap_local(p);
	return err;
}

int aligned_good(struct page *page, unsigned long at)
{
	u8 *p = NULL;
	int err;

	if (((at + 4095) & ~4095ul) != at)
		p = kmap_local_page(page);		/* verdict: map=unproved(correlation) */
	err = step();
	if (at & 4095)
		kunmap_local(p);
	return err;
}

int aligned_bad(struct page *page, unsigned long at)
{
	u8 *p = NULL;
	int err;

	if (((at + 4095) & ~4095ul) != at)
		p = kmap_local_page(page);		/* expect: kmap-leak */
	err = step();
	if (at & 2047)
		kunmap_local(p);
	return err;
}

int one_flag_good(struct page *page, unsigned int flags)
{
	u8 *p = NULL;
	int err;

	if (flags & (flags - 1))
		p = kmap_local_page(page);
	err = step();
	if (flags != 0 && (flags & (flags - 1)) != 0)
		kunmap_local(p);
	return err;
}

int field_good(struct page *page, u32 word)
{
	u8 *p = NULL;
	int err;

	if (((word >> 4) & 0xf) == 3)
		p = kmap_local_page(page);
	err = step();
	if ((word & 0xf0) == 0x30)
		kunmap_local(p);
	return err;
}

int field_bad(struct page *page, u32 word)
{
	u8 *p = NULL;
	int err;

	if (((word >> 4) & 0x7) == 3)
		p = kmap_local_page(page);		/* expect: kmap-leak */
	err = step();
	if ((word & 0xf0) == 0x30)
		kunmap_local(p);
	return err;
}

int in_bytes_good(struct page *page, u32 n)
{
	u8 *p = NULL;
	int err;

	if (n * 8 > 64)
		p = kmap_local_page(page);
	err = step();
	if (n > 8)
		kunmap_local(p);
	return err;
}

int magnitude_good(struct page *page, int x)
{
	u8 *p = NULL;
	int err;

	if ((x < 0 ? -x : x) > 4)
		p = kmap_local_page(page);
	err = step();
	if (x > 4 || x < -4)
		kunmap_local(p);
	return err;
}

int top_bit_good(struct page *page, s32 v)
{
	u8 *p = NULL;
	int err;

	if ((u32)v & 0x80000000)
		p = kmap_local_page(page);
	err = step();
	if (v < 0)
		kunmap_local(p);
	return err;
}

int between_good(struct page *page, u8 *at, u8 *end)
{
	u8 *p = NULL;
	int err;

	if (at + 4 > end)
		p = kmap_local_page(page);		/* verdict: map=proved */
	err = step();
	if (end - at < 4)
		kunmap_local(p);
	return err;
}

/* the first of so many turns maps, the one after that needs a number far away */
int far_bad(struct page *page, unsigned long n)
{
	u8 *p = NULL;
	unsigned long i;

	for (i = 0; i < n; i++) {
		if (!(i & 511)) {
			if (i)
				return -EIO;
			p = kmap_local_page(page);	/* expect: kmap-leak */
		}
		p[i & 511] = 0;
	}
	if (p)
		kunmap_local(p);
	return 0;
}

/* 32 bits: twice 0x80000000 is 0; that it is none is not proved, and not told either */
int doubled(struct page *page, u32 x)
{
	u32 y = x * 2;
	u8 *p = kmap_local_page(page);			/* verdict: map=unproved(correlation) */ /* expect[cocci]: kmap-leak -- follows no values */

	if (!y) {
		if (x == 0x80000000u)
			return 1;
	}
	kunmap_local(p);
	return 0;
}

int doubled_known_bad(struct page *page, u32 x)
{
	u8 *p = kmap_local_page(page);			/* expect: kmap-leak */

	if (x == 0x80000000u) {
		u32 y = x * 2;

		if (!y)
			return 1;
	}
	kunmap_local(p);
	return 0;
}

int in_pages(struct page *page, u32 nr)
{
	u8 *p = kmap_local_page(page);			/* verdict: map=unproved(correlation) */ /* expect[cocci]: kmap-leak -- follows no values */
	u32 bytes = nr << 12;

	if (nr > 5 && !bytes)
		return 1;
	kunmap_local(p);
	return 0;
}

int in_bytes_of_none_good(struct page *page, u32 nr)
{
	u8 *p = NULL;

	if (!nr)
		p = kmap_local_page(page);		/* verdict: map=proved */
	if (nr * 24 == 0 && !nr)
		kunmap_local(p);
	return 0;
}
