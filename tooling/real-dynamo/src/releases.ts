// SPDX-License-Identifier: Apache-2.0

/** The releases that dynamo-agent is held to: the last patch of each minor one. */
export const releases = ['1.2.1', '1.3.1', '1.4.2', '1.5.1', '1.6.1'] as const

export type Release = (typeof releases)[number]

export function isRelease(text: string): text is Release {
  return (releases as readonly string[]).includes(text)
}

/** What differs between releases in how they are started. */
export interface ReleaseTraits {
  /** Prefix of the trace variables of the frontend. */
  readonly tracePrefix: 'DYN_AGENT_TRACE' | 'DYN_REQUEST_TRACE'
  /** Whether mock workers can replay scripted answers, and whether those may end in the end-of-turn token. */
  readonly replies: 'none' | 'no-end-token' | 'end-token'
}

export function traitsOf(release: Release): ReleaseTraits {
  switch (release) {
    case '1.2.1':
      return { tracePrefix: 'DYN_AGENT_TRACE', replies: 'none' }
    case '1.3.1':
    case '1.4.2':
    case '1.5.1':
      return { tracePrefix: 'DYN_REQUEST_TRACE', replies: 'no-end-token' }
    case '1.6.1':
      return { tracePrefix: 'DYN_REQUEST_TRACE', replies: 'end-token' }
  }
}
