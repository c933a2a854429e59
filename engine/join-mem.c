// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * join-mem.c - what memory holds after two states have become one
 */
#include "analysis.h"
#include "relate.h"

/* What a call sets has the size that its place has, which is not known where nothing else was stored there: 0. */
static bool same_size(struct cell *x, const struct cell *y)
{
	if (x->size && y->size)
		return x->size == y->size;
	if (!x->size)
		x->size = y->size;
	return true;
}

/* Two addresses in one mapping become one somewhere in it. */
static bool join_addresses(struct state *a, const struct relation *r, struct cell *x, const struct cell *y)
{
	struct sym *base = sym_root(x->val), *offset;
	struct fact *f;

	if (!base->is_map || base != sym_root(y->val) || !same_size(x, y))
		return false;
	offset = sym_pure(r->syms, "offset of", 1, &x->addr);
	f = facts_find(&a->facts, offset);
	if (f)
		facts_drop(&a->facts, (unsigned int)(f - a->facts.v));
	if (both_inside(r->a, r->b, r->syms, x->val, y->val))
		known_set(&a->facts, r->syms, offset, &inside_page);
	x->val = sym_add(r->syms, base, offset);
	return true;
}

/* Two places in the memory that one pointer led to at the entry: somewhere there. */
static struct sym *common_root(const struct cell *x, const struct cell *y)
{
	struct sym *root = sym_root(x->val);

	return root == sym_root(y->val) && root->type == FLOW_T_PTR && (root->kind == SYM_PARAM || root->kind == SYM_INIT) ? root : NULL;
}

/* What memory holds after the one or the other: something in the hull of both. */
static bool join_values(struct state *a, struct relation *r, struct cell *x, const struct cell *y,
			const struct flow_val *meet, bool wider)
{
	struct sym *val, *part, *root = common_root(x, y), *old = x->val, *other = y->val;
	struct known k;

	if (!same_size(x, y) || !meet || ((x->val->has | y->val->has) & SYM_HAS_MAP) ||
	    (x->addr->has & SYM_HAS_VAGUE))
		return false;
	val = part = sym_val(r->syms, meet, 0, x->addr);
	if (root) {
		old = sym_sub(r->syms, old, root);
		other = sym_sub(r->syms, other, root);
		val = sym_add(r->syms, root, part);
	}
	known_join(&k, r->syms, &r->a->facts, old, &r->b->facts, other, wider && other != part);
	known_set(&a->facts, r->syms, part, &k);
	relation_add(r, x->val, y->val, val);
	x->val = val;
	return true;
}

static void join_zeroed(struct state *a, const struct state *b)
{
	unsigned int i, j, n = 0;

	for (i = 0; i < a->nzero; i++) {
		for (j = 0; j < b->nzero; j++)
			if (a->zero[i].addr == b->zero[j].addr && a->zero[i].size == b->zero[j].size)
				break;
		if (j < b->nzero)
			a->zero[n++] = a->zero[i];
		else
			havoc_root(a, sym_root(a->zero[i].addr));
	}
	a->nzero = n;
	for (j = 0; j < b->nzero; j++) {
		for (i = 0; i < a->nzero && a->zero[i].addr != b->zero[j].addr; i++)
			;
		if (i == a->nzero)
			havoc_root(a, sym_root(b->zero[j].addr));
	}
}

/* By what is known of its parts. */
static bool join_related(struct state *a, struct relation *r, struct cell *x, const struct cell *y, bool wider)
{
	struct sym *val = same_size(x, y) ? relation_find(r, x->val, y->val) : NULL;
	struct known k;

	if (!val)
		return false;
	if (!((x->val->has | y->val->has) & SYM_HAS_MAP)) {
		known_join(&k, r->syms, &r->a->facts, x->val, &r->b->facts, y->val, wider && y->val != val);
		known_set(&a->facts, r->syms, val, &k);
	} else if (both_inside(r->a, r->b, r->syms, x->val, y->val)) {
		known_set(&a->facts, r->syms, sym_sub(r->syms, val, sym_root(val)), &inside_page);
	}
	x->val = val;
	return true;
}

/* The cell of what one of the states did not write or read, but that is known to be as at the entry. */
static bool entry_cell(struct symtab *t, const struct state *s, const struct cell *like, struct cell *cell)
{
	if ((like->val->has & SYM_HAS_MAP) || !mem_is_as_at_entry(s, like->addr, like->size))
		return false;
	*cell = (struct cell){ .addr = like->addr, .val = sym_init(t, like->addr, like->val->type), .size = like->size };
	return true;
}

/* What only the other one wrote was here what it was at the entry. */
static void add_unwritten(struct state *a, const struct relation *r)
{
	unsigned int i;
	struct cell cell;

	for (i = 0; i < r->b->ncells; i++) {
		const struct cell *y = &r->b->cells[i];

		if (is_initial(y) || state_cell(r->a, y->addr) || !entry_cell(r->syms, r->a, y, &cell))
			continue;
		GROW(a->cells, a->ncells, a->ccells);
		a->cells[a->ncells++] = cell;
	}
}

void join_memory(struct state *a, struct relation *r, const struct flow_val *meet, bool wider)
{
	const struct state *b = r->b;
	struct symtab *t = r->syms;
	struct cell entry;
	unsigned int i, j, n = 0;

	add_unwritten(a, r);
	for (i = 0; i < a->ncells; i++) {
		struct cell *x = &a->cells[i], *y = state_cell(b, x->addr);

		if (!y && entry_cell(t, b, x, &entry))
			y = &entry;
		if (!y || ((y->val != x->val || !same_size(x, y)) && !join_related(a, r, x, y, wider) &&
			   !join_addresses(a, r, x, y) &&
			   !join_values(a, r, x, y, meet, wider))) {
			/* What was only read is what it was at the entry; what was stored is not. */
			lose_holder(a, x, KC_R_UNKNOWN_ADDRESS);
			stale_note(a, x);
			if (!is_initial(x) || (y && !is_initial(y)))
				havoc_root(a, sym_root(x->addr));
			continue;
		}
		if (y->weak && !x->weak) {
			x->weak = true;
			x->doubt = y->doubt;
		}
		x->read = x->read && y->read;
		a->cells[n++] = *x;
	}
	a->ncells = n;
	for (j = 0; j < b->ncells; j++)
		if (!is_initial(&b->cells[j]) && !state_cell(a, b->cells[j].addr)) {
			lose_holder(a, &b->cells[j], KC_R_UNKNOWN_ADDRESS);
			stale_note(a, &b->cells[j]);
			havoc_root(a, sym_root(b->cells[j].addr));
		}
	for (i = 0; i < b->nhavoc; i++)
		havoc_root(a, b->havoc[i]);
	for (i = 0; i < b->nescaped; i++)
		add_root(&a->escaped, &a->nescaped, &a->cescaped, b->escaped[i]);
	if (b->havoc_all && !a->havoc_all)
		havoc_everything(a);
	join_zeroed(a, b);
}
