# From a fresh clone: `make run` starts Pincite, `make check` proves it. Needs Python 3.11 and make.
# Whatever the set-up says goes to standard error, so that `echo QUESTION | make run` prints answers.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := run

PYTHON ?= python3

# An active virtual environment that has the tools is used as it is; otherwise .venv is made.
ready := $(if $(VIRTUAL_ENV),$(and $(wildcard $(VIRTUAL_ENV)/bin/pincite),$(wildcard $(VIRTUAL_ENV)/bin/pytest)))
ifneq ($(ready),)
bin := $(VIRTUAL_ENV)/bin
stamp := $(VIRTUAL_ENV)/pincite.stamp
else
bin := .venv/bin
stamp := .venv/pincite.stamp
endif

.PHONY: run setup quick test check eval bench load soak sbom vulnerabilities lock clean

run: $(stamp)
	@exec $(bin)/pincite run

setup: $(stamp)

# The part to run while working, in under a minute on two cores: see CONTRIBUTING.md. A worker that
# has run out of tests takes some of another's, so most fixtures are made in one worker only.
quick: $(stamp)
	@$(bin)/python -m pytest --quick -n 2 --dist worksteal

test: $(stamp)
	@$(bin)/python -m pytest -n auto --dist worksteal

check: $(stamp)
	@$(bin)/ruff format --check .
	@$(bin)/ruff check .
	@$(bin)/mypy
	@$(bin)/python -m pytest -n auto --dist worksteal

# COLLECTIONS: folders of passages.jsonl, queries.jsonl and qrels.tsv. A figure that has fallen since the
# last committed run fails.
COLLECTIONS ?= $(wildcard ../shared/collections/*)
BASELINE := $(wildcard tests/qrels/baseline.json)
eval: $(stamp)
ifeq ($(COLLECTIONS),)
	@echo "Nothing to measure: make eval COLLECTIONS='FOLDER...' names the collections." >&2
else
	@$(bin)/pincite evaluate $(COLLECTIONS) $(if $(BASELINE),--against $(BASELINE))
endif

# Engines are compared with those that are installed: pip install '.[bench]' brings the others.
bench: $(stamp)
	@$(bin)/python -m benchmarks
	@$(bin)/python -m benchmarks.engines --size 20000

load: $(stamp)
	@$(bin)/python -m benchmarks.load

# SOAK_MINUTES: how long. Several processes on one emulated Telegram: memory stays level, nothing is lost.
SOAK_MINUTES ?= 60
soak: $(stamp)
	@$(bin)/python -m benchmarks.soak --minutes $(SOAK_MINUTES)

# The components of an installation as CycloneDX JSON, from the lock with its hashes: the same each time.
SBOM ?= sbom.cdx.json
sbom: $(stamp)
	@$(bin)/python -m cyclonedx_py requirements requirements.lock --pyproject pyproject.toml \
	  --output-reproducible --spec-version 1.6 --output-format JSON --output-file $(SBOM)
	@echo "$(SBOM): $$(grep -c '"purl"' $(SBOM)) components" >&2

# Asks a public database what is known about the versions in the lock; needs the network.
vulnerabilities: $(stamp)
	@command -v pip-audit >/dev/null || { echo "Install pip-audit first: pip install pip-audit" >&2; exit 2; }
	@pip-audit --requirement requirements.lock --require-hashes --disable-pip || { \
	  echo "Known vulnerabilities are listed above; where there is an error instead, this machine does not" \
	    "reach the database: copy requirements.lock to one that does, and run there:" \
	    "pip-audit -r requirements.lock --require-hashes --disable-pip" >&2; exit 1; }

# What the locks hold is chosen anew; name no registry and no folder in them.
COMPILE = $(bin)/python -m piptools compile --quiet --upgrade --generate-hashes --strip-extras --allow-unsafe \
	--no-header --no-emit-index-url --no-emit-trusted-host --no-emit-find-links
lock: $(stamp)
	@$(bin)/python -m pip install --quiet 'pip-tools>=7.5' >&2
	@$(COMPILE) --output-file requirements.lock pyproject.toml >&2
	@$(COMPILE) --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml >&2
	@$(COMPILE) --extra ocr --extra semantic --extra postgres --extra milvus \
	  --extra mcp --extra encrypt --constraint requirements-dev.lock \
	  --output-file requirements-extras.lock pyproject.toml >&2
	@$(COMPILE) --build-deps-for wheel --only-build-deps --constraint requirements-dev.lock \
	  --output-file requirements-build.lock pyproject.toml >&2

clean:
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis

ifneq ($(ready),)
$(stamp): pyproject.toml
	@$(bin)/python -m tools.translations </dev/null >&2
	@touch $@
else
$(stamp): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || { \
	  echo "Pincite needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) --version 2>&1 || true)." \
	    "Install it, or name it: make PYTHON=/path/to/python3.11" >&2; exit 2; }
	@echo "Setting up .venv; this is done once." >&2
	@$(PYTHON) -m venv .venv </dev/null >&2
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock </dev/null >&2
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e . </dev/null >&2
	@.venv/bin/python -m tools.translations </dev/null >&2
	@touch $@
endif
