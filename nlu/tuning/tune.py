"""Tunes one encoder whole on the training split: urgency, indicators, needs, intent and speaker at once.

`python -m nlu.tuning.tune --encoder english --weights model.safetensors --tokenizer vocab.txt --out FOLDER`
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import time
import unicodedata
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from safetensors.torch import load_file, save_file
from torch import Tensor

from nlu import dataset
from nlu.dataset import data_hash
from nlu.tuning import multilingual
from nlu.tuning.batches import LONGEST, Batch, Encode, Example, Labels, batched, example, varied
from nlu.tuning.encoders import MINILM, Net
from nlu.wordpiece import WordPiece

log = logging.getLogger("tune")

ORDINARY = Path(__file__).with_name("ordinary.txt")
"""Sentences that say nothing of whether anybody is safe, one a line: put at the ends of messages."""

CALMED = 0.5
"""What it costs that ordinary sentences around a message calm it by one in log-odds."""

_ALERT = 3
"""From this urgency on, of `nlu.tuning.batches.URGENCIES`, a person is alerted."""

AVERAGED = 0.998
"""Weights that ship are a moving average of those trained: steadier than the last step's."""


def english(weights: Path, tokenizer: Path, labels: Labels) -> tuple[Net, Encode, int]:
    """Return the small English encoder, how to write a message in its tokens, and its padding."""
    words = WordPiece.read(tokenizer)
    net = Net(MINILM, labels.sizes())
    net.start_from(weights)
    return net, lambda text: words.encode(text, LONGEST), 0


def many_languages(weights: Path, tokenizer: Path, labels: Labels) -> tuple[Net, Encode, int]:
    """Return the multilingual encoder; its tokenizer is made from the same file and written to `tokenizer`."""
    from sentencepiece import SentencePieceProcessor

    published = multilingual.read(weights)
    places = multilingual.kept(published)
    tokenizer.write_bytes(multilingual.tokenizer(published, places))
    pieces = SentencePieceProcessor(model_file=str(tokenizer))
    net = Net(multilingual.shape(published, len(places)), labels.sizes())
    multilingual.start(net, published, places)

    def encode(text: str) -> list[int]:
        ids = pieces.encode(unicodedata.normalize("NFKC", text))[: LONGEST - 2]
        return [0, *ids, 2]

    return net, encode, 1


KINDS: dict[str, Callable[[Path, Path, Labels], tuple[Net, Encode, int]]] = {
    "english": english,
    "multilingual": many_languages,
}


def loss_of(outputs: tuple[Tensor, ...], batch: Batch) -> Tensor:
    """Weigh the five things learned. Being too calm costs more than being too careful."""
    urgency, indicators, needs, intent, speaker = (o.float() for o in outputs)
    told = batch.urgency * 0.97 + 0.03 / batch.urgency.shape[1]
    steps = torch.arange(urgency.shape[1], dtype=torch.float)
    distance = steps[None] - (batch.urgency * steps).sum(1, keepdim=True)
    cost = torch.where(distance < 0, -1.5 * distance, distance)
    return (
        F.cross_entropy(urgency, told)
        + 0.35 * (urgency.softmax(-1) * cost).sum(1).mean()
        + 8 * F.binary_cross_entropy_with_logits(indicators, batch.indicators)
        + 3 * F.binary_cross_entropy_with_logits(needs, batch.needs)
        + 0.4 * F.cross_entropy(intent, batch.intent)
        + 0.25 * F.cross_entropy(speaker, batch.speaker)
    )


def calmed(urgency: Tensor, twins: Tensor) -> Tensor:
    """Weigh how much calmer messages are read among ordinary sentences than alone, in log-odds of an alert.

    Graver costs nothing here, and the message alone is not moved by it: its own label says how grave it is.
    """
    if not len(twins):
        return urgency.new_zeros(())
    odds = urgency.float()[:, _ALERT:].logsumexp(-1) - urgency.float()[:, :_ALERT].logsumexp(-1)
    return (odds[twins].detach() - odds[-len(twins) :]).relu().mean()


