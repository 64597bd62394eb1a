import fc from 'fast-check';
import type { ProtectionEvidence, ProtectionKind } from '../../core/engine-sightings.ts';
import { protectionKinds } from '../../core/engine-sightings.ts';
import type { Evidence, EvidenceOf } from '../../core/evidence.ts';
import { evidenceKinds, read, unread } from '../../core/evidence.ts';
import type { DeviceFacts } from '../../core/facts/devices.ts';
import type { AntivirusFacts, GuestFacts } from '../../core/facts/guest.ts';
import { DAY, HOUR, MINUTE } from '../../core/instant.ts';
import { protectionOf } from '../../core/protection.ts';
import { antivirus, deviceFacts, extensionFacts, guestFacts, NOW } from '../support/facts.ts';

const nothing: ProtectionEvidence = {
  guest: unread('nobody has looked yet', 'Request the probe.', 'probe', NOW),
  device: unread('hunting was refused', 'Grant ThreatHunting.Read.All.', 'hunting', NOW),
  'edr-assessment': unread('not read yet', '', 'assessments', NOW),
  'defender-extension': unread('not read yet', '', 'Resource Graph', NOW),
};
const passive = antivirus({ mode: 'Passive Mode', realTimeProtection: false });
const falcon: GuestFacts['thirdParty'][number] = { vendor: 'CrowdStrike', running: true, traces: ['service'] };
const stopped = { ...falcon, running: false };
const probed = (over: Partial<GuestFacts>, at = NOW - MINUTE): ProtectionEvidence => ({
  ...nothing,
  guest: read(guestFacts(over), 'probe', at),
});
const hunted = (over: Parameters<typeof deviceFacts>[0], at = NOW - MINUTE) =>
  read<DeviceFacts>(deviceFacts({ modeSeen: at, ...over }), 'hunting', at);
const stateOf = (evidence: ProtectionEvidence) => protectionOf(evidence, 'vm-1', NOW).state;

