import type { EvidenceKind, SubjectKind } from './evidence.ts';
import { sha256, taggedHash } from './hash.ts';
import type { Instant } from './instant.ts';
import type { Json, JsonObject } from './json.ts';
import type { Channel } from './migration.ts';
import type { Approver, PersonKey } from './person.ts';
import type { PhaseId } from './phase.ts';
import type { Scope } from './scope.ts';

/** One request to Azure Resource Manager, word for word but for the placeholders that {@link expandCall} fills from the plan's own hash. */
export interface Call {
  readonly id: string;
  /** In words, for the card. */
  readonly describes: string;
  readonly method: 'PUT' | 'DELETE' | 'POST' | 'PATCH';
  /** Absolute ARM path, no host, no query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: JsonObject | null;
  /** `run-command`: accepted now, settles later. `setting`: settled when answered; read back by comparing the body. */
  readonly settles: 'run-command' | 'setting';
  /** Counted from when it was sent; after this the outcome is given up as ambiguous. */
  readonly timeoutSeconds: number;
}

/** A fact that must hold, read from an evidence value by path. */
export interface Expectation {
  readonly path: string;
  readonly equals: Json;
  readonly words: string;
}

/** An item of a target's sequence; the next begins only when the one before it is settled. */
export type Item =
  | { readonly do: 'change'; readonly call: Call }
  | {
      readonly do: 'prove';
      readonly id: string;
      readonly describes: string;
      /** What is read to prove it. With a call, the call's output is that evidence; without, a collector reads it anew. */
      readonly evidence: EvidenceKind;
      readonly call: Call | null;
      readonly expect: readonly Expectation[];
    };

/** What a plan does to one target. */
export interface PlanTarget {
  readonly id: string;
  readonly name: string;
  readonly kind: SubjectKind;
  readonly ring: string;
  /** What was known of it when the plan was made, in words. */
  readonly found: string;
  /** Compared with the resource provider right before the run: any difference drops the target. */
  readonly fingerprint: Readonly<Record<string, string>>;
  /** Ids no other run may touch meanwhile: itself, and for a subscription every machine in it. */
  readonly holds: readonly string[];
  readonly sequence: readonly Item[];
  /** Calls that bring a half-done target back under exactly one active engine. */
  readonly makeSafe: readonly Call[];
  readonly undo: readonly Call[];
}

/** A wave: targets that must all be proven before the next one begins. */
export interface Wave {
  readonly name: string;
  readonly targetIds: readonly string[];
}

/** A frozen plan. Its hash covers every field. */
export interface Plan {
  readonly schema: 'greenlight/plan/v1';
  /** Short name for people, e.g. `GL-0007`. */
  readonly id: string;
  readonly executor: 'greenlight/executor/v1';
  readonly migration: { readonly id: string; readonly fileHash: string };
  readonly channel: Channel;
  readonly action: string;
  readonly title: string;
  readonly phase: PhaseId;
  readonly requestedBy: PersonKey & { readonly name: string };
  readonly requestedAt: Instant;
  readonly scope: Scope;
  readonly effect: string;
  readonly blastRadius: string;
  readonly undoWords: string;
  readonly makeSafeWords: string;
  readonly scripts: readonly { readonly id: string; readonly sha256: string }[];
  readonly targets: readonly PlanTarget[];
  readonly leftOut: readonly LeftOut[];
  readonly waves: readonly Wave[];
  readonly limits: { readonly concurrency: number; readonly stopAfterFailures: number; readonly maxDroppedShare: number };
  readonly signers: { readonly quorum: number; readonly approvers: readonly Approver[] };
  readonly expiresAt: Instant;
  readonly graceSeconds: number;
}

/** A machine in scope that the plan does not touch, and why. */
export interface LeftOut {
  readonly id: string;
  readonly name: string;
  readonly code: string;
  readonly because: string;
}

/** The hash people sign: SHA-256 of the whole plan as canonical JSON under its own domain. */
export function planHash(plan: Plan): string {
  return taggedHash('greenlight/plan/v1', plan as unknown as Json);
}

/** A call exactly as it goes out. */
export interface ExpandedCall extends Omit<Call, 'path' | 'body'> {
  readonly path: string;
  readonly body: JsonObject | null;
}

/**
 * Fills a call's placeholders: `{plan}` with the first 12 digits of the plan hash and `{nonce}` with a value only this call has.
 * Deterministic, so what is sent is in the signed plan, and a repeat bears the same name in Azure.
 */
export function expandCall(hash: string, targetId: string, call: Call): ExpandedCall {
  const fill = (text: string) => text.replaceAll('{plan}', hash.slice(0, 12)).replaceAll('{nonce}', callNonce(hash, targetId, call.id));
  return { ...call, path: fill(call.path), body: call.body === null ? null : (fillJson(call.body, fill) as JsonObject) };
}

/** What a script must echo so that its output is known to be this call's. 32 hex digits. */
export function callNonce(hash: string, targetId: string, callId: string): string {
  return sha256(`greenlight/nonce/v1\n${hash}\n${targetId}\n${callId}`).slice(0, 32);
}

/** Scripts keep their own text: only short parameter values carry placeholders. */
function fillJson(value: Json, fill: (text: string) => string): Json {
  if (typeof value === 'string') return value === '{nonce}' || value === '{plan}' ? fill(value) : value;
  if (Array.isArray(value)) return value.map((item: Json) => fillJson(item, fill));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillJson(item, fill)]));
}

/** Every call of a plan with its target: what the egress check compares a request with. */
export function callsOf(plan: Plan): readonly { readonly target: PlanTarget; readonly call: Call; readonly makeSafe: boolean }[] {
  return plan.targets.flatMap((target) => [
    ...target.sequence.flatMap((item) => (item.call ? [{ target, call: item.call, makeSafe: false }] : [])),
    ...target.makeSafe.map((call) => ({ target, call, makeSafe: true })),
  ]);
}
