// SPDX-License-Identifier: GPL-2.0-or-later
/* Mappings that a function returns or hands out through a pointer, and what their callers do with them. */
#include "kmap-case.h"

struct dir_block {
	__le32 magic;
	__le32 count;
	u8 names[4088];
};

bool block_ok(const void *kaddr);
int use_block(const void *kaddr);

/* to a caller out of sight */
void *map_for_caller(struct page *page)
{
	return kmap_local_page(page);		/* verdict: map=unproved(escapes-return) */
}

void *map_checked_for_caller(struct folio *folio)
{
	void *kaddr = kmap_local_folio(folio, 0);	/* verdict: map=unproved(escapes-return) */

	if (block_ok(kaddr))
		return kaddr;
	kunmap_local(kaddr);			/* verdict: unmap=proved */
	return ERR_PTR(-EUCLEAN);
}

void *map_checked_for_caller_bad(struct folio *folio)
{
	void *kaddr = kmap_local_folio(folio, 0);	/* expect: kmap-leak */

	if (!block_ok(kaddr))
		return ERR_PTR(-EUCLEAN);
	return kaddr;
}

void *map_or_null_bad(struct page *page, u32 key)
{
	u32 *kaddr = kmap_local_page(page);	/* expect: kmap-leak */

	if (kaddr[0] != key)
		return NULL;
	return kaddr + 1;
}

void unmap_for_caller(void *kaddr)
{
	kunmap_local(kaddr);			/* verdict: unmap=unproved(caller) */
}

/* a helper of this file: address or ERR_PTR, the folio through the pointer */
static struct dir_block *get_dir_block(struct address_space *mapping, pgoff_t n, struct folio **foliop)
{
	struct folio *folio = read_mapping_folio(mapping, n, NULL);
	struct dir_block *db;

	if (IS_ERR(folio))
		return ERR_CAST(folio);
	db = kmap_local_folio(folio, 0);	/* verdict: map=proved */
	if (!block_ok(db)) {
		kunmap_local(db);		/* verdict: unmap=proved */
		folio_put(folio);
		return ERR_PTR(-EIO);
	}
	*foliop = folio;
	return db;
}

static void put_dir_block(struct folio *folio, void *kaddr)
{
	kunmap_local(kaddr);			/* verdict: unmap=proved */
	folio_put(folio);
}

int count_dir_good(struct address_space *mapping)
{
	struct folio *folio;
	struct dir_block *db = get_dir_block(mapping, 0, &folio);
	int n;

	if (IS_ERR(db))
		return PTR_ERR(db);
	n = db->count;
	put_dir_block(folio, db);
	return n;
}

int count_dirs_good(struct address_space *mapping, pgoff_t nr)
{
	struct folio *folio;
	struct dir_block *db;
	int total = 0;
	pgoff_t i;

	for (i = 0; i < nr; i++) {
		db = get_dir_block(mapping, i, &folio);
		if (IS_ERR(db))
			continue;
		total += db->count;
		put_dir_block(folio, db);
	}
	return total;
}

/* the same helper once more, for the callers that get it wrong: the mapping call is the one that is told of */
static struct dir_block *get_root_block(struct address_space *mapping, struct folio **foliop)
{
	struct folio *folio = read_mapping_folio(mapping, 0, NULL);
	struct dir_block *db;

	if (IS_ERR(folio))
		return ERR_CAST(folio);
	db = kmap_local_folio(folio, 0);	/* expect: kmap-leak */
	*foliop = folio;
	return db;
}

int root_is_empty_bad(struct address_space *mapping)
{
	struct folio *folio;
	struct dir_block *db = get_root_block(mapping, &folio);

	if (IS_ERR(db))
		return PTR_ERR(db);
	if (db->magic != 0x1234)
		return -EUCLEAN;
	kunmap_local(db);
	folio_put(folio);
	return 0;
}

