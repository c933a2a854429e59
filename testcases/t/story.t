#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The path of a finding: the branches that decide it, and no others.
. testcases/gcc-lib.sh

cat > story.c << 'END'
struct page;
void *kmap_local_page(struct page *page);
void kunmap_local(const void *addr);
int use(void *addr);
void complain(void);

int returns_early(struct page *page, int n, int odd)
{
	char *addr = kmap_local_page(page);
	int err = 0;

	if (odd)
		complain();
	if (use(addr))
		err = -5;
	if (err)
		return err;
	kunmap_local(addr);
	return n;
}

int last_turn(struct page **pages, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		char *addr = kmap_local_page(pages[i]);

		if (use(addr))
			return -5;
		kunmap_local(addr);
	}
	return 0;
}
END
ok 'two leaks' kc -c -o x.o story.c $arg-report=story.rep
ok 'what is only complained of is no part of the path' sh -c '! grep -q "'\''odd" story.rep'
ok 'what sets the error is' sh -c 'grep -q "use(addr)" story.rep'
ok '... and so is the branch that leaves' sh -c 'grep -q "err" story.rep'
ok 'a leak of the last turn has one mapping in its path' \
	sh -c 'test "$(grep last_turn story.rep | grep kmap-leak | grep -o "is mapped here" | wc -l)" = 1'

cat > words.c << 'END'
struct page;
void *kmap_local_page(struct page *page);
void kunmap_local(const void *addr);
struct state {
	unsigned int plain:3, busy:2;
};

int bits(struct page *page, struct state *s, unsigned int flags, int a, int b)
{
	char *addr = kmap_local_page(page);
	unsigned int busy = s->busy;

	if (flags & 4)
		return 1;
	if (a == 3 && b == 4 && addr[2])
		return 2;
	if (busy != 2)
		kunmap_local(addr);
	return 0;
}
END
ok 'a leak behind bits' kc -c -o x.o words.c $arg-report=words.rep
ok 'bits are told as C reads them' has words.rep "where '(flags & 4) != 0' is false"
ok '... and two comparisons as a condition' has words.rep "where 'a == 3 && b == 4' is false"

cat > miter.c << 'END'
struct page;
struct sg_mapping_iter {
	struct page *page;
	void *addr;
	unsigned long length;
};
void sg_miter_start(struct sg_mapping_iter *miter, void *sgl);
_Bool sg_miter_next(struct sg_mapping_iter *miter);
void sg_miter_stop(struct sg_mapping_iter *miter);
int use(void *addr);

int stops_late(void *sgl)
{
	struct sg_mapping_iter it;

	sg_miter_start(&it, sgl);
	while (sg_miter_next(&it))
		if (use(it.addr))
			return -5;
	sg_miter_stop(&it);
	return 0;
}
END
ok 'what an iterator maps' kc -c -o x.o miter.c $arg-report=miter.rep
ok '... has the name of its field, and its own calls' has miter.rep \
	"'it.addr', mapped by sg_miter_next(&it), is still mapped .* sg_miter_stop(&it) is missing before it"

sed '/^int returns_early/,$d' story.c > sum.c
cat >> sum.c << 'END'
void goes_back(struct page *page, unsigned int n)
{
	char *p = kmap_local_page(page);

	if (n)
		kunmap_local(p - n);
}
END
ok 'an address before its page' kc -c -o x.o sum.c $arg-report=sum.rep
ok '... is written as in the source' has sum.rep 'kunmap_local(p - n): the address is 1 byte or more before'

sed '/^int returns_early/,$d' story.c > index.c
cat >> index.c << 'END'
struct slot {
	void *addr;
	struct page *page;
};
struct table {
	int n;
	struct slot *slots;
};
int indexed(struct page **pages, struct table *t, int i)
{
	void *p[4];

	kmap_local_page(t->slots[i].page);
	p[i] = kmap_local_page(pages[i]);
	i++;
	return i;
}
END
ok 'pages of arrays' kc -c -o x.o index.c $arg-report=index.rep
ok '... are written with their index' has index.rep "'p\[i\]', mapped by kmap_local_page(pages\[i\])"
ok '... through structs, too' has index.rep 'kmap_local_page(t->slots\[i\].page)'
ok '... and no line is proposed with an index that may have changed' hasnt index.rep '"insert"'
done_testing
