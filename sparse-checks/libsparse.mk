# SPDX-License-Identifier: GPL-2.0-or-later
#
# libsparse.mk - sparse's own objects, from its source in SRC into the folder OBJ
#
# Run by rules.mk as a make of its own, since the list of objects is only known once the source is there. Sparse's
# Makefile is not used: Debian's patches set its compiler, and it looks for libraries that nothing here needs.

ifeq ($(and $(SRC),$(OBJ)),)
$(error libsparse.mk needs SRC and OBJ)
endif

# Defined in the engine too.
renamed := xmemdup xstrdup xasprintf xvasprintf

names := $(shell awk '$$1 == "LIB_OBJS" && $$2 == "+=" { sub(/\$$\(OS\)/, "linux", $$3); print $$3 }' $(SRC)/Makefile)
ifeq ($(names),)
$(error $(SRC)/Makefile does not list the objects of libsparse; is it sparse's source?)
endif
version := $(shell awk -F= '$$1 == "VERSION" { print $$2; exit }' $(SRC)/Makefile)

sparse_cflags := -O2 -g -fno-strict-aliasing -w $(SANITIZE) -I$(OBJ) $(foreach n,$(renamed),-D$(n)=sparse_$(n))
sparse_cflags += -DGCC_BASE=\"$(shell $(CC) --print-file-name=)\"
sparse_cflags += -DMULTIARCH_TRIPLET=\"$(shell $(CC) -print-multiarch 2>/dev/null)\"

all: $(OBJ)/libsparse.a $(OBJ)/sparse-main.o $(OBJ)/sparse-plain

# Everything depends on it, so that objects of other rules than these are made anew.
$(OBJ)/version.h: $(firstword $(MAKEFILE_LIST))
	@printf '#define SPARSE_VERSION "%s"\n' '$(version)' >$@

# The parser's complaints are counted, so that what it lost its way in is not analysed.
parsing := parse.o expression.o pre-process.o tokenize.o
$(addprefix $(OBJ)/,$(parsing)): sparse_cflags += -Dsparse_error=kmap_parse_error

# Memory comes from memory.c instead.
own_memory := blob_alloc blob_free
$(OBJ)/compat-linux.o: sparse_cflags += $(foreach n,$(own_memory),-D$(n)=sparse_$(n))

$(OBJ)/%.o: $(SRC)/%.c $(OBJ)/version.h
	$(Q)$(CC) $(sparse_cflags) -c -o $@ $<

# Its checks and its output stay its own; we stand where it parses a file.
$(OBJ)/sparse-main.o: $(SRC)/sparse.c
	$(Q)$(CC) $(sparse_cflags) -Dmain=sparse_main -Dsparse=kmap_sparse -c -o $@ $<

$(OBJ)/libsparse.a: $(addprefix $(OBJ)/,$(names))
	$(Q)rm -f $@ && $(AR) rcs $@ $^

# Sparse as it is, to compare with in tests.
$(OBJ)/sparse-plain: $(OBJ)/sparse.o $(OBJ)/libsparse.a
	$(Q)$(CC) $(SANITIZE) -Wl,--defsym=kmap_parse_error=sparse_error \
		$(foreach n,$(own_memory),-Wl,--defsym=$(n)=sparse_$(n)) -o $@ $^
