# Two commands matter: `make demo` and `make test`. Each installs what it lacks first (deploy/prepare says what).
PYTHON := .venv/bin/python
HOST ?= 127.0.0.1
PORT ?= 8000
SIZE ?= small
MINUTES ?= 30

.PHONY: demo test torture attack bench soak screenshots guide access weigh check stages audit sbom

demo: .venv/ready                ## the whole platform with invented people; FRESH=1 starts over, PORT and HOST say where
	exec $(PYTHON) run.py demo --host $(HOST) --port $(PORT) $(if $(FRESH),--fresh)

test: .venv/ready                ## SQLite and PostgreSQL, the tests of the rooms half on each; ARGS is passed on, as in ARGS="--db both" or ARGS="tests/models -x"
	sh deploy/prepare test
	$(PYTHON) -m pytest -n 2 --dist loadgroup $(ARGS)

torture: .venv/ready             ## twenty kills of every kind, outages, full disks, 100,000 random cases; ends with N passed, N failed
	sh deploy/prepare test
	$(PYTHON) -m tests.torture $(ARGS)

attack: .venv/ready              ## every attack on every page, 10,000 random requests, a crawler; ends with N probes, N leaks, N findings
	sh deploy/prepare test
	sh deploy/prepare attack
	$(PYTHON) -m tests.attack $(ARGS)

bench: .venv/ready               ## how long the main work takes, at SIZE=small or SIZE=full with PEER_DIR (docs/speed.md); ends with N of N goals met
	$(PYTHON) -m tests.bench --size $(SIZE)

soak: .venv/ready                ## half the registration peak for MINUTES (30) on PostgreSQL and Redis; ends with N requests, N errors, memory first→last MiB
	sh deploy/prepare test
	$(PYTHON) -m tests.bench.soak --minutes $(MINUTES) $(ARGS)

screenshots: .venv/ready         ## pictures of 25 named pages at three widths, light and dark, into instance/screenshots; ends with N pictures
	sh deploy/prepare test
	$(PYTHON) -m tests.pictures $(ARGS)

guide: .venv/ready               ## the pictures of the guide, made again from the demo world into backoffice/static/guide; ends with N pictures, N kB
	sh deploy/prepare test
	$(PYTHON) -m tests.pictures.guide $(ARGS)

access: .venv/ready              ## axe on every page of every account of the demo world; ends with N pages, N serious or critical findings
	sh deploy/prepare test
	$(PYTHON) -m tests.pictures.access $(ARGS)

weigh: .venv/ready               ## bytes, shifts and long scripts of pages in a real Chromium
	sh deploy/prepare test
	$(PYTHON) -m tests.pictures.weigh

check: .venv/ready               ## settings and screens, all problems at once
	$(PYTHON) run.py check

stages: .venv/ready              ## the table of law
	$(PYTHON) run.py stages

audit: .venv/ready               ## known vulnerabilities of what is installed; ends with 1 when there is one, or when one package could not be judged
	sh deploy/prepare watch
	.venv/watch/bin/pip-audit --strict --path $$($(PYTHON) -c 'import sysconfig; print(sysconfig.get_path("purelib"))') $(ARGS)

sbom: .venv/ready                ## sbom.json: what the program is made of, with versions and licences (CycloneDX)
	sh deploy/prepare watch
	.venv/watch/bin/cyclonedx-py environment $(PYTHON) --output-reproducible --output-file sbom.json
	@echo "sbom.json: $$($(PYTHON) -c 'import json; print(len(json.load(open("sbom.json"))["components"]))') components"

.venv/ready: requirements.txt deploy/prepare
	sh deploy/prepare
	touch $@
