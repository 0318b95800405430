#!/bin/sh
# Installs the locked production packages with `npm ci` or `npm install` and removes files not needed at run time.
set -e
npm "$@" --omit=dev --ignore-scripts
find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete
rm -rf ~/.npm
