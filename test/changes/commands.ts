import assert from 'node:assert/strict';
import fc, { type AsyncCommand } from 'fast-check';
import type { World } from '../model/inline.js';
import { type Chooser, chooser } from '../random/chooser.js';
import { Bodies, urlOf } from './bodies.js';
import { type Body, type Entity, type Key, Refused, State, shapes, type TypeName } from './state.js';
import { pictured, shown } from './world.js';
import { byReference, change, fresh, insert, keyIn, put, setValue, upsert } from './write.js';

/** The database in memory; a change that fails leaves the one before. */
export interface Held {
  state: State;
  /** The changes so far, to make the state again. */
  readonly done: Change[];
}

/** A request, and what it does to the database in memory. */
export interface Change {
  readonly method: string;
  readonly url: string;
  readonly body?: unknown;
  apply(state: State): void;
}

/** A change as command: afterwards both databases are equal; after a failure nothing has happened. */
class ChangeCommand implements AsyncCommand<Held, World> {
  constructor(private readonly change: Change) {}

  check(): boolean {
    return true;
  }

  async run(held: Held, world: World): Promise<void> {
    const { method, url, body } = this.change;
    const before = await world.dump();
    const expected = attempt(held, this.change);
    const headers = { 'odata-version': '4.01', 'odata-maxversion': '4.01' };
    const reply = await world.ask(method, url, { headers, ...(body === undefined ? {} : { body }) });
    const told = `${this.toString()}: ${reply.status} ${reply.text.slice(0, 300)}`;
    if (expected !== null) {
      assert.ok(reply.status >= 400 && reply.status < 500, `${told}; refused because: ${expected}`);
      assert.equal(await world.dump(), before, `${told}: the database is as it was`);
    } else {
      assert.ok(reply.status < 300, told);
      assert.deepEqual(await shown(world), pictured(held.state), told);
    }
  }

  toString(): string {
    const { method, url, body } = this.change;
    return `${method} ${url}${body === undefined ? '' : ` ${JSON.stringify(body)}`}`;
  }
}

/** Does the change in memory; why it cannot be, or null. */
export function attempt(held: Held, change: Change): string | null {
  try {
    change.apply(held.state);
    held.done.push(change);
    return null;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    held.state = new State();
    for (const earlier of held.done) earlier.apply(held.state);
    return error.message;
  }
}

/** What sequences begin with: a few entities, related to each other. */
export const beginning: readonly Change[] = [
  inserted('Tag', { Name: 'x', Label: 'a' }),
  inserted('Customer', {
    ID: 1,
    Name: 'a',
    Tags: [{ '@id': "Tags('x')" }, { Name: 'y' }],
    Notes: [{ No: 1, Text: 'a' }],
  }),
  inserted('Order', { ID: 1, Lines: [{ No: 1, Count: 2 }, { No: 2 }], Customer: { '@id': 'Customers(1)' } }),
  inserted('Customer', {
    ID: 2,
    Level: 1,
    Address: { City: 'b' },
    Nicknames: ['a', 'b'],
    Card: { Number: 'a' },
    Friend: { '@id': 'Customers(1)' },
    Orders: [{ ID: 2, Text: 'b' }, { ID: 3 }],
  }),
];

function inserted(type: TypeName, body: Body): Change {
  return { method: 'POST', url: setOf(type), body, apply: (state) => void insert(state, type, body) };
}

/** Both databases with what sequences begin with. */
export async function begin(world: World): Promise<Held> {
  const held: Held = { state: new State(), done: [] };
  for (const change of beginning) await new ChangeCommand(change).run(held, world);
  return held;
}

/** Sequences of random changes. */
export const sequences = (maxCommands: number) =>
  fc.commands([changes().map((change) => new ChangeCommand(change))], { maxCommands, size: 'max' });

export const changes = (): fc.Arbitrary<Change> => chooser(120).map(randomChange);

const sets = ['Customer', 'Order', 'Tag'] as const;

function setOf(type: TypeName): string {
  return shapes[type].set ?? '';
}

/** One of all kinds of modifications (Protocol 11.4). */
function randomChange(choose: Chooser): Change {
  const bodies = new Bodies(choose);
  const type = choose.of(['Customer', 'Customer', ...sets] as const);
  return choose.of([post, post, patch, patch, patch, replace, remove, reference, property, contained, delta, each])(
    type,
    bodies,
  );
}

