import { findMember } from './member.js';
import type {
  Annotation,
  AnnotationExpression,
  AnnotationsGroup,
  ContainerChild,
  Document,
  EntityContainer,
  EntityType,
  NavigationPropertyBinding,
  Operation,
  Property,
  ReferentialConstraint,
  Schema,
  SchemaType,
  StructuredType,
  Type,
  TypeReference,
} from './model.js';
import { propertiesAlong } from './path.js';

/**
 * A document without what came with OData 4.01 (CSDL 17): old readers refuse a document for one thing they do not expect. Redefined properties,
 * `Edm.Untyped`, collections of abstract types, new expressions and paths, operands of constraints that are no primitives, key-less types that are
 * not abstract, nullable singletons, Unicode of operations, floating scale.
 */
export function pure40(document: Document): Document {
  const contained = complexTypesInCollections(document);
  return {
    ...document,
    version: '4.0',
    references: document.references.map((reference) => ({
      ...reference,
      annotations: kept(reference.annotations),
      includes: reference.includes.map((include) => ({
        ...include,
        annotations: kept(include.annotations).filter(
          ({ termName }) => termName !== 'Org.OData.Core.V1.DefaultNamespace',
        ),
      })),
    })),
    schemas: document.schemas.map((schema) => pureSchema(schema, contained)),
  };
}

