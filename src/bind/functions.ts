import type { PrimitiveTypeName } from '../edm/index.js';

/** What one overload takes: a type name, `number` (any numeric), `any`, `text collection`… */
export type ParameterKind = PrimitiveTypeName | 'number' | 'any' | 'collection' | 'geo';

/** One canonical function (URL 5.1.1.5 to 5.1.1.11). */
export interface Signature {
  readonly section: string;
  readonly takes: readonly (readonly ParameterKind[])[];
  /** A type, or the type of the first argument. */
  readonly gives: PrimitiveTypeName | 'same';
}

const text = 'Edm.String';
const moment = 'Edm.DateTimeOffset';

/** The canonical functions on single values. `cast`, `isof`, `case` and lambdas are syntax of their own. */
export const functions = {
  concat: {
    section: 'URL 5.1.1.5.1',
    takes: [
      [text, text],
      ['collection', 'collection'],
    ],
    gives: 'same',
  },
  contains: {
    section: 'URL 5.1.1.5.2',
    takes: [
      [text, text],
      ['collection', 'collection'],
    ],
    gives: 'Edm.Boolean',
  },
  endswith: {
    section: 'URL 5.1.1.5.3',
    takes: [
      [text, text],
      ['collection', 'collection'],
    ],
    gives: 'Edm.Boolean',
  },
  indexof: {
    section: 'URL 5.1.1.5.4',
    takes: [
      [text, text],
      ['collection', 'collection'],
    ],
    gives: 'Edm.Int32',
  },
  length: { section: 'URL 5.1.1.5.5', takes: [[text], ['collection']], gives: 'Edm.Int32' },
  startswith: {
    section: 'URL 5.1.1.5.6',
    takes: [
      [text, text],
      ['collection', 'collection'],
    ],
    gives: 'Edm.Boolean',
  },
  substring: {
    section: 'URL 5.1.1.5.7',
    takes: [
      [text, 'number'],
      [text, 'number', 'number'],
      ['collection', 'number'],
      ['collection', 'number', 'number'],
    ],
    gives: 'same',
  },
  matchespattern: { section: 'URL 5.1.1.7.1', takes: [[text, text]], gives: 'Edm.Boolean' },
  tolower: { section: 'URL 5.1.1.7.2', takes: [[text]], gives: text },
  toupper: { section: 'URL 5.1.1.7.3', takes: [[text]], gives: text },
  trim: { section: 'URL 5.1.1.7.4', takes: [[text]], gives: text },
  date: { section: 'URL 5.1.1.8.1', takes: [[moment]], gives: 'Edm.Date' },
  day: { section: 'URL 5.1.1.8.2', takes: [['Edm.Date'], [moment]], gives: 'Edm.Int32' },
  fractionalseconds: { section: 'URL 5.1.1.8.3', takes: [[moment], ['Edm.TimeOfDay']], gives: 'Edm.Decimal' },
  hour: { section: 'URL 5.1.1.8.4', takes: [[moment], ['Edm.TimeOfDay']], gives: 'Edm.Int32' },
  maxdatetime: { section: 'URL 5.1.1.8.5', takes: [[]], gives: moment },
  mindatetime: { section: 'URL 5.1.1.8.6', takes: [[]], gives: moment },
  minute: { section: 'URL 5.1.1.8.7', takes: [[moment], ['Edm.TimeOfDay']], gives: 'Edm.Int32' },
  month: { section: 'URL 5.1.1.8.8', takes: [['Edm.Date'], [moment]], gives: 'Edm.Int32' },
  now: { section: 'URL 5.1.1.8.9', takes: [[]], gives: moment },
  second: { section: 'URL 5.1.1.8.10', takes: [[moment], ['Edm.TimeOfDay']], gives: 'Edm.Int32' },
  time: { section: 'URL 5.1.1.8.11', takes: [[moment]], gives: 'Edm.TimeOfDay' },
  totaloffsetminutes: { section: 'URL 5.1.1.8.12', takes: [[moment]], gives: 'Edm.Int32' },
  totalseconds: { section: 'URL 5.1.1.8.13', takes: [['Edm.Duration']], gives: 'Edm.Decimal' },
  year: { section: 'URL 5.1.1.8.14', takes: [['Edm.Date'], [moment]], gives: 'Edm.Int32' },
  ceiling: { section: 'URL 5.1.1.9.1', takes: [['number']], gives: 'same' },
  floor: { section: 'URL 5.1.1.9.2', takes: [['number']], gives: 'same' },
  round: { section: 'URL 5.1.1.9.3', takes: [['number']], gives: 'same' },
  hassubset: { section: 'URL 5.1.1.6.1', takes: [['collection', 'collection']], gives: 'Edm.Boolean' },
  hassubsequence: { section: 'URL 5.1.1.6.2', takes: [['collection', 'collection']], gives: 'Edm.Boolean' },
  'geo.distance': { section: 'URL 5.1.1.11.1', takes: [['geo', 'geo']], gives: 'Edm.Double' },
  'geo.intersects': { section: 'URL 5.1.1.11.2', takes: [['geo', 'geo']], gives: 'Edm.Boolean' },
  'geo.length': { section: 'URL 5.1.1.11.3', takes: [['geo']], gives: 'Edm.Double' },
} as const satisfies Record<string, Signature>;

/** The name of a canonical function, in lower case. */
export type FunctionName = keyof typeof functions;
