import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { scripts } from '../../../playbook/scripts/index.ts';
import { mistakes, nodesOf, type PowerShellNode, powerShellParser } from '../../support/powershell.ts';

const windows = [
  scripts.probeWindows,
  scripts.restartWindows,
  scripts.setPassiveMode,
  scripts.installFeatureWindows,
  scripts.clearPassiveModeWindows,
  scripts.makeActiveWindows,
];
const probe = scripts.probeWindows.text;
let parse: Awaited<ReturnType<typeof powerShellParser>>;
beforeAll(async () => {
  parse = await powerShellParser();
});

/** Syntax that came after PowerShell 4.0, by the grammar's own names or by its text. */
const NEWER_NODES = ['class_statement', 'enum_statement', 'pipeline_chain_tail', 'ternary_expression', 'null_coalesce_expression'];
const NEWER_TEXT = [
  /\]::new\(/i,
  /^\s*using\s+(?:namespace|module|assembly)\b/im,
  /\?\?|\?\.|\?\[/,
  /-(?:isplit|ireplace)\b.*\{/i,
  /\$(?:IsWindows|IsLinux|IsCoreCLR|PSStyle)\b/i,
];
/** Commands and parameters that 4.0 does not have, or that do something else there. */
const NEWER_COMMANDS =
  /^(?:Get-ComputerInfo|Get-PnpDevice|Get-LocalUser|New-TemporaryFile|Test-Json|ConvertFrom-SddlString|Get-TimeZone)$/i;
const NEWER_PARAMETERS = /^-(?:AsArray|EscapeHandling|Parallel|Raw|AsHashtable|SkipLast|Top|Bottom)$/i;

/** Why a text is not a script for PowerShell 4.0; empty when it is one. */
function newer(root: PowerShellNode): string[] {
  const text = root.text.replace(/'[^'\n]*'/g, "''");
  return [
    ...nodesOf(root, ...NEWER_NODES).map((node) => node.type),
    ...NEWER_TEXT.filter((expression) => expression.test(text)).map(String),
    ...commands(root).filter((name) => NEWER_COMMANDS.test(name)),
    ...nodesOf(root, 'command_parameter').flatMap((node) => (NEWER_PARAMETERS.test(node.text) ? [node.text] : [])),
  ];
}

function commands(root: PowerShellNode): string[] {
  return nodesOf(root, 'command_name').map((node) => node.text);
}

const AUTOMATIC = [
  '$_',
  '$null',
  '$true',
  '$false',
  '$env:',
  '$LASTEXITCODE',
  '$PSCommandPath',
  '$Matches',
  '$ErrorActionPreference',
  '$ProgressPreference',
];

/** Names that are read and never given a value: a slip of the pen would read as null. */
function neverSet(root: PowerShellNode): string[] {
  const name = (node: PowerShellNode) => node.text.toLowerCase();
  const set = new Set([
    ...nodesOf(root, 'left_assignment_expression').flatMap((node) => nodesOf(node, 'variable').slice(0, 1).map(name)),
    ...nodesOf(root, 'script_parameter').flatMap((node) => nodesOf(node, 'variable').slice(0, 1).map(name)),
    ...nodesOf(root, 'foreach_statement').flatMap((node) => nodesOf(node, 'variable').slice(0, 1).map(name)),
  ]);
  const automatic = AUTOMATIC.map((known) => known.toLowerCase());
  const read = nodesOf(root, 'variable').map(name);
  return [
    ...new Set(
      read.filter(
        (found) => !set.has(found) && !automatic.some((known) => found === known || (known.endsWith(':') && found.startsWith(known))),
      ),
    ),
  ];
}

describe.each(windows)('$id', ({ id, text }) => {
  test('is PowerShell', () => {
    expect(mistakes(parse(text))).toEqual([]);
  });
  test('uses nothing that came after 4.0', () => {
    expect(newer(parse(text))).toEqual([]);
  });
  test('reads no variable that was never set', () => {
    expect(neverSet(parse(text))).toEqual([]);
  });
  test('is ASCII without carriage returns, with its header first, and every statement comes after its parameters', () => {
    expect(text).toMatch(/^[\n\x20-\x7e]*\n$/);
    expect(text).toMatch(new RegExp(String.raw`^# greenlight-script: ${id} v\d+\n(?:#.*\n)*param\(`));
  });
});

test('every file that is PowerShell is one of these scripts', () => {
  const folder = join(require.resolve('../../../playbook/scripts/index.ts'), '..');
  expect(
    readdirSync(folder)
      .filter((name) => name.endsWith('.ps1'))
      .toSorted(),
  ).toEqual(windows.map(({ id }) => `${id}.ps1`).toSorted());
});

describe('the grammar and the checks notice', () => {
  test.each([
    ['a brace that is missing', probe.replace('catch { [void]$unchecked.Add($Part) }', 'catch { [void]$unchecked.Add($Part)')],
    ['a quote that is missing', probe.replace("'probe-windows'", "'probe-windows")],
    ['a bracket too many', probe.replace('$most = 3584', '$most = 3584)')],
    ['an if without its condition', probe.replace('if ([IntPtr]::Size -lt 8) {', 'if {')],
  ])('%s', (_, text) => {
    expect(text).not.toBe(probe);
    expect(mistakes(parse(text))).not.toEqual([]);
  });

  test.each([
    ['a ternary', '$a = $b ? 1 : 2'],
    ['a null-coalescing operator', '$a = $b ?? 2'],
    ['a pipeline chain', 'Get-Item x && Get-Item y'],
    ['a constructor call', '$a = [System.Text.StringBuilder]::new()'],
    ['a class', 'class Thing { [int]$x }'],
    ['an enum', 'enum Thing { One }'],
    ['a later parameter', 'ConvertTo-Json $a -AsArray'],
    ['a later command', 'Get-ComputerInfo'],
  ])('%s', (_, text) => {
    const root = parse(text);
    expect([...mistakes(root), ...newer(root)]).not.toEqual([]);
  });

  test('a slip of the pen', () => {
    expect(neverSet(parse(probe.replace('$passiveKey = Read-Part', '$pasiveKey = Read-Part')))).toEqual(['$passivekey']);
  });
});

describe('the script that clears the key', () => {
  const { text } = scripts.clearPassiveModeWindows;
  const CHANGES = /^(?:Set|New|Remove|Clear|Start|Stop|Restart|Invoke|Add|Copy|Move|Rename)-/i;
  const changing = (script: string) => commands(parse(script)).filter((name) => CHANGES.test(name) && name !== 'Start-Sleep');
  const removed = (script: string) => script.match(/Remove-ItemProperty.*$/m)?.[0] ?? '';

  test('takes away that one value, and does nothing else', () => {
    expect(changing(text)).toEqual(['Remove-ItemProperty']);
    expect(removed(text)).toBe('Remove-ItemProperty -Path $path -Name $name }');
    expect(text).toContain(
      "$path = 'HKLM:\\SOFTWARE\\Policies\\Microsoft\\Windows Advanced Threat Protection'\n$name = 'ForceDefenderPassiveMode'\n",
    );
    expect(changing(`${text}Remove-Item $path\n`)).toEqual(['Remove-ItemProperty', 'Remove-Item']);
  });
  test('takes nothing from outside but the nonce', () => {
    expect(nodesOf(parse(text), 'script_parameter').map((node) => node.text)).toEqual(['[string]$Nonce']);
  });
});

describe('the script that installs the feature', () => {
  const { text, exits } = scripts.installFeatureWindows;
  const dism = (script: string) => [...script.matchAll(/& \$dism (.*)$/gm)].map(([, given]) => given);

  test('has words for every code it ends with, and no words for another', () => {
    const ends = [...text.matchAll(/Exit-With (\d+)/g), ...text.matchAll(/'0x[0-9a-f]{8}' = (\d+)/g), ...text.matchAll(/\$code = (\d+)/g)];
    const codes = new Set(ends.map(([, code]) => String(code)));
    codes.delete('0');
    expect([...codes].toSorted()).toEqual(Object.keys(exits).toSorted());
  });
  test('ends as it began where DISM changed nothing, and restarts nothing by itself', () => {
    expect(dism(text)).toEqual([
      '/English /Online /Get-FeatureInfo "/FeatureName:$Name" | Out-String',
      '/English /Get-ImageInfo "/ImageFile:$Image" "/Index:$Index" | Out-String',
      '$arguments | Out-Null',
    ]);
    expect(text).toContain("$arguments = @('/English', '/Online', '/Quiet', '/NoRestart')");
    expect(text).not.toMatch(/Restart-Computer|shutdown|\/Remove\b|Remove-|Set-|New-Item/i);
  });
  test('looks at the key, the policy and the image before it asks DISM for anything', () => {
    const change = text.indexOf("'/Enable-Feature'");
    for (const look of [
      'ForceDefenderPassiveMode',
      "'DisableAntiSpyware'",
      'RebootPending',
      'ComputeHash($held)',
      'SHA-256 of the image',
    ]) {
      expect(text.indexOf(look)).toBeGreaterThan(0);
      expect(text.indexOf(look)).toBeLessThan(change);
    }
  });
  test('holds the image from its check to the end of its use', () => {
    const [opened, used, closed] = ["[IO.File]::Open($Image, 'Open', 'Read', 'Read')", '& $dism $arguments', '$held.Close()'].map((part) =>
      text.indexOf(part),
    );
    expect(opened).toBeGreaterThan(0);
    expect(used).toBeGreaterThan(opened!);
    expect(closed).toBeGreaterThan(used!);
  });
  test('goes on in 64 bits with everything it was given', () => {
    expect(text).toContain("$given = @('-State', $State, '-Nonce', $Nonce)");
    expect(text).toContain("if ($Image) { $given += @('-Image', $Image, '-Index', $Index, '-Sha256', $Sha256) }");
    expect(text).toContain('-File $PSCommandPath $given\n    exit $LASTEXITCODE');
  });
});

describe('the probe', () => {
  /** Commands it may use: each of them reads. */
  const READS = [
    'Add-Type',
    'ConvertTo-Json',
    'ForEach-Object',
    'Get-MpComputerStatus',
    'Get-WindowsFeature',
    'Get-WmiObject',
    'Get-WsusServer',
    'Join-Path',
    'New-Object',
    'Out-String',
    'Sort-Object',
    'Test-Path',
    'Where-Object',
  ];
  /** Methods it may call on what it reads. */
  const METHODS =
    /^(?:Add|Close|ContainsKey|ConvertToDateTime|GetCategories|GetInstallApprovalRules|GetServices|GetSubKeyNames|GetSubscription|GetUpdateCategories|GetUpdateClassifications|GetValue|IsMatch|OpenSubKey|Substring|ToString|ToUniversalTime)$/;
  const own = (root: PowerShellNode) => nodesOf(root, 'function_name').map((node) => node.text);
  const strangers = (root: PowerShellNode) =>
    [...new Set(commands(root))].filter(
      (name) => ![...READS, ...own(root)].includes(name) && !name.startsWith('$native') && !name.startsWith('"$env:SystemRoot'),
    );

  test('runs only commands that read, and DISM for what they do not tell', () => {
    const root = parse(probe);
    expect(strangers(root)).toEqual([]);
    expect(probe.match(/dism\.exe.*$/m)?.[0]).toMatch(
      /^dism\.exe" \/English \/Online \/Get-FeatureInfo \/FeatureName:Windows-Defender \| Out-String$/,
    );
    expect(probe).not.toMatch(
      /Invoke-|iex\b|-Command\b|-EncodedCommand|\bSet-|\bRemove-|\bNew-Item|\bStart-|\bStop-|\bRestart-|\.SetValue\(|\.Delete/i,
    );
  });
  test('calls only methods that read', () => {
    const methods = (root: PowerShellNode) =>
      nodesOf(root, 'invokation_expression', 'invokation_foreach_expression').flatMap((node) =>
        node.children.flatMap((child) => (child?.type === 'member_name' ? [child.text] : [])),
      );
    const called = methods(parse(probe));
    expect(called.length).toBeGreaterThan(20);
    expect(called.filter((name) => !METHODS.test(name))).toEqual([]);
    expect(methods(parse(`${probe}$key.DeleteSubKey('x')\n`)).filter((name) => !METHODS.test(name))).toEqual(['DeleteSubKey']);
  });
  test('would be noticed if it did more', () => {
    expect(strangers(parse(`${probe}Remove-Item x\n`))).toEqual(['Remove-Item']);
  });

  test('goes on in 64 bits before it looks at anything', () => {
    const relaunch = probe.indexOf('sysnative\\WindowsPowerShell\\v1.0\\powershell.exe');
    expect(relaunch).toBeGreaterThan(0);
    expect(relaunch).toBeLessThan(probe.indexOf('OpenSubKey'));
    expect(probe).toContain('-File $PSCommandPath -Nonce $Nonce\n    exit $LASTEXITCODE');
  });
  test('asks for every part of which the reader knows that it may fail', () => {
    const parts = [...probe.matchAll(/Read-Part '([a-z-]+)'/g)].map(([, part]) => part);
    expect(new Set(parts)).toEqual(
      new Set([
        'passive-key',
        'onboarding',
        'policy',
        'sensor',
        'antivirus',
        'os-build',
        'last-boot',
        'feature',
        'reboot',
        'wsus',
        'wsus-server',
        'hotfixes',
        'drivers',
        'programs',
      ]),
    );
  });
});
