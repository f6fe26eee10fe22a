// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'
import { getText, requireBaseUrl, type FrontendOptions, type TextAnswer } from './get-text.ts'
import { compact, fieldsOf, parseLoosely, readText, readU64 } from './loose-json.ts'
import { statusError } from './status-error.ts'

export type CheckHealthOptions = FrontendOptions

/** A worker that the frontend knows of. */
export interface HealthInstance {
  /** u64, beyond 2^53. */
  readonly instanceId?: bigint
  readonly namespace?: string
  readonly component?: string
  readonly endpoint?: string
}

export interface Health {
  /** A server answers. */
  readonly live: boolean
  /** It calls itself healthy. */
  readonly healthy: boolean
  /** What it calls itself, such as `healthy`. */
  readonly status?: string
  readonly instances: readonly HealthInstance[]
  /** Why it is not live or not healthy, for a person. */
  readonly problem?: DynamoAgentError
}

/**
 * Asks a frontend how it is, by `/live` and `/health` at the server's root
 * (not under `/v1`). A server that cannot be reached is an answer, not an error.
 *
 * @throws DynamoAgentError `DYN_INVALID_OPTION` when `baseUrl` is no http
 * address. When the caller aborts, the signal's own reason.
 */
export async function checkHealth(options: CheckHealthOptions): Promise<Health> {
  const root = requireBaseUrl(options).replace(/\/v1$/, '')
  const [live, health] = await Promise.all([ask(`${root}/live`, options), ask(`${root}/health`, options)])
  // Servers of other makes have one of the two paths.
  const isLive = [live, health].some((answer) => 'ok' in answer && answer.ok)
  if (!('ok' in health)) return { live: isLive, healthy: false, instances: [], problem: health }
  return {
    live: isLive,
    healthy: health.ok,
    ...readHealth(health),
    ...(!health.ok && { problem: statusError(health) }),
  }
}

async function ask(url: string, options: FrontendOptions): Promise<TextAnswer | DynamoAgentError> {
  try {
    return await getText(url, options)
  } catch (error) {
    if (DynamoAgentError.isInstance(error)) return error
    throw error
  }
}

function readHealth({ text }: TextAnswer): Pick<Health, 'status' | 'instances'> {
  const { status, instances } = fieldsOf(parseLoosely(text))
  return {
    ...compact({ status: readText(status) }),
    instances: (Array.isArray(instances) ? instances : []).map(fieldsOf).map((instance) =>
      compact({
        instanceId: readU64(instance.instance_id),
        namespace: readText(instance.namespace),
        component: readText(instance.component),
        endpoint: readText(instance.endpoint),
      }),
    ),
  }
}
