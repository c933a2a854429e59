// SPDX-License-Identifier: GPL-2.0-or-later
/* Wrappers: the kernel's bvec and scatterlist ones, a driver's own, several deep, recursive, behind pointers. */
#include "kmap-case.h"

struct wide_block {
	struct folio *folio;
	size_t offset;
	u8 *data;
};

struct block_ops {
	void *(*map)(struct page *page);
	void (*unmap)(void *addr);
	int (*check)(const void *addr);
};

int verify_tree(const void *node);
void note(const void *p);

/* bvec_kmap_local() */
void bvec_fill_good(struct bio_vec *bv, int val)
{
	void *p = bvec_kmap_local(bv);		/* verdict: map=proved */

	memset(p, val, bv->bv_len);
	kunmap_local(p);			/* verdict: unmap=proved */
}

int bvec_check_bad(struct bio_vec *bv, u32 csum)
{
	void *p = bvec_kmap_local(bv);		/* expect: kmap-leak */

	if (crc32_le(0, p, bv->bv_len) != csum)
		return -EIO;
	kunmap_local(p);
	return 0;
}

void bio_sum_good(struct bio *bio, u32 *csum)
{
	struct bvec_iter iter;
	struct bio_vec bv;

	bio_for_each_segment(bv, bio, iter) {
		void *p = bvec_kmap_local(&bv);	/* verdict: map=proved */

		*csum = crc32_le(*csum, p, bv.bv_len);
		kunmap_local(p);		/* verdict: unmap=proved */
	}
}

int bio_check_bad(struct bio *bio)
{
	struct bvec_iter iter;
	struct bio_vec bv;

	bio_for_each_segment(bv, bio, iter) {
		const u8 *p = bvec_kmap_local(&bv);	/* expect: kmap-leak */

		if (p[0] == 0xff) {
			bio_endio(bio);
			return -EIO;
		}
		kunmap_local(p);
	}
	return 0;
}

void bio_kunmap_page_bad(struct bio *bio)
{
	struct bvec_iter iter;
	struct bio_vec bv;

	bio_for_each_segment(bv, bio, iter) {
		u8 *p = bvec_kmap_local(&bv);

		p[0] = 0;
		kunmap(bv.bv_page);	/* expect: kmap-wrong-arg */
	}
}

/* scatterwalk_map() */
void walk_copy_good(struct scatter_walk *walk, void *out, size_t len)
{
	const void *p = scatterwalk_map(walk);

	memcpy(out, p, len);
	scatterwalk_unmap((void *)p);
}

void walk_two_bad(struct scatter_walk *in, struct scatter_walk *out, size_t len)
{
	void *src = scatterwalk_map(in);
	void *dst = scatterwalk_map(out);

	memcpy(dst, src, len);
	scatterwalk_unmap(src);			/* expect: kmap-order */
	scatterwalk_unmap(dst);
}

void walk_two_good(struct scatter_walk *in, struct scatter_walk *out, size_t len)
{
	void *src = scatterwalk_map(in);
	void *dst = scatterwalk_map(out);

	memcpy(dst, src, len);
	scatterwalk_unmap(dst);
	scatterwalk_unmap(src);
}

/* sg_miter */
size_t miter_fill_good(struct scatterlist *sgl, unsigned int nents, u8 val)
{
	struct sg_mapping_iter it;
	size_t done = 0;

	sg_miter_start(&it, sgl, nents, SG_MITER_ATOMIC | SG_MITER_TO_SG);
	while (sg_miter_next(&it)) {
		memset(it.addr, val, it.length);
		done += it.length;
	}
	sg_miter_stop(&it);
	return done;
}

size_t miter_fill_bad(struct scatterlist *sgl, unsigned int nents, u8 val, size_t max)
{
	struct sg_mapping_iter it;
	size_t done = 0;

	sg_miter_start(&it, sgl, nents, SG_MITER_ATOMIC | SG_MITER_TO_SG);
	while (sg_miter_next(&it)) {		/* expect: kmap-leak */
		if (done + it.length > max)
			return done;
		memset(it.addr, val, it.length);
		done += it.length;
	}
	sg_miter_stop(&it);
	return done;
}

