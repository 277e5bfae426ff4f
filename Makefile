# The two commands of this repository. They need Python 3.11 or newer, and make.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

# Tests on the real films run where they are; everything else works without.
export REELMARK_DATA ?= $(abspath $(wildcard ../shared/data))

.PHONY: demo test lock clean

demo: $(READY) ## grade the sample class and say where the pages are
	@$(BIN)/reelmark demo

test: $(READY) ## everything that must hold: style, types, and all tests of the kit
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

# A half-made environment has no .ready, so it is made again.
$(READY): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; $(PYTHON) is older. Try: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 2; }
	@echo "Making .venv with the pinned packages (about 750 MB, once) ..."
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# Two files: what a student installs; and that with what tests and measures the kit
# on top, and nbgrader.
UV_LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --quiet \
  --no-emit-index-url --no-emit-find-links --no-header pyproject.toml

lock: ## resolve the dependencies again (for maintainers; needs uv)
	$(UV_LOCK) --upgrade --extra notebook --extra dev --extra instructor -o requirements-dev.lock
	$(UV_LOCK) --extra notebook --constraint requirements-dev.lock -o requirements.lock

clean: ## remove the environment and everything that was written
	rm -rf .venv demo build .pytest_cache .ruff_cache .mypy_cache .hypothesis
