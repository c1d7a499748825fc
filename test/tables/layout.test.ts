import assert from 'node:assert/strict';
import { createLayout, type Layout, type Table } from '../../src/tables/index.js';
import { constant, type ModelText, modelOf, note, order } from './model.js';

/** A table in one line: its columns, the key in brackets, `?` behind what may be null. */
function shown(table: Table | undefined): string {
  if (table === undefined) return 'none';
  const key = table.primaryKey.map((column) => column.name).join(',');
  return `${table.name}(${table.columns.map((column) => column.name + (column.nullable ? '?' : '')).join(' ')}) [${key}]`;
}

const tablesOf = (layout: Layout) => layout.tables.map(shown);
const named = (layout: Layout, name: string) => layout.tables.find((table) => table.name === name);

const linkText = (layout: Layout, table: string, navigation: string): string => {
  const source = named(layout, table);
  const link = [...(source?.links ?? [])].find(([property]) => property.name === navigation)?.[1];
  if (link === undefined) return 'absent';
  if (link.kind === 'linkTable')
    return `${link.name}: ${link.sourcePairs.map((pair) => `${pair.own.name}=${pair.target.name}`)} ${link.targetPairs.map((pair) => `${pair.own.name}=${pair.target.name}`)}`;
  return `${link.target.name}: ${link.pairs.map((pair) => `${pair.own.name}=${pair.target.name}`)} on ${link.writtenOn}`;
};

const profile: ModelText = {
  types: {
    user: { key: ['id'], properties: { id: 'String!' }, navigation: { profile: { to: 'profile', contained: true } } },
    profile: {
      key: ['id'],
      properties: { id: 'String!' },
      navigation: { emails: { to: 'email', many: true, contained: true } },
    },
    email: { key: ['id'], properties: { id: 'String!', created: 'DateTimeOffset' }, annotations: [order('created')] },
  },
  sets: { user: { type: 'user' } },
};

const rows: readonly [name: string, model: ModelText, tables: readonly string[]][] = [
  [
    'contained values have the keys of their parents',
    profile,
    [
      'user(id @version) [id]',
      'user_profile(@user_id id @version) [@user_id]',
      'user_profile_emails(@user_id id created? @version) [@user_id,id]',
    ],
  ],
  [
    'names differ by more than case; a flattened leaf beside a property of its name',
    {
      types: {
        A: {
          key: ['type'],
          properties: { type: 'Int32!', Address: 'Address!', Address_City: 'String', ROWID: 'Int32' },
        },
        Address: { kind: 'complex', properties: { City: 'String' } },
      },
      sets: { User: { type: 'A' }, user: { type: 'A' } },
    },
    [
      'User(type Address_City? Address_City_2? ROWID_2? @version) [type]',
      'user_2(type Address_City? Address_City_2? ROWID_2? @version) [type]',
    ],
  ],
  [
    'a nullable complex value has a presence column; open, recursive and collected ones are JSON',
    {
      types: {
        A: {
          key: ['id'],
          open: true,
          properties: {
            id: 'Int32!',
            home: 'Address',
            more: 'Address[]',
            free: 'Open',
            tree: 'Tree',
            tags: 'String[]',
          },
        },
        Address: { kind: 'complex', properties: { city: 'String!', geo: 'Geo' } },
        Geo: { kind: 'complex', properties: { lat: 'Double!' } },
        Open: { kind: 'complex', open: true },
        Tree: { kind: 'complex', properties: { next: 'Tree' } },
      },
      sets: { a: { type: 'A' } },
    },
    ['a(id @home? home_city? @home_geo? home_geo_lat? more free? tree? tags @version @dynamic?) [id]'],
  ],
  [
    'a hierarchy is one table; what subtypes add may be null',
    {
      types: {
        Animal: { abstract: true, key: ['id'], properties: { id: 'Int32!' } },
        Cat: { base: 'Animal', properties: { name: 'String!' } },
        Dog: { base: 'Animal', properties: { name: 'Int32!' } },
      },
      sets: { animals: { type: 'Animal' } },
    },
    ['animals(id name? name_2? @type @version) [id]'],
  ],
  [
    'recursive containment hangs on database-wide ids',
    {
      types: {
        Folder: {
          key: ['id'],
          properties: { id: 'String!' },
          navigation: { children: { to: 'Folder', many: true, contained: true } },
        },
      },
      sets: { folders: { type: 'Folder' } },
    },
    ['folders(@id id @version) [id]', 'folders_children(@parent @id id @version) [@parent,id]'],
  ],
  [
    'a singleton without a key, and names that the model gives',
    {
      types: {
        Me: {
          properties: { name: { type: 'String', annotations: [note('Edmund.V1.Column', constant('full_name'))] } },
          navigation: { notes: { to: 'Note', many: true, contained: true } },
        },
        Note: { key: ['id'], properties: { id: 'Int32!' } },
      },
      sets: { me: { type: 'Me', singleton: true } },
    },
    ['me(@id full_name? @version) [@id]', 'me_notes(@me_id id @version) [@me_id,id]'],
  ],
];

