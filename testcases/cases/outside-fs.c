// SPDX-License-Identifier: GPL-2.0-or-later
/* File systems: directories block by block, inline data, extended attributes, symlinks, tables of contents, journals. */
#include "kmap-case.h"

struct tfs_dirent {
	__le32 ino;
	__le16 rec_len;
	u8 name_len, type;
	char name[];
};

struct tfs_ctx {
	loff_t pos;
	bool (*emit)(struct tfs_ctx *ctx, const char *name, int len, u64 ino);
};

struct tfs_xattr {
	u16 name_len, value_len;
	u8 data[];
};

struct tfs_super {
	struct address_space *meta;
	u32 block_size, nr_groups;
	struct mutex lock;
	u32 *csum_seed;
};

struct folio *tfs_get_folio(struct inode *dir, unsigned long n);
bool tfs_check_folio(struct folio *folio, const char *kaddr);
int tfs_hash(const void *name, size_t len);
int tfs_decode(void *to, const void *from, size_t len);
int tfs_journal_start(struct inode *inode, int credits);
void tfs_journal_stop(struct inode *inode);
int tfs_read_device(struct tfs_super *sb, sector_t s, void *to, size_t len);

/* the classic: a page of a directory with its address handed out, an error pointer else */
static void *tfs_map_dir(struct inode *dir, unsigned long n, struct folio **out)
{
	struct folio *folio = tfs_get_folio(dir, n);
	void *kaddr;

	if (IS_ERR(folio))
		return ERR_CAST(folio);
	kaddr = kmap_local_folio(folio, 0);
	if (unlikely(!folio_test_uptodate(folio))) {
		if (!tfs_check_folio(folio, kaddr)) {
			folio_release_kmap(folio, kaddr);
			return ERR_PTR(-EIO);
		}
	}
	*out = folio;
	return kaddr;
}

static struct tfs_dirent *tfs_next(struct tfs_dirent *de)
{
	return (struct tfs_dirent *)((char *)de + de->rec_len);
}

/* lists a directory; an empty record ends it */
int tfs_readdir_good(struct inode *dir, struct tfs_ctx *ctx, unsigned long npages)
{
	unsigned long n = ctx->pos >> PAGE_SHIFT;
	unsigned int offset = ctx->pos & ~PAGE_MASK;

	for (; n < npages; n++, offset = 0) {
		struct folio *folio;
		char *kaddr = tfs_map_dir(dir, n, &folio), *limit;
		struct tfs_dirent *de;

		if (IS_ERR(kaddr))
			return PTR_ERR(kaddr);
		limit = kaddr + PAGE_SIZE - 12;
		for (de = (struct tfs_dirent *)(kaddr + offset); (char *)de <= limit; de = tfs_next(de)) {
			if (!de->rec_len) {
				folio_release_kmap(folio, de);
				return -EIO;
			}
			if (de->ino && !ctx->emit(ctx, de->name, de->name_len, de->ino)) {
				folio_release_kmap(folio, de);
				return 0;
			}
			ctx->pos += de->rec_len;
		}
		folio_release_kmap(folio, kaddr);
	}
	return 0;
}

static void *tfs_map_dir2(struct inode *dir, unsigned long n, struct folio **out)
{
	struct folio *folio = tfs_get_folio(dir, n);

	if (IS_ERR(folio))
		return ERR_CAST(folio);
	*out = folio;
	return kmap_local_folio(folio, 0);		/* expect: kmap-leak */
}

int tfs_readdir_bad(struct inode *dir, struct tfs_ctx *ctx, unsigned long npages)
{
	unsigned long n;

	for (n = ctx->pos >> PAGE_SHIFT; n < npages; n++) {
		struct folio *folio;
		char *kaddr = tfs_map_dir2(dir, n, &folio), *limit;
		struct tfs_dirent *de;

		if (IS_ERR(kaddr))
			return PTR_ERR(kaddr);
		limit = kaddr + PAGE_SIZE - 12;
		for (de = (struct tfs_dirent *)kaddr; (char *)de <= limit; de = tfs_next(de)) {
			if (!de->rec_len) {
				folio_put(folio);
				return -EIO;
			}
			if (de->ino && !ctx->emit(ctx, de->name, de->name_len, de->ino))
				break;
		}
		folio_release_kmap(folio, kaddr);
	}
	return 0;
}

