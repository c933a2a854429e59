// SPDX-License-Identifier: GPL-2.0-or-later
/* Control flow of all sorts: switch, ternary, statement expressions, noreturn, cleanup attributes. */
#include "kmap-case.h"

enum chunk_kind {
	CHUNK_RAW,
	CHUNK_ZERO,
	CHUNK_PACKED,
	CHUNK_REF,
};

void fatal_corruption(const char *why) __noreturn;
int unpack(void *to, unsigned int len);
int resolve(const void *p);
void log_block(const void *p);

#define read_first(page) ({				\
	u32 *__p = kmap_local_page(page);		\
	u32 __val = __p[0];				\
							\
	kunmap_local(__p);				\
	__val;						\
})

/* switch */
int switch_good(struct page *page, enum chunk_kind kind, unsigned int len)
{
	u8 *p = kmap_local_page(page);		/* verdict: map=proved */
	int err;

	switch (kind) {
	case CHUNK_RAW:
		err = 0;
		break;
	case CHUNK_ZERO:
		memset(p, 0, PAGE_SIZE);
		err = 0;
		break;
	case CHUNK_PACKED:
		err = unpack(p, len);
		break;
	default:
		err = -EINVAL;
		break;
	}
	kunmap_local(p);			/* verdict: unmap=proved */
	return err;
}

int switch_bad(struct page *page, enum chunk_kind kind, unsigned int len)
{
	u8 *p = kmap_local_page(page);		/* expect: kmap-leak */
	int err = 0;

	switch (kind) {
	case CHUNK_RAW:
		break;
	case CHUNK_PACKED:
		err = unpack(p, len);
		break;
	case CHUNK_ZERO:
		memset(p, 0, PAGE_SIZE);
		break;
	default:
		return -EINVAL;
	}
	kunmap_local(p);
	return err;
}

/* each case has its own release; one has none */
int switch_each_good(struct page *page, enum chunk_kind kind)
{
	u8 *p = kmap_local_page(page);		/* verdict: map=proved */
	int ret;

	switch (kind) {
	case CHUNK_RAW:
		ret = p[0];
		kunmap_local(p);		/* verdict: unmap=proved */
		return ret;
	case CHUNK_REF:
		ret = resolve(p);
		kunmap_local(p);		/* verdict: unmap=proved */
		return ret;
	default:
		kunmap_local(p);		/* verdict: unmap=proved */
		return -EINVAL;
	}
}

int switch_each_bad(struct page *page, enum chunk_kind kind)
{
	u8 *p = kmap_local_page(page);		/* expect: kmap-leak */
	int ret;

	switch (kind) {
	case CHUNK_RAW:
		ret = p[0];
		kunmap_local(p);
		return ret;
	case CHUNK_REF:
		return resolve(p);
	default:
		kunmap_local(p);
		return -EINVAL;
	}
}

/* the same switch twice */
int switch_twice_good(struct page *page, enum chunk_kind kind, char *buf)
{
	int err;

	switch (kind) {
	case CHUNK_RAW:
	case CHUNK_PACKED:
		buf = kmap_local_page(page);	/* verdict: map=proved */
		break;
	default:
		break;
	}
	err = unpack(buf, 64);
	switch (kind) {
	case CHUNK_RAW:
	case CHUNK_PACKED:
		kunmap_local(buf);		/* verdict: unmap=proved */
		break;
	default:
		break;
	}
	return err;
}

int switch_twice_bad(struct page *page, enum chunk_kind kind, char *buf)
{
	int err;

	switch (kind) {
	case CHUNK_RAW:
	case CHUNK_PACKED:
		buf = kmap_local_page(page);	/* expect: kmap-leak */
		break;
	default:
		break;
	}
	err = unpack(buf, 64);
	if (kind == CHUNK_RAW)
		kunmap_local(buf);
	return err;
}

/* ternary */
u32 ternary_good(struct page *a, struct page *b, bool first)
{
	u32 *p = kmap_local_page(first ? a : b);	/* verdict: map=proved */
	u32 val = first ? p[0] : p[1];

	kunmap_local(p);			/* verdict: unmap=proved */
	return val;
}

u32 ternary_map_good(struct page *a, struct page *b, bool first)
{
	u32 *p = first ? kmap_local_page(a) : kmap_local_page(b);	/* verdict: map=proved */
	u32 val = p[0];

	kunmap_local(p);			/* verdict: unmap=proved */
	return val;
}

