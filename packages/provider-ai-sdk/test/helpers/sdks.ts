// SPDX-License-Identifier: Apache-2.0
type Sdk = typeof import('ai')

/** An installed version of the AI SDK. */
export interface InstalledSdk {
  readonly version: string
  readonly major: 6 | 7
  /** Its module. ai@6 has the types of ai@7 here: each test names what differs. */
  readonly load: () => Promise<Sdk>
}

const asNewest = (module: Promise<unknown>) => module as Promise<Sdk>

/** The oldest and the newest of each major that this package serves. */
export const sdks: readonly InstalledSdk[] = [
  { version: '6.0.111', major: 6, load: () => asNewest(import('ai-6-oldest')) },
  { version: '6.0.326', major: 6, load: () => asNewest(import('ai-6')) },
  { version: '7.0.0', major: 7, load: () => asNewest(import('ai-7-oldest')) },
  { version: '7.0.173', major: 7, load: () => import('ai') },
]
