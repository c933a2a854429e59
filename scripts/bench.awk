# SPDX-License-Identifier: GPL-2.0-or-later
#
# bench.awk - the tables of scripts/bench
#
# Of lines "FILE RUN TOOL CPU RSS STATUS SECONDS TOTAL", or with -v grown=1 of
# "FORM SIZE CPU RSS STATUS SECONDS TOTAL SITES PROVED FINDINGS BOUNDED WHAT...".

function sort_list(a, n,	i, j, v) {
	for (i = 2; i <= n; i++) {
		v = a[i]
		for (j = i - 1; j > 0 && a[j] > v; j--)
			a[j + 1] = a[j]
		a[j + 1] = v
	}
}

# The part q of the sorted list lies below: 0.5 is the median.
function quantile(a, n, q,	at, low) {
	at = 1 + (n - 1) * q
	low = int(at)
	return low >= n ? a[n] : a[low] + (at - low) * (a[low + 1] - a[low])
}

# The values that were noted under a key, into list[]; their number.
function take(key, list,	n, i) {
	n = count[key]
	for (i = 1; i <= n; i++)
		list[i] = value[key, i] + 0
	sort_list(list, n)
	return n
}

function note(key, v) {
	value[key, ++count[key]] = v
}

function median(key,	list, n) {
	n = take(key, list)
	return n ? quantile(list, n, 0.5) : 0
}

!grown {
	if (!($1 in seen)) {
		seen[$1]
		file[++files] = $1
	}
	if (!($3 in tools)) {
		tools[$3]
		tool[++ntools] = $3
	}
	if ($6 != 0)
		failed[$3]++
	note("cpu " $1 " " $3, $4)
	if ($7 != "-" && $8 != "-" && $8 > $7)
		note("in " $1 " " $3, $7 / ($8 - $7))
	next
}

{
	if (!($1 in seen)) {
		seen[$1]
		form[++forms] = $1
		what[$1] = $12
		for (i = 13; i <= NF; i++)
			what[$1] = what[$1] " " $i
	}
	if (!(($1, $2) in sized)) {
		sized[$1, $2]
		size[$1, ++sizes[$1]] = $2
	}
	note("s " $1 " " $2, $6)
	note("t " $1 " " $2, $7)
	said[$1, $2] = $9 " of " $8 ($11 ? ", bounded" : "") ($10 ? ", " $10 " findings" : "")
}

# Of all files: the ratio of two tools' medians, its spread, and the ratio of the sums.
function ratios(text, over, under, per_cent,	i, a, b, n, list, sa, sb) {
	if (!(over in tools) || !(under in tools))
		return
	for (i = 1; i <= files; i++) {
		a = median("cpu " file[i] " " over)
		b = median("cpu " file[i] " " under)
		if (a <= 0 || b <= 0)
			continue
		list[++n] = a / b
		sa += a
		sb += b
	}
	if (n)
		line(text, list, n, sa / sb)
}

function line(text, list, n, sums) {
	sort_list(list, n)
	printf "| %s | %.3f | %.3f to %.3f | %.3f to %.3f | %.3f |\n", text, quantile(list, n, 0.5), quantile(list, n, 0.25),
		quantile(list, n, 0.75), list[1], list[n], sums
}

function inside(text, t,	i, n, list, s, all) {
	for (i = 1; i <= files; i++) {
		if (!count["in " file[i] " " t])
			continue
		list[++n] = median("in " file[i] " " t)
		s = median("cpu " file[i] " " t)
		all += s
		sums += list[n] * s
	}
	if (n)
		line(text, list, n, sums / all)
}

function times(	t, i, n, list, s) {
	print "| CPU seconds a file | median | quartiles | least and most | mean |"
	print "| --- | ---: | ---: | ---: | ---: |"
	for (t = 1; t <= ntools; t++) {
		n = s = 0
		for (i = 1; i <= files; i++) {
			list[++n] = median("cpu " file[i] " " tool[t])
			s += list[n]
		}
		line(tool[t] (failed[tool[t]] ? " (" failed[tool[t]] " runs failed)" : ""), list, n, s / n)
	}
}

END {
	if (!grown) {
		printf "%d files\n\n", files
		times()
		print "\n| ratio | median | quartiles | least and most | of the sums |\n| --- | ---: | ---: | ---: | ---: |"
		inside("plugin in a compile / the rest of it, by its own clock", "plugin")
		ratios("compile with the plugin / without", "plugin", "cc")
		ratios("check-only / compile", "check-only", "cc")
		ratios("gcc -fanalyzer / compile", "analyzer", "cc")
		ratios("sparse checker / sparse", "sparse-checker", "sparse")
		ratios("sparse / compile", "sparse", "cc")
		ratios("four semantic patches / compile", "scripts", "cc")
		ratios("four semantic patches / iounmap.cocci", "scripts", "iounmap")
		ratios("iounmap.cocci / compile", "iounmap", "cc")
		print ""
		exit
	}
	print "| function | size | plugin, ms | whole compile, ms | growth | proved sites |"
	print "| --- | ---: | ---: | ---: | ---: | ---: |"
	for (i = 1; i <= forms; i++) {
		f = form[i]
		last = 0
		for (k = 1; k <= sizes[f]; k++) {
			n = size[f, k]
			s = median("s " f " " n)
			printf("| %s | %d | %.2f | %.1f | %s | %s |\n", (k == 1 ? f ": " what[f] : ""), n, 1000 * s, 1000 * median("t " f " " n),
				(last > 0 ? sprintf("n^%.1f", log(s / last) / log(n / size[f, k - 1])) : ""), said[f, n])
			last = s
		}
	}
}
