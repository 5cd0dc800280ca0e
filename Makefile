# The project's commands. `make help` lists them; CONTRIBUTING.md says when to use which.
# ARGS="…" goes to the program behind a target: make test ARGS="-k inbox", make demo ARGS="--port 5001".

.DEFAULT_GOAL := help
.PHONY: help demo test check lint style types imports templates migrations messages format bootstrap bench bench-load effort storm lock
BIN := .venv/bin
STORIES ?= 40
# The tests wait for processes and answers half of the time.
WORKERS ?= $(shell echo $$(( 2 * $$(getconf _NPROCESSORS_ONLN) )))
LOCK := $(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --strip-extras

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

demo:  ## from nothing to a running demonstration: site, clock and a real inbox; stop with Ctrl-C
	@scripts/bootstrap run
	@$(BIN)/flask tracker demo $(ARGS)

test:  ## from nothing to every test: PostgreSQL, SMTP and a real browser included
	@scripts/bootstrap test
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

check: lint test  ## everything continuous integration checks

lint: style types imports templates migrations  ## all of check but the tests; `make -k lint` goes on after a failure

style: bootstrap  ## format and rules of the Python code (ruff)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: bootstrap  ## mypy, strict
	$(BIN)/mypy

imports: bootstrap  ## which room may know which (import-linter, contracts in pyproject.toml)
	$(BIN)/lint-imports --no-cache

templates: bootstrap  ## format and rules of the templates (djlint)
	$(BIN)/djlint templates --check --quiet
	$(BIN)/djlint templates --lint --quiet

migrations: bootstrap  ## one line of migrations that leads to the tables of the models
	$(BIN)/python -m pytest --quiet tests/architecture/test_migrations.py

messages:  ## bring the Danish catalogue up to date with the code; lists what is left to translate
	@scripts/bootstrap develop
	@$(BIN)/python scripts/messages.py

format:  ## put code and templates into the project's format
	@scripts/bootstrap develop
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .
	$(BIN)/djlint templates --reformat --quiet

bootstrap:  ## set up only: virtual environment, pinned packages, design system, catalogues
	@scripts/bootstrap develop

bench:  ## measure speed beside the floor of the same machine (docs/performance.md)
	@scripts/bootstrap develop
	$(BIN)/python -m benchmarks $(ARGS)

effort:  ## count pages and controls of the usual tasks in a browser (docs/effort.md)
	@scripts/bootstrap test
	$(BIN)/python -m benchmarks.effort

storm:  ## the faults that take minutes: kills, sleeps, clocks, limits, a real mail server (docs/faults.md)
	@scripts/bootstrap test
	STATE_MACHINE_EXAMPLES=$(STORIES) $(BIN)/python -m pytest --quiet tests/faults/test_state_machine.py
	$(BIN)/python -m tests.faults.storm $(ARGS)

bench-load:  ## the measurements that take minutes each
	@scripts/bootstrap develop
	$(BIN)/python -m benchmarks --load

lock:  ## compile requirements*.in into the pinned, hashed requirements*.txt
	@scripts/bootstrap develop
	$(LOCK) --allow-unsafe --output-file=requirements.txt requirements.in
	$(LOCK) --allow-unsafe --output-file=requirements-dev.txt requirements-dev.in
