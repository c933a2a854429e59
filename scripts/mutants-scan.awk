# SPDX-License-Identifier: GPL-2.0-or-later
#
# mutants-scan.awk - the calls in a C file that map, unmap or flush: the part of mutants.awk that looks at text
#
# The text is looked at, not parsed: comments, strings and preprocessor lines are blanked; calls are names before "(" inside
# of functions. That the places do not come from the checker's own ledger is the point: it may not see some.

# ---- the model ----

function read_model(line,	w, n, names, k, i, eff, only)
{
	sub(/^[ \t]*/, "", line)
	if (line ~ /^#/ || line == "")
		return
	n = split(line, w, /[ \t]+/)
	eff = substr(line, length(w[1]) + 1)
	only = eff
	gsub(/flushes(-page)?\([^()]*\)/, "", only)
	k = split(w[1], names, "|")
	for (i = 1; i <= k; i++) {
		if (match(eff, / unmaps\([a-z]+, arg[0-9]+\)/))
			unmap_fn(names[i], substr(eff, RSTART + 8, RLENGTH - 9))
		else if (match(eff, / maps(-or-null|-or-err)?\([a-z]+, [a-z0-9*]+/))
			map_fn(names[i], substr(eff, RSTART, RLENGTH))
		else if (only ~ /^[ \t]*$/ && match(eff, /flushes(-page)?\(arg[0-9]+/))
			flush_arg[names[i]] = substr(eff, RSTART + RLENGTH - 1, 1) + 0
	}
}

function unmap_fn(name, text,	p)
{
	split(text, p, /, arg/)
	unmap_family[name] = p[1]
	unmap_arg[name] = p[2] + 0
}

function map_fn(name, text,	p)
{
	sub(/.*\(/, "", text)
	split(text, p, /, /)
	map_family[name] = p[1]
	map_arg[name] = p[2] ~ /^arg/ ? substr(p[2], 4) + 0 : -1
}

# ---- the text: T as it is, S of the same length with comments, strings and directives blanked, D directives alone ----

function spaces(n,	s)
{
	s = sprintf("%" n "s", "")
	return n > 0 ? s : ""
}

# One line, without what it holds of comments and strings; in_comment is kept over lines.
function blank(line,	out, at, c, rest, q)
{
	out = ""
	while (line != "") {
		if (in_comment) {
			at = index(line, "*/")
			if (!at)
				return out spaces(length(line))
			in_comment = 0
			out = out spaces(at + 1)
			line = substr(line, at + 2)
			continue
		}
		at = match(line, /["']|\/\*|\/\//)
		if (!at)
			return out line
		out = out substr(line, 1, at - 1)
		c = substr(line, at, 2)
		rest = substr(line, at + 1)
		if (c == "//")
			return out spaces(length(line) - at + 1)
		if (c == "/*") {
			in_comment = 1
			out = out "  "
			line = substr(line, at + 2)
			continue
		}
		q = substr(c, 1, 1)
		at = match(rest, q == "\"" ? /^([^"\\]|\\.)*"/ : /^([^'\\]|\\.)*'/) ? RLENGTH : length(rest)
		out = out "0" spaces(at)
		line = substr(rest, at + 1)
	}
	return out
}

function add_line(line,	b)
{
	b = blank(line)
	nl++
	start[nl] = length(T) + 1
	T = T line "\n"
	if (in_directive || b ~ /^[ \t]*#/) {
		in_directive = line ~ /\\$/
		L[nl] = spaces(length(line))
		scan_directive(b)
	} else {
		L[nl] = b
	}
	S = S L[nl] "\n"
}

# Calls in macros: of no function, so counted alone.
function scan_directive(b,	at)
{
	while ((at = match(b, /[A-Za-z_][A-Za-z0-9_]*[ \t]*\(/)) > 0) {
		in_macro[nl] = in_macro[nl] " " substr(b, at, RLENGTH - 1)
		b = substr(b, at + RLENGTH)
	}
}

# ---- functions and their calls ----

# head: what stands before the body
function head_name(head,	at, w)
{
	while ((at = match(head, /[A-Za-z_][A-Za-z0-9_]*[ \t\n]*\(/)) > 0) {
		w = substr(head, at, RLENGTH - 1)
		sub(/[ \t\n]+$/, "", w)
		if (w !~ /^(__attribute__|__printf|__scanf|__aligned|__section|__alloc_size|typeof)$/) {
			head_before = substr(head, 1, at - 1)
			return w
		}
		head = substr(head, at + RLENGTH)
	}
	return ""
}

function begin_function(pos, head)
{
	nf++
	f_start[nf] = pos
	head_before = ""
	f_name[nf] = head_name(head)
	gsub(/\*[ \t\n]*\)/, ")", head)
	f_void[nf] = head_before ~ /(^|[^A-Za-z0-9_])void([^A-Za-z0-9_]|$)/ && head_before !~ /\*/
	f_ok[nf] = f_name[nf] != "" && head ~ /\)/ && head !~ /=[ \t\n]*$/
}

function find_functions(	i, s, at, depth, c, head, pos)
{
	depth = 0
	head = ""
	for (i = 1; i <= nl; i++) {
		s = L[i]
		# Conditional compilation may leave braces unbalanced; kernel style closes functions in column 1.
		if (s ~ /^[}]/ && depth > 0)
			depth = 1
		if (s ~ /^[{]/) {
			if (depth > 0)
				f_end[nf] = start[i] - 1
			depth = 0
		}
		pos = start[i]
		while ((at = match(s, /[{};]/)) > 0) {
			c = substr(s, at, 1)
			if (depth == 0)
				head = head substr(s, 1, at - 1)
			if (c == "{" && depth++ == 0) {
				begin_function(pos + at - 1, head)
				head = ""
			} else if (c == "}" && depth > 0 && --depth == 0) {
				f_end[nf] = pos + at - 1
				head = ""
			} else if (depth == 0) {
				head = ""
			}
			s = substr(s, at + 1)
			pos += at
		}
		if (depth == 0)
			head = head s "\n"
	}
	if (depth > 0)
		f_end[nf] = length(S)
}

# The position of what closes the parenthesis at pos, or 0.
function closing(pos,	s, at, depth, c, base)
{
	base = pos
	s = substr(S, pos, 4000)
	depth = 0
	while ((at = match(s, /[()]/)) > 0) {
		c = substr(s, at, 1)
		base += at
		if (c == "(")
			depth++
		else if (--depth == 0)
			return base - 1
		s = substr(s, at + 1)
	}
	return 0
}

function find_calls(	i, s, at, w, pos, f, before)
{
	f = 1
	for (i = 1; i <= nl; i++) {
		s = L[i]
		pos = start[i]
		while ((at = match(s, /[A-Za-z_][A-Za-z0-9_]*[ \t]*\(/)) > 0) {
			w = substr(s, at, RLENGTH - 1)
			sub(/[ \t]+$/, "", w)
			if (w in unmap_family || w in map_family || w in flush_arg) {
				while (f < nf && f_end[f] < pos + at)
					f++
				before = substr(S, pos + at - 3, 2)
				if (f <= nf && f_ok[f] && pos + at - 1 > f_start[f] && pos + at - 1 < f_end[f] &&
				    before !~ /(\.|->)$/ && before !~ /[A-Za-z0-9_]$/)
					add_call(w, pos + at - 1, pos + at + RLENGTH - 2, i, f)
			}
			s = substr(s, at + RLENGTH)
			pos += at + RLENGTH - 1
		}
	}
}

function add_call(name, pos, paren, line, f,	end)
{
	end = closing(paren)
	if (!end)
		return
	nc++
	c_name[nc] = name
	c_pos[nc] = pos
	c_end[nc] = end
	c_paren[nc] = paren
	c_line[nc] = line
	c_func[nc] = f
}

# The text of a call's argument, from T; squeezed, it compares with others.
function argument(c, n,	s, at, ch, depth, from, base, i)
{
	base = c_paren[c] + 1
	from = base
	s = substr(S, base, c_end[c] - base)
	depth = 0
	i = 0
	while ((at = match(s, /[][(){},]/)) > 0) {
		ch = substr(s, at, 1)
		base += at
		if (ch == "," && depth == 0) {
			if (i == n)
				return trim(substr(S, from, base - 1 - from))
			i++
			from = base
		} else if (ch != ",") {
			depth += index("([{", ch) ? 1 : -1
		}
		s = substr(s, at + 1)
	}
	return i == n ? trim(substr(S, from, c_end[c] - from)) : ""
}

function trim(s)
{
	gsub(/[ \t\n]+/, " ", s)
	sub(/^ /, "", s)
	sub(/ $/, "", s)
	return s
}

# The variable or field that an expression begins with: "(void *)p->addr + 4" gives "p->addr".
function lvalue(s)
{
	s = trim(s)
	while (sub(/^\((const )?(struct |union |enum |unsigned )?[A-Za-z_][A-Za-z0-9_ ]*\*+ ?\) ?/, "", s) || sub(/^\(/, "", s))
		;
	if (match(s, /^[A-Za-z_][A-Za-z0-9_]*((->|\.)[A-Za-z_][A-Za-z0-9_]*|\[[^][]*\])*/))
		return substr(s, 1, RLENGTH)
	return ""
}

# What the result of a mapping call is assigned to; statement_end is the position of its ";" or 0.
function assigned_to(c,	before, after, at)
{
	statement_end = 0
	before = substr(S, f_start[c_func[c]], c_pos[c] - f_start[c_func[c]])
	if (!match(before, /[A-Za-z_][A-Za-z0-9_]*((->|\.)[A-Za-z_][A-Za-z0-9_]*|\[[^][]*\])*[ \t\n]*=[ \t\n]*(\([^()]*\*[ \t]*\)[ \t\n]*)*\(*$/))
		return ""
	before = substr(before, RSTART)
	sub(/[ \t\n]*=.*/, "", before)
	after = substr(S, c_end[c] + 1, 400)
	at = match(after, /[;{}]/)
	if (at && substr(after, at, 1) == ";" && substr(after, 1, at - 1) !~ /\?/)
		statement_end = c_end[c] + at
	return before
}

function same_stack(a, b)
{
	return a == b || a == "unordered" || b == "unordered"
}

# The mapping call of an unmapping one: the last before it in its function that is assigned to the variable it names, else
# the only one of its family there. kunmap() names the page.
function mapping_of(u,	c, found, only, n, fam, var)
{
	fam = unmap_family[c_name[u]]
	var = fam == "kmap" ? argument(u, 0) : lvalue(argument(u, unmap_arg[c_name[u]]))
	found = only = n = 0
	for (c = 1; c < u; c++) {
		if (c_func[c] != c_func[u] || !(c_name[c] in map_family) || !same_stack(map_family[c_name[c]], fam))
			continue
		n++
		only = c
		if (fam == "kmap" ? argument(c, map_arg[c_name[c]]) == var : assigned_to(c) == var)
			found = c
	}
	return found ? found : n == 1 ? only : 0
}

