import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** A case of the OASIS grammar suite: `Input` read by `Rule`; refused at `FailAt` when that is given. */
export interface GrammarCase {
  readonly Name: string;
  readonly Rule: string;
  readonly Input: string;
  readonly FailAt?: number;
}

interface Suite {
  /** The names of a sample model: which rule of the grammar each may stand for. */
  readonly Constraints: Readonly<Record<string, readonly string[]>>;
  readonly TestCases: readonly GrammarCase[];
}

const file = fileURLToPath(new URL('../../../shared/abnf/odata-abnf-testcases.yaml', import.meta.url));

/** The suite, when it lies beside the project. */
export const suite: Suite | null = existsSync(file) ? (parse(readFileSync(file, 'utf8')) as Suite) : null;