u32 ternary_bad(struct page *page, bool want)
{
	u32 *p = want ? kmap_local_page(page) : NULL;	/* expect: kmap-leak */

	return p ? p[0] : 0;
}

/* which of two is released */
void ternary_unmap_good(struct page *a, struct page *b, bool first)
{
	u32 *x = NULL, *y = NULL;

	if (first)
		x = kmap_local_page(a);		/* verdict: map=proved */
	else
		y = kmap_local_page(b);		/* verdict: map=proved */
	log_block(first ? x : y);
	kunmap_local(first ? x : y);		/* verdict: unmap=proved */
}

/* statement expressions */
u32 stmt_expr_good(struct page *page)
{
	return read_first(page) + 1;		/* verdict: map=proved, unmap=proved */
}

u32 stmt_expr_cond_bad(struct page *page)
{
	return ({
		u32 *p = kmap_local_page(page);	/* expect: kmap-leak */

		if (!p[0])
			return 0;
		p[1] = 2;
		kunmap_local(p);
		1;
	});
}

/* functions that do not return, and BUG() */
int noreturn_good(struct page *page)
{
	u32 *p = kmap_local_page(page);		/* verdict: map=proved */
	int ret = p[0];

	if (p[1] != 0x55aa)
		fatal_corruption("magic");
	kunmap_local(p);			/* verdict: unmap=proved */
	return ret;
}

int bug_good(struct page *page)
{
	u32 *p = kmap_local_page(page);		/* verdict: map=proved */
	int ret;

	BUG_ON(p[0] > 4096);
	ret = p[p[0] & 1023];
	kunmap_local(p);			/* verdict: unmap=proved */
	return ret;
}

int panic_good(struct page *page, bool strict)
{
	u32 *p = kmap_local_page(page);		/* verdict: map=proved */
	int ret = resolve(p);

	if (ret && strict)
		panic("unresolved %d\n", ret);
	kunmap_local(p);			/* verdict: unmap=proved */
	return ret;
}

int warn_bad(struct page *page)
{
	u32 *p = kmap_local_page(page);		/* expect: kmap-leak */

	if (WARN_ON(!p[0]))
		return -EUCLEAN;
	kunmap_local(p);
	return 0;
}

int warn_good(struct page *page)
{
	u32 *p = kmap_local_page(page);		/* verdict: map=proved */
	int err = 0;

	if (WARN_ON_ONCE(!p[0]))
		err = -EUCLEAN;
	kunmap_local(p);			/* verdict: unmap=proved */
	return err;
}

/* NULL from the start, released where it is not NULL */
int null_init_good(struct page *page, unsigned int len)
{
	u8 *p = NULL;
	int err = -EINVAL;

	if (!len)
		goto out;
	if (len > 64) {
		p = kmap_local_page(page);	/* verdict: map=proved */
		err = unpack(p, len);
		if (err)
			goto out;
	}
	err = 0;
out:
	if (p)
		kunmap_local(p);		/* verdict: unmap=proved */
	return err;
}

int null_init_bad(struct page *page, unsigned int len)
{
	u8 *p = NULL;
	int err = -EINVAL;

	if (!len)
		goto out;
	if (len > 64) {
		p = kmap_local_page(page);	/* expect: kmap-leak */
		err = unpack(p, len);
		if (err)
			return err;
	}
	err = 0;
out:
	if (p)
		kunmap_local(p);
	return err;
}

/* comma, logical operators with a mapping on the right-hand side */
int logical_good(struct page *page, int fast)
{
	u32 *p = NULL;
	int ret = 0;

	if (!fast && (p = kmap_local_page(page)) && p[0])	/* verdict: map=proved */
		ret = p[1];
	if (p)
		kunmap_local(p);		/* verdict: unmap=proved */
	return ret;
}

int logical_bad(struct page *page, int fast)
{
	u32 *p;

	if (!fast && (p = kmap_local_page(page)) && p[0]) {	/* expect: kmap-leak */
		kunmap_local(p);
		return 1;
	}
	return 0;
}

/* a label in the middle of a block, jumped to from both sides */
int jump_good(struct page *page, int tries)
{
	u32 *p;
	int err;

	if (tries < 0)
		goto fail;
map:
	p = kmap_local_page(page);		/* verdict: map=proved */
	err = resolve(p);
	kunmap_local(p);			/* verdict: unmap=proved */
	if (err == -EAGAIN && tries--)
		goto map;
	if (err)
		goto fail;
	return 0;
fail:
	return -EIO;
}

