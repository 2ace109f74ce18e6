# Two commands matter: `make demo` and `make test`. Both set up all that they need.
# The newest Python that is new enough; say PYTHON=... for another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && exit; \
	done; echo python3)
LAUNCH = $(PYTHON) "$(CURDIR)/deploy/local"

.DEFAULT_GOAL := help
.PHONY: help demo test check bench prove prove-api prove-audit prove-documents prove-isolation prove-reminders prove-durability prove-full-stack prove-machine prove-at-rest law docs pictures lock clean

help: ## List these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 26

demo: ## Run the whole service with invented cases on this machine (DEMO_PORT=8000)
	@exec $(LAUNCH) demo

test: ## Run everything that proves the service (ARGS="tests/law -k x" runs a part)
	@exec $(LAUNCH) test $(ARGS)

check: ## Run the checks that only read the code
	@exec $(LAUNCH) check

bench: ## Measure the speed of the paths that matter
	@exec $(LAUNCH) bench $(ARGS)

prove: prove-reminders prove-durability prove-full-stack prove-machine prove-audit prove-documents prove-isolation prove-api prove-at-rest ## Prove every promise under faults (6 to 15 minutes each)

prove-reminders: ## No reminder missed, doubled or late under 10,000 kills (SEED=1 SECONDS_LIMIT=60)
	@exec $(LAUNCH) prove reminders $(ARGS)

prove-durability: ## No acknowledged filing lost, at whatever statement it is cut off
	@exec $(LAUNCH) prove durability $(ARGS)

prove-full-stack: ## The real processes, killed and hung 100 times while people file
	@exec $(LAUNCH) prove full-stack $(ARGS)

prove-machine: ## A case goes only where it may: eight at once, a million steps, every role
	@exec $(LAUNCH) prove machine $(ARGS)

prove-audit: ## Whoever tampers with the trail, 10,000 times, is found out; a million entries in 10 s
	@exec $(LAUNCH) prove audit $(ARGS)

prove-documents: ## No hostile file is kept as clean, given but as a file, or breaks anything
	@exec $(LAUNCH) prove documents $(ARGS)

prove-isolation: ## Nobody sees another authority's case: every address, method, role and relation
	@exec $(LAUNCH) prove isolation $(ARGS)

prove-api: ## Whatever a program sends, nothing breaks, and each refusal names the field and the remedy
	@exec $(LAUNCH) prove api $(ARGS)

prove-at-rest: ## Nothing of 1,000 children rests in clear: data, WAL, dump, broker, logs, mail
	@exec $(LAUNCH) prove at-rest $(ARGS)

law: ## Write docs/law.md from the law as values
	@exec $(LAUNCH) law

docs: ## Write every page of docs/ that is made from code
	@exec $(LAUNCH) docs

pictures: ## Take the pictures of the main screens in docs/pictures with a real browser
	@exec $(LAUNCH) pictures

lock: ## Choose the newest packages that fit requirements/*.in and write them down with hashes
	@exec $(LAUNCH) lock

clean: ## Stop everything and remove all that these commands made
	@exec $(LAUNCH) clean
