import {
  alongNavigation,
  type BoundOptions,
  type BoundUrl,
  type Expansion,
  type Expression,
  type Resource,
  type Search,
  usedBy,
} from '../bind/index.js';
import { type Model, memberOf, textOf } from '../edm/index.js';
import { type ErrorCode, ODataError } from '../errors.js';
import { type Restrictions, restrictionsAt } from './restrictions.js';

/** What a rule looks at: the options of one collection, of the request or of an expansion. */
interface Asked {
  readonly options: BoundOptions;
  readonly restrictions: Restrictions;
  /** How deep `$expand` goes from here. */
  readonly levels: number;
}

type Rule = readonly [
  promise: string,
  option: string,
  refusal: ErrorCode,
  /** What is wrong, or null. */
  problem: (asked: Asked) => string | null,
];

type Uses = (options: BoundOptions) => boolean;

/** A whole option that may be switched off. */
function off(promise: string, option: string, uses: Uses, allows: (restrictions: Restrictions) => boolean): Rule {
  const problem = ({ options, restrictions }: Asked) =>
    uses(options) && !allows(restrictions) ? `${option} is not supported here` : null;
  return [promise, option, 'NotImplemented', problem];
}

const filterOf = ({ filter }: BoundOptions): readonly Expression[] => (filter === null ? [] : [filter]);

/** The first of `used` that is one of `listed`, or lies within one. */
function within(used: Iterable<string>, listed: readonly string[]): string | undefined {
  for (const path of used) {
    const found = listed.find((name) => path === name || path.startsWith(`${name}/`));
    if (found !== undefined) return found;
  }
  return undefined;
}

function nonFilterable({ options, restrictions }: Asked): string | null {
  const listed = restrictions.paths('FilterRestrictions', 'NonFilterableProperties');
  const found = within(usedBy(filterOf(options)).paths, listed);
  return found === undefined ? null : `'${found}' cannot be used in $filter`;
}

function filterRequired({ options, restrictions }: Asked): string | null {
  if (options.filter !== null || restrictions.text('FilterRestrictions', 'RequiresFilter') !== 'true') return null;
  return 'a $filter is required here';
}

function propertiesRequired({ options, restrictions }: Asked): string | null {
  const { paths } = usedBy(filterOf(options));
  const missing = restrictions.paths('FilterRestrictions', 'RequiredProperties').find((path) => !paths.has(path));
  return missing === undefined ? null : `'${missing}' must be used in $filter`;
}

function filterLevels({ options, restrictions }: Asked): string | null {
  const most = restrictions.limit('FilterRestrictions', 'MaxLevels');
  if (most === null) return null;
  const deep = [...usedBy(filterOf(options)).paths].find((path) => path.split('/').length - 1 > most);
  return deep === undefined ? null : `'${deep}' goes deeper than the ${most} levels that $filter may go`;
}

function functionsListed({ options, restrictions }: Asked): string | null {
  const listed = restrictions.list('FilterFunctions');
  if (listed.length === 0) return null;
  const wrong = [...usedBy(filterOf(options)).functions].find((name) => !listed.includes(name));
  return wrong === undefined ? null : `'${wrong}' cannot be used in $filter`;
}

