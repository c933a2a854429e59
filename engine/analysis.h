/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * analysis.h - what the parts of the analysis share
 *
 * analyse.c orders the functions bottom up; sim.c runs one to a fixed point; exec.c is the effect of one instruction,
 * call.c that of a call, pair.c the pairing rules, dcache.c the data-cache rule, mem.c memory; outcome.c keeps what a caller needs;
 * witness.c looks for one path that shows a finding; story.c tells it; ledger.c keeps the verdicts.
 */
#ifndef KMAPCHECK_ANALYSIS_H
#define KMAPCHECK_ANALYSIS_H

#include "api.h"
#include "dom.h"
#include "kmapcheck.h"
#include "state.h"
#include "sym.h"
#include "util.h"

/**
 * struct site - a call (or store) that the ledger has a verdict for
 * @val: the instruction
 * @seen: some path reached it
 * @proved: some path that reached it was in order
 * @doubt: why some path was not decided
 */
struct site {
	enum kc_site_kind kind;
	const struct flow_val *val;
	const char *callee;
	bool seen, proved, violated;
	struct doubt doubt;
	const struct fn *released_by;	/* a mapping that this function made and released, on some path */
	const char *object;		/* source text of what is mapped, written or flushed */
	const struct flow_val *mapped;		/* of a write: the call that mapped what it writes, where that is in sight */
	struct site *next;		/* another site of the same instruction */
};

/**
 * struct outcome - one way in which a function ends, in terms of its parameters and the memory they lead to
 * @state: at the return
 * @ret: the value returned, or NULL
 * @single: the same on a single path, with all that is known there, in searches; NULL where that is not needed or was not found
 */
struct outcome {
	struct state *state;
	struct sym *ret;
	struct state *single;
	struct sym *single_ret;
};

/**
 * struct access - an address that the caller gives, or keeps in memory that it gives, is followed
 * @root: the parameter, or what that memory holds at the entry
 * @guard: what is known there of the caller's values; @sure: and nothing more decides whether it comes to it
 */
struct access {
	struct sym *root;
	const struct flow_val *at;
	struct facts guard;
	bool sure;
};

/**
 * struct fn - what the engine knows of a function
 * @step: by value: what a phi adds on every turn of its loop, 0 where it is no such counter
 * @kept: by value: the address of a variable that a call may keep: of more than a number or pointer, or one that is stored
 * @sites: by value
 * @closed: all its callers are in sight and will be analysed
 * @rank: position in the bottom-up order; a callee of no lower rank is part of a recursion
 */
struct fn {
	struct flow_func *func;
	struct dom *dom;
	struct live *live;		/* which values are used from a block on; NULL before it is simulated */
	int64_t *step;
	bool *kept;
	struct site **sites;
	bool closed, bounded, summarised, called, recursive;
	bool waits;			/* nothing can come of it: analysed when a caller wants it */
	struct flow_val **meets;		/* by block: stands for what memory holds where paths meet */
	const struct flow_val *result;	/* stands for what it returns, with the id nvals */
	unsigned int naccesses, caccesses;
	struct access *accesses;
	unsigned char *plain;		/* by block: the edges that some path took, so far, without contradicting what was known before a call */
	uint16_t *plain_ways;		/* likewise by call: the outcomes of the callee */
	uint64_t mapped;		/* parameters that may get an address inside a mapping */
	bool loads_mapped;		/* it may load such an address from memory that is not its own */
	bool releases_some;		/* it releases in a loop what its callers mapped: which ones is not known */
	bool *idles;			/* by loop header: it waits there for others to change memory; NULL where it does nowhere */
	bool dirties, relevant;		/* it may write objects; it, a caller or a callee of a caller does */
	bool *kin;			/* by value: it belongs to a directory or symlink; NULL where nothing does */
	struct flush_loop *flush_loops;
	const struct flow_val *asked[4];	/* calls that say whether user space may write a page */
	unsigned int nasked;
	struct flushed *flushed;		/* for explanations */
	unsigned int rank;
	unsigned int noutcomes;
	struct outcome *outcomes;
	struct state **in;		/* by block: the states that reach it */
};

