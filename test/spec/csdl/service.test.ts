import assert from 'node:assert/strict';
import { openModel } from '../../../src/edm/index.js';
import { type Model, readModel } from '../../../src/index.js';
import { csdl, modelFrom, open } from '../../model/inline.js';
import { testRows } from '../../model/rows.js';
import { type Server, startServer } from '../../model/serve.js';

const key = '<Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>';

describe('CSDL 3: a model of several documents', () => {
  const part = csdl(
    `<EntityType Name="Truck" BaseType="Main.Car"><Property Name="Load" Type="Edm.Int32"/></EntityType>`,
  )
    .replace('Namespace="T"', 'Namespace="Part"')
    .replace(
      '<edmx:DataServices>',
      '<edmx:Reference Uri="main.xml"><edmx:Include Namespace="Main"/></edmx:Reference><edmx:DataServices>',
    );
  const main = csdl(
    `<EntityType Name="Car">${key}</EntityType><EntityContainer Name="C"><EntitySet Name="Cars" EntityType="Main.Car"/></EntityContainer>`,
  )
    .replace('Namespace="T"', 'Namespace="Main"')
    .replace(
      '<edmx:DataServices>',
      '<edmx:Reference Uri="part.xml"><edmx:Include Namespace="Part"/></edmx:Reference><edmx:DataServices>',
    );
  const texts = new Map([
    ['main.xml', main],
    ['part.xml', part],
  ]);
  const resolve = (file: string) => ({ file, text: texts.get(file) ?? '' });

  it('C3-4 a set returns entities of a type that a referenced document derives', async () => {
    const world = await open(readModel({ file: 'main.xml', text: main }, { resolve }));
    const made = await world.ask('POST', 'Cars', { body: { '@odata.type': '#Part.Truck', ID: 1, Load: 7 } });
    assert.equal(made.status, 201, made.text);
    const { json } = await world.ask('GET', 'Cars');
    assert.deepEqual([json.value[0]['@odata.type'], json.value[0].Load], ['#Part.Truck', 7]);
    await world.close();
  });

  it('C3-1 $metadata holds the whole model: nothing lies where clients cannot reach it', async () => {
    const far = csdl(
      `<Annotations Target="Main.Car"><Annotation Term="Core.Description" String="on wheels"/></Annotations>
      <EntityContainer Name="Base"><EntitySet Name="Trucks" EntityType="Part.Truck"/></EntityContainer>`,
    )
      .replace('Namespace="T"', 'Namespace="Far" Alias="Core2"')
      .replace(
        '<edmx:DataServices>',
        '<edmx:Reference Uri="main.xml"><edmx:Include Namespace="Main"/></edmx:Reference><edmx:Reference Uri="part.xml"><edmx:Include Namespace="Part"/></edmx:Reference><edmx:DataServices>',
      );
    const extended = main
      .replace('<EntityContainer Name="C">', '<EntityContainer Name="C" Extends="F.Base">')
      .replace(
        '<edmx:DataServices>',
        '<edmx:Reference Uri="far.xml"><edmx:Include Namespace="Far" Alias="F"/></edmx:Reference><edmx:DataServices>',
      );
    const all = new Map([...texts, ['main.xml', extended], ['far.xml', far]]);
    const world = await open(
      readModel({ file: 'main.xml', text: extended }, { resolve: (file) => ({ file, text: all.get(file) ?? '' }) }),
    );
    for (const version of ['4.0', '4.01'])
      for (const accept of ['application/xml', 'application/json']) {
        const { text } = await world.ask('GET', '$metadata', { headers: { accept, 'odata-maxversion': version } });
        const { model: read, problems } = openModel({ file: 'm', text });
        assert.deepEqual(
          problems.filter(({ severity }) => severity === 'error'),
          [],
          text,
        );
        assert.deepEqual([...(read?.container?.children.keys() ?? [])].sort(), ['Cars', 'Trucks']);
        assert.ok(read?.type('Part.Truck') !== null);
        assert.match(text, /on wheels/);
        assert.doesNotMatch(text, /(?:main|part|far)\.xml/);
        if (accept === 'application/xml') assert.equal(text.match(/<EntityContainer /g)?.length, 1);
      }
    assert.equal((await world.ask('GET', 'Trucks')).status, 200);
    await world.close();
  });

  it('C4.2-5 aliases mean nothing in other documents', () => {
    const shared = main.replace('Namespace="Part"/>', 'Namespace="Part" Alias="P"/>');
    const using = (name: string) => ({
      file: 'main.xml',
      text: shared.replace(
        '<EntityType Name="Car">',
        `<ComplexType Name="X"><Property Name="Y" Type="${name}"/></ComplexType><EntityType Name="Car">`,
      ),
    });
    const other = (text: string) => (file: string) => ({ file, text: file === 'part.xml' ? text : '' });
    const value = '<ComplexType Name="Value"/>';
    const fine = part.replace('<EntityType', `${value}<EntityType`);
    assert.ok(readModel(using('P.Value'), { resolve: other(fine) }));
    const misused = fine.replace(
      value,
      `${value}<ComplexType Name="Z"><Property Name="V" Type="P.Value"/></ComplexType>`,
    );
    assert.throws(() => readModel(using('P.Value'), { resolve: other(misused) }), /There is no type 'P\.Value'/);
  });
});

