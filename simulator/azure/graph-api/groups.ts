import type { Group } from '../../estates/directory.ts';
import { createRandom, seedOf } from '../../random.ts';
import { type ArmCall, type ArmReply, type ArmRoute, ok } from '../arm-route.ts';
import { createFields } from '../odata/fields.ts';
import { compileFilter } from '../odata/filter.ts';
import { pageByToken } from '../odata/paging.ts';
import { selected } from '../odata/select.ts';
import type { Store } from '../state.ts';
import { DIRECTORY_PAGE, deviceEntity } from './devices.ts';
import { changedGroup, newGroup } from './group-body.ts';
import { collectionBody, notInDirectory, PAGING, understood } from './odata-answer.ts';

const TYPE = 'microsoft.graph.group';
const FIELDS = createFields(
  {
    createdDateTime: 'instant',
    displayName: 'string',
    groupTypes: 'strings',
    id: 'string',
    mailEnabled: 'boolean',
    mailNickname: 'string',
    membershipRuleProcessingState: 'string',
    securityEnabled: 'boolean',
  },
  'Group',
  true,
);

export function groupEntity(group: Group): Record<string, unknown> {
  return {
    id: group.id,
    deletedDateTime: null,
    classification: null,
    createdDateTime: group.createdAt,
    description: group.description,
    displayName: group.displayName,
    expirationDateTime: null,
    groupTypes: group.membershipRule === null ? [] : ['DynamicMembership'],
    isAssignableToRole: null,
    mail: null,
    mailEnabled: false,
    mailNickname: group.mailNickname,
    membershipRule: group.membershipRule,
    membershipRuleProcessingState: group.membershipRuleProcessingState,
    onPremisesLastSyncDateTime: null,
    onPremisesSecurityIdentifier: null,
    onPremisesSyncEnabled: null,
    preferredDataLocation: null,
    preferredLanguage: null,
    proxyAddresses: [],
    renewedDateTime: group.createdAt,
    resourceBehaviorOptions: [],
    resourceProvisioningOptions: [],
    securityEnabled: true,
    theme: null,
    visibility: null,
    onPremisesProvisioningErrors: [],
  };
}

export function groupRoutes(store: Store, seed: number, follow: () => void, baseUrl: () => string): ArmRoute[] {
  const groups = () => store.state.estate.directory.groups;
  const single = (group: Group) => ({ '@odata.context': `${baseUrl()}/v1.0/$metadata#groups/$entity`, ...groupEntity(group) });

  function find({ params }: ArmCall): Group {
    const id = params['id'] ?? '';
    const group = groups().find((candidate) => candidate.id === id.toLowerCase());
    if (!group) throw notInDirectory(id);
    return group;
  }
  function list({ query }: ArmCall): ArmReply {
    const body = understood(query, PAGING, 'Request_UnsupportedQuery', () => {
      const filter = query.get('$filter');
      const test = filter === null ? () => true : compileFilter(filter, FIELDS);
      const found = groups().map(groupEntity).filter(test);
      const of = { context: 'groups', path: '/v1.0/groups', type: TYPE, total: found.length };
      return collectionBody(baseUrl(), of, pageByToken(found, query, DIRECTORY_PAGE), query);
    });
    return ok(body);
  }
  function create({ body }: ArmCall): ArmReply {
    const content = newGroup(body);
    store.state.draws += 1;
    const id = createRandom(seed ^ seedOf(`group|${store.state.draws}`)).guid();
    const group: Group = { id, ...content, createdAt: new Date(store.clock.now()).toISOString(), members: [] };
    groups().push(group);
    store.touch();
    follow();
    return { status: 201, headers: { location: `${baseUrl()}/v1.0/groups/${id}` }, body: single(group) };
  }
  function get(call: ArmCall): ArmReply {
    const group = find(call);
    return ok(understood(call.query, ['$select'], 'BadRequest', () => selected(single(group), call.query, TYPE)));
  }
  function patch(call: ArmCall): ArmReply {
    const group = find(call);
    Object.assign(group, changedGroup(group, call.body));
    store.touch();
    follow();
    return { status: 204 };
  }
  function remove(call: ArmCall): ArmReply {
    const group = find(call);
    groups().splice(groups().indexOf(group), 1);
    store.touch();
    follow();
    return { status: 204 };
  }
  // No group here holds another, so the members and all they hold are the same.
  function members(kind: 'members' | 'transitiveMembers'): ArmRoute['run'] {
    return (call) => {
      follow();
      const wanted = new Set(find(call).members);
      const found = store.state.estate.directory.devices
        .filter(({ id }) => wanted.has(id))
        .map((device) => ({ '@odata.type': '#microsoft.graph.device', ...deviceEntity(device) }));
      const of = {
        context: 'directoryObjects',
        path: `/v1.0/groups/${call.params['id']}/${kind}`,
        type: 'microsoft.graph.device',
        total: found.length,
      };
      const options = PAGING.filter((option) => option !== '$filter');
      return ok(
        understood(call.query, options, 'BadRequest', () =>
          collectionBody(baseUrl(), of, pageByToken(found, call.query, DIRECTORY_PAGE), call.query),
        ),
      );
    };
  }
  const read = { api: 'graph', method: 'GET', action: 'Group.Read.All', versions: [] } as const;
  const write = { api: 'graph', action: 'Group.ReadWrite.All', versions: [] } as const;
  return [
    { ...read, path: '/v1.0/groups', run: list },
    { ...write, method: 'POST', path: '/v1.0/groups', run: create },
    { ...read, path: '/v1.0/groups/{id}', run: get },
    { ...write, method: 'PATCH', path: '/v1.0/groups/{id}', run: patch },
    { ...write, method: 'DELETE', path: '/v1.0/groups/{id}', run: remove },
    { ...read, path: '/v1.0/groups/{id}/members', run: members('members') },
    { ...read, path: '/v1.0/groups/{id}/transitiveMembers', run: members('transitiveMembers') },
  ];
}
