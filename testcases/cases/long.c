// SPDX-License-Identifier: GPL-2.0-or-later
/* Long functions that are right: directories and renames, a buffer that keeps its last page, a compressor, writes, moves, bit maps. */
#include "kmap-case.h"

struct dent { u32 ino; u16 rec_len; u8 name_len, type; char name[]; };
struct dirh { struct folio *folio; struct dent *de; };
struct mbuf { struct folio *folio; void *base; pgoff_t index; u32 kind; };
enum { MB_NONE, MB_MAPPED, MB_LINEAR };
struct strm { const u8 *next_in; size_t avail_in; u8 *next_out; size_t avail_out; u64 total_in, total_out; };
struct ino { struct inode vfs; struct page **pages; u32 blocks, flags; };

int zrun(struct strm *s, int last);

struct folio *dir_folio(struct inode *dir, pgoff_t n);
bool dent_ok(const struct dent *de, const char *limit);

void inc_link(struct inode *inode);

int begin_write(struct folio *folio, size_t pos, size_t len);
int commit_write(struct folio *folio, size_t pos, size_t len);
void vfs_msg(struct inode *inode, const char *fmt, ...);

/* get a directory page, checked and mapped; out by two pointers */
static void *dirpage_get(struct inode *dir, pgoff_t n, struct folio **foliop)
{
	struct folio *folio = dir_folio(dir, n);
	void *kaddr;

	if (IS_ERR(folio))
		return ERR_CAST(folio);
	kaddr = kmap_local_folio(folio, 0);
	if (unlikely(!folio_test_uptodate(folio))) {
		if (!dent_ok(kaddr, kaddr + PAGE_SIZE))
			goto fail;
	}
	*foliop = folio;
	return kaddr;
fail:
	folio_release_kmap(folio, kaddr);		/* verdict: unmap=proved */
	return ERR_PTR(-EIO);
}

static struct dent *dirent_find(struct inode *dir, const char *name, size_t len, struct folio **foliop)
{
	unsigned long n, npages = (dir->i_size + PAGE_SIZE - 1) >> PAGE_SHIFT;
	struct dent *de;
	char *kaddr, *limit;

	for (n = 0; n < npages; n++) {
		kaddr = dirpage_get(dir, n, foliop);
		if (IS_ERR(kaddr))
			return ERR_CAST(kaddr);
		limit = kaddr + PAGE_SIZE - sizeof(*de);
		for (de = (struct dent *)kaddr; (char *)de <= limit; de = (void *)de + de->rec_len) {
			if (de->rec_len == 0) {
				vfs_msg(dir, "zero-length entry\n");
				folio_release_kmap(*foliop, de);
				return ERR_PTR(-EUCLEAN);
			}
			if (de->name_len == len && !memcmp(de->name, name, len))
				return de;
		}
		folio_release_kmap(*foliop, kaddr);	/* verdict: unmap=proved */
	}
	return ERR_PTR(-ENOENT);
}

int dlookup_good(struct inode *dir, const char *name, size_t len, u32 *ino)
{
	struct folio *folio;
	struct dent *de = dirent_find(dir, name, len, &folio);

	if (IS_ERR(de))
		return PTR_ERR(de);
	*ino = de->ino;
	folio_release_kmap(folio, de);			/* verdict: unmap=proved */
	return 0;
}

static int dset(struct dent *de, struct folio *folio, u32 ino)
{
	size_t pos = folio_pos(folio) + offset_in_folio(folio, (unsigned long)de);
	int err = begin_write(folio, pos, de->rec_len);

	if (err)
		return err;
	de->ino = ino;
	return commit_write(folio, pos, de->rec_len);
}

static struct dent *ddotdot(struct inode *dir, struct folio **foliop)
{
	struct dent *de = dirpage_get(dir, 0, foliop);

	if (IS_ERR(de))
		return NULL;
	return (struct dent *)((char *)de + de->rec_len);
}

