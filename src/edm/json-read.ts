import { type CsdlElement, Malformed, none, type Source } from './element.js';
import { readJsonAnnotations } from './json-annotation.js';
import { type JsonMember, type JsonNode, parseJsonText } from './json-text.js';

type ObjectNode = Extract<JsonNode, { kind: 'object' }>;
type Attributes = Record<string, string | undefined>;

const kinds: ReadonlySet<string> = new Set([
  'EntityType',
  'ComplexType',
  'EnumType',
  'TypeDefinition',
  'Term',
  'EntityContainer',
]);
const scaled: ReadonlySet<string> = new Set(['Edm.Decimal']);

/** CSDL JSON text to the tree of elements that CSDL XML would have had (CSDL JSON 4). Throws Malformed. */
export function readJsonText(source: Source): CsdlElement {
  const root = object(parseJsonText(source), 'A CSDL document');
  const version = member(root, '$Version');
  if (version === undefined)
    throw new Malformed('not-csdl', "A CSDL JSON document needs the member '$Version'.", root.at);
  const schemas: CsdlElement[] = [];
  const references: CsdlElement[] = [];
  for (const { name, value, at } of root.members) {
    if (name === '$Reference') for (const entry of object(value, name).members) references.push(reference(entry));
    else if (!name.startsWith('$') && !name.startsWith('@')) schemas.push(schema({ name, value, at }));
  }
  const services: CsdlElement = { name: 'DataServices', attributes: {}, children: schemas, text: '', at: root.at };
  const attributes = { Version: text(version), ...optional('EntityContainer', member(root, '$EntityContainer')) };
  return { name: 'Edmx', attributes, children: [...references, services], text: '', at: root.at };
}

function object(node: JsonNode, what: string): ObjectNode {
  if (node.kind === 'object') return node;
  throw new Malformed('json-shape', `${what} must be an object here.`, node.at);
}

function array(node: JsonNode, what: string): readonly JsonNode[] {
  if (node.kind === 'array') return node.items;
  throw new Malformed('json-shape', `${what} must be an array here.`, node.at);
}

function member(node: ObjectNode, name: string): JsonNode | undefined {
  return node.members.find((candidate) => candidate.name === name)?.value;
}

/** A JSON scalar as XML writes it. */
function text(node: JsonNode): string {
  switch (node.kind) {
    case 'string':
    case 'number':
      return node.text;
    case 'boolean':
      return String(node.value);
    case 'null':
      return 'null';
    case 'object':
    case 'array':
      throw new Malformed('json-shape', 'A plain value is expected here.', node.at);
  }
}

function optional(name: string, node: JsonNode | undefined): Attributes {
  return node === undefined || node.kind === 'null' ? {} : { [name]: text(node) };
}

function reference({ name, value, at }: JsonMember): CsdlElement {
  const node = object(value, 'A reference');
  const children: CsdlElement[] = [];
  for (const item of array(member(node, '$Include') ?? empty(at), '$Include')) {
    const include = object(item, 'An include');
    const attributes = {
      ...optional('Namespace', member(include, '$Namespace')),
      ...optional('Alias', member(include, '$Alias')),
    };
    children.push({ name: 'Include', attributes, children: readJsonAnnotations(include, ''), text: '', at: item.at });
  }
  for (const item of array(member(node, '$IncludeAnnotations') ?? empty(at), '$IncludeAnnotations'))
    children.push(
      plain('IncludeAnnotations', object(item, 'Included annotations'), [
        'TermNamespace',
        'Qualifier',
        'TargetNamespace',
      ]),
    );
  children.push(...readJsonAnnotations(node, ''));
  return { name: 'Reference', attributes: { Uri: name }, children, text: '', at };
}

function empty(at: JsonNode['at']): JsonNode {
  return { kind: 'array', items: none, at };
}

/** Copies the `$` members of these names to attributes. */
function attributesOf(node: ObjectNode, names: readonly string[]): Attributes {
  const attributes: Attributes = {};
  for (const name of names) Object.assign(attributes, optional(name, member(node, `$${name}`)));
  return attributes;
}

function plain(name: string, node: ObjectNode, names: readonly string[]): CsdlElement {
  return { name, attributes: attributesOf(node, names), children: none, text: '', at: node.at };
}

function schema({ name, value, at }: JsonMember): CsdlElement {
  const node = object(value, `The schema '${name}'`);
  const children: CsdlElement[] = [];
  for (const child of node.members) {
    if (child.name === '$Annotations')
      for (const group of object(child.value, child.name).members) children.push(annotations(group));
    else if (isName(child.name)) children.push(...schemaChild(child));
  }
  children.push(...readJsonAnnotations(node, ''));
  return { name: 'Schema', attributes: { Namespace: name, ...attributesOf(node, ['Alias']) }, children, text: '', at };
}

