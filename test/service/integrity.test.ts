import assert from 'node:assert/strict';
import { modelFrom, open } from '../model/inline.js';
import { annotatedModel, note, testAnnotations } from './annotations.js';

const condition = (xml: string, message = 'No.') =>
  note(
    'Validation.Constraint',
    '',
    `<Record><PropertyValue Property="FailureMessage" String="${message}"/><PropertyValue Property="Condition">${xml}</PropertyValue></Record>`,
  );
const values = (...list: string[]) =>
  note(
    'Validation.AllowedValues',
    '',
    `<Collection>${list.map((value) => `<Record><PropertyValue Property="Value" ${value}/></Record>`).join('')}</Collection>`,
  );
const names = (term: string, ...list: string[]) =>
  note(term, '', `<Collection>${list.map((name) => `<String>${name}</String>`).join('')}</Collection>`);
const itemsOf = (path: string, target: string) =>
  note(
    'Validation.ItemsOf',
    '',
    `<Collection><Record><PropertyValue Property="path" NavigationPropertyPath="${path}"/><PropertyValue Property="target" NavigationPropertyPath="${target}"/></Record></Collection>`,
  );
const patch = (body: unknown, without: number, with_: number) => ['PATCH', 'Es(1)', body, without, with_] as const;

describe('Annotations that keep data right', () => {
  testAnnotations([
    {
      ids: 'L01 Validation.Pattern',
      at: 'A',
      annotation: note('Validation.Pattern', 'String="^[a-z]+$"'),
      asked: [
        patch({ A: 'abc' }, 200, 200),
        patch({ A: 'a1' }, 200, 400),
        patch({ A: null }, 200, 200),
        ['PUT', 'Es(1)/A', { value: '1' }, 200, 400],
        ['POST', 'Es', { ID: 9, A: '1' }, 201, 400],
      ],
    },
    {
      ids: 'L01',
      what: 'unanchored',
      at: 'A',
      annotation: note('Validation.Pattern', 'String="[0-9]"'),
      asked: [patch({ A: 'x1x' }, 200, 200), patch({ A: 'xx' }, 200, 400)],
    },
    {
      ids: 'L01',
      what: 'every item',
      at: 'L',
      annotation: note('Validation.Pattern', 'String="^x"'),
      asked: [
        patch({ L: ['x', 'xy'] }, 200, 200),
        patch({ L: ['x', 'y'] }, 200, 400),
        ['POST', 'Es(1)/L', { value: 'y' }, 200, 400],
      ],
    },
    {
      ids: 'L01',
      what: 'of a type definition',
      at: 'Code',
      annotation: note('Validation.Pattern', 'String="^[A-Z]$"'),
      asked: [patch({ G: 'B' }, 200, 200), patch({ G: 'b' }, 200, 400)],
    },
    {
      ids: 'L02 Validation.Minimum',
      at: 'N',
      annotation: note('Validation.Minimum', 'Int="5"'),
      asked: [patch({ N: 5 }, 200, 200), patch({ N: 4 }, 200, 400), ['PUT', 'Es(1)/N/$value', '4', 415, 415]],
    },
    {
      ids: 'L03 Validation.Maximum',
      at: 'D',
      annotation: note('Validation.Maximum', 'Decimal="0.3"'),
      asked: [patch({ D: 0.3 }, 200, 200), patch({ D: 0.300001 }, 200, 400)],
    },
    {
      ids: 'L04 Validation.Exclusive',
      at: 'N',
      annotation: note('Validation.Maximum', 'Int="5"', note('Validation.Exclusive')),
      asked: [patch({ N: 4 }, 200, 200), patch({ N: 5 }, 200, 400)],
    },
    {
      ids: 'L05 Validation.AllowedValues',
      at: 'A',
      annotation: values('String="a"', 'String="b"'),
      asked: [patch({ A: 'b' }, 200, 200), patch({ A: 'c' }, 200, 400)],
    },
    {
      ids: 'L06 Validation.MultipleOf',
      at: 'D',
      annotation: note('Validation.MultipleOf', 'Decimal="0.1"'),
      asked: [patch({ D: 0.3 }, 200, 200), patch({ D: 0.35 }, 200, 400)],
    },
    {
      ids: 'L07 Validation.Constraint',
      what: 'on the type',
      at: 'E',
      annotation: condition('<Le><Path>N</Path><Int>10</Int></Le>'),
      asked: [
        patch({ N: 10 }, 200, 200),
        patch({ N: 11 }, 200, 400),
        ['POST', 'Es', { ID: 9, N: 11 }, 201, 400],
        ['PUT', 'Es(1)/N', { value: 11 }, 200, 400],
      ],
    },
    {
      ids: 'L07',
      what: 'null does not meet it',
      at: 'E',
      annotation: condition('<Le><Path>N</Path><Int>10</Int></Le>'),
      asked: [patch({ N: null }, 200, 400)],
    },
    {
      ids: 'L07',
      what: 'across properties, after the change',
      at: 'E',
      annotation: condition('<Or><Eq><Path>N</Path><Null/></Eq><Ge><Path>P/Y</Path><Path>P/X</Path></Ge></Or>'),
      asked: [
        patch({ P: { Y: 1 } }, 200, 200),
        patch({ P: { Y: 0 } }, 200, 400),
        patch({ P: { X: 9, Y: 9 } }, 200, 200),
      ],
    },
    {
      ids: 'L07',
      what: 'within a complex value',
      at: 'PType',
      annotation: condition('<Lt><Path>X</Path><Int>100</Int></Lt>'),
      asked: [patch({ P: { X: 99 } }, 200, 200), patch({ P: { X: 100 } }, 200, 400), patch({ P: null }, 200, 200)],
    },
    {
      ids: 'L07',
      what: 'with a function',
      at: 'A',
      annotation: condition('<Apply Function="odata.startswith"><Path>A</Path><String>a</String></Apply>'),
      asked: [patch({ A: 'ab' }, 200, 200), patch({ A: 'b' }, 200, 400)],
    },
    {
      ids: 'L07',
      what: 'over what is related',
      at: 'E',
      annotation: condition(
        '<Or><Lt><Path>Parts/$count</Path><Int>3</Int></Lt><Eq><Path>N</Path><Int>0</Int></Eq></Or>',
      ),
      asked: [
        patch({ Parts: [{ No: 1 }, { No: 2 }] }, 200, 200),
        patch({ Parts: [{ No: 1 }, { No: 2 }, { No: 3 }] }, 200, 400),
      ],
    },
    {
      ids: 'L07',
      what: 'if',
      at: 'E',
      annotation: condition(
        '<If><Eq><Path>A</Path><String>z</String></Eq><Gt><Path>N</Path><Int>5</Int></Gt><Bool>true</Bool></If>',
      ),
      asked: [patch({ A: 'z' }, 200, 400), patch({ A: 'z', N: 6 }, 200, 200), patch({ A: 'y' }, 200, 200)],
    },
    {
      ids: 'C20 Core.DefaultNamespace',
      at: 'outside',
      annotation: note('Core.DefaultNamespace'),
      asked: [
        ['GET', 'Es/F', undefined, 404, 200],
        ['POST', 'Es/F', { ID: 9 }, 404, 201],
        ['GET', 'Es/T.F', undefined, 200, 200],
      ],
    },
    {
      ids: 'L08 Validation.ItemsOf',
      what: 'of a single one',
      at: 'E',
      annotation: itemsOf('Other', 'Many'),
      asked: [
        ['PATCH', 'Es(2)', { Other: { '@id': 'Es(1)' } }, 200, 200],
        ['PATCH', 'Es(2)', { Other: { '@id': 'Es(3)' } }, 200, 400],
        ['PATCH', 'Es(2)', { Other: { '@id': 'Es(3)' }, Many: [{ '@id': 'Es(3)' }] }, 200, 200],
        ['PUT', 'Es(1)/Other/$ref', { '@id': 'Es(3)' }, 204, 400],
        ['POST', 'Es', { ID: 9, Other: { '@id': 'Es(1)' } }, 201, 400],
        ['PATCH', 'Es(1)', { N: 1 }, 200, 200],
      ],
    },
    {
      ids: 'L08 Validation.ItemsOf',
      what: 'of many',
      at: 'E',
      annotation: itemsOf('Many', 'More'),
      asked: [
        ['PATCH', 'Es(3)', { Many: [{ '@id': 'Es(1)' }] }, 200, 400],
        ['PATCH', 'Es(3)', { Many: [{ '@id': 'Es(1)' }], More: [{ '@id': 'Es(1)' }, { '@id': 'Es(2)' }] }, 200, 200],
        ['POST', 'Es(3)/Many/$ref', { '@id': 'Es(1)' }, 204, 400],
        ['POST', 'Es(3)/More/$ref', { '@id': 'Es(1)' }, 204, 204],
      ],
    },
    {
      ids: 'L09 Validation.OpenPropertyTypeConstraint',
      at: 'Open',
      annotation: names('Validation.OpenPropertyTypeConstraint', 'Edm.String', 'Edm.Date'),
      asked: [
        ['POST', 'Opens', { ID: 1, X: 'a' }, 201, 201],
        ['POST', 'Opens', { ID: 1, X: 5 }, 201, 400],
        ['POST', 'Opens', { ID: 1, 'X@type': 'Date', X: '2024-01-01' }, 201, 201],
      ],
    },
    {
      ids: 'L10 Validation.DerivedTypeConstraint',
      what: 'of a set',
      at: 'Es',
      annotation: names('Validation.DerivedTypeConstraint', 'T.F'),
      asked: [
        ['POST', 'Es', { '@type': '#T.F', ID: 9 }, 201, 201],
        ['POST', 'Es', { ID: 9 }, 201, 400],
      ],
    },
    {
      ids: 'L10',
      what: 'of a property',
      at: 'P',
      annotation: names('Validation.DerivedTypeConstraint', 'T.Q'),
      asked: [patch({ P: { '@type': '#T.Q', X: 1 } }, 200, 200), patch({ P: { '@type': '#T.P', X: 1 } }, 200, 400)],
    },
    {
      ids: 'L10',
      what: 'of a relationship',
      at: 'Other',
      annotation: names('Validation.DerivedTypeConstraint', 'T.F'),
      asked: [patch({ Other: { ID: 9 } }, 200, 400), patch({ Other: { '@type': '#T.F', ID: 9 } }, 200, 200)],
    },
    {
      ids: 'L13 Validation.MaxItems',
      at: 'L',
      annotation: note('Validation.MaxItems', 'Int="2"'),
      asked: [
        patch({ L: ['a', 'b'] }, 200, 200),
        patch({ L: ['a', 'b', 'c'] }, 200, 400),
        ['POST', 'Es(1)/L', { value: 'z' }, 200, 400],
        ['PUT', 'Es(1)/L', { value: ['a', 'b', 'c'] }, 200, 400],
      ],
    },
    {
      ids: 'L14 Validation.MinItems',
      at: 'L',
      annotation: note('Validation.MinItems', 'Int="1"'),
      asked: [
        patch({ L: [] }, 200, 400),
        ['DELETE', 'Es(1)/L', undefined, 204, 400],
        ['PUT', 'Es(1)/L', { value: ['a'] }, 200, 200],
      ],
    },
    {
      ids: 'L13',
      what: 'of contained entities',
      at: 'Parts',
      annotation: note('Validation.MaxItems', 'Int="2"'),
      asked: [
        patch({ Parts: [{ No: 1 }, { No: 2 }, { No: 3 }] }, 200, 400),
        ['POST', 'Es(1)/Parts', { No: 2 }, 201, 201],
        ['PATCH', 'Es(1)', { 'Parts@delta': [{ No: 2 }, { No: 3 }] }, 200, 400],
      ],
    },
    {
      ids: 'L14',
      what: 'of contained entities',
      at: 'Parts',
      annotation: note('Validation.MinItems', 'Int="0"'),
      asked: [['DELETE', 'Es(1)/Parts(1)', undefined, 204, 204]],
    },
    {
      ids: 'L13',
      what: 'of related entities',
      at: 'Many',
      annotation: note('Validation.MaxItems', 'Int="1"'),
      asked: [
        ['POST', 'Es(2)/Many/$ref', { '@id': 'Es(3)' }, 204, 400],
        ['POST', 'Es(1)/Many/$ref', { '@id': 'Es(3)' }, 204, 204],
      ],
    },
    {
      ids: 'C18 Core.Permissions',
      what: 'read-only properties are ignored',
      at: 'A',
      annotation: note('Core.Permissions', 'EnumMember="Core.Permission/Read"'),
      asked: [patch({ A: 'z' }, 200, 200), ['PUT', 'Es(1)/A', { value: 'z' }, 200, 405]],
    },
    {
      ids: 'C21 Core.Immutable',
      at: 'A',
      annotation: note('Core.Immutable'),
      asked: [['PUT', 'Es(1)/A', { value: 'z' }, 200, 405]],
    },
    {
      ids: 'C22 Core.Computed',
      at: 'A',
      annotation: note('Core.Computed'),
      asked: [['PUT', 'Es(1)/A', { value: 'z' }, 200, 405]],
    },
    {
      ids: 'C24 Core.IsURL',
      at: 'A',
      annotation: note('Core.IsURL'),
      asked: [
        patch({ A: 'http://x/y' }, 200, 200),
        patch({ A: 'y?z' }, 200, 200),
        patch({ A: 'a b' }, 200, 400),
        patch({ A: 'http://' }, 200, 400),
      ],
    },
    {
      ids: 'C27 Core.IsMediaType',
      at: 'A',
      annotation: note('Core.IsMediaType'),
      asked: [patch({ A: 'image/png' }, 200, 200), patch({ A: 'picture' }, 200, 400)],
    },
    {
      ids: 'C30 Core.AdditionalProperties',
      at: 'Open',
      annotation: note('Core.AdditionalProperties', 'Bool="false"'),
      asked: [['POST', 'Opens', { ID: 1, X: 'a' }, 201, 400]],
    },
    {
      ids: 'C34 C35 Core.PositionalInsert',
      at: 'L',
      annotation: note('Core.PositionalInsert'),
      asked: [['POST', 'Es(1)/L?$index=0', { value: 'z' }, 400, 200]],
    },
    {
      ids: 'C34 Core.Ordered',
      at: 'L',
      annotation: note('Core.Ordered'),
      asked: [['PUT', 'Es(1)/L/0', { value: 'z' }, 404, 200]],
    },
    {
      ids: 'M05 Measures.DurationGranularity',
      at: 'T',
      annotation: note('Measures.DurationGranularity', 'String="hours"'),
      asked: [patch({ T: 'PT2H' }, 200, 200), patch({ T: 'PT2H1M' }, 200, 400), patch({ T: 'P1D' }, 200, 200)],
    },
    {
      ids: 'M02 Measures.Scale',
      at: 'D',
      annotation: note('Measures.Scale', 'Int="2"'),
      asked: [patch({ D: 1.25 }, 200, 200), patch({ D: 1.255 }, 200, 400)],
    },
  ]);

  it('L07 tells the message and where, with all other broken rules', async () => {
    const model = annotatedModel({
      E: condition('<Lt><Path>N</Path><Int>10</Int></Lt>', 'N is too large.'),
      A: condition('<Ne><Path>A</Path><String>q</String></Ne>', 'Not q.'),
    });
    const world = await open(model);
    const one = await world.ask('POST', 'Es', { body: { ID: 1, N: 10, A: 'a' } });
    assert.deepEqual([one.json.error.message, one.json.error.target], ['N is too large.', undefined]);
    const two = await world.ask('POST', 'Es', { body: { ID: 1, N: 10, A: 'q' } });
    assert.deepEqual(
      two.json.error.details.map(({ message, target }: { message: string; target?: string }) => [message, target]),
      [
        ['N is too large.', undefined],
        ['Not q.', 'A'],
      ],
    );
    const nested = await world.ask('POST', 'Es', { body: { ID: 1, N: 1, A: 'a', Other: { ID: 2, N: 1, A: 'q' } } });
    assert.equal(nested.json.error.target, 'Other/A');
    await world.close();
  });

  it('L01 V12 a pattern that cannot be had in linear time is told at start', async () => {
    for (const pattern of ['(?=x)', '(a)\\1', '['])
      await assert.rejects(open(annotatedModel({ A: note('Validation.Pattern', `String="${pattern}"`) })), /pattern/);
  });

  it('L01 does not hang on a pattern and a text that would make others', async () => {
    const world = await open(annotatedModel({ A: note('Validation.Pattern', 'String="^(a+)+$"') }));
    const reply = await world.ask('POST', 'Es', { body: { ID: 1, A: `${'a'.repeat(50_000)}!` } });
    assert.equal(reply.status, 400);
    await world.close();
  });

  it('L07 V12 a condition over what does not exist is told at start', async () => {
    await assert.rejects(open(annotatedModel({ E: condition('<Lt><Path>Nope</Path><Int>10</Int></Lt>') })), /Nope/);
  });

  it('C19 C23 C21 what creation may set, what the service makes', async () => {
    const model = modelFrom(`
<EntityType Name="E"><Key><PropertyRef Name="ID"/></Key>
  <Property Name="ID" Type="Edm.Guid" Nullable="false"><Annotation Term="Core.ComputedDefaultValue"/></Property>
  <Property Name="Once" Type="Edm.String" Nullable="false"><Annotation Term="Core.Immutable"/></Property>
  <Property Name="Made" Type="Edm.DateTimeOffset" Nullable="false"><Annotation Term="Core.Computed"/><Annotation Term="Edmund.OnInsert"><Apply Function="Edmund.Now"/></Annotation></Property>
</EntityType><EntityContainer Name="C"><EntitySet Name="Es" EntityType="T.E"/></EntityContainer>`);
    const world = await open(model);
    const made = await world.ask('POST', 'Es', { body: { Once: 'a', Made: '2001-01-01T00:00:00Z' } });
    assert.equal(made.status, 201, made.text);
    assert.match(made.json.ID, /^[0-9a-f-]{36}$/);
    assert.notEqual(made.json.Made.slice(0, 4), '2001');
    const own = '11111111-2222-4333-8444-555555555555';
    assert.equal((await world.ask('POST', 'Es', { body: { ID: own, Once: 'b' } })).json.ID, own);
    const put = await world.ask('PUT', `Es(${own})`, { body: { Once: 'c' } });
    assert.deepEqual([put.json.Once, put.json.Made.slice(0, 4) === '2001'], ['b', false]);
    assert.equal((await world.ask('POST', 'Es', { body: {} })).status, 400);
    await world.close();
  });

  it('C18 P11.2.2-4 Core.Permissions: what cannot be read is not there for who reads, wherever it stands, and said to be withheld', async () => {
    const none = note('Core.Permissions', 'EnumMember="Core.Permission/None"');
    const write = note('Core.Permissions', 'EnumMember="Core.Permission/Write"');
    const model = (at: string, inside: string) =>
      modelFrom(`<ComplexType Name="P"><Property Name="Open" Type="Edm.String"/><Property Name="Shut" Type="Edm.String">${inside}</Property></ComplexType>
<EntityType Name="E"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>
<Property Name="Shown" Type="Edm.String"/><Property Name="Secret" Type="Edm.String">${at}</Property>
<Property Name="One" Type="T.P"/><Property Name="Many" Type="Collection(T.P)" Nullable="false"/></EntityType>
<EntityContainer Name="C"><EntitySet Name="Es" EntityType="T.E"/></EntityContainer>`);
    const value = { Open: 'o', Shut: 'hidden' };
    const body = { ID: 1, Shown: 's', Secret: 'hidden', One: value, Many: [value] };
    const asked: readonly (readonly [url: string, status: number])[] = [
      ['Es(1)', 200],
      ['Es', 200],
      ['Es(1)?$select=*', 200],
      ['Es(1)/One', 200],
      ['Es(1)/Many', 200],
      ['Es(1)/Secret', 404],
      ['Es(1)/Secret/$value', 404],
      ['Es(1)/One/Shut', 404],
      ['Es?$select=Secret', 400],
      ['Es?$select=One/Shut', 400],
      ["Es?$filter=Secret eq 'hidden'", 400],
      ["Es?$filter=One/Shut eq 'hidden'", 400],
      ["Es?$filter=Many/any(m:m/Shut eq 'hidden')", 400],
      ['Es?$orderby=Secret', 400],
      ['Es?$compute=Secret as S&$select=S', 400],
      ['Es?$apply=groupby((Secret))', 400],
      ['Es?$apply=aggregate(Secret with max as S)', 400],
    ];
    for (const permission of [write, none]) {
      const plain = await open(model('', ''));
      await plain.ask('POST', 'Es', { body });
      assert.match((await plain.ask('GET', 'Es')).text, /"Secret":"hidden"/);
      const world = await open(model(permission, permission), { store: plain.store });
      for (const [url, status] of asked) {
        const reply = await world.ask('GET', url);
        assert.equal(reply.status, status, `${url} ${reply.text}`);
        const said = /,?"(?:Secret|Shut)@Org\.OData\.Core\.V1\.Permissions":"None"/g;
        if (status === 200) assert.doesNotMatch(reply.text.replaceAll(said, ''), /hidden|Secret|Shut/, url);
        if (status === 200) assert.match(reply.text, said, url);
      }
      for (const url of ['Es(1)/Secre', 'Es?$select=Secre', 'Es?$filter=Secre eq 1'])
        assert.doesNotMatch((await world.ask('GET', url)).text, /Secret/, 'no hint leads there');
      assert.equal((await world.ask('GET', 'Es/$count?$search=hidden')).text, '0');
      const sent = { Secret: 'new', One: { Shut: 'new' } };
      const changed = await world.ask('PATCH', 'Es(1)', { body: sent });
      assert.equal(changed.status, 200, changed.text);
      assert.doesNotMatch(changed.text, /hidden|new/);
      const kept = permission === write ? 'new' : 'hidden';
      assert.match(await world.dump(), new RegExp(`1\\|s\\|${kept}\\|`));
      await world.close();
    }
  });

  it('C26 Core.MediaType is the type of a stream that comes without one', async () => {
    for (const [annotation, type] of [
      ['', 'application/octet-stream'],
      [note('Core.MediaType', 'String="image/png"'), 'image/png'],
    ] as const) {
      const world = await open(
        modelFrom(`<EntityType Name="E"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>
<Property Name="S" Type="Edm.Stream">${annotation}</Property></EntityType>
<EntityContainer Name="C"><EntitySet Name="Es" EntityType="T.E"/></EntityContainer>`),
      );
      await world.ask('POST', 'Es', { body: { ID: 1 } });
      const put = await world.ask('PUT', 'Es(1)/S', { body: Buffer.from('x'), headers: { 'content-type': '' } });
      assert.equal(put.status, 204, put.text);
      assert.equal((await world.ask('GET', 'Es(1)/S')).headers['content-type'], type);
      await world.close();
    }
  });
});
