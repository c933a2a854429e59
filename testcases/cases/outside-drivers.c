// SPDX-License-Identifier: GPL-2.0-or-later
/* Drivers: scatterlists, fragments of packets, programmed I/O, bounce pages, ioctls, rings, segments of block requests. */
#include "kmap-case.h"

#define NR_FRAGS 17

struct frag {
	struct page *page;
	u32 offset, size;
};

struct packet {
	unsigned int nr_frags;
	struct frag frags[NR_FRAGS];
	u8 *head;
	u32 csum;
};

struct ring {
	struct page *page;
	unsigned int head, tail, nr;
	spinlock_t lock;
};

struct ring_hdr {
	u32 head, tail, mask, flags;
	u64 slot[];
};

struct hba {
	void *regs;
	struct scatterlist *sg, *cur;
	unsigned int sg_off, sg_left;
	u8 *buf;
	struct page *bounce;
	struct mutex lock;
	bool dying;
	int (*xfer)(struct hba *hba, void *p, size_t len);
};

struct disk_cmd {
	struct bio *bio;
	u8 op;
	u32 lba, count;
	int status;
};

u32 csum_partial(const void *p, int len, u32 sum);
int wait_ready(struct hba *hba);
void fifo_read(void *regs, void *to, size_t n);
void fifo_write(void *regs, const void *from, size_t n);
struct page *disk_page(struct hba *hba, u32 lba);
int crypt_sector(void *to, const void *from, u64 sector);
void complete_cmd(struct disk_cmd *cmd);

/* one page of a fragment after the other */
#define frag_for_each_page(f, off, len, p, p_off, p_len, copied)			\
	for (p = (f)->page + ((off) >> PAGE_SHIFT), p_off = (off) & (PAGE_SIZE - 1),	\
	     p_len = min_t(u32, len, PAGE_SIZE - p_off), copied = 0;			\
	     copied < (len);								\
	     copied += p_len, p++, p_off = 0, p_len = min_t(u32, (len) - copied, PAGE_SIZE))

u32 packet_csum_good(struct packet *pkt)
{
	u32 sum = pkt->csum, off, len, copied;
	struct page *p;
	unsigned int i;

	for (i = 0; i < pkt->nr_frags; i++) {
		struct frag *f = &pkt->frags[i];

		frag_for_each_page(f, f->offset, f->size, p, off, len, copied) {
			u8 *vaddr = kmap_atomic(p);

			sum = csum_partial(vaddr + off, len, sum);
			kunmap_atomic(vaddr);
		}
	}
	return sum;
}

int packet_copy_bad(struct packet *pkt, u8 *to, u32 room)
{
	u32 off, len, copied, done = 0;
	struct page *p;
	unsigned int i;

	for (i = 0; i < pkt->nr_frags; i++) {
		struct frag *f = &pkt->frags[i];

		frag_for_each_page(f, f->offset, f->size, p, off, len, copied) {
			u8 *vaddr = kmap_local_page(p);		/* expect: kmap-leak */

			if (done + len > room)
				return -ENOSPC;
			memcpy(to + done, vaddr + off, len);
			done += len;
			kunmap_local(vaddr);
		}
	}
	return done;
}

/* a handler for both of the directions */
static void hba_pio(struct hba *hba, struct page *page, unsigned int off, unsigned int len, bool in)
{
	u8 *p = kmap_local_page(page);

	if (in) {
		fifo_read(hba->regs, p + off, len);
		flush_dcache_page(page);
	} else {
		fifo_write(hba->regs, p + off, len);
	}
	kunmap_local(p);
}

int hba_pio_all_good(struct hba *hba, struct scatterlist *sgl, int nents, bool in)
{
	struct scatterlist *sg;
	int i;

	for_each_sg(sgl, sg, nents, i) {
		unsigned int len = sg->length, off = sg->offset;
		struct page *page = sg_page(sg);

		while (len) {
			unsigned int n = min_t(unsigned int, len, PAGE_SIZE - off);

			if (wait_ready(hba))
				return -EIO;
			hba_pio(hba, page, off, n, in);
			len -= n;
			off = 0;
			page = nth_page(page, 1);
		}
	}
	return 0;
}

