// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two mappings at once, released the way they were made: a rename, an array, a record that straddles two pages, a
 * context of source and destination.
 */
#include "kmap-case.h"

struct dent {
	__le32 ino;
	__le16 rec_len;
	u8 name_len, type;
	char name[8];
};

int case_commit(struct inode *dir, struct page *page);

static struct dent *dent_get(struct inode *dir, loff_t pos, struct page **pagep)
{
	struct page *page = read_mapping_page(dir->i_mapping, pos >> PAGE_SHIFT, NULL);
	char *kaddr;

	if (IS_ERR(page))
		return ERR_CAST(page);
	kaddr = kmap_local_page(page);
	*pagep = page;
	return (struct dent *)(kaddr + offset_in_page(pos));
}

static void dent_put(struct page *page, struct dent *de)
{
	kunmap_local(de);	/* expect: kmap-order */
	put_page(page);
}

/* 1: the entry mapped first is put first */
int dent_rename(struct inode *old_dir, loff_t old_pos, struct inode *new_dir, loff_t new_pos)
{
	struct page *old_page, *new_page;
	struct dent *old_de, *new_de;
	int err;

	old_de = dent_get(old_dir, old_pos, &old_page);
	if (IS_ERR(old_de))
		return PTR_ERR(old_de);
	new_de = dent_get(new_dir, new_pos, &new_page);
	if (IS_ERR(new_de)) {
		err = PTR_ERR(new_de);
		dent_put(old_page, old_de);
		return err;
	}
	new_de->ino = old_de->ino;
	new_de->type = old_de->type;
	err = case_commit(new_dir, new_page);
	if (!err) {
		old_de->ino = 0;
		err = case_commit(old_dir, old_page);
	}
	dent_put(old_page, old_de);
	dent_put(new_page, new_de);
	return err;
}

int dent_rename_fixed(struct inode *old_dir, loff_t old_pos, struct inode *new_dir, loff_t new_pos)
{
	struct page *old_page, *new_page;
	struct dent *old_de, *new_de;
	int err;

	old_de = dent_get(old_dir, old_pos, &old_page);
	if (IS_ERR(old_de))
		return PTR_ERR(old_de);
	new_de = dent_get(new_dir, new_pos, &new_page);
	if (IS_ERR(new_de)) {
		err = PTR_ERR(new_de);
		goto out_old;
	}
	new_de->ino = old_de->ino;
	new_de->type = old_de->type;
	err = case_commit(new_dir, new_page);
	if (!err) {
		old_de->ino = 0;
		err = case_commit(old_dir, old_page);
	}
	dent_put(new_page, new_de);
out_old:
	dent_put(old_page, old_de);
	return err;
}

/* 2: an array filled and released with the same loop header */
void stripe_xor(struct page **src, u8 *out)
{
	u8 *buf[2];
	size_t n;
	int i;

	for (i = 0; i < 2; i++)
		buf[i] = kmap_local_page(src[i]);
	for (n = 0; n < PAGE_SIZE; n++)
		out[n] = buf[0][n] ^ buf[1][n];
	for (i = 0; i < 2; i++)
		kunmap_local(buf[i]);	/* expect: kmap-order */
}

void stripe_xor_fixed(struct page **src, u8 *out)
{
	u8 *buf[2];
	size_t n;
	int i;

	for (i = 0; i < 2; i++)
		buf[i] = kmap_local_page(src[i]);
	for (n = 0; n < PAGE_SIZE; n++)
		out[n] = buf[0][n] ^ buf[1][n];
	while (i--)
		kunmap_local(buf[i]);
}

/* 3: the first half of a record is let go while the destination, mapped later, stays */
void record_join(struct page **in, unsigned int off, struct page *out, size_t len)
{
	size_t first = min_t(size_t, len, PAGE_SIZE - off);
	char *src, *dst;

	src = kmap_local_page(in[0]);
	dst = kmap_local_page(out);
	memcpy(dst, src + off, first);
	kunmap_local(src);	/* expect: kmap-order */
	if (len > first) {
		src = kmap_local_page(in[1]);
		memcpy(dst + first, src, len - first);
		kunmap_local(src);
	}
	kunmap_local(dst);
}

void record_join_fixed(struct page **in, unsigned int off, struct page *out, size_t len)
{
	size_t first = min_t(size_t, len, PAGE_SIZE - off);
	char *src, *dst;

	dst = kmap_local_page(out);
	src = kmap_local_page(in[0]);
	memcpy(dst, src + off, first);
	if (len > first) {
		kunmap_local(src);
		src = kmap_local_page(in[1]);
		memcpy(dst + first, src, len - first);
	}
	kunmap_local(src);
	kunmap_local(dst);
}

struct copy_ctx {
	struct bio_vec from, to;
	void *src, *dst;
	size_t bytes;
};

static void copy_begin(struct copy_ctx *ctx)
{
	ctx->src = bvec_kmap_local(&ctx->from);
	ctx->dst = bvec_kmap_local(&ctx->to);
}

/* 4: mapped by a helper into fields, source before destination */
size_t copy_segment(struct copy_ctx *ctx)
{
	size_t len = min(ctx->from.bv_len, ctx->to.bv_len);

	copy_begin(ctx);
	memcpy(ctx->dst, ctx->src, len);
	kunmap_local(ctx->src);	/* expect: kmap-order */
	kunmap_local(ctx->dst);
	ctx->bytes += len;
	return len;
}

size_t copy_segment_fixed(struct copy_ctx *ctx)
{
	size_t len = min(ctx->from.bv_len, ctx->to.bv_len);

	copy_begin(ctx);
	memcpy(ctx->dst, ctx->src, len);
	kunmap_local(ctx->dst);
	kunmap_local(ctx->src);
	ctx->bytes += len;
	return len;
}
