import type {
  Annotation,
  AnnotationExpression,
  ContainerChild,
  Document,
  Facets,
  Model,
  Operation,
  Schema,
  SchemaType,
  Term,
  TypeReference,
} from '../../src/edm/index.js';

/**
 * A document as plain data in which two documents that mean the same are equal: positions, order of what has no order, and
 * what has two spellings (docs/model.md) are gone.
 */
export function canonical(source: Model | Document): unknown {
  const document = 'main' in source ? source.main : source;
  return {
    references: [...new Map(document.references.map((reference) => [reference.uri, reference])).values()]
      .map(({ uri, includes, includeAnnotations, annotations }) => ({
        uri: uri.replace(/\.(?:xml|json)$/, ''),
        includes: includes.map((include) => ({
          namespace: include.namespace,
          alias: include.alias,
          annotations: list(include.annotations),
        })),
        includeAnnotations: includeAnnotations.map(({ termNamespace, qualifier, targetNamespace }) => ({
          termNamespace,
          qualifier,
          targetNamespace,
        })),
        annotations: list(annotations),
      }))
      .sort(byText),
    schemas: document.schemas.map(schemaOf),
  };
}

function byText(a: unknown, b: unknown): number {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function entries<T>(map: ReadonlyMap<string, T>, of: (item: T) => unknown): Record<string, unknown> {
  return Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, item]) => [name, of(item)]));
}

function schemaOf(schema: Schema): unknown {
  const groups = new Map<string, unknown[]>();
  for (const { target, annotations } of schema.annotationGroups)
    groups.set(target, [...(groups.get(target) ?? []), ...list(annotations)]);
  const names = new Set([...schema.types.keys(), ...schema.terms.keys()]);
  const operations = new Map<string, readonly Operation[]>();
  for (const [name, overloads] of [...schema.actions, ...schema.functions])
    if (!names.has(name)) operations.set(name, [...(operations.get(name) ?? []), ...overloads]);
  return {
    namespace: schema.namespace,
    alias: schema.alias,
    types: entries(schema.types, typeOf),
    operations: entries(operations, (overloads) => overloads.map(operationOf)),
    terms: entries(schema.terms, termOf),
    container:
      schema.container === null
        ? null
        : {
            name: schema.container.name,
            extends: schema.container.extends?.qualifiedName,
            children: entries(schema.container.children, childOf),
            annotations: list(schema.container.annotations),
          },
    groups: Object.fromEntries(
      [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([target, all]) => [target, [...all].sort(byText)]),
    ),
    annotations: list(schema.annotations),
  };
}

function facets({ maxLength, precision, scale, srid, unicode }: Facets): unknown {
  return { maxLength: maxLength === 'max' ? null : maxLength, precision, scale, srid, unicode: unicode !== false };
}

function typed(reference: TypeReference): unknown {
  const entities = reference.collection && reference.type.kind === 'entity';
  return {
    type: reference.type.qualifiedName,
    collection: reference.collection,
    nullable: entities ? null : reference.nullable,
    facets: facets(reference),
  };
}

function typeOf(type: SchemaType): unknown {
  switch (type.kind) {
    case 'enum':
      return {
        kind: type.kind,
        underlying: type.underlyingType.name,
        flags: type.isFlags,
        members: [...type.members.values()].map(({ name, value, annotations }) => [
          name,
          String(value),
          list(annotations),
        ]),
        annotations: list(type.annotations),
      };
    case 'typeDefinition':
      return {
        kind: type.kind,
        underlying: type.underlyingType.name,
        facets: facets(type.facets),
        annotations: list(type.annotations),
      };
    case 'entity':
    case 'complex':
      return {
        kind: type.kind,
        base: type.baseType?.qualifiedName,
        abstract: type.abstract,
        open: type.open,
        stream: type.kind === 'entity' && type.hasStream,
        key: type.kind === 'entity' ? type.key.map(({ alias, path }) => [alias, path]) : null,
        properties: entries(type.ownProperties, (property) => ({
          ...Object(typed(property)),
          default: property.defaultValue,
          annotations: list(property.annotations),
        })),
        navigation: entries(type.ownNavigationProperties, (property) => ({
          type: property.type.qualifiedName,
          collection: property.collection,
          nullable: property.nullable,
          contains: property.containsTarget,
          partner: property.partnerPath,
          back: property.partner?.name,
          onDelete: [property.onDelete, list(property.onDeleteAnnotations)],
          constraints: property.referentialConstraints.map((one) => [
            one.property,
            one.referencedProperty,
            list(one.annotations),
          ]),
          annotations: list(property.annotations),
        })),
        annotations: list(type.annotations),
      };
  }
}

