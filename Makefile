# Everything a developer or the CI does, by name. `make` alone lists it.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

CARGO ?= cargo
NPM ?= npm
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || echo /usr/bin/chromium)
export CHROMIUM
# Where Debian has it is not on everybody's path.
NGINX ?= $(shell command -v nginx || echo /usr/sbin/nginx)
export NGINX
PYTHON ?= python3

TARGET := $(or $(CARGO_TARGET_DIR),target)
# The binary that every test holds against the protocol.
SERVER := $(abspath $(TARGET)/debug/milepost-server)
TS := ts-client
PAGE := $(TS)/app/dist/index.html
PACKAGES := $(TS)/node_modules/.package-lock.json
# Python's packages, in an environment of their own.
VENV := $(TARGET)/python
HTTPX_SSE := $(VENV)/.installed
CODEGEN := $(TS)/codegen/node_modules/.package-lock.json
TS_SOURCES = $(shell find $(TS)/sdk/src $(TS)/app/src $(TS)/app/public $(TS)/app/index.html -type f 2>/dev/null)

.PHONY: help
help: ## list what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | sed -E 's/:[^#]*## /\t/' | expand -t 16

# --- running -----------------------------------------------------------------------------------

.PHONY: run
run: node dashboard ## build dashboard, server and command line, and serve (FLAGS="--listen …" adds flags)
	$(CARGO) build --release --bin milepost-server --bin milepost
	exec $(TARGET)/release/milepost-server $(FLAGS)

.PHONY: dev
dev: $(PACKAGES) sdk ## the dashboard with hot reload on :5173, in front of a debug server on :8080
	@trap 'kill 0' EXIT; \
	$(CARGO) run --package milepost-server --bin milepost-server -- $(FLAGS) & \
	cd $(TS)/app && $(NPM) run dev

.PHONY: dashboard
dashboard: $(PAGE) ## build the dashboard, if its sources changed

$(PAGE): $(PACKAGES) $(TS_SOURCES)
	cd $(TS) && $(NPM) run build
	@touch $@

.PHONY: sdk
sdk: $(PACKAGES)
	cd $(TS) && $(NPM) run build --workspace sdk

# --- the contract ------------------------------------------------------------------------------

.PHONY: contract
contract: $(CODEGEN) ## write what follows from the server's types: api-spec, both clients
	$(CARGO) contract generate

.PHONY: contract-check
contract-check: $(CODEGEN)
	$(CARGO) contract check

# --- proving -----------------------------------------------------------------------------------

.PHONY: test
test: ## prove everything, as the CI does
	@$(MAKE) --no-print-directory tools
	@$(MAKE) --no-print-directory dashboard
	@$(MAKE) --no-print-directory test-rust
	@$(MAKE) --no-print-directory test-typescript
	@$(MAKE) --no-print-directory test-python
	@$(MAKE) --no-print-directory test-browser
	@echo "everything passes"

.PHONY: test-rust
test-rust: lint-rust build contract-check shell-tools ## format, clippy, and every Rust test against the real server
	MILEPOST_SERVER=$(SERVER) $(CARGO) test --workspace --no-fail-fast

.PHONY: lint-rust
lint-rust:
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings

# With all targets, so that the features of shared dependencies are those of the tests and nothing
# is built twice.
.PHONY: build
build:
	$(CARGO) build --workspace --all-targets

.PHONY: test-typescript
test-typescript: dashboard build nginx ## type check, lint and Vitest of the TypeScript packages
	cd $(TS) && $(NPM) run lint
	cd $(TS) && MILEPOST_SERVER=$(SERVER) $(NPM) test

.PHONY: test-python
test-python: build $(HTTPX_SSE) ## read the streams with Python's httpx-sse
	MILEPOST_SERVER=$(SERVER) $(VENV)/bin/python tests/conformance/httpx-sse.py

.PHONY: test-browser
test-browser: dashboard build chromium ## click through the dashboard in a real browser
	cd $(TS) && MILEPOST_SERVER=$(SERVER) $(NPM) run e2e --workspace app

.PHONY: measure
measure: dashboard sdk chromium ## measure the dashboard's frames a second with a thousand busy tasks
	$(CARGO) build --release --bin milepost-server
	cd $(TS)/app && MILEPOST_SERVER=$(abspath $(TARGET)/release/milepost-server) $(NPM) run measure -- $(FLAGS)

.PHONY: bench
bench: ## measure a release build beside what the disk and the HTTP stack can do
	$(CARGO) build --release --workspace --bin milepost-server --bin bench
	MILEPOST_SERVER=$(abspath $(TARGET)/release/milepost-server) $(TARGET)/release/bench $(FLAGS)

.PHONY: bench-peers
bench-peers: node ## install what the benchmark measures beside: Redis, nginx with nchan
	$(call install,redis-server,redis-server,Redis)
	$(call install,nginx,nginx libnginx-mod-nchan,nginx with nchan)

# --- what the above needs ----------------------------------------------------------------------

.PHONY: tools
tools: node $(PACKAGES) $(CODEGEN) $(HTTPX_SSE) chromium nginx shell-tools ## install what is missing: npm and Python packages, Chromium, nginx, curl, jq

NODE_FITS := const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a == 22 && b >= 12) || (a == 20 && b >= 19) ? 0 : 1)

.PHONY: node
node:
	@command -v node >/dev/null || { echo "Node.js is missing: install version 20.19 or newer (https://nodejs.org)" >&2; exit 1; }
	@node -e '$(NODE_FITS)' || { echo "Node.js $$(node --version) is too old for Vite 8: install 20.19, 22.12 or newer (https://nodejs.org)" >&2; exit 1; }

$(TS)/node_modules/.package-lock.json: $(TS)/package-lock.json | node
	cd $(TS) && $(NPM) ci --no-audit --no-fund
	@touch $@

$(TS)/codegen/node_modules/.package-lock.json: $(TS)/codegen/package-lock.json | node
	cd $(TS)/codegen && $(NPM) ci --no-audit --no-fund
	@touch $@

# $(call install,COMMAND,PACKAGE,NAME): nothing where the command is there; as root on Debian the
# package is installed, elsewhere it is asked for.
define install
@if command -v "$(1)" >/dev/null; then exit 0; fi; \
if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(2); \
else \
  echo "$(3) is missing: install it (Debian: apt-get install $(2))" >&2; exit 1; \
fi
endef

.PHONY: chromium
chromium:
	$(call install,$(CHROMIUM),chromium,Chromium)

.PHONY: nginx
nginx:
	$(call install,$(NGINX),nginx,nginx)

# Debian has Python without what makes environments, so this asks for that and not for the command.
$(HTTPX_SSE): tests/conformance/requirements.txt
	@if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3 python3-venv; \
	  else \
	    echo "Python 3 with venv is missing: install it (Debian: apt-get install python3-venv)" >&2; exit 1; \
	  fi; \
	fi
	$(PYTHON) -m venv --clear $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check -r tests/conformance/requirements.txt
	@touch $@

.PHONY: shell-tools
shell-tools:
	$(call install,curl,curl,curl)
	$(call install,jq,jq,jq)
