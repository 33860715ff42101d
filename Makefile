# What can be done with this checkout. `make help` lists it.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.SUFFIXES:
.DELETE_ON_ERROR:

# The first Python on the PATH that is new enough.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

HOST ?= 127.0.0.1
PORT ?= 8000
WORKERS ?= 2
export HOST PORT WORKERS

BIN := .venv/bin
FLASK := $(BIN)/flask --app wsgi
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --constraint .ci/constraints.txt
CATALOGUES := $(wildcard app/translations/*/LC_MESSAGES/messages.po)
COMPILED := $(CATALOGUES:.po=.mo)
OWN_FILES := $(shell find app/static -path app/static/vendor -prune -o -type f -print)
TESTS ?= tests
# Two processes more than two cores: browser and worker tests wait a good part of their time.
AT_ONCE := -n 4 --dist worksteal -rs
# A real installation writes a line for each request and job, for machines to read.
LOG := LOG_FORMAT=$${LOG_FORMAT:-json} LOG_LEVEL=$${LOG_LEVEL:-info}
# PostgreSQL and Valkey need their drivers, whichever way we start.
DRIVER := $(if $(filter postgres%,$(DATABASE_URL))$(REDIS_URL)$(FILES_URL),.venv/ready-scale)
TRACER := $(if $(OTEL_EXPORTER_OTLP_ENDPOINT),.venv/ready-trace)

export PYTHONDONTWRITEBYTECODE :=
export PIP_ROOT_USER_ACTION := ignore

.PHONY: help setup run serve worker test coverage check bench bench-peers translations clean settings

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/ready app/static/vendor/manifest.json build/static/ready $(COMPILED) ## environment, browser files, catalogues: all that running needs

run: setup $(DRIVER) $(TRACER) ## everything in one foreground process, with the demo community (HOST=, PORT=)
	@DEMO=$${DEMO:-1} exec $(FLASK) serve

serve: .venv/ready-scale $(TRACER) setup settings ## web processes of a real installation, behind a proxy (WORKERS=, HOST= and PORT=, or BIND=unix:/a/socket)
	@$(FLASK) db upgrade
	@$(LOG) exec $(BIN)/python -m deploy.web 'wsgi:behind_proxy()'

worker: .venv/ready-scale $(TRACER) setup settings ## the worker of a real installation: mails, reminders
	@$(LOG) exec nice -n 5 $(FLASK) jobs work

test: .venv/ready-test setup ## all tests, on SQLite and on PostgreSQL
	@echo "SQLite"
	@TEST_DATABASE=sqlite $(BIN)/pytest $(TESTS) $(AT_ONCE)
	@echo "PostgreSQL"
	@TEST_DATABASE=postgresql $(BIN)/pytest $(TESTS) $(AT_ONCE) -m 'not any_engine'

coverage: .venv/ready-test setup ## all tests on SQLite once more, counting lines and branches: at least 90 %
	@rm -f .coverage .coverage.*
	@TEST_DATABASE=sqlite $(BIN)/pytest $(TESTS) $(AT_ONCE) --cov=app --cov-branch --cov-report=
	@$(BIN)/coverage report --fail-under=90

check: .venv/ready-test setup ## format, lint, types, translations, templates, dead links in the docs
	@$(BIN)/ruff format --check --quiet . || { echo "These files are not formatted: run $(BIN)/ruff format ."; $(BIN)/ruff format --check .; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/python -m tests.checks

bench: .venv/ready-scale .venv/ready-test setup ## measure every page beside the ceiling of the same run, on both databases (DATABASES=, POSTS=, GROWTH=1, PROFILE=page)
	@$(BIN)/python -m tests.bench

bench-peers: .venv/ready-test setup ## install FlaskBB and Misago, measure them beside this, write var/bench-peers.json
	@$(BIN)/python -m tests.bench.peers

translations: .venv/ready ## collect the words of code and templates, bring every catalogue up to date
	@$(BIN)/python -m tests.checks collect

clean: ## remove what was built; the database and mails in var/ stay
	rm -rf .venv build app/static/vendor .mypy_cache .ruff_cache .coverage .coverage.* htmlcov
	rm -f $(COMPILED)
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

# A wrong setting ends here with its one line, before anything else starts.
settings: .venv/ready
	@$(BIN)/python -c 'import wsgi'

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it with PYTHON=/path/to/python3" >&2; exit 2; }
	@echo "Making the environment in .venv"
	@$(PYTHON) -m venv .venv

.venv/ready: pyproject.toml .ci/constraints.txt .ci/pins.py | .venv/bin/python
	@echo "Installing dependencies"
	@mkdir -p build && $(BIN)/python .ci/pins.py > build/run.txt
	@$(PIP) --requirement build/run.txt
	@touch $@

.venv/ready-scale: .venv/ready
	@mkdir -p build && $(BIN)/python .ci/pins.py scale > build/scale.txt
	@$(PIP) --requirement build/scale.txt
	@touch $@

.venv/ready-trace: .venv/ready
	@mkdir -p build && $(BIN)/python .ci/pins.py trace > build/trace.txt
	@$(PIP) --requirement build/trace.txt
	@touch $@

.venv/ready-test: .venv/ready
	@echo "Installing what the tests need"
	@mkdir -p build && $(BIN)/python .ci/pins.py test > build/test.txt
	@$(PIP) --requirement build/test.txt
	@touch $@

build/asset-packages/ready: app/core/browser_packages.txt | .venv/ready
	@rm -rf build/asset-packages
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
		--target build/asset-packages --requirement $<
	@touch $@

app/static/vendor/manifest.json: build/asset-packages/ready app/core/assets.py
	@echo "Making the browser files"
	@$(BIN)/python -P app/core/assets.py build/asset-packages app/static/vendor
	@touch $@

# Our own files, compressed once.
build/static/ready: app/core/own_files.py app/core/stylesheet.py app/core/icon_sheet.py app/core/icon_names.txt app/static/vendor/manifest.json $(OWN_FILES)
	@$(BIN)/python -P app/core/own_files.py app/static build/static
	@touch $@

%.mo: %.po | .venv/ready
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
