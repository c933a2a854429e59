// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mem.c - memory: what lies at which address
 *
 * Memory is named by access path: a root value and an offset, as one symbolic sum. Different roots are taken to be
 * different memory. What was never stored is the content at the function's entry (SYM_INIT), until a call out of sight that gets the
 * root, or anything it leads to, may have changed it.
 */
#include <stdlib.h>

#include "analysis.h"
#include "run.h"

#define MAX_CELLS 48
#define MAX_SCALAR 8
#define MAX_ADDRESS 48		/* nodes: content at a more involved address is a value of its own */

static struct cell *find_cell(struct state *s, const struct sym *addr)
{
	unsigned int i;

	for (i = s->ncells; i-- > 0;)
		if (s->cells[i].addr == addr)
			return &s->cells[i];
	return NULL;
}

/* Is the memory of @root one of @roots, or does one of them lead to it? */
static bool leads_to(struct sym *const *roots, unsigned int n, struct sym *root)
{
	for (;;) {
		if (has_root(roots, n, root))
			return true;
		if (root->kind != SYM_INIT)
			return false;
		root = sym_root(root->args[0]);
	}
}

bool is_initial(const struct cell *cell)
{
	return cell->val->kind == SYM_INIT && !cell->val->gen && cell->val->args[0] == cell->addr;
}

/* Is the value what a cell holds? Then a load after the next call out of sight gives another one. */
static bool is_kept(const struct state *s, const struct sym *x)
{
	unsigned int i;

	for (i = 0; i < s->ncells; i++)
		if (s->cells[i].val == x && s->cells[i].addr == x->args[0])
			return true;
	return false;
}

static bool is_lost(const struct sym *x, void *data)
{
	unsigned int i;

	if (!(x->has & SYM_HAS_LATE))
		return false;
	if (x->kind == SYM_INIT)
		return x->gen && !is_kept(data, x);
	for (i = 0; i < x->nargs; i++)
		if (is_lost(x->args[i], data))
			return true;
	return false;
}

void mem_weaken(struct state *s)
{
	if (s->facts.late)
		facts_weaken(&s->facts, is_lost, s);
}

static void drop_cell(struct state *s, unsigned int i)
{
	unsigned int j;

	lose_holder(s, &s->cells[i], KC_R_UNKNOWN_ADDRESS);
	if (!is_initial(&s->cells[i]))
		havoc_root(s, sym_root(s->cells[i].addr));
	s->ncells--;
	for (j = i; j < s->ncells; j++)
		s->cells[j] = s->cells[j + 1];
	mem_weaken(s);
}

static bool is_of_kmap(struct state *s, const struct cell *cell)
{
	struct sym *base = sym_find_map(cell->val);
	struct mapping *m = base ? state_find_map(s, base) : NULL;

	return m && m->family == API_KMAP && sym_root(cell->addr)->kind != SYM_LOCAL;
}

static struct cell *add_cell(struct state *s, struct sym *addr, struct sym *val, unsigned int size)
{
	struct cell *cell = find_cell(s, addr);
	unsigned int i;

	if (cell) {
		/*
		 * Who else saw the address since a call out of sight is not known; the page of kmap() they have in any case.
		 * An address that only moved on in its page is still there.
		 */
		if ((cell->weak || is_of_kmap(s, cell)) && sym_find_map(val) != sym_find_map(cell->val))
			lose_holder(s, cell, KC_R_MEMORY);
		*cell = (struct cell){ .addr = addr, .val = val, .size = size };
		return cell;
	}
	/* The oldest that holds no mapping makes room. */
	for (i = 0; s->ncells >= MAX_CELLS && i < s->ncells;) {
		if (s->cells[i].val->has & SYM_HAS_MAP)
			i++;
		else
			drop_cell(s, i);
	}
	GROW(s->cells, s->ncells, s->ccells);
	cell = &s->cells[s->ncells++];
	*cell = (struct cell){ .addr = addr, .val = val, .size = size };
	return cell;
}

