// SPDX-License-Identifier: GPL-2.0-or-later
/* More patterns of use that are right, of drivers, networking and block I/O: nothing at all may be said of this file */
#include "kmap-case.h"

struct rx_segment {
	struct scatterlist *sg;
	void *mapped;
	u8 *data;
	unsigned int size, copied;
	bool atomic_mapped;
};

struct cache_ctl {
	struct page *page;
	u64 *slots;
	unsigned int index;
};

struct xdr_cursor {
	struct page **pages;
	void *kaddr;
	u32 *p, *end;
	unsigned int page_nr;
};

int cipher(void *dst, const void *src, size_t len);
bool use_bounce(struct page *page);
void dma_push(void *regs, const void *from, size_t len);
struct page *find_target_page(unsigned long pfn);
unsigned int frag_len(const struct bio_vec *frag);

/* Two pages ciphered at once. */
int cipher_pages(struct page *dst, struct page *src, struct page *iv)
{
	void *d, *s, *v = NULL;
	int err;

	s = kmap_local_page(src);
	d = kmap_local_page(dst);
	if (iv) {
		v = kmap_local_page(iv);
		memcpy(d, v, 16);
		kunmap_local(v);
	}
	err = cipher(d, s, PAGE_SIZE);
	kunmap_local(d);
	kunmap_local(s);
	if (!err)
		flush_dcache_page(dst);
	return err;
}

/* Received segments: the address is kept in a struct until the segment is done. */
static void rx_map(struct rx_segment *seg, bool recv)
{
	struct scatterlist *sg = seg->sg;

	if (!sg)
		return;
	if (recv) {
		seg->atomic_mapped = true;
		seg->mapped = kmap_atomic(sg_page(sg));
	} else {
		seg->atomic_mapped = false;
		seg->mapped = kmap(sg_page(sg));
	}
	seg->data = (u8 *)seg->mapped + sg->offset;
}

static void rx_unmap(struct rx_segment *seg)
{
	if (!seg->mapped)
		return;
	if (seg->atomic_mapped)
		kunmap_atomic(seg->mapped);
	else
		kunmap(sg_page(seg->sg));
	seg->mapped = NULL;
	seg->data = NULL;
}

unsigned int rx_copy(struct rx_segment *seg, const u8 *from, unsigned int len)
{
	unsigned int done = 0;

	while (done < len) {
		unsigned int n = min(len - done, seg->size - seg->copied);

		rx_map(seg, true);
		if (seg->data)
			memcpy(seg->data + seg->copied, from + done, n);
		rx_unmap(seg);
		done += n;
		seg->copied += n;
		if (seg->copied == seg->size)
			break;
	}
	return done;
}

/* A cache of one mapped page, in the caller's struct. */
u64 *cache_slot(struct cache_ctl *ctl, struct address_space *mapping, unsigned int idx)
{
	if (!ctl->page || ctl->index != idx / 512) {
		if (ctl->page) {
			kunmap_local(ctl->slots);
			put_page(ctl->page);
			ctl->page = NULL;
		}
		ctl->index = idx / 512;
		ctl->page = read_mapping_page(mapping, ctl->index, NULL);
		if (IS_ERR(ctl->page)) {
			ctl->page = NULL;
			return NULL;
		}
		ctl->slots = kmap_local_page(ctl->page);
	}
	return &ctl->slots[idx % 512];
}

void cache_release(struct cache_ctl *ctl)
{
	if (ctl->page) {
		kunmap_local(ctl->slots);
		put_page(ctl->page);
		ctl->page = NULL;
	}
}

/* A decoder that walks through pages. */
static void xdr_leave_page(struct xdr_cursor *xdr)
{
	if (xdr->kaddr) {
		kunmap_local(xdr->kaddr);
		xdr->kaddr = NULL;
	}
}

static void xdr_enter_page(struct xdr_cursor *xdr, unsigned int nr)
{
	xdr_leave_page(xdr);
	xdr->page_nr = nr;
	xdr->kaddr = kmap_local_page(xdr->pages[nr]);
	xdr->p = xdr->kaddr;
	xdr->end = xdr->p + PAGE_SIZE / sizeof(u32);
}

u32 xdr_sum(struct page **pages, unsigned int words)
{
	struct xdr_cursor xdr = { .pages = pages };
	u32 sum = 0;

	xdr_enter_page(&xdr, 0);
	while (words--) {
		if (xdr.p == xdr.end)
			xdr_enter_page(&xdr, xdr.page_nr + 1);
		sum += *xdr.p++;
	}
	xdr_leave_page(&xdr);
	return sum;
}

/* The condition is a call: asked before and after. */
int maybe_bounce(struct page *page, char *linear)
{
	char *p = linear;
	int err;

	if (use_bounce(page))
		p = kmap_local_page(page);
	err = cipher(p, p, 512);
	if (use_bounce(page))
		kunmap_local(p);
	return err;
}

/* Programmed I/O through an iterator. */
void pio_write(struct scatterlist *sgl, unsigned int nents, void *regs, spinlock_t *lock)
{
	struct sg_mapping_iter it;

	sg_miter_start(&it, sgl, nents, SG_MITER_ATOMIC | SG_MITER_FROM_SG);
	spin_lock(lock);
	while (sg_miter_next(&it))
		dma_push(regs, it.addr, it.length);
	sg_miter_stop(&it);
	spin_unlock(lock);
}

void pio_read(struct sg_mapping_iter *it, const u32 *fifo, unsigned int words)
{
	while (words) {
		u32 *buf;
		size_t i, n;

		if (!sg_miter_next(it))
			break;
		buf = it->addr;
		n = min_t(size_t, it->length / 4, words);
		for (i = 0; i < n; i++)
			buf[i] = READ_ONCE(*fifo);
		it->consumed = n * 4;
		words -= n;
	}
	sg_miter_stop(it);
}

