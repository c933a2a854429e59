// SPDX-License-Identifier: GPL-2.0-or-later
/* What is done with a mapping that has gone: a pointer into it, an iterator's last address, a helper that released it. */
#include "kmap-case.h"

struct tab {
	u32 count;
	struct {
		u32 start, len;
	} ent[32];
};

/* 13: an entry is looked at after its table was unmapped */
int tab_extent(struct folio *folio, unsigned int n, u32 *start, u32 *len)
{
	struct tab *tab = kmap_local_folio(folio, 0);
	u32 *pos, *size;

	if (n >= 32 || n >= tab->count) {
		kunmap_local(tab);
		return -ENOENT;
	}
	pos = &tab->ent[n].start;
	size = &tab->ent[n].len;
	kunmap_local(tab);
	*start = *pos;	/* expect: kmap-use-after-unmap */
	*len = *size;
	return 0;
}

int tab_extent_fixed(struct folio *folio, unsigned int n, u32 *start, u32 *len)
{
	struct tab *tab = kmap_local_folio(folio, 0);
	int err = -ENOENT;

	if (n < 32 && n < tab->count) {
		*start = tab->ent[n].start;
		*len = tab->ent[n].len;
		err = 0;
	}
	kunmap_local(tab);
	return err;
}

/* 14: the first chunk of an iteration, looked at when the iteration is over */
int sg_verify(struct scatterlist *sgl, unsigned int nents, u32 want)
{
	struct sg_mapping_iter m;
	const u8 *first = NULL;
	u32 crc = 0;

	sg_miter_start(&m, sgl, nents, SG_MITER_FROM_SG | SG_MITER_LOCAL);
	while (sg_miter_next(&m)) {
		if (!first)
			first = m.addr;
		crc = crc32_le(crc, m.addr, m.length);
	}
	sg_miter_stop(&m);
	if (!first)
		return -EINVAL;
	return first[0] == 0x7f && crc == want ? 0 : -EUCLEAN;	/* expect: kmap-use-after-unmap */
}

int sg_verify_fixed(struct scatterlist *sgl, unsigned int nents, u32 want)
{
	struct sg_mapping_iter m;
	bool seen = false;
	u32 crc = 0;
	u8 first = 0;

	sg_miter_start(&m, sgl, nents, SG_MITER_FROM_SG | SG_MITER_LOCAL);
	while (sg_miter_next(&m)) {
		if (!seen)
			first = *(const u8 *)m.addr;
		seen = true;
		crc = crc32_le(crc, m.addr, m.length);
	}
	sg_miter_stop(&m);
	if (!seen)
		return -EINVAL;
	return first == 0x7f && crc == want ? 0 : -EUCLEAN;
}

struct disk_sb {
	u32 magic, version;
	u64 blocks;
};

/* Releases the superblock where it is no good. */
static int sb_check(const struct disk_sb *ds)
{
	if (ds->magic != 0x52494150 || ds->version > 3) {
		pr_err("not ours: %x version %u\n", ds->magic, ds->version);
		kunmap_local(ds);
		return -EUCLEAN;
	}
	return 0;
}

/* 15: the helper released it, and so does the label */
int sb_load(struct super_block *sb, struct address_space *meta)
{
	struct page *page = read_mapping_page(meta, 0, NULL);
	struct disk_sb *ds;
	int err;

	if (IS_ERR(page))
		return PTR_ERR(page);
	ds = kmap_local_page(page);
	err = sb_check(ds);
	if (err)
		goto out;
	sb->s_blocksize = ds->blocks > ~0U ? PAGE_SIZE : 1024;
out:
	kunmap_local(ds);	/* expect: kmap-double-unmap */
	put_page(page);
	return err;
}

int sb_load_fixed(struct super_block *sb, struct address_space *meta)
{
	struct page *page = read_mapping_page(meta, 0, NULL);
	struct disk_sb *ds;
	int err;

	if (IS_ERR(page))
		return PTR_ERR(page);
	ds = kmap_local_page(page);
	err = sb_check(ds);
	if (err)
		goto out_put;
	sb->s_blocksize = ds->blocks > ~0U ? PAGE_SIZE : 1024;
	kunmap_local(ds);
out_put:
	put_page(page);
	return err;
}