function post(type: TypeName, bodies: Bodies): Change {
  const body = bodies.keyed(type, 2, false);
  return { method: 'POST', url: setOf(type), body, apply: (state) => void insert(state, type, body) };
}

function patch(type: TypeName, bodies: Bodies): Change {
  const key = bodies.key(type);
  const body = bodies.body(type, 2, true, key);
  return {
    method: 'PATCH',
    url: urlOf(type, key),
    body,
    apply: (state) => void upsert(state, type, key, body, 'merge'),
  };
}

function replace(type: TypeName, bodies: Bodies): Change {
  const key = bodies.key(type);
  const body = bodies.body(type, 2, false, key);
  return {
    method: 'PUT',
    url: urlOf(type, key),
    body,
    apply: (state) => void upsert(state, type, key, body, 'replace'),
  };
}

function remove(type: TypeName, bodies: Bodies): Change {
  const key = bodies.key(type);
  return { method: 'DELETE', url: urlOf(type, key), apply: (state) => state.remove(state.find(type, key)) };
}

/** References of single-valued and collection-valued navigation properties (Protocol 11.4.6). */
function reference(type: TypeName, bodies: Bodies): Change {
  const { choose } = bodies;
  const key = bodies.key(type);
  const [name, related] = choose.of(Object.entries(shapes[type].related));
  const url = `${urlOf(type, key)}/${name}/$ref`;
  const id = bodies.reference(related.type);
  const alone = (state: State, entity: Entity, except: readonly Entity[]) => {
    for (const other of state.related(entity, name)) if (!except.includes(other)) state.unlink(entity, name, other);
  };
  if (!related.many) {
    if (choose.chance(0.3)) return { method: 'DELETE', url, apply: (state) => alone(state, state.find(type, key), []) };
    return {
      method: 'PUT',
      url,
      body: { '@id': id },
      apply: (state) => state.link(state.find(type, key), name, byReference(state, id)),
    };
  }
  const form = choose.of(['add', 'add', 'remove', 'removeById', 'replace', 'clear'] as const);
  switch (form) {
    case 'add':
      return {
        method: 'POST',
        url,
        body: { '@id': id },
        apply: (state) => state.link(state.find(type, key), name, byReference(state, id)),
      };
    case 'remove':
    case 'removeById':
      return {
        method: 'DELETE',
        url: form === 'remove' ? `${urlOf(type, key)}/${name}${id.slice(id.indexOf('('))}/$ref` : `${url}?$id=${id}`,
        apply: (state) => {
          const [entity, other] = [state.find(type, key), byReference(state, id)];
          if (!state.related(entity, name).includes(other)) throw new Refused('not related');
          state.unlink(entity, name, other);
        },
      };
    case 'replace':
      return {
        method: 'PUT',
        url,
        body: { value: [{ '@id': id }] },
        apply: (state) => {
          const [entity, other] = [state.find(type, key), byReference(state, id)];
          alone(state, entity, [other]);
          state.link(entity, name, other);
        },
      };
    case 'clear':
      return { method: 'DELETE', url, apply: (state) => alone(state, state.find(type, key), []) };
  }
}

/** One value by its own URL (Protocol 11.4.9). */
function property(type: TypeName, bodies: Bodies): Change {
  const { choose } = bodies;
  const key = bodies.key(type);
  const shape = shapes[type];
  const on = (url: string, method: string, body: unknown, name: string, write: (entity: Entity) => void): Change => ({
    method,
    url: `${urlOf(type, key)}/${name}${url}`,
    ...(body === undefined ? {} : { body }),
    apply: (state) => write(state.find(type, key)),
  });
  const [name = ''] = Object.keys(shape.values);
  const value = bodies.value(name);
  const forms: (() => Change)[] = [
    () => on('', 'PUT', { value }, name, (entity) => setValue(entity, name, value, shape, null)),
    () => on('', 'DELETE', undefined, name, (entity) => setValue(entity, name, null, shape, null)),
  ];
  if (type === 'Customer') {
    const [list, address, item] = [bodies.list(), bodies.address(), choose.of(['a', 'b'])];
    forms.push(
      () => on('', 'PUT', { value: list }, 'Nicknames', (entity) => entity.values.set('Nicknames', list)),
      () => on('', 'DELETE', undefined, 'Nicknames', (entity) => entity.values.set('Nicknames', [])),
      () =>
        on('', 'POST', { value: item }, 'Nicknames', (entity) =>
          entity.values.set('Nicknames', [...(entity.values.get('Nicknames') as string[]), item]),
        ),
      () =>
        on('', 'PATCH', address ?? {}, 'Address', (entity) =>
          setValue(entity, 'Address', address ?? {}, shape, entity.values.get('Address') ?? null),
        ),
      () =>
        on('', 'PUT', address ?? {}, 'Address', (entity) => setValue(entity, 'Address', address ?? {}, shape, null)),
      () => on('', 'DELETE', undefined, 'Address', (entity) => entity.values.set('Address', null)),
    );
  }
  return choose.of(forms)();
}

