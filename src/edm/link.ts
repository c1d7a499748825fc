import { type CsdlElement, none } from './element.js';
import { linkAnnotations } from './link-annotation.js';
import {
  declareContainer,
  inheritChildren,
  type LinkedContainer,
  linkExtends,
  linkSets,
  linkTargets,
} from './link-container.js';
import { linkOperation, linkOptional, linkTerm } from './link-operation.js';
import { declareType, linkBase, linkInheritance, linkMembers, linkPaths } from './link-type.js';
import type {
  Action,
  AnnotationsGroup,
  Document,
  FunctionOverload,
  Include,
  IncludeAnnotations,
  NavigationProperty,
  Reference,
  Schema,
  SchemaType,
  StructuredType,
  Term,
} from './model.js';
import { reservedNames } from './name.js';
import { follow } from './path.js';
import { expand, type Linking, lookUpType, type Mutable, type Scope, split } from './scope.js';
import { findTarget } from './target.js';

/** A document as read, and which of the namespaces it includes could not be found. */
export interface RawDocument {
  readonly root: CsdlElement;
  readonly missing: ReadonlySet<string>;
}

interface LinkedSchema extends Mutable<Schema> {
  readonly types: Map<string, SchemaType>;
  readonly actions: Map<string, Action[]>;
  readonly functions: Map<string, FunctionOverload[]>;
  readonly terms: Map<string, Term>;
  container: LinkedContainer | null;
}

/** A schema and the elements it is made of; dropped when linking is done, the schema stays. */
interface Work {
  readonly schema: LinkedSchema;
  readonly element: CsdlElement;
  readonly scope: Scope;
  readonly typeElements: [SchemaType, CsdlElement][];
  readonly termElements: [Term, CsdlElement][];
  containerElement: CsdlElement | null;
}

/** Links documents that may refer to each other; `linking.schemas` may hold linked ones already. Everything wrong is reported, nothing throws. */
export function linkDocuments(linking: Linking, raw: readonly RawDocument[]): readonly Document[] {
  const documents = raw.map((document) => declareDocument(linking, document));
  const works = documents.flatMap(({ works: all }) => all);
  for (const { typeElements, scope } of works)
    for (const [type, element] of typeElements) linkBase(linking, scope, element, type);
  linkInheritance(linking, works.flatMap(({ schema }) => [...schema.types.values()]).filter(isStructured));
  for (const { typeElements, scope } of works)
    for (const [type, element] of typeElements) linkMembers(linking, scope, element, type);
  for (const { typeElements, scope } of works)
    for (const [type, element] of typeElements) linkPaths(linking, scope, element, type);
  for (const work of works) linkOthers(linking, work);
  for (const work of works) linkBaseTerms(linking, work);
  linkContainers(linking, works);
  linkPartners(linking, works);
  for (const { target, element, scope } of linking.pending)
    target.annotations = linkAnnotations(linking, scope, element);
  linking.pending.length = 0;
  const own = new Set(works.map(({ schema }) => schema.namespace));
  for (const work of works) linkGroups(linking, work, own);
  for (const { schema } of works) linkOptional([...schema.actions.values(), ...schema.functions.values()].flat());
  for (const document of documents) linkReferences(linking, document);
  return documents.map(({ file, version, references, works: all }) => ({
    file,
    version,
    references,
    schemas: all.map(({ schema }) => schema),
  }));
}

function isStructured(type: SchemaType): type is StructuredType {
  return type.kind === 'entity' || type.kind === 'complex';
}

interface DeclaredDocument {
  readonly file: string;
  readonly version: string;
  readonly references: readonly Mutable<Reference>[];
  readonly works: readonly Work[];
  readonly root: CsdlElement;
  readonly scope: Scope;
}

function declareDocument(linking: Linking, { root, missing }: RawDocument): DeclaredDocument {
  const aliases = new Map<string, string>();
  const namespaces = new Set<string>();
  const scope: Scope = {
    file: root.at.file,
    version: root.attributes.Version ?? '',
    aliases,
    namespaces,
    missing,
    unscoped: new Set(),
    types: new Map(),
  };
  const elements = root.children.filter(({ name }) => name === 'DataServices').flatMap(({ children }) => children);
  const schemaElements = elements.filter(
    ({ name, attributes }) => name === 'Schema' && attributes.Namespace !== undefined,
  );
  const includes = root.children
    .filter(({ name }) => name === 'Reference')
    .flatMap(({ children }) => children.filter(({ name }) => name === 'Include'));
  for (const element of [...schemaElements, ...includes]) declareNamespace(linking, element, aliases, namespaces);
  for (const [alias, namespace] of aliases)
    if (namespaces.has(alias) && alias !== namespace)
      linking.report('alias-duplicate', root.at, `The alias '${alias}' is the name of a namespace, too.`);
  const works = schemaElements.flatMap((element) => declareSchema(linking, scope, element));
  const references = root.children.filter(({ name }) => name === 'Reference').map(declareReference);
  return { file: root.at.file, version: scope.version, references, works, root, scope };
}

