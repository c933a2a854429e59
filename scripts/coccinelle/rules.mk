# SPDX-License-Identifier: GPL-2.0-or-later
#
# make coccicheck: the semantic patches on a kernel tree or a part of it

.PHONY: coccicheck

# M is looked up in the tree first, then here. A module's folder may lie anywhere.
coccicheck: ## semantic patches: KDIR=… [MODE=report|context|org|patch] [M=…|FILES="…"] [COCCI=NAME] [JOBS=…]
	@test -n "$(KDIR)$(M)$(FILES)" || { echo "make coccicheck: KDIR=, M= or FILES= is missing" >&2; exit 2; }
	@scripts/kmapcheck-cocci --mode "$(or $(MODE),report)" $(if $(KDIR),--tree "$(KDIR)") \
		$(if $(JOBS),--jobs "$(JOBS)") $(foreach s,$(COCCI),--script "$(s)") -- $(FILES) $(M) || \
		{ status=$$?; echo "make coccicheck: exit status $$status" >&2; exit $$status; }
