import type { Random } from '../random.ts';
import type { MachineInput } from './build-machine.ts';
import { type Facts, isLinux } from './generated-facts.ts';
import { withOldDefinitions } from './generated-life.ts';
import type { Fleet } from './generated-subscriptions.ts';
import { draw, type Weighted } from './weighted.ts';
import { type WsusOffer, wsusClient, wsusServer } from './wsus.ts';

const CLIENT_SHARE = 0.6;
const CLIENTS_OF_ONE = 2000;
const OFFERS: Weighted<WsusOffer> = [
  [{ defender: true, sensor: true }, 35],
  [{ defender: true, sensor: false }, 40],
  [{ defender: false, sensor: false }, 25],
];

/** Which machines are WSUS servers, and what each has of Defender. */
export type WsusServers = Map<Facts, WsusOffer>;

/** Picks the WSUS servers of each fleet among its own machines. */
export function wsusServers(all: Facts[], random: Random): Map<Fleet, WsusServers> {
  const fits = ({ os, app, availabilitySet }: Facts) => ['2016', '2019', '2022'].includes(os) && app !== 'dc' && availabilitySet === null;
  return new Map(
    [...Map.groupBy(all, ({ fleet }) => fleet)].map(([fleet, own]) => {
      const servers = own.filter(fits).slice(0, Math.ceil(own.length / CLIENTS_OF_ONE));
      return [fleet, new Map(servers.map((server) => [server, draw(OFFERS, random)]))];
    }),
  );
}

/** Makes the machine a WSUS server if it is one of `servers`, otherwise perhaps the client of one. */
export function withWsus(machine: MachineInput, facts: Facts, servers: WsusServers, random: Random, now: number): MachineInput {
  const own = servers.get(facts);
  if (own) return wsusServer(machine, own, now);
  if (isLinux(facts.os) || facts.os === 'blank' || servers.size === 0 || random.next() >= CLIENT_SHARE) return machine;
  const [server, offer] = random.pick([...servers]);
  const client = wsusClient(machine, server.name, offer);
  return offer.defender ? client : withOldDefinitions(client, random);
}
