// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether something is mapped, kept as one bit among others: in a word, in a field of a struct, as a bit-field. */
#include "kmap-case.h"

#define CUR_FIRST 1u
#define CUR_MAPPED 4u
#define CUR_DIRTY 8u

struct cursor {
	struct page *page;
	u32 flags;
	unsigned int last:1, mapped:1, level:3;
	u32 *slots;
};

u32 next_flags(void);
void report_slot(u32 val);

/* a local word: other bits of it are anybody's */
u32 word_good(struct page *page, u32 flags)
{
	u32 *p = NULL, val = 0;

	flags &= ~CUR_MAPPED;
	if (flags & CUR_FIRST) {
		p = kmap_local_page(page);		/* verdict: map=proved */
		flags |= CUR_MAPPED;
		val = *p;
	}
	if (val > 100)
		flags |= CUR_DIRTY;
	if (flags & CUR_MAPPED)
		kunmap_local(p);			/* verdict: unmap=proved */
	return flags & CUR_DIRTY;
}

u32 word_bad(struct page *page, u32 flags)
{
	u32 *p = NULL, val = 0;

	flags &= ~CUR_MAPPED;
	if (flags & CUR_FIRST) {
		p = kmap_local_page(page);		/* expect: kmap-leak */
		flags |= CUR_MAPPED;
		val = *p;
	}
	if (val > 100)
		flags &= ~(CUR_MAPPED | CUR_DIRTY);
	if (flags & CUR_MAPPED)
		kunmap_local(p);
	return flags;
}

/* one that comes from outside, marked where it is not 0 */
int marked_good(struct page *page)
{
	u32 flags = next_flags(), *p = NULL;

	if (!(flags & CUR_DIRTY)) {
		p = kmap_local_page(page);		/* verdict: map=proved */
		flags |= CUR_MAPPED | CUR_FIRST;
	} else {
		flags &= CUR_DIRTY | CUR_FIRST;
	}
	if ((flags & (CUR_MAPPED | CUR_DIRTY)) == CUR_MAPPED) {
		report_slot(p[1]);
		kunmap_local(p);			/* verdict: unmap=proved */
	}
	return flags & CUR_FIRST;
}

/* the word of a struct that somebody else gave */
u32 field_good(struct cursor *cur)
{
	u32 *p = NULL, val = 0;

	cur->flags &= ~CUR_MAPPED;
	if (cur->page) {
		p = kmap_local_page(cur->page);		/* verdict: map=proved */
		cur->flags |= CUR_MAPPED;
		val = p[3];
	}
	if (cur->flags & CUR_MAPPED)
		kunmap_local(p);			/* verdict: unmap=proved */
	return val;
}

u32 field_bad(struct cursor *cur)
{
	u32 *p = NULL, val = 0;

	cur->flags &= ~CUR_DIRTY;
	if (cur->page) {
		p = kmap_local_page(cur->page);		/* expect: kmap-leak */
		cur->flags |= CUR_MAPPED;
		val = p[3];
	}
	if (cur->flags & CUR_DIRTY)
		kunmap_local(p);
	return val;
}

/* a bit-field beside others */
u32 bit_good(struct cursor *cur)
{
	u32 *p = NULL, val = 0;

	cur->mapped = 0;
	if (!cur->last) {
		p = kmap_local_page(cur->page);		/* verdict: map=proved */
		cur->mapped = 1;
		cur->level = 2;
		val = p[3];
	}
	if (cur->mapped)
		kunmap_local(p);			/* verdict: unmap=proved */
	return val;
}

u32 bit_bad(struct cursor *cur)
{
	u32 *p = NULL, val = 0;

	cur->mapped = 0;
	if (!cur->last) {
		p = kmap_local_page(cur->page);		/* expect: kmap-leak */
		val = p[3];
		if (val)
			cur->mapped = 1;
	}
	if (cur->mapped)
		kunmap_local(p);
	return val;
}

/* set from a condition */
u32 bit_cond_good(struct cursor *cur, struct page *page)
{
	u32 *p = NULL, val = 0;

	cur->mapped = !!page;
	if (page) {
		p = kmap_local_page(page);		/* verdict: map=proved */
		val = p[cur->level];
	}
	if (cur->mapped)
		kunmap_local(p);			/* verdict: unmap=proved */
	return val;
}

/* once over a list of pages, the last one kept */
u32 loop_good(struct page **pages, unsigned int nr, u32 flags)
{
	u32 *p = NULL, sum = 0;
	unsigned int i;

	flags &= ~CUR_MAPPED;
	for (i = 0; i < nr; i++) {
		if (flags & CUR_MAPPED) {
			kunmap_local(p);		/* verdict: unmap=proved */
			flags &= ~CUR_MAPPED;
		}
		if (!pages[i])
			continue;
		p = kmap_local_page(pages[i]);		/* verdict: map=proved */
		flags |= CUR_MAPPED;
		sum += *p;
	}
	if (flags & CUR_MAPPED)
		kunmap_local(p);			/* verdict: unmap=proved */
	return sum;
}

u32 loop_bad(struct page **pages, unsigned int nr, u32 flags)
{
	u32 *p = NULL, sum = 0;
	unsigned int i;

	flags &= ~CUR_MAPPED;
	for (i = 0; i < nr; i++) {
		if (!pages[i])
			continue;
		p = kmap_local_page(pages[i]);		/* expect: kmap-leak */
		flags |= CUR_MAPPED;
		sum += *p;
	}
	if (flags & CUR_MAPPED)
		kunmap_local(p);
	return sum;
}
