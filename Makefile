# The commands everybody runs. PYTHON names a Python >= 3.11.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help setup demo test slow check contracts bench eval models lock clean

help:
	@echo "make demo   a real Kafka, the whole stream on a scenario, incidents in the terminal"
	@echo "            and at a local web page"
	@echo "make test   the tests (on the same embedded Kafka); make slow: the longer ones,"
	@echo "            and those with PostgreSQL, Alertmanager and Chromium"
	@echo "make check  format, lint, types, the house rule, contracts up to date"
	@echo "make bench  measure against the peers"
	@echo "make eval   judge the decisions; GROUNDSWELL_DATA names the folder of labelled data"
	@echo "make models train the small text models again, from the same folder"

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing the locked packages into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

demo: $(READY)
	@$(BIN)/groundswell demo

# Two processes, each with a Kafka of its own. What kills, floods or fills both cores runs alone.
ALONE := $(addprefix tests/,faults siege broker streams/assistant streams/transport streams/requests) \
	$(filter-out tests/browser/test_edge_%,$(wildcard tests/browser/test_*.py))
test: $(READY)
	$(BIN)/pytest -n 2 --dist loadfile -m "not slow and not services"

slow: $(READY)
	$(BIN)/pytest -n 2 --dist loadfile -m "slow or services" $(addprefix --ignore=,$(ALONE))
	$(BIN)/pytest -m "slow or services" $(ALONE)

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m streams.reference --check docs

contracts: $(READY)
	$(BIN)/python -m streams.reference docs

bench: $(READY)
	$(BIN)/python -m tests.bench

eval: $(READY)
	@$(BIN)/groundswell eval all

models: $(READY)
	$(BIN)/python -m streams.training

# The image's packages are some of ours: the second lock is bound to the first.
COMPILE := uv pip compile pyproject.toml --universal --generate-hashes --no-header -q --python-version 3.11

lock:
	$(COMPILE) --extra dev -o requirements.lock
	$(COMPILE) --extra batch --extra encoder -c requirements.lock -o requirements-run.lock

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
