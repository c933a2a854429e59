// SPDX-License-Identifier: GPL-2.0-or-later
/* Exits hidden in macros, labels one too low, fallthrough, retries in nested loops, statement expressions, asm. */
#include "kmap-case.h"

#define CHECK_RC(rc) do { if ((rc) < 0) return (rc); } while (0)
#define TRY(expr, label) do { ret = (expr); if (ret) goto label; } while (0)

struct obj_hdr {
	u32 magic;
	u16 type, flags;
	u32 len, csum;
	u8 name[32];
};

struct vol {
	struct address_space *mapping;
	u32 nr_blocks, blksz;
	unsigned int ro:1, dirty:1, mapped:1;
	struct mutex lock;
	void *log;
};

#define vol_err(v, fmt, ...) _printk("vol %p: " fmt, v, ##__VA_ARGS__)

int vol_reread(struct vol *v, pgoff_t idx);
int check_name(const u8 *name, u32 len);
int handle_dir(const struct obj_hdr *h);
int handle_reg(const struct obj_hdr *h);
int handle_lnk(const struct obj_hdr *h, u32 *out);
void vol_panic(const char *why) __noreturn;

/* the usual inode reader: four error exits, one label too low */
int vol_read_obj_bad(struct vol *v, pgoff_t idx, u32 *out)
{
	struct page *page;
	struct obj_hdr *h;
	int ret;

	page = read_mapping_page(v->mapping, idx, NULL);
	if (IS_ERR(page)) {
		vol_err(v, "no block %lu (%ld)\n", idx, PTR_ERR(page));
		return PTR_ERR(page);
	}
	h = kmap_local_page(page);			/* expect: kmap-leak */
	if (h->magic != 0x1badcafe) {
		vol_err(v, "bad magic %x\n", h->magic);
		ret = -EUCLEAN;
		goto out_put;
	}
	if (h->len > v->blksz) {
		vol_err(v, "bad len %u\n", h->len);
		ret = -EUCLEAN;
		goto out_unmap;
	}
	switch (h->type) {
	case 1:
		ret = handle_dir(h);
		break;
	case 2:
	case 3:
		ret = handle_reg(h);
		break;
	case 4:
		ret = handle_lnk(h, out);
		if (ret)
			goto out_unmap;
		break;
	default:
		ret = -EINVAL;
	}
out_unmap:
	kunmap_local(h);
out_put:
	put_page(page);
	return ret;
}

int vol_read_obj_good(struct vol *v, pgoff_t idx, u32 *out)
{
	struct page *page;
	struct obj_hdr *h;
	int ret;

	page = read_mapping_page(v->mapping, idx, NULL);
	if (IS_ERR(page)) {
		vol_err(v, "no block %lu (%ld)\n", idx, PTR_ERR(page));
		return PTR_ERR(page);
	}
	h = kmap_local_page(page);			/* verdict: map=proved */
	if (h->magic != 0x1badcafe) {
		vol_err(v, "bad magic %x\n", h->magic);
		ret = -EUCLEAN;
		goto out_unmap;
	}
	if (h->len > v->blksz) {
		vol_err(v, "bad len %u\n", h->len);
		ret = -EUCLEAN;
		goto out_unmap;
	}
	switch (h->type) {
	case 1:
		ret = handle_dir(h);
		break;
	case 2:
	case 3:
		ret = handle_reg(h);
		break;
	case 4:
		ret = handle_lnk(h, out);
		if (ret)
			goto out_unmap;
		break;
	default:
		ret = -EINVAL;
	}
out_unmap:
	kunmap_local(h);				/* verdict: unmap=proved */
	put_page(page);
	return ret;
}

/* hidden return in a macro */
int hidden_return_bad(struct page *page, u32 *out)
{
	struct obj_hdr *h = kmap_local_page(page);	/* expect: kmap-leak */
	int rc = check_name(h->name, sizeof(h->name));

	CHECK_RC(rc);
	*out = h->csum;
	kunmap_local(h);
	return 0;
}

