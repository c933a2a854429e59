# SPDX-License-Identifier: GPL-2.0-or-later
# Random programs: engine against execution. The engine is built with the faults of engine/seed.h, all switched off.
#
#	make check RANDOM_PROGRAMS=1000000 RANDOM_SEED=7

RANDOM_SRC := $(sort $(wildcard testcases/random/*.c))
RANDOM_OBJ := $(RANDOM_SRC:testcases/random/%.c=$(OUT)/random/%.o) $(ENGINE_OBJ:$(OUT)/engine/%.o=$(OUT)/random/engine/%.o)
RANDOM_CFLAGS = $(KC_CFLAGS) -DKMAP_SEED_BUGS -I$(OUT)/gen

RANDOM_PROGRAMS ?= 100000
RANDOM_SEED ?= 1
export RANDOM_PROGRAMS RANDOM_SEED

# testcases/t/random.t runs it
run-tests: $(OUT)/random/random

$(OUT)/random/%.o: testcases/random/%.c
	@mkdir -p $(@D)
	$(HOSTCC) $(RANDOM_CFLAGS) -MMD -MP -c -o $@ $<

$(OUT)/random/engine/%.o: engine/%.c | $(OUT)/gen/kernel-api.inc
	@mkdir -p $(@D)
	$(HOSTCC) $(RANDOM_CFLAGS) -MMD -MP -c -o $@ $<

$(OUT)/random/random: $(RANDOM_OBJ)
	$(HOSTCC) $(LDFLAGS) -o $@ $^

-include $(RANDOM_OBJ:.o=.d)
