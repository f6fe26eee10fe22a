# SPDX-License-Identifier: Apache-2.0
"""Mock workers whose model card names a tool-call parser, for which they have no option.

The parser itself runs in the frontend, which takes its name from the card.
environment: MOCKER_TOOL_CALL_PARSER, for example hermes
"""
import os
import sys

import dynamo.mocker.main as mocker

build_runtime_config = mocker.build_runtime_config


def build_with_parser(*arguments, **options):
    size, config = build_runtime_config(*arguments, **options)
    config.tool_call_parser = os.environ["MOCKER_TOOL_CALL_PARSER"]
    return size, config


mocker.build_runtime_config = build_with_parser
sys.exit(mocker.main())
