# SPDX-License-Identifier: GPL-2.0-or-later
#
# mutants.awk - find the places of one kind of mutation in a C file, or print the file with one of them mutated
#
#	awk -v kind=KIND [-v want=N -v name=NAME] -f mutants-scan.awk -f mutants.awk MODEL FILE.c
#
# MODEL is engine/kernel.api: which functions map, unmap and flush. Without want= the places are printed, a line each:
#	N <tab> line <tab> function <tab> callee <tab> why it is counted apart, or "-" <tab> line of its map, or 0
# With it the file is printed with the Nth mutated. Lines keep their numbers; the first line printed is a line marker
# that names the original, so that reports are of it.

# ---- the edits: what replaces which part of T ----

function edit(pos, len, text,	i, gone)
{
	# Lines keep their numbers.
	gone = substr(T, pos, len)
	gsub(/\\\n/, "", gone)
	for (i = gsub(/\n/, "", gone) - gsub(/\n/, "\n", text); i > 0; i--)
		text = text "\n"
	ne++
	e_pos[ne] = pos
	e_len[ne] = len
	e_text[ne] = text
}

function text_of(c)
{
	return substr(T, c_pos[c], c_end[c] - c_pos[c] + 1)
}

function replace_call(c, text)
{
	edit(c_pos[c], c_end[c] - c_pos[c] + 1, text)
}

function replace_args(c, callee, n, text,	i, out)
{
	out = ""
	for (i = 0; i < 8 && (i <= n || argument(c, i) != ""); i++)
		out = out (i ? ", " : "") (i == n ? text : argument(c, i))
	return callee "(" out ")"
}

# No other file, no other tree: whether there is a mapping of the family in this one at all.
function maps_here(fam,	c)
{
	for (c = 1; c <= nc; c++)
		if (c_name[c] in map_family && same_stack(map_family[c_name[c]], fam))
			return 1
	return 0
}

function word_in(word, text)
{
	text = " " text " "
	return text ~ ("[^A-Za-z0-9_]" word "[^A-Za-z0-9_]")
}

# Each gives why the place is counted apart, or "-"; "" for no place at all. apply: make the edits.
function unmap_deleted(u, apply)
{
	if (apply)
		replace_call(u, "((void)0)")
	return "-"
}

function unmap_doubled(u, apply)
{
	if (apply)
		replace_call(u, "({ " text_of(u) "; " text_of(u) "; })")
	return "-"
}

function return_inserted(u, apply)
{
	if (apply)
		replace_call(u, "({ extern int kmapcheck_mutant; if (kmapcheck_mutant) return" \
			(f_void[c_func[u]] ? "" : " 0") "; " text_of(u) "; })")
	return "-"
}

