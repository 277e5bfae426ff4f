#!/usr/bin/env bash
# Run once, as root, while Gradescope builds the image from this zip.
#
# Its Ubuntu has an older Python than the kit needs; uv brings one along. Everything
# lies where workers, which are users of their own, can read it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

home=${REELMARK_HOME:-/opt/reelmark}
export UV_PYTHON_INSTALL_DIR=$home/python UV_LINK_MODE=copy

if ! python3 -m pip --version >/dev/null 2>&1; then
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends python3-pip
fi
python3 -m pip install --quiet --require-hashes -r requirements-uv.lock
python3 -m uv venv --quiet --python 3.11 "$home/venv"
python3 -m uv pip install --quiet --python "$home/venv/bin/python" --require-hashes -r requirements.lock
python3 -m uv pip install --quiet --python "$home/venv/bin/python" --no-deps ./reelmark-*.whl
"$home/venv/bin/python" -m compileall -q "$home/venv/lib" || true

# Whoever a worker becomes, it cannot read these.
for folder in coursework/tests/hidden coursework/fixtures/hidden; do
  if [ -d "$folder" ]; then chmod -R go= "$folder"; fi
done
