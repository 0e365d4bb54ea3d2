#!/usr/bin/env bash
# Measures obligation clearing beside LEMON and OR-tools on the same drawn networks: CPU seconds of the solve alone.
#
#   benches/peers/clearing/run.sh [KIND:DEBTS ...]        default: all of the table in docs/clearing/obligations.md
#
# Needs g++ and liblemon-dev (Debian), and a Python with ortools, highspy and numpy (PYTHON, default python3). The peers get the
# merged network without the arcs that lie on no cycle, so merging and components are not in their time but in ours.
# Every peer's optimum must equal ours, or the script fails. A peer that exceeds LIMIT seconds (default 300) is left out.
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
python=${PYTHON:-python3}
limit=${LIMIT:-300}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ $# -eq 0 ]; then
    set -- bank:1000000 bank:10000000 firm:100000 firm:1000000 trade:100000 trade:285000 convert:100000
fi

(cd "$root" && cargo build --quiet --release -p comity-clearing --example clear_speed)
speed=${CARGO_TARGET_DIR:-$root/target}/release/examples/clear_speed
g++ -O3 -march=native -w -o "$work/lemon" "$here/lemon.cpp"

same() {
    local name=$1 expected=$2 answer=$3
    if [ -z "$answer" ]; then
        echo "  $name: more than $limit s or failed"
    elif [ "${answer% *}" = "$expected" ]; then
        echo "  $name: ${answer#* } s, same optimum"
    else
        echo "  $name: optimum ${answer% *} differs" >&2
        exit 1
    fi
}

"$python" "$here/highs_lp.py" --check "$speed"
for case in "$@"; do
    told=$("$speed" "${case%:*}" "${case#*:}" 1 "$work/network")
    echo "$told"
    value=$(sed -n 's/.* value \([0-9]*\),.*/\1/p' <<<"$told")
    # The simplex is many times slower on the cleared form, so only its better form is run.
    for method in "costscaling residual" "costscaling cleared" "simplex residual"; do
        read -r name form <<<"$method"
        answer=$(timeout "$limit" "$work/lemon" "$work/network" "$name" "$form" || true)
        same "LEMON $name, $form form" "$value" "$answer"
    done
    same "OR-tools" "$value" "$(timeout "$limit" "$python" "$here/ortools_mcf.py" "$work/network" || true)"
done
