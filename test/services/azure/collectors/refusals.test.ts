import { refusalsOf } from '../../../../services/azure/refusals.ts';

const MDE = { publisher: 'Microsoft.Azure.AzureDefenderForServers', type: 'MDE.Windows' };
const HANDLER = { publisher: 'microsoft.cplat.core', type: 'RunCommandHandlerWindows' };
const open = { configMode: 'full', extensionsEnabled: 'true', allowList: [], blockList: [] };
const refuses = (over: Partial<Parameters<typeof refusalsOf>[0]>) => refusalsOf({ ...open, ...over }, true);
const neither = { defender: false, runCommand: false };

test.each<[string, Parameters<typeof refuses>[0], ReturnType<typeof refusalsOf>]>([
  ['nothing is set', {}, neither],
  ['nothing is reported', { configMode: '', extensionsEnabled: '', allowList: null, blockList: null }, null],
  ['only the mode is reported', { extensionsEnabled: '', allowList: undefined, blockList: undefined }, neither],
  ['it is in monitor mode', { configMode: 'Monitor' }, { defender: false, runCommand: true }],
  ['extensions are off', { extensionsEnabled: 'False' }, { defender: true, runCommand: true }],
  ['Defender is blocked', { blockList: [MDE] }, { defender: true, runCommand: false }],
  ['Defender for Linux is blocked', { blockList: [{ ...MDE, type: 'MDE.Linux' }] }, neither],
  ['another extension of Defender’s publisher is blocked', { blockList: [{ ...MDE, type: 'Other' }] }, neither],
  ['Defender’s publisher is blocked', { blockList: ['Microsoft.Azure.AzureDefenderForServers'] }, { defender: true, runCommand: false }],
  [
    'the run command handler is blocked',
    { blockList: ['microsoft.cplat.core/runcommandhandlerwindows'] },
    { defender: false, runCommand: true },
  ],
  ['only Defender is allowed', { allowList: [MDE] }, { defender: false, runCommand: true }],
  ['only the handler is allowed', { allowList: [HANDLER] }, { defender: true, runCommand: false }],
  ['both are allowed', { allowList: [MDE, HANDLER] }, neither],
  ['nothing is allowed', { allowList: ['Allow/None'] }, { defender: true, runCommand: true }],
  ['both are allowed and Defender is blocked', { allowList: [MDE, HANDLER], blockList: [MDE] }, { defender: true, runCommand: false }],
  [
    'the list comes as one text',
    { allowList: 'microsoft.azure.azuredefenderforservers/mde.windows,a/b' },
    { defender: false, runCommand: true },
  ],
  ['an empty list comes as a text', { allowList: 'null', blockList: '[]' }, neither],
])('when %s (%j) the machine refuses %j', (_words, controls, refused) => {
  expect(refuses(controls)).toEqual(refused);
});

test('on Linux the entries for Windows do not count', () => {
  expect(refusalsOf({ ...open, blockList: [MDE] }, false)).toEqual(neither);
  expect(refusalsOf({ ...open, blockList: [{ ...MDE, type: 'MDE.Linux' }] }, false)).toEqual({ defender: true, runCommand: false });
});
