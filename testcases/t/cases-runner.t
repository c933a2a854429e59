#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The runners: they see each kind of difference, and pass where there is none.
. testcases/tap.sh

# A case under another name than any in the tree, and a report of it that is as expected.
case=$tmp/known.c
cat >"$case" <<'END'
/* options: dcache=strict */
void f(void)
{
	one();	/* expect: kmap-leak, kmap-order*2 */
	two();	/* verdict: map=proved, unmap=unproved(caller) */
	three();	/* expect[sparse]: kmap-leak -- only to see that it is narrowed away */
	four();	/* expect: dcache-missing-flush; verdict: write=violated */
	five();	/* verdict: map=unproved */
}
END
finding()
{
	printf '{"type":"finding","rule":"%s","severity":"error","file":"%s","line":%s,"column":2,"function":"f",' "$1" "$2" "$3"
	printf '"message":"said \\"so\\", {at} line 99 [%s]","events":[{"file":"other.h","line":77,"column":1,"text":"x"}]}\n' "$1"
}
site()
{
	printf '{"type":"site","site":"%s","callee":"%s","file":"%s","line":%s,"column":2,"function":"f","object":"p",' "$1" "$2" \
		"$case" "$3"
	printf '"verdict":"%s"%s}\n' "$4" "${5:+,\"reason\":\"$5\"}"
}
unit='{"type":"unit","version":1,"file":"known.c","functions":1,"analysed":1,"skipped":0,"bounded":0,"seconds":0.1,"total":1}'
{
	finding kmap-leak "$case" 4
	finding kmap-order "$case" 4
	finding kmap-order "$case" 4
	site map kmap_local_page 5 proved
	site map kmap_local_page 5 proved
	site unmap kunmap_local 5 unproved 'caller who'
	finding dcache-missing-flush "$case" 7
	site write memcpy 7 violated
	site map kmap 6 proved
	site map kmap 8 unproved escapes-arg
	echo "$unit"
} >"$tmp/right"

judge()
{
	run testcases/run-cases --shape extern --report "$1" "$case"
}

judge "$tmp/right"
exits 0 'a report that is as expected passes'
has 'ok 1 - known.c gcc extern' 'one test for a file and a shape'
lacks '#' 'and no difference'

run testcases/run-cases --frontend sparse --shape inline --report "$tmp/right" "$case"
exits 1 'an expectation narrowed to this front end is asked for'
has "known.c:6: missing kmap-leak" 'and named'

# differs NAME TEXT SED-SCRIPT: the report changed like this fails
differs()
{
	sed "$3" "$tmp/right" >"$tmp/wrong"
	judge "$tmp/wrong"
	exits 1 "$1"
	has "$2" "$1: says so"
}

differs 'a finding less' 'known.c:4: missing kmap-leak' 1d
differs 'one of two findings less' 'known.c:4: missing kmap-order' 2d
differs 'a finding more' 'known.c:4: unexpected kmap-leak: said "so"' 1p
differs 'a finding on another line' 'known.c:9: unexpected kmap-leak' '1s/"line":4/"line":9/'
differs 'another rule' 'known.c:4: unexpected kmap-wrong-arg' '1s/"rule":"kmap-leak"/"rule":"kmap-wrong-arg"/'
differs 'a finding in a header' 'include/inlines.h:4: unexpected kmap-leak' "1s|\"file\":\"$case\"|\"file\":\"include/inlines.h\"|"
differs 'another verdict' 'known.c:5: missing map=proved' '5s/proved/violated/'
differs 'another reason' 'known.c:5: unexpected unmap=unproved(memory)' 's/caller who/memory/'
differs 'a site more on a judged line' 'known.c:5: unexpected write=proved' \
	'5s/"map"/"write"/'
