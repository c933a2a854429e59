/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * types.h - the types and plain macros of the fake kernel, the same in all three header shapes
 *
 * Only what the test cases need, with the kernel's names for structs and fields, because the model names them. The C is
 * what gcc, clang and sparse all know.
 */
#ifndef CASE_TYPES_H
#define CASE_TYPES_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed int s32;
typedef u16 __le16;
typedef u32 __le32;
typedef u64 __le64;
#if !defined(__STDC_VERSION__) || __STDC_VERSION__ < 202311L
typedef _Bool bool;
#endif
typedef __SIZE_TYPE__ size_t;
typedef long ssize_t;
typedef long long loff_t;
typedef unsigned int gfp_t;
typedef unsigned long pgoff_t;
typedef u64 sector_t;
typedef int pgprot_t;
typedef struct { unsigned long pte; } pte_t;
typedef int vm_fault_t;

#define true 1
#define false 0
#define NULL ((void *)0)

#define EPERM 1
#define ENOENT 2
#define EIO 5
#define EAGAIN 11
#define ENOMEM 12
#define EFAULT 14
#define EBUSY 16
#define EINVAL 22
#define ENOSPC 28
#define ENOTEMPTY 39
#define EUCLEAN 117
#define MAX_ERRNO 4095

#define PAGE_SHIFT 12
#define PAGE_SIZE (1UL << PAGE_SHIFT)
#define PAGE_MASK (~(PAGE_SIZE - 1))
#define offset_in_page(p) ((unsigned long)(p) & ~PAGE_MASK)
#define PAGE_ALIGN_DOWN(p) ((p) & PAGE_MASK)

#define GFP_KERNEL 0xcc0u
#define GFP_NOFS 0xc40u
#define GFP_HIGHUSER 0x100ccau
#define __GFP_HIGHMEM 0x02u

#define __user
#define __init
#define __must_check __attribute__((__warn_unused_result__))
#define __maybe_unused __attribute__((__unused__))
#define __noreturn __attribute__((__noreturn__))
#define __always_inline inline __attribute__((__always_inline__))
#define noinline __attribute__((__noinline__))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define BIT(n) (1UL << (n))
#define ALIGN(x, a) (((x) + (a) - 1) & ~((__typeof__(x))(a) - 1))
#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
#define offsetof(type, member) __builtin_offsetof(type, member)
#define container_of(ptr, type, member) ((type *)((char *)(ptr) - offsetof(type, member)))

#define min(x, y) ({ __typeof__(x) __mx = (x); __typeof__(y) __my = (y); __mx < __my ? __mx : __my; })
#define max(x, y) ({ __typeof__(x) __mx = (x); __typeof__(y) __my = (y); __mx > __my ? __mx : __my; })
#define min_t(type, x, y) ({ type __mx = (x); type __my = (y); __mx < __my ? __mx : __my; })
#define max_t(type, x, y) ({ type __mx = (x); type __my = (y); __mx > __my ? __mx : __my; })
#define swap(a, b) do { __typeof__(a) __tmp = (a); (a) = (b); (b) = __tmp; } while (0)

#define WARN_ON(cond) ({ int __warned = !!(cond); if (unlikely(__warned)) case_warn(); unlikely(__warned); })
#define WARN_ON_ONCE(cond) WARN_ON(cond)

struct list_head {
	struct list_head *next, *prev;
};

#define list_entry(ptr, type, member) container_of(ptr, type, member)
#define list_for_each_entry(pos, head, member)					\
	for (pos = list_entry((head)->next, __typeof__(*pos), member);		\
	     &pos->member != (head);						\
	     pos = list_entry(pos->member.next, __typeof__(*pos), member))

struct mutex {
	int locked;
};

typedef struct spinlock {
	int locked;
} spinlock_t;

struct inode;
struct file;
struct mm_struct;

struct address_space {
	struct inode *host;
	unsigned long nrpages;
	unsigned long flags;
};

struct page {
	unsigned long flags;
	struct list_head lru;
	struct address_space *mapping;
	pgoff_t index;
	unsigned long private;
	int _mapcount, _refcount;
};

struct folio {
	union {
		struct {
			unsigned long flags;
			struct list_head lru;
			struct address_space *mapping;
			pgoff_t index;
			void *private;
			int _mapcount, _refcount;
		};
		struct page page;
	};
};

struct super_block {
	unsigned long s_blocksize;
	unsigned char s_blocksize_bits;
	void *s_fs_info;
};

struct inode {
	struct address_space *i_mapping;
	struct super_block *i_sb;
	loff_t i_size;
	unsigned long i_ino;
	unsigned char i_blkbits;
	void *i_private;
};

struct file {
	struct address_space *f_mapping;
	struct inode *f_inode;
	loff_t f_pos;
	void *private_data;
};

struct buffer_head {
	unsigned long b_state;
	struct buffer_head *b_this_page;
	union {
		struct page *b_page;
		struct folio *b_folio;
	};
	sector_t b_blocknr;
	size_t b_size;
	char *b_data;
};

struct bio_vec {
	struct page *bv_page;
	unsigned int bv_len;
	unsigned int bv_offset;
};

struct bvec_iter {
	sector_t bi_sector;
	unsigned int bi_size;
	unsigned int bi_idx;
	unsigned int bi_bvec_done;
};

struct bio {
	struct bio *bi_next;
	struct bvec_iter bi_iter;
	unsigned short bi_vcnt;
	struct bio_vec *bi_io_vec;
	void *bi_private;
};

#define bio_for_each_segment(bvl, bio, iter)					\
	for (iter = (bio)->bi_iter;						\
	     iter.bi_size && ((bvl = bio_iter_iovec(bio, iter)), 1);		\
	     bio_advance_iter(bio, &iter, bvl.bv_len))

struct scatterlist {
	unsigned long page_link;
	unsigned int offset;
	unsigned int length;
};

struct sg_table {
	struct scatterlist *sgl;
	unsigned int nents, orig_nents;
};

struct sg_page_iter {
	struct scatterlist *sg;
	unsigned int sg_pgoffset;
	unsigned int __nents;
	int __pg_advance;
};

#define SG_MITER_ATOMIC 1u
#define SG_MITER_TO_SG 2u
#define SG_MITER_FROM_SG 4u
#define SG_MITER_LOCAL 8u

struct sg_mapping_iter {
	struct page *page;
	void *addr;
	size_t length;
	size_t consumed;
	struct sg_page_iter piter;
	unsigned int __offset;
	unsigned int __remaining;
	unsigned int __flags;
};

#define for_each_sg(sglist, sg, nr, i) \
	for (i = 0, sg = (sglist); i < (nr); i++, sg = sg_next(sg))

struct scatter_walk {
	struct scatterlist *sg;
	unsigned int offset;
};

struct kvec {
	void *iov_base;
	size_t iov_len;
};

struct iov_iter {
	u8 iter_type;
	size_t iov_offset;
	size_t count;
	const struct bio_vec *bvec;
	unsigned long nr_segs;
};

struct vm_area_struct {
	unsigned long vm_start, vm_end;
	struct mm_struct *vm_mm;
	pgprot_t vm_page_prot;
	struct file *vm_file;
};

struct vm_fault {
	struct vm_area_struct *vma;
	unsigned long address;
	pgoff_t pgoff;
	struct page *page;
	pte_t *pte;
};

#endif
