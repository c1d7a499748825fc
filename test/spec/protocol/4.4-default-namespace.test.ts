import assert from 'node:assert/strict';
import { operations, operationsModel, startOperations } from '../../model/operations.js';
import type { Server } from '../../model/serve.js';

describe('Protocol 4.4 Default namespaces, and imports in the service document', () => {
  let server: Server;
  before(async () => {
    const schema = `<Annotation Term="Core.DefaultNamespace"/>
<Function Name="Code" IsBound="true"><Parameter Name="topic" Type="Lib.Topic"/><ReturnType Type="Edm.String"/></Function>
<Function Name="Name" IsBound="true"><Parameter Name="topic" Type="Lib.Topic"/><ReturnType Type="Edm.String"/></Function>
<Function Name="Listed"><ReturnType Type="Edm.Int32"/></Function>`;
    const container = '<FunctionImport Name="Listed" Function="Lib.Listed" IncludeInServiceDocument="true"/>';
    server = await startOperations({
      model: operationsModel(schema, container),
      operations: {
        ...operations,
        'Lib.Code': () => 'called',
        'Lib.Name': () => 'called',
        'Lib.Listed': { pure: () => 7 },
      },
    });
  });
  after(() => server.close());

  const rows: readonly (readonly [title: string, method: string, path: string, status: number, value?: unknown])[] = [
    ['P4.4-2 U4-8 P13.2.1-14 a function with its namespace', 'GET', 'Books(1)/Lib.Label()', 200, 'Lib.Book Engines'],
    ['P4.4-2 U4-8 P13.2.1-14 and without', 'GET', 'Books(1)/Label()', 200, 'Lib.Book Engines'],
    ['P4.4-2 U4-8 an action with its namespace', 'POST', 'Books(1)/Lib.Touch', 204],
    ['P4.4-2 U4-8 and without', 'POST', 'Books(1)/Touch', 204],
    ['U4.3.6-5 on a collection before a key is thought of', 'GET', 'Books/Titles()/$count', 200],
    ['U4-6 a cast, too', 'GET', 'Books/RareBook/Size()', 200, 1],
    ['P4.4-3 U4-6 a property goes before an operation', 'GET', "Topics('B')/Name", 200, 'Birds'],
    ['P4.4-3 U4-6 whose qualified name still calls it', 'GET', "Topics('B')/Lib.Name()", 200, 'called'],
    [
      'P4.4-3 U4-6 an operation goes before a dynamic property',
      'GET',
      "Topics('B')/Label()",
      200,
      'Edm.EntityType Birds',
    ],
    ['P4.4-3 U4-6 and that is what is left', 'GET', "Topics('B')/Anything", 204],
  ];
  for (const [title, method, path, status, value] of rows)
    it(`${title}: ${method} ${path}`, async () => {
      const reply = await server.ask(method, path);
      assert.equal(reply.status, status, reply.text);
      if (value !== undefined) assert.equal(reply.json.value, value);
    });

  it('J5-1 J5-2 C13.5-2 C13.6-3 function imports are in the service document when the model says so, actions never', async () => {
    const { json } = await server.ask('GET', '');
    const imports = json.value.filter(({ kind }: { kind?: string }) => kind === 'FunctionImport');
    assert.deepEqual(imports, [{ name: 'Listed', kind: 'FunctionImport', url: 'Listed' }]);
    assert.ok(json.value.every(({ name }: { name: string }) => name !== 'Reset' && name !== 'Echo'));
    assert.equal((await server.ask('GET', imports[0]?.url ?? '')).json.value, 7);
  });

  it('U5-1 system options, custom options, aliases and implicit parameters stand side by side', async () => {
    const reply = await server.ask('GET', "Echo?text=@t&@t='a'&custom=1&$format=json");
    assert.deepEqual([reply.status, reply.json.value], [200, 'a']);
  });
});
