// SPDX-License-Identifier: Apache-2.0
import { createDynamo, withAgentSession, type DynamoLanguageModelOptions } from '../../src/index.ts'

/** Compiled with the package and never run: what the compiler refuses. */
export function refused(): unknown[] {
  return [
    // @ts-expect-error -- a hint is a number
    { hints: { priority: 'high' } } satisfies DynamoLanguageModelOptions,
    // @ts-expect-error -- the only word for it is auto
    createDynamo({ hints: { outputLength: 'long' } }),
    // @ts-expect-error -- not one of the dialects
    createDynamo({ dialect: 'headers' }),
    // @ts-expect-error -- a session has an id
    withAgentSession({}, () => 0),
    // @ts-expect-error -- a session has something to run
    withAgentSession('chat-1'),
  ]
}

/** What comes out of a session is what ran in it. */
export const result: Promise<number> = withAgentSession('chat-1', () => Promise.resolve(1))
