// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Pages of directories and symlinks are never mapped into user space. What says so are the types: who is handed a struct dir_context lists
 * a directory, who stands in inode_operations.symlink gets a name to store. The same code without them is that of a file.
 */
#include "kmap-case.h"

struct dir_context {
	loff_t pos;
};

struct inode_operations {
	int (*symlink)(void *idmap, struct inode *dir, void *dentry, const char *name);
	int (*create)(void *idmap, struct inode *dir, void *dentry, int mode, bool excl);
};

struct file_operations {
	int (*iterate_shared)(struct file *file, struct dir_context *ctx);
	int (*mmap)(struct file *file, struct vm_area_struct *vma);
};

struct lister {
	struct file *file;
	struct folio *folio;
};

struct page *find_or_create_page(struct address_space *mapping, pgoff_t index, gfp_t gfp);
struct folio *filemap_grab_folio(struct address_space *mapping, pgoff_t index);
struct folio *new_folio_of(struct inode *inode);
const char *entry_at(loff_t pos, size_t *len);

/* the cache of what a directory holds: the page comes from its mapping, through a helper that only directories call */
static void cache_entry(struct file *file, const char *entry, size_t len)
{
	struct page *page = find_or_create_page(file->f_mapping, 0, GFP_KERNEL);
	char *p;

	if (!page)
		return;
	p = kmap_local_page(page);
	memcpy(p, entry, len);			/* verdict: write=proved */
	kunmap_local(p);
	SetPageUptodate(page);
	unlock_page(page);
	put_page(page);
}

int list_cached_good(struct file *file, struct dir_context *ctx)
{
	size_t len;
	const char *entry = entry_at(ctx->pos, &len);

	cache_entry(file, entry, len);
	return 0;
}

/* the same helper, called for a file as well */
static void cache_any(struct file *file, const char *entry, size_t len)
{
	struct page *page = find_or_create_page(file->f_mapping, 0, GFP_KERNEL);
	char *p;

	if (!page)
		return;
	p = kmap_local_page(page);
	memcpy(p, entry, len);			/* expect: dcache-missing-flush */
	kunmap_local(p);
	SetPageUptodate(page);
	unlock_page(page);
	put_page(page);
}

int list_any(struct file *file, struct dir_context *ctx)
{
	size_t len;
	const char *entry = entry_at(ctx->pos, &len);

	cache_any(file, entry, len);
	return 0;
}

int read_any_bad(struct file *file, loff_t pos)
{
	size_t len;
	const char *entry = entry_at(pos, &len);

	cache_any(file, entry, len);
	return 0;
}

/* the file goes through a struct of the lister's, and the folio through a helper's result */
static struct folio *lister_folio(struct lister *l)
{
	struct folio *folio = filemap_grab_folio(l->file->f_mapping, 1);

	if (IS_ERR(folio))
		return NULL;
	return folio;
}

static int fill_lister(struct lister *l)
{
	struct folio *folio = lister_folio(l);
	u32 *p;

	if (!folio)
		return -ENOMEM;
	p = kmap_local_folio(folio, 0);
	p[0] = 0;				/* verdict: write=proved */
	kunmap_local(p);
	folio_mark_uptodate(folio);
	l->folio = folio;
	return 0;
}

int list_with_lister_good(struct file *file, struct dir_context *ctx)
{
	struct lister l;

	l.file = ctx ? file : NULL;
	return fill_lister(&l);
}

/* what a symlink holds is the name that it was made with */
static int make_symlink_good(void *idmap, struct inode *dir, void *dentry, const char *name)
{
	struct folio *folio = new_folio_of(dir);
	char *p;

	if (!idmap || !dentry || !folio)
		return -ENOMEM;
	p = kmap_local_folio(folio, 0);
	memcpy(p, name, strlen(name) + 1);	/* verdict: write=proved */
	kunmap_local(p);
	folio_mark_uptodate(folio);
	return 0;
}

/* a function of the same form that makes a file */
static int make_file_bad(void *idmap, struct inode *dir, void *dentry, int mode, bool excl)
{
	struct folio *folio = new_folio_of(dir);
	char *p;

	if (!idmap || !dentry || excl || !folio)
		return -ENOMEM;
	p = kmap_local_folio(folio, 0);
	memset(p, mode, PAGE_SIZE);		/* expect: dcache-missing-flush */
	kunmap_local(p);
	folio_mark_uptodate(folio);
	return 0;
}

const struct inode_operations case_dir_iops = {
	.symlink = make_symlink_good,
	.create = make_file_bad,
};
