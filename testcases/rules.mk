# SPDX-License-Identifier: GPL-2.0-or-later
# The test cases: testcases/t/cases-*.t run them under prove; `make cases` shows every difference.

.PHONY: cases
cases: all ## run all test cases through the plugin and the flow texts through the engine
	@CC='$(CC)' testcases/run-cases --cc '$(CC)' --plugin $(OUT)/kmapcheck.so testcases/cases/*.c
	@testcases/run-flow testcases/flow/*.flow