/* the record is released at what may be the end of its page */
int tfs_last_record_bad(struct folio *folio)
{
	char *kaddr = kmap_local_folio(folio, 0), *end = kaddr + PAGE_SIZE;
	int n = 0;

	while (kaddr < end) {
		n += *kaddr;
		kaddr += 256;
	}
	folio_release_kmap(folio, kaddr);		/* expect: kmap-wrong-arg */
	return n;
}

/* rename: target's entry and the entry of the parent, found by one helper, given back in reverse order */
static struct tfs_dirent *tfs_find(struct inode *dir, u32 hash, struct folio **foliop)
{
	unsigned long n;

	for (n = 0; n < 64; n++) {
		char *kaddr = tfs_map_dir(dir, n, foliop);
		unsigned int off;

		if (IS_ERR(kaddr))
			continue;
		for (off = 0; off < PAGE_SIZE; off += 64) {
			struct tfs_dirent *de = (struct tfs_dirent *)(kaddr + off);

			if (tfs_hash(de->name, de->name_len) == (int)hash)
				return de;
		}
		folio_release_kmap(*foliop, kaddr);
	}
	return NULL;
}

int tfs_rename_good(struct inode *old, struct inode *new, u32 oldh, u32 newh, bool replace)
{
	struct folio *of, *nf = NULL;
	struct tfs_dirent *ode, *nde = NULL;
	int err = 0;

	ode = tfs_find(old, oldh, &of);
	if (!ode)
		return -ENOENT;
	if (replace) {
		nde = tfs_find(new, newh, &nf);
		if (!nde) {
			err = -ENOENT;
			goto out_old;
		}
	}
	if (nde)
		nde->ino = ode->ino;
	ode->ino = 0;
	if (nde)
		folio_release_kmap(nf, nde);
out_old:
	folio_release_kmap(of, ode);
	return err;
}

int tfs_rename_bad(struct inode *old, struct inode *new, u32 oldh, u32 newh, bool replace)
{
	struct folio *of, *nf = NULL;
	struct tfs_dirent *ode, *nde = NULL;

	ode = tfs_find(old, oldh, &of);
	if (!ode)
		return -ENOENT;
	if (replace) {
		nde = tfs_find(new, newh, &nf);
		if (!nde) {
			folio_release_kmap(of, ode);
			return -ENOENT;
		}
		nde->ino = ode->ino;
	}
	ode->ino = 0;
	folio_release_kmap(of, ode);			/* expect: kmap-order */
	if (nde)
		folio_release_kmap(nf, nde);
	return 0;
}

/* inline data: the tail of the inode's block becomes the first page of the file */
int tfs_read_inline_good(struct folio *folio, const struct buffer_head *bh, size_t size)
{
	void *to;

	if (folio->index) {
		folio_zero_segment(folio, 0, folio_size(folio));
		folio_mark_uptodate(folio);
		folio_unlock(folio);
		return 0;
	}
	to = kmap_local_folio(folio, 0);
	memcpy(to, bh->b_data + 256, size);
	to = folio_zero_tail(folio, size, to + size);
	kunmap_local(to);
	folio_mark_uptodate(folio);
	folio_unlock(folio);
	return 0;
}

int tfs_read_inline_bad(struct folio *folio, const struct buffer_head *bh, size_t size)
{
	void *to;

	if (folio->index)
		folio_zero_segment(folio, 0, folio_size(folio));
	else {
		to = kmap_local_folio(folio, 0);
		memcpy(to, bh->b_data + 256, size);	/* expect: dcache-missing-flush */
		kunmap_local(to);
	}
	folio_mark_uptodate(folio);
	folio_unlock(folio);
	return 0;
}

int tfs_write_inline_good(struct inode *inode, struct folio *folio, struct buffer_head *bh, size_t len)
{
	char *from;
	int err;

	err = tfs_journal_start(inode, 2);
	if (err)
		goto out;
	from = kmap_local_folio(folio, 0);
	memcpy(bh->b_data + 256, from, len);
	kunmap_local(from);
	mark_buffer_dirty(bh);
	tfs_journal_stop(inode);
out:
	folio_unlock(folio);
	return err;
}

