import type { AzureFinding } from '../azure/check.ts';
import type { DefenderContext } from './context.ts';
import { explainReading } from './errors.ts';
import { hunt } from './hunting.ts';
import { machinesPage } from './machines-list.ts';
import { huntingQueries } from './queries.ts';
import { readings } from './readings.ts';

/** The least that shows whether the reader identity may read it. */
const attempts: Readonly<Record<keyof typeof readings, (context: DefenderContext) => Promise<unknown>>> = {
  hunting: ({ graph }) => hunt(graph, huntingQueries.anyDevice),
  machines: ({ defender }) => machinesPage(defender, 1, 0),
  policies: ({ graph }) => graph.get('/beta/deviceManagement/configurationPolicies', { $top: '1' }),
  groups: ({ graph }) => graph.get('/v1.0/groups', { $top: '1', $select: 'id' }),
};

/** Tries each permission that the reader identity needs of Graph and Defender; changes nothing. */
export function checkDefender(context: DefenderContext): Promise<readonly AzureFinding[]> {
  const names = Object.keys(readings) as (keyof typeof readings)[];
  return Promise.all(names.map((name) => checkOne(context, name)));
}

async function checkOne(context: DefenderContext, name: keyof typeof readings): Promise<AzureFinding> {
  const subject = readings[name].what;
  try {
    await attempts[name](context);
    return { subject, works: true, says: 'can be read', fix: '' };
  } catch (error) {
    const { reason, fix } = explainReading(error, readings[name]);
    return { subject, works: false, says: reason, fix };
  }
}
