// SPDX-License-Identifier: GPL-2.0-or-later
/* Paths that leave while something is mapped: early returns, gotos, cleanup labels that miss one. */
#include "kmap-case.h"

#define SUPER_MAGIC 0x6b6d6170u

struct super_ondisk {
	__le32 magic;
	__le32 blocks;
	__le32 csum;
};

struct guest_mem {
	struct page **pages;
	const char __user *src;
	struct mutex lock;
	u64 done;
};

int check_header(const void *header);
int decode_record(const void *rec, u32 *out);
bool entry_is_valid(const void *entry);

/* a check fails between map and unmap */
int read_super_bad(struct page *page, u32 *blocks)
{
	struct super_ondisk *sb = kmap_local_page(page);	/* expect: kmap-leak */

	if (sb->magic != SUPER_MAGIC)
		return -EINVAL;
	*blocks = sb->blocks;
	kunmap_local(sb);			/* verdict: unmap=proved */
	return 0;
}

int read_super_good(struct page *page, u32 *blocks)
{
	struct super_ondisk *sb = kmap_local_page(page);	/* verdict: map=proved */
	int ret = 0;

	if (sb->magic != SUPER_MAGIC)
		ret = -EINVAL;
	else
		*blocks = sb->blocks;
	kunmap_local(sb);			/* verdict: unmap=proved */
	return ret;
}

/* unmapped on the error path and forgotten on the good one */
int verify_block_bad(struct page *page, u32 want)
{
	u8 *data = kmap_local_page(page);	/* expect: kmap-leak */

	if (crc32_le(~0u, data, PAGE_SIZE) != want) {
		kunmap_local(data);		/* verdict: unmap=proved */
		return -EIO;
	}
	return 0;
}

int verify_block_good(struct page *page, u32 want)
{
	u8 *data = kmap_local_page(page);	/* verdict: map=proved */
	u32 sum = crc32_le(~0u, data, PAGE_SIZE);

	kunmap_local(data);			/* verdict: unmap=proved */
	return sum == want ? 0 : -EIO;
}

/* a copy from user space that fails */
int fill_guest_page_bad(struct guest_mem *gm, unsigned long nr)
{
	void *vaddr;

	mutex_lock(&gm->lock);
	vaddr = kmap_local_page(gm->pages[nr]);		/* expect: kmap-leak */
	if (copy_from_user(vaddr, gm->src + nr * PAGE_SIZE, PAGE_SIZE)) {
		mutex_unlock(&gm->lock);
		return -EFAULT;
	}
	gm->done++;
	kunmap_local(vaddr);
	mutex_unlock(&gm->lock);
	return 0;
}

int fill_guest_page_good(struct guest_mem *gm, unsigned long nr)
{
	int ret = 0;
	void *vaddr;

	mutex_lock(&gm->lock);
	vaddr = kmap_local_page(gm->pages[nr]);		/* verdict: map=proved */
	if (copy_from_user(vaddr, gm->src + nr * PAGE_SIZE, PAGE_SIZE))
		ret = -EFAULT;
	else
		gm->done++;
	kunmap_local(vaddr);			/* verdict: unmap=proved */
	mutex_unlock(&gm->lock);
	return ret;
}

/* the cleanup ladder, with a label too low */
int load_table_bad(struct page *page, u32 **out, unsigned int nr)
{
	u32 *table, *raw;
	int ret;

	table = kmalloc(nr * sizeof(*table), GFP_KERNEL);
	if (!table)
		return -ENOMEM;
	raw = kmap_local_page(page);		/* expect: kmap-leak */
	ret = check_header(raw);
	if (ret)
		goto out_free;
	memcpy(table, raw + 1, nr * sizeof(*table));
	kunmap_local(raw);
	*out = table;
	return 0;

out_free:
	kfree(table);
	return ret;
}

