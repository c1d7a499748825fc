import { findMember } from '../member.js';
import type { Annotation } from '../model.js';
import { type Host, rule } from './rule.js';

const vocabulary = 'Org.OData.Aggregation.V1.';

/** Rules for what a model says of aggregation (Aggregation 5.2, 5.5). */
export const aggregationRules = [
  rule('custom-aggregate', 'annotation', 'AG160', ({ annotation, host }, tell, { model }) => {
    if (annotation.termName !== `${vocabulary}CustomAggregate`) return;
    const { qualifier } = annotation;
    if (qualifier === null) {
      tell('A custom aggregate has its name as Qualifier.', annotation.at);
      return;
    }
    const name = typeName(annotation);
    const type = name === null ? null : model.type(name);
    if (type === null || (type.kind !== 'primitive' && type.kind !== 'typeDefinition'))
      tell(`The value of the custom aggregate '${qualifier}' must be the name of a primitive type.`, annotation.at);
    const declared = declaredIn(host, qualifier);
    if (declared === 'child')
      tell(`The container has a child '${qualifier}'; no custom aggregate can have its name.`, annotation.at);
    if (declared !== null && declared !== 'child' && type !== null && declared !== type.qualifiedName)
      tell(`The property '${qualifier}' is of another type than the custom aggregate of its name.`, annotation.at);
  }),
  rule('hierarchy', 'annotation', 'AG162', ({ annotation, host }, tell) => {
    const isLeveled = annotation.termName === `${vocabulary}LeveledHierarchy`;
    const isRecursive = annotation.termName === `${vocabulary}RecursiveHierarchy`;
    if (!isLeveled && !isRecursive) return;
    if (annotation.qualifier === null) tell('A hierarchy has its name as Qualifier.', annotation.at);
    if (isRecursive && host !== null && host.kind !== 'entity')
      tell('Only entity types have recursive hierarchies.', annotation.at);
  }),
];

function typeName({ value }: Annotation): string | null {
  return value?.kind === 'constant' ? value.text : null;
}

/** The type of the property with the name of a custom aggregate, or that a container has a child of that name. */
function declaredIn(host: Host | null, name: string): string | null {
  if (host?.kind === 'entityContainer') return host.children.has(name) ? 'child' : null;
  const type = host?.kind === 'entitySet' || host?.kind === 'singleton' ? host.type : host;
  if (type?.kind !== 'entity' && type?.kind !== 'complex') return null;
  const found = findMember(type, name);
  return found === null ? null : found.type.qualifiedName;
}
