import type { Position } from './model.js';

/** How grave a problem is: a model with errors is refused, warnings are only told. */
export type Severity = 'error' | 'warning';

/** What is wrong with a model, by which rule, and where. */
export interface Problem {
  /** The rule's name, for instance `key-nullable`. */
  readonly code: string;
  /** The section of CSDL 4.01 that states the rule. */
  readonly section: string;
  readonly severity: Severity;
  readonly message: string;
  readonly at: Position;
}

/** Takes down a problem; the code decides section and severity. */
export type Report = (code: string, at: Position, message: string) => void;
