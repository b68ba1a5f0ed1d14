# The project's commands; `make help` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/sh
.PHONY: help demo test check bench bench-kafka soak setup interpreter

VENV := .venv
PYTHON := $(VENV)/bin/python
STAMP := $(VENV)/set-up
CODE := $(wildcard signals tests bench)

# Proves by running that an interpreter has a version that fits; a broken shim prints nothing.
RIGHT_VERSION := import sys; (3, 11) <= sys.version_info[:2] <= (3, 12) and print("fits")
CAN_MAKE_VENV := import ensurepip, venv; $(RIGHT_VERSION)
CAN_INSTALL := import pip; $(RIGHT_VERSION)

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/make \1\t\2/p' Makefile

demo: $(STAMP) ## replay the reference trial and open its alerts
	@$(VENV)/bin/signals demo

test: $(STAMP) ## run every test that needs no service
	@$(PYTHON) -m pytest -n 2 -m "not ci and not soak and not kafka"

check: $(STAMP) ## lint, types, imports, and whether generated files are current
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy $(CODE)
	@$(VENV)/bin/lint-imports
	@$(PYTHON) -m pytest -q tests/project/test_generated.py

bench: $(STAMP) ## measure speed, each figure against a reference in the same run
	@$(PYTHON) -m bench

bench-kafka: $(STAMP) ## measure the stream on a real broker
	@$(PYTHON) -m bench.kafka

soak: $(STAMP) ## run the tests that take hours
	@$(PYTHON) -m pytest -m soak

setup: $(STAMP) ## make .venv with everything in it (the other commands do this by themselves)

$(STAMP): pyproject.toml
	@if command -v uv >/dev/null 2>&1; then \
	  if [ "$$($(PYTHON) -c '$(RIGHT_VERSION)' 2>/dev/null)" != fits ]; then \
	    rm -rf $(VENV) && uv venv --quiet --python '>=3.11,<3.13' $(VENV) || exit 2; \
	  fi; \
	  uv pip install --quiet --python $(PYTHON) -e '.[all,dev]'; \
	else \
	  if [ "$$($(PYTHON) -c '$(CAN_INSTALL)' 2>/dev/null)" != fits ]; then \
	    python=$$($(MAKE) --silent --no-print-directory interpreter) || exit 2; \
	    rm -rf $(VENV) && "$$python" -m venv $(VENV) || exit 2; \
	  fi; \
	  echo "installing into $(VENV), about a minute the first time"; \
	  $(PYTHON) -m pip install --quiet --disable-pip-version-check -e '.[all,dev]'; \
	fi || { \
	  echo "setup failed: see above. durable-rules is built from source and needs a C compiler and" \
	    "Python's headers (Debian: gcc and python3-dev)." >&2; exit 2; }
	@touch $(STAMP)

interpreter: # print the Python that setup would use; looks along the whole PATH
	@IFS=:; for name in python3.12 python3.11 python3 python; do \
	  for folder in $$PATH; do \
	    if [ -x "$$folder/$$name" ] && \
	       [ "$$("$$folder/$$name" -c '$(CAN_MAKE_VENV)' 2>/dev/null)" = fits ]; then \
	      echo "$$folder/$$name"; exit 0; \
	    fi; \
	  done; \
	done; \
	echo "Signals needs Python 3.11 or 3.12 with its venv module (Debian: python3-venv), and none" \
	  "is on the PATH as python3.12, python3.11, python3 or python. Install one and try again." >&2; \
	exit 2
