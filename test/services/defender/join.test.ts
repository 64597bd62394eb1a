import fc from 'fast-check';
import type { Join } from '../../../services/defender/join.ts';
import { joinDevices } from '../../../services/defender/join.ts';
import type { JoinableDevice, JoinableMachine } from '../../../services/defender/joinable.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 2, 2);
const VM = '0a0a0a0a-1111-4111-8111-0a0a0a0a0a0a';
const OTHER_VM = '0b0b0b0b-2222-4222-8222-0b0b0b0b0b0b';
const idOf = (name: string, group = 'rg-a') =>
  `/subscriptions/s1/resourcegroups/${group}/providers/microsoft.compute/virtualmachines/${name}`;

function vm(name: string, more: Partial<JoinableMachine> = {}): JoinableMachine {
  return { id: idOf(name), name, kind: 'azure-vm', vmId: VM, fqdn: '', ...more };
}

function arc(name: string, more: Partial<JoinableMachine> = {}): JoinableMachine {
  const id = `/subscriptions/s1/resourcegroups/rg-b/providers/microsoft.hybridcompute/machines/${name}`;
  return { id, name, kind: 'arc', vmId: '0c0c0c0c-3333-4333-8333-0c0c0c0c0c0c', fqdn: `${name}.corp.example`, ...more };
}

function device(digit: number, more: Partial<JoinableDevice> = {}): JoinableDevice {
  return {
    deviceId: String(digit).repeat(40),
    name: 'web1.corp.example',
    resourceId: null,
    vmId: null,
    mergedInto: null,
    setAside: false,
    firstSeen: NOW - 20 * DAY,
    lastSeen: NOW,
    ...more,
  };
}

const joinOf = (machine: JoinableMachine, devices: readonly JoinableDevice[], others: readonly JoinableMachine[] = []) =>
  joinDevices([machine, ...others], devices).get(machine.id);
const joined = (digit: number, by: string) => ({ kind: 'joined', device: { deviceId: String(digit).repeat(40) }, by });
const doubt = (reason: RegExp) => ({ kind: 'doubtful', reason: expect.stringMatching(reason), fix: expect.stringMatching(/\.$/) });
const none = { kind: 'none' };

describe('by resource id', () => {
  test('finds the device whatever it is called, before any namesake', () => {
    const devices = [device(1), device(2, { resourceId: idOf('web1'), name: 'renamed' })];
    expect(joinOf(vm('web1'), devices)).toMatchObject(joined(2, 'resource-id'));
  });

  test('two devices at the same time are an ambiguity that names both and what to do', () => {
    const tied = { resourceId: idOf('web1') };
    expect(joinOf(vm('web1'), [device(1, tied), device(2, tied)])).toEqual(
      doubt(/^2 devices of Defender say at the same time that they are web1 \(11111111…, 22222222…\)$/),
    );
  });

  test('of two lives one after the other the later counts', () => {
    const before = device(1, { resourceId: idOf('web1'), lastSeen: NOW - 3 * DAY });
    const after = device(2, { resourceId: idOf('web1'), firstSeen: NOW - 2 * DAY });
    expect(joinOf(vm('web1'), [before, after])).toMatchObject(joined(2, 'resource-id'));
    expect(joinOf(vm('web1'), [before, { ...after, firstSeen: null }])).toEqual(doubt(/2 devices/));
    // The later one began while the earlier one still reported: two at once, whichever was heard last.
    expect(joinOf(vm('web1'), [before, { ...after, firstSeen: NOW - 4 * DAY }])).toEqual(doubt(/2 devices/));
  });

  test.each([
    ['one that is marked a duplicate or excluded', { setAside: true }],
    ['one that was merged into one nobody lists', { mergedInto: 'e'.repeat(40) }],
  ])('%s gives way to the other', (_name, mark) => {
    const tied = { resourceId: idOf('web1') };
    expect(joinOf(vm('web1'), [device(1, { ...tied, ...mark }), device(2, tied)])).toMatchObject(joined(2, 'resource-id'));
  });

  test('of two the one with this machine’s VM id counts', () => {
    const tied = { resourceId: idOf('web1') };
    expect(joinOf(vm('web1'), [device(1, tied), device(2, { ...tied, vmId: VM })])).toMatchObject(joined(2, 'resource-id'));
  });

  test('a marked one alone is still the device', () => {
    expect(joinOf(vm('web1'), [device(1, { resourceId: idOf('web1'), setAside: true })])).toMatchObject(joined(1, 'resource-id'));
  });

  test('a device with another VM id is from before the machine was made anew, until somebody excludes it', () => {
    const old = device(1, { resourceId: idOf('web1'), vmId: OTHER_VM });
    expect(joinOf(vm('web1'), [old])).toEqual(doubt(/from before the machine was made anew/));
    expect(joinOf(vm('web1'), [{ ...old, setAside: true }])).toEqual(none);
    expect(joinOf(vm('web1'), [old, device(2, { resourceId: idOf('web1'), vmId: VM })])).toMatchObject(joined(2, 'resource-id'));
  });

  test('Arc’s own id says nothing against a device', () => {
    const machine = arc('web1');
    expect(joinOf(machine, [device(1, { resourceId: machine.id, vmId: OTHER_VM })])).toMatchObject(joined(1, 'resource-id'));
  });
});

