import { z } from 'zod';

const thirdParty = z
  .array(z.object({ vendor: z.string().min(1).max(60), service: z.string().max(100), state: z.string().max(40) }))
  .max(100);
const nonce = z.string();
const host = z.string().min(1).max(255);

/** What `probe-windows` prints. */
export const windowsProbe = z.object({
  v: z.literal(1),
  script: z.literal('probe-windows'),
  nonce,
  host,
  osBuild: z.string(),
  lastBoot: z.string(),
  passiveKey: z.union([z.literal(0), z.literal(1), z.null()]),
  onboarded: z.boolean(),
  defender: z
    .object({
      feature: z.string(),
      mode: z.string().max(60).nullable(),
      antivirusEnabled: z.boolean(),
      realTimeProtection: z.boolean(),
      tamperProtected: z.boolean(),
      signatureAgeDays: z.number(),
    })
    .nullable(),
  rebootPending: z.boolean(),
  thirdParty,
});

/** What `probe-linux` prints. */
export const linuxProbe = z.object({
  v: z.literal(1),
  script: z.literal('probe-linux'),
  nonce,
  host,
  mdatp: z
    .object({
      healthy: z.boolean(),
      passiveMode: z.boolean(),
      realTimeProtection: z.boolean(),
      licensed: z.boolean(),
      definitions: z.string(),
    })
    .nullable(),
  thirdParty,
});

export const probeOutput = z.discriminatedUnion('script', [windowsProbe, linuxProbe]);
