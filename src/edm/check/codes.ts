import type { Position } from '../model.js';
import type { Problem, Severity } from '../problem.js';

/** What a code stands for. */
export interface CodeEntry {
  /** Section of CSDL 4.01. */
  readonly section: string;
  readonly severity: Severity;
}

const error = (section: string): CodeEntry => ({ section, severity: 'error' });
const warning = (section: string): CodeEntry => ({ section, severity: 'warning' });

/** Every code a problem may have. What hurts no client and occurs in models of great services is a warning. */
export const codes: Readonly<Record<string, CodeEntry>> = {
  // the text (CSDL 4)
  'xml-malformed': error('4'),
  'xml-doctype': error('4'),
  'json-malformed': error('4'),
  'json-shape': error('4'),
  'json-kind': error('5'),
  'too-deep': error('4'),
  'not-csdl': error('4'),
  version: error('4'),
  'data-services': error('4'),
  // the shape of elements
  'unknown-element': warning('17'),
  'misplaced-element': error('5'),
  'unknown-attribute': warning('17'),
  'missing-attribute': error('5'),
  'missing-child': error('5'),
  'repeated-child': error('5'),
  'boolean-value': error('2'),
  identifier: error('15.2'),
  namespace: error('15.1'),
  'qualified-name': error('15.3'),
  'type-name': error('7.1'),
  path: error('14.4.1.1'),
  // documents
  'duplicate-reference': warning('4.1'),
  'reference-not-found': warning('4.1'),
  'include-unknown': error('4.2'),
  'duplicate-include': warning('4.2'),
  'reserved-alias': error('4.2'),
  'alias-duplicate': error('4.2'),
  'reserved-namespace': error('5'),
  'duplicate-namespace': error('5'),
  'duplicate-name': error('5'),
  'duplicate-member': error('10.3'),
  'action-and-function': warning('5'),
  'operation-name': warning('5'),
  'unknown-target': warning('14.2.2'),
  'several-containers': error('13'),
  // types
  'unknown-type': error('3'),
  'not-in-scope': error('3'),
  'base-type-kind': error('6.1'),
  'inheritance-cycle': error('6.1'),
  'abstract-base': warning('6.2'),
  'open-derived': warning('6.3'),
  'media-derived': warning('6.4'),
  'key-missing': warning('6.5'),
  'key-redeclared': error('6.5'),
  'key-type': error('6.5'),
  'key-nullable': error('6.5'),
  'key-path': error('6.5'),
  'key-alias': error('6.5'),
  'key-duplicate': error('6.5'),
  'duplicate-property': error('7'),
  'property-named-as-type': warning('6'),
  'property-redefined': error('7'),
  'property-type': error('7.1'),
  'collection-type': error('3.4'),
  'path-type': error('3.5'),
  'facet-foreign': warning('7.2'),
  'facet-value': error('7.2'),
  'facet-repeated': error('11.1'),
  'scale-precision': error('7.2.4'),
  'facet-version': error('7.2.4'),
  'collection-nullable': error('7.2.1'),
  'default-value': error('7.2.7'),
  'default-value-type': error('7.2.7'),
  'case-only': warning('3.1'),
  // navigation
  'navigation-type': error('8.1'),
  'navigation-key': error('8.1'),
  'navigation-nullable': error('8.2'),
  'partner-path': error('8.3'),
  'partner-on-complex': error('8.3'),
  'partner-type': error('8.3'),
  'partner-back': error('8.3'),
  'containment-partner': error('8.4'),
  'containment-several': error('8.4'),
  'constraint-on-collection': error('8.5'),
  'constraint-path': error('8.5'),
  'constraint-type': error('8.5'),
  'constraint-nullable': error('8.5'),
  'on-delete-action': error('8.6'),
  'on-delete-set-null': error('8.6'),
  // enumerations and type definitions
  'enum-empty': warning('10'),
  'enum-underlying-type': error('10.1'),
  'enum-value': error('10.3'),
  'enum-values': error('10.3'),
  'enum-range': error('10.3'),
  'enum-flags': error('10.3'),
  'underlying-type': error('11.1'),
  // operations
  'binding-parameter': error('12.5'),
  'parameter-type': error('12.9'),
  'duplicate-parameter': error('12.9'),
  'optional-parameter': error('12.9'),
  'action-overload': error('12.2'),
  'function-overload': error('12.4'),
  'function-return-type': error('12.3'),
  'return-type-differs': error('12.4'),
  'entity-set-path': warning('12.6'),
  // container
  'extends-unknown': error('13.1'),
  'extends-cycle': error('13.1'),
  'extends-redefinition': error('13.1'),
  'duplicate-container-child': error('13'),
  'container-empty': error('13'),
  'set-type': error('13.2'),
  'set-key': error('13.2'),
  'singleton-key': warning('13.3'),
  'binding-path': error('13.4.1'),
  'binding-duplicate': error('13.4.1'),
  'binding-containment': error('13.4.1'),
  'binding-target': error('13.4.2'),
  'binding-target-path': warning('13.4.2'),
  'binding-target-type': error('13.4.2'),
  'import-target': error('13.5'),
  'import-entity-set': error('13.5'),
  'import-included': error('13.6'),
  // vocabularies and annotations
  'base-term': error('14.1.1'),
  'term-default': error('14.1'),
  'unknown-term': warning('14.2'),
  'term-not-in-scope': warning('14.2'),
  'annotation-duplicate': warning('14.2.1'),
  qualifier: warning('14.2.1'),
  'qualifier-twice': error('14.2.1'),
  'base-term-missing': warning('14.1.1'),
  'applies-to': warning('14.1.2'),
  'several-values': error('14.3'),
  'constant-value': warning('14.3'),
  'annotation-type': warning('14.3'),
  'operand-count': error('14.4'),
  'duplicate-property-value': error('14.4.12'),
  'record-type': warning('14.4.12'),
  'record-property': warning('14.4.12'),
  'record-missing': warning('14.4.12'),
  'annotation-path': warning('14.4.1'),
  'labeled-name': error('14.4.8'),
};

/** A problem of a code of the table. */
export function problemAt(code: string, at: Position, message: string): Problem {
  const entry = codes[code];
  if (entry === undefined) throw new TypeError(`There is no rule '${code}'.`);
  return { code, section: entry.section, severity: entry.severity, message, at };
}
