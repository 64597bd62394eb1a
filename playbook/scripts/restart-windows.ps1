# greenlight-script: restart-windows v1
# Asks the machine to restart in a minute, so that the answer still gets out. Prints one JSON line.
param([string]$Nonce)
$ErrorActionPreference = 'Stop'

# p:4:1 notes a planned maintenance of an application in the event log.
& "$env:SystemRoot\System32\shutdown.exe" /r /t 60 /d p:4:1 /c 'Greenlight restarts this server, as was signed off.'
if ($LASTEXITCODE -ne 0) { throw "shutdown.exe ended with exit code $LASTEXITCODE" }

@{ v = 1; script = 'restart-windows'; nonce = $Nonce } | ConvertTo-Json -Compress
