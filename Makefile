# `make` alone tells what can be done.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-builtin-rules

# Where cargo builds; the tools live there too, so a shared folder spares a clean checkout from installing them again.
CARGO_TARGET_DIR ?= target
export CARGO_TARGET_DIR
TOOLS := $(CARGO_TARGET_DIR)/tools

# What the server embeds, and what that is put together from. Its place is fixed, because the source names it.
SITE := target/site
PARTS := target/parts

WASM_BINDGEN_VERSION := $(shell awk '/^name = "wasm-bindgen"$$/ { getline; gsub(/"/, "", $$3); print $$3; exit }' Cargo.lock)
WASM_BINDGEN_SOURCES := $(addprefix tools/wasm-bindgen/,Cargo.toml Cargo.lock src/main.rs)
WASM_BINDGEN := $(TOOLS)/wasm-bindgen-$(shell cat $(WASM_BINDGEN_SOURCES) | cksum | cut -d' ' -f1)/bin/wasm-bindgen
NODE_TOOLS := $(TOOLS)/node-$(shell cksum tools/package-lock.json | cut -d' ' -f1)
NODE_TOOLS_READY := $(NODE_TOOLS)/node_modules/.package-lock.json
WRK := $(TOOLS)/wrk/bin/wrk
PROXIES := $(abspath $(TOOLS))/proxies
SCHEMATHESIS := $(TOOLS)/schemathesis
PLAYWRIGHT_READY := end2end/node_modules/.package-lock.json

CARGO_FUZZ_VERSION := 0.13.2
CARGO_FUZZ := $(TOOLS)/cargo-fuzz-$(CARGO_FUZZ_VERSION)/bin/cargo-fuzz

CARGO_DENY_VERSION := 0.20.2
CARGO_DENY := $(TOOLS)/cargo-deny-$(CARGO_DENY_VERSION)/bin/cargo-deny

# What `make fuzz` searches, and for how many seconds each.
FUZZ_TARGETS ?= token form json credentials scope
FUZZ_SECONDS ?= 60

# How many requests at random `make api-fuzz` sends to each operation.
EXAMPLES ?= 500

PLAYWRIGHT = CHROMIUM=$$(tools/chromium.sh) && cd end2end && \
  CHROMIUM=$$CHROMIUM CLAVIGER_BIN="$(abspath $(CARGO_TARGET_DIR))/release/claviger" node_modules/.bin/playwright test

# Folders are listed beside their files, so that a removed file counts as a change.
RUST_SOURCES := Cargo.toml Cargo.lock $(shell find src)
STYLE_SOURCES := $(shell find style)

##@ Use

