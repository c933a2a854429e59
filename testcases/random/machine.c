// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The machine that programs run on: what it takes to say which mappings are right. The rules are those of kmap_local: a
 * stack that local and atomic mappings share, kmap() beside it, an address counting as its page's.
 */
#include "machine.h"

#include <string.h>

void machine_start(struct machine *m)
{
	m->chosen = 0;
	m->ninsts = m->ncells = m->ntrace = m->nfaults = m->steps = 0;
	m->norder = m->ngone = m->nshown = 0;
	m->next_ext = 64;
	m->next_frame = 0;
	m->ext_calls = 0;
	m->dubious = m->changed = m->over = false;
}

bool machine_next(struct machine *m)
{
	/* An odometer: the last choice that has another value left takes it, those behind it start anew. */
	m->nchoices = m->chosen;
	while (m->nchoices) {
		unsigned int last = m->nchoices - 1;

		if (++m->choice[last] < m->limit[last])
			return true;
		m->nchoices--;
	}
	return false;
}

unsigned int choose(struct machine *m, unsigned int n)
{
	unsigned int i = m->chosen;

	if (i == MAX_CHOICES)
		return 0;
	m->chosen++;
	if (i >= m->nchoices) {
		m->nchoices = i + 1;
		m->choice[i] = 0;
	}
	m->limit[i] = (unsigned char)n;
	return m->choice[i];
}

/* What programs compare with is 0, 1 or 2: these values tell all outcomes apart. */
int64_t choose_int(struct machine *m)
{
	static const int64_t values[] = { 0, 1, 2, 3, -1 };

	return values[choose(m, ARRAY_SIZE(values))];
}

static struct inst *inst_of(struct machine *m, int64_t v, int64_t *offset)
{
	int64_t i;

	if (v < MAP_BASE - MAP_STEP / 2)
		return NULL;
	i = (v - MAP_BASE + MAP_STEP / 2) / MAP_STEP;
	if (i >= m->ninsts)
		return NULL;
	*offset = v - MAP_BASE - i * MAP_STEP;
	return &m->insts[i];
}

/* Are they so near that one may pass for the other? */
static bool is_near(int64_t x, int64_t y)
{
	return x - y >= -2 * PAGE && x - y <= 2 * PAGE;
}

static bool is_outside(int64_t addr)
{
	return addr >= EXT_BASE && addr < VAR_BASE;
}

/* The site on this line has to do with something that goes wrong. */
static void blame(struct machine *m, unsigned int line)
{
	if (!m->changed)
		m->o->faulty[line] = true;
}

/* Something is wrong here that a finding of this rule may tell. */
static void fault(struct machine *m, enum kc_rule rule, unsigned int line)
{
	blame(m, line);
	if (!m->changed)
		m->o->rules[line] |= 1u << rule;
	if (!m->nfaults && !m->dubious && !m->changed)
		m->o->first[line] |= 1u << rule;
	if (m->nfaults < MAX_FAULTS)
		m->faults[m->nfaults++] = (struct fault){ rule, line };
}

/* A fault in the eyes of some; what comes after it is not told apart by it. */
static void maybe(struct machine *m, enum kc_rule rule, unsigned int line)
{
	if (!m->changed)
		m->o->rules[line] |= 1u << rule;
	blame(m, line);
	if (m->nfaults < MAX_FAULTS)
		m->faults[m->nfaults++] = (struct fault){ rule, line };
}

/* The site on this line is not to be proved. */
static void disprove(struct machine *m, unsigned int line)
{
	if (!m->dubious)
		m->o->unproved[line] = true;
}

static void disprove_inst(struct machine *m, struct inst *i)
{
	i->bad = true;
	blame(m, i->line);
}

int64_t do_map(struct machine *m, enum family family, int64_t page, unsigned int line)
{
	struct inst *i = &m->insts[m->ninsts];

	if (m->ninsts == MAX_INSTS) {
		m->over = true;
		return UNDEF;
	}
	*i = (struct inst){ .line = line, .family = family, .page = page, .live = true };
	if (family != KMAP)
		m->order[m->norder++] = m->ninsts;
	return MAP_BASE + m->ninsts++ * MAP_STEP;
}

/* Takes it from the stack. Return: how many newer ones are on it. */
static unsigned int drop(struct machine *m, struct inst *inst)
{
	unsigned int n = (unsigned int)(inst - m->insts), i, newer = 0;

	inst->live = false;
	for (i = 0; i < m->norder && m->order[i] != n; i++)
		;
	if (i == m->norder)
		return 0;
	newer = m->norder - 1 - i;
	memmove(&m->order[i], &m->order[i + 1], newer * sizeof(*m->order));
	m->norder--;
	return newer;
}

