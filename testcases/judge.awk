# SPDX-License-Identifier: GPL-2.0-or-later
#
# judge.awk - hold a front end's report against the expectations that expect.awk wrote
#
# usage: awk -v file=NAME -v abs_file=NAME -v frontend=NAME -f judge.awk EXPECTATIONS REPORT
# Prints a line "# FILE:LINE: …" for each difference; exit status 1 where there is one.

function difference(where, text) {
	print "# " where ": " text
	bad++
}

# The members of a JSON object at its first level, into m[]; false where the line is none.
function object(line, m,    i, n, c, depth, key, val, str, esc) {
	split("", m)
	n = length(line)
	depth = 0; str = 0; esc = 0; key = ""; val = ""
	if (substr(line, 1, 1) != "{")
		return 0
	for (i = 1; i <= n; i++) {
		c = substr(line, i, 1)
		if (str) {
			if (esc) {
				esc = 0
				val = val (c == "n" ? "\n" : c)
			} else if (c == "\\") {
				esc = 1
			} else if (c == "\"") {
				str = 0
			} else {
				val = val c
			}
			continue
		}
		if (c == "\"") {
			str = 1
		} else if (c == "{" || c == "[") {
			if (depth++ == 0)
				val = ""
		} else if (c == "}" || c == "]") {
			if (--depth == 0) {
				if (key != "")
					m[key] = val
				return i == n
			}
		} else if (depth == 1 && c == ":") {
			key = val
			val = ""
		} else if (depth == 1 && c == ",") {
			m[key] = val
			key = ""; val = ""
		} else if (c != " " && c != "\t" && c != "\r") {
			val = val c
		}
	}
	return 0
}

function rank(v) {
	return v == "proved" ? 0 : v == "violated" ? 2 : 1
}

function ours(f) {
	return f == file || f == abs_file
}

function finding(f, line, rule, message) {
	if (ours(f)) {
		got[line, rule]++
		said[line, rule] = ": " message
	} else {
		difference(f ":" line, "unexpected " rule ": " message)
	}
}

# A site is kind, file, line and callee; the worst of several verdicts stands for it.
function note_site(v,    k) {
	if (v == "unproved") {
		match(m["reason"], /^[a-z-]*/)
		v = v "(" substr(m["reason"], 1, RLENGTH) ")"
	}
	k = m["site"] SUBSEP m["file"] SUBSEP m["line"] SUBSEP m["callee"]
	if (!(k in site) || rank(v) > rank(site[k]))
		site[k] = v
}

FILENAME == ARGV[1] {
	if ($1 == "error") {
		line = $2
		sub(/^error [0-9]+ /, "")
		difference(file ":" line, $0)
	} else if ($2 == "site") {
		vwant[$1, $3] += $4
		judged[$1] = 1
	} else {
		want[$1, $3] += $4
		if ($2 == "must")
			must[$1, $3] = 1
	}
	next
}

frontend == "cocci" {
	# FILE:LINE:… message [rule]
	if (/^[^:]*:[0-9]+/ && match($0, /\[(kmap|dcache)-[a-z-]+\] *$/)) {
		rule = substr($0, RSTART + 1)
		sub(/\].*/, "", rule)
		split($0, w, ":")
		finding(w[1], w[2] + 0, rule, $0)
	}
	next
}

!object($0, m) {
	difference("report:" FNR, "not a JSON object: " substr($0, 1, 80))
	next
}

m["type"] == "unit" {
	units++
	if ("error" in m)
		difference(file, "the unit failed: " m["error"])
	next
}

m["type"] == "finding" {
	finding(m["file"], m["line"] + 0, m["rule"], m["message"])
	next
}

m["type"] == "site" {
	note_site(m["verdict"])
	next
}

{
	difference("report:" FNR, "what is a \"" m["type"] "\"?")
}

# "unproved" without a reason stands for any.
function loosen(line, key,    k, w, n) {
	for (k in vgot) {
		split(k, w, SUBSEP)
		if (w[1] != line || index(w[2], key "(") != 1)
			continue
		n = vgot[k] - vwant[k]
		if (n > vwant[line, key] - vgot[line, key])
			n = vwant[line, key] - vgot[line, key]
		if (n > 0) {
			vgot[k] -= n
			vgot[line, key] += n
		}
	}
}

END {
	if (frontend != "cocci" && units != 1)
		difference(file, units + 0 " unit lines in the report")
	for (k in got)
		all[k] = 1
	for (k in want)
		all[k] = 1
	for (k in all) {
		split(k, w, SUBSEP)
		for (i = got[k]; i < want[k]; i++)
			if (frontend != "cocci" || must[k])
				difference(file ":" w[1], "missing " w[2])
		for (i = want[k]; i < got[k]; i++)
			difference(file ":" w[1], "unexpected " w[2] said[k])
	}
	if (frontend == "cocci")
		exit bad != 0
	for (k in site) {
		split(k, w, SUBSEP)
		if (ours(w[2]) && judged[w[3]])
			vgot[w[3], w[1] "=" site[k]]++
	}
	for (k in vwant) {
		split(k, w, SUBSEP)
		if (w[2] ~ /=unproved$/)
			loosen(w[1], w[2])
	}
	for (k in vgot)
		vall[k] = 1
	for (k in vwant)
		vall[k] = 1
	for (k in vall) {
		split(k, w, SUBSEP)
		for (i = vgot[k]; i < vwant[k]; i++)
			difference(file ":" w[1], "missing " w[2])
		for (i = vwant[k]; i < vgot[k]; i++)
			difference(file ":" w[1], "unexpected " w[2])
	}
	exit bad != 0
}
