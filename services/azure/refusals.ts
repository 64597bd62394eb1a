import type { MachineFacts } from '../../core/machine.ts';

/** What an Arc agent reports of the controls that are set on the machine itself; blank when it reports nothing. */
export interface LocalControls {
  /** `full` or `monitor`. */
  readonly configMode: string;
  /** `true` or `false`. */
  readonly extensionsEnabled: string;
  /** As reported: a list of `{publisher, type}` or of `publisher/type`. Its shape is not documented. UNVERIFIED. */
  readonly allowList?: unknown;
  readonly blockList?: unknown;
}

interface Handler {
  readonly publisher: string;
  /** What its type begins with, on the machine's own system and on the other one. */
  readonly type: string;
  readonly elsewhere: string;
}

const RUN_COMMAND = { publisher: 'microsoft.cplat.core', type: 'runcommandhandler', elsewhere: '' };

/**
 * What the machine refuses by its mode, its switch and its lists. Monitor mode blocks Run Command; it lets security extensions through.
 * An allow list that is not empty lets nothing else through. Source: “Security for extensions” of Azure Arc on learn.microsoft.com.
 */
export function refusalsOf(controls: LocalControls, windows: boolean): MachineFacts['refuses'] {
  const { configMode, extensionsEnabled, allowList, blockList } = controls;
  if (configMode === '' && extensionsEnabled === '') return null;
  const off = extensionsEnabled.toLowerCase() === 'false';
  const [allowed, blocked] = [entriesOf(allowList), entriesOf(blockList)];
  const barred = (handler: Handler) =>
    off || blocked.some((entry) => names(entry, handler)) || (allowed.length > 0 && !allowed.some((entry) => names(entry, handler)));
  const [type, elsewhere] = windows ? ['mde.windows', 'mde.linux'] : ['mde.linux', 'mde.windows'];
  return {
    defender: barred({ publisher: 'azuredefenderforservers', type, elsewhere }),
    runCommand: configMode.toLowerCase() === 'monitor' || barred(RUN_COMMAND),
  };
}

/** `publisher/type` in lower case. */
function entriesOf(list: unknown): readonly string[] {
  const items: readonly unknown[] = Array.isArray(list) ? list : typeof list === 'string' ? list.split(',') : [];
  return items.map((item) => textOf(item).trim().toLowerCase()).filter((text) => text !== '' && text !== 'null' && text !== '[]');
}

function textOf(item: unknown): string {
  if (typeof item === 'string') return item;
  return typeof item === 'object' && item !== null ? Object.values(item).join('/') : '';
}

/** An entry that names only a publisher means all of its extensions. */
function names(entry: string, { publisher, type, elsewhere }: Handler): boolean {
  if (entry.includes(type)) return true;
  return entry.includes(publisher) && !(elsewhere !== '' && entry.includes(elsewhere)) && !entry.includes(`${publisher}/`);
}
