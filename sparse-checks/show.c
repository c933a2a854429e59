// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * show.c - findings as sparse would print them: "file:line:col: warning: …", the path in indented lines behind it
 */
#include "front.h"

/* Sparse names files as it was given them, and so do we. */
static void show_line(struct strbuf *b, const struct flow_unit *u, struct flow_loc loc, const char *kind,
		      const char *text)
{
	strbuf_addf(b, "%s:%u:%u: %s%s%s\n", u->files[loc.file], loc.line, loc.column, diag_prefix, kind, text);
}

static const char *kind_of(const struct kc_finding *f, bool werror)
{
	if (f->severity == KC_NOTE)
		return "note: ";
	return werror ? "error: " : "warning: ";
}

/**
 * show_findings() - append the text for all findings
 */
void show_findings(struct strbuf *b, const struct flow_unit *u, const struct kc_result *r, bool werror)
{
	unsigned int i, j;

	for (i = 0; i < r->nfindings; i++) {
		const struct kc_finding *f = &r->findings[i];

		show_line(b, u, f->loc, kind_of(f, werror), f->message);
		/* One event says no more than the finding itself. */
		for (j = 0; f->nevents > 1 && j < f->nevents; j++)
			show_line(b, u, f->events[j].loc, "   ", f->events[j].text);
	}
}
