// SPDX-License-Identifier: Apache-2.0
import type { UiLoad } from '@dynamo-agent/trace-tools'
import { formatBytes, formatDuration } from './format.ts'

/** What the Perfetto UI will need for a timeline, where that is more than it takes with ease. */
export function describeUiLoad({ bytes, seconds, advice }: UiLoad): string[] {
  if (advice === undefined) return []
  return [
    `the Perfetto UI will need about ${formatBytes(bytes)} of memory and ${formatDuration(seconds * 1000)} for it`,
    advice,
  ]
}
