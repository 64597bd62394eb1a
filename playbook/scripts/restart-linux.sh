#!/bin/sh
# greenlight-script: restart-linux v1
# Asks the machine to restart in a minute, so that the answer still gets out. The nonce arrives as the environment variable Nonce.
set -eu
PATH=${PATH:-/usr/sbin:/usr/bin:/sbin:/bin}

shutdown -r +1 'Greenlight restarts this server, as was signed off.' >/dev/null 2>&1
printf '{"v":1,"script":"restart-linux","nonce":"%s"}\n' "${Nonce:-}"
