# From a clean clone: `make demo` shows the product, `make test` runs every test. `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

# Debian's packages: what the window, the decoders and the fonts of the real program need, and what only tests need.
RUN_PACKAGES := python3-venv libegl1 libgl1 libgl1-mesa-dri libgles2 libgbm1 libmtdev1 libglib2.0-0 libzbar0 alsa-utils espeak-ng
TEST_PACKAGES := $(RUN_PACKAGES) chromium xvfb xdotool postgresql gcc libc6-dev nftables rauc squashfs-tools mtools dosfstools

# The first Python that is new enough; asked only when the virtual environment is made.
PYTHON = $(shell for name in python3 python3.13 python3.12 python3.11; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done)

.PHONY: help demo test lint bench nightly soak image-test gallery pinyin settings lock clean run-packages test-packages

help: ## list what make can do
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

demo: $(VENV)/.run ## everything on this machine: centre, hub, simulated devices, the kiosk window
	@$(BIN)/kiosk demo $(ARGS)

# Many tests start real processes on a machine that others share: one that fails is tried twice more, and named.
test: lint ## lint, then all tests
	@$(BIN)/pytest --numprocesses 6 --dist loadfile --no-loadscope-reorder --reruns 2 --report-chars fER $(ARGS)

lint: $(VENV)/.test ## ruff and the strict type checker
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: $(VENV)/.test ## measure everything as ratios; writes bench-out/report.json and report.md
	@$(BIN)/python -m tests.bench $(ARGS)

nightly: $(VENV)/.test ## longer campaigns in resumable parts of at most 30 minutes, each with its own report
	@$(BIN)/python -m tests.nightly $(ARGS)

soak: $(VENV)/.test ## thousands of journeys at speed, with memory that must stay flat
	@$(BIN)/python -m tests.nightly soak $(ARGS)

image-test: $(VENV)/.test ## build the amd64 image (root, mmdebstrap) and start it in QEMU; pictures in build/image-test
	@$(BIN)/python -m tests.nightly.image $(ARGS)

gallery: $(VENV)/.test ## every view x language x theme x size as a picture
	@$(BIN)/kiosk gallery $(ARGS)

pinyin: $(VENV)/.test ## write assets/voice/pinyin.txt anew: how each Chinese text is said
	@$(BIN)/python image/spoken.py --assets assets

settings: $(VENV)/.run ## write docs/settings.md anew from kiosk/config.py
	@$(BIN)/kiosk config describe > docs/settings.md

lock: ## resolve requirements*.in anew into exact versions
	@$(PYTHON) -m venv --clear $(VENV)-lock
	@$(VENV)-lock/bin/pip install --quiet --disable-pip-version-check uv
	@$(call resolve,requirements.in,-o requirements.lock)
	@$(call resolve,requirements-dev.in,-c requirements.lock -o requirements-dev.lock)
	@sed -i "/sys_platform == 'win32'/d" requirements.lock requirements-dev.lock
	@rm -rf $(VENV)-lock

clean: ## remove everything that make has made
	@rm -rf $(VENV) $(VENV)-lock $(VENV)-emupos .mypy_cache .ruff_cache .pytest_cache build dist *.egg-info demo-out gallery-out bench-out nightly-out

run-packages:
	@$(call apt,$(RUN_PACKAGES))

test-packages:
	@$(call apt,$(TEST_PACKAGES))

$(VENV)/.run: requirements.lock requirements.in setup.py kiosk/__init__.py | run-packages
	@$(call venv)
	@$(call pip,-r requirements.lock)
	@$(call pip,--no-deps --no-build-isolation -e .)
	@touch $@

$(VENV)/.test: $(VENV)/.run requirements-dev.lock | test-packages
	@$(call pip,-r requirements.lock -r requirements-dev.lock)
	@touch $@

# Install the Debian packages that are missing, and only then ask for root. Debian 13 renamed some to ...t64.
define apt
missing=""; for name in $(1); do \
	if [ "$$name" = python3-venv ] && $(PYTHON) -c 'import ensurepip' 2>/dev/null; then continue; fi; \
	{ dpkg-query --show --showformat='$${db:Status-Status}\n' "$$name" "$${name}t64" 2>/dev/null || true; } \
	| grep -qx installed || missing="$$missing $$name"; done; \
if [ -n "$$missing" ]; then \
	echo "installing Debian packages:$$missing"; \
	root=""; if [ "$$(id -u)" != 0 ]; then root="sudo"; fi; \
	if [ -n "$$root" ] && ! command -v sudo >/dev/null; then \
		echo "make: these need root and there is no sudo; as root, run: apt-get install$$missing" >&2; exit 1; fi; \
	$$root apt-get -qq update; \
	$$root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends --yes $$missing >/dev/null; \
fi
endef

define venv
if ! $(BIN)/python -c 'import pip' 2>/dev/null; then \
	if [ -z "$(PYTHON)" ]; then echo "make: Python 3.11 or newer is needed, as in Debian 12" >&2; exit 1; fi; \
	echo "making the virtual environment $(VENV); this takes a few minutes, once"; \
	$(PYTHON) -m venv --clear $(VENV); fi
endef

define pip
$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --root-user-action=ignore $(1)
endef

define resolve
$(VENV)-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-header \
	--annotation-style line $(1) $(2)
endef