/* an interrupt's half of a transfer: the address lies in the controller until the segment is done */
static void hba_start_seg(struct hba *hba)
{
	hba->buf = kmap_atomic(sg_page(hba->cur));
	hba->buf += hba->cur->offset;
}

static void hba_end_seg(struct hba *hba)
{
	kunmap_atomic(hba->buf - hba->cur->offset);
	hba->buf = NULL;
}

int hba_irq_good(struct hba *hba)
{
	int err = 0;

	while (hba->sg_left && !err) {
		hba_start_seg(hba);
		err = hba->xfer(hba, hba->buf, min(hba->sg_left, hba->cur->length));
		hba_end_seg(hba);
		hba->sg_left -= min(hba->sg_left, hba->cur->length);
		hba->cur = sg_next(hba->cur);
	}
	return err;
}

/* the address stays on the stack here; the device may be gone meanwhile */
int hba_write_bad(struct hba *hba, struct page *page, size_t len)
{
	u8 *p = kmap_local_page(page);			/* expect: kmap-leak */
	size_t done = 0;

	while (done < len) {
		if (READ_ONCE(hba->dying))
			goto gone;
		if (wait_ready(hba))
			break;
		fifo_write(hba->regs, p + done, 64);
		done += 64;
	}
	kunmap_local(p);
	return done == len ? 0 : -EIO;
gone:
	complete_cmd(NULL);
	return -EBUSY;
}

/* the bounce page is used for what the device cannot reach */
int hba_read_good(struct hba *hba, struct page *page, size_t off, size_t len)
{
	struct page *target = page;
	u8 *p, *q;
	int err;

	if (PageHighMem(page) && hba->bounce)
		target = hba->bounce;
	p = kmap_local_page(target);
	err = hba->xfer(hba, p + off, len);
	if (!err && target != page) {
		q = kmap_local_page(page);
		memcpy(q + off, p + off, len);
		kunmap_local(q);
	}
	kunmap_local(p);
	if (!err)
		flush_dcache_page(page);
	return err;
}

int hba_read_bad(struct hba *hba, struct page *page, size_t off, size_t len)
{
	bool bounce = PageHighMem(page) && hba->bounce;
	u8 *p = kmap_local_page(bounce ? hba->bounce : page), *q;
	int err;

	err = hba->xfer(hba, p + off, len);
	if (bounce) {
		q = kmap_local_page(page);
		if (!err)
			memcpy(q + off, p + off, len);
		kunmap_local(p);			/* expect: kmap-order */
		p = q;
	}
	kunmap_local(p);
	return err;
}

/* a ring shared with user space: header and slots lie in one page */
int ring_push_good(struct ring *ring, u64 val)
{
	struct ring_hdr *hdr;
	u32 tail, next;
	int err = 0;

	spin_lock(&ring->lock);
	hdr = kmap_atomic(ring->page);
	tail = ring->tail;
	next = (tail + 1) % ring->nr;
	if (next == READ_ONCE(hdr->head)) {
		err = -EAGAIN;
		goto out;
	}
	hdr->slot[tail] = val;
	hdr->tail = ring->tail = next;
	flush_dcache_page(ring->page);
out:
	kunmap_atomic(hdr);
	spin_unlock(&ring->lock);
	return err;
}

int ring_push_bad(struct ring *ring, u64 val)
{
	struct ring_hdr *hdr;
	u32 next;

	spin_lock(&ring->lock);
	hdr = kmap_atomic(ring->page);			/* expect: kmap-leak */
	next = (ring->tail + 1) % ring->nr;
	if (next == READ_ONCE(hdr->head)) {
		spin_unlock(&ring->lock);
		return -EAGAIN;
	}
	hdr->slot[ring->tail] = val;
	hdr->tail = ring->tail = next;
	flush_dcache_page(ring->page);
	kunmap_atomic(hdr);
	spin_unlock(&ring->lock);
	return 0;
}

