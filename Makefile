# Needs Python 3.11 or newer and make; everything else is fetched once, by lock file, into .venv
# and node_modules. Every target may be run again at any time and is quick when nothing changed.

SHELL := /bin/sh
PORT ?= 8000
WORKERS ?= 2
BIN := .venv/bin
VENDOR := marketplace/static/vendor
GOVUK := node_modules/govuk-frontend/dist/govuk
MOJ := node_modules/@ministryofjustice/frontend/moj

# Addresses relative to the style sheet; no source maps, which are not served; and Arial, because
# the government's typeface is licensed for its own domains only (the branded sheet keeps it).
PLACES := s,url(/assets/,url(assets/,g
NO_MAP := s,/[/*]. sourceMappingURL=.*,,
ARIAL := s/GDS Transport,arial/arial/g

# A stamp carries the checksum of its lock file, so that a fresh checkout, which touches every
# file's date, installs nothing again, and a changed lock always does.
checksum = $(shell cat $(1) | cksum | tr ' ' '-')
BASE := .venv/.base-$(call checksum,requirements/base.txt)
DEV := .venv/.dev-$(call checksum,requirements/dev.txt requirements/postgres.txt)
NODE := .venv/.node-$(call checksum,requirements/node.txt)
ASSETS := $(VENDOR)/.made-from-$(call checksum,package-lock.json Makefile)

HAS_NPM := $(shell command -v npm 2>/dev/null)
HAS_POSTGRES := $(shell command -v postgres 2>/dev/null || ls /usr/lib/postgresql/*/bin/postgres 2>/dev/null)
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes

.DEFAULT_GOAL := help
.PHONY: help install run test lint bench lock assets clean setup

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

# `make run` shows the demonstration; an operator starts `flask --app wsgi serve` or gunicorn.
run setup: export MARKETPLACE_DEMONSTRATION ?= true
run setup: export MARKETPLACE_JOBS_IN_SERVER ?= true
run setup: export MARKETPLACE_ADDRESS ?= http://127.0.0.1:$(PORT)

run: setup ## Set up and serve the product with its demonstration world on PORT (8000)
	@$(BIN)/flask --app wsgi serve --port $(PORT)

install: $(BASE) $(ASSETS) ## Install what the product stands on, without a database

setup: $(BASE) $(ASSETS)
	@$(BIN)/flask --app wsgi setup

test: $(DEV) $(ASSETS) ## Run every test: SQLite, PostgreSQL and browser; FULL=1 for all repetitions
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(DEV) ## Check style, types and which floor imports which
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(DEV) $(ASSETS) ## Measure against the minimal handler and the bare database
	@$(BIN)/python -m tests.bench $(ARGS)

lock: $(DEV) ## Renew every lock file (asks the package registries)
	@test -x .venv/lock/bin/uv || { python3 -m venv .venv/lock && .venv/lock/bin/pip install -q uv; }
	@cd requirements && for name in base dev postgres node; do \
	  ../.venv/lock/bin/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header \
	    --no-emit-index-url --python-version 3.11 $$name.in --output-file $$name.txt || exit 1; done
	@PATH="$(CURDIR)/$(BIN):$$PATH" npm update --package-lock-only --ignore-scripts

assets: $(ASSETS) ## Fetch the design system's styles, script and images

clean: ## Remove what was fetched and made, but neither instance/ nor its data
	@rm -rf .venv node_modules $(VENDOR) .pytest_cache .mypy_cache .ruff_cache .hypothesis \
	  .import_linter_cache tests/.failures

$(BIN)/python:
	@for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    $$python -c 'import ensurepip' 2>/dev/null || { \
	      echo "$$python cannot make a virtual environment: install the package python3-venv"; \
	      echo "(Debian and Ubuntu: apt install python3-venv), then run make again."; exit 1; }; \
	    echo "Making .venv with $$($$python --version)"; \
	    $$python -m venv .venv || { rm -rf .venv; \
	      echo "Could not make .venv: on Debian and Ubuntu, apt install python3-venv."; exit 1; }; \
	    exit 0; fi; done; \
	  echo "No Python 3.11 or newer found (looked for python3, python3.11 and later)."; exit 1

$(BASE): | $(BIN)/python
	@echo "Installing what the product stands on"
	@$(PIP) -r requirements/base.txt
	@rm -f .venv/.base-* && touch $@

$(DEV): $(BASE)
	@echo "Installing what the tests and checks stand on"
	@$(PIP) -r requirements/dev.txt
	@$(if $(HAS_POSTGRES),,echo "No PostgreSQL here: installing its programs into .venv"; \
	  $(PIP) -r requirements/postgres.txt || echo "They do not fit this machine: see docs/testing.md")
	@rm -f .venv/.dev-* && touch $@

$(NODE): | $(BIN)/python
	@echo "No npm here: installing it into .venv"
	@$(PIP) -r requirements/node.txt
	@rm -f .venv/.node-* && touch $@

$(ASSETS): $(if $(HAS_NPM),,$(NODE))
	@echo "Fetching the design system"
	@PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --silent
	@rm -rf $(VENDOR) && mkdir -p $(VENDOR)
	@cp -R $(GOVUK)/assets $(VENDOR)/assets
	@cp $(MOJ)/assets/images/* $(VENDOR)/assets/images/
	@sed -e '$(PLACES)' -e '$(NO_MAP)' $(GOVUK)/govuk-frontend.min.css \
	  > $(VENDOR)/govuk-frontend.branded.min.css
	@sed -e '$(ARIAL)' $(VENDOR)/govuk-frontend.branded.min.css > $(VENDOR)/govuk-frontend.min.css
	@sed -e '$(PLACES)' -e '$(NO_MAP)' -e '$(ARIAL)' $(MOJ)/moj-frontend.min.css \
	  > $(VENDOR)/moj-frontend.min.css
	@sed -e '$(NO_MAP)' $(GOVUK)/govuk-frontend.min.js > $(VENDOR)/govuk-frontend.min.js
	@touch $@