const model = modelFrom(`
<Annotation Term="Core.DefaultNamespace"/>
<TypeDefinition Name="Code" UnderlyingType="Edm.String" MaxLength="4"/>
<TypeDefinition Name="Weight" UnderlyingType="Edm.Decimal" Precision="6" Scale="2"/>
<TypeDefinition Name="Picture" UnderlyingType="Edm.Stream"><Annotation Term="Core.AcceptableMediaTypes"><Collection><String>image/png</String></Collection></Annotation></TypeDefinition>
<ComplexType Name="Place"><Property Name="City" Type="Edm.String"/></ComplexType>
<ComplexType Name="Flat" BaseType="T.Place"><Property Name="Floor" Type="Edm.Int32"/></ComplexType>
<EntityType Name="Thing" Abstract="true">${key}
  <Property Name="Made" Type="Edm.String" Nullable="true"><Annotation Term="Core.Computed"/></Property>
  <Property Name="Where" Type="T.Place"/>
</EntityType>
<EntityType Name="Part" BaseType="T.Thing">
  <Property Name="Code" Type="T.Code" Nullable="false"/><Property Name="Weight" Type="T.Weight"/><Property Name="Face" Type="T.Picture"/>
  <Property Name="Plant" Type="Edm.Int32"/><Property Name="Serial" Type="Edm.Int32"/>
  <Annotation Term="Core.AlternateKeys"><Collection>
    <Record><PropertyValue Property="Key"><Collection><Record><PropertyValue Property="Name" PropertyPath="Code"/><PropertyValue Property="Alias" String="code"/></Record></Collection></PropertyValue></Record>
    <Record><PropertyValue Property="Key"><Collection><Record><PropertyValue Property="Name" PropertyPath="Plant"/><PropertyValue Property="Alias" String="plant"/></Record><Record><PropertyValue Property="Name" PropertyPath="Serial"/><PropertyValue Property="Alias" String="no"/></Record></Collection></PropertyValue></Record>
  </Collection></Annotation>
</EntityType>
<EntityType Name="Wheel" BaseType="T.Part"><Property Name="Made" Type="Edm.String" Nullable="true"/><Property Name="Spokes" Type="Edm.Int32"/></EntityType>
<EntityType Name="Tyre" BaseType="T.Part"><Property Name="Made" Type="Edm.String" Nullable="true"><Annotation Term="Core.Computed" Bool="false"/></Property></EntityType>
<Action Name="Touch" IsBound="true"><Parameter Name="part" Type="T.Part"/></Action>
<Action Name="Loose"/><Action Name="Imported"/>
<Function Name="Answer"><ReturnType Type="Edm.Int32"/></Function>
<Function Name="Question"><ReturnType Type="Edm.Int32"/></Function>
<EntityContainer Name="C"><EntitySet Name="Parts" EntityType="T.Part"/><Singleton Name="Best" Type="T.Part"/>
  <EntitySet Name="Fixed" EntityType="T.Part"><Annotation Term="Capabilities.InsertRestrictions"><Record><PropertyValue Property="Insertable" Bool="false"/></Record></Annotation></EntitySet>
  <ActionImport Name="DoImported" Action="T.Imported"/><FunctionImport Name="GetAnswer" Function="T.Answer"/></EntityContainer>`);

