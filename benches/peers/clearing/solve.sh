#!/usr/bin/env bash
# Solves one network with every peer that is installed: a line "NAME<tab>VALUE<tab>CPU SECONDS" for each that finishes.
#
#   benches/peers/clearing/solve.sh NETWORK
#
# NETWORK is text: "nodes arcs", then "from to capacity value" per arc. LEMON needs g++ and liblemon-dev (Debian); OR-tools a Python
# with ortools and numpy (PYTHON, default python3). A peer that exceeds LIMIT seconds (default 60) or is missing is left out.
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
network=$1
limit=${LIMIT:-60}
python=${PYTHON:-python3}
lemon=$(dirname "$network")/lemon

tell() {
    local name=$1 answer
    shift
    if answer=$(timeout "$limit" "$@" 2>/dev/null); then
        printf '%s\t%s\t%s\n' "$name" "${answer% *}" "${answer#* }"
    fi
}

if [ -x "$lemon" ] || g++ -O3 -march=native -w -o "$lemon" "$here/lemon.cpp" 2>/dev/null; then
    tell "LEMON cost scaling" "$lemon" "$network" costscaling residual
    tell "LEMON cost scaling, other form" "$lemon" "$network" costscaling cleared
    tell "LEMON network simplex" "$lemon" "$network" simplex residual
fi
if "$python" -c 'import ortools, numpy' 2>/dev/null; then
    tell "OR-tools" "$python" "$here/ortools_mcf.py" "$network"
fi
