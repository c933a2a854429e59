# SPDX-License-Identifier: GPL-2.0-or-later
#
# kmapcheck: build, test, run. `make help` lists the targets.
#
# For the parts' own rules.mk, which are included below:
#	$(CC)		the compiler that the plugin is for; a cross compiler or another release is fine
#	$(OUT)		where products go: build/ for the default compiler, build/<dumpmachine>-<major>/ for others
#	$(HOSTCC)	compiles what runs on this machine: the engine, the commands; $(HOSTCXX) the plugin
#	$(KC_CFLAGS)	for C files that include engine/*.h
#	$(ENGINE_LIB)	all of the engine but its main()
#	ALL += FILE	a product of `make all`
#	TESTS += FILE	a program of `make check` that prints TAP, besides testcases/t/*.t
#	target: ## text	makes a line of `make help`

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

ifeq ($(origin CC),default)
CC := gcc
endif
HOSTCC ?= gcc
HOSTCXX ?= g++
export CC HOSTCC

tag-of = $(shell $(1) -dumpmachine 2>/dev/null)-$(firstword $(subst ., ,$(shell $(1) -dumpversion 2>/dev/null)))
CC_TAG := $(call tag-of,$(CC))
ifeq ($(CC_TAG),$(call tag-of,gcc))
OUT := build
else
OUT := build/$(CC_TAG)
endif
# clang takes no GCC plugin; naming it means the engine and its command, built by it.
CC_IS_CLANG := $(if $(findstring clang,$(shell $(CC) --version 2>/dev/null)),y)
ifeq ($(CC_IS_CLANG),y)
HOSTCC := $(CC)
endif

SANITIZE ?=
KC_CFLAGS := -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -O2 -g -fPIC -fvisibility=hidden -Iengine $(SANITIZE)
PREFIX ?= /usr/local
DESTDIR ?=

ALL :=
TESTS :=

include engine/rules.mk
include fixes/rules.mk
-include gcc-plugin/rules.mk
-include sparse-checks/rules.mk
-include testcases/rules.mk
-include $(sort $(wildcard testcases/*/rules.mk))
-include scripts/coccinelle/rules.mk
-include scripts/measure.mk
-include scripts/fixes.mk

ALL += $(OUT)/tag

.PHONY: all check demo kernel-check install deps clean help
all: $(ALL) ## build the engine, the command and the front ends for $(CC)

.PHONY: plugin
plugin: $(OUT)/kmapcheck $(OUT)/kmapcheck.so $(OUT)/tag ## build only what checking with GCC needs

# Which compiler the plugin in this folder is for; scripts/kmapcheck-gcc looks it up.
$(OUT)/tag: Makefile
	@mkdir -p $(@D)
	@echo '$(CC_TAG)' > $@.tmp && mv $@.tmp $@

deps: ## install what building and testing need (Debian and Ubuntu, as root)
	@scripts/deps.sh build test

# Two makes, so that what deps.sh installs is seen by the variables above.
check: ## run the tests
	@scripts/deps.sh build test
	@$(MAKE) --no-print-directory all run-tests

# The plugin for the other compilers that are installed with its headers, to compare what they say.
OTHER_CCS = $(foreach c,gcc-10 gcc-11 gcc-12 gcc-13 gcc-14 gcc-15 gcc-16 arm-linux-gnueabihf-gcc,$(if $(and $(filter build,$(OUT)), \
	$(filter-out - $(CC_TAG),$(call tag-of,$(c))),$(wildcard $(shell $(c) -print-file-name=plugin)/include/gcc-plugin.h)),$(c)))
.PHONY: other-plugins
other-plugins: plugin
	@for c in $(OTHER_CCS); do $(MAKE) --no-print-directory CC=$$c plugin || exit 1; done

.PHONY: run-tests
run-tests: all $(filter $(OUT)/%,$(TESTS)) other-plugins
	OUT=$(OUT) prove --exec '' $(PROVEFLAGS) $(sort $(wildcard testcases/t/*.t) $(TESTS))

demo: ## check a dozen files of Linux 6.12 and show what is found
	@scripts/demo

kernel-check: ## check a kernel tree: KDIR=… [O=…] [M=…|FILES="…"] [FRONTEND=gcc|sparse] [LEARN=1] [JOBS=…] [REPORTS=…]
	@$(MAKE) --no-print-directory $(if $(filter sparse,$(FRONTEND)),all,plugin)
	@scripts/kmapcheck-kernel KDIR='$(KDIR)' O='$(O)' M='$(M)' FILES='$(FILES)' FRONTEND='$(FRONTEND)' CHECK='$(CHECK)' \
		JOBS='$(JOBS)' REPORTS='$(REPORTS)' OPTIONS='$(OPTIONS)' VERBOSE='$(VERBOSE)' LEARN='$(LEARN)' \
		CC='$(if $(filter command environment,$(firstword $(origin CC))),$(CC))' || \
		{ st=$$?; echo "kmapcheck-kernel: exit status $$st"; exit $$st; }

install: all ## install into $(DESTDIR)$(PREFIX)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 \
		$(DESTDIR)$(PREFIX)/lib/kmapcheck/build $(DESTDIR)$(PREFIX)/lib/kmapcheck/scripts/coccinelle/highmem
	install -m 755 $(filter %/kmapcheck %/kmapcheck-sparse,$(ALL)) $(DESTDIR)$(PREFIX)/lib/kmapcheck/build
	install -m 644 $(filter %.so %/tag,$(ALL)) $(DESTDIR)$(PREFIX)/lib/kmapcheck/build
	install -m 755 scripts/kmapcheck-gcc scripts/kmapcheck-kernel scripts/kmapcheck-cocci scripts/kmapcheck-fixes \
		scripts/fixes-file scripts/fixes-cocci $(DESTDIR)$(PREFIX)/lib/kmapcheck/scripts
	install -m 644 scripts/coccinelle/highmem/*.cocci $(DESTDIR)$(PREFIX)/lib/kmapcheck/scripts/coccinelle/highmem
	install -m 644 docs/kmapcheck.1 $(DESTDIR)$(PREFIX)/share/man/man1
	for f in build/kmapcheck scripts/kmapcheck-gcc scripts/kmapcheck-kernel scripts/kmapcheck-cocci scripts/kmapcheck-fixes; do \
		ln -sf ../lib/kmapcheck/$$f $(DESTDIR)$(PREFIX)/bin/; done

clean: ## remove build/
	rm -rf build

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(sort $(filter-out %.d,$(MAKEFILE_LIST)))
