// SPDX-License-Identifier: GPL-2.0-or-later
/* Unmaps given what is no address of the mapping: what a conversion left behind, the end of the page, an error pointer. */
#include "kmap-case.h"

/* 10: the error path was not converted from kmap() */
int link_read(struct inode *inode, char *buf, size_t size)
{
	struct page *page = read_mapping_page(inode->i_mapping, 0, NULL);
	const char *kaddr;
	size_t len;

	if (IS_ERR(page))
		return PTR_ERR(page);
	kaddr = kmap_local_page(page);
	len = min_t(size_t, i_size_read(inode), PAGE_SIZE - 1);
	if (len >= size) {
		kunmap(page);	/* expect: kmap-wrong-arg */
		put_page(page);
		return -EINVAL;
	}
	memcpy(buf, kaddr, len);
	buf[len] = '\0';
	kunmap_local(kaddr);
	put_page(page);
	return len;
}

int link_read_fixed(struct inode *inode, char *buf, size_t size)
{
	struct page *page = read_mapping_page(inode->i_mapping, 0, NULL);
	const char *kaddr;
	size_t len;

	if (IS_ERR(page))
		return PTR_ERR(page);
	kaddr = kmap_local_page(page);
	len = min_t(size_t, i_size_read(inode), PAGE_SIZE - 1);
	if (len >= size) {
		unmap_and_put_page(page, (void *)kaddr);
		return -EINVAL;
	}
	memcpy(buf, kaddr, len);
	buf[len] = '\0';
	unmap_and_put_page(page, (void *)kaddr);
	return len;
}

struct slot {
	u32 owner, flags;
	u64 start;
};

/* 11: the cursor is one past the last slot of the page when nothing was found */
int slots_used(struct page *page)
{
	struct slot *s = kmap_local_page(page);
	struct slot *end = s + PAGE_SIZE / sizeof(*s);
	int used = 0;

	for (; s < end; s++)
		if (s->owner)
			used++;
	kunmap_local(s);	/* expect: kmap-wrong-arg */
	return used;
}

int slots_used_fixed(struct page *page)
{
	struct slot *base = kmap_local_page(page);
	struct slot *s, *end = base + PAGE_SIZE / sizeof(*s);
	int used = 0;

	for (s = base; s < end; s++)
		if (s->owner)
			used++;
	/* the last slot is inside the page */
	kunmap_local(s - 1);
	return used;
}

struct volume {
	struct super_block *sb;
	struct address_space *meta;
	u64 blocks;
};

static void *meta_map(struct volume *v, pgoff_t n, struct folio **foliop)
{
	struct folio *folio = read_mapping_folio(v->meta, n, NULL);

	*foliop = folio;
	if (IS_ERR(folio))
		return folio;
	return kmap_local_folio(folio, 0);
}

static void meta_unmap(struct folio *folio, void *addr)
{
	kunmap_local(addr);	/* expect: kmap-wrong-arg */
	if (!IS_ERR(folio))
		folio_put(folio);
}

/* 12: the common label unmaps what could not be mapped */
int volume_size(struct volume *v)
{
	struct folio *folio;
	__le64 *head = meta_map(v, 0, &folio);
	int err = 0;

	if (IS_ERR(head)) {
		err = PTR_ERR(head);
		goto out;
	}
	if (head[0] != 0x4c4f5631ULL) {
		err = -EUCLEAN;
		goto out;
	}
	v->blocks = head[1];
out:
	meta_unmap(folio, head);
	return err;
}

int volume_size_fixed(struct volume *v)
{
	struct folio *folio;
	__le64 *head = meta_map(v, 0, &folio);
	int err = 0;

	if (IS_ERR(head))
		return PTR_ERR(head);
	if (head[0] != 0x4c4f5631ULL) {
		err = -EUCLEAN;
		goto out;
	}
	v->blocks = head[1];
out:
	meta_unmap(folio, head);
	return err;
}
