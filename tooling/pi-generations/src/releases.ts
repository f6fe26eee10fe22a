// SPDX-License-Identifier: Apache-2.0

/** One release of each generation of Pi's extension API. */
export const piReleases = ['0.73.1', '0.87.1', '1.5.2'] as const

export type PiRelease = (typeof piReleases)[number]

/** How a release comes onto this machine. */
export interface PiPackage {
  readonly name: string
  /** The file behind `pi`, below the package's folder. */
  readonly program: string
  /**
   * Of a release whose own dependencies are not all in the registry: the ones
   * that its program, a bundle, does not hold. It is unpacked beside them.
   */
  readonly beside?: readonly string[]
}

export function packageOf(release: PiRelease): PiPackage {
  switch (release) {
    case '0.73.1':
      return { name: '@mariozechner/pi-coding-agent', program: 'dist/cli.js' }
    case '0.87.1':
      return { name: '@earendil-works/pi-coding-agent', program: 'dist/bundle/cli.js' }
    case '1.5.2':
      return {
        name: '@earendil-works/pi-coding-agent',
        program: 'dist/bundle/cli.js',
        beside: [
          'jiti@2.7.0',
          'typebox@1.3.27',
          'undici@8.12.3',
          '@silvia-odwyer/photon-node@0.3.4',
          'quickjs-wasi@3.6.2',
        ],
      }
  }
}
