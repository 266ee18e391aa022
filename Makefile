# Everything is made from here; `make` alone says what there is. Only Python 3.11+ and make are needed.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.SUFFIXES:
.PHONY: help demo run test check fix style types contracts wiring suite pure postgres browser \
	docs-check messages lock bench-plans bench-incidents bench-exchange bench-chorus eval-chorus train-chorus shots wheel clean

PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin
TANSIQ := $(BIN)/python -m tansiq
# What a developer's shell or an operator's settings say must not leak into the demo.
DEMO := env -u DATABASE_URL TANSIQ_DATA_DIR=var/demo TANSIQ_DEMO=yes TANSIQ_LOG=plain \
	TANSIQ_ORIGIN=http://127.0.0.1:$(PORT)
WORK := $(DEMO) TANSIQ_DATA_DIR=var/work TANSIQ_DEBUG=yes
# Settings as on a real server, for the checks that concern only one.
SERVER := env -u DATABASE_URL TANSIQ_DATA_DIR=var/checks TANSIQ_ORIGIN=https://tansiq.example.org \
	TANSIQ_SECRET_KEY=only-for-the-checks-and-long-enough-to-please-them-0123456789

help: ## say what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | sed -E 's/:.*## /\t/' | \
		while IFS=$$'\t' read -r name words; do printf '  make %-12s %s\n' "$$name" "$$words"; done

# -- To look at it, to work on it ------------------------------------------------------------

demo: runtime ## run Tansiq with a believable country in it (PORT=8123 make demo)
	@mkdir -p var/demo
	@$(DEMO) $(TANSIQ) compile_messages
	@$(DEMO) $(TANSIQ) migrate --verbosity 0
	@$(DEMO) $(TANSIQ) demo --if-empty
	@exec $(DEMO) $(TANSIQ) up --port $(PORT)

run: dev ## run it for a developer: changes show at once, errors show their source
	@mkdir -p var/work
	@$(WORK) $(TANSIQ) compile_messages
	@$(WORK) $(TANSIQ) migrate --verbosity 0
	@$(WORK) $(TANSIQ) demo --if-empty
	@exec $(WORK) $(TANSIQ) runserver $(PORT)

# -- To know whether it is right -------------------------------------------------------------

check: style types contracts wiring suite pure ## everything that must be true of a change, on SQLite

test: suite postgres browser ## every test that needs no root: both databases and the browser

fix: dev ## put right what a tool can put right
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(BIN)/djlint --reformat --quiet src || true

style: dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/djlint --check --lint src

types: dev
	@$(BIN)/mypy

contracts: dev
	@$(BIN)/lint-imports

wiring: dev
	@mkdir -p var/checks
	@$(SERVER) $(TANSIQ) compile_messages
	@$(SERVER) $(TANSIQ) check --deploy --fail-level WARNING
	@$(SERVER) $(TANSIQ) makemigrations --check --dry-run

suite: dev
	@tools/test.sh sqlite

# chorus must work where Django was never installed.
pure: dev
	@tools/test.sh pure

postgres: dev ## the tests on a PostgreSQL server made for them alone
	@tools/test.sh postgres

browser: dev ## journeys in a real browser
	@tools/test.sh browser

docs-check: dev ## do the documents agree with the code?
	@$(BIN)/python -m pytest -q tests/architecture/test_documents.py

# -- To keep it up ---------------------------------------------------------------------------

messages: dev ## bring the six catalogues in step with the source
	@PYTHONPATH=.:src $(BIN)/python tools/messages.py update

# The runtime is a part of what developers install, version by version.
lock: ## renew the lock files from pyproject.toml (needs uv)
	@uv pip compile pyproject.toml --extra dev $(LOCK) -o requirements-dev.lock
	@uv pip compile pyproject.toml -c requirements-dev.lock $(LOCK) -o requirements.lock
	@uv pip compile pyproject.toml --extra spark -c requirements-dev.lock $(LOCK) -o requirements-spark.lock
LOCK := --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet \
	--no-emit-index-url --no-emit-find-links --upgrade

bench-plans: runtime ## measure carrying down, reporting and rolling up; one JSON line a figure
	@PYTHONPATH=.:src $(BIN)/python -m benchmarks.plans

bench-incidents: dev ## measure a room of 500 people, on SQLite and with two processes on PostgreSQL
	@PYTHONPATH=.:src $(BIN)/python -m benchmarks.incidents
	@PYTHONPATH=.:src tools/postgres.sh sh -c \
		'DATABASE_URL=$$TEST_DATABASE_URL $(CURDIR)/$(BIN)/python -m benchmarks.incidents --servers 2'

# SIZE=full takes 1,000,000 items and 20,000,000 receipts on PostgreSQL; without it, a tenth.
SIZE ?= tenth

bench-exchange: dev ## measure the exchange on two years of a country, on PostgreSQL and SQLite (SIZE=full: all)
	@PYTHONPATH=.:src SIZE=$(SIZE) tools/postgres.sh sh -c \
		'DATABASE_URL=$$TEST_DATABASE_URL $(CURDIR)/$(BIN)/python -m benchmarks.exchange'
	@PYTHONPATH=.:src SIZE=$(SIZE) $(BIN)/python -m benchmarks.exchange

# The public sets that heads are trained and tested on; they are not part of the project.
DATA ?= ../shared/data/listening

bench-chorus: dev ## measure the listening library end to end; one JSON line a figure
	@PYTHONPATH=.:src $(BIN)/python -m benchmarks.chorus

eval-chorus: dev ## how well do the heads do on events they have not seen? (DATA=folder of the sets)
	@PYTHONPATH=.:src $(BIN)/python -m benchmarks.chorus_eval --data $(DATA)

train-chorus: dev ## fit the heads of the listening library anew (DATA=folder of the sets)
	@PYTHONPATH=.:src $(BIN)/python -m chorus.training.train $(DATA)

shots: dev ## take a picture of every kind of page of a running demo, into shots/
	@$(DEMO) PYTHONPATH=.:src $(BIN)/python tools/shots.py

wheel: ## build the package into dist/ (needs uv)
	@uv build --wheel --quiet

clean: ## remove what was made here: environment, caches, demo data
	rm -rf .venv .cache .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis \
		dist build shots var/demo var/work var/checks
	find src tests tools -name __pycache__ -prune -exec rm -rf {} +
	find src -name '*.mo' -delete

# -- The virtual environment -----------------------------------------------------------------

.PHONY: runtime dev
runtime:
	@$(PYTHON) tools/venv.py requirements.lock

dev:
	@$(PYTHON) tools/venv.py requirements-dev.lock
