import { requireRunCommands, takesDefender } from '../../../../simulator/azure/machines/reach.ts';
import { offeredUpdates } from '../../../../simulator/azure/machines/update-offers.ts';
import { loadEstate } from '../../../../simulator/estates/load.ts';
import type { Machine } from '../../../../simulator/estates/machine.ts';

const NOW = Date.parse('2026-11-02T09:00:00Z');

function arc(name: string, change: Partial<NonNullable<Machine['arc']>>): Machine {
  const machine = structuredClone(loadEstate('sample', 7, NOW).machines.find((candidate) => candidate.name === name)!);
  Object.assign(machine.arc!, change);
  return machine;
}

describe('an Arc machine', () => {
  test.each([
    ['1.30.02313.991', /has no run commands/],
    ['1.32.9', /has no run commands/],
  ])('with agent %s takes no run command', (agentVersion, words) => {
    expect(() => requireRunCommands(arc('br-aar-01', { agentVersion }))).toThrow(words);
  });
  test.each(['1.33.02399.1419', '1.54.02894.2664', '2.0'])('with agent %s takes run commands', (agentVersion) => {
    expect(() => requireRunCommands(arc('br-aar-01', { agentVersion }))).not.toThrow();
  });

  const mde = { publisher: 'Microsoft.Azure.AzureDefenderForServers', type: 'MDE.Windows' };
  const other = { publisher: 'Microsoft.Azure.Monitor', type: 'AzureMonitorWindowsAgent' };
  test.each([
    ['without lists', {}, true],
    ['with the extension on its block list', { blockList: [mde] }, false],
    ['with an allow list that leaves the extension out', { allowList: [other] }, false],
    ['with an allow list that names the extension', { allowList: [other, mde] }, true],
    ['with extensions switched off', { extensionsEnabled: false }, false],
    ['in monitor mode', { configMode: 'monitor' as const }, false],
  ])('%s: Defender for Cloud may put its extension there: %s', (_, change, may) => {
    expect(takesDefender(arc('br-aar-01', change))).toBe(may);
  });

  test('with 2012 R2 is offered the rollups after October 2023 only with Extended Security Updates', () => {
    const late = (machine: Machine) =>
      offeredUpdates(machine, NOW).filter(({ product, publishedAt }) => product === 'os' && publishedAt > '2023-10-11');
    expect(late(arc('br-aar-04', { esu: 'Assigned' })).length).toBeGreaterThan(0);
    expect(late(arc('br-aar-04', { esu: 'NotAssigned' }))).toEqual([]);
  });
});
