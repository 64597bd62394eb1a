import type { DefenderWay } from './engine-sightings.ts';
import type { GuestFacts } from './facts/guest.ts';
import type { Instant } from './instant.ts';
import type { Gap, GapCondition, Track } from './protection-gap.ts';

/** What is remembered of one machine. */
export interface MachineTrack extends Track {
  readonly machineId: string;
  readonly open: readonly GapRecord[];
}

/** What the probe saw when it first saw a gap: its cause is worked out from that. */
export interface GapSeen extends Pick<GuestFacts, 'platform' | 'onboarded' | 'passiveKey' | 'passiveManaged'> {
  readonly defender: DefenderWay;
  /** Products of others, running or not. */
  readonly products: readonly { readonly vendor: string; readonly running: boolean }[];
}

/** What tells one gap from all others. */
export interface GapKey {
  readonly machineId: string;
  readonly condition: GapCondition;
  readonly firstBad: Instant;
}

/** A gap of one machine, as it is kept. */
export interface GapRecord extends Gap {
  readonly machineId: string;
  readonly vmId: string;
  readonly seen: GapSeen;
  /** Who saw it: `probe of the machine`. */
  readonly source: string;
  /** The hash of the plan whose run took the look that first saw it; null for evidence that no run brought. */
  readonly run: string | null;
  /** True: that run had changed the machine in a way that may leave it so. */
  readonly caused: boolean;
  /** Gaps of one topic are told together. */
  readonly topic: string;
  /** The number of the post of its topic that tells of it; null while none does. */
  readonly post: number | null;
}

/** Which gaps are asked for. */
export type GapFilter =
  | { readonly of: 'open' }
  /** Those a run left its machines in by what it changed, ended or not. */
  | { readonly of: 'run'; readonly run: string }
  | { readonly of: 'post'; readonly topic: string; readonly post: number }
  /** Those of a topic that go on and were not told. */
  | { readonly of: 'untold'; readonly topic: string }
  | { readonly of: 'machine'; readonly machineId: string }
  /** Those that may have held at a moment of the span. */
  | { readonly of: 'span'; readonly from: Instant; readonly to: Instant };

/** A topic with gaps that go on and were not told. */
export interface UntoldTopic {
  readonly topic: string;
  /** True: every one of them was found by the first look at its machine. */
  readonly firstLook: boolean;
  /** When the first of them was seen. */
  readonly since: Instant;
  /** Of one of them: the plan whose run took the look. The first looks of one topic have one run. */
  readonly run: string | null;
  /** How many posts of this topic there were, and when the last one was asked for. */
  readonly posts: number;
  readonly toldAt: Instant | null;
}
