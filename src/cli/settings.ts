/** Every setting once: its flag, its environment variable, what it means. Help, reading and the README's table come from here. */
export interface Setting {
  /** The flag without its dashes. */
  readonly name: string;
  readonly kind: 'text' | 'number' | 'flag';
  /** The values that are allowed; absent: any. */
  readonly values?: readonly string[];
  /** As shown; null: none. */
  readonly fallback: string | null;
  readonly help: string;
}

export const settings = [
  { name: 'db', kind: 'text', fallback: 'db/<name>.sqlite', help: 'database file, made when it is not there' },
  { name: 'port', kind: 'number', fallback: '4004', help: 'port to listen on; 0: any that is free' },
  { name: 'host', kind: 'text', fallback: '127.0.0.1', help: 'address to listen on' },
  { name: 'root', kind: 'text', fallback: '/', help: 'path of the service root' },
  {
    name: 'public-url',
    kind: 'text',
    fallback: null,
    help: 'absolute URL of the service root, for links; else from the Host header',
  },
  { name: 'trust-proxy', kind: 'flag', fallback: 'off', help: 'believe X-Forwarded-Proto and X-Forwarded-Host' },
  {
    name: 'auth',
    kind: 'text',
    values: ['bearer', 'development', 'none'],
    fallback: 'bearer',
    help: 'who may call: holders of a token of --issuer, of a token signed here, everybody',
  },
  { name: 'issuer', kind: 'text', fallback: null, help: 'issuer of the tokens (bearer)' },
  { name: 'audience', kind: 'text', fallback: null, help: 'audience of the tokens (bearer)' },
  { name: 'jwks', kind: 'text', fallback: null, help: "URL of the issuer's key set (bearer)" },
  { name: 'cors', kind: 'text', fallback: '*', help: 'origins that pages may call from, by commas; none: no page' },
  {
    name: 'type-annotations',
    kind: 'text',
    values: ['always', 'minimal'],
    fallback: 'minimal',
    help: '@odata.type on every entity, or where the standard asks for it',
  },
  { name: 'page-size', kind: 'number', fallback: '100', help: 'items of a page when the client does not say' },
  { name: 'max-page-size', kind: 'number', fallback: '1000', help: 'items of a page at most' },
  { name: 'statement-time', kind: 'number', fallback: '2000', help: 'milliseconds a query may take' },
  {
    name: 'delta-retention',
    kind: 'number',
    fallback: '604800',
    help: 'seconds for which changes are remembered for delta links',
  },
  { name: 'async-jobs', kind: 'number', fallback: '100', help: 'requests that are answered later at once; 0: none' },
  {
    name: 'async-retention',
    kind: 'number',
    fallback: '86400',
    help: 'seconds for which results of asynchronous requests are kept',
  },
  {
    name: 'repeat-retention',
    kind: 'number',
    fallback: '86400',
    help: 'seconds for which repeatable requests are remembered',
  },
  { name: 'batch-parts', kind: 'number', fallback: '1000', help: 'requests of one batch at most' },
  { name: 'function-time', kind: 'number', fallback: '10000', help: 'milliseconds a function may take' },
  { name: 'max-url-length', kind: 'number', fallback: '16384', help: 'characters of a URL at most' },
  { name: 'max-body-size', kind: 'number', fallback: '8388608', help: 'bytes of a body at most' },
  { name: 'max-stream-size', kind: 'number', fallback: '1073741824', help: 'bytes of a stream at most' },
  { name: 'max-header-size', kind: 'number', fallback: '32768', help: 'bytes of all header fields at most' },
  { name: 'request-time', kind: 'number', fallback: '60000', help: 'milliseconds in which a request must arrive' },
  {
    name: 'log',
    kind: 'text',
    values: ['info', 'error', 'silent'],
    fallback: 'info',
    help: 'one line a request, only errors, or nothing',
  },
] as const satisfies readonly Setting[];

export type SettingName = (typeof settings)[number]['name'];

/** What was set, by flag or environment; absent: not set. */
export type Given = Readonly<Partial<Record<SettingName, string>>>;

/** `EDMUND_PAGE_SIZE` for `page-size`. */
export function variableOf(name: string): string {
  return `EDMUND_${name.toUpperCase().replaceAll('-', '_')}`;
}

/** What the user typed makes no sense; the message says what to change. */
export class UsageError extends Error {}

/** Flags over environment over `file` (the folder's own defaults). Throws UsageError for values that are not allowed. */
export function gather(flags: Given, environment: NodeJS.ProcessEnv, file: Given): Given {
  const gathered: Partial<Record<SettingName, string>> = {};
  for (const setting of settings as readonly (Setting & { readonly name: SettingName })[]) {
    const value = flags[setting.name] ?? environment[variableOf(setting.name)] ?? file[setting.name];
    if (value === undefined || value === '') continue;
    check(setting, value);
    gathered[setting.name] = value;
  }
  return gathered;
}

function check(setting: Setting, value: string): void {
  if (setting.kind === 'number' && !/^\d{1,10}$/.test(value))
    throw new UsageError(`--${setting.name} takes a whole number, not '${value}'.`);
  if (setting.kind === 'flag' && !['true', 'false'].includes(value))
    throw new UsageError(`--${setting.name} is on or off: ${variableOf(setting.name)} takes true or false.`);
  if (setting.values !== undefined && !setting.values.includes(value))
    throw new UsageError(`--${setting.name} takes ${setting.values.join(' or ')}, not '${value}'.`);
}

/** A number that was set, or undefined. */
export function numberOf(given: Given, name: SettingName): number | undefined {
  const text = given[name];
  return text === undefined ? undefined : Number(text);
}

/** The settings as lines of help. */
export function settingsHelp(): string {
  return settings
    .map((setting: Setting) => {
      const values = setting.values === undefined ? '' : ` (${setting.values.join(' | ')})`;
      const fallback = setting.fallback === null ? '' : ` [${setting.fallback}]`;
      return `  ${`--${setting.name}`.padEnd(20)}${setting.help}${values}${fallback}`;
    })
    .join('\n');
}

/** The settings as rows of a Markdown table. */
export function settingsTable(): string {
  const rows = settings.map((setting: Setting) => {
    const values = setting.values === undefined ? '' : ` (${setting.values.map((value) => `\`${value}\``).join(', ')})`;
    return `| \`--${setting.name}\` | \`${variableOf(setting.name)}\` | ${setting.fallback ?? ''} | ${setting.help}${values} |`;
  });
  return ['| flag | environment | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}
