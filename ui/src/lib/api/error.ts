import type { ErrorCode } from './types';

/** What the control API refused, in its own words: `message` says what to do. */
export class ApiError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly field: string | null,
    readonly status: number,
    /** How many there are, with `countChanged`. */
    readonly count: number | null = null,
  ) {
    super(message);
    this.name = 'ApiError';
  }

  /** The error that the body of a refusal carries; a body that is not ours becomes `internal`. */
  static from(status: number, body: unknown): ApiError {
    if (typeof body === 'object' && body !== null && 'code' in body && 'message' in body) {
      const field = 'field' in body && typeof body.field === 'string' ? body.field : null;
      const count = 'count' in body && typeof body.count === 'number' ? body.count : null;
      return new ApiError(body.code as ErrorCode, String(body.message), field, status, count);
    }
    return new ApiError('internal', `The server answered ${status} without a reason.`, null, status);
  }

  /** Nobody answered: browsers say that in words of their own, each in others. */
  static unreachable(): ApiError {
    const message = 'SCIM Setup does not answer. If it was closed, start it again; then try again.';
    return new ApiError('unreachable', message, null, 0);
  }

  /** Anything thrown, as an `ApiError`. */
  static of(thrown: unknown): ApiError {
    if (thrown instanceof ApiError) return thrown;
    // A proxy in between may answer with a page of its own.
    if (thrown instanceof SyntaxError)
      return new ApiError('internal', 'Something other than SCIM Setup answered.', null, 0);
    return new ApiError('unreachable', thrown instanceof Error ? thrown.message : String(thrown), null, 0);
  }
}
