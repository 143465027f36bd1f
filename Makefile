# Two commands do everything on a fresh machine: `make run` and `make test`.
.PHONY: run test check bench fuzz rasa lock clean

# Any Python from 3.11 on will do; PYTHON=... chooses one.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

run: $(VENV)/.runs
	@$(BIN)/python -m bot serve

test: $(VENV)/.tests rasa
	@$(BIN)/python -m tests.browser_at_hand
	@$(MAKE) --no-print-directory check
	@$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(VENV)/.tests
	@$(BIN)/ruff check .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-cache --config pyproject.toml > /dev/null || $(BIN)/lint-imports --no-cache
	@FRONTDOOR_DATABASE_URL=sqlite:// $(BIN)/python -m bot flows check --offline

# The second understanding engine, in an environment of its own outside the tree; trained on our messages.
rasa: $(VENV)/.runs
	@$(BIN)/python -m bot rasa install
	@$(BIN)/python -m bot rasa train

bench: $(VENV)/.tests
	@$(BIN)/python -m bench

# A coverage-guided fuzzer, each target for so many seconds; it stops at what it finds.
FUZZ_SECONDS ?= 300
fuzz: $(VENV)/.fuzz
	@for target in screening understanding answers; do \
		$(BIN)/python -m bench.fuzzing $$target $(FUZZ_SECONDS) || exit 1; done

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "Front Door needs Python 3.11 or newer: install it, or say PYTHON=/path/to/python"; exit 1; }
	@echo "Making the environment in $(VENV) (once, about a minute)"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runs: requirements.txt $(VENV)/.made
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.tests: requirements-test.txt $(VENV)/.runs
	@$(PIP) install --require-hashes -r requirements-test.txt
	@touch $@

$(VENV)/.fuzz: requirements-fuzz.txt $(VENV)/.runs
	@$(PIP) install --require-hashes -r requirements-fuzz.txt
	@touch $@

# Pins every package with its hashes and names no package index. Needs uv.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
		--custom-compile-command "make lock" requirements/runtime.in -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
		--custom-compile-command "make lock" requirements/test.in -o requirements-test.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
		--custom-compile-command "make lock" requirements/fuzz.in -o requirements-fuzz.txt
	uv pip compile --quiet --python-version 3.10 --python-platform x86_64-manylinux_2_28 --generate-hashes \
		--no-annotate --custom-compile-command "make lock" requirements/rasa.in -o requirements-rasa.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .hypothesis
