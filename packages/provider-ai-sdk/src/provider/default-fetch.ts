// SPDX-License-Identifier: Apache-2.0

type Fetch = typeof globalThis.fetch

let loading: Promise<Fetch> | undefined

/**
 * One for the process, however many providers it makes, and loaded by the
 * first request: undici runs on Node alone, and who brings a fetch of their
 * own needs none of it. Where it cannot be loaded, the runtime's own serves.
 */
export const defaultFetch: Fetch = async (...request) => {
  loading ??= load()
  const fetch = await loading
  return fetch(...request)
}

async function load(): Promise<Fetch> {
  try {
    const { createDynamoFetch } = await import('@dynamo-agent/client')
    return createDynamoFetch()
  } catch {
    return globalThis.fetch
  }
}
