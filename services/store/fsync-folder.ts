import { closeSync, fsyncSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Forces a folder with everything in it to disk. Symbolic links are not followed. */
export function fsyncFolder(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) fsyncFolder(path);
    else if (entry.isFile()) fsyncPath(path, 'r+');
  }
  fsyncDirectory(folder);
}

/** Forces a directory's own entries to disk, so that a file made or renamed in it is still there after a power cut. */
export function fsyncDirectory(folder: string): void {
  if (process.platform === 'win32') return; // Windows cannot open a directory for this; NTFS journals its entries
  fsyncPath(folder, 'r');
}

function fsyncPath(path: string, flags: 'r' | 'r+'): void {
  const fd = openSync(path, flags);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
