# SPDX-License-Identifier: GPL-2.0-or-later
#
# expect.awk - the expectations of a test case: one line "LINE KIND KEY COUNT" for each, or "error LINE TEXT"
#
# variables: frontend, shape: what narrowings are held against
# KIND is find, must (a finding that a semantic patch must make as well) or site. In flow texts an item says its own line,
# "kmap-leak at 12".

function wrong(text) {
	print "error", FNR, text
}

# Does "[gcc,inline]" hold here?
function holds(narrow,    n, w, i, fe, sh, fe_ok, sh_ok) {
	n = split(narrow, w, /[][, ]+/)
	fe = sh = fe_ok = sh_ok = 0
	for (i = 1; i <= n; i++) {
		if (w[i] == "")
			continue
		if (w[i] ~ /^(gcc|sparse|cocci|flow)$/) {
			fe = 1
			if (w[i] == frontend)
				fe_ok = 1
		} else if (w[i] ~ /^(extern|inline|highmem)$/) {
			sh = 1
			if (w[i] == shape)
				sh_ok = 1
		} else {
			wrong("what is " w[i] " in a narrowing?")
		}
	}
	return (!fe || fe_ok) && (!sh || sh_ok)
}

# "kmap-leak, kmap-order*2" or "map=proved*2"
function items(what, text, must,    n, w, i, count, line, key) {
	n = split(text, w, /,/)
	for (i = 1; i <= n; i++) {
		key = w[i]
		gsub(/^[ \t]+|[ \t]+$/, "", key)
		line = frontend == "flow" ? 0 : FNR
		if (match(key, / at [0-9]+$/)) {
			line = substr(key, RSTART + 4) + 0
			key = substr(key, 1, RSTART - 1)
		}
		count = 1
		if (match(key, /\*[0-9]+$/)) {
			count = substr(key, RSTART + 1) + 0
			key = substr(key, 1, RSTART - 1)
		}
		if (!line || (what == "expect" ? key !~ /^(kmap|dcache)-[a-z-]+$/ : \
			      key !~ /^(map|unmap|write|flush)=(proved|violated|unproved(\([a-z-]+\))?)$/))
			wrong("cannot read \"" w[i] "\"")
		else
			print line, what == "verdict" ? "site" : must ? "must" : "find", key, count
	}
}

{
	rest = $0
	while (match(rest, /(expect|verdict)(\[[a-z, ]*\])?: /)) {
		head = substr(rest, RSTART, RLENGTH)
		rest = substr(rest, RSTART + RLENGTH)
		text = rest
		sub(/[ \t]*(\*\/|; (expect|verdict)).*/, "", text)
		what = head ~ /^expect/ ? "expect" : "verdict"
		narrow = head ~ /\[/ ? substr(head, length(what) + 1) : ""
		sub(/: $/, "", narrow)
		if (narrow != "" && text !~ / -- [^ ]/)
			wrong("a narrowing without a reason")
		sub(/ -- .*/, "", text)
		if (narrow == "" || holds(narrow))
			items(what, text, narrow ~ /cocci/)
	}
}
