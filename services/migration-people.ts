import type { z } from 'zod';
import { id, list, mapping, object, text, whole } from './migration-fields.ts';

const person = object(
  { id: id('the person’s object id in Entra'), name: text('the person’s name'), tenantId: id('the person’s tenant id').optional() },
  'a person with id and name',
);

const signer = (who: string) => {
  const shape = {
    id: id(`the ${who}’s object id in Entra`),
    name: text(`the ${who}’s name`),
    role: text(`the ${who}’s role`),
    tenantId: id(`the ${who}’s tenant id`).optional(),
  };
  return object(shape, `an ${who} with id, name and role`);
};

const persons = list(person, 'at least one person', 500);

/** A person as the file names them. */
export type PersonEntry = z.infer<typeof person>;

/** Those who may sign. */
export const approversSchema = list(signer('approver'), 'at least one approver', 100);

/** The section `people`: everybody beside the approvers. */
export const peopleSchema = object(
  {
    requesters: persons.optional(),
    attesters: mapping(persons, 'people for each step id').default({}),
    scheduleOwners: persons.optional(),
    alternates: object(
      {
        afterHours: whole(1, 72, 'hours').default(4),
        people: list(signer('alternate'), 'at least one alternate', 100),
      },
      'alternates with afterHours and people',
    ).optional(),
    owners: object(
      { tag: text('the name of the tag that says who owns a machine', 512), people: mapping(persons, 'people for each value of the tag') },
      'owners with tag and people',
    ).optional(),
  },
  'people with requesters, attesters, scheduleOwners, alternates and owners',
);
