import type { Guest } from '../../estates/guest.ts';
import type { Update } from '../../estates/guest-updates.ts';
import type { Machine } from '../../estates/machine.ts';
import { KNOWN_UPDATES } from '../../estates/updates-catalogue.ts';

const DAY = 86_400_000;
/** Second Tuesday of October 2023. */
const EXTENDED_SUPPORT_ENDED_2012_R2 = Date.parse('2023-10-10T23:59:59Z');
/** The number every security intelligence update of Defender Antivirus goes by. */
export const DEFINITIONS_KB = 'KB2267602';

/** Updates the machine lacks and whoever serves it offers at `now` (virtual ms). */
export function offeredUpdates(machine: Machine, now: number): Update[] {
  const { guest } = machine;
  const known = [...guest.updates.missing.map(updateOf), ...definitions(guest, now)];
  return known.filter(
    (update) =>
      applies(guest, update.product) &&
      isOffered(guest, update.product) &&
      isEntitled(machine, update) &&
      Date.parse(update.publishedAt) <= now,
  );
}

// After its extended support Windows Server 2012 R2 gets updates only with Extended Security Updates, which Azure includes and Arc sells.
function isEntitled({ arc, os }: Machine, { product, publishedAt }: Update): boolean {
  if (!arc || product !== 'os' || !/2012/.test(os.name) || arc.esu === 'Assigned') return true;
  return Date.parse(publishedAt) <= EXTENDED_SUPPORT_ENDED_2012_R2;
}

/** Whether whoever serves the machine with updates has those of a product. */
export function isOffered({ updates: { wsus } }: Guest, product: Update['product']): boolean {
  if (!wsus || product === 'os') return true;
  return product === 'defender' ? wsus.offersDefender : wsus.offersSensor;
}

/** Whether fresh definitions reach a Defender that could use them. */
export function definitionsFlow(machine: Machine): boolean {
  const { guest, vm } = machine;
  if (!guest.online || guest.egress === 'azure-only' || (vm !== null && vm.power !== 'running')) return false;
  return runs(guest) && isOffered(guest, 'defender');
}

/** The missing update written out: a number the catalogue does not know is an update nothing is known of. */
export function updateOf(entry: Guest['updates']['missing'][number]): Update {
  if (typeof entry !== 'string') return entry;
  return (
    KNOWN_UPDATES.get(entry) ?? {
      kb: entry,
      name: `Update for Windows (${entry})`,
      classification: 'Updates',
      version: '',
      publishedAt: '2026-01-13T18:00:00.000Z',
      rebootBehavior: 'CanRequestReboot',
      needs: [],
      product: 'os',
    }
  );
}

/** The update is on the machine, though what wants a boot counts only after it. */
export function applyUpdate(guest: Guest, update: Update, wantsBoot: boolean): void {
  const { updates, defender, sensor } = guest;
  const nameOf = (entry: Update) => entry.kb || entry.name;
  updates.missing = updates.missing.filter((entry) => nameOf(updateOf(entry)) !== nameOf(update));
  if (update.kb === DEFINITIONS_KB && defender) defender.signatureAgeDays = 0;
  else if (update.product === 'defender' && defender && update.version) defender.platformVersion = update.version;
  else if (update.product === 'sensor' && update.version) sensor.version = update.version;
  else if (wantsBoot) updates.awaitingBoot.push(nameOf(update));
  else if (update.kb) updates.hotfixes.push(update.kb);
}

// Nobody is offered updates of what is not installed.
function applies({ defender, sensor }: Guest, product: Update['product']): boolean {
  if (product === 'defender') return defender?.feature === 'Installed';
  return product === 'os' || sensor.service !== 'Absent';
}

function runs(guest: Guest): boolean {
  const { defender } = guest;
  return defender?.feature === 'Installed' && defender.mode !== null && defender.mode !== 'Not running';
}

function definitions(guest: Guest, now: number): Update[] {
  if (!runs(guest) || guest.defender?.signatureAgeDays === 0) return [];
  const day = Math.floor(now / DAY);
  const version = `1.443.${day % 2_000}.0`;
  return [
    {
      kb: DEFINITIONS_KB,
      name: `Security Intelligence Update for Microsoft Defender Antivirus - ${DEFINITIONS_KB} (Version ${version})`,
      classification: 'Definition',
      version,
      publishedAt: new Date(day * DAY).toISOString(),
      rebootBehavior: 'NeverReboots',
      needs: [],
      product: 'defender',
    },
  ];
}
