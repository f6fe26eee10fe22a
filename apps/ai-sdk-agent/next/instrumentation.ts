// SPDX-License-Identifier: Apache-2.0

/** Next calls this once for each server process, before the first request. */
export async function register(): Promise<void> {
  // The edge runtime has neither sockets nor tracing channels.
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { registerDynamo } = await import('@dynamo-agent/provider-ai-sdk/telemetry')
  registerDynamo()
}
