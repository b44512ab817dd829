"""Measures nomenklatura's logic-v2 on all pairs of some persons: comparisons a second of processor time.

Run by peer.sh, which installs it; README.md says what each number means.
"""

import csv
import sys
import time

from followthemoney import model
from nomenklatura.matching import get_algorithm


def persons(path):
    with open(path, encoding="utf-8", newline="") as file:
        for place, row in enumerate(csv.DictReader(file)):
            yield model.get_proxy({
                "id": f"person-{place}",
                "schema": "Person",
                "properties": {
                    "name": [row["full_name"]],
                    "birthDate": [row["date_of_birth"]] if row["date_of_birth"] else [],
                    "nationality": [row["nationality"]] if row["nationality"] else [],
                },
            })


def main(path):
    algorithm = get_algorithm("logic-v2")
    config = algorithm.default_config()
    everyone = list(persons(path))
    for name in ("cold", "warm"):
        begun = time.process_time()
        found = sum(
            algorithm.compare(own, other, config).score >= 0.7 for own in everyone for other in everyone
        )
        seconds = time.process_time() - begun
        pairs = len(everyone) ** 2
        print(f"| logic-v2, {name}: pairs | {pairs / seconds:.0f} | a second |")
    print(f"| logic-v2: pairs at the threshold | {found} | pairs |")


main(sys.argv[1])