/**
 * struct violation - something that is wrong on a path
 * @map: where the address was mapped (or the object written), NULL where it never was
 * @at: the instruction of the function at hand at which it goes wrong, NULL at a return; @block: its block
 * @site: the site that the finding stands on
 */
struct violation {
	enum kc_rule rule;
	struct site *map, *site, *other;
	const struct flow_val *at, *access;
	const struct flow_val *site_at;	/* the call in the function at hand that leads to the site, where it is not @at */
	const struct flow_val *other_via;
	const struct flow_block *block;
	struct sym *sym, *object;
	int64_t offset;
	const char *what;
	struct doubt doubt;		/* of the path or the mapping: then it is not shown */
	enum api_effect_kind flush;	/* of the data-cache rule: the sort of flush that is missing, 0 where not known */
	bool whichever;			/* it is one on each path that comes to it: how this one came about is of no account */
	bool unless_others;		/* it is none where the unit undoes the kmap() of somebody else: it may be this one */
	const struct flow_val *via;
};

/**
 * struct log_entry - what one run says of a site; taken over when the run counts
 */
struct log_entry {
	struct site *site;
	bool proved;
	struct doubt doubt;
};

struct candidate {
	struct violation v;
	struct fn *fn;
	const struct trace *trace;
	struct doubt doubt;
	bool confirmed, rejected;
	unsigned int vain;		/* steps of the search for the nearest way that found nothing; 0: there was none */
	struct candidate *next;
};

/**
 * struct ctx - one run of kc_analyse()
 * @fn: the function at hand
 * @target: in the search for a witness the violation looked for; @found: the trace that shows it
 */
struct ctx {
	struct kc *kc;
	const struct kc_options *opt;
	const struct api *api;
	struct flow_unit *unit;
	struct arena *arena;		/* lives as long as the result */
	struct arena *scratch;		/* until the analysis ends */
	struct symtab *syms;
	struct fn *fns;
	unsigned int nfns;
	struct fn *fn;
	struct log_entry *log;		/* what the run so far says of sites */
	unsigned int nlog, clog;
	struct candidate *candidates;	/* of the function at hand */
	struct candidate *confirmed;	/* of all functions */
	struct candidate *waiting;	/* likewise, until all functions are known */
	bool undoes_others;		/* a kunmap() of a page that was mapped out of sight */
	const char *flushed[32];	/* the fields and accessors that flushed objects come out of */
	unsigned int nflushed;
	unsigned char asked[1024];	/* by a hash of the name: how often it is called in the unit: not, once, more often */
	const struct violation *target;
	const struct trace *found;
	struct violation found_violation;
	struct example_memo *examples;	/* those that were looked for */
	bool impossible;		/* one was found on a path that cannot be taken */
	bool scouting;			/* every violation is looked for, and confirmed by being found */
	struct outcome *single_of;	/* a single path that ends so is looked for */
	unsigned int steps;
	bool quiet;			/* on the way to the fixed point: nothing is told yet */
	bool unwritten;			/* the call at hand is taken not to have written */
	struct kc_result *result;
	unsigned int cfindings, csites;
};

/* analyse.c */
struct fn *fn_of(const struct flow_func *f);
/* Do mappings pass between it and its callers? */
bool fn_passes_on(const struct fn *fn);
struct fn *callee_of(const struct ctx *c, const struct flow_val *call);
/* Of the function that is called: by name, or by a pointer to one that has a name; else NULL. */
const char *callee_name(const struct flow_val *call);
/* The same, whether anything is known of it or not. */
struct fn *direct_callee(const struct ctx *c, const struct flow_val *call);
/* Where a field ("tag.field") lies, by what the unit says. */
bool layout_of(const struct ctx *c, const char *field, int64_t *offset);

/* defer.c: can nothing come of the function? The functions that it calls have been analysed, or wait. */
bool fn_can_wait(const struct ctx *c, const struct fn *fn);
/* Does it map, release, write and flush only through functions in sight, some of which pass mappings on? */
bool fn_hands_through(const struct ctx *c, const struct fn *fn);
/* A function that waits, and that @fn calls; NULL if there is none. */
struct fn *fn_next_wanted(const struct ctx *c, const struct fn *fn);

