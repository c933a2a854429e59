// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * memory.c - where sparse's allocators get their memory
 *
 * Sparse maps 32 KiB at a time, and every page of it faults, which for a file of the kernel is an eighth of its time. Here a few of
 * these blobs are mapped at once and with their pages: what that saves pays for much of what we do beside. Huge pages would
 * save more, but only where the kernel need not make them first.
 */
#include "front.h"

#include <sys/mman.h>

/* What is mapped at a time; sparse wants less than that, in blobs of one size. */
enum { PIECE = 128 << 10 };

static char *at;
static size_t left;

/**
 * blob_alloc() - zeroed memory for one of sparse's allocators, instead of sparse's own function; NULL if there is none
 */
void *blob_alloc(unsigned long size)
{
	void *blob;

	if (left < size) {
		blob = mmap(NULL, PIECE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
		if (size > PIECE || blob == MAP_FAILED)
			return NULL;
		at = blob;
		left = PIECE;
	}
	blob = at;
	at += size;
	left -= size;
	return blob;
}

/**
 * blob_free() - give it back
 */
void blob_free(void *blob, unsigned long size)
{
	munmap(blob, size);
}
