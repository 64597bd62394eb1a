import type { Guest } from '../../estates/guest.ts';

type Server = NonNullable<Guest['wsusServer']>;
type Text = (value: string, longest: number) => string;

interface Rule {
  name: string;
  enabled: boolean;
  products: string[] | null;
  classifications: string[] | null;
}
interface WsusFacts {
  products: string[];
  classifications: string[];
  rules: Rule[];
  lastSync: string | null;
  shortened: boolean;
}

/** The longest line of the probe, in bytes. */
const MOST = 3_584;
const DEFENDER = /defender/i;
const WANTED = /Defender|Windows Server 2012 R2/i;
const KINDS = /^(?:Definition Updates|Updates|Critical Updates|Security Updates|Update Rollups)$/i;

/** Titles as the probe prints them: what has to do with Defender first. */
export function titlesOf(titles: readonly string[], text: Text): string[] {
  const short = titles.map((title) => text(title, 60));
  return [...short.filter((title) => DEFENDER.test(title)), ...short.filter((title) => !DEFENDER.test(title))];
}

/** What the probe prints of a WSUS server; a rule that names none is for all of them. */
export function wsusFacts(server: Server, titles: (all: readonly string[]) => string[], text: Text): WsusFacts {
  const named = (all: readonly string[]) => (all.length > 0 ? titles(all) : null);
  return {
    products: titles(server.products),
    classifications: titles(server.classifications),
    rules: server.rules.map(({ name, enabled, products, classifications }) => ({
      name: text(name, 40),
      enabled,
      products: named(products),
      classifications: named(classifications),
    })),
    lastSync: server.lastSync === null ? null : `${new Date(server.lastSync).toISOString().slice(0, 19)}Z`,
    shortened: false,
  };
}

/** The line, with less of the WSUS server where it would be too long: first what no step asks for, then all of it. */
export function withinLine(line: Record<string, unknown> & { wsusServer: WsusFacts | null; unchecked: string[] }): Record<string, unknown> {
  const whole = line.wsusServer;
  if (whole === null || fits(line)) return line;
  const shortened = shorten(whole);
  if (fits({ ...line, wsusServer: shortened })) return { ...line, wsusServer: shortened };
  const acting = { ...shortened, rules: shortened.rules.filter(({ enabled, products }) => enabled && products?.length !== 0) };
  if (fits({ ...line, wsusServer: acting })) return { ...line, wsusServer: acting };
  return { ...line, wsusServer: null, unchecked: [...line.unchecked, 'wsus-server'].toSorted() };
}

function shorten(server: WsusFacts): WsusFacts {
  const only = (titles: string[], pattern: RegExp) => titles.filter((title) => pattern.test(title));
  return {
    ...server,
    products: only(server.products, WANTED),
    classifications: only(server.classifications, KINDS),
    rules: server.rules.map((rule) => ({
      ...rule,
      products: rule.products && only(rule.products, WANTED),
      classifications: rule.classifications && only(rule.classifications, KINDS),
    })),
    shortened: true,
  };
}

// PowerShell writes these five characters longer than JSON.stringify does.
function fits(line: unknown): boolean {
  return JSON.stringify(line).replace(/[<>&']/g, String.raw`\u0000`).length <= MOST;
}
