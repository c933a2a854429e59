# SPDX-License-Identifier: GPL-2.0-or-later
# libFuzzer targets, on an engine built by clang with the sanitizers. What is found stays in build/fuzz/.
#
#	make fuzz FUZZ_SECONDS=600

FUZZ_CC ?= clang
FUZZ_SECONDS ?= 60
FUZZ_TARGETS := $(patsubst testcases/fuzz/%.c,$(OUT)/fuzz/%,$(sort $(wildcard testcases/fuzz/fuzz-*.c)))
FUZZ_CFLAGS = $(filter-out -Werror -O2,$(KC_CFLAGS)) -O1 -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=all -Ifixes -I$(OUT)/gen
FUZZ_OBJ := $(ENGINE_OBJ:$(OUT)/engine/%.o=$(OUT)/fuzz/engine/%.o) $(FIXES_OBJ:$(OUT)/fixes/%.o=$(OUT)/fuzz/fixes/%.o)

# Does the compiler have what fuzzing takes? Asked only where it matters.
fuzz-able = $(shell echo 'int LLVMFuzzerTestOneInput(const char *d, unsigned long n); \
	int LLVMFuzzerTestOneInput(const char *d, unsigned long n) { return d && n ? 0 : 0; }' | \
	$(FUZZ_CC) -x c -fsanitize=fuzzer,address - -o /dev/null 2>/dev/null && echo y)

.PHONY: fuzz fuzz-targets
fuzz: fuzz-targets ## fuzz the text form and the engine: FUZZ_SECONDS=…
	@FUZZ_SECONDS=$(FUZZ_SECONDS) OUT=$(OUT) testcases/fuzz/run-fuzz $(FUZZ_TARGETS)

ifneq ($(filter fuzz fuzz-targets run-tests,$(MAKECMDGOALS)),)
ifeq ($(fuzz-able),y)
fuzz-targets: $(FUZZ_TARGETS)
run-tests: fuzz-targets
else
fuzz-targets:
	@echo 'make: $(FUZZ_CC) cannot fuzz (no libFuzzer or sanitizer runtime)' >&2; exit 1
endif
endif

$(OUT)/fuzz/engine/%.o: engine/%.c | $(OUT)/gen/kernel-api.inc
	@mkdir -p $(@D)
	$(FUZZ_CC) $(FUZZ_CFLAGS) -MMD -MP -c -o $@ $<

$(OUT)/fuzz/fixes/%.o: fixes/%.c
	@mkdir -p $(@D)
	$(FUZZ_CC) $(FUZZ_CFLAGS) -MMD -MP -c -o $@ $<

$(FUZZ_TARGETS): $(OUT)/fuzz/%: testcases/fuzz/%.c $(FUZZ_OBJ)
	@mkdir -p $(@D)
	$(FUZZ_CC) $(FUZZ_CFLAGS) -fsanitize=fuzzer -MMD -MP -MF $@.d -o $@ $< $(FUZZ_OBJ)

-include $(FUZZ_OBJ:.o=.d) $(FUZZ_TARGETS:=.d)