/* a cleanup attribute does the release */
static inline void auto_unmap(void *pp)
{
	kunmap_local(*(void **)pp);
}

#define __auto_unmap __attribute__((__cleanup__(auto_unmap)))

int cleanup_good(struct page *page, u32 key)
{
	u32 *p __auto_unmap = kmap_local_page(page);

	if (p[0] != key)
		return -EINVAL;
	return p[1] & 0xff;
}

/* and once more by hand */
static inline void auto_unmap_twice(void *pp)
{
	kunmap_local(*(void **)pp);		/* expect: kmap-double-unmap */
}

int cleanup_bad(struct page *page, u32 key)
{
	u32 *p __attribute__((__cleanup__(auto_unmap_twice))) = kmap_local_page(page);

	if (p[0] != key) {
		kunmap_local(p);
		return -EINVAL;
	}
	return 0;
}

/* do { } while (0) with breaks for an error exit */
int break_out_good(struct page *page)
{
	u32 *p = kmap_local_page(page);		/* verdict: map=proved */
	int err = -EINVAL;

	do {
		if (p[0] != 1)
			break;
		if (p[1] != 2)
			break;
		err = 0;
	} while (0);
	kunmap_local(p);			/* verdict: unmap=proved */
	return err;
}

int break_out_bad(struct page *page)
{
	int err = -EINVAL;

	do {
		u32 *p = kmap_local_page(page);	/* expect: kmap-leak */

		if (p[0] != 1)
			break;
		err = 0;
		kunmap_local(p);
	} while (0);
	return err;
}

/* computed goto */
int computed_good(struct page *page, unsigned int op)
{
	static const void *const ops[] = { &&op_first, &&op_second };
	u32 *p = kmap_local_page(page);
	int ret;

	goto *ops[op & 1];
op_first:
	ret = p[0];
	goto done;
op_second:
	ret = p[1];
done:
	kunmap_local(p);
	return ret;
}

/*
 * An assertion about constants, which the compiler decides once it has inlined what is asked about: control never gets to the call.
 * The kernel's own do not call anything where sparse looks.
 */
#ifdef __CHECKER__
#define ASSERT_CONSTANT(cond) ((void)(cond))
#else
extern void __noreturn not_a_constant(void) __attribute__((__error__("not a constant")));
#define ASSERT_CONSTANT(cond) do { if (!(cond)) not_a_constant(); } while (0)
#endif

static inline __attribute__((__always_inline__)) unsigned long at_most(unsigned long n, unsigned long most)
{
	ASSERT_CONSTANT(__builtin_constant_p(most));
	return n < most ? n : most;
}

int asserted_constant_bad(struct page *page, unsigned long n)
{
	char *p = kmap_local_page(page);		/* expect: kmap-leak */

	if (at_most(n, 4096) > 100)
		return -EINVAL;
	log_block(p);
	kunmap_local(p);
	return 0;
}

int asserted_constant_good(struct page *page, unsigned long n)
{
	char *p = kmap_local_page(page);
	int ret = 0;

	if (at_most(n, 4096) > 100)
		ret = -EINVAL;
	else
		log_block(p);
	kunmap_local(p);
	return ret;
}

/* what a call reports through the struct that it gets: the way is open only because it can */
struct engine_state {
	const void *src;
	int error;
	size_t left;
};

void run_engine(struct engine_state *s);

int reported_bad(struct page *page)
{
	struct engine_state s = { .error = 0 };

	s.src = kmap_local_page(page);		/* expect: kmap-leak */
	run_engine(&s);
	if (s.error)
		return s.error;
	kunmap_local(s.src);
	return 0;
}

int reported_good(struct page *page)
{
	struct engine_state s = { .error = 0 };

	s.src = kmap_local_page(page);
	run_engine(&s);
	kunmap_local(s.src);
	return s.error;
}

/* the same question before and after: that the answer changes is no way that anybody means */
int asked_twice_good(struct page *page, struct engine_state *s)
{
	void *p = NULL;

	if (s->left)
		p = kmap_local_page(page);
	run_engine(s);
	if (s->left)
		kunmap_local(p);
	return s->error;
}
