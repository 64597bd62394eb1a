import type { Evidence, EvidenceOf, Read } from '../../core/evidence.ts';
import type { GuestFacts } from '../../core/facts/guest.ts';
import type { Judgement } from '../../core/step.ts';
import { notKnown, notReady, ready } from '../../core/step.ts';
import { joinedBy, someOf } from '../some-of.ts';
import { AUDITS, contradictedBy } from './audits.ts';
import { notLookedEverywhere } from './products.ts';

/** What decides whether the old product is gone: the probe, and two sources that may contradict it. What they may not be relied on for is unread. */
export interface GoneEvidence {
  readonly guest: Read<GuestFacts>;
  readonly 'edr-assessment': Evidence<EvidenceOf['edr-assessment']>;
  readonly 'machine-configuration': Evidence<EvidenceOf['machine-configuration']>;
}

/**
 * Is the old product gone, by facts alone? Either a probe saw none of the products it knows, the server was restarted after that, and a probe saw none
 * again; or a probe saw that what is left of one no longer runs, the server was restarted after that, and two probes saw none. "Not detected" alone is
 * not "removed": drivers go with the restart, and some removals come back with it.
 */
export function thirdPartyGone(evidence: GoneEvidence): Judgement {
  const { value: guest, observedAt } = evidence.guest;
  const left = stillThere(guest);
  if (left) return left;
  const blind = notLookedEverywhere(guest);
  if (blind) return blind;
  const { lastBoot, history } = guest;
  if (lastBoot === null)
    return notKnown(
      'boot-unread',
      'no other product was detected, and the probe could not tell when the server was last started',
      'Request the probe again.',
    );
  const cleanSince = history?.cleanSince ?? observedAt;
  const stopped = history?.stoppedSince ?? null;
  const restartedSince = lastBoot > cleanSince || (stopped !== null && lastBoot > stopped && cleanSince < observedAt);
  if (!restartedSince) return notRestarted(lastBoot, history?.productSeen ?? null, cleanSince === observedAt);
  const assessed = evidence['edr-assessment'];
  const product = assessed.state === 'read' && assessed.value.assessed ? assessed.value.product : null;
  if (product !== null && product !== '' && !/defender/i.test(product)) {
    return notKnown(
      'sources-disagree',
      `two probes detected no other product, and the agentless scan of its disks found ${product}`,
      'Look for it on the server; if it is gone, the scan shows that within a day.',
    );
  }
  const against = contradictedBy(evidence['machine-configuration'], AUDITS.thirdParty, observedAt);
  if (against !== null) {
    return notKnown(
      'sources-disagree',
      `two probes detected no other product, and machine configuration “${against}” found one later`,
      'Look for it on the server, then probe it again.',
    );
  }
  return ready('no other product was detected, before its last restart and after it');
}

function stillThere({ thirdParty }: GuestFacts): Judgement | null {
  const running = thirdParty.filter((product) => product.running);
  if (running.length > 0) {
    return notReady(
      'product-running',
      `${joinedBy(
        'and',
        running.map(({ vendor }) => vendor),
      )} ${running.length === 1 ? 'runs' : 'run'}`,
      'Request: remove the old product. Or take it off by its vendor’s means, then restart the server.',
    );
  }
  if (thirdParty.length === 0) return null;
  const left = thirdParty.map(({ vendor, traces }) => `${vendor}${traces.length === 0 ? '' : ` (${traces.join(', ')})`}`);
  return notReady(
    'product-left-behind',
    `something is left of ${someOf(left)}`,
    'Finish its removal with its vendor’s clean-up tool, then restart the server.',
  );
}

/** The restart has to come after a look that saw none. One that was not restarted since a product was seen is known to lack it. */
function notRestarted(lastBoot: number, productSeen: number | null, firstClean: boolean): Judgement {
  if (productSeen !== null && lastBoot <= productSeen) {
    return notReady(
      'restart-missing',
      'no other product is detected any more, and the server was not restarted since',
      'Restart the server, then probe it again.',
    );
  }
  const because = firstClean
    ? 'no other product was detected, and one look alone proves no removal'
    : 'no other product was detected, and the server was not restarted since';
  return notKnown('removal-unproven', because, 'Restart the server and probe it again, or have it attested: attest third-party-removed.');
}
