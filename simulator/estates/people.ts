/** Somebody who takes part in the rehearsal; `id` is the Entra object id. */
export interface Person {
  name: string;
  id: string;
  tenantId: string;
  upn: string;
  role: 'approver' | 'engineer' | 'owner' | 'manager' | 'guest';
  isGuest: boolean;
  /** The part they play, as the migration file names it. */
  title: string;
}

export interface Channel {
  tenantId: string;
  teamId: string;
  teamName: string;
  channelId: string;
  channelName: string;
  /** Further channels of the team, besides General. */
  others: { id: string; name: string }[];
}

export const TENANT_ID = '8c1d6f3a-52b4-4e0b-9a77-3f60c5e1d204';
export const PARTNER_TENANT_ID = 'e4b7a9c2-1d58-4f36-8b0e-92d7c6a5f311';

export const CHANNEL: Channel = {
  tenantId: TENANT_ID,
  teamId: '19:3b1f6c0e4d7a42c9a5e8f0b2d6719c44@thread.tacv2',
  teamName: 'Server platform',
  channelId: '19:9d2e7a51c6b84f0db3a1e5f7c8420b66@thread.tacv2',
  channelName: 'Defender migration',
  others: [{ id: '19:5c8e0b7d2fa94e3c8d16b4e07a93f255@thread.tacv2', name: 'Patch nights' }],
};

function member(name: string, id: string, role: Person['role'], title: string): Person {
  return { name, id, tenantId: TENANT_ID, upn: `${mailName(name)}@corp.example`, role, isGuest: false, title };
}

function mailName(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace('ø', 'o')
    .replace(/\s+/g, '.')
    .toLowerCase();
}

export const PEOPLE: Person[] = [
  member('Ingrid Sørensen', '1a7c0b52-6e1f-4c38-9f0d-5b2e8a94c001', 'approver', 'Security lead'),
  member('Jonas Weber', '2b8d1c63-7f20-4d49-a01e-6c3f9ba5d002', 'approver', 'Infrastructure lead'),
  member('Amara Okafor', '3c9e2d74-8031-4e5a-b12f-7d40acb6e003', 'approver', 'Service owner'),
  member('Lukas Novak', '4daf3e85-9142-4f6b-8230-8e51bdc7f004', 'engineer', 'Platform engineer'),
  member('Mette Lund', '5eb04f96-a253-407c-9341-9f62ced80005', 'owner', 'Server owner'),
  member('Tomas Rivera', '6fc150a7-b364-418d-a452-a073dfe91006', 'manager', 'Programme manager'),
  member('Priya Nair', '70d261b8-c475-429e-b563-b184e0fa2007', 'engineer', 'Server engineer'),
  {
    name: 'Sam Porter',
    id: '81e372c9-d586-43af-8674-c295f10b3008',
    tenantId: PARTNER_TENANT_ID,
    // A guest signs in by a name of this tenant, made of their own address.
    upn: 'sam.porter_partner.example#EXT#@corp.example',
    role: 'guest',
    isGuest: true,
    title: 'Consultant',
  },
];
