// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Pages of an inode that nobody but its file system gets hold of are never mapped into user space: the model names the fields that such
 * inodes are kept in. The same code is that of a file where the inode comes from elsewhere.
 */
#include "kmap-case.h"

struct hfs_btree {
	struct inode *inode, *twin;
};

/* straight from the field */
int tree_clear_good(struct hfs_btree *tree, pgoff_t index)
{
	struct folio *folio = read_mapping_folio(tree->inode->i_mapping, index, NULL);
	char *p;

	if (IS_ERR(folio))
		return PTR_ERR(folio);
	folio_lock(folio);
	p = kmap_local_folio(folio, 0);
	memset(p, 0, 64);				/* verdict: write=proved */ /* expect[cocci]: dcache-missing-flush -- does not know whose inode it is */
	kunmap_local(p);
	folio_mark_uptodate(folio);
	folio_unlock(folio);
	folio_put(folio);
	return 0;
}

int twin_clear_bad(struct hfs_btree *tree, pgoff_t index)
{
	struct folio *folio = read_mapping_folio(tree->twin->i_mapping, index, NULL);
	char *p;

	if (IS_ERR(folio))
		return PTR_ERR(folio);
	folio_lock(folio);
	p = kmap_local_folio(folio, 0);
	memset(p, 0, 64);				/* expect: dcache-missing-flush */
	kunmap_local(p);
	folio_mark_uptodate(folio);
	folio_unlock(folio);
	folio_put(folio);
	return 0;
}

/* a helper that only gets such inodes, and one that also gets others */
static int clear_own(struct inode *inode, pgoff_t index)
{
	struct page *page = read_mapping_page(inode->i_mapping, index, NULL);
	char *p;

	if (IS_ERR(page))
		return PTR_ERR(page);
	p = kmap_local_page(page);
	memset(p, 0, 128);				/* verdict: write=proved */ /* expect[cocci]: dcache-missing-flush -- does not know whose inode it is */
	kunmap_local(p);
	SetPageUptodate(page);
	put_page(page);
	return 0;
}

static int clear_any(struct inode *inode, pgoff_t index)
{
	struct page *page = read_mapping_page(inode->i_mapping, index, NULL);
	char *p;

	if (IS_ERR(page))
		return PTR_ERR(page);
	p = kmap_local_page(page);
	memset(p, 0, 256);				/* expect: dcache-missing-flush */
	kunmap_local(p);
	SetPageUptodate(page);
	put_page(page);
	return 0;
}

int tree_grow_good(struct hfs_btree *tree, pgoff_t index)
{
	struct inode *inode = tree->inode;

	return clear_own(inode, index) ?: clear_own(tree->inode, index + 1);
}

int tree_and_file_bad(struct hfs_btree *tree, struct inode *file, pgoff_t index)
{
	return clear_any(tree->inode, index) ?: clear_any(file, index);
}