int load_table_good(struct page *page, u32 **out, unsigned int nr)
{
	u32 *table, *raw;
	int ret;

	table = kmalloc(nr * sizeof(*table), GFP_KERNEL);
	if (!table)
		return -ENOMEM;
	raw = kmap_local_page(page);		/* verdict: map=proved */
	ret = check_header(raw);
	if (ret)
		goto out_unmap;
	memcpy(table, raw + 1, nr * sizeof(*table));
	kunmap_local(raw);			/* verdict: unmap=proved */
	*out = table;
	return 0;

out_unmap:
	kunmap_local(raw);			/* verdict: unmap=proved */
	kfree(table);
	return ret;
}

/* a ladder over two mappings: the label frees the second one only */
int merge_pages_bad(struct page *dst, struct page *src)
{
	char *to, *from;
	int ret;

	to = kmap_local_page(dst);		/* expect: kmap-leak */
	ret = check_header(to);
	if (ret)
		goto out_dst;
	from = kmap_local_page(src);
	ret = check_header(from);
	if (ret)
		goto out_src;
	memcpy(to, from, PAGE_SIZE);
	kunmap_local(from);
	kunmap_local(to);
	return 0;

out_src:
	kunmap_local(from);
	return ret;
out_dst:
	kunmap_local(to);
	return ret;
}

int merge_pages_good(struct page *dst, struct page *src)
{
	char *to, *from;
	int ret;

	to = kmap_local_page(dst);		/* verdict: map=proved */
	ret = check_header(to);
	if (ret)
		goto out_dst;
	from = kmap_local_page(src);		/* verdict: map=proved */
	ret = check_header(from);
	if (!ret)
		memcpy(to, from, PAGE_SIZE);
	kunmap_local(from);			/* verdict: unmap=proved */
out_dst:
	kunmap_local(to);			/* verdict: unmap=proved */
	return ret;
}

/* both mappings leak on the one error path: one report for each */
int parse_pair_bad(struct page *a, struct page *b, u32 *out)
{
	const u32 *x = kmap_local_page(a);	/* expect: kmap-leak */
	const u32 *y = kmap_local_page(b);	/* expect: kmap-leak */

	if (x[0] != y[0])
		return -EUCLEAN;
	*out = x[1] + y[1];
	kunmap_local(y);
	kunmap_local(x);
	return 0;
}

/* leaves in two places: one report for the mapping */
int two_exits_bad(struct folio *folio, size_t offset)
{
	const u16 *rec = kmap_local_folio(folio, offset);	/* expect: kmap-leak */

	if (rec[0] == 0)
		return -ENOENT;
	if (rec[1] > 512)
		return -EUCLEAN;
	kunmap_local(rec);
	return 0;
}

/* nothing of the error is the function's own: the callee says it */
int decode_all_bad(struct page *page, u32 *out)
{
	const u8 *p = kmap_local_page(page);	/* expect: kmap-leak */
	int err;

	err = decode_record(p, out);
	if (err < 0)
		return err;
	err = decode_record(p + 64, out + 1);
	kunmap_local(p);
	return err;
}

int decode_all_good(struct page *page, u32 *out)
{
	const u8 *p = kmap_local_page(page);	/* verdict: map=proved */
	int err;

	err = decode_record(p, out);
	if (err >= 0)
		err = decode_record(p + 64, out + 1);
	kunmap_local(p);			/* verdict: unmap=proved */
	return err;
}

/* found: return it; the mapping is the price */
long find_slot_bad(struct page *page, u32 key)
{
	const u32 *slots = kmap_local_page(page);	/* expect: kmap-leak */
	unsigned int i;

	for (i = 0; i < PAGE_SIZE / sizeof(u32); i++)
		if (slots[i] == key)
			return i;
	kunmap_local(slots);
	return -ENOENT;
}

long find_slot_good(struct page *page, u32 key)
{
	const u32 *slots = kmap_local_page(page);	/* verdict: map=proved */
	long found = -ENOENT;
	unsigned int i;

	for (i = 0; i < PAGE_SIZE / sizeof(u32); i++) {
		if (slots[i] == key) {
			found = i;
			break;
		}
	}
	kunmap_local(slots);			/* verdict: unmap=proved */
	return found;
}

/* never released at all */
u32 peek_generation_bad(struct page *page)
{
	const struct super_ondisk *sb = kmap_local_page(page);	/* expect: kmap-leak */

	return sb->blocks;
}

