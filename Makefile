# Thin aliases over npm scripts; `npx bench --help` has everything. Make can only say "failed" (2): the exit
# codes with a meaning are those of `npx bench` and `npm run`.
PROFILE ?= baseline

.PHONY: loadtest setup up load down test check

# The first of README's two commands: sets up all, runs the load, judges, and takes everything down.
loadtest: node_modules
	npx bench loadtest --yes --profile $(PROFILE) $(ARGS)

setup: node_modules
	npx bench setup --yes

up load down: node_modules
	npm run $@ -- $(ARGS)

# The second: lint, types, unit, program and e2e tests.
test: setup
	npm test

check: node_modules
	npm run check

node_modules: package-lock.json
	npm ci
	touch node_modules
