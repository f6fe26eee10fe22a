// SPDX-License-Identifier: Apache-2.0
import config from '@dynamo-agent/eslint-config'

export default config(import.meta.dirname)