int ring_pop_bad(struct ring *ring, u64 *val)
{
	struct ring_hdr *hdr = kmap_atomic(ring->page);
	u32 head = hdr->head;

	if (head == ring->tail) {
		kunmap_atomic(ring->page);		/* expect: kmap-wrong-arg */
		return -EAGAIN;
	}
	*val = hdr->slot[head];
	hdr->head = (head + 1) & hdr->mask;
	kunmap_atomic(hdr);
	return 0;
}

/* an ioctl that copies a page of registers out and one of commands in */
long dev_ioctl_good(struct hba *hba, unsigned int cmd, struct page *page, void __user *arg)
{
	void *p;
	long err = 0;

	mutex_lock(&hba->lock);
	p = kmap_local_page(page);
	switch (cmd) {
	case 1:
		if (copy_to_user(arg, p, 256))
			err = -EFAULT;
		break;
	case 2:
		if (copy_from_user(p, arg, 256)) {
			err = -EFAULT;
			break;
		}
		err = hba->xfer(hba, p, 256);
		break;
	case 3:
		kunmap_local(p);
		mutex_unlock(&hba->lock);
		return wait_ready(hba);
	default:
		err = -EINVAL;
	}
	kunmap_local(p);
	mutex_unlock(&hba->lock);
	return err;
}

long dev_ioctl_bad(struct hba *hba, unsigned int cmd, struct page *page, void __user *arg)
{
	void *p;
	long err = 0;

	mutex_lock(&hba->lock);
	p = kmap_local_page(page);
	switch (cmd) {
	case 1:
		if (copy_to_user(arg, p, 256))
			err = -EFAULT;
		kunmap_local(p);
		break;
	case 2:
		if (copy_from_user(p, arg, 256)) {
			err = -EFAULT;
			goto out;
		}
		err = hba->xfer(hba, p, 256);
		break;
	default:
		err = -EINVAL;
	}
out:
	kunmap_local(p);				/* expect: kmap-double-unmap */
	mutex_unlock(&hba->lock);
	return err;
}

/* a disk in memory: one segment may cross two of its pages */
int ramdisk_rw_good(struct hba *hba, struct disk_cmd *cmd)
{
	struct bvec_iter iter;
	struct bio_vec bv;
	u32 lba = cmd->lba;

	bio_for_each_segment(bv, cmd->bio, iter) {
		unsigned int left = bv.bv_len, off = 0;

		while (left) {
			unsigned int in = (lba & 7) << 9, n = min_t(unsigned int, left, PAGE_SIZE - in);
			struct page *page = disk_page(hba, lba);
			char *mem, *seg;

			if (!page)
				return -ENOMEM;
			mem = kmap_local_page(page);
			seg = bvec_kmap_local(&bv);
			if (cmd->op)
				memcpy(mem + in, seg + off, n);
			else
				memcpy(seg + off, mem + in, n);
			kunmap_local(seg);
			kunmap_local(mem);
			if (!cmd->op)
				flush_dcache_page(bv.bv_page);
			left -= n;
			off += n;
			lba += n >> 9;
		}
	}
	return 0;
}

int ramdisk_rw_bad(struct hba *hba, struct disk_cmd *cmd)
{
	struct bvec_iter iter;
	struct bio_vec bv;
	u32 lba = cmd->lba;

	bio_for_each_segment(bv, cmd->bio, iter) {
		char *seg = bvec_kmap_local(&bv);	/* expect: kmap-leak */
		struct page *page = disk_page(hba, lba);
		char *mem;

		if (!page) {
			cmd->status = -ENOMEM;
			break;
		}
		mem = kmap_local_page(page);
		memcpy(mem, seg, bv.bv_len);
		kunmap_local(mem);
		kunmap_local(seg);
		lba += bv.bv_len >> 9;
	}
	complete_cmd(cmd);
	return 0;
}

