# Lightline. `make run` and `make test` are all a newcomer needs; each installs what it needs first.
# A stamp in .venv/ remembers what is installed, so that a second run starts in seconds.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
FRONTEND := app/web/frontend
export PATH := $(CURDIR)/$(BIN):$(PATH)
export FLASK_APP := wsgi

FRONTEND_SOURCES := $(shell find $(FRONTEND) -type f -not -path '*/node_modules/*' 2>/dev/null)
CATALOGUES := $(shell find app -name '*.po' 2>/dev/null)
PYTEST_WORKERS ?= 2

.PHONY: run setup test test-freeswitch lint bench lock clean

# Migrations, definitions and demo data, only where they are not there yet; then web, clock and ivr, all from
# one process that imports the application once. (Prometheus' library wants its folder before the import.)
run: export PROMETHEUS_MULTIPROC_DIR := $(abspath $(or $(LIGHTLINE_INSTANCE),instance))/metrics
run: setup
	@mkdir -p "$$PROMETHEUS_MULTIPROC_DIR"
	@exec flask start --demo

setup: $(BIN)/.packages $(BIN)/.debian $(BIN)/.bundle $(BIN)/.translations

test: setup $(BIN)/.dev $(BIN)/.debian-test
	$(BIN)/pytest -n $(PYTEST_WORKERS) --dist loadgroup
	$(BIN)/flask definitions test
	$(BIN)/flask ivr test

# The calls of the tests on a real FreeSWITCH, where FREESWITCH names its binary.
test-freeswitch: setup $(BIN)/.dev
	@if [ -z "$(FREESWITCH)" ]; then echo "test-freeswitch: no FreeSWITCH here: FREESWITCH=/usr/bin/freeswitch make test-freeswitch"; \
	else FREESWITCH="$(FREESWITCH)" $(BIN)/pytest -q tests/telephony/real; fi

lint: setup $(BIN)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/flask definitions lint bpmn forms
	$(BIN)/flask ivr lint

bench: setup $(BIN)/.dev
	$(BIN)/python -m tests.bench

lock: $(BIN)/.dev
	$(BIN)/pip-compile -q --strip-extras --allow-unsafe --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --output-file requirements.lock setup.cfg
	$(BIN)/pip-compile -q --strip-extras --allow-unsafe --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --extra dev --output-file requirements-dev.lock setup.cfg

clean:
	rm -rf .venv instance $(FRONTEND)/node_modules app/web/static/dist

# The virtual environment. Debian's python3 brings no ensurepip: python3-venv is asked for where it is missing.
$(BIN)/python:
	@.ci/debian --for venv -- $(PYTHON) -c 'import ensurepip'
	$(PYTHON) -m venv .venv

$(BIN)/.packages: requirements.lock | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(BIN)/.dev: requirements-dev.lock $(BIN)/.packages
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

# What WeasyPrint draws with, and fonts with Chinese characters.
$(BIN)/.debian: | $(BIN)/python
	@.ci/debian --for run && touch $@

$(BIN)/.debian-test: | $(BIN)/python
	@.ci/debian --for test && touch $@

$(FRONTEND)/node_modules/.package-lock.json: $(FRONTEND)/package-lock.json | $(BIN)/.packages
	cd $(FRONTEND) && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(BIN)/.bundle: $(FRONTEND)/node_modules/.package-lock.json $(FRONTEND_SOURCES)
	cd $(FRONTEND) && npm run --silent build
	@touch $@

$(BIN)/.translations: $(CATALOGUES) $(BIN)/.packages
	flask i18n compile
	@touch $@
