import { checkFile, printProblems, problemsToJson } from '../index.js';

/** What is wrong with a CSDL file and what it refers to, for people or for tools; status 1 when there are errors. */
export async function checkCommand(
  file: string,
  format: 'text' | 'json',
): Promise<{ readonly output: string; readonly status: number }> {
  const problems = checkFile(file);
  const status = problems.some(({ severity }) => severity === 'error') ? 1 : 0;
  return { output: format === 'json' ? problemsToJson(problems) : printProblems(problems), status };
}