/* exec.c */
struct sym *eval(struct ctx *c, struct state *s, const struct flow_val *v);
/* Run the block; gives the states at its end (several where a call has several outcomes), without those that cannot be. */
struct state *exec_block(struct ctx *c, struct state *s, const struct flow_block *b);
/* Take an edge: NULL where it cannot be taken; @s is used up. */
struct state *exec_edge(struct ctx *c, struct state *s, const struct flow_block *b, unsigned int n);
void exec_return(struct ctx *c, struct state *s, const struct flow_block *b);
void trace_add(struct ctx *c, struct state *s, struct trace t);

/* mem.c */
struct sym *mem_load(struct ctx *c, struct state *s, struct sym *addr, const struct flow_val *v);
void mem_store(struct ctx *c, struct state *s, struct sym *addr, struct sym *val, unsigned int size);
void mem_note(struct state *s, struct sym *addr, struct sym *val, unsigned int size);
void mem_move(struct ctx *c, struct state *s, struct sym *to, struct sym *from, unsigned int size);
void mem_kill(struct state *s, struct sym *addr);
/* A struct is loaded as one value, to be returned or handed over: where the addresses in it go is not followed. */
void mem_take_whole(struct state *s, struct sym *addr, unsigned int size);
/* @size bytes at @addr become 0; -1: all that there is. */
void mem_zero(struct state *s, struct sym *addr, int64_t size);
void mem_free(struct state *s, struct sym *addr);
/* What lies at @addr and from there on is written by something unknown. */
void mem_clobber(struct state *s, struct sym *addr, int64_t size);
/* The callee @name may have changed the memory of @root. */
void mem_lose(struct state *s, struct sym *root, const char *name);
/* A call out of sight, named @name, gets these addresses. */
void mem_havoc(struct state *s, struct sym **roots, unsigned int n, const char *name);
bool mem_is_as_at_entry(const struct state *s, struct sym *addr, unsigned int size);
/* Is it what the memory held at the entry? */
bool is_initial(const struct cell *cell);
void mem_havoc_all(struct state *s, const char *name);
/* What is known of values that memory held some time, and that no cell holds any more, was known of another time. */
void mem_weaken(struct state *s);
/* Remember the answer of a call, named by @key, as if it lay in memory; gives the answer of the same call before. */
struct sym *mem_answer(struct state *s, struct sym *key, struct sym *answer);
struct sym *mem_init(struct ctx *c, struct state *s, struct sym *addr, enum flow_type type);

/* loop.c */
void loop_redefine(struct ctx *c, struct state *s, const struct flow_val *v);
void loop_enter(struct ctx *c, struct state *s, const struct flow_block *header, bool turn);

/* call.c: the states after the call, a list. */
struct state *exec_call(struct ctx *c, struct state *s, const struct flow_val *v);

struct sym *mem_peek(struct ctx *c, struct state *s, const struct flow_val *v, struct sym *addr);

/* answer.c: what calls out of sight gave, kept as if it lay in memory. How often each function is asked in this one: */
void answer_count(struct ctx *c, const struct flow_func *f);
/* @v was called; what it gave probably is what it gave before. */
void answer_remember(struct ctx *c, struct state *s, const struct flow_val *v);
/* Memory where @old was read now gives @new, which probably is the same: so is what was asked of it. */
void answer_rename(struct ctx *c, struct state *s, struct sym *old, struct sym *new);
/* Two answers to the same question. */
void answer_transfer(struct ctx *c, struct state *s, struct sym *before, struct sym *answer);

/* outcome.c */
void outcome_add(struct ctx *c, struct fn *fn, struct state *s, struct sym *ret);
void outcome_finish(struct ctx *c, struct fn *fn);
void outcome_try(struct ctx *c, struct fn *fn, const struct state *at, struct sym *ret);
struct state *outcome_apply(struct ctx *c, struct state *s, const struct flow_val *v, struct fn *callee);
void outcome_free(struct fn *fn);

/* pair.c */
void pair_map(struct ctx *c, struct state *s, const struct flow_val *v, struct site *site, enum api_family family,
	      struct sym *base, struct sym *object);
