import type { Facets, PrimitiveTypeName, Type } from '../../src/edm/index.js';

/** Texts of values among which data and literals are chosen: few, so that they meet, and at the edges of their types. */
const pools: Readonly<Partial<Record<PrimitiveTypeName, readonly string[]>>> = {
  'Edm.Boolean': ['true', 'false'],
  'Edm.SByte': ['0', '1', '-1', '7', '127', '-128'],
  'Edm.Byte': ['0', '1', '7', '200', '255'],
  'Edm.Int16': ['0', '1', '-1', '7', '32767', '-32768'],
  'Edm.Int32': ['0', '1', '-1', '2', '3', '7', '12', '2147483647', '-2147483648'],
  'Edm.Int64': [
    '0',
    '1',
    '-7',
    '9007199254740993',
    '-9007199254740993',
    '9007199254740992',
    '9223372036854775807',
    '-9223372036854775808',
  ],
  'Edm.Decimal': ['0', '1', '-1.5', '0.1', '0.5', '2.5', '-2.5', '7', '12.34', '1.005', '99999.99', '-0.01'],
  'Edm.Double': [
    '0',
    '1',
    '-1.5',
    '0.1',
    '0.5',
    '2.5',
    '-2.5',
    '7',
    '1e300',
    '9007199254740992',
    'INF',
    '-INF',
    '1e-7',
  ],
  'Edm.Single': ['0', '1', '-1.5', '0.1', '0.5', '2.5', '16777216', '-INF'],
  'Edm.String': [
    '',
    'a',
    'b',
    'A',
    'Ä',
    'ä',
    'Ab c',
    "O'Neil",
    '50%',
    'a_b',
    ' pad ',
    '\u00a0x',
    '😀 up',
    'x😀y😀',
    'ﬀ',
    'Straße',
    'İ',
    'éa',
    'e\u0301a',
    '7',
    'true',
    '2020-02-29',
    'a;b',
    '(c)',
    '"q"',
    'a&b=c',
    'z/#+',
    '\uffee',
    'null',
    '\\n',
    'line\nbreak',
    'Σας',
  ],
  'Edm.Guid': [
    '00000000-0000-0000-0000-000000000000',
    '0A1B2C3D-0000-4000-8000-00000000000f',
    'ffffffff-ffff-4fff-bfff-ffffffffffff',
  ],
  'Edm.Date': ['2020-02-29', '2020-03-01', '1999-12-31', '1970-01-01', '0001-01-01', '9999-12-31', '1600-02-29'],
  'Edm.DateTimeOffset': [
    '2020-02-29T23:59:59.999Z',
    '2020-03-01T00:00:00Z',
    '2020-03-01T00:00:00.5Z',
    '1969-12-31T23:59:59.25Z',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '2020-03-01T00:00:00.001Z',
  ],
  'Edm.TimeOfDay': ['00:00:00', '23:59:59.999', '12:30:00', '07:05:01.25', '12:30:00.001'],
  'Edm.Duration': ['PT0S', 'P1D', '-PT1H', 'PT36H', 'PT0.25S', '-P1DT2H3M4.005S', 'P366D', 'PT1.5S'],
  'Edm.Binary': ['', 'AA', '_-4', 'aGVsbG8'],
};

/** Texts for a type; of a property only those that its facets allow. */
export function textsOf(type: Type, facets: Partial<Facets> | null = null): readonly string[] {
  switch (type.kind) {
    case 'typeDefinition':
      return textsOf(type.underlyingType, facets === null ? null : { ...type.facets, ...notNull(facets) });
    case 'enum':
      return type.isFlags ? [...type.members.keys(), 'Read,Write', 'Write,Admin'] : [...type.members.keys()];
    case 'primitive':
      return (pools[type.name] ?? []).filter((text) => facets === null || fits(type.name, text, facets));
    default:
      return [];
  }
}

function notNull(facets: Partial<Facets>): Partial<Facets> {
  return Object.fromEntries(Object.entries(facets).filter(([, value]) => value !== null));
}

function fits(name: PrimitiveTypeName, text: string, { precision, scale }: Partial<Facets>): boolean {
  const fraction = /\.(\d+)/.exec(text)?.[1]?.length ?? 0;
  switch (name) {
    case 'Edm.DateTimeOffset':
    case 'Edm.TimeOfDay':
    case 'Edm.Duration':
      return fraction <= (precision ?? 0);
    case 'Edm.Decimal':
      return typeof scale === 'string' || fraction <= (scale ?? 0);
    default:
      return true;
  }
}