.PHONY: help
help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@ / { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: serve
serve: build ## Build everything and start the server on http://127.0.0.1:3000
	@exec "$(CARGO_TARGET_DIR)/release/claviger" serve

.PHONY: build
build: setup ## Build the site and the release binaries (six to fifteen minutes the first time)
	@# The library is compiled without the site, so at the same time; the binary embeds it.
	@$(MAKE) --no-print-directory -j2 library site
	CLAVIGER_SITE="$$(find $(SITE) -type f | sort | cksum)" cargo build --locked --release --bins

.PHONY: setup
setup: rust-target $(WASM_BINDGEN) $(NODE_TOOLS_READY) ## Install what the build needs and does not have yet

##@ Develop

.PHONY: dev
dev: setup ## Build without optimising, start the server, and do so again at each change; open pages reload themselves
	@node tools/dev.mjs $(WASM_BINDGEN) $(NODE_TOOLS)

.PHONY: check
check: rust-target $(CARGO_DENY) ## Check format, lints (server and browser), dependencies and architecture
	@mkdir -p $(SITE)
	cargo fmt --all --check
	cargo clippy --locked --all-targets -- -D warnings
	cargo clippy --locked --lib --target wasm32-unknown-unknown --no-default-features --features hydrate -- -D warnings
	@# Advisories are left out: their database is a git repository elsewhere, and a build needs the crates registry alone.
	$(CARGO_DENY) --locked check --allow duplicate bans licenses sources
	cargo test --locked --test it architecture

.PHONY: test
test: ## Run every test: Rust on SQLite and PostgreSQL, then the browser
	@mkdir -p $(SITE)
	@tools/proxies.sh $(PROXIES)
	CLAVIGER_NGINX=$(PROXIES)/nginx CLAVIGER_CADDY=$(PROXIES)/caddy cargo test --locked
	@tools/schemathesis.sh $(SCHEMATHESIS) $(CARGO_TARGET_DIR)/debug 20
	@$(MAKE) --no-print-directory e2e

.PHONY: api-fuzz
api-fuzz: ## Let Schemathesis compare the server with its OpenAPI description, at length; EXAMPLES chooses how many requests
	@mkdir -p $(SITE)
	cargo build --locked --bins
	@tools/schemathesis.sh $(SCHEMATHESIS) $(CARGO_TARGET_DIR)/debug $(EXAMPLES)

.PHONY: e2e
e2e: budget $(PLAYWRIGHT_READY) ## Run the browser tests alone; ARGS goes to Playwright
	@$(PLAYWRIGHT) $(ARGS)

.PHONY: budget
budget: build ## Check the size of what a browser loads, and say which island weighs how much
	@node tools/budget.mjs $(SITE) $(PARTS)/browser.shares

.PHONY: attack
attack: ## Attack immediacy, survival and parsers at length (some 35 minutes); CLAVIGER_SEED repeats what a failure printed
	@mkdir -p $(SITE)
	CLAVIGER_ATTACK=long cargo test --locked --test it attack:: -- --nocapture --test-threads 1
	PROPTEST_CASES=1000000 cargo test --locked --lib properties

.PHONY: fuzz
fuzz: $(CARGO_FUZZ) ## Let libFuzzer search the parsers, a minute each (needs a nightly toolchain); FUZZ_TARGETS and FUZZ_SECONDS choose
	@mkdir -p $(SITE)
	@for target in $(FUZZ_TARGETS); do \
	  mkdir -p fuzz/corpus/$$target; \
	  rustup run nightly $(CARGO_FUZZ) run --sanitizer none $$target fuzz/corpus/$$target tests/corpus/$$target -- \
	    -max_total_time=$(FUZZ_SECONDS) -verbosity=0 -print_final_stats=1; \
	done

.PHONY: screenshots
screenshots: build $(PLAYWRIGHT_READY) ## Take a picture of every page into screenshots/, and those of the documentation into docs/images/
	@$(PLAYWRIGHT) --config screenshots.config.ts $(ARGS)

.PHONY: bench
bench: build $(WRK) ## Measure speed, growth, memory and start (some 25 minutes; ARGS=--quick for half of it)
	@tools/proxies.sh $(PROXIES) nginx
	CARGO_TARGET_DIR="$(CARGO_TARGET_DIR)/ceiling" cargo build --locked --release --manifest-path benches/ceiling/Cargo.toml
	@python3 benches/bench.py --claviger "$(CARGO_TARGET_DIR)/release/claviger" \
	  --ceiling "$(CARGO_TARGET_DIR)/ceiling/release/ceiling" --nginx $(PROXIES)/nginx --wrk $(WRK) \
	  --out $(CARGO_TARGET_DIR)/bench.md $(ARGS)

.PHONY: fmt
fmt: ## Format the Rust sources
	cargo fmt

.PHONY: clean
clean: ## Remove whatever was built or installed here
	cargo clean
	rm -rf $(SITE) $(PARTS) fuzz/artifacts fuzz/corpus end2end/node_modules end2end/test-results screenshots

##@ Steps, each skipped when there is nothing to do

.PHONY: library
library: ## Compile the library of the release binaries
	cargo build --locked --release --lib

.PHONY: site
site: $(PARTS)/browser/claviger_bg.wasm $(PARTS)/style/claviger.css ## Put together what the server embeds, in target/site
	@node tools/site.mjs $(SITE) $(PARTS)/browser=pkg $(PARTS)/style=pkg public=.

$(PARTS)/browser/claviger_bg.wasm: $(RUST_SOURCES) tools/wasm.sh | rust-target $(WASM_BINDGEN) $(NODE_TOOLS_READY)
	tools/wasm.sh $(WASM_BINDGEN) $(NODE_TOOLS)/node_modules/.bin/wasm-opt $(PARTS)/browser

$(PARTS)/style/claviger.css: $(STYLE_SOURCES) tools/style.mjs | $(NODE_TOOLS_READY)
	node tools/style.mjs $(NODE_TOOLS) style/main.css $@

.PHONY: rust-target
rust-target:
	@tools/setup.sh rust-target

$(WASM_BINDGEN):
	@tools/setup.sh wasm-bindgen $(WASM_BINDGEN_VERSION) $(patsubst %/bin/wasm-bindgen,%,$@)

$(CARGO_FUZZ):
	@tools/setup.sh cargo-fuzz $(CARGO_FUZZ_VERSION) $(TOOLS)/cargo-fuzz-$(CARGO_FUZZ_VERSION)

$(CARGO_DENY):
	@tools/setup.sh cargo-deny $(CARGO_DENY_VERSION) $(TOOLS)/cargo-deny-$(CARGO_DENY_VERSION)

$(NODE_TOOLS_READY):
	@tools/setup.sh node-tools $(NODE_TOOLS)

$(WRK):
	@tools/setup.sh wrk $(TOOLS)/wrk

$(PLAYWRIGHT_READY): end2end/package.json end2end/package-lock.json
	@echo "fetching Playwright from the npm registry (some 10 s)"
	@cd end2end && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --loglevel error
