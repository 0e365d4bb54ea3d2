#!/usr/bin/env bash
# Measures PostgreSQL on this machine with the work of `comity bench journal`: durable transfers between accounts.
#
# It makes a private cluster in a temporary folder, reachable by a socket in that folder only, and removes it at the
# end; a cluster of the system is neither read nor changed. Figures go to stdout, progress and problems to stderr.
# Deliberately absent: any figure of another program (see ../README.md), and any judgement on the figures.
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly here
readonly batches=(1000 8190)
readonly batch_clients=(1 2 4)
readonly single_clients=32
readonly credit=1000000000
readonly free_gib_min=6

seconds=10
runs=3
accounts=100000
json=false
quick=false
may_install=true
base=${TMPDIR:-/tmp}
work=
server_started=false

usage() {
    cat <<'USAGE'
Measure PostgreSQL with one transfer a transaction and with batches, durably.

usage: run.sh [--quick] [--seconds N] [--runs N] [--accounts N] [--dir DIR] [--no-install] [--json]

  --quick        one run of 2 seconds each: a first look, no measurement (about half a minute)
  --seconds N    length of a run, 1 to 600 (default 10; the whole takes under 5 minutes)
  --runs N       runs of each series, 1 to 9 (default 3)
  --accounts N   accounts to choose from, 100 to 10000000 (default 100000)
  --dir DIR      where the temporary folder is made: the disk to measure (default $TMPDIR or /tmp)
  --no-install   fail if PostgreSQL is missing, instead of installing Debian's package
  --json         JSON lines only, no table

environment: PG_BIN is the folder of initdb, pgbench and so on (default: the newest in /usr/lib/postgresql)

exit codes: 0 measured; 1 PostgreSQL missing or failed; 2 wrong use or unsuitable folder;
            3 the book broke its invariants; 4 out of time, some runs are missing

examples:
  run.sh --quick
  run.sh --seconds 20 --json > postgres.jsonl
USAGE
}

note() { printf '%s\n' "$*" >&2; }

fail() {
    local code=$1
    shift
    note "error: $*"
    exit "$code"
}

number() {
    local name=$1 value=$2 least=$3 most=$4
    if ! [[ $value =~ ^[1-9][0-9]{0,8}$ ]] || ((value < least || value > most)); then
        fail 2 "$name of '$value' is outside $least to $most"
    fi
}

read_arguments() {
    while (($#)); do
        case $1 in
        --quick) quick=true ;;
        --json) json=true ;;
        --no-install) may_install=false ;;
        --seconds | --runs | --accounts | --dir)
            (($# >= 2)) || fail 2 "$1 needs a value"
            case $1 in
            --seconds) seconds=$2 ;;
            --runs) runs=$2 ;;
            --accounts) accounts=$2 ;;
            --dir) base=$2 ;;
            esac
            shift
            ;;
        -h | --help)
            usage
            exit 0
            ;;
        *) fail 2 "unknown option '$1'; see --help" ;;
        esac
        shift
    done
    if $quick; then
        seconds=2
        runs=1
    fi
    number --seconds "$seconds" 1 600
    number --runs "$runs" 1 9
    number --accounts "$accounts" 100 10000000
    [[ -d $base && -w $base ]] || fail 2 "--dir '$base' is not a folder that can be written"
}

# --- PostgreSQL ----------------------------------------------------------------------------------------------------

installed() {
    if [[ -n ${PG_BIN:-} ]]; then
        bin=$PG_BIN
    else
        bin=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
    fi
    local program
    for program in initdb pg_ctl postgres psql pgbench; do
        [[ -n $bin && -x $bin/$program ]] || return 1
    done
}

find_postgres() {
    installed && return
    [[ -z ${PG_BIN:-} ]] || fail 1 "PG_BIN '$PG_BIN' lacks initdb, pg_ctl, postgres, psql or pgbench"
    if ! $may_install || ((EUID != 0)) || ! command -v apt-get >/dev/null; then
        fail 1 "PostgreSQL is missing; as root: apt-get install -y postgresql"
    fi
    note "installing Debian's PostgreSQL"
    {
        DEBIAN_FRONTEND=noninteractive apt-get install -y postgresql ||
            { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y postgresql; }
    } >&2 || fail 1 "apt-get could not install postgresql"
    installed || fail 1 "postgresql was installed, but its programs are not in /usr/lib/postgresql"
}

# PostgreSQL refuses to run as root; Debian's package brings a user for it.
as_owner() {
    if ((EUID == 0)); then
        runuser -u postgres -- "$@"
    else
        "$@"
    fi
}

