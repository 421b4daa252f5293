#!/usr/bin/env bash
# Spark runs on Java; the tests of Spark start a local session.
set -euo pipefail

if [ -n "${JAVA_HOME:-}" ] || command -v java >/dev/null; then exit 0; fi

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update && apt-get install -y --no-install-recommends default-jre-headless && exit 0
fi

# No failure here: the other tests are worth running. With CI=true the tests of Spark fail.
echo "Tests of Spark are skipped: there is no Java on PATH; install version 17 or newer (Debian, Ubuntu: 'apt-get install default-jre-headless') and run 'make test-all' again."
