# shuping: `make help` lists the targets. layers.txt says which module stands on which.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

BUILD ?= build
export PATH := $(CURDIR)/.tools/node_modules/.bin:$(PATH)
CC    ?= gcc
ifeq ($(origin CC),default)
CC := gcc
endif
MODE  ?= release
V ?= 0
Q := $(if $(filter 1,$(V)),,@)
VERSION := $(shell cat VERSION)
COMMIT  := $(shell git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)

FLAGS_release  := -O2 -g
FLAGS_sanitize := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
FLAGS_fuzz     := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
WARN   := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wno-missing-field-initializers
CFLAGS := -std=c17 -D_GNU_SOURCE -pthread $(FLAGS_$(MODE)) $(WARN)
LDFLAGS := -pthread $(filter -fsanitize%,$(FLAGS_$(MODE)))

$(BUILD)/layers.mk: layers.txt tool/layers.awk
	@mkdir -p $(@D)
	@awk -f tool/layers.awk layers.txt > $@
-include $(BUILD)/layers.mk

PROGRAMS := shuping verify
ROOMS    := $(filter-out $(PROGRAMS),$(MODULES))

# System include paths come from pkg-config once for everything; layers.txt decides who may use them.
ALL_PKGS := $(sort $(foreach m,$(MODULES),$(PKGS_$(m))))
ifneq ($(ALL_PKGS),)
PKG_CFLAGS := $(shell pkg-config --cflags $(ALL_PKGS) | sed 's/-I/-isystem /g')
endif
CPPFLAGS := -Isrc -I$(BUILD)/gen $(PKG_CFLAGS)

