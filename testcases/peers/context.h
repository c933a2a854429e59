/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * context.h - for scripts/peers: mapping and unmapping as sparse counts locks, one context up and one down
 *
 * Read before a case: the fake headers come first, so that only the calls of the case itself are counted.
 */
#include "kmap-case.h"

#define PEER_UP(call) ({ __context__(1); call; })
#define PEER_DOWN(call) do { __context__(-1); call; } while (0)

#define kmap_local_page(p) PEER_UP(kmap_local_page(p))
#define kmap_local_page_prot(p, prot) PEER_UP(kmap_local_page_prot(p, prot))
#define kmap_local_folio(f, o) PEER_UP(kmap_local_folio(f, o))
#define kmap_local_pfn(pfn) PEER_UP(kmap_local_pfn(pfn))
#define kmap_atomic(p) PEER_UP(kmap_atomic(p))
#define kmap_atomic_pfn(pfn) PEER_UP(kmap_atomic_pfn(pfn))
#define kmap(p) PEER_UP(kmap(p))
#define bvec_kmap_local(bv) PEER_UP(bvec_kmap_local(bv))
#define scatterwalk_map(w) PEER_UP(scatterwalk_map(w))

#ifdef kunmap_local
#undef kunmap_local
#undef kunmap_atomic
#define kunmap_local(a) PEER_DOWN(__kunmap_local(a))
#define kunmap_atomic(a) PEER_DOWN(__kunmap_atomic(a))
#else
#define kunmap_local(a) PEER_DOWN(kunmap_local(a))
#define kunmap_atomic(a) PEER_DOWN(kunmap_atomic(a))
#endif
#define kunmap(p) PEER_DOWN(kunmap(p))
#define folio_release_kmap(f, a) PEER_DOWN(folio_release_kmap(f, a))
#define unmap_and_put_page(p, a) PEER_DOWN(unmap_and_put_page(p, a))
#define scatterwalk_unmap(a) PEER_DOWN(scatterwalk_unmap(a))
