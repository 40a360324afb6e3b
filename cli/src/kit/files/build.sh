#!/bin/sh
# Builds the functions to where template.yaml looks for them, for deployments without footwork.
set -eu
cd "$(dirname "$0")"
cargo build --release --locked --target-dir target --package @use-case@
mkdir -p target/lambda/@use-case@
cp target/release/@use-case@ target/lambda/@use-case@/bootstrap
