#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A short run of the libFuzzer targets; `make fuzz` runs them longer.

out=${OUT:-build}
targets="$out/fuzz/fuzz-flow $out/fuzz/fuzz-engine $out/fuzz/fuzz-input"

for t in $targets; do
	if [ ! -x "$t" ]; then
		echo "1..0 # SKIP no clang with libFuzzer and sanitizers"
		exit 0
	fi
done
n=0
echo "1..3"
for t in $targets; do
	n=$((n + 1))
	FUZZ_SECONDS=${FUZZ_SECONDS_CHECK:-5} "$(dirname "$0")/../fuzz/run-fuzz" "$t" || printf 'not '
	echo "ok $n - $(basename "$t")"
done
