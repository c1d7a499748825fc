import { ODataError } from '../errors.js';

/** A part of a multipart body, or an HTTP message: header fields by lower-case name, and the bytes behind them. */
export interface Message {
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** An HTTP request inside a batch part. */
export interface EmbeddedRequest extends Message {
  readonly method: string;
  /** As written: absolute, rooted or relative. */
  readonly url: string;
}

const newline = 0x0a;

/**
 * The parts between the delimiters of a multipart body (RFC 2046 5.1). Read tolerantly, as clients in the field write it: bare line
 * feeds, no blank after a header's colon, blanks at line ends, preamble and epilogue. Throws MalformedBody, LimitExceeded.
 */
export function parseMultipart(body: Buffer, boundary: string, limit: number): readonly Message[] {
  const parts: Message[] = [];
  let start: number | null = null;
  for (const line of delimiterLines(body, `--${boundary}`)) {
    if (start !== null) {
      if (parts.length >= limit)
        throw new ODataError(
          'LimitExceeded',
          `A batch holds at most ${limit} parts; that is the limit of the setting 'batchParts'.`,
        );
      parts.push(parseMessage(withoutLastBreak(body.subarray(start, line.start))));
    }
    if (line.closing) return parts;
    start = line.end;
  }
  if (start === null)
    throw malformed(`The delimiter '--${boundary}' of the header Content-Type does not stand in the body.`);
  throw malformed(`The closing delimiter '--${boundary}--' is missing.`);
}

function malformed(message: string): ODataError {
  return new ODataError('MalformedBody', message);
}

interface DelimiterLine {
  readonly start: number;
  readonly end: number;
  readonly closing: boolean;
}

/** Lines that begin with the delimiter and hold nothing else but blanks, and two dashes at the end of it all. */
function* delimiterLines(body: Buffer, delimiter: string): Generator<DelimiterLine> {
  for (let at = body.indexOf(delimiter); at >= 0; at = body.indexOf(delimiter, at + 1)) {
    if (at > 0 && body[at - 1] !== newline) continue;
    const lineEnd = body.indexOf(newline, at);
    const end = lineEnd < 0 ? body.length : lineEnd + 1;
    const rest = body.toString('latin1', at + delimiter.length, end).trim();
    if (rest === '' || rest === '--') yield { start: at, end, closing: rest === '--' };
  }
}

/** The line break before a delimiter belongs to the delimiter. */
function withoutLastBreak(bytes: Buffer): Buffer {
  const { length } = bytes;
  if (length === 0 || bytes[length - 1] !== newline) return bytes;
  return bytes.subarray(0, bytes[length - 2] === 0x0d ? length - 2 : length - 1);
}

/** Header lines, an empty line, the rest. */
function parseMessage(bytes: Buffer): Message {
  const headers = new Map<string, string>();
  let at = 0;
  while (at < bytes.length) {
    const { text, next } = lineAt(bytes, at);
    at = next;
    if (text === '') return { headers, body: bytes.subarray(at) };
    const colon = text.indexOf(':');
    if (colon <= 0) throw malformed(`'${text.slice(0, 60)}' is no header field; a name and a colon are expected.`);
    headers.set(text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim());
  }
  return { headers, body: bytes.subarray(bytes.length) };
}

function lineAt(bytes: Buffer, at: number): { readonly text: string; readonly next: number } {
  const found = bytes.indexOf(newline, at);
  const end = found < 0 ? bytes.length : found;
  return { text: bytes.toString('utf8', at, end).trimEnd(), next: found < 0 ? bytes.length : found + 1 };
}

/** The request in a part of type `application/http` (Protocol 11.7.7.1). Throws MalformedBody. */
export function parseEmbeddedRequest(bytes: Buffer): EmbeddedRequest {
  let at = 0;
  let first = lineAt(bytes, at);
  while (first.text === '' && first.next < bytes.length) {
    at = first.next;
    first = lineAt(bytes, at);
  }
  const [, method, url] = /^([A-Za-z]+) +(.+?)(?: +HTTP\/\d(?:\.\d)?)?$/.exec(first.text.trim()) ?? [];
  if (method === undefined || url === undefined)
    throw malformed(`'${first.text.slice(0, 60)}' is no request line; METHOD URL HTTP/1.1 is expected.`);
  const message = parseMessage(bytes.subarray(first.next));
  const length = message.headers.get('content-length');
  const body =
    length !== undefined && /^\d+$/.test(length) ? message.body.subarray(0, Number(length)) : trimmedEnd(message.body);
  return { ...message, method: method.toUpperCase(), url, body };
}

/** Some clients leave empty lines behind a body. */
function trimmedEnd(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === newline || bytes[end - 1] === 0x0d)) end--;
  return bytes.subarray(0, end);
}

/** Parts as a multipart body, with line breaks as the standard has them. */
export function writeMultipart(parts: readonly Message[], boundary: string): Buffer {
  return Buffer.concat([...parts.map((part) => writePart(part, boundary)), writeEnd(boundary)]);
}

/** One part of a multipart body, behind its delimiter. */
export function writePart({ headers, body }: Message, boundary: string): Buffer {
  return Buffer.concat([Buffer.from(`--${boundary}\r\n${headerLines(headers)}\r\n`), body, Buffer.from('\r\n')]);
}

/** The end of a multipart body. */
export function writeEnd(boundary: string): Buffer {
  return Buffer.from(`--${boundary}--\r\n`);
}

/** An HTTP response as the body of a part of type `application/http`. */
export function writeEmbeddedResponse(
  status: number,
  reason: string,
  headers: ReadonlyMap<string, string>,
  body: Buffer,
): Buffer {
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} ${reason}\r\n${headerLines(headers)}\r\n`), body]);
}

function headerLines(headers: ReadonlyMap<string, string>): string {
  return [...headers].map(([name, value]) => `${name}: ${value.replace(/[\r\n]+/g, ' ')}\r\n`).join('');
}
