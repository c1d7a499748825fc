import { ODataError } from '../errors.js';
import { problemAt } from './check/codes.js';
import { checkLinked } from './check/index.js';
import { checkElements } from './check/shape.js';
import { type CsdlElement, Malformed, type Source } from './element.js';
import { readJsonText } from './json-read.js';
import { linkDocuments, type RawDocument } from './link.js';
import { LinkedModel } from './linked-model.js';
import type { Document, Model, Schema } from './model.js';
import { printProblem } from './print-problem.js';
import type { Problem } from './problem.js';
import type { Linking } from './scope.js';
import { builtInVocabulary } from './vocabulary.js';
import { readXmlText } from './xml-read.js';

/** How a model is read. */
export interface ReadOptions {
  /** Gives the text of a referenced document, by its URI and the file that names it; null when there is none. */
  readonly resolve?: (uri: string, from: string) => Source | null;
}

/** A model as far as it could be made, and everything that is wrong with it. */
export interface Opened {
  /** null: the text is not even well-formed. */
  readonly model: Model | null;
  readonly problems: readonly Problem[];
}

/** What was found while a model was read; asked for by `checkModel`. */
const foundWhileReading = new WeakMap<Model, readonly Problem[]>();

/**
 * Reads CSDL XML or JSON, told apart by content, with everything it refers to. Throws InvalidModel with all errors when the rules
 * of CSDL 4.01 are broken; warnings do not stand in the way.
 */
export function readModel(source: Source, options: ReadOptions = {}): Model {
  const { model, problems } = openModel(source, options);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (model !== null && errors.length === 0) return model;
  const shown = errors.slice(0, 20).map(printProblem);
  const more = errors.length > 20 ? [`… and ${errors.length - 20} more`] : [];
  const details = errors.map((problem) => new ODataError('InvalidModel', printProblem(problem), problem.code));
  throw new ODataError(
    'InvalidModel',
    [`The model ${source.file} is not valid:`, ...shown, ...more].join('\n'),
    source.file,
    { details },
  );
}

/** All that is wrong with a model: found while reading it, and by the rules. */
export function checkModel(model: Model): readonly Problem[] {
  return inOrder([...(foundWhileReading.get(model) ?? []), ...checkLinked(model)]);
}

/** Like `readModel`, but never throws: gives the model as far as it goes, and all problems. */
export function openModel(source: Source, options: ReadOptions = {}): Opened {
  const problems: Problem[] = [];
  const report = (code: string, at: Problem['at'], message: string) => {
    problems.push(problemAt(code, at, message));
  };
  const reading: Reading = { options, report, raw: [], seen: new Set(), vocabularies: new Map() };
  const documents = linkAll(reading, source, problems);
  if (documents === null) return { model: null, problems };
  const model = assemble(documents, reading.vocabularies);
  foundWhileReading.set(model, [...problems]);
  return { model, problems: checkModel(model) };
}

/** The linked documents; the elements they were made of are left behind here. null: the text is not even well-formed. */
function linkAll(reading: Reading, source: Source, problems: Problem[]): readonly Document[] | null {
  const main = readText(reading, source);
  if (main === null) return null;
  gather(reading, main);
  const schemas = new Map<string, Schema>();
  for (const [namespace, { schema }] of reading.vocabularies) schemas.set(namespace, schema);
  const vocabulary = (namespace: string): Schema | null => {
    const found = builtInVocabulary(namespace);
    if (found !== null) reading.vocabularies.set(namespace, found);
    return found?.schema ?? null;
  };
  const linking: Linking = { schemas, report: reading.report, problems, pending: [], vocabulary };
  const documents = linkDocuments(linking, reading.raw);
  reading.raw.length = 0;
  return documents;
}

interface Reading {
  readonly options: ReadOptions;
  readonly report: Linking['report'];
  readonly raw: RawDocument[];
  readonly seen: Set<string>;
  readonly vocabularies: Map<string, { readonly document: Document; readonly schema: Schema }>;
}

/** The vocabularies used, and what they refer to in turn, stand behind the model's own documents. */
function assemble(documents: readonly Document[], vocabularies: Reading['vocabularies']): Model {
  const all = new Set(documents);
  const own = new Set(documents.flatMap(({ schemas }) => schemas.map(({ namespace }) => namespace)));
  const add = ({ document }: { readonly document: Document }): void => {
    if (all.has(document)) return;
    all.add(document);
    for (const include of document.references.flatMap(({ includes }) => includes)) {
      const found = own.has(include.namespace) ? null : builtInVocabulary(include.namespace);
      if (found !== null) add(found);
    }
  };
  for (const found of vocabularies.values()) add(found);
  const [main] = documents;
  if (main === undefined) throw new TypeError('A model has at least one document.');
  return new LinkedModel(main, [...all]);
}

/** A text's tree, its shape checked; null, after a report, when it is not well-formed. */
function readText(reading: Reading, source: Source): CsdlElement | null {
  reading.seen.add(source.file);
  try {
    const root = /^\uFEFF?\s*[{[]/.test(source.text) ? readJsonText(source) : readXmlText(source);
    checkElements(root, reading.report);
    return root;
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    reading.report(error.code, error.at, error.message);
    return null;
  }
}

/** Reads what a document refers to, each file once; standard vocabularies come with Edmund, whatever the URI (CSDL 4.1). */
function gather(reading: Reading, root: CsdlElement): void {
  const missing = new Set<string>();
  reading.raw.push({ root, missing });
  const own = new Set<string | undefined>();
  for (const services of root.children)
    if (services.name === 'DataServices') for (const { attributes } of services.children) own.add(attributes.Namespace);
  for (const reference of root.children) {
    if (reference.name !== 'Reference') continue;
    const includes = reference.children.flatMap(({ name, attributes }) =>
      name === 'Include' ? (attributes.Namespace ?? []) : [],
    );
    const unknown = includes.filter((namespace) => {
      const found = own.has(namespace) ? null : builtInVocabulary(namespace);
      if (found !== null) reading.vocabularies.set(namespace, found);
      return found === null;
    });
    if (unknown.length > 0 || includes.length === 0) follow(reading, reference, unknown, missing);
  }
}

function follow(
  reading: Reading,
  { attributes, at }: CsdlElement,
  namespaces: readonly string[],
  missing: Set<string>,
): void {
  const uri = attributes.Uri;
  const source = uri === undefined ? null : (reading.options.resolve?.(uri, at.file) ?? null);
  const root = source === null || reading.seen.has(source.file) ? null : readText(reading, source);
  if (root !== null) gather(reading, root);
  if (source !== null && (root !== null || reading.seen.has(source.file))) {
    const found = new Set(reading.raw.flatMap((document) => namespacesOf(document.root)));
    for (const namespace of namespaces)
      if (!found.has(namespace))
        reading.report('include-unknown', at, `The document '${uri}' defines no schema '${namespace}'.`);
    return;
  }
  for (const namespace of namespaces) missing.add(namespace);
  if (namespaces.length > 0 && uri !== undefined)
    reading.report('reference-not-found', at, `The document '${uri}' was not found; what it defines is unknown.`);
}

function namespacesOf(root: CsdlElement): readonly string[] {
  return root.children.flatMap(({ name, children }) =>
    name === 'DataServices' ? children.flatMap(({ attributes }) => attributes.Namespace ?? []) : [],
  );
}

function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return [...problems].sort(
    (a, b) =>
      compare(a.at.file, b.at.file) || a.at.line - b.at.line || a.at.column - b.at.column || compare(a.code, b.code),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
