import { type Model, type Operation, type Parameter, parseGeoLiteral } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { type JsonNode, type JsonObject, parseJson } from '../payload/index.js';
import { parseArgument, type QueryOptions, type ResourceSegment, type Expression as Syntax } from '../url/index.js';
import { bindArguments, type OperationArguments } from './body-operation.js';
import { follow, type Scope } from './scope.js';

type Name = Extract<ResourceSegment, { kind: 'name' }>;

/** One overload, chosen, with the values that the URL gives its parameters. */
export interface BoundCall {
  readonly operation: Operation;
  readonly arguments: OperationArguments;
}

/** What a call is chosen from: the overloads nearest to the binding type come first. */
export interface Called {
  readonly overloads: readonly Operation[];
  readonly segment: Name;
  /** Nothing stands behind it, so that parameters may come as query options (Protocol 11.5.4.1.1). */
  readonly last: boolean;
  readonly options: Pick<QueryOptions, 'custom' | 'aliases'>;
}

/**
 * The overload that a segment calls (Protocol 11.5.4.2, 11.5.5.2); null: none fits, so the resource does not exist.
 * Throws BadRequest when several fit, and the problems of the values.
 */
export function bindOperation(called: Called, scope: Scope): BoundCall | null {
  const [first] = called.overloads;
  if (first?.kind === 'action') return calledAction(called, first);
  const given = givenValues(called);
  if (given === null) return null;
  const operation = overloadFor(called.overloads, new Set(given.keys()));
  if (operation === null) return null;
  const nodes = new Map<Parameter, JsonNode>();
  for (const parameter of ownParameters(operation)) {
    const value = given.get(parameter.name);
    if (value !== undefined) nodes.set(parameter, argumentNode(value, { ...scope, target: parameter.name }));
  }
  return { operation, arguments: bindArguments(nodes, urlContext(scope.model)) };
}

/** Parameters of an action are in the body (URL 4.5.1). */
function calledAction({ segment }: Called, action: Operation): BoundCall | null {
  const isBare =
    segment.arguments === null || (segment.arguments.kind === 'named' && segment.arguments.values.length === 0);
  return isBare && segment.key === null ? { operation: action, arguments: new Map() } : null;
}

/** All parameters but the binding one. */
export function ownParameters({ bound, parameters }: Operation): readonly Parameter[] {
  return bound ? parameters.slice(1) : parameters;
}

/** Tells an overload from every other operation. */
export function identityOf({ qualifiedName, parameters }: Operation): string {
  const texts = parameters.map(({ name, type, collection }) => `${name}:${type.qualifiedName}${collection ? '*' : ''}`);
  return `${qualifiedName}(${texts.join()})`;
}

/** Values by parameter name: inline, or as query options of the same names; null for a list without names. */
function givenValues({ overloads, segment, last, options }: Called): ReadonlyMap<string, Syntax> | null {
  const given = new Map<string, Syntax>();
  if (segment.arguments?.kind === 'positional') return null;
  for (const { name, value } of segment.arguments?.values ?? []) {
    if (given.has(name)) throw new ODataError('DuplicateMember', `The parameter '${name}' is given twice.`, name);
    requireInline(value, name);
    given.set(name, value);
  }
  if (segment.arguments !== null || !last) return given;
  for (const { name } of overloads.flatMap(ownParameters)) {
    const custom = options.custom.find(([option]) => option === name);
    if (options.aliases.has(name)) given.set(name, { kind: 'alias', name, at: segment.at });
    else if (custom !== undefined) given.set(name, parseArgument(encodeURIComponent(custom[1]), name));
  }
  return given;
}

/** In a path only literals and aliases stand for values (URL 4.5.2). */
function requireInline(value: Syntax, name: string): void {
  if (value.kind === 'literal' || value.kind === 'alias') return;
  throw new ODataError(
    'MalformedUrl',
    `'${name}' takes a literal here; give any other value as an alias, ${name}=@${name}, and @${name} as a query option.`,
    name,
  );
}

/** The first with exactly these parameters, else the only one that takes them all and needs no further ones (Protocol 11.5.4.2). */
export function overloadFor<T extends Operation>(overloads: readonly T[], names: ReadonlySet<string>): T | null {
  const takes = (operation: T) => {
    const own = ownParameters(operation);
    return [...names].every((name) => own.some((parameter) => parameter.name === name));
  };
  const fitting = overloads.filter(takes);
  const exact = fitting.find((operation) => ownParameters(operation).length === names.size);
  if (exact !== undefined) return exact;
  const [only, ...others] = fitting.filter((operation) =>
    ownParameters(operation).every(({ name, optional }) => optional !== null || names.has(name)),
  );
  const equal = others.filter((other) => other.parameters[0]?.type === only?.parameters[0]?.type || !other.bound);
  if (only !== undefined && equal.length > 0)
    throw new ODataError(
      'BadRequest',
      `Several overloads of '${only.qualifiedName}' take these parameters; give one more of them.`,
      only.qualifiedName,
    );
  return only ?? null;
}

/** How values of a URL are read. */
export function urlContext(model: Model) {
  return { model, version: '4.01', strict: false, ieee754Compatible: true, seeding: false } as const;
}

/** A value of a URL as JSON, so that parameters are read and checked the same way wherever they come from. */
export function argumentNode(value: Syntax, scope: Scope): JsonNode {
  const { at } = value;
  switch (value.kind) {
    case 'literal':
      return literalNode(value);
    case 'alias': {
      const { syntax, scope: inner } = follow(scope, value.name);
      return syntax === null ? { kind: 'null', at } : argumentNode(syntax, inner);
    }
    case 'list':
      return { kind: 'array', items: value.items.map((item) => argumentNode(item, scope)), at };
    case 'object':
      return objectNode(value.members, scope, at);
    default:
      throw new ODataError(
        'InvalidValue',
        `'${scope.target}' needs a literal or JSON, not an expression.`,
        scope.target,
      );
  }
}

function objectNode(members: readonly (readonly [string, Syntax])[], scope: Scope, at: number): JsonObject {
  return { kind: 'object', members: new Map(members.map(([name, value]) => [name, argumentNode(value, scope)])), at };
}

function literalNode({ form, text, at }: Extract<Syntax, { kind: 'literal' }>): JsonNode {
  switch (form) {
    case 'null':
      return { kind: 'null', at };
    case 'boolean':
      return { kind: 'boolean', value: text.toLowerCase() === 'true', at };
    case 'integer':
    case 'decimal':
    case 'double':
      return /^[+-]?\d/.test(text) ? { kind: 'number', text, at } : { kind: 'string', value: text, at };
    case 'geography':
    case 'geometry': {
      const geo = parseGeoLiteral(text);
      return geo === null ? { kind: 'string', value: text, at } : parseJson(geo.json);
    }
    case 'string':
    case 'guid':
    case 'date':
    case 'dateTimeOffset':
    case 'timeOfDay':
    case 'duration':
    case 'binary':
    case 'enum':
      return { kind: 'string', value: text, at };
  }
}