/* the error pointer is unmapped */
static void *map_valid(struct page *page)
{
	void *kaddr = kmap_local_page(page);

	if (!block_ok(kaddr)) {
		kunmap_local(kaddr);
		return ERR_PTR(-EINVAL);
	}
	return kaddr;
}

int use_valid_bad(struct page *page)
{
	void *kaddr = map_valid(page);
	int err = -EINVAL;

	if (!IS_ERR(kaddr))
		err = use_block(kaddr);
	kunmap_local(kaddr);			/* expect: kmap-wrong-arg */
	return err;
}

int use_valid_good(struct page *page)
{
	void *kaddr = map_valid(page);
	int err;

	if (IS_ERR(kaddr))
		return PTR_ERR(kaddr);
	err = use_block(kaddr);
	kunmap_local(kaddr);			/* verdict: unmap=proved */
	return err;
}

/* NULL where there is nothing */
static u32 *map_slot(struct page **pages, unsigned int nr, unsigned int slot)
{
	if (slot >= nr)
		return NULL;
	return (u32 *)kmap_local_page(pages[slot]) + 16;	/* verdict: map=proved */
}

u32 read_slot_good(struct page **pages, unsigned int nr, unsigned int slot)
{
	u32 *p = map_slot(pages, nr, slot);
	u32 val = 0;

	if (p) {
		val = *p;
		kunmap_local(p);		/* verdict: unmap=proved */
	}
	return val;
}

u32 read_slot_twice_good(struct page **pages, unsigned int nr)
{
	u32 *a = map_slot(pages, nr, 0);
	u32 *b, val;

	if (!a)
		return 0;
	b = map_slot(pages, nr, 1);
	val = b ? *a + *b : *a;
	if (b)
		kunmap_local(b);		/* verdict: unmap=proved */
	kunmap_local(a);			/* verdict: unmap=proved */
	return val;
}

static u32 *map_slot_leaky(struct page **pages, unsigned int nr, unsigned int slot)
{
	return slot < nr ? kmap_local_page(pages[slot]) : NULL;	/* expect: kmap-leak */
}

u32 read_slot_bad(struct page **pages, unsigned int nr, unsigned int slot)
{
	u32 *p = map_slot_leaky(pages, nr, slot);

	if (!p)
		return 0;
	return *p;
}

/* through a pointer argument, with a status beside it */
static int lookup_entry(struct page *page, u32 key, u32 **entry)
{
	u32 *p = kmap_local_page(page);		/* verdict: map=proved */
	unsigned int i;

	for (i = 0; i < 256; i++) {
		if (p[i] == key) {
			*entry = p + i;
			return 0;
		}
	}
	kunmap_local(p);			/* verdict: unmap=proved */
	return -ENOENT;
}

int bump_entry_good(struct page *page, u32 key)
{
	u32 *entry;
	int err = lookup_entry(page, key, &entry);

	if (err)
		return err;
	(*entry)++;
	kunmap_local(entry);			/* verdict: unmap=proved */
	return 0;
}

static int lookup_first(struct page *page, u32 **entry)
{
	u32 *p = kmap_local_page(page);		/* expect: kmap-leak */

	if (!p[0]) {
		kunmap_local(p);
		return -ENOENT;
	}
	*entry = p;
	return 0;
}

int bump_first_bad(struct page *page, u32 max)
{
	u32 *entry;
	int err = lookup_first(page, &entry);

	if (err)
		return err;
	if (*entry >= max)
		return -ENOSPC;
	(*entry)++;
	kunmap_local(entry);
	return 0;
}

/* through a pointer argument, to a caller out of sight */
int lookup_for_caller(struct page *page, void **kaddrp)
{
	void *kaddr = kmap_local_page(page);	/* verdict: map=unproved(escapes-arg) */

	if (!block_ok(kaddr)) {
		kunmap_local(kaddr);		/* verdict: unmap=proved */
		return -EIO;
	}
	*kaddrp = kaddr;
	return 0;
}

