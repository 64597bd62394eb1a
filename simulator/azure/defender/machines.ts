import { ArmError } from '../arm-error.ts';
import { type ArmCall, type ArmReply, type ArmRoute, ok } from '../arm-route.ts';
import { createFields } from '../odata/fields.ts';
import { compileFilter } from '../odata/filter.ts';
import { pageBySkip } from '../odata/paging.ts';
import { allowOptions } from '../odata/select.ts';
import { ODataError } from '../odata/tokens.ts';
import type { Store } from '../state.ts';
import { createCallBudget, MACHINE_LIMITS, retryAfter } from './call-budget.ts';
import { machineEntity, sightingEntity } from './machine-entity.ts';
import { notFound } from './not-found.ts';
import type { Offboarding } from './offboarding.ts';
import { sightingsOf } from './sightings.ts';

const MINUTE = 60_000;
const LARGEST_TOP = 10_000;
/** learn.microsoft.com/defender-endpoint/api/get-machines names these and no others. */
const FIELDS = createFields(
  {
    aadDeviceId: 'string',
    computerDnsName: 'string',
    deviceValue: 'string',
    exposureLevel: 'string',
    healthStatus: 'string',
    id: 'string',
    lastIpAddress: 'string',
    lastSeen: 'instant',
    machineTags: 'strings',
    onboardingStatus: 'string',
    osPlatform: 'string',
    rbacGroupId: 'number',
    riskScore: 'string',
    version: 'string',
  },
  'Microsoft.Windows.Defender.PublicApi.Machine',
);

/** The machines of the Defender API and what it does with them. */
export function machineRoutes(store: Store, follow: () => void, baseUrl: () => string, offboarding: Offboarding): ArmRoute[] {
  const budget = () => createCallBudget(MACHINE_LIMITS, () => store.clock.now());

  function entities(): Record<string, unknown>[] {
    follow();
    const { estate, defender } = store.state;
    const until = store.clock.now() - estate.directory.lagMinutes.devices * MINUTE;
    const own = estate.machines.flatMap((machine) => {
      const history = defender.histories[machine.id.toLowerCase()];
      const entity = history ? machineEntity(machine, history, until, estate.directory.securitySettingsManagement) : null;
      return entity ? [entity] : [];
    });
    return [...own, ...sightingsOf(estate, store.clock.now()).map(sightingEntity)];
  }
  function list({ query }: ArmCall): ArmReply {
    const all = entities();
    if (all.length === 0) throw notFound('Machines');
    return ok(
      understood(() => {
        allowOptions(query, ['$top', '$skip', '$filter']);
        const filter = query.get('$filter');
        const found = filter === null ? all : all.filter(compileFilter(filter, FIELDS));
        const { items, next } = pageBySkip(found, query, store.state.estate.directory.machinesPage, LARGEST_TOP);
        const context = { '@odata.context': `${baseUrl()}/api/$metadata#Machines` };
        if (!next) return { ...context, value: items };
        return { ...context, value: items, '@odata.nextLink': `${baseUrl()}/api/machines?${next.toString().replaceAll('%24', '$')}` };
      }),
    );
  }
  // The id may be the name of the computer as well.
  function get({ params }: ArmCall): ArmReply {
    const wanted = (params['id'] ?? '').toLowerCase();
    const found = entities().find((entity) => entity['id'] === wanted || entity['computerDnsName'] === wanted);
    if (!found) throw notFound(`Machine ${params['id']}`);
    return ok({ '@odata.context': `${baseUrl()}/api/$metadata#Machines/$entity`, ...found });
  }
  const route = { api: 'defender', versions: [] } as const;
  return [
    { ...route, method: 'GET', path: '/api/machines', action: 'Machine.Read.All', run: limited(budget(), list) },
    { ...route, method: 'GET', path: '/api/machines/{id}', action: 'Machine.Read.All', run: limited(budget(), get) },
    {
      ...route,
      method: 'POST',
      path: '/api/machines/{id}/offboard',
      action: 'Machine.Offboard',
      run: limited(budget(), offboarding.offboard),
    },
    { ...route, method: 'GET', path: '/api/machineactions/{id}', action: 'Machine.Read.All', run: limited(budget(), offboarding.action) },
  ];
}

function limited(spend: ReturnType<typeof createCallBudget>, run: ArmRoute['run']): ArmRoute['run'] {
  return (call) => {
    const excess = spend();
    if (!excess) return run(call);
    const { calls, windowMs } = excess.limit;
    const message = `API calls quota exceeded! Maximum allowed ${calls} per ${windowMs / MINUTE} minutes for this API.`;
    throw new ArmError(429, 'TooManyRequests', message, { headers: { 'retry-after': retryAfter(excess) } });
  };
}

function understood<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ODataError)) throw error;
    throw new ArmError(400, 'ODataError', error.message);
  }
}