function declareNamespace(
  linking: Linking,
  { attributes, at, name }: CsdlElement,
  aliases: Map<string, string>,
  namespaces: Set<string>,
): void {
  const { Namespace: namespace, Alias: alias } = attributes;
  if (namespace === undefined) return;
  if (namespaces.has(namespace))
    linking.report(
      name === 'Schema' ? 'duplicate-namespace' : 'duplicate-include',
      at,
      `The namespace '${namespace}' is defined or included already.`,
    );
  if (reservedNames.has(namespace) || namespace === 'geo')
    // Protocol 6.3: of the canonical functions
    linking.report('reserved-namespace', at, `The namespace '${namespace}' is reserved.`);
  namespaces.add(namespace);
  if (alias === undefined) return;
  if (reservedNames.has(alias)) linking.report('reserved-alias', at, `The alias '${alias}' is reserved.`);
  if (aliases.has(alias) && aliases.get(alias) !== namespace)
    linking.report('alias-duplicate', at, `The alias '${alias}' stands for another namespace already.`);
  aliases.set(alias, namespace);
}

function declareReference({ attributes, children, at }: CsdlElement): Mutable<Reference> {
  const includes = children
    .filter(({ name }) => name === 'Include')
    .map((child): Include => {
      const { Namespace, Alias } = child.attributes;
      return { namespace: Namespace ?? '', alias: Alias ?? null, annotations: none, at: child.at };
    });
  const includeAnnotations = children
    .filter(({ name }) => name === 'IncludeAnnotations')
    .map((child): IncludeAnnotations => {
      const { TermNamespace, Qualifier, TargetNamespace } = child.attributes;
      return {
        termNamespace: TermNamespace ?? '',
        qualifier: Qualifier ?? null,
        targetNamespace: TargetNamespace ?? null,
        at: child.at,
      };
    });
  return { uri: attributes.Uri ?? '', includes, includeAnnotations, annotations: none, at };
}

function linkReferences(linking: Linking, { references, root, scope }: DeclaredDocument): void {
  const elements = root.children.filter(({ name }) => name === 'Reference');
  references.forEach((reference, index) => {
    const element = elements[index];
    if (element === undefined) return;
    reference.annotations = linkAnnotations(linking, scope, element);
    const includes = element.children.filter(({ name }) => name === 'Include');
    (reference.includes as readonly Mutable<Include>[]).forEach((include, at) => {
      const child = includes[at];
      if (child !== undefined) include.annotations = linkAnnotations(linking, scope, child);
    });
  });
}

function declareSchema(linking: Linking, scope: Scope, element: CsdlElement): readonly Work[] {
  const namespace = element.attributes.Namespace ?? '';
  const schema: LinkedSchema = {
    namespace,
    alias: element.attributes.Alias ?? null,
    types: new Map(),
    actions: new Map(),
    functions: new Map(),
    terms: new Map(),
    container: null,
    annotationGroups: none,
    annotations: none,
    at: element.at,
  };
  const work: Work = { schema, element, scope, typeElements: [], termElements: [], containerElement: null };
  if (linking.schemas.has(namespace)) {
    linking.report(
      'duplicate-namespace',
      element.at,
      `The namespace '${namespace}' is defined by another document, too.`,
    );
    return none;
  }
  linking.schemas.set(namespace, schema);
  linking.pending.push({ target: schema, element, scope });
  const kinds = new Map<string, string>();
  for (const child of element.children) declareChild(linking, work, child, kinds);
  return [work];
}

function declareChild(linking: Linking, work: Work, child: CsdlElement, kinds: Map<string, string>): void {
  const { schema } = work;
  const { Name: name } = child.attributes;
  if (name === undefined) return;
  const before = kinds.get(name);
  const operation = child.name === 'Action' || child.name === 'Function';
  if (before !== undefined && !(operation && before === child.name)) {
    const operationBefore = before === 'Action' || before === 'Function';
    const code =
      operation === operationBefore ? (operation ? 'action-and-function' : 'duplicate-name') : 'operation-name';
    linking.report(code, child.at, `The schema '${schema.namespace}' has ${article(before)} '${name}' already.`);
    if (code === 'duplicate-name') return;
  }
  kinds.set(name, child.name);
  switch (child.name) {
    case 'EntityType':
    case 'ComplexType':
    case 'EnumType':
    case 'TypeDefinition': {
      const type = declareType(child, schema.namespace, name);
      schema.types.set(name, type);
      work.typeElements.push([type, child]);
      break;
    }
    case 'EntityContainer':
      if (schema.container !== null) {
        linking.report('several-containers', child.at, 'A schema holds one entity container only.');
        break;
      }
      schema.container = declareContainer(child, schema.namespace, name);
      work.containerElement = child;
      break;
  }
}

