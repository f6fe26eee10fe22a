// SPDX-License-Identifier: Apache-2.0

export interface ProcessWarning {
  readonly code: string
  /** What is the matter, in one line. */
  readonly message: string
  /** One sentence on what to do about it. */
  readonly advice: string
}

/**
 * Leaves a warning with the process, which prints it unless told otherwise
 * (`--disable-warning=CODE`); a runtime that knows no warnings drops it.
 */
export function warn({ code, message, advice }: ProcessWarning): void {
  const { process } = globalThis as { readonly process?: Partial<NodeJS.Process> }
  process?.emitWarning?.(`${message}. ${advice}`, { type: 'DynamoAgentWarning', code })
}
