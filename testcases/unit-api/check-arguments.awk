# SPDX-License-Identifier: GPL-2.0-or-later
#
# check-arguments.awk - do the arguments that engine/kernel.api names exist?
#
# Files: what prototypes.awk printed for one or more trees, other-kernels.txt, kernel.api. Prints a line for each thing
# wrong. A name of other-kernels.txt need not be found, but where it is found its arguments are checked.

FILENAME ~ /other-kernels/ {
	if ($0 !~ /^#/ && NF)
		elsewhere[$1] = 1
	next
}

FILENAME !~ /kernel\.api$/ {
	found[$1] = 1
	if ($2 != "any" && (!($1 in most) || $3 > most[$1]))
		most[$1] = $3
	next
}

$1 == "field" || $1 == "role" || /^#/ || !NF {
	next
}

{
	line = $0
	highest = -1
	while (match(line, /arg[0-9]+/)) {
		arg = substr(line, RSTART + 3, RLENGTH - 3) + 0
		if (arg > highest)
			highest = arg
		line = substr(line, RSTART + RLENGTH)
	}
	n = split($1, names, "|")
	for (i = 1; i <= n; i++) {
		name = names[i]
		if (!(name in found)) {
			if (!(name in elsewhere) && !pasted(name))
				printf "%d: no tree has %s\n", FNR, name
		} else if (name in most && highest >= most[name]) {
			printf "%d: %s has %d parameters, the line names arg%d\n", FNR, name, most[name], highest
		}
	}
}

# Made by macros that paste names: include/linux/page-flags.h, buffer_head.h.
function pasted(name) {
	return name ~ /^(folio_(test|set|clear)_|Page[A-Z]|SetPage|ClearPage|__SetPage|(set_|clear_)?buffer_)/
}
