import assert from 'node:assert/strict';
import fc from 'fast-check';
import { open, type World } from '../model/inline.js';
import { type Chooser, chooser } from '../random/chooser.js';
import { beginning } from './commands.js';
import { model, shown } from './world.js';

type Request = readonly [method: string, url: string, body?: unknown];

/** Ways to say the same; each is a sequence of requests. */
type Ways = Readonly<Record<string, readonly Request[]>>;

const tags = ['x', 'y', 'z'];

/** The tags of customer 1, who begins with `x` and `y`. */
function membership(choose: Chooser): Ways {
  const wanted = tags.filter(() => choose.chance(0.5));
  const refs = wanted.map((name) => ({ '@id': `Tags('${name}')` }));
  const gone = ['x', 'y'].filter((name) => !wanted.includes(name));
  const removed = gone.map((Name) => ({ '@removed': { reason: 'changed' }, Name }));
  return {
    'as whole collection': [['PATCH', 'Customers(1)', { Tags: refs }]],
    'as delta': [['PATCH', 'Customers(1)', { 'Tags@delta': [...refs, ...removed] }]],
    'as nested entities': [['PATCH', 'Customers(1)', { Tags: wanted.map((Name) => ({ Name })) }]],
    'as references': [['PUT', 'Customers(1)/Tags/$ref', { value: refs }]],
    'one by one': [
      ...refs.map((ref): Request => ['POST', 'Customers(1)/Tags/$ref', ref]),
      ...gone.map((name): Request => ['DELETE', `Customers(1)/Tags/$ref?$id=Tags('${name}')`]),
    ],
    'from the other side': [
      ...wanted.map(
        (name): Request => ['PATCH', `Tags('${name}')`, { 'Customers@delta': [{ '@id': 'Customers(1)' }] }],
      ),
      ...gone.map((name): Request => ['DELETE', `Tags('${name}')/Customers(1)/$ref`]),
    ],
    'in a set': [['PATCH', 'Customers', { '@context': '#$delta', value: [{ ID: 1, Tags: refs }] }]],
  };
}

/** The owner of order 2, who begins as customer 2. */
function owner(choose: Chooser): Ways {
  const id = choose.of([1, 2, null]);
  const ref = id === null ? null : { '@id': `Customers(${id})` };
  const others = [2, 3].map((ID) => ({ '@id': `Orders(${ID})` }));
  return {
    'by merging': [['PATCH', 'Orders(2)', { Customer: ref }]],
    'by reference': [ref === null ? ['DELETE', 'Orders(2)/Customer/$ref'] : ['PUT', 'Orders(2)/Customer/$ref', ref]],
    'by binding': [['PATCH', 'Orders(2)', { 'Customer@odata.bind': id === null ? null : `Customers(${id})` }]],
    'from the other side':
      id === 1
        ? [['POST', 'Customers(1)/Orders/$ref', { '@id': 'Orders(2)' }]]
        : [['PATCH', 'Customers(2)', { Orders: id === 2 ? others : others.slice(1) }]],
    'as whole entity': [['PATCH', 'Orders(2)', { Customer: id === null ? null : { ID: id } }]],
    'in a set': [['PATCH', 'Orders', { '@context': '#$delta', value: [{ ID: 2, Customer: ref }] }]],
  };
}

/** Values of customer 2, who is a friend of none and has orders. */
function values(choose: Chooser): Ways {
  const address = { ...(choose.chance(0.5) ? { Street: 's' } : {}), ...(choose.chance(0.5) ? { City: null } : {}) };
  const name = choose.of(['n', null]);
  const list = choose.of([[], ['a'], ['b', 'b']]);
  const body = { Name: name, Address: address, Nicknames: list };
  return {
    'by merging': [['PATCH', 'Customers(2)', body]],
    'one by one': [
      ['PUT', 'Customers(2)/Name', { value: name }],
      ['PATCH', 'Customers(2)/Address', address],
      ['PUT', 'Customers(2)/Nicknames', { value: list }],
    ],
    'by deep update': [['PATCH', 'Orders(2)', { Customer: { ID: 2, ...body } }]],
    'in a set': [['PATCH', 'Customers', { '@context': '#$delta', value: [{ ID: 2, ...body }] }]],
    'for each': [['PATCH', 'Customers/$filter(ID eq 2)/$each', body]],
  };
}

/** The notes of customer 1, who begins with note 1. */
function containment(choose: Chooser): Ways {
  const text = choose.of(['t', null]);
  const keep = choose.chance(0.5);
  const made = { No: 2, Text: text };
  return {
    'as whole collection': [['PATCH', 'Customers(1)', { Notes: [...(keep ? [{ No: 1 }] : []), made] }]],
    'as delta': [['PATCH', 'Customers(1)', { 'Notes@delta': [made, ...(keep ? [] : [{ '@removed': {}, No: 1 }])] }]],
    'one by one': [
      ['POST', 'Customers(1)/Notes', made],
      ...(keep ? [] : [['DELETE', 'Customers(1)/Notes(1)'] as const]),
    ],
    'by key': [
      ['PUT', 'Customers(1)/Notes(2)', { Text: text }],
      ...(keep ? [] : [['DELETE', 'Customers(1)/Notes(1)'] as const]),
    ],
    'as delta of the collection': [
      [
        'PATCH',
        'Customers(1)/Notes',
        { '@context': '#$delta', value: [made, ...(keep ? [] : [{ '@removed': {}, No: 1 }])] },
      ],
    ],
  };
}

const kinds = { membership, owner, values, containment };

describe('changes: the same change written in several ways ends in the same state', () => {
  for (const [name, waysOf] of Object.entries(kinds))
    it(name, () =>
      fc.assert(
        fc.asyncProperty(chooser(8), async (choose) => {
          const results = new Map<string, unknown>();
          for (const [way, requests] of Object.entries(waysOf(choose))) results.set(way, await after(requests, way));
          const [first, ...others] = [...results];
          for (const other of others) assert.deepEqual(other[1], first?.[1], `${other[0]} as ${first?.[0]}`);
        }),
        { numRuns: 5, seed: 1 },
      ),
    );
});

/** What the database shows afterwards. */
async function after(requests: readonly Request[], way: string): Promise<unknown> {
  const world: World = await open(model);
  try {
    for (const { method, url, body } of beginning) await world.ask(method, url, { body });
    await world.ask('POST', 'Tags', { body: { Name: 'z' } });
    for (const [method, url, body] of requests) {
      const headers = { 'odata-version': '4.01', 'odata-maxversion': '4.01' };
      const reply = await world.ask(method, url, { headers, ...(body === undefined ? {} : { body }) });
      assert.ok(reply.status < 300, `${way}: ${method} ${url} ${JSON.stringify(body)}: ${reply.status} ${reply.text}`);
    }
    return await shown(world);
  } finally {
    await world.close();
  }
}
