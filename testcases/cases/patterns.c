// SPDX-License-Identifier: GPL-2.0-or-later
/* Patterns of use all over the kernel that are right: nothing at all may be said of this file */
#include "kmap-case.h"

struct dent {
	__le32 ino;
	__le16 rec_len;
	u8 name_len;
	u8 type;
	char name[];
};

struct meta_buf {
	struct address_space *mapping;
	struct page *page;
	void *base;
	enum { MB_NONE, MB_KMAP, MB_LINEAR } how;
};

struct arg_ctx {
	struct page *cur;
	char *kaddr;
	unsigned long kpos;
	unsigned long pos;
};

struct workspace {
	struct {
		const void *src;
		size_t size, pos;
	} in;
	struct {
		void *dst;
		size_t size, pos;
	} out;
	u8 *scratch;
};

bool emit(void *ctx, const char *name, int len, u64 ino);
struct page *get_arg_page(unsigned long pos);
int codec_init(struct workspace *ws);
int codec_step(struct workspace *ws);
int bad_entry(struct inode *dir, const char *why);

/* A directory: get a block, search it, release it by any address in it. */
static void *dir_get(struct inode *dir, unsigned long n, struct folio **foliop)
{
	struct folio *folio = read_mapping_folio(dir->i_mapping, n, NULL);
	void *kaddr;

	if (IS_ERR(folio))
		return ERR_CAST(folio);
	kaddr = kmap_local_folio(folio, 0);
	if (unlikely(!folio_test_uptodate(folio))) {
		folio_release_kmap(folio, kaddr);
		return ERR_PTR(-EIO);
	}
	*foliop = folio;
	return kaddr;
}

static struct dent *dent_next(struct dent *de)
{
	return (struct dent *)((char *)de + de->rec_len);
}

static struct dent *dir_find(struct inode *dir, const char *name, unsigned int len, struct folio **foliop)
{
	unsigned long n, nr = dir->i_size >> PAGE_SHIFT;

	for (n = 0; n < nr; n++) {
		char *kaddr = dir_get(dir, n, foliop);
		struct dent *de;

		if (IS_ERR(kaddr))
			return ERR_CAST(kaddr);
		for (de = (struct dent *)kaddr; (char *)de < kaddr + PAGE_SIZE - 16; de = dent_next(de)) {
			if (!de->rec_len) {
				bad_entry(dir, "zero length");
				folio_release_kmap(*foliop, de);
				return ERR_PTR(-EIO);
			}
			if (de->name_len == len && !memcmp(de->name, name, len))
				return de;
		}
		folio_release_kmap(*foliop, kaddr);
	}
	return ERR_PTR(-ENOENT);
}

int dir_lookup(struct inode *dir, const char *name, u32 *ino)
{
	struct folio *folio;
	struct dent *de = dir_find(dir, name, strlen(name), &folio);

	if (IS_ERR(de))
		return PTR_ERR(de);
	*ino = de->ino;
	folio_release_kmap(folio, de);
	return 0;
}

int dir_rename(struct inode *old_dir, const char *old_name, struct inode *new_dir, const char *new_name,
	       struct inode *inode, bool is_dir)
{
	struct folio *old_folio, *new_folio, *dot_folio = NULL;
	struct dent *old_de, *new_de, *dot_de = NULL;
	int err;

	old_de = dir_find(old_dir, old_name, strlen(old_name), &old_folio);
	if (IS_ERR(old_de))
		return PTR_ERR(old_de);
	if (is_dir && old_dir != new_dir) {
		err = -EIO;
		dot_de = dir_get(inode, 0, &dot_folio);
		if (IS_ERR(dot_de)) {
			err = PTR_ERR(dot_de);
			goto out_old;
		}
	}
	new_de = dir_find(new_dir, new_name, strlen(new_name), &new_folio);
	if (IS_ERR(new_de)) {
		err = PTR_ERR(new_de);
		goto out_dot;
	}
	new_de->ino = old_de->ino;
	folio_release_kmap(new_folio, new_de);
	err = 0;
out_dot:
	if (dot_de)
		folio_release_kmap(dot_folio, dot_de);
out_old:
	folio_release_kmap(old_folio, old_de);
	return err;
}

/* A directory listing that stops when the buffer is full. */
int dir_list(struct inode *dir, void *ctx)
{
	unsigned long n, nr = dir->i_size >> PAGE_SHIFT;

	for (n = 0; n < nr; n++) {
		struct folio *folio;
		char *kaddr = dir_get(dir, n, &folio);
		struct dent *de, *last;

		if (IS_ERR(kaddr)) {
			bad_entry(dir, "unreadable");
			return PTR_ERR(kaddr);
		}
		last = (struct dent *)(kaddr + PAGE_SIZE - 16);
		for (de = (struct dent *)kaddr; de <= last; de = dent_next(de)) {
			if (de->rec_len == 0) {
				folio_release_kmap(folio, kaddr);
				return -EIO;
			}
			if (de->ino && !emit(ctx, de->name, de->name_len, de->ino)) {
				folio_release_kmap(folio, de);
				return 0;
			}
		}
		folio_release_kmap(folio, kaddr);
	}
	return 0;
}