def tune(
    kind: str,
    weights: Path,
    tokenizer: Path,
    out: Path,
    *,
    epochs: int,
    seed: int,
    rate: float,
    start: Path | None,
    lately: str = "",
    share: float = 1.0,
) -> None:
    """Train and write `weights.safetensors` and `labels.json` under `out`.

    With `lately`, messages whose id begins so are read twice in each epoch and only a `share` of the others.
    """
    torch.manual_seed(seed)
    rng = random.Random(seed)
    messages = dataset.load("training")
    labels = Labels.of(messages)
    net, encode, pad = KINDS[kind](weights, tokenizer, labels)
    if start is not None:
        net.load_state_dict(load_file(start / "weights.safetensors"))
    ordinary = ORDINARY.read_text(encoding="utf-8").splitlines()
    new = [example(m) for m in messages if lately and m.id.startswith(lately)]
    old = [example(m) for m in messages if not lately or not m.id.startswith(lately)]

    def one_epoch() -> list[Example]:
        return [*new, *new, *rng.sample(old, int(len(old) * share))]

    body = [p for n, p in net.named_parameters() if "heads" not in n and p.requires_grad]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": rate}, {"params": list(net.heads.parameters()), "lr": 1.5e-3}], weight_decay=0.01
    )
    size = 24
    steps = epochs * sum(1 for _ in batched(one_epoch(), encode, labels, size=size, pad=pad, rng=random.Random(0)))
    plan = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda i: min(1.0, (i + 1) / (0.08 * steps)) * max(0.02, 1 - i / steps)
    )
    average = {n: p.detach().clone() for n, p in net.named_parameters()}
    started, step = time.perf_counter(), 0
    out.mkdir(parents=True, exist_ok=True)
    made = {
        "data_sha256": data_hash(messages),
        "messages": len(messages),
        "epochs": epochs,
        "rate": rate,
        "seed": seed,
        "batch": size,
        "lately": lately,
        "share": share,
        "before": json.loads((start / "tuned.json").read_text()) if start else None,
    }
    (out / "tuned.json").write_text(json.dumps(made, indent=1))
    for epoch in range(epochs):
        net.train()
        total, count = 0.0, 0
        examples = varied(one_epoch(), rng, ordinary=ordinary)
        for batch in batched(examples, encode, labels, size=size, pad=pad, rng=rng):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                outputs = net(_hidden(batch.ids, batch.mask, net.shape.mask_id), batch.mask)
                if len(batch.twins):
                    among = net(batch.among_ids, batch.among_mask)
                    outputs = tuple(torch.cat(both) for both in zip(outputs, among, strict=True))
            loss = loss_of(outputs, batch) + CALMED * calmed(outputs[0], batch.twins)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            plan.step()
            step += 1
            kept = min(AVERAGED, step / (step + 10))
            for name, parameter in net.named_parameters():
                if parameter.requires_grad:
                    average[name].lerp_(parameter.detach(), 1 - kept)
            total, count = total + loss.item(), count + 1
        log.info("epoch %d: loss %.3f after %.0f s", epoch + 1, total / count, time.perf_counter() - started)
        save_file({n: p.contiguous() for n, p in average.items()}, out / "weights.safetensors")
        (out / "labels.json").write_text(json.dumps(asdict(labels), indent=1))


def _hidden(ids: Tensor, mask: Tensor, mask_id: int) -> Tensor:
    """Hide a word now and then, so that no one word decides."""
    hidden = (torch.rand(ids.shape) < 0.06) & (mask == 1)
    hidden[:, 0] = False
    return torch.where(hidden, torch.tensor(mask_id), ids)


def main() -> None:
    """Read the arguments and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", choices=sorted(KINDS), required=True)
    parser.add_argument("--weights", type=Path, required=True, help="the published weights to start from")
    parser.add_argument("--tokenizer", type=Path, required=True, help="read for english, written for multilingual")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="a folder this command wrote before, to go on from")
    parser.add_argument("--lately", default="", help="read messages whose id begins so twice in each epoch")
    parser.add_argument("--share", type=float, default=1.0, help="of the other messages, so many in each epoch")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--rate", type=float, default=1.2e-4)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(given.threads)
    tune(
        given.encoder,
        given.weights,
        given.tokenizer,
        given.out,
        epochs=given.epochs,
        seed=given.seed,
        rate=given.rate,
        start=given.start,
        lately=given.lately,
        share=given.share,
    )


if __name__ == "__main__":
    main()