static struct inst *newest_of(struct machine *m, int64_t page, bool kmap)
{
	unsigned int i;

	for (i = m->ninsts; i-- > 0;)
		if (m->insts[i].live && m->insts[i].page == page && (m->insts[i].family == KMAP) == kmap)
			return &m->insts[i];
	return NULL;
}

/* Released, but not as it should be. */
static void wrong(struct machine *m, struct inst *i, enum kc_rule rule, unsigned int line)
{
	fault(m, rule, line);
	disprove(m, line);
	if (i) {
		disprove_inst(m, i);
		drop(m, i);
	}
}

/* Something from outside is released: perhaps it was mapped there, and then it is older than all that was mapped here. */
static void unmap_outside(struct machine *m, int64_t arg, unsigned int line)
{
	unsigned int i;

	if (m->ngone < MAX_INSTS)
		m->gone[m->ngone++] = arg;
	disprove(m, line);
	maybe(m, KC_WRONG_ARG, line);
	maybe(m, KC_DOUBLE_UNMAP, line);
	maybe(m, KC_ORDER, line);
	for (i = 0; i < m->norder; i++)
		blame(m, m->insts[m->order[i]].line);
	for (i = 0; i < m->ninsts; i++) {
		if (!is_near(arg, m->insts[i].page))
			continue;
		blame(m, m->insts[i].line);
		m->insts[i].blurred = true;
	}
}

/* kunmap() takes the page. */
static void unmap_page(struct machine *m, int64_t page, unsigned int line)
{
	struct inst *i = newest_of(m, page, true), *k;
	bool again = false;
	int64_t offset;

	if (i) {
		if (i->blurred)
			maybe(m, KC_DOUBLE_UNMAP, line);
		i->live = false;
		i->released = true;
		return;
	}
	for (k = m->insts; k < m->insts + m->ninsts; k++)
		again = again || (k->family == KMAP && k->page == page);
	i = inst_of(m, page, &offset);
	if (!i && !again)
		i = newest_of(m, page, false);
	/* Whether the page was mapped by a caller, another way or never is not for us to say. */
	maybe(m, KC_DOUBLE_UNMAP, line);
	if (i && i->live) {
		wrong(m, i, KC_WRONG_ARG, line);
	} else {
		if (i)
			blame(m, i->line);
		unmap_outside(m, page, line);
	}
}

void do_unmap(struct machine *m, enum family family, int64_t arg, unsigned int line)
{
	int64_t offset = 0;
	struct inst *i = inst_of(m, arg, &offset);
	unsigned int k, newer;

	if (family == KMAP) {
		unmap_page(m, arg, line);
		return;
	}
	if (i && i->blurred)
		maybe(m, KC_DOUBLE_UNMAP, line);
	if (i && !i->live) {
		wrong(m, NULL, KC_DOUBLE_UNMAP, line);
		disprove_inst(m, i);
		return;
	}
	if (!i && (arg == 0 || arg == UNDEF))
		fault(m, KC_WRONG_ARG, line);
	if (!i) {
		unmap_outside(m, arg, line);
		return;
	}
	if (i->family != family || offset < 0 || offset >= PAGE) {
		wrong(m, i, KC_WRONG_ARG, line);
		return;
	}
	newer = drop(m, i);
	for (k = m->norder - newer; k < m->norder && m->insts[m->order[k]].escaped; k++)
		;
	/* Those that others hold they may have released. */
	if (k == m->norder) {
		i->released = true;
		return;
	}
	/* After another fault what is on the stack is a matter of opinion. */
	if (!m->nfaults) {
		disprove(m, line);
		i->bad = true;
	}
	blame(m, i->line);
	for (k = m->norder - newer; k < m->norder; k++)
		blame(m, m->insts[m->order[k]].line);
	fault(m, KC_ORDER, line);
	i->released = true;
}

static void use(struct machine *m, int64_t addr, unsigned int line)
{
	int64_t offset;
	struct inst *i = inst_of(m, addr, &offset);
	unsigned int k;

	/* Nobody gets past an access beyond the page: what is accessed lies inside. */
	if (i && (offset < 0 || offset >= PAGE))
		m->dubious = true;
	if (i && !i->live) {
		fault(m, KC_USE_AFTER_UNMAP, line);
		blame(m, i->line);
	} else if (i && i->blurred) {
		maybe(m, KC_USE_AFTER_UNMAP, line);
	}
	for (k = 0; k < m->ngone; k++)
		if (is_near(addr, m->gone[k]))
			maybe(m, KC_USE_AFTER_UNMAP, line);
}

