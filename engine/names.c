// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * names.c - the names of rules, reasons, verdicts and severities in messages, options and reports
 */
#include <string.h>

#include "kmapcheck.h"
#include "util.h"

static const struct {
	const char *name, *text;
} rules[] = {
#define RULE(id, name, text) \
	[KC_##id] = { name, text },
#include "rules.def"
#undef RULE
};

_Static_assert(ARRAY_SIZE(rules) == KC_RULES, "rules.def names every enum kc_rule");

static const struct {
	const char *name, *text;
} reasons[KC_REASONS] = {
#define REASON(id, name, text) \
	[KC_R_##id] = { name, text },
#include "reasons.def"
#undef REASON
};

const char *kc_rule_name(enum kc_rule r)
{
	return rules[r].name;
}

const char *kc_rule_text(enum kc_rule r)
{
	return rules[r].text;
}

bool kc_rule_by_name(const char *name, enum kc_rule *r)
{
	unsigned int i;

	for (i = 0; i < KC_RULES; i++) {
		if (!strcmp(name, rules[i].name)) {
			*r = i;
			return true;
		}
	}
	return false;
}

const char *kc_reason_name(enum kc_reason r)
{
	return reasons[r].name;
}

const char *kc_reason_text(enum kc_reason r)
{
	return reasons[r].text;
}

const char *kc_verdict_name(enum kc_verdict v)
{
	static const char * const names[] = {
		[KC_PROVED] = "proved", [KC_UNPROVED] = "unproved", [KC_VIOLATED] = "violated",
	};

	return names[v];
}

const char *kc_severity_name(enum kc_severity s)
{
	static const char * const names[] = {
		[KC_NOTE] = "note", [KC_WARNING] = "warning", [KC_ERROR] = "error",
	};

	return names[s];
}

const char *kc_site_name(enum kc_site_kind k)
{
	static const char * const names[] = {
		[KC_SITE_MAP] = "map", [KC_SITE_UNMAP] = "unmap", [KC_SITE_WRITE] = "write", [KC_SITE_FLUSH] = "flush",
	};

	return names[k];
}
