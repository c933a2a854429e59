#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# "kmapcheck report": joining, shares, findings, failures, exit status.
. testcases/tap.sh

report()
{
	run "$build/kmapcheck" report "$@"
}

site()	# FILE LINE KIND CALLEE VERDICT [REASON [NAME]]
{
	reason=null
	[ -z "${6-}" ] || reason="\"$6\""
	printf '{"type":"site","site":"%s","callee":"%s","file":"%s","line":%s,"column":1,"function":"f","object":"page"' \
		"$3" "$4" "$1" "$2"
	printf ',"verdict":"%s","reason":%s%s}\n' "$5" "$reason" "${7:+,\"name\":\"$7\"}"
}

finding()	# FILE LINE RULE SEVERITY
{
	printf '{"type":"finding","rule":"%s","severity":"%s","file":"%s","line":%s,"column":9,"function":"f",' \
		"$3" "$4" "$1" "$2"
	printf '"message":"text [%s]","events":[{"file":"%s","line":%s,"column":9,"function":"f","text":"mapped"},' \
		"$3" "$1" "$2"
	printf '{"file":"%s","line":%s,"column":0,"function":"g","text":"leaves"}]}\n' "$1" "$(($2 + 1))"
}

unit()	# FILE [ERROR]
{
	printf '{"type":"unit","version":1,"file":"%s","functions":10,"analysed":4,"skipped":6,"bounded":1,' "$1"
	printf '"seconds":0.010000,"total":2.000000%s}\n' "${2:+,\"error\":\"$2\"}"
}

d=$tmp/two
mkdir "$d"
{
	finding include/h.h 7 kmap-leak error
	finding mm/a.c 10 kmap-order error
	site mm/a.c 10 map kmap_local_page proved
	site mm/a.c 10 map kmap_local_page unproved may-write fill
	site mm/a.c 10 map kmap_local_page violated
	site mm/a.c 12 map kmap_local_page proved
	site mm/a.c 12 map kmap_local_folio proved
	site mm/a.c 13 map kmap_local_page unproved may-write fill
	site mm/a.c 13 unmap kunmap_local proved
	site include/h.h 7 map kmap_local_page violated
	unit mm/a.c
} > "$d/a.jsonl"
{
	finding include/h.h 7 kmap-leak error
	site include/h.h 7 map kmap_local_page violated
	site mm/b.c 5 map kmap_local_page unproved escapes-return
	site mm/b.c 6 map kmap_local_page unproved may-write fill
	unit mm/b.c
} > "$d/b.jsonl"
echo garbage > "$d/.hidden.jsonl"
echo garbage > "$d/notes.txt"

report "$d"
exits 1 "findings"
has "include/h.h:7:9: error: text [kmap-leak]
    include/h.h:7:9: mapped
    include/h.h:8: in g(): leaves
mm/a.c:10:9: error: text [kmap-order]" "findings with their paths, sorted"
has "files      2 checked
functions  8 analysed of 20, 2 of them only up to a bound
CPU time   0.02 s of 4.00 s (0.50 %)" "units"
has "  map           6        2         1         3   33.3 % proved" "sites join to the worst verdict, headers are not counted"
has "  unmap         1        1         0         0   100.0 % proved" "sites of another kind"
has "unproved map sites by reason
       2  may-write
       1  escapes-return" "reasons by frequency"
has "unknown functions that leave sites unproved
       2  fill" "unknown functions by frequency"
has "       1  kmap-leak
       1  kmap-order" "a header's finding counts once"
has "findings   2 (2 error, 0 warning, 0 note)" "findings"

report "$d/b.jsonl" "$d/a.jsonl"
first=$out
report "$d/a.jsonl" "$d/b.jsonl"
same "$first" "the order of the reports does not matter"

report --findings "$d"
lacks "sites in these files" "--findings leaves the summary out"
report --summary "$d"
lacks "mapped" "--summary leaves the findings out"
exits 1 "--summary"

unit mm/c.c > "$tmp/clean.jsonl"
report "$tmp/clean.jsonl"
exits 0 "a clean report"
{ finding mm/n.c 3 dcache-missing-flush note; unit mm/n.c; } > "$tmp/note.jsonl"
report "$tmp/note.jsonl"
exits 0 "notes are no findings for the exit status"
has "(0 error, 0 warning, 1 note)" "but they are counted"
{ finding mm/n.c 3 dcache-missing-flush warning; unit mm/n.c; } > "$tmp/warning.jsonl"
report "$tmp/warning.jsonl"
exits 1 "a warning"

unit mm/c.c "mm/c.c:1:2: error: no \\\"such\\\" thing" > "$tmp/failed.jsonl"
report "$tmp/failed.jsonl" "$tmp/warning.jsonl"
exits 2 "a failed unit"
has "files      1 checked, 1 failed" "is counted apart"
has '  mm/c.c: mm/c.c:1:2: error: no "such" thing' "with its reason"

for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
	site mm/t.c $i map "m" unproved may-write "fn$i"
done > "$tmp/many.jsonl"
unit mm/t.c >> "$tmp/many.jsonl"
report "$tmp/many.jsonl"
has "       2  (2 others)" "long lists are cut"
report --all "$tmp/many.jsonl"
lacks "others" "but not with --all"

# What cannot be read
printf '{"type":"finding","rule"' > "$tmp/cut.jsonl"
report "$tmp/cut.jsonl" "$tmp/clean.jsonl"
exits 2 "a report that was cut off"
has "cut.jsonl:1:1: expected the end of a line" "is named"
has "files      1 checked, 1 failed" "the others are still shown"
finding mm/a.c 1 kmap-leak error > "$tmp/nounit.jsonl"
report "$tmp/nounit.jsonl"
exits 2 "a report without its unit line"
lacks "mm/a.c:1:9: error" "nothing of it is taken"
{ echo '{"type":"site","site":"map","verdict":"perfect"}'; unit mm/a.c; } > "$tmp/verdict.jsonl"
report "$tmp/verdict.jsonl"
has "verdict.jsonl:1:1: expected a site with a verdict" "an unknown verdict"
{ unit mm/a.c; echo '{"type":"other"}'; } > "$tmp/type.jsonl"
report "$tmp/type.jsonl"
has "type.jsonl:2:1: expected a line of type finding, site or unit" "an unknown type"
{ printf '{"type":"unit",}\n'; } > "$tmp/syntax.jsonl"
report "$tmp/syntax.jsonl"
has "syntax.jsonl:1:16: expected a member's name" "wrong JSON"
unit mm/a.c | sed 's/"version":1/"version":2/' > "$tmp/version.jsonl"
report "$tmp/version.jsonl"
exits 2 "another version"
mkdir "$tmp/empty"
report "$tmp/empty"
exits 2 "an empty folder"
report "$tmp/none"
exits 2 "no such file"
report
exits 2 "no argument"
report --frobnicate "$d"
exits 2 "an unknown option"
report --help
exits 0 "--help"

finish
