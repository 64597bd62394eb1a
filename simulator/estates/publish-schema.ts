import { writeFileSync } from 'node:fs';
import { estateJsonSchema } from './json-schema.ts';

writeFileSync(new URL('./estate.schema.json', import.meta.url), `${JSON.stringify(estateJsonSchema(), null, 2)}\n`);
