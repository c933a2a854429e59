// SPDX-License-Identifier: GPL-2.0-or-later
/* Tables of symlinks and of files in one file: which of them the pages belong to is not told. */
#include "kmap-case.h"

struct inode_operations {
	const char *(*get_link)(void *dentry, struct inode *inode, void *done);
};

struct address_space_operations {
	int (*read_folio)(struct file *file, struct folio *folio);
};

const char *page_get_link(void *dentry, struct inode *inode, void *done);
const char *target_of(struct inode *inode);

static int read_mixed_bad(struct file *file, struct folio *folio)
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

const struct address_space_operations case_mixed_aops = {
	.read_folio = read_mixed_bad,
};

const struct inode_operations case_mixed_iops = {
	.get_link = page_get_link,
};

struct file_operations {
	int (*mmap)(struct file *file, struct vm_area_struct *vma);
};

int generic_file_mmap(struct file *file, struct vm_area_struct *vma);

const struct file_operations case_file_ops = {
	.mmap = generic_file_mmap,
};
