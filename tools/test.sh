#!/usr/bin/env bash
# Run one part of the test suite: sqlite, postgres, pure or browser.
#
# What is not installed here is left out with a sentence that says so; with REQUIRE_ALL_TESTS
# set, leaving anything out is a failure.
set -uo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}
# What Python compiles is kept, or each process that a test starts compiles all of it again.
unset PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX="${PYTHONPYCACHEPREFIX:-$PWD/.cache/bytecode}"
# Each worker takes a run of neighbours, so that what a file prepares is prepared once; who is done
# early helps the others.
shared=(-n auto --dist worksteal)

leave_out() {
  if [ -n "${REQUIRE_ALL_TESTS:-}" ]; then
    echo "FAILED: $1 REQUIRE_ALL_TESTS is set, so this counts as a failure." >&2
    exit 1
  fi
  echo "SKIPPED: $1"
  exit 0
}

case "$1" in
sqlite)
  # Everything but the browser, and but the tests that only PostgreSQL can answer.
  env -u TEST_DATABASE_URL "$python" -m pytest "${shared[@]}" -m "not browser and not postgres"
  ;;
postgres)
  # The tests of the source itself do not touch a database; once is enough for them.
  suite=("$python" -m pytest "${shared[@]}" -m "not browser and not slow and not sqlite" --ignore tests/architecture --ignore tests/chorus tests tests/architecture/test_foundation.py)
  if [ -n "${TEST_DATABASE_URL:-}" ]; then
    "${suite[@]}"
    exit
  fi
  tools/postgres.sh "${suite[@]}"
  status=$?
  [ $status = 77 ] && leave_out "the tests on PostgreSQL did not run, because no server could be started here without help."
  exit $status
  ;;
pure)
  # chorus must work where Django was never installed; here Django cannot be found.
  "$python" tools/without_django.py
  ;;
browser)
  ls tests/browser/test_*.py >/dev/null 2>&1 || leave_out "there are no browser tests."
  "$python" - <<'PY' || leave_out "the browser tests did not run, because Chromium is not installed here (Debian: apt-get install chromium)."
import sys
from tests.browser.chromium import path_to_chromium
sys.exit(path_to_chromium() is None)
PY
  env -u TEST_DATABASE_URL "$python" -m pytest -m browser tests/browser
  ;;
*)
  echo "Say sqlite, postgres, pure or browser." >&2
  exit 2
  ;;
esac