# u and what follows it
function unmaps_swapped(u, apply,	v, before, fu, fv)
{
	v = u + 1
	if (v > nc || !(c_name[v] in unmap_family) || c_func[v] != c_func[u] ||
	    substr(S, c_end[u] + 1, c_pos[v] - c_end[u] - 1) !~ /^[ \t\n]*;[ \t\n]*$/ ||
	    substr(T, c_end[u] + 1, c_pos[v] - c_end[u] - 1) ~ /\n[ \t]*#/)
		return ""
	before = substr(S, f_start[c_func[u]], c_pos[u] - f_start[c_func[u]])
	if (before !~ /[;{}:][ \t\n]*$/)
		return ""
	fu = unmap_family[c_name[u]]
	fv = unmap_family[c_name[v]]
	if (fu == "kmap" || fv == "kmap")
		return "no-order"
	if (trim(text_of(u)) == trim(text_of(v)))
		return "equivalent"
	if (apply) {
		replace_call(u, text_of(v))
		replace_call(v, text_of(u))
	}
	return "-"
}

# What stands between a position and an unmap, other unmaps left out
function text_between(from, u,	c, out)
{
	out = ""
	for (c = 1; c < u; c++)
		if (c_pos[c] > from && c_name[c] in unmap_family) {
			out = out substr(S, from, c_pos[c] - from)
			from = c_end[c] + 1
		}
	return out substr(S, from, c_pos[u] - from)
}

function unmap_moved(u, apply,	m, var, end, root, call)
{
	m = mapping_of(u)
	if (!m)
		return "no-map-in-function"
	var = assigned_to(m)
	end = statement_end
	if (var == "" || !end)
		return "map-is-no-assignment"
	root = var
	sub(/[^A-Za-z0-9_].*/, "", root)
	if (!word_in(root, text_between(end, u)))
		return "equivalent"
	if (apply) {
		call = unmap_family[c_name[u]] == "kmap" ? text_of(u) : replace_args(u, c_name[u], unmap_arg[c_name[u]], var)
		edit(end, 1, "; " call ";")
		replace_call(u, "((void)0)")
	}
	return "-"
}

function wrong_family(u, apply,	m, var, name)
{
	name = c_name[u]
	if (unmap_family[name] == "kmap") {
		m = mapping_of(u)
		var = m ? assigned_to(m) : ""
		if (var == "")
			return "no-map-in-function"
		if (apply)
			replace_call(u, "kunmap_local(" var ")")
		return "-"
	}
	if (!(name in other_family))
		return "no-counterpart"
	if (apply)
		edit(c_pos[u], length(name), other_family[name])
	return "-"
}

# The cast is for the names that refuse a struct page at compile time.
function page_for_address(u, apply,	m, page, fam)
{
	fam = unmap_family[c_name[u]]
	m = mapping_of(u)
	if (!m)
		return "no-map-in-function"
	if (fam == "kmap") {
		page = assigned_to(m)
		if (page == "")
			return "map-is-no-assignment"
	} else if (map_arg[c_name[m]] < 0) {
		return "no-page"
	} else {
		page = argument(m, map_arg[c_name[m]])
	}
	if (apply)
		replace_call(u, replace_args(u, c_name[u], unmap_arg[c_name[u]], "(void *)(" page ")"))
	return "-"
}

function flush_deleted(c, apply)
{
	if (apply)
		replace_call(c, "((void)0)")
	return "-"
}

# To right behind the last mapping of the same page or folio before it, else to the begin of its block.
function flush_moved(c, apply,	m, i, obj, end)
{
	obj = argument(c, flush_arg[c_name[c]])
	m = 0
	for (i = 1; i < c; i++)
		if (c_func[i] == c_func[c] && c_name[i] in map_family && map_arg[c_name[i]] >= 0 &&
		    argument(i, map_arg[c_name[i]]) == obj)
			m = i
	if (!m)
		return "no-map-in-function"
	assigned_to(m)
	end = statement_end
	if (!end || end > c_pos[c])
		return "map-is-no-assignment"
	if (apply) {
		edit(end, 1, "; " text_of(c) ";")
		replace_call(c, "((void)0)")
	}
	return "-"
}

function mutate(c, apply)
{
	if (kind ~ /^flush/) {
		if (!(c_name[c] in flush_arg))
			return ""
		return kind == "flush-deleted" ? flush_deleted(c, apply) : flush_moved(c, apply)
	}
	if (!(c_name[c] in unmap_family))
		return ""
	if (kind == "unmaps-swapped")
		return unmaps_swapped(c, apply)
	if (kind == "unmap-deleted")
		return unmap_deleted(c, apply)
	if (kind == "unmap-doubled")
		return unmap_doubled(c, apply)
	if (kind == "unmap-moved")
		return unmap_moved(c, apply)
	if (kind == "wrong-family")
		return wrong_family(c, apply)
	if (kind == "page-for-address")
		return page_for_address(c, apply)
	return return_inserted(c, apply)
}

function primary(name)
{
	return kind ~ /^flush/ ? (name in flush_arg) : (name in unmap_family)
}

function list_places(	c, n, why, i, w, k, names, m)
{
	n = 0
	for (c = 1; c <= nc; c++) {
		why = mutate(c, 0)
		if (why == "")
			continue
		if (why == "-" && kind !~ /^flush/ && !maps_here(unmap_family[c_name[c]]))
			why = "mapped-elsewhere"
		m = c_name[c] in unmap_family ? mapping_of(c) : 0
		printf "%d\t%d\t%s\t%s\t%s\t%s\n", ++n, c_line[c], f_name[c_func[c]], c_name[c], why, m ? c_line[m] : 0
	}
	if (kind == "unmaps-swapped")
		return
	for (i = 1; i <= nl; i++) {
		k = split(in_macro[i], names, " ")
		for (w = 1; w <= k; w++)
			if (primary(names[w]))
				printf "%d\t%d\t%s\t%s\t%s\t0\n", ++n, i, "-", names[w], "in-a-macro"
	}
}

function print_mutant(	c, n, i, j, t, at, out)
{
	n = 0
	for (c = 1; c <= nc && n < want; c++)
		if (mutate(c, 0) != "" && ++n == want)
			mutate(c, 1)
	# At most two edits, made in any order.
	if (ne == 2 && e_pos[1] > e_pos[2]) {
		t = e_pos[1]; e_pos[1] = e_pos[2]; e_pos[2] = t
		t = e_len[1]; e_len[1] = e_len[2]; e_len[2] = t
		t = e_text[1]; e_text[1] = e_text[2]; e_text[2] = t
	}
	out = ""
	at = 1
	for (i = 1; i <= ne; i++) {
		out = out substr(T, at, e_pos[i] - at) e_text[i]
		at = e_pos[i] + e_len[i]
	}
	printf "# 1 \"%s\"\n%s", name, out substr(T, at)
	if (!ne)
		exit 1
}

BEGIN {
	other_family["kunmap_local"] = "kunmap_atomic"
	other_family["kunmap_atomic"] = "kunmap_local"
	other_family["io_mapping_unmap_local"] = "io_mapping_unmap_atomic"
	other_family["io_mapping_unmap_atomic"] = "io_mapping_unmap_local"
	nl = nf = nc = ne = in_comment = in_directive = 0
	T = S = ""
}

# The model's lines may be continued.
FILENAME == ARGV[1] {
	held = held $0
	if (sub(/\\$/, " ", held))
		next
	read_model(held)
	held = ""
	next
}

{
	add_line($0)
}

END {
	find_functions()
	find_calls()
	if (want != "")
		print_mutant()
	else
		list_places()
}