describe('by VM id', () => {
  test('finds a machine that was moved, or whose device knows no resource', () => {
    expect(joinOf(vm('web1'), [device(1, { vmId: VM, name: 'renamed' })])).toMatchObject(joined(1, 'vm-id'));
    expect(joinOf(vm('web1'), [device(1, { vmId: VM, resourceId: idOf('web1', 'rg-old') })])).toMatchObject(joined(1, 'vm-id'));
  });

  test('two machines with one id, or a device that is another machine’s by its resource, are ambiguous', () => {
    const other = vm('web2');
    expect(joinOf(vm('web1'), [device(1, { vmId: VM })], [other])).toEqual(doubt(/web1 shares its VM id/));
    const elsewhere = vm('web2', { vmId: null });
    expect(joinOf(vm('web1'), [device(1, { vmId: VM, resourceId: elsewhere.id })], [elsewhere])).toEqual(doubt(/another Azure resource/));
  });
});

describe('by name', () => {
  test('finds the only device of the only machine of that name, full or short, in any letter case', () => {
    expect(joinOf(vm('WEB1'), [device(1)])).toMatchObject(joined(1, 'name'));
    expect(joinOf(arc('web1'), [device(1, { name: 'WEB1.Corp.Example.' })])).toMatchObject(joined(1, 'name'));
    expect(joinOf(arc('web1'), [device(1, { name: 'web1' })])).toMatchObject(joined(1, 'name'));
  });

  test('a full name is the whole name', () => {
    expect(joinOf(arc('web1'), [device(1, { name: 'web1.other.example' })])).toEqual(none);
    expect(joinOf(vm('web1'), [device(1, { name: 'web11.corp.example' })])).toEqual(none);
    expect(joinOf(vm('web1'), [device(1, { name: '' })])).toEqual(none);
  });

  test('a machine goes by its full name where Azure knows it, not by its resource’s', () => {
    const machine = arc('resource-7', { fqdn: 'web1.corp.example' });
    expect(joinOf(machine, [device(1)])).toMatchObject(joined(1, 'name'));
    expect(joinOf(machine, [device(1, { name: 'resource-7' })])).toEqual(none);
  });

  test('Windows cuts a host name at 15 characters', () => {
    expect(joinOf(vm('corp-production-web1'), [device(1, { name: 'corp-production' })])).toMatchObject(joined(1, 'name'));
    expect(
      joinOf(vm('corp-production-web1'), [device(1, { name: 'corp-production' })], [vm('corp-production-web2', { vmId: null })]),
    ).toEqual(doubt(/2 machines of the migration are called/));
  });

  test('two devices of one name are an ambiguity, as long as none is marked', () => {
    const answer = doubt(/^2 devices of Defender are called web1 \(11111111…, 22222222…\)/);
    expect(joinOf(vm('web1'), [device(1), device(2)])).toEqual(answer);
    // A name is no proof that one came after the other.
    expect(joinOf(vm('web1'), [device(1, { lastSeen: NOW - 9 * DAY }), device(2, { firstSeen: NOW - DAY })])).toEqual(answer);
    expect(joinOf(vm('web1'), [device(1, { setAside: true }), device(2)])).toMatchObject(joined(2, 'name'));
    expect(joinOf(vm('web1'), [device(1, { setAside: true })])).toEqual(doubt(/marked as a duplicate/));
  });

  test('two machines of one name are an ambiguity, also when one of them has a device of its own', () => {
    const [first, second] = [vm('web1'), vm('web1', { id: idOf('web1', 'rg-b'), vmId: OTHER_VM })];
    expect(joinOf(first, [device(1)], [second])).toEqual(doubt(/^2 machines of the migration are called web1/));
    expect(joinOf(first, [device(1), device(2, { resourceId: second.id })], [second])).toEqual(doubt(/2 machines/));
    expect(joinOf(first, [device(2, { resourceId: second.id })], [second])).toEqual(none);
  });

  test('a device that says it is elsewhere is nobody’s here for certain, and surely not when both ids say so', () => {
    const elsewhere = idOf('web1', 'rg-elsewhere');
    expect(joinOf(vm('web1'), [device(1, { resourceId: elsewhere })])).toEqual(doubt(/another Azure resource/));
    expect(joinOf(vm('web1'), [device(1, { vmId: OTHER_VM })])).toEqual(doubt(/made anew/));
    expect(joinOf(vm('web1'), [device(1, { resourceId: elsewhere, vmId: OTHER_VM })])).toEqual(none);
    expect(joinOf(vm('web1'), [device(1, { resourceId: elsewhere, vmId: OTHER_VM }), device(2)])).toMatchObject(joined(2, 'name'));
  });
});

