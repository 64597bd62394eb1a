# greenlight-script: clear-passive-mode-windows v1
# Removes ForceDefenderPassiveMode and waits at most two minutes for Defender to become active. Prints what the value was and is, as one JSON line.
param([string]$Nonce)
$ErrorActionPreference = 'Stop'
$path = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows Advanced Threat Protection'
$name = 'ForceDefenderPassiveMode'

function Get-Current { try { (Get-ItemProperty -Path $path -Name $name -ErrorAction Stop).$name } catch { $null } }
function Get-Mode { try { [string](Get-MpComputerStatus -ErrorAction Stop).AMRunningMode } catch { '' } }

$before = Get-Current
if ($null -ne $before) { Remove-ItemProperty -Path $path -Name $name }

# Defender takes a moment to follow; whether it did is for the probe to say.
$mode = Get-Mode
for ($looks = 1; $mode -ne 'Normal' -and $looks -lt 24; $looks++) {
    Start-Sleep -Seconds 5
    $mode = Get-Mode
}

@{ v = 1; script = 'clear-passive-mode-windows'; nonce = $Nonce; before = $before; after = (Get-Current); mode = $mode } | ConvertTo-Json -Compress