# --- sources ------------------------------------------------------------------------------------
module_src   = $(filter-out %_test.c %_fuzz.c %_bench.c,$(wildcard src/$(1)/*.c))
module_tests = $(wildcard src/$(1)/*_test.c)
objs         = $(patsubst src/%.c,$(BUILD)/obj/%.o,$(1))
libs_of      = $(foreach m,$(CLOSURE_$(1)),$(if $(call module_src,$(m)),$(BUILD)/lib/$(m).a))
link_of      = $(if $(PKGS_$(1)),$$(pkg-config --libs $(PKGS_$(1)))) $(FLAGS_$(1)) -lstdc++ -lm

# The kernels of the column path are loops for the vectoriser, which -O2 holds back.
ifeq ($(MODE),release)
EXTRA_column_lane := -O3
endif
$(BUILD)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(EXTRA_$(notdir $*)) -MMD -MP -c $< -o $@
-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)

define MODULE_RULES
$(BUILD)/lib/$(1).a: $(call objs,$(call module_src,$(1)))
	@mkdir -p $$(@D)
	@rm -f $$@
	$(Q)ar rcs $$@ $$^
.PHONY: test-$(1)
test-$(1): $(patsubst src/%.c,$(BUILD)/test/%,$(call module_tests,$(1)))
	@tool/run-tests.sh $$^
endef
$(foreach m,$(MODULES),$(eval $(call MODULE_RULES,$(m))))

define TEST_RULE
$(BUILD)/test/$(1)/$(2): $(BUILD)/obj/$(1)/$(2).o $(call libs_of,$(1))
	@mkdir -p $$(@D)
	$(Q)$(CC) $(LDFLAGS) $$< -Wl,--start-group $$(filter %.a,$$^) -Wl,--end-group $$(call link_of,$(1)) -lcmocka -o $$@
endef
$(foreach m,$(MODULES),$(foreach t,$(call module_tests,$(m)),$(eval $(call TEST_RULE,$(m),$(basename $(notdir $(t)))))))

define FUZZ_RULE
$(BUILD)/fuzzers/$(2): $(BUILD)/obj/$(1)/$(2).o $(call libs_of,$(1))
	@mkdir -p $$(@D)
	$(Q)$(CC) $(subst fuzzer-no-link,fuzzer,$(LDFLAGS)) $$< -Wl,--start-group $$(filter %.a,$$^) -Wl,--end-group $$(call link_of,$(1)) -o $$@
endef
$(foreach m,$(ROOMS),$(foreach t,$(wildcard src/$(m)/*_fuzz.c),$(eval $(call FUZZ_RULE,$(m),$(basename $(notdir $(t)))))))

define BENCH_RULE
$(BUILD)/bench/$(1)/$(2): $(BUILD)/obj/$(1)/$(2).o $(call libs_of,$(1))
	@mkdir -p $$(@D)
	$(Q)$(CC) $(LDFLAGS) $$< -Wl,--start-group $$(filter %.a,$$^) -Wl,--end-group $$(call link_of,$(1)) -o $$@
endef
BENCHES := $(foreach m,$(ROOMS),$(patsubst src/%.c,$(BUILD)/bench/%,$(wildcard src/$(m)/*_bench.c)))
$(foreach m,$(ROOMS),$(foreach t,$(wildcard src/$(m)/*_bench.c),$(eval $(call BENCH_RULE,$(m),$(basename $(notdir $(t)))))))

# --- what is embedded: SQL in store, packs in pack, built screens in api --------------------------
EMBED_store := $(sort $(wildcard sql/*.sql))
EMBED_pack  := $(sort $(shell find packs -name '*.pack' -o -name README.md 2>/dev/null))
# The names of built screens carry hashes: they are listed when the rule runs, not before.
EMBED_api   := $(wildcard web/dist/index.html)
FILES_store  = $(EMBED_store)
FILES_pack   = $(EMBED_pack)
FILES_api    = $$$$(find web/dist -type f 2>/dev/null | LC_ALL=C sort)
define EMBED_RULE
$(BUILD)/gen/embed_$(1).c: $(EMBED_$(1)) tool/embed.sh
	@mkdir -p $$(@D)
	@tool/embed.sh $(1)_embed $(FILES_$(1)) > $$@
$(BUILD)/gen/embed_$(1).o: $(BUILD)/gen/embed_$(1).c
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c $$< -o $$@
$(BUILD)/lib/$(1).a: $(BUILD)/gen/embed_$(1).o
endef
$(foreach m,store pack api,$(eval $(call EMBED_RULE,$(m))))

# --- programs -------------------------------------------------------------------------------------
# gcc pairs the limbs of field.h into vectors and waits for them: a fifth slower.
EXTRA_curve := -fno-tree-vectorize
EXTRA_curve_sum := -fno-tree-vectorize
EXTRA_cmd_print := -DVERSION='"$(VERSION)"' -DCOMMIT='"$(COMMIT)"'
$(BUILD)/shuping: $(call objs,$(call module_src,shuping)) $(foreach m,$(filter-out shuping,$(CLOSURE_shuping)),$(if $(call module_src,$(m)),$(BUILD)/lib/$(m).a))
	$(Q)$(CC) $(LDFLAGS) $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(call link_of,shuping) -o $@
$(BUILD)/shuping-verify: $(call objs,$(call module_src,verify)) $(foreach m,$(filter-out verify,$(CLOSURE_verify)),$(if $(call module_src,$(m)),$(BUILD)/lib/$(m).a))
	$(Q)$(CC) $(LDFLAGS) $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(call link_of,verify) -o $@

.PHONY: all lib help check check-dmn docs test test-c web web-check e2e bench fuzz golden dist clean
all: web $(BUILD)/shuping $(BUILD)/shuping-verify   ## everything: screens and programs
lib: $(foreach m,$(ROOMS),$(if $(call module_src,$(m)),$(BUILD)/lib/$(m).a))

help:            ## list the targets
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | column -t -s $$'\t'
check: lib $(BUILD)/shuping ## seconds: layers, symbols, errors, generated files, format
	@tool/check-layers.sh
	@tool/check-web.sh
	@tool/check-symbols.sh $(BUILD)
	@tool/check-errors.sh
	@tool/check-sql.sh
	@tool/check-fresh.sh $(BUILD)/shuping
	@$(BUILD)/shuping burden --check packs/burden.txt && echo "burden: ok"
	@tool/check-format.sh
docs: $(BUILD)/shuping ## rewrite the lists in doc/ that the program prints
	@tool/docs.sh $(BUILD)/shuping doc
test-c: $(foreach m,$(MODULES),$(patsubst src/%.c,$(BUILD)/test/%,$(call module_tests,$(m)))) ## unit tests of every module
	@tool/run-tests.sh $^
test:            ## the whole suite, closing with "N passed, M failed"
	@tool/test.sh
bench: all $(BENCHES) ## one table: ratios against named peers, and limits
	@tool/bench.sh $(BUILD) $(BENCHES)
fuzz:            ## SECONDS=60: every *_fuzz.c for that long with libFuzzer
	@tool/fuzz.sh $(or $(SECONDS_EACH),60)
check-dmn: $(BUILD)/shuping ## DMN_TCK=DIR: the published conformance cases of DMN
	@$(BUILD)/shuping dmn tck $(or $(DMN_TCK),$(error say where the cases are: make check-dmn DMN_TCK=DIR))
golden:          ## rewrite golden files after a wanted change
	@GOLDEN=write $(MAKE) test-c
.PHONY: interop check-belenios check-docx
check-docx: $(BUILD)/test/work/template_test $(BUILD)/test/print/docx_test ## LibreOffice opens and saves a docx of every kind; 22 lines x 28 characters
	@tool/check-docx.sh $(BUILD)
interop: $(BUILD)/shuping $(BUILD)/shuping-verify ## belenios-tool 3.0, in a small Debian 13 root, verifies boxes of ours
	@tool/interop.sh $(BUILD)
check-belenios: $(BUILD)/shuping-verify ## BELENIOS=DIR: archives made by the official tool
	@tool/check-belenios.sh $(or $(BELENIOS),$(error name the folder: make check-belenios BELENIOS=DIR)) $(BUILD)
web: web/dist/index.html ## build the screens
web/dist/index.html: $(shell find web/src web/booth web/index.html web/vite.config.ts web/package-lock.json -type f 2>/dev/null)
	@cd web && { [ -d node_modules ] && [ node_modules -nt package-lock.json ] || { npm ci --no-audit --no-fund && touch node_modules; }; } && npm run --silent build
web-check:       ## types and unit tests of the screens
	@cd web && npm run --silent check
e2e: all         ## browser tests
	@tool/e2e.sh
dist: all        ## a tarball of the two programs
	@mkdir -p $(BUILD)/shuping-$(VERSION) && cp $(BUILD)/shuping $(BUILD)/shuping-verify README.md README.zh-CN.md LICENSE $(BUILD)/shuping-$(VERSION) \
	&& tar -C $(BUILD) -czf $(BUILD)/shuping-$(VERSION).tar.gz shuping-$(VERSION)
clean:           ## remove what was built
	rm -rf $(BUILD) web/dist