/* Is the memory known to be 0, or (@weak) to have been until a call out of sight? */
static bool is_zeroed(struct state *s, struct sym *addr, bool *weak)
{
	struct sym *root = sym_root(addr);
	unsigned int i;
	int64_t d;

	for (i = 0; i < s->nzero; i++) {
		if (sym_root(s->zero[i].addr) != root)
			continue;
		if (!sym_distance(addr, s->zero[i].addr, &d) || d < 0 || (s->zero[i].size >= 0 && d >= s->zero[i].size))
			continue;
		*weak = leads_to(s->havoc, s->nhavoc, root);
		return true;
	}
	return false;
}

static void forget_zero(struct state *s, const struct sym *root)
{
	unsigned int i, j;

	for (i = j = 0; i < s->nzero; i++)
		if (sym_root(s->zero[i].addr) != root)
			s->zero[j++] = s->zero[i];
	s->nzero = j;
}

void mem_zero(struct state *s, struct sym *addr, int64_t size)
{
	struct sym *root = sym_root(addr);
	unsigned int i, j;

	mem_clobber(s, addr, size);
	if (addr->has & (SYM_HAS_VAGUE | SYM_HAS_UNDEF))
		return;
	/* Fresh content: that it was changed before is of no account. */
	for (i = j = 0; i < s->nhavoc; i++)
		if (s->havoc[i] != root)
			s->havoc[j++] = s->havoc[i];
	s->nhavoc = j;
	forget_zero(s, root);
	GROW(s->zero, s->nzero, s->czero);
	s->zero[s->nzero++] = (struct zeroed){ addr, size };
}

/* What was kept at an address is gone; an address that only lay there is lost. */
void mem_free(struct state *s, struct sym *addr)
{
	struct sym *root = sym_root(addr);
	unsigned int i, j;

	for (i = j = 0; i < s->ncells; i++)
		if (sym_root(s->cells[i].addr) != root)
			s->cells[j++] = s->cells[i];
	s->ncells = j;
	forget_zero(s, root);
	havoc_root(s, root);
}

/* A variable of this function to which nothing was ever stored, and whose address nobody has. */
static bool is_uninitialised(const struct state *s, const struct sym *root)
{
	unsigned int i;

	if (root->kind != SYM_LOCAL || has_root(s->escaped, s->nescaped, root) || s->havoc_all)
		return false;
	for (i = 0; i < s->ncells; i++)
		if (sym_root(s->cells[i].addr) == root)
			return false;
	return true;
}

/**
 * mem_init() - the content of memory that nothing on this path stored or read
 *
 * Return: what was there at the entry; where a call may have changed it, what is there some time later; NULL for a variable
 * of the function itself.
 */
struct sym *mem_init(struct ctx *c, struct state *s, struct sym *addr, enum flow_type type)
{
	struct sym *root = sym_root(addr), *val, *late;

	if (root->kind == SYM_LOCAL || addr->size > MAX_ADDRESS)
		return NULL;
	val = sym_init(c->syms, addr, type);
	if (!s->havoc_all && !leads_to(s->havoc, s->nhavoc, root))
		return val;
	late = sym_late(c->syms, addr, type);
	facts_transfer(&s->facts, c->syms, val, late, false);
	answer_rename(c, s, val, late);
	return late;
}

/**
 * mem_is_as_at_entry() - do @size bytes at @addr, of which the state has no cell, hold what they held when the function was entered?
 */
bool mem_is_as_at_entry(const struct state *s, struct sym *addr, unsigned int size)
{
	struct sym *root = sym_root(addr);
	unsigned int i;
	int64_t d;

	if (!size || root->kind == SYM_LOCAL || addr->size > MAX_ADDRESS || s->havoc_all ||
	    (addr->has & (SYM_HAS_VAGUE | SYM_HAS_UNDEF | SYM_HAS_MAP)) || leads_to(s->havoc, s->nhavoc, root))
		return false;
	for (i = 0; i < s->nzero; i++)
		if (sym_root(s->zero[i].addr) == root)
			return false;
	for (i = 0; i < s->ncells; i++) {
		const struct cell *cell = &s->cells[i];

		if (sym_root(cell->addr) != root || is_initial(cell))
			continue;
		if (!cell->size || !sym_distance(cell->addr, addr, &d) || (d < (int64_t)size && -d < (int64_t)cell->size))
			return false;
	}
	return true;
}