int drename_good(struct inode *old_dir, const char *old_name, size_t old_len, struct inode *new_dir,
		 const char *new_name, size_t new_len, struct inode *inode, bool is_dir)
{
	struct folio *dir_f = NULL, *old_f, *new_f;
	struct dent *dir_de = NULL, *old_de, *new_de;
	int err;

	old_de = dirent_find(old_dir, old_name, old_len, &old_f);
	if (IS_ERR(old_de)) {
		err = PTR_ERR(old_de);
		goto out;
	}
	if (is_dir) {
		err = -EIO;
		dir_de = ddotdot(inode, &dir_f);
		if (!dir_de)
			goto out_old;
	}
	new_de = dirent_find(new_dir, new_name, new_len, &new_f);
	if (IS_ERR(new_de)) {
		err = PTR_ERR(new_de);
		goto out_dir;
	}
	err = dset(new_de, new_f, inode->i_ino);
	folio_release_kmap(new_f, new_de);		/* verdict: unmap=proved */
	if (err)
		goto out_dir;
	if (is_dir) {
		err = dset(dir_de, dir_f, new_dir->i_ino);
		if (!err)
			inc_link(new_dir);
	}
out_dir:
	if (is_dir)
		folio_release_kmap(dir_f, dir_de);
out_old:
	folio_release_kmap(old_f, old_de);
out:
	return err;
}

/* metadata buffer that keeps the last mapping */
static void mb_unmap(struct mbuf *b)
{
	if (b->kind == MB_MAPPED)
		kunmap_local(b->base);
	b->kind = MB_NONE;
	b->base = NULL;
}

static void mb_put(struct mbuf *b)
{
	if (!b->folio)
		return;
	mb_unmap(b);
	folio_put(b->folio);
	b->folio = NULL;
}

static void *mb_read(struct mbuf *b, struct address_space *m, u64 off, bool need)
{
	pgoff_t idx = off >> PAGE_SHIFT;

	if (!b->folio || b->index != idx) {
		mb_put(b);
		b->folio = read_mapping_folio(m, idx, NULL);
		if (IS_ERR(b->folio)) {
			void *e = b->folio;

			b->folio = NULL;
			return e;
		}
		b->index = idx;
	}
	if (!need)
		return NULL;
	if (b->kind == MB_NONE) {
		b->base = kmap_local_folio(b->folio, 0);
		b->kind = MB_MAPPED;
	}
	return b->base + offset_in_page(off);
}

int mb_user_good(struct address_space *m, u64 off, u32 n, u32 *out)
{
	struct mbuf b = { .kind = MB_NONE };
	u32 i, sum = 0;

	for (i = 0; i < n; i++) {
		u32 *p = mb_read(&b, m, off + i * 4, true);

		if (IS_ERR(p)) {
			mb_put(&b);
			return PTR_ERR(p);
		}
		sum += *p;
	}
	mb_put(&b);
	*out = sum;
	return 0;
}

/* compressor: one input page, one output page, remapped as they run out */
int zpages_good(struct strm *s, struct page **in, unsigned int nin, struct page **out, unsigned int *nout)
{
	unsigned int i = 0, o = 0, max = *nout;
	u8 *src = NULL, *dst = NULL;
	int ret;

	*nout = 0;
	dst = kmap_local_page(out[0]);			/* verdict: map=proved */
	s->next_out = dst;
	s->avail_out = PAGE_SIZE;
	while (i < nin) {
		src = kmap_local_page(in[i]);		/* verdict: map=proved */
		s->next_in = src;
		s->avail_in = PAGE_SIZE;
		while (s->avail_in) {
			ret = zrun(s, 0);
			if (ret < 0) {
				ret = -EIO;
				goto out;
			}
			if (!s->avail_out) {
				kunmap_local(src);	/* verdict: unmap=proved */
				src = NULL;
				kunmap_local(dst);	/* verdict: unmap=proved */
				dst = NULL;
				if (++o == max) {
					ret = -ENOSPC;
					goto out;
				}
				dst = kmap_local_page(out[o]);	/* verdict: map=proved */
				s->next_out = dst;
				s->avail_out = PAGE_SIZE;
				src = kmap_local_page(in[i]);	/* verdict: map=proved */
				s->next_in = src + PAGE_SIZE - s->avail_in;
			}
		}
		kunmap_local(src);			/* verdict: unmap=proved */
		src = NULL;
		i++;
	}
	ret = 0;
	*nout = o + 1;
out:
	if (src)
		kunmap_local(src);			/* verdict: unmap=proved */
	if (dst)
		kunmap_local(dst);			/* verdict: unmap=proved */
	return ret;
}

