import { z } from 'zod';

/** The version of the probes whose output is understood. */
export const PROBE_VERSION = 2;
/** The longest line a probe prints, in bytes: Run Command keeps the last 4 KB of an output. */
export const LONGEST_LINE = 3_584;

const text = (longest: number) => z.string().max(longest);
const name = text(60);
const common = {
  v: z.literal(PROBE_VERSION),
  nonce: text(64),
  host: text(64).min(1),
  lastBoot: z.iso.datetime().nullable(),
  sensor: z.enum(['running', 'stopped', 'absent']).nullable(),
};

const thirdParty = <T extends string>(...traces: readonly T[]) =>
  z.array(z.strictObject({ vendor: name.min(1), running: z.boolean(), traces: z.array(z.enum(traces)).min(1).max(traces.length) })).max(40);

const titles = z.array(name).max(100);

/** What `probe-windows` prints. Null where a part is unchecked or there is nothing to say. */
export const windowsProbe = z.strictObject({
  ...common,
  script: z.literal('probe-windows'),
  osBuild: text(20),
  passiveKey: z.union([z.literal(0), z.literal(1), z.null()]),
  onboarded: z.boolean().nullable(),
  disabledByPolicy: z.boolean().nullable(),
  defender: z
    .strictObject({
      mode: text(40),
      antivirusEnabled: z.boolean(),
      realTimeProtection: z.boolean(),
      tamperProtected: z.boolean(),
      signatureAgeDays: z.int().min(0).max(65_534).nullable(),
      version: text(40),
    })
    .nullable(),
  feature: z.enum(['installed', 'available', 'removed']).nullable(),
  reboot: z.array(z.enum(['cbs', 'wu', 'pfro'])).max(3),
  wsus: z.strictObject({ server: text(120).min(1) }).nullable(),
  wsusServer: z
    .strictObject({
      products: titles,
      classifications: titles,
      rules: z
        .array(z.strictObject({ name: text(40), enabled: z.boolean(), products: titles.nullable(), classifications: titles.nullable() }))
        .max(100),
      lastSync: z.iso.datetime().nullable(),
      shortened: z.boolean(),
    })
    .nullable(),
  hotfixes: z.array(z.string().regex(/^KB\d{6,8}$/)).max(40),
  thirdParty: thirdParty('service', 'driver', 'program'),
  unchecked: z
    .array(
      z.enum([
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
    )
    .max(14),
});

/** What `probe-linux` prints. */
export const linuxProbe = z.strictObject({
  ...common,
  script: z.literal('probe-linux'),
  osBuild: name,
  mdatp: z
    .strictObject({
      healthy: z.boolean(),
      licensed: z.boolean(),
      passiveMode: z.boolean(),
      passiveManaged: z.boolean(),
      realTimeProtection: z.boolean(),
      definitions: text(40),
      version: text(40),
      onboarded: z.boolean(),
    })
    .nullable(),
  reboot: z.array(z.enum(['reboot-required', 'needs-restarting', 'needs-rebooting'])).max(1),
  thirdParty: thirdParty('service', 'program', 'files'),
  unchecked: z.array(z.enum(['antivirus', 'os-build', 'last-boot', 'reboot', 'services', 'programs'])).max(6),
});

export const probeOutput = z.discriminatedUnion('script', [windowsProbe, linuxProbe]);
