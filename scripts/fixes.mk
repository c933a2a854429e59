# SPDX-License-Identifier: GPL-2.0-or-later
#
# fixes.mk - patches for what is found, and how good they are; docs/fixes.md

.PHONY: fixes fixes-measure
fixes: plugin ## patches for what is found, each compiled and checked again: KDIR=… [O=…] [M=…|FILES="…"] [PATCHES=…] [DRYRUN=1|APPLY=1] [UNPROVED=1]
	@scripts/kmapcheck-fixes KDIR='$(KDIR)' O='$(O)' M='$(M)' FILES='$(FILES)' \
		PATCHES='$(PATCHES)' JOBS='$(JOBS)' \
		DRYRUN='$(DRYRUN)' APPLY='$(APPLY)' UNPROVED='$(UNPROVED)' VERBOSE='$(VERBOSE)' OPTIONS='$(OPTIONS)' \
		CC='$(if $(filter command environment,$(firstword $(origin CC))),$(CC))' || \
		{ st=$$?; echo "kmapcheck-fixes: exit status $$st"; exit $$st; }

# The calls that are removed
FIXES_CALLS_unmap := kunmap_local kunmap_atomic folio_release_kmap
FIXES_CALLS_flush := flush_dcache_folio flush_dcache_page
fixes-measure: plugin ## remove unmaps or flushes of kernel files and count what is mended: KDIR=… [O=…] [KIND=unmap|flush] [SAMPLE=N] [SEED=…]
	@scripts/mutants KDIR='$(KDIR)' O='$(O)' KIND='$(or $(KIND),unmap)-removed' SAMPLE='$(SAMPLE)' SEED='$(or $(SEED),1)' \
		FILES='$(FILES)' FOLDERS='$(or $(FOLDERS),fs mm block)' CALLS='$(FIXES_CALLS_$(or $(KIND),unmap))' \
		JOBS='$(JOBS)' WORK='$(WORK)' OPTIONS='$(OPTIONS)'
