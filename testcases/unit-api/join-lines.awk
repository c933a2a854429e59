# SPDX-License-Identifier: GPL-2.0-or-later
#
# join-lines.awk - puts the lines of a model that end in a backslash together, so that each says one thing
{
	if (sub(/\\$/, "")) {
		held = held $0
		next
	}
	print held $0
	held = ""
}
