import type { JoinableDevice, JoinableMachine } from './joinable.ts';

/** A machine whose device cannot be told. */
export interface Doubt {
  readonly kind: 'doubtful';
  readonly reason: string;
  readonly fix: string;
}

const EXCLUDE =
  'In the Defender portal (Assets > Devices), exclude the one that is no longer there; a device is forgotten 30 days after its last report.';
const BY_HAND = 'In the Defender portal (Assets > Devices), look which device it is';
const TELLS = 'a device knows its Azure resource id once the Defender extension has set it up on this machine';

/** Why a machine's device cannot be told, and what would settle it. */
export const doubts = {
  severalById: ({ name }: JoinableMachine, devices: readonly JoinableDevice[]): Doubt =>
    doubtful(`${devices.length} devices of Defender say at the same time that they are ${name} (${idsOf(devices)})`, EXCLUDE),

  severalByName: ({ name }: JoinableMachine, devices: readonly JoinableDevice[]): Doubt =>
    doubtful(
      `${devices.length} devices of Defender are called ${name} (${idsOf(devices)}), and none shows this machine’s Azure id`,
      EXCLUDE,
    ),

  severalMachines: ({ name }: JoinableMachine, count: number): Doubt =>
    doubtful(
      `${count} machines of the migration are called ${name}, and Defender’s device of that name does not say which of them it is`,
      `${BY_HAND}; ${TELLS}.`,
    ),

  sharedVmId: ({ name }: JoinableMachine): Doubt =>
    doubtful(
      `${name} shares its VM id with another machine of the migration, so Defender’s device could be either`,
      `${BY_HAND}; ${TELLS}.`,
    ),

  tiedElsewhere: ({ name }: JoinableMachine): Doubt =>
    doubtful(
      `Defender’s device of ${name} says that it is another Azure resource`,
      `If ${name} was moved or connected anew, set its Defender extension up again: ${TELLS}. If that is another server, nothing is wrong until ${name} is onboarded.`,
    ),

  earlierLife: ({ name }: JoinableMachine): Doubt =>
    doubtful(
      `Defender’s device of ${name} bears another VM id: it is from before the machine was made anew`,
      `Onboard ${name} as it is now, and exclude the old device in the Defender portal (Assets > Devices).`,
    ),

  mergedAway: ({ name }: JoinableMachine): Doubt =>
    doubtful(
      `Defender’s device of ${name} was merged into one that Defender does not list`,
      'Ask again in an hour; if it stays, look for it in the Defender portal (Assets > Devices).',
    ),

  markedDuplicate: ({ name }: JoinableMachine): Doubt =>
    doubtful(`the only device of Defender called ${name} is marked as a duplicate or as excluded`, `${BY_HAND}; ${TELLS}.`),
} as const;

function doubtful(reason: string, fix: string): Doubt {
  return { kind: 'doubtful', reason, fix };
}

/** The first digits of each id, as the portal finds them; what is no id is not repeated. */
function idsOf(devices: readonly JoinableDevice[]): string {
  const shown = devices.map(({ deviceId }) => (/^[0-9a-f]{8,}$/.test(deviceId) ? `${deviceId.slice(0, 8)}…` : '?')).toSorted();
  return shown.slice(0, 3).join(', ') + (shown.length > 3 ? ', …' : '');
}
