// SPDX-License-Identifier: Apache-2.0
import type { DialectName } from '@dynamo-agent/core'
import type { DialectEvidence } from './dialect-selector.ts'

/** The first release of each generation. */
const firstRelease: Readonly<Record<DialectName, string>> = {
  'agent-context-body': '1.2',
  'session-headers': '1.3',
}

/**
 * The release that a frontend has at least, for `withoutRefusedKeys`: a key
 * that a later one would have taken is worth less than the request.
 *
 * @returns undefined where the server may be no Dynamo at all, which may take any key.
 */
export function oldestReleaseOf(evidence: DialectEvidence | undefined): string | undefined {
  switch (evidence?.by) {
    case 'openapi':
      return evidence.release
    case 'probe':
    case 'refusal':
    case 'setting':
      return firstRelease[evidence.dialect]
    case 'unknown':
    case undefined:
      return undefined
  }
}
