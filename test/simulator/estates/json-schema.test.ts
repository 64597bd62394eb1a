import { readFileSync } from 'node:fs';
import { estateJsonSchema } from '../../../simulator/estates/json-schema.ts';

const published = JSON.parse(readFileSync(new URL('../../../simulator/estates/estate.schema.json', import.meta.url), 'utf8'));

describe('the published schema of an estate', () => {
  it('is the one the simulator checks by (npm run schema writes it anew)', () => {
    expect(published).toEqual(JSON.parse(JSON.stringify(estateJsonSchema())));
  });
  it('wants of a machine its operating system and either its id or the parts of it', () => {
    const machine = published.properties.machines.items;
    expect(machine.required).toEqual(['os']);
    expect(machine.anyOf).toContainEqual({ required: ['id'] });
  });
  it('describes what is inside a machine', () => {
    const guest = published.properties.machines.items.properties.guest;
    expect(Object.keys(guest.properties)).toEqual(expect.arrayContaining(['passiveKey', 'defender', 'thirdParty', 'updates']));
  });
});
