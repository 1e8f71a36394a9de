import { ApiError } from '$lib/api';

/** One form's conversation with the server: whether it waits, and what was refused about which field. */
export class Submission {
  isBusy = $state(false);
  error = $state.raw<ApiError | null>(null);

  /** Runs `action` unless one is running; answers whether it succeeded, and keeps why not. */
  async run(action: () => Promise<unknown>): Promise<boolean> {
    if (this.isBusy) return false;
    this.isBusy = true;
    this.error = null;
    try {
      await action();
      return true;
    } catch (thrown) {
      this.error = ApiError.of(thrown);
      return false;
    } finally {
      this.isBusy = false;
    }
  }

  /** Refuses what the form itself can see is wrong with `field`. */
  refuse(field: string, message: string): void {
    this.error = new ApiError('invalid', message, field, 422);
  }

  /** What is wrong with `field`, for the line under it. */
  of(field: string): string | null {
    return this.error?.field === field ? this.error.message : null;
  }

  /** What is wrong and belongs to none of `fields`. */
  beyond(...fields: string[]): string | null {
    if (this.error === null || (this.error.field !== null && fields.includes(this.error.field))) return null;
    return this.error.message;
  }
}