describe('merged devices', () => {
  test('are left out when the one they became is listed, over any number of steps', () => {
    const chain = [device(1, { mergedInto: '2'.repeat(40) }), device(2, { mergedInto: '3'.repeat(40) }), device(3)];
    expect(joinOf(vm('web1'), chain)).toMatchObject(joined(3, 'name'));
  });

  test('that lead nowhere, or in a circle, are nobody’s for certain', () => {
    expect(joinOf(vm('web1'), [device(1, { mergedInto: 'e'.repeat(40) })])).toEqual(doubt(/merged into one that Defender does not list/));
    const circle = [device(1, { mergedInto: '2'.repeat(40) }), device(2, { mergedInto: '1'.repeat(40) })];
    expect(joinOf(vm('web1'), circle)).toEqual(doubt(/2 devices/));
    expect(joinOf(vm('web1'), [device(1, { mergedInto: '1'.repeat(40) })])).toMatchObject(joined(1, 'name'));
  });
});

test('what Defender calls an id is not repeated when it is none', () => {
  const devices = [device(1, { deviceId: '**bold**' }), device(2)];
  expect(joinOf(vm('web1'), devices)).toEqual(doubt(/\(22222222…, \?\)/));
});

test('a fleet whose long names begin alike is joined, name by name', () => {
  const names = Array.from({ length: 5_000 }, (_, index) => `corp-production-server-${index}`);
  const fleet = names.map((name, index) => vm(name, { vmId: `vm-${index}` }));
  const devices = names.map((name, index) => device(0, { deviceId: `d${index}`, name: `${name}.corp.example` }));
  const cut = device(1, { name: 'corp-production' });
  const map = joinDevices(fleet, devices);
  expect([...map.values()].every((join, index) => join.kind === 'joined' && join.device === devices[index])).toBe(true);
  expect([...joinDevices(fleet, [cut]).values()].every(({ kind }) => kind === 'doubtful')).toBe(true);
});

