import type { EnumType } from '../edm/index.js';
import type { JsonForm } from '../plan/index.js';
import { type Dialect, type JoinedMember, sqlText } from './dialect.js';

const infix =
  (operator: string) =>
  (...operands: string[]) =>
    `(${operands.join(` ${operator} `)})`;

const named =
  (name: string) =>
  (...operands: string[]) =>
    `${name}(${operands.join(', ')})`;

/** Seconds and parts of fixed-width texts by position: `2020-12-31T23:59:58.0000000Z`, and `23:59:58` for times of day. */
const datePart = (start: number, length: number) => (text: string) =>
  `cast(substr(${text}, ${start}, ${length}) as integer)`;
const timePart = (offset: number) => (text: string) =>
  `cast(substr(${text}, ${1 + offset} + case when substr(${text}, 11, 1) = 'T' then 11 else 0 end, 2) as integer)`;

/** SQLite 3.44 or later, as better-sqlite3 brings it; functions written with a leading `odata_` are ours (functions.ts). */
export const sqlite: Dialect = {
  name: 'sqlite',
  quote: (name) => `"${name.replaceAll('"', '""')}"`,
  placeholder: () => '?',
  operators: {
    eq: infix('='),
    ne: infix('<>'),
    is: infix('is'),
    isNot: infix('is not'),
    lt: infix('<'),
    le: infix('<='),
    gt: infix('>'),
    ge: infix('>='),
    not: (operand) => `(not ${operand})`,
    isNull: (operand) => `(${operand} is null)`,
    isNotNull: (operand) => `(${operand} is not null)`,
    coalesce: named('coalesce'),
    add: infix('+'),
    sub: infix('-'),
    mul: infix('*'),
    div: infix('/'),
    intDiv: infix('/'),
    mod: infix('%'),
    negate: (operand) => `(-${operand})`,
    bitAnd: infix('&'),
    concat: infix('||'),
    contains: (text, part) => `(instr(${text}, ${part}) > 0)`,
    startswith: (text, part) => `(substr(${text}, 1, length(${part})) = ${part})`,
    endswith: (text, part) => `odata_endswith(${text}, ${part})`,
    indexof: (text, part) => `(instr(${text}, ${part}) - 1)`,
    length: named('length'),
    substring: named('odata_substring'),
    tolower: named('odata_lower'),
    toupper: named('odata_upper'),
    trim: named('odata_trim'),
    year: datePart(1, 4),
    month: datePart(6, 2),
    day: datePart(9, 2),
    hour: timePart(0),
    minute: timePart(3),
    second: timePart(6),
    floor: named('floor'),
    ceiling: named('ceil'),
    round: named('round'),
    asDouble: (operand) => `cast(${operand} as real)`,
    inList: (operand, ...items) => `(${operand} in (${items.join(', ')}))`,
    inJson: (operand, json) => `(${operand} in (select value from json_each(${json})))`,
    jsonMember: (json, path) => `json_extract(${json}, ${path})`,
    jsonObjectMember: (json, path) => `(${json} -> ${path})`,
    jsonType: named('json_type'),
    urlLiteral: named('odata_url_literal'),
    nextLink: named('odata_next_link'),
    jsonQuote: (value) => `nullif(json_quote(${value}), 'null')`,
    shape: (json, type, options) => `json(odata_shape(${json}, ${type}, ${options}))`,
    hashRow: named('odata_hash'),
    invoke: named('odata_invoke'),
    decimalKey: named('odata_decimal_key'),
    integerArithmetic: named('odata_integer'),
    realArithmetic: named('odata_real'),
    decimalArithmetic: named('odata_decimal_arithmetic'),
    rounded: named('odata_round'),
    toNumber: named('odata_number'),
    durationScaled: named('odata_duration_scaled'),
    momentPlus: named('odata_moment_plus'),
    momentsBetween: named('odata_moments_between'),
    widened: named('odata_widened'),
    dateOf: (moment) => `substr(${moment}, 1, 10)`,
    timeOf: (moment) => `rtrim(substr(${moment}, 12), 'Z')`,
    fractionalSeconds: named('odata_fraction'),
    now: () => `strftime('%Y-%m-%dT%H:%M:%fZ', 'now')`,
    durationUnits: named('odata_duration_units'),
    matchesPattern: named('odata_matches'),
    onCollection: named('odata_collection'),
    onGeo: named('odata_geo'),
    searched: named('odata_search'),
    castTo: named('odata_cast'),
    padded: (number) => `printf('%010d', ${number})`,
    listed: (item, rest) => `(json_quote(cast(${item} as text)) || iif(${rest} = '', '', ',' || ${rest}))`,
    jsonArray: named('json_array'),
  },
  aggregates: {
    sum: named('sum'),
    // SQLite's own sum of integers ends with an error where 64 bits do not do.
    wideSum: (operand) => `odata_wide(sum(${operand} >> 32), sum(${operand} & 4294967295))`,
    decimalSum: named('odata_decimal_sum'),
    min: named('min'),
    max: named('max'),
    average: named('avg'),
    count: named('count'),
    countDistinct: (operand) => `count(distinct ${operand})`,
  },
  windows: {
    rowNumber: () => 'row_number()',
    sum: named('sum'),
    decimalSum: named('odata_decimal_sum'),
    max: named('max'),
  },
  object: (members) => `json_object(${members.map(([name, value]) => `${sqlText(name)}, ${value}`).join(', ')})`,
  array: (item, from) => `(select json_group_array(${item}) from ${from})`,
  joinedObject,
  joinedArray: (item, from) => `(select '[' || coalesce(group_concat(${item}), '') || ']' from ${from})`,
  parsed: named('json'),
  text: named('json_quote'),
  json,
  each: (json) => `json_each(${json})`,
  lines: (item) => `cast(coalesce(group_concat(${item}, ',' || char(10)), '') as blob)`,
  keyLines: (keys) => `group_concat(json_array(${keys.join(', ')}), char(10))`,
  bytes: (value) => `cast(${value} as blob)`,
  deadline: (alias) => `((${alias}.rowid & 255) or deadline(${alias}.rowid))`,
  limit: (take, skip) =>
    `${take === null ? (skip === null ? '' : ' limit -1') : ` limit ${take}`}${skip === null ? '' : ` offset ${skip}`}`,
  columnType: (codec) => {
    switch (codec.kind) {
      case 'boolean':
      case 'integer':
      case 'enum':
      case 'scaledDecimal':
      case 'duration':
        return 'integer';
      case 'double':
      case 'single':
        return 'real';
      case 'binary':
        return 'blob';
      case 'string':
      case 'guid':
      case 'decimal':
      case 'date':
      case 'timeOfDay':
      case 'dateTimeOffset':
      case 'geo':
      case 'json':
        return 'text';
    }
  },
};

