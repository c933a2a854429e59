// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * place.c - GCC's locations and the flow's places, both ways
 */
#include "plugin.h"

static uint64_t place_key(struct flow_loc l)
{
	return (uint64_t)l.file << 48 | (uint64_t)(l.column & 0xffff) << 32 | l.line;
}

/**
 * kp_place() - the place of a location
 *
 * Text that a macro made has the place of the macro's name. Remembers @loc, so that a diagnostic can be put there.
 *
 * Return: all 0 where the location is unknown or in no file.
 */
struct flow_loc kp_place(struct kp_unit *k, location_t loc)
{
	struct flow_loc l = { 0, 0, 0 };
		expanded_location x;
	bool in_macro;

	if (LOCATION_LOCUS(loc) < RESERVED_LOCATION_COUNT)
		return l;
	in_macro = from_macro_expansion_at(loc);
	loc = linemap_resolve_location(line_table, LOCATION_LOCUS(loc), LRK_MACRO_EXPANSION_POINT, NULL);
	x = expand_location(loc);
	if (!x.file || x.file[0] == '<' || x.line <= 0)
		return l;
	if (x.file != k->last_file) {
		k->last_file = x.file;
		k->last_number = flow_file(k->flow, x.file);
	}
	l.file = k->last_number;
	l.line = x.line;
	l.column = x.column > 0 ? x.column : 0;
	k->places->put(place_key(l), loc);
	k->lines->put(place_key({ l.file, l.line, 0 }), loc);
	if (in_macro)
		k->macros->add(place_key(l));
	return l;
}

/**
 * kp_location() - the location of a place, or of another on its line, or UNKNOWN_LOCATION
 */
location_t kp_location(const struct kp_unit *k, struct flow_loc loc)
{
	location_t *found = k->places->get(place_key(loc));

	if (!found) {
		loc.column = 0;
		found = k->lines->get(place_key(loc));
	}
	return found ? *found : UNKNOWN_LOCATION;
}

/**
 * kp_line_start() - the location of column 1 of a place's line, or UNKNOWN_LOCATION
 */
location_t kp_line_start(const struct kp_unit *k, struct flow_loc loc)
{
	location_t l = kp_location(k, loc);
	const line_map_ordinary *map = NULL;

	if (l == UNKNOWN_LOCATION)
		return l;
	l = linemap_resolve_location(line_table, l, LRK_MACRO_EXPANSION_POINT, &map);
	if (!map || l >= LINE_MAP_MAX_LOCATION_WITH_COLS)
		return UNKNOWN_LOCATION;
	return linemap_position_for_line_and_column(line_table, map, loc.line, 1);
}

/**
 * kp_in_macro() - was anything at this place made by a macro?
 */
bool kp_in_macro(const struct kp_unit *k, struct flow_loc loc)
{
	return k->macros->contains(place_key(loc));
}

/**
 * kp_in_main_file() - does the source stand in the file that is compiled, not in one that it includes?
 *
 * By inclusion, not by name: a #line gives text of the main file another one.
 */
bool kp_in_main_file(location_t loc)
{
	const line_map_ordinary *map = NULL;

	linemap_resolve_location(line_table, LOCATION_LOCUS(loc), LRK_MACRO_EXPANSION_POINT, &map);
	return map && MAIN_FILE_P(map);
}