/* Arguments of a new program: the last page stays mapped from one turn to the next. */
int copy_args(struct arg_ctx *ctx, const char __user *const *argv, int argc)
{
	struct page *mapped = NULL;
	char *kaddr = NULL;
	unsigned long kpos = 0;
	int ret = -EFAULT;

	while (argc-- > 0) {
		unsigned long pos = ctx->pos;
		const char __user *str = argv[argc];
		unsigned int left = 100;

		while (left > 0) {
			unsigned int off = pos % PAGE_SIZE;
			unsigned int bytes = off ? off : PAGE_SIZE;

			if (bytes > left)
				bytes = left;
			off -= bytes;
			pos -= bytes;
			left -= bytes;
			if (!mapped || kpos != (pos & PAGE_MASK)) {
				struct page *page = get_arg_page(pos);

				if (!page)
					goto out;
				if (mapped) {
					flush_dcache_page(mapped);
					kunmap_local(kaddr);
					put_page(mapped);
				}
				mapped = page;
				kaddr = kmap_local_page(mapped);
				kpos = pos & PAGE_MASK;
			}
			if (copy_from_user(kaddr + (off & 4095), str, bytes))
				goto out;
		}
	}
	ret = 0;
out:
	if (mapped) {
		flush_dcache_page(mapped);
		kunmap_local(kaddr);
		put_page(mapped);
	}
	return ret;
}

/* A metadata buffer that remembers how it is mapped. */
static void mb_unmap(struct meta_buf *mb)
{
	if (!mb->base)
		return;
	if (mb->how == MB_KMAP)
		kunmap_local(mb->base);
	mb->base = NULL;
	mb->how = MB_NONE;
}

void *mb_read(struct meta_buf *mb, u64 off, bool map)
{
	pgoff_t index = off >> PAGE_SHIFT;
	struct page *page = mb->page;

	if (!page || page->index != index) {
		mb_unmap(mb);
		if (page)
			put_page(page);
		page = read_mapping_page(mb->mapping, index, NULL);
		if (IS_ERR(page)) {
			mb->page = NULL;
			return page;
		}
		mb->page = page;
	}
	if (!map)
		return NULL;
	if (!mb->base) {
		mb->base = kmap_local_page(page);
		mb->how = MB_KMAP;
	}
	return (char *)mb->base + (off & ~PAGE_MASK);
}

void mb_put(struct meta_buf *mb)
{
	if (!mb->page)
		return;
	mb_unmap(mb);
	put_page(mb->page);
	mb->page = NULL;
}

int mb_user(struct inode *inode, u64 off, u32 *val)
{
	struct meta_buf mb = { .mapping = inode->i_mapping };
	u32 *p = mb_read(&mb, off, true);

	if (IS_ERR(p))
		return PTR_ERR(p);
	*val = *p;
	mb_put(&mb);
	return 0;
}

/* A compressor: input pages mapped one at a time as they are used up, output likewise. */
int compress_stream(struct workspace *ws, struct page **in, unsigned int nr_in, struct page **out, unsigned int nr_out)
{
	unsigned int i = 0, o = 0;
	int ret;

	ret = codec_init(ws);
	if (ret)
		return ret;
	ws->in.src = kmap_local_page(in[i++]);
	ws->in.size = PAGE_SIZE;
	ws->in.pos = 0;
	ws->out.dst = page_address(out[o++]);
	ws->out.size = PAGE_SIZE;
	for (;;) {
		ret = codec_step(ws);
		if (ret < 0)
			goto out;
		if (ws->out.pos == ws->out.size) {
			if (o == nr_out) {
				ret = -ENOSPC;
				goto out;
			}
			ws->out.dst = page_address(out[o++]);
			ws->out.pos = 0;
		}
		if (ws->in.pos == ws->in.size) {
			kunmap_local(ws->in.src);
			ws->in.src = NULL;
			if (i == nr_in)
				break;
			ws->in.src = kmap_local_page(in[i++]);
			ws->in.pos = 0;
		}
	}
	ret = 0;
out:
	if (ws->in.src)
		kunmap_local(ws->in.src);
	return ret;
}

/* The same with a local variable. */
int sum_stream(struct page **in, unsigned int nr, size_t len, u32 *sum)
{
	const u8 *data = NULL;
	unsigned int i = 0;
	int err = -EINVAL;

	while (len) {
		size_t n = min_t(size_t, len, PAGE_SIZE);

		if (i == nr)
			goto out;
		data = kmap_local_page(in[i++]);
		*sum = crc32_le(*sum, data, n);
		if (!*sum)
			goto out;
		kunmap_local(data);
		data = NULL;
		len -= n;
	}
	err = 0;
out:
	if (data)
		kunmap_local(data);
	return err;
}

/* A copy from an iterator, page by page in highmem and all at once otherwise. */
size_t copy_chunks(struct folio *folio, size_t offset, size_t bytes, struct iov_iter *i)
{
	size_t n, copied = 0;

	do {
		char *p;

		n = bytes - copied;
		if (folio_test_highmem(folio))
			n = min_t(size_t, n, PAGE_SIZE - offset_in_page(offset));
		p = kmap_local_folio(folio, offset);
		n = _copy_to_iter(p, n, i);
		kunmap_local(p);
		copied += n;
		offset += n;
	} while (folio_test_highmem(folio) && copied != bytes && n > 0);
	return copied;
}

/* A copy that must not sleep, then a second one that may. */
int copy_with_fallback(struct folio *folio, const char __user *src, void **bounce)
{
	void *kaddr = kmap_local_folio(folio, 0);
	unsigned long left;

	left = __copy_from_user_inatomic(kaddr, src, PAGE_SIZE);
	kunmap_local(kaddr);
	if (left) {
		*bounce = kmalloc(PAGE_SIZE, GFP_KERNEL);
		if (!*bounce)
			return -ENOMEM;
		if (copy_from_user(*bounce, src, PAGE_SIZE)) {
			kfree(*bounce);
			return -EFAULT;
		}
		kaddr = kmap_local_folio(folio, 0);
		memcpy(kaddr, *bounce, PAGE_SIZE);
		kunmap_local(kaddr);
		kfree(*bounce);
	}
	flush_dcache_folio(folio);
	folio_mark_uptodate(folio);
	return 0;
}
