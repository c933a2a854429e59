/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * walk.h - wrappers that are inline in every kernel and that the model has no line for
 */
#ifndef CASE_WALK_H
#define CASE_WALK_H

static inline void *scatterwalk_map(struct scatter_walk *walk)
{
	struct page *page = nth_page(sg_page(walk->sg), walk->offset >> PAGE_SHIFT);

	return (char *)kmap_local_page(page) + offset_in_page(walk->offset);
}

static inline void scatterwalk_unmap(void *vaddr)
{
	kunmap_local(vaddr);
}

#endif