/* The value that a cell had, now that it may have changed: a new one that probably is the same. */
static bool is_symbol(const struct sym *s, void *data)
{
	return s == data;
}

static struct sym *weak_value(struct ctx *c, struct state *s, const struct cell *cell, struct sym *val)
{
	struct sym *old = cell->val;
	bool doubt = false;

	facts_transfer(&s->facts, c->syms, old, val, false);
	answer_rename(c, s, old, val);
	if (old->kind == SYM_CONST) {
		facts_assume_range(&s->facts, c->syms, val, (struct range){ old->num, old->num }, &doubt);
		facts_weaken(&s->facts, is_symbol, val);
	}
	return val;
}

/* A pointer or number in a struct that was stored as a whole, or NULL. */
static struct sym *part_of_cell(struct ctx *c, struct state *s, struct sym *addr, unsigned int size)
{
	unsigned int i;
	int64_t d;

	for (i = 0; i < s->ncells; i++) {
		const struct cell *cell = &s->cells[i];

		if (cell->size > MAX_SCALAR && !cell->weak && sym_distance(addr, cell->addr, &d) && d >= 0 && d + size <= cell->size)
			return sym_pure(c->syms, "part", 3, (struct sym *[]){ cell->val, sym_const(c->syms, d), sym_const(c->syms, size) });
	}
	return NULL;
}

/* What a load finds is known from now on, and has not changed what lies elsewhere. */
void mem_note(struct state *s, struct sym *addr, struct sym *val, unsigned int size)
{
	struct cell *cell = find_cell(s, addr);
	bool read = !cell || cell->read;

	add_cell(s, addr, val, size)->read = read;
}

/* Is it an address of somebody else's that was released here? Another one may lie in its place by now. */
static bool was_released(const struct state *s, const struct sym *val)
{
	unsigned int i;

	for (i = 0; i < s->nmaps; i++)
		if (s->maps[i].foreign && s->maps[i].base == val)
			return true;
	return false;
}

/*
 * A pointer most likely still leads to the same memory, whatever that holds by now; a NULL may have been filled in, and what was not
 * initialised has been.
 */
static bool still_leads(struct ctx *c, const struct state *s, const struct cell *cell)
{
	return !(cell->val->has & SYM_HAS_UNDEF) && !was_released(s, cell->val) &&
	       facts_truth(&s->facts, c->syms, cell->val) != T_NO;
}

struct sym *mem_peek(struct ctx *c, struct state *s, const struct flow_val *v, struct sym *addr)
{
	struct cell *cell = find_cell(s, addr);
	struct sym *x = cell && cell->size <= MAX_SCALAR ? NULL : part_of_cell(c, s, addr, MAX_SCALAR);
	bool weak;

	if (x)
		return x;
	if (cell && (!cell->weak || (cell->val->has & SYM_HAS_MAP)))
		return cell->val;
	if (cell && cell->val->type == FLOW_T_PTR && still_leads(c, s, cell))
		return cell->val;
	if (!cell && is_zeroed(s, addr, &weak) && !weak)
		return sym_const(c->syms, 0);
	x = cell ? NULL : mem_init(c, s, addr, FLOW_T_PTR);
	if (!x)
		x = sym_val(c->syms, v, 0, sym_init(c->syms, addr, FLOW_T_PTR));
	if (cell)
		weak_value(c, s, cell, x);
	mem_note(s, addr, x, 0);
	return x;
}

struct sym *mem_load(struct ctx *c, struct state *s, struct sym *addr, const struct flow_val *v)
{
	struct cell *cell = find_cell(s, addr);
	struct sym *root = sym_root(addr), *val;
	bool weak;

