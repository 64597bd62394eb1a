# greenlight-script: set-passive-mode v1
# State on: sets ForceDefenderPassiveMode to 1. State off: removes the value. Prints what it was and what it is, as one JSON line.
param([string]$State, [string]$Nonce)
$ErrorActionPreference = 'Stop'
$path = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows Advanced Threat Protection'
$name = 'ForceDefenderPassiveMode'

function Get-Current { try { (Get-ItemProperty -Path $path -Name $name -ErrorAction Stop).$name } catch { $null } }

$before = Get-Current
if ($State -eq 'on') {
    if (-not (Test-Path $path)) { New-Item -Path $path -Force | Out-Null }
    New-ItemProperty -Path $path -Name $name -PropertyType DWord -Value 1 -Force | Out-Null
} elseif ($State -eq 'off') {
    if ($null -ne $before) { Remove-ItemProperty -Path $path -Name $name }
} else {
    throw "State must be on or off, not '$State'"
}

@{ v = 1; script = 'set-passive-mode'; nonce = $Nonce; before = $before; after = (Get-Current) } | ConvertTo-Json -Compress
