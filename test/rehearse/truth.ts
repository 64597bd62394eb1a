import type { AnyJson } from '../e2e/support/rehearsal.ts';

/** A turn of a machine's protection, as the pretend world kept it. */
export interface Turn {
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly cause: string;
}

/** What is true of a machine, whatever the bot says. */
export interface Truth {
  readonly id: string;
  readonly name: string;
  readonly ring: string;
  readonly protection: string;
  readonly turns: readonly Turn[];
  /** Why nobody can take it all the way; null when nothing stands in the way. */
  readonly obstacle: string | null;
}

/** The machines of an estate as `GET /_estate` tells of them. */
export function truthsOf(estate: AnyJson): readonly Truth[] {
  return estate.machines.map((machine: AnyJson) => ({
    id: machine.id.toLowerCase(),
    name: machine.name,
    ring: machine.tags?.ring ?? 'unassigned',
    protection: machine.protection,
    turns: machine.history.map(({ at, ...turn }: AnyJson) => ({ ...turn, at: Date.parse(at) })),
    obstacle: obstacles.find(([, holds]) => holds(machine))?.[0] ?? null,
  }));
}

/** What only people outside Azure can mend, by the truth of the machine. The first that holds is said. */
const obstacles: readonly (readonly [words: string, holds: (machine: AnyJson) => boolean])[] = [
  ['it is switched off', ({ vm }) => vm !== null && vm.power !== 'running'],
  ['Azure does not know what is inside it', ({ guestKnown }) => !guestKnown],
  ['its operating system is not supported', ({ os }) => /2008/.test(os.name)],
  ['2012 R2 on Azure has no managed run command', ({ os, vm }) => vm !== null && /2012 R2/.test(os.name)],
  ['its Arc agent is disconnected or expired', ({ arc }) => arc !== null && arc.status !== 'Connected'],
  ['its Arc agent is in monitor mode', ({ arc }) => arc?.configMode === 'monitor'],
  ['its Arc agent lets no run command in', ({ arc }) => arc !== null && refusesRunCommand(arc)],
  ['its Arc agent lets Defender not in', ({ arc }) => arc !== null && JSON.stringify(arc.blockList ?? []).includes('AzureDefender')],
  ['its agent is silent', ({ guest }) => guest.agent !== 'Running'],
  ['its scripts report success and change nothing', ({ lies }) => lies],
  ['the files of the Defender feature are gone, and no image is named', ({ guest }) => guest.defender?.feature === 'Removed'],
  ['the old product wants a token that nobody has', ({ guest }) => guest.thirdParty.some(({ token }: AnyJson) => token !== null)],
  ['Defender has no licence there', ({ guest }) => guest.mdatp !== null && guest.mdatp.licensed === false],
  ['the network lets Defender not out', ({ guest }) => guest.egress !== undefined && guest.egress !== 'open'],
  ['a group policy keeps Defender off', ({ guest }) => guest.defender?.disabledByPolicy === true],
  ['its extension fails for a reason on the machine', ({ guest }) => guest.extensionFailure !== null],
  ['Intune manages its Defender', ({ guest }) => guest.sensor?.managedBy === 'Intune'],
  ['its domain rewrites the passive key', ({ guest }) => guest.gpo !== null],
  ['its sensor is silent', ({ guest }) => guest.onboarded && guest.sensor?.health !== 'Active'],
];

function refusesRunCommand(arc: AnyJson): boolean {
  const [major = 0, minor = 0] = String(arc.agentVersion ?? '')
    .split('.')
    .map(Number);
  const allow = JSON.stringify(arc.allowList ?? []);
  return major < 1 || (major === 1 && minor < 33) || (arc.allowList?.length > 0 && !/runcommand/i.test(allow));
}