int hidden_return_good(struct page *page, u32 *out)
{
	struct obj_hdr *h = kmap_local_page(page);	/* verdict: map=proved */
	int rc = check_name(h->name, sizeof(h->name));

	*out = h->csum;
	kunmap_local(h);				/* verdict: unmap=proved */
	CHECK_RC(rc);
	return 0;
}

/* jumps hidden in a macro, with a label that fits and one that does not */
int hidden_goto_bad(struct page *a, struct page *b)
{
	const struct obj_hdr *x, *y;
	u32 tmp;
	int ret;

	x = kmap_local_page(a);
	TRY(handle_dir(x), out_x);
	y = kmap_local_page(b);				/* expect: kmap-leak */
	TRY(handle_reg(y), out_x);
	TRY(handle_lnk(y, &tmp), out_y);
out_y:
	kunmap_local(y);
out_x:
	kunmap_local(x);				
	return ret;
}

int hidden_goto_good(struct page *a, struct page *b)
{
	const struct obj_hdr *x, *y;
	u32 tmp;
	int ret;

	x = kmap_local_page(a);				/* verdict: map=proved */
	TRY(handle_dir(x), out_x);
	y = kmap_local_page(b);				/* verdict: map=proved */
	TRY(handle_reg(y), out_y);
	TRY(handle_lnk(y, &tmp), out_y);
out_y:
	kunmap_local(y);				/* verdict: unmap=proved */
out_x:
	kunmap_local(x);				/* verdict: unmap=proved */
	return ret;
}

/* fallthrough: the case that maps falls into the one that unmaps */
int op_switch_good(struct page *page, int op, u32 *val)
{
	u32 *p = NULL;

	switch (op) {
	case 0:
		return 0;
	case 1:
		p = kmap_local_page(page);		/* verdict: map=proved */
		*val = *p;
		break;
	case 2:
		p = kmap_local_page(page);		/* verdict: map=proved */
		*p = *val;
		break;
	default:
		return -EINVAL;
	}
	kunmap_local(p);				/* verdict: unmap=proved */
	return 1;
}

int op_switch_bad(struct page *page, int op, u32 *val)
{
	u32 *p = NULL;

	switch (op) {
	case 1:
		p = kmap_local_page(page);
		*val = *p;
		kunmap_local(p);
		/* fallthrough */
	case 2:
		*val += p ? 1 : 0;
		kunmap_local(p);			/* expect: kmap-double-unmap, kmap-wrong-arg */
		break;
	default:
		return -EINVAL;
	}
	return 1;
}

/* nested loops with retry and continue */
int search_blocks_good(struct vol *v, struct page **pages, unsigned int nr, u32 key)
{
	unsigned int i, j;
	int tries = 3;

retry:
	for (i = 0; i < nr; i++) {
		const struct obj_hdr *h = kmap_local_page(pages[i]);	/* verdict: map=proved */

		for (j = 0; j < PAGE_SIZE / sizeof(*h); j++) {
			if (!h[j].magic)
				continue;
			if (h[j].csum == key) {
				int ret = h[j].type;

				kunmap_local(h);	/* verdict: unmap=proved */
				return ret;
			}
			if (h[j].flags & 4) {
				kunmap_local(h);	/* verdict: unmap=proved */
				if (tries-- > 0 && !vol_reread(v, i))
					goto retry;
				return -EAGAIN;
			}
		}
		kunmap_local(h);			/* verdict: unmap=proved */
	}
	return -ENOENT;
}

