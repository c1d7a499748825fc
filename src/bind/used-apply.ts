import type { Expression } from './bound.js';
import type {
  AggregateValue,
  Branch,
  Hierarchy,
  HierarchyNodes,
  Hop,
  NodePath,
  Transformation,
} from './bound-apply.js';

/** Every expression that a transformation of `$apply` evaluates, of nested sequences too. */
export function expressionsOf(step: Transformation): readonly Expression[] {
  switch (step.kind) {
    case 'filter':
      return [step.predicate];
    case 'orderby':
    case 'compute':
      return step.items.map(({ expression }) => expression);
    case 'search':
    case 'skip':
    case 'top':
      return [];
    case 'first':
      return [step.amount, step.value];
    case 'aggregate':
      return step.aggregates.flatMap(({ value }) => ofAggregate(value));
    case 'groupby':
      return [
        ...step.by.map(({ expression }) => expression),
        ...step.rollups.flatMap(({ hierarchy, path, start }) => [
          ...ofHierarchy(hierarchy),
          ...ofPath(path),
          ...ofNodes(start),
        ]),
        ...ofSequence(step.sequence),
      ];
    case 'ancestors':
    case 'descendants':
      return [...ofHierarchy(step.hierarchy), ...ofPath(step.path), ...ofSequence(step.start)];
    case 'traverse':
      return [
        ...ofHierarchy(step.hierarchy),
        ...ofPath(step.path),
        ...ofNodes(step.start),
        ...step.order.map(({ expression }) => expression),
      ];
    case 'concat':
      return step.branches.flatMap(ofSequence);
    case 'join':
      return [step.of, ...ofBranch(step.branch)];
    case 'addnested':
      return [step.of, ...step.branches.flatMap(ofBranch)];
    case 'nest':
      return step.branches.flatMap(ofBranch);
  }
}

function ofSequence(steps: readonly Transformation[]): readonly Expression[] {
  return steps.flatMap(expressionsOf);
}

function ofBranch({ sequence }: Branch): readonly Expression[] {
  return ofSequence(sequence);
}

function ofNodes(nodes: HierarchyNodes | null): readonly Expression[] {
  return nodes === null ? [] : ofSequence(nodes.sequence);
}

function ofHops(hops: readonly Hop[]): readonly Expression[] {
  return hops.map(({ to }) => to);
}

function ofPath({ hops, value }: NodePath): readonly Expression[] {
  return [...ofHops(hops), value];
}

function ofHierarchy({ nodes, node, parent }: Hierarchy): readonly Expression[] {
  return [nodes, node, parent];
}

function ofAggregate(aggregate: AggregateValue): readonly Expression[] {
  switch (aggregate.kind) {
    case 'method':
      return [...ofHops(aggregate.hops), aggregate.value];
    case 'count':
      return ofHops(aggregate.hops);
    case 'from':
      return [...ofSequence(aggregate.sequence), ...ofAggregate(aggregate.outer)];
  }
}
