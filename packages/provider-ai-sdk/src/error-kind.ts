// SPDX-License-Identifier: Apache-2.0

/** The class of what was thrown. */
export function errorName(error: unknown): string {
  try {
    const { name } = error as { readonly name?: unknown }
    return (error instanceof Error || error instanceof DOMException) && typeof name === 'string' ? name : 'Error'
  } catch {
    // It has no properties, or one that throws.
    return 'Error'
  }
}

/**
 * Whether somebody has stopped what was under way, as the SDK itself
 * recognises it; the second name is Next.js's, whose client has gone. What
 * took longer than it may (`TimeoutError`) has failed.
 */
export function isAbort(error: unknown): boolean {
  const name = errorName(error)
  return name === 'AbortError' || name === 'ResponseAborted'
}
