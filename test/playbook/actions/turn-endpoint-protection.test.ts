import type { SecuritySettings } from '../../../core/facts/defender.ts';
import { turnEndpointProtectionOff, turnEndpointProtectionOn } from '../../../playbook/actions/turn-endpoint-protection.ts';
import { assignmentFacts, guestFacts, machineFacts, NOW, snapshotOf } from '../../support/facts.ts';

const windows = machineFacts();
const stray = machineFacts({ name: 'srv-02', tags: {} });
const plan = { tier: 'Standard', subPlan: 'P2', extensions: {} } as const;
const settings = (over: Partial<SecuritySettings> = {}): SecuritySettings => ({
  endpointProtection: false,
  unifiedSolution: true,
  includesLinux: true,
  ...over,
});

function targetOf(action: typeof turnEndpointProtectionOn, evidence: Parameters<typeof snapshotOf>[1], machines = [windows, stray]) {
  const snapshot = snapshotOf(machines, { guest: guestFacts({ passiveKey: 1 }), 'defender-plan': plan, ...evidence });
  const found = action.consider(snapshot.subscriptions[0]!, snapshot, NOW);
  if (!found.include) throw new Error(found.because);
  const { id, name } = snapshot.subscriptions[0]!;
  return { ...found.target, blast: action.blastRadius([{ id, name } as never], snapshot) };
}
const changes = (items: readonly { call: { path: string; body: unknown } | null }[]) =>
  items.flatMap(({ call }) => {
    const { properties } = (call?.body ?? {}) as { properties?: { enabled: boolean } };
    return call ? [`${call.path.split('/').at(-1)} ${properties?.enabled}`] : [];
  });

describe('switching endpoint protection on', () => {
  it('reads all three settings back that it wrote', () => {
    const { sequence } = targetOf(turnEndpointProtectionOn, { 'security-settings': settings() });
    expect(changes(sequence)).toEqual(['WDATP true', 'WDATP_UNIFIED_SOLUTION true', 'WDATP_EXCLUDE_LINUX_PUBLIC_PREVIEW false']);
    expect(sequence.at(-1)).toMatchObject({
      expect: [
        { path: 'endpointProtection', equals: true },
        { path: 'unifiedSolution', equals: true },
        { path: 'includesLinux', equals: true },
      ],
    });
  });

  it.each<[string, SecuritySettings, readonly string[]]>([
    [
      'all were off',
      settings({ unifiedSolution: false, includesLinux: false }),
      ['WDATP_EXCLUDE_LINUX_PUBLIC_PREVIEW true', 'WDATP_UNIFIED_SOLUTION false', 'WDATP false'],
    ],
    ['only the setting itself was off', settings(), ['WDATP false']],
    ['it was on, without Linux', settings({ endpointProtection: true, includesLinux: false }), ['WDATP_EXCLUDE_LINUX_PUBLIC_PREVIEW true']],
    ['nothing was listed', settings({ endpointProtection: null, unifiedSolution: null, includesLinux: null }), ['WDATP false']],
  ])('is taken back to what was before where %s', (_words, before, undone) => {
    const { undo } = targetOf(turnEndpointProtectionOn, { 'security-settings': before });
    expect(changes(undo)).toEqual(undone);
    const [last] = undo.slice(-1);
    expect(last?.do === 'prove' && last.expect).toHaveLength(undone.length);
  });

  it('is confirmed a day later by the extension on each machine that could take it', () => {
    const machines = [
      windows,
      { ...stray, status: 'PowerState/deallocated' },
      machineFacts({ name: 'arc-01', kind: 'arc', status: 'Connected', refuses: { defender: true, runCommand: false } }),
    ];
    const { finalCheck } = targetOf(turnEndpointProtectionOn, { 'security-settings': settings() }, machines);
    expect(finalCheck).toMatchObject({
      evidence: 'defender-extension',
      of: [windows.id],
      expect: [{ path: 'state', equals: 'Succeeded' }],
    });
  });

  it.each([
    ['nobody could take it', {}, [{ ...windows, status: 'PowerState/deallocated' }]],
    ['the plan is off, so that nothing is pushed', { 'defender-plan': { ...plan, tier: 'Free' as const } }, [windows]],
  ])('is confirmed by the settings where %s', (_words, evidence, machines) => {
    const { finalCheck } = targetOf(turnEndpointProtectionOn, { 'security-settings': settings(), ...evidence }, machines);
    expect(finalCheck).toMatchObject({ evidence: 'security-settings' });
  });
});

describe('switching endpoint protection off', () => {
  const on = { 'security-settings': settings({ endpointProtection: true }) };
  const root = '/providers/Microsoft.Management/managementGroups/root';
  const turning = assignmentFacts({ name: 'Keep it on', scope: root, does: 'turns-endpoint-protection-on', deploys: [] });

  it('counts the machines that are in no ring', () => {
    expect(targetOf(turnEndpointProtectionOff, on).blast).toBe('ALL 2 MACHINES in corp-prod, 1 of them in no ring of this migration');
    expect(targetOf(turnEndpointProtectionOff, on, [windows]).blast).toBe('ALL 1 MACHINES in corp-prod');
  });

  it('warns of policies that push the extension anyway or turn the setting back on, management groups included', () => {
    const policies = {
      'defender-policies': { assignments: [assignmentFacts(), turning, assignmentFacts({ name: 'Idle', enforcement: 'DoNotEnforce' })] },
    };
    const { blast, found } = targetOf(turnEndpointProtectionOff, { ...on, ...policies });
    const words =
      'whatever the setting says, the extension is pushed by “Server agents”; the setting is turned back on by “Keep it on” of management group root';
    expect(found).toBe(`endpoint protection is on; ${words}`);
    expect(blast).toContain(`(${words})`);
  });

  it('says that it does not know where the policies could not be read', () => {
    expect(targetOf(turnEndpointProtectionOff, on).found).toMatch(/whether policies push the extension is not known/);
  });

  it('is taken back by switching on again, and confirmed by the setting', () => {
    const { undo, finalCheck } = targetOf(turnEndpointProtectionOff, on);
    expect(changes(undo)).toEqual(['WDATP true']);
    expect(finalCheck).toMatchObject({ evidence: 'security-settings', expect: [{ path: 'endpointProtection', equals: false }] });
  });
});
