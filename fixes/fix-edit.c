// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fix-edit.c - changes of a C text that a person would have made: whole lines, the file's indentation, braces where they belong
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "fix.h"
#include "util.h"

static void add_ranked(struct edits *es, unsigned int off, unsigned int del, const char *text, enum edit_rank rank)
{
	if (es->n == ARRAY_SIZE(es->e)) {
		es->failed = true;
		return;
	}
	es->e[es->n++] = (struct edit){ off, del, text, rank };
}

void edit_add(struct edits *es, unsigned int off, unsigned int del, const char *text)
{
	add_ranked(es, off, del, text, EDIT_BEHIND);
}

static const struct src_tok *tok(const struct edits *es, unsigned int i)
{
	return &es->s->toks[i];
}

static unsigned int tok_end(const struct edits *es, unsigned int i)
{
	return tok(es, i)->off + tok(es, i)->len;
}

static unsigned int line_start(const struct edits *es, unsigned int off)
{
	while (off && es->s->text[off - 1] != '\n')
		off--;
	return off;
}

/* Behind the line's newline. */
static unsigned int line_end(const struct edits *es, unsigned int off)
{
	while (off < es->s->len && es->s->text[off] != '\n')
		off++;
	return off < es->s->len ? off + 1 : off;
}

static const char *indent_at(const struct edits *es, unsigned int off)
{
	unsigned int from = line_start(es, off), to = from;

	while (es->s->text[to] == ' ' || es->s->text[to] == '\t')
		to++;
	return arena_printf(es->s->arena, "%.*s", (int)(to - from), es->s->text + from);
}

const char *edit_indent(const struct edits *es, const struct src_stmt *st)
{
	return indent_at(es, tok(es, st->first)->off);
}

static bool is_blank_line(const struct edits *es, unsigned int off)
{
	while (off < es->s->len && (es->s->text[off] == ' ' || es->s->text[off] == '\t' || es->s->text[off] == '\r'))
		off++;
	return off < es->s->len && es->s->text[off] == '\n';
}

static bool begins_line(const struct edits *es, unsigned int i)
{
	return tok(es, i - 1)->line < tok(es, i)->line;
}

static bool ends_line(const struct edits *es, unsigned int i)
{
	return tok(es, i + 1)->kind == TOK_END || tok(es, i + 1)->line > tok(es, i)->line;
}

static bool is_braced(const struct edits *es, const struct src_stmt *arm)
{
	unsigned int i;

	if (arm->kind == SRC_BLOCK)
		return true;
	for (i = 0; i < es->nbraced; i++)
		if (es->braced[i] == arm)
			return true;
	return false;
}

static const char *join(const struct edits *es, const char *a, const char *b, const char *c)
{
	return arena_printf(es->s->arena, "%s%s%s", a, b, c);
}

/* Whole lines: each of @text's gets the indentation. */
static const char *lines_of(const struct edits *es, const char *indent, const char *text)
{
	const char *blanks = indent + strspn(indent, "\n"), *second = strchr(text, '\n');

	if (!second)
		return join(es, indent, text, "\n");
	return arena_printf(es->s->arena, "%s%.*s\n%s%s\n", indent, (int)(second - text), text, blanks, second + 1);
}

/* Does conditional compilation begin, end or turn between two places? Then what stands at one may be there without the other. */
static bool crosses(const struct edits *es, unsigned int from, unsigned int to)
{
	unsigned int off, depth = 0;
	const char *p;

	for (off = line_end(es, from); off < to; off = line_end(es, off)) {
		p = es->s->text + off;
		p += strspn(p, " \t");
		if (*p != '#')
			continue;
		p += 1 + strspn(p + 1, " \t");
		if (!strncmp(p, "if", 2))
			depth++;
		else if (!depth && (!strncmp(p, "endif", 5) || !strncmp(p, "el", 2)))
			return true;
		else if (!strncmp(p, "endif", 5))
			depth--;
	}
	return depth;
}

/* Braces around @arm of @owner, which follows token @head; "else" follows the arm if @more. */
static void brace_arm(struct edits *es, const struct src_stmt *arm, unsigned int head, const char *indent, bool more)
{
	unsigned int end;

	if (is_braced(es, arm))
		return;
	if (es->nbraced == ARRAY_SIZE(es->braced) || !ends_line(es, arm->last) ||
	    crosses(es, tok_end(es, head), tok_end(es, arm->last))) {
		es->failed = true;
		return;
	}
	es->braced[es->nbraced++] = arm;
	if (ends_line(es, head))
		edit_add(es, tok_end(es, head), 0, " {");
	else	/* "if (x) y();" */
		edit_add(es, tok_end(es, head), tok(es, arm->first)->off - tok_end(es, head),
			 arena_printf(es->s->arena, " {\n%s\t", edit_indent(es, arm)));
	if (more) {
		edit_add(es, tok(es, arm->last + 1)->off, 0, "} ");
	} else {
		end = line_end(es, tok_end(es, arm->last) - 1);
		add_ranked(es, end, 0, join(es, indent, "}\n", ""), EDIT_BRACE);
	}
}

