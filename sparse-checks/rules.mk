# SPDX-License-Identifier: GPL-2.0-or-later
# The sparse front end: build/kmapcheck-sparse. It needs sparse's source, since Debian ships no library:
#
#	SPARSE_SRC=DIR		a checkout; "none" leaves the front end out; by default Debian's source package
#	SPARSE_SUITE=sid	that package from another suite than this machine's own release
#	SANITIZE=-fsanitize=address	for all of it

SPARSE_SUITE ?=
SPARSE_SRC ?= build/sparse-src$(addprefix -,$(SPARSE_SUITE))

SPARSE_OBJ := $(OUT)/sparse-obj
SPARSE_CHECK := $(OUT)/kmapcheck-sparse
SPARSE_FRONT := $(patsubst sparse-checks/%.c,$(OUT)/sparse-checks/%.o,$(sort $(wildcard sparse-checks/*.c)))

ifneq ($(SPARSE_SRC),none)
ALL += $(SPARSE_CHECK)
endif

.PHONY: sparse-force
sparse-force:

# What the objects were made of; they are thrown away when that changes.
$(SPARSE_OBJ)/made-of: sparse-force
	@mkdir -p $(@D)
	@echo '$(abspath $(SPARSE_SRC)) $(HOSTCC) $(SANITIZE)' >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else \
		rm -rf $(SPARSE_OBJ)/*.o $(SPARSE_OBJ)/*.a $(SPARSE_OBJ)/version.h $(OUT)/sparse-checks; mv $@.new $@; fi

$(SPARSE_SRC)/sparse.c:
	@scripts/get-sparse $(addprefix --suite ,$(SPARSE_SUITE)) $(SPARSE_SRC)

$(SPARSE_OBJ)/libsparse.a: $(SPARSE_SRC)/sparse.c $(SPARSE_OBJ)/made-of sparse-checks/libsparse.mk
	@echo "making libsparse from $(SPARSE_SRC)"
	@$(MAKE) --no-print-directory -f sparse-checks/libsparse.mk SRC=$(SPARSE_SRC) OBJ=$(SPARSE_OBJ) \
		CC=$(HOSTCC) SANITIZE='$(SANITIZE)' Q=@
	@touch $@

# Sparse's headers are not ours to have no warnings.
$(OUT)/sparse-checks/%.o: sparse-checks/%.c $(SPARSE_OBJ)/libsparse.a
	@mkdir -p $(@D)
	$(HOSTCC) $(KC_CFLAGS) -isystem $(SPARSE_SRC) -MMD -MP -c -o $@ $<

$(SPARSE_CHECK): $(SPARSE_FRONT) $(SPARSE_OBJ)/libsparse.a $(ENGINE_LIB)
	$(HOSTCC) $(SANITIZE) $(LDFLAGS) -o $@ $(SPARSE_FRONT) $(SPARSE_OBJ)/sparse-main.o $(SPARSE_OBJ)/libsparse.a \
		$(ENGINE_LIB)

# The same with AddressSanitizer, for testcases/t/sparse-bad.t.
.PHONY: sparse-san
sparse-san:
	@$(MAKE) --no-print-directory OUT=$(OUT)/sparse-san SANITIZE=-fsanitize=address $(OUT)/sparse-san/kmapcheck-sparse

ifneq ($(filter run-tests,$(MAKECMDGOALS)),)
ifneq ($(SPARSE_SRC),none)
ifeq ($(shell echo 'int main(void) { return 0; }' | $(HOSTCC) -fsanitize=address -x c - -o /dev/null 2>/dev/null && echo y),y)
run-tests: sparse-san
endif
endif
endif

-include $(SPARSE_FRONT:.o=.d)
