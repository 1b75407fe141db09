# Every command of the project. The first one that needs Node installs the pinned packages: those that the cluster needs
# to run, half of all. The first one that tests or checks installs the rest.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
RUNTIME := node_modules/.package-lock.json
PACKAGES := $(if $(wildcard node_modules/typescript),$(RUNTIME),packages)

.PHONY: help
help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: up
up: $(RUNTIME) ## start the cluster in the foreground: in Docker on networks, or without Docker as local processes
	@counter up

.PHONY: links
links: $(RUNTIME) ## start the cluster in Docker with legacy links instead
	@counter up links

.PHONY: swarm
swarm: $(RUNTIME) ## deploy the cluster to the machines of a Docker Swarm
	@counter up swarm

.PHONY: local
local: $(RUNTIME) ## start the cluster as local processes, without Docker
	@counter up local

.PHONY: dev
dev: $(RUNTIME) ## start the cluster for development: services reload when their sources change, in Docker or without
	@counter up --watch

.PHONY: down
down: $(RUNTIME) ## stop whatever is running; the data is kept
	@counter down

.PHONY: status
status: $(RUNTIME) ## show what is running
	@counter status

.PHONY: test
test: $(PACKAGES) ## run every test this machine can run; starts a private Docker Engine if none is running
	@tools/with-engine --outside tools/test

.PHONY: test-fast
test-fast: $(PACKAGES) ## check types and style, and run the tests that need neither Docker nor a browser
	@tools/check sources
	@tools/test fast

.PHONY: test-oldest
test-oldest: $(PACKAGES) ## run both wirings, a rollout and the lessons on the oldest tested Docker Engine (Linux, root)
	@ENGINE=26 tools/with-engine --outside tools/test oldest

.PHONY: labs
labs: $(RUNTIME) ## run every lesson of labs/ in Docker, and compare the output
	@for lab in labs/[0-9]*.md; do counter lab run "$$lab" || exit; done

.PHONY: bundle
bundle: ## save all images to one file, for offline machines
	@tools/bundle

.PHONY: audit
audit: $(PACKAGES) ## inject faults into clusters under load, for a million requests, and write docs/reliability.md
	@tools/with-engine tools/audit

.PHONY: bench
bench: $(PACKAGES) ## measure the cluster beside nginx, HAProxy and others, and write docs/performance.md
	@tools/with-engine tools/bench

.PHONY: soak
soak: $(PACKAGES) ## load the cluster for ten minutes; fails if memory or open files keep growing
	@node bench/soak.ts

.PHONY: scaling
scaling: $(PACKAGES) ## measure the scaling limits, and write docs/scaling.md (Linux)
	@tools/scaling

.PHONY: screenshots
screenshots: $(PACKAGES) ## retake the screenshots of the live page in docs/images (needs chromium)
	@tools/with-engine node test/browser/screenshots.ts

.PHONY: check
check: $(PACKAGES) ## check types, style, shell scripts and documents
	@tools/check

.PHONY: format
format: $(PACKAGES) ## format the sources
	@biome check --write .

.PHONY: engine
engine: $(PACKAGES) ## start a private Docker Engine in .engine; ENGINE=26 for the oldest tested (Linux, root)
	@tools/engine/up

.PHONY: engine-down
engine-down: ## stop the private Docker Engine
	@tools/engine/down

.PHONY: packages
packages: ## install every package, those for tests and checks as well
	$(INSTALL)
	@$(SLIM)

.PHONY: clean
clean: ## remove installed packages, local data and the private engines
	tools/engine/down --purge
	ENGINE=26 tools/engine/down --purge
	rm -rf node_modules .data

$(RUNTIME): package.json package-lock.json $(wildcard packages/*/package.json services/*/package.json)
	$(INSTALL) $(if $(wildcard node_modules/typescript),,$(OMIT))
	@$(SLIM)

INSTALL := npm ci --loglevel=error
# The embedded Redis is needed where there is no other.
OMIT := $(if $(shell command -v docker redis-server valkey-server),--omit=dev)
# Node's package has the headers for compiling extensions, and no package here is one: a third of what it takes.
SLIM := rm -rf node_modules/node-*/include && touch $(RUNTIME)
