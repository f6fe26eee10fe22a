// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'
import { startLocalFrontend, type LocalFrontend, type LocalFrontendOptions } from '@dynamo-agent/local-frontend'

/**
 * Starts a frontend for a command; what is in use is said with the option that
 * gives another one.
 *
 * @throws DynamoAgentError what `startLocalFrontend` throws.
 */
export async function startFrontend(options: LocalFrontendOptions): Promise<LocalFrontend> {
  try {
    return await startLocalFrontend(options)
  } catch (error) {
    throw withOptionNamed(error, options)
  }
}

function withOptionNamed(error: unknown, { toolEvents }: LocalFrontendOptions): unknown {
  if (!DynamoAgentError.isInstance(error) || error.code !== 'DYN_PORT_IN_USE') return error
  const isOfToolEvents = toolEvents !== false && toolEvents?.bind !== undefined && error.message.startsWith(toolEvents.bind)
  return new DynamoAgentError({
    code: error.code,
    message: isOfToolEvents ? `${error.message}, where tool events were to come in` : error.message,
    advice: isOfToolEvents
      ? 'Give --tool-events tcp://127.0.0.1:0 for any free port, or --tool-events off.'
      : 'Give another port with --port, or --port 0 for any free one.',
    cause: error.cause,
  })
}
