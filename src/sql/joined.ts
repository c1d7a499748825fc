import type { Scalar } from '../plan/index.js';

/** True for JSON with members that may be absent, however deep: it is joined as text. */
export function isJoined(node: Scalar): boolean {
  switch (node.kind) {
    case 'object':
      return (
        node.spread !== undefined ||
        node.members.some(({ value, when, optional }) => when !== undefined || optional === true || isJoined(value))
      );
    case 'items':
      return isJoined(node.item);
    case 'subquery':
      return isJoined(node.value);
    case 'case':
      return (
        node.branches.some(({ gives }) => isJoined(gives)) || (node.otherwise !== null && isJoined(node.otherwise))
      );
    case 'operator': // may hand on JSON, but never takes it apart
    case 'column':
    case 'value':
    case 'junction':
    case 'exists':
    case 'within':
    case 'count':
    case 'aggregate':
    case 'window':
    case 'json':
      return false;
  }
}
