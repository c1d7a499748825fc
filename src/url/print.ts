import type { PathSegment, SelectItem } from './syntax.js';

function segmentName(segment: PathSegment): string {
  switch (segment.kind) {
    case 'name':
      return segment.name;
    case 'annotation':
      return `@${segment.term}${segment.qualifier === null ? '' : `#${segment.qualifier}`}`;
    case 'lambda':
      return segment.operator;
    case '$count':
    case '$filter':
    case '$value':
    case '$ref':
    case 'aggregate':
      return segment.kind;
  }
}

/** A `$select` item as the select list of a context URL names it: its path, without options. */
export function printSelect(item: SelectItem): string {
  switch (item.kind) {
    case 'all':
      return '*';
    case 'allOperations':
      return `${item.namespace}.*`;
    case 'path':
      return item.segments.map(segmentName).join('/');
  }
}