int search_blocks_bad(struct vol *v, struct page **pages, unsigned int nr, u32 key)
{
	unsigned int i, j;
	int tries = 3;

retry:
	for (i = 0; i < nr; i++) {
		const struct obj_hdr *h = kmap_local_page(pages[i]);	/* expect: kmap-leak */

		for (j = 0; j < PAGE_SIZE / sizeof(*h); j++) {
			if (!h[j].magic)
				continue;
			if (h[j].csum == key) {
				int ret = h[j].type;

				kunmap_local(h);
				return ret;
			}
			if (h[j].flags & 4) {
				if (tries-- > 0 && !vol_reread(v, i))
					goto retry;
				kunmap_local(h);
				return -EAGAIN;
			}
		}
		kunmap_local(h);
	}
	return -ENOENT;
}

/* BUG in the middle: the path ends there */
u32 must_be_valid_good(struct page *page)
{
	struct obj_hdr *h = kmap_local_page(page);	/* verdict: map=proved */
	u32 v;

	BUG_ON(h->magic == 0);
	if (h->len > 4096)
		vol_panic("len");
	v = h->csum;
	kunmap_local(h);				/* verdict: unmap=proved */
	return v;
}

/* do-while(0) with break as a poor man's goto */
int one_pass_good(struct page *page)
{
	struct obj_hdr *h = kmap_local_page(page);	/* verdict: map=proved */
	int err = -EINVAL;

	do {
		if (h->magic != 1)
			break;
		if (h->type > 4)
			break;
		err = check_name(h->name, h->len);
		if (err)
			break;
		err = 0;
	} while (0);
	kunmap_local(h);				/* verdict: unmap=proved */
	return err;
}

int one_pass_bad(struct page *page)
{
	struct obj_hdr *h = kmap_local_page(page);	/* expect: kmap-leak */
	int err = -EINVAL;

	do {
		if (h->magic != 1)
			break;
		err = check_name(h->name, h->len);
		kunmap_local(h);
	} while (0);
	return err;
}

/* statement expression that maps, reads and unmaps */
#define peek32(page, off) ({					\
	u32 *__p = kmap_local_page(page);			\
	u32 __v = __p[(off) / 4];				\
	kunmap_local(__p);					\
	__v; })

u32 stmt_expr_good(struct page *page)
{
	return peek32(page, 0) + peek32(page, 8);	/* verdict: map=proved, unmap=proved */
}

#define peek32_bad(page, off, fail) ({				\
	u32 *__p = kmap_local_page(page);			\
	u32 __v = __p[(off) / 4];				\
	if (!__v)						\
		goto fail;					\
	kunmap_local(__p);					\
	__v; })

u32 stmt_expr_bad(struct page *page)
{
	u32 v;

	v = peek32_bad(page, 4, none);			/* expect: kmap-leak */
	return v;
none:
	return 0;
}

/* ternary picks which page, comma does two things */
u32 ternary_good(struct page *a, struct page *b, bool first)
{
	u32 *p = first ? kmap_local_page(a) : kmap_local_page(b);	/* verdict: map=proved */
	u32 v = (pr_debug("%u\n", *p), p[1]);

	kunmap_local(p);				/* verdict: unmap=proved */
	return v;
}

u32 ternary_bad(struct page *a, struct page *b, bool first)
{
	u32 *p = first ? kmap_local_page(a) : kmap_local_page(b);	/* expect: kmap-leak*2 */
	u32 v = *p;

	if (!v)
		return 0;
	kunmap_local(p);
	return v;
}

/* inline asm between */
u32 asm_good(struct page *page)
{
	u32 *p = kmap_local_page(page), v;		/* verdict: map=proved */

	__asm__ __volatile__("" : : : "memory");
	v = *p;
	__asm__ __volatile__("" : "+r"(v) : "m"(*p));
	kunmap_local(p);				/* verdict: unmap=proved */
	return v;
}

/* volatile reads through it */
u32 wait_flag_good(struct page *page)
{
	u32 *p = kmap_local_page(page);			/* verdict: map=proved */
	u32 n = 1000;

	while (!READ_ONCE(p[3]) && --n)
		cond_resched();
	kunmap_local(p);				/* verdict: unmap=proved */
	return n;
}
