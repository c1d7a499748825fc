import { findMember } from '../member.js';
import type { EntityType, Type } from '../model.js';
import { ownKeyOf } from '../write-names.js';
import { rule } from './rule.js';

const allowed =
  /^Edm\.(?:Boolean|Byte|Date|DateTimeOffset|Decimal|Duration|Guid|Int16|Int32|Int64|SByte|String|TimeOfDay)$/;

/** Rules for keys (CSDL 6.5). */
export const keyRules = [
  rule('key-type', 'entity', 'C6.5-4', (type, tell) => {
    for (const { path, properties } of ownKeyOf(type)) {
      const last = properties.at(-1);
      if (last !== undefined && (last.collection || !isKeyType(last.type)))
        tell(
          `The key property '${path}' cannot be of the type ${last.collection ? 'Collection of ' : ''}${last.type.qualifiedName}.`,
          last.at,
        );
    }
  }),
  rule('key-nullable', 'entity', 'C6.5-4', (type, tell) => {
    for (const { path, properties } of ownKeyOf(type)) {
      const last = properties.at(-1);
      if (last?.nullable) tell(`The key property '${path}' needs Nullable="false".`, last.at);
    }
  }),
  rule('key-path', 'entity', 'C6.5-5', (type, tell) => {
    for (const { path, properties } of ownKeyOf(type))
      for (const step of properties.slice(0, -1))
        if (step.nullable || step.collection)
          tell(`The key path '${path}' leads through '${step.name}', which must be single and not nullable.`, step.at);
  }),
  rule('key-navigation', 'entity', 'C6.5-6', (type, tell, { version }) => {
    const key = ownKeyOf(type);
    for (const { path, through } of key) {
      const [navigation, further] = through;
      if (navigation === undefined) continue;
      const { name } = navigation;
      if (version === '4.0') tell(`The key part '${path}' belongs to a related entity; that came with OData 4.01.`);
      if (navigation.collection || navigation.nullable)
        tell(`The key part '${path}' leads through '${name}', which must be single and not nullable.`);
      const prefix = path.slice(0, path.lastIndexOf(`${name}/`) + name.length);
      const related =
        navigation.type.kind === 'entity' ? navigation.type.key.map((part) => `${prefix}/${part.path}`) : [];
      if (further !== undefined || !related.includes(path))
        tell(`The key part '${path}' must be a key property of ${navigation.type.qualifiedName}.`);
      const missing = related.filter((one) => !key.some((part) => part.path === one));
      if (missing.length > 0) tell(`With '${path}' the key needs ${missing.join(' and ')}, too.`);
    }
  }),
  rule('key-alias', 'entity', 'C6.5-7', (type, tell) => {
    for (const { alias } of ownKeyOf(type))
      if (alias !== null && findMember(type, alias) !== null)
        tell(`The key alias '${alias}' is the name of a property, too.`);
  }),
  rule('key-duplicate', 'entity', 'C6.5-7', (type, tell) => {
    for (const name of repeated(type)) tell(`The key of ${type.name} names '${name}' twice.`);
  }),
];

function repeated(type: EntityType): readonly string[] {
  const names = ownKeyOf(type).map(({ name }) => name);
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

function isKeyType(type: Type): boolean {
  if (type.kind === 'enum') return true;
  const base = type.kind === 'typeDefinition' ? type.underlyingType : type;
  return allowed.test(base.qualifiedName);
}
