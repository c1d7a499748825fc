#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ODataError } from '../index.js';
import { checkCommand } from './check.js';
import { serve, stopOnSignal } from './serve.js';
import { type Given, settings, settingsHelp, UsageError } from './settings.js';

const help = `Edmund turns a CSDL model into an OData endpoint on SQLite.

  edmund serve [folder | model.xml]   serves it; default: this folder
  edmund check <model.xml | model.json> [--format text | json]
                                      reports what is wrong with a model
  edmund --version

Settings of serve, also as environment variables (--page-size is EDMUND_PAGE_SIZE)
and in the folder's edmund.json ({ "root": "/beta" }):

${settingsHelp()}
`;

/** Runs one command; gives the exit status, or null while it goes on. */
async function run(words: readonly string[]): Promise<number | null> {
  const [command, ...rest] = words;
  switch (command) {
    case 'serve':
      return serveCommand(rest);
    case 'check':
      return check(rest);
    case '--version':
    case '-v':
      console.log(version());
      return 0;
    case '--help':
    case '-h':
    case 'help':
      console.log(help);
      return 0;
    default:
      throw new UsageError(command === undefined ? 'Say what to do.' : `There is no command '${command}'.`);
  }
}

async function serveCommand(words: readonly string[]): Promise<number | null> {
  const { values, positionals } = parsed(words);
  if (values.help !== undefined) {
    console.log(help);
    return 0;
  }
  if (positionals.length > 1) throw new UsageError(`One folder or model is served, not ${positionals.length}.`);
  const serving = await serve(positionals[0] ?? '.', values);
  stopOnSignal(serving);
  console.log(`${serving.service.name} is served at ${serving.url}`);
  return null;
}

type Words = { readonly values: Given & { readonly help?: string }; readonly positionals: readonly string[] };

function parsed(words: readonly string[]): Words {
  const options = Object.fromEntries(
    settings.map(({ name, kind }) => [name, { type: kind === 'flag' ? ('boolean' as const) : ('string' as const) }]),
  );
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      options: { ...options, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
    return {
      values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)])),
      positionals,
    };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function check(words: readonly string[]): Promise<number> {
  const [file, flag, format = 'text'] = words[0] === '--format' ? [words[2], words[0], words[1]] : words;
  if (file === undefined || (flag !== undefined && flag !== '--format') || (format !== 'text' && format !== 'json'))
    throw new UsageError('edmund check takes one file, and --format text or json.');
  const { output, status } = await checkCommand(file, format);
  if (output !== '') console.log(output);
  return status;
}

function version(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return `edmund ${version}`;
}

try {
  const status = await run(process.argv.slice(2));
  if (status !== null) process.exitCode = status;
} catch (error) {
  process.exitCode = error instanceof UsageError ? 2 : 1;
  if (error instanceof UsageError) console.error(`${error.message}\nedmund --help tells more.`);
  else if (error instanceof ODataError)
    console.error([error.message, ...error.details.map(({ message }) => message)].join('\n'));
  else console.error(error instanceof Error ? error.message : error);
}