/* All arms of the if that @owner is an arm of get braces, or none. */
static void brace(struct edits *es, const struct src_stmt *owner)
{
	const struct src_stmt *top;
	const char *indent;

	if (owner->kind != SRC_IF) {
		if (owner->kind == SRC_DO)
			es->failed = true;
		else
			brace_arm(es, owner->body, owner->head, edit_indent(es, owner), false);
		return;
	}
	top = src_chain(owner);
	indent = edit_indent(es, top);
	for (owner = top; owner; owner = owner->other) {
		brace_arm(es, owner->body, owner->head, indent, owner->other);
		if (owner->other && owner->other->kind != SRC_IF) {
			brace_arm(es, owner->other, owner->body->last + 1, indent, false);
			break;
		}
	}
}

/* Lines of comment that stand right above belong to the statement. */
static unsigned int with_comment(const struct edits *es, const struct src_stmt *st)
{
	unsigned int start = line_start(es, tok(es, st->first)->off), floor, up;

	floor = line_end(es, tok_end(es, st->first - 1) - 1);
	if (st->first < 2)
		return start;
	while (start > floor) {
		up = line_start(es, start - 1);
		if (up < floor || is_blank_line(es, up) || es->s->text[up] == '#')
			break;
		start = up;
	}
	return start;
}

static bool in_block(const struct src_stmt *st)
{
	return st->parent && st->parent->kind == SRC_BLOCK;
}

void edit_before(struct edits *es, struct src_stmt *at, const char *text)
{
	const char *indent = edit_indent(es, at);
	unsigned int start;

	if (!in_block(at))
		brace(es, at->parent);
	if (!begins_line(es, at->first)) {
		edit_add(es, tok(es, at->first)->off, 0,
			 in_block(at) ? join(es, text, " ", "") : arena_printf(es->s->arena, "%s\n%s\t", text, indent));
		return;
	}
	start = with_comment(es, at);
	/* What ends a paragraph rather than what begins one. */
	if (at->prev && at->prev->kind != SRC_DECL && at->prev->kind != SRC_LABEL && at->prev->kind != SRC_CASE && start &&
	    is_blank_line(es, line_start(es, start - 1))) {
		edit_after(es, at->prev, text);
		return;
	}
	/* After the declarations there is a blank line, and no second one. */
	if (at->prev && at->prev->kind == SRC_DECL && !is_blank_line(es, line_start(es, start - 1)))
		indent = join(es, "\n", indent, "");
	edit_add(es, start, 0, lines_of(es, indent, text));
}

/* What a statement behind a label is indented by. */
static const char *indent_behind(const struct edits *es, const struct src_stmt *label)
{
	const struct src_stmt *next = label->next;

	while (next && (next->kind == SRC_LABEL || next->kind == SRC_CASE))
		next = next->next;
	if (next && begins_line(es, next->first))
		return edit_indent(es, next);
	if (label->kind == SRC_CASE)
		return join(es, edit_indent(es, label), "\t", "");
	return join(es, indent_at(es, tok(es, label->parent->last)->off), "\t", "");
}

void edit_after(struct edits *es, struct src_stmt *at, const char *text)
{
	const char *indent;
	unsigned int end;

	at = src_chain(at);
	indent = edit_indent(es, at);
	if (!in_block(at))
		brace(es, at->parent);
	while (at->kind == SRC_DECL && at->next && at->next->kind == SRC_DECL)
		at = at->next;
	if (at->kind == SRC_DECL && at->next) {
		edit_before(es, at->next, text);
		return;
	}
	if (at->kind == SRC_LABEL || at->kind == SRC_CASE)
		indent = indent_behind(es, at);
	if (!ends_line(es, at->last)) {
		edit_add(es, tok_end(es, at->last), 0, join(es, " ", text, ""));
		return;
	}
	end = line_end(es, tok_end(es, at->last) - 1);
	if (at->kind == SRC_DECL)
		indent = join(es, "\n", indent, "");
	else if (!in_block(at) && !begins_line(es, at->first))
		indent = join(es, indent, "\t", "");
	add_ranked(es, end, 0, lines_of(es, indent, text), in_block(at) ? EDIT_BEHIND : EDIT_IN_ARM);
}

