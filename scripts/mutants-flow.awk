# SPDX-License-Identifier: GPL-2.0-or-later
#
# mutants-flow.awk - the places of a flow text, or the text with one of them broken
#
#	awk -v kind=KIND -v want=N -f mutants-scan.awk -f mutants-flow.awk MODEL FILE.flow
#
# want=0 lists: number, line, callee, function, and "elsewhere" where nothing in the unit's own file maps anything of the family, else
# "-". Places are calls in the unit's own file. MODEL is engine/kernel.api.

function variable(v)
{
	sub(/^%/, "", v)
	gsub(/"/, "", v)
	sub(/\.[0-9]+$/, "", v)
	return v
}

function argument_of(text, n,	part)
{
	sub(/^[^(]*\(/, "", text)
	sub(/\)[^)]*$/, "", text)
	split(text, part, /, /)
	text = part[n + 1]
	sub(/^(const|u?int|ptr) /, "", text)
	return text
}

function callee_of(text)
{
	sub(/^.*call /, "", text)
	sub(/\(.*/, "", text)
	return text
}

function in_own_file(text,	part)
{
	if (!match(text, /![0-9]+:[0-9]+/))
		return 0
	split(substr(text, RSTART + 1, RLENGTH - 1), part, ":")
	place_line = part[2]
	return part[1] == own
}

# The last map of the function whose result is of the variable that the call names; for kunmap() the last kmap() of that value,
# else the last there is.
function map_of(u,	j, arg, last)
{
	arg = argument_of(line[u], unmap_arg[callee[u]])
	last = 0
	for (j = nmaps; j > 0 && map_func[j] == func_line; j--) {
		if (unmap_family[callee[u]] == "kmap") {
			if (map_family[map_name[j]] == "kmap" && page_of(j) == arg)
				return j
			if (map_family[map_name[j]] == "kmap" && !last)
				last = j
		} else if (variable(map_value[j]) == variable(arg) && variable(arg) !~ /^[0-9]*$/) {
			return j
		}
	}
	return last
}

function set_argument(text, n, value,	head, part, k, i)
{
	head = text
	sub(/\(.*/, "(", head)
	sub(/^[^(]*\(/, "", text)
	k = split(text, part, /, /)
	part[n + 1] = "const " value substr(part[n + 1], match(part[n + 1], /(\)[^)]*)?$/))
	for (i = 1; i <= k; i++)
		head = head (i > 1 ? ", " : "") part[i]
	return head
}

# Is the call a place of the kind? What has to be known of its map goes to chosen_map.
function is_place(u,	fam)
{
	fam = unmap_family[callee[u]]
	if (kind ~ /^(unmap-deleted|unmap-doubled|return-inserted)$/)
		return 1
	chosen_map = kind == "wrong-family" && fam != "kmap" ? 0 : map_of(u)
	if (kind == "wrong-family")
		return fam == "kmap" ? chosen_map : callee[u] ~ /unmap_(local|atomic)$/
	if (kind == "page-for-address")
		return chosen_map && (fam == "kmap" || map_family[map_name[chosen_map]] == fam && map_name[chosen_map] !~ /pfn/)
	# For kunmap() what it names has to be there by then.
	return chosen_map && (fam != "kmap" || page_of(chosen_map) == argument_of(line[u], 0))
}

# of: the first of the two, for a swap
function place(u, of,	text)
{
	if (!in_own_file(line[of]))
		return
	n++
	if (!want)
		listed[n] = n "\t" place_line "\t" callee[of] "\t" func_name "\t" unmap_family[callee[of]]
	if (n == want)
		edit(u, of)
}

function page_of(m)
{
	return argument_of(line[map_line[m]], map_arg[map_name[m]])
}

function edit(u, of,	text, fam, arg)
{
	fam = unmap_family[callee[u]]
	arg = unmap_arg[callee[u]]
	text = line[of]
	if (kind == "unmap-deleted" || kind == "unmap-moved" || kind == "unmaps-swapped")
		gone[of] = 1
	if (kind == "unmap-doubled" || kind == "unmaps-swapped")
		again[u] = text
	if (kind == "unmap-moved")
		again[map_line[chosen_map]] = fam == "kmap" ? text : set_argument(text, arg, map_value[chosen_map])
	if (kind == "page-for-address")
		line[u] = set_argument(text, arg, fam == "kmap" ? map_value[chosen_map] : page_of(chosen_map))
	if (kind == "wrong-family" && fam == "kmap")
		line[u] = "\tcall kunmap_local(const " map_value[chosen_map] substr(text, match(text, /\)[^)]*$/))
	else if (kind == "wrong-family")
		sub(/unmap_(local|atomic)\(/, "unmap_" (callee[u] ~ /_local$/ ? "atomic" : "local") "(", line[u])
	if (kind == "return-inserted") {
		split_at = u
		split_block = block
		split_func = func_line
	}
}

function unmap(u)
{
	callee[u] = callee_of(line[u])
	if (kind != "unmaps-swapped") {
		if (is_place(u))
			place(u, u)
		return
	}
	# Behind the second, by values that were there before: the same release, later.
	if (last_unmap && unmap_family[callee[last_unmap]] != "kmap" && unmap_family[callee[u]] != "kmap" &&
	    argument_of(line[last_unmap], unmap_arg[callee[last_unmap]]) != argument_of(line[u], unmap_arg[callee[u]]))
		place(u, last_unmap)
	last_unmap = u
}

# The block of a place is cut in two in front of it; a way out that nobody knows the condition of comes between.
function print_split(	i, at, first, new, phi, p, tail)
{
	match(line[split_at], /!.*/)
	at = substr(line[split_at], RSTART)
	first = func_blocks[split_func]
	phi = "[@" split_block " "
	new = "[@" first + 1 " "
	for (i = 1; i <= NR; i++) {
		if (i == split_at) {
			printf "\t%%kmapcheck.1 = load %%kmapcheck.0, 4 int %s\n\t%%kmapcheck.2 = cmp ne %%kmapcheck.1, 0\n", at
			printf "\tif %%kmapcheck.2 goto @%d else @%d %s\n", first, first + 1, at
			while (line[i + 1] ~ /^\t/)
				tail = tail line[i++] "\n"
			tail = tail line[i]
			continue
		}
		if (line[i] == "}" && tail != "") {
			printf "@%d:\n\tret%s %s\n@%d:\n%s\n", first, func_returns[split_func] ? " 0" : "", at, first + 1, tail
			tail = ""
		}
		if (i > split_func && i < func_end[split_func] && line[i] ~ / = phi /)
			while ((p = index(line[i], phi)) > 0)
				line[i] = substr(line[i], 1, p - 1) new substr(line[i], p + length(phi))
		print line[i]
		if (i == split_func)
			print "global %kmapcheck.0 \"kmapcheck_mutant\""
	}
}

FILENAME == ARGV[1] {
	held = held $0
	if (sub(/\\$/, " ", held))
		next
	read_model(held)
	held = ""
	next
}
{ line[FNR] = $0 }
/^unit / { split($0, word, "\""); unit = word[2] }
/^file / { split($0, word, "\""); if (word[2] == unit) own = $2 }
/^func / { func_line = FNR; func_name = $2; sub(/\(.*/, "", func_name) }
/^@[0-9]+:/ { block = substr($0, 2) + 0; func_blocks[func_line] = block + 1; last_unmap = 0 }
/^}/ { func_end[func_line] = FNR }
/^\tret [%0-9-]/ { func_returns[func_line] = 1 }
!/^\t/ { next }
/^\t%.* = call / && callee_of($0) in map_family {
	nmaps++
	map_line[nmaps] = FNR
	map_value[nmaps] = $1
	map_func[nmaps] = func_line
	map_name[nmaps] = callee_of($0)
	if (in_own_file($0))
		maps_own[map_family[map_name[nmaps]]] = 1
}
/^\tcall / && callee_of($0) in unmap_family { unmap(FNR); next }
# Between two releases that follow each other only what they are to release is read.
!/ = / || / = call / { last_unmap = 0 }

END {
	NR = FNR
	for (i = 1; i <= n && !want; i++) {
		split(listed[i], word, "\t")
		here = 0
		for (fam in maps_own)
			here = here || same_stack(fam, word[5])
		sub(/[^\t]*$/, here ? "-" : "elsewhere", listed[i])
		print listed[i]
	}
	if (split_at) {
		print_split()
		exit
	}
	for (i = 1; want && i <= NR; i++) {
		if (!(i in gone))
			print line[i]
		if (i in again)
			print again[i]
	}
}