const operations = {
  'T.Touch': async () => {},
  'T.Loose': async () => {},
  'T.Imported': async () => {},
  'T.Answer': async () => 42,
  'T.Question': async () => 1,
};

async function openParts() {
  const world = await open(model, { operations });
  for (const body of [
    { ID: 1, Code: 'a', Weight: 1.5, Plant: 1, Serial: 1, Where: { '@odata.type': '#T.Flat', City: 'Bonn', Floor: 2 } },
    { '@odata.type': '#T.Wheel', ID: 2, Code: 'b', Weight: 2.25, Plant: 1, Serial: 2, Spokes: 12 },
  ]) {
    const { status, text } = await world.ask('POST', 'Parts', { body });
    assert.equal(status, 201, text);
  }
  return world;
}

describe('CSDL in the service: alternate keys, default namespaces, type definitions, derived types, operations', () => {
  testRows(
    [
      {
        rows: 'C6.5-8',
        what: 'alternate key',
        request: ['GET', "Parts(code='b')"],
        status: 200,
        answer: { ID: 2, Spokes: 12 },
      },
      {
        rows: 'C6.5-8',
        what: 'of several parts',
        request: ['GET', 'Parts(plant=1,no=2)/T.Wheel/Spokes'],
        status: 200,
        answer: { value: 12 },
      },
      { rows: 'C6.5-8', what: 'of none', request: ['GET', "Parts(code='z')"], status: 404 },
      { rows: 'C6.5-8', what: 'a part is missing', request: ['GET', 'Parts(plant=1)'], status: 400 },
      {
        rows: 'C6.5-8',
        what: 'changes, and the canonical URL stays',
        request: ['PATCH', "Parts(code='b')", { Spokes: 8 }],
        status: 200,
        shows: { 'Parts(2)': { Spokes: 8 } },
      },
      { rows: 'C6.5-8', what: 'is unique', request: ['POST', 'Parts', { ID: 3, Code: 'b' }], status: 409 },
      {
        rows: 'C6.5-8',
        what: 'deletes',
        request: ['DELETE', "Parts(code='a')"],
        status: 204,
        shows: { 'Parts(1)': 404 },
      },
      {
        rows: 'C3-2 P4.4-2 P13.2.1-14',
        what: 'default namespace: an action',
        request: ['POST', 'Parts(1)/Touch'],
        status: 204,
      },
      { rows: 'C3-2', what: 'with namespace', request: ['POST', 'Parts(1)/T.Touch'], status: 204 },
      {
        rows: 'C11-1',
        what: 'type definition in a filter',
        request: ['GET', "Parts?$filter=Code eq 'b' and Weight gt 2&$select=ID"],
        status: 200,
        answer: { value: [{ ID: 2 }] },
      },
      { rows: 'C11-1', what: 'its facets', request: ['PATCH', 'Parts(1)', { Code: 'abcde' }], status: 400 },
      { rows: 'C11-1', what: 'its facets', request: ['PATCH', 'Parts(1)', { Weight: 1.234 }], status: 400 },
      {
        rows: 'C14.2-6',
        what: 'a term that propagates from a type definition',
        request: ['PUT', 'Parts(1)/Face', 'x'],
        headers: { 'content-type': 'text/plain' },
        status: 415,
      },
      {
        rows: 'C14.2-6',
        what: 'what it accepts',
        request: ['PUT', 'Parts(1)/Face', 'x'],
        headers: { 'content-type': 'image/png' },
        status: 204,
      },
      {
        rows: 'C6.1-2',
        what: 'derived type in the path',
        request: ['GET', 'Parts/T.Wheel?$select=ID'],
        status: 200,
        answer: { value: [{ ID: 2 }] },
      },
      {
        rows: 'C6.1-2',
        what: 'in a filter',
        request: ['GET', 'Parts?$filter=T.Wheel/Spokes gt 1&$select=ID'],
        status: 200,
        answer: { value: [{ ID: 2 }] },
      },
      { rows: 'C6.1-2', what: 'not that type', request: ['GET', 'Parts(1)/T.Wheel'], status: 404 },
      {
        rows: 'C9.1-2',
        what: 'derived complex value',
        request: ['GET', 'Parts(1)/Where'],
        status: 200,
        answer: { '@odata.type': '#T.Flat', Floor: 2 },
      },
      {
        rows: 'C9.1-2',
        what: 'cast',
        request: ['GET', 'Parts?$filter=Where/T.Flat/Floor eq 2&$select=ID'],
        status: 200,
        answer: { value: [{ ID: 1 }] },
      },
      {
        rows: 'C6.2-1',
        what: 'abstract types have no instances',
        request: ['POST', 'Parts', { '@odata.type': '#T.Thing', ID: 9 }],
        status: 400,
      },
      {
        rows: 'C6.1-2',
        what: 'a singleton of a derived type',
        request: ['PUT', 'Best', { '@odata.type': '#T.Wheel', ID: 1, Code: 'x', Spokes: 3 }],
        status: 201,
        shows: { Best: { '@odata.type': '#T.Wheel', Spokes: 3 } },
      },
      {
        rows: 'C14.2-5',
        what: 'inherited from the base type',
        request: ['PATCH', 'Parts(1)', { Made: 'x' }],
        status: 200,
        answer: { Made: null },
      },
      {
        rows: 'C14.2-5',
        what: 'inherited by a redefined property',
        request: ['PATCH', 'Parts(2)', { Made: 'x' }],
        status: 200,
        answer: { Made: null },
      },
      {
        rows: 'C14.2-5',
        what: 'replaced by the redefined property’s own',
        first: [['POST', 'Parts', { '@odata.type': '#T.Tyre', ID: 3, Code: 'c' }]],
        request: ['PATCH', 'Parts(3)', { Made: 'x' }],
        status: 200,
        answer: { Made: 'x' },
      },
      { rows: 'C12.5-2', what: 'an unbound action without import', request: ['POST', 'Loose'], status: 404 },
      { rows: 'C12.5-2', what: 'by its own name', request: ['POST', 'T.Imported'], status: 404 },
      { rows: 'C12.5-2', what: 'through its import', request: ['POST', 'DoImported'], status: 204 },
      { rows: 'C12.5-2', what: 'an unbound function without import', request: ['GET', 'Question()'], status: 404 },
      {
        rows: 'C12.5-2',
        what: 'through its import',
        request: ['GET', 'GetAnswer()'],
        status: 200,
        answer: { value: 42 },
      },
      {
        rows: 'C14-3',
        what: 'what $metadata rules out is refused',
        request: ['POST', 'Fixed', { ID: 1, Code: 'x' }],
        status: 405,
      },
    ],
    openParts,
  );
});

