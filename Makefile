# Everything Empathd can do from a checkout. `make run` and `make test` need nothing beforehand.
.PHONY: run test packages bench model evaluate spread-prior evaluate-spread e2e reliability format package clean

BUILD ?= build
JOBS  ?= $(shell nproc)
# What `make run` listens for; empty: the sample week of a fictional airline.
BRAND ?=

run: packages
	@cmake --preset release -DEMPATHD_BENCH=OFF >$(BUILD)-configure.log 2>&1 || { cat $(BUILD)-configure.log; exit 1; }
	@cmake --build --preset release -j $(JOBS) --target empathd empathctl
	@rm -f $(BUILD)-configure.log
	@BRAND="$(BRAND)" sh config/demo/run $(BUILD)/release/bin

test: packages
	cmake --preset dev -DEMPATHD_WERROR=$(if $(CI),ON,OFF)
	cmake --build --preset dev -j $(JOBS)
	ctest --test-dir $(BUILD)/dev -j $(JOBS) --output-on-failure --no-tests=error -LE e2e

# Installs what packages.txt names and this machine lacks.
packages:
	@sh config/install-packages packages.txt run

bench: packages
	cmake --preset release
	cmake --build --preset release -j $(JOBS) --target empathd_bench
	$(BUILD)/release/bin/empathd_bench $(BENCH)

# Rebuilds analysis/experience/model.bin from the corpus and the permissive sets.
SETS ?= ../shared/data/train
DATA ?= ../shared/data/dev
model: packages
	cmake --preset release -DEMPATHD_BENCH=OFF
	cmake --build --preset release -j $(JOBS) --target empathd-train
	$(BUILD)/release/bin/empathd-train model --corpus analysis/corpus --sets $(SETS) --out analysis/experience/model.bin

# Measures it: our own posts with their industry held out, and every set in DATA, which it only
# measures. Renews the tables of the model card.
evaluate: packages
	cmake --preset release -DEMPATHD_BENCH=OFF
	cmake --build --preset release -j $(JOBS) --target empathd-train
	$(BUILD)/release/bin/empathd-train evaluate --model analysis/experience/model.bin --corpus analysis/corpus --sets $(SETS) --data $(DATA) \
	  --card analysis/experience/MODEL.md

# Rebuilds what the forecast begins with, from simulated posts; the same bytes every time.
spread-prior: packages
	cmake --preset release -DEMPATHD_BENCH=OFF
	cmake --build --preset release -j $(JOBS) --target empathd-spread
	$(BUILD)/release/bin/empathd-spread prior --out analysis/spread/shipped_prior.cpp

# Measures the forecast on recorded posts, which it only measures.
evaluate-spread: DATA = ../shared/data/spread
evaluate-spread: packages
	cmake --preset release -DEMPATHD_BENCH=OFF
	cmake --build --preset release -j $(JOBS) --target empathd-spread
	$(BUILD)/release/bin/empathd-spread evaluate --data $(DATA)

# The real binary against real servers (Redis, public-inbox where installed).
e2e: packages
	cmake --preset dev
	cmake --build --preset dev -j $(JOBS)
	ctest --test-dir $(BUILD)/dev --output-on-failure --no-tests=error -L e2e

# Kills the daemon and Redis at random, counts what is lost, doubled and invented.
KILLS ?= 100
reliability: packages
	cmake --preset dev
	cmake --build --preset dev -j $(JOBS) --target empathd empathd_crash
	$(BUILD)/dev/bin/empathd_crash --kills $(KILLS)

format:
	clang-format -i $$(git ls-files '*.cpp' '*.hpp')

clean:
	rm -rf $(BUILD)
