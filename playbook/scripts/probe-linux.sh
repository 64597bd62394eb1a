#!/bin/sh
# greenlight-script: probe-linux v2
# Reads, changes nothing. The nonce arrives as the environment variable Nonce. Prints one line of JSON in ASCII, at most 3,584 bytes.
# What could not be checked is named in "unchecked"; null and empty lists say nothing about that.
set -u
export LC_ALL=C
PATH=${PATH:-/usr/sbin:/usr/bin:/sbin:/bin}
newline='
'

has() { command -v "$1" >/dev/null 2>&1; }

# limit SECONDS COMMAND...: nothing that hangs may keep the probe from printing.
limit() { timeout -k 5 "$@"; }

# clean LONGEST: the first line of the input without anything that would have to be escaped.
clean() { head -n 1 | tr -cd 'A-Za-z0-9 ._:+/-' | cut -c "1-$1"; }

unchecked=''
unclear() {
  case ",$unchecked," in *",\"$1\","*) ;; *) unchecked="$unchecked${unchecked:+,}\"$1\"" ;; esac
}

# ---- systemd: one question for all units, because each takes its time
set -- mdatp
# table: units
asked=$#
for name; do
  set -- "$@" "$name.service"
  shift
done
# Answers come in the order of the names: one block each, empty lines between.
units=$(
  limit 30 systemctl show -p LoadState -p ActiveState -- "$@" 2>/dev/null | awk -v names="$*" '
    BEGIN { RS = ""; FS = "\n"; split(names, name, " ") }
    {
      loaded = active = ""
      for (i = 1; i <= NF; i++) {
        if ($i ~ /^LoadState=./) loaded = substr($i, 11)
        if ($i ~ /^ActiveState=./) active = substr($i, 13)
      }
      if (loaded != "" && active != "") print name[NR], loaded, active
    }'
)
systemd=false
if [ "$(printf '%s\n' "$units" | grep -c .)" -eq "$asked" ]; then systemd=true; else unclear services; fi

# state UNIT: sets loaded and active to what systemd said of it.
state() {
  loaded='' active=''
  $systemd || return 1
  rest=${newline}${units}${newline}
  case "$rest" in *"$newline$1.service "*) ;; *) return 1 ;; esac
  rest=${rest#*"$newline$1.service "}
  rest=${rest%%"$newline"*}
  loaded=${rest% *} active=${rest#* }
}
runs() { case "$active" in active | reloading | activating) return 0 ;; *) return 1 ;; esac; }
there() { [ "$loaded" != not-found ] || runs; }

# ---- Defender
health=''
trim() { said=${1#"${1%%[![:space:]]*}"}; }
# told FIELD: sets said to what mdatp health says of it, as it says it; nothing when it says nothing.
told() {
  said=''
  rest=$newline$health$newline
  case "$rest" in *"$newline$1"[[:space:]:]*) ;; *) return 1 ;; esac
  rest=${rest#*"$newline$1"[[:space:]:]}
  rest=${rest%%"$newline"*}
  trim "$rest"
  trim "${said#:}"
}
# truth FIELD: sets said to true or false; to nothing when it says neither.
truth() {
  told "$1"
  case "${said%% *}" in true | 1) said=true ;; false | 0) said=false ;; *) said='' ;; esac
}
word() { told "$1" && printf '%s\n' "$said" | tr -d '"' | clean 40; }

mdatp=null
healthy='' licensed='' passive='' realtime=''
if has mdatp && has timeout; then
  # Its exit codes are not documented, so what it prints decides.
  health=$(limit 60 mdatp health 2>/dev/null | head -c 65536)
fi
truth healthy && healthy=$said
truth licensed && licensed=$said
truth passive_mode_enabled && passive=$said
truth real_time_protection_enabled && realtime=$said
if [ -n "$healthy" ] && [ -n "$licensed" ] && [ -n "$passive" ] && [ -n "$realtime" ]; then
  managed=false onboarded=false
  told passive_mode_enabled
  case "$said" in *'[managed]'*) managed=true ;; esac
  # Without an organisation it is not onboarded: empty or "unavailable".
  if word org_id | grep -Eq '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$'; then onboarded=true; fi
  mdatp="{\"healthy\":$healthy,\"licensed\":$licensed,\"passiveMode\":$passive,\"passiveManaged\":$managed,\"realTimeProtection\":$realtime"
  mdatp="$mdatp,\"definitions\":\"$(word definitions_status)\",\"version\":\"$(word app_version)\",\"onboarded\":$onboarded}"
