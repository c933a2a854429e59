// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * random [PROGRAMS [FIRST-SEED]]: runs so many random programs through the engine and the executor, and prints TAP
 *
 * RANDOM_PROGRAMS and RANDOM_SEED of the environment say the same; seeds of RANDOM_KNOWN may fail. With -b NUMBER that
 * fault of seed.h is put into the engine first, and the test passes when a program shows it. -p prints the program of a
 * seed. -l NUMBER holds the engine to so many states.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "random.h"
#include "seed.h"

static void take_stock(struct tally *t, const struct program *p)
{
	t->programs++;
	t->maps += p->maps;
	t->loops += p->loops > 0;
	t->pairs += p->pairs > 0;
	t->helpers += p->helpers > 0;
	t->memory += p->memory > 0;
	t->depth[p->depth < 7 ? p->depth : 7]++;
	t->nmaps[p->maps < 7 ? p->maps : 7]++;
}

static void print_stock(const struct tally *t)
{
	unsigned long sites = t->sites[0] + t->sites[1] + t->sites[2];
	unsigned int i;

	printf("# %lu programs, %.1f mappings each; with a loop %.0f %%, a correlated pair %.0f %%, helpers %.0f %%, "
	       "memory %.0f %%\n", t->programs, (double)t->maps / t->programs, 100.0 * t->loops / t->programs,
	       100.0 * t->pairs / t->programs, 100.0 * t->helpers / t->programs, 100.0 * t->memory / t->programs);
	printf("# mappings:");
	for (i = 0; i < 8; i++)
		printf(" %u%s: %lu", i, i == 7 ? "+" : "", t->nmaps[i]);
	printf("; depth:");
	for (i = 0; i < 4; i++)
		printf(" %u: %lu", i, t->depth[i]);
	printf("\n# %.1f executions each, %lu programs with more than were run\n", (double)t->runs / t->programs,
	       t->incomplete);
	printf("# %lu sites: proved %.1f %%, violated %.1f %%, unproved %.1f %%:", sites, 100.0 * t->sites[KC_PROVED] / sites,
	       100.0 * t->sites[KC_VIOLATED] / sites, 100.0 * t->sites[KC_UNPROVED] / sites);
	for (i = 1; i < KC_REASONS; i++)
		if (t->reasons[i])
			printf(" %s %.1f", kc_reason_name((enum kc_reason)i), 100.0 * t->reasons[i] / sites);
	printf("\n# findings:");
	for (i = 0; i < KC_RULES; i++)
		if (t->findings[i])
			printf(" %s %lu", kc_rule_name((enum kc_rule)i), t->findings[i]);
	printf("; %lu replayed\n# first faults, how many are not reported there by that rule (nothing is reported):", t->replayed);
	for (i = 0; i < KC_RULES; i++)
		if (t->faults[i])
			printf(" %s %lu %.1f (%.1f) %%", kc_rule_name((enum kc_rule)i), t->faults[i],
			       100.0 * t->missed[i] / t->faults[i], 100.0 * t->silent[i] / t->faults[i]);
	putchar('\n');
}

static void show(struct kc *kc, struct program *p, char *complaint)
{
	struct tally t = { 0 };
	struct flow_unit *u;
	char *again;

	reduce(kc, p, complaint);
	u = emit_program(p);
	again = judge(kc, p, &t, u);
	fprintf(stderr, "# seed %llu: %s\n# reduced: %s\n", (unsigned long long)p->seed, complaint, again ? again : "?");
	flow_print(u, stderr);
	free(again);
	flow_unit_free(u);
}

/* Which fault the engine has, and to how many states it is held; seed.h says more. */
unsigned int kmap_seed_bug, kmap_few_states;

static struct program p;

/* Does the program of  fail without the fault in the engine too? Then it says nothing of that. */
static bool fails_anyway(struct kc *kc, struct flow_unit *u)
{
	unsigned int bug = kmap_seed_bug;
	struct tally t = { 0 };
	char *complaint;

	kmap_seed_bug = 0;
	complaint = judge(kc, &p, &t, u);
	kmap_seed_bug = bug;
	if (!complaint)
		return false;
	free(complaint);
	return true;
}