	if (v->is_volatile && !(cell && (cell->val->has & SYM_HAS_MAP)))
		return sym_val(c->syms, v, 0, NULL);
	if (cell && (!cell->size || !v->size || cell->size == v->size)) {
		struct mapping *m;

		if (!cell->weak)
			return cell->val;
		if (cell->val->has & SYM_HAS_MAP) {
			m = state_find_map(s, sym_find_map(cell->val));
			if (m && !m->doubt.reason)
				m->doubt = cell->doubt;
			return cell->val;
		}
		if (v->type == FLOW_T_PTR && still_leads(c, s, cell))
			return cell->val;
		val = weak_value(c, s, cell, sym_val(c->syms, v, 0, NULL));
		mem_note(s, addr, val, v->size);
		return val;
	}
	val = v->size <= MAX_SCALAR ? part_of_cell(c, s, addr, v->size) : NULL;
	if (val)
		return val;
	if (addr->has & (SYM_HAS_VAGUE | SYM_HAS_UNDEF))
		return sym_val(c->syms, v, 0, NULL);
	if (!cell && is_zeroed(s, addr, &weak)) {
		val = sym_const(c->syms, 0);
		if (weak) {
			val = sym_val(c->syms, v, 0, NULL);
			facts_assume_range(&s->facts, c->syms, val, (struct range){ 0, 0 }, &weak);
			facts_weaken(&s->facts, is_symbol, val);
		}
		mem_note(s, addr, val, v->size);
		return val;
	}
	if (!cell && is_uninitialised(s, root) && !has_root(s->havoc, s->nhavoc, root))
		return sym_undef(c->syms, v);
	val = cell ? NULL : mem_init(c, s, addr, v->type);
	if (!val)
		val = sym_val(c->syms, v, 0, NULL);
	mem_note(s, addr, val, v->size);
	return val;
}

/* Do size bytes at @addr leave the cell alone? */
static bool apart(struct ctx *c, struct state *s, const struct cell *cell, struct sym *addr, unsigned int size)
{
	struct sym *d;
	int64_t n;

	if (!sym_distance(addr, cell->addr, &n)) {
		d = facts_resolve(&s->facts, c->syms, sym_sub(c->syms, addr, cell->addr));
		if (d->kind != SYM_CONST)
			return facts_truth(&s->facts, c->syms, d) == T_YES;
		n = d->num;
	}
	return n >= 0 ? (uint64_t)n >= cell->size : -(uint64_t)n >= size;
}

/* A number that others see: one that may have changed is remembered, so that a path on which it must have is doubtful. */
static bool is_flag(const struct cell *cell)
{
	return sym_root(cell->addr)->kind != SYM_LOCAL && cell->val->type != FLOW_T_PTR && !(cell->val->has & SYM_HAS_MAP);
}

/* Forget what may lie where size bytes at @addr are now written. */
static void forget_overlap(struct ctx *c, struct state *s, struct sym *addr, unsigned int size)
{
	struct sym *root = sym_root(addr);
	unsigned int i;
	int64_t n;

	run_overwrite(c, s, addr, size);
	for (i = 0; i < s->ncells;) {
		struct cell *cell = &s->cells[i];

		if (cell->addr == addr || sym_root(cell->addr) != root || apart(c, s, cell, addr, size)) {
			i++;
		} else if ((cell->val->has & SYM_HAS_MAP) || (!sym_distance(addr, cell->addr, &n) && is_flag(cell))) {
			cell->weak = true;
			cell->doubt = (struct doubt){ KC_R_UNKNOWN_ADDRESS, NULL };
			i++;
		} else {
			drop_cell(s, i);
		}
	}
}

void mem_store(struct ctx *c, struct state *s, struct sym *addr, struct sym *val, unsigned int size)
{
	forget_overlap(c, s, addr, size);
	if (addr->has & (SYM_HAS_VAGUE | SYM_HAS_UNDEF)) {
		havoc_root(s, sym_root(addr));
		return;
	}
	/* A variable's address in memory that others see is known to them from now on. */
	if (sym_root(val)->kind == SYM_LOCAL && sym_root(addr)->kind != SYM_LOCAL)
		add_root(&s->escaped, &s->nescaped, &s->cescaped, sym_root(val));
	stale_overwrite(s, addr);
	add_cell(s, addr, val, size);
}

