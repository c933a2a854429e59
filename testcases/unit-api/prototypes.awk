# SPDX-License-Identifier: GPL-2.0-or-later
#
# prototypes.awk - how many parameters do the modelled functions have in a kernel tree?
#
# First file: engine/kernel.api. The others: C files and headers. Prints "NAME FEWEST MOST" for every modelled name that is
# declared, defined or a macro with parameters in them; MOST is 99 for varargs. A name that is only #defined to another one,
# or made by a macro that pastes names, gives "NAME any".

NR == FNR {
	if ($1 == "field" || $1 == "role" || $0 ~ /^#/ || !NF)
		next
	n = split($1, names, "|")
	for (i = 1; i <= n; i++)
		want[names[i]] = 1
	next
}

function count(args,    d, i, c, n, s) {
	# the text after "(": parameters at depth 0
	n = 1
	s = ""
	for (i = 1; i <= length(args); i++) {
		c = substr(args, i, 1)
		if (c == "(")
			d++
		else if (c == ")" && d-- == 0)
			break
		else if (c == "," && d == 0)
			n++
		s = s c
	}
	if (i > length(args))
		return -1
	gsub(/[ \t]/, "", s)
	if (s == "" || s == "void")
		return 0
	if (s ~ /\.\.\./)
		return 99
	return n
}

function note(name, n) {
	if (!(name in most) || n > most[name])
		most[name] = n
	if (!(name in fewest) || n < fewest[name])
		fewest[name] = n
}

# A declaration, a definition or a macro starts in the first column, or its type does and its name stands on the next line.
FNR == 1 {
	pending = ""
}

pending != "" {
	text = text " " $0
	n = count(text)
	if (n >= 0 || ++more > 12) {
		if (n >= 0)
			note(pending, n)
		pending = ""
	}
	next
}

/^#[ \t]*define[ \t]/ {
	name = $0
	sub(/^#[ \t]*define[ \t]+/, "", name)
	rest = name
	sub(/[^A-Za-z0-9_].*/, "", name)
	if (name in want) {
		rest = substr(rest, length(name) + 1)
		if (substr(rest, 1, 1) == "(")
			note(name, count(substr(rest, 2)))
		else
			any[name] = 1
	}
	next
}

/^[A-Za-z_]/ {
	line = $0
	while (match(line, /[A-Za-z_][A-Za-z0-9_]*[ \t]*\(/)) {
		name = substr(line, RSTART, RLENGTH - 1)
		sub(/[ \t]+$/, "", name)
		line = substr(line, RSTART + RLENGTH)
		if (name in want) {
			n = count(line)
			if (n >= 0) {
				note(name, n)
			} else {
				pending = name
				text = line
				more = 0
			}
			break
		}
	}
}

END {
	for (name in most)
		print name, fewest[name], most[name]
	for (name in any)
		if (!(name in most))
			print name, "any"
}