u32 peek_generation_good(struct page *page)
{
	const struct super_ondisk *sb = kmap_local_page(page);	/* verdict: map=proved */
	u32 gen = sb->blocks;

	kunmap_local(sb);			/* verdict: unmap=proved */
	return gen;
}

/* the result is thrown away */
void touch_page_bad(struct page *page)
{
	(void)kmap_local_page(page);		/* expect: kmap-leak */
}

/* overwritten before it was released */
void zero_two_bad(struct page *a, struct page *b)
{
	void *p = kmap_local_page(a);		/* expect: kmap-leak */

	memset(p, 0, PAGE_SIZE);
	p = kmap_local_page(b);
	memset(p, 0, PAGE_SIZE);
	kunmap_local(p);
}

void zero_two_good(struct page *a, struct page *b)
{
	void *p = kmap_local_page(a);		/* verdict: map=proved */

	memset(p, 0, PAGE_SIZE);
	kunmap_local(p);			/* verdict: unmap=proved */
	p = kmap_local_page(b);			/* verdict: map=proved */
	memset(p, 0, PAGE_SIZE);
	kunmap_local(p);			/* verdict: unmap=proved */
}

/* mapped too early: the allocation after it fails */
int snapshot_bad(struct page *page, void **copy)
{
	void *src = kmap_local_page(page);	/* expect: kmap-leak */
	void *buf = kmalloc(PAGE_SIZE, GFP_NOFS);

	if (!buf)
		return -ENOMEM;
	memcpy(buf, src, PAGE_SIZE);
	kunmap_local(src);
	*copy = buf;
	return 0;
}

int snapshot_good(struct page *page, void **copy)
{
	void *buf = kmalloc(PAGE_SIZE, GFP_NOFS);
	void *src;

	if (!buf)
		return -ENOMEM;
	src = kmap_local_page(page);		/* verdict: map=proved */
	memcpy(buf, src, PAGE_SIZE);
	kunmap_local(src);			/* verdict: unmap=proved */
	*copy = buf;
	return 0;
}

/* a folio from the page cache: put, but not unmapped */
int read_label_bad(struct address_space *mapping, char *label)
{
	struct folio *folio = read_mapping_folio(mapping, 0, NULL);
	const char *kaddr;

	if (IS_ERR(folio))
		return PTR_ERR(folio);
	kaddr = kmap_local_folio(folio, 0);	/* expect: kmap-leak */
	if (!entry_is_valid(kaddr))
		goto put;
	memcpy(label, kaddr + 16, 32);
	kunmap_local(kaddr);
put:
	folio_put(folio);
	return 0;
}

int read_label_good(struct address_space *mapping, char *label)
{
	struct folio *folio = read_mapping_folio(mapping, 0, NULL);
	const char *kaddr;

	if (IS_ERR(folio))
		return PTR_ERR(folio);
	kaddr = kmap_local_folio(folio, 0);	/* verdict: map=proved */
	if (entry_is_valid(kaddr))
		memcpy(label, kaddr + 16, 32);
	kunmap_local(kaddr);			/* verdict: unmap=proved */
	folio_put(folio);
	return 0;
}

/* an error that the conversion from kmap() brought in: the label still says kunmap(page), but only for one exit */
int convert_left_bad(struct page *page, u32 key)
{
	u32 *p = kmap_local_page(page);		/* expect: kmap-leak */

	if (p[0] == key)
		goto out;
	p[0] = key;
	kunmap_local(p);
	return 0;
out:
	return -EBUSY;
}

/* a condition with side effects in the middle of an expression */
bool both_valid_bad(struct page *page)
{
	const char *p = kmap_local_page(page);	/* expect: kmap-leak */

	if (!entry_is_valid(p) || !entry_is_valid(p + 128))
		return false;
	kunmap_local(p);
	return true;
}

bool both_valid_good(struct page *page)
{
	const char *p = kmap_local_page(page);	/* verdict: map=proved */
	bool ok = entry_is_valid(p) && entry_is_valid(p + 128);

	kunmap_local(p);			/* verdict: unmap=proved */
	return ok;
}
