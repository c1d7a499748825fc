import { annotationOf, memberText, recordValues, stringValue } from '../annotations.js';
import type { EntityContainer, Model, Operation, RecordExpression, Schema } from '../model.js';
import { isSubtypeOf } from '../subtype.js';
import { rule } from './rule.js';

/** What the standard vocabularies demand of a model that uses them (Core, Authorization). */
export const vocabularyRules = [
  rule('requires-type', 'annotated', 'C13', ({ annotations, type }, tell, { model }) => {
    if (type === null) return;
    for (const { term, at } of annotations) {
      const name = term === null ? null : stringValue(annotationOf(term, 'Org.OData.Core.V1.RequiresType'));
      const wanted = name === null ? null : model.type(name);
      if (wanted !== null && !isSubtypeOf(type, wanted))
        tell(`${term?.qualifiedName} is for ${name} only, not for ${type.qualifiedName}.`, at);
    }
  }),
  rule('default-namespace', 'schema', 'C20', (schema, tell, { model }) => {
    if (!model.defaultNamespaces.has(schema.namespace)) return;
    for (const operation of boundIn(schema)) {
      const binding = operation.parameters[0]?.type;
      if (binding === undefined) continue;
      const { name } = operation;
      if ((binding.kind === 'entity' || binding.kind === 'complex') && !operation.parameters[0]?.collection)
        if (binding.properties.has(name) || binding.navigationProperties.has(name))
          tell(`Without its namespace '${name}' means a property of ${binding.qualifiedName}.`, operation.at);
      const other = [...model.schemas.values()].find(
        (one) =>
          one.namespace < schema.namespace &&
          model.defaultNamespaces.has(one.namespace) &&
          boundIn(one).some((found) => found.name === name && found.parameters[0]?.type === binding),
      );
      if (other !== undefined)
        tell(`Without its namespace '${name}' also means ${other.namespace}.${name}.`, operation.at);
    }
  }),
  rule('scheme-unknown', 'container', 'Z02', (container, tell, { model }) => {
    const known = schemesOf(container, model);
    if (known === null) return;
    for (const [name, scheme] of schemesUsed(container))
      if (!known.has(name)) tell(`There is no authorization '${name}'.`, scheme.at);
  }),
];

function boundIn({ actions, functions }: Schema): readonly Operation[] {
  return [...actions.values(), ...functions.values()].flat().filter(({ bound }) => bound);
}

/** The names of the authorizations that the container describes; null: it describes none at all. */
function schemesOf(container: EntityContainer, { schemas }: Model): ReadonlySet<string> | null {
  const described = schemas.get(container.namespace)?.container === container;
  const annotation = annotationOf(container, 'Org.OData.Authorization.V1.Authorizations');
  if (!described || annotation === null) return null;
  return new Set(recordValues(annotation).flatMap((record) => memberText(record, 'Name') ?? []));
}

/** Authorizations that are asked for: by the container as a whole, and by the restrictions of its children. */
function* schemesUsed(container: EntityContainer): Iterable<readonly [name: string, record: RecordExpression]> {
  for (const record of recordValues(annotationOf(container, 'Org.OData.Authorization.V1.SecuritySchemes')))
    yield* schemeOf(record, 'Authorization');
  for (const { annotations } of container.children.values())
    for (const { value } of annotations)
      if (value?.kind === 'record')
        for (const record of recordValues(value.values.get('Permissions')?.value ?? null))
          yield* schemeOf(record, 'SchemeName');
}

function* schemeOf(record: RecordExpression, member: string): Iterable<readonly [string, RecordExpression]> {
  const name = memberText(record, member);
  if (name !== null) yield [name, record];
}
