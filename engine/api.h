/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * api.h - the API model: what kernel functions do, as data (engine/kernel.api and the user's api=FILE)
 *
 * The form is one line a function, "NAME EFFECT EFFECT…"; docs/kernel-api.md is its manual. A PLACE is rooted in an
 * argument or the result: "arg0", "ret", "*arg0" (what arg0 points to), "arg0->tag.field" (the content of a field). The
 * last matching line for a name wins, so a user's file overrides the built-in one. NAME may hold several names,
 * "memcpy|memmove|memcpy_fromio". "weak" before the name: only where the body of the function is out of sight.
 */
#ifndef KMAPCHECK_API_H
#define KMAPCHECK_API_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Families share one nesting stack per task, but for kmap, which has no order. Unordered: local, atomic or kmap, as a flag
 * says at run time; paired by address, in no order (sg_mapping_iter).
 */
enum api_family {
	API_LOCAL, API_ATOMIC, API_KMAP, API_UNORDERED,
};

enum api_effect_kind {
	API_MAPS,		/* maps(FAMILY, OBJECT [, PLACE]): the address goes to PLACE, by default ret */
	API_MAPS_OR_NULL,	/* the same, or gives NULL and maps nothing; with a PLACE, ret is 0 where it maps nothing */
	API_MAPS_OR_ERR,	/* the same, or gives an ERR_PTR and maps nothing; with a PLACE, ret is 0 where it maps */
	API_UNMAPS,		/* unmaps(FAMILY, PLACE): family kmap by object, the others by address */
	API_UNMAPS_LIVE,	/* unmaps-if-live(FAMILY, PLACE): does nothing where nothing is mapped there */
	API_WRITES,		/* writes(PLACE [, size(argN|N)]): writes the memory that PLACE points to */
	API_READS,		/* reads(PLACE) */
	API_SETS,		/* sets(PLACE [, argN|0]): afterwards PLACE holds that value, or one that is not known */
	API_ADVANCES,		/* advances(PLACE, PLACE): the position goes on by at most the count, which loses as much */
	API_GROWS,		/* grows(PLACE, ARG): the count becomes larger by at most that argument */
	API_ZEROES,		/* zeroes(PLACE): what PLACE points to is all 0 afterwards */
	API_FREES,		/* frees(PLACE): what PLACE points to is gone, and what only it led to with it */
	API_WRITES_OBJECT,	/* writes-object(OBJECT [, any-page]): maps, writes and unmaps inside */
	API_READS_OBJECT,
	API_FLUSHES,		/* flushes(OBJECT): all of a folio, or the page given */
	API_FLUSHES_PAGE,	/* flushes-page(OBJECT): only one page of it */
	API_PUBLISHES,		/* publishes(OBJECT): user space can see it from here on */
	API_UNLOCKS,		/* unlocks(OBJECT): publishes what was filled under the lock */
	API_LOCKS,		/* locks(OBJECT): what is filled from here to its unlocking is filled under the lock */
	API_DROPS,		/* drops(OBJECT): removed from sight, truncated, freed: no longer to be published */
	API_PUTS,		/* puts(OBJECT): gives up a reference: the end of what is fresh, unless others have it */
	API_SAME_OBJECT,	/* same-object(ARG): the result names the same object */
	API_PAGE_OF,		/* page-of(ARG): the result is one page of that object */
	API_OBJECT_AT,		/* object-at(PLACE): the result is what that field holds */
	API_OBJECT_OF,		/* object-of(ARG): the result is the page that the address arg lies in */
	API_ADDRESS_OF,		/* address-of(PLACE): the result is an address of that object; nothing is mapped for it */
	API_FRESH,		/* fresh: the result is new: nobody else knows it yet, it is no other object; or NULL */
	API_PRIVATE,		/* private[(PLACE)]: the result, or that object is never mapped into user space */
	API_METADATA,		/* metadata: likewise, file system metadata */
	API_DIRECTORY,		/* directory: likewise, directory or symlink content */
	API_SHARED,		/* shared: user space may write the result through a mapping of its own */
	API_IS_SHARED,		/* is-shared: the result is not 0 where user space may write the pages that it asks for */
	API_KIN,		/* kin(ARG): the result belongs to the same file, directory or symlink as that argument */
	API_RETURNS,		/* returns(ARG): the result is that argument */
	API_RETURNS_INSIDE,	/* returns-inside(ARG): an address inside the mapping that arg lies in */
	API_NONNULL,		/* nonnull: the result is never NULL */
	API_NORETURN,
	API_PURE,		/* pure: same arguments, same result; no other effect */
	API_IS_ERR,		/* is-err(ARG): true exactly for ERR_PTR values */
	API_IS_ERR_OR_NULL,
	API_ERR_PTR,		/* err-ptr: the result is an ERR_PTR */
	API_NEGATIVE_OR_ZERO,	/* status: 0, or a negative error */
	API_LEFTOVER,		/* leftover: the result is 0 where all was written; stands before the writes */
	API_NEUTRAL,		/* neutral: neither writes through its pointers nor keeps them */
	API_KINDS
};

enum api_root {
	API_ARG, API_RET,
	API_UNKNOWN,		/* "unknown": which object it is cannot be said in a line */
};

/**
 * struct api_place - "arg0", "ret", "*arg0", "arg0->tag.field"
 * @deref: true for "*" and "->": the content of memory at root + field
 * @field: "tag.field", or NULL for offset 0
 */
struct api_place {
	enum api_root root;
	int arg;
	bool deref;
	const char *field;
};

struct api_effect {
	enum api_effect_kind kind;
	enum api_family family;
	struct api_place object;	/* what is mapped, flushed, written…; the address for unmaps */
	struct api_place to;		/* of maps: where the address goes; of advances: the count */
	struct api_place flags;		/* of maps "stacked(PLACE&BITS)": local where that has one of the bits */
	int64_t stacked_bits;		/* 0 where not given */
	int offset_arg;			/* of maps "offset(argN)": the address lies at that offset in the page; -1 unknown */
	bool whole;			/* of maps "offset(0)": the address is the page's first byte */
	int if_arg;			/* "if(argN)": only where that argument is not 0; -1 where always */
	bool if_not;			/* "if(!argN)": only where it is 0 */
	int64_t if_bits;		/* "if(argN&BITS)": only where it is a constant with one of these bits; 0: all of it */
	int size_arg;			/* of writes and reads "size(argN)": so many bytes; -1 where not given */
	int64_t size;			/* "size(N)"; 0 where not given */
	int value_arg;			/* of sets: the argument that PLACE holds afterwards; -1 where it is not one */
	bool zero;			/* of sets: PLACE holds 0 or NULL afterwards */
	bool any_page;			/* of writes-object: which page of the folio is not known */
};

#define API_MAX_WITHOUT 8

struct api_fn {
	const char *name;
	bool weak;			/* "weak NAME EFFECT…": a body in sight wins over the line */
	unsigned int neffects;
	struct api_effect *effects;
	const char *file;		/* where the line stands */
	unsigned int line;
};

/**
 * struct api_field - a field whose content is an object or an address, "field tag.name EFFECT…" in the file
 *
 * Effects of a field line: same-object(base) (bh->b_folio and bh->b_page), address-of(base) (bh->b_data), private, metadata,
 * directory. A field may have several lines' worth: @kind is the first, @kinds has a bit for each.
 */
struct api_field {
	const char *name;		/* "tag.field" */
	enum api_effect_kind kind;
	uint64_t kinds;		/* 1 << enum api_effect_kind */
};

/**
 * struct api_role - what is known of the parameters of a function by its use, "role NAME directory(argN)…" in the file
 *
 * A function has the role "tag.field" where its address stands in that field of a table of functions, and the role "tag" where it has
 * a parameter that points to that struct. Its arguments @args (a bit for each; all ones: every pointer) belong to a directory or symlink,
 * if some function of the unit has the role @with, and none has one of @without. What it leaves of its arguments @flushed unflushed its caller
 * flushes.
 */
struct api_role {
	const char *name;
	uint64_t args, flushed;
	const char *with, *without[API_MAX_WITHOUT];
	unsigned int nwithout;
};

struct api;

/**
 * api_new() - the built-in model
 * Return: the model, to be freed by api_free(). Its text is compiled in and tested, so it cannot fail.
 */
struct api *api_new(void);
void api_free(struct api *a);
/**
 * api_add_file() - add the lines of a user's file
 * @err: set on failure to "FILE:LINE:COLUMN: …", to be freed by the caller
 * Return: false on failure; nothing of the file is taken then.
 */
bool api_add_file(struct api *a, const char *path, char **err);
bool api_add_text(struct api *a, const char *name, const char *text, char **err);
/* NULL where there is no line. A "__builtin_" prefix is passed over. */
const struct api_fn *api_find(const struct api *a, const char *name);
/* From now on, until the next call of this, the weak lines do not count of which @has_body says yes. */
void api_set_bodies(struct api *a, bool (*has_body)(const char *name, void *data), void *data);
/* NULL where there is no line for the field. */
const struct api_field *api_find_field(const struct api *a, const char *name);
/* NULL where there is no line for the role. */
const struct api_role *api_find_role(const struct api *a, const char *name);
/*
 * Calls @fn for every function that has a line, in the order in which they were named; for front ends that must keep calls of
 * these from being inlined.
 */
void api_each(const struct api *a, void (*fn)(const struct api_fn *f, void *data), void *data);
/* Does the function have an effect that makes a caller worth translating (anything but pure, neutral, nonnull…)? */
bool api_is_interesting(const struct api_fn *f);
/* The word for it in the file. */
const char *api_family_name(enum api_family f);

#ifdef __cplusplus
}
#endif
#endif
