import type { CsdlElement } from '../element.js';
import { isIdentifier, isNamespace, isQualifiedName } from '../name.js';
import type { Report } from '../problem.js';
import { itemType } from '../type-reference.js';
import { type AttributeKind, expressionNames, grammar, type Shape } from './grammar.js';

/** Compares a tree with the grammar of elements: what stands where, what is required, how names are formed (CSDL 4 to 15). */
export function checkElements(root: CsdlElement, report: Report): void {
  const version = root.attributes.Version;
  if (version !== undefined && !/^4\.0[0-9]?$/.test(version))
    report('version', root.at, `The version must be '4.0' or '4.01', not '${version}'.`);
  const services = root.children.filter(({ name }) => name === 'DataServices');
  if (services.length !== 1)
    report('data-services', root.at, `A document has exactly one DataServices element, not ${services.length}.`);
  checkElement(root, 'Edmx', report);
  if (version !== undefined && version !== '4.0') for (const one of services) checkCollections(one, report);
  const uris = new Set<string>();
  for (const { name, attributes, at } of root.children) {
    if (name !== 'Reference' || attributes.Uri === undefined) continue;
    if (uris.has(attributes.Uri)) report('duplicate-reference', at, `'${attributes.Uri}' is referenced twice.`);
    uris.add(attributes.Uri);
  }
}

function checkElement(element: CsdlElement, name: string, report: Report): void {
  const shape = grammar[name];
  if (shape === undefined) return;
  checkAttributes(element, shape, report);
  if (element.children.length > 0) checkChildren(element, shape, report);
  if (shape.needs !== undefined && !element.children.some((child) => shape.needs?.includes(child.name)))
    report('missing-child', element.at, `${name} needs at least one ${shape.needs.join(' or ')}.`);
}

function checkAttributes(element: CsdlElement, shape: Shape, report: Report): void {
  for (const name in element.attributes) {
    const kind = Object.hasOwn(shape.attributes, name) ? shape.attributes[name] : undefined;
    const text = element.attributes[name];
    if (text === undefined) continue;
    if (kind !== undefined) checkAttribute(element, name, kind, text, report);
    else if (!(shape.constants && expressionNames.has(name)) && !name.includes(':') && name !== 'xmlns')
      report('unknown-attribute', element.at, `${element.name} has no attribute '${name}'; it is ignored.`);
  }
  for (const name of shape.required)
    if (element.attributes[name] === undefined)
      report('missing-attribute', element.at, `${element.name} needs the attribute '${name}'.`);
}

function checkAttribute(element: CsdlElement, name: string, kind: AttributeKind, text: string, report: Report): void {
  const { at } = element;
  switch (kind) {
    case 'identifier':
      if (!isIdentifier(text))
        report('identifier', at, `'${text}' is no simple identifier (${name} of ${element.name}).`);
      return;
    case 'namespace':
      if (!isNamespace(text)) report('namespace', at, `'${text}' is no namespace (${name} of ${element.name}).`);
      return;
    case 'qualifiedName':
      if (!isQualifiedName(text))
        report('qualified-name', at, `'${text}' is no qualified name (${name} of ${element.name}).`);
      return;
    case 'type':
      if (!isQualifiedName(itemType(text).name))
        report('type-name', at, `'${text}' is no type name (${name} of ${element.name}).`);
      return;
    case 'path':
      if (/^$|^\/|\/\/|\/$|\s/.test(text)) report('path', at, `'${text}' is no path (${name} of ${element.name}).`);
      return;
    case 'target':
      if (text === '' || /^\/|\/\/|\/$/.test(text)) report('path', at, `'${text}' is no target path.`);
      return;
    case 'qualifier':
      if (!isIdentifier(text))
        report('qualifier', at, `'${text}' is no simple identifier (${name} of ${element.name}).`);
      return;
    case 'text':
      return;
  }
}

function checkChildren(element: CsdlElement, shape: Shape, report: Report): void {
  const once: string[] = [];
  for (const child of element.children) {
    const { name } = child;
    if (shape.children.includes(name) || (shape.expressions && expressionNames.has(name))) {
      if (once.includes(name)) report('repeated-child', child.at, `${element.name} has at most one ${name}.`);
      else if (shape.once?.includes(name)) once.push(name);
      checkElement(child, name, report);
    } else if (!Object.hasOwn(grammar, name))
      report('unknown-element', child.at, `'${name}' is no element of CSDL; it is ignored.`);
    else report('misplaced-element', child.at, `${name} cannot stand in ${element.name}.`);
  }
}

/** From 4.01 on, XML states Nullable of every collection-valued property (CSDL 7.2.1, 17). */
function checkCollections(services: CsdlElement, report: Report): void {
  for (const schema of services.children)
    for (const type of schema.children) {
      if (type.name !== 'EntityType' && type.name !== 'ComplexType') continue;
      for (const { name, attributes, at } of type.children)
        if (name === 'Property' && attributes.Nullable === undefined && attributes.Type?.startsWith('Collection('))
          report('collection-nullable', at, `The collection '${attributes.Name}' must state Nullable.`);
    }
}
