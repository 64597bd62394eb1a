import { z } from 'zod';
import { EstateError, toEstateError } from '../../estates/estate.ts';
import type { Machine } from '../../estates/machine.ts';
import { PRODUCT_NAMES } from '../../estates/products.ts';
import { change } from './change.ts';
import { installFeature, removeFeature } from './feature.ts';
import { setLinuxPassive } from './linux-passive.ts';
import { offboard, onboard } from './onboarding.ts';
import { DONE, failed, type Outcome } from './outcome.ts';
import { clearKey, setKey } from './passive-key.ts';
import { restart } from './restart.ts';
import { installProduct, removeProduct, switchProduct } from './third-party.ts';

type Perform = (machine: Machine, wish: unknown, now: number) => Outcome;

const onOff = z.enum(['on', 'off']).transform((value) => value === 'on');
const vendor = z.strictObject({ product: z.string().min(1) });

/** What somebody on a machine can do to it, by name; the wish holds only the act's own fields. */
export const ACTS: Readonly<Record<string, Perform>> = {
  'set-key': act(z.strictObject({ value: z.union([z.literal(0), z.literal(1)]).default(1) }), (machine, { value }, now) =>
    setKey(machine, value, now),
  ),
  'clear-key': act(z.strictObject({}), (machine, _, now) => clearKey(machine, now)),
  'install-feature': act(z.strictObject({ source: z.string().nullable().default(null) }), (machine, { source }, now) =>
    installFeature(machine, source, now),
  ),
  'remove-feature': act(z.strictObject({ payload: z.boolean().default(false) }), (machine, { payload }, now) =>
    removeFeature(machine, payload, now),
  ),
  'remove-product': act(vendor.extend({ token: z.string().nullable().default(null) }), (machine, { product, token }, now) =>
    removeProduct(machine, product, token, now),
  ),
  'install-product': act(z.strictObject({ product: z.enum(PRODUCT_NAMES) }), (machine, { product }, now) =>
    installProduct(machine, product, now),
  ),
  'stop-product': act(vendor, (machine, { product }, now) => switchProduct(machine, product, 'Stopped', now)),
  'start-product': act(vendor, (machine, { product }, now) => switchProduct(machine, product, 'Running', now)),
  'set-linux-passive': act(z.strictObject({ value: onOff }), (machine, { value }, now) => setLinuxPassive(machine, value, now)),
  'set-tamper-protection': act(z.strictObject({ value: onOff }), setTamperProtection),
  onboard: act(z.strictObject({}), (machine, _, now) => done(() => onboard(machine, false, now))),
  offboard: act(z.strictObject({}), (machine, _, now) => done(() => offboard(machine, now))),
  restart: act(z.strictObject({}), (machine, _, now) => done(() => restart(machine, now))),
};

/** Does what the wish (`{machine, act, …}`) says at `now` (virtual ms); throws EstateError for a wish that makes no sense. */
export function perform(machine: Machine, wish: Readonly<Record<string, unknown>>, now: number, path: string): Outcome {
  const { machine: _machine, act: name, ...own } = wish;
  const known = typeof name === 'string' && Object.hasOwn(ACTS, name) ? ACTS[name] : undefined;
  if (!known) throw new EstateError(`${path}.act`, `is not one of ${Object.keys(ACTS).join(', ')}`);
  if (machine.vm && machine.vm.power !== 'running') return failed(1, 'The machine is not running.');
  try {
    return known(machine, own, now);
  } catch (error) {
    throw error instanceof z.ZodError ? within(path, toEstateError(error, '')) : error;
  }
}

function within(path: string, { path: place, reason }: EstateError): EstateError {
  return new EstateError(place === '' ? path : `${path}.${place}`, reason);
}

function act<T>(wish: z.ZodType<T>, run: (machine: Machine, given: T, now: number) => Outcome): Perform {
  return (machine, given, now) => run(machine, wish.parse(given), now);
}

function done(run: () => void): Outcome {
  run();
  return DONE;
}

function setTamperProtection(machine: Machine, { value }: { value: boolean }, now: number): Outcome {
  if (!machine.guest.defender) return failed(1, 'There is no Defender Antivirus on this machine.');
  return change(machine, now, 'tamper protection', (guest) => {
    guest.defender!.tamperProtected = value;
    return DONE;
  });
}
