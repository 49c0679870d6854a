#!/bin/sh
# Makes the dump of a release: make.sh SAK-AGENT FOLDER, with that release's own program. Needs sqlite3.
set -e
agent=$1
here=$(cd "$(dirname "$0")" && pwd)
data=$(mktemp -d)
trap 'rm -rf "$data"' EXIT
sak() { (cd "$data" && "$agent" "$@" --Agent:DataFolder="$data" --Shop:Currency=INR); }
sql() { sqlite3 -bail "$data"/shop.db "$@"; }

sak catalog import "$here/catalog.csv"
sak prices import "$here/prices.csv"
sql < "$here/sold.sql"
# Nobody listens there: the batch is closed, sent, and waits for its answer.
(cd "$data" && "$agent" sync --Agent:DataFolder="$data" --Shop:Currency=INR --Cloud:Address=http://127.0.0.1:9 --Cloud:Key=none) || true
sql < "$here/afterwards.sql"
sql "SELECT 'waiting: ' || count(*) FROM push_batch" | grep -q 'waiting: 1'

mkdir -p "$here/$2"
{ sql .dump; echo "PRAGMA user_version = $(sql 'PRAGMA user_version');"; } > "$here/$2/shop.sql"
