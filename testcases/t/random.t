#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Random programs: the engine's verdicts and findings against executions; faults put into the engine on purpose, each of which
# the same test must see within 10,000 programs; and the engine held to two states, so that what is over the bound is united.

random=${OUT:-build}/random/random
faults=6

# Seeds whose programs the engine is known to be wrong of, each a TODO:
# 46406	the path that is shown wants a call out of sight to change a field; a shorter one would do without
: "${RANDOM_KNOWN=46406}"
export RANDOM_KNOWN

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

echo "1..$((faults + 3))"
if run "$random" "${RANDOM_PROGRAMS:-100000}" "${RANDOM_SEED:-1}"; then
	echo "ok 1 - engine and executions agree"
else
	echo "not ok 1 - engine and executions agree"
fi
n=2
if grep -q '^# seed [0-9]*, known: ' "$log" && ! grep -q '^# seed [0-9]*, known: fails no more' "$log"; then
	echo "not ok 2 - the known disagreements are gone # TODO see above"
else
	echo "ok 2 - the known disagreements are gone # TODO take those that fail no more off the list"
fi
while [ $n -le $((faults + 1)) ]; do
	if run "$random" -b $((n - 1)) 10000 1; then
		echo "ok $((n + 1)) - fault $((n - 1)) is seen"
	else
		echo "not ok $((n + 1)) - fault $((n - 1)) is seen"
	fi
	n=$((n + 1))
done
# Held to two states nothing that is proved may go wrong.
if run "$random" -l 2 20000 "${RANDOM_SEED:-1}"; then
	echo "ok $((faults + 3)) - engine and executions agree where states are united"
else
	echo "not ok $((faults + 3)) - engine and executions agree where states are united"
fi