int miter_first_good(struct scatterlist *sgl, unsigned int nents, u32 *word)
{
	struct sg_mapping_iter it;
	int err = -EINVAL;

	sg_miter_start(&it, sgl, nents, SG_MITER_LOCAL | SG_MITER_FROM_SG);
	if (!sg_miter_next(&it))
		return -EIO;
	if (it.length >= sizeof(*word)) {
		*word = *(u32 *)it.addr;
		err = 0;
	}
	sg_miter_stop(&it);
	return err;
}

u32 miter_stale_bad(struct scatterlist *sgl, unsigned int nents)
{
	struct sg_mapping_iter it;
	u32 *word;

	sg_miter_start(&it, sgl, nents, SG_MITER_LOCAL | SG_MITER_FROM_SG);
	if (!sg_miter_next(&it))
		return 0;
	word = it.addr;
	sg_miter_stop(&it);
	return *word;				/* expect: kmap-use-after-unmap */
}

/* sg_page() by hand */
void sg_each_good(struct scatterlist *sgl, unsigned int nents)
{
	struct scatterlist *sg;
	unsigned int i;

	for_each_sg(sgl, sg, nents, i) {
		unsigned int off = sg->offset & 2047;
		char *p = (char *)kmap_local_page(sg_page(sg)) + off;	/* verdict: map=proved */

		note(p);
		kunmap_local(p - off);		/* verdict: unmap=proved */
	}
}

/* a driver's own wrappers, two deep */
static void *drv_map(struct page *page)
{
	return kmap_local_page(page);		/* verdict: map=proved */
}

static void drv_unmap(const void *addr)
{
	kunmap_local(addr);			/* verdict: unmap=proved */
}

static void *drv_map_block(struct page *page, unsigned int block)
{
	return (char *)drv_map(page) + (block & 7) * 512;
}

static void drv_unmap_block(const char *addr)
{
	drv_unmap(addr);
}

int drv_read_good(struct page *page, unsigned int block, void *out)
{
	char *p = drv_map_block(page, block);

	memcpy(out, p, 512);
	drv_unmap_block(p);
	return 0;
}

static void *pdev_map(struct page *page)
{
	return kmap_local_page(page);		/* expect: kmap-leak */
}

static u8 *pdev_map_at(struct page *page, unsigned int off)
{
	u8 *p = pdev_map(page);

	return p + (off & 511);
}

int pdev_read_bad(struct page *page, unsigned int off)
{
	u8 *p = pdev_map_at(page, off);
	int ret;

	if (!*p)
		return -ENOENT;
	ret = *p;
	kunmap_local(p);
	return ret;
}

/* a helper that does one or the other */
static void *map_or_linear(struct page *page)
{
	if (!PageHighMem(page))
		return page_address(page);
	return kmap_local_page(page);
}

static void unmap_or_linear(struct page *page, void *addr)
{
	if (PageHighMem(page))
		kunmap_local(addr);
}

void map_or_linear_good(struct page *page)
{
	u32 *p = map_or_linear(page);

	p[0]++;
	unmap_or_linear(page, p);
}

/* a helper that takes the mapping over and releases it on every path */
static int finish_block(u32 *addr, u32 want)
{
	int err = 0;

	if (addr[0] != want)
		err = -EIO;
	kunmap_local(addr);			/* verdict: unmap=proved */
	return err;
}

int finish_good(struct page *page, u32 want)
{
	u32 *p = kmap_local_page(page);		/* verdict: map=proved */

	return finish_block(p, want);
}

static int finish_block_leaky(u32 *addr, u32 want)
{
	if (addr[0] != want)
		return -EIO;
	kunmap_local(addr);
	return 0;
}

int finish_bad(struct page *page, u32 want)
{
	u32 *p = kmap_local_page(page);		/* expect: kmap-leak */

	return finish_block_leaky(p, want);
}