/** Neither `$Fixed` nor `@Annotation` nor `member@Annotation`. */
function isName(name: string): boolean {
  return !name.startsWith('$') && !name.includes('@');
}

function annotations({ name, value, at }: JsonMember): CsdlElement {
  const children = readJsonAnnotations(object(value, 'Annotations of a target'), '');
  return { name: 'Annotations', attributes: { Target: name }, children, text: '', at };
}

function schemaChild({ name, value, at }: JsonMember): readonly CsdlElement[] {
  if (value.kind === 'array')
    return value.items.map((item) => operation(name, object(item, `An overload of '${name}'`)));
  const node = object(value, `'${name}'`);
  const kind = member(node, '$Kind');
  const found = kind === undefined ? '' : text(kind);
  if (!kinds.has(found))
    throw new Malformed(
      'json-kind',
      `'${name}' needs a '$Kind' that a schema may hold, not '${found}'.`,
      kind?.at ?? at,
    );
  const children: CsdlElement[] = [];
  for (const child of node.members) if (isName(child.name)) children.push(memberOf(found, child, node));
  if (found === 'EntityType') children.unshift(...keyOf(node));
  children.push(...readJsonAnnotations(node, ''));
  return [{ name: found, attributes: { Name: name, ...schemaChildAttributes(found, node) }, children, text: '', at }];
}

function schemaChildAttributes(kind: string, node: ObjectNode): Attributes {
  switch (kind) {
    case 'EntityType':
    case 'ComplexType':
      return attributesOf(node, ['BaseType', 'Abstract', 'OpenType', 'HasStream']);
    case 'EnumType':
      return attributesOf(node, ['UnderlyingType', 'IsFlags']);
    case 'TypeDefinition':
      return attributesOf(node, ['UnderlyingType', 'MaxLength', 'Precision', 'Scale', 'SRID', 'Unicode']);
    case 'Term': {
      const appliesTo = member(node, '$AppliesTo');
      const list = appliesTo === undefined ? {} : { AppliesTo: array(appliesTo, '$AppliesTo').map(text).join(' ') };
      return { ...typed(node), ...attributesOf(node, ['BaseTerm', 'DefaultValue']), ...list };
    }
    default:
      return attributesOf(node, ['Extends']);
  }
}

/** Type and facets with the defaults of JSON stated as XML needs them (CSDL 7.1, 7.2). */
function typed(node: ObjectNode): Attributes {
  const type = member(node, '$Type');
  const name = type === undefined ? 'Edm.String' : text(type);
  const collection = member(node, '$Collection');
  const attributes = attributesOf(node, ['MaxLength', 'Precision', 'Scale', 'SRID', 'Unicode']);
  const nullable = member(node, '$Nullable');
  if (scaled.has(name) && attributes.Scale === undefined) attributes.Scale = 'variable';
  if (attributes.Precision === undefined) attributes.Precision = 'unspecified';
  return {
    Type: collection?.kind === 'boolean' && collection.value ? `Collection(${name})` : name,
    Nullable: nullable === undefined ? 'false' : text(nullable),
    ...attributes,
  };
}

function keyOf(node: ObjectNode): readonly CsdlElement[] {
  const key = member(node, '$Key');
  if (key === undefined) return none;
  const parts = array(key, '$Key').map((item): CsdlElement => {
    const attributes: Attributes = {};
    if (item.kind === 'object') {
      const [part] = item.members;
      if (part !== undefined) Object.assign(attributes, { Name: text(part.value), Alias: part.name });
    } else attributes.Name = text(item);
    return { name: 'PropertyRef', attributes, children: none, text: '', at: item.at };
  });
  return [{ name: 'Key', attributes: {}, children: parts, text: '', at: key.at }];
}

function memberOf(kind: string, child: JsonMember, parent: ObjectNode): CsdlElement {
  switch (kind) {
    case 'EntityType':
    case 'ComplexType':
      return property(child);
    case 'EnumType': {
      const children = readJsonAnnotations(parent, child.name);
      return {
        name: 'Member',
        attributes: { Name: child.name, Value: text(child.value) },
        children,
        text: '',
        at: child.at,
      };
    }
    case 'EntityContainer':
      return containerChild(child);
    default:
      throw new Malformed('json-shape', `A ${kind} holds no member '${child.name}'.`, child.at);
  }
}