int lookup_for_caller_bad(struct page *page, void **kaddrp)
{
	void *kaddr = kmap_local_page(page);	/* expect: kmap-leak */

	if (!block_ok(kaddr))
		return -EIO;
	*kaddrp = kaddr;
	return 0;
}

/* two helpers deep */
static void *map_page_of(struct address_space *mapping, pgoff_t n)
{
	struct page *page = read_mapping_page(mapping, n, NULL);

	if (IS_ERR(page))
		return NULL;
	return kmap_local_page(page);		/* verdict: map=proved */
}

static struct dir_block *map_dir_of(struct inode *inode, pgoff_t n)
{
	struct dir_block *db = map_page_of(inode->i_mapping, n);

	if (db && !db->count) {
		kunmap_local(db);		/* verdict: unmap=proved */
		return NULL;
	}
	return db;
}

int dir_magic_good(struct inode *inode)
{
	struct dir_block *db = map_dir_of(inode, 0);
	int magic;

	if (!db)
		return -ENOENT;
	magic = db->magic;
	kunmap_local(db);			/* verdict: unmap=proved */
	return magic;
}

/* the caller releases twice what the helper released on error */
static int check_and_drop(struct page *page, void **kaddrp)
{
	void *kaddr = kmap_local_page(page);

	*kaddrp = kaddr;
	if (!block_ok(kaddr)) {
		kunmap_local(kaddr);
		return -EIO;
	}
	return 0;
}

int check_twice_bad(struct page *page)
{
	void *kaddr;
	int err = check_and_drop(page, &kaddr);

	if (!err)
		err = use_block(kaddr);
	kunmap_local(kaddr);			/* expect: kmap-double-unmap */
	return err;
}

/* the release helper of the kernel itself */
int kernel_release_good(struct address_space *mapping)
{
	struct folio *folio = read_mapping_folio(mapping, 0, NULL);
	void *kaddr;
	int err;

	if (IS_ERR(folio))
		return PTR_ERR(folio);
	kaddr = kmap_local_folio(folio, 0);	/* verdict: map=proved */
	err = use_block(kaddr);
	folio_release_kmap(folio, kaddr);	/* verdict: unmap=proved */
	return err;
}

int kernel_release_bad(struct address_space *mapping)
{
	struct folio *folio = read_mapping_folio(mapping, 0, NULL);
	void *kaddr;

	if (IS_ERR(folio))
		return PTR_ERR(folio);
	kaddr = kmap_local_folio(folio, 0);
	if (!block_ok(kaddr)) {
		kunmap_local(kaddr);
		folio_release_kmap(folio, kaddr);	/* expect: kmap-double-unmap */
		return -EIO;
	}
	folio_release_kmap(folio, kaddr);	/* verdict: unmap=proved */
	return 0;
}

bool fits(const char *entry, int key);
int use_entry(const char *entry);

/* an entry that a loop over the page comes to */
static char *find_entry(struct page *page, int left, int key)
{
	char *entry = kmap_local_page(page);	/* expect: kmap-leak */

	while (left--) {
		if (fits(entry, key))
			return entry;
	}
	kunmap_local(entry);
	return NULL;
}

int lookup_bad(struct page *page, int left, int key)
{
	char *entry = find_entry(page, left, key);

	return entry ? use_entry(entry) : -ENOENT;
}

static char *find_entry_kept(struct page *page, int left, int key, bool *found)
{
	char *entry = kmap_local_page(page);	/* verdict: map=proved */

	*found = true;
	while (left--) {
		if (fits(entry, key))
			return entry;
	}
	*found = false;
	kunmap_local(entry);
	return NULL;
}

int lookup_good(struct page *page, int left, int key)
{
	bool found;
	char *entry = find_entry_kept(page, left, key, &found);
	int err = -ENOENT;

	if (found) {
		err = use_entry(entry);
		kunmap_local(entry);		/* verdict: unmap=proved */
	}
	return err;
}