describe('of any lists', () => {
  const names = ['web1', 'web1.corp.example', 'web2', 'WEB1', 'corp-production-a', 'corp-production-b', 'corp-production', ''];
  const groups = ['rg-a', 'rg-b'];
  const vmIds = [VM, OTHER_VM, null];
  const machines = fc.uniqueArray(
    fc.record({
      name: fc.constantFrom(...names.filter((name) => name !== '' && !name.includes('.'))),
      group: fc.constantFrom(...groups),
      kind: fc.constantFrom('azure-vm' as const, 'arc' as const),
      vmId: fc.constantFrom(...vmIds),
      fqdn: fc.constantFrom('', 'web1.corp.example', 'web2.corp.example'),
    }),
    { maxLength: 5, selector: ({ name, group }) => idOf(name.toLowerCase(), group) },
  );
  const instants = fc.constantFrom(null, NOW - 9 * DAY, NOW - 5 * DAY, NOW);
  const digits = fc.integer({ min: 1, max: 6 });
  const devices = fc.uniqueArray(
    fc.record({
      digit: digits,
      name: fc.constantFrom(...names),
      at: fc.option(fc.record({ name: fc.constantFrom('web1', 'web2'), group: fc.constantFrom(...groups) }), { nil: null }),
      vmId: fc.constantFrom(...vmIds),
      merged: fc.option(digits, { nil: null, freq: 4 }),
      setAside: fc.boolean(),
      firstSeen: instants,
      lastSeen: instants,
    }),
    { maxLength: 6, selector: ({ digit }) => digit },
  );
  const world = fc.record({ machines, devices }).map(({ machines: ours, devices: theirs }) => ({
    machines: ours.map(({ group, ...rest }): JoinableMachine => ({ id: idOf(rest.name.toLowerCase(), group), ...rest })),
    devices: theirs.map(({ digit, at, merged, ...rest }) =>
      device(digit, {
        ...rest,
        resourceId: at && idOf(at.name, at.group),
        mergedInto: merged === null ? null : String(merged).repeat(40),
      }),
    ),
  }));
  type Answer = Join<JoinableDevice>;
  const told = (map: ReadonlyMap<string, Answer>) => [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const holds = (
    test: (machines: readonly JoinableMachine[], devices: readonly JoinableDevice[], map: ReadonlyMap<string, Answer>) => void,
  ) =>
    fc.assert(
      fc.property(world, ({ machines: ours, devices: theirs }) => test(ours, theirs, joinDevices(ours, theirs))),
      { numRuns: 2_000 },
    );

  test('every machine has an answer, and no device is two machines’', () => {
    holds((ours, _theirs, map) => {
      expect([...map.keys()].toSorted()).toEqual(ours.map(({ id }) => id).toSorted());
      const taken = [...map.values()].flatMap((join) => (join.kind === 'joined' ? [join.device.deviceId] : []));
      expect(new Set(taken).size).toBe(taken.length);
    });
  });

  test('the order of the lists does not matter', () => {
    holds((ours, theirs, map) => expect(told(joinDevices(ours.toReversed(), theirs.toReversed()))).toEqual(told(map)));
  });

  test('a device is joined by what it bears, and never by a name when an id ties it to another machine or speaks against this one', () => {
    holds((ours, _theirs, map) => {
      for (const machine of ours) {
        const join = map.get(machine.id);
        if (join?.kind !== 'joined') continue;
        const { device: found, by } = join;
        if (by === 'resource-id') expect(found.resourceId).toBe(machine.id);
        if (by === 'vm-id') expect(found.vmId).toBe(machine.vmId);
        if (by !== 'resource-id') expect(ours.map(({ id }) => id)).not.toContain(found.resourceId);
        if (by === 'name')
          expect([found.resourceId, machine.kind === 'azure-vm' && machine.vmId ? found.vmId : null]).toEqual([null, null]);
      }
    });
  });

  test('a device that was merged away is nobody’s', () => {
    holds((_ours, _theirs, map) => {
      for (const join of map.values()) if (join.kind === 'joined') expect([null, join.device.deviceId]).toContain(join.device.mergedInto);
    });
  });

  test('"none" is said of no machine that a present device bears the resource id of, unless it is another’s for certain', () => {
    holds((ours, theirs, map) => {
      for (const machine of ours.filter(({ id }) => map.get(id)?.kind === 'none')) {
        const bearers = theirs.filter(
          ({ resourceId, mergedInto, deviceId }) => resourceId === machine.id && (mergedInto ?? deviceId) === deviceId,
        );
        for (const bearer of bearers) expect([bearer.setAside, bearer.vmId !== machine.vmId]).toEqual([true, true]);
      }
    });
  });

  test('a second namesake takes a join by name away', () => {
    const namesake = device(9, { name: 'web1.corp.example' });
    holds((ours, theirs, map) => {
      const after = joinDevices(ours, [...theirs, namesake]);
      for (const machine of ours) {
        const before = map.get(machine.id);
        if (before?.kind !== 'joined' || before.by !== 'name' || joinOf(machine, [namesake])?.kind !== 'joined') continue;
        expect(after.get(machine.id)).toMatchObject({ kind: 'doubtful' });
      }
    });
  });
});
