# greenlight-script: make-active-windows v1
# Brings a server back under exactly one engine. While a service of another product runs, that product protects it, and nothing is changed.
# Otherwise ForceDefenderPassiveMode is removed, and Defender has at most two minutes to become active. Prints what it found, as one JSON line.
param([string]$Nonce)
$ErrorActionPreference = 'Stop'
$path = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows Advanced Threat Protection'
$name = 'ForceDefenderPassiveMode'
$products = @(
    # table: products
)

function Get-Current { try { (Get-ItemProperty -Path $path -Name $name -ErrorAction Stop).$name } catch { $null } }
function Get-Mode { try { [string](Get-MpComputerStatus -ErrorAction Stop).AMRunningMode } catch { '' } }

Add-Type -AssemblyName System.ServiceProcess
$running = @([System.ServiceProcess.ServiceController]::GetServices() | Where-Object { [string]$_.Status -eq 'Running' } | ForEach-Object { $_.ServiceName })
$found = @(foreach ($product in $products) {
    $own = @($running | Where-Object { [regex]::IsMatch($_, $product.services, 'IgnoreCase, CultureInvariant') })
    if ($own.Count -gt 0) { $product.vendor }
})

$before = Get-Current
$mode = Get-Mode
if ($found.Count -eq 0) {
    if ($null -ne $before) { Remove-ItemProperty -Path $path -Name $name }
    # Defender takes a moment to follow; whether it did is for the probe to say.
    $mode = Get-Mode
    for ($looks = 1; $mode -ne 'Normal' -and $looks -lt 24; $looks++) {
        Start-Sleep -Seconds 5
        $mode = Get-Mode
    }
}

@{ v = 1; script = 'make-active-windows'; nonce = $Nonce; running = $found; before = $before; after = (Get-Current); mode = $mode } | ConvertTo-Json -Compress
