# Everything a person or a script needs: run, test, sure, words, pictures, pages, lock, bench. Only python3 (3.11 or newer) and make.
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 5000
BIN := .venv/bin
RUN_ENV = COURSEAPP_DEMO=$${COURSEAPP_DEMO:-1} COURSEAPP_BASE_URL=$${COURSEAPP_BASE_URL:-http://127.0.0.1:$(PORT)} PORT=$(PORT)
WORKERS ?= 2

.PHONY: run test sure fast words pictures pages lock bench clean

run: .venv/run.done
	@exec env $(RUN_ENV) $(BIN)/python -m courseapp.serve

test: .venv/dev.done
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

sure: fast test

# Formatting, lint, types, import rules, templates: seconds, not minutes.
fast: .venv/dev.done
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint --lint --quiet templates

words: .venv/dev.done
	$(BIN)/python -m tests.house.catalogues

# The pictures of the guide and of the README, taken anew in the demo; needs Chromium.
pictures: .venv/dev.done
	KEEP_PICTURES=1 CI=1 $(BIN)/python -m pytest -q tests/browser/test_guide.py

# Looks at every page and writes docs/pages.md; ten minutes.
pages: .venv/dev.done
	$(BIN)/python -m tests.browser.pages

# The servers have the packages of an installation, without those for development, which weigh on memory and start.
bench: .venv/dev.done .venv/installed/run.done
	SERVERS_BIN=.venv/installed/bin $(BIN)/python -m tests.bench $(BENCH)

# Newest versions the ranges in pyproject.toml allow, with hashes and without addresses; needs uv on the path.
LOCK = uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --python-version 3.11
lock:
	$(LOCK) --upgrade --extra postgresql pyproject.toml -o requirements.lock
	$(LOCK) --upgrade --extra postgresql --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv

.venv/run.done: requirements.lock | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/dev.done: requirements-dev.lock | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ .venv/run.done

.venv/installed/run.done: requirements.lock | .venv/bin/python
	$(BIN)/python -m venv .venv/installed
	.venv/installed/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

clean:
	rm -rf .venv instance .mypy_cache .ruff_cache
