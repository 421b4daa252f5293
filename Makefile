# Every target sets itself up: `make lab` and `make test` work in a fresh clone.

PYTHON ?= python3
BIN := .venv/bin
UV := $(shell command -v uv 2>/dev/null)
# uv finds a Python that fits by itself, unless one was named.
UV_PYTHON_ARG := $(if $(filter-out file,$(origin PYTHON)),--python $(PYTHON))

# Python builds would come from another site than the packages: use the Python that is here.
export UV_PYTHON_DOWNLOADS := never

# conftest.py shares whole files and notebooks out to two workers, the longest first.
PYTEST_ARGS ?=
TEST_RUN ?= --nbval -n 2 --durations=10 tests notebooks

LAB_ARGS ?=
LOCK_ARGS ?=
ROOT_ARGS := $(if $(filter 0,$(shell id -u)),--allow-root)

.PHONY: help setup engines lab test test-all fresh notebooks lint bench lock

help:  ## (default) list these words
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

lab: setup  ## open the explainer in JupyterLab
	@$(BIN)/jupyter trust notebooks/*.ipynb >/dev/null
	@echo "Trusted the notebooks that this repository ships, so that their panels answer before any cell is run."
	$(BIN)/jupyter lab $(ROOT_ARGS) --LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb $(LAB_ARGS)

test: setup  ## check everything, the notebooks and the browser included
	@bash scripts/ensure_chromium.sh
	$(BIN)/python -m pytest -m "not thorough and not fresh" $(TEST_RUN) $(PYTEST_ARGS)

test-all: setup engines  ## add the long proofs and Spark: before a release, and every week
	@bash scripts/ensure_chromium.sh
	@bash scripts/ensure_java.sh
	HYPOTHESIS_PROFILE=thorough $(BIN)/python -m pytest -m "not fresh" $(TEST_RUN) $(PYTEST_ARGS)

fresh: setup  ## see which claims are due again and, with uv, whether the locks are current
	$(BIN)/python -m pytest -m fresh -p no:nbval tests $(PYTEST_ARGS)

notebooks: setup  ## run the notebooks again and store their outputs
	$(BIN)/python scripts/run_notebooks.py

lint: setup  ## check style, format and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

bench: setup engines  ## measure speed
	@bash scripts/ensure_java.sh
	$(BIN)/python benchmarks/bench.py

setup: .venv/.installed  ## make .venv (the others do this by themselves)

engines: .venv/.engines  ## add what only long proofs and measurements need: Spark, a rule engine

# pip refuses a hashed lock whose entries lack the extras, hence --no-strip-extras.
lock:  ## (needs uv) write requirements.lock after a change; LOCK_ARGS=--upgrade renews it
	UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile --quiet --universal --python-version 3.11 \
		--fork-strategy fewest --generate-hashes --no-strip-extras \
		--no-emit-index-url --no-emit-find-links $(LOCK_ARGS) \
		--extra lab --extra office --extra mapping --extra readiness --extra batch --extra test \
		--constraints constraints.txt --output-file requirements.lock pyproject.toml
	UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile --quiet --universal --python-version 3.11 \
		--fork-strategy fewest --generate-hashes --no-strip-extras \
		--no-emit-index-url --no-emit-find-links $(LOCK_ARGS) --extra spark --extra bench \
		--constraints constraints.txt --constraints requirements.lock \
		--output-file requirements-engines.lock pyproject.toml

# The project itself needs no isolated build: hatchling is in the lock, nothing else is fetched.
.venv/.installed: requirements.lock pyproject.toml
ifneq ($(UV),)
	test -x $(BIN)/python || uv venv --quiet --clear $(UV_PYTHON_ARG) .venv
	uv pip sync --quiet --python $(BIN)/python --require-hashes --compile-bytecode requirements.lock
	uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
else
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { \
		echo "Python 3.11 or newer is needed; name one: make setup PYTHON=python3.12"; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv || { \
		rm -rf .venv; echo "This Python cannot make a virtual environment." \
		"Run 'apt-get install python3-venv', or install uv (any version); then try again."; exit 1; }
	@echo "Installing into .venv; this takes about a minute."
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
endif
	@touch $@

# Spark is a large download, which nobody needs who only reads or writes notebooks.
.venv/.engines: requirements-engines.lock .venv/.installed
ifneq ($(UV),)
	uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-engines.lock
else
	@echo "Installing what long proofs and measurements compare with; Spark is a large download."
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-engines.lock
endif
	@touch $@