fi

service=stopped
if state mdatp; then
  if runs; then
    service=running
  elif [ "$loaded" = not-found ] && ! has mdatp; then
    service=absent
  fi
elif [ "$mdatp" != null ]; then
  service=running
elif ! has mdatp; then
  service=absent
else
  unclear antivirus
fi
# Where its service runs, silence tells nothing.
if [ "$mdatp" = null ] && [ "$service" = running ]; then unclear antivirus; fi

# ---- Restart
reboot=''
if [ -e /var/run/reboot-required ]; then
  reboot='"reboot-required"'
elif has needs-restarting; then
  said=$(limit 120 needs-restarting -r 2>/dev/null) && code=0 || code=$?
  case "$code/$said" in
    0/*) ;;
    1/*'Reboot is required'*) reboot='"needs-restarting"' ;;
    *) unclear reboot ;;
  esac
elif has zypper; then
  limit 120 zypper --non-interactive needs-rebooting >/dev/null 2>&1 && code=0 || code=$?
  case "$code" in 0) ;; 102) reboot='"needs-rebooting"' ;; *) unclear reboot ;; esac
elif [ ! -e /usr/share/update-notifier/notify-reboot-required ] && [ ! -e /etc/kernel/postinst.d/unattended-upgrades ]; then
  # Nobody here would note it.
  unclear reboot
fi

boot=$(sed -n 's/^btime //p' /proc/stat 2>/dev/null | clean 12)
last_boot=null
if [ -n "$boot" ] && at=$(date -u -d "@$boot" +%Y-%m-%dT%H:%M:%SZ 2>/dev/null); then last_boot="\"$at\""; else unclear last-boot; fi
kernel=$(uname -r | clean 60)
[ -n "$kernel" ] || unclear os-build

# ---- Products of other vendors
# A list counts only when its manager ended well.
packages=''
if has dpkg-query; then
  # shellcheck disable=SC2016 # dpkg-query replaces these, not the shell
  listed=$(limit 60 dpkg-query -W -f '${Package} ${db:Status-Abbrev}\n' 2>/dev/null) || listed=''
  # Removed packages whose settings were kept are listed too: their second letter is c.
  packages=$(printf '%s\n' "$listed" | awk '$2 !~ /^.[cn]/ { print $1 }')
fi
if has rpm; then
  listed=$(limit 120 rpm -qa --qf '%{NAME}\n' 2>/dev/null) || listed=''
  packages="$packages$newline$listed"
fi
case "$packages" in *[A-Za-z0-9]*) ;; *) unclear programs ;; esac

third='' vendor='' running=false traces=''
trace() { case ",$traces," in *",\"$1\","*) ;; *) traces="$traces${traces:+,}\"$1\"" ;; esac; }
finish() {
  if [ -n "$traces" ]; then third="$third${third:+,}{\"vendor\":$vendor,\"running\":$running,\"traces\":[$traces]}"; fi
}
product() {
  finish
  vendor=$1 running=false traces=''
}
unit() {
  if state "$1" && there; then
    trace service
    if runs; then running=true; fi
  fi
}
package() {
  case "$newline$packages$newline" in *"$newline$1$newline"*) trace program ;; esac
}
files() {
  if [ -e "$1" ] || [ -L "$1" ]; then trace files; fi
}
# table: products
finish

line=$(printf '{"v":2,"script":"probe-linux","nonce":"%s","host":"%s","osBuild":"%s","lastBoot":%s,"sensor":"%s","mdatp":%s,"reboot":[%s],"thirdParty":[%s],"unchecked":[%s]}' \
  "$(printf '%s' "${Nonce:-}" | clean 64)" "$(uname -n | clean 64)" "$kernel" "$last_boot" "$service" "$mdatp" "$reboot" "$third" "$unchecked")
if [ "${#line}" -gt 3584 ]; then
  echo 'What was found does not fit into one line.' >&2
  exit 1
fi
printf '%s\n' "$line"
