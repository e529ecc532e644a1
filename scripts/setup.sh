#!/bin/sh
# Makes .venv from the locked lists: `scripts/setup.sh base` or `scripts/setup.sh test`.
# Finds a Python >= 3.12 itself and says which line to type when something is missing.
set -eu
cd "$(dirname "$0")/.."
lists="requirements/$1.txt"
# Spark's own tests need 480 MB more, and Java to run at all.
if [ "$1" = test ] && command -v java >/dev/null 2>&1; then lists="$lists requirements/spark.txt"; fi
stamp=".venv/stamp-$1"

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info[:2] < (3, 12))' >/dev/null 2>&1
}

find_python() {
    for name in "${PYTHON:-}" python3.13 python3.14 python3.12 python3 \
        "$HOME"/.pyenv/versions/3.1[2-9]*/bin/python "$HOME"/.local/share/uv/python/*/bin/python3; do
        if [ -n "$name" ] && is_new_enough "$name"; then echo "$name"; return; fi
    done
}

named() { for list in $lists; do printf -- '-r %s ' "$list"; done; }

fingerprint=$(cat $lists pyproject.toml scripts/setup.sh | cksum)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$fingerprint" ]; then exit 0; fi
# The longer list holds the shorter one: after `make test`, `make demo` needs nothing more.
if [ "$1" = base ] && [ -f .venv/stamp-test ]; then exec "$0" test; fi

python=$(find_python)
if [ -z "$python" ]; then
    echo "Banso needs Python 3.12 or newer. On Debian/Ubuntu, type:  sudo apt install python3.13 python3.13-venv" >&2
    echo "or name one yourself:  make demo PYTHON=/path/to/python3.13" >&2
    exit 1
fi
if ! "$python" -c 'import venv, ensurepip' >/dev/null 2>&1; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    echo "This Python has no venv module. Type:  sudo apt install python$version-venv" >&2
    exit 1
fi

if ! [ -x .venv/bin/python ] || ! is_new_enough .venv/bin/python; then
    rm -rf .venv
    "$python" -m venv .venv
fi
pip=".venv/bin/python -m pip --disable-pip-version-check --quiet"
echo "Installing ($1) ..."
if $pip install uv 2>/dev/null; then
    .venv/bin/python -m uv --quiet pip install --python .venv/bin/python --require-hashes $(named)
else
    $pip install --require-hashes $(named)
fi
$pip install --no-deps --no-build-isolation --editable .
.venv/bin/python -m banso.config.catalogs compile >/dev/null
echo "$fingerprint" > "$stamp"
