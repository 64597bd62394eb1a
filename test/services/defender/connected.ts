import { connectAzure } from '../../../services/azure/index.ts';
import type { Patience } from '../../../services/azure/patience.ts';
import { readMigration } from '../../../services/migration-file.ts';
import type { OutsideOptions } from '../../../simulator/outside.ts';
import { type Json, type StartedOutside, startedOutside } from '../../simulator/started-outside.ts';
import { memoryLog } from '../azure/pretend-arm.ts';

export interface Connected extends Omit<StartedOutside, 'azure'> {
  readonly azure: ReturnType<typeof connectAzure>;
  /** The same clients with hardly any patience, for what never answers. */
  readonly hurried: ReturnType<typeof connectAzure>;
  /** Id in lower case of the machine of this name; `resource group/name` where the name is used twice. */
  idOf(name: string): Promise<string>;
  change(body: Json): Promise<void>;
  fault(path: string, fault: Json, more?: Json): Promise<void>;
  /** Takes a permission from the reader: the tokens it gets from now on lack it. */
  without(permission: string): Promise<void>;
  /** Takes all faults away, and lets enough time pass for what was asked to be forgotten. */
  mend(): Promise<void>;
  /** Method and path with query of what the reader asked of Graph and Defender. */
  asked(): string[];
}

/** The real clients against the pretended outside; waiting costs no time. */
export async function connected(options: Partial<OutsideOptions> = {}): Promise<Connected> {
  const outside = await startedOutside(options);
  const { identities, azure: url, caFile, migrationFile } = outside.ready;
  const parsed = await readMigration(migrationFile);
  if (parsed.kind !== 'ok') throw new Error(JSON.stringify(parsed.errors));
  const elsewhere = { teamsServiceUrl: '', teamsOpenidMetadata: '', teamsLogin: '', clockUrl: '' };
  const { migration } = parsed;
  const connect = (patience: Partial<Patience>) =>
    connectAzure({
      settings: { ...identities, rehearsal: { azureEndpoint: url, azureAuthority: url, caFile, ...elsewhere } },
      subscriptions: migration.subscriptions,
      clock: outside.clock,
      log: memoryLog(),
      patience: { pause: () => Promise.resolve(), ...patience },
    });
  async function door(path: string, body: Json): Promise<void> {
    const answer = await outside.door('POST', path, body);
    if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
  }
  return {
    ...outside,
    azure: connect({}),
    hurried: connect({ readMs: 1_000, repeats: 0 }),
    async idOf(wanted) {
      const { machines } = (await outside.door('GET', '/_estate')).body as { machines: Json[] };
      const found = machines.find(({ name, resourceGroup }) => [name, `${resourceGroup}/${name}`].includes(wanted));
      if (!found) throw new Error(`no machine ${wanted}`);
      return String(found['id']).toLowerCase();
    },
    change: (body) => door('/_estate', body),
    fault: (path, fault, more = {}) => door('/_faults', { match: { path }, fault, ...more }),
    without: (permission) => door('/_identities', { identity: 'reader', removePermission: permission }),
    async mend() {
      await outside.door('DELETE', '/_faults');
      outside.clock.move({ advanceSeconds: 1_000 });
    },
    asked: () =>
      outside.log
        .since(0)
        .filter(({ server, path }) => server === 'azure' && /^\/(v1\.0|beta|api)\//.test(path))
        .map(({ method, path }) => `${method} ${decodeURIComponent(path)}`),
  };
}
