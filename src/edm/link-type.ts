import { type CsdlElement, none } from './element.js';
import type {
  AbstractType,
  EntityType,
  EnumMember,
  EnumType,
  KeyProperty,
  NavigationProperty,
  OnDeleteAction,
  Property,
  ReferentialConstraint,
  SchemaType,
  StructuredType,
  TypeDefinition,
} from './model.js';
import { follow } from './path.js';
import { abstractType, primitive } from './primitive.js';
import { annotateLater, expand, flag, type Linking, type Mutable, resolveType, type Scope } from './scope.js';
import { LinkedComplexType, LinkedEntityType } from './structured.js';
import { itemType, readFacets, typeReference } from './type-reference.js';

/** A type with its name and nothing else, so that others can point at it. */
export function declareType(element: CsdlElement, namespace: string, name: string): SchemaType {
  const { at } = element;
  switch (element.name) {
    case 'EntityType':
      return new LinkedEntityType(namespace, name, at);
    case 'ComplexType':
      return new LinkedComplexType(namespace, name, at);
    case 'EnumType':
      return {
        kind: 'enum',
        namespace,
        name,
        qualifiedName: `${namespace}.${name}`,
        at,
        annotations: none,
        underlyingType: primitive('Edm.Int32'),
        isFlags: false,
        members: new Map(),
      };
    default:
      return {
        kind: 'typeDefinition',
        namespace,
        name,
        qualifiedName: `${namespace}.${name}`,
        at,
        annotations: none,
        underlyingType: primitive('Edm.String'),
        facets: { maxLength: null, precision: null, scale: null, srid: null, unicode: null },
      };
  }
}

/** Base types, underlying types and enumeration members: what must stand before any property is read. */
export function linkBase(linking: Linking, scope: Scope, element: CsdlElement, type: SchemaType): void {
  annotateLater(linking, scope, type, element);
  if (type.kind === 'enum') linkEnum(linking, scope, element, type);
  else if (type.kind === 'typeDefinition') linkTypeDefinition(linking, scope, element, type);
  else linkBaseType(linking, scope, element, type);
}

function linkBaseType(linking: Linking, scope: Scope, element: CsdlElement, type: StructuredType): void {
  if (!(type instanceof LinkedEntityType) && !(type instanceof LinkedComplexType)) return;
  type.abstract = flag(linking, element, 'Abstract', false);
  type.open = flag(linking, element, 'OpenType', false);
  if (type instanceof LinkedEntityType) type.hasStream = flag(linking, element, 'HasStream', false);
  const name = element.attributes.BaseType;
  if (name === undefined) return;
  const base = resolveType(linking, scope, name, element.at);
  if (base === null) return;
  if (type instanceof LinkedEntityType && base instanceof LinkedEntityType) type.baseType = base;
  else if (type instanceof LinkedComplexType && base instanceof LinkedComplexType) type.baseType = base;
  else
    linking.report(
      'base-type-kind',
      element.at,
      `${type.name} cannot derive from ${name}: it is ${kindName(base.kind)}.`,
    );
}

function kindName(kind: string): string {
  return kind === 'entity' ? 'an entity type' : kind === 'enum' ? 'an enumeration type' : `a ${kind} type`;
}

/** Cuts inheritance cycles, so that everything after may walk up safely, and tells base types of their derived ones (CSDL 6.1, 9.1). */
export function linkInheritance(linking: Linking, types: readonly StructuredType[]): void {
  for (const type of types) {
    if (!(type instanceof LinkedEntityType) && !(type instanceof LinkedComplexType)) continue;
    const seen = new Set<unknown>([type]);
    for (let at: LinkedEntityType | LinkedComplexType = type; at.baseType !== null; at = at.baseType) {
      if (!seen.has(at.baseType)) seen.add(at.baseType);
      else {
        linking.report('inheritance-cycle', type.at, `${type.qualifiedName} inherits from itself.`);
        at.baseType = null;
        break;
      }
    }
  }
  for (const type of types) {
    if (type instanceof LinkedEntityType)
      for (let base = type.baseType; base !== null; base = base.baseType) base.derivedTypes.push(type);
    if (type instanceof LinkedComplexType)
      for (let base = type.baseType; base !== null; base = base.baseType) base.derivedTypes.push(type);
  }
}

