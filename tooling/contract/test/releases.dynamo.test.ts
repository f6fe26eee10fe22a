// SPDX-License-Identifier: Apache-2.0
import { releases } from '@dynamo-agent/real-dynamo'
import { describeContract } from './suite/contract.ts'

for (const release of releases) describeContract(release)
