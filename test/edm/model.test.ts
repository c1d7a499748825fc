import assert from 'node:assert/strict';
import {
  annotationOf,
  annotationsAt,
  booleanValue,
  type EntityType,
  effectivePermissions,
  enumMembers,
  isSubtypeOf,
  isTagged,
  loadModel,
  type Model,
  memberFlag,
  numberValue,
  openModel,
  ownerPath,
  primitive,
  recordValue,
  stringValue,
  stringValues,
  type Type,
} from '../../src/edm/index.js';
import { everything } from './everything.js';

const opened = openModel({ file: 'm.xml', text: everything });
assert.ok(opened.model !== null);
const model: Model = opened.model;

function entity(name: string, within: Model = model): EntityType {
  const type = within.type(name);
  assert.ok(type?.kind === 'entity', name);
  return type;
}

describe('edm: the linked model', () => {
  it('has no problems', () =>
    assert.deepEqual(
      opened.problems.filter(({ severity }) => severity === 'error'),
      [],
    ));

  it('C5.1-1 names with namespace or alias are the same thing', () => {
    assert.equal(model.type('Test.Product'), model.type('self.Product'));
    assert.equal(model.type('Test.Nope'), null);
    assert.equal(model.type('Edm.String'), primitive('Edm.String'));
  });

  it('C6.1-2 inherited members come first, redefined ones in their place', () => {
    const product = entity('Test.Product');
    assert.deepEqual([...product.properties.keys()].slice(0, 3), ['ID', 'Old', 'Name']);
    assert.equal(product.properties.get('Old')?.declaringType, product);
    assert.deepEqual(
      product.key.map(({ name }) => name),
      ['ID'],
    );
    assert.deepEqual(
      entity('Test.Thing')
        .derivedTypes.map(({ name }) => name)
        .sort(),
      ['Category', 'Product'],
    );
  });

  it('C6.5-8 keys through paths', () => {
    const { key, alternateKeys } = entity('Test.Part');
    assert.deepEqual(
      key.map(({ name, path, properties }) => [name, path, properties.length]),
      [
        ['City', 'Place/City', 2],
        ['No', 'No', 1],
      ],
    );
    assert.deepEqual(
      alternateKeys.map((one) => one.map(({ name, path }) => [name, path])),
      [[['Number', 'No']]],
    );
  });

  it('C8.3-2 partners', () => {
    const category = entity('Test.Product').navigationProperties.get('Category');
    assert.equal(category?.partner, entity('Test.Category').navigationProperties.get('Products'));
    assert.equal(category?.partner?.partner, category);
    assert.equal(category?.onDelete, 'SetNull');
  });

  it('C10.3-2 members without values count from 0', () => {
    const color = model.type('Test.Color');
    assert.ok(color?.kind === 'enum');
    assert.deepEqual(
      [...color.members.values()].map(({ name, value }) => [name, value]),
      [
        ['Red', 0n],
        ['Green', 1n],
      ],
    );
  });

  it('C12.5-1 operations by binding parameter', () => {
    assert.deepEqual(
      model.boundOperations(entity('Test.Category'), false).map(({ name }) => name),
      ['Best'],
    );
    assert.deepEqual(model.boundOperations(entity('Test.Category'), true), []);
    assert.equal(model.operations('self.Sum').length, 2);
  });

  it('C12.9-4 optional parameters', () => {
    const [rate] = model.operations('Test.Rate');
    assert.deepEqual(
      rate?.parameters.map(({ optional }) => optional),
      [null, null, { defaultValue: 'no reason' }],
    );
    assert.equal(annotationsAt(model, 'Test.Rate(Test.Product)/stars').length, 1);
    assert.equal(rate?.parameters[1]?.annotations.length, 1);
  });

  it('C13.4.2-2 bindings lead to sets', () => {
    const products = model.container?.children.get('Products');
    assert.ok(products?.kind === 'entitySet');
    assert.deepEqual(
      products.bindings.map(({ path, targetSet }) => [path, targetSet?.name]),
      [
        ['Category', 'Categories'],
        ['Places/Country', 'Categories'],
      ],
    );
    const categories = model.container?.children.get('Categories');
    assert.ok(categories?.kind === 'entitySet' && !categories.includeInServiceDocument);
  });

  it('C14.2.2-3 annotations from outside stand on their target, or at their path', () => {
    assert.deepEqual(
      annotationsAt(model, 'Test.Container/Products/Parts').map((one) => stringValue(one)),
      ['parts of products'],
    );
    const name = entity('Test.Product').properties.get('Name');
    assert.ok(name !== undefined);
    assert.equal(stringValue(annotationOf(name, 'Org.OData.Core.V1.Description', 'Short')), 'the name');
    assert.equal(annotationOf(name, 'Org.OData.Core.V1.Description'), null);
  });

  it('typed values of annotations', () => {
    const { annotations } = entity('Test.Settings');
    const of = (term: string) => annotations.find(({ termName }) => termName === term) ?? null;
    assert.equal(booleanValue(of('Test.Tag')), true);
    assert.equal(numberValue(of('Test.Level')), 7);
    assert.deepEqual(stringValues(of('Test.Colors')), ['Test.Color/Red', 'Test.Color/Green']);
    assert.deepEqual(enumMembers(of('Test.Level')), ['7']);
    assert.equal(of('org.example.unknown.Term')?.term, null);
    const products = model.container?.children.get('Products');
    assert.ok(products !== undefined);
    const restrictions = recordValue(annotationOf(products, 'Org.OData.Capabilities.V1.InsertRestrictions'));
    assert.equal(memberFlag(restrictions, 'Insertable'), false);
    assert.equal(memberFlag(restrictions, 'QueryOptions'), null);
  });

  it('C3-2 default namespaces', () => assert.deepEqual([...model.defaultNamespaces], ['Org.OData.Core.V1']));

  const subtypes: readonly (readonly [type: string, base: string, wanted: boolean])[] = [
    ['Test.Product', 'Test.Thing', true],
    ['Test.Thing', 'Test.Product', false],
    ['Test.Product', 'Edm.EntityType', true],
    ['Test.Home', 'Test.Address', true],
    ['Test.Length', 'Edm.Decimal', true],
    ['Test.Color', 'Edm.PrimitiveType', true],
    ['Edm.GeographyPoint', 'Edm.Geography', true],
    ['Edm.GeometryPoint', 'Edm.Geography', false],
    ['Edm.PropertyPath', 'Edm.AnyPropertyPath', true],
    ['Edm.AnnotationPath', 'Edm.ModelElementPath', true],
    ['Edm.Int32', 'Edm.Untyped', true],
    ['Edm.Int32', 'Edm.Int64', false],
  ];
  for (const [type, base, wanted] of subtypes)
    it(`C3.4-1, C3.5-2 ${type} is ${wanted ? '' : 'not '}${base}`, () => {
      const of = (name: string): Type => model.type(name) ?? primitive('Edm.String');
      assert.equal(isSubtypeOf(of(type), of(base)), wanted);
    });
});

describe('edm: the profile model', () => {
  const profile = loadModel(new URL('../../schema/profile.csdl.xml', import.meta.url).pathname);
  const user = profile.container?.children.get('user');

  it('is read with the vocabularies it uses', () => {
    assert.ok(profile.schemas.has('Edmund.V1') && profile.schemas.has('Org.OData.Core.V1'));
    assert.ok(user?.kind === 'entitySet');
  });

  it('says who owns a user, and which scopes its profile needs', () => {
    assert.ok(user?.kind === 'entitySet');
    assert.equal(ownerPath(user), 'id');
    assert.ok(effectivePermissions(user, 'read').length > 0);
  });

  it('creates a profile together with its user', () => {
    const property = user?.kind === 'entitySet' ? user.type.navigationProperties.get('profile') : undefined;
    assert.ok(property !== undefined && isTagged(property, 'Edmund.V1.CreatedWith'));
  });
});