function linkEnum(linking: Linking, scope: Scope, element: CsdlElement, type: Mutable<EnumType>): void {
  const name = element.attributes.UnderlyingType;
  const underlying = name === undefined ? primitive('Edm.Int32') : resolveType(linking, scope, name, element.at);
  if (underlying?.kind === 'primitive' && /^Edm\.(?:S?Byte|Int(?:16|32|64))$/.test(underlying.name))
    type.underlyingType = underlying;
  else if (underlying !== null)
    linking.report(
      'enum-underlying-type',
      element.at,
      `The underlying type must be Byte, SByte, Int16, Int32 or Int64, not ${name}.`,
    );
  type.isFlags = flag(linking, element, 'IsFlags', false);
  const members = new Map<string, EnumMember>();
  let valued = 0;
  let counter = 0n;
  for (const child of element.children) {
    if (child.name !== 'Member') continue;
    const { Name: member, Value: text } = child.attributes;
    if (member === undefined) continue;
    if (text !== undefined) valued++;
    if (members.has(member)) {
      linking.report(
        'duplicate-member',
        child.at,
        `The enumeration type ${type.name} has a member '${member}' already.`,
      );
      continue;
    }
    if (text !== undefined && !/^-?\d{1,20}$/.test(text))
      linking.report('enum-value', child.at, `'${text}' is no integer; the value of '${member}' must be one.`);
    else if (text !== undefined) counter = BigInt(text);
    const linked: EnumMember = { kind: 'enumMember', name: member, value: counter++, at: child.at, annotations: none };
    annotateLater(linking, scope, linked, child);
    members.set(member, linked);
  }
  type.members = members;
  if (!type.isFlags && valued !== 0 && valued !== members.size)
    linking.report('enum-values', type.at, `Either all members of ${type.name} have a Value or none has.`);
  if (type.isFlags && valued !== members.size)
    linking.report('enum-values', type.at, `Every member of the flags type ${type.name} needs a Value.`);
}

function linkTypeDefinition(linking: Linking, scope: Scope, element: CsdlElement, type: Mutable<TypeDefinition>): void {
  const name = element.attributes.UnderlyingType;
  const underlying = name === undefined ? null : resolveType(linking, scope, name, element.at);
  if (underlying?.kind === 'primitive') type.underlyingType = underlying;
  else if (underlying !== null)
    linking.report(
      'underlying-type',
      element.at,
      `The underlying type of ${type.name} must be a primitive type, not ${name}.`,
    );
  type.facets = readFacets(linking, element, type);
}

/** Properties, navigation properties and the key's own element are read once all bases stand. */
export function linkMembers(linking: Linking, scope: Scope, element: CsdlElement, type: SchemaType): void {
  if (!(type instanceof LinkedEntityType) && !(type instanceof LinkedComplexType)) return;
  for (const child of element.children) {
    const { Name: name } = child.attributes;
    if (name === undefined || (child.name !== 'Property' && child.name !== 'NavigationProperty')) continue;
    if (type.ownProperties.has(name) || type.ownNavigationProperties.has(name))
      linking.report('duplicate-property', child.at, `${type.qualifiedName} has a property '${name}' already.`);
    else if (child.name === 'Property') type.ownProperties.set(name, property(linking, scope, child, name, type));
    else type.ownNavigationProperties.set(name, navigation(linking, scope, child, name, type));
  }
}

function property(
  linking: Linking,
  scope: Scope,
  element: CsdlElement,
  name: string,
  declaringType: StructuredType,
): Property {
  const { type, collection, nullable, maxLength, precision, scale, srid, unicode } = typeReference(
    linking,
    scope,
    element,
  );
  const linked: Property = {
    kind: 'property',
    name,
    declaringType,
    type,
    collection,
    nullable,
    maxLength,
    precision,
    scale,
    srid,
    unicode,
    defaultValue: element.attributes.DefaultValue ?? null,
    at: element.at,
    annotations: none,
  };
  annotateLater(linking, scope, linked, element);
  return linked;
}

const actions: ReadonlySet<string> = new Set(['Cascade', 'None', 'SetNull', 'SetDefault']);

