import type { Position } from './model.js';

/**
 * A CSDL document as a tree of elements, named as CSDL XML names them, whichever representation it was read from.
 * What the representations default differently (CSDL 7.2) is written out by the JSON reader.
 */
export interface CsdlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | undefined>>;
  readonly children: readonly CsdlElement[];
  /** Text content, for constants in element notation. */
  readonly text: string;
  readonly at: Position;
}

/** One text, and the name it is reported by. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

/** Thrown inside the readers when a text is not even well-formed; becomes a problem at the door. */
export class Malformed extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly at: Position,
  ) {
    super(message);
  }
}

/** How deep elements may lie in each other; real documents stay below 20. */
export const maximumDepth = 100;

/** No children; one array for all leaves. */
export const none: readonly never[] = [];