describe('tables: layout', () => {
  for (const [name, text, expected] of rows)
    it(name, () => assert.deepEqual(tablesOf(createLayout(modelOf(text))), expected));

  it('indexes what is sorted behind the parent and before the key', () => {
    const emails = named(createLayout(modelOf(profile)), 'user_profile_emails');
    assert.deepEqual(
      emails?.indexes.map((index) => index.columns.map((column) => column.name)),
      [['@user_id', 'created', 'id']],
    );
  });

  it('gives recorded names again, whatever was added before them', () => {
    const before = createLayout(
      modelOf({
        types: { A: { key: ['id'], properties: { id: 'Int32!', NAME: 'String' } } },
        sets: { as: { type: 'A' } },
      }),
    );
    const later = {
      types: { A: { key: ['id'], properties: { name: 'String', id: 'Int32!', NAME: 'String' } } },
      sets: { as: { type: 'A' } },
    } as const;
    assert.deepEqual(tablesOf(createLayout(modelOf(later), before.names)), ['as(name_2? id NAME? @version) [id]']);
    assert.deepEqual(tablesOf(createLayout(modelOf(later))), ['as(name? id NAME_2? @version) [id]']);
  });

  it('keeps a table within 200 columns', () => {
    const properties = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`c${index}`, 'Wide'] as const));
    const wide = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`p${index}`, 'String'] as const));
    const text: ModelText = {
      types: {
        A: { key: ['id'], properties: { id: 'Int32!', ...properties } },
        Wide: { kind: 'complex', properties: wide },
      },
      sets: { a: { type: 'A' } },
    };
    const [table] = createLayout(modelOf(text)).tables;
    assert.ok(
      table !== undefined && table.columns.length <= 200 && table.columns.length > 150,
      String(table?.columns.length),
    );
  });
});

const shop: ModelText = {
  types: {
    Product: {
      key: ['id'],
      properties: { id: 'Int32!', categoryId: 'String' },
      navigation: {
        category: { to: 'Category', constraint: { categoryId: 'code' }, partner: 'products' },
        supplier: { to: 'Supplier', partner: 'products' },
        similar: { to: 'Product', many: true },
        successor: { to: 'Product' },
        unbound: { to: 'Category' },
      },
    },
    Category: {
      key: ['code'],
      properties: { code: 'String!' },
      navigation: { products: { to: 'Product', many: true, onDelete: 'Cascade' } },
    },
    Supplier: {
      key: ['a', 'b'],
      properties: { a: 'Int32!', b: 'Int32!', office: 'Office' },
      navigation: {
        products: { to: 'Product', many: true, partner: 'supplier' },
        twin: { to: 'Twin', partner: 'supplier' },
        items: { to: 'Item', many: true, contained: true },
      },
    },
    Office: { kind: 'complex', properties: { city: 'String' }, navigation: { main: { to: 'Product' } } },
    Twin: {
      key: ['id'],
      properties: { id: 'Int32!' },
      navigation: { supplier: { to: 'Supplier', required: true, partner: 'twin' } },
    },
    Item: {
      key: ['n'],
      properties: { n: 'Int32!' },
      navigation: { supplier: { to: 'Supplier', partner: 'items' }, product: { to: 'Product' } },
    },
  },
  sets: {
    products: {
      type: 'Product',
      bindings: { category: 'categories', supplier: 'suppliers', similar: 'products', successor: 'products' },
    },
    categories: { type: 'Category', bindings: { products: 'products' } },
    suppliers: {
      type: 'Supplier',
      bindings: { products: 'products', twin: 'twins', 'office/main': 'products', 'items/product': 'products' },
    },
    twins: { type: 'Twin', bindings: { supplier: 'suppliers' } },
  },
};

describe('tables: links', () => {
  const layout = createLayout(modelOf(shop));
  const links: readonly [table: string, navigation: string, link: string][] = [
    ['products', 'category', 'categories: categoryId=code on own'],
    ['categories', 'products', 'products: code=categoryId on target'],
    ['products', 'supplier', 'suppliers: @supplier_a=a,@supplier_b=b on own'],
    ['suppliers', 'products', 'products: a=@supplier_a,b=@supplier_b on target'],
    ['products', 'similar', '@products_similar: id=source_id target_id=id'],
    ['products', 'successor', 'products: @successor_id=id on own'],
    ['products', 'unbound', 'absent'],
    ['twins', 'supplier', 'suppliers: @supplier_a=a,@supplier_b=b on own'],
    ['suppliers', 'twin', 'twins: a=@supplier_a,b=@supplier_b on target'],
    ['suppliers', 'items', 'suppliers_items: a=@suppliers_a,b=@suppliers_b on target'],
    ['suppliers_items', 'supplier', 'suppliers: @suppliers_a=a,@suppliers_b=b on own'],
    ['suppliers_items', 'product', 'products: @product_id=id on own'],
  ];
  for (const [table, navigation, expected] of links)
    it(`${table}/${navigation}`, () => assert.equal(linkText(layout, table, navigation), expected));

  it('within a flattened complex value', () => {
    const office = [...(named(layout, 'suppliers')?.storage.values() ?? [])].find(
      (storage) => storage.kind === 'flattened',
    );
    const [link] = office?.kind === 'flattened' ? office.links.values() : [];
    assert.equal(link?.kind === 'columns' && link.pairs.map((pair) => pair.own.name).join(), '@office_main_id');
  });

  it('the database removes what the model says', () => {
    const keys = named(layout, 'products')?.foreignKeys.map((key) => `${key.target.name} ${key.onDelete}`);
    assert.deepEqual(keys, ['categories cascade', 'suppliers set null', 'products set null']);
  });
});