differs 'no unit line' '0 unit lines' '$d'
differs 'two unit lines' '2 unit lines' '$p'
differs 'a unit that failed' 'the unit failed: no luck' '$s/}$/,"error":"no luck"}/'
differs 'a line that is no JSON' 'not a JSON object' '1s/^{/x{/'
differs 'a line cut short' 'not a JSON object' '1s/.$//'
differs 'an unknown type' 'what is a "thing"?' '1s/"finding"/"thing"/'

# Comments that cannot be read fail, too.
unreadable()
{
	sed "$3" "$case" >"$tmp/known2.c"
	sed "s|$case|$tmp/known2.c|" "$tmp/right" >"$tmp/wrong"
	run testcases/run-cases --shape extern --report "$tmp/wrong" "$tmp/known2.c"
	exits 1 "$1"
	has "$2" "$1: says so"
}
unreadable 'an unknown rule' 'cannot read "kmap-leak now"' 's/kmap-leak, /kmap-leak now, /'
unreadable 'an unknown verdict' 'cannot read "map=good"' 's/map=proved/map=good/'
unreadable 'an unknown narrowing' 'what is tcc in a narrowing' 's/\[sparse\]/[tcc]/'
unreadable 'a narrowing without a reason' 'a narrowing without a reason' 's/ -- only.*\*/ */'

# The semantic patches may miss what compilers see, but not say more.
printf '%s:4:5-6: ERROR: not released [kmap-leak]\n' "$case" >"$tmp/cocci"
run testcases/run-cases --frontend cocci --shape extern --report "$tmp/cocci" "$case"
exits 0 'cocci may miss findings'
printf '%s:5:5-6: ERROR: not released [kmap-leak]\n' "$case" >>"$tmp/cocci"
run testcases/run-cases --frontend cocci --shape extern --report "$tmp/cocci" "$case"
exits 1 'cocci may not make up findings'

# Runs that are not possible.
run testcases/run-cases
exits 2 'no file'
run testcases/run-cases --frontend tcc "$case"
exits 2 'an unknown front end'
run testcases/run-cases --shape flat "$case"
exits 2 'an unknown shape'
run testcases/run-cases --plugin "$tmp/none.so" "$case"
exits 2 'no plugin'
run testcases/run-cases --shape extern --report "$tmp/right" "$tmp/none.c"
exits 2 'a case that is not there'
if [ -e "$build/kmapcheck.so" ]; then
	echo "int f(void) { return 0" >"$tmp/broken.c"
	run testcases/run-cases --plugin "$build/kmapcheck.so" --cc "${CC:-gcc}" --shape extern "$tmp/broken.c"
	exits 1 'a case that does not compile'
	has 'the front end failed' 'a case that does not compile: says so'
fi

# The flow runner.
cat >"$tmp/known.flow" <<'END'
# expect: kmap-leak at 4, kmap-order*2 at 4, dcache-missing-flush at 7
# verdict: map=proved at 5, unmap=unproved(caller) at 5
unit "known.c" pagesize 4096
file 1 "known.c"
END
sed "s|$case|known.c|g" "$tmp/right" >"$tmp/right-flow"
run testcases/run-flow --report "$tmp/right-flow" "$tmp/known.flow"
exits 0 'a flow report that is as expected passes'
sed 1d "$tmp/right-flow" >"$tmp/wrong"
run testcases/run-flow --report "$tmp/wrong" "$tmp/known.flow"
exits 1 'a flow report with a finding less fails'
has 'known.c:4: missing kmap-leak' 'a flow report with a finding less fails: says so'
sed 's/ at 7//' "$tmp/known.flow" >"$tmp/known2.flow"
run testcases/run-flow --report "$tmp/right-flow" "$tmp/known2.flow"
exits 1 'an expectation of a flow text names its line'
echo 'func' >"$tmp/bad.flow"
run testcases/run-flow --engine "$build/kmapcheck" "$tmp/bad.flow"
exits 1 'a flow text that cannot be read'
run testcases/run-flow
exits 2 'no flow text'
finish
