import { strict as assert } from 'node:assert';
import type { Annotation, ContainerChild, EntityContainer } from '../../src/edm/index.js';
import { type ContextDescription, contextUrl, type SelectItem } from '../../src/payload/context.js';
import { collectionEnvelope, entityEnvelope, propertyEnvelope } from '../../src/payload/envelope.js';
import { serviceDocument } from '../../src/payload/service-document.js';
import { annotation, entity, model, property } from '../bind/model.js';

describe('envelopes', () => {
  const items = '{"id":1},\n{"id":2}';
  const rows: [string, Parameters<typeof collectionEnvelope>[0], string, string][] = [
    ['J13-1', { context: 'c', version: '4.01' }, items, `{"@context":"c","value":[${items}]}`],
    ['J13-1 whole array', { context: 'c', version: '4.01' }, `[${items}]`, `{"@context":"c","value":[${items}]}`],
    ['J13-1 empty', { context: 'c', version: '4.0' }, '', '{"@odata.context":"c","value":[]}'],
    [
      'J4.4-3 order',
      { context: 'c', count: 3n, nextLink: 'n', version: '4.0' },
      '{}',
      '{"@odata.context":"c","@odata.count":3,"value":[{}],"@odata.nextLink":"n"}',
    ],
    [
      'J3.2-1 count as string',
      { context: 'c', count: 3n, version: '4.01', ieee754Compatible: true },
      '{}',
      '{"@context":"c","@count":"3","value":[{}]}',
    ],
    ['J4.5.7-1 delta link', { context: null, deltaLink: 'd', version: '4.01' }, '', '{"value":[],"@deltaLink":"d"}'],
    [
      'J4.5.7-1 never both',
      { context: null, nextLink: 'n', deltaLink: 'd', version: '4.01' },
      '',
      '{"value":[],"@nextLink":"n"}',
    ],
    [
      'further members',
      { context: 'c', version: '4.01', members: new Map([['#T.Op', '{}']]) },
      '',
      '{"@context":"c","#T.Op":{},"value":[]}',
    ],
  ];
  for (const [name, frame, blob, expected] of rows)
    it(name, () => assert.equal(collectionEnvelope(frame, Buffer.from(blob)).toString(), expected));

  it('J4.5.1-1 puts the context first', () => {
    const entityOf = (context: string | null, text: string, version: '4.0' | '4.01') =>
      entityEnvelope(context, Buffer.from(text), version).toString();
    assert.equal(entityOf('c"', '{"a":1}', '4.0'), '{"@odata.context":"c\\"","a":1}');
    assert.equal(entityOf('c', '{ }', '4.01'), '{"@context":"c"}');
    assert.equal(entityOf(null, '{"a":1}', '4.01'), '{"a":1}');
  });
  it('J11-2 wraps values', () => {
    assert.equal(propertyEnvelope('c', Buffer.from('[1]'), '4.01').toString(), '{"@context":"c","value":[1]}');
    assert.equal(propertyEnvelope(null, Buffer.from('1'), '4.0').toString(), '{"value":1}');
  });
});

