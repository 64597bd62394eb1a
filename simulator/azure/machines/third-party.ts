import type { Guest, Product } from '../../estates/guest.ts';
import type { Machine } from '../../estates/machine.ts';
import { type ProductName, product } from '../../estates/products.ts';
import { change } from './change.ts';
import { RESTART_NEEDED } from './feature.ts';
import { DONE, failed, type Outcome } from './outcome.ts';
import { awaitReboot } from './reboot-pending.ts';

const UNKNOWN_PRODUCT = 1605;

/** Uninstalls a product by its vendor's name; its drivers go at the next boot. Without the token it asks for nothing happens. */
export function removeProduct(machine: Machine, vendor: string, token: string | null, now: number): Outcome {
  const found = find(machine.guest, vendor);
  if (!found) return failed(UNKNOWN_PRODUCT, `${vendor} is not installed.`);
  if (found.token !== null && found.token !== token) return failed(1, `${found.vendor}: the uninstall token is missing or wrong.`);
  return change(machine, now, 'product removed', (guest) => {
    guest.thirdParty = guest.thirdParty.filter((candidate) => candidate !== found);
    if (found.drivers.length === 0) return DONE;
    guest.driversUntilBoot.push(...found.drivers);
    awaitReboot(guest, 'pfro');
    return { exitCode: RESTART_NEEDED, message: 'Removed. Its drivers go at the next restart.' };
  });
}

/** Installs a product (again), running. */
export function installProduct(machine: Machine, name: ProductName, now: number): Outcome {
  const added = product(name, machine.os.type);
  if (find(machine.guest, added.vendor)) return DONE;
  return change(machine, now, 'product installed', (guest) => {
    guest.thirdParty.push(added);
    return DONE;
  });
}

/** Starts or stops all services of a product; a stopped one starts again with the next boot. */
export function switchProduct(machine: Machine, vendor: string, state: Product['state'], now: number): Outcome {
  const found = find(machine.guest, vendor);
  if (!found) return failed(UNKNOWN_PRODUCT, `${vendor} is not installed.`);
  return change(machine, now, state === 'Running' ? 'product started' : 'product stopped', () => {
    found.state = state;
    for (const service of found.otherServices) service.state = state;
    return DONE;
  });
}

function find(guest: Guest, vendor: string): Product | undefined {
  return guest.thirdParty.find((candidate) => candidate.vendor.toLowerCase() === vendor.toLowerCase());
}
