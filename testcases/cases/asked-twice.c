// SPDX-License-Identifier: GPL-2.0-or-later
/* The same question asked again: a function that looks at the same memory probably answers the same, and a path on which it does not is no finding. */
#include "kmap-case.h"

struct inf {
	unsigned long state;
	s32 mode;
	struct page *page;
	struct list_head q;
	char name[16];
};

bool test_bit(int nr, const unsigned long *addr);
bool is_inline(const struct inf *i);
bool list_empty(const struct list_head *h);
int emit(const void *p, size_t n);

int bit_twice_good(struct inf *i)
{
	u8 *p = NULL;
	int err;

	if (test_bit(2, &i->state))
		p = kmap_local_page(i->page);
	err = emit(p ? p : (u8 *)i->name, 4);
	if (test_bit(2, &i->state))
		kunmap_local(p);
	return err;
}

int pred_twice_good(struct inf *i)
{
	u8 *p = (u8 *)i->name;
	int err;

	if (!is_inline(i))
		p = kmap_local_page(i->page);
	err = emit(p, 4);
	if (!is_inline(i))
		kunmap_local(p);
	return err;
}

int empty_twice_good(struct inf *i)
{
	u8 *p = NULL;
	int err = 0;

	if (!list_empty(&i->q))
		p = kmap_local_page(i->page);
	if (p)
		err = emit(p, 4);
	if (!list_empty(&i->q))
		kunmap_local(p);
	return err;
}

int name_twice_good(struct inf *i, struct page *page)
{
	u8 *p = NULL;
	int err = 0;

	if (!strcmp(i->name, "raw"))
		p = kmap_local_page(page);
	err = i->mode;
	if (!strcmp(i->name, "raw"))
		kunmap_local(p);
	return err;
}

/* another bit, another name */
int bit_twice_bad(struct inf *i)
{
	u8 *p = NULL;
	int err;

	if (test_bit(2, &i->state))
		p = kmap_local_page(i->page);	/* expect: kmap-leak */
	err = emit(p ? p : (u8 *)i->name, 4);
	if (test_bit(3, &i->state))
		kunmap_local(p);	/* expect: kmap-wrong-arg */
	return err;
}

int name_twice_bad(struct inf *i, struct page *page)
{
	u8 *p = NULL;
	int err = 0;

	if (!strcmp(i->name, "raw"))
		p = kmap_local_page(page);	/* expect: kmap-leak */
	err = i->mode;
	if (!strcmp(i->name, "row"))
		kunmap_local(p);	/* expect: kmap-wrong-arg */
	return err;
}


struct page *next_page(struct inf *i, unsigned int n);

/* on each turn, and once more behind the loop: that a call changed it in between is possible, and nobody means it */
u8 turns_good(struct inf *i, unsigned int n)
{
	u8 *p = NULL, sum = 0;

	while (n--) {
		struct page *page = next_page(i, n);

		if (!i->mode) {
			if (p)
				kunmap_local(p);
			p = kmap_local_page(page);
			sum += p[0];
		}
	}
	if (!i->mode && p)
		kunmap_local(p);
	return sum;
}

void turns_gather_good(struct inf *i, int n)
{
	u8 *p[16];
	int j;

	for (j = 0; j < n; j++) {
		struct page *page = next_page(i, j);

		if (!i->mode)
			p[j] = kmap_local_page(page);
	}
	if (i->mode)
		return;
	emit(p[0], 4);
	while (--j >= 0)
		kunmap_local(p[j]);
}

u8 turns_bad(struct inf *i, unsigned int n)
{
	u8 *p = NULL, sum = 0;

	while (n--) {
		struct page *page = next_page(i, n);

		if (!i->mode) {
			if (p)
				kunmap_local(p);
			p = kmap_local_page(page);	/* expect: kmap-leak */
			sum += p[0];
		}
	}
	return sum;
}
