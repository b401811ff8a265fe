# Two commands are all a newcomer needs: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test lint types contracts unit lock clean bench web web-check

demo: $(STAMP)
	$(BIN)/integralie demo -o demo-output

test: $(STAMP) system lint types contracts web-check unit

# The environment, exactly as locked, with hashes.
$(STAMP): requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@echo "compiling the engine, once (some minutes)"
	$(BIN)/python -m integralie.warm
	touch $@

# Debian packages that some tests want (a browser to look at the report); without root they are left out, and the tests say so.
.PHONY: system
system:
	@sh scripts/system-packages

lint:
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/reuse lint --quiet || $(BIN)/reuse lint

types:
	$(BIN)/mypy

contracts:
	$(BIN)/lint-imports

unit:
	$(BIN)/pytest -n 2

# The workbench in the browser. Its built files are committed, so that a user needs no Node; whoever changes web/ builds it again.
web/node_modules/.installed: web/package-lock.json
	cd web && npm ci --silent
	touch $@

web: web/node_modules/.installed
	$(BIN)/integralie openapi > web/openapi.json
	cd web && npm run --silent api && npm run --silent build

# Types, unit tests, and whether the committed files are what the source builds; without Node this is left out, and says so.
web-check:
	@sh scripts/web-check

bench: $(STAMP)
	$(BIN)/python benchmarks/programme.py --works 1000 5000 100000
	$(BIN)/python benchmarks/match.py
	$(BIN)/python benchmarks/phase.py

# The comparison with all rivals (docs/reference/benchmark.md); hours in full, minutes with BENCH=--quick.
.PHONY: rivals
rivals: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	$(BIN)/python benchmarks/compare.py $(BENCH)

lock:
	uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --python-version 3.11 --custom-compile-command "make lock" -o requirements/dev.txt
	uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --python-version 3.11 --custom-compile-command "make lock" -o requirements/run.txt
	uv pip compile pyproject.toml --group bench -c requirements/dev.txt --universal --generate-hashes --no-emit-index-url --python-version 3.11 --custom-compile-command "make lock" -o requirements/bench.txt

clean:
	rm -rf $(VENV) demo-output build dist
