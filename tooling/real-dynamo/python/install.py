# SPDX-License-Identifier: Apache-2.0
"""Installs one release of Dynamo, without GPU extras, into the environment that runs this.

usage: install.py VERSION

Two of its declared dependencies stand in the way of a plain `pip install` and
are not needed by the frontend and the mock workers: `aisimulate` (1.5 and
later) builds by downloading from an index of its own, and 1.6 asks for a
`certifi` newer than some indexes carry.
"""
import importlib.metadata
import re
import subprocess
import sys

LEFT_OUT = {"aisimulate"}
ANY_VERSION = {"certifi"}
WHEELS = ("ai-dynamo", "ai-dynamo-runtime")


def pip(*arguments):
    subprocess.check_call([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments])


def requirements():
    for wheel in WHEELS:
        for requirement in importlib.metadata.requires(wheel) or []:
            specifier, _, marker = requirement.partition(";")
            name = re.match(r"[A-Za-z0-9._-]+", specifier).group(0).lower()
            if "extra" in marker or name.startswith("ai-dynamo") or name in LEFT_OUT:
                continue
            yield name if name in ANY_VERSION else requirement


version = sys.argv[1]
pip("--no-deps", *(f"{wheel}=={version}" for wheel in WHEELS))
importlib.invalidate_caches()
pip(*requirements(), "tokenizers")
subprocess.check_call([sys.executable, "-c", "import dynamo.llm, dynamo.runtime"])
