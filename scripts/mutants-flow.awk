# SPDX-License-Identifier: GPL-2.0-or-later
#
# mutants-flow.awk -v kind=KIND -v want=N FILE.flow - the places of a flow text, or the text with one of them broken
#
# want=0 lists: number, line, callee, function. Calls of the unit's own file only.

function variable(v)
{
	sub(/^%/, "", v)
	gsub(/"/, "", v)
	sub(/\.[0-9]+$/, "", v)
	return v
}

# The last map of the function whose result is of the variable that the call names, or (by page) the last of kmap().
function map_of(arg, by_page,	j)
{
	for (j = nmaps; j > 0 && map_func[j] == func_line; j--)
		if (by_page ? map_is_kmap[j] : variable(map_value[j]) == variable(arg) && variable(arg) !~ /^[0-9]*$/)
			return j
	return 0
}

function found(i, text,		callee, arg, place, part, m)
{
	match(text, /![0-9]+:[0-9]+/)
	place = substr(text, RSTART, RLENGTH)
	split(substr(place, 2), part, ":")
	if (part[1] != own)
		return
	callee = arg = text
	sub(/^\tcall /, "", callee)
	sub(/\(.*/, "", callee)
	sub(/^[^(]*\((const )?/, "", arg)
	sub(/[,)].*/, "", arg)
	n++
	if (kind == "unmap-moved")
		m = map_of(arg, 0)
	else if (kind == "wrong-family" && callee == "kunmap")
		m = map_of(arg, 1)
	else
		m = -1
	if (!want && m)
		print n "\t" part[2] "\t" callee "\t" func_name
	if (n != want || !m)
		return
	if (kind == "unmap-doubled")
		again[i] = text
	else if (kind == "unmap-deleted" || kind == "unmap-moved")
		gone[i] = 1
	if (kind == "unmap-moved") {
		sub(/\(.*\)/, "(const " map_value[m] ")", text)
		again[map_line[m]] = text
	} else if (kind == "wrong-family" && callee == "kunmap") {
		sub(/kunmap\(.*\)/, "kunmap_local(const " map_value[m] ")", line[i])
	} else if (kind == "wrong-family") {
		sub(/_local|_atomic/, callee ~ /local/ ? "_atomic" : "_local", line[i])
	}
}

{ line[NR] = $0 }
/^unit / { split($0, word, "\""); unit = word[2] }
/^file / { split($0, word, "\""); if (word[2] == unit) own = $2 }
/^func / { func_line = NR; func_name = $2; sub(/\(.*/, "", func_name) }
/= call (bvec_)?kmap[a-z_]*\(/ {
	nmaps++
	map_line[nmaps] = NR
	map_value[nmaps] = $1
	map_func[nmaps] = func_line
	map_is_kmap[nmaps] = /= call kmap\(/
}
/^\tcall (__)?kunmap(_local|_atomic)?\(/ { found(NR, $0) }

END {
	for (i = 1; want && i <= NR; i++) {
		if (!(i in gone))
			print line[i]
		if (i in again)
			print again[i]
	}
}