function operationOf(operation: Operation): unknown {
  return {
    kind: operation.kind,
    bound: operation.bound,
    path: operation.entitySetPath,
    composable: operation.kind === 'function' && operation.composable,
    parameters: operation.parameters.map((one) => ({
      name: one.name,
      optional: one.optional,
      ...Object(typed(one)),
      annotations: list(one.annotations),
    })),
    returns:
      operation.returnType === null
        ? null
        : { ...Object(typed(operation.returnType)), annotations: list(operation.returnType.annotations) },
    annotations: list(operation.annotations),
  };
}

function termOf(term: Term): unknown {
  return {
    ...Object(typed(term)),
    base: term.baseTerm?.qualifiedName,
    default: term.defaultValue,
    appliesTo: term.appliesTo,
    annotations: list(term.annotations),
  };
}

function childOf(child: ContainerChild): unknown {
  const annotations = list(child.annotations);
  switch (child.kind) {
    case 'entitySet':
    case 'singleton':
      return {
        kind: child.kind,
        type: child.type.qualifiedName,
        nullable: child.kind === 'singleton' && child.nullable,
        included: child.kind === 'entitySet' && child.includeInServiceDocument,
        bindings: child.bindings.map(({ path, target, targetSet }) => [path, target, targetSet?.name]).sort(byText),
        annotations,
      };
    case 'actionImport':
      return { kind: child.kind, operation: child.actions[0]?.qualifiedName, set: child.entitySetPath, annotations };
    case 'functionImport':
      return {
        kind: child.kind,
        operation: child.functions[0]?.qualifiedName,
        set: child.entitySetPath,
        included: child.includeInServiceDocument,
        annotations,
      };
  }
}

/** Annotations have no order. */
function list(annotations: readonly Annotation[]): readonly unknown[] {
  const last = new Map(annotations.map((annotation) => [`${annotation.termName}#${annotation.qualifier}`, annotation]));
  return [...last.values()]
    .map(({ termName, qualifier, value, term, annotations: inner }) => ({
      termName,
      qualifier,
      value: value === null ? standIn(term) : expression(value, term?.type.qualifiedName ?? null),
      annotations: list(inner),
    }))
    .sort(byText);
}

/** What JSON writes for an annotation without a value. */
function standIn(term: Term | null): unknown {
  if (term === null) return ['Bool', 'true'];
  if (term.collection) return [];
  if (term.type.kind === 'complex' || term.type.kind === 'entity')
    return { type: term.type.qualifiedName, values: {}, annotations: [] };
  if (term.defaultValue === null) return { kind: 'null', annotations: [] };
  const text = term.defaultValue;
  return constant(text === 'true' || text === 'false' ? 'Bool' : 'String', text);
}

/** The form of a constant that no type asks for is not kept by JSON. */
function constant(type: string, text: string): unknown {
  if (type === 'Bool') return ['Bool', text];
  return [
    'plain',
    text
      .split(' ')
      .map((part) => (type === 'EnumMember' ? part.slice(part.lastIndexOf('/') + 1) : part))
      .join(type === 'EnumMember' ? ',' : ' '),
  ];
}

function expression(value: AnnotationExpression, expected: string | null): unknown {
  switch (value.kind) {
    case 'constant':
      return constant(value.type, value.text);
    case 'path':
      return value.type === 'Path' ? { path: value.path } : constant('String', value.path);
    case 'collection':
      return value.items.map((item) => expression(item, expected));
    case 'record':
      return {
        type: value.typeName ?? value.type?.qualifiedName,
        values: entries(value.values, (member) => [
          member.value === null ? null : expression(member.value, null),
          list(member.annotations),
        ]),
        annotations: list(value.annotations),
      };
    case 'operator':
      return {
        operator: value.operator,
        operands: value.operands.map((one) => expression(one, null)),
        annotations: list(value.annotations),
      };
    case 'apply':
      return {
        apply: value.function,
        operands: value.arguments.map((one) => expression(one, null)),
        annotations: list(value.annotations),
      };
    case 'cast':
    case 'isOf':
      return {
        kind: value.kind,
        type: typed(value.type),
        operand: expression(value.operand, null),
        annotations: list(value.annotations),
      };
    case 'labeled':
      return { label: value.name, operand: expression(value.operand, null), annotations: list(value.annotations) };
    case 'labeledReference':
      return { reference: value.name };
    case 'urlRef':
      return { url: expression(value.operand, null), annotations: list(value.annotations) };
    case 'null':
      return { kind: 'null', annotations: list(value.annotations) };
  }
}