void pair_unmap(struct ctx *c, struct state *s, const struct flow_val *v, struct site *site, enum api_family family,
		struct sym *addr, bool if_live);
/* @access: the instruction that accesses the memory, in the function at hand (then @v itself) or further down. */
void pair_access(struct ctx *c, struct state *s, const struct flow_val *v, const struct flow_val *access,
		 struct sym *addr);
void accesses_free(struct fn *fn);
bool right_family(enum api_family mapped, enum api_family released);
/* Was it there when the function was entered? */
bool from_entry(const struct sym *addr);
/* Was it read from memory that a call out of sight may have changed? */
bool is_late(const struct sym *addr);
enum kc_reason pair_escape(struct ctx *c, struct state *s, const struct mapping *m, const struct sym *ret);
void pair_return(struct ctx *c, struct state *s, const struct flow_block *b, struct sym *ret);

/* dcache.c */
/* @any_page: of a folio, which of its pages is not known */
void dcache_write(struct ctx *c, struct state *s, const struct flow_val *v, struct site *site, struct sym *object,
		  bool any_page);
void dcache_write_addr(struct ctx *c, struct state *s, const struct flow_val *v, struct sym *addr, const char *unsure);
void dcache_flush(struct ctx *c, struct state *s, const struct flow_val *v, struct site *site, struct sym *object,
		  bool page);
void dcache_publish(struct ctx *c, struct state *s, const struct flow_val *v, struct sym *object, bool unlock);
void dcache_return(struct ctx *c, struct state *s, const struct flow_block *b, struct sym *ret);
void dcache_drop(struct ctx *c, struct state *s, struct sym *object);
void dcache_put(struct ctx *c, struct state *s, struct sym *object);
void dcache_lock(struct ctx *c, struct state *s, struct sym *object);
/* dcache-read.c; @text: the source's words for the object */
void dcache_read(struct ctx *c, struct state *s, const struct flow_val *v, struct sym *object, const char *text);
void dcache_read_addr(struct ctx *c, struct state *s, const struct flow_val *v, struct sym *addr);
/* A call out of sight gets @arg. */
void dcache_unknown(struct ctx *c, struct state *s, const struct flow_val *v, struct sym *arg);
/* What the load @v of @x gives, where the model knows the field; else @x. */
struct sym *dcache_load(struct ctx *c, struct state *s, const struct flow_val *v, struct sym *x);
/* The loop of @header is entered, or (@turn) turns. */
void dcache_loop(struct ctx *c, struct state *s, const struct flow_block *header, bool turn);
/* Before anything is simulated. */
void dcache_prepare(struct ctx *c);
/* Does anything in the unit show user space what was written? Where nothing does, no write is unflushed for that. */
bool dcache_publishes(const struct api *api, const struct flow_unit *u);
/* What a callee did to objects, its symbols replaced by @leaf. @possible: a bit for each of its outcomes that can be where it is called */
void dcache_apply(struct ctx *c, struct state *s, const struct flow_val *v, const struct state *callee,
		  unsigned int possible, struct sym *(*leaf)(struct sym *s, void *data), void *data);
/* The object whose mapping the address lies in, or NULL. */
struct sym *object_at_addr(struct state *s, struct sym *addr);
/* Does one missing flush explain both: writes of one object that a function leaves unflushed, on several paths? */
bool dcache_is_one(const struct candidate *a, const struct candidate *b);
void dcache_tell(struct ctx *c, struct kc_finding *f, const struct candidate *k);

/* anyway.c: is there nothing behind the call that maps which may release it? Comes every path from its release to @at? */
bool is_left_anyway(const struct ctx *c, const struct mapping *m);
bool comes_anyway(const struct ctx *c, const struct mapping *m, const struct flow_val *at);

/* fields.c */
const struct flow_val *held_by_another(const struct ctx *c, const struct flow_val *value, enum api_family family);

/* analyse.c: is it a call whose line in the model has an effect of one of these kinds, a bit for each? */
bool call_does(const struct ctx *c, const struct flow_val *v, uint64_t kinds);

/* tested.c: may the function ask whether the call @v failed, by its result? Not where that is only used as an address. */
bool is_tested(const struct ctx *c, const struct flow_val *v);

