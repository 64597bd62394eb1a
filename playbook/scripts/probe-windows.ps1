# greenlight-script: probe-windows v2
# Reads, changes nothing. Works on PowerShell 4.0 (Windows Server 2012 R2). Prints one line of JSON in ASCII, at most 3,584 bytes.
# What could not be checked is named in "unchecked"; null and empty lists say nothing about that.
param([string]$Nonce)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

# A 32-bit PowerShell is shown another registry and another System32.
if ([IntPtr]::Size -lt 8) {
    $native = Join-Path $env:SystemRoot 'sysnative\WindowsPowerShell\v1.0\powershell.exe'
    if (-not (Test-Path -LiteralPath $native)) { throw 'There is no 64-bit PowerShell.' }
    & $native -NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File $PSCommandPath -Nonce $Nonce
    exit $LASTEXITCODE
}

$most = 3584
$products = @(
    # table: products
)
$asked = @(
    # table: hotfixes
)
$featureStates = @{
    'Installed' = 'installed'; 'UninstallPending' = 'installed'; 'Available' = 'available'; 'InstallPending' = 'available'; 'Removed' = 'removed'
    'Enabled' = 'installed'; 'Disable Pending' = 'installed'; 'Disabled' = 'available'; 'Enable Pending' = 'available'
    'Disabled with Payload Removed' = 'removed'
}
$unchecked = New-Object System.Collections.ArrayList

# Runs a look at one part; when it fails, the part is noted as unchecked and what it found so far is kept.
function Read-Part([string]$Part, [scriptblock]$Look) {
    try { & $Look } catch { [void]$unchecked.Add($Part) }
}

# Null when the key or the value is not there; fails when it may not be read.
function Get-RegistryValue([string]$Path, [string]$Name) {
    $key = [Microsoft.Win32.Registry]::LocalMachine.OpenSubKey($Path)
    if ($null -eq $key) { return $null }
    try { return $key.GetValue($Name) } finally { $key.Close() }
}

function Test-RegistryKey([string]$Path) {
    $key = [Microsoft.Win32.Registry]::LocalMachine.OpenSubKey($Path)
    if ($null -eq $key) { return $false }
    $key.Close()
    return $true
}

function Get-Text($Value, [int]$Longest) {
    $text = ([string]$Value) -replace '[^\x20-\x7e]', '?'
    if ($text.Length -gt $Longest) { return $text.Substring(0, $Longest) }
    return $text
}

function Test-Name($Names, [string]$Pattern) {
    foreach ($name in $Names) {
        if ([regex]::IsMatch($name, $Pattern, 'IgnoreCase, CultureInvariant')) { return $true }
    }
    return $false
}

function Get-ServiceState([string]$Name) {
    if (-not $services.ContainsKey($Name)) { return 'absent' }
    if ($services[$Name] -eq 'Running') { return 'running' }
    return 'stopped'
}

$build = Read-Part 'os-build' {
    $number = [string](Get-RegistryValue 'SOFTWARE\Microsoft\Windows NT\CurrentVersion' 'CurrentBuildNumber')
    if ($number -notmatch '^\d+$') { throw 'Windows does not say its build.' }
    $number
}
$revision = Read-Part 'os-build' { Get-RegistryValue 'SOFTWARE\Microsoft\Windows NT\CurrentVersion' 'UBR' }
$osBuild = [string]$build
if ($null -ne $build -and $null -ne $revision) { $osBuild = "$build.$revision" }

$lastBoot = Read-Part 'last-boot' {
    $system = Get-WmiObject -Class Win32_OperatingSystem
    $system.ConvertToDateTime($system.LastBootUpTime).ToUniversalTime().ToString('s') + 'Z'
}

$passiveKey = Read-Part 'passive-key' {
    $value = Get-RegistryValue 'SOFTWARE\Policies\Microsoft\Windows Advanced Threat Protection' 'ForceDefenderPassiveMode'
    if ($null -ne $value -and ($value -isnot [int] -or $value -lt 0 -or $value -gt 1)) { throw 'The value is neither 0 nor 1.' }
    $value
}
$onboarded = Read-Part 'onboarding' {
    (Get-RegistryValue 'SOFTWARE\Microsoft\Windows Advanced Threat Protection\Status' 'OnboardingState') -eq 1
}
$disabledByPolicy = Read-Part 'policy' {
    (Get-RegistryValue 'SOFTWARE\Policies\Microsoft\Windows Defender' 'DisableAntiSpyware') -eq 1
}

