/**
 * Koa in, koa out: sockets, limits, who asks, and the frame around a service. Refused here, always with the OData error object:
 * malformed HTTP, what exceeds a limit, tokens that are not valid. The only room that knows koa.
 */
export { type AppOptions, createApp } from './app.js';
export { type Authenticate, anonymous, type BearerOptions, bearer } from './authentication.js';
export { type DevelopmentIdentity, development } from './development.js';
export { defaultHttpLimits, type HttpLimits } from './limits.js';
export { type Listening, type ListenOptions, listen } from './listen.js';
