// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer target: the engine. Whatever parses is analysed, with findings and verdicts that name places of the text.
 */
#include <stdlib.h>
#include <string.h>

#include "kmapcheck.h"
#include "util.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct kc *engine(void)
{
	static struct kc_options o;
	static struct kc *kc;
	char *err = NULL;

	if (kc)
		return kc;
	kc_options_init(&o);
	o.dcache = KC_DCACHE_STRICT;
	kc = kc_new(&o, &err);
	if (!kc) {
		fprintf(stderr, "%s\n", err);
		exit(2);
	}
	return kc;
}

static void check(const struct kc_result *r, const struct flow_unit *u)
{
	unsigned int i;

	for (i = 0; i < r->nfindings; i++) {
		const struct kc_finding *f = &r->findings[i];

		if (f->rule >= KC_RULES || f->loc.file >= u->nfiles || !f->message || !f->function)
			abort();
	}
	for (i = 0; i < r->nsites; i++) {
		const struct kc_site *s = &r->sites[i];

		if (s->verdict > KC_VIOLATED || (s->verdict == KC_UNPROVED) != (s->reason != KC_R_NONE))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = xmalloc(size + 1), *err = NULL;
	struct kc_result *r;
	struct flow_unit *u;

	memcpy(text, data, size);
	text[size] = '\0';
	u = flow_parse("fuzz.flow", text, &err);
	free(text);
	free(err);
	if (!u)
		return 0;
	r = kc_analyse(engine(), u);
	check(r, u);
	kc_result_free(r);
	flow_unit_free(u);
	return 0;
}
