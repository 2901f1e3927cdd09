# Every target makes what it needs; a fresh machine needs only Python 3.11 or later and make, and npm for
# consumers and declarations.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
COMPILED := .compiled
NODE_MODULES := types/node_modules/.package-lock.json

.DEFAULT_GOAL := help
.PHONY: help convert test check consumers browser lint types docs schema declarations bench damage package compiled platforms corpus coverage mutants fuzz hostile lock clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/runtime: requirements/runtime.txt pyproject.toml src/ingest/__init__.py
	@$(PYTHON) -c 'import sys; sys.exit("ingest needs Python 3.11 or later, this is %d.%d" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) -r requirements/build.txt -r requirements/runtime.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/dev: $(VENV)/runtime requirements/dev.txt
	@$(PIP) -r requirements/dev.txt
	@touch $@

convert: $(VENV)/runtime ## Convert every dump in raw/ into out/
	@# Status 1 says that findings of severity error were reported: the files are written all the same.
	@$(BIN)/ingest convert raw -o out; status=$$?; test $$status -le 1

test: check ## The same as check

check: lint types ## Lint, types and every test: all that CI runs
	@$(BIN)/python -m pytest -n auto

coverage: $(VENV)/dev ## Which statements and branches of src no test reaches; fails below 95 % of the branches
	@$(BIN)/python -m coverage erase
	@# Without the tests that interrupt, where coverage.py may wait for itself for ever, and those that time what it slows down.
	@$(BIN)/python -m coverage run -m pytest --quiet --deselect tests/test_faults.py::test_interrupted --ignore tests/test_growth.py
	@$(BIN)/python -m coverage combine --quiet
	@rm -f .coverage.*  # what processes left that the tests kill
	@$(BIN)/python -m coverage report
	@$(BIN)/python -m coverage json --quiet -o - | $(BIN)/python -c 'import json, sys; \
		found = json.load(sys.stdin)["totals"]; \
		print("statements {percent_statements_covered:.1f} %, branches {percent_branches_covered:.1f} %".format(**found)); \
		sys.exit(found["percent_branches_covered"] < 95)'

$(VENV)/mutants: $(VENV)/dev requirements/mutants.txt
	@$(PIP) -r requirements/mutants.txt
	@touch $@

mutants: $(VENV)/mutants ## Change build, evidence and rules in 3,000 ways, one at a time, and count what no test notices (MUTANTS='*q003*': some)
	@$(BIN)/mutmut run --max-children 1 $(MUTANTS)

$(VENV)/consumers: $(VENV)/dev requirements/consumers.txt
	@$(PIP) -r requirements/consumers.txt
	@touch $@

$(NODE_MODULES): types/package-lock.json
	@command -v npm >/dev/null || { echo 'npm is missing: it comes with Node.js 20 or later' >&2; exit 1; }
	@cd types && npm ci --loglevel error >/dev/null
	@touch $@

consumers: $(NODE_MODULES) $(VENV)/consumers browser ## Have heavy programs (Anki, DuckDB, frictionless, tsc, Chromium, Dask, S3) read what is written
	@$(BIN)/python -m pytest tests/test_formats.py tests/test_writers_packages.py tests/test_writers_tables.py tests/test_declarations.py tests/test_review_page_browser.py tests/test_s3.py tests/test_cluster.py tests/test_network.py

browser:
	@# Debian's; elsewhere, and for others than root, a Chromium that is there is used.
	@command -v chromium >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get update -qq \
		&& apt-get install -y -qq --no-install-recommends chromium fonts-liberation >/dev/null; } \
		|| echo 'no Chromium: the tests of the review page in a browser are skipped' >&2

lint: $(VENV)/dev ## Style and common mistakes
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(VENV)/dev ## Types, strictly
	@$(BIN)/mypy

docs: $(VENV)/runtime ## Write the manuals of rules and formats into docs/
	@$(BIN)/ingest rules --markdown > docs/rules.md
	@$(BIN)/ingest formats --markdown > docs/formats.md

schema: $(VENV)/runtime ## Write the JSON Schemas into schema/
	@$(BIN)/ingest schema --write schema

declarations: $(NODE_MODULES) schema ## Write the TypeScript declarations of the schemas into types/
	@cd types && node declare.mjs > ingest.d.ts.new && mv ingest.d.ts.new ingest.d.ts

