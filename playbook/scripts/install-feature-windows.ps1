# greenlight-script: install-feature-windows v1
# State on: installs the feature of Defender Antivirus, from an image where one is given. State off: takes it off and leaves its files there.
# It restarts nothing. Prints one JSON line; the exit code is its own, the same on every system, with DISM's beside it.
param([string]$State, [string]$Image, [string]$Index, [string]$Sha256, [string]$Nonce)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

# A 32-bit PowerShell is shown another registry and another System32.
if ([IntPtr]::Size -lt 8) {
    $native = Join-Path $env:SystemRoot 'sysnative\WindowsPowerShell\v1.0\powershell.exe'
    if (-not (Test-Path -LiteralPath $native)) { throw 'There is no 64-bit PowerShell.' }
    $given = @('-State', $State, '-Nonce', $Nonce)
    if ($Image) { $given += @('-Image', $Image, '-Index', $Index, '-Sha256', $Sha256) }
    & $native -NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File $PSCommandPath $given
    exit $LASTEXITCODE
}
if ($State -ne 'on' -and $State -ne 'off') { throw "State must be on or off, not '$State'" }

$dism = Join-Path $env:SystemRoot 'System32\dism.exe'
$mde = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows Advanced Threat Protection'
$policy = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows Defender'
$windows = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion'
$pending = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending'

function Get-Value([string]$Path, [string]$Name) { try { (Get-ItemProperty -Path $Path -Name $Name -ErrorAction Stop).$Name } catch { $null } }

# Enabled, Disabled, Enable Pending and the like; null where there is no such feature.
function Get-State([string]$Name) {
    $told = & $dism /English /Online /Get-FeatureInfo "/FeatureName:$Name" | Out-String
    if ($told -match '(?m)^State : (.+?)\s*$') { $Matches[1] }
}

function Exit-With([int]$Code, [string]$Because, [string]$Told) {
    if ($Because) { [Console]::Error.WriteLine($Because) }
    [ordered]@{ v = 1; script = 'install-feature-windows'; nonce = $Nonce; state = $State; code = $Code; dism = $Told } | ConvertTo-Json -Compress
    exit $Code
}

# Before Windows Server 2016 (build 14393) there is no such feature; from 2019 (17763) on one holds it all. A Server Core has no interface to it.
$build = [int](Get-Value $windows 'CurrentBuildNumber')
$names = @('Windows-Defender')
if ($build -lt 17763) { $names = @('Windows-Defender-Features', 'Windows-Defender', 'Windows-Defender-Gui') }
if ($build -lt 14393) { $names = @() }
$states = @{}
foreach ($name in $names) {
    $found = Get-State $name
    if ($found) { $states[$name] = $found }
}
$features = @($names | Where-Object { $states.ContainsKey($_) })
if ($features.Count -eq 0) { Exit-With 28 'Windows knows no feature of Defender Antivirus.' '' }

$before = @($features | ForEach-Object { $states[$_] })
$reached = '^Disable'
if ($State -eq 'on') { $reached = '^Enable' }
if (@($before | Where-Object { $_ -notmatch $reached }).Count -eq 0) {
    if (@($before | Where-Object { $_ -match 'Pending' }).Count -gt 0) { Exit-With 3010 '' '' }
    Exit-With 0 '' ''
}
if (Test-Path $pending) { Exit-With 23 'Windows waits for a restart.' '' }

$held = $null
if ($State -eq 'on') {
    if ((Get-Value $mde 'ForceDefenderPassiveMode') -ne 1) { Exit-With 30 'ForceDefenderPassiveMode is not 1.' '' }
    if ($build -lt 17763 -and (Get-Value $policy 'DisableAntiSpyware') -eq 1) { Exit-With 24 'DisableAntiSpyware is 1.' '' }
    if ($Image) {
        if ($Image -notmatch '\.wim$' -or $Index -notmatch '^[1-9][0-9]?$' -or $Sha256 -notmatch '^[0-9a-f]{64}$') { throw 'The image is not named in full.' }
        # Held open for reading until the end, so that nobody exchanges the file between the look at it and its use.
        try { $held = [IO.File]::Open($Image, 'Open', 'Read', 'Read') } catch { Exit-With 25 "The image cannot be opened: $($_.Exception.Message)" '' }
        $hash = New-Object System.Security.Cryptography.SHA256CryptoServiceProvider
        $is = [BitConverter]::ToString($hash.ComputeHash($held)).Replace('-', '').ToLower()
        if ($is -ne $Sha256) { Exit-With 26 "The SHA-256 of the image is $is." '' }
        $told = & $dism /English /Get-ImageInfo "/ImageFile:$Image" "/Index:$Index" | Out-String
        if ($told -match '(?m)^Version : \d+\.\d+\.(\d+)' -and [int]$Matches[1] -ne $build) {
            Exit-With 27 "The image is of build $($Matches[1]), and the server of build $build." ''
        }
    }
}

$arguments = @('/English', '/Online', '/Quiet', '/NoRestart')
if ($State -eq 'on') {
    $arguments += '/Enable-Feature'
    $arguments += @($features | ForEach-Object { "/FeatureName:$_" })
    if ($held) { $arguments += @(('/Source:wim:{0}:{1}' -f $Image, $Index), '/LimitAccess') }
} else {
    $arguments += '/Disable-Feature'
    $arguments += @($features[($features.Count - 1)..0] | ForEach-Object { "/FeatureName:$_" })
}
& $dism $arguments | Out-Null
$told = '0x{0:x8}' -f $LASTEXITCODE
if ($held) { $held.Close() }

# DISM ends with a Windows error code: 3010 as it is, others as an HRESULT, which a shell shows as a negative number.
$own = @{
    '0x00000000' = 0; '0x00000bc2' = 3010
    '0x800f081f' = 20; '0x800f0906' = 20
    '0x800f0907' = 21; '0x800f0954' = 21
    '0x00003701' = 22; '0x80073701' = 22; '0x80073712' = 22
    '0x800f082f' = 23; '0x800f080c' = 28
}
$code = 29
if ($own.ContainsKey($told)) { $code = $own[$told] }
if ($code -eq 20 -and $held) { $code = 27 }
if ($code -eq 0 -or $code -eq 3010) { Exit-With $code '' $told }
Exit-With $code "DISM ended with $told." $told
