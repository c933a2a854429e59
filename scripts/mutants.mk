# SPDX-License-Identifier: GPL-2.0-or-later
#
# mutants.mk - how many bugs put into kernel files are reported; docs/mutants.md

.PHONY: mutants
mutants: ## break kernel files on purpose and count what is reported: KDIR=… [O=…] [KIND=…] [SAMPLE=N] [SEED=…]
	@$(MAKE) --no-print-directory $(if $(filter sparse,$(FRONTEND)),all,plugin)
	@scripts/mutants KDIR='$(KDIR)' O='$(O)' KIND='$(KIND)' SAMPLE='$(SAMPLE)' SEED='$(or $(SEED),1)' ONLY='$(ONLY)' \
		FILES='$(FILES)' FRONTEND='$(or $(FRONTEND),gcc)' JOBS='$(JOBS)' WORK='$(WORK)' OPTIONS='$(OPTIONS)'
