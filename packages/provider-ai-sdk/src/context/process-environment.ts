// SPDX-License-Identifier: Apache-2.0
import type { Environment } from '@dynamo-agent/core'

/** The environment variables of the process; none where the runtime has no such thing. */
export function processEnvironment(): Environment {
  const { process } = globalThis as { readonly process?: { readonly env: Environment } }
  return process?.env ?? {}
}
