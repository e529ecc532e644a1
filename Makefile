# make demo   a sample company, open in the browser on this machine
# make test   every test (needs nothing installed but Python >= 3.12)
.PHONY: demo test lint bench drill pictures clean

demo:
	@sh scripts/setup.sh base
	@BANSO_HOME="$${BANSO_HOME:-$(CURDIR)/var/demo}" .venv/bin/banso demo $(DEMO)

test:
	@sh scripts/setup.sh test
	@.venv/bin/python -m pytest $(TESTS)

lint:
	@sh scripts/setup.sh test
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy && .venv/bin/lint-imports

bench:
	@sh scripts/setup.sh test
	@.venv/bin/python -m bench

drill:
	@sh scripts/setup.sh test
	@.venv/bin/python -m bench.drill --write $(DRILL)

pictures:
	@sh scripts/setup.sh test
	@.venv/bin/python scripts/pictures.py

clean:
	rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache .hypothesis