describe('the protection state', () => {
  it.each<[string, Partial<GuestFacts>, string]>([
    ['Defender is active alone', { defender: antivirus() }, 'defender'],
    ['another product runs and Defender is passive', { defender: passive, thirdParty: [falcon] }, 'third-party'],
    ['both are at work', { defender: antivirus(), thirdParty: [falcon] }, 'both'],
    ['neither is', { defender: passive, thirdParty: [stopped] }, 'none'],
    ['nothing was detected at all', { defender: null, feature: 'removed', thirdParty: [] }, 'none'],
    ['Defender does not answer and nothing else runs', { defender: null, feature: 'installed' }, 'none'],
    [
      'Linux is not passive and protects in real time',
      { platform: 'linux', feature: null, defender: antivirus({ antivirusEnabled: false }) },
      'defender',
    ],
    ['Linux is passive', { platform: 'linux', feature: null, defender: passive, thirdParty: [falcon] }, 'third-party'],
  ])('when %s', (_words, over, state) => {
    expect(protectionOf(probed(over), 'vm-1', NOW)).toMatchObject({ state, code: 'seen', fix: '', seenAt: NOW - MINUTE });
  });

  it.each<[string, Partial<AntivirusFacts>]>([
    ['passive', { mode: 'Passive Mode' }],
    ['passive beside another product', { mode: 'SxS Passive Mode' }],
    ['in EDR block mode', { mode: 'EDR Block Mode' }],
    ['not running', { mode: 'Not running' }],
    ['on without real-time protection', { realTimeProtection: false }],
    ['disabled', { antivirusEnabled: false }],
    ['in an unheard-of mode without real-time protection', { mode: 'constructor', realTimeProtection: false }],
  ])('does not take Defender for an active engine that is %s', (_words, over) => {
    expect(stateOf(probed({ defender: antivirus(over) }))).toBe('none');
  });

  it.each(['', 'Unknown', 'constructor'])('is unknown where Defender is on in a mode it calls “%s”', (mode) => {
    expect(protectionOf(probed({ defender: antivirus({ mode }) }), 'vm-1', NOW)).toMatchObject({ state: 'unknown', code: 'unclear' });
  });

  it('is unknown where the probe could not look at the services and saw nothing running', () => {
    const blind = { unchecked: ['services'] } as const;
    for (const defender of [passive, antivirus()])
      expect(protectionOf(probed({ ...blind, defender, thirdParty: [stopped] }), 'vm-1', NOW)).toMatchObject({
        state: 'unknown',
        code: 'unchecked',
      });
    expect(stateOf(probed({ ...blind, defender: passive, thirdParty: [falcon] }))).toBe('third-party');
    expect(stateOf(probed({ unchecked: ['drivers', 'programs', 'wsus'], defender: passive }))).toBe('none');
  });

  it('says of none that no active engine was detected, and never that there is none', () => {
    const { because } = protectionOf(probed({ defender: null, feature: 'available' }), 'vm-1', NOW);
    expect(because).toMatch(/no active engine was detected .*cannot be excluded/);
    expect(because).not.toMatch(/absent|unprotected/);
  });

  it('is unknown with the reason and the fix while the probe is unread, whatever others say', () => {
    const others = { device: hunted({ antivirusMode: 'active' }), 'defender-extension': read(extensionFacts(), 'graph', NOW) };
    expect(protectionOf({ ...nothing, ...others }, 'vm-1', NOW)).toMatchObject({
      state: 'unknown',
      code: 'unread',
      because: 'nobody has looked yet',
      fix: 'Request the probe.',
      seenAt: null,
      engines: [
        { engine: 'defender', active: true, kind: 'device' },
        { engine: 'defender', active: null, kind: 'defender-extension' },
      ],
    });
  });

  it('is unknown once the probe is older than its kind allows, and known until then', () => {
    const { maxAge } = evidenceKinds.guest;
    expect(protectionOf(probed({ defender: antivirus() }, NOW - maxAge), 'vm-1', NOW).state).toBe('defender');
    expect(protectionOf(probed({ defender: antivirus() }, NOW - maxAge - 1), 'vm-1', NOW)).toMatchObject({
      state: 'unknown',
      code: 'stale',
      engines: [],
    });
  });

  it('takes nothing from the machine before, when one of that name was made anew', () => {
    expect(protectionOf(probed({ defender: antivirus() }), 'vm-2', NOW)).toMatchObject({
      state: 'unknown',
      code: 'made-anew',
      engines: [],
    });
    expect(protectionOf(probed({ defender: antivirus(), vmId: '' }), null, NOW).state).toBe('defender');
  });

  it('is unknown with both shown when hunting says otherwise of the same moment or a later one', () => {
    const evidence = {
      ...probed({ defender: passive, thirdParty: [falcon] }, NOW - HOUR),
      device: hunted({ antivirusMode: 'active' }, NOW - HOUR),
    };
    expect(protectionOf(evidence, 'vm-1', NOW)).toMatchObject({
      state: 'unknown',
      code: 'disagree',
      fix: expect.stringMatching(/probe/),
      engines: [
        { product: 'Defender Antivirus', active: false, kind: 'guest' },
        { product: 'CrowdStrike', active: true, kind: 'guest' },
        { product: 'Defender Antivirus', active: true, kind: 'device' },
      ],
    });
  });

  it.each<[string, Evidence<DeviceFacts>]>([
    ['says the same', hunted({ antivirusMode: 'passive' })],
    ['was right before the probe', hunted({ antivirusMode: 'active' }, NOW - 2 * MINUTE)],
    ['shows an older mode on a newer look', hunted({ antivirusMode: 'active', modeSeen: NOW - DAY })],
    ['does not say when it saw the mode', hunted({ antivirusMode: 'active', modeSeen: null })],
    ['shows no mode', hunted({ antivirusMode: null })],
    ['found a device by its name alone', hunted({ antivirusMode: 'active', joinedBy: 'name' })],
    ['found no device', read<DeviceFacts>({ found: false }, 'hunting', NOW)],
  ])('stays what the probe saw when hunting %s', (_words, device) => {
    expect(stateOf({ ...probed({ defender: passive, thirdParty: [falcon] }), device })).toBe('third-party');
  });

  it('shows what a scan found on the disk, and does not take it for running', () => {
    const found = read({ assessed: true, code: 'Healthy', cause: '', product: 'Symantec' } as const, 'assessments', NOW);
    const { state, engines } = protectionOf({ ...probed({ defender: passive }), 'edr-assessment': found }, 'vm-1', NOW);
    expect(state).toBe('none');
    expect(engines).toContainEqual(expect.objectContaining({ engine: 'third-party', product: 'Symantec', active: null }));
  });
});

const anyEvidence = <K extends ProtectionKind>(facts: fc.Arbitrary<EvidenceOf[K]>): fc.Arbitrary<Evidence<EvidenceOf[K]>> =>
  fc.oneof(
    fc.record({ value: facts, age: fc.integer({ min: 0, max: 2 * DAY }) }).map(({ value, age }) => read(value, 'some source', NOW - age)),
    fc.constant(unread('not read', '', 'some source', NOW)),
  );
