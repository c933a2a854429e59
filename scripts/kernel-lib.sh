# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2154
#
# kernel-lib.sh - how files of a kernel tree are compiled; sourced by what measures: scripts/mutants, bench, robust
#
# $src is the source tree, $obj the build tree, die() ends the script. A command is a line "FILE<tab>FOLDER<tab>ARGUMENTS as
# words of a shell", without what says where the object and its dependencies go, and without the file.

# The C files that name one of the functions in the file NAMES.
files_that_name()	# NAMES
{
	(cd "$src" && for d in *; do
		case $d in
		Documentation|tools|scripts|usr) ;;
		*) [ ! -d "$d" ] || grep -rlwF --include='*.c' -f "$1" "$d" ;;
		esac
	done) | sort
}

# The commands of the files on the standard input that are built, from kbuild's
# "savedcmd_NAME := gcc ARGUMENTS -c -o NAME.o NAME.c ; …"
built_commands()
{
	while read -r f; do
		cmd=$obj/${f%/*}/.$(basename "$f" .c).o.cmd
		[ -f "$cmd" ] || continue
		sed -n '1{
			s/^[a-z]*cmd_[^ ]* := //
			t have
			q
			:have
			s/ *;.*//
			s/ *&&.*//
			s/^[^-]* -/-/
			s/\$\$/$/g
			s/\\#/#/g
			s/ -Wp,-MM*D,[^ ]*//
			s/^-Wp,-MM*D,[^ ]*//
			s/ -c -o [^ ]* [^ ]* *$//
			p
		}' "$cmd" | awk -v f="$f" -v dir="$obj" 'NF { printf "%s\t%s\t%s\n", f, dir, $0 }'
	done
}

# The commands of all files that kbuild would compile in the folders given, from a dry run.
folder_commands()	# FOLDER/...
{
	# kbuild makes folders for objects even then.
	find "$obj" -path "$obj/source" -prune -o -type d -print | sort > "$WORK/folders"
	env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS -u MAKEOVERRIDES -u KBUILD_OUTPUT \
		make -s -n -k -C "$src" "O=$obj" KBUILD_MODULES=1 C=2 CHECKFLAGS= "CHECK=kmapcheck-command \$(CURDIR)" "$@" \
		> "$WORK/dry-run" 2> "$WORK/dry-run.err"
	find "$obj" -path "$obj/source" -prune -o -type d -print | sort | comm -13 "$WORK/folders" - | sort -r |
	while read -r d; do
		rmdir "$d" 2>/dev/null
	done
	awk -v src="$src/" '
		{
			at = index($0, "kmapcheck-command ")
			if (!at)
				next
			rest = substr($0, at + 18)
			dir = file = rest
			sub(/ .*/, "", dir)
			sub(/^[^ ]* +/, "", rest)
			sub(/ +$/, "", rest)
			sub(/.* /, "", file)
			sub(/ [^ ]*$/, "", rest)
			sub(/(^| )-Wp,-MM?D,[^ ]*/, "", rest)
			# What is generated lies in the build tree, and perhaps does not yet.
			if (index(file, src) == 1 && !(file in seen)) {
				seen[file]
				printf "%s\t%s\t%s\n", substr(file, length(src) + 1), dir, rest
			}
		}' "$WORK/dry-run" | sort
	rm -f "$WORK/dry-run" "$WORK/folders"
}

# SAMPLE of the lines of the standard input, or all where it is empty. Park and Miller's generator; a line is taken with the
# chance that leaves as many.
choose_lines()	# SAMPLE SEED
{
	awk -v sample="$1" -v seed="$2" '
		{ line[++n] = $0 }
		END {
			x = seed
			left = sample == "" || sample > n ? n : sample
			for (i = 0; i < 10; i++)
				x = (x * 16807) % 2147483647
			for (i = 1; i <= n; i++) {
				x = (x * 16807) % 2147483647
				if (x / 2147483647 * (n - i + 1) < left) {
					print line[i]
					left--
				}
			}
		}'
}

# kbuild's CHECKFLAGS are in no command.
sparse_arguments()
{
	echo "-D__linux__ -Dlinux -D__STDC__ -Dunix -D__unix__ -Wno-unknown-attribute"
	! grep -q '^CONFIG_X86_64=y' "$obj/.config" || echo "-D__x86_64__ --arch=x86 -mlittle-endian -m64"
}

number()	# NAME VALUE: is it one, where it is given?
{
	case $2 in
	*[!0-9]*|0*) die "$1=$2: not a number above 0" ;;
	esac
}

# $src and $obj from KDIR and O
find_trees()
{
	[ -n "$KDIR" ] || die "no KDIR= given; see ${0##*/} --help"
	src=$(cd "$KDIR" 2>/dev/null && pwd -P) || die "KDIR=$KDIR: no such folder"
	obj=$(cd "${O:-$KDIR}" 2>/dev/null && pwd -P) || die "O=$O: no such folder"
}
