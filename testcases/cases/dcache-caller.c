// SPDX-License-Identifier: GPL-2.0-or-later
/* options: dcache=strict */
/* Functions of which the model says that their caller flushes what they leave: by their own line, and by the table they stand in. */
#include "kmap-case.h"

struct address_space_operations {
	int (*migrate_folio)(struct address_space *mapping, struct folio *dst, struct folio *src, int mode);
	int (*launder_folio)(struct folio *folio);
};

/* moved for somebody who flushes the new folio afterwards */
static int move_good(struct address_space *mapping, struct folio *dst, struct folio *src, int mode)
{
	char *to, *from;

	if (!mapping || mode)
		return -EAGAIN;
	to = kmap_local_folio(dst, 0);
	from = kmap_local_folio(src, 0);
	memcpy(to, from, PAGE_SIZE);		/* verdict: write=unproved(not-published) */
	kunmap_local(from);
	kunmap_local(to);
	return 0;
}

/* the other folio is nobody's to flush */
static int move_back_bad(struct address_space *mapping, struct folio *dst, struct folio *src, int mode)
{
	char *to, *from;

	if (!mapping || mode)
		return -EAGAIN;
	to = kmap_local_folio(src, 0);
	from = kmap_local_folio(dst, 0);
	memcpy(to, from, PAGE_SIZE);		/* expect: dcache-missing-flush */
	kunmap_local(from);
	kunmap_local(to);
	return 0;
}

static int launder_bad(struct folio *folio)
{
	char *p = kmap_local_folio(folio, 0);

	memset(p, 0, PAGE_SIZE);		/* expect: dcache-missing-flush */
	kunmap_local(p);
	return 0;
}

const struct address_space_operations case_mover = {
	.migrate_folio = move_good,
	.launder_folio = launder_bad,
};

const struct address_space_operations case_back_mover = {
	.migrate_folio = move_back_bad,
};

/* its line says that it writes the first folio, and no more: who calls it flushes; not so the other one */
void folio_copy(struct folio *dst, struct folio *src)
{
	long i, nr = folio_nr_pages(src);

	for (i = 0; i < nr; i++)
		memcpy_page(folio_page(dst, i), 0, folio_page(src, i), 0, PAGE_SIZE);	/* verdict[gcc]: write=unproved(not-published) -- sparse leaves bodies of modelled functions out */
}
