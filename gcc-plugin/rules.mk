# SPDX-License-Identifier: GPL-2.0-or-later
# The GCC plugin for $(CC): $(OUT)/kmapcheck.so. GCC's headers are C++, whatever the files are called.

PLUGIN_DIR := $(shell $(CC) -print-file-name=plugin 2>/dev/null)
PLUGIN_SRC := $(sort $(wildcard gcc-plugin/*.c))
PLUGIN_OBJ := $(PLUGIN_SRC:gcc-plugin/%.c=$(OUT)/gcc-plugin/%.o)
PLUGIN_CFLAGS := -x c++ -std=gnu++14 -fno-rtti -fno-exceptions -fPIC -fvisibility=hidden -O2 -g \
	-Wall -Wextra -Werror -Wno-literal-suffix -isystem $(PLUGIN_DIR)/include -Iengine -Igcc-plugin

# clang takes no plugin of GCC's; a compiler without the headers is told so when the plugin is asked for.
ifneq ($(CC_IS_CLANG),y)
ALL += $(OUT)/kmapcheck.so
endif

$(OUT)/kmapcheck.so: $(PLUGIN_OBJ) $(ENGINE_LIB)
	$(HOSTCXX) -shared $(LDFLAGS) -Wl,--exclude-libs,ALL -o $@ $^

$(OUT)/gcc-plugin/%.o: gcc-plugin/%.c
	@mkdir -p $(@D)
	@test -e $(PLUGIN_DIR)/include/gcc-plugin.h || \
		{ echo "$(CC): no plugin headers; install gcc-<release>-plugin-dev (make deps)" >&2; exit 1; }
	$(HOSTCXX) $(PLUGIN_CFLAGS) -MMD -MP -c -o $@ $<

-include $(PLUGIN_OBJ:.o=.d)
