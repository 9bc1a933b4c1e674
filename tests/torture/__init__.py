"""Fault runs with real processes: workers and web servers are killed, disks are full, servers go away and come back.

The suite runs them in a short form; with TORTURE=1, as `make torture` does, each fault comes twenty times in 20,000 rows.
"""
import os

LONG = bool(os.environ.get("TORTURE"))
SEED = int(os.environ.get("TORTURE_SEED", 2013))
ROWS = 20_000 if LONG else 4_000
KILLS = 20 if LONG else 2
LEASE = 2          # seconds without a sign of life after which a job is taken over, in these runs
