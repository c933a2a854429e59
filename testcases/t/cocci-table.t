#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# cocci-table.t - the table in docs/frontends.md is what the semantic patches find now; testcases/cocci/table --write puts it there
if ! command -v spatch >/dev/null; then
	echo "1..0 # SKIP no spatch"
	exit 0
fi
echo 1..1
if out=$(testcases/cocci/table --check docs/frontends.md 2>&1); then
	echo "ok 1 - docs/frontends.md has the table of case and script"
else
	echo "not ok 1 - docs/frontends.md has the table of case and script"
	echo "$out" | sed 's/^/# /'
fi
