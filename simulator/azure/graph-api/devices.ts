import type { DirectoryDevice } from '../../estates/directory.ts';
import { type ArmCall, type ArmReply, type ArmRoute, ok } from '../arm-route.ts';
import { createFields } from '../odata/fields.ts';
import { compileFilter } from '../odata/filter.ts';
import { pageByToken } from '../odata/paging.ts';
import { selected } from '../odata/select.ts';
import type { Store } from '../state.ts';
import { collectionBody, notInDirectory, PAGING, understood } from './odata-answer.ts';

const FIELDS = createFields(
  {
    accountEnabled: 'boolean',
    deviceId: 'string',
    displayName: 'string',
    id: 'string',
    operatingSystem: 'string',
    operatingSystemVersion: 'string',
    registrationDateTime: 'instant',
  },
  'Device',
  true,
);
export const DIRECTORY_PAGE = { usual: 100, largest: 999 };

/** A directory device as Graph shows it. */
export function deviceEntity(device: DirectoryDevice): Record<string, unknown> {
  return {
    id: device.id,
    deletedDateTime: null,
    accountEnabled: device.accountEnabled,
    approximateLastSignInDateTime: null,
    complianceExpirationDateTime: null,
    createdDateTime: device.registeredAt,
    deviceCategory: null,
    deviceId: device.deviceId,
    deviceMetadata: null,
    deviceOwnership: 'Company',
    deviceVersion: 2,
    displayName: device.displayName,
    domainName: null,
    enrollmentProfileName: null,
    enrollmentType: null,
    externalSourceName: null,
    isCompliant: null,
    isManaged: device.managementType !== null,
    isRooted: null,
    managementType: device.managementType,
    manufacturer: null,
    mdmAppId: null,
    model: null,
    onPremisesLastSyncDateTime: null,
    onPremisesSyncEnabled: null,
    operatingSystem: device.operatingSystem,
    operatingSystemVersion: device.operatingSystemVersion,
    physicalIds: [],
    profileType: 'RegisteredDevice',
    registrationDateTime: device.registeredAt,
    sourceType: null,
    systemLabels: [],
    trustType: null,
    extensionAttributes: {},
    alternativeSecurityIds: [],
  };
}

export function deviceRoutes(store: Store, follow: () => void, baseUrl: () => string): ArmRoute[] {
  function list({ query }: ArmCall): ArmReply {
    follow();
    const body = understood(query, PAGING, 'Request_UnsupportedQuery', () => {
      const filter = query.get('$filter');
      const test = filter === null ? () => true : compileFilter(filter, FIELDS);
      const found = store.state.estate.directory.devices.map(deviceEntity).filter(test);
      const of = { context: 'devices', path: '/v1.0/devices', type: 'microsoft.graph.device', total: found.length };
      return collectionBody(baseUrl(), of, pageByToken(found, query, DIRECTORY_PAGE), query);
    });
    return ok(body);
  }
  function get({ params, query }: ArmCall): ArmReply {
    const id = params['id'] ?? '';
    const device = store.state.estate.directory.devices.find((candidate) => candidate.id === id.toLowerCase());
    if (!device) throw notInDirectory(id);
    const shown = understood(query, ['$select'], 'BadRequest', () => selected(deviceEntity(device), query, 'microsoft.graph.device'));
    return ok({ '@odata.context': `${baseUrl()}/v1.0/$metadata#devices/$entity`, ...shown });
  }
  const route = { api: 'graph', method: 'GET', action: 'Device.Read.All', versions: [] } as const;
  return [
    { ...route, path: '/v1.0/devices', run: list },
    { ...route, path: '/v1.0/devices/{id}', run: get },
  ];
}
