/** Every code, and the status it implies. docs/errors.md is checked against it. */
export const statusOf = {
  // 400: the request cannot be understood or breaks a rule
  MalformedUrl: 400,
  MalformedQueryOption: 400,
  UnknownQueryOption: 400,
  DuplicateQueryOption: 400,
  QueryOptionNotApplicable: 400,
  UnknownProperty: 400,
  UnknownType: 400,
  UnknownFunction: 400,
  TypeMismatch: 400,
  InvalidKey: 400,
  InvalidValue: 400,
  InvalidSkipToken: 400,
  MalformedBody: 400,
  MalformedHeader: 400,
  MissingValue: 400,
  DuplicateMember: 400,
  ReferenceNotFound: 400,
  ValidationFailed: 400,
  UnsupportedVersion: 400,
  LimitExceeded: 400,
  BadRequest: 400,
  // 401, 403: who asks
  Unauthenticated: 401,
  Forbidden: 403,
  InsufficientScope: 403,
  // 404 … 416: the resource
  ResourceNotFound: 404,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  RequestTimeout: 408,
  Conflict: 409,
  DuplicateKey: 409,
  Gone: 410,
  PreconditionFailed: 412,
  BodyTooLarge: 413,
  UrlTooLong: 414,
  UnsupportedMediaType: 415,
  RangeNotSatisfiable: 416,
  UnprocessableEntity: 422,
  FailedDependency: 424,
  PreconditionRequired: 428,
  TooManyRequests: 429,
  HeadersTooLarge: 431,
  // 5xx
  InternalError: 500,
  InvalidModel: 500,
  NotImplemented: 501,
  ServiceUnavailable: 503,
  QueryTimeout: 503,
} as const satisfies Record<string, number>;

/** A stable name for what went wrong; clients program against it. */
export type ErrorCode = keyof typeof statusOf;

/** What an error may carry besides its message. */
export interface ErrorExtras {
  /** Several problems of one request, reported together (JSON 21.1). */
  readonly details?: readonly ODataError[];
  /** Response headers the status demands, for instance `Allow` (405) or `WWW-Authenticate` (401). */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error that the client can act on (Protocol 9.4, JSON 21.1). The code implies the HTTP status. */
export class ODataError extends Error {
  readonly details: readonly ODataError[];
  readonly headers: Readonly<Record<string, string>>;

  /**
   * @param code one of the keys of `statusOf`
   * @param message says what to change, for a developer to read; never holds SQL, a path or a stack
   * @param target the offending part: a property path of the body, or the name of a query option or header
   */
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly target: string | null = null,
    extras: ErrorExtras = {},
  ) {
    super(message);
    this.name = 'ODataError';
    this.details = extras.details ?? [];
    this.headers = extras.headers ?? {};
  }

  /** The HTTP status that the code implies. */
  get status(): number {
    return statusOf[this.code];
  }
}
