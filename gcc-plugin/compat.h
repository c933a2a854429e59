/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compat.h - GCC's headers, and everything that differs between GCC releases 10 to 16
 *
 * No other file of the plugin asks for a release.
 */
#ifndef KP_COMPAT_H
#define KP_COMPAT_H

#include "gcc-plugin.h"
#include "plugin-version.h"
#include "config.h"
#include "system.h"
#include "coretypes.h"
#include "tm.h"
#include "backend.h"
#include "tree.h"
#include "gimple.h"
#include "tree-pass.h"
#include "ssa.h"
#include "cgraph.h"
#include "context.h"
#include "options.h"
#include "opts.h"
#include "toplev.h"
#include "langhooks.h"
#include "intl.h"
#include "line-map.h"
#include "input.h"
#include "diagnostic.h"
#include "cfg.h"
#include "basic-block.h"
#include "gimple-iterator.h"
#include "gimple-walk.h"
#include "tree-cfg.h"
#include "tree-dfa.h"
#include "gimple-predict.h"
#include "predict.h"
#include "internal-fn.h"
#include "builtins.h"
#include "stringpool.h"
#include "attribs.h"
#include "cpplib.h"
#include "real.h"

#define KP_GCC GCCPLUGIN_VERSION_MAJOR
#if KP_GCC < 10
#error "kmapcheck needs the plugin headers of GCC 10 or later"
#endif

struct flow_val;

/* The preprocessor is there in C's compiler, not in every one that a plugin may be loaded into. */
[[gnu::weak]] extern struct cpp_reader *parse_in;
[[gnu::weak]] extern struct cpp_hashnode *cpp_lookup(struct cpp_reader *r, const unsigned char *name, unsigned int len);
[[gnu::weak]] extern const unsigned char *cpp_macro_definition(struct cpp_reader *r, struct cpp_hashnode *node);

/* Diagnostic paths: simple_diagnostic_path has its own header from GCC 15 on; in GCC 16 it asks for the names of functions. */
#if KP_GCC >= 16
#include "diagnostics/file-cache.h"
#include "diagnostics/paths.h"
#include "tree-logical-location.h"
#else
#include "diagnostic-path.h"
#endif
#if KP_GCC >= 15
#include "simple-diagnostic-path.h"
#endif

/* An empty path; pp formats its events. */
static inline simple_diagnostic_path *kp_new_path(pretty_printer *pp)
{
#if KP_GCC >= 16
	static const tree_logical_location_manager names;

	return new simple_diagnostic_path(names, pp);
#else
	return new simple_diagnostic_path(pp);
#endif
}

/* -Werror for all warnings, until kp_restore_werror(). */
static inline bool kp_clear_werror(void)
{
#if KP_GCC >= 14
	bool old = global_dc->warning_as_error_requested_p();

	global_dc->set_warning_as_error_requested(false);
#else
	bool old = global_dc->warning_as_error_requested;

	global_dc->warning_as_error_requested = false;
#endif
	return old;
}

static inline void kp_restore_werror(bool old)
{
#if KP_GCC >= 14
	global_dc->set_warning_as_error_requested(old);
#else
	global_dc->warning_as_error_requested = old;
#endif
}

/* -w */
static inline bool kp_warnings_inhibited(void)
{
#if KP_GCC >= 14
	return global_dc->m_inhibit_warnings;
#else
	return global_dc->dc_inhibit_warnings;
#endif
}

/* How large an object is, as far as can be told: nothing can, this early. */
static inline bool kp_is_object_size(enum built_in_function code)
{
#if KP_GCC >= 12
	if (code == BUILT_IN_DYNAMIC_OBJECT_SIZE)
		return true;
#endif
	return code == BUILT_IN_OBJECT_SIZE;
}

#if KP_GCC < 12
static inline bool startswith(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}
#endif

/* A line of a source file, without its end; valid until the next call. Return: false if there is none. */
static inline bool kp_source_line(const char *file, int line, const char **text, size_t *len)
{
#if KP_GCC >= 14
	auto s = global_dc->get_file_cache().get_source_line(file, line);
#else
	auto s = location_get_source_line(file, line);
#endif

	if (!s)
		return false;
	*text = s.get_buffer();
	*len = s.length();
	return true;
}

/* What the compiler calls a builtin, "__builtin_memcpy", whatever a header declares it as. */
static inline const char *kp_builtin_name(enum built_in_function code)
{
	tree decl = builtin_decl_explicit(code);

	return decl ? IDENTIFIER_POINTER(DECL_NAME(decl)) : "";
}

/* GCC's containers, by names that a C programmer can read. */
struct kp_place_hash : int_hash < uint64_t, 0, ~0ULL > { };
struct kp_place_map : hash_map < kp_place_hash, location_t > { };
struct kp_place_set : hash_set < kp_place_hash > { };
struct kp_tree_set : hash_set < tree > { };
struct kp_name_map : hash_map < tree, const char * > { };
struct kp_value_map : hash_map < tree, struct flow_val * > { };
struct kp_node_set : hash_set < cgraph_node * > { };

#endif
