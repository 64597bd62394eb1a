import { exclusionsForDefender } from '../../playbook/exclusions/index.ts';
import { exclusionsOf } from '../../playbook/exclusions/wanted.ts';
import { ASKED_HOTFIXES } from '../../playbook/hotfixes.ts';
import { stepById } from '../../playbook/index.ts';
import { WINDOWS_SERVERS } from '../../playbook/operating-systems.ts';
import { excludes, isKnownVendor } from '../../playbook/platform/exclusion-marks.ts';
import { LAST_ROLLUP, PREREQUISITES } from '../../playbook/platform/known-updates.ts';
import { products } from '../../playbook/products/index.ts';

const linesFor = (os: (typeof WINDOWS_SERVERS)[number] | 'linux') =>
  exclusionsForDefender.filter((list) => list.os.includes(os)).flatMap(({ lines }) => lines);

describe('the lists handed out', () => {
  it('are those of the step that asks for them, for every operating system', () => {
    expect(stepById('third-party-excludes-defender')?.handsOut).toBe(exclusionsForDefender);
    for (const os of [...WINDOWS_SERVERS, 'linux'] as const) expect(linesFor(os).length).toBeGreaterThan(3);
  });

  it('name each thing once, in full', () => {
    for (const { lines } of exclusionsForDefender) {
      expect(new Set(lines).size).toBe(lines.length);
      for (const line of lines) expect(line).toMatch(/^(C:\\|HKLM\\|\/opt\/)\S/);
    }
  });

  it.each(['MsSense.exe', 'MsMpEng.exe', 'MpDefenderCoreService.exe', 'SenseTVM.exe', 'SenseTracer.exe'])(
    'hold %s on Windows',
    (program) => {
      for (const os of WINDOWS_SERVERS) expect(linesFor(os).some((line) => line.endsWith(`\\${program}`))).toBe(true);
    },
  );

  it('hold the folder of the sensor’s own updates where it has some, and only there', () => {
    const updated = (os: (typeof WINDOWS_SERVERS)[number]) => linesFor(os).some((line) => /Threat Protection\\Platform\\/.test(line));
    expect(WINDOWS_SERVERS.filter(updated)).toEqual(['windows-server-2012-r2', 'windows-server-2016']);
  });
});

describe('what the steps look for and what the probe brings', () => {
  it.each(products.map(({ vendor }) => vendor))('knows what an exclusion for %s looks like', (vendor) => {
    expect(isKnownVendor(vendor)).toBe(true);
    expect(excludes(['C:\\Windows\\System32\\notepad.exe'], vendor)).toBe(false);
  });

  it.each(products.map(({ vendor }) => vendor))(
    'knows what Defender is to leave alone of %s, by names that are told from others',
    (vendor) => {
      for (const platform of ['windows', 'linux'] as const) {
        const { paths, processes } = exclusionsOf(vendor, platform)!;
        const entries = [...paths, ...processes];
        expect(excludes(entries, vendor)).toBe(true);
        expect(new Set(entries).size).toBe(entries.length);
        for (const entry of entries) expect(entry).toMatch(platform === 'windows' ? /^C:\\[^"]+[^\\"]$/ : /^\/(?:var\/)?opt\/[^/].*[^/]$/);
        for (const process of processes) expect(process).not.toMatch(/[\\/]\*$/);
      }
    },
  );

  it('asks the probe for every update it counts on', () => {
    for (const kb of [...PREREQUISITES, LAST_ROLLUP.free.kb]) expect(ASKED_HOTFIXES).toContain(kb);
  });
});
