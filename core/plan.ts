import type { Decides } from './decides.ts';
import type { CollectedKind, EvidenceKind, SubjectKind } from './evidence.ts';
import type { Expectation } from './expectation.ts';
import { sha256, taggedHash } from './hash.ts';
import type { Instant } from './instant.ts';
import type { Json, JsonObject } from './json.ts';
import { at } from './json.ts';
import type { Channel } from './migration.ts';
import type { Approver, NamedPerson, PersonKey } from './person.ts';
import type { PhaseId } from './phase.ts';
import type { ActionClass } from './policy.ts';
import type { Scope } from './scope.ts';
import type { Opening } from './window.ts';

/** One request to Azure Resource Manager or Microsoft Graph, word for word but for the placeholders that {@link expandCall} fills from the plan's own hash. */
export interface Call {
  readonly id: string;
  /** Microsoft Graph; Azure Resource Manager when left out. */
  readonly api?: 'graph';
  /** In words, for the card. */
  readonly describes: string;
  readonly method: 'PUT' | 'DELETE' | 'POST' | 'PATCH';
  /** Absolute path, no host, no query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: JsonObject | null;
  /**
   * `run-command`: accepted now, settles later. `setting`: settled when answered; read back by comparing the body. `gone`: settled when
   * what it deletes is no longer shown. `operation`: accepted now, settles when the operation that Azure names in its answer has ended. Nothing
   * else tells whether it ever arrived, so that it is never sent a second time. `resource`: settled when the resource is shown with everything the
   * body asks for, and Azure has finished providing it. `ended`: settled when what it stops, which the path before its last word names, is not
   * under way any more; what never began, or had ended by itself, has. `listed`: what it makes is given an id by Graph; settled when that is shown,
   * or the list it adds to shows it by its name and mark. Such a list lags, so that it is never sent a second time either.
   */
  readonly settles: 'run-command' | 'setting' | 'gone' | 'operation' | 'resource' | 'ended' | 'listed';
  /** Counted from when it was sent; after this the outcome is given up as ambiguous. */
  readonly timeoutSeconds: number;
}

/** Calls that leave nothing by which "it never arrived" could be told: they are sent once, unless it is known that they were not let in. */
export const sentOnce: ReadonlySet<Call['settles']> = new Set(['operation', 'listed']);

/** An item of a target's sequence; the next begins only when the one before it is settled. */
export type Item =
  | {
      readonly do: 'change';
      readonly call: Call;
      /**
       * True: whatever comes of the call, the machine keeps an active engine, and gets no second one but where that is what the plan is to leave
       * it with. False: from here to the next proof that is not certain, and a machine that gets no further is carried back by its make-safe items.
       */
      readonly safe: boolean;
      /** A stop does not wait for the end of what it began: its make-safe items end that. Left out: what was sent is read to its end. */
      readonly interruptible?: true;
    }
  | {
      readonly do: 'prove';
      readonly id: string;
      readonly describes: string;
      /** What is read to prove it. With a call, the call's output is that evidence; without, a collector reads it anew. */
      readonly evidence: EvidenceKind;
      readonly call: Call | null;
      readonly expect: readonly Expectation[];
      /** Whom a look by a collector is at, by id; the target itself when left out. It must hold of every one of them. */
      readonly of?: readonly string[];
      /** False: it tells of something else than that the machine is under exactly one active engine, so that it is no safe point. */
      readonly safe?: false;
      /** How long a look by a collector is repeated before its answer counts; two minutes when left out. */
      readonly withinMinutes?: number;
    }
  | {
      /** Nothing is done for a while, such as until a machine has gone down. */
      readonly do: 'wait';
      readonly id: string;
      readonly describes: string;
      readonly minutes: number;
      readonly call: null;
    };

/** What a plan does to one target. */
export interface PlanTarget {
  readonly id: string;
  readonly name: string;
  readonly kind: SubjectKind;
  readonly ring: string;
  /** The value of the owner tag it carries; null without one. */
  readonly owner: string | null;
  /** Targets that share this (the id of an availability set) are never worked on at the same time; null for none. */
  readonly apartFrom: string | null;
  /** What was known of it when the plan was made, in words. */
  readonly found: string;
  /** Compared with the resource provider right before the run: any difference drops the target. */
  readonly fingerprint: Readonly<Record<string, string>>;
  /** Ids no other run may touch meanwhile: itself, and for a subscription every machine in it. */
  readonly holds: readonly string[];
  readonly sequence: readonly Item[];
  /** What brings a half-done target back under exactly one active engine; part of what is signed. */
  readonly makeSafe: readonly Item[];
  /** What takes the change back. Not part of what is signed here: a plan made of it needs a sign-off of its own. */
  readonly undo: readonly Item[];
  /** What a second source must show later; null when there is none, for the reason in the plan's `finalWords`. */
  readonly finalCheck: FinalCheck | null;
}

