# The commands of this project; `make` alone lists them. Needed: git, make, Python 3.11 or newer.
#
# PYTHON=python3.12 chooses the interpreter of .venv; ARGS="..." is handed on to the command; WORKERS=1 runs the tests
# one after the other.

BIN := .venv/bin
TYPES := $(wildcard src tests bench scripts)
FAST := $(wildcard tests/house tests/core tests/protocol tests/client tests/contract tests/engine)
WORKERS ?= 2
export PYTHON

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup run wheel test check lint soak torture bench cluster docs screens lock vendor system clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-7s  %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/run.stamp ## Start the server here; settings as in ARGS="--port 9000", Ctrl-C stops it
	@$(BIN)/python scripts/foreground.py $(BIN)/nexus serve $(ARGS)

wheel: .venv/run.stamp ## Build the wheel that pipx and pip install, in dist/
	@sh scripts/wheel

setup: .venv/dev.stamp ## Make .venv with the server and all that working on it needs

test: lint system ## Run everything that guards a change: format, lint, types and every test
	@$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

check: lint ## Run what is quick: format, lint, types, house rules and the tests without a server
	@$(BIN)/pytest $(FAST) $(ARGS)

soak: .venv/dev.stamp ## Run the state machine over whole nodes for long
	@NEXUS_SOAK=1 $(BIN)/pytest tests/machine --timeout=7200 $(ARGS)

torture: .venv/dev.stamp ## Run the reliability cases for long; NEXUS_SEED=... repeats a run
	@NEXUS_SEED=$${NEXUS_SEED:-$$(date +%s)}; export NEXUS_SEED; echo "NEXUS_SEED=$$NEXUS_SEED"; \
	NEXUS_TORTURE=1 $(BIN)/pytest tests/torture --timeout=7200 $(ARGS)

bench: .venv/dev.stamp ## Measure on this machine, beside the peers that install here; ARGS="--help" lists what there is
	@$(BIN)/python -m bench $(ARGS)

docs: .venv/dev.stamp ## Update the generated tables of docs/ and the page's codes
	@$(BIN)/python -m tests.house.generate

screens: .venv/dev.stamp system ## Take the pictures of the page for docs/images; ARGS=folder takes every screen in every look
	@$(BIN)/python -m tests.browser.screens $(ARGS)

cluster: .venv/dev.stamp ## Start three nodes over PostgreSQL and NATS behind nginx, on port 8000; Ctrl-C ends all
	@$(BIN)/python scripts/foreground.py $(BIN)/python scripts/cluster.py $(ARGS)

lock: .venv/dev.stamp ## Pin the newest allowed version of every package (needs the network)
	@sh scripts/lock

vendor: .venv/dev.stamp ## Fetch the page's libraries as requirements/web.lock has them; ARGS=--update moves them (needs npm)
	@$(BIN)/python scripts/vendor.py $(ARGS)

system: ## Install what some tests need (Chromium, Firefox, strace, mkfs.ext4, Caddy, nginx, PostgreSQL), where possible
	@sh scripts/system

clean: ## Remove .venv and all caches, never the data
	@rm -rf .venv build dist src/*.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -exec rm -rf {} +

lint: .venv/dev.stamp
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet || { echo "Not formatted; $(BIN)/ruff format does it."; exit 1; }
	@$(BIN)/mypy --no-error-summary $(TYPES)
	@$(BIN)/python scripts/page_types.py

# The programs in a .venv name the place they were made in: one that was moved or copied would run the code there.
ifneq ($(shell sed -n 's/^command = .* -m venv --clear //p' .venv/pyvenv.cfg 2>/dev/null),$(CURDIR)/.venv)
.venv/run.stamp .venv/dev.stamp: anew
endif

.PHONY: anew
anew:

.venv/run.stamp: requirements/run.lock pyproject.toml scripts/setup
	@sh scripts/setup run

.venv/dev.stamp: requirements/dev.lock pyproject.toml scripts/setup
	@sh scripts/setup dev