function pureSchema(schema: Schema, contained: ReadonlySet<Type>): Schema {
  const operations = <O extends Operation>(map: ReadonlyMap<string, readonly O[]>): ReadonlyMap<string, readonly O[]> =>
    new Map(
      [...map]
        .map(([name, overloads]): [string, readonly O[]] => [name, overloads.filter(isPure).map(pureOperation)])
        .filter(([, left]) => left.length > 0),
    );
  return {
    ...schema,
    annotations: kept(schema.annotations),
    types: new Map([...schema.types].map(([name, type]) => [name, pureType(type, contained)])),
    actions: operations(schema.actions),
    functions: operations(schema.functions),
    terms: new Map(
      [...schema.terms]
        .filter(([, term]) => isOld(term))
        .map(([name, term]) => [
          name,
          {
            ...pureReference(term),
            unicode: null,
            appliesTo: term.appliesTo.filter((symbol) => symbol !== 'Collection' && symbol !== 'Include'),
            annotations: kept(term.annotations),
          },
        ]),
    ),
    container: schema.container === null ? null : pureContainer(schema.container),
    annotationGroups: schema.annotationGroups
      .map(pureGroup)
      .filter(({ target, annotations }) => annotations.length > 0 && !/[(@]/.test(target)),
  };
}

/** Complex types that occur in collections must not declare containment in 4.0 (CSDL 8.4). */
function complexTypesInCollections(document: Document): ReadonlySet<Type> {
  const found = new Set<Type>();
  for (const schema of document.schemas)
    for (const type of schema.types.values())
      if (type.kind === 'entity' || type.kind === 'complex')
        for (const property of type.ownProperties.values())
          if (property.collection && property.type.kind === 'complex') {
            found.add(property.type);
            for (let base = property.type.baseType; base !== null; base = base.baseType) found.add(base);
          }
  return found;
}

/** Types that a 4.0 reader knows in this place (CSDL 3.4). */
function isOld({ type, collection }: Pick<TypeReference, 'type' | 'collection'>): boolean {
  const { qualifiedName } = type;
  if (
    qualifiedName === 'Edm.Untyped' ||
    qualifiedName === 'Edm.ModelElementPath' ||
    qualifiedName === 'Edm.AnyPropertyPath'
  )
    return false;
  return !(collection && (qualifiedName === 'Edm.ComplexType' || qualifiedName === 'Edm.PrimitiveType'));
}

function isPure({ parameters, returnType }: Operation): boolean {
  return parameters.every(isOld) && (returnType === null || isOld(returnType));
}

function pureReference<T extends TypeReference>(reference: T): T {
  return reference.scale === 'floating' ? { ...reference, scale: 'variable' } : { ...reference };
}

function pureOperation<O extends Operation>(operation: O): O {
  return {
    ...operation,
    annotations: kept(operation.annotations),
    parameters: operation.parameters.map((one) => ({
      ...pureReference(one),
      unicode: null,
      annotations: kept(one.annotations),
    })),
    returnType:
      operation.returnType === null
        ? null
        : {
            ...pureReference(operation.returnType),
            unicode: null,
            annotations: kept(operation.returnType.annotations),
          },
  };
}

function pureType(type: SchemaType, contained: ReadonlySet<Type>): SchemaType {
  switch (type.kind) {
    case 'enum':
      return {
        ...type,
        annotations: kept(type.annotations),
        members: new Map(
          [...type.members].map(([name, member]) => [name, { ...member, annotations: kept(member.annotations) }]),
        ),
      };
    case 'typeDefinition': {
      const { facets } = type;
      return {
        ...type,
        annotations: kept(type.annotations),
        facets: { ...facets, scale: facets.scale === 'floating' ? 'variable' : facets.scale },
      };
    }
    case 'entity':
    case 'complex':
      return pureStructured(type, contained.has(type));
  }
}

/** The property itself when there is nothing to leave out, as there mostly is. */
function pureProperty(property: Property): Property {
  const annotations = kept(property.annotations);
  if (annotations === property.annotations && property.scale !== 'floating') return property;
  return { ...pureReference(property), annotations };
}

function pureStructured(type: StructuredType, inCollections: boolean): StructuredType {
  const redefined = (name: string): boolean => type.baseType !== null && findMember(type.baseType, name) !== null;
  const properties = [...type.ownProperties]
    .filter(([name, property]) => isOld(property) && !redefined(name))
    .map(([name, property]): [string, Property] => [name, pureProperty(property)]);
  const navigation = [...type.ownNavigationProperties]
    .filter(
      ([name, { containsTarget }]) => !redefined(name) && !(type.kind === 'complex' && inCollections && containsTarget),
    )
    .map(([name, property]) => {
      const referentialConstraints = property.referentialConstraints.filter((constraint) =>
        isOldConstraint(constraint, type, property.type),
      );
      const annotations = kept(property.annotations);
      const onDeleteAnnotations = kept(property.onDeleteAnnotations);
      return [name, { ...property, annotations, referentialConstraints, onDeleteAnnotations }] as const;
    });
  const common = {
    name: type.name,
    namespace: type.namespace,
    qualifiedName: type.qualifiedName,
    at: type.at,
    open: type.open,
    annotations: kept(type.annotations),
    ownProperties: new Map(properties),
    ownNavigationProperties: new Map(navigation),
    properties: new Map(properties),
    navigationProperties: new Map(navigation),
  };
  if (type.kind === 'complex')
    return {
      ...common,
      kind: 'complex',
      abstract: type.abstract,
      baseType: type.baseType,
      derivedTypes: type.derivedTypes,
    };
  const { alternateKeys, hasStream, baseType, derivedTypes } = type;
  const key = type.key.some(({ through }) => through.length > 0) ? [] : type.key;
  const pure: EntityType = {
    ...common,
    kind: 'entity',
    abstract: type.abstract || key.length === 0,
    key,
    alternateKeys,
    hasStream,
    baseType,
    derivedTypes,
  };
  return pure;
}

function isOldConstraint(
  { property, referencedProperty }: ReferentialConstraint,
  from: StructuredType,
  to: Type,
): boolean {
  const primitiveAt = (type: Type, path: string): boolean => {
    if (type.kind !== 'entity' && type.kind !== 'complex') return false;
    const last = propertiesAlong(type, path).at(-1);
    return last !== undefined && last.type.kind !== 'complex';
  };
  return primitiveAt(from, property) && primitiveAt(to, referencedProperty);
}

function pureContainer(container: EntityContainer): EntityContainer {
  const children = new Map<string, ContainerChild>();
  for (const [name, child] of container.children) {
    const annotations = kept(child.annotations);
    switch (child.kind) {
      case 'entitySet':
        children.set(name, { ...child, annotations, bindings: child.bindings.filter(isOldBinding) });
        break;
      case 'singleton':
        children.set(name, { ...child, annotations, nullable: false, bindings: child.bindings.filter(isOldBinding) });
        break;
      case 'actionImport':
        if (child.actions.some(isPure)) children.set(name, { ...child, annotations });
        break;
      case 'functionImport':
        if (child.functions.some(isPure)) children.set(name, { ...child, annotations });
        break;
    }
  }
  const ownChildren = new Set([...container.ownChildren].filter((name) => children.has(name)));
  return { ...container, annotations: kept(container.annotations), children, ownChildren };
}

/** Paths that end in a type cast came with 4.01 (CSDL 13.4.1). */
function isOldBinding({ path }: NavigationPropertyBinding): boolean {
  return !(path.split('/').at(-1) ?? '').includes('.');
}

function pureGroup(group: AnnotationsGroup): AnnotationsGroup {
  return { ...group, annotations: kept(group.annotations) };
}

/** Annotations that a 4.0 reader understands; objects stay the same, so that groups are told from inline ones. */
function kept(annotations: readonly Annotation[]): readonly Annotation[] {
  return annotations.every(isOldAnnotation) ? annotations : annotations.filter(isOldAnnotation);
}

function isOldAnnotation({ value, annotations }: Annotation): boolean {
  return (value === null || isOldExpression(value)) && annotations.every(isOldAnnotation);
}

const oldOperators: ReadonlySet<string> = new Set(['And', 'Or', 'Not', 'Eq', 'Ne', 'Gt', 'Ge', 'Lt', 'Le', 'If']);

/** Absolute paths, keys, and positions (CSDL 14.4.1.1). */
const newSyntax = /^\/|[()]|\/-?\d+(?:\/|$)/;

function isOldExpression(value: AnnotationExpression): boolean {
  switch (value.kind) {
    case 'constant':
    case 'labeledReference':
      return true;
    case 'path':
      return value.type !== 'ModelElementPath' && value.type !== 'AnyPropertyPath' && !newSyntax.test(value.path);
    case 'collection':
      return value.items.every(isOldExpression);
    case 'record':
      return (
        value.annotations.every(isOldAnnotation) &&
        [...value.values.values()].every((one) => isOldMember(one.value, one.annotations))
      );
    case 'operator':
      return (
        oldOperators.has(value.operator) &&
        value.operands.every(isOldExpression) &&
        value.annotations.every(isOldAnnotation)
      );
    case 'apply':
      return value.arguments.every(isOldExpression) && value.annotations.every(isOldAnnotation);
    case 'cast':
    case 'isOf':
    case 'labeled':
    case 'urlRef':
      return isOldExpression(value.operand) && value.annotations.every(isOldAnnotation);
    case 'null':
      return value.annotations.every(isOldAnnotation);
  }
}

function isOldMember(value: AnnotationExpression | null, annotations: readonly Annotation[]): boolean {
  return (value === null || isOldExpression(value)) && annotations.every(isOldAnnotation);
}
