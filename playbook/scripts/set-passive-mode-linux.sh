#!/bin/sh
# greenlight-script: set-passive-mode-linux v1
# Switches the passive mode of mdatp on. Without mdatp there is nothing to do. The nonce arrives as the environment variable Nonce. Prints what
# passive mode was and is, as one JSON line; null is what mdatp does not tell.
set -u
export LC_ALL=C
PATH=${PATH:-/usr/sbin:/usr/bin:/sbin:/bin}

limit() { timeout -k 5 "$@"; }

# clean LONGEST: the first line of the input without anything that would have to be escaped.
clean() { head -n 1 | tr -cd 'A-Za-z0-9 ._:+/-' | cut -c "1-$1"; }

# passive: true, false or null, as mdatp tells it. A managed value has " [managed]" after it.
passive() {
  case "$(limit 60 mdatp health --field passive_mode_enabled 2>/dev/null | head -n 1)" in
    true* | 1*) echo true ;;
    false* | 0*) echo false ;;
    *) echo null ;;
  esac
}

before=null
after=null
if command -v mdatp >/dev/null 2>&1; then
  before=$(passive)
  # Its exit codes are not documented, so what it tells afterwards decides.
  said=$(limit 120 mdatp config passive-mode --value enabled 2>&1)
  after=$(passive)
  if [ "$after" != true ]; then
    printf 'mdatp does not go into passive mode: %s\n' "$(printf '%s\n' "$said" | clean 200)" >&2
    exit 1
  fi
fi

printf '{"v":1,"script":"set-passive-mode-linux","nonce":"%s","before":%s,"after":%s}\n' \
  "$(printf '%s' "${Nonce:-}" | clean 64)" "$before" "$after"
