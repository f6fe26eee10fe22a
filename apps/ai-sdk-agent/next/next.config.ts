// SPDX-License-Identifier: Apache-2.0

const config = {
  // A native module, which no bundler can take in.
  serverExternalPackages: ['zeromq'],
}

// eslint-disable-next-line no-restricted-syntax -- Next reads the default export.
export default config
