#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# scripts/kmapcheck-gcc and scripts/kmapcheck-kernel, on a small tree that answers as kbuild does.
. testcases/tap.sh

if [ "$build" != "$top/build" ] || [ ! -e "$build/kmapcheck.so" ]; then
	skip_all "the scripts are tested with the default compiler's plugin"
fi
unset CC MAKEFLAGS MAKELEVEL MAKEOVERRIDES MFLAGS srctree objtree KMAPCHECK_OPTIONS
gcc_check=$top/scripts/kmapcheck-gcc
kernel_check=$top/scripts/kmapcheck-kernel

#
# The tree: mm/ holds a leak, clean code, code that does not compile, code of another configuration, and code that maps nothing.
#
src=$tmp/linux
obj=$tmp/obj
mkdir -p "$src/scripts/kconfig" "$src/include/linux" "$src/mm" "$src/fs" "$src/lib/deep" "$src/tools" "$obj/include/config" \
	"$obj/include/generated"
cat > "$src/include/linux/highmem.h" <<'END'
struct page;
void *kmap_local_page(struct page *page);
void kunmap_local(const void *addr);
int use(const void *p);
END
c_file()	# NAME CONDITION: maps, and leaves early if the condition holds
{
	cat <<-END
	#include <linux/highmem.h>

	int $1(struct page *page);
	int $1(struct page *page)
	{
		void *p = kmap_local_page(page);

		if ($2)
			return -1;
		kunmap_local(p);
		return 0;
	}
	END
}
c_file leak 'use(p)' > "$src/mm/leak.c"
c_file clean 0 > "$src/mm/clean.c"
c_file broken 'nothing_declared' > "$src/mm/broken.c"
c_file other 'use(p)' > "$src/mm/other.c"
c_file host 'use(p)' > "$src/tools/host.c"
c_file inner 'use(p)' > "$src/lib/deep/inner.c"
echo 'int plain;' > "$src/mm/plain.c"
: > "$src/mm/Makefile"
: > "$src/lib/Makefile"

cat > "$src/Makefile" <<'END'
goals := $(or $(MAKECMDGOALS),all)
here := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
ifndef inner
.PHONY: $(goals) again
$(goals): again ; @:
again:
	@$(MAKE) --no-print-directory -C $(or $(O),$(here)) -f $(here)/Makefile inner=y srctree=$(here) $(goals)
else
$(shell mkdir -p mm made/by/make)
export srctree CC
CC = gcc
CHECKFLAGS := -D__linux__ -Dlinux -D__STDC__ -Wbitwise -Wno-return-void -Wno-unknown-attribute $(CF) -D__x86_64__ \
	--arch=x86 -mlittle-endian -m64
# Kernels from 7.0 try the checker out, and do without one that says "error".
ifneq ($(CHECK),)
ifneq ($(shell printf 'int x;\n' > tried; $(CHECK) $(CHECKFLAGS) tried 2>&1 | grep -c error; rm -f tried),0)
override CHECK := :
endif
endif
c_flags = -Wp,-MMD,$(@D)/.$(*F).o.d -I$(srctree)/include -include $(srctree)/include/linux/highmem.h \
	-O2 -Wall -Werror -DBASE='"$(*F)"'
define compile
	@set -e; echo '  CC $@'; $(CC) $(c_flags) -c -o $@ $<; $(srctree)/fixdep
	@set -e; echo '  CHECK $<'; $(CHECK) $(CHECKFLAGS) $(c_flags) $<
endef
mm/%.o: $(srctree)/mm/%.c FORCE
	$(compile)
lib/deep/%.o: $(srctree)/lib/deep/%.c FORCE
	$(compile)