void mem_clobber(struct state *s, struct sym *addr, int64_t size)
{
	struct sym *root = sym_root(addr);
	unsigned int i;
	int64_t d;

	run_clobber(s, root);
	for (i = 0; i < s->ncells;) {
		struct cell *cell = &s->cells[i];
		bool known;

		if (sym_root(cell->addr) != root) {
			i++;
			continue;
		}
		known = sym_distance(cell->addr, addr, &d);
		if (known && (d < 0 || (size >= 0 && d >= size))) {
			i++;
		} else if (is_flag(cell) && (!known || (size < 0 && d > 0))) {
			/* It may reach as far, and may not. */
			cell->weak = true;
			cell->doubt = (struct doubt){ KC_R_UNKNOWN_ADDRESS, NULL };
			i++;
		} else {
			drop_cell(s, i);
		}
	}
	havoc_root(s, root);
}

/* Drop the cells in a range that is overwritten by something known. */
static void overwrite(struct ctx *c, struct state *s, struct sym *addr, unsigned int size)
{
	struct sym *root = sym_root(addr);
	unsigned int i, j;
	int64_t d;

	forget_overlap(c, s, addr, size);
	for (i = j = 0; i < s->ncells; i++) {
		if (sym_root(s->cells[i].addr) != root || !sym_distance(s->cells[i].addr, addr, &d) || d < 0 ||
		    d >= (int64_t)size)
			s->cells[j++] = s->cells[i];
	}
	s->ncells = j;
}

void mem_move(struct ctx *c, struct state *s, struct sym *to, struct sym *from, unsigned int size)
{
	struct sym *root = sym_root(from);
	int64_t d;
	bool weak = false, zero = is_zeroed(s, from, &weak) && !weak;
	unsigned int i, n = 0;
	struct cell *copy = xmalloc((s->ncells + 1) * sizeof(*copy));

	for (i = 0; i < s->ncells; i++) {
		if (sym_root(s->cells[i].addr) != root || !sym_distance(s->cells[i].addr, from, &d) || d < 0 ||
		    d >= (int64_t)size)
			continue;
		copy[n] = s->cells[i];
		copy[n++].addr = sym_add_const(c->syms, to, d);
	}
	overwrite(c, s, to, size);
	if (zero)
		mem_zero(s, to, size);
	else
		havoc_root(s, sym_root(to));
	for (i = 0; i < n; i++) {
		struct cell *cell;

		cell = add_cell(s, copy[i].addr, copy[i].val, copy[i].size);
		*cell = copy[i];
		cell->read = false;
	}
	free(copy);
}

void mem_take_whole(struct state *s, struct sym *addr, unsigned int size)
{
	unsigned int i;
	int64_t d;

	for (i = 0; i < s->ncells; i++)
		if (sym_distance(s->cells[i].addr, addr, &d) && d >= 0 && d < (int64_t)size)
			lose_holder(s, &s->cells[i], KC_R_UNKNOWN_ADDRESS);
}

static void remove_root(struct sym **v, unsigned int *n, const struct sym *root)
{
	unsigned int i;

	for (i = 0; i < *n; i++)
		if (v[i] == root)
			v[i--] = v[--*n];
}

void mem_kill(struct state *s, struct sym *addr)
{
	struct sym *root = sym_root(addr);
	unsigned int i, j;

	for (i = j = 0; i < s->ncells; i++)
		if (sym_root(s->cells[i].addr) != root)
			s->cells[j++] = s->cells[i];
	s->ncells = j;
	forget_zero(s, root);
	remove_root(s->havoc, &s->nhavoc, root);
	remove_root(s->escaped, &s->nescaped, root);
}

struct reach {
	struct sym **roots;
	unsigned int n, cap;
	struct state *s;
};

/* Everything that the roots lead to through memory that is known. */
static void close_reach(struct state *s, struct reach *r)
{
	unsigned int i, before;

	do {
		before = r->n;
		for (i = 0; i < s->ncells; i++) {
			struct sym *val = s->cells[i].val, *root = sym_root(val);

			if (!leads_to(r->roots, r->n, sym_root(s->cells[i].addr)))
				continue;
			if (root->kind != SYM_CONST && root->kind != SYM_UNDEF && !root->is_map &&
			    !leads_to(r->roots, r->n, root))
				add_root(&r->roots, &r->n, &r->cap, root);
		}
	} while (r->n != before);
}