/** The final verification of a target: read by a collector, hours after the run, and held against what was expected. */
export interface FinalCheck {
  readonly describes: string;
  readonly evidence: CollectedKind;
  /** Not looked at before; minutes after the run's end. */
  readonly afterMinutes: number;
  /** By then it must hold, else it is contradicted or unknown; at most 24 h. Minutes after the run's end. */
  readonly withinMinutes: number;
  readonly expect: readonly Expectation[];
  /** Whom it looks at, by id; the target itself when left out. It must hold of every one of them. */
  readonly of?: readonly string[];
}

/** A wave: targets that must all be proven before the next one begins. */
export interface Wave {
  readonly name: string;
  readonly ring: string;
  readonly targetIds: readonly string[];
}

/** The version of the rules by which runs are carried out; a plan signed for another one does not run. */
export const EXECUTOR = 'greenlight/executor/v1';

/** Who signs a plan, and what their signatures must add up to. */
export interface Signers {
  readonly quorum: number;
  /** Distinct roles among those who approve. */
  readonly distinctRoles: number;
  /** True: an approval counts only with the number of targets typed by hand. */
  readonly typeCount: boolean;
  readonly approvers: readonly Approver[];
  readonly alternates: readonly Approver[];
  /** From then on the alternates may sign too. */
  readonly alternatesAt: Instant;
  /** For each owner tag among the targets, one of these signs as well. */
  readonly owners: readonly OwnerGroup[];
}

/** Those who answer for the machines with one owner tag. */
export interface OwnerGroup {
  readonly value: string;
  readonly people: readonly NamedPerson[];
}

/** A script as it is sent. A call's body names it as `{script:<sha256>}`. */
export interface PlanScript {
  readonly id: string;
  readonly text: string;
  /** Of the text's UTF-8 bytes. */
  readonly sha256: string;
  /** What its exit codes mean, by code. One that is not listed is a failure unless it is 0. */
  readonly exits?: Readonly<Record<string, ScriptExit>>;
}

/** What an exit code of a script means: whether it did its work, and for people what happened and what mends it. */
export interface ScriptExit {
  readonly done: boolean;
  readonly words: string;
}

