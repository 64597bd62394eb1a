import type { VirtualMachine } from '@azure/arm-compute';
import { z } from 'zod';
import type { Evidence } from '../../core/evidence.ts';
import { read } from '../../core/evidence.ts';
import type { PlanTarget } from '../../core/plan.ts';
import type { TargetReader } from '../../core/ports.ts';
import type { AzureContext } from './context.ts';
import { unreadBecause } from './errors.ts';
import { arcOsType, locationName } from './machine-facts.ts';
import type { MachineId } from './machine-id.ts';
import { parseMachineId } from './machine-id.ts';
import { readSecuritySettings } from './security-settings.ts';
import { troubleOf } from './trouble.ts';

/** What it works with. */
type Asking = Pick<AzureContext, 'clients' | 'clock'>;
type Fingerprint = Readonly<Record<string, string>>;

const SOURCE = 'the resource provider';

const machineSchema = z.object({ location: z.string().min(1), vmId: z.string().nullish(), osType: z.string().nullish() });
const arcSchema = z.object({
  location: z.string().min(1),
  properties: z.object({ vmId: z.string().nullish(), osType: z.string().nullish(), osName: z.string().nullish() }),
});

/** Codes of a 404 that mean the target itself is gone, and not just something about it. */
const GONE: ReadonlySet<string> = new Set(['ResourceNotFound', 'ResourceGroupNotFound', 'NotFound', 'SubscriptionNotFound', '']);

/** Asks the resource provider itself about a target: `vmId`, `osType` and `location` of a machine, `endpointProtection` of a subscription. The organisation is always itself. */
export function createTargetReader(context: Asking): TargetReader {
  return {
    async fingerprint(target) {
      const at = context.clock.now();
      try {
        return read(await fingerprintOf(context, target), SOURCE, at);
      } catch (error) {
        return gone(error, at) ?? unreadBecause(error, doingFor(target), SOURCE, at);
      }
    },
  };
}

async function fingerprintOf(context: Asking, target: PlanTarget): Promise<Fingerprint> {
  if (target.kind === 'organisation') return {};
  if (target.kind === 'subscription') {
    const { endpointProtection } = await readSecuritySettings(context.clients.security(target.id));
    return { endpointProtection: endpointProtection === null ? '' : String(endpointProtection) };
  }
  const id = parseMachineId(target.id);
  if (id === null) throw new TypeError('the target is not a machine id');
  return id.kind === 'arc' ? arcFingerprint(context, target.id) : vmFingerprint(context, id);
}

async function vmFingerprint(context: Asking, { subscriptionId, resourceGroup, name }: MachineId): Promise<Fingerprint> {
  const machine: VirtualMachine = await context.clients.compute(subscriptionId).virtualMachines.get(resourceGroup, name);
  const osType = machine.storageProfile?.osDisk?.osType;
  return fingerprint(machineSchema.parse({ location: machine.location, vmId: machine.vmId, osType }));
}

async function arcFingerprint(context: Asking, id: string): Promise<Fingerprint> {
  const { location, properties } = arcSchema.parse(await context.clients.get(id, { 'api-version': '2025-01-13' }));
  return fingerprint({ location, vmId: properties.vmId, osType: arcOsType(properties.osType || properties.osName || '') });
}

/** In the spelling the inventory uses, so that only real differences show. */
function fingerprint({ vmId, osType, location }: z.output<typeof machineSchema>): Fingerprint {
  return { vmId: vmId?.toLowerCase() ?? '', osType: osType?.toLowerCase() ?? '', location: locationName(location) };
}

function gone(error: unknown, at: number): Evidence<null> | null {
  const { kind, code } = troubleOf(error);
  return kind === 'missing' && GONE.has(code) ? read(null, SOURCE, at) : null;
}

function doingFor({ kind, name }: PlanTarget) {
  return kind === 'subscription'
    ? ({ what: 'the Defender for Cloud settings', where: `subscription ${name}`, identity: 'reader', role: 'Security Reader' } as const)
    : ({ what: 'the present state', where: `machine ${name}`, identity: 'reader', role: 'Reader' } as const);
}
