#!/usr/bin/env bash
# Lets Schemathesis compare a running server with its OpenAPI description: schemathesis.sh FOLDER PROGRAMS [EXAMPLES]
#
# FOLDER is where Schemathesis is installed (once, from PyPI), PROGRAMS the folder of claviger and api-client, EXAMPLES how
# many requests each operation gets at random. The server is a throwaway one. No answer may be a 5xx or differ from its description.
set -euo pipefail

VERSION=4.32.5

here=$(cd "$(dirname "$0")" && pwd)
folder=${1:?expected: tools/schemathesis.sh FOLDER PROGRAMS [EXAMPLES]}
programs=$(cd "${2:?expected: tools/schemathesis.sh FOLDER PROGRAMS [EXAMPLES]}" && pwd)
examples=${3:-50}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

say() { echo "schemathesis: $*" >&2; }

# Without Python or PyPI there is nothing to compare with; that is said, and no error.
leave_out() {
  say "$*, so the comparison with the OpenAPI description is left out"
  exit 0
}

install() {
  if [[ -x $folder/bin/schemathesis && $(cat "$folder/version" 2>/dev/null) == "$VERSION" ]]; then return; fi
  command -v python3 >/dev/null || leave_out "Python 3 was not found"
  say "installing Schemathesis $VERSION from PyPI (once, some 30 s)"
  rm -rf "$folder"
  python3 -m venv "$folder" || leave_out "Python has no venv"
  "$folder/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$VERSION" ||
    leave_out "Schemathesis could not be installed"
  echo "$VERSION" >"$folder/version"
}

install
work=$(mktemp -d)
server=
stop() {
  if [[ -n $server ]]; then kill "$server" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap stop EXIT
cd "$work"

# Nothing of the caller's own installation.
for variable in $(compgen -e | grep -E '^(CLAVIGER_|DATABASE_URL$|PG)' || true); do unset "$variable"; done
export DATABASE_URL=sqlite://$work/claviger.db

field() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }

"$programs/claviger" organization create --name 'City of Porto' >/dev/null
# The participant of the description's examples.
echo 'correct horse staple gun' |
  "$programs/claviger" participant create --organization-id 1 --nickname ada --email ada@city.example >/dev/null
client=$("$programs/api-client" create --scope public,blogs,system --permission blogs.read,system.tokens.introspect \
  --organization-id 1 --allow-login --allow-impersonate)
CLIENT_ID=$(field id <<<"$client")
CLIENT_SECRET=$(field secret <<<"$client")
export CLIENT_ID CLIENT_SECRET
CLAVIGER_ADDR=127.0.0.1:0 "$programs/claviger" serve >out 2>log &
server=$!
url=
for _ in $(seq 100); do
  url=$(sed -n 's|^claviger: listening on \(http://[^,]*\).*|\1|p' out)
  if [[ -n $url ]]; then break; fi
  sleep 0.1
done
if [[ -z $url ]]; then
  say "the server did not start:"
  cat log >&2
  exit 1
fi
TOKEN=$(curl --silent --show-error --noproxy '*' --user "$CLIENT_ID:$CLIENT_SECRET" \
  --data grant_type=client_credentials "$url/oauth/token" | field access_token)
export TOKEN

NO_PROXY='*' "$folder/bin/schemathesis" --config-file "$here/schemathesis.toml" run "$url/openapi.json" \
  --max-examples "$examples" --no-color
