import { z } from 'zod';
import { expected, list, object, text, whole } from './migration-fields.ts';

const CLASSIFICATIONS = ['Critical', 'Security', 'UpdateRollUp', 'FeaturePack', 'ServicePack', 'Definition', 'Tools', 'Updates'] as const;

const sha256 = (words: string) =>
  z
    .string(expected(words))
    .trim()
    .toLowerCase()
    .regex(/^[0-9a-f]{64}$/, expected(`${words}, 64 hex digits`));

/** What a server can open: a path on a share or a drive, with nothing in it that could end a string of a script. */
const imagePath = z
  .string(expected('the path of a Windows image'))
  .trim()
  .max(260, expected('a path of at most 260 characters'))
  .regex(
    /^(?:[A-Za-z]:|\\\\[A-Za-z0-9._-]+\\[A-Za-z0-9._$ -]+)(?:\\[A-Za-z0-9._() -]+)+\.wim$/i,
    expected('the path of a .wim file on a share or a drive'),
  );

const image = object(
  { path: imagePath, index: whole(1, 99, 'the edition in the image'), sha256: sha256('the SHA-256 of the image') },
  'an image with path, index and sha256',
);

const armId = (words: string, pattern: RegExp) =>
  z.string(expected(words)).trim().max(500, expected(words)).regex(pattern, expected(words));

const identity = object(
  {
    id: armId(
      'the resource id of a user-assigned identity',
      /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[^/]+\/providers\/Microsoft\.ManagedIdentity\/userAssignedIdentities\/[^/]+$/i,
    ),
    location: text('the region of the assignment, such as westeurope', 40),
  },
  'an identity with id and location',
);

/** A name that may stand in an environment variable. */
const secretName = z
  .string(expected('the name of a secret'))
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, expected('the name of a secret, of lower-case letters, digits and hyphens'));

const parameterName = /^[A-Za-z][A-Za-z0-9]{0,39}$/;

const removalScript = object(
  {
    vendor: text('the vendor as the product list names it', 80),
    os: z.enum(['windows', 'linux'], expected('windows or linux')),
    file: text('the path of the removal script, from the folder of this file', 500),
    sha256: sha256('the SHA-256 of the removal script'),
    minutes: whole(1, 90, 'minutes').default(20),
    doneExitCodes: z
      .array(whole(1, 2_147_483_647, 'an exit code'), expected('a list of exit codes'))
      .max(20)
      .default([]),
    secrets: z
      .record(
        z.string().regex(parameterName, expected('the name of a parameter of the script')),
        secretName,
        expected('a secret for each parameter'),
      )
      .default({}),
  },
  'a removal script with vendor, os, file, sha256, minutes, doneExitCodes and secrets',
);

/** What the file says about single actions, under the action's id. */
export const actionsSchema = object(
  {
    'install-defender-feature': object(
      { image: image.optional(), withoutExclusions: text('the reason why it may go before the exclusions').optional() },
      'image and withoutExclusions',
    ).prefault({}),
    'install-updates': object(
      {
        classifications: list(z.enum(CLASSIFICATIONS, expected(`one of ${CLASSIFICATIONS.join(', ')}`)), 'classifications', 8).default([
          'Critical',
          'Security',
          'UpdateRollUp',
          'Definition',
          'Updates',
        ]),
        reboot: z.enum(['IfRequired', 'Never', 'Always'], expected('IfRequired, Never or Always')).default('IfRequired'),
        hours: whole(1, 4, 'hours').default(2),
      },
      'classifications, reboot and hours',
    ).prefault({}),
    'create-exclusion-policy': object({ write: z.boolean(expected('true or false')).default(false) }, 'write').prefault({}),
    'assign-defender-initiative': object(
      {
        identity: identity.optional(),
        exclude: z
          .array(armId('the resource id of a resource group or a machine', /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/.+$/i))
          .max(400, expected('at most 400 entries'))
          .default([]),
        excludePublishers: z.array(text('an image publisher', 200)).max(100).default([]),
        excludeImages: z.array(text('an image id', 500)).max(100).default([]),
        message: text('what people read of a machine that does not comply', 500).default(
          'Defender for Endpoint is not deployed yet; the migration deploys it ring by ring.',
        ),
      },
      'identity, exclude, excludePublishers, excludeImages and message',
    ).prefault({}),
    'remove-third-party': object(
      {
        scripts: z.array(removalScript, expected('a list of removal scripts')).max(50).default([]),
        unprotectedMinutes: whole(5, 480, 'minutes').default(60),
      },
      'scripts and unprotectedMinutes',
    ).prefault({}),
  },
  'what holds for single actions, by their ids',
);

export type ActionsEntry = z.infer<typeof actionsSchema>;
