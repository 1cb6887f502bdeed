# Everything starts from a bare clone: what is missing is fetched once and kept.
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run call prompts assets test check bench lock clean distclean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CACHE := $(if $(XDG_CACHE_HOME),$(XDG_CACHE_HOME),$(HOME)/.cache)/autosecretary
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
READY := $(VENV)/.ready
export PIP_CACHE_DIR ?= $(CACHE)/pip
export PIP_DISABLE_PIP_VERSION_CHECK := 1

help: ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: $(READY) ## Start the demo office (SIP_PORT=5060 to choose the phones' port)
	@$(BIN)/python -m demo.assets
	@$(BIN)/python -m demo.run $(if $(SIP_PORT),--sip-port $(SIP_PORT))

call: $(READY) ## Call the running demo office: FROM=+79165550123 TO=101
	@$(BIN)/python -m demo.call --from "$(FROM)" --to "$(TO)"

prompts: $(READY) ## Make the spoken sentences: DEST=/usr/share/asterisk/sounds
	@$(BIN)/python -m demo.prompts "$(DEST)"

assets: $(READY) ## Build the panel's styles and scripts, so that `pip install .` has them
	@$(BIN)/python -m demo.assets

test: $(READY) ## Run everything: checks, unit tests, live tests with a real Asterisk
	@$(BIN)/python -m demo.machine
	@$(BIN)/python -m demo.rootfs
	@$(BIN)/python -m demo.assets
	@$(MAKE) --no-print-directory static
	@$(BIN)/python -m tests.run

check: static ## Lint, types, rooms and unit tests; needs no Asterisk
	$(BIN)/python -m pytest -q -n auto --dist worksteal tests/unit

.PHONY: static
static: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY) ## Measure calls against a plain Dial(); the last line is JSON
	@$(BIN)/python -m tests.bench

lock: ## Choose the newest versions of all dependencies, with hashes (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--no-annotate --no-emit-index-url --no-emit-find-links --group dev --upgrade \
		-o requirements.lock pyproject.toml

clean: ## Remove what the demo office and the tools left behind
	rm -rf var dist web/static web/assets/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

distclean: clean ## ... and the virtual environment and everything downloaded
	rm -rf $(VENV) $(CACHE)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'Python 3.11 or newer is needed (PYTHON=... chooses one).' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo 'Installing python3-venv ...'; \
		$(SUDO) apt-get -q update >/dev/null && $(SUDO) env DEBIAN_FRONTEND=noninteractive \
		apt-get -q install -y --no-install-recommends python3-venv >/dev/null; } \
		|| { echo 'python3-venv could not be installed: please install it.' >&2; exit 1; }
	@echo 'Preparing the virtual environment (once) ...'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --require-hashes -r requirements.lock 2> $(VENV)/pip.log \
		| awk '/^Collecting/ { printf "\r  %d packages", ++n; fflush() } END { if (n) print "" }' \
		|| { grep ^ERROR $(VENV)/pip.log | tail -n 1 | cut -c1-200 >&2; \
		echo 'The Python packages could not be downloaded: is there a network?' >&2; exit 1; }
	@echo '$(CURDIR)' > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/autosecretary.pth"
	@printf '#!/bin/sh\nexec "%s" -m ari_app "$$@"\n' '$(CURDIR)/$(BIN)/python' > $(BIN)/autosecretary
	@chmod +x $(BIN)/autosecretary
	@touch $@