function article(kind: string): string {
  return `${/^[AEIOU]/.test(kind) ? 'an' : 'a'} ${kind}`;
}

/** Operations and terms, whose types stand by now. */
function linkOthers(linking: Linking, { schema, element, scope, termElements }: Work): void {
  const { namespace } = schema;
  for (const child of element.children) {
    const { Name: name } = child.attributes;
    if (name === undefined) continue;
    if (child.name === 'Term' && !schema.terms.has(name)) {
      const term = linkTerm(linking, scope, child, namespace, name);
      schema.terms.set(name, term);
      termElements.push([term, child]);
    } else if (child.name === 'Action' || child.name === 'Function') {
      const operation = linkOperation(linking, scope, child, namespace, name);
      if (operation.kind === 'action') append(schema.actions, name, operation);
      else append(schema.functions, name, operation);
    }
  }
}

function append<T>(map: Map<string, T[]>, name: string, item: T): void {
  const list = map.get(name);
  if (list === undefined) map.set(name, [item]);
  else list.push(item);
}

function linkBaseTerms(linking: Linking, { scope, termElements }: Work): void {
  for (const [term, element] of termElements) {
    const name = element.attributes.BaseTerm;
    if (name === undefined) continue;
    const { namespace, name: local } = split(scope, name);
    const base = linking.schemas.get(namespace)?.terms.get(local) ?? null;
    if (base === null) linking.report('base-term', element.at, `There is no term '${name}' to specialise.`);
    (term as Mutable<Term>).baseTerm = base;
    for (let at = base, steps = 0; at !== null; at = at.baseTerm)
      if (at === term || steps++ > 1000) {
        linking.report('base-term', element.at, `The term '${term.name}' specialises itself.`);
        (term as Mutable<Term>).baseTerm = null;
        break;
      }
  }
}

function linkContainers(linking: Linking, works: readonly Work[]): void {
  const containers = works.flatMap(({ schema: { container }, containerElement, scope }) =>
    container === null || containerElement === null ? [] : [{ container, element: containerElement, scope }],
  );
  for (const { container, element, scope } of containers) linkSets(linking, scope, element, container);
  for (const { container, element, scope } of containers) linkExtends(linking, scope, element, container);
  for (const { container } of containers) inheritChildren(linking, container);
  for (const { container, element, scope } of containers) linkTargets(linking, scope, element, container);
}

/** Partner paths lead through properties of the target type (CSDL 8.3). */
function linkPartners(linking: Linking, works: readonly Work[]): void {
  for (const { schema, scope } of works)
    for (const type of schema.types.values()) {
      if (!isStructured(type)) continue;
      for (const property of type.ownNavigationProperties.values())
        if (property.partnerPath !== null) linkPartner(linking, scope, property, property.partnerPath);
    }
}

function linkPartner(linking: Linking, scope: Scope, property: Mutable<NavigationProperty>, path: string): void {
  if (property.type.kind !== 'entity') return;
  const { steps, failed } = follow(property.type, path, (name) => lookUpType(linking, scope, name));
  const last = steps.at(-1);
  if (failed !== null || last?.kind !== 'navigationProperty')
    linking.report(
      'partner-path',
      property.at,
      `The partner '${path}' leads to no navigation property of ${property.type.qualifiedName}.`,
    );
  else property.partner = last;
}

/** Annotations with external targeting: kept as groups, and added to what they target (CSDL 5.2, 14.2.2). */
function linkGroups(linking: Linking, { schema, element: parent, scope }: Work, own: ReadonlySet<string>): void {
  const groups: AnnotationsGroup[] = [];
  for (const element of parent.children) {
    const { Target: target, Qualifier: qualifier } = element.attributes;
    if (element.name !== 'Annotations' || target === undefined) continue;
    const expanded = expand(scope, target.includes(', ') ? target.replace(/,\s+/g, ',') : target);
    const annotations = linkAnnotations(linking, scope, element, qualifier ?? null);
    groups.push({ target: expanded, qualifier: qualifier ?? null, annotations, at: element.at });
    const found = findTarget(linking.schemas, expanded);
    if (found === null)
      linking.report('unknown-target', element.at, `The target '${target}' leads to no model element.`);
    else if (found.kind === 'elements' && own.has(namespaceOf(expanded)))
      for (const one of found.elements) one.annotations = [...one.annotations, ...annotations];
  }
  if (groups.length > 0) schema.annotationGroups = groups;
}

/** The namespace a target path begins with. */
function namespaceOf(target: string): string {
  const first = target.split(/[/(]/, 1)[0] ?? '';
  return first.slice(0, Math.max(0, first.lastIndexOf('.')));
}