function property({ name, value, at }: JsonMember): CsdlElement {
  const node = object(value, `The property '${name}'`);
  const kind = member(node, '$Kind');
  const own = readJsonAnnotations(node, '');
  if (kind !== undefined && text(kind) === 'NavigationProperty') {
    const { Type, Nullable } = typed(node);
    const attributes: Attributes = { Name: name, Type, ...attributesOf(node, ['Partner', 'ContainsTarget']) };
    if (!(Type ?? '').startsWith('Collection(') || member(node, '$Nullable') !== undefined)
      attributes.Nullable = Nullable;
    return {
      name: 'NavigationProperty',
      attributes,
      children: [...constraints(node), ...onDelete(node), ...own],
      text: '',
      at,
    };
  }
  if (kind !== undefined && text(kind) !== 'Property')
    throw new Malformed('json-kind', `'${name}' is of the unknown kind '${text(kind)}'.`, kind.at);
  const attributes = { Name: name, ...typed(node), ...attributesOf(node, ['DefaultValue']) };
  return { name: 'Property', attributes, children: own, text: '', at };
}

function constraints(node: ObjectNode): readonly CsdlElement[] {
  const found = member(node, '$ReferentialConstraint');
  if (found === undefined) return none;
  const pairs = object(found, '$ReferentialConstraint');
  return pairs.members
    .filter((pair) => isName(pair.name))
    .map((pair) => {
      const attributes = { Property: pair.name, ReferencedProperty: text(pair.value) };
      return {
        name: 'ReferentialConstraint',
        attributes,
        children: readJsonAnnotations(pairs, pair.name),
        text: '',
        at: pair.at,
      };
    });
}

function onDelete(node: ObjectNode): readonly CsdlElement[] {
  const found = member(node, '$OnDelete');
  if (found === undefined) return none;
  return [
    {
      name: 'OnDelete',
      attributes: { Action: text(found) },
      children: readJsonAnnotations(node, '$OnDelete'),
      text: '',
      at: found.at,
    },
  ];
}

function operation(name: string, node: ObjectNode): CsdlElement {
  const kind = member(node, '$Kind');
  const found = kind === undefined ? '' : text(kind);
  if (found !== 'Action' && found !== 'Function')
    throw new Malformed(
      'json-kind',
      `An overload of '${name}' must be of the kind Action or Function, not '${found}'.`,
      kind?.at ?? node.at,
    );
  const children: CsdlElement[] = [];
  for (const item of array(member(node, '$Parameter') ?? empty(node.at), '$Parameter')) {
    const parameter = object(item, 'A parameter');
    const attributes = { ...optional('Name', member(parameter, '$Name')), ...typed(parameter) };
    children.push({
      name: 'Parameter',
      attributes,
      children: readJsonAnnotations(parameter, ''),
      text: '',
      at: item.at,
    });
  }
  const returned = member(node, '$ReturnType');
  if (returned !== undefined) {
    const type = object(returned, '$ReturnType');
    children.push({
      name: 'ReturnType',
      attributes: typed(type),
      children: readJsonAnnotations(type, ''),
      text: '',
      at: type.at,
    });
  }
  children.push(...readJsonAnnotations(node, ''));
  const attributes = { Name: name, ...attributesOf(node, ['IsBound', 'IsComposable', 'EntitySetPath']) };
  return { name: found, attributes, children, text: '', at: node.at };
}

function containerChild({ name, value, at }: JsonMember): CsdlElement {
  const node = object(value, `'${name}'`);
  const children = [...bindings(node), ...readJsonAnnotations(node, '')];
  const element = (kind: string, attributes: Attributes): CsdlElement => ({
    name: kind,
    attributes: { Name: name, ...attributes },
    children,
    text: '',
    at,
  });
  if (member(node, '$Action') !== undefined)
    return element('ActionImport', attributesOf(node, ['Action', 'EntitySet']));
  if (member(node, '$Function') !== undefined)
    return element('FunctionImport', attributesOf(node, ['Function', 'EntitySet', 'IncludeInServiceDocument']));
  const collection = member(node, '$Collection');
  if (collection?.kind === 'boolean' && collection.value)
    return element('EntitySet', {
      ...optional('EntityType', member(node, '$Type')),
      ...attributesOf(node, ['IncludeInServiceDocument']),
    });
  return element('Singleton', attributesOf(node, ['Type', 'Nullable']));
}

function bindings(node: ObjectNode): readonly CsdlElement[] {
  const found = member(node, '$NavigationPropertyBinding');
  if (found === undefined) return none;
  return object(found, '$NavigationPropertyBinding').members.map((pair) => ({
    name: 'NavigationPropertyBinding',
    attributes: { Path: pair.name, Target: text(pair.value) },
    children: none,
    text: '',
    at: pair.at,
  }));
}