static struct cell *find_cell(struct machine *m, int64_t addr)
{
	unsigned int i;

	for (i = 0; i < m->ncells; i++)
		if (m->cells[i].addr == addr)
			return &m->cells[i];
	return NULL;
}

static void set_cell(struct machine *m, int64_t addr, int64_t val)
{
	struct cell *c = find_cell(m, addr);

	if (!c && m->ncells == MAX_CELLS) {
		m->over = true;
		return;
	}
	if (!c)
		c = &m->cells[m->ncells++];
	*c = (struct cell){ addr, val };
}

int64_t do_load(struct machine *m, int64_t addr, bool is_int, unsigned int line)
{
	struct cell *c = find_cell(m, addr);
	int64_t val;

	use(m, addr, line);
	if (c)
		return c->val;
	if (!is_outside(addr))
		return addr >= VAR_BASE && addr < MAP_BASE ? UNDEF : 0;
	val = is_int ? choose_int(m) : EXT_BASE + m->next_ext++ * EXT_STEP;
	set_cell(m, addr, val);
	return val;
}

void do_store(struct machine *m, int64_t addr, int64_t val, unsigned int line)
{
	use(m, addr, line);
	if (addr >= EXT_BASE && addr < MAP_BASE - MAP_STEP / 2)
		set_cell(m, addr, val);
}

static void escape(struct machine *m, int64_t val)
{
	int64_t offset;
	struct inst *i = inst_of(m, val, &offset);

	if (i)
		i->escaped = true;
}

void do_hand_out(struct machine *m, int64_t addr, unsigned int line)
{
	use(m, addr, line);
	if (is_outside(addr) && m->nshown < MAX_CELLS)
		m->shown[m->nshown++] = addr / EXT_STEP;
}

static bool is_shown(const struct machine *m, int64_t addr)
{
	unsigned int i;

	for (i = 0; is_outside(addr) && i < m->nshown; i++)
		if (m->shown[i] == addr / EXT_STEP)
			return true;
	return false;
}

void do_outside(struct machine *m)
{
	unsigned int i, n = 0;

	for (i = 0; i < m->ncells; i++)
		n += is_shown(m, m->cells[i].addr);
	if (!n || !choose(m, 2))
		return;
	m->changed = true;
	for (n = 0, i = 0; i < m->ncells; i++) {
		if (is_shown(m, m->cells[i].addr))
			escape(m, m->cells[i].val);
		else
			m->cells[n++] = m->cells[i];
	}
	m->ncells = n;
}

int64_t frame_base(unsigned int frame)
{
	return VAR_BASE + frame * 0x100000LL;
}

static bool in_frame(int64_t addr, unsigned int frame)
{
	return addr >= frame_base(frame) && addr < frame_base(frame + 1);
}

void do_return(struct machine *m, unsigned int frame, unsigned int first, int64_t val)
{
	bool held[MAX_INSTS] = { false };
	unsigned int c, n = 0, k;
	struct inst *i;
	int64_t offset;

	i = inst_of(m, val, &offset);
	if (i)
		held[i - m->insts] = true;
	for (c = 0; c < m->ncells; c++) {
		if (in_frame(m->cells[c].addr, frame))
			continue;
		m->cells[n++] = m->cells[c];
		i = inst_of(m, m->cells[c].val, &offset);
		if (i)
			held[i - m->insts] = true;
	}
	m->ncells = n;
	for (k = first; k < m->ninsts; k++) {
		i = &m->insts[k];
		if (!i->live || i->escaped || i->leaked || held[k])
			continue;
		i->leaked = true;
		fault(m, KC_LEAK, i->line);
	}
}

void do_end(struct machine *m, int64_t val)
{
	struct inst *i;
	unsigned int c;

	escape(m, val);
	for (c = 0; c < m->ncells; c++)
		if (is_outside(m->cells[c].addr))
			escape(m, m->cells[c].val);
	for (i = m->insts; i < m->insts + m->ninsts; i++) {
		if (i->live && !i->escaped && !i->leaked)
			fault(m, KC_LEAK, i->line);
		else if (!i->released && m->nfaults)
			maybe(m, KC_LEAK, i->line);
		if (i->bad || (!i->released && !(i->family == KMAP && i->blurred)))
			disprove(m, i->line);
	}
}
