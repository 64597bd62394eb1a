import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('./removal/', import.meta.url));

/** The removal scripts that the sample's migration file names, by their paths from its folder. */
export function removalScripts(): readonly { readonly name: string; readonly text: string }[] {
  return readdirSync(FOLDER).map((file) => ({ name: `removal/${file}`, text: readFileSync(`${FOLDER}${file}`, 'utf8') }));
}
