# SPDX-License-Identifier: GPL-2.0-or-later
# The engine: a library of all engine/*.c but main.c, and the command build/kmapcheck, to which fixes/ adds.

ENGINE_LIB := $(OUT)/libkmapcheck.a
ENGINE_SRC := $(filter-out engine/main.c,$(sort $(wildcard engine/*.c)))
ENGINE_OBJ := $(ENGINE_SRC:engine/%.c=$(OUT)/engine/%.o)

ALL += $(ENGINE_LIB) $(OUT)/kmapcheck

# The built-in model as a C string.
$(OUT)/gen/kernel-api.inc: engine/kernel.api
	@mkdir -p $(@D)
	sed 's/[\\"]/\\&/g; s/.*/"&\\n"/' $< > $@

$(OUT)/engine/%.o: engine/%.c | $(OUT)/gen/kernel-api.inc
	@mkdir -p $(@D)
	$(HOSTCC) $(KC_CFLAGS) -I$(OUT)/gen -MMD -MP -c -o $@ $<

$(ENGINE_LIB): $(ENGINE_OBJ)
	rm -f $@
	$(AR) rcs $@ $^

$(OUT)/kmapcheck: $(OUT)/engine/main.o $(ENGINE_LIB)
	$(HOSTCC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(ENGINE_LIB)

-include $(ENGINE_OBJ:.o=.d) $(OUT)/engine/main.d
