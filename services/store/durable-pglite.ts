import { existsSync, fsyncSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { fsyncDirectory, fsyncFolder } from './fsync-folder.ts';
import { INT8, parseInt8 } from './int8.ts';

/** The embedded database and a counter of its fsyncs. */
export interface DurablePglite {
  readonly pglite: PGlite;
  readonly fsyncs: () => number;
}

type InitOptions = Parameters<NodeFS['init']>[1];
type PreRun = NonNullable<InitOptions['preRun']>[number];
type Module = Parameters<PreRun>[0];

/** The part of Emscripten's NODEFS that is patched; its own table of stream operations has no fsync, so PostgreSQL's calls went nowhere. */
interface NodeFsOperations {
  readonly stream_ops: { fsync?: (stream: Stream) => number };
  realPath(node: unknown): string;
}

interface Stream {
  /** The descriptor in Node; absent for a directory. */
  readonly nfd?: number;
  readonly node: unknown;
}

/** EIO in WASI's numbering: PostgreSQL stops itself when told this about its log. */
const EIO = 29;

class DurableNodeFs extends NodeFS {
  fsyncs = 0;

  override async init(...args: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const made = await super.init(...args);
    const preRun: PreRun = (module) => this.#hook(module);
    made.emscriptenOpts.preRun = [...(made.emscriptenOpts.preRun ?? []), preRun];
    return made;
  }

  #hook(module: Module): void {
    const operations = module.NODEFS as unknown as NodeFsOperations;
    const { ErrnoError } = module.FS as unknown as { ErrnoError: new (errno: number) => Error };
    operations.stream_ops.fsync = (stream) => {
      try {
        if (stream.nfd === undefined) fsyncDirectory(operations.realPath(stream.node));
        else fsyncSync(stream.nfd);
      } catch {
        throw new ErrnoError(EIO);
      }
      this.fsyncs += 1;
      return 0;
    };
  }
}

// As delivered, PGlite starts with -F: it never waits for the disk. wal_sync_method=fdatasync would not reach the hook either.
const startParams = PGlite.defaultStartParams
  .filter((parameter) => parameter !== '-F')
  .concat('-c', 'fsync=on', '-c', 'wal_sync_method=fsync', '-c', 'synchronous_commit=on', '-c', 'shared_buffers=16MB');

/**
 * Opens PGlite on a folder so that a commit is on disk before it is acknowledged. The caller must own the folder: two processes
 * would corrupt it. A folder that does not exist is made beside its place and moved there when it is whole, so that a crash
 * during the first start leaves nothing half made.
 */
export async function openDurablePglite(folder: string): Promise<DurablePglite> {
  if (!existsSync(join(folder, 'PG_VERSION'))) await create(folder);
  return open(folder);
}

async function create(folder: string): Promise<void> {
  const beside = `${folder}.new`;
  rmSync(beside, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  const { pglite } = await open(beside);
  await pglite.close();
  fsyncFolder(beside);
  renameSync(beside, folder);
  fsyncDirectory(dirname(folder));
}

async function open(folder: string): Promise<DurablePglite> {
  const files = new DurableNodeFs(folder);
  const pglite = await PGlite.create({ fs: files, startParams, parsers: { [INT8]: parseInt8 } });
  return { pglite, fsyncs: () => files.fsyncs };
}
