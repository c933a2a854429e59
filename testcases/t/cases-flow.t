#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# All flow texts through the engine alone.
exec testcases/run-flow --engine "${OUT:-build}/kmapcheck" testcases/flow/*.flow
