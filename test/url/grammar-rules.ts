import { parseGeoLiteral, parseValue, primitive } from '../../src/edm/index.js';
import type { EnumType, PrimitiveTypeName } from '../../src/edm/model.js';
import type { ValueType } from '../../src/edm/value.js';
import { ODataError } from '../../src/errors.js';
import { parseMultipart } from '../../src/payload/index.js';
import { parsePreferences } from '../../src/protocol/index.js';
import { responseVersion } from '../../src/protocol/version.js';
import {
  type ContextItem,
  type LiteralForm,
  parseContext,
  parseExpression,
  parseUrl,
  type ResourceSegment,
} from '../../src/url/index.js';
import { suite } from './grammar-cases.js';

/** Where an input is refused; offsets count its characters. */
export class Refused extends Error {
  constructor(
    readonly at: number | null,
    message: string,
  ) {
    super(message);
  }
}

const names = suite?.Constraints ?? {};
const named = (rules: readonly string[], name: string): boolean => rules.some((rule) => names[rule]?.includes(name));
const rulesLike = (pattern: RegExp): readonly string[] => Object.keys(names).filter((rule) => pattern.test(rule));

/** The offset that a message states, and the option or path it counts from. */
function offsetIn(error: ODataError, input: string, beginning: number): number | null {
  const stated = / at (\d+)/.exec(error.message)?.[1];
  const { target } = error;
  if (target === 'query') return input.indexOf('?') + 1 + Number(stated ?? 0);
  if (target === null || target === 'path' || target === 'context') return stated === undefined ? null : Number(stated);
  const option = [...input.matchAll(/[?&]([^=&]*)(=?)/g)].find(([, name = '']) =>
    [target, target.replace(/^\$/, '')].includes(name.toLowerCase()),
  );
  if (option === undefined) return beginning > 0 || stated !== undefined ? Number(stated ?? 0) : input.length;
  const [, name = '', equals = ''] = option;
  return option.index + 1 + (stated === undefined ? 0 : name.length + equals.length + Number(stated));
}

/** Runs a rule on an input that `before` makes whole. */
function reading(run: (text: string) => unknown, input: string, before = ''): void {
  const text = before + input;
  try {
    run(text);
  } catch (error) {
    if (!(error instanceof ODataError)) throw error;
    const at = offsetIn(error, text, before.length);
    throw new Refused(at === null ? null : at - before.length, error.message);
  }
}

type Rule = (input: string) => void;

const expression: Rule = (input) => reading(parseExpression, input);

/** A literal alone, of one of these forms. */
const literal =
  (...forms: readonly LiteralForm[]): Rule =>
  (input) =>
    reading((text) => {
      const found = parseExpression(text);
      if (found.kind !== 'literal' || !forms.includes(found.form)) throw new Refused(0, `${found.kind}, no ${forms}`);
      if (found.form.startsWith('geo') && parseGeoLiteral(found.text) === null) throw new Refused(0, 'no geo literal');
    }, input);

/** One query option; a second one is more than the rule takes. */
const option: Rule = (input) => {
  reading(
    (text) => {
      const end = text.indexOf('&');
      parseUrl(end < 0 ? text : text.slice(0, end));
      if (end >= 0) throw new Refused(end - 1, 'one option');
    },
    input,
    '?',
  );
};

const query: Rule = (input) => {
  reading(
    (text) => {
      for (const [name] of parseUrl(text).options.custom)
        if (!named(['customName', 'parameterName'], name))
          throw new Refused(text.lastIndexOf(name) + name.length - 1, name);
    },
    input,
    '?',
  );
};

const relative: Rule = (input) => reading((text) => checkNames(parseUrl(text).segments, text), input);