describe('context URLs', () => {
  const path = (...names: string[]): SelectItem[] => names.map((name) => ({ kind: 'path', path: name }));
  const expand = (name: string, items: SelectItem[] = [], recursive = false): SelectItem => ({
    kind: 'expand',
    path: name,
    items,
    recursive,
  });
  const rows: [string, ContextDescription, string, string?][] = [
    ['P10.1-1', { kind: 'serviceDocument' }, ''],
    ['P10.2-1', { kind: 'entities', set: 'Books' }, '#Books'],
    ['P10.2-1 contained', { kind: 'entities', set: 'Books(7)/Copies' }, '#Books(7)/Copies'],
    ['P10.2-2', { kind: 'type', type: 'Lib.Book', collection: true }, '#Collection(Lib.Book)'],
    ['P10.3-1', { kind: 'entity', set: 'Books' }, '#Books/$entity'],
    ['P10.3-2', { kind: 'type', type: 'Lib.Book', collection: false }, '#Lib.Book'],
    ['P10.4-1', { kind: 'singleton', path: 'Books(7)/Cover' }, '#Books(7)/Cover'],
    ['P10.5-1', { kind: 'entities', set: 'Books', cast: 'Lib.RareBook' }, '#Books/Lib.RareBook'],
    ['P10.6-1', { kind: 'entity', set: 'Books', cast: 'Lib.RareBook' }, '#Books/Lib.RareBook/$entity'],
    ['P10.7-2', { kind: 'entities', set: 'Books', select: path('ID', 'Title') }, '#Books(ID,Title)'],
    [
      'P10.8-1',
      { kind: 'entity', set: 'Books', select: path('ID', 'Address/City') },
      '#Books(ID,Address/City)/$entity',
    ],
    ['P10.9-1', { kind: 'entities', set: 'Books', select: [expand('Author')] }, '#Books(Author())'],
    [
      'P10.9-2',
      { kind: 'entities', set: 'Books', select: [...path('Title', 'Author'), expand('Author')] },
      '#Books(Title,Author,Author())',
    ],
    ['P10.9-3', { kind: 'entities', set: 'Books', select: [expand('Author')] }, '#Books', '4.0'],
    [
      'P10.9-3 nested',
      { kind: 'entities', set: 'Books', select: [expand('Author', path('Name'))] },
      '#Books(Author(Name))',
      '4.0',
    ],
    ['P10.9-4', { kind: 'entities', set: 'S', select: [expand('Reports', path('Name'), true)] }, '#S(Reports+(Name))'],
    ['P10.11-1', { kind: 'references' }, '#Collection($ref)'],
    ['P10.12-1', { kind: 'reference' }, '#$ref'],
    [
      'P10.13-1',
      { kind: 'property', entity: 'Books(7)', path: 'Lib.RareBook/Appraisal' },
      '#Books(7)/Lib.RareBook/Appraisal',
    ],
    ['P10.14-1', { kind: 'type', type: 'Edm.String', collection: true }, '#Collection(Edm.String)'],
    ['P10.17-1', { kind: 'delta', of: { kind: 'entities', set: 'Books', select: path('ID') } }, '#Books(ID)/$delta'],
    ['P10.18-1', { kind: 'deletedLink', set: 'Books' }, '#Books/$deletedLink'],
    ['P10.19-1', { kind: 'all' }, '#Collection(Edm.EntityType)'],
    ['P10.20-1', { kind: 'crossjoin' }, '#Collection(Edm.ComplexType)'],
  ];
  for (const [name, description, expected, version] of rows)
    it(name, () =>
      assert.equal(
        contextUrl(description, 'http://h/r/', version === '4.0' ? '4.0' : '4.01'),
        `http://h/r/$metadata${expected}`,
      ),
    );
});

describe('the service document', () => {
  const type = entity('Book', { properties: [property('id', 'Edm.Int32')] }, ['id']);
  const at = { file: 'test', line: 1, column: 1 };
  const child = (
    kind: 'entitySet' | 'singleton' | 'functionImport' | 'actionImport',
    name: string,
    listed: boolean,
    annotations: Annotation[] = [],
  ) =>
    ({
      kind,
      name,
      type,
      nullable: false,
      includeInServiceDocument: listed,
      bindings: [],
      annotations,
      functions: [],
      actions: [],
      entitySet: null,
      entitySetPath: null,
      at,
    }) as ContainerChild;
  const children = [
    child('entitySet', 'Books', true, [annotation('Org.OData.Core.V1.Description', 'All "books"')]),
    child('entitySet', 'Hidden', false),
    child('singleton', 'Me', true),
    child('functionImport', 'Top', true),
    child('functionImport', 'Secret', false),
    child('actionImport', 'Reset', true),
  ];
  const container: EntityContainer = {
    kind: 'entityContainer',
    name: 'C',
    namespace: 'T',
    qualifiedName: 'T.C',
    extends: null,
    ownChildren: new Set(),
    annotations: [],
    at,
    children: new Map(children.map((item) => [item.name, item])),
  };
  it('J5-1 to J5-4', () => {
    assert.deepEqual(JSON.parse(serviceDocument({ ...model([type]), container }, 'http://h/', '4.0', 'minimal')), {
      '@odata.context': 'http://h/$metadata',
      value: [
        { name: 'Books', title: 'All "books"', kind: 'EntitySet', url: 'Books' },
        { name: 'Me', kind: 'Singleton', url: 'Me' },
        { name: 'Top', kind: 'FunctionImport', url: 'Top' },
      ],
    });
    assert.equal(serviceDocument(model([type]), 'http://h/', '4.01', 'none'), '{"value":[]}');
  });
});