/* extended attributes: a list of names that has to fit, size 0 asks how much */
ssize_t tfs_listxattr_good(struct folio *folio, char *buf, size_t size)
{
	const struct tfs_xattr *x;
	char *base = kmap_local_folio(folio, 0);
	size_t off = 0, used = 0;
	ssize_t ret;

	while (off + sizeof(*x) < PAGE_SIZE) {
		x = (const struct tfs_xattr *)(base + off);
		if (!x->name_len)
			break;
		if (size) {
			if (used + x->name_len > size) {
				ret = -ENOSPC;
				goto out;
			}
			memcpy(buf + used, x->data, x->name_len);
		}
		used += x->name_len;
		off += sizeof(*x) + x->name_len + x->value_len;
	}
	ret = used;
out:
	kunmap_local(base);
	return ret;
}

ssize_t tfs_getxattr_bad(struct folio *folio, int hash, char *buf, size_t size)
{
	const struct tfs_xattr *x;
	char *base = kmap_local_folio(folio, 0);	/* expect: kmap-leak */
	size_t off;
	ssize_t ret = -ENOENT;

	for (off = 0; off + sizeof(*x) < PAGE_SIZE; off += sizeof(*x) + x->name_len + x->value_len) {
		x = (const struct tfs_xattr *)(base + off);
		if (!x->name_len)
			break;
		if (tfs_hash(x->data, x->name_len) != hash)
			continue;
		if (!buf)
			return x->value_len;
		if (x->value_len > size) {
			ret = -ENOSPC;
			break;
		}
		memcpy(buf, x->data + x->name_len, x->value_len);
		ret = x->value_len;
		break;
	}
	kunmap_local(base);
	return ret;
}

/* the target of a symlink: its length lies in the page */
char *tfs_get_target_bad(struct folio *folio)
{
	struct { u32 len; char name[]; } *l = kmap_local_folio(folio, 0);
	char *copy = kmalloc(l->len + 1, GFP_NOFS);

	if (!copy) {
		kunmap_local(l);
		return ERR_PTR(-ENOMEM);
	}
	memcpy(copy, l->name, l->len);
	kunmap_local(l);
	copy[l->len] = 0;				/* expect: kmap-use-after-unmap */
	return copy;
}

char *tfs_get_target_good(struct folio *folio)
{
	struct { u32 len; char name[]; } *l = kmap_local_folio(folio, 0);
	u32 len = min(l->len, 255u);
	char *copy = kmalloc(len + 1, GFP_NOFS);

	if (copy) {
		memcpy(copy, l->name, len);
		copy[len] = 0;
	}
	kunmap_local(l);
	return copy ?: ERR_PTR(-ENOMEM);
}

/* groups of a table: the lock and the mapping leave by one ladder */
int tfs_check_groups_good(struct tfs_super *sb, u32 want)
{
	u32 group, per_page = PAGE_SIZE / sizeof(u32);
	struct folio *folio;
	u32 *table = NULL;
	int err = 0;

	mutex_lock(&sb->lock);
	for (group = 0; group < sb->nr_groups; group++) {
		if (group % per_page == 0) {
			if (table)
				folio_release_kmap(folio, table);
			table = NULL;
			folio = read_mapping_folio(sb->meta, group / per_page, NULL);
			if (IS_ERR(folio)) {
				err = PTR_ERR(folio);
				goto unlock;
			}
			table = kmap_local_folio(folio, 0);
		}
		if (table[group % per_page] == want)
			break;
	}
	if (table)
		folio_release_kmap(folio, table);
unlock:
	mutex_unlock(&sb->lock);
	return err;
}