/* learn.c: lines of the model for the unit's functions that other files call, or NULL */
const char *learn_lines(struct ctx *c);

/* ledger.c */
struct site *site_of(struct ctx *c, const struct flow_val *v, enum kc_site_kind kind);
void site_seen(struct ctx *c, struct site *site);
void site_proved(struct ctx *c, const struct state *s, struct site *site);
void site_doubt(struct ctx *c, struct site *site, struct doubt d);
void log_reset(struct ctx *c);
void log_commit(struct ctx *c);
/* Do both say the same of the same sites? */
bool same_violation(const struct violation *a, const struct violation *b);
void report_violation(struct ctx *c, struct state *s, const struct violation *v);
void ledger_collect(struct ctx *c);
const char *function_at(const struct ctx *c, struct flow_loc loc, const struct flow_func *f);

/* live.c: which values are used from a block of the function on */
struct live *live_new(struct arena *arena, const struct fn *fn);
/* Is the value of that id? */
bool live_is(const struct live *live, const struct flow_block *b, unsigned int id);

/* sim.c */
void simulate(struct ctx *c, struct fn *fn, unsigned int variants);

/* unite.c: of how many mappings they say different things */
unsigned int state_difference(const struct state *a, const struct state *b);
/* The one of the list whose mappings are most like those of @s, if there is one. */
struct state *state_nearest(struct state *list, const struct state *s);
/* Make two states agree: what they do not agree on is doubtful in both. @header: at a loop's header. */
void state_unite(struct ctx *c, struct state *a, struct state *b, bool header);

/* join.c: the value of that id, the function's result included */
const struct flow_val *value_of(const struct fn *fn, unsigned int id);

/*
 * witness.c: settle the candidates of the function at hand; true if all were shown. @known: those of a run before; @last: there
 * will be no other run
 */
bool witness_candidates(struct ctx *c, struct fn *fn, const struct candidate *known, bool last);
/* Add candidates that single paths through the calls of a bounded function show. */
void witness_scout(struct ctx *c, struct fn *fn);
void witness_singles(struct ctx *c, struct fn *fn);

/* search.c: the same for one violation of the data-cache rule, in no more than @limit blocks; c->found is the path. */
bool search_path(struct ctx *c, struct fn *fn, const struct violation *v, unsigned int limit);

/* story-branch.c */
void story_branches(struct ctx *c, const struct violation *v, const struct trace *const *path, unsigned int n, bool *keep);

/* story.c, text.c */
/* Add an event; branches tell which way the path goes. */
void story_event(struct ctx *c, struct kc_finding *f, struct flow_loc loc, const struct flow_func *func, const char *text);
void story_edge(struct ctx *c, struct kc_finding *f, const struct trace *t);
void story_tell(struct ctx *c, struct candidate *k);
/* What findings call things: story-words.c. An address that has no name is STORY_NO_NAME. */
#define STORY_NO_NAME "the address"
const char *story_call(const struct site *site);
const char *story_object(const struct site *map);
const char *story_mapping(struct ctx *c, const struct site *map);
const char *story_address(struct ctx *c, const struct violation *v);
/* The call that releases what @map mapped, as the source would have it; NULL where the model has none. */
const char *story_release(struct ctx *c, const struct site *map, const char *address);
const char *expr_of(struct ctx *c, const struct flow_val *v);
const char *name_of(struct ctx *c, const struct flow_val *v);
/* What @v is called by the caller of the function that stores it by way of a parameter; NULL where it does not. */
const char *name_in_caller(struct ctx *c, const struct flow_val *v, const struct flow_val *call);
/* Is it the page, not the address, that the call releases by? */
bool story_takes_page(struct ctx *c, const struct site *unmap);
/* What the result of a call is called, where that is an address. */
const char *story_result(struct ctx *c, const struct flow_val *call);
/* What the function that the finding is told of calls the address, or NULL. */
const char *story_own_name(struct ctx *c, const struct violation *v);
/* The source text of the object that a call names in a place. */
const char *object_text(struct ctx *c, const struct flow_val *v, const struct api_place *p);

#endif
