#!/usr/bin/env bash
# Clones what is committed here into an empty folder and runs a command there as on a new machine:
# no node_modules, none of this clone's tools on PATH. Usage: scripts/fresh-clone.sh [COMMAND...]
# (default: npm test). Ends with the command's exit code; KEEP=1 keeps the folder.
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d "${TMPDIR:-/tmp}/telltale fresh.XXXXXX")
clean_up() { if [ -n "${KEEP:-}" ]; then echo "kept: $folder"; else rm -rf "$folder"; fi; }
trap clean_up EXIT

if [ -n "$(git -C "$here" status --porcelain)" ]; then
  echo 'Note: what is not committed is not tested.' >&2
fi
git clone --quiet "$here" "$folder/clone"
cd "$folder/clone"
PATH=$(tr ':' '\n' <<<"$PATH" | grep -v 'node_modules/\.bin' | paste -sd ':' -)
[ $# -gt 0 ] || set -- npm test

SECONDS=0
status=0
"$@" || status=$?
echo "\`$*\` on a fresh clone of $(git rev-parse --short HEAD): exit code $status after $SECONDS s" \
  "(node $(node --version), npm $(npm --version))"
exit "$status"
