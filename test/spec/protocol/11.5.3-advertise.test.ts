import assert from 'node:assert/strict';
import { startOperations } from '../../model/operations.js';
import type { Server } from '../../model/serve.js';

describe('Protocol 11.5.3 Advertising available operations', () => {
  let server: Server;
  before(async () => {
    server = await startOperations();
  });
  after(() => server.close());

  const get = async (path: string, metadata: string, version = '4.0') => {
    const headers = {
      accept: `application/json;${version === '4.0' ? 'odata.' : ''}metadata=${metadata}`,
      'odata-maxversion': version,
    };
    return (await server.ask('GET', path, { headers })).json;
  };
  const advertised = (item: object) =>
    Object.fromEntries(Object.entries(item).filter(([name]) => name.startsWith('#')));

  it('J16-1 J16-2 J17-1 P11.5.3-1 at full metadata with title and target', async () => {
    const found = advertised(await get('Books(1)', 'full'));
    assert.deepEqual(found['#Lib.Discount'], { title: 'Discount', target: `${server.base}Books(1)/Lib.Discount` });
    assert.deepEqual(found['#Lib.Similar'], { title: 'Similar', target: `${server.base}Books(1)/Lib.Similar` });
    assert.ok(!('#Lib.Retag' in found)); // bound to collections
  });

  it('not at minimal metadata, nor at none', async () => {
    assert.deepEqual(advertised(await get('Books(1)', 'minimal')), {});
    assert.deepEqual(advertised(await get('Books(1)?$select=Title,Lib.Discount', 'none')), {});
  });

  it('J16-2 P11.2.5.1-1 P10.7-3 P10.7-7 selected ones at minimal metadata, without what is conventional', async () => {
    const json = await get('Books(1)?$select=Title,Lib.Discount,L.Similar', 'minimal');
    assert.deepEqual(advertised(json), { '#Lib.Discount': {}, '#Lib.Similar': {} });
    assert.equal(json['@odata.context'], `${server.base}$metadata#Books(Title,Lib.Discount,L.Similar)/$entity`);
    assert.deepEqual(advertised(await get('Books(1)?$select=Title', 'full')), {});
  });

  it('P10.7-8 all of a namespace', async () => {
    const found = advertised(await get('Books(1)?$select=Lib.*', 'minimal', '4.01'));
    assert.ok('#Lib.Touch' in found && '#Lib.Label' in found, Object.keys(found).join());
  });

  it('U5.1.4-7 an operation that cannot be bound to the entities is ignored, an unknown one is not', async () => {
    for (const name of ['Lib.Shout', 'Lib.Sum'])
      assert.deepEqual(advertised(await get(`Books(1)?$select=Title,${name}`, 'full')), {}, name);
    assert.equal((await server.ask('GET', 'Books(1)?$select=Lib.Nope')).status, 400);
  });

  it('J13-4 those of a collection beside its items', async () => {
    const json = await get('Books?$filter=ID lt 3', 'full');
    assert.deepEqual(advertised(json)['#Lib.Retag'], { title: 'Retag', target: `${server.base}Books/Lib.Retag` });
    assert.ok(!('#Lib.Discount' in advertised(json)));
    assert.ok(json.value.every((item: object) => '#Lib.Discount' in item));
  });

  it('each entity those of its own type, behind a cast where that is needed, also when it is expanded', async () => {
    const rare = advertised(await get('Books(3)', 'full'));
    assert.equal((rare['#Lib.Touch'] as { target: string }).target, `${server.base}Books(3)/Lib.RareBook/Lib.Touch`);
    assert.equal((rare['#Lib.Discount'] as { target: string }).target, `${server.base}Books(3)/Lib.Discount`);
    const { Books } = await get('Authors(1)?$expand=Books', 'full');
    assert.equal(Books[0]['#Lib.Touch'].target, `${server.base}Books(1)/Lib.Touch`);
    const loans = await get('Books(1)/Copies(1)', 'full');
    assert.equal(loans['#Lib.Label'].target, `${server.base}Books(1)/Copies(1)/Lib.Label`);
  });

  it('J16-3 P11.5.4.1-3 what is advertised can be called', async () => {
    const found = advertised(await get('Books(3)', 'full')) as Record<string, { target: string }>;
    const label = await server.ask('GET', found['#Lib.Label']?.target ?? '');
    assert.equal(label.json.value, 'Lib.RareBook Haiku 100%');
    assert.equal((await server.ask('POST', found['#Lib.Touch']?.target ?? '')).status, 204);
    assert.equal((await server.ask('GET', `${found['#Lib.Price']?.target}?@percent=10`)).status, 204);
  });

  it('C38 only where the model says that they are available, and those somebody handles', async () => {
    const [long, short] = [advertised(await get('Books(1)', 'full')), advertised(await get('Books(5)', 'full'))];
    assert.ok('#Lib.Restock' in long);
    for (const name of ['#Lib.Restock', '#Lib.Retire', '#Lib.Unhandled']) assert.ok(!(name in short), name);
    assert.ok(!('#Lib.Retire' in long));
  });

  it('C38 what is not available is refused when it is called', async () => {
    const status = async (method: string, path: string) => (await server.ask(method, path)).status;
    assert.equal(await status('POST', 'Books(1)/Lib.Restock'), 204);
    assert.equal(await status('POST', 'Books(5)/Lib.Restock'), 409);
    assert.equal(await status('POST', 'Books(1)/Lib.Retire'), 403);
    assert.equal(await status('GET', 'Never()'), 403);
    assert.equal(await status('POST', 'Books(99)/Lib.Restock'), 404);
  });

  it('J24-7 J16-4 nothing is advertised as null', async () => {
    for (const version of ['4.0', '4.01'])
      assert.ok(Object.values(advertised(await get('Books(5)', 'full', version))).every((value) => value !== null));
  });
});