describe('CSDL in the service, over HTTP', () => {
  let server: Server;
  const served: Model = model;
  before(async () => {
    server = await startServer({ model: served, operations });
  });
  after(() => server.close());

  it('C14-3 $metadata says what the service does, in both formats and versions', async () => {
    for (const version of ['4.0', '4.01']) {
      const headers = { 'odata-maxversion': version };
      const xml = await server.ask('GET', '$metadata', { headers });
      assert.match(xml.text, /<EntitySet Name="Fixed"(?:.|\n)*?Insertable" Bool="false"/);
      const { json } = await server.ask('GET', '$metadata', { headers: { ...headers, accept: 'application/json' } });
      assert.deepEqual(json.T.C.Fixed['@Capabilities.InsertRestrictions'], { Insertable: false });
    }
    assert.equal((await server.ask('POST', 'Fixed', { body: { ID: 1, Code: 'x' } })).status, 405);
  });

  it('C6.5-8 alternate keys, C3-2 default namespaces, C9.1-2 derived types', async () => {
    const body = {
      '@odata.type': '#T.Wheel',
      ID: 5,
      Code: 'w',
      Spokes: 4,
      Where: { '@odata.type': '#T.Flat', Floor: 1 },
    };
    assert.equal((await server.ask('POST', 'Parts', { body })).status, 201);
    const { json } = await server.ask('GET', "Parts(code='w')");
    assert.deepEqual([json['@odata.type'], json.ID, json.Where['@odata.type']], ['#T.Wheel', 5, '#T.Flat']);
    assert.equal((await server.ask('POST', "Parts(code='w')/Touch")).status, 204);
  });
});
