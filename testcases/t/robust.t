#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# scripts/robust, on a tree of three small files whose make says how kbuild would compile them.
. testcases/tap.sh

if [ "$build" != "$top/build" ] || [ ! -e "$build/kmapcheck.so" ]; then
	skip_all "the harness is tested with the default compiler's plugin"
fi
unset CC MAKEFLAGS MAKELEVEL MAKEOVERRIDES MFLAGS srctree objtree
src=$tmp/linux
obj=$tmp/obj
mkdir -p "$src/lib/deep" "$obj/include/config"
: > "$obj/include/config/auto.conf"
: > "$obj/.config"
cat > "$src/Makefile" <<'END'
.PHONY: lib/
lib/:
	set -e; $(CHECK) -Wp,-MMD,lib/.one.o.d -O2 -DTEXT='"of two"'   $(CURDIR)/lib/one.c
	$(CHECK) -Wp,-MMD,lib/.two.o.d -O2 $(CURDIR)/lib/deep/two.c
	$(CHECK) -Wp,-MMD,lib/.gone.o.d -O2 $(CURDIR)/lib/gone.c
END
cat > "$src/lib/one.c" <<'END'
struct page;
void *kmap_local_page(struct page *page);
void *one(struct page *page, const char **name)
{
	*name = TEXT;
	kmap_local_page(page);
	return 0;
}
END
cat > "$src/lib/deep/two.c" <<'END'
#ifdef OTHER
int two;
#else
long two;
#endif
END
echo '#include "generated-and-not-there.h"' > "$src/lib/gone.c"

robust()
{
	run "$@" scripts/robust KDIR="$src" O="$obj" DIRS=lib JOBS=2 WORK="$tmp/work"
}

robust env
exits 0 'all is the same'
has '3 of 3 files' 'all files are taken'
has '| lib | 3 | 2 | 0 | 0 | 1 |' '... and what does not compile without the plugin is told apart'
has '1 findings' '... and findings are counted'
[ -z "$(cd "$src" && find . -name '*.o*' -o -name '.*.d')" ]
ok $? '... with nothing written to the tree'

for what in 'OTHER=differs' 'KILL=crashed' 'FAIL=failed'; do
	cat > "$tmp/cc" <<-END
	#!/bin/sh
	case "\$*" in
	*two.c*-fplugin*|*-fplugin*two.c*)
		case ${what%=*} in
		KILL) echo 'cc1: internal compiler error: Segmentation fault' >&2; exit 4 ;;
		FAIL) exit 1 ;;
		esac
		exec gcc "\$@" -DOTHER ;;
	esac
	exec gcc "\$@"
	END
	chmod +x "$tmp/cc"
	robust env CC="$tmp/cc"
	exits 1 "a compiler for which one ${what#*=}"
	has "lib/deep/two.c: ${what#*=}" '... is told, with the file'
done

run scripts/robust KDIR="$src" O="$obj" DIRS=nothing WORK="$tmp/work"
exits 2 'a folder that is not there'
run scripts/robust O="$obj"
exits 2 'no tree'
has 'no KDIR=' '... is said'
mkdir -p "$tmp/full"
: > "$tmp/full/kept"
run scripts/robust KDIR="$src" O="$obj" DIRS=lib WORK="$tmp/full"
exits 2 'a folder that holds something of its own'
run test -f "$tmp/full/kept"
exits 0 '... which stays'
finish
