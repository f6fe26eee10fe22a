// SPDX-License-Identifier: Apache-2.0

/**
 * The head of Dynamo's own document: its title and version are how a client
 * tells a Dynamo and its release (measured on 1.2.1 to 1.6.1). The paths are
 * those served here.
 */
export function openApiDocument(release: string, paths: readonly string[]): unknown {
  return {
    openapi: '3.1.0',
    info: {
      title: 'NVIDIA Dynamo OpenAI Frontend',
      description: 'OpenAI-compatible HTTP API for NVIDIA Dynamo.',
      contact: { name: 'NVIDIA Dynamo', url: 'https://github.com/ai-dynamo/dynamo' },
      license: { name: 'Apache-2.0' },
      version: release,
    },
    paths: Object.fromEntries(paths.map((path) => [path, {}])),
  }
}