function navigation(
  linking: Linking,
  scope: Scope,
  element: CsdlElement,
  name: string,
  declaringType: StructuredType,
): NavigationProperty {
  const { attributes, at } = element;
  const { name: typeName, collection } = itemType(attributes.Type ?? '');
  const partner = attributes.Partner;
  const constraints: ReferentialConstraint[] = [];
  let deletion: CsdlElement | null = null;
  for (const child of element.children) {
    if (child.name === 'ReferentialConstraint') constraints.push(constraint(linking, scope, child));
    else if (child.name === 'OnDelete') deletion = child;
  }
  if (collection && attributes.Nullable !== undefined)
    linking.report(
      'navigation-nullable',
      at,
      `Nullable is not stated for the collection-valued navigation property '${name}'.`,
    );
  const linked: NavigationProperty = {
    kind: 'navigationProperty',
    name,
    declaringType,
    type: navigationType(linking, scope, element, typeName),
    collection,
    nullable: !collection && flag(linking, element, 'Nullable', true),
    containsTarget: flag(linking, element, 'ContainsTarget', false),
    partnerPath: partner === undefined ? null : expand(scope, partner),
    partner: null,
    referentialConstraints: constraints.length === 0 ? none : constraints,
    onDelete: deletion === null ? null : onDeleteAction(linking, deletion),
    onDeleteAnnotations: none,
    at,
    annotations: none,
  };
  annotateLater(linking, scope, linked, element);
  if (deletion !== null) annotateLater(linking, scope, new OnDelete(linked), deletion);
  return linked;
}

/** Stands for the element `OnDelete` while annotations are read. */
class OnDelete {
  constructor(private readonly property: Mutable<NavigationProperty>) {}

  get annotations(): NavigationProperty['annotations'] {
    return this.property.onDeleteAnnotations;
  }

  set annotations(annotations: NavigationProperty['annotations']) {
    this.property.onDeleteAnnotations = annotations;
  }
}

function navigationType(linking: Linking, scope: Scope, element: CsdlElement, name: string): EntityType | AbstractType {
  const type = name === '' ? null : resolveType(linking, scope, name, element.at);
  if (type?.kind === 'entity') return type;
  if (type !== null && type.qualifiedName !== 'Edm.EntityType')
    linking.report('navigation-type', element.at, `A navigation property leads to an entity type; ${name} is none.`);
  return abstractType('Edm.EntityType');
}

function constraint(linking: Linking, scope: Scope, { attributes, at, children }: CsdlElement): ReferentialConstraint {
  const linked: ReferentialConstraint = {
    property: expand(scope, attributes.Property ?? ''),
    referencedProperty: expand(scope, attributes.ReferencedProperty ?? ''),
    at,
    annotations: none,
  };
  if (children.length > 0)
    annotateLater(linking, scope, linked, { name: 'ReferentialConstraint', attributes, at, children, text: '' });
  return linked;
}

function onDeleteAction(linking: Linking, { attributes, at }: CsdlElement): OnDeleteAction | null {
  const action = attributes.Action ?? '';
  if (actions.has(action)) return action as OnDeleteAction;
  linking.report('on-delete-action', at, `Action must be Cascade, None, SetNull or SetDefault, not '${action}'.`);
  return null;
}

/** The key and the partners, which lead through properties that must all stand (CSDL 6.5, 8.3). */
export function linkPaths(linking: Linking, scope: Scope, element: CsdlElement, type: SchemaType): void {
  if (!(type instanceof LinkedEntityType)) return;
  const key = element.children.find((child) => child.name === 'Key');
  if (key !== undefined)
    type.ownKey = key.children
      .filter((part) => part.name === 'PropertyRef')
      .map((part) => keyPart(linking, scope, part, type));
}

function keyPart(linking: Linking, scope: Scope, { attributes, at }: CsdlElement, type: LinkedEntityType): KeyProperty {
  const path = expand(scope, attributes.Name ?? '');
  const alias = attributes.Alias ?? null;
  const { steps, failed } = follow(type, path, () => null);
  const leads = failed === null && steps.at(-1)?.kind === 'property';
  const properties = leads ? steps.filter((step) => step.kind === 'property') : [];
  const through = leads ? steps.filter((step) => step.kind === 'navigationProperty') : [];
  if (properties.length === 0)
    linking.report('key-path', at, `The key of ${type.name} names '${path}', which leads to no property.`);
  if (alias === null && path.includes('/'))
    linking.report('key-alias', at, `The key part '${path}' needs an Alias, as it is a path.`);
  if (alias !== null && !path.includes('/'))
    linking.report('key-alias', at, `The key part '${path}' is a direct property and has no Alias.`);
  return { name: alias ?? path, alias, path, properties, through };
}
