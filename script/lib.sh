# What setup, run and test share. Sourced, not run. Leaves the shell in the root of the repository.

cd "$(dirname "${BASH_SOURCE[0]}")/.."

# cargo install puts programs here, and a fresh shell may not look there.
PATH="$PATH:${CARGO_HOME:-$HOME/.cargo}/bin"

# Where script/setup installs the Python packages that script/test runs.
readonly CONFORMANCE_VENV=target/conformance/venv
readonly CONFORMANCE_PYTHON=$CONFORMANCE_VENV/bin/python

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "error: $*"
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# Where windows are opened by an X or Wayland server, it has to be there; elsewhere the system always has one.
has_display() {
  [[ "$(uname -s)" != Linux || -n "${DISPLAY:-}" || -n "${WAYLAND_DISPLAY:-}" ]]
}

# step NAME COMMAND...: says what runs and how long it took; a failing command fails the step.
step() {
  local name=$1 started=$SECONDS code=0
  shift
  say "==> $name"
  "$@" || code=$?
  if ((code)); then
    say "==> $name: FAILED after $((SECONDS - started)) s"
  else
    say "==> $name: done in $((SECONDS - started)) s"
  fi
  return "$code"
}

# version_at_least WANTED FOUND
version_at_least() {
  [[ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" == "$1" ]]
}

fingerprint() { cat "$@" | cksum; }

# Everything that the built interface depends on, as one value.
ui_sources_fingerprint() {
  find ui -type f -not -path 'ui/node_modules/*' -not -path 'ui/dist/*' -print0 | sort -z | xargs -0 cksum | cksum
}

# Builds ui/dist if a source changed since the last time; a placeholder page has no assets. The stamp lies outside of ui/dist, which ends up in the program.
build_ui() {
  local stamp=ui/node_modules/.scim-setup-built now
  now=$(ui_sources_fingerprint)
  if [[ -d ui/dist/assets && -f "$stamp" && "$(<"$stamp")" == "$now" ]]; then
    return
  fi
  step "build the interface" npm --prefix ui run build || return
  printf '%s\n' "$now" >"$stamp"
}
