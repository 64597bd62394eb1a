import type { Guest } from '../../estates/guest.ts';
import type { Machine } from '../../estates/machine.ts';
import { change } from './change.ts';

/** The machine boots at `now` (virtual ms): what waited for a boot is finished. */
export function restart(machine: Machine, now: number): void {
  change(machine, now, 'restart', (guest) => {
    guest.lastBoot = new Date(now).toISOString();
    guest.rebootPending = false;
    guest.rebootReasons = [];
    guest.updates.hotfixes.push(...guest.updates.awaitingBoot.filter((update) => /^KB\d+$/.test(update)));
    guest.updates.awaitingBoot = [];
    guest.driversUntilBoot = [];
    guest.agent = 'Running';
    finishFeature(guest);
    startServices(guest);
  });
}

function finishFeature({ defender }: Guest): void {
  if (!defender?.featureAfterBoot) return;
  defender.feature = defender.featureAfterBoot;
  defender.featureAfterBoot = null;
}

// Protection services start by themselves; whoever only stopped one has it back after a boot.
function startServices(guest: Guest): void {
  for (const product of guest.thirdParty) {
    product.state = 'Running';
    for (const service of product.otherServices) service.state = 'Running';
  }
}
