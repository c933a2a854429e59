// SPDX-License-Identifier: GPL-2.0-or-later
/* Folios filled and shown without a flush: one branch of two, the tail, the wrong folio, a copy of pages, a fault handler. */
#include "kmap-case.h"

struct stored {
	const void *data, *unpacked;
	size_t len;
	bool raw;
};

/* 16: the branch for what was not compressed forgets the flush that the other one gets from its helper */
void stored_load(struct stored *s, struct folio *folio)
{
	if (s->raw) {
		void *dst = kmap_local_folio(folio, 0);

		memcpy(dst, s->data, PAGE_SIZE);	/* expect: dcache-missing-flush */
		kunmap_local(dst);
	} else {
		memcpy_to_folio(folio, 0, s->unpacked, PAGE_SIZE);
	}
	folio_mark_uptodate(folio);
	folio_unlock(folio);
}

void stored_load_fixed(struct stored *s, struct folio *folio)
{
	if (s->raw) {
		void *dst = kmap_local_folio(folio, 0);

		memcpy(dst, s->data, PAGE_SIZE);
		kunmap_local(dst);
		flush_dcache_folio(folio);
	} else {
		memcpy_to_folio(folio, 0, s->unpacked, PAGE_SIZE);
	}
	folio_mark_uptodate(folio);
	folio_unlock(folio);
}

/* 17: data kept in the inode; the zeroes behind them come after the flush */
int inline_read(struct file *file, struct folio *folio)
{
	struct inode *inode = file->f_inode;
	size_t len = min_t(size_t, i_size_read(inode), PAGE_SIZE);
	char *kaddr = kmap_local_folio(folio, 0);

	memcpy(kaddr, inode->i_private, len);
	flush_dcache_folio(folio);
	memset(kaddr + len, 0, PAGE_SIZE - len);	/* expect: dcache-early-flush */
	kunmap_local(kaddr);
	folio_end_read(folio, true);
	return 0;
}

int inline_read_fixed(struct file *file, struct folio *folio)
{
	struct inode *inode = file->f_inode;
	size_t len = min_t(size_t, i_size_read(inode), PAGE_SIZE);
	char *kaddr = kmap_local_folio(folio, 0);

	memcpy(kaddr, inode->i_private, len);
	memset(kaddr + len, 0, PAGE_SIZE - len);
	kunmap_local(kaddr);
	flush_dcache_folio(folio);
	folio_end_read(folio, true);
	return 0;
}

/* 18: the source of a copy is flushed */
void share_break(struct folio *shared, struct folio *copy)
{
	char *to = kmap_local_folio(copy, 0);
	const char *from = kmap_local_folio(shared, 0);

	memcpy(to, from, PAGE_SIZE);	/* expect: dcache-wrong-folio */
	flush_dcache_folio(shared);
	kunmap_local(from);
	kunmap_local(to);
	folio_mark_uptodate(copy);
}

void share_break_fixed(struct folio *shared, struct folio *copy)
{
	char *to = kmap_local_folio(copy, 0);
	const char *from = kmap_local_folio(shared, 0);

	memcpy(to, from, PAGE_SIZE);
	flush_dcache_folio(copy);
	kunmap_local(from);
	kunmap_local(to);
	folio_mark_uptodate(copy);
}

/* 19: a helper that copies pages and does not flush, taken for the one that does */
int ring_readahead(struct page **ring, struct page **pages, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		struct page *page = pages[i];

		if (PageUptodate(page)) {
			unlock_page(page);
			continue;
		}
		memcpy_page(page, 0, ring[i], 0, PAGE_SIZE);	/* expect: dcache-missing-flush */
		SetPageUptodate(page);
		unlock_page(page);
	}
	return 0;
}

int ring_readahead_fixed(struct page **ring, struct page **pages, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		struct page *page = pages[i];

		if (PageUptodate(page)) {
			unlock_page(page);
			continue;
		}
		memcpy_page(page, 0, ring[i], 0, PAGE_SIZE);
		flush_dcache_page(page);
		SetPageUptodate(page);
		unlock_page(page);
	}
	return 0;
}

struct gauge {
	u8 state[256];
};

static void gauge_fill(struct gauge *g, struct page *page)
{
	void *p = kmap_local_page(page);

	memcpy(p, g->state, sizeof(g->state));	/* expect: dcache-missing-flush */
	kunmap_local(p);
}

/* 20: written by a helper, put into a page table by its caller */
vm_fault_t gauge_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct gauge *g = vma->vm_file->private_data;

	gauge_fill(g, vmf->page);
	set_pte_at(vma->vm_mm, vmf->address, vmf->pte, mk_pte(vmf->page, vma->vm_page_prot));
	return 0;
}

static void gauge_fill_fixed(struct gauge *g, struct page *page)
{
	void *p = kmap_local_page(page);

	memcpy(p, g->state, sizeof(g->state));
	kunmap_local(p);
}

/* The flush is the caller's, once, before anybody sees the page. */
vm_fault_t gauge_fault_fixed(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct gauge *g = vma->vm_file->private_data;
	struct page *page = vmf->page;

	gauge_fill_fixed(g, page);
	flush_dcache_page(page);
	set_pte_at(vma->vm_mm, vmf->address, vmf->pte, mk_pte(page, vma->vm_page_prot));
	return 0;
}
