#!/bin/sh
# greenlight-script: clear-passive-mode-linux v1
# Switches the passive mode of mdatp off and waits at most two minutes for its real-time protection. The nonce arrives as the environment
# variable Nonce. Prints what passive mode was and is, as one JSON line; null is what mdatp does not tell.
set -u
export LC_ALL=C
PATH=${PATH:-/usr/sbin:/usr/bin:/sbin:/bin}

limit() { timeout -k 5 "$@"; }

# clean LONGEST: the first line of the input without anything that would have to be escaped.
clean() { head -n 1 | tr -cd 'A-Za-z0-9 ._:+/-' | cut -c "1-$1"; }

# truth FIELD: true, false or null, as mdatp tells it. A managed value has " [managed]" after it.
truth() {
  case "$(limit 60 mdatp health --field "$1" 2>/dev/null | head -n 1)" in
    true* | 1*) echo true ;;
    false* | 0*) echo false ;;
    *) echo null ;;
  esac
}

if ! command -v mdatp >/dev/null 2>&1; then
  echo 'mdatp is not installed.' >&2
  exit 1
fi

before=$(truth passive_mode_enabled)
# Its exit codes are not documented, so what it tells afterwards decides.
said=$(limit 120 mdatp config passive-mode --value disabled 2>&1)
after=$(truth passive_mode_enabled)
if [ "$after" != false ]; then
  printf 'mdatp does not leave passive mode: %s\n' "$(printf '%s\n' "$said" | clean 200)" >&2
  exit 1
fi

realtime=$(truth real_time_protection_enabled)
looks=1
while [ "$realtime" != true ] && [ "$looks" -lt 24 ]; do
  sleep 5
  realtime=$(truth real_time_protection_enabled)
  looks=$((looks + 1))
done

printf '{"v":1,"script":"clear-passive-mode-linux","nonce":"%s","before":%s,"after":%s,"realTimeProtection":%s}\n' \
  "$(printf '%s' "${Nonce:-}" | clean 64)" "$before" "$after" "$realtime"