/* Is the seed one of RANDOM_KNOWN, a list of those that are known to fail? */
static bool is_known(uint64_t seed)
{
	const char *list = getenv("RANDOM_KNOWN");
	char *end;

	while (list && *list) {
		if (strtoull(list, &end, 10) == seed && end != list)
			return true;
		if (end == list)
			break;
		list = end;
	}
	return false;
}

/* Return: the number of programs that fail. */
static unsigned long run(struct kc *kc, unsigned long programs, uint64_t seed, bool quiet, unsigned long most,
			 struct tally *t)
{
	unsigned long i, failures = 0;

	for (i = 0; i < programs && failures < most; i++) {
		struct flow_unit *u;
		char *complaint;

		gen_program(&p, seed + i);
		u = emit_program(&p);
		take_stock(t, &p);
		complaint = judge(kc, &p, t, u);
		if (complaint && kmap_seed_bug && fails_anyway(kc, u)) {
			free(complaint);
			complaint = NULL;
		}
		flow_unit_free(u);
		if (!kmap_seed_bug && is_known(seed + i)) {
			printf("# seed %llu, known: %s\n", (unsigned long long)(seed + i), complaint ? complaint : "fails no more");
			free(complaint);
			continue;
		}
		if (!complaint)
			continue;
		failures++;
		if (!quiet)
			show(kc, &p, complaint);
		free(complaint);
	}
	return failures;
}

static unsigned long number(const char *s, unsigned long otherwise)
{
	char *end;
	unsigned long n;

	if (!s || !*s)
		return otherwise;
	n = strtoul(s, &end, 10);
	if (!*end)
		return n;
	fprintf(stderr, "random: expected a number, found %s\n", s);
	exit(2);
}

static void print_program(struct kc *kc, uint64_t seed)
{
	struct tally t = { 0 };
	struct flow_unit *u;
	char *complaint;

	gen_program(&p, seed);
	u = emit_program(&p);
	flow_print(u, stdout);
	complaint = judge(kc, &p, &t, u);
	printf("# %s\n", complaint ? complaint : "no complaint");
	free(complaint);
	flow_unit_free(u);
}

int main(int argc, char **argv)
{
	unsigned long programs, seed, failures, bug = 0, most;
	bool print = false, quiet = false;
	struct tally t = { 0 };
	struct kc_options o;
	struct kc *kc;
	char *err = NULL;
	int opt;

	while ((opt = getopt(argc, argv, "b:l:pq")) != -1) {
		if (opt == 'b')
			bug = number(optarg, 0);
		else if (opt == 'l')
			kmap_few_states = (unsigned int)number(optarg, 2);
		else if (opt == 'p')
			print = true;
		else if (opt == 'q')
			quiet = true;
		else
			return 2;
	}
	programs = number(optind < argc ? argv[optind] : getenv("RANDOM_PROGRAMS"), 100000);
	seed = number(optind + 1 < argc ? argv[optind + 1] : getenv("RANDOM_SEED"), 1);
	most = number(getenv("RANDOM_FAILURES"), 1);
	kc_options_init(&o);
	o.dcache = KC_DCACHE_OFF;
	kc = kc_new(&o, &err);
	if (!kc) {
		fprintf(stderr, "random: %s\n", err);
		return 2;
	}
	if (print) {
		print_program(kc, seed);
		kc_free(kc);
		kc_options_free(&o);
		return 0;
	}
	kmap_seed_bug = (unsigned int)bug;
	failures = run(kc, programs, seed, quiet || bug, most, &t);
	printf("1..1\n");
	if (bug) {
		printf("%sok 1 - fault %lu in the engine shows in %lu of %lu programs\n", failures ? "" : "not ", bug, failures, t.programs);
	} else {
		print_stock(&t);
		printf("%sok 1 - %lu random programs from seed %lu: engine and executions agree\n",
		       failures ? "not " : "", t.programs, seed);
	}
	kc_free(kc);
	kc_options_free(&o);
	return bug ? !failures : failures != 0;
}
