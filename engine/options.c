// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * options.c - the options that every front end takes under the same names
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "kmapcheck.h"
#include "util.h"

#define ALL_RULES ((1u << KC_RULES) - 1)

void kc_options_init(struct kc_options *o)
{
	const char *root = getenv("srctree");

	memset(o, 0, sizeof(*o));
	o->dcache = KC_DCACHE_PUBLISHED;
	o->rules = ALL_RULES;
	o->root = xstrdup(root && *root ? root : ".");
}

void kc_options_free(struct kc_options *o)
{
	unsigned int i;

	for (i = 0; i < o->napi; i++)
		free(o->api[i]);
	free(o->api);
	free(o->report);
	free(o->flow);
	free(o->root);
	memset(o, 0, sizeof(*o));
}

static bool take_path(char **to, const char *value)
{
	free(*to);
	*to = xstrdup(value);
	return true;
}

static bool take_report(struct kc_options *o, const char *value, char **err)
{
	(void)err;
	return take_path(&o->report, value);
}

static bool take_flow(struct kc_options *o, const char *value, char **err)
{
	(void)err;
	return take_path(&o->flow, value);
}

static bool take_api(struct kc_options *o, const char *value, char **err)
{
	(void)err;
	o->api = xrealloc(o->api, (o->napi + 1) * sizeof(*o->api));
	o->api[o->napi++] = xstrdup(value);
	return true;
}

static bool take_root(struct kc_options *o, const char *value, char **err)
{
	struct stat st;

	if (stat(value, &st)) {
		*err = xasprintf("root=%s: %s", value, strerror(errno));
		return false;
	}
	if (!S_ISDIR(st.st_mode)) {
		*err = xasprintf("root=%s: not a folder", value);
		return false;
	}
	return take_path(&o->root, value);
}

static bool take_dcache(struct kc_options *o, const char *value, char **err)
{
	static const char * const names[] = {
		[KC_DCACHE_OFF] = "off", [KC_DCACHE_PUBLISHED] = "published", [KC_DCACHE_STRICT] = "strict",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(value, names[i])) {
			o->dcache = i;
			return true;
		}
	}
	*err = xasprintf("dcache=%s: unknown value; valid are off, published, strict", value);
	return false;
}

static bool unknown_rule(const char *name, char **err)
{
	struct strbuf b = { NULL, 0, 0 };
	unsigned int i;

	for (i = 0; i < KC_RULES; i++)
		strbuf_addf(&b, "%s%s", i ? ", " : "", kc_rule_name(i));
	*err = xasprintf("rules: unknown rule '%s'; valid are %s", name, b.buf);
	free(b.buf);
	return false;
}

static bool take_rules(struct kc_options *o, const char *value, char **err)
{
	unsigned int set = 0;
	enum kc_rule rule;
	bool ok = true;
	const char *p;

	for (p = value; ok; p++) {
		size_t n = strcspn(p, ",");
		char *name = xasprintf("%.*s", (int)n, p);

		if (kc_rule_by_name(name, &rule))
			set |= 1u << rule;
		else
			ok = unknown_rule(name, err);
		free(name);
		p += n;
		if (!*p)
			break;
	}
	if (ok)
		o->rules = set;
	return ok;
}

static bool take_werror(struct kc_options *o, const char *value, char **err)
{
	(void)value;
	(void)err;
	o->werror = true;
	return true;
}

static const struct option {
	const char *name;
	bool has_value;
	bool (*take)(struct kc_options *o, const char *value, char **err);
} options[] = {
	{ "report", true, take_report },
	{ "flow", true, take_flow },
	{ "api", true, take_api },
	{ "dcache", true, take_dcache },
	{ "rules", true, take_rules },
	{ "root", true, take_root },
	{ "werror", false, take_werror },
};

static bool unknown_option(const char *name, char **err)
{
	struct strbuf b = { NULL, 0, 0 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(options); i++)
		strbuf_addf(&b, "%s%s", i ? ", " : "", options[i].name);
	*err = xasprintf("unknown option '%s'; valid are %s", name, b.buf);
	free(b.buf);
	return false;
}

bool kc_option(struct kc_options *o, const char *name, const char *value, char **err)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(options); i++) {
		const struct option *opt = &options[i];

		if (strcmp(name, opt->name))
			continue;
		if (opt->has_value && (!value || !*value)) {
			*err = xasprintf("option '%s' needs a value", name);
			return false;
		}
		if (!opt->has_value && value) {
			*err = xasprintf("option '%s' takes no value", name);
			return false;
		}
		return opt->take(o, value, err);
	}
	return unknown_option(name, err);
}
