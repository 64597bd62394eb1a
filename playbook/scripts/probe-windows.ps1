# greenlight-script: probe-windows v1
# Reads, changes nothing. Works on PowerShell 4.0 (Windows Server 2012 R2). Prints one JSON line.
param([string]$Nonce)
$ErrorActionPreference = 'Stop'

function Get-Value($Path, $Name) {
    try { (Get-ItemProperty -Path $Path -Name $Name -ErrorAction Stop).$Name } catch { $null }
}

$policy = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows Advanced Threat Protection'
$status = 'HKLM:\SOFTWARE\Microsoft\Windows Advanced Threat Protection\Status'

$defender = $null
try {
    $mp = Get-MpComputerStatus -ErrorAction Stop
    $defender = @{
        feature            = 'Installed'
        mode               = [string]$mp.AMRunningMode
        antivirusEnabled   = [bool]$mp.AntivirusEnabled
        realTimeProtection = [bool]$mp.RealTimeProtectionEnabled
        tamperProtected    = [bool]$mp.IsTamperProtected
        signatureAgeDays   = [int]$mp.AntivirusSignatureAge
    }
} catch { $defender = $null }

$vendors = @{
    'CSFalconService' = 'CrowdStrike'; 'SentinelAgent' = 'SentinelOne'; 'SepMasterService' = 'Symantec'; 'masvc' = 'Trellix'
    'mfemms' = 'Trellix'; 'ds_agent' = 'Trend Micro'; 'ntrtscan' = 'Trend Micro'; 'Sophos MCS Agent' = 'Sophos'
    'CbDefense' = 'Carbon Black'; 'CylanceSvc' = 'Cylance'; 'ekrn' = 'ESET'; 'klnagent' = 'Kaspersky'; 'cyserver' = 'Cortex XDR'
}
$thirdParty = @(Get-Service | Where-Object { $vendors.ContainsKey($_.Name) } | ForEach-Object {
    @{ vendor = $vendors[$_.Name]; service = $_.Name; state = [string]$_.Status }
})

$reboot = (Test-Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending') -or
    (Test-Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired')
$os = Get-WmiObject Win32_OperatingSystem

@{
    v             = 1
    script        = 'probe-windows'
    nonce         = $Nonce
    host          = $env:COMPUTERNAME
    osBuild       = [string]$os.BuildNumber
    lastBoot      = $os.ConvertToDateTime($os.LastBootUpTime).ToUniversalTime().ToString('o')
    passiveKey    = Get-Value $policy 'ForceDefenderPassiveMode'
    onboarded     = ((Get-Value $status 'OnboardingState') -eq 1)
    defender      = $defender
    rebootPending = [bool]$reboot
    thirdParty    = $thirdParty
} | ConvertTo-Json -Compress -Depth 4