void edit_else(struct edits *es, struct src_stmt *at, const char *text)
{
	const char *indent = edit_indent(es, at);
	unsigned int end = tok_end(es, at->body->last);

	if (at->other || !ends_line(es, at->body->last) || !begins_line(es, at->body->last) == (at->body->kind == SRC_BLOCK)) {
		es->failed = true;
		return;
	}
	if (at->body->kind == SRC_BLOCK)
		edit_add(es, end, 0, arena_printf(es->s->arena, " else {\n%s\t%s\n%s}", indent, text, indent));
	else
		edit_add(es, line_end(es, end - 1), 0, arena_printf(es->s->arena, "%selse\n%s\t%s\n", indent, indent, text));
}

void edit_line_behind(struct edits *es, const struct src_stmt *at, const char *text)
{
	edit_add(es, line_end(es, tok_end(es, at->last) - 1), 0, join(es, edit_indent(es, at), text, "\n"));
}

static void enter_block(struct edits *es, struct src_stmt *block, const char *text)
{
	struct src_stmt *st = block->body;

	while (st && st->kind == SRC_DECL && st->next)
		st = st->next;
	if (!st)
		edit_add(es, line_end(es, tok(es, block->first)->off), 0,
			 arena_printf(es->s->arena, "%s\t%s\n", indent_at(es, tok(es, block->first)->off), text));
	else if (st->kind == SRC_DECL)
		edit_after(es, st, text);
	else
		edit_before(es, st, text);
}

static void enter_arm(struct edits *es, struct src_stmt *arm, const char *text)
{
	if (arm->kind == SRC_BLOCK)
		enter_block(es, arm, text);
	else if (src_chain(arm) != arm)
		es->failed = true;	/* between "else" and "if" */
	else
		edit_before(es, arm, text);
}

void edit_enter(struct edits *es, struct src_stmt *at, unsigned int k, const char *text)
{
	switch (at->kind) {
	case SRC_IF:
		if (k == 0) {
			enter_arm(es, at->body, text);
			return;
		}
		if (at->other) {
			enter_arm(es, at->other, text);
			return;
		}
		edit_after(es, at, text);
		return;
	case SRC_LOOP: case SRC_DO:
		if (k == 0)
			enter_arm(es, at->body, text);
		else
			edit_after(es, at, text);
		return;
	case SRC_SWITCH:
		if (src_succ(at, k) && src_succ(at, k)->kind == SRC_CASE)
			edit_after(es, src_succ(at, k), text);
		else
			edit_after(es, at, text);
		return;
	case SRC_RETURN: case SRC_GOTO: case SRC_BREAK: case SRC_CONTINUE:
		es->failed = true;
		return;
	default:
		edit_after(es, at, text);
		return;
	}
}

void edit_replace(struct edits *es, unsigned int first, unsigned int last, const char *text)
{
	edit_add(es, tok(es, first)->off, tok_end(es, last) - tok(es, first)->off, text);
}

/* Without calls but likely(), assignments and the like? */
static bool is_pure(const struct edits *es, unsigned int first, unsigned int last)
{
	static const char *const effects[] = { "=", "++", "--", "+=", "-=", "|=", "&=" };
	unsigned int i, k;

	for (i = first; i <= last; i++) {
		for (k = 0; k < ARRAY_SIZE(effects); k++)
			if (src_is(es->s, i, effects[k]))
				return false;
		if (tok(es, i)->kind == TOK_WORD && src_is(es->s, i + 1, "(") && !src_is(es->s, i, "likely") &&
		    !src_is(es->s, i, "unlikely") && !src_is(es->s, i, "if"))
			return false;
	}
	return true;
}

static bool closes_block(const struct edits *es, unsigned int off)
{
	while (off < es->s->len && isspace((unsigned char)es->s->text[off]) && es->s->text[off] != '\n')
		off++;
	return es->s->text[off] == '}';
}

/* The lines of a statement that has them to itself, and of two blank lines that would meet one. */
static void delete_lines(struct edits *es, const struct src_stmt *st)
{
	unsigned int start = line_start(es, tok(es, st->first)->off), above = with_comment(es, st);
	unsigned int end = line_end(es, tok_end(es, st->last) - 1);

	if (!begins_line(es, st->first) || !ends_line(es, st->last)) {
		edit_replace(es, st->first, st->last, "");
		return;
	}
	/* A paragraph of its own */
	if (es->comments && (is_blank_line(es, end) || closes_block(es, end)) && above && is_blank_line(es, line_start(es, above - 1)))
		start = above;
	if (start && is_blank_line(es, line_start(es, start - 1)) && (is_blank_line(es, end) || closes_block(es, end)))
		start = line_start(es, start - 1);
	else if (src_is(es->s, st->first - 1, "{") && is_blank_line(es, end))
		end = line_end(es, end);
	edit_add(es, start, end - start, "");
}

