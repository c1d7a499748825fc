import { once } from 'node:events';
import { connect } from 'node:net';

/** An answer as it came over the wire. */
export interface Wire {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Sends a request byte for byte: header lines as the client writes them, `Host`, `Content-Length` and `Connection` added. */
export async function send(
  base: string,
  method: string,
  path: string,
  lines: readonly string[] = [],
  body = '',
): Promise<Wire> {
  const { hostname, port, pathname } = new URL(base);
  const socket = connect(Number(port), hostname);
  const head = [
    `${method} ${path.startsWith('/') ? path : `${pathname}${path}`} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    'Connection: close',
    ...(body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
    ...lines,
  ];
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  await once(socket, 'end');
  socket.destroy();
  return taken(Buffer.concat(chunks));
}

function taken(bytes: Buffer): Wire {
  const end = bytes.indexOf('\r\n\r\n');
  const [start = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers = new Map(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const content = bytes.subarray(end + 4);
  const body = headers.get('transfer-encoding') === 'chunked' ? dechunked(content) : content;
  return { status: Number(start.split(' ')[1]), headers, body: body.toString() };
}

function dechunked(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const line = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.subarray(at, line).toString(), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(bytes.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
}
