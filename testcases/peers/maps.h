/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * maps.h - for scripts/peers: the mapping functions declared with what another analyzer calls allocation and release
 *
 * Read before the fake headers. PEER_MAPS(f) says that the result is to be released by f, PEER_TAKES that the argument is
 * released, SHAPE_extern, SHAPE_inline or SHAPE_highmem which headers follow. An attribute stands where the analyzer will see a
 * call: where HIGHMEM's inline functions are expanded before, on the functions that they call.
 */
struct page;
struct folio;
struct bio_vec;
struct scatter_walk;
typedef int pgprot_t;

#if defined(SHAPE_highmem) && defined(PEER_SEES_EXPANDED)

void kunmap_local_indexed(const void *addr) PEER_TAKES;
void *__kmap_local_page_prot(struct page *page, pgprot_t prot) PEER_MAPS(kunmap_local_indexed);
void *__kmap_local_pfn_prot(unsigned long pfn, pgprot_t prot) PEER_MAPS(kunmap_local_indexed);

#else

#ifdef SHAPE_extern
#define PEER_DECL
#define PEER_LOCAL kunmap_local
#define PEER_ATOMIC kunmap_atomic
#else
#define PEER_DECL static inline
#define PEER_LOCAL __kunmap_local
#define PEER_ATOMIC __kunmap_atomic
#endif

PEER_DECL void PEER_LOCAL(const void *addr) PEER_TAKES;
PEER_DECL void PEER_ATOMIC(const void *addr) PEER_TAKES;

/* Where these are not expanded, they release by their second argument. */
#ifdef SHAPE_extern
void folio_release_kmap(struct folio *folio, void *addr) PEER_TAKES_SECOND;
void unmap_and_put_page(struct page *page, void *addr) PEER_TAKES_SECOND;
#define PEER_MAPS_LOCAL PEER_MAPS(PEER_LOCAL) PEER_MAPS_SECOND(folio_release_kmap) PEER_MAPS_SECOND(unmap_and_put_page)
#else
#define PEER_MAPS_LOCAL PEER_MAPS(PEER_LOCAL)
#endif

PEER_DECL void *kmap_local_page(struct page *page) PEER_MAPS_LOCAL;
PEER_DECL void *kmap_local_page_prot(struct page *page, pgprot_t prot) PEER_MAPS_LOCAL;
PEER_DECL void *kmap_local_folio(struct folio *folio, __SIZE_TYPE__ offset) PEER_MAPS_LOCAL;
PEER_DECL void *kmap_local_pfn(unsigned long pfn) PEER_MAPS_LOCAL;
PEER_DECL void *kmap_atomic(struct page *page) PEER_MAPS(PEER_ATOMIC);
PEER_DECL void *kmap_atomic_pfn(unsigned long pfn) PEER_MAPS(PEER_ATOMIC);
PEER_DECL void *bvec_kmap_local(struct bio_vec *bvec) PEER_MAPS_LOCAL;

#endif
