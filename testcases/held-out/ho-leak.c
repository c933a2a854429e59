// SPDX-License-Identifier: GPL-2.0-or-later
/* Mappings that an early way out forgets: labels, turns of a loop, lookups in a directory, half-built contexts, callbacks. */
#include "kmap-case.h"

struct index_block {
	__le32 magic, count;
	__le64 key[16];
};

/* 5: the failed allocation goes to the label behind the unmap */
int index_load(struct address_space *mapping, pgoff_t n, u64 **keys)
{
	struct page *page = read_mapping_page(mapping, n, NULL);
	struct index_block *blk;
	int err = -EUCLEAN;

	if (IS_ERR(page))
		return PTR_ERR(page);
	blk = kmap(page);	/* expect: kmap-leak */
	if (blk->magic != 0x58444e49)
		goto out_unmap;
	err = -ENOMEM;
	*keys = kmalloc(sizeof(blk->key), GFP_NOFS);
	if (!*keys)
		goto out_put;
	memcpy(*keys, blk->key, sizeof(blk->key));
	err = 0;
out_unmap:
	kunmap(page);
out_put:
	put_page(page);
	return err;
}

int index_load_fixed(struct address_space *mapping, pgoff_t n, u64 **keys)
{
	struct page *page = read_mapping_page(mapping, n, NULL);
	struct index_block *blk;
	int err = -EUCLEAN;

	if (IS_ERR(page))
		return PTR_ERR(page);
	blk = kmap(page);
	if (blk->magic != 0x58444e49)
		goto out_unmap;
	err = -ENOMEM;
	*keys = kmalloc(sizeof(blk->key), GFP_NOFS);
	if (!*keys)
		goto out_unmap;
	memcpy(*keys, blk->key, sizeof(blk->key));
	err = 0;
out_unmap:
	kunmap(page);
	put_page(page);
	return err;
}

/* 6: one mapping lost for each short segment */
u32 bio_sum(struct bio *bio)
{
	struct bvec_iter iter;
	struct bio_vec bv;
	u32 sum = ~0U;

	bio_for_each_segment(bv, bio, iter) {
		u8 *p = bvec_kmap_local(&bv);	/* expect: kmap-leak */

		if (bv.bv_len < sizeof(u32))
			continue;
		sum = crc32_le(sum, p, bv.bv_len);
		kunmap_local(p);
	}
	return sum;
}

u32 bio_sum_fixed(struct bio *bio)
{
	struct bvec_iter iter;
	struct bio_vec bv;
	u32 sum = ~0U;

	bio_for_each_segment(bv, bio, iter) {
		u8 *p;

		if (bv.bv_len < sizeof(u32))
			continue;
		p = bvec_kmap_local(&bv);
		sum = crc32_le(sum, p, bv.bv_len);
		kunmap_local(p);
	}
	return sum;
}

struct rec {
	__le32 ino;
	__le16 flags;
	char name[26];
};

/* Found: the entry, mapped, and its folio. Not found: an error pointer and nothing mapped. */
static struct rec *rec_find(struct inode *dir, const char *name, struct folio **foliop)
{
	pgoff_t n, end = (i_size_read(dir) + PAGE_SIZE - 1) >> PAGE_SHIFT;

	for (n = 0; n < end; n++) {
		struct folio *folio = read_mapping_folio(dir->i_mapping, n, NULL);
		struct rec *base, *de;
		int i;

		if (IS_ERR(folio))
			return ERR_CAST(folio);
		base = kmap_local_folio(folio, 0);	/* expect: kmap-leak -- where rec_unlink() gives up */
		for (i = 0, de = base; i < 128; i++, de++) {
			if (de->ino && !strncmp(de->name, name, sizeof(de->name))) {
				*foliop = folio;
				return de;
			}
		}
		folio_release_kmap(folio, base);
	}
	return ERR_PTR(-ENOENT);
}

/* 7: a refusal between a lookup that maps and the release */
int rec_unlink(struct inode *dir, const char *name)
{
	struct folio *folio;
	struct rec *de = rec_find(dir, name, &folio);

	if (IS_ERR(de))
		return PTR_ERR(de);
	if (de->flags & 1)
		return -EPERM;
	de->ino = 0;
	folio_release_kmap(folio, de);
	return 0;
}

int rec_unlink_fixed(struct inode *dir, const char *name)
{
	struct folio *folio;
	struct rec *de = rec_find(dir, name, &folio);
	int err = 0;

	if (IS_ERR(de))
		return PTR_ERR(de);
	if (de->flags & 1)
		err = -EPERM;
	else
		de->ino = 0;
	folio_release_kmap(folio, de);
	return err;
}

struct unz {
	void *in, *out;
	struct page *page;
};

static void unz_end(struct unz *u)
{
	if (u->out)
		kunmap_local(u->out);
	if (u->in)
		kunmap_local(u->in);
}

/* 8: a context half set up is dropped, not ended */
int unz_page(struct page *packed, size_t len, struct page **pagep)
{
	struct unz u = { NULL, NULL, NULL };
	size_t n = PAGE_SIZE;
	int ret;

	u.in = kmap_local_page(packed);	/* expect: kmap-leak */
	u.page = alloc_page(GFP_NOFS | __GFP_HIGHMEM);
	if (!u.page)
		return -ENOMEM;
	u.out = kmap_local_page(u.page);
	ret = lzo1x_decompress_safe(u.in, len, u.out, &n);
	unz_end(&u);
	if (ret) {
		__free_page(u.page);
		return -EIO;
	}
	*pagep = u.page;
	return 0;
}

int unz_page_fixed(struct page *packed, size_t len, struct page **pagep)
{
	struct unz u = { NULL, NULL, NULL };
	size_t n = PAGE_SIZE;
	int ret = -ENOMEM;

	u.in = kmap_local_page(packed);
	u.page = alloc_page(GFP_NOFS | __GFP_HIGHMEM);
	if (u.page) {
		u.out = kmap_local_page(u.page);
		ret = lzo1x_decompress_safe(u.in, len, u.out, &n) ? -EIO : 0;
	}
	unz_end(&u);
	if (!ret)
		*pagep = u.page;
	else if (u.page)
		__free_page(u.page);
	return ret;
}

typedef int (*actor_t)(const void *data, size_t len, void *arg);

/* 9: the actor says stop, and the walk stops at once */
int pages_walk(struct page **pages, size_t size, actor_t actor, void *arg)
{
	while (size) {
		size_t len = min(size, PAGE_SIZE);
		void *p = kmap_atomic(*pages);	/* expect: kmap-leak */
		int ret = actor(p, len, arg);

		if (ret < 0)
			return ret;
		kunmap_atomic(p);
		if (ret)
			break;
		size -= len;
		pages++;
	}
	return 0;
}

int pages_walk_fixed(struct page **pages, size_t size, actor_t actor, void *arg)
{
	int ret = 0;

	while (size && !ret) {
		size_t len = min(size, PAGE_SIZE);
		void *p = kmap_atomic(*pages);

		ret = actor(p, len, arg);
		kunmap_atomic(p);
		size -= len;
		pages++;
	}
	return min(ret, 0);
}
