import {
  type Annotatable,
  annotationOf,
  annotationsAt,
  inheritedAnnotation,
  memberOf,
  memberText,
  type RecordExpression,
  recordValue,
  recordValues,
  stringValues,
  textOf,
} from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { AggregateExpression, GroupingItem, Path, Transformation } from '../url/index.js';
import type { Scope } from './scope.js';
import { isStructured } from './types.js';

const vocabulary = 'Org.OData.Aggregation.V1.';

/**
 * Holds `$apply` to what the model promises of the collection (Aggregation 5.1): the set, the path to it from the container, the type,
 * and then the container's defaults, member by member. Nothing said: everything is allowed. Throws NotImplemented for transformations
 * and methods that are not promised, BadRequest for properties that are not.
 */
export function requireApplySupported(steps: readonly Transformation[], scope: Scope): void {
  const records = recordsOf(scope);
  if (records.length > 0) new Support(records).sequence(steps);
}

/** What is promised, the most specific statement first. */
function recordsOf({ source, since, self, model }: Scope): readonly RecordExpression[] {
  const { container } = model;
  const type = self?.type ?? null;
  const path =
    source === null || container === null ? null : [container.qualifiedName, source.name, ...since].join('/');
  const atPath: Annotatable = { annotations: path === null ? [] : annotationsAt(model, path) };
  const found = [
    annotationOf(atPath, `${vocabulary}ApplySupported`),
    source === null || since.length > 0 ? null : annotationOf(source, `${vocabulary}ApplySupported`),
    isStructured(type) ? inheritedAnnotation(type, `${vocabulary}ApplySupported`) : null,
    container === null ? null : annotationOf(container, `${vocabulary}ApplySupportedDefaults`),
  ];
  return found.flatMap((annotation) => recordValue(annotation) ?? []);
}

/** What is promised of one collection. */
class Support {
  private readonly transformations: readonly string[] | null;
  private readonly groupable: readonly string[];
  private readonly aggregatable: ReadonlyMap<string, readonly string[]>;
  private readonly rollups: number;
  private readonly from: boolean;

  constructor(private readonly records: readonly RecordExpression[]) {
    this.transformations = this.stated('Transformations') === null ? null : this.listed('Transformations');
    this.groupable = this.listed('GroupableProperties');
    this.aggregatable = new Map(
      recordValues(this.stated('AggregatableProperties')).map((record) => [
        memberText(record, 'Property') ?? '',
        stringValues(memberOf(record, 'SupportedAggregationMethods')),
      ]),
    );
    const rollup = this.text('Rollup');
    this.rollups =
      rollup === null || rollup.endsWith('MultipleHierarchies')
        ? Number.POSITIVE_INFINITY
        : rollup.endsWith('SingleHierarchy')
          ? 1
          : 0;
    this.from = this.text('From') !== 'false';
  }

  /** The first statement about a member. */
  private stated(member: string) {
    for (const record of this.records) {
      const found = memberOf(record, member);
      if (found !== null) return found;
    }
    return null;
  }

  private listed(member: string): readonly string[] {
    return stringValues(this.stated(member));
  }

  private text(member: string): string | null {
    const found = this.stated(member);
    return found === null ? null : textOf(found);
  }

  sequence(steps: readonly Transformation[]): void {
    for (const step of steps) this.step(step);
  }

  private step(step: Transformation): void {
    const name = step.kind === 'custom' ? step.name : step.kind;
    if (this.transformations !== null && !this.transformations.includes(name))
      throw refused('NotImplemented', `'${name}' is none of the Transformations that are supported here`);
    switch (step.kind) {
      case 'aggregate':
        for (const item of step.items) this.aggregate(item);
        return;
      case 'groupby':
        this.groupby(step.by);
        this.sequence(step.transformations);
        return;
      case 'concat':
        for (const branch of step.branches) this.sequence(branch);
        return;
      case 'nest':
        for (const { transformations } of step.branches) this.sequence(transformations);
        return;
      default: // the others are about other collections, or name no properties that could be ruled out
    }
  }

  private aggregate({ expression, method, from }: AggregateExpression): void {
    if (from.length > 0 && !this.from) throw refused('NotImplemented', `'from' is not supported here (From)`);
    if (method?.includes('.') && !this.listed('CustomAggregationMethods').includes(method))
      throw refused('NotImplemented', `'${method}' is none of the CustomAggregationMethods that are supported here`);
    if (this.aggregatable.size === 0 || expression?.kind !== 'path' || method === null) return;
    const path = textOfPath(expression);
    const methods = this.aggregatable.get(path);
    if (methods === undefined) throw refused('BadRequest', `'${path}' is none of the AggregatableProperties`);
    if (methods.length > 0 && !methods.includes(method))
      throw refused('BadRequest', `'${path}' is not aggregated with '${method}' (AggregatableProperties)`);
  }

  private groupby(items: readonly GroupingItem[]): void {
    const rollups = items.filter(({ kind }) => kind !== 'path').length;
    if (rollups > this.rollups)
      throw refused('NotImplemented', `no more than ${this.rollups} hierarchies are rolled up here (Rollup)`);
    if (this.groupable.length === 0) return;
    const paths = items.flatMap((item) =>
      item.kind === 'path' ? [item.path] : item.kind === 'rollup' ? item.items.filter((one) => one !== '$all') : [],
    );
    for (const path of paths.map(textOfPath))
      if (!this.groupable.includes(path)) throw refused('BadRequest', `'${path}' is none of the GroupableProperties`);
  }
}

function textOfPath({ segments }: Path): string {
  return segments.map((segment) => (segment.kind === 'name' ? segment.name : segment.kind)).join('/');
}

function refused(code: 'NotImplemented' | 'BadRequest', what: string): ODataError {
  return new ODataError(code, `The model rules this out: ${what} (Aggregation.ApplySupported).`, '$apply');
}
