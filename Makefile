# Every command of the project. The first one that needs Node installs the pinned packages.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
PACKAGES := node_modules/.package-lock.json

.PHONY: help
help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: up
up: $(PACKAGES) ## start the cluster in the foreground: in Docker on networks, without Docker as processes
	@counter up

.PHONY: links
links: $(PACKAGES) ## start the cluster in Docker with legacy links instead
	@counter up links

.PHONY: swarm
swarm: $(PACKAGES) ## deploy the cluster to the machines of a Docker Swarm
	@counter up swarm

.PHONY: local
local: $(PACKAGES) ## start the cluster as processes of this machine, without Docker
	@counter up local

.PHONY: down
down: $(PACKAGES) ## stop whatever of it runs; the data stay
	@counter down

.PHONY: status
status: $(PACKAGES) ## show what runs
	@counter status

.PHONY: test
test: $(PACKAGES) ## run every test this machine can run; makes a private Docker Engine where there is none
	@tools/with-engine --outside tools/test

.PHONY: test-fast
test-fast: $(PACKAGES) ## check types and style, and run the tests that need neither Docker nor a browser
	@tools/check sources
	@tools/test fast

.PHONY: test-oldest
test-oldest: $(PACKAGES) ## run both wirings and the lessons on the oldest supported Docker Engine (Linux, root)
	@ENGINE=26 tools/with-engine --outside tools/test oldest

.PHONY: labs
labs: $(PACKAGES) ## run every lesson of labs/ in Docker, and compare what each command prints
	@for lab in labs/[0-9]*.md; do counter lab run "$$lab" || exit; done

.PHONY: bundle
bundle: ## save all images into one file, for machines without a network
	@tools/bundle

.PHONY: audit
audit: $(PACKAGES) ## break clusters under load, a million requests long, and write docs/reliability.md
	@tools/with-engine tools/audit

.PHONY: bench
bench: $(PACKAGES) ## measure the cluster beside nginx, HAProxy and others, and write docs/performance.md
	@tools/with-engine tools/bench

.PHONY: soak
soak: $(PACKAGES) ## load the cluster for ten minutes; fails when anything goes on growing
	@node bench/soak.ts

.PHONY: scaling
scaling: $(PACKAGES) ## measure how far it goes, and write docs/scaling.md (Linux)
	@tools/scaling

.PHONY: screenshots
screenshots: $(PACKAGES) ## take the pictures of the live page anew, into docs/images (needs chromium)
	@tools/with-engine node test/browser/screenshots.ts

.PHONY: check
check: $(PACKAGES) ## check types, style, shell scripts and documents
	@tools/check

.PHONY: format
format: $(PACKAGES) ## bring the sources into the one format
	@biome check --write .

.PHONY: engine
engine: $(PACKAGES) ## make a private Docker Engine below .engine; ENGINE=26 for the oldest supported (Linux, root)
	@tools/engine/up

.PHONY: engine-down
engine-down: ## stop the private Docker Engine
	@tools/engine/down

.PHONY: clean
clean: ## remove what was installed, built and stored below this folder, and the private engines with it
	tools/engine/down --purge
	ENGINE=26 tools/engine/down --purge
	rm -rf node_modules .data

$(PACKAGES): package.json package-lock.json $(wildcard packages/*/package.json services/*/package.json)
	npm ci --loglevel=error
	@touch $@
