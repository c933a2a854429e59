# SPDX-License-Identifier: GPL-2.0-or-later
#
# mutants-causes.awk - the missed places that mutants-flow lists, as a table by the verdict of the release as it is
#
#	scripts/mutants-flow KIND flow/*.flow > results
#	awk [-v root=DIR/] -f scripts/mutants-causes.awk engine/reasons.def results...
#
# root: what the names of files are shown without.

FILENAME == ARGV[1] {
	if (split($0, word, "\"") > 4 && /^REASON/)
		text["unproved: " word[2]] = word[4]
	next
}
/^(missed|other) / {
	cause = "no verdict of its own"
	if (match($0, /; as it is .*/)) {
		cause = substr($0, RSTART + 11)
		$0 = substr($0, 1, RSTART - 1)
	}
	name = $2
	if (root != "" && index(name, root) == 1)
		name = substr(name, length(root) + 1)
	total++
	if (!n[cause]++)
		order[++causes] = cause
	# Lines of one file together.
	file = line = name
	sub(/:[0-9]+$/, "", file)
	sub(/.*:/, "", line)
	if (!((cause, file) in lines))
		files[cause] = files[cause] (files[cause] != "" ? SUBSEP : "") file
	else
		line = " " line
	lines[cause, file] = lines[cause, file] line
}

function where(c,	k, f, i, out)
{
	k = split(files[c], f, SUBSEP)
	for (i = 1; i <= k; i++)
		out = out (i > 1 ? ", " : "") f[i] " " lines[c, f[i]]
	return out
}

END {
	text["proved"] = "the release is right on every path as it is; without it something else is said"
	print "| as it is | what that means | missed | of them, % | where |"
	print "| --- | --- | ---: | ---: | --- |"
	for (i = 2; i <= causes; i++)
		for (j = i; j > 1 && n[order[j]] > n[order[j - 1]]; j--) {
			c = order[j]
			order[j] = order[j - 1]
			order[j - 1] = c
		}
	for (i = 1; i <= causes; i++) {
		c = order[i]
		printf "| %s | %s | %d | %.0f | %s |\n", c, text[c], n[c], 100 * n[c] / total, where(c)
	}
}