# One enumeration for all: asked one by one, some services refuse to answer.
$services = @{}
$sensor = Read-Part 'sensor' {
    Add-Type -AssemblyName System.ServiceProcess
    foreach ($service in [System.ServiceProcess.ServiceController]::GetServices()) {
        $services[$service.ServiceName] = [string]$service.Status
    }
    Get-ServiceState 'Sense'
}

$defender = Read-Part 'antivirus' {
    try {
        $mp = Get-MpComputerStatus
    } catch {
        # It has nothing to say where its service is absent or stopped. Where the service runs, silence tells nothing.
        if ((Get-ServiceState 'WinDefend') -ne 'running') { return $null }
        $mp = Get-WmiObject -Namespace 'root\Microsoft\Windows\Defender' -Class MSFT_MpComputerStatus
    }
    if ($mp.AntivirusEnabled -isnot [bool] -or $mp.RealTimeProtectionEnabled -isnot [bool]) { throw 'It does not say whether it is on.' }
    $age = $null
    # The largest number stands for "never".
    if ($null -ne $mp.AntivirusSignatureAge -and $mp.AntivirusSignatureAge -lt 65535) { $age = [int]$mp.AntivirusSignatureAge }
    [ordered]@{
        mode               = Get-Text $mp.AMRunningMode 40
        antivirusEnabled   = $mp.AntivirusEnabled
        realTimeProtection = $mp.RealTimeProtectionEnabled
        tamperProtected    = ($mp.IsTamperProtected -eq $true)
        signatureAgeDays   = $age
        version            = Get-Text $mp.AMProductVersion 40
    }
}

# Before Windows Server 2016 (build 14393) there is no such feature.
$feature = Read-Part 'feature' {
    if ($null -eq $build) { throw 'Without the build nobody knows whether there is one.' }
    if ([int]$build -lt 14393) { return $null }
    $state = $null
    try {
        $found = @{}
        foreach ($one in @(Get-WindowsFeature -Name 'Windows-Defender*')) { $found[$one.Name] = [string]$one.InstallState }
        $state = $found['Windows-Defender']
        if ($null -eq $state) { $state = $found['Windows-Defender-Features'] }
    } catch {
        $state = $null
    }
    if ($null -eq $state) {
        $told = & "$env:SystemRoot\System32\dism.exe" /English /Online /Get-FeatureInfo /FeatureName:Windows-Defender | Out-String
        if ($told -match '(?m)^State : (.+?)\s*$') { $state = $Matches[1] }
    }
    if ($null -eq $state -or -not $featureStates.ContainsKey($state)) { throw 'Neither tells the state of the feature.' }
    $featureStates[$state]
}

$reboot = @(Read-Part 'reboot' {
    if (Test-RegistryKey 'SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending') { 'cbs' }
    if (Test-RegistryKey 'SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired') { 'wu' }
    $renames = @(Get-RegistryValue 'SYSTEM\CurrentControlSet\Control\Session Manager' 'PendingFileRenameOperations' | Where-Object { $_ })
    if ($renames.Count -gt 0) { 'pfro' }
})

$wsus = Read-Part 'wsus' {
    $server = Get-RegistryValue 'SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate' 'WUServer'
    $used = Get-RegistryValue 'SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate\AU' 'UseWUServer'
    if ($used -eq 1 -and $server) { [ordered]@{ server = Get-Text $server 120 } }
}

# Titles, what has to do with Defender first. A rule that names none is for all of them: null.
function Get-Titles($Items) {
    $titles = @($Items | Where-Object { $_ } | ForEach-Object { Get-Text $_.Title 60 })
    @($titles | Where-Object { $_ -like '*Defender*' }) + @($titles | Where-Object { $_ -notlike '*Defender*' })
}

$wsusServer = Read-Part 'wsus-server' {
    if (-not $services.ContainsKey('WsusService')) { return $null }
    $server = Get-WsusServer
    $subscription = $server.GetSubscription()
    $lastSync = $null
    $when = $subscription.LastSynchronizationTime
    if ($null -ne $when -and $when.Year -gt 2000) { $lastSync = $when.ToString('s') + 'Z' }
    $rules = @(foreach ($rule in $server.GetInstallApprovalRules()) {
        $ruleProducts = @(Get-Titles $rule.GetCategories())
        $ruleClasses = @(Get-Titles $rule.GetUpdateClassifications())
        if ($ruleProducts.Count -eq 0) { $ruleProducts = $null }
        if ($ruleClasses.Count -eq 0) { $ruleClasses = $null }
        [ordered]@{ name = Get-Text $rule.Name 40; enabled = [bool]$rule.Enabled; products = $ruleProducts; classifications = $ruleClasses }
    })
    [ordered]@{
        products        = @(Get-Titles $subscription.GetUpdateCategories())
        classifications = @(Get-Titles $subscription.GetUpdateClassifications())
        rules           = $rules
        lastSync        = $lastSync
        shortened       = $false
    }
}

