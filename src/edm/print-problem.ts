import type { Problem } from './problem.js';

/** `file:line:column: error: message [code, CSDL section]`. */
export function printProblem({ at, severity, message, code, section }: Problem): string {
  return `${at.file}:${at.line}:${at.column}: ${severity}: ${message} [${code}, CSDL ${section}]`;
}

/** One line per problem and a last one that counts, for `edmund check`. */
export function printProblems(problems: readonly Problem[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  return [...problems.map(printProblem), `${errors} errors, ${problems.length - errors} warnings`].join('\n');
}

/** The problems as JSON, for tools. */
export function problemsToJson(problems: readonly Problem[]): string {
  const items = problems.map(({ code, section, severity, message, at }) => ({
    code,
    section,
    severity,
    message,
    ...at,
  }));
  return JSON.stringify(
    { errors: items.filter(({ severity }) => severity === 'error').length, problems: items },
    null,
    2,
  );
}
