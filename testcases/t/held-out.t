#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Cases written without a look at the engine, through the plugin, in the three header shapes.
CC=${CC:-gcc}
OUT=${OUT:-build}
if [ ! -e "$OUT/kmapcheck.so" ]; then
	echo "1..0 # SKIP no plugin for $CC"
	exit 0
fi
exec testcases/run-cases --cc "$CC" --plugin "$OUT/kmapcheck.so" testcases/held-out/*.c