/* encryption of sectors into a page of the driver's own, in place when there is none */
int crypt_page_good(struct page *from, struct page *to, u64 sector)
{
	u8 *s = kmap_local_page(from), *d = to ? kmap_local_page(to) : s;
	int i, err = 0;

	for (i = 0; i < 8 && !err; i++)
		err = crypt_sector(d + i * 512, s + i * 512, sector + i);
	if (d != s)
		kunmap_local(d);
	kunmap_local(s);
	return err;
}

int crypt_page_bad(struct page *from, struct page *to, u64 sector)
{
	u8 *s = kmap_local_page(from), *d = to ? kmap_local_page(to) : s;
	int i, err = 0;

	for (i = 0; i < 8 && !err; i++)
		err = crypt_sector(d + i * 512, s + i * 512, sector + i);
	kunmap_local(d);
	kunmap_local(s);				/* expect: kmap-double-unmap */
	return err;
}

/* an iterator over a list of segments, stopped early in one way only */
int miter_find_good(struct scatterlist *sgl, unsigned int nents, u8 what)
{
	struct sg_mapping_iter m;
	int pos = 0, ret = -ENOENT;

	sg_miter_start(&m, sgl, nents, SG_MITER_LOCAL | SG_MITER_FROM_SG);
	while (sg_miter_next(&m)) {
		u8 *hit = memchr(m.addr, what, m.length);

		if (hit) {
			ret = pos + (hit - (u8 *)m.addr);
			break;
		}
		pos += m.length;
	}
	sg_miter_stop(&m);
	return ret;
}

int miter_find_bad(struct scatterlist *sgl, unsigned int nents, u8 what)
{
	struct sg_mapping_iter m;
	int pos = 0;

	sg_miter_start(&m, sgl, nents, SG_MITER_LOCAL | SG_MITER_FROM_SG);
	while (sg_miter_next(&m)) {			/* expect: kmap-leak */
		u8 *hit = memchr(m.addr, what, m.length);

		if (hit)
			return pos + (hit - (u8 *)m.addr);
		pos += m.length;
	}
	sg_miter_stop(&m);
	return -ENOENT;
}

/* the segments are copied while both lists are walked, the inner mapping made anew more often */
void sg_to_sg_good(struct scatterlist *dst, struct scatterlist *src, unsigned int len)
{
	unsigned int doff = 0, soff = 0;

	while (len && dst && src) {
		unsigned int n = min(dst->length - doff, src->length - soff);
		u8 *s = kmap_local_page(sg_page(src)), *d;

		d = kmap_local_page(sg_page(dst));
		memcpy(d + dst->offset + doff, s + src->offset + soff, n);
		kunmap_local(d);
		kunmap_local(s);
		len -= n;
		doff += n;
		soff += n;
		if (doff == dst->length) {
			dst = sg_next(dst);
			doff = 0;
		}
		if (soff == src->length) {
			src = sg_next(src);
			soff = 0;
		}
	}
}

/* the firmware's table in page frames: the second one cannot be looked at without the first */
int fw_lookup_bad(unsigned long dir_pfn, unsigned int idx, u64 *out)
{
	u64 *dir = kmap_local_pfn(dir_pfn), *tab;

	if (!(dir[idx >> 9] & 1)) {
		kunmap_local(dir);
		return -ENOENT;
	}
	tab = kmap_local_pfn(dir[idx >> 9] >> PAGE_SHIFT);
	kunmap_local(dir);				/* expect: kmap-order */
	*out = tab[idx & 511];
	kunmap_local(tab);
	return 0;
}

int fw_lookup_good(unsigned long dir_pfn, unsigned int idx, u64 *out)
{
	u64 *tab = kmap_local_pfn(dir_pfn), entry = tab[idx >> 9];

	kunmap_local(tab);
	if (!(entry & 1))
		return -ENOENT;
	tab = kmap_local_pfn(entry >> PAGE_SHIFT);
	*out = tab[idx & 511];
	kunmap_local(tab);
	return 0;
}
