import type { SearchExpression } from '../url/index.js';
import type { Search } from './bound.js';

/** The search expression without its positions (URL 5.1.7). */
export function bindSearch(node: SearchExpression): Search {
  switch (node.kind) {
    case 'junction':
      return { kind: 'junction', operator: node.operator, operands: node.operands.map(bindSearch) };
    case 'not':
      return { kind: 'not', operand: bindSearch(node.operand) };
    case 'phrase': // of what somebody is still typing, double quotes may be open (URL 5.1.8.1)
      return { kind: 'phrase', text: node.text.replaceAll('"', '') || node.text };
    case 'word':
      return { kind: 'word', text: node.text };
  }
}
