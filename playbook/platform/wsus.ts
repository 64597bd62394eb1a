import type { GuestFacts, WsusServerFacts } from '../../core/facts/guest.ts';
import { uncheckedOf } from '../../core/facts/guest.ts';
import type { OperatingSystem } from '../../core/machine.ts';
import type { Surroundings } from '../../core/surroundings.ts';
import { hasPackagedSensor } from '../operating-systems.ts';

/** A WSUS server that was looked into. */
export interface WsusServer {
  readonly kind: 'known';
  readonly name: string;
  readonly facts: WsusServerFacts;
  /** When it was looked into. */
  readonly observedAt: number;
}

/** Where a server takes its updates from, as far as it is known. */
export type WsusOf = { readonly kind: 'none' } | WsusServer | { readonly kind: 'unclear'; readonly because: string; readonly fix: string };

/** The WSUS of a client: the machine of the migration its address names, if that was probed. */
export function wsusOf(client: GuestFacts, around: Surroundings<'guest'>): WsusOf {
  const { wsus } = client;
  if (wsus === null) {
    if (uncheckedOf(client, 'wsus').length === 0) return { kind: 'none' };
    return unclear('the probe could not check where it takes its updates from', 'Request the probe again.');
  }
  const host = hostOf(wsus.server);
  const [server, ...more] = around.machinesNamed(host);
  const attest = 'or have its owner attest it: attest wsus-serves-defender';
  if (!server) return unclear(`its WSUS ${host} is not among the migration’s machines`, `Look at ${host}, ${attest}.`);
  if (more.length > 0)
    return unclear(`its WSUS ${host} may be any of ${more.length + 1} machines of that name`, `Look at ${host}, ${attest}.`);
  const guest = around.about('guest', server.id);
  if (guest.state === 'unread')
    return unclear(`its WSUS ${server.name} was not looked into: ${guest.reason}`, `Probe ${server.name}, ${attest}.`);
  const { wsusServer } = guest.value;
  if (uncheckedOf(guest.value, 'wsus-server').length > 0) {
    return unclear(`the probe could not check the WSUS on ${server.name}`, `Probe ${server.name} again, ${attest}.`);
  }
  if (wsusServer === null) return unclear(`${server.name}, where its WSUS should be, has none`, `Look at ${host}, ${attest}.`);
  return { kind: 'known', name: server.name, facts: wsusServer, observedAt: guest.observedAt };
}

function unclear(because: string, fix: string): WsusOf {
  return { kind: 'unclear', because, fix };
}

/** `http://srv-wsus-01.corp.example:8530` → `srv-wsus-01.corp.example`. */
function hostOf(address: string): string {
  return (/^(?:[a-z]+:\/\/)?([^/:?#\s]+)/i.exec(address)?.[1] ?? address).toLowerCase();
}

/** One thing that a WSUS has to take from Microsoft and give on: a product, in a classification. Names as its console shows them. */
interface Wanted {
  readonly code: string;
  readonly words: string;
  readonly product: RegExp;
  readonly classification: RegExp;
}

/** The product was called Windows Defender once. The sensor's has Defender in its name too. */
const ANTIVIRUS = /^(?!.*endpoint).*defender/i;

const DEFINITIONS: Wanted = {
  code: 'wsus-no-definitions',
  words: '“Definition Updates” for Microsoft Defender Antivirus',
  product: ANTIVIRUS,
  classification: /definition/i,
};
// The classification of the sensor's update is from general knowledge: UNVERIFIED.
const SENSOR: Wanted = {
  code: 'wsus-no-sensor',
  words: '“Updates” for Microsoft Defender for Endpoint',
  product: /defender for endpoint/i,
  classification: /^(updates|critical updates)$/i,
};
const ROLLUPS: Wanted = {
  code: 'wsus-no-rollups',
  words: '“Security Updates” for Windows Server 2012 R2',
  product: /windows server 2012 r2/i,
  classification: /security|rollup/i,
};

/** What of Defender a server needs from its WSUS: the sensor has updates of its own where it is a package of its own. */
export function defenderWanted(os: OperatingSystem | null): readonly Wanted[] {
  return hasPackagedSensor(os) ? [DEFINITIONS, SENSOR] : [DEFINITIONS];
}

/** What a Windows Server 2012 R2 needs from its WSUS beside. */
export const rollupWanted: readonly Wanted[] = [ROLLUPS];

/** Of what is wanted, what a WSUS does not take from Microsoft. */
export function notTaken({ products, classifications }: WsusServerFacts, wanted: readonly Wanted[]): readonly Wanted[] {
  return wanted.filter(
    ({ product, classification }) =>
      !products.some((name) => product.test(name)) || !classifications.some((name) => classification.test(name)),
  );
}

/** Of what is wanted, what no rule approves by itself. A rule that names no product, or no classification, is for all of them. */
export function notApproved({ rules }: WsusServerFacts, wanted: readonly Wanted[]): readonly Wanted[] {
  const covers = (names: readonly string[] | null, pattern: RegExp) => names === null || names.some((name) => pattern.test(name));
  return wanted.filter(
    ({ product, classification }) =>
      !rules.some((rule) => rule.enabled && covers(rule.products, product) && covers(rule.classifications, classification)),
  );
}