/* the helper releases only when it fails, and the caller knows */
static int start_block(u32 *addr)
{
	if (addr[0] == 0) {
		kunmap_local(addr);		/* verdict: unmap=proved */
		return -EINVAL;
	}
	return 0;
}

int start_good(struct page *page)
{
	u32 *p = kmap_local_page(page);		/* verdict: map=proved */
	int err = start_block(p);

	if (err)
		return err;
	note(p);
	kunmap_local(p);			/* verdict: unmap=proved */
	return 0;
}

/* recursion with a mapping held over the call */
int walk_tree_good(struct page **pages, unsigned int node, unsigned int depth)
{
	u32 *p;
	int err;

	if (!depth)
		return 0;
	p = kmap_local_page(pages[node]);	/* verdict: map=proved */
	err = verify_tree(p);
	if (!err)
		err = walk_tree_good(pages, p[0] & 15, depth - 1);
	kunmap_local(p);			/* verdict: unmap=proved */
	return err;
}

int walk_tree_bad(struct page **pages, unsigned int node, unsigned int depth)
{
	u32 *p;
	int err;

	if (!depth)
		return 0;
	p = kmap_local_page(pages[node]);	/* expect: kmap-leak */
	err = walk_tree_bad(pages, p[0] & 15, depth - 1);
	if (err)
		return err;
	err = verify_tree(p);
	kunmap_local(p);
	return err;
}

/* function pointers: whoever is behind them does not release */
int ops_check_good(const struct block_ops *ops, struct page *page)
{
	void *p = kmap_local_page(page);	/* verdict: map=proved */
	int err = ops->check(p);

	kunmap_local(p);			/* verdict: unmap=proved */
	return err;
}

int ops_check_bad(const struct block_ops *ops, struct page *page)
{
	void *p = kmap_local_page(page);	/* expect: kmap-leak */

	if (ops->check(p))
		return -EIO;
	kunmap_local(p);
	return 0;
}

/* mapped and unmapped behind pointers: nothing in sight */
int ops_map_silent(const struct block_ops *ops, struct page *page)
{
	void *p = ops->map(page);
	int err = verify_tree(p);

	ops->unmap(p);
	return err;
}

/* helpers whose address is taken have callers out of sight */
static void *table_map(struct page *page)
{
	return kmap_local_page(page);		/* verdict: map=unproved(escapes-return) */
}

static void table_unmap(void *addr)
{
	kunmap_local(addr);			/* verdict: unmap=unproved(caller) */
}

const struct block_ops table_ops = {
	.map = table_map,
	.unmap = table_unmap,
	.check = verify_tree,
};

/* one helper in a struct with its folio */
static void wide_get(struct wide_block *wb)
{
	wb->data = kmap_local_folio(wb->folio, wb->offset);	/* verdict: map=proved */
}

static void wide_put(struct wide_block *wb)
{
	kunmap_local(wb->data);			/* verdict: unmap=proved */
	folio_put(wb->folio);
}

int wide_good(struct folio *folio, size_t offset)
{
	struct wide_block wb = { .folio = folio, .offset = offset };
	int ret;

	wide_get(&wb);
	ret = wb.data[0];
	wide_put(&wb);
	return ret;
}

/* what a helper reads of an array after a call, at a place that is not known, it has not written */
void **get_pages(int n);
int fill_pages(struct page **pages, int n);

static int fill_some(struct page **pages, int n)
{
	int done = fill_pages(pages, n);

	pages += done;
	return *pages ? -EIO : 0;
}

int fill_and_release_good(struct page *page, int n)
{
	struct page **pages = (struct page **)get_pages(n);
	int err;

	pages[0] = page;
	if (pages[0])
		kmap(pages[0]);
	err = fill_some(pages, n);
	if (pages[0])
		kunmap(pages[0]);
	return err;
}

int fill_and_release_bad(struct page *page, int n)
{
	struct page **pages = (struct page **)get_pages(n);
	int err;

	pages[0] = page;
	if (pages[0])
		kmap(pages[0]);			/* expect: kmap-leak */
	err = fill_some(pages, n);
	if (!err && pages[0])
		kunmap(pages[0]);
	return err;
}
