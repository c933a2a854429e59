# SPDX-License-Identifier: GPL-2.0-or-later
# The model's parser and tables, on the engine of testcases/unit/rules.mk, which is read after this file.

UNIT_API := $(OUT)/san/unit-api

TESTS += $(UNIT_API)

$(UNIT_API): testcases/unit-api/api.c $(OUT)/san/libkmapcheck.a
	$(HOSTCC) $(SAN_CFLAGS) -MMD -MP -o $@ $< $(OUT)/san/libkmapcheck.a -lcmocka

-include $(UNIT_API).d
