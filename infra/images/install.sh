#!/bin/sh
# Installs the locked packages by `npm ci` or `npm install`, and of them only what runs, in one layer.
set -e
npm "$@" --omit=dev --ignore-scripts
find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete
rm -rf ~/.npm