const MODES = ['Normal', 'Passive Mode', 'SxS Passive Mode', 'EDR Block Mode', 'Not running', ''] as const;
const anyAntivirus = fc
  .record({ mode: fc.constantFrom(...MODES), antivirusEnabled: fc.boolean(), realTimeProtection: fc.boolean() })
  .map((over) => antivirus(over));
const anyGuest = fc
  .record({
    platform: fc.constantFrom('windows' as const, 'linux' as const),
    feature: fc.constantFrom('installed' as const, 'removed' as const, null),
    defender: fc.option(anyAntivirus, { nil: null }),
    thirdParty: fc.array(fc.record({ vendor: fc.constantFrom('A', 'B'), running: fc.boolean(), traces: fc.constant([]) }), {
      maxLength: 2,
    }),
    vmId: fc.constantFrom('vm-1', 'vm-2'),
    unchecked: fc.constantFrom<GuestFacts['unchecked']>([], ['services'], ['hotfixes']),
  })
  .map((over) => guestFacts(over));
const anyDevice = fc
  .record({
    antivirusMode: fc.constantFrom('active' as const, 'passive' as const, 'disabled' as const, null),
    modeSeen: fc.option(fc.integer({ min: NOW - 2 * DAY, max: NOW }), { nil: null }),
    joinedBy: fc.constantFrom('resource-id' as const, 'name' as const),
  })
  .map((over) => deviceFacts(over));
const anything = fc.record({
  guest: anyEvidence<'guest'>(anyGuest),
  device: anyEvidence<'device'>(fc.oneof(anyDevice, fc.constant<DeviceFacts>({ found: false }))),
  'edr-assessment': anyEvidence<'edr-assessment'>(
    fc.constantFrom({ assessed: false as const }, { assessed: true as const, code: 'Healthy', cause: '', product: 'Trellix' }),
  ),
  'defender-extension': anyEvidence<'defender-extension'>(fc.constantFrom({ present: false as const }, extensionFacts())),
});

describe('for any evidence', () => {
  it('a known state is exactly what a fresh probe of this machine saw, and no hunting contradicts it', () => {
    fc.assert(
      fc.property(anything, (evidence) => {
        const { state, engines, seenAt } = protectionOf(evidence, 'vm-1', NOW);
        const { guest } = evidence;
        if (state === 'unknown') return expect(seenAt).toBeNull();
        if (guest.state !== 'read') throw new Error('known without a probe');
        expect(guest.value.vmId).toBe('vm-1');
        expect(NOW - guest.observedAt).toBeLessThanOrEqual(evidenceKinds.guest.maxAge);
        const { defender, thirdParty, platform } = guest.value;
        const active = defender?.mode === 'Normal' && defender.realTimeProtection && (platform === 'linux' || defender.antivirusEnabled);
        const others = thirdParty.some(({ running }) => running);
        if (guest.value.unchecked.includes('services')) expect(others).toBe(true);
        expect(state).toBe(active ? (others ? 'both' : 'defender') : others ? 'third-party' : 'none');
        const later = engines.filter(({ kind, active: says, seenAt: at }) => kind === 'device' && says !== null && at >= guest.observedAt);
        const sure = evidence.device.state === 'read' && evidence.device.value.found && evidence.device.value.joinedBy !== 'name';
        if (sure) for (const sighting of later) expect(sighting.active).toBe(active);
      }),
    );
  });

  it('nothing that is unread or too old is shown or counted', () => {
    fc.assert(
      fc.property(anything, (evidence) => {
        const before = protectionOf(evidence, 'vm-1', NOW);
        for (const { kind, seenAt } of before.engines) expect(NOW - seenAt).toBeLessThanOrEqual(evidenceKinds[kind].maxAge);
        const without = (kind: ProtectionKind) => {
          const one = evidence[kind];
          const old = one.state === 'read' && NOW - one.observedAt > evidenceKinds[kind].maxAge;
          return old ? unread('too old', '', 'some source', NOW) : one;
        };
        const fresh = Object.fromEntries(protectionKinds.map((kind) => [kind, without(kind)])) as unknown as ProtectionEvidence;
        const after = protectionOf(fresh, 'vm-1', NOW);
        expect([after.state, after.engines]).toEqual([before.state, before.engines]);
      }),
    );
  });

  it('the scan and the extension change no state', () => {
    fc.assert(
      fc.property(anything, (evidence) => {
        const { 'edr-assessment': scan, 'defender-extension': extension } = nothing;
        const without = protectionOf({ ...evidence, 'edr-assessment': scan, 'defender-extension': extension }, 'vm-1', NOW);
        expect(protectionOf(evidence, 'vm-1', NOW).state).toBe(without.state);
      }),
    );
  });
});
