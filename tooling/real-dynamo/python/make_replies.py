# SPDX-License-Identifier: Apache-2.0
"""Turns scripted answers into the token table that mock workers of 1.3 and later replay.

usage: make_replies.py MODEL_FOLDER OUT.jsonl end-token|no-end-token < {"key": "text", …}

A request asks for an answer with nvext.annotations ["output_replay_id:KEY"].
Up to 1.5 a reply that ends in the end-of-turn token breaks the stream (HTTP
500), so there it must do without and finishes with reason "length".
"""
import json
import sys

from tokenizers import Tokenizer

model_folder, out, ending = sys.argv[1:]
tokenizer = Tokenizer.from_file(f"{model_folder}/tokenizer.json")
end = [tokenizer.token_to_id("<|eot|>")] if ending == "end-token" else []
with open(out, "w", encoding="utf-8") as file:
    for index, (key, text) in enumerate(json.load(sys.stdin).items()):
        tokens = tokenizer.encode(text, add_special_tokens=False).ids + end
        row = {
            "request_id": key,
            "timestamp": index,
            "input_length": 64,
            "output_length": len(tokens),
            "hash_ids": [index],
            "output_token_ids": tokens,
        }
        file.write(json.dumps(row) + "\n")
