#!/usr/bin/env bash
# Starts a throwaway PostgreSQL server and prints its URL: postgres.sh PID
#
# The server listens on a socket in its own folder and nowhere else. When the process PID ends, a watchdog stops the
# server and removes the folder. Standard output carries one line, the URL, and is closed after it.
set -euo pipefail

fail() {
  echo "postgres.sh: $*" >&2
  exit 1
}

[[ "${1:-}" =~ ^[0-9]+$ ]] || fail "expected the id of the process to live as long as: tools/postgres.sh PID"
watched=$1
kill -0 "$watched" 2>/dev/null || [[ -d /proc/$watched ]] || fail "there is no process $watched"

# Distributions keep the server's programs off the PATH; where there are several versions, the newest will do.
find_programs() {
  local folder
  if command -v initdb >/dev/null && command -v pg_ctl >/dev/null; then
    dirname "$(readlink -f "$(command -v initdb)")"
    return
  fi
  for folder in $(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin \
    /usr/local/opt/postgresql*/bin /usr/local/pgsql/bin 2>/dev/null | sort -rV); do
    if [[ -x $folder/initdb && -x $folder/pg_ctl ]]; then
      echo "$folder"
      return
    fi
  done
  return 1
}
programs=$(find_programs) ||
  fail "PostgreSQL's initdb and pg_ctl were not found; install the server (Debian: apt-get install postgresql)" \
    "or put its bin folder on the PATH"

# Not TMPDIR: a socket's path may not exceed some 100 bytes, and this one needs no escaping in a URL.
folder=$(mktemp -d /tmp/claviger-postgres.XXXXXX)
cd "$folder"

# PostgreSQL refuses to run as root.
unprivileged=()
if [[ $(id -u) -eq 0 ]]; then
  user=nobody
  if id postgres >/dev/null 2>&1; then user=postgres; fi
  chown "$user" "$folder"
  if command -v setpriv >/dev/null; then
    unprivileged=(setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups)
  elif command -v runuser >/dev/null; then
    unprivileged=(runuser -u "$user" --)
  else
    fail "neither setpriv nor runuser was found, one of which is needed to start PostgreSQL as root"
  fi
fi
# (The odd expansion is for bash before 4.4, to which an empty list is an unset one.)
run() { env HOME="$folder" ${unprivileged[@]+"${unprivileged[@]}"} "$@"; }

stop() {
  run "$programs/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
  cd /
  rm -rf "$folder"
}
trap stop EXIT

# Nothing in it outlives the tests, so nothing is flushed.
run "$programs/initdb" -D "$folder/data" -U claviger -A trust -E UTF8 --locale=C --no-sync >"$folder/initdb.log" 2>&1 ||
  fail "initdb failed: $(cat "$folder/initdb.log")"
cat >>"$folder/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$folder'
port = 5432
max_connections = 200
fsync = off
synchronous_commit = off
full_page_writes = off
CONF
# The server would inherit standard output and keep its reader waiting.
run "$programs/pg_ctl" -D "$folder/data" -l "$folder/data/server.log" -w -t 60 start >/dev/null 2>&1 </dev/null ||
  fail "PostgreSQL did not start: $(cat "$folder/data/server.log" 2>/dev/null)"

# A process that has ended but was not yet collected counts as ended.
ended() {
  if [[ -r /proc/$1/stat ]]; then
    [[ $(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null) == [ZX]* ]]
  else
    ! kill -0 "$1" 2>/dev/null
  fi
}
watch() {
  trap '' HUP INT TERM
  until ended "$watched"; do sleep 0.5; done
  stop
}

# In a process group of its own, so that what ends the caller's does not end the watchdog before its work is done.
trap - EXIT
set -m
watch </dev/null >/dev/null 2>&1 &
disown

echo "postgres://claviger@localhost:5432/postgres?host=$folder"
