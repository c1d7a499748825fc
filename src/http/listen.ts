import { createServer, type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type Koa from 'koa';
import { ODataError } from '../errors.js';
import { errorResponse, negotiateError } from '../protocol/index.js';
import { defaultHttpLimits, type HttpLimits } from './limits.js';

export interface ListenOptions {
  readonly port: number;
  /** Default 127.0.0.1: only this machine. */
  readonly host?: string;
  readonly limits?: Partial<HttpLimits>;
}

/** A server that answers. */
export interface Listening {
  /** `http://127.0.0.1:4004`. */
  readonly origin: string;
  /** Takes no more requests, and settles when the last running one is answered. */
  close(): Promise<void>;
}

/** Lets an app answer on a port; what Node itself refuses is answered with the OData error object, too. */
export async function listen(app: Koa, options: ListenOptions): Promise<Listening> {
  const limits = { ...defaultHttpLimits, ...options.limits };
  const server = createServer(
    { maxHeaderSize: limits.maxHeaderSize, requestTimeout: limits.requestTime },
    app.callback(),
  );
  server.on('clientError', refuse);
  server.on('checkExpectation', (message: IncomingMessage, response) => {
    response.writeHead(417);
    response.end();
    message.resume();
  });
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { origin: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, close: () => close(server) };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeIdleConnections();
  });
}

/** What never became a request: malformed lines, oversized headers, a request that does not end. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, headers, body } = errorResponse(refusal(error.code), negotiateError({}), '');
  const text = String(body);
  const fields = { ...headers, 'Content-Length': String(Buffer.byteLength(text)), Connection: 'close' };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${text}`);
}

function refusal(code: string | undefined): ODataError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new ODataError(
        'HeadersTooLarge',
        `The header fields are larger than the limit of the setting 'maxHeaderSize'.`,
      );
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ODataError(
        'RequestTimeout',
        `The request did not arrive within the limit of the setting 'requestTime'.`,
      );
    default:
      return new ODataError('BadRequest', 'This is not a valid HTTP request.');
  }
}
