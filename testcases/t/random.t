#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Random programs: the engine's verdicts and findings against executions; and faults put into the engine on purpose, each
# of which the same test must see within 10,000 programs.

random=${OUT:-build}/random/random
faults=6

# Keeps what a run says as comments.
run()
{
	"$@" >"$log" 2>&1
	status=$?
	sed -e '/^1\.\./d' -e 's/^\(not \)\{0,1\}ok [0-9]* - /# /' -e 's/^[^#]/# &/' "$log"
	return $status
}

log=$(mktemp) || exit 2
trap 'rm -f "$log"' EXIT

echo "1..$((faults + 1))"
if run "$random" "${RANDOM_PROGRAMS:-30000}" "${RANDOM_SEED:-1}"; then
	echo "ok 1 - engine and executions agree"
else
	echo "not ok 1 - engine and executions agree"
fi
n=1
while [ $n -le $faults ]; do
	if run "$random" -b $n 10000 1; then
		echo "ok $((n + 1)) - fault $n is seen"
	else
		echo "not ok $((n + 1)) - fault $n is seen"
	fi
	n=$((n + 1))
done
