# SPDX-License-Identifier: GPL-2.0-or-later
# What the command makes patches with: edits of the source text, proposed for findings and judged by the engine's reports.

FIXES_SRC := $(sort $(wildcard fixes/*.c))
FIXES_OBJ := $(FIXES_SRC:fixes/%.c=$(OUT)/fixes/%.o)

$(OUT)/fixes/%.o: fixes/%.c
	@mkdir -p $(@D)
	$(HOSTCC) $(KC_CFLAGS) -Ifixes -MMD -MP -c -o $@ $<

$(OUT)/kmapcheck: $(FIXES_OBJ)

-include $(FIXES_OBJ:.o=.d)
