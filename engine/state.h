/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * state.h - what is known at one point of one path (or of several that agree on the mappings)
 */
#ifndef KMAPCHECK_STATE_H
#define KMAPCHECK_STATE_H

#include "api.h"
#include "facts.h"
#include "kmapcheck.h"
#include "sym.h"

struct ctx;
struct site;
struct fn;

/* Why something is not certain: a reason, and the callee that it names. */
struct doubt {
	enum kc_reason reason;
	const char *name;
};

enum map_status {
	MAP_LIVE, MAP_RELEASED,
};

/**
 * struct mapping - one address that was mapped, or one that was released without being seen mapped (@foreign)
 * @base: the first byte of the page; of a foreign one the address released
 * @site: where it was mapped (of a foreign one: where it was released)
 * @via: the call in the function at hand that mapped it, itself or further down
 * @gone: where and by which call it was released
 */
struct mapping {
	struct sym *base, *object;
	enum api_family family;
	enum map_status status;
	bool foreign;
	bool if_live;			/* foreign: it was released only if it was mapped */
	bool here;			/* foreign: it may be one of those that were mapped here; only another use of the same value is wrong */
	bool twice;			/* foreign: it was released again, which was told where that is */
	bool told;			/* foreign: that it is released by another family was told there */
	bool handed;			/* what holds the address was handed to a call out of sight */
	bool aged;			/* released, and since then a call out of sight may have changed memory */
	struct site *site, *gone_site;
	const struct flow_val *via, *gone;
	struct sym *gone_addr;		/* by which it was released here */
	/* of a run (run.c) of mappings, one in each element of an array: the places of the first and behind the last */
	struct sym *first, *end;
	int64_t stride;			/* bytes from one to the next */
	unsigned int width;		/* bytes of one, at its place; what lies between is something else */
	bool loose;			/* where in its page the address of an element lies is not known */
	struct doubt lent;		/* what got the array since */
	/* of a mapping that was live when an older one was released: which, and where */
	struct site *jumped, *jumped_map;
	const struct flow_val *jumped_at, *jumped_via;
	struct sym *jumped_sym, *jumped_object;
	struct doubt doubt;		/* which mapping it is, or whether it is live */
	struct doubt path;		/* whether the path on which it is live, or released, can be: matters to what is wrong on it, not to a proof */
};

/* What keeps a mistake with the mapping from being certain. */
static inline struct doubt doubt_of(const struct mapping *m)
{
	return m->doubt.reason ? m->doubt : m->path;
}

struct binding {
	unsigned int id;		/* of the value */
	struct sym *sym;
};

/**
 * struct cell - the content of memory at an address
 * @weak: a call out of sight may have changed it since; @doubt names it
 * @read: put there by a load, not by a store
 */
struct cell {
	struct sym *addr, *val;
	unsigned int size;
	bool weak, read;
	struct doubt doubt;
};

/* @size bytes from @addr on are 0; -1: all that there is of it. */
struct zeroed {
	struct sym *addr;
	int64_t size;
};

/* Memory of @root, at @addr where that is one place, may hold the address @base, which was released. */
struct stale {
	struct sym *root, *base, *addr;
};

enum dirt {
	DIRT_CLEAN,		/* flushed, not written since */
	DIRT_WRITTEN,
	DIRT_UNSURE,		/* a call out of sight may have written it */
};

#define MAX_WRITES 16
#define MAX_ALSO 3

/**
 * struct written - a write of an object since it was last flushed
 * @via: the instruction of the function at hand that writes, itself or further down
 * @last: on some path it is the last one
 */
struct written {
	struct site *site;
	const struct flow_val *via;
	bool last;
};

/**
 * struct dirty - an object that was written, flushed, published or locked on this path
 * @object: the folio, or the page that no folio is known of
 * @part: the one page of it that was written, NULL where it is not one or not known which
 * @writes: since it was last flushed; of very many the latest
 * @flush: the last flush, before the writes where @dirt is not DIRT_CLEAN; @flush_part: of one page only; @also: on other paths it was one of these
 * @other: since the last write another object was flushed; @head: only the head page was
 * @ever: it was written at all
 * @linear: only by addresses for which nothing was mapped
 * @handed: a call out of sight got it
 * @for_read: the last flush was for a read of what user space may have written
 * @applied: by the call that is being applied: its own flushes of other objects are counted already
 * @kind: the sort of flush that it needs, see struct place
 * @locked: its lock was taken in sight; @unlocked: and released since the last write, by @unlock
 * @seen: the call that published it while it was not flushed; @late: a flush since, which comes in time for those who must wait
 *	for its lock
 * @exposed: the call that published it before it was flushed: what was written before the function was called is seen there;
 *	@exposed_unlock likewise by its lock's release; @after: its lock's release after that
 */
struct dirty {
	struct sym *object, *part;
	enum dirt dirt;
	bool head, ever, locked, unlocked, handed, linear, for_read, applied;
	unsigned char nwrites;
	struct written writes[MAX_WRITES];
	unsigned char nalso;
	struct site *flush, *other, *also[MAX_ALSO];
	struct sym *flush_part;
	enum api_effect_kind kind;
	const struct flow_val *unlock, *seen, *exposed, *exposed_unlock, *after;
	struct site *late;
	struct doubt doubt;
};

/* What happened on the way, newest first; shared between states, never changed. */
enum trace_kind {
	TRACE_START,		/* of a path on which nothing else happened */
	TRACE_EDGE,		/* edge number @n out of @block was taken */
	TRACE_OUTCOME,		/* the call @val had its outcome number @n */
	TRACE_MAP, TRACE_UNMAP, TRACE_WRITE, TRACE_FLUSH,
};