static bool has_comment(const struct edits *es, unsigned int from, unsigned int to)
{
	return memmem(es->s->text + from, to - from, "/*", 2) || memmem(es->s->text + from, to - from, "//", 2);
}

/* A block of which one statement is left needs no braces, unless another arm has them. */
static void drop_braces(struct edits *es, struct src_stmt *block, const struct src_stmt *left)
{
	struct src_stmt *owner = block->parent;

	if (!owner || (owner->kind != SRC_IF && owner->kind != SRC_LOOP) || left->body || left->kind == SRC_DECL ||
	    left->kind == SRC_LABEL || tok(es, left->first)->line != tok(es, left->last)->line ||
	    has_comment(es, tok(es, block->first)->off, tok(es, block->last)->off))
		return;
	if (owner->kind == SRC_IF && (owner->other || src_chain(owner) != owner))
		return;
	if (!begins_line(es, block->last) || !ends_line(es, block->last) ||
	    crosses(es, tok(es, block->first)->off, tok(es, block->last)->off))
		return;
	edit_add(es, tok_end(es, owner->head), tok_end(es, block->first) - tok_end(es, owner->head), "");
	edit_add(es, line_start(es, tok(es, block->last)->off),
		 line_end(es, tok(es, block->last)->off) - line_start(es, tok(es, block->last)->off), "");
}

static void delete_arm(struct edits *es, struct src_stmt *arm)
{
	struct src_stmt *owner = arm->parent;

	if (owner->kind != SRC_IF) {
		es->failed = true;
	} else if (owner->other == arm) {
		/* "else" goes too */
		unsigned int word = owner->body->last + 1, start = tok(es, word)->off;

		if (!begins_line(es, word) || !ends_line(es, arm->last)) {
			start = tok_end(es, owner->body->last);
			edit_add(es, start, tok_end(es, arm->last) - start, "");
			return;
		}
		start = line_start(es, start);
		edit_add(es, start, line_end(es, tok_end(es, arm->last) - 1) - start, "");
	} else if (!owner->other && is_pure(es, owner->first, owner->head)) {
		edit_delete(es, owner);
	} else {
		es->failed = true;
	}
}

void edit_delete(struct edits *es, struct src_stmt *at)
{
	struct src_stmt *block = at->parent, *other;

	if (!in_block(at)) {
		delete_arm(es, at);
		return;
	}
	if (!at->prev && !at->next && block->parent && block->parent->kind == SRC_IF) {
		delete_arm(es, block);
		return;
	}
	delete_lines(es, at);
	other = at->prev ? at->prev : at->next;
	if (other && (at->prev ? !at->prev->prev && !at->next : !at->next->next))
		drop_braces(es, block, other);
}

static int cmp_edit(const void *a, const void *b)
{
	const struct edit *const *x = a, *const *y = b;

	if ((*x)->off != (*y)->off)
		return (*x)->off < (*y)->off ? -1 : 1;
	/* Insertions in the order they were made, before what is cut out there. */
	if (!(*x)->del != !(*y)->del)
		return (*x)->del ? 1 : -1;
	if ((*x)->rank != (*y)->rank)
		return (*x)->rank < (*y)->rank ? -1 : 1;
	return *x < *y ? -1 : *x > *y;
}

/* As the text's own lines end. */
static void add_lines(struct strbuf *b, const struct src *s, const char *text)
{
	const char *newline = memchr(s->text, '\n', s->len);
	bool crlf = newline && newline > s->text && newline[-1] == '\r';

	for (; *text; text++) {
		if (crlf && *text == '\n' && (!b->len || b->buf[b->len - 1] != '\r'))
			strbuf_add(b, "\r", 1);
		strbuf_add(b, text, 1);
	}
}

char *edit_apply(const struct edits *es)
{
	const struct edit *order[ARRAY_SIZE(es->e)];
	struct strbuf b = { 0 };
	unsigned int i, at = 0;

	if (es->failed)
		return NULL;
	for (i = 0; i < es->n; i++)
		order[i] = &es->e[i];
	qsort(order, es->n, sizeof(*order), cmp_edit);
	for (i = 0; i < es->n; i++) {
		if (order[i]->off < at) {
			free(b.buf);
			return NULL;
		}
		strbuf_add(&b, es->s->text + at, order[i]->off - at);
		add_lines(&b, es->s, order[i]->text);
		at = order[i]->off + order[i]->del;
	}
	strbuf_add(&b, es->s->text + at, es->s->len - at);
	return b.buf;
}