/** The service root of the suite's absolute URLs is what stands before the first name of the sample model or word with `$`. */
const absolute: Rule = (input) => {
  const [, scheme, rest = ''] = /^(https?:\/\/[^/]+\/)(.*)$/.exec(input) ?? [];
  if (scheme === undefined) return relative(input);
  const segments = rest.split('/');
  const known = new Set(Object.values(names).flat());
  const first = segments.findIndex((text) => text.startsWith('$') || known.has(text.split(/[(?]/)[0] ?? ''));
  return relative(first < 0 ? '' : segments.slice(first).join('/'));
};

const functions = rulesLike(/Function$/);
const imports = rulesLike(/FunctionImport$|^actionImport$/);
const types = ['entityTypeName', 'complexTypeName'];
const structured = ['complexProperty', 'complexColProperty'];

/** What the suite refuses for its sample model: names that do not exist, or cannot stand where they do. */
function checkNames(segments: readonly ResourceSegment[], text: string): void {
  let before: ResourceSegment | null = null;
  for (const segment of segments) {
    if (segment.kind === 'name') {
      const name = segment.name.split('.').at(-1) ?? '';
      const end = segment.at + segment.text.length;
      if (before !== null && named(imports, name) && !named(functions, name)) throw new Refused(end, name);
      const castBefore = before?.kind === 'name' && before.name.includes('.') && before.arguments === null;
      if (
        castBefore &&
        named(types, name) &&
        before?.kind === 'name' &&
        named(types, before.name.split('.').at(-1) ?? '')
      )
        throw new Refused(end, 'two casts');
    }
    if (segment.kind === '$value' && before?.kind === 'name' && named([...structured, 'streamProperty'], before.name))
      throw new Refused(segment.at, text.slice(segment.at));
    before = segment;
  }
}

const sample: EnumType = {
  kind: 'enum',
  name: 'Pattern',
  qualifiedName: 'Sales.Pattern',
  isFlags: true,
  members: new Map(
    [...(names.enumerationMember ?? []), 'A', 'B', 'C', 'D'].map(
      (name, index) => [name, { name, value: BigInt(2 ** index) }] as const,
    ),
  ),
} as unknown as EnumType;

/** A value outside any URL; numbers as the sample model might declare them. */
const value =
  (...choices: readonly (PrimitiveTypeName | 'enum')[]): Rule =>
  (input) => {
    let last: unknown = null;
    for (const name of choices) {
      const type: ValueType = name === 'enum' ? sample : primitive(name);
      try {
        parseValue(type, input, { scale: 'floating' });
        return;
      } catch (error) {
        last = error;
      }
    }
    if (!(last instanceof ODataError)) throw last;
    const stated = / at (\d+)/.exec(last.message)?.[1];
    throw new Refused(stated === undefined ? null : Number(stated), last.message);
  };

const primitiveValue: Rule = (input) => {
  if (parseGeoLiteral(input) === null) value('Edm.Guid', 'Edm.Int64', 'enum', 'Edm.Binary')(input);
};

/** A preference counts as refused when it is not heeded. */
const preference: Rule = (input) => {
  const heeded = parsePreferences({ prefer: input });
  const any = Object.entries(heeded).some(
    ([name, found]) => found !== null && (found !== false || name === 'continueOnError'),
  );
  if (!any) throw new Refused(input.indexOf('=') + 1, 'not heeded');
};

const header: Rule = (input) => {
  const [, name = '', content = ''] = /^([\w-]+):[ \t]*(.*)$/.exec(input) ?? [];
  const lower = name.toLowerCase();
  if (lower === 'prefer') for (const item of content.split(',')) preference(item);
  else if (lower.startsWith('odata-') && lower.endsWith('version')) responseVersion({ [lower]: content });
  else {
    const [part] = parseMultipart(Buffer.from(`--b\r\n${input}\r\n\r\n\r\n--b--`), 'b', 1);
    if (part?.headers.get(lower) !== content) throw new Refused(null, `${name} is not read`);
  }
};

const propertyNames = rulesLike(/(Property|Annotation.*)$/);

/** A type in a select-list is qualified. */
function checkItems(items: readonly ContextItem[]): void {
  for (const { path, at, items: nested } of items) {
    const last = path.split('/').at(-1) ?? '';
    if (named(types, last) && !named(propertyNames, last)) throw new Refused(at + path.length, last);
    checkItems(nested ?? []);
  }
}

const context: Rule = (input) => reading((text) => checkItems(parseContext(text).select ?? []), input);

const geo = literal('geography', 'geometry');
const number = literal('integer', 'decimal', 'double');

/** Which room reads each rule of the suite, and how. */
export const rules: Readonly<Record<string, Rule>> = {
  odataUri: absolute,
  odataRelativeUri: relative,
  resourcePath: relative,
  entitySetName: relative,
  queryOptions: query,
  systemQueryOption: option,
  customQueryOption: query,
  filter: option,
  expand: option,
  select: option,
  orderby: option,
  orderBy: option,
  search: option,
  compute: option,
  deltatoken: option,
  skiptoken: option,
  searchExpr: (input) => reading(parseUrl, input, '?$search='),
  commonExpr: expression,
  boolCommonExpr: expression,
  boolcommonExpr: expression,
  firstMemberExpr: expression,
  propertyPathExpr: expression,
  notExpr: expression,
  isofExpr: expression,
  anyExpr: (input) => reading(parseExpression, input, 'Items/'),
  functionParameter: (input) => reading((text) => parseUrl(`${text})`), input, 'F('),
  stringInUrl: (input) => reading(parseUrl, input, '?@a='),
  odataIdentifier: (input) => reading((text) => parseUrl(`${text})`), input, '$crossjoin('),
  null: literal('null'),
  boolean: literal('boolean'),
  guid: literal('guid'),
  date: literal('date'),
  binaryLiteral: literal('binary'),
  stringLiteral: literal('string'),
  durationLiteral: literal('duration', 'string'),
  enumLiteral: literal('enum', 'string'),
  dateTimeOffsetLiteral: literal('dateTimeOffset'),
  dateTimeOffsetValueInUrl: literal('dateTimeOffset'),
  timeOfDayLiteral: literal('timeOfDay'),
  decimalLiteral: number,
  doubleLiteral: number,
  singleLiteral: number,
  sbyteLiteral: number,
  int16Literal: number,
  int32Literal: number,
  int64Literal: number,
  primitiveLiteral: literal('integer', 'decimal', 'string'),
  geographyCollection: geo,
  geographyLineString: geo,
  geographyMultiLineString: geo,
  geographyMultiPoint: geo,
  geographyMultiPolygon: geo,
  geographyPoint: geo,
  geographyPolygon: geo,
  geometryCollection: geo,
  geometryLineString: geo,
  geometryMultiLineString: geo,
  geometryMultiPoint: geo,
  geometryMultiPolygon: geo,
  geometryPoint: geo,
  geometryPolygon: geo,
  booleanValue: value('Edm.Boolean'),
  byteValue: value('Edm.Byte'),
  sbyteValue: value('Edm.SByte'),
  int16Value: value('Edm.Int16'),
  int32Value: value('Edm.Int32'),
  int64Value: value('Edm.Int64'),
  singleValue: value('Edm.Single'),
  doubleValue: value('Edm.Double'),
  decimalValue: value('Edm.Decimal'),
  dateValue: value('Edm.Date'),
  dateTimeOffsetValue: value('Edm.DateTimeOffset'),
  timeOfDayValue: value('Edm.TimeOfDay'),
  durationValue: value('Edm.Duration'),
  enumValue: value('enum'),
  primitiveValue,
  header,
  prefer: header,
  preference,
  includeAnnotationsPreference: preference,
  maxpagesizePreference: preference,
  'request-id': (input) => header(`Content-ID: ${input}`),
  context,
};

/** Where the rule refuses the input; null when it accepts it, `unknown` when no offset is stated. */
export function refusal(rule: string, input: string): { readonly at: number | null; readonly message: string } | null {
  const run = rules[rule];
  if (run === undefined) throw new Error(`no room reads the rule '${rule}'`);
  try {
    run(input);
    return null;
  } catch (error) {
    if (error instanceof Refused) return error;
    if (error instanceof ODataError) return { at: null, message: error.message };
    throw error;
  }
}
