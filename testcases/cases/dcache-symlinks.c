// SPDX-License-Identifier: GPL-2.0-or-later
/* A file whose only tables are those of symlinks: the pages that it reads are theirs. */
#include "kmap-case.h"

struct inode_operations {
	const char *(*get_link)(void *dentry, struct inode *inode, void *done);
};

struct address_space_operations {
	int (*read_folio)(struct file *file, struct folio *folio);
};

const char *page_get_link(void *dentry, struct inode *inode, void *done);
const char *target_of(struct inode *inode);

static int read_link_good(struct file *file, struct folio *folio)
{
	const char *target = target_of(folio->mapping->host);
	char *p = kmap_local_folio(folio, 0);

	(void)file;
	memcpy(p, target, 60);			/* verdict: write=proved */
	kunmap_local(p);
	folio_mark_uptodate(folio);
	folio_unlock(folio);
	return 0;
}

const struct address_space_operations case_link_aops = {
	.read_folio = read_link_good,
};

const struct inode_operations case_link_iops = {
	.get_link = page_get_link,
};

/* not in the table */
int read_other_bad(struct file *file, struct folio *folio)
{
	const char *target = target_of(folio->mapping->host);
	char *p = kmap_local_folio(folio, 0);

	(void)file;
	memcpy(p, target, 60);			/* expect: dcache-missing-flush */
	kunmap_local(p);
	folio_mark_uptodate(folio);
	folio_unlock(folio);
	return 0;
}