/** The members, each behind a comma and empty when it is absent, without the first comma. */
function joinedObject(members: readonly JoinedMember[], spread: string | null, last: readonly JoinedMember[]): string {
  // The spread object without its braces, behind a comma when it has members.
  const between =
    spread === null
      ? []
      : [`coalesce(iif(length(${spread}) > 2, ',' || substr(${spread}, 2, length(${spread}) - 2), ''), '')`];
  const parts = [...members.map(joinedMember), ...between, ...last.map(joinedMember)];
  return `('{' || substr(${parts.join(' || ')}, 2) || '}')`;
}

function joinedMember({ name, text, when, optional }: JoinedMember): string {
  const begin = sqlText(`,${JSON.stringify(name)}:`);
  if (optional) return `coalesce(${begin} || nullif(${text}, 'null'), '')`;
  return when === null ? `${begin} || ${text}` : `(case when ${when} then ${begin} || ${text} else '' end)`;
}

/** A stored value in JSON, by its codec (JSON 7.1). */
function json(value: string, { codec, asString }: JsonForm): string {
  switch (codec.kind) {
    case 'string':
    case 'guid':
    case 'date':
    case 'timeOfDay':
    case 'dateTimeOffset':
      return value;
    case 'integer':
      return asString ? `cast(${value} as text)` : value;
    case 'boolean':
      return `case ${value} when 1 then json('true') when 0 then json('false') end`;
    case 'enum':
      return enumName(value, codec.type);
    case 'double':
    case 'single':
      return `case when abs(${value}) > 1.7976931348623157e308 then iif(${value} > 0, 'INF', '-INF') else ${value} end`;
    case 'scaledDecimal':
      return number(`odata_scaled(${value}, ${codec.scale})`, asString);
    case 'decimal':
      return asString ? `odata_decimal(${value})` : `json(odata_decimal_json(${value}))`;
    case 'duration':
      return `odata_duration(${value}, ${codec.precision})`;
    case 'binary':
      return `odata_base64url(${value})`;
    case 'geo':
    case 'json':
      return `json(${value})`;
  }
}

const number = (text: string, asString: boolean) => (asString ? text : `json(${text})`);

/** The member's name; for flags the names joined, highest bits last (JSON 7.1, Edm.EnumType). A value without a name is its number. */
function enumName(value: string, type: EnumType): string {
  const members = [...type.members.values()];
  const exact = members.map((member) => `when ${member.value} then ${sqlText(member.name)}`).join(' ');
  if (!type.isFlags) return `case ${value} ${exact} else cast(${value} as text) end`;
  const bits = members
    .filter((member) => member.value > 0n)
    .map((member) => `iif(${value} & ${member.value} = ${member.value}, ${sqlText(`,${member.name}`)}, '')`);
  return `case when ${value} is null then null else case ${value} ${exact} else substr(${bits.join(' || ') || "''"}, 2) end end`;
}