/** A frozen plan. Its hash covers every field. */
export interface Plan {
  readonly schema: 'greenlight/plan/v1';
  /** Short name for people, e.g. `GL-0007`. */
  readonly id: string;
  readonly executor: string;
  readonly migration: { readonly id: string; readonly fileHash: string };
  readonly channel: Channel;
  readonly action: string;
  readonly class: ActionClass;
  readonly title: string;
  readonly phase: PhaseId;
  readonly requestedBy: PersonKey & { readonly name: string };
  readonly requestedAt: Instant;
  /** The change ticket it belongs to, as typed. */
  readonly ticket: string | null;
  readonly scope: Scope;
  /** The plan it goes on from: what that one left undone, what it changed, or the standing sign-off that it is a run of. */
  readonly follows: { readonly hash: string; readonly plan: string; readonly how: 'rest' | 'undo' | 'standing' } | null;
  readonly effect: string;
  readonly blastRadius: string;
  readonly undoWords: string;
  readonly makeSafeWords: string;
  /** True: after the run its run commands themselves are deleted from the machines. What they did stays. */
  readonly tidies: boolean;
  /**
   * For an action that takes a machine from one engine to the other: how many minutes it is expected to be without one that is proven active, and
   * how many are borne before the run stops. Left out where no machine is.
   */
  readonly unprotected?: { readonly expectedMinutes: number; readonly limitMinutes: number };
  /** The final verification in words, or "none, because …". */
  readonly finalWords: string;
  /** Every script its calls send, once, with its text: thousands of targets name it by its sha256. */
  readonly scripts: readonly PlanScript[];
  readonly targets: readonly PlanTarget[];
  readonly leftOut: readonly LeftOut[];
  readonly waves: readonly Wave[];
  readonly limits: {
    readonly concurrency: number;
    readonly stopAfterFailures: number;
    /** 0..1, of one wave. */
    readonly maxFailedShare: number;
    /** 0..1, of all targets. */
    readonly maxDroppedShare: number;
    /** Between the last proof of one ring and the next ring. */
    readonly soakMinutes: number;
  };
  /** The change window it runs in; null when it may run at any time. */
  readonly window: Opening | null;
  /** How long it takes by the usual time of one target, soak included. */
  readonly estimateMinutes: number;
  readonly signers: Signers;
  readonly expiresAt: Instant;
  readonly graceSeconds: number;
  /** Repeated under one sign-off, read-only scripts alone; null for a plan that runs once. */
  readonly standing: { readonly everyMinutes: number; readonly until: Instant } | null;
  /** A decision instead of calls; null for a plan that runs. */
  readonly decides: Decides | null;
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
 * Fills a call's placeholders: `{plan}` with the first 12 digits of the plan hash, `{mark}` with a sentence that names them, `{nonce}` with a
 * value only this call has, and `{script:<sha256>}` with the plan's script of that hash. Deterministic, so what is sent is in the signed plan, and a repeat bears the same
 * name in Azure. Throws for a script that the plan does not hold.
 */
export function expandCall({ scripts }: Pick<Plan, 'scripts'>, hash: string, targetId: string, call: Call): ExpandedCall {
  const plan = hash.slice(0, 12);
  const fill = (text: string) =>
    text
      .replaceAll('{plan}', plan)
      .replaceAll('{mark}', markOf(plan))
      .replaceAll('{nonce}', callNonce(hash, targetId, call.id));
  const whole = (text: string) => (WHOLE_VALUE.test(text) ? fill(text) : scriptNamed(scripts, text));
  return { ...call, path: fill(call.path), body: call.body === null ? null : (fillJson(call.body, whole) as JsonObject) };
}

/** What people and read-backs know something by that has no id of ours. */
function markOf(plan: string): string {
  return `Made by Greenlight, plan ${plan}`;
}

/** How a call's body names one of its plan's scripts. */
export function scriptReference(script: string): string {
  return `{script:${script}}`;
}

/** The sha256 that a value of a call's body names; null for any other value. */
export function referredScript(value: string): string | null {
  return SCRIPT.exec(value)?.[1] ?? null;
}

/** The sha256 of the script that a call sends; null for a call that sends none of its plan's. */
export function scriptOf({ body }: Pick<Call, 'body'>): string | null {
  const named = at(body, 'properties.source.script');
  return typeof named === 'string' ? referredScript(named) : null;
}

const SCRIPT = /^\{script:([0-9a-f]{64})\}$/;
/** Scripts keep their own text: only values that are nothing else are placeholders. */
const WHOLE_VALUE = /^\{(?:nonce|plan|mark)\}$/;

function scriptNamed(scripts: Plan['scripts'], value: string): string {
  const wanted = referredScript(value);
  if (wanted === null) return value;
  const script = scripts.find((one) => one.sha256 === wanted);
  if (!script) throw new Error(`the plan does not hold the script ${wanted}`);
  return script.text;
}

/** What a script must echo so that its output is known to be this call's. 32 hex digits. */
export function callNonce(hash: string, targetId: string, callId: string): string {
  return sha256(`greenlight/nonce/v1\n${hash}\n${targetId}\n${callId}`).slice(0, 32);
}

function fillJson(value: Json, fill: (text: string) => string): Json {
  if (typeof value === 'string') return fill(value);
  if (Array.isArray(value)) return value.map((item: Json) => fillJson(item, fill));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillJson(item, fill)]));
}

/** Every call of a plan with its target: what the egress check compares a request with. */
export function callsOf(plan: Plan): readonly { readonly target: PlanTarget; readonly call: Call; readonly makeSafe: boolean }[] {
  return plan.targets.flatMap((target) => [
    ...target.sequence.flatMap((item) => (item.call ? [{ target, call: item.call, makeSafe: false }] : [])),
    ...target.makeSafe.flatMap((item) => (item.call ? [{ target, call: item.call, makeSafe: true }] : [])),
  ]);
}

/** The evidence, and about whom, that a change of this target makes doubtful until it is read again: what its proofs look at. */
export function doubted({ id, sequence, makeSafe, undo }: PlanTarget): readonly { readonly kind: EvidenceKind; readonly id: string }[] {
  const all = [...sequence, ...makeSafe, ...undo].flatMap((item) =>
    item.do === 'prove' ? (item.of ?? [id]).map((of) => ({ kind: item.evidence, id: of })) : [],
  );
  return [...new Map(all.map((one) => [`${one.kind} ${one.id}`, one])).values()];
}
