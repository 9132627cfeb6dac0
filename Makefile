# Everything that is done with this repository. `make` alone lists it.

PYTHON ?= python3
VENV := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run test check bench format lock shots environment environment-dev

help: ## List what there is to do
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: environment ## Install, prepare and serve on http://127.0.0.1:8000 (PORT=, HOST=, DATA_DIR=, DATABASE_URL=)
	@$(VENV)/python manage.py start

test: environment-dev ## Install what tests need and run all of them, browser tests last
	@$(PYTHON) scripts/environment.py --browser
	$(VENV)/pytest -q -n 3 --dist loadfile -m "not browser"
	$(VENV)/pytest -q -n 3 --dist loadfile -m browser

check: environment-dev ## Lint, format, types, layers, templates, migrations, schema, vendored files
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/lint-imports --no-cache
	$(VENV)/mypy
	$(VENV)/djhtml --check templates
	$(VENV)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(VENV)/python scripts/check_openapi.py
	cd static/vendor && sha256sum --check --quiet CHECKSUMS

bench: environment-dev ## Start the real server and measure it
	$(VENV)/python -m tests.benchmarks $(ARGS)

format: environment-dev ## Put code and templates into shape
	$(VENV)/ruff check --fix .
	$(VENV)/ruff format .
	$(VENV)/djhtml templates

lock: ## Write constraints.txt anew from the requirements
	rm -rf var/lock && $(PYTHON) -m venv var/lock
	var/lock/bin/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	echo '# Every package of the environment, exactly: made by `make lock`.' > constraints.txt
	var/lock/bin/pip freeze --exclude pip --exclude setuptools >> constraints.txt
	rm -rf var/lock

shots: environment-dev ## Take the pictures of the documentation anew
	SHOTS=1 $(VENV)/pytest -q -m browser -k "picture or printed or arabic"

environment:
	@$(PYTHON) scripts/environment.py

environment-dev:
	@$(PYTHON) scripts/environment.py --dev
