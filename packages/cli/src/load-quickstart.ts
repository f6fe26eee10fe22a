// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'

/**
 * Imports what `demo` runs. It brings a whole coding agent along, so it is an
 * optional peer: who does not run the demo need not install it.
 *
 * @throws DynamoAgentError `DYN_DEMO_UNAVAILABLE` when it is not installed.
 */
export async function loadQuickstart(): Promise<typeof import('@dynamo-agent/quickstart')> {
  try {
    return await import('@dynamo-agent/quickstart')
  } catch (cause) {
    if (!isMissing(cause)) throw cause
    throw new DynamoAgentError({
      code: 'DYN_DEMO_UNAVAILABLE',
      message: 'the demo needs @dynamo-agent/quickstart, which is not wholly installed',
      advice: 'npx -y -p dynamo-agent -p @dynamo-agent/quickstart dynamo-agent demo',
      cause,
    })
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
}
