import { z } from 'zod';

const after = z.literal(true).optional();

/** What can go wrong, by kind. Times in real ms; a lag in virtual seconds. */
export const FAULT_KINDS = {
  /** An error status; `retryAfter` in seconds, no header without it. */
  status: z.strictObject({
    status: z.number().int().min(400).max(599),
    retryAfter: z.number().min(0).optional(),
    code: z.string().optional(),
    message: z.string().optional(),
    after: z.boolean().optional(),
  }),
  /** A slow answer; `late` = the request takes effect at once and only the answer is slow. */
  slow: z.strictObject({ slowMs: z.number().min(0).max(600_000), late: z.literal(true).optional() }),
  /** No answer at all: the connection stays open until the caller gives up. */
  never: z.strictObject({ never: z.literal(true), after }),
  /** A cut connection; `body` = after the headers and half of the body. */
  reset: z.union([z.strictObject({ reset: z.literal(true), after: z.boolean().optional() }), z.strictObject({ reset: z.literal('body') })]),
  /** A complete answer whose JSON ends in the middle. */
  truncated: z.strictObject({ truncated: z.literal(true) }),
  /** A page of a list without its rows, or without the link (or skip token) to the next. */
  'lost-page': z.strictObject({ lostPage: z.enum(['rows', 'link']) }),
  /** Every link to a next page or an operation points to another origin. */
  'off-origin': z.strictObject({ offOrigin: z.union([z.literal(true), z.url()]) }),
  /** The request is carried out twice; the caller gets the first answer. */
  duplicate: z.strictObject({ duplicate: z.literal(true) }),
  /** The machine reports success for a run command and does nothing. */
  lie: z.strictObject({ lie: z.literal(true) }),
  /** The index of Resource Graph is behind. */
  lag: z.strictObject({ lagSeconds: z.number().min(0) }),
} as const;

export type FaultKind = keyof typeof FAULT_KINDS;
export type Fault = { [Kind in FaultKind]: z.infer<(typeof FAULT_KINDS)[Kind]> }[FaultKind];
export type FaultOf<Kind extends FaultKind> = z.infer<(typeof FAULT_KINDS)[Kind]>;

export const faultSchema = z.union(Object.values(FAULT_KINDS));

export function kindOf(fault: Fault): FaultKind {
  return (Object.keys(FAULT_KINDS) as FaultKind[]).find((kind) => FAULT_KINDS[kind].safeParse(fault).success)!;
}

/** How each kind is written, for whoever got it wrong. */
export const FAULT_SHAPES =
  '{status}, {slowMs}, {never: true}, {reset: true | "body"}, {truncated: true}, {lostPage: "rows" | "link"}, {offOrigin: true | URL}, {duplicate: true}, {lie: true}, {lagSeconds}';
