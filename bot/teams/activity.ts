import { z } from 'zod';

// Only what the bot uses is kept; sizes are those Teams keeps to, with room.
const id = z.string().min(1).max(1_000);
const account = z.object({
  id: id.optional(),
  name: z.string().max(1_000).optional().catch(undefined),
  aadObjectId: z.unknown().optional(),
  role: z.unknown().optional(),
});
const named = z.object({ id: id.optional(), aadGroupId: id.optional() });

const schema = z.object({
  type: z.string().min(1).max(100),
  id: id.optional(),
  channelId: z.string().max(100),
  serviceUrl: z.string().min(1).max(500),
  from: account,
  recipient: account.optional(),
  conversation: z.object({ id, tenantId: z.unknown().optional(), conversationType: z.string().max(100).optional() }),
  channelData: z.object({
    tenant: z.object({ id: z.unknown() }),
    team: named.nullish(),
    channel: named.nullish(),
    teamsTeamId: id.nullish(),
    teamsChannelId: id.nullish(),
  }),
  replyToId: id.nullish(),
  name: z.string().max(200).nullish(),
  text: z.string().nullish(),
  entities: z.array(z.unknown()).max(500).nullish(),
  value: z.unknown().optional(),
});

/** An activity as the guard lets it through: known fields only, still nothing but claims. */
export type InboundActivity = z.infer<typeof schema>;

export function readActivity(body: unknown): InboundActivity | null {
  const read = schema.safeParse(body);
  return read.success ? read.data : null;
}

/** What a person's account in an activity may tell. */
export type InboundAccount = InboundActivity['from'];