/* Block I/O: copy each segment. */
void bio_copy_to(struct bio *bio, char *buf)
{
	struct bvec_iter iter;
	struct bio_vec bv;

	bio_for_each_segment(bv, bio, iter) {
		char *p = bvec_kmap_local(&bv);

		memcpy(p, buf, bv.bv_len);
		flush_dcache_page(bv.bv_page);
		kunmap_local(p);
		buf += bv.bv_len;
	}
}

/* Fragments that may lie over several pages. */
u32 frag_sum(const struct bio_vec *frag, u32 sum)
{
	unsigned int off = frag->bv_offset, left = frag_len(frag);
	struct page *page = frag->bv_page + (off >> PAGE_SHIFT);

	off &= PAGE_SIZE - 1;
	while (left) {
		unsigned int n = min_t(unsigned int, left, PAGE_SIZE - off);
		u8 *p = kmap_local_page(page);

		sum = crc32_le(sum, p + off, n);
		kunmap_local(p);
		left -= n;
		off = 0;
		page++;
	}
	return sum;
}

/* A page that another process maps. */
int poke_text(struct page *page, unsigned long addr, u32 insn)
{
	char *kaddr = kmap_local_page(page);
	u32 *slot = (u32 *)(kaddr + (addr & ~PAGE_MASK));

	*slot = insn;
	kunmap_local(kaddr);
	flush_dcache_page(page);
	return 0;
}

/* Comparing two pages under the older interface. */
int same_content(struct page *a, struct page *b)
{
	char *x, *y;
	int ret;

	x = kmap_atomic(a);
	y = kmap_atomic(b);
	ret = memcmp(x, y, PAGE_SIZE);
	kunmap_atomic(y);
	kunmap_atomic(x);
	return ret == 0;
}

/* Zeroing by halves with local mappings made anew in between. */
void zero_halves(struct page *page, unsigned int from)
{
	char *p;

	if (from < 2048) {
		p = kmap_local_page(page);
		memset(p + from, 0, 2048 - from);
		kunmap_local(p);
	}
	p = kmap_local_page(page);
	memset(p + 2048, 0, 2048);
	kunmap_local(p);
	flush_dcache_page(page);
	SetPageUptodate(page);
}

/* A link target: kept mapped by the caller's callback protocol. */
struct delayed {
	void (*fn)(void *arg);
	void *arg;
};

static void link_done(void *arg)
{
	kunmap_local(arg);
}

const char *link_target(struct inode *inode, struct delayed *done)
{
	struct folio *folio = read_mapping_folio(inode->i_mapping, 0, NULL);
	char *kaddr;

	if (IS_ERR(folio))
		return ERR_CAST(folio);
	kaddr = kmap_local_folio(folio, 0);
	done->fn = link_done;
	done->arg = kaddr;
	kaddr[255] = '\0';
	return kaddr;
}

/* Early in the loop, late in the loop: a pair over a "first" flag. */
int banner(struct page **pages, unsigned int nr)
{
	bool first = true;
	u32 *head = NULL;
	unsigned int i;
	int n = 0;

	for (i = 0; i < nr; i++) {
		u32 *p = kmap_local_page(pages[i]);

		n += p[0];
		kunmap_local(p);
		if (first) {
			first = false;
			head = kmap_local_page(pages[0]);
			head[1] = 0;
		}
	}
	if (!first)
		kunmap_local(head);
	return n;
}

/* The lock and the mapping taken and dropped together. */
int locked_update(struct folio *folio, struct mutex *lock, u32 val)
{
	u32 *p;

	mutex_lock(lock);
	p = kmap_local_folio(folio, 0);
	if (p[0] == val)
		goto out;
	p[0] = val;
	flush_dcache_folio(folio);
out:
	kunmap_local(p);
	mutex_unlock(lock);
	return 0;
}

/* A page frame that may not be there. */
int peek_pfn(unsigned long pfn, u32 *val)
{
	struct page *page = find_target_page(pfn);
	u32 *p;

	if (!page)
		return -ENOENT;
	p = kmap_local_page(page);
	*val = p[offset_in_page(pfn) & 63];
	kunmap_local(p);
	put_page(page);
	return 0;
}

/* vmap() is another thing altogether. */
int vmap_user(struct page **pages, unsigned int nr)
{
	char *p = vmap(pages, nr, 0, 0);

	if (!p)
		return -ENOMEM;
	p[0] = 0;
	vunmap(p);
	return 0;
}

/* Metadata through buffer heads. */
void btree_node_write(struct buffer_head *bh, u64 key)
{
	char *kaddr = kmap_local_folio(bh->b_folio, 0);
	u64 *keys = (u64 *)(kaddr + bh_offset(bh));

	keys[0] = key;
	kunmap_local(kaddr);
	mark_buffer_dirty(bh);
	set_buffer_uptodate(bh);
}

struct buffer_head *btree_new_node(struct super_block *sb, u64 key)
{
	struct buffer_head *bh = sb_getblk(sb, key);
	void *kaddr;

	if (!bh)
		return NULL;
	folio_lock(bh->b_folio);
	kaddr = kmap_local_folio(bh->b_folio, bh_offset(bh));
	memset(kaddr, 0, 512);
	kunmap_local(kaddr);
	set_buffer_uptodate(bh);
	folio_unlock(bh->b_folio);
	return bh;
}

/* The pages of a list of pages, in a do-while. */
void wipe_list(struct page *first)
{
	struct page *page = first;

	do {
		void *p = kmap_local_page(page);

		memset(p, 0, PAGE_SIZE);
		kunmap_local(p);
		page = (struct page *)page->private;
	} while (page && page != first);
}