/** Contained entities by their own URLs. */
function contained(given: TypeName, bodies: Bodies): Change {
  const { choose } = bodies;
  const type = given === 'Tag' ? 'Order' : given;
  const key = bodies.key(type);
  const [name, held] = choose.of(Object.entries(shapes[type].contained));
  const all = (state: State) => {
    const entity = state.find(type, key);
    const items = entity.contained.get(name) ?? new Map<Key | null, Entity>();
    entity.contained.set(name, items);
    return items;
  };
  const own = held.many ? bodies.key(held.type) : null;
  const body = bodies.body(held.type, 0, false);
  const url = `${urlOf(type, key)}/${name}${held.many ? `(${own})` : ''}`;
  const forms: (() => Change)[] = [
    () => ({ method: 'PATCH', url, body, apply: (state) => put(state, all(state), held.type, own, body, 'merge') }),
    () => ({ method: 'PUT', url, body, apply: (state) => put(state, all(state), held.type, own, body, 'replace') }),
    () => ({
      method: 'DELETE',
      url,
      apply: (state) => {
        if (!all(state).delete(own)) throw new Refused('not there');
      },
    }),
  ];
  if (held.many) {
    const whole = bodies.keyed(held.type, 0, false);
    forms.push(() => ({
      method: 'POST',
      url: `${urlOf(type, key)}/${name}`,
      body: whole,
      apply: (state) => put(state, all(state), held.type, keyIn(held.type, whole), whole, 'insert'),
    }));
  }
  return choose.of(forms)();
}

/** A set changed by a delta (Protocol 11.4.12). */
function delta(type: TypeName, bodies: Bodies): Change {
  const { choose } = bodies;
  const items = Array.from({ length: choose.whole(1, 3) }, (): Body => {
    const key = bodies.key(type);
    return choose.chance(0.25)
      ? { '@removed': { reason: 'deleted' }, [shapes[type].key ?? '']: key }
      : bodies.keyed(type, 1, true, key);
  });
  const once = items.filter(
    (item, index) => items.findIndex((other) => keyIn(type, other) === keyIn(type, item)) === index,
  );
  return {
    method: 'PATCH',
    url: setOf(type),
    body: { '@context': '#$delta', value: once },
    apply: (state) => {
      for (const item of once) {
        const key = keyIn(type, item);
        if ('@removed' in item) state.remove(state.find(type, key));
        else upsert(state, type, key, item, 'merge');
      }
    },
  };
}

/** Every entity that a condition leaves (Protocol 11.4.13, 11.4.14). */
function each(_: TypeName, bodies: Bodies): Change {
  const { choose } = bodies;
  const level = choose.whole(0, 4);
  const url = `Customers/$filter(Level le ${level})/$each`;
  const chosen = (state: State) =>
    [...(state.sets.get('Customer')?.values() ?? [])].filter((entity) => Number(entity.values.get('Level')) <= level);
  if (choose.chance(0.3))
    return {
      method: 'DELETE',
      url,
      apply: (state) => {
        for (const entity of chosen(state)) state.remove(entity);
      },
    };
  const body = bodies.body('Customer', 0, false);
  return {
    method: 'PATCH',
    url,
    body,
    apply: (state) => {
      change(new State(), fresh('Customer', null), body, 'merge'); // a wrong body is wrong for nobody, too
      for (const entity of chosen(state)) change(state, entity, body, 'merge');
    },
  };
}