/** Which operators may stand over a property, by the kind of expression that is allowed for it. */
const operatorsOf: Readonly<Record<string, readonly string[]>> = {
  SingleValue: ['eq'],
  MultiValue: ['eq', 'in', 'or'],
  SingleRange: ['eq', 'gt', 'ge', 'lt', 'le', 'and'],
  MultiRange: ['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'in', 'and', 'or'],
  SearchExpression: ['startswith', 'endswith', 'contains', 'or'],
  MultiRangeOrSearchExpression: [
    'eq',
    'ne',
    'gt',
    'ge',
    'lt',
    'le',
    'in',
    'and',
    'or',
    'startswith',
    'endswith',
    'contains',
  ],
};

/** The parts of a condition that are joined by `and`. */
function conjuncts(expression: Expression): readonly Expression[] {
  return expression.kind === 'junction' && expression.operator === 'and'
    ? expression.operands.flatMap(conjuncts)
    : [expression];
}

function expressionsAllowed({ options, restrictions }: Asked): string | null {
  const rules = restrictions.records('FilterRestrictions', 'FilterExpressionRestrictions');
  if (rules.length === 0) return null;
  const every = filterOf(options)
    .flatMap(conjuncts)
    .map((part) => usedBy([part]));
  for (const rule of rules) {
    const property = textIn(memberOf(rule, 'Property'));
    const allowed = textIn(memberOf(rule, 'AllowedExpressions')) ?? '';
    const operators = operatorsOf[allowed];
    if (property === null || operators === undefined) continue;
    const about = every.filter(({ paths }) => paths.has(property));
    const single = allowed === 'SingleValue' || allowed === 'MultiValue' || allowed === 'SearchExpression';
    const wrong = about.some(({ functions }) => [...functions].some((name) => !operators.includes(name)));
    if (wrong || (single && about.length > 1)) return `'${property}' takes only a condition of the kind ${allowed}`;
  }
  return null;
}

const textIn = (value: ReturnType<typeof memberOf>) => (value === null ? null : textOf(value));

function sortable({ options, restrictions }: Asked): string | null {
  for (const { expression, descending } of options.orderby) {
    const { paths } = usedBy([expression]);
    const never = within(paths, restrictions.paths('SortRestrictions', 'NonSortableProperties'));
    if (never !== undefined) return `'${never}' cannot be used in $orderby`;
    const oneWay = descending ? 'AscendingOnlyProperties' : 'DescendingOnlyProperties';
    const wrong = within(paths, restrictions.paths('SortRestrictions', oneWay));
    if (wrong !== undefined) return `'${wrong}' sorts ${descending ? 'ascending' : 'descending'} only`;
  }
  return null;
}

function expandable({ options, restrictions }: Asked): string | null {
  const listed = restrictions.paths('ExpandRestrictions', 'NonExpandableProperties');
  const found = options.projection?.expanded.map(pathOf).find((path) => listed.includes(path));
  return found === undefined ? null : `'${found}' cannot be expanded`;
}

function pathOf({ path, property }: Expansion): string {
  return [...path.map(({ name }) => name), property.name].join('/');
}

function expandLevels({ levels, restrictions }: Asked): string | null {
  const most = restrictions.limit('ExpandRestrictions', 'MaxLevels');
  return most === null || levels <= most ? null : `$expand may go ${most} levels deep, not ${levels}`;
}

function countable({ options, restrictions }: Asked): string | null {
  const { counted } = usedBy([...filterOf(options), ...options.orderby.map(({ expression }) => expression)]);
  const listed = [
    ...restrictions.paths('CountRestrictions', 'NonCountableProperties'),
    ...restrictions.paths('CountRestrictions', 'NonCountableNavigationProperties'),
  ];
  const found = [...counted].find((path) => listed.includes(path));
  return found === undefined ? null : `'${found}' cannot be counted`;
}

const searchKinds: Readonly<Record<string, (search: Search) => boolean>> = {
  AND: (search) => search.kind === 'junction' && search.operator === 'and',
  OR: (search) => search.kind === 'junction' && search.operator === 'or',
  NOT: (search) => search.kind === 'not',
  phrase: (search) => search.kind === 'phrase',
};

function everySearch(search: Search): readonly Search[] {
  if (search.kind === 'junction') return [search, ...search.operands.flatMap(everySearch)];
  return search.kind === 'not' ? [search, ...everySearch(search.operand)] : [search];
}

function searchAllowed({ options, restrictions }: Asked): string | null {
  if (options.search === null) return null;
  const listed = (restrictions.text('SearchRestrictions', 'UnsupportedExpressions') ?? 'none').split(/[\s,]+/);
  const nodes = everySearch(options.search);
  for (const name of listed.map((text) => text.slice(text.lastIndexOf('/') + 1)))
    if (nodes.some((node) => searchKinds[name]?.(node) === true)) return `${name} is not supported in $search`;
  return null;
}

const filters = 'FilterRestrictions';
const sorts = 'SortRestrictions';
const expands = 'ExpandRestrictions';

/** What `$metadata` promises of query options; docs/annotations.md lists it. */
export const queryRules: readonly Rule[] = [
  off(
    `${filters}/Filterable`,
    '$filter',
    ({ filter }) => filter !== null,
    (r) => r.allows(filters, 'Filterable'),
  ),
  off(
    `${sorts}/Sortable`,
    '$orderby',
    ({ orderby }) => orderby.length > 0,
    (r) => r.allows(sorts, 'Sortable'),
  ),
  off(`${expands}/Expandable`, '$expand', expandsAny, (r) => r.allows(expands, 'Expandable')),
  off(
    'SearchRestrictions/Searchable',
    '$search',
    ({ search }) => search !== null,
    (r) => r.allows('SearchRestrictions', 'Searchable'),
  ),
  off(
    'CountRestrictions/Countable',
    '$count',
    ({ count }) => count,
    (r) => r.allows('CountRestrictions', 'Countable'),
  ),
  off('SelectSupport/Supported', '$select', selects, (r) => r.allows('SelectSupport', 'Supported')),
  off(
    'TopSupported',
    '$top',
    ({ top }) => top !== null,
    (r) => r.tag('TopSupported'),
  ),
  off(
    'SkipSupported',
    '$skip',
    ({ skip }) => skip !== null,
    (r) => r.tag('SkipSupported'),
  ),
  off(
    'ComputeSupported',
    '$compute',
    ({ compute }) => compute.length > 0,
    (r) => r.tag('ComputeSupported'),
  ),
  [`${filters}/RequiresFilter`, '$filter', 'BadRequest', filterRequired],
  [`${filters}/RequiredProperties`, '$filter', 'BadRequest', propertiesRequired],
  [`${filters}/NonFilterableProperties`, '$filter', 'BadRequest', nonFilterable],
  [`${filters}/FilterExpressionRestrictions`, '$filter', 'BadRequest', expressionsAllowed],
  [`${filters}/MaxLevels`, '$filter', 'BadRequest', filterLevels],
  ['FilterFunctions', '$filter', 'NotImplemented', functionsListed],
  [
    `${sorts}/NonSortableProperties, AscendingOnlyProperties, DescendingOnlyProperties`,
    '$orderby',
    'BadRequest',
    sortable,
  ],
  [`${expands}/NonExpandableProperties`, '$expand', 'BadRequest', expandable],
  [`${expands}/MaxLevels`, '$expand', 'BadRequest', expandLevels],
  ['CountRestrictions/NonCountableProperties, NonCountableNavigationProperties', '$count', 'BadRequest', countable],
  ['SearchRestrictions/UnsupportedExpressions', '$search', 'NotImplemented', searchAllowed],
];

function expandsAny({ projection }: BoundOptions): boolean {
  return projection !== null && projection.expanded.length > 0;
}

function selects({ projection }: BoundOptions): boolean {
  return projection !== null && projection.selected !== null;
}

/** Holds the query options of a request, and those of its expansions, to what `$metadata` promises. Throws NotImplemented, BadRequest. */
export function requireQueryCapabilities({ resource, options }: BoundUrl, model: Model): void {
  if (resource.source === null) return;
  const isCollection = resource.kind === 'entityCollection' || resource.kind === 'count';
  if (isPlain(options) && !(isCollection && restrictsAll(resource, model))) return;
  check(resource, options, model, isCollection);
}

/** No option at all: only what demands one can stand against it. */
function isPlain(options: BoundOptions): boolean {
  const { filter, search, orderby, top, skip, count, compute } = options;
  return (
    filter === null &&
    search === null &&
    orderby.length === 0 &&
    top === null &&
    skip === null &&
    !count &&
    compute.length === 0 &&
    !expandsAny(options) &&
    !selects(options)
  );
}

function restrictsAll(resource: Resource, model: Model): boolean {
  const restrictions = restrictionsAt(resource, model);
  return (
    restrictions.text(filters, 'RequiresFilter') === 'true' ||
    restrictions.paths(filters, 'RequiredProperties').length > 0
  );
}

function check(resource: Resource, options: BoundOptions, model: Model, isCollection: boolean): void {
  const restrictions = restrictionsAt(resource, model);
  const asked: Asked = { options, restrictions, levels: depth(options) };
  for (const [promise, option, refusal, problem] of queryRules) {
    if (!isCollection && (problem === filterRequired || problem === propertiesRequired)) continue;
    const found = problem(asked);
    if (found !== null) throw new ODataError(refusal, `The model rules this out: ${found} (${promise}).`, option);
  }
  for (const expansion of options.projection?.expanded ?? [])
    check(alongNavigation(resource, expansion.property), expansion.options, model, false);
}

/** How many levels `$expand` goes; `$levels=max` is capped elsewhere. */
function depth({ projection }: BoundOptions): number {
  return Math.max(
    0,
    ...(projection?.expanded ?? []).map(({ options, levels }) => {
      const more = levels === 'max' ? 0 : levels;
      return 1 + Math.max(more, depth(options));
    }),
  );
}
