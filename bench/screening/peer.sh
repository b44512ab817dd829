#!/usr/bin/env bash
# The same pairs of persons by Entente and by nomenklatura, one after the other, each on one core.
# Usage: bench/screening/peer.sh [CSV with full_name, date_of_birth and nationality]
set -euo pipefail
cd "$(dirname "$0")/../.."

pairs=${1:-${ENTENTE_TEST_DATA:-../shared/data}/names/un-positives-untreated.csv}
if [ ! -f "$pairs" ]; then
    echo "skipped: $pairs is not there (ENTENTE_TEST_DATA)"
    exit 0
fi
target=${CARGO_TARGET_DIR:-target}
venv=$target/peer-venv
cargo build --quiet --release --locked -p entente-bench-screening
if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet nomenklatura==4.17.4
fi
"$target/release/entente-bench-screening" --pairs "$pairs"
"$venv/bin/python" bench/screening/peer.py "$pairs"