static bool fact_is_reached(const struct sym *s, void *data)
{
	struct reach *r = data;
	unsigned int i;

	/* What memory held at the entry stays what it was; what it held some time later is another matter. */
	if (s->kind == SYM_INIT)
		return s->gen && !is_kept(r->s, s) &&
		       (sym_root(s->args[0])->kind == SYM_GLOBAL || leads_to(r->roots, r->n, sym_root(s->args[0])));
	for (i = 0; i < s->nargs; i++)
		if (fact_is_reached(s->args[i], data))
			return true;
	return false;
}

/* All that  leads to, or everything that others see, may have changed: so may arrays of mappings. */
static void lend_runs(struct state *s, const struct reach *r, const char *name)
{
	unsigned int i;

	for (i = 0; i < s->nmaps; i++) {
		struct sym *root = s->maps[i].end ? sym_root(s->maps[i].first) : NULL;

		if (root && (r ? root->kind == SYM_GLOBAL || leads_to(r->roots, r->n, root) :
			     root->kind != SYM_LOCAL || has_root(s->escaped, s->nescaped, root)))
			run_lend(&s->maps[i], name);
	}
}

void mem_havoc_all(struct state *s, const char *name)
{
	unsigned int i;

	age_released(s);
	lend_runs(s, NULL, name);
	for (i = 0; i < s->ncells; i++) {
		struct cell *cell = &s->cells[i];
		struct sym *root = sym_root(cell->addr);

		if (cell->weak || (root->kind == SYM_LOCAL && !has_root(s->escaped, s->nescaped, root)))
			continue;
		cell->weak = true;
		cell->doubt = (struct doubt){ KC_R_MEMORY, name };
	}
	mem_weaken(s);
	havoc_everything(s);
}

static void mark_handed(struct state *s, const struct cell *cell)
{
	struct sym *base = sym_find_map(cell->val);
	struct mapping *m = base ? state_find_map(s, base) : NULL;

	if (m)
		m->handed = true;
}

void mem_havoc(struct state *s, struct sym **roots, unsigned int n, const char *name)
{
	struct reach r = { .s = s };
	unsigned int i;

	age_released(s);
	for (i = 0; i < n; i++)
		add_root(&r.roots, &r.n, &r.cap, sym_root(roots[i]));
	for (i = 0; i < s->nescaped; i++)
		add_root(&r.roots, &r.n, &r.cap, s->escaped[i]);
	close_reach(s, &r);
	lend_runs(s, &r, name);
	for (i = 0; i < s->ncells; i++) {
		struct cell *cell = &s->cells[i];
		struct sym *root = sym_root(cell->addr);

		if (!(root->kind == SYM_GLOBAL || leads_to(r.roots, r.n, root)))
			continue;
		mark_handed(s, cell);
		if (cell->weak)
			continue;
		cell->weak = true;
		cell->doubt = (struct doubt){ KC_R_MEMORY, name };
	}
	facts_weaken(&s->facts, fact_is_reached, &r);
	for (i = 0; i < r.n; i++) {
		havoc_root(s, r.roots[i]);
		if ((r.roots[i]->kind == SYM_LOCAL && fn_of(r.roots[i]->val->func)->kept[r.roots[i]->val->id]) ||
		    r.roots[i]->kind == SYM_PARAM)
			add_root(&s->escaped, &s->nescaped, &s->cescaped, r.roots[i]);
	}
	free(r.roots);
}

void mem_lose(struct state *s, struct sym *root, const char *name)
{
	unsigned int i;

	for (i = 0; i < s->nmaps; i++)
		if (s->maps[i].end && sym_root(s->maps[i].first) == root)
			run_lend(&s->maps[i], name);
	for (i = 0; i < s->ncells; i++) {
		struct cell *cell = &s->cells[i];

		if (cell->weak || sym_root(cell->addr) != root || (cell->val->has & SYM_HAS_MAP))
			continue;
		cell->weak = true;
		cell->doubt = (struct doubt){ KC_R_MEMORY, name };
	}
	havoc_root(s, root);
}

struct sym *mem_answer(struct state *s, struct sym *key, struct sym *answer)
{
	struct cell *cell = find_cell(s, key);
	struct sym *before = cell ? cell->val : NULL;

	add_cell(s, key, answer, 0);
	return before;
}
