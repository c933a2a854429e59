# SPDX-License-Identifier: GPL-2.0-or-later
#
# peers.awk - judge what scripts/peers gathered, and print the tables
#
# usage: awk -v tools="NAME..." -v shapes="NAME..." -v results=FILE -f peers.awk GATHERED CASE...
# GATHERED has "bug SHAPE FILE LINE RULE COUNT" and "said SHAPE TOOL FILE LINE-OR-FUNCTION WHAT", tabs between.
# A mistake is found where the tool says anything of its function; what is said of a function without one is false, once for
# each function. Exit status: 1 where the tool "plugin" is behind one that is not ours or says something false.

BEGIN {
	FS = "\t"
	ntools = split(tools, tool, " ")
	nshapes = split(shapes, shape, " ")
	nkinds = split("kmap-leak kmap-double-unmap kmap-order kmap-wrong-arg kmap-use-after-unmap " \
		       "dcache-missing-flush dcache-early-flush dcache-wrong-folio", kind, " ")
	printf "" > results
}

FILENAME == ARGV[1] {
	line[++n] = $0
	next
}

FNR == 1 {
	files[++nfiles] = FILENAME
	head = ""
	inside = ""
}

# The functions of a case: a head at the line's beginning, then braces there.
/^[a-zA-Z_]/ && /\(/ {
	head = $0
	sub(/\(.*/, "", head)
	sub(/.*[^a-zA-Z_0-9]/, "", head)
}

/^\{/ {
	inside = head
	functions[FILENAME]++
	name[FILENAME, functions[FILENAME]] = inside
}

inside != "" {
	at[FILENAME, FNR] = inside
}

/^\}/ {
	inside = ""
}

function where(file, place) {
	return place ~ /^[0-9]+$/ ? at[file, place] : place
}

function judge(	i, w, fn) {
	for (i = 1; i <= n; i++) {
		split(line[i], w, "\t")
		if (w[1] == "said") {
			fn = where(w[4], w[5])
			said[w[2], w[3], w[4], fn]++
			what[w[2], w[3], w[4], fn] = w[6]
		} else {
			bad[w[2], w[3], where(w[3], w[4])] = 1
		}
	}
	for (i = 1; i <= n; i++) {
		split(line[i], w, "\t")
		if (w[1] == "bug")
			count_bug(w[2], w[3], w[4], w[5], w[6])
	}
	for (i in said) {
		split(i, w, SUBSEP)
		if ((w[1], w[3], w[4]) in bad)
			continue
		wrong[w[1], w[2]]++
		wrong_in[w[1], w[2], w[3]]++
		print "false\t" w[1] "\t" w[2] "\t" w[3] "\t" w[4] "\t" what[i] > results
	}
}

function count_bug(s, f, place, rule, times,	t, fn, verdict) {
	fn = where(f, place)
	bugs[s, rule] += times
	bugs_in[s, f] += times
	for (t = 1; t <= ntools; t++) {
		verdict = "missed"
		if ((s, tool[t], f, fn) in said) {
			verdict = "found"
			found[s, tool[t], rule] += times
			found_in[s, tool[t], f] += times
		}
		print verdict "\t" s "\t" tool[t] "\t" f ":" place "\t" fn "\t" rule > results
	}
}

function row(first, cells) {
	print "| " first " |" cells
}

function heading(first,	t, cells, rule) {
	for (t = 1; t <= ntools; t++) {
		cells = cells " " tool[t] " |"
		rule = rule " ---: |"
	}
	print ""
	row(first, " of |" cells)
	print "| --- | ---: |" rule
}

# What is ours is no peer.
BEGIN { ours["plugin"] = ours["sparse-checker"] = ours["cocci"] = 1 }

function by_kind(s,	k, t, cells, good, f, fn) {
	heading("found, " s)
	for (k = 1; k <= nkinds; k++) {
		if (!bugs[s, kind[k]])
			continue
		cells = " " bugs[s, kind[k]] " |"
		for (t = 1; t <= ntools; t++) {
			cells = cells " " found[s, tool[t], kind[k]] + 0 " |"
			if (!ours[tool[t]] && has_plugin && found[s, tool[t], kind[k]] > found[s, "plugin", kind[k]])
				behind = behind " " kind[k] "/" s "/" tool[t]
		}
		row(kind[k], cells)
	}
	for (f = 1; f <= nfiles; f++)
		for (fn = 1; fn <= functions[files[f]]; fn++)
			good += !((s, files[f], name[files[f], fn]) in bad)
	cells = " " good " |"
	for (t = 1; t <= ntools; t++)
		cells = cells " " wrong[s, tool[t]] + 0 " |"
	row("good functions with a report", cells)
	if (wrong[s, "plugin"])
		behind = behind " false/" s
}

function by_file(	f, s, t, cells, all, hit, no, short) {
	heading("found/missed/false, all shapes")
	for (f = 1; f <= nfiles; f++) {
		all = 0
		for (s = 1; s <= nshapes; s++)
			all += bugs_in[shape[s], files[f]]
		cells = " " all " |"
		for (t = 1; t <= ntools; t++) {
			hit = no = 0
			for (s = 1; s <= nshapes; s++) {
				hit += found_in[shape[s], tool[t], files[f]]
				no += wrong_in[shape[s], tool[t], files[f]]
			}
			cells = cells " " hit "/" all - hit "/" no " |"
		}
		short = files[f]
		sub(/.*\//, "", short)
		row(short, cells)
	}
}

END {
	for (t = 1; t <= ntools; t++)
		has_plugin = has_plugin || tool[t] == "plugin"
	judge()
	for (s = 1; s <= nshapes; s++)
		by_kind(shape[s])
	by_file()
	print ""
	if (!has_plugin)
		exit 0
	print behind == "" ? "The plugin is ahead of every other, or level, on every kind, and reports nothing false." : \
		"The plugin is behind at:" behind
	exit behind != ""
}