int tfs_check_groups_bad(struct tfs_super *sb, u32 want)
{
	u32 group, per_page = PAGE_SIZE / sizeof(u32);
	struct folio *folio;
	u32 *table = NULL;
	int err = 0;

	mutex_lock(&sb->lock);
	for (group = 0; group < sb->nr_groups; group++) {
		if (group % per_page == 0) {
			if (table)
				folio_release_kmap(folio, table);
			folio = read_mapping_folio(sb->meta, group / per_page, NULL);
			if (IS_ERR(folio)) {
				err = PTR_ERR(folio);
				break;
			}
			table = kmap_local_folio(folio, 0);
		}
		if (table[group % per_page] == want)
			break;
	}
	if (table)
		kunmap_local(table);			/* expect: kmap-double-unmap */
	mutex_unlock(&sb->lock);
	return err;
}

/* the journal's descriptor is mapped while its blocks are, one after the other */
int tfs_replay_good(struct tfs_super *sb, struct page *desc, struct page **blocks)
{
	u64 *tag = kmap_local_page(desc);
	int i, err = 0;

	for (i = 0; tag[i]; i++) {
		void *data = kmap_local_page(blocks[i]);

		err = tfs_read_device(sb, tag[i], data, PAGE_SIZE);
		kunmap_local(data);
		if (err)
			break;
	}
	kunmap_local(tag);
	return err;
}

int tfs_replay_bad(struct tfs_super *sb, struct page *desc, struct page **blocks)
{
	u64 *tag = kmap_local_page(desc);
	int i;

	for (i = 0; tag[i]; i++) {
		void *data = kmap_local_page(blocks[i]);	/* expect: kmap-leak */
		int err = tfs_read_device(sb, tag[i], data, PAGE_SIZE);

		if (err == -EAGAIN)
			continue;
		kunmap_local(data);
		if (err)
			break;
	}
	kunmap_local(tag);
	return 0;
}

/* a batch of folios under readahead: each is finished by itself */
void tfs_readahead_good(struct tfs_super *sb, struct folio **batch, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		struct folio *folio = batch[i];
		void *p = kmap_local_folio(folio, 0);
		int err = tfs_decode(p, sb->csum_seed, PAGE_SIZE);

		if (!err)
			memset(p + 512, 0, PAGE_SIZE - 512);
		kunmap_local(p);
		if (!err)
			flush_dcache_folio(folio);
		folio_end_read(folio, err == 0);
	}
}

void tfs_readahead_bad(struct tfs_super *sb, struct folio **batch, unsigned int nr)
{
	while (nr--) {
		struct folio *folio = *batch++;
		u8 *p = kmap_local_folio(folio, 0);
		int err = tfs_decode(p, sb->csum_seed, 512);

		memset(p + 512, 0, PAGE_SIZE - 512);	/* expect: dcache-missing-flush */
		kunmap_local(p);
		if (err)
			flush_dcache_folio(folio);
		folio_end_read(folio, err == 0);
	}
}

/* write_begin: what lies around the part that will be written is zeroed */
int tfs_write_begin_good(struct address_space *mapping, loff_t pos, unsigned int len, struct folio **foliop)
{
	struct folio *folio = __filemap_get_folio(mapping, pos >> PAGE_SHIFT, FGP_LOCK | FGP_CREAT, GFP_NOFS);
	unsigned int from = pos & (PAGE_SIZE - 1), to = from + len;

	if (IS_ERR(folio))
		return PTR_ERR(folio);
	*foliop = folio;
	if (!folio_test_uptodate(folio) && len != PAGE_SIZE)
		folio_zero_segments(folio, 0, from, to, PAGE_SIZE);
	return 0;
}

int tfs_write_begin_bad(struct address_space *mapping, loff_t pos, unsigned int len, struct folio **foliop)
{
	struct folio *folio = __filemap_get_folio(mapping, pos >> PAGE_SHIFT, FGP_LOCK | FGP_CREAT, GFP_NOFS);
	unsigned int from = pos & (PAGE_SIZE - 1), to = from + len;
	char *kaddr;

	if (IS_ERR(folio))
		return PTR_ERR(folio);
	kaddr = kmap_local_folio(folio, 0);
	memset(kaddr, 0, from);
	memset(kaddr + to, 0, PAGE_SIZE - to);		/* expect: dcache-missing-flush */
	kunmap_local(kaddr);
	folio_mark_uptodate(folio);
	*foliop = folio;
	return 0;
}
