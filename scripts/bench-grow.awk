# SPDX-License-Identifier: GPL-2.0-or-later
#
# bench-grow.awk - a C file with one function, of a form and a size: awk -v form=NAME -v n=SIZE -f bench-grow.awk
#
# The forms are those of forms(); without a form it lists them, with the largest size each is asked for.

function forms() {
	print "pairs 2000 map and unmap, one after the other"
	print "branches 2000 if/else between a map and its unmap"
	print "choices 2000 map and unmap under a condition, one after the other"
	print "correlated 1000 mapped and unmapped under the same condition, tested twice"
	print "crossed 16 mappings each under a condition of its own, all live at once"
	print "early 1000 mapped once, left by returns that each unmap"
	print "nested 128 mappings inside each other"
	print "loops 1000 loops that map and unmap, one after the other"
	print "deep 16 loops inside each other, a map in the innermost"
	print "carried 64 mappings that a loop exchanges for new ones"
}

function put(depth, text) {
	printf "%s%s\n", substr("\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t", 1, depth > 20 ? 20 : depth), text
}

BEGIN {
	if (form == "") {
		forms()
		exit
	}
	print "struct page;\nvoid *kmap_local_page(struct page *page);\nvoid kunmap_local(const void *addr);"
	print "int use(const void *addr);\nint ask(int nr);\n"
	print "int grown(struct page **pages, const int *cond, int turns)\n{\n\tint sum = 0;"
	if (form == "pairs")
		for (i = 0; i < n; i++)
			put(1, "{ char *p = kmap_local_page(pages[" i "]); sum += use(p); kunmap_local(p); }")
	else if (form == "branches") {
		put(1, "char *p = kmap_local_page(pages[0]);")
		for (i = 0; i < n; i++)
			put(1, "if (ask(" i ")) sum += use(p); else sum--;")
		put(1, "kunmap_local(p);")
	} else if (form == "choices")
		for (i = 0; i < n; i++)
			put(1, "if (ask(" i ")) { char *p = kmap_local_page(pages[" i "]); sum += use(p); kunmap_local(p); }")
	else if (form == "correlated")
		for (i = 0; i < n; i++) {
			put(1, "{ char *p = 0; int c = ask(" i "); if (c) p = kmap_local_page(pages[" i "]);")
			put(1, "sum += ask(-1); if (c) kunmap_local(p); }")
		}
	else if (form == "crossed") {
		for (i = 0; i < n; i++)
			put(1, "char *p" i " = 0; int c" i " = ask(" i "); if (c" i ") p" i " = kmap_local_page(pages[" i "]);")
		for (i = n - 1; i >= 0; i--)
			put(1, "if (c" i ") kunmap_local(p" i ");")
	} else if (form == "early") {
		put(1, "char *p = kmap_local_page(pages[0]);")
		for (i = 0; i < n; i++)
			put(1, "if (ask(" i ")) { kunmap_local(p); return " i "; }")
		put(1, "kunmap_local(p);")
	} else if (form == "nested") {
		for (i = 0; i < n; i++)
			put(1, "char *p" i " = kmap_local_page(pages[" i "]);")
		for (i = n - 1; i >= 0; i--)
			put(1, "kunmap_local(p" i ");")
	} else if (form == "loops")
		for (i = 0; i < n; i++)
			put(1, "for (int i = 0; i < turns; i++) { char *p = kmap_local_page(pages[i]); sum += use(p); kunmap_local(p); }")
	else if (form == "deep") {
		for (i = 0; i < n; i++)
			put(i + 1, "for (int i" i " = 0; i" i " < turns; i" i "++) {")
		put(n + 1, "char *p = kmap_local_page(pages[i" n - 1 "]); sum += use(p); kunmap_local(p);")
		for (i = n - 1; i >= 0; i--)
			put(i + 1, "}")
	} else if (form == "carried") {
		for (i = 0; i < n; i++)
			put(1, "char *p" i " = kmap_local_page(pages[" i "]);")
		put(1, "while (ask(-1)) {")
		for (i = n - 1; i >= 0; i--)
			put(2, "kunmap_local(p" i ");")
		for (i = 0; i < n; i++)
			put(2, "p" i " = kmap_local_page(pages[sum + " i "]);")
		put(1, "}")
		for (i = n - 1; i >= 0; i--)
			put(1, "kunmap_local(p" i ");")
	} else {
		print "bench-grow.awk: unknown form " form > "/dev/stderr"
		exit 2
	}
	print "\treturn sum + cond[0];\n}"
}