ifdef M
modules: $(patsubst %.c,%.o,$(wildcard $(M)/*.c))
$(M)/%.o: $(M)/%.c FORCE
	$(compile)
endif
mm/: mm/leak.o mm/clean.o mm/broken.o mm/plain.o
lib/: lib/deep/inner.o
.PHONY: FORCE mm/ lib/ modules
endif
END
prepare()	# FOLDER
{
	mkdir -p "$1/include/config" "$1/include/generated"
	printf '#\n# Automatically generated\n# Linux/x86 6.12.0 Kernel Configuration\n#\nCONFIG_CC_VERSION_TEXT="gcc (X) 12"\n' \
		> "$1/.config"
	echo 'CONFIG_CC_IS_GCC=y' > "$1/include/config/auto.conf"
	: > "$1/include/generated/autoconf.h"
	: > "$1/include/generated/bounds.h"
}
prepare "$obj"

# Everything in both trees, with sizes and times.
tree()
{
	find "$src" "$obj" -printf '%p %y %s %C@\n' | grep -v "^$obj d \|^$obj/mm d " | sort
}

#
# kmapcheck-gcc as kbuild calls it
#
cd "$obj" || exit 1
mkdir mm
run make -s -C "$src" O="$obj" C=2 CHECK="$gcc_check" CF="--kmap-report=$tmp/r/" -f "$src/Makefile" -n mm/leak.o
has "$gcc_check -D__linux__" "the small tree answers"
tree > "$tmp/before"
check()
{
	run "$gcc_check" -D__linux__ -Dlinux -D__STDC__ -Dunix -D__unix__ -Wbitwise -Wno-return-void -Wno-unknown-attribute \
		-D__CHECK_ENDIAN__ -DSPARSE_ONLY "$@" --arch=x86 -mlittle-endian -m64 \
		-Wp,-MMD,mm/.leak.o.d "-I$src/include" -std=gnu11 -O2 -Wall -Wextra -Werror -Wno-unused \
		-DBASE='"a b"' -pg "$src/mm/leak.c"
}
check "--kmap-report=$tmp/one.jsonl"
exits 0 "findings are no failure, -Werror or not"
has "[kmap-leak]" "the finding is shown"
lacks "unrecognized" "sparse's flags are dropped"
run cat "$tmp/one.jsonl"
has '"rule":"kmap-leak"' "the report is written"
check --kmap-werror
[ "$status" -ne 0 ]
ok $? "with werror they are"
check --kmap-rules=kmap-order
same "" "CF= options reach the plugin"
KMAPCHECK_OPTIONS="--kmap-rules=kmap-order" check
same "" "so do those of the environment"
KMAPCHECK_OPTIONS="-frobnicate" check
exits 2 "but nothing else of it"
check --kmap-frobnicate
[ "$status" -ne 0 ]
ok $? "an unknown option is a failure"
has "unknown option 'frobnicate'" "and named"
tree > "$tmp/after"
run diff "$tmp/before" "$tmp/after"
exits 0 "no file is left in either tree"
run "$gcc_check" -Wp,-MMD,x "-I$src/include" -O2 "$src/mm/broken.c"
[ "$status" -ne 0 ]
ok $? "code that does not compile is a failure"
CC="no-such-compiler" run "$gcc_check" "$src/mm/leak.c"
exits 2 "no such compiler"
CC="env gcc" run "$gcc_check" "-I$src/include" -O2 "$src/mm/leak.c"
has "[kmap-leak]" "CC may be several words"
mkdir -p "$tmp/alone/scripts"
cp "$gcc_check" "$tmp/alone/scripts"
run "$tmp/alone/scripts/kmapcheck-gcc" "$src/mm/leak.c"
exits 2 "no plugin"
has "there is no plugin for 'gcc'" "is said"
ln -s "$gcc_check" "$tmp/link"
run "$tmp/link" "-I$src/include" -O2 "$src/mm/leak.c"
has "[kmap-leak]" "called through a link"

# The kernel asks whether its checker works by a file without suffix, and takes "error" in the output for no.
cat > "$tmp/probe.XyZ" <<'END'
static inline int twice(const int *q)
{
	__typeof_unqual__(*q) v = *q;
	return v + *q;
}
END
run "$gcc_check" -D__linux__ -Dlinux -D__STDC__ -Dunix -D__unix__ -Wbitwise -Wno-return-void -Wno-unknown-attribute \
	-D__x86_64__ --arch=x86 -mlittle-endian -m64 "$tmp/probe.XyZ"
exits 0 "a file without suffix"
same "" "nothing is said of it"

#
# kmapcheck-kernel
#
cd "$tmp" || exit 1
kernel()
{
	run "$kernel_check" KDIR="$src" O="$obj" REPORTS="$tmp/reports" JOBS=2 "$@"
}
rm -rf "$obj"
prepare "$obj"
mkdir "$obj/mm"
tree > "$tmp/before"
kernel VERBOSE=1
exits 2 "a file that cannot be compiled is a failure"
has "files      3 checked, 1 failed" "the files that map, and are built"
has "mm/broken.c: $src/mm/broken.c:8:" "the failed one with its reason"
has "mm/leak.c:6:" "findings"
has "lib/deep/inner.c:6:" "in a folder without a makefile of its own"
has "1 of 5 files are not built in this configuration" "other configurations"
has "  mm/other.c" "are named with VERBOSE"
lacks "host.c" "host programs are not checked"
lacks "plain.c" "nor files that map nothing"
has "4/4 files checked" "progress"
tree > "$tmp/after"
run diff "$tmp/before" "$tmp/after"
exits 0 "the trees are as before"
run ls -A "$tmp/reports"
same "lib+deep+inner.c.jsonl
mm+broken.c.jsonl
mm+clean.c.jsonl
mm+leak.c.jsonl" "a report for each file and nothing else"

kernel FILES="mm/clean.c"
exits 0 "clean"
run ls -A "$tmp/reports"
same "mm+clean.c.jsonl" "reports of an earlier run are removed"
kernel FILES="mm/leak.c ./mm/clean.c $src/mm/plain.c"
exits 1 "findings"
has "files      3 checked" "FILES in several spellings"
kernel FILES="mm/leak.c" --rules=kmap-order
exits 0 "options of the check"
kernel FILES="mm/leak.c" OPTIONS="--rules=kmap-order --dcache=strict"
exits 0 "options from make"
kernel M=lib
has "files      1 checked" "M= of a folder of the tree"

# an out-of-tree module
mkdir "$tmp/module"
c_file wrapped 'use(p)' | sed 's/kmap_local_page/my_map/; s/kunmap_local/my_unmap/; 1a\
void *my_map(struct page *page); void my_unmap(const void *p);' > "$tmp/module/wrapped.c"
c_file direct 'use(p)' > "$tmp/module/direct.c"
kernel M=module
exits 1 "M= of a module out of the tree"
has "files      1 checked" "with the file that maps"
kernel M=./module
has "files      1 checked" "M= of the working directory"
printf 'my_map maps(local, arg0, offset(0)) nonnull\nmy_unmap unmaps(local, arg0)\n' > "$tmp/my.api"
kernel M=module --api=my.api
has "files      2 checked" "with a model of one's own, both"
has "findings   2 (2 error" "with findings in both"

# what one file of it does for another is learnt
mkdir "$tmp/learns"
cp "$tmp/module/wrapped.c" "$tmp/learns"
cat > "$tmp/learns/wrappers.c" <<'END'
#include <linux/highmem.h>
void *my_map(struct page *page);
void my_unmap(const void *p);
void *my_map(struct page *page)
{
	return kmap_local_page(page);
}
void my_unmap(const void *p)
{
	kunmap_local(p);
}
END
kernel M=learns
exits 0 "the wrappers alone are right"
kernel M=learns LEARN=1
exits 1 "with LEARN=1 the leak of their caller is found"
has "2 functions map or release for other files, by $tmp/reports/learned.api; 2 files name them" "which functions is told"
has "learns/wrapped.c:7:" "where it is"
has "files      2 checked" "both files count once"
run cat "$tmp/reports/learned.api"
same "# $tmp/learns/wrappers.c
weak my_map maps(local, arg0)
weak my_unmap unmaps(local, arg0)" "the lines are kept"
kernel FILES="mm/clean.c" LEARN=1
exits 0 "nothing to learn"
kernel M=learns LEARN=yes
exits 2 "another value of LEARN"
kernel M=learns LEARN=1 --flow="$tmp/flows"
exits 2 "LEARN with translations in one file"
kernel M=learns LEARN=1 --flow="$tmp/flows/"
exits 1 "with translations in a folder of the user's"
[ -s "$tmp/flows/$(ls "$tmp/flows" | head -n 1)" ]
ok $? "which keeps them"
rm -f "$tmp/reports/learned.api"

# commands from .cmd files, old and new; quoting as make writes it
mkdir -p "$obj/mm"
touch "$obj/mm/leak.o" "$obj/mm/clean.o"
printf 'savedcmd_mm/leak.o := gcc -Wp,-MMD,mm/.leak.o.d -I%s/include -O2 -DA='\''"\\#x"'\'' -DB='\''"$$y"'\'' -c -o mm/leak.o %s/mm/leak.c ; ./tools/objtool --x mm/leak.o\n\nsource_mm/leak.o := x\n' \
	"$src" "$src" > "$obj/mm/.leak.o.cmd"
printf 'cmd_mm/clean.o := gcc -Wp,-MMD,mm/.clean.o.d -I%s/include -O2 -c -o mm/clean.o %s/mm/clean.c\n' "$src" "$src" \
	> "$obj/mm/.clean.o.cmd"
mv "$src/Makefile" "$src/Makefile.away"
echo '$(error kbuild was asked)' > "$src/Makefile"
kernel FILES="mm/leak.c mm/clean.c"
exits 1 "commands from .cmd files"
has "files      2 checked" "of both forms"
touch "$obj/.config" "$obj/include/config/auto.conf"
sleep 0.1
touch "$obj/include/config/auto.conf"
kernel FILES="mm/leak.c"
exits 2 ".cmd files of another configuration are not taken"
has "kbuild was asked" "what kbuild says is shown"
mv "$src/Makefile.away" "$src/Makefile"
rm "$obj"/mm/.*.cmd "$obj"/mm/*.o

# a tree that is its own build tree
prepare "$src"
run "$kernel_check" KDIR="$src" REPORTS="$tmp/reports" FILES=mm/leak.c
exits 1 "without O="
has "mm/leak.c:6:" "names relative to the tree"
rm -rf "$src/.config" "$src/include/config" "$src/include/generated" "$src/made"

# through make
run make -s -C "$top" kernel-check KDIR="$src" O="$obj" FILES="mm/leak.c" REPORTS="$tmp/reports"
[ "$status" -ne 0 ]
ok $? "make kernel-check fails on findings"
has "kmapcheck-kernel: exit status 1" "and prints the script's status"

# What is wrong
rm "$obj/include/generated/bounds.h"
kernel
exits 2 "an unprepared tree"
has "modules_prepare" "how to prepare it is said"
: > "$obj/include/generated/bounds.h"
sleep 0.1
touch "$obj/.config"
kernel
has "the configuration of $obj changed" "a configuration that is newer"
touch "$obj/include/config/auto.conf"
run "$kernel_check"
exits 2 "no KDIR"
run "$kernel_check" KDIR="$tmp"
has "not a kernel source tree" "not a kernel tree"
run "$kernel_check" KDIR="$src"
has "has no .config" "not configured"
kernel FILES=mm/none.c
exits 2 "no such file"
kernel FILES=mm/leak.c M=mm
exits 2 "M and FILES"
kernel M='two words'
has "no folder with a blank" "M= with a blank"
run "$kernel_check" KDIR="$src" O="$obj" REPORTS="$tmp/two words" M=mm
has "no folder with a blank" "REPORTS= with a blank"
kernel FRONTEND=msvc
has "valid are gcc and sparse" "an unknown front end"
kernel JOBS=many
exits 2 "a wrong number of jobs"
kernel FILES=mm/leak.c --frobnicate
exits 2 "an unknown option of the check"
has "unknown option 'frobnicate'" "is named"
kernel whatever
exits 2 "an unknown argument"
echo 'CONFIG_CC_IS_CLANG=y' > "$obj/include/config/auto.conf"
kernel
has "configured for clang" "a clang tree"
prepare "$obj"

# An interrupted run leaves whole reports and no traces.
cat > "$tmp/slow" <<'END'
#!/bin/sh
case "$*" in
*leak.c*) sleep 20 ;;
esac
exec gcc "$@"
END
chmod +x "$tmp/slow"
"$kernel_check" KDIR="$src" O="$obj" REPORTS="$tmp/reports" JOBS=1 CC="$tmp/slow" FILES="mm/clean.c mm/leak.c" > "$tmp/said" 2>&1 &
script=$!
tries=0
while [ "$tries" -lt 100 ]; do
	tries=$((tries + 1))
	[ ! -e "$tmp/reports/mm+clean.c.jsonl" ] || break
	sleep 0.3
done
kill -TERM "$script"
status=0
wait "$script" || status=$?
out=$(cat "$tmp/said")
exits 2 "interrupted"
has "interrupted; the reports of the finished files" "and said so"
run ls -A "$tmp/reports"
same "mm+clean.c.jsonl" "the finished report stays"

finish
