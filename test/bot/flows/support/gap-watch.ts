import { lookAtMachines } from '../../../../bot/flows/protection/look-at-machines.ts';
import { tellGaps } from '../../../../bot/flows/protection/tell-gaps.ts';
import { watchProtection } from '../../../../bot/flows/protection/watch-protection.ts';
import { read, unread } from '../../../../core/evidence.ts';
import type { GuestFacts } from '../../../../core/facts/guest.ts';
import type { GapRecord } from '../../../../core/gap-record.ts';
import { SECOND } from '../../../../core/instant.ts';
import type { LedgerEntry } from '../../../../core/ledger.ts';
import type { MachineFacts } from '../../../../core/machine.ts';
import { antivirus, guestFacts, machineFacts, NOW } from '../../../support/facts.ts';
import type { Shown } from './run-watch.ts';
import { RunWatch } from './run-watch.ts';

const passive = antivirus({ mode: 'Passive Mode', realTimeProtection: false });
const falcon: GuestFacts['thirdParty'][number] = { vendor: 'CrowdStrike', running: true, traces: ['service'] };

/** What a probe may find, by the protection state that it tells. */
export const found = {
  thirdParty: { onboarded: true, passiveKey: 1, defender: passive, thirdParty: [falcon] },
  defender: { onboarded: true, defender: antivirus(), thirdParty: [] },
  stopped: { onboarded: true, passiveKey: 1, defender: passive, thirdParty: [{ ...falcon, running: false }] },
  nothing: { onboarded: true, passiveKey: 1, defender: passive, thirdParty: [] },
  both: { onboarded: true, passiveKey: null, defender: antivirus(), thirdParty: [falcon] },
  unclear: { onboarded: true, defender: antivirus({ mode: '' }), thirdParty: [] },
} as const satisfies Record<string, Partial<GuestFacts>>;
export type Found = keyof typeof found;

/** Machines on a real store that are probed by hand, and what the channel hears of it. */
export class GapWatch {
  readonly watch: RunWatch;
  #from = 0;

  private constructor(watch: RunWatch) {
    this.watch = watch;
  }

  static async open(): Promise<GapWatch> {
    return new GapWatch(await RunWatch.open(process.env['TEST_DATABASE_URL'] ?? null));
  }

  close(): Promise<void> {
    return this.watch.close();
  }

  /** Nothing was ever seen or told; the ledger stays, as it must, and is read from here on. */
  async beginAnew(): Promise<void> {
    await this.watch.empty('protection_gaps', 'protection', 'gap_posts', 'evidence', 'evidence_parts', 'sources', 'cards', 'outbox');
    this.watch.channel.length = 0;
    this.watch.now = NOW;
    this.#from = (await this.watch.context.store.transact((tx) => tx.ledgerHead())).seq;
  }

  wait(seconds: number): void {
    this.watch.now += seconds * SECOND;
  }

  /** The inventory shows it; `vmId` tells a machine from another one of the same name. */
  async machine(name: string, over: Partial<MachineFacts> = {}): Promise<string> {
    const facts = machineFacts({ name, id: `/t/${name}`, vmId: `vm of ${name}`, tags: { ring: 'canary', owner: 'Team Blue' }, ...over });
    await this.watch.context.store.transact((tx) => tx.saveEvidence('machine', facts.id, read(facts, 'test', this.watch.now)));
    return facts.id;
  }

  /** A run's probe finds this, and is looked at in the transaction that saves it. */
  async probe(
    name: string,
    what: Found,
    { run = null, vmId }: { readonly run?: string | null; readonly vmId?: string } = {},
  ): Promise<void> {
    const guest = this.evidence(name, what, vmId);
    await this.watch.context.store.transact(async (tx) => {
      await tx.saveEvidence('guest', `/t/${name}`, guest);
      await lookAtMachines(tx, [`/t/${name}`], { run, at: this.watch.now });
    });
  }

  evidence(name: string, what: Found, vmId = `vm of ${name}`) {
    return read<GuestFacts>(guestFacts({ ...found[what], vmId }), 'probe of the machine', this.watch.now);
  }

  /** A collection of the inventory shows these machines; `reason` is why it failed, null when it did not. */
  async inventory(names: readonly string[], reason: string | null): Promise<void> {
    const at = this.watch.now;
    const shown = names.map((name) => machineFacts({ name, id: `/t/${name}`, vmId: `vm of ${name}`, tags: { ring: 'canary' } }));
    const subjects = Object.fromEntries(shown.map((facts) => [facts.id, read(facts, 'test', at)]));
    const failure = reason === null ? null : unread(reason, '', 'test', at);
    await this.watch.context.store.transact((tx) =>
      tx.saveCollection({ kind: 'machine', source: 'test', collectedAt: at, subjects, failure }),
    );
  }

  /** Every machine is seen well, then a minute passes: what comes next is no first look. */
  async known(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      await this.machine(name);
      await this.probe(name, 'thirdParty');
    }
    this.wait(60);
  }

  /** The duty once, then everything that waits is sent. */
  async tick(context = this.watch.context): Promise<void> {
    await tellGaps(context);
    await this.watch.send(context);
  }

  collected(): Promise<void> {
    return watchProtection(this.watch.context);
  }

  /** New messages about protection, the oldest first. */
  get posts(): readonly Shown[] {
    return this.watch.channel.filter(({ edits, words }) => edits === null && /active engine|Protection gaps/.test(words));
  }

  gaps(): Promise<readonly GapRecord[]> {
    return this.watch.context.store.transact((tx) => tx.gaps({ of: 'span', from: 0, to: Number.MAX_SAFE_INTEGER }));
  }

  async ledger(): Promise<readonly LedgerEntry[]> {
    return (await this.watch.context.store.transact((tx) => tx.ledger(null))).filter(({ kind, seq }) => kind === 'gap' && seq > this.#from);
  }
}
