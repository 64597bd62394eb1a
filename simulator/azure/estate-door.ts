import { type Estate, EstateError, parseEstate } from '../estates/estate.ts';
import type { Machine } from '../estates/machine.ts';
import { changedBehaviour } from './behaviour.ts';
import { perform } from './machines/acts.ts';
import { noteTurn } from './machines/change.ts';
import { protectionOf, settle } from './machines/protection.ts';
import { iso } from './run-command-resource.ts';
import type { Store } from './state.ts';

type Json = Record<string, unknown>;
const LISTS = { machines: 'id', subscriptions: 'id', assignments: 'name', policySets: 'name', policyDefinitions: 'name' } as const;
const KEYS = [
  'machines',
  'subscriptions',
  'assignments',
  'add',
  'remove',
  'addAssignments',
  'addPolicySets',
  'addPolicyDefinitions',
  'removeAssignments',
  'do',
  'directory',
  'behaviour',
];

/** The truth of the pretend Azure and the hand that changes it behind everybody's back. */
export function createEstateDoor(store: Store, review: () => void) {
  return { whole: () => store.state.estate, truth: () => truth(store), change: (input: unknown) => change(store, review, input) };
}

function truth(store: Store): Json {
  const { estate, runCommands, executions, agenda, behaviour } = store.state;
  const byMachine = Map.groupBy(runCommands, (command) => command.machineId.toLowerCase());
  return {
    now: store.clock.now(),
    ...estate,
    machines: estate.machines.map((machine) => ({
      ...machine,
      protection: machine.guestKnown ? protectionOf(machine.guest) : 'unknown',
      history: machine.guest.history,
      runCommands: (byMachine.get(machine.id.toLowerCase()) ?? []).map(({ name, provisioningState, execution }) => ({
        name,
        provisioningState,
        ...execution,
      })),
    })),
    executions: executions.map((execution) => ({ ...execution, iso: iso(execution.at) })),
    agenda,
    behaviour,
  };
}

/** All or nothing: the changed estate must make sense as a whole. Throws EstateError. */
function change(store: Store, review: () => void, input: unknown): Json {
  const wish = record(input, '');
  for (const key of Object.keys(wish)) if (!KEYS.includes(key)) throw new EstateError(key, `is not one of ${KEYS.join(', ')}`);
  const behaviour = changedBehaviour(store.state.behaviour, wish['behaviour']);
  const before = store.state.estate;
  const draft = structuredClone(before) as unknown as Json & Record<keyof typeof LISTS, Json[]>;
  for (const key of ['machines', 'subscriptions', 'assignments'] as const) {
    for (const [index, patch] of list(wish[key], key).entries()) apply(draft[key], key, patch, `${key}[${index}]`);
  }
  for (const [index, name] of list(wish['remove'], 'remove').entries()) remove(draft.machines, 'machines', name, `remove[${index}]`);
  for (const [index, name] of list(wish['removeAssignments'], 'removeAssignments').entries()) {
    remove(draft.assignments, 'assignments', name, `removeAssignments[${index}]`);
  }
  draft.machines.push(...(list(wish['add'], 'add') as Json[]));
  draft.assignments.push(...(list(wish['addAssignments'], 'addAssignments') as Json[]));
  draft.policySets.push(...(list(wish['addPolicySets'], 'addPolicySets') as Json[]));
  draft.policyDefinitions.push(...(list(wish['addPolicyDefinitions'], 'addPolicyDefinitions') as Json[]));
  merge(draft['directory'] as Json, wish['directory'] === undefined ? {} : record(wish['directory'], 'directory'));
  const after = checked(draft);
  settleMachines(before, after, { patches: list(wish['machines'], 'machines') as Json[], now: store.clock.now() });
  const done = list(wish['do'], 'do').map((act, index) => doOn(after, act, `do[${index}]`, store.clock.now()));
  Object.assign(store.state, { estate: after, behaviour });
  store.touch();
  review();
  return { machines: after.machines.length, subscriptions: after.subscriptions.length, assignments: after.assignments.length, done };
}

// Names the machine instead of its place in a list the caller never saw.
function checked(draft: { machines: Json[] }): Estate {
  try {
    return parseEstate(draft);
  } catch (error) {
    if (!(error instanceof EstateError)) throw error;
    const path = error.path.replace(
      /^machines\[(\d+)\]/,
      (_, index: string) => `machines[${String(draft.machines[Number(index)]?.['name'])}]`,
    );
    throw new EstateError(path, error.reason);
  }
}

// What follows from a changed guest is worked out here, unless the caller states the mode himself.
function settleMachines(before: Estate, after: Estate, { patches, now }: { patches: Json[]; now: number }): void {
  const old = new Map(before.machines.map((machine) => [machine.id.toLowerCase(), machine]));
  const stated = new Set(
    patches
      .filter((patch) => (patch['guest'] as { defender?: { mode?: unknown } } | undefined)?.defender?.mode !== undefined)
      .map((patch) => String(patch['id'] ?? patch['name']).toLowerCase()),
  );
  for (const machine of after.machines) {
    const previous = old.get(machine.id.toLowerCase());
    const isStated = stated.has(machine.id.toLowerCase()) || stated.has(machine.name.toLowerCase());
    if (previous && JSON.stringify(previous.guest) === JSON.stringify(machine.guest)) continue;
    if (!isStated) settle(machine.guest, previous?.guest ?? null);
    if (previous) noteTurn(machine.guest, previous.guest, now, 'estate door');
  }
}

// Somebody on a machine does something to it: the humans, consoles and installers no request can replace.
function doOn(estate: Estate, wish: unknown, path: string, now: number): Json {
  const given = record(wish, path);
  const machine = find(estate.machines as unknown as Json[], 'machines', given['machine'], path) as unknown as Machine;
  return { machine: machine.name, act: given['act'], ...perform(machine, given, now, path) };
}

function apply(items: Json[], key: keyof typeof LISTS, patch: unknown, path: string): void {
  const wish = record(patch, path);
  const given = wish['id'] ?? wish['name'];
  const target = find(items, key, given, path);
  const { id: _id, name: _name, ...rest } = wish;
  merge(target, rest);
}

function remove(items: Json[], key: keyof typeof LISTS, name: unknown, path: string): void {
  items.splice(items.indexOf(find(items, key, name, path)), 1);
}

function find(items: Json[], key: keyof typeof LISTS, given: unknown, path: string): Json {
  if (typeof given !== 'string') throw new EstateError(path, 'needs an id or a name');
  const wanted = given.toLowerCase();
  const byId = items.filter((item) => String(item[LISTS[key]]).toLowerCase() === wanted);
  const hits = byId.length > 0 ? byId : items.filter((item) => String(item['name']).toLowerCase() === wanted);
  const [hit] = hits;
  if (!hit) throw new EstateError(path, `there is no such thing as '${given}' among the ${key}`);
  if (hits.length > 1)
    throw new EstateError(path, `'${given}' is the name of several: ${hits.map((item) => String(item['id'])).join(', ')}`);
  return hit;
}

/** Lays `patch` over `target`: objects are merged, null deletes, anything else replaces. */
function merge(target: Json, patch: Json): void {
  for (const [key, value] of Object.entries(patch)) {
    if (key === '__proto__') continue;
    const old = target[key];
    if (value === null) delete target[key];
    else if (isRecord(value) && isRecord(old)) merge(old, value);
    else target[key] = value;
  }
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function record(value: unknown, path: string): Json {
  if (isRecord(value)) return value;
  throw new EstateError(path || 'change', 'must be an object');
}

function list(value: unknown, path: string): unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  throw new EstateError(path, 'must be a list');
}