$hotfixes = @(Read-Part 'hotfixes' {
    Get-WmiObject -Class Win32_QuickFixEngineering | Where-Object { $asked -contains $_.HotFixID } | ForEach-Object { $_.HotFixID }
} | Sort-Object -Unique)

$drivers = @(Read-Part 'drivers' {
    $all = @(Get-WmiObject -Class Win32_SystemDriver)
    if ($all.Count -eq 0) { throw 'Windows cannot be without drivers.' }
    $all | ForEach-Object { ([string]$_.PathName) -replace '^.*[\\/]', '' } | Where-Object { $_ }
})
$programs = @(Read-Part 'programs' {
    foreach ($path in 'SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall', 'SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall') {
        $key = [Microsoft.Win32.Registry]::LocalMachine.OpenSubKey($path)
        if ($null -eq $key) { continue }
        foreach ($name in $key.GetSubKeyNames()) {
            $display = [string](Get-RegistryValue "$path\$name" 'DisplayName')
            if ($display) { $display }
        }
        $key.Close()
    }
})
$thirdParty = @(foreach ($product in $products) {
    $own = @($services.Keys | Where-Object { Test-Name $_ $product.services })
    $traces = @(
        if ($own.Count -gt 0) { 'service' }
        if (Test-Name $drivers $product.drivers) { 'driver' }
        if (Test-Name $programs $product.programs) { 'program' }
    )
    if ($traces.Count -gt 0) {
        $running = @($own | Where-Object { $services[$_] -eq 'Running' }).Count -gt 0
        [ordered]@{ vendor = $product.vendor; running = $running; traces = $traces }
    }
})

$facts = [ordered]@{
    v                = 2
    script           = 'probe-windows'
    nonce            = Get-Text $Nonce 64
    host             = Get-Text $env:COMPUTERNAME 63
    osBuild          = Get-Text $osBuild 20
    lastBoot         = $lastBoot
    passiveKey       = $passiveKey
    onboarded        = $onboarded
    disabledByPolicy = $disabledByPolicy
    sensor           = $sensor
    defender         = $defender
    feature          = $feature
    reboot           = $reboot
    wsus             = $wsus
    wsusServer       = $wsusServer
    hotfixes         = $hotfixes
    thirdParty       = $thirdParty
    unchecked        = @($unchecked | Sort-Object -Unique)
}

# What printed nothing is not yet null for ConvertTo-Json before PowerShell 7: it would become {}.
foreach ($key in @($facts.Keys)) {
    if ($null -eq $facts[$key]) { $facts[$key] = $null }
}

function Get-Line { ConvertTo-Json -InputObject $facts -Compress -Depth 6 }

# Leaves out of the WSUS server's lists what no step asks for; a rule stays a rule for some products only.
function Limit-Titles($Titles, [string]$Pattern) {
    if ($null -eq $Titles) { return $null }
    , @($Titles | Where-Object { $_ -match $Pattern })
}
if ((Get-Line).Length -gt $most -and $null -ne $wsusServer) {
    $wanted = 'Defender|Windows Server 2012 R2'
    $kinds = '^(Definition Updates|Updates|Critical Updates|Security Updates|Update Rollups)$'
    $wsusServer.shortened = $true
    $wsusServer.products = Limit-Titles $wsusServer.products $wanted
    $wsusServer.classifications = Limit-Titles $wsusServer.classifications $kinds
    foreach ($rule in $wsusServer.rules) {
        $rule.products = Limit-Titles $rule.products $wanted
        $rule.classifications = Limit-Titles $rule.classifications $kinds
    }
}
if ((Get-Line).Length -gt $most -and $null -ne $wsusServer) {
    $wsusServer.rules = @($wsusServer.rules | Where-Object { $_.enabled -and ($null -eq $_.products -or $_.products.Count -gt 0) })
}
if ((Get-Line).Length -gt $most -and $null -ne $wsusServer) {
    $facts.wsusServer = $null
    $facts.unchecked = @(@($facts.unchecked) + 'wsus-server' | Sort-Object -Unique)
}
$line = Get-Line
if ($line.Length -gt $most) { throw 'What was found does not fit into one line.' }
$line
