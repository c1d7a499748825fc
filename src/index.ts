/** Edmund turns a CSDL model into a complete OData 4.01 endpoint on SQLite. */
export { checkFile, loadModel, type Model, printProblems, problemsToJson, readModel } from './edm/index.js';
export { type ErrorCode, ODataError } from './errors.js';
export {
  type AppOptions,
  type Authenticate,
  anonymous,
  type BearerOptions,
  bearer,
  createApp,
  type DevelopmentIdentity,
  development,
  type HttpLimits,
  type Listening,
  type ListenOptions,
  listen,
} from './http/index.js';
export type { ODataRequest, ODataResponse, User } from './protocol/index.js';
export {
  type Client,
  createService,
  type Hook,
  type HookChange,
  type HookContext,
  type Hooks,
  type OperationBinding,
  type OperationCall,
  type OperationHandler,
  type Operations,
  type PureHandler,
  type Service,
  type ServiceOptions,
  type Settings,
} from './service/index.js';
export { openSqlite, type SqliteOptions } from './store/index.js';
