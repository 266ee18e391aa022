#!/usr/bin/env bash
# Run a command with TEST_DATABASE_URL naming a PostgreSQL server made for it alone.
#
# The server lives in a temporary folder, on a free port, and is gone when the command ends.
# It never touches a server that the machine already runs. As root it runs as user "postgres".
# Ends with 77 when PostgreSQL is not installed or does not start.
set -euo pipefail

bin=$(ls -d /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql*/bin /usr/pgsql-*/bin 2>/dev/null | sort -V | tail -n 1 || true)
if [ -z "$bin" ] && command -v initdb >/dev/null; then
  bin=$(dirname "$(command -v initdb)")
fi
if [ -z "$bin" ] || [ ! -x "$bin/initdb" ]; then
  echo "PostgreSQL is not installed here (Debian: apt-get install postgresql)." >&2
  exit 77
fi

folder=$(mktemp -d /tmp/tansiq-postgres.XXXXXX)
as_owner() { "$@"; }
if [ "$(id -u)" = 0 ]; then
  chown postgres "$folder"
  as_owner() { runuser -u postgres -- "$@"; }
fi

stop() {
  as_owner "$bin/pg_ctl" -D "$folder/data" -m immediate -s stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cd /
# What is lost in a crash does not matter here; being quick does.
if ! as_owner "$bin/initdb" -D "$folder/data" -U tansiq -A trust -E UTF8 --locale=C.UTF-8 -N >"$folder/log" 2>&1 ||
  ! as_owner "$bin/pg_ctl" -D "$folder/data" -l "$folder/data/log" -w -s -o \
    "-p $port -k $folder -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60" \
    start >>"$folder/log" 2>&1; then
  echo "PostgreSQL does not start:" >&2
  cat "$folder/log" "$folder/data/log" >&2 2>/dev/null || true
  exit 77
fi
cd "$OLDPWD"

export TEST_DATABASE_URL="postgres://tansiq@127.0.0.1:$port/postgres"
"$@"