/* user copy with fault-in and retry; both sides */
ssize_t wr_good(struct address_space *m, const char __user *buf, size_t count, loff_t *pos)
{
	ssize_t done = 0;

	while (count) {
		size_t off = offset_in_page(*pos), n = min_t(size_t, count, PAGE_SIZE - off), left;
		struct page *page = grab_cache_page_write_begin(m, *pos >> PAGE_SHIFT);
		char *kaddr;

		if (!page)
			return done ?: -ENOMEM;
again:
		kaddr = kmap_atomic(page);		/* verdict: map=proved */
		left = __copy_from_user_inatomic(kaddr + off, buf, n);
		if (unlikely(left && !PageUptodate(page)))
			memset(kaddr + off + n - left, 0, left);
		kunmap_atomic(kaddr);			/* verdict: unmap=proved */
		flush_dcache_page(page);
		if (left == n && n > 1) {
			n = 1;
			goto again;
		}
		n -= left;
		SetPageUptodate(page);
		unlock_page(page);
		put_page(page);
		if (!n)
			return done ?: -EFAULT;
		done += n;
		*pos += n;
		buf += n;
		count -= n;
		if (signal_pending_now())
			break;
	}
	return done;
}

/* two walks, moving different lengths, each remapped when it is through */
int move_good(struct page **to, unsigned int tof, struct page **from, unsigned int fof, size_t len)
{
	while (len) {
		size_t n = min_t(size_t, min_t(size_t, PAGE_SIZE - tof, PAGE_SIZE - fof), len);
		u8 *d = kmap_local_page(*to);		/* verdict: map=proved */

		if (*to == *from) {
			memmove(d + tof, d + fof, n);
		} else {
			u8 *s = kmap_local_page(*from);	/* verdict: map=proved */

			memcpy(d + tof, s + fof, n);
			kunmap_local(s);		/* verdict: unmap=proved */
		}
		kunmap_local(d);			/* verdict: unmap=proved */
		len -= n;
		tof += n;
		fof += n;
		if (tof == PAGE_SIZE) {
			tof = 0;
			to++;
		}
		if (fof == PAGE_SIZE) {
			fof = 0;
			from++;
		}
	}
	return 0;
}

/* a scatterlist walked by iterator, stopped on each way out */
int sgsum_good(struct scatterlist *sgl, unsigned int nents, u32 want, u32 *out)
{
	struct sg_mapping_iter it;
	u32 sum = 0;
	int ret = -EIO;

	sg_miter_start(&it, sgl, nents, SG_MITER_FROM_SG | SG_MITER_LOCAL);
	while (sg_miter_next(&it)) {
		const u8 *p = it.addr;
		size_t i;

		for (i = 0; i < it.length; i++) {
			sum += p[i];
			if (sum == want) {
				it.consumed = i;
				ret = 0;
				goto done;
			}
		}
	}
done:
	sg_miter_stop(&it);
	*out = sum;
	return ret;
}

/* bit map of free slots, spread over pages */
int alloc_bit_good(struct ino *in, u32 start, u32 end, u32 *found)
{
	u32 bit = start, per = PAGE_SIZE * 8, pi;
	unsigned long *map;

	if (start >= end)
		return -EINVAL;
	pi = start / per;
	map = kmap_local_page(in->pages[pi]);		/* verdict: map=proved */
	while (bit < end) {
		if (bit / per != pi) {
			kunmap_local(map);		/* verdict: unmap=proved */
			pi = bit / per;
			map = kmap_local_page(in->pages[pi]);	/* verdict: map=proved */
		}
		if (!(map[bit % per / 64] & BIT(bit % 64))) {
			map[bit % per / 64] |= BIT(bit % 64);
			set_page_dirty(in->pages[pi]);
			kunmap_local(map);		/* verdict: unmap=proved */
			*found = bit;
			return 0;
		}
		bit++;
	}
	kunmap_local(map);				/* verdict: unmap=proved */
	return -ENOSPC;
}
