# The two commands of this repository. They need Python 3.11 or newer, and make.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

# Tests on the real films run where they are; everything else works without.
export REELMARK_DATA ?= $(abspath $(wildcard ../shared/data))

# Two cores, and one more for the time in which tests wait.
SPREAD := --numprocesses 3 --dist loadfile

.PHONY: demo test test-fast coverage lock clean

demo: $(READY) ## grade the sample class and say where the pages are
	@$(BIN)/reelmark demo

test: $(READY) ## everything that must hold: style, types, and all tests of the kit
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest $(SPREAD)

# The parts of the engine whose tests, but for those that are marked as slow, start no warm
# parent and mark no class in real processes.
FAST := checks desk grading handout intake lms marking practice rulings terminal verification wire
FAST_TESTS := $(FAST:%=tests/kit/engine/%) $(wildcard tests/kit/engine/test_*.py)

test-fast: $(READY) ## what an engineer runs again and again: under a minute
	$(BIN)/ruff check .
	$(BIN)/python -m pytest --quiet $(SPREAD) -m "not slow" $(FAST_TESTS)

coverage: $(READY) ## which branches of the engine the tests reach
	@mkdir -p build/coverage
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(SPREAD)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

# A half-made environment has no .ready, so it is made again. uv installs in a fraction
# of pip's time; what it has downloaded it keeps, so that a broken set-up goes on.
$(READY): requirements-dev.lock requirements-uv.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; $(PYTHON) is older. Try: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 2; }
	@echo "Making .venv with the pinned packages (about 600 MB to download, once) ..."
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock \
	  && $(INSTALL_WITH_UV) || { echo "uv cannot be used here; pip does it, in some minutes ..."; $(INSTALL_WITH_PIP); }
	@touch $@

# What the system trusts, uv trusts, as pip does: a university's proxy, for instance.
INSTALL_WITH_UV = $(BIN)/uv pip install --system-certs --python $(BIN)/python --compile-bytecode --require-hashes -r requirements-dev.lock \
  && $(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
INSTALL_WITH_PIP = $(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements-dev.lock \
  && $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .

# What a student installs; that with what tests and measures the kit on top, nbgrader
# and Dask; and what installs them.
UV_LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --quiet \
  --no-emit-index-url --no-emit-find-links --no-header

lock: ## resolve the dependencies again (for maintainers; needs uv)
	$(UV_LOCK) pyproject.toml --upgrade --extra notebook --extra dev --extra instructor --extra cluster -o requirements-dev.lock
	$(UV_LOCK) pyproject.toml --extra notebook --constraint requirements-dev.lock -o requirements.lock
	echo uv | $(UV_LOCK) - --upgrade -o requirements-uv.lock

clean: ## remove the environment and everything that was written
	rm -rf .venv demo build .pytest_cache .ruff_cache .mypy_cache .hypothesis
