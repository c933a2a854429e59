# SPDX-License-Identifier: GPL-2.0-or-later
#
# measure.mk - what the figures of docs/results*.md are made with

.PHONY: mutants peers
mutants: ## break kernel files on purpose and count what is reported: KDIR=… [O=…] [KIND=…] [SAMPLE=N] [SEED=…]
	@$(MAKE) --no-print-directory $(if $(filter sparse,$(FRONTEND)),all,plugin)
	@scripts/mutants KDIR='$(KDIR)' O='$(O)' KIND='$(KIND)' SAMPLE='$(SAMPLE)' SEED='$(or $(SEED),1)' ONLY='$(ONLY)' \
		FILES='$(FILES)' FRONTEND='$(or $(FRONTEND),gcc)' JOBS='$(JOBS)' WORK='$(WORK)' OPTIONS='$(OPTIONS)'

peers: all ## the test cases through other analyzers, with ours beside them: [TOOLS=…] [SHAPES=…]
	@-scripts/deps.sh peers
	@scripts/peers $(if $(TOOLS),TOOLS='$(TOOLS)') $(if $(SHAPES),SHAPES='$(SHAPES)') $(if $(JOBS),JOBS='$(JOBS)')

.PHONY: robust
robust: plugin ## compile folders of a kernel with the plugin and without, compare the objects: KDIR=… [O=…] [DIRS=…] [SAMPLE=N]
	@scripts/robust KDIR='$(KDIR)' O='$(O)' $(if $(DIRS),DIRS='$(DIRS)') SAMPLE='$(SAMPLE)' SEED='$(or $(SEED),1)' \
		JOBS='$(JOBS)' WORK='$(WORK)'

$(OUT)/cputime: scripts/cputime.c
	@mkdir -p $(@D)
	$(HOSTCC) $(KC_CFLAGS) -o $@ $<

.PHONY: bench
bench: all $(OUT)/cputime ## what the checks cost: [KDIR=… [O=…] [SAMPLE=N] [SEED=…] [RUNS=N] [TOOLS=…]] [GROW=no]
	@scripts/bench KDIR='$(KDIR)' O='$(O)' $(if $(SAMPLE),SAMPLE='$(SAMPLE)') SEED='$(or $(SEED),1)' $(if $(RUNS),RUNS='$(RUNS)') \
		$(if $(TOOLS),TOOLS='$(TOOLS)') GROW='$(GROW)' WORK='$(WORK)'

# testcases/t/bench.t runs it
run-tests: $(OUT)/cputime
