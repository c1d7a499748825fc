import type { AnnotationPattern, Headers, ODataVersion, Preferences } from './exchange.js';
import { parseParameter, quote, splitList } from './header.js';

/** A preference as written: its value, and the parameters behind it. */
interface Written {
  readonly value: string | null;
  readonly parameters: ReadonlyMap<string, string | null>;
}

/** Preferences that had the prefix `odata.` in 4.0, and may have it still (Protocol 8.2.8). */
const prefixed: ReadonlySet<string> = new Set([
  'allow-entityreferences',
  'callback',
  'continue-on-error',
  'include-annotations',
  'maxpagesize',
  'track-changes',
]);

/** Reads `Prefer` (Protocol 8.2.8, RFC 7240). Never throws: what is unknown or makes no sense is as if not said. */
export function parsePreferences(headers: Headers): Preferences {
  const written = readAll(headers.prefer ?? '');
  const value = (name: string) => written.get(name)?.value ?? null;
  return {
    return: oneOf(value('return'), ['representation', 'minimal']),
    handling: oneOf(value('handling'), ['strict', 'lenient']),
    maxPageSize: positive(value('maxpagesize')),
    omitValues: oneOf(value('omit-values'), ['nulls', 'defaults']),
    includeAnnotations: patterns(value('include-annotations')),
    allowEntityReferences: written.has('allow-entityreferences'),
    continueOnError: flag(written.get('continue-on-error')),
    respondAsync: written.has('respond-async'),
    wait: seconds(value('wait')),
    trackChanges: written.has('track-changes'),
    callback: written.get('callback')?.parameters.get('url') ?? null,
  };
}

/** Header fields without one of the preferences they state, which has no prefixed form. */
export function withoutPreference(headers: Headers, name: string): Headers {
  const left = splitList(headers.prefer ?? '', ',').filter((item) => {
    const [first = ''] = splitList(item, ';');
    return parseParameter(first).name !== name;
  });
  return { ...headers, prefer: left.length === 0 ? undefined : left.join(', ') };
}

/** What a part of a batch prefers: its own, and of the batch what holds for all of its parts (Protocol 8.2.8.1, 8.2.8.4). */
export function inheritedPreferences(own: string | undefined, batch: string | undefined): string | undefined {
  const known = readAll(own ?? '');
  const passed = splitList(batch ?? '', ',').filter((item) => {
    const { name } = parseParameter(splitList(item, ';')[0] ?? '');
    const bare = name.replace(/^odata\./, '');
    return (bare === 'allow-entityreferences' || bare === 'include-annotations') && !known.has(bare);
  });
  const all = [...(own === undefined || own === '' ? [] : [own]), ...passed];
  return all.length === 0 ? undefined : all.join(', ');
}

/** By plain name. The first of a repeated preference counts, and the plain name before the prefixed one. */
function readAll(header: string): ReadonlyMap<string, Written> {
  const plain = new Map<string, Written>();
  const withPrefix = new Map<string, Written>();
  for (const item of splitList(header, ',')) {
    const [first = '', ...rest] = splitList(item, ';');
    const { name, value } = parseParameter(first);
    const bare = name.startsWith('odata.') ? name.slice(6) : name;
    if (bare !== name && !prefixed.has(bare)) continue;
    const into = bare === name ? plain : withPrefix;
    if (into.has(bare)) continue;
    const parameters = rest.map(parseParameter);
    into.set(bare, { value, parameters: new Map(parameters.map((parameter) => [parameter.name, parameter.value])) });
  }
  return new Map([...withPrefix, ...plain]);
}

function oneOf<Value extends string>(text: string | null, values: readonly Value[]): Value | null {
  return values.find((value) => value === text?.toLowerCase()) ?? null;
}

/** Protocol 8.2.8.5: a positive integer. */
function positive(text: string | null): number | null {
  return text !== null && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}

function seconds(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** `continue-on-error` alone means true (Protocol 8.2.8.3). */
function flag(written: Written | undefined): boolean | null {
  if (written === undefined) return null;
  const text = written.value?.toLowerCase() ?? 'true';
  return text === 'true' ? true : text === 'false' ? false : null;
}

const identifier = '[\\p{L}\\p{Nl}_][\\p{L}\\p{Nl}\\p{Nd}\\p{Mn}\\p{Mc}\\p{Pc}\\p{Cf}]*';
const annotationPattern = new RegExp(
  `^(-?)(\\*|(?:${identifier}\\.)+(?:${identifier}|\\*))(?:#(${identifier}))?$`,
  'u',
);

/** annotationsList (Protocol 8.2.8.4): `*`, `NS.*` or `NS.Term`, each perhaps excluded or qualified; null when an item is none of them. */
function patterns(text: string | null): readonly AnnotationPattern[] | null {
  if (text === null) return null;
  const found: AnnotationPattern[] = [];
  for (const item of splitList(text, ',')) {
    const [, minus, name, qualifier = null] = annotationPattern.exec(item) ?? [];
    if (name === undefined) return null;
    found.push({ excluded: minus === '-', name, qualifier });
  }
  return found;
}

/** Whether `include-annotations` asks for a term: the most specific pattern decides; none that fits: no (Protocol 8.2.8.4). */
export function wantsAnnotation(
  wanted: readonly AnnotationPattern[],
  term: string,
  qualifier: string | null = null,
): boolean {
  let included = false;
  let closest = -1;
  for (const pattern of wanted) {
    if (pattern.qualifier !== null && pattern.qualifier !== qualifier) continue;
    const closeness = closenessOf(pattern.name, term) * 2 + (pattern.qualifier === null ? 0 : 1);
    if (closeness < 0 || closeness <= closest) continue;
    closest = closeness;
    included = !pattern.excluded;
  }
  return included;
}

/** -1: does not fit; 0: `*`; then by length, a full name above any pattern. */
function closenessOf(name: string, term: string): number {
  if (name === '*') return 0;
  if (name === term) return 10_000;
  return name.endsWith('.*') && term.startsWith(name.slice(0, -1)) ? name.length : -1;
}

/**
 * The value of `Preference-Applied` (Protocol 8.3.6) for what was applied; null when nothing was. Names carry the prefix
 * in 4.0 answers where 4.0 had one.
 */
export function writePreferencesApplied(applied: Partial<Preferences>, version: ODataVersion): string | null {
  const items: string[] = [];
  const add = (name: string, value?: string) => {
    const full = version === '4.0' && prefixed.has(name) ? `odata.${name}` : name;
    items.push(value === undefined ? full : `${full}=${value}`);
  };
  if (applied.allowEntityReferences) add('allow-entityreferences');
  if (applied.callback) add('callback');
  if (typeof applied.continueOnError === 'boolean') add('continue-on-error', String(applied.continueOnError));
  if (applied.handling) add('handling', applied.handling);
  if (applied.includeAnnotations)
    add('include-annotations', quote(applied.includeAnnotations.map(printPattern).join(',')));
  if (applied.maxPageSize) add('maxpagesize', String(applied.maxPageSize));
  if (applied.omitValues) add('omit-values', applied.omitValues);
  if (applied.respondAsync) add('respond-async');
  if (applied.return) add('return', applied.return);
  if (applied.trackChanges) add('track-changes');
  if (typeof applied.wait === 'number') add('wait', String(applied.wait));
  return items.length === 0 ? null : items.join(', ');
}

function printPattern(pattern: AnnotationPattern): string {
  return `${pattern.excluded ? '-' : ''}${pattern.name}${pattern.qualifier === null ? '' : `#${pattern.qualifier}`}`;
}
