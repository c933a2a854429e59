#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# scripts/compare-reports: what two folders of reports say differently.
. testcases/tap.sh

compare=$top/scripts/compare-reports
cd "$tmp" || exit 1
mkdir a b

# site KIND LINE VERDICT [REASON]
site()
{
	echo "{\"type\":\"site\",\"site\":\"$1\",\"callee\":\"kmap_local_page\",\"file\":\"${file:-x.c}\",\"line\":$2,\"column\":${column:-1}," \
		"\"function\":\"f\",\"object\":\"a, b\",\"verdict\":\"$3\",\"reason\":${4-null}}"
}

unit()
{
	echo "{\"type\":\"unit\",\"version\":1,\"file\":\"$1\",\"functions\":1,\"analysed\":1,\"skipped\":0,\"bounded\":0${2-},\"seconds\":0.1,\"total\":0.2}"
}

finding()
{
	echo "{\"type\":\"finding\",\"rule\":\"$2\",\"severity\":\"error\",\"file\":\"x.c\",\"line\":$1,\"column\":3,\"function\":\"f\"," \
		"\"message\":\"\\\"\",\"events\":[{\"file\":\"y.c\",\"line\":99,\"column\":1,\"function\":\"f\",\"text\":\"\"}]}"
}

{ finding 4 kmap-leak; site map 3 proved; site map 4 violated; site unmap 5 proved; unit x.c; } >a/x.c.jsonl
cp a/x.c.jsonl b/other-name.jsonl
run "$compare" a b
exits 0 'the same reports'
has 'findings  1: on both sides 1 (100.0 %)' '... have the same findings'
has 'map       2: same verdict 2 (100.0 %)' '... and verdicts'

column=7
{ site map 3 proved; site map 4 unproved '"memory"'; site map 9 proved; file=h.h site map 3 unproved '"bound"'; site unmap 5 proved
	site map 3 unproved '"bound"'; unit x.c; } >b/other-name.jsonl
run "$compare" a b
exits 1 'other reports'
has 'finding	x.c:4 [kmap-leak]	only A' 'a finding of one side'
has 'map	x.c:4	kmap_local_page	A violated	B unproved(memory)' 'a verdict that differs'
has 'map	x.c:3	kmap_local_page	A proved	B unproved(bound)' 'the worst of several verdicts counts'
has 'map	x.c:9	kmap_local_page	A -	B proved' 'a site of one side'
lacks 'h.h' 'headers are left out'
has 'map       3: same verdict 0 (0.0 %), other verdict 2, only in A 0, only in B 1' 'the summary counts them'
has 'unmap     1: same verdict 1 (100.0 %)' 'columns are not compared'

unit y.c ',"error":"no"' >a/y.jsonl
{ site map 1 proved; unit y.c; } >b/y.jsonl
unit z.c >b/z.jsonl
run "$compare" --kinds=unmap a b
has 'files     2 on both sides, 0 only in A, 1 only in B; failed: 1 in A, 0 in B' 'failed units are counted apart'
lacks 'y.c' '... and not compared'
lacks 'x.c:9' '--kinds chooses what is listed'

run "$compare" a
exits 2 'one folder'
run "$compare" a nothing
exits 2 'a folder without reports'
run "$compare" --nonsense a b
exits 2 'an unknown option'
run "$compare" --kinds=maps a b
exits 2 'an unknown kind'
echo nonsense >b/n.jsonl
run "$compare" a b
exits 2 'what is no report'
has 'n.jsonl: not a report' '... is named'
finish
