# SPDX-License-Identifier: GPL-2.0-or-later
# Unit tests with cmocka, on an engine built with the address and undefined behaviour sanitizers.
#
#	$(SAN_LIB)	that engine, for other tests; what uses it is compiled with $(SAN_CFLAGS)

SAN_FLAGS := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
SAN_LIB := $(OUT)/san/libkmapcheck.a
SAN_OBJ := $(ENGINE_OBJ:$(OUT)/engine/%.o=$(OUT)/san/engine/%.o)
# The sanitizers keep GCC from seeing what its format warnings need.
SAN_CFLAGS = $(filter-out -O2,$(KC_CFLAGS)) -O1 -Wno-format-truncation $(SAN_FLAGS) -I$(OUT)/gen
UNIT_TESTS := $(patsubst testcases/unit/%.c,$(OUT)/san/unit-%,$(sort $(wildcard testcases/unit/*.c)))

TESTS += $(UNIT_TESTS)

$(OUT)/san/engine/%.o: engine/%.c | $(OUT)/gen/kernel-api.inc
	@mkdir -p $(@D)
	$(HOSTCC) $(SAN_CFLAGS) -MMD -MP -c -o $@ $<

$(SAN_LIB): $(SAN_OBJ)
	rm -f $@
	$(AR) rcs $@ $^

$(OUT)/san/unit-%: testcases/unit/%.c $(SAN_LIB)
	$(HOSTCC) $(SAN_CFLAGS) -MMD -MP -o $@ $< $(SAN_LIB) -lcmocka

-include $(SAN_OBJ:.o=.d) $(UNIT_TESTS:=.d)
