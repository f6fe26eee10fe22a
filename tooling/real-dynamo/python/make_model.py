# SPDX-License-Identifier: Apache-2.0
"""Writes a tiny model folder that frontend and mock workers accept without network.

usage: make_model.py FOLDER

There are no weights: a configuration, a chat template and a byte-level BPE
tokenizer trained here. Mock workers answer random token ids from 1000 to 5000,
so the vocabulary must be larger than that: ids it does not know decode to
empty deltas, and no content would reach a client.
"""
import json
import os
import random
import sys

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

VOCABULARY = 6000
BEGIN, END, TURN, END_OF_TURN = SPECIAL = ["<|begin|>", "<|end|>", "<|turn|>", "<|eot|>"]

CHAT_TEMPLATE = (
    "{{ bos_token }}"
    "{% if tools %}<|turn|>system\n{% for tool in tools %}{{ tool | tojson }}\n{% endfor %}<|eot|>{% endif %}"
    "{% for message in messages %}<|turn|>{{ message['role'] }}\n"
    "{% if message['content'] is string %}{{ message['content'] }}"
    "{% elif message['content'] %}{% for part in message['content'] %}{{ part['text'] }}{% endfor %}{% endif %}"
    "{% for call in message['tool_calls'] or [] %}<tool_call>{{ call | tojson }}</tool_call>{% endfor %}"
    "<|eot|>{% endfor %}"
    "{% if add_generation_prompt %}<|turn|>assistant\n{% endif %}"
)


def invented_words():
    """The same words on every machine, enough of them for the whole vocabulary."""
    dice = random.Random(11)
    heads, hearts, tails = "b c d f g h l m n p r s t v w".split(), "a e i o u ai ea ou".split(), ["", "n", "r", "s", "t", "ck"]
    words = set()
    while len(words) < 9000:
        words.add("".join(dice.choice(heads) + dice.choice(hearts) + dice.choice(tails) for _ in range(dice.choice((1, 2, 3)))))
    return sorted(words)


def train():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=SPECIAL,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    words = invented_words()
    lines = [" ".join(words[start:start + 12]) for start in range(0, len(words), 12)]
    tokenizer.train_from_iterator(['{"name": "read", "arguments": {"path": "src/index.ts"}}'] * 40 + lines, trainer)
    return tokenizer


folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
tokenizer = train()
tokenizer.save(os.path.join(folder, "tokenizer.json"))
begin, end_of_turn = tokenizer.token_to_id(BEGIN), tokenizer.token_to_id(END_OF_TURN)


def write(name, value):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        json.dump(value, file, indent=2)


write("config.json", {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_attention_heads": 4,
    "num_key_value_heads": 4,
    "num_hidden_layers": 2,
    "max_position_embeddings": 32768,
    "rms_norm_eps": 1e-5,
    "torch_dtype": "bfloat16",
    "vocab_size": tokenizer.get_vocab_size(),
    "bos_token_id": begin,
    "eos_token_id": end_of_turn,
})
write("generation_config.json", {"bos_token_id": begin, "eos_token_id": end_of_turn})
write("tokenizer_config.json", {
    "tokenizer_class": "PreTrainedTokenizerFast",
    "bos_token": BEGIN,
    "eos_token": END_OF_TURN,
    "model_max_length": 32768,
    "chat_template": CHAT_TEMPLATE,
    "added_tokens_decoder": {
        str(tokenizer.token_to_id(token)): {
            "content": token, "special": True, "normalized": False,
            "lstrip": False, "rstrip": False, "single_word": False,
        }
        for token in SPECIAL
    },
})
