/**
 * One request in, one response out. Refused here: callers without the rights the model asks for, methods a resource does not
 * have, and everything the rooms below refuse; the answer is then the OData error object.
 */

export type { Client, ClientAnswer } from './client.js';
export { createService, type ServiceOptions } from './create.js';
export type { Hook, HookChange, HookContext, Hooks } from './hooks.js';
export type { OperationBinding, OperationCall, OperationHandler, Operations, PureHandler } from './operations.js';
export { defaultSettings, type Service, type Settings } from './service.js';