struct trace {
	const struct trace *prev;
	enum trace_kind kind;
	unsigned int n;
	const struct flow_block *block;
	const struct flow_val *val;
	struct site *site;
	struct sym *sym;		/* the mapping's base, the object */
};

struct state {
	unsigned int nmaps, cmaps;
	struct mapping *maps;		/* in the order of their making, released ones in their place */
	unsigned int nenv, cenv;
	struct binding *env;		/* sorted by id */
	unsigned int ncells, ccells;
	struct cell *cells;
	unsigned int nzero, czero;
	struct zeroed *zero;		/* memory that is 0 where no cell says otherwise */
	unsigned int nhavoc, chavoc;
	struct sym **havoc;		/* roots of memory that is no longer what it was at the entry */
	unsigned int nescaped, cescaped;
	struct sym **escaped;		/* variables whose address others hold */
	unsigned int ndirty, cdirty;
	struct dirty *dirty;
	unsigned int nstale, cstale;
	struct stale *stale;
	bool turned;			/* a loop was gone round */
	bool havoc_all;
	bool blurred;			/* of what a caller sees, more was known on the single paths: what goes together */
	struct facts facts;
	struct doubt doubt;		/* of the path as a whole */
	const struct trace *trace;
	struct state *next;		/* of a list of states */
	unsigned int merges;
	bool done;
	unsigned int serial;		/* of a state that stays at a loop header; of others: of the one that it comes from, 0 where of several */
};

struct state *state_new(void);
struct state *state_clone(const struct state *s);
void state_free(struct state *s);
void state_free_list(struct state *s);

struct sym *env_get(const struct state *s, unsigned int id);
void env_set(struct state *s, unsigned int id, struct sym *sym);

struct mapping *state_push(struct state *s, const struct mapping *m);
struct mapping *state_find_map(struct state *s, const struct sym *base);
/* Forget released mappings that nothing refers to any more, and values that are not used from block @b on. */
void state_prune(struct state *s, const struct fn *fn, const struct flow_block *b);
/**
 * state_rewrite() - replace leaves everywhere
 * @vals: symbols that mention none of these instructions (see struct sym) have none to replace
 *
 * Return: was there one?
 */
bool state_rewrite(struct state *s, struct symtab *t, uint64_t vals, struct sym *(*leaf)(struct sym *s, void *data),
		   void *data);

/* Do both states agree on the mappings, on what holds their addresses, and on what is dirty? @header: at a loop's header. */
bool state_agrees(const struct state *a, const struct state *b, struct symtab *t, bool header);
/* The same, whatever is dirty. state_blur() makes what is dirty the same in both, and doubtful where it was not. */
bool state_agrees_but_dirt(const struct state *a, const struct state *b, struct symtab *t, bool header);
void state_blur(struct ctx *c, struct state *a, struct state *b);
/* May two values of the same thing become one, without losing sight of a mapping? */
bool state_joinable(const struct state *a, const struct state *b, struct symtab *t, struct sym *x, struct sym *y,
		    bool header);
/* The cell at an address, or NULL. */
struct cell *state_cell(const struct state *s, const struct sym *addr);
/*
 * Keep in @a what holds in both; they must agree. @meet: stands for what memory holds where they meet; @header: the loop
 * header at which they meet, or NULL.
 */
void state_join(struct state *a, const struct state *b, const struct fn *fn, struct symtab *t,
		const struct flow_val *meet, const struct flow_block *header);
/* Do both say the same, so that one of them is enough? */
bool state_equal(const struct state *a, const struct state *b);

/* dcache-state.c: the same of one object */
bool dirty_agrees(const struct dirty *a, const struct dirty *b);
bool dirty_equal(const struct dirty *a, const struct dirty *b);
void dirty_join(struct dirty *a, const struct dirty *b);

/* A call out of sight may have changed memory: a page that is read again there need not be the one that was released. */
void age_released(struct state *s);
/* The memory of @root is no longer what it was at the entry. */
void havoc_root(struct state *s, struct sym *root);
void havoc_everything(struct state *s);
/* What memory held is no longer known; an address that was only kept there may still be found by others. */
void lose_holder(struct state *s, const struct cell *cell, enum kc_reason reason);
/* stale.c: what the cell holds is about to be forgotten */
void stale_note(struct state *s, const struct cell *cell);
/* What lies at the address is written anew. */
void stale_overwrite(struct state *s, const struct sym *addr);
/* What is known so of @b holds in @a as well. Was some of it new? */
bool stale_join(struct state *a, const struct state *b);
/* What a callee left so, its symbols replaced by @leaf. */
void stale_apply(struct state *s, const struct state *callee, struct sym *(*leaf)(struct sym *s, void *data), void *data,
		 struct symtab *t);
/* An address that is not known is released: it may be one that lay there. */
void stale_release(struct ctx *c, struct state *s, struct site *site, struct sym *addr);
/* The calls that mapped the address are not proved, one in a callee included. */
void stale_doubt_maps(struct ctx *c, const struct sym *base, struct doubt d);
/* The path depends on something that a call out of sight may have changed: so does what is mapped now. */
void state_doubt(struct state *s, struct doubt d);
void add_root(struct sym ***v, unsigned int *n, unsigned int *cap, struct sym *root);
bool has_root(struct sym *const *v, unsigned int n, const struct sym *root);

#endif
