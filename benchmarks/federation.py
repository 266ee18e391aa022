"""Cut the line between two running platforms two hundred times, and count what is lost.

    python -m benchmarks.federation --cuts 180 --kills 20

Prints one JSON line: what was cut and killed, what was sent, what is there in the end. Ends with
an error when one item, receipt, answer or file is missing, doubled or different.
"""

import argparse
import json
import os
import tempfile

import django

from tests.exchange.two_platforms import run
from tests.instances import Instances


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cuts", type=int, default=180, help="connections that are cut")
    parser.add_argument("--kills", type=int, default=20, help="processes that are killed")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    with tempfile.TemporaryDirectory() as folder:
        instances = Instances(folder)
        try:
            both = [instances.make(), instances.make()]
            figures = run(both, line_cuts=options.cuts, kills=options.kills, seed=options.seed)
        finally:
            instances.close()
    print(json.dumps({"exchange.federation": figures}))


if __name__ == "__main__":
    main()