bench: $(VENV)/runtime $(COMPILED)/formats ## Time and memory beside the floor and other tools (BENCH="--report docs": write docs/benchmarks.md)
	@$(COMPILED)/bin/python benchmarks/bench.py --plain $(BIN)/ingest $(BENCH)

# As users of a compiled wheel have it: nothing but what ingest needs, and for bench what its formats need.
$(COMPILED)/wheel: requirements/compile.txt requirements/runtime.txt pyproject.toml hatch_build.py $(shell find src -type f -not -name '*.pyc')
	@command -v "$${CC:-cc}" >/dev/null || { echo 'no C compiler: it is what compiles the stages' >&2; exit 1; }
	@test -x $(COMPILED)/bin/python || $(PYTHON) -m venv $(COMPILED)
	@$(COMPILED)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	@$(PYTHON) -m venv --clear $(COMPILED)/builder
	@$(COMPILED)/builder/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/compile.txt
	@rm -rf $(COMPILED)/dist
	@HATCH_BUILD_HOOK_ENABLE_CUSTOM=1 $(COMPILED)/builder/bin/python -m hatchling build -t wheel -d $(COMPILED)/dist >$(COMPILED)/build.log 2>&1 || { cat $(COMPILED)/build.log >&2; exit 1; }
	@$(COMPILED)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-index --force-reinstall $(COMPILED)/dist/*.whl
	@touch $@

$(COMPILED)/formats: $(COMPILED)/wheel requirements/formats.txt
	@$(COMPILED)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/formats.txt
	@touch $@

compiled: $(COMPILED)/wheel requirements/dev.txt ## Build the wheel with compiled stages, and run the tests on it (needs a C compiler)
	@$(COMPILED)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(COMPILED)/bin/python -m pytest -n auto tests

hostile: $(VENV)/dev ## Time how everything grows with inputs made to be slow (HOSTILE="URLs --times 4": some, larger)
	@$(BIN)/python benchmarks/hostile.py $(HOSTILE)

damage: $(VENV)/runtime ## Plant damage in the sample dumps and count what goes unnoticed
	@$(BIN)/python benchmarks/damage.py raw/skipper_es.txt raw/huerto_es.txt

$(VENV)/fuzz: $(VENV)/dev requirements/fuzz.txt
	@$(PIP) -r requirements/fuzz.txt
	@touch $@

fuzz: $(VENV)/fuzz ## Give every reader hostile bytes, and the grammar many records (FUZZ="--seconds 60 --target pipeline")
	@GRAMMAR_EXAMPLES=300 $(BIN)/python -m pytest -q tests/test_grammar.py
	@PYTHONPATH=tests $(BIN)/python -m fuzzing.run $(FUZZ)

package: $(VENV)/dev ## Build wheel and sdist into dist/, check them, and run them in an empty environment
	@$(BIN)/python tests/packages.py

platforms: ## Run the tests with lowest and newest dependencies on each Python (needs uv; PYTHONS="3.11 3.14")
	@$(PYTHON) tests/platforms.py $(PYTHONS)

corpus: $(VENV)/dev ## Write the files that this version promises to read for ever (docs/compatibility.md)
	@$(BIN)/python tests/corpus.py

lock: ## Renew the locked versions in requirements/ (needs uv)
	@uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate pyproject.toml -o requirements/runtime.txt
	@uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate pyproject.toml --group dev --group consumers -c requirements/runtime.txt -o requirements/consumers.txt
	@uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate pyproject.toml --group dev -c requirements/consumers.txt -o requirements/dev.txt
	@uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate pyproject.toml --extra anki --extra parquet --extra xlsx -c requirements/dev.txt -o requirements/formats.txt
	@printf 'check-wheel-contents\ntwine\n' | uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate - -c requirements/dev.txt -o requirements/package.txt
	@uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate --group mutants -c requirements/dev.txt -o requirements/mutants.txt
	@uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate --group fuzz -c requirements/dev.txt -o requirements/fuzz.txt
	@printf 'hatchling\nmypy\nsetuptools\ntypes-regex\n' | uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate - -c requirements/dev.txt -o requirements/compile.txt
	@printf 'hatchling\neditables\n' | uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate - -c requirements/dev.txt -o requirements/build.txt

clean: ## Remove the environment, caches and outputs
	@rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage* .fuzzing mutants dist types/node_modules types/build .platforms .compiled
	@find out -mindepth 1 ! -name .gitkeep -delete
