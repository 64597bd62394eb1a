import type { ListedServer } from './facts/server-list.ts';
import type { MachineFacts, OperatingSystem } from './machine.ts';
import { operatingSystem } from './machine.ts';

/** A machine of Azure, as far as a server list can be compared with it. `fqdn` is empty where Azure does not say, and absent in what an older release kept. */
export type Shown = Pick<MachineFacts, 'id' | 'name'> & Partial<Pick<MachineFacts, 'resourceGroup'>> & { readonly fqdn?: string };

/** Servers of the list and machines of Azure that fit each other and cannot be told apart: who is who is not known. */
export interface Unclear {
  /** Names, as the list has them. */
  readonly servers: readonly string[];
  /** Names, as Azure has them; with the resource group where several share one. */
  readonly machines: readonly string[];
}

/** How the server list and Azure compare. */
export interface Comparison {
  /** How many servers the list has. */
  readonly servers: number;
  /** Servers of the list that Azure does not show, as machines of the kind `listed`. */
  readonly missing: readonly MachineFacts[];
  /** Names of machines in Azure that are on nobody's list. */
  readonly unlisted: readonly string[];
  readonly unclear: readonly Unclear[];
}

/** The same, with what is known of the list itself. */
export interface Listing extends Comparison {
  /** The day it was drawn up, in the migration's zone: `2026-11-20`. */
  readonly day: string;
  readonly attestedBy: string;
  /** Of the file's bytes. */
  readonly sha256: string;
}

const PREFIX = 'listed:';

/** Is this the id of a server that is on the list, and nowhere in Azure? */
export function isListed(machineId: string): boolean {
  return machineId.startsWith(PREFIX);
}

/**
 * Joins a server list with what Azure shows: by fully qualified name, and where one side does not have it by host name, without regard to case.
 * Two different domains are two servers. `ownerTag` is the tag under which a missing server keeps its owner.
 */
export function compareWithList(servers: readonly ListedServer[], shown: readonly Shown[], ownerTag: string): Comparison {
  const listed = servers.map((server) => ({ server, fqdn: qualified(server), host: hostOf(server.name) }));
  const machines = shown.map((machine) => ({ machine, fqdn: qualified(machine), host: hostOf(machine.name) }));
  const byFqdn = groupsOf(listed, machines, ({ fqdn }) => fqdn);
  const sure = joined(byFqdn.filter(({ fits }) => fits.length > 0));
  // A machine that is known by its domain is no other server's, however that is called.
  const byHost = groupsOf(
    listed.filter((one) => !sure.listed.has(one)),
    machines.filter((one) => !sure.machines.has(one)),
    ({ host }) => host,
  );
  const likely = joined(byHost.map(withoutOtherDomains));
  const twice = repeatedNames(servers);
  const missing = listed.filter((one) => !sure.listed.has(one) && !likely.listed.has(one));
  const unlisted = machines.filter((one) => !sure.machines.has(one) && !likely.machines.has(one));
  return {
    servers: servers.length,
    missing: missing.map(({ server }) => missingMachine(server, twice.has(server.name.toLowerCase()), ownerTag)),
    unlisted: unlisted.map(({ machine }) => machine.name),
    unclear: [...sure.unclear, ...likely.unclear],
  };
}

interface Keyed {
  /** Empty where it is not known. */
  readonly fqdn: string;
  readonly host: string;
}
type Listed = Keyed & { readonly server: ListedServer };
type Machine = Keyed & { readonly machine: Shown };
interface Group {
  readonly wanted: readonly Listed[];
  readonly fits: readonly Machine[];
}

/** Servers with the machines that share a key with them; those without a key are in no group. */
function groupsOf(listed: readonly Listed[], machines: readonly Machine[], keyOf: (one: Keyed) => string): readonly Group[] {
  const fits = Map.groupBy(machines, keyOf);
  const wanted = Map.groupBy(listed, keyOf);
  return [...wanted].flatMap(([key, group]) => (key === '' ? [] : [{ wanted: group, fits: fits.get(key) ?? [] }]));
}

function withoutOtherDomains({ wanted, fits }: Group): Group {
  const might = (server: Keyed, machine: Keyed) => server.fqdn === '' || machine.fqdn === '';
  return {
    wanted: wanted.filter((server) => fits.some((machine) => might(server, machine))),
    fits: fits.filter((machine) => wanted.some((server) => might(server, machine))),
  };
}

function joined(groups: readonly Group[]) {
  const met = groups.filter(({ fits }) => fits.length > 0);
  return {
    listed: new Set(met.flatMap(({ wanted }) => wanted)),
    machines: new Set(met.flatMap(({ fits }) => fits)),
    unclear: met.flatMap(({ wanted, fits }): readonly Unclear[] => {
      if (wanted.length === 1 && fits.length === 1) return [];
      return [{ servers: wanted.map(({ server }) => server.name), machines: toldApart(fits) }];
    }),
  };
}

function toldApart(fits: readonly Machine[]): readonly string[] {
  const named = Map.groupBy(fits, ({ machine }) => machine.name.toLowerCase());
  const words = fits.map(({ machine: { name, resourceGroup } }) => {
    const shared = (named.get(name.toLowerCase())?.length ?? 0) > 1;
    return shared && resourceGroup !== undefined ? `${name} (${resourceGroup})` : name;
  });
  return words.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
}

/** The fully qualified name in lower case; a name that holds a dot is one too. Empty where none is known. */
function qualified({ name, fqdn = '' }: { readonly name: string; readonly fqdn?: string }): string {
  return [fqdn, name].map((text) => text.trim().toLowerCase()).find((text) => text.includes('.')) ?? '';
}

function hostOf(name: string): string {
  return name.trim().toLowerCase().split('.')[0] ?? '';
}

function repeatedNames(servers: readonly ListedServer[]): ReadonlySet<string> {
  const groups = Map.groupBy(servers, ({ name }) => name.toLowerCase());
  return new Set([...groups].flatMap(([name, { length }]) => (length > 1 ? [name] : [])));
}

/** What is known of a server that only the list knows. */
function missingMachine({ name, fqdn, owner, os }: ListedServer, nameIsShared: boolean, ownerTag: string): MachineFacts {
  return {
    id: `${PREFIX}${(nameIsShared && fqdn !== '' ? fqdn : name).toLowerCase()}`,
    name,
    kind: 'listed',
    subscriptionId: '',
    resourceGroup: '',
    location: '',
    os: systemOf(os),
    osLabel: os,
    status: '',
    configMode: null,
    agentVersion: null,
    refuses: null,
    statusSince: null,
    fqdn: fqdn.toLowerCase(),
    esu: null,
    vmId: null,
    availabilitySet: null,
    tags: owner === '' ? {} : { [ownerTag]: owner },
  };
}

const LINUX = /linux|ubuntu|debian|red ?hat|\brhel|centos|\bsles|suse|rocky|fedora/i;
const SERVER_YEAR = /\b20\d\d\b/;

/** A list words systems as its author pleases: what names no Linux and no release of Windows Server is not known, rather than unsupported. */
function systemOf(os: string): OperatingSystem | null {
  if (LINUX.test(os)) return 'linux';
  return SERVER_YEAR.test(os) ? operatingSystem('windows', os) : null;
}