sql() { "$bin/psql" -X -q -At -v ON_ERROR_STOP=1 -h "$work" -U bench -d bench "$@"; }

make_cluster() {
    local kind free_gib
    kind=$(stat -f -c %T "$base")
    # In memory nothing reaches a disk, and fsync measures nothing.
    [[ $kind != tmpfs && $kind != ramfs ]] || fail 2 "'$base' is a $kind: choose a folder on a disk with --dir"
    free_gib=$(($(stat -f -c '%a * %S' "$base") / 1073741824))
    ((free_gib >= free_gib_min)) || fail 2 "'$base' has $free_gib GiB free, at least $free_gib_min are needed"

    work=$(mktemp -d "$base/comity-peer-postgres.XXXXXXXX")
    # The path of a socket has 107 characters at most.
    ((${#work} <= 85)) || fail 2 "'$work' is too long for a socket: choose a shorter --dir"
    ((EUID != 0)) || chown postgres "$work"

    note "making a cluster in $work"
    as_owner "$bin/initdb" --no-sync -D "$work/data" -U bench --auth-local=trust --auth-host=reject -E UTF8 --locale=C \
        >"$work/initdb.log" 2>&1 || {
        cat "$work/initdb.log" >&2
        fail 1 "initdb failed"
    }
    cat "$here/postgresql.conf" >>"$work/data/postgresql.conf"
    printf "unix_socket_directories = '%s'\n" "$work" >>"$work/data/postgresql.conf"
    server_started=true
    (cd "$work" && as_owner "$bin/pg_ctl" -D "$work/data" -l "$work/server.log" -w -t 60 start) >/dev/null || {
        cat "$work/server.log" >&2
        fail 1 "the server did not start"
    }
    "$bin/psql" -X -q -v ON_ERROR_STOP=1 -h "$work" -U bench -d postgres -c 'create database bench' >&2
    sql -f "$here/schema.sql" >&2
    sql -f "$here/check.sql" >"$work/check.log" 2>&1 || {
        cat "$work/check.log" >&2
        fail 3 "the schema breaks its own rules"
    }
}

# shellcheck disable=SC2317 # called by the trap
remove_cluster() {
    local code=$?
    trap - EXIT INT TERM HUP
    if [[ -n $work && -d $work ]]; then
        if ((code == 1 || code == 3)) && [[ -s $work/server.log ]]; then
            note "the end of the server's log:"
            tail -n 20 "$work/server.log" >&2
        fi
        if $server_started; then
            (cd "$work" && as_owner "$bin/pg_ctl" -D "$work/data" -m immediate -w -t 30 stop) >/dev/null 2>&1 || true
        fi
        rm -rf -- "$work"
    fi
    exit "$code"
}

# --- the machine ---------------------------------------------------------------------------------------------------

text() {
    local value=$1
    value=${value//\\/\\\\}
    value=${value//\"/\\\"}
    printf '"%s"' "${value//[[:cntrl:]]/ }"
}

# Mean microseconds to write 4 KiB durably: what one answer costs at least.
disk_sync_us() {
    local started ended count=200
    dd if=/dev/zero of="$work/sync" bs=4k count=$count conv=fsync 2>/dev/null
    started=$(date +%s%N)
    dd if=/dev/zero of="$work/sync" bs=4k count=$count conv=notrunc oflag=dsync 2>/dev/null
    ended=$(date +%s%N)
    rm -f "$work/sync"
    printf '%d' $(((ended - started) / count / 1000))
}

load() { cut -d ' ' -f 1 /proc/loadavg; }

report_machine() {
    local cpu memory_mib system version settings
    cpu=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)
    memory_mib=$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)
    # shellcheck disable=SC1091 # the system's own description of itself
    system=$(. /etc/os-release 2>/dev/null && printf '%s' "${PRETTY_NAME:-unknown}")
    version=$(sql -c 'show server_version')
    settings=$(sql -c "
        select json_object_agg(name, current_setting(name) order by name)
        from pg_settings
        where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'wal_sync_method', 'shared_buffers',
            'effective_cache_size', 'work_mem', 'maintenance_work_mem', 'huge_pages', 'wal_level', 'wal_buffers', 'max_wal_size',
            'wal_compression', 'commit_delay', 'checkpoint_timeout', 'jit', 'autovacuum', 'data_checksums',
            'listen_addresses')" | tr -d '\n')
    printf '{"type": "machine", "date": %s, "cpu": %s, "cores": %d, "memory_mib": %d, "system": %s, "kernel": %s, ' \
        "$(text "$(date -u +%Y-%m-%dT%H:%M:%SZ)")" "$(text "${cpu:-unknown}")" "$(nproc)" "$memory_mib" \
        "$(text "${system:-unknown}")" "$(text "$(uname -r)")"
    printf '"filesystem": %s, "disk_sync_us": %d, "load": %s, "postgresql": %s, "accounts": %d, "seconds": %d, "runs": %d, "settings": %s}\n' \
        "$(text "$(stat -f -c %T "$work")")" "$(disk_sync_us)" "$(load)" "$(text "$version")" \
        "$accounts" "$seconds" "$runs" "$settings"
}

# --- measuring -----------------------------------------------------------------------------------------------------

# pgbench script clients batch seconds: sets `transactions`, `failed`, `elapsed_s` and `latency_ms`.
pgbench_run() {
    local script=$1 clients=$2 batch=$3 length=$4 threads out="$work/pgbench.log"
    threads=$((clients < $(nproc) ? clients : $(nproc)))
    timeout --kill-after=10 $((length + 60)) "$bin/pgbench" -h "$work" -U bench -n -M prepared -c "$clients" \
        -j "$threads" -T "$length" -D "accounts=$accounts" -D "batch=$batch" -f "$here/$script" bench >"$out" 2>&1 || {
        cat "$out" >&2
        fail 1 "pgbench failed on $script with $clients clients"
    }
    transactions=$(sed -n 's/^number of transactions actually processed: \([0-9]*\).*/\1/p' "$out")
    failed=$(sed -n 's/^number of failed transactions: \([0-9]*\).*/\1/p' "$out")
    latency_ms=$(sed -n 's/^latency average = \([0-9.]*\) ms.*/\1/p' "$out")
    local tps
    tps=$(sed -n 's/^tps = \([0-9.]*\) .*/\1/p' "$out")
    [[ -n $transactions && -n $latency_ms && -n $tps ]] || {
        cat "$out" >&2
        fail 1 "pgbench said nothing that can be read"
    }
    ((transactions > 0)) || fail 1 "no transaction of $script ended within $length s"
    elapsed_s=$(awk -v n="$transactions" -v tps="$tps" 'BEGIN { printf "%.6f", n / tps }')
}

settled_count() { sql -c "select count(*) from transfer where outcome = 'settled'"; }

verify_book() {
    local broken
    broken=$(sql -c "select coalesce(string_agg(rule || ' ' || found, ', '), '') from violation where found <> 0")
    [[ -z $broken ]] || fail 3 "after $1: $broken"
    books=$((books + 1))
}

# median min max of the arguments; of an even number the upper of the two in the middle, as `comity bench` does.
spread() {
    printf '%s\n' "$@" | sort -g | awk '{ v[NR] = $1 } END { print v[int(NR / 2) + 1], v[1], v[NR] }'
}

# One series: an empty book, a short warm-up, `runs` runs, the proof. Prints a JSON line.
series() {
    local name=$1 script=$2 clients=$3 batch=$4
    local rates=() latencies=() refused=0 lost=0 run before after warm_up left rate shape
    left=$((deadline - SECONDS))
    if ((left < seconds + 5)); then
        note "out of time: $name is not measured"
        complete=false
        return
    fi
    sql -v accounts="$accounts" -v credit="$credit" -f "$here/reset.sql" >&2
    warm_up=$((seconds < 5 ? 1 : 2))
    pgbench_run "$script" "$clients" "$batch" "$warm_up"
    for ((run = 1; run <= runs; run++)); do
        if ((deadline - SECONDS < seconds + 2)); then
            note "out of time: $name has $((run - 1)) of $runs runs"
            complete=false
            break
        fi
        before=$(settled_count)
        pgbench_run "$script" "$clients" "$batch" "$seconds"
        after=$(settled_count)
        refused=$((refused + transactions * batch - (after - before)))
        lost=$((lost + ${failed:-0}))
        rate=$(awk -v n=$((after - before)) -v s="$elapsed_s" 'BEGIN { printf "%.0f", n / s }')
        rates+=("$rate")
        latencies+=("$latency_ms")
        note "$name, run $run of $runs: $rate/s"
    done
    verify_book "$name"
    ((refused >= 0)) || fail 3 "$name: $((-refused)) more transfers in the book than were sent"
    ((${#rates[@]})) || return 0
    read -r median min max < <(spread "${rates[@]}")
    read -r latency _ _ < <(spread "${latencies[@]}")
    shape=$(printf '"clients": %d, "batch": %d' "$clients" "$batch")
    printf '{"type": "figure", "name": %s, "unit": "/s", "median": %s, "min": %s, "max": %s, "runs": %d, %s, ' \
        "$(text "$name")" "$median" "$min" "$max" "${#rates[@]}" "$shape"
    printf '"latency_ms": %s, "refused": %d, "failed_transactions": %d, "batches_one_by_one": %d, "load": %s}\n' \
        "$latency" "$refused" "$lost" \
        "$(sql -c 'select case when is_called then last_value else 0 end from one_by_one')" "$(load)"
}

# What of a batch's time is the making of its lines, which a client would do elsewhere.
generation() {
    pgbench_run generate.pgbench 1 8190 1
    awk -v n="$transactions" -v s="$elapsed_s" 'BEGIN {
        printf "{\"type\": \"figure\", \"name\": \"cost of making a line of a batch\", \"unit\": \"us\", \"median\": %.3f, ", s * 1e6 / (n * 8190)
        printf "\"min\": %.3f, \"max\": %.3f, \"runs\": 1}\n", s * 1e6 / (n * 8190), s * 1e6 / (n * 8190)
    }'
}

measure() {
    local batch clients
    report_machine
    series "one transfer a transaction, $single_clients clients" single.pgbench "$single_clients" 1
    for batch in "${batches[@]}"; do
        for clients in "${batch_clients[@]}"; do
            series "batches of $batch, $clients client$( ((clients == 1)) || printf s)" batch.pgbench "$clients" "$batch"
        done
    done
    generation
    printf '{"type": "end", "complete": %s, "books_verified": %d, "sum_of_balances": %s, "took_s": %d, "load": %s}\n' \
        "$complete" "$books" "$(sql -c 'select sum(balance) from account')" "$SECONDS" "$(load)"
}

# --- the table -----------------------------------------------------------------------------------------------------

# Our own lines only, so reading a field is a matter of patterns; no JSON tool is required.
show_table() {
    awk '
    function field(key, at, rest) {
        at = index($0, "\"" key "\": ")
        if (!at) return ""
        rest = substr($0, at + length(key) + 4)
        if (rest ~ /^"/) { match(rest, /^"([^"\\]|\\.)*"/); return substr(rest, 2, RLENGTH - 2) }
        match(rest, /^[^,}]*/)
        return substr(rest, 1, RLENGTH)
    }
    function grouped(n, out) {
        if (n ~ /\./) return n
        while (length(n) > 3) { out = "," substr(n, length(n) - 2) out; n = substr(n, 1, length(n) - 3) }
        return n out
    }
    /"type": "machine"/ {
        printf "%s, %s cores, %s MiB, %s, kernel %s, %s\n", field("cpu"), field("cores"), grouped(field("memory_mib")), field("system"), field("kernel"), field("filesystem")
        printf "PostgreSQL %s; 4 KiB written and synced in %s us; load %s at the start; %s\n", field("postgresql"), field("disk_sync_us"), field("load"), field("date")
        settings = substr($0, index($0, "\"settings\": {") + 13)
        gsub(/[{}"]/, "", settings); gsub(/ : /, " = ", settings); gsub(/^ +| +$/, "", settings)
        sub(/listen_addresses = ,/, "listen_addresses = none,", settings)
        printf "%s\n", settings
        printf "%s accounts, %s runs of %s s\n\n", grouped(field("accounts")), field("runs"), field("seconds")
        printf "%-44s %12s %4s %25s %11s %8s %6s\n", "figure", "median", "unit", "range", "latency ms", "refused", "load"
    }
    /"type": "figure"/ {
        printf "%-44s %12s %4s %25s %11s %8s %6s\n", field("name"), grouped(field("median")), field("unit"), grouped(field("min")) " to " grouped(field("max")), field("latency_ms"), field("refused"), field("load")
    }
    /"type": "end"/ {
        printf "\n%s books verified, sum of all balances %s, %s s%s\n", field("books_verified"), field("sum_of_balances"), field("took_s"), field("complete") == "true" ? "" : "; out of time, incomplete"
    }'
}

# --- the whole -----------------------------------------------------------------------------------------------------

read_arguments "$@"
find_postgres
trap remove_cluster EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

SECONDS=0
complete=true
books=0
# Seven series with their resets, warm-ups and proofs: 290 s by default. A slow machine gets fewer runs, not more time.
deadline=$((7 * (runs * seconds + 10) + 10))
make_cluster
measure >"$work/figures.jsonl"
$complete && code=0 || code=4
if ! $json; then
    show_table <"$work/figures.jsonl"
    printf '\n'
fi
cat "$work/figures.jsonl"
exit "$code"
