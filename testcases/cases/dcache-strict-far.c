// SPDX-License-Identifier: GPL-2.0-or-later
/* options: dcache=strict */
/* Strict, where the page comes out of a call, and where much lies between the write and the return. */
#include "kmap-case.h"

struct fill_ops {
	int (*begin)(struct inode *inode, struct folio **foliop);
	int (*end)(struct inode *inode, struct folio *folio);
	bool (*valid)(struct inode *inode);
};

struct fill_ctx {
	struct inode *inode;
	const struct fill_ops *ops;
	unsigned long flags;
};

struct folio *ctx_get_folio(struct fill_ctx *ctx);
void note_stage(unsigned int stage);
size_t left_in(const struct iov_iter *iter);
bool wants(struct inode *inode, unsigned int what);

/* the folio is what the function behind a pointer left in a variable */
ssize_t fill_by_ops_bad(struct inode *inode, const struct fill_ops *ops, struct iov_iter *iter)
{
	size_t copied = 0;

	do {
		struct folio *folio;

		if (ops->begin(inode, &folio))
			return -EIO;
		copied += copy_folio_from_iter_atomic(folio, 0, 512, iter);	/* expect: dcache-missing-flush */
		if (ops->end(inode, folio))
			return -EIO;
	} while (left_in(iter));
	return copied;
}

ssize_t fill_by_ops_good(struct inode *inode, const struct fill_ops *ops, struct iov_iter *iter)
{
	size_t copied = 0;

	do {
		struct folio *folio;

		if (ops->begin(inode, &folio))
			return -EIO;
		copied += copy_folio_from_iter_atomic(folio, 0, 512, iter);	/* verdict: write=proved */
		flush_dcache_folio(folio);		/* verdict: flush=proved */
		if (ops->end(inode, folio))
			return -EIO;
	} while (left_in(iter));
	return copied;
}

/* a helper that also says 0 where it left the variable alone, and sets a flag then */
static int ctx_begin(struct fill_ctx *ctx, struct folio **foliop)
{
	struct folio *folio = ctx_get_folio(ctx);

	if (!folio)
		return -ENOMEM;
	if (ctx->ops && !ctx->ops->valid(ctx->inode)) {
		ctx->flags |= 4;
		folio_unlock(folio);
		return 0;
	}
	*foliop = folio;
	return 0;
}

int fill_by_ctx_bad(struct fill_ctx *ctx, struct iov_iter *iter)
{
	int err;

	do {
		struct folio *folio;

		err = ctx_begin(ctx, &folio);
		if (err)
			return err;
		if (ctx->flags & 4)
			break;
		copy_folio_from_iter_atomic(folio, 0, 512, iter);	/* expect: dcache-missing-flush */
		note_stage(1);
	} while (left_in(iter));
	return 0;
}

int fill_by_ctx_good(struct fill_ctx *ctx, struct iov_iter *iter)
{
	int err;

	do {
		struct folio *folio;

		err = ctx_begin(ctx, &folio);
		if (err)
			return err;
		if (ctx->flags & 4)
			break;
		copy_folio_from_iter_atomic(folio, 0, 512, iter);	/* verdict: write=proved */
		flush_dcache_folio(folio);
		note_stage(1);
	} while (left_in(iter));
	return 0;
}

/*
 * The branches before it decide whether there is a write, and many that do not matter stand in between: the one path has to be found
 * among all of them.
 */
#define STAGE(n) do { if (wants(inode, n)) note_stage(n); else note_stage(-(n)); } while (0)
#define STAGES(n) do { STAGE(n); STAGE(n + 1); STAGE(n + 2); STAGE(n + 3); STAGE(n + 4); STAGE(n + 5); } while (0)

int long_way_bad(struct inode *inode, struct folio *folio, const char *data, unsigned int a, unsigned int b)
{
	char *p;

	if (a < 5)
		note_stage(1);
	else
		note_stage(2);
	if (b < 5)
		note_stage(3);
	else
		note_stage(4);
	STAGES(10);
	STAGES(20);
	if (a < 5 && b >= 5) {
		p = kmap_local_folio(folio, 0);
		memcpy(p, data, 512);			/* expect: dcache-missing-flush */
		kunmap_local(p);
		STAGES(30);
	}
	STAGES(40);
	return 0;
}

int long_way_good(struct inode *inode, struct folio *folio, const char *data, unsigned int a, unsigned int b)
{
	char *p;

	if (a < 5)
		note_stage(1);
	else
		note_stage(2);
	if (b < 5)
		note_stage(3);
	else
		note_stage(4);
	STAGES(10);
	STAGES(20);
	if (a < 5 && b >= 5) {
		p = kmap_local_folio(folio, 0);
		memcpy(p, data, 512);			/* verdict: write=proved */
		kunmap_local(p);
		STAGES(30);
		flush_dcache_folio(folio);
	}
	STAGES(40);
	return 0;
}
