#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# All test cases through the checker on top of sparse, in the three header shapes.
OUT=${OUT:-build}
if [ ! -x "$OUT/kmapcheck-sparse" ]; then
	echo "1..0 # SKIP no kmapcheck-sparse"
	exit 0
fi
exec testcases/run-cases --frontend sparse --sparse "$OUT/kmapcheck-sparse" testcases/cases/*.c
